"""From an archived artifact to rows in the warehouse's terms: staged, validated, conformed, validated again."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from schemas import base, plausible
from tasks.archive import store
from tasks.archive.store import Artifact, Opened
from tasks.contract.dataset import Conform, Dataset
from tasks.contract.facts import Fact
from tasks.contract.source import Source
from tasks.load import corrections, correlations, stage, validate
from tasks.load.editions import StatedEdition
from tasks.load.outcome import QuarantinedRow, RowBalance
from tasks.load.validate import Proof
from warehouse import sql
from warehouse.connection import one, transaction
from warehouse.errors import RowsLost
from warehouse.settings import Home


@dataclass(frozen=True)
class ConformedTable:
    """The figures of one fact that a file states, in the columns that are stored. ``table`` is a temporary table."""

    artifact: Artifact
    dataset: Dataset
    fact: Fact
    table: str
    editions: tuple[StatedEdition, ...]


@dataclass(frozen=True)
class ConformedFile:
    """A file ready to be loaded: the balance of its rows, and a table for each fact it has figures of.

    A file without figures has extended the table ``reference`` already.
    """

    artifact: Artifact
    balance: RowBalance
    tables: tuple[ConformedTable, ...]
    reference: str | None = None

    @property
    def table_names(self) -> list[str]:
        """The tables that its rows are in."""
        return [self.reference] if self.reference else [base.table_name(t.fact.stored) for t in self.tables]


def accepted_view(fact: Fact) -> str:
    """The view of the last conformed artifact's accepted rows of a fact."""
    return f"accepted_{fact.name}"


def conform(
    con: duckdb.DuckDBPyConnection,
    home: Home,
    source: Source,
    artifact: Artifact,
    proof: Proof | None,
    scratch: Path | None,
    *,
    is_loading: bool = False,
) -> RowBalance:
    """Read, check and conform an artifact into the views ``accepted_<fact>``; ``scratch`` as in archive.store.opened.

    The accepted rows join ``proof``, which the caller runs; without one they are not proved.

    ``is_loading``: the connection may be written to, and what the dataset prepares is prepared.
    Raises ArchiveDamaged, LayoutChanged, Unknown; CorrectionOutdated if figures declared wrong no longer are;
    RowsLost if a row comes out of no query or of two.
    """
    dataset = source.dataset(artifact)
    where = f"{source.id}, {artifact.filename}"
    with store.opened(home, artifact, scratch) as opened:
        relation = source.records(opened)
        rows_staged = stage.stage(con, relation, dataset.staged, dataset.ignored, where)
        staged = validate.split(con, "staged", dataset.staged, stage.ROW_NUMBER, "accepted")
        if proof:
            proof.add("accepted", dataset.staged)
        for statement in dataset.prepare if is_loading and not dataset.reference else ():
            con.execute(statement)
        splits = [_conform(con, source, c, proof, where) for c in dataset.conforms]
        if dataset.conforms:
            _check_each_came_out_once(con, dataset, staged.rows_accepted, where)
        rows_accepted = staged.rows_accepted if dataset.reference else sum(s.rows_accepted for s in splits)
        quarantined = _quarantined(con, relation, staged, splits)
        set_aside = _set_aside(con, opened, rows_staged)
        rows_in = rows_staged + sum(set_aside.values())
        return RowBalance(rows_in, rows_accepted, quarantined, set_aside)


@contextmanager
def conformed_again(
    con: duckdb.DuckDBPyConnection, home: Home, source: Source, artifact: Artifact, refused: Iterable[int]
) -> Iterator[str]:
    """Read and conform an artifact that is loaded into the views ``accepted_<fact>``, without judging its rows again.

    Gives the FROM clause of its records as printed, which is valid inside.

    ``refused`` are the numbers of the records that its load kept out. Judging takes most of the time of ``conform``.

    Raises ArchiveDamaged, LayoutChanged, Unknown, TypeError as ``conform`` does.
    """
    dataset, kept_out = source.dataset(artifact), tuple(refused)
    where = f"{source.id}, {artifact.filename}"
    with store.opened(home, artifact) as opened:
        relation = source.records(opened)
        stage.stage(con, relation, dataset.staged, dataset.ignored, where)
        validate.leave_out(con, "staged", stage.ROW_NUMBER, "accepted", kept_out)
        for of in dataset.conforms:
            table = _conformed_table(con, of, where)
            validate.leave_out(con, table, "t0.row_number", accepted_view(of.fact), kept_out)
        yield relation


def conform_file(
    con: duckdb.DuckDBPyConnection, home: Home, source: Source, artifact: Artifact, max_bad_share: float, proof: Proof
) -> ConformedFile:
    """Read, check and conform one artifact into temporary tables that are ready to be stored.

    The accepted rows join ``proof``, which the caller runs. Raises what ``conform`` does; BadData if more than the tolerated
    share of rows is bad; RowsLost if a row is neither in a table nor quarantined.
    """
    balance = conform(con, home, source, artifact, proof, home.scratch, is_loading=True)
    dataset = source.dataset(artifact)
    balance.check_not_empty(artifact)
    balance.check_share(dataset.max_bad_share or max_bad_share, artifact)
    if dataset.reference:
        _extend_reference(con, dataset)
        return ConformedFile(artifact, balance, (), dataset.reference)
    tables = tuple(_storable(con, artifact, dataset, c.fact) for c in dataset.conforms)
    rows = sum(e.rows_stated for table in tables for e in table.editions)
    if rows != balance.rows_accepted:
        raise RowsLost(
            f"{balance.rows_accepted} rows are accepted, but {rows} have the columns that are stored: "
            f"{source.id}, {artifact.filename}"
        )
    return ConformedFile(artifact, balance, tables)


