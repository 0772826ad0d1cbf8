"""Adopting files and loading them into a test's warehouse, as ``entrepot adopt`` and ``build`` do; and answers to judge."""

import shutil
from collections.abc import Iterable
from pathlib import Path

import duckdb

from tasks.archive.sniff import Sniffed, sniff
from tasks.contract.source import Source
from tasks.intake import adopt
from tasks.intake.adopt import Adopted
from tasks.load.load_source import load_source
from tasks.load.loader import Outcome
from warehouse.connection import make_folders, writer
from warehouse.settings import Home, Settings


def adopted(home: Home, paths: Iterable[Path], source: Source | None = None) -> dict[str, Adopted]:
    """What became of each file, by its name."""
    return {a.path.name: a for a in adopt.adopt(home, list(paths), source.id if source else None)}


def load(con: duckdb.DuckDBPyConnection, home: Home, settings: Settings, source: Source) -> dict[str, Outcome]:
    """Load what is archived of a source and not loaded yet; outcomes by file name."""
    return {o.artifact.filename: o for o in load_pending(con, home, settings, source)}


def load_pending(con: duckdb.DuckDBPyConnection, home: Home, settings: Settings, source: Source) -> list[Outcome]:
    """Load what is archived of a source and not loaded yet."""
    return load_source(con, home, settings, source, common="code").outcomes


def sniffed(filename: str, content: bytes, folder: Path) -> Sniffed:
    """An answer, or a file, under examination."""
    path = folder / f"answer-{filename}"
    path.write_bytes(content)
    return sniff(path, filename)


def histories(
    template: Path, settings: Settings, source: Source, folder: Path, orders: Iterable[Iterable[Path]], query: str
) -> list[list[tuple]]:
    """What a query gives after files are adopted and loaded one by one, in each of several orders."""
    found = []
    for number, order in enumerate(orders):
        home = Home(folder / f"order-{number}")
        make_folders(home)
        shutil.copyfile(template, home.warehouse)
        with writer(home, settings) as con:
            for path in order:
                assert adopted(home, [path])[path.name].source == source.id
                load(con, home, settings, source)
            found.append(con.execute(query).fetchall())
    return found
