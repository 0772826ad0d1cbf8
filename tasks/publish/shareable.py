"""A release to pass on: without the figures of sources that their publishers do not allow to be passed on, or not without asking.

What a source allows is its declaration ``redistribution`` (tasks.contract.source), from its publisher's terms of use.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from schemas.base import columns, table_name
from tasks import sources
from tasks.publish import release
from warehouse import connection, ddl
from warehouse.connection import one
from warehouse.errors import HomeError, NotPublished
from warehouse.settings import Home, Settings

#: What a publisher's terms say of figures that are not passed on.
_WITHHELD = "ask"


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

    Figures that are made of those left out, such as profiles and shares, are made again without them. Raises NotPublished; HomeError for a folder
    with something in it.
    """
    if not release.releases(home):
        raise NotPublished(f"nothing is published in {home.root} yet: run `entrepot build`")
    if target.exists() and any(target.iterdir()):
        raise HomeError(f"{target} is not empty: choose a new folder")
    target.mkdir(parents=True, exist_ok=True)
    file = target / home.published_file.name
    try:
        with connection.writer(home, settings) as con:
            con.execute("CHECKPOINT")
        shutil.copyfile(home.warehouse, file)
        name = release.releases(home)[-1]
        with duckdb.connect(str(file), config=connection.bounds(home, settings)) as con:
            connection.configure(con)
            left_out = list(_left_out(con))
            _remove(con, [one.source for one in left_out])
        release.store_marts(home, settings, file, name)
        release.export(home, settings, target, name, _notice(left_out))
    except OSError as fault:
        raise HomeError(f"{target} cannot be written to: {fault.strerror or fault}") from fault
    return left_out


def _left_out(con: duckdb.DuckDBPyConnection) -> Iterator[LeftOut]:
    """The sources with editions whose publishers are to be asked."""
    for source in sources.all_sources().values():
        if source.redistribution != _WITHHELD:
            continue
        query = (
            "SELECT coalesce(sum(rows_stated), 0)::BIGINT FROM meta.editions WHERE source = ? AND retracted_at IS NULL"
        )
        (figures,) = one(con.execute(query, [source.id]))
        if figures:
            yield LeftOut(source.id, figures, source.licence)


def _remove(con: duckdb.DuckDBPyConnection, withheld: list[str]) -> None:
    """Remove all that is known from sources: figures, raw rows in quarantine, names of files."""
    of_sources = "SELECT edition FROM meta.editions WHERE list_contains($withheld, source)"
    values = {"withheld": withheld}
    with connection.transaction(con):
        parts = f"SELECT part FROM core.trade_part WHERE edition IN ({of_sources})"
        con.execute(f"DELETE FROM core.trade_bulk WHERE part IN ({parts})", values)
        for table in ddl.STORED:
            names, name = {column.name for column in columns(table)}, table_name(table)
            if name.startswith("core.") and "edition" in names:
                con.execute(f"DELETE FROM {name} WHERE edition IN ({of_sources})", values)
        for table in ddl.STORED:
            names, name = {column.name for column in columns(table)}, table_name(table)
            if name.startswith("meta.") and "source" in names:
                con.execute(f"DELETE FROM {name} WHERE list_contains($withheld, source)", values)
        con.execute(f"DELETE FROM meta.citations WHERE citation NOT IN ({_citations()})")
        con.execute(
            "DELETE FROM meta.settings WHERE list_contains($withheld, replace(setting, 'lost figures of ', ''))", values
        )


def _citations() -> str:
    """A query for the citations that figures or editions have."""
    citing = [table_name(table) for table in ddl.STORED if any(c.name == "citation" for c in columns(table))]
    named = (f"SELECT citation FROM {name} WHERE citation IS NOT NULL" for name in citing if name != "meta.citations")
    return " UNION ".join(named)


def _notice(left_out: list[LeftOut]) -> str:
    return (
        " ".join(f"{one.describe()}." for one in left_out) or "Every source may be passed on, with its publisher named."
    )
