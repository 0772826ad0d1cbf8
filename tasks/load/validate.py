"""Validation: every row is accepted or refused with the rules it broke, and the counts must add up.

One way for ten rows and for a hundred million. The schema's checks, compiled to boolean SQL expressions
(schemas.rules), mark the rows that break them in one scan inside DuckDB; the table is split; and the
accepted part is proved clean by Pandera itself, run on the DuckDB table through Ibis. Pandera alone cannot
split: it does not name the row of a null or of a repeated key, and its ``drop_invalid_rows`` raises on
Ibis and deletes good rows on pandas (tests/tasks/load/test_validation_traps.py shows each of these).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import ibis
import ibis.expr.datatypes as dt
import pandera.ibis as pa
from pandera.errors import SchemaErrors

from schemas import base
from schemas.base import Table
from schemas.rules import Rule, rules
from tasks.load import repeats
from warehouse import sql
from warehouse.connection import first, one
from warehouse.errors import RowsLost

#: Above this many rows Pandera's own run over the accepted rows is left out: the compiled scan, which a
#: property test holds to the same verdicts, is run over them again instead; by tasks.load.bulk_loader only where it refused a row.
PROOF_BY_PANDERA_LIMIT = 2_000_000

_BATCH = "batch"


@dataclass(frozen=True)
class Split:
    """The outcome of a validation. ``accepted`` names a temporary table or view without the refused rows."""

    accepted: str
    rows_in: int
    rows_accepted: int
    refused: tuple[tuple[int, str], ...]


def split(
    con: duckdb.DuckDBPyConnection,
    rows: str,
    schema: type[Table],
    row_number: str,
    accepted: str,
    further: Sequence[Rule] = (),
    coded: Sequence[str] = (),
    *,
    removes: bool = False,
) -> Split:
    """Split the temporary table ``rows`` into the view ``accepted`` and refused rows.

    ``row_number`` is an SQL expression over the alias ``t0``. A column ``unread`` in ``rows`` is taken for
    the reader's own findings. ``further`` are rules of this one file. ``coded`` names columns with few different
    values: rules about one of them alone are judged on the values first. ``removes``: take the refused rows out of ``rows``, so that
    no later scan has to look for them; ``row_number`` must not depend on which rows are there. Raises RowsLost if rows in are not accepted
    plus refused: a fault of this program.
    """
    refused_rows = f"refused_{accepted}"
    has_unread = "unread" in _columns(con, rows)
    _mark(con, rows, schema, row_number, unread=has_unread, refused=refused_rows, further=further, coded=coded)
    rows_in = count(con, rows)
    if removes:
        con.execute(f"DELETE FROM {rows} AS t0 WHERE {row_number} IN (SELECT row_number FROM {refused_rows})")
    refused_if_any = refused_rows if count(con, refused_rows) and not removes else None
    con.execute(
        sql.render("stage/accepted.sql", accepted=accepted, rows=rows, row_number=row_number, refused=refused_if_any)
    )
    refused = tuple(con.execute(f"SELECT row_number, rules FROM {refused_rows} ORDER BY row_number").fetchall())
    outcome = Split(accepted, rows_in, count(con, accepted), refused)
    _check_balance(outcome, rows)
    return outcome


def leave_out(
    con: duckdb.DuckDBPyConnection, rows: str, row_number: str, accepted: str, refused: Sequence[int]
) -> None:
    """Make the view ``accepted`` of the temporary table ``rows`` without the refused rows, as ``split`` does, where they are known."""
    listed = f"(SELECT unnest({list(refused)}::BIGINT[]) AS row_number)" if refused else None
    con.execute(sql.render("stage/accepted.sql", accepted=accepted, rows=rows, row_number=row_number, refused=listed))


class Proof:
    """Pandera's own verdict on accepted rows, one run a schema over all that a batch of artifacts accepted.

    Building and running a schema's queries costs Pandera some 0.4 s whatever the number of rows; fifty
    small files proved one by one would take twenty seconds, together they take less than one a schema.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con
        self._batches: dict[type[Table], str] = {}
        self._next = 0

    def add(self, accepted: str, schema: type[Table], coded: Sequence[str] = ()) -> None:
        """Take the accepted rows of one table of one artifact into the batch; ``coded`` as in ``split``.

        Raises RowsLost at once where the table is too large for Pandera and the compiled scan refuses a row.
        """
        rows = count(self._con, accepted)
        if not rows:  # nothing to prove; and all() over no rows is NULL, which Pandera on Ibis takes for a failure
            return
        if rows > PROOF_BY_PANDERA_LIMIT:
            _mark(self._con, accepted, schema, "t0.row_number", unread=False, refused="refused_again", coded=coded)
            if count(self._con, "refused_again"):
                raise RowsLost(f"{accepted}: accepted rows break their schema")
            return
        self._next += 1
        columns = ", ".join(f'CAST("{c.name}" AS {c.type}) AS "{c.name}"' for c in base.columns(schema))
        query = f"SELECT {columns}, {self._next}::BIGINT AS {_BATCH} FROM {accepted}"
        if schema in self._batches:
            self._con.execute(f"INSERT INTO {self._batches[schema]} {query}")
        else:
            self._batches[schema] = f"proof_{schema.__name__}"
            self._con.execute(f"CREATE OR REPLACE TEMP TABLE {self._batches[schema]} AS {query}")

    def run(self) -> None:
        """Let Pandera judge the batch and empty it. Raises RowsLost with its findings."""
        for schema, table in self._batches.items():
            try:
                judge(self._con, schema, table)
            except SchemaErrors as fault:
                raise RowsLost(f"{table}: accepted rows break their schema: {str(fault)[:2000]}") from fault
            self._con.execute(f"DROP TABLE {table}")
        self._batches.clear()


