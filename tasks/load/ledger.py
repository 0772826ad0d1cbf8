"""What is written down of every load: the artifact, its balance of rows, and its quarantine."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from tasks.archive.store import Artifact
from tasks.load.conform import Refused
from tasks.load.versions import Change


@dataclass(frozen=True)
class Balance:
    """The rows of one load, and what they changed."""

    rows_in: int
    rows_accepted: int
    refused: Sequence[Refused]
    change: Change


def begin_again(con: duckdb.DuckDBPyConnection, source_id: str, filenames: list[str], artifacts: list[str]) -> None:
    """Write down that earlier loads no longer hold.

    A run that is killed from here on is finished by the next, even if the files were put back in between.
    """
    con.execute(
        "UPDATE meta.loads SET identity = 'begun again' WHERE source = ? "
        "AND (list_contains(?, filename) OR list_contains(?, artifact))",
        [source_id, filenames, artifacts],
    )


def record(
    con: duckdb.DuckDBPyConnection,
    artifact: Artifact,
    table: str,
    identity: str,
    balance: Balance,
    *,
    replaces_file: bool,
) -> None:
    """Write a load down. ``replaces_file``: earlier states of the file are past, as those of a bundled one are.

    The caller holds the transaction.
    """
    con.execute("DELETE FROM meta.artifacts WHERE artifact = ? AND source = ?", [artifact.artifact, artifact.source])
    con.execute(
        "INSERT INTO meta.artifacts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            artifact.artifact, artifact.source, artifact.filename, artifact.media_type, artifact.size_bytes,
            artifact.received_at, artifact.origin_kind, artifact.request, artifact.publisher_stamp,
        ],
    )  # fmt: skip
    _quarantine(con, artifact, table, balance.refused, replaces_file)
    change = balance.change
    con.execute(
        "INSERT INTO meta.loads SELECT coalesce(max(load), 0) + 1, ?, ?, ?, ?, now(), ?, ?, ?, ?, ?, ?, ?, ? FROM meta.loads",
        [
            artifact.artifact, artifact.source, artifact.filename, table, identity, balance.rows_in, balance.rows_accepted,
            len(balance.refused), change.new, change.revised, change.gone, change.unchanged,
        ],
    )  # fmt: skip


def record_withdrawn(con: duckdb.DuckDBPyConnection, source_id: str, filename: str) -> None:
    """Write down that a bundled file is no longer there, so that it is loaded again should it come back."""
    con.execute("DELETE FROM meta.quarantine WHERE source = ? AND filename = ?", [source_id, filename])
    con.execute(
        "INSERT INTO meta.loads SELECT (SELECT max(load) + 1 FROM meta.loads), artifact, source, filename, table_name, now(), "
        "'withdrawn', 0, 0, 0, 0, 0, 0, 0 FROM meta.loads WHERE source = ? AND filename = ? ORDER BY load DESC LIMIT 1",
        [source_id, filename],
    )


def _quarantine(
    con: duckdb.DuckDBPyConnection, artifact: Artifact, table: str, refused: Sequence[Refused], replaces_file: bool
) -> None:
    con.execute(
        "DELETE FROM meta.quarantine WHERE source = ? AND table_name = ? AND (artifact = ? OR (? AND filename = ?))",
        [artifact.source, table, artifact.artifact, replaces_file, artifact.filename],
    )
    if refused:
        row = [artifact.artifact, artifact.source, artifact.filename, table]
        con.executemany(
            "INSERT INTO meta.quarantine VALUES (?, ?, ?, ?, ?, ?, ?, ?, now())",
            [[*row, r.row_number, r.stage, r.rules, r.raw] for r in refused],
        )
