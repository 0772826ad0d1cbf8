"""The archive: the bytes that publishers sent, unchanged, each content once, with a manifest.

``archive/objects/ab/abcd…`` has the bytes under their sha256; ``archive/manifests/<source>/<sha256>.json``
states where they came from. Both are written under a temporary name, flushed to disk and renamed, so that a
crash leaves a complete file or none. Archived bytes and manifests are never changed or removed.
"""

import hashlib
import itertools
import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from tasks.archive import containers
from warehouse import locked_temp, sql
from warehouse.errors import ArchiveDamaged, ArchiveRefused, HomeError
from warehouse.settings import Home

#: Bytes that are copied at a time.
_CHUNK = 1 << 20
#: Bytes are written before their manifest; a copied home folder has both in any order, so many seconds apart.
_SAME_TIME = 60
#: Records that are written to a Parquet file at a time.
_BATCH = 50_000


@dataclass(frozen=True)
class Artifact:
    """The manifest of archived bytes. Times are ISO 8601 in UTC; ``request`` never contains a key.

    ``encoding`` is that of a text which is not in UTF-8.
    """

    artifact: str
    source: str
    filename: str
    media_type: str
    size_bytes: int
    received_at: str
    origin_kind: str
    request: str
    publisher_stamp: str | None = None
    licence: str | None = None
    layout: str | None = None
    container: str | None = None
    member: str | None = None
    encoding: str | None = None

    @property
    def stored_as(self) -> str:
        """The sha256 of the archived file: of the artifact itself, or of the container of which it is a member."""
        return self.container or self.artifact


@dataclass(frozen=True)
class SetAside:
    """A record that a reader found in a file and that is not loaded, with the reason."""

    reason: str


@dataclass(frozen=True)
class Opened:
    """An artifact that can be read: ``path`` has its bytes, ``scratch`` is a folder for tables made from them.

    A member of a container is unpacked to ``scratch``. Both paths are valid only inside ``opened``. ``set_aside`` counts
    the records that were set aside while the tables were written, by their reason; ``chosen_from`` gives reasons for
    leaving records of a FROM clause out of the one that is returned.
    """

    artifact: Artifact
    path: Path
    scratch: Path
    set_aside: Counter[str] = field(default_factory=Counter)
    chosen_from: dict[str, str] = field(default_factory=dict)

    def table(
        self, columns: Sequence[str], rows: Iterable[Sequence[str | None] | SetAside], name: str = "table"
    ) -> str:
        """Write records of text to a Parquet file in ``scratch``; return a FROM clause that reads it. None becomes NULL.

        Records that are set aside are counted and not written.
        """
        path = self.scratch / f"{name}.parquet"
        schema = pa.schema([(column, pa.string()) for column in columns])
        records = self._without_set_aside(rows)
        with pq.ParquetWriter(path, schema) as file:
            while batch := list(itertools.islice(records, _BATCH)):
                values = [pa.array(column, pa.string()) for column in zip(*batch, strict=True)]
                file.write_table(pa.Table.from_arrays(values, schema=schema))
        return f"read_parquet({sql.quoted(str(path))})"

    def _without_set_aside(self, rows: Iterable[Sequence[str | None] | SetAside]) -> Iterator[Sequence[str | None]]:
        for row in rows:
            if isinstance(row, SetAside):
                self.set_aside[row.reason] += 1
            else:
                yield row


def store(
    home: Home, source: str, content: BinaryIO, *, filename: str, media_type: str, origin_kind: str, request: str,
    publisher_stamp: str | None = None, licence: str | None = None, layout: str | None = None,
    encoding: str | None = None,
) -> tuple[Artifact, bool]:  # fmt: skip
    """Archive bytes read from ``content``; return the manifest and whether the artifact is new to this source.

    Raises HomeError if the archive cannot be written to.
    """
    digest, size = store_bytes(home, content)
    artifact = Artifact(
        artifact=digest, source=source, filename=filename, media_type=media_type, size_bytes=size, received_at=now(),
        origin_kind=origin_kind, request=request, publisher_stamp=publisher_stamp, licence=licence, layout=layout,
        encoding=encoding,
    )  # fmt: skip
    return save_manifest(home, artifact)


