"""Which archived files of a source wait to be loaded, and which builds leave out."""

from collections.abc import Collection
from dataclasses import replace

import duckdb

from tasks.archive import naming, store
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


def leave_out(con: duckdb.DuckDBPyConnection, home: Home, file: str, source_id: str | None, why: str) -> list[Artifact]:
    """Have builds leave out an archived file that cannot be loaded, named as tasks.archive.naming says; return its manifest.

    Raises Unknown for a name under which nothing is archived, and for a file that figures come from: that would rewrite
    history. Raises Ambiguous for a name that several files have.
    """
    archived = [
        a for a in store.manifests(home, source_id) if a.origin_kind != "bundled" and not store.is_left_out(home, a)
    ]
    named = naming.matching(archived, file)
    if not named:
        raise Unknown(f"no file {file!r} is archived. `entrepot build` names the files that cannot be loaded")
    naming.check_one(named, file)
    query = "SELECT 1 FROM meta.editions WHERE source = ? AND artifact = ? AND retracted_at IS NULL LIMIT 1"
    for artifact in named:
        has_figures = first(con.execute(query, [artifact.source, artifact.artifact])) is not None
        if has_figures or correlations.is_stated_by(con, artifact.artifact):
            raise Unknown(
                f"figures come from this file, so it cannot be left out: {artifact.source}, {artifact.filename}. Only files that "
                "cannot be loaded are left out"
            )
    for artifact in named:
        store.leave_out(home, artifact, why)
    return named


def take_in_again(home: Home, file: str, source_id: str | None) -> list[Artifact]:
    """Have builds load a file that was left out, named as tasks.archive.naming says; return it.

    Raises Unknown if no such file was left out, Ambiguous for a name that several of them have.
    """
    left_out = [a for a in store.manifests(home, source_id) if store.is_left_out(home, a)]
    restored = naming.matching(left_out, file)
    if not restored:
        names = sorted({a.filename for a in left_out})
        raise Unknown(f"no file {file!r} was left out. Left out: {', '.join(names) or 'no file'}")
    naming.check_one(restored, file)
    for artifact in restored:
        store.take_in_again(home, artifact)
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


def forget_quarantined(con: duckdb.DuckDBPyConnection, source_id: str | None, files: Collection[str] | None) -> None:
    """Make files with quarantined rows pending again: those of one source, or ``files``, by their hashes or names, if given."""
    con.execute(
        sql.read("load/loads_to_replay.sql"), {"source": source_id, "files": list(files) if files is not None else None}
    )


def withdrawn(con: duckdb.DuckDBPyConnection, source: Source, artifacts: list[Artifact]) -> list[str]:
    """Names of files that are loaded or have quarantined rows, but are not among all ``artifacts`` of the source."""
    names = {a.filename for a in artifacts}
    known = con.execute(sql.read("load/known_files.sql"), [source.id, source.id]).fetchall()
    return sorted(row[0] for row in known if row[0] not in names)