def judge(con: duckdb.DuckDBPyConnection, schema: type[Table], table: str) -> None:
    """Let Pandera judge the rows of a table, which has a column ``batch`` within which keys are unique.

    Raises SchemaErrors with all its findings.
    """
    judged = schema.to_schema().add_columns({_BATCH: pa.Column(dt.Int64)})
    judged.unique = [_BATCH, *base.key(schema)] if base.key(schema) else None
    judged.validate(ibis.duckdb.from_connection(con).table(table), lazy=True)


def _mark(
    con: duckdb.DuckDBPyConnection,
    rows: str,
    schema: type[Table],
    row_number: str,
    *,
    unread: bool,
    refused: str,
    further: Sequence[Rule] = (),
    coded: Sequence[str] = (),
) -> None:
    """Fill the temporary table ``refused`` (row_number, rules)."""
    declared = (*rules(schema), *further)
    kept = {c for c in coded if _values_keep(con, rows, c, [r for r in declared if r.column == c])}
    marked = [_Marked(rule) for rule in declared if rule.column not in kept]
    con.execute(
        sql.render("stage/refused.sql", rows=rows, rules=marked, row_number=row_number, unread=unread, refused=refused)
    )
    key = base.key(schema)
    if key:
        candidates = repeats.candidates(con, rows, row_number, key, refused if count(con, refused) else None)
        if candidates and _has_repeats(con, rows, key, candidates):
            con.execute(_repeated(rows, schema, key, row_number, refused, candidates))


def _values_keep(con: duckdb.DuckDBPyConnection, rows: str, column: str, about: list[Rule]) -> bool:
    """Whether every value of a column keeps the rules about it: then every row does, and the scan need not look."""
    broken = " OR ".join(f"(NOT ({rule.sql}))" for rule in about)
    # In two statements: the engine would judge every row first and look for different values then.
    con.execute(f'CREATE OR REPLACE TEMP TABLE different AS SELECT DISTINCT "{column}" FROM {rows}')
    return first(con.execute(f"SELECT 1 FROM different AS t0 WHERE {broken or 'FALSE'} LIMIT 1")) is None


def _has_repeats(con: duckdb.DuckDBPyConnection, rows: str, key: list[str], candidates: str) -> bool:
    """Whether any key occurs twice: the common answer is no, and cheaper than finding which."""
    keys = ", ".join(f't0."{k}"' for k in key)
    query = f"SELECT 1 FROM {rows} AS t0 WHERE {candidates} GROUP BY {keys} HAVING count(*) > 1 LIMIT 1"
    return first(con.execute(query)) is not None


class _Marked:
    """A rule as the template wants it."""

    def __init__(self, rule: Rule) -> None:
        self.name, self.sql = rule.name, rule.sql
        self.column = rule.name.removesuffix(": not_null") if rule.name.endswith(": not_null") else None


def _repeated(rows: str, schema: type[Table], key: list[str], row_number: str, refused: str, candidates: str) -> str:
    content = [c.name for c in base.columns(schema) if c.name != "row_number"]
    return sql.render(
        "stage/repeated.sql",
        rows=rows,
        refused=refused,
        row_number=row_number,
        candidates=candidates,
        keys=", ".join(key),
        key_columns=", ".join(f't0."{k}"' for k in key),
        content=", ".join(f't0."{c}"' for c in content),
        join=" AND ".join(f'g."{k}" IS NOT DISTINCT FROM r."{k}"' for k in key),
    )


def _columns(con: duckdb.DuckDBPyConnection, rows: str) -> set[str]:
    return {str(c[0]) for c in con.execute(f"DESCRIBE FROM {rows}").fetchall()}


def _check_balance(outcome: Split, rows: str) -> None:
    refused = len(outcome.refused)
    if outcome.rows_in != outcome.rows_accepted + refused:
        raise RowsLost(f"{rows}: {outcome.rows_in} rows in, but {outcome.rows_accepted} accepted and {refused} refused")


def count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    """Number of rows of a table or view."""
    (rows,) = one(con.execute(f"SELECT count(*) FROM {table}"))
    return int(rows)