def _set_aside(con: duckdb.DuckDBPyConnection, opened: Opened, rows_staged: int) -> dict[str, int]:
    """The number of rows that a source set aside, by the reason."""
    counts = opened.set_aside.copy()
    for reason, relation in opened.chosen_from.items():
        counts[reason] += validate.count(con, relation) - rows_staged
    return {reason: count for reason, count in sorted(counts.items()) if count}


def _extend_reference(con: duckdb.DuckDBPyConnection, dataset: Dataset) -> None:
    """Put the accepted rows of a dataset without figures where they belong."""
    with transaction(con):
        for statement in dataset.prepare:
            con.execute(statement)
        correlations.choose(con)


def _conform(
    con: duckdb.DuckDBPyConnection, source: Source, conform: Conform, proof: Proof | None, where: str
) -> validate.Split:
    fact, table = conform.fact, _conformed_table(con, conform, where)
    further = (*plausible.rules(fact.name), *corrections.rules(con, source.id, fact, table, where))
    split = validate.split(con, table, fact.conformed, "t0.row_number", accepted_view(fact), further)
    if proof:
        proof.add(split.accepted, fact.conformed)
    return split


def _conformed_table(con: duckdb.DuckDBPyConnection, conform: Conform, where: str) -> str:
    """The name of a temporary table with what a source's query gives, in the columns of the fact."""
    table = f"conformed_{conform.fact.name}"
    columns = ", ".join(_conformed_columns(con, conform, where))
    con.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT {columns} FROM ({conform.sql})")
    return table


def _conformed_columns(con: duckdb.DuckDBPyConnection, conform: Conform, where: str) -> list[str]:
    """The fact's columns as SQL expressions over the source's query: NULL where the query does not have a nullable one.

    Raises TypeError, which is a fault of the source's SQL and not of its data, if the query lacks another column or has one
    that the fact does not have: a misspelt column must not become NULL.
    """
    columns = base.columns(conform.fact.conformed)
    given = [str(row[0]) for row in con.execute(f"DESCRIBE {conform.sql}").fetchall()]
    missing = [c.name for c in columns if c.name not in given and not c.nullable]
    unknown = sorted(set(given) - {c.name for c in columns})
    if missing or unknown:
        raise TypeError(
            f"The query that conforms rows to {conform.fact.name} lacks {', '.join(missing) or 'no column'} and has "
            f"{', '.join(unknown) or 'no column'} besides those of {conform.fact.conformed.__name__}: {where}. Correct the "
            "source's SQL"
        )
    return [c.name if c.name in given else f"CAST(NULL AS {c.type}) AS {c.name}" for c in columns]


def _check_each_came_out_once(con: duckdb.DuckDBPyConnection, dataset: Dataset, accepted: int, where: str) -> None:
    numbers = " UNION ALL ".join(f"SELECT row_number FROM conformed_{c.fact.name}" for c in dataset.conforms)
    row = one(con.execute(f"SELECT count(*), count(DISTINCT row_number) FROM ({numbers})"))
    if row != (accepted, accepted):
        raise RowsLost(
            f"{accepted} rows are to be conformed, but the source's queries give {row[0]}, of {row[1]} records: {where}. "
            "Correct the conditions of the source's SQL, so that each row comes out once"
        )


def _quarantined(
    con: duckdb.DuckDBPyConnection, relation: str, staged: validate.Split, conformed: Sequence[validate.Split]
) -> tuple[QuarantinedRow, ...]:
    broken = [(n, "staged", rules) for n, rules in staged.refused]
    broken += [(n, "conformed", rules) for split in conformed for n, rules in split.refused]
    raw = stage.raw_rows(con, relation, (n for n, _, _ in broken))
    return tuple(QuarantinedRow(n, at, rules, raw[n]) for n, at, rules in sorted(broken))


def _storable(con: duckdb.DuckDBPyConnection, artifact: Artifact, dataset: Dataset, fact: Fact) -> ConformedTable:
    """Give the accepted rows of a fact the columns that are stored."""
    view, table = accepted_view(fact), f"rows_{artifact.artifact[:16]}_{fact.name}"
    rows = f"SELECT * FROM {view}"
    blank = "printed_value IS NULL AND obs_status = 'O'" if dataset.states_blanks else "FALSE"
    con.execute(sql.render("load/citations.sql", rows=view))
    if fact.name == "trade":
        con.execute(sql.render("load/trade_slices.sql", rows=view))
        rows = sql.render("load/trade_rows.sql", rows=view)
    con.execute(
        sql.render("load/stored_rows.sql", table=table, rows=rows, columns=(*fact.key, *fact.values), blank=blank)
    )
    return ConformedTable(artifact, dataset, fact, table, _stated_editions(con, fact, table))


def _stated_editions(con: duckdb.DuckDBPyConnection, fact: Fact, table: str) -> tuple[StatedEdition, ...]:
    columns = ", ".join((*fact.key, *fact.values, "citation"))
    rows = con.execute(sql.render("load/stated_editions.sql", rows=table, columns=columns)).fetchall()
    return tuple(StatedEdition(*row) for row in rows)
