"""What is in the published warehouse, and what is wrong with it, for people who keep it running."""

from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from tasks.archive import store
from warehouse import sql
from warehouse.connection import first
from warehouse.settings import Home


@dataclass(frozen=True)
class SourceStatus:
    """One source as it is published."""

    source: str
    title: str
    files: int
    last_received: datetime | None
    newest_period: str | None
    figures: int
    quarantined: int
    licence: str


@dataclass(frozen=True)
class Release:
    """The published release."""

    release: str
    built_at: datetime
    failed_checks: int


@dataclass(frozen=True)
class Held:
    """A row in quarantine."""

    artifact: str
    source: str
    filename: str
    table_name: str
    row_number: int
    stage: str
    rules: str
    raw: str
    quarantined_at: datetime


def of_sources(con: duckdb.DuckDBPyConnection) -> list[SourceStatus]:
    """All sources, in order of their ids."""
    return [SourceStatus(*row) for row in con.execute(sql.read("shared/status.sql")).fetchall()]


def of_release(con: duckdb.DuckDBPyConnection) -> Release:
    """The release that is published."""
    row = first(
        con.execute(
            "SELECT release, built_at, (SELECT count(*) FROM meta.checks WHERE NOT passed) FROM meta.releases ORDER BY release DESC LIMIT 1"
        )
    )
    assert row is not None  # a published file has its release on record
    return Release(*row)


def quarantine(con: duckdb.DuckDBPyConnection, source: str | None = None, filename: str | None = None) -> list[Held]:
    """Rows in quarantine, of one source or file if named."""
    found = con.execute(
        "SELECT * FROM meta.quarantine WHERE (? IS NULL OR source = ?) AND (? IS NULL OR filename = ?) "
        "ORDER BY source, filename, table_name, row_number",
        [source, source, filename, filename],
    ).fetchall()
    return [Held(*row) for row in found]


def archive_faults(home: Home) -> list[str]:
    """What is wrong with archived files: changed, missing, or of no manifest."""
    faults: list[str] = []
    known: dict[str, str | None] = {}
    for artifact in store.manifests(home):
        stored = artifact.stored_as
        path = store.object_path(home, stored)
        if stored not in known:  # an archive of a thousand members is read once
            known[stored] = store.damage(path, stored)
        if fault := known[stored]:
            faults.append(f"{artifact.source}, {artifact.filename}: {path} {fault}")
    faults += [f"{path} belongs to no manifest" for path in store.objects(home) if path.name not in known]
    return faults


def lost_artifacts(con: duckdb.DuckDBPyConnection, home: Home) -> list[str]:
    """Artifacts the published figures rest on that the archive no longer knows."""
    known = {(a.source, a.artifact) for a in store.manifests(home)}
    found = con.execute("SELECT source, artifact, filename FROM meta.artifacts ORDER BY ALL").fetchall()
    return [
        f"{source}, {filename}: the archive has lost {artifact}, which published figures rest on; restore it from a backup"
        for source, artifact, filename in found
        if (source, artifact) not in known
    ]


def newest(day: date | datetime | None) -> str:
    """A date for people."""
    return f"{day:%Y-%m-%d}" if day else "–"


def archived_files(home: Home) -> int:
    """How many files are archived."""
    return sum(1 for _ in store.objects(home))
