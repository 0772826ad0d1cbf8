"""What is archived of a source and waits to be loaded: by bytes, by the code that would read them, by what was left out."""

from dataclasses import replace

import duckdb

from tasks.archive import store
from tasks.archive.store import Artifact
from tasks.contract.source import Source
from tasks.identity import fingerprint
from warehouse.connection import first
from warehouse.errors import Unknown
from warehouse.settings import Home


def is_bundled(source: Source) -> bool:
    """Whether a source's files come with the project, even if there are none left."""
    return type(source).bundled is not Source.bundled


def register_bundled(home: Home, source: Source) -> list[Artifact]:
    """Archive the files that come with the project; return what they are now, in order of their names.

    A manifest keeps the name its bytes first came under; here each file has the name it has now.
    """
    found = []
    for file in source.bundled():
        with file.path.open("rb") as content:
            artifact, _ = store.store(
                home, source.id, content, filename=file.filename, media_type="text/csv",
                origin_kind="bundled", request=f"bundled:{file.filename}", licence=source.licence,
            )  # fmt: skip
        found.append(replace(artifact, filename=file.filename))
    return found


def artifacts_of(home: Home, source: Source) -> list[Artifact]:
    """What is to be loaded of a source: the files that come with the project, or all that is archived of it."""
    return register_bundled(home, source) if is_bundled(source) else store.loadable(home, source.id)


def leave_out(
    con: duckdb.DuckDBPyConnection, home: Home, filename: str, source_id: str | None, why: str
) -> list[Artifact]:
    """Have builds leave out the archived files of this name that cannot be loaded; return them.

    Raises Unknown for a name nothing is archived under, and for a file that figures rest on: history is not rewritten so.
    """
    found = [a for a in store.manifests(home, source_id) if a.filename == filename and a.origin_kind != "bundled"]
    if not found:
        raise Unknown(f"nothing is archived under the name {filename!r}")
    for artifact in found:
        rests = first(con.execute(
            "SELECT 1 FROM meta.editions WHERE source = ? AND artifact = ? AND retracted_at IS NULL LIMIT 1",
            [artifact.source, artifact.artifact],
        ))  # fmt: skip
        if rests:
            raise Unknown(
                f"{artifact.source}, {filename} is loaded, and figures rest on it: only files that cannot be loaded are left out"
            )
    for artifact in found:
        store.leave_out(home, artifact, why)
    return found


def take_in_again(home: Home, filename: str, source_id: str | None) -> list[Artifact]:
    """Have builds load files of this name that were left out; return them. Raises Unknown where there is none."""
    named = [a for a in store.manifests(home, source_id) if a.filename == filename]
    found = [a for a in named if store.take_in_again(home, a)]
    if not found:
        raise Unknown(f"no file {filename!r} was left out")
    return found


def identity(source: Source, artifact: Artifact, common: str) -> str:
    """What loading an artifact rests on: its bytes, its source's code, and what all sources share."""
    return fingerprint.of(artifact.artifact, artifact.filename, source.code(), common)


def pending(con: duckdb.DuckDBPyConnection, source: Source, artifacts: list[Artifact], common: str) -> list[Artifact]:
    """The artifacts whose last load was not of these bytes by this code.

    A bundled file is known by its name: an older state of it that comes back is loaded again.
    """
    known_by = "filename" if is_bundled(source) else "artifact"
    found = con.execute(
        f"SELECT arg_max(identity, load) FROM meta.loads WHERE source = ? GROUP BY {known_by}", [source.id]
    ).fetchall()
    done = {row[0] for row in found}
    return [a for a in artifacts if identity(source, a, common) not in done]


def forget_quarantined(con: duckdb.DuckDBPyConnection, source_id: str | None, filename: str | None) -> None:
    """Make files with refused rows (of one source or one file, if named) pending again."""
    con.execute(
        "UPDATE meta.loads SET identity = 'to be replayed' WHERE artifact IN (SELECT artifact FROM meta.quarantine "
        "WHERE (? IS NULL OR source = ?) AND (? IS NULL OR filename = ?))",
        [source_id, source_id, filename, filename],
    )


def withdrawn(con: duckdb.DuckDBPyConnection, source: Source, artifacts: list[Artifact]) -> list[str]:
    """Names of bundled files that are loaded, or quarantined, but no longer come with the project."""
    names = {a.filename for a in artifacts}
    found = con.execute(
        "SELECT filename FROM meta.editions WHERE source = ? AND retracted_at IS NULL "
        "UNION SELECT filename FROM meta.quarantine WHERE source = ?",
        [source.id, source.id],
    ).fetchall()
    return sorted(row[0] for row in found if row[0] not in names)