def now() -> str:
    """The present time in the form of manifests: ISO 8601 in UTC."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def member_id(container: str, member: str) -> str:
    """The id of a member as an artifact: a hash of the container's sha256 and the member's name."""
    return hashlib.sha256(f"{container}/{member}".encode()).hexdigest()


def save_manifest(home: Home, artifact: Artifact) -> tuple[Artifact, bool]:
    """Write a manifest unless the artifact has one; return the stored manifest and whether it is new. Raises HomeError."""
    path = _manifest_path(home, artifact.source, artifact.artifact)
    if path.exists():
        return _read_manifest(path), False
    try:
        _write_whole(path, json.dumps(asdict(artifact), ensure_ascii=False, indent=1).encode())
    except OSError as fault:
        raise _not_writable(home, fault) from fault
    return artifact, True


def store_bytes(home: Home, content: BinaryIO) -> tuple[str, int]:
    """Archive bytes without a manifest; return their sha256 and size in bytes. Raises HomeError."""
    try:
        return _store_bytes(home, content)
    except OSError as fault:
        raise _not_writable(home, fault) from fault


def _not_writable(home: Home, fault: OSError) -> HomeError:
    return HomeError(f"the archive in {home.archive} cannot be written to: {fault.strerror or fault}")


def manifests(home: Home, source: str | None = None) -> list[Artifact]:
    """All manifests, or those of one source, oldest first. Raises ArchiveDamaged for one that cannot be read."""
    paths = (home.archive / "manifests").glob(f"{source or '*'}/*.json")
    return sorted(map(_read_manifest, paths), key=lambda a: (a.received_at, a.artifact))


def leave_out(home: Home, artifact: Artifact, why: str) -> None:
    """Exclude an artifact from future builds; its bytes and manifest stay. Raises HomeError."""
    record = {"left_out_at": now(), "why": why, "filename": artifact.filename}
    try:
        _write_whole(_left_out_path(home, artifact), json.dumps(record, ensure_ascii=False, indent=1).encode())
    except OSError as fault:
        raise _not_writable(home, fault) from fault


def take_in_again(home: Home, artifact: Artifact) -> bool:
    """Include an artifact in future builds again; return whether it was left out."""
    path = _left_out_path(home, artifact)
    was_left_out = is_left_out(home, artifact)
    path.unlink(missing_ok=True)
    return was_left_out


def loadable(home: Home, source: str) -> list[Artifact]:
    """The manifests of a source that builds load: all but those left out, oldest first. Raises ArchiveDamaged."""
    return [a for a in manifests(home, source) if not is_left_out(home, a)]


def is_left_out(home: Home, artifact: Artifact) -> bool:
    """Whether builds leave out an artifact."""
    return _left_out_path(home, artifact).exists()


def _left_out_path(home: Home, artifact: Artifact) -> Path:
    return home.archive / "left_out" / artifact.source / f"{artifact.artifact}.json"


def manifest(home: Home, source: str, digest: str) -> Artifact:
    """The manifest of one artifact of a source. Raises ArchiveDamaged if it is missing or cannot be read."""
    return _read_manifest(_manifest_path(home, source, digest))


def has_manifest(home: Home, source: str, digest: str) -> bool:
    """Whether a source has an artifact with this id."""
    return _manifest_path(home, source, digest).exists()


@contextmanager
def opened(home: Home, artifact: Artifact, scratch: Path | None = None, *, is_checked: bool = True) -> Iterator[Opened]:
    """Verify the hash of an artifact's bytes and give a path to them. A member of a container is unpacked first.

    ``scratch`` is the folder for temporary files; None: the system's. With ``is_checked=False`` the hash is not verified
    here: the caller calls ``verified_path`` while it reads. Raises ArchiveDamaged.
    """
    stored = verified_path(home, artifact) if is_checked else object_path(home, artifact.stored_as)
    if scratch:
        scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="read-", dir=scratch) as folder:
        path = stored
        if artifact.member is not None:
            path = Path(folder) / "member"
            _unpack(stored, artifact, path)
        yield Opened(artifact, path, Path(folder))


def _unpack(stored: Path, artifact: Artifact, target: Path) -> None:
    assert artifact.member is not None
    try:
        containers.unpack(stored, artifact.member, target)
    except ArchiveRefused as fault:
        raise ArchiveDamaged(f"{artifact.source}, {artifact.filename}: archived file {stored}: {fault}") from fault


def verified_path(home: Home, artifact: Artifact) -> Path:
    """The path of the archived file, after its hash was verified. Raises ArchiveDamaged if it is missing or changed."""
    path = object_path(home, artifact.stored_as)
    if fault := damage(path, artifact.stored_as):
        raise ArchiveDamaged(f"{artifact.source}, {artifact.filename}: archived file {path} {fault}")
    return path


def damage(path: Path, digest: str) -> str | None:
    """What is wrong with archived bytes and what to do; None if their sha256 is ``digest``."""
    try:
        actual = hash_of(path)
    except FileNotFoundError:
        return "is missing; restore it from a backup or fetch it again"
    except OSError as fault:
        return f"cannot be read: {fault.strerror or fault}"
    return None if actual == digest else f"has changed: its sha256 is now {actual}; restore it from a backup"


def seen_damage(home: Home, artifact: Artifact) -> str | None:
    """What is wrong with an artifact's bytes, as far as it shows without reading all files of an archive; None if nothing does.

    A file that is missing, has another size, or was written to after its manifest: this one is read, and its hash compared.
    """
    path = object_path(home, artifact.stored_as)
    try:
        stat = path.stat()
        recorded = _manifest_path(home, artifact.source, artifact.artifact).stat().st_mtime
    except FileNotFoundError:
        return damage(path, artifact.stored_as)
    has_size = artifact.container is not None or stat.st_size == artifact.size_bytes
    if has_size and stat.st_mtime <= recorded + _SAME_TIME:
        return None
    return damage(path, artifact.stored_as)


def hash_of(path: Path) -> str:
    """The sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def object_path(home: Home, digest: str) -> Path:
    """The path of bytes with this sha256."""
    return home.archive / "objects" / digest[:2] / digest


def objects(home: Home) -> Iterator[Path]:
    """The paths of all archived files, ordered by sha256."""
    return iter(sorted((home.archive / "objects").glob("??/*")))


def _store_bytes(home: Home, content: BinaryIO) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with locked_temp.file(home.incoming) as temporary:
        with temporary.open("wb") as file:
            while chunk := content.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
            _flush(file)
        target = object_path(home, digest.hexdigest())
        if not target.exists() or damage(target, digest.hexdigest()):
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary.chmod(0o444)
            _rename(temporary, target)
    return digest.hexdigest(), size


def _write_whole(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    with temporary.open("wb") as file:
        file.write(data)
        _flush(file)
    _rename(temporary, path)


def _flush(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _rename(temporary: Path, target: Path) -> None:
    temporary.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _manifest_path(home: Home, source: str, digest: str) -> Path:
    return home.archive / "manifests" / source / f"{digest}.json"


def _read_manifest(path: Path) -> Artifact:
    try:
        return Artifact(**json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError) as fault:
        raise ArchiveDamaged(
            f"manifest {path} cannot be read: {fault}; restore it from a backup, or remove it and adopt or build again"
        ) from fault
