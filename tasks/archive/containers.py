"""Looking into zip, gz and 7z files: what is in them, the beginning of each member, and one member unpacked to a file.

Nothing is held in memory but a chunk, a member is unpacked once, to a path of ours (never to a name it brings along),
and what would unpack to far more than it is, is refused before and while it is read.
"""

import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, cast

import py7zr
from py7zr.io import Py7zIO, WriterFactory

from warehouse.errors import ArchiveRefused

#: Bounds of what is unpacked: members, bytes of one member, and bytes for each archived one above a size that never matters.
MOST_MEMBERS = 10_000
MOST_BYTES = 64 * 1024**3
MOST_RATIO = 250
_HARMLESS = 64 * 1024**2

_CHUNK = 1 << 20
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, lzma.LZMAError, py7zr.exceptions.ArchiveError, NotImplementedError,
    RuntimeError, ValueError,
)  # fmt: skip


@dataclass(frozen=True)
class Member:
    """A file in an archive. ``size`` is None where the archive does not say it (gz)."""

    name: str
    size: int | None


def kind_of(head: bytes) -> str | None:
    """zip, gz or 7z by the first bytes; None for anything else, and for workbooks, which are zip files by nature."""
    if head.startswith(b"PK\x03\x04") and b"[Content_Types].xml" not in head[:4096]:
        return "zip"
    if head.startswith(b"\x1f\x8b"):
        return "gz"
    return "7z" if head.startswith(b"7z\xbc\xaf\x27\x1c") else None


def members(path: Path, filename: str) -> list[Member]:
    """What is in an archive, folders left out. Raises ArchiveRefused for a damaged, locked or bloated one.

    ``filename`` is the archive's own name: the one member of a gz file is named by it.
    """
    with _told(filename):
        kind = _kind(path)
        if kind == "gz":
            return [Member(filename.removesuffix(".gz"), None)]
        found = _zip_members(path) if kind == "zip" else _7z_members(path)
        _check_bounds(found, path.stat().st_size, filename)
        return found


def head(path: Path, member: str, size: int) -> bytes:
    """The first ``size`` bytes of a member. Raises ArchiveRefused."""
    with _told(member):
        if _kind(path) == "7z":
            return _7z_head(path, member, size)
        with _stream(path, member) as stream:
            return stream.read(size)


def check(path: Path, filename: str) -> None:
    """Read an archive, or a workbook of the zip kind, through to its end, keeping nothing. Raises ArchiveRefused.

    Finds what is cut or damaged by the checksums within.
    """
    most = _most(path)
    with _told(filename):
        kind = kind_of_file(path)
        if kind == "7z":
            _check_bounds(_7z_members(path), path.stat().st_size, filename)
            _check_7z(path, filename)
        elif kind == "gz":
            with gzip.open(path) as stream:
                _read_through(cast(IO[bytes], stream), most, filename)
        else:
            _check_bounds(_zip_members(path), path.stat().st_size, filename)
            with zipfile.ZipFile(path) as archive:
                for member in archive.infolist():
                    with archive.open(member) as stream:
                        _read_through(stream, most, member.filename)


def read_through(path: Path, member: str) -> int:
    """Read one member of a gz or zip file to its end, keeping nothing; return its size. Raises ArchiveRefused."""
    with _told(member), _stream(path, member) as stream:
        return _read_through(stream, _most(path), member)


def unpack(path: Path, member: str, target: Path) -> int:
    """Unpack one member to a file; return its size. Raises ArchiveRefused, leaving no file behind."""
    most = _most(path)
    try:
        with _told(member):
            if _kind(path) == "7z":
                return _unpack_7z(path, member, target, most)
            with _stream(path, member) as stream, target.open("wb") as file:
                return _copy(stream, file, most, member)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _most(path: Path) -> int:
    """How many bytes a member of this archive may have."""
    return min(MOST_BYTES, max(_HARMLESS, MOST_RATIO * path.stat().st_size))


def kind_of_file(path: Path) -> str | None:
    """zip, gz or 7z by the first bytes of a file, as ``kind_of`` tells them."""
    with path.open("rb") as file:
        return kind_of(file.read(4096))


