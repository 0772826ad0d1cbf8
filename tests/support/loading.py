"""Adopting files and loading them into a test's warehouse, as ``entrepot adopt`` and ``entrepot build`` do."""

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb

from tasks import sources
from tasks.contract.source import Source
from tasks.intake import adopt
from tasks.intake.adopt import AdoptionResult
from tasks.load.load_source import load_source
from tasks.load.outcome import Outcome
from warehouse import sql
from warehouse.connection import make_folders, writer
from warehouse.settings import Home, Settings


def adopt_files(home: Home, *paths: Path, source: Source | None = None) -> dict[str, AdoptionResult]:
    """What became of each file, by its name. Where ``source`` is given, no other source is considered."""
    return {a.path.name: a for a in adopt.adopt(home, list(paths), source.id if source else None)}


def load_pending(
    con: duckdb.DuckDBPyConnection, home: Home, settings: Settings, source: Source | str, common: str = "code"
) -> list[Outcome]:
    """Load what is archived of a source and not loaded yet. ``common`` is in place of the hash of the code that all loads share."""
    known = sources.get(source) if isinstance(source, str) else source
    return load_source(con, home, settings, known, common=common).outcomes


def by_file(outcomes: Iterable[Outcome]) -> dict[str, Outcome]:
    """Outcomes by file name."""
    return {o.artifact.filename: o for o in outcomes}


def adopt_and_load(
    con: duckdb.DuckDBPyConnection, home: Home, settings: Settings, source: Source | str, *paths: Path
) -> dict[str, Outcome]:
    """Adopt files, each of which has to be recognised as the source's, and load them; outcomes by file name."""
    known = sources.get(source) if isinstance(source, str) else source
    for adopted in adopt.adopt(home, list(paths)):
        assert adopted.source == known.id, adopted
    return by_file(load_pending(con, home, settings, known))


def adopt_each_and_load(
    con: duckdb.DuckDBPyConnection, home: Home, settings: Settings, source: Source, paths: Iterable[Path]
) -> tuple[dict[str, AdoptionResult], dict[str, Outcome]]:
    """Adopt files one after the other, recognised or not, and load; what became of each at both, by file name."""
    adopted = {name: a for path in paths for name, a in adopt_files(home, path, source=source).items()}
    return adopted, by_file(load_pending(con, home, settings, source))


def create_reading(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Create one reading over the figures of a warehouse, which has none before it is published."""
    con.execute(sql.render(f"readings/{name}.sql", stored=lambda view: f"CREATE OR REPLACE VIEW {view}"))


def tolerant(settings: Settings) -> Settings:
    """The same settings, but for nine in ten rows that may be bad: for files of a few rows, most of which are bad."""
    return settings.model_copy(update={"max_bad_share": 0.9})


def results_in_each_order(
    template: Path, settings: Settings, source: Source, folder: Path, orders: Iterable[Iterable[Path]], query: str
) -> list[list[tuple[Any, ...]]]:
    """What a query gives after files are adopted and loaded one by one, in each of several orders."""
    results = []
    for number, order in enumerate(orders):
        home = Home(folder / f"order-{number}")
        make_folders(home)
        shutil.copyfile(template, home.warehouse)
        with writer(home, settings) as con:
            for path in order:
                adopt_and_load(con, home, settings, source, path)
            results.append(con.execute(query).fetchall())
    return results
