"""Adopting files and loading what is pending of a source, as a build does, for tests of sources."""

from pathlib import Path

import duckdb

from tasks import adopt, archive, ingest, sources
from tasks.ingest import Outcome
from tasks.sniff import Sniffed
from warehouse.settings import Home, Settings


def load(
    con: duckdb.DuckDBPyConnection, home: Home, settings: Settings, source: str, *paths: Path
) -> dict[str, Outcome]:
    """Adopt files (all of them must be the source's) and load them; outcomes by file name."""
    for found in adopt.adopt(home, list(paths)):
        assert found.source == source, found
    known = sources.get(source)
    pending = ingest.pending(con, known, archive.manifests(home, source), "code")
    made = Settings.model_construct(**{**settings.model_dump(), "max_bad_share": 0.9})
    loaded = ingest.Loader(con, home, made, known, "code", lambda _: None).load(pending, [])
    return {o.artifact.filename: o for o in loaded}


def sniffed(path: Path) -> Sniffed:
    """A file under examination."""
    return Sniffed(path.name, path.read_bytes()[: 64 * 1024], path.stat().st_size, lambda: path)


def answer(path: Path, body: str | bytes) -> Sniffed:
    """What a service sent, written to a file."""
    path.write_bytes(body.encode() if isinstance(body, str) else body)
    return sniffed(path)
