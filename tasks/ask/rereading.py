"""Whether what is published is what today's code, schemas and reference tables give of the archived files."""

from collections.abc import Iterator
from dataclasses import replace

import duckdb

from tasks import sources
from tasks.archive import store
from tasks.archive.store import Artifact
from tasks.contract.source import Source
from tasks.load import backlog, conform, ledger
from tasks.load import identity as load_identity
from tasks.load.validate import Proof
from warehouse import sql
from warehouse.errors import ArchiveDamaged, EntrepotError
from warehouse.settings import Home, Settings


def faults(con: duckdb.DuckDBPyConnection, home: Home, settings: Settings) -> Iterator[str]:
    """What differs, a message each. ``con`` reads the published file.

    Every file that is loaded is read again and its rows are held to today's schemas, whatever is on record of it; those of
    bulk datasets, which take minutes, are not. Files that other code read are counted for each source: their figures may be
    others today.
    """
    common = load_identity.of_loading()
    for source in sources.all_sources().values():
        files = _loaded_files(con, home, source)
        others = [a for a, identity in files if identity != backlog.identity(source, a, common)]
        if others:
            yield (
                f"{len(others)} of {len(files)} files were loaded by other code, schemas or reference tables than today's: "
                f"{source.id}, such as {others[0].filename}. Run `entrepot build`"
            )
        for artifact, _ in files:
            if not source.bulk_partition(artifact):
                yield from _differences(con, home, settings, source, artifact)


def _loaded_files(con: duckdb.DuckDBPyConnection, home: Home, source: Source) -> list[tuple[Artifact, str]]:
    """The archived files that a source's figures were read from, each with the identity of its last load."""
    is_bundled = backlog.is_bundled(source)
    last: dict[str, tuple[str, str, str]] = {}
    for sha256, filename, identity in con.execute(sql.read("ask/loaded_files.sql"), [source.id]).fetchall():
        last[filename if is_bundled else sha256] = sha256, filename, identity
    archived = {a.artifact: a for a in store.manifests(home, source.id)}
    return [
        (replace(archived[sha256], filename=filename), identity)
        for sha256, filename, identity in last.values()
        if sha256 in archived and identity != ledger.WITHDRAWN
    ]


def _differences(
    con: duckdb.DuckDBPyConnection, home: Home, settings: Settings, source: Source, artifact: Artifact
) -> Iterator[str]:
    """How a file's quarantined rows differ from those that break a rule when it is read today."""
    where = f"{source.id}, {artifact.filename}"
    try:
        balance = conform.conform(con, home, source, artifact, Proof(con), None)
        balance.check_share(source.dataset(artifact).max_bad_share or settings.max_bad_share, where)
    except ArchiveDamaged:
        return  # which is told of the archive itself
    except EntrepotError as fault:
        yield f"loaded, but cannot be loaded today: {fault}"
        return
    query = "SELECT row_number FROM meta.quarantine WHERE source = ? AND artifact = ? AND filename = ?"
    on_record = {n for (n,) in con.execute(query, [source.id, artifact.artifact, artifact.filename]).fetchall()}
    broken = {row.row_number: row.rules for row in balance.quarantined}
    loaded, kept_out = sorted(broken.keys() - on_record), sorted(on_record - broken.keys())
    if loaded:
        yield f"{len(loaded)} rows are loaded and break a rule: {where}, such as row {loaded[0]}: {broken[loaded[0]]}. Run `entrepot build`"
    if kept_out:
        yield f"{len(kept_out)} rows are in quarantine and break no rule: {where}, such as row {kept_out[0]}. Run `entrepot build`"
