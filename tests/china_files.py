"""Adopting files and loading what is pending of a source, as the command line and a build do."""

from collections.abc import Iterable
from pathlib import Path

import duckdb
from adopted import load_pending

from tasks.archive.sniff import Sniffed, sniff
from tasks.contract.source import Source
from tasks.intake import adopt
from tasks.intake.adopt import Adopted
from tasks.load.loader import Outcome
from warehouse.settings import Home, Settings


def load(
    con: duckdb.DuckDBPyConnection, home: Home, settings: Settings, source: Source, paths: Iterable[Path]
) -> tuple[dict[str, Adopted], dict[str, Outcome]]:
    """Adopt files one after the other and load; what became of each, by its name, at adopting and at loading."""
    taken = {a.path.name: a for path in paths for a in adopt.adopt(home, [path], source.id)}
    return taken, {o.artifact.filename: o for o in load_pending(con, home, settings, source)}


def answer(folder: Path, text: str, name: str = "answer") -> Sniffed:
    """An answer of a service as a source is shown it."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return sniff(path)