def _kind(path: Path) -> str:
    kind = kind_of_file(path)
    if kind is None:
        raise ArchiveRefused(f"{path.name} is no zip, gz or 7z file")
    return kind


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Say what is wrong with an archive in our words."""
    try:
        yield
    except ArchiveRefused:
        raise
    except _DAMAGE as fault:
        locked = "password" in str(fault).lower() or isinstance(fault, py7zr.exceptions.PasswordRequired)
        why = "is locked with a password" if locked else f"is damaged: {str(fault) or type(fault).__name__}"
        raise ArchiveRefused(f"{name} {why}") from fault


def _zip_members(path: Path) -> list[Member]:
    with zipfile.ZipFile(path) as archive:
        return [Member(i.filename, i.file_size) for i in archive.infolist() if not i.is_dir()]


def _7z_members(path: Path) -> list[Member]:
    with py7zr.SevenZipFile(path) as archive:
        if archive.needs_password():
            raise ArchiveRefused(f"{path.name} is locked with a password")
        return [Member(i.filename, i.uncompressed) for i in archive.list() if not i.is_directory]


def _check_bounds(found: list[Member], packed: int, filename: str) -> None:
    total = sum(m.size or 0 for m in found)
    if len(found) > MOST_MEMBERS:
        raise ArchiveRefused(f"{filename} has {len(found)} members, more than {MOST_MEMBERS}")
    if total > MOST_BYTES or (total > _HARMLESS and total > MOST_RATIO * packed):
        raise ArchiveRefused(f"{filename} would unpack from {packed} to {total} bytes: not unpacked")
    names = [m.name for m in found]
    if len(set(names)) < len(names):
        raise ArchiveRefused(f"{filename} has two members of one name: which is meant cannot be said")


@contextmanager
def _stream(path: Path, member: str) -> Iterator[IO[bytes]]:
    if _kind(path) == "gz":
        with gzip.open(path) as unzipped:
            yield cast(IO[bytes], unzipped)
        return
    with zipfile.ZipFile(path) as archive:
        try:
            stream = archive.open(member)
        except KeyError:
            raise ArchiveRefused(f"{member} is not in the archive") from None
        with stream:
            yield stream


def _copy(stream: IO[bytes], file: BinaryIO, most: int, member: str) -> int:
    size = 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        _check_size(size, most, member)
        file.write(chunk)
    return size


def _read_through(stream: IO[bytes], most: int, member: str) -> int:
    size = 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        _check_size(size, most, member)
    return size


def _check_7z(path: Path, filename: str) -> None:
    with py7zr.SevenZipFile(path) as archive:
        if bad := archive.testzip():
            raise ArchiveRefused(f"{filename} is damaged: {bad} has not its checksum")


def _check_size(size: int, most: int, member: str) -> None:
    if size > most:
        raise ArchiveRefused(f"{member} unpacks to more than {most} bytes: not unpacked further")


class _Enough(Exception):
    """As much of a member as was wanted has been read."""


class _ToFile(Py7zIO):
    """Takes a member as it is unpacked and passes it on."""

    def __init__(self, file: BinaryIO, most: int, member: str, *, stops: bool) -> None:
        self.file, self.most, self.member, self.stops = file, most, member, stops
        self.written = 0

    def write(self, s: bytes | bytearray) -> int:
        self.written += len(s)
        if not self.stops:
            _check_size(self.written, self.most, self.member)
        self.file.write(s)
        if self.stops and self.written >= self.most:
            raise _Enough
        return len(s)

    def read(self, size: int | None = None) -> bytes:  # noqa: ARG002
        return b""

    def seek(self, offset: int, whence: int = 0) -> int:  # noqa: ARG002
        return 0

    def flush(self) -> None:
        return None

    def size(self) -> int:
        return self.written


class _One(WriterFactory):
    """Gives the one member that is wanted its place to go."""

    def __init__(self, taken: _ToFile) -> None:
        self.taken = taken

    def create(self, filename: str) -> Py7zIO:  # noqa: ARG002
        return self.taken


def _7z_head(path: Path, member: str, size: int) -> bytes:
    file = io.BytesIO()
    with suppress(_Enough):
        _extract_7z(path, member, _ToFile(file, size, member, stops=True))
    return file.getvalue()[:size]


def _unpack_7z(path: Path, member: str, target: Path, most: int) -> int:
    with target.open("wb") as file:
        taken = _ToFile(file, most, member, stops=False)
        _extract_7z(path, member, taken)
        return taken.written


def _extract_7z(path: Path, member: str, taken: _ToFile) -> None:
    with py7zr.SevenZipFile(path) as archive:
        if member not in archive.getnames():
            raise ArchiveRefused(f"{member} is not in the archive")
        archive.extract(targets=[member], factory=_One(taken))
