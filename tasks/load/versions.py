"""Versions of observations on two clocks.

The editions of a partition stand in one order: by publication, or by receipt where no publication date is
on record, then by hash. A version is kept where an edition's value differs from that of the edition before.
The history is therefore a function of the *set* of editions: an edition that comes in its turn is appended,
one that comes late has the partition's history made again from all its editions.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb

from schemas import base
from schemas.base import Column, table_name
from tasks.contract.facts import Fact
from warehouse import sql
from warehouse.connection import one
from warehouse.errors import BadData

#: Editions of a partition that stand, in their order.
_EDITIONS = """
    SELECT edition, dataset, published_on, is_complete, artifact, filename, rows_stated FROM meta.editions
    WHERE source = ? AND table_name = ? AND partition = ? AND retracted_at IS NULL
    ORDER BY coalesce(published_on::TIMESTAMPTZ, known_from), artifact, filename
"""


@dataclass(frozen=True)
class Edition:
    """An edition on record."""

    edition: int
    dataset: str
    published_on: date | None
    is_complete: bool
    artifact: str
    filename: str
    rows_stated: int


@dataclass(frozen=True)
class Change:
    """What an edition changed, in cells."""

    new: int = 0
    revised: int = 0
    gone: int = 0
    unchanged: int = 0

    def __add__(self, other: "Change") -> "Change":
        return Change(
            self.new + other.new, self.revised + other.revised, self.gone + other.gone, self.unchanged + other.unchanged
        )


def editions(con: duckdb.DuckDBPyConnection, source: str, fact: Fact, partition: str) -> list[Edition]:
    """The standing editions of a partition, in their order."""
    found = con.execute(_EDITIONS, [source, table_name(fact.stored), partition]).fetchall()
    return [Edition(*row) for row in found]


def append(
    con: duckdb.DuckDBPyConnection, fact: Fact, before: Sequence[Edition], edition: Edition, landed: str
) -> Change:
    """Add the versions of an edition that comes after all ``before``. The caller holds the transaction."""
    columns = (*fact.key, *fact.values)
    if not before:
        return _write_first(con, fact, edition, columns, landed)
    told = {
        "table": table_name(fact.stored), "landed": landed, "dataset": edition.dataset,
        "published_on": _date(edition.published_on), "editions": ", ".join(str(e.edition) for e in before),
        "key": fact.key, "join": _same(fact.key, "s", "c"),
    }  # fmt: skip
    differs = " OR ".join(f's."{v}" IS DISTINCT FROM c."{v}"' for v in fact.values)
    con.execute(sql.render("load/delta.sql", **told, columns=columns, differs=differs))
    if edition.is_complete and _some_are_left_out(con, edition, told):
        gone = [_when_gone(c) for c in base.columns(fact.stored) if c.name in fact.values]
        con.execute(sql.render("load/gone.sql", **told, gone=gone))
    if "value" in fact.values:
        compared = f"delta AS d JOIN {told['table']} AS c ON c.rowid = d.position"
        check_scale(con, edition, f"SELECT d.value, c.value AS previous FROM {compared} WHERE d.change = 'revised'")
    _write(con, fact, edition.edition, columns)
    return changes(con, edition)


#: Fewer revised cells than this say nothing about a file's scale.
_TELLING_CELLS = 5


def check_scale(con: duckdb.DuckDBPyConnection, edition: Edition, revised: str) -> None:
    """Raise BadData where most cells an edition revises are a thousand or a million times what they were, to the digit.

    ``revised``: a query for ``value`` and ``previous`` of each. No publisher revises so; a column of units that changed,
    or one that is read wrongly, does.
    """
    row = one(con.execute(
        "SELECT count(*), count(*) FILTER (abs(times - 1000) < 1e-6 OR abs(times - 1000000) < 1e-3) FROM ("
        "SELECT greatest(abs(value), abs(previous)) / least(abs(value), abs(previous)) AS times "
        f"FROM ({revised}) WHERE value <> 0 AND previous <> 0)"
    ))  # fmt: skip
    revised, rescaled = row
    if rescaled >= _TELLING_CELLS and 2 * rescaled > revised:
        raise BadData(
            f"{edition.filename}: {rescaled} of {revised} revised figures of {edition.dataset} are exactly 1,000 or 1,000,000 times what "
            "they were, or that part of it: the file's unit is not what it was, or is read wrongly; the warehouse is left as it was"
        )


def _some_are_left_out(con: duckdb.DuckDBPyConnection, edition: Edition, told: dict[str, Any]) -> bool:
    """Whether there are more current cells than the edition states again: counting is far cheaper than looking for them."""
    row = one(con.execute(
        f"SELECT count(*) - (? - (SELECT count(*) FROM delta WHERE change = 'new')) FROM {told['table']} "
        f"WHERE superseded_by IS NULL AND edition IN ({told['editions']})",
        [edition.rows_stated],
    ))  # fmt: skip
    return bool(row[0] > 0)


def replay(
    con: duckdb.DuckDBPyConnection, source: str, fact: Fact, partition: str, landed: Callable[[Edition], str]
) -> dict[int, Change]:
    """Make a partition's history again from all its standing editions. The caller holds the transaction.

    ``landed`` gives the temporary table with the rows of an edition's artifact.
    """
    table = table_name(fact.stored)
    _forget(con, source, fact, partition)
    changed: dict[int, Change] = {}
    before: list[Edition] = []
    for edition in editions(con, source, fact, partition):
        changed[edition.edition] = append(con, fact, before, edition, landed(edition))
        before.append(edition)
    if before:
        same = f"{_same(fact.key, 'n', 'o')} AND {_same(fact.values, 'n', 'o')}"
        numbers = ", ".join(str(e.edition) for e in before)
        con.execute(sql.render("load/remember.sql", table=table, join=same, editions=numbers))
    return changed


def _forget(con: duckdb.DuckDBPyConnection, source: str, fact: Fact, partition: str) -> None:
    """Take a partition's versions out of the table, keeping them aside as ``remembered``."""
    table = table_name(fact.stored)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE remembered AS SELECT t.* FROM {table} AS t JOIN meta.editions AS e USING (edition) "
        "WHERE e.source = ? AND e.table_name = ? AND e.partition = ?",
        [source, table, partition],
    )
    con.execute(f"DELETE FROM {table} WHERE edition IN (SELECT edition FROM remembered)")


