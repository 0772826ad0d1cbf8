"""What is in the published warehouse and the archive, and what is wrong with them, for whoever operates them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from tasks.archive import store
from tasks.fetch import history
from warehouse import connection, file_version, sql
from warehouse.connection import one
from warehouse.errors import NotPublished
from warehouse.settings import Home

#: The states of a source's freshness, as they are listed.
_WORST_FIRST = ("failing", "late", "due", "current")


@dataclass(frozen=True)
class SourceStatus:
    """What is published of one source. ``files`` counts the artifacts that its editions come from.

    ``state`` is current, due or late by the calendar of its publisher, which releases by ``expected_by`` as a rule; None without a calendar.
    """

    source: str
    title: str
    files: int
    last_received: datetime | None
    newest_period: str | None
    figures: int
    quarantined: int
    set_aside: int
    licence: str
    state: str | None = None
    expected_by: date | None = None


@dataclass(frozen=True)
class Release:
    """The published release. ``failing`` says of each check that fails what it asks, and what it found where that is an alarm."""

    release: str
    built_at: datetime
    failed_checks: int
    failing: list[str]


@dataclass(frozen=True)
class QuarantinedRow:
    """A row of meta.quarantine."""

    artifact: str
    source: str
    filename: str
    table_name: str
    row_number: int
    stage: str
    rules: str
    raw: str
    quarantined_at: datetime


def source_statuses(con: duckdb.DuckDBPyConnection) -> list[SourceStatus]:
    """The status of all sources, in order of their ids."""
    return [SourceStatus(*row) for row in con.execute(sql.render("ask/source_status.sql")).fetchall()]


@dataclass(frozen=True)
class Freshness:
    """Whether a source with a calendar is due: ``state`` is current, due or late, or failing where its last pull or probe did not end well."""

    source: str
    state: str
    expected_by: date


def freshness(home: Home) -> list[Freshness]:
    """The freshness of the sources that are published and have a calendar, the worst first; nothing before the first release."""
    failing = {end.source for end in history.ends(home) if end.in_a_row}
    query = "SELECT source, any_value(source_state), any_value(expected_by) FROM mart.freshness WHERE source_state IS NOT NULL GROUP BY ALL"
    try:
        with connection.reader(home) as con:
            file_version.check_published(con)
            rows = con.execute(query).fetchall()
    except NotPublished:
        return []
    found = [Freshness(source, "failing" if source in failing else state, day) for source, state, day in rows]
    return sorted(found, key=lambda one: (_WORST_FIRST.index(one.state), one.source))


def published_release(con: duckdb.DuckDBPyConnection) -> Release:
    """The release that ``con`` reads."""
    return Release(*one(con.execute(sql.read("ask/release.sql"))))


def quarantined_rows(
    con: duckdb.DuckDBPyConnection, source: str | None = None, files: Collection[str] | None = None
) -> list[QuarantinedRow]:
    """Rows in quarantine, of one source, or of ``files``, by their hashes or names, if given."""
    chosen = {"source": source, "files": list(files) if files is not None else None}
    rows = con.execute(sql.read("ask/quarantine.sql"), chosen).fetchall()
    return [QuarantinedRow(*row) for row in rows]


def archive_faults(home: Home) -> list[str]:
    """Archived files that have changed, are missing, or belong to no manifest: one message each."""
    faults: list[str] = []
    damage: dict[str, str | None] = {}
    for artifact in store.manifests(home):
        stored = artifact.stored_as
        path = store.object_path(home, stored)
        if stored not in damage:  # an archive of a thousand members is read once
            damage[stored] = store.damage(path, stored)
        if fault := damage[stored]:
            faults.append(f"{artifact.source}, {artifact.filename}: {path} {fault}")
    faults += [f"{path} belongs to no manifest" for path in store.objects(home) if path.name not in damage]
    return faults


def lost_artifacts(con: duckdb.DuckDBPyConnection, home: Home) -> list[str]:
    """Artifacts that published figures come from and that the archive does not have: one message each."""
    archived = {(a.source, a.artifact) for a in store.manifests(home)}
    rows = con.execute("SELECT source, artifact, filename FROM meta.artifacts ORDER BY ALL").fetchall()
    return [
        f"{source}, {filename}: published figures come from {artifact}, which the archive no longer has; restore it from a backup"
        for source, artifact, filename in rows
        if (source, artifact) not in archived
    ]


def count_archived_files(home: Home) -> int:
    """How many files are archived."""
    return sum(1 for _ in store.objects(home))
