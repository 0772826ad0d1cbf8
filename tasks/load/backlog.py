"""Which archived files of a source wait to be loaded, and which builds leave out."""

from dataclasses import replace

import duckdb

from tasks.archive import store
from tasks.archive.store import Artifact
from tasks.contract.source import Source
from tasks.identity import fingerprint
from tasks.load import correlations
from warehouse import sql
from warehouse.connection import first
from warehouse.errors import Unknown
from warehouse.settings import Home


def is_bundled(source: Source) -> bool:
    """Whether a source's files come with the project. True even if all of them have been removed."""
    return type(source).bundled is not Source.bundled


def register_bundled(home: Home, source: Source) -> list[Artifact]:
    """Archive the files that come with the project; return their manifests, in order of their names.

    A manifest keeps the name under which its bytes were first archived; those returned have the present names.
    """
    artifacts = []
    for file in source.bundled():
        with file.path.open("rb") as content:
            artifact, _ = store.store(
                home, source.id, content, filename=file.filename, media_type="text/csv",
                origin_kind="bundled", request=f"bundled:{file.filename}", licence=source.licence,
            )  # fmt: skip
        artifacts.append(replace(artifact, filename=file.filename))
    return artifacts


def artifacts_of(home: Home, source: Source) -> list[Artifact]:
    """The files of a source that builds load: those that come with the project, or all that is archived and not left out."""
    return register_bundled(home, source) if is_bundled(source) else store.loadable(home, source.id)


def leave_out(
    con: duckdb.DuckDBPyConnection, home: Home, filename: str, source_id: str | None, why: str
) -> list[Artifact]:
    """Have builds leave out the archived files of this name, which cannot be loaded; return their manifests.

    Raises Unknown for a name under which nothing is archived, and for a file that figures come from: that would rewrite
    history.
    """
    named = [a for a in store.manifests(home, source_id) if a.filename == filename and a.origin_kind != "bundled"]
    if not named:
        raise Unknown(f"no file {filename!r} is archived. `entrepot build` names the files that cannot be loaded")
    query = "SELECT 1 FROM meta.editions WHERE source = ? AND artifact = ? AND retracted_at IS NULL LIMIT 1"
    for artifact in named:
        has_figures = first(con.execute(query, [artifact.source, artifact.artifact])) is not None
        if has_figures or correlations.is_stated_by(con, artifact.artifact):
            raise Unknown(
                f"figures come from this file, so it cannot be left out: {artifact.source}, {filename}. Only files that cannot be "
                "loaded are left out"
            )
    for artifact in named:
        store.leave_out(home, artifact, why)
    return named


def take_in_again(home: Home, filename: str, source_id: str | None) -> list[Artifact]:
    """Have builds load files of this name that were left out; return them. Raises Unknown if no file of this name was left out."""
    archived = store.manifests(home, source_id)
    restored = [a for a in archived if a.filename == filename and store.take_in_again(home, a)]
    if not restored:
        names = sorted({a.filename for a in archived if store.is_left_out(home, a)})
        raise Unknown(f"no file {filename!r} was left out. Left out: {', '.join(names) or 'no file'}")
    return restored


def identity(source: Source, artifact: Artifact, common: str) -> str:
    """What loading an artifact depends on, as a hash: its bytes and name, its source's code, and what all loads share."""
    return fingerprint.of(artifact.artifact, artifact.filename, source.code(), common)


def pending(con: duckdb.DuckDBPyConnection, source: Source, artifacts: list[Artifact], common: str) -> list[Artifact]:
    """The artifacts whose last load was not of these bytes by this code.

    A bundled file is known by its name: an older state of it that comes back is loaded again.
    """
    column = "filename" if is_bundled(source) else "artifact"
    query = f"SELECT arg_max(identity, load) FROM meta.loads WHERE source = ? GROUP BY {column}"
    loaded = {row[0] for row in con.execute(query, [source.id]).fetchall()}
    return [a for a in artifacts if identity(source, a, common) not in loaded]


def forget_quarantined(con: duckdb.DuckDBPyConnection, source_id: str | None, filename: str | None) -> None:
    """Make files with quarantined rows (of one source or one file, if named) pending again."""
    con.execute(sql.read("load/loads_to_replay.sql"), [source_id, source_id, filename, filename])


def withdrawn(con: duckdb.DuckDBPyConnection, source: Source, artifacts: list[Artifact]) -> list[str]:
    """Names of files that are loaded or have quarantined rows, but are not among all ``artifacts`` of the source."""
    names = {a.filename for a in artifacts}
    known = con.execute(sql.read("load/known_files.sql"), [source.id, source.id]).fetchall()
    return sorted(row[0] for row in known if row[0] not in names)