def _write_first(
    con: duckdb.DuckDBPyConnection, fact: Fact, edition: Edition, columns: Sequence[str], landed: str
) -> Change:
    """The first edition of a partition is new, all of it: there is nothing to compare it with."""
    names = ", ".join(f'"{c}"' for c in columns)
    row = one(
        con.execute(
            f"INSERT INTO {table_name(fact.stored)} ({names}, citation, edition) SELECT {names}, citation, {edition.edition} "
            f"FROM {landed} WHERE dataset = {sql.quoted(edition.dataset)} "
            f"AND published_on IS NOT DISTINCT FROM {_date(edition.published_on)}"
        )
    )
    return Change(new=int(row[0]))


def _write(con: duckdb.DuckDBPyConnection, fact: Fact, edition: int, columns: Sequence[str]) -> None:
    table = table_name(fact.stored)
    names = ", ".join(f'"{c}"' for c in columns)
    con.execute(
        f"UPDATE {table} AS t SET superseded_by = {edition} FROM delta AS d WHERE t.rowid = d.position AND d.position IS NOT NULL"
    )
    con.execute(f"INSERT INTO {table} ({names}, citation, edition) SELECT {names}, citation, {edition} FROM delta")


def changes(con: duckdb.DuckDBPyConnection, edition: Edition) -> Change:
    """What an edition changed, by the rows of ``delta``."""
    counts = dict(con.execute("SELECT change, count(*) FROM delta GROUP BY change").fetchall())
    new, revised, gone = (int(counts.get(c, 0)) for c in ("new", "revised", "gone"))
    return Change(new, revised, gone, edition.rows_stated - new - revised)


def _when_gone(column: Column) -> str:
    """What a version says of a figure that is no longer published; what must not be empty stays, such as its unit."""
    if column.name == "obs_status":
        return "'O'"
    return "NULL" if column.nullable else f'c."{column.name}"'


def _same(columns: Sequence[str], left: str, right: str) -> str:
    return " AND ".join(f'{left}."{c}" IS NOT DISTINCT FROM {right}."{c}"' for c in columns)


def _date(day: date | datetime | None) -> str:
    return f"DATE '{day:%Y-%m-%d}'" if day else "NULL"
