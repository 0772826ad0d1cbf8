"""A release to pass on: without the figures of sources that their publishers do not allow to be passed on, or not without asking.

What a source allows is its declaration ``redistribution`` (tasks.contract.source), from its publisher's terms of use. Rows are copied into a new file, since
a file from which they are deleted still has their bytes.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from schemas.base import Table, columns, table_name
from tasks import sources
from tasks.publish import export, release
from warehouse import connection, ddl, sql
from warehouse.connection import one
from warehouse.errors import HomeError, NotPublished
from warehouse.settings import Home, Settings

#: What a publisher's terms say of figures that are not passed on.
_WITHHELD = "ask"
_OF_SOURCES = "SELECT edition FROM released.meta.editions WHERE list_contains($withheld, source)"


@dataclass(frozen=True)
class LeftOut:
    """A source whose figures are not in a shareable release, how many they are, and its licence."""

    source: str
    figures: int
    licence: str

    def describe(self) -> str:
        """A sentence."""
        return (
            f"{self.source}: {self.figures:,} figures are left out, since its publisher is to be asked: {self.licence}"
        )


def write(home: Home, settings: Settings, target: Path) -> list[LeftOut]:
    """Write the last release to a new folder without what may not be passed on; say what that is.

    Figures that are made of those left out, such as profiles and shares, are made again without them. The folder is there when it is complete, or not
    at all. Raises NotPublished; HomeError for a folder that exists and has something in it.
    """
    if not release.releases(home):
        raise NotPublished(f"nothing is published in {home.root} yet: run `entrepot build`")
    if target.exists() and any(target.iterdir()):
        raise HomeError(f"{target} is not empty: choose a new folder")
    unfinished = target.absolute().parent / f".{target.name}.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        unfinished.mkdir(parents=True)
        left_out = _write(home, settings, unfinished)
        if target.exists():
            target.rmdir()
        unfinished.rename(target)
    except OSError as fault:
        raise HomeError(f"{target} cannot be written to: {fault.strerror or fault}") from fault
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return left_out


def _write(home: Home, settings: Settings, folder: Path) -> list[LeftOut]:
    name = release.releases(home)[-1]
    file = folder / home.published_file.name
    with duckdb.connect(str(file), config=connection.bounds(home, settings)) as con:
        connection.configure(con)
        ddl.create_tables(con)
        con.execute(f"ATTACH {sql.quoted(str(home.releases / name / file.name))} AS released (READ_ONLY)")
        left_out = list(_left_out(con))
        with connection.transaction(con):
            _copy(con, [one.source for one in left_out])
        con.execute("DETACH released")
        ddl.create_views(con)
    release.store_marts(home, settings, file, name, with_own_checks=False)
    export.write(home, settings, folder, name, notice=_notice(left_out))
    return left_out


def _left_out(con: duckdb.DuckDBPyConnection) -> Iterator[LeftOut]:
    """The sources with editions whose publishers are to be asked."""
    for source in sources.all_sources().values():
        if source.redistribution != _WITHHELD:
            continue
        query = "SELECT coalesce(sum(rows_stated), 0)::BIGINT FROM released.meta.editions WHERE source = ? AND retracted_at IS NULL"
        (figures,) = one(con.execute(query, [source.id]))
        if figures:
            yield LeftOut(source.id, figures, source.licence)


def _copy(con: duckdb.DuckDBPyConnection, withheld: list[str]) -> None:
    """Copy what is stored in a release but for all that is known from sources: figures, raw rows in quarantine, names of files."""
    values = {"withheld": withheld}
    con.execute("DELETE FROM meta.settings")
    # Citations come last: those that are copied are cited by what was copied.
    for table in sorted(ddl.STORED, key=lambda table: table_name(table) == "meta.citations"):
        condition = _condition(table)
        query = f"INSERT INTO {table_name(table)} BY NAME SELECT * FROM released.{table_name(table)} WHERE {condition}"
        con.execute(query, values if "$withheld" in condition else {})


def _condition(table: type[Table]) -> str:
    """Which rows of a table may be passed on."""
    names, name = {column.name for column in columns(table)}, table_name(table)
    if name == "core.trade_bulk":
        return f"part NOT IN (SELECT part FROM released.core.trade_part WHERE edition IN ({_OF_SOURCES}))"
    if name == "meta.citations":
        return f"citation IN ({_citations()})"
    if name == "meta.settings":
        return "NOT list_contains($withheld, replace(setting, 'lost figures of ', ''))"
    if name.startswith("core.") and "edition" in names:
        return f"edition NOT IN ({_OF_SOURCES})"
    if name.startswith("meta.") and "source" in names:
        return "NOT list_contains($withheld, source)"
    return "TRUE"


def _citations() -> str:
    """A query for the citations that figures or editions have."""
    citing = [table_name(table) for table in ddl.STORED if any(c.name == "citation" for c in columns(table))]
    named = (f"SELECT citation FROM {name} WHERE citation IS NOT NULL" for name in citing if name != "meta.citations")
    return " UNION ".join(named)


def _notice(left_out: list[LeftOut]) -> str:
    return (
        " ".join(f"{one.describe()}." for one in left_out) or "Every source may be passed on, with its publisher named."
    )
