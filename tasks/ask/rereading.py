"""Whether what is published is what today's code, schemas and reference tables give of the archived files."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

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


@dataclass
class Rereading:
    """What reading the loaded files again shows.

    ``files_read`` counts those that were read again; ``left_out`` names those that were not, with the reason, a message for
    each source; ``faults`` has a message for each difference.
    """

    files_read: int = 0
    left_out: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def reread(
    con: duckdb.DuckDBPyConnection, home: Home, settings: Settings, on_progress: Callable[[str], None]
) -> Rereading:
    """Read every loaded file again and check its rows against today's schemas. ``con`` reads the published file.

    Those of bulk datasets, which take minutes, are left out. Files that other code read are counted for each source: their
    figures may be others today.
    """
    outcome, common = Rereading(), load_identity.of_home(home)
    for source in sources.all_sources().values():
        files = _loaded_files(con, home, source)
        others = [a for a, identity in files if identity != backlog.identity(source, a, common)]
        if others:
            outcome.faults.append(
                f"{len(others)} of {len(files)} files were loaded by other code, schemas or reference tables than today's: "
                f"{source.id}, such as {others[0].filename}. Run `entrepot build`"
            )
        bulk = [a for a, _ in files if source.bulk_partition(a)]
        if bulk:
            outcome.left_out.append(_describe_left_out(source, bulk))
        read = [a for a, _ in files if a not in bulk]
        for number, artifact in enumerate(read, 1):
            on_progress(f"reading again: {source.id}, file {number} of {len(read)}, {artifact.filename}")
            outcome.faults += _differences(con, home, settings, source, artifact)
        outcome.files_read += len(read)
    return outcome


def _describe_left_out(source: Source, files: list[Artifact]) -> str:
    names = ", ".join(artifact.filename for artifact in files)
    return (
        f"{len(files)} files of {source.id}, each with millions of rows, which take minutes. Their rows were checked when "
        f"they were loaded: {names}"
    )


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
        balance.check_share(source.dataset(artifact).max_bad_share or settings.max_bad_share, artifact)
    except ArchiveDamaged:
        return  # the check of the archive reports it
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
