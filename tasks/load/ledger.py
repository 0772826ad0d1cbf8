"""What is written down of every load: the artifact, its balance of rows, its quarantine, and what was set aside."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime

import duckdb

from schemas import base, meta
from tasks.archive.store import Artifact
from tasks.load.history import Change
from tasks.load.outcome import QuarantinedRow, RowBalance
from warehouse import sql
from warehouse.connection import first
from warehouse.rows import insert, insert_all, insert_numbered

#: The identity of a load of which nothing stands any more: that of no file.
WITHDRAWN = "withdrawn"


def begin_again(con: duckdb.DuckDBPyConnection, source_id: str, filenames: list[str], artifacts: list[str]) -> None:
    """Write down that earlier loads no longer hold.

    A run that is killed from here on is finished by the next, even if the files were put back in between.
    """
    con.execute(sql.read("load/loads_begun_again.sql"), [source_id, filenames, artifacts])


def record(
    con: duckdb.DuckDBPyConnection,
    artifact: Artifact,
    table: str,
    identity: str,
    balance: RowBalance,
    change: Change,
    *,
    replaces_file: bool,
) -> None:
    """Write a load down. ``replaces_file``: earlier states of the file are past, as those of a bundled one are.

    The caller holds the transaction.
    """
    con.execute("DELETE FROM meta.artifacts WHERE artifact = ? AND source = ?", [artifact.artifact, artifact.source])
    insert(con, meta.Artifact, {c.name: getattr(artifact, c.name) for c in base.columns(meta.Artifact)})
    _quarantine(con, artifact, table, balance.quarantined, replaces_file)
    _set_aside(con, artifact, balance.set_aside, replaces_file)
    insert_numbered(
        con,
        meta.Load,
        {
            "artifact": artifact.artifact,
            "source": artifact.source,
            "filename": artifact.filename,
            "table_name": table,
            "loaded_at": datetime.now(UTC),
            "identity": identity,
            "rows_in": balance.rows_in,
            "rows_accepted": balance.rows_accepted,
            "rows_quarantined": len(balance.quarantined),
            "rows_set_aside": balance.rows_set_aside,
            "rows_new": change.new,
            "rows_revised": change.revised,
            "rows_gone": change.gone,
            "rows_unchanged": change.unchanged,
        },
    )


def record_withdrawn(con: duckdb.DuckDBPyConnection, source_id: str, filename: str, sha256: str | None = None) -> None:
    """Write down that nothing of a file is loaded any more, so that it is loaded again should it come back.

    ``sha256``: only the file of this name with these bytes.
    """
    file = [source_id, filename, sha256]
    for table in ("meta.quarantine", "meta.set_aside"):
        con.execute(f"DELETE FROM {table} WHERE source = ? AND filename = ? AND artifact = coalesce(?, artifact)", file)
    last = first(con.execute(sql.read("load/last_load.sql"), file))
    if last is None or last[2] == WITHDRAWN:
        return
    artifact, table_name, _ = last
    counts = {c.name: 0 for c in base.columns(meta.Load) if c.name.startswith("rows_")}
    insert_numbered(
        con,
        meta.Load,
        {
            "artifact": artifact,
            "source": source_id,
            "filename": filename,
            "table_name": table_name,
            "loaded_at": datetime.now(UTC),
            "identity": WITHDRAWN,
            **counts,
        },
    )


def _quarantine(
    con: duckdb.DuckDBPyConnection, artifact: Artifact, table: str, rows: Sequence[QuarantinedRow], replaces_file: bool
) -> None:
    known = [artifact.source, table, artifact.artifact, replaces_file, artifact.filename]
    con.execute(sql.read("load/removed_quarantine.sql"), known)
    common = {
        "artifact": artifact.artifact,
        "source": artifact.source,
        "filename": artifact.filename,
        "table_name": table,
        "quarantined_at": datetime.now(UTC),
    }
    insert_all(con, meta.Quarantine, ({**common, **asdict(row)} for row in rows))


def _set_aside(
    con: duckdb.DuckDBPyConnection, artifact: Artifact, counts: Mapping[str, int], replaces_file: bool
) -> None:
    known = [artifact.source, artifact.filename, artifact.artifact, replaces_file]
    con.execute("DELETE FROM meta.set_aside WHERE source = ? AND filename = ? AND (artifact = ? OR ?)", known)
    common = {"artifact": artifact.artifact, "source": artifact.source, "filename": artifact.filename}
    rows = ({**common, "reason": reason, "rows_set_aside": number} for reason, number in counts.items())
    insert_all(con, meta.SetAside, rows)
