"""Adopting files and loading what is pending of a source, as a build does, for tests of sources."""

from pathlib import Path

import duckdb
from adopted import load_pending

from tasks import sources
from tasks.archive.sniff import Sniffed, sniff
from tasks.intake import adopt
from tasks.load.loader import Outcome
from warehouse.settings import Home, Settings


def load(
    con: duckdb.DuckDBPyConnection, home: Home, settings: Settings, source: str, *paths: Path
) -> dict[str, Outcome]:
    """Adopt files (all of them must be the source's) and load them; outcomes by file name."""
    for found in adopt.adopt(home, list(paths)):
        assert found.source == source, found
    known = sources.get(source)
    made = Settings.model_construct(**{**settings.model_dump(), "max_bad_share": 0.9})
    return {o.artifact.filename: o for o in load_pending(con, home, made, known)}


def answer(path: Path, body: str | bytes) -> Sniffed:
    """What a service sent, written to a file."""
    path.write_bytes(body.encode() if isinstance(body, str) else body)
    return sniff(path)
