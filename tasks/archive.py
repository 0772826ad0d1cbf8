"""The archive: what a publisher sent, as it came, once per content, with a manifest.

``archive/objects/ab/abcd…`` holds the bytes under their sha256; ``archive/manifests/<source>/<sha256>.json``
says where they came from. Both are written under a temporary name, flushed to disk and renamed, so that a
crash leaves a whole file or none. Nothing is ever changed or removed.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from warehouse.errors import ArchiveDamaged, HomeError
from warehouse.settings import Home

_CHUNK = 1 << 20


@dataclass(frozen=True)
class Artifact:
    """The manifest of archived bytes. Times are ISO 8601 in UTC; ``request`` never holds a key."""

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


def store(
    home: Home, source: str, content: BinaryIO, *, filename: str, media_type: str, origin_kind: str, request: str,
    publisher_stamp: str | None = None, licence: str | None = None,
) -> tuple[Artifact, bool]:  # fmt: skip
    """Archive bytes read from ``content``; say also whether they are new to this source.

    Raises HomeError where the archive cannot be written.
    """
    try:
        digest, size = _store_bytes(home, content)
        path = _manifest_path(home, source, digest)
        if path.exists():
            return _read(path), False
        made = Artifact(
            artifact=digest, source=source, filename=filename, media_type=media_type, size_bytes=size,
            received_at=datetime.now(UTC).isoformat(timespec="microseconds"), origin_kind=origin_kind,
            request=request, publisher_stamp=publisher_stamp, licence=licence,
        )  # fmt: skip
        _write_whole(path, json.dumps(asdict(made), ensure_ascii=False, indent=1).encode())
    except OSError as fault:
        raise HomeError(f"the archive in {home.archive} cannot be written to: {fault.strerror or fault}") from fault
    return made, True


def manifests(home: Home, source: str | None = None) -> list[Artifact]:
    """All manifests (of one source), oldest first. Raises ArchiveDamaged for one that cannot be read."""
    root = home.archive / "manifests"
    found = [_read(path) for path in root.glob(f"{source or '*'}/*.json")]
    return sorted(found, key=lambda a: (a.received_at, a.artifact))


def manifest(home: Home, source: str, digest: str) -> Artifact:
    """The manifest of bytes archived for a source. Raises ArchiveDamaged if it is missing or cannot be read."""
    return _read(_manifest_path(home, source, digest))


def verified_path(home: Home, artifact: Artifact) -> Path:
    """Where the bytes lie, after their hash was checked. Raises ArchiveDamaged if missing or changed."""
    path = object_path(home, artifact.artifact)
    fault = damage(path, artifact.artifact)
    if fault:
        raise ArchiveDamaged(f"{artifact.source}, {artifact.filename}: archived file {path} {fault}")
    return path


def damage(path: Path, digest: str) -> str | None:
    """What is wrong with archived bytes, or None."""
    try:
        found = hash_of(path)
    except FileNotFoundError:
        return "is missing; restore it from a backup or fetch it again"
    except OSError as fault:
        return f"cannot be read: {fault.strerror or fault}"
    return None if found == digest else f"has changed: its sha256 is now {found}; restore it from a backup"


def hash_of(path: Path) -> str:
    """The sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def object_path(home: Home, digest: str) -> Path:
    """Where bytes with this sha256 lie."""
    return home.archive / "objects" / digest[:2] / digest


def objects(home: Home) -> Iterator[Path]:
    """All archived files, in order of their hash."""
    return iter(sorted((home.archive / "objects").glob("??/*")))


def _store_bytes(home: Home, content: BinaryIO) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    incoming = home.archive / "incoming"
    incoming.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=incoming)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
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
    finally:
        temporary.unlink(missing_ok=True)
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


def _read(path: Path) -> Artifact:
    try:
        return Artifact(**json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError) as fault:
        raise ArchiveDamaged(
            f"manifest {path} cannot be read: {fault}; restore it from a backup, or remove it and adopt or build again"
        ) from fault
