"""Versions of bulk datasets: core.trade_bulk, whose rows say by their part what edition they are of and what replaced them.

The same history as everywhere (tasks.load.versions), kept so that eleven million rows repeat nothing: a first edition is
one part; a version that is replaced moves to a part that names its successor.
"""

from collections.abc import Callable, Sequence

import duckdb

from schemas import core, vocabulary
from schemas.base import table_name
from tasks.contract import facts
from tasks.load import versions
from tasks.load.versions import Change, Edition
from warehouse import sql
from warehouse.connection import first, one
from warehouse.rows import insert_numbered

_COLUMNS = "reporter_key, partner_key, product_number, value, net_weight_kg"
_NORMAL, _GONE = "A", "O"
assert {_NORMAL, _GONE} <= set(vocabulary.OBS_STATUSES)


def append(con: duckdb.DuckDBPyConnection, before: Sequence[Edition], edition: Edition, slice_number: int) -> Change:
    """Add the versions of an edition that comes after all ``before``, from the view ``keyed``.

    The caller holds the transaction. Raises BadData as tasks.load.versions.check_scale does.
    """
    current = _current_parts(con, before)
    if not current:
        part = _new_part(con, slice_number, edition.edition, _NORMAL)
        return Change(new=_inserted(con, f"SELECT {part}, {_COLUMNS} FROM keyed"))
    con.execute(sql.render("load/bulk_delta.sql", current=current))
    if edition.is_complete and _some_are_left_out(con, edition, current):
        con.execute(sql.render("load/bulk_gone.sql", current=current))
    versions.check_scale(con, edition, "SELECT value, previous FROM delta WHERE change = 'revised'")
    _write(con, edition.edition, slice_number)
    return versions.changes(con, edition)


def replay(
    con: duckdb.DuckDBPyConnection, source: str, partition: str, slice_number: int, landed: Callable[[Edition], None]
) -> dict[int, Change]:
    """Make a partition's history again from all its standing editions. The caller holds the transaction.

    ``landed`` puts the rows of an edition's artifact into the view ``keyed``.
    """
    _forget(con, source, partition)
    changes: dict[int, Change] = {}
    before: list[Edition] = []
    for edition in versions.editions(con, source, facts.TRADE_BULK, partition):
        landed(edition)
        changes[edition.edition] = append(con, before, edition, slice_number)
        before.append(edition)
    if before:
        numbers = ", ".join(str(e.edition) for e in before)
        con.execute(sql.render("load/bulk_remembered.sql", editions=numbers))
        _move(con)
        con.execute(
            f"DELETE FROM core.trade_part WHERE edition IN ({numbers}) AND part NOT IN (SELECT DISTINCT part FROM core.trade_bulk)"
        )
    return changes


def _current_parts(con: duckdb.DuckDBPyConnection, before: Sequence[Edition]) -> list[int]:
    """The parts with current versions of some editions."""
    found = con.execute(
        "SELECT part FROM core.trade_part WHERE superseded_by IS NULL AND list_contains(?, edition) ORDER BY part",
        [[e.edition for e in before]],
    ).fetchall()
    return [row[0] for row in found]


def _new_part(con: duckdb.DuckDBPyConnection, slice_number: int, edition: int, status: str) -> int:
    new = {"slice": slice_number, "obs_status": status, "edition": edition}
    return insert_numbered(con, core.TradePart, new)


def _some_are_left_out(con: duckdb.DuckDBPyConnection, edition: Edition, current: list[int]) -> bool:
    """Whether there are more current cells than the edition states again: counting is far cheaper than looking for them."""
    row = one(con.execute(
        "SELECT count(*) - (? - (SELECT count(*) FROM delta WHERE change = 'new')) "
        f"FROM core.trade_bulk WHERE part IN ({', '.join(map(str, current))})",
        [edition.rows_stated],
    ))  # fmt: skip
    return bool(row[0] > 0)


def _write(con: duckdb.DuckDBPyConnection, edition: int, slice_number: int) -> None:
    """End the versions that ``delta`` replaces, and add its own."""
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE moves AS SELECT d.position, d.part, {edition} AS superseded_by, p.first_known_by "
        "FROM delta AS d JOIN core.trade_part AS p USING (part)"
    )
    _move(con)
    for status, changes in ((_NORMAL, "<> 'gone'"), (_GONE, "= 'gone'")):
        if first(con.execute(f"SELECT 1 FROM delta WHERE change {changes} LIMIT 1")):
            part = _new_part(con, slice_number, edition, status)
            _inserted(con, f"SELECT {part}, {_COLUMNS} FROM delta WHERE change {changes}")


def _move(con: duckdb.DuckDBPyConnection) -> None:
    """Bring the rows at the positions of ``moves`` into the parts it says."""
    con.execute(sql.render("load/bulk_parts.sql"))
    con.execute(sql.render("load/bulk_move.sql"))


def _inserted(con: duckdb.DuckDBPyConnection, rows: str) -> int:
    row = one(con.execute(f"INSERT INTO {table_name(core.TradeBulk)} (part, {_COLUMNS}) {rows}"))
    return int(row[0])


def _forget(con: duckdb.DuckDBPyConnection, source: str, partition: str) -> None:
    """Take a partition's versions out of the table, keeping them aside as ``remembered``."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE forgotten AS SELECT p.part FROM core.trade_part AS p JOIN meta.editions AS e USING (edition) "
        "WHERE e.source = ? AND e.partition = ?",
        [source, partition],
    )
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE remembered AS SELECT {_COLUMNS}, p.slice, p.obs_status, p.edition, p.first_known_by "
        "FROM core.trade_bulk JOIN core.trade_part AS p USING (part) WHERE part IN (FROM forgotten)"
    )
    con.execute("DELETE FROM core.trade_bulk WHERE part IN (FROM forgotten)")
    con.execute("DELETE FROM core.trade_part WHERE part IN (FROM forgotten)")
