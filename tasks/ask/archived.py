"""Printed rows of figures, found by reading archived files again."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import duckdb

from schemas import base
from tasks import sources
from tasks.archive import store
from tasks.archive.store import Artifact
from tasks.contract.facts import Fact
from tasks.load import conform, stage
from warehouse.connection import first
from warehouse.errors import ArchiveDamaged, EntrepotError
from warehouse.settings import Home

#: Status of a version that says that a later release left the figure out; it was not printed.
_NO_LONGER_STATED = "O"
#: Columns of a version that say how long it stood, not what it states.
_OF_SUCCESSION = frozenset({"superseded_by", "superseded_on", "current_from", "current_until"})


@dataclass(frozen=True)
class Version:
    """One version of a figure.

    ``row`` has the columns of the mart, ``raw`` the printed row as JSON, ``row_number`` its number among the records of
    the artifact. ``fault`` says why there is no printed row, where there should be one.
    """

    row: dict[str, Any]
    superseded_on: Any
    is_current: bool
    artifact: Artifact | None
    archived_at: str
    row_number: int | None
    raw: str | None
    fault: str | None


class ArchiveReader:
    """Finds printed rows by reading archived files again; each file once."""

    def __init__(self, con: duckdb.DuckDBPyConnection, home: Home) -> None:
        self.con, self.home = con, home
        self._conformed: dict[tuple[str, str], str] = {}
        self._manifests = {(a.source, a.artifact): a for a in store.manifests(home)}

    def artifact(self, source: str, artifact: str) -> Artifact | None:
        """The manifest of an archived file, or None where the archive has none."""
        return self._manifests.get((source, artifact))

    def printed_rows(self, fact: Fact, source: str, name: str, versions: str) -> dict[int, tuple[int, str]]:
        """Number and text of the printed rows of many versions that one artifact states, by the number of the version.

        ``versions`` is a relation with the columns of the figures' key, ``source``, ``artifact`` and the number ``trace_version``; versions
        without a row in the file are left out. Raises ArchiveDamaged, and what reading the file raises.
        """
        artifact = self.artifact(source, name)
        if artifact is None:
            raise ArchiveDamaged(f"the archive has no manifest of {name}")
        match = " AND ".join(f't."{column}" IS NOT DISTINCT FROM v."{column}"' for column in base.key(fact.conformed))
        query = (
            f"SELECT v.trace_version, t.row_number FROM {versions} AS v "
            f"JOIN {conform.accepted_view(fact)} AS t ON {match} WHERE v.source = ? AND v.artifact = ?"
        )
        with self._read_again(artifact) as relation:
            numbers = dict(self.con.execute(query, [source, name]).fetchall())
            texts = stage.raw_rows(self.con, relation, numbers.values())
        return {version: (number, texts[number]) for version, number in numbers.items()}

    def version(self, fact: Fact, row: dict[str, Any]) -> Version:
        """A version with its printed row, or with the fault that kept the archive from giving it.

        ``row`` has the columns of the figures' mart; one without ``superseded_by`` is a current version.
        """
        artifact = self._manifests.get((row["source"], row["artifact"]))
        number, raw, fault = None, None, None
        try:
            if artifact is None:
                raise ArchiveDamaged(f"the archive has no manifest of {row['artifact']}")
            number, raw = self._printed(fact, artifact, row)
            if number is None and row.get("obs_status") != _NO_LONGER_STATED:
                fault = "the file, read with today's code, does not have this row: run `entrepot build`"
        except EntrepotError as error:
            fault = str(error)
        return Version(
            row={column: value for column, value in row.items() if column not in _OF_SUCCESSION},
            superseded_on=row.get("superseded_on"),
            is_current=row.get("superseded_by") is None,
            artifact=artifact,
            archived_at=str(store.object_path(self.home, artifact.stored_as if artifact else row["artifact"])),
            row_number=number,
            raw=raw,
            fault=fault,
        )

    def _printed(self, fact: Fact, artifact: Artifact, row: dict[str, Any]) -> tuple[int | None, str | None]:
        """Number and text of the row that a version was read from; None for both if the file does not have it."""
        table = self._conformed_rows(fact, artifact)
        key = base.key(fact.conformed)
        condition = " AND ".join(f'"{column}" IS NOT DISTINCT FROM ?' for column in key)
        match = first(self.con.execute(f"SELECT row_number FROM {table} WHERE {condition}", [row[k] for k in key]))
        if match is None:
            return None, None
        (number,) = match
        with store.opened(self.home, artifact) as opened:
            return number, stage.raw_rows(self.con, sources.get(artifact.source).records(opened), [number])[number]

    def _conformed_rows(self, fact: Fact, artifact: Artifact) -> str:
        """The name of a temporary table with the conformed rows of an artifact."""
        key = artifact.artifact, fact.name
        if key not in self._conformed:
            name = f"traced_{len(self._conformed)}"
            with self._read_again(artifact):
                self.con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM {conform.accepted_view(fact)}")
            self._conformed[key] = name
        return self._conformed[key]

    def _read_again(self, artifact: Artifact) -> AbstractContextManager[str]:
        """Conform an artifact again, without the records that its load kept out; the FROM clause of all its records."""
        query = "SELECT row_number FROM meta.quarantine WHERE source = ? AND artifact = ? ORDER BY row_number"
        refused = self.con.execute(query, [artifact.source, artifact.artifact]).fetchall()
        source = sources.get(artifact.source)
        return conform.conformed_again(self.con, self.home, source, artifact, [number for (number,) in refused])
