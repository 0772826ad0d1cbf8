"""Reading zip, gz and 7z files: their members, the first bytes of a member, and one member unpacked to a file.

Only one chunk at a time is in memory. A member is unpacked to a path that the caller names, never to the name in the
archive. An archive that would unpack to far more than its size is refused, before and while it is read.
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

from warehouse import printable
from warehouse.errors import ArchiveRefused

#: Limits of what is unpacked: members of an archive, bytes of a member, and unpacked bytes for each packed byte.
MOST_MEMBERS = 10_000
MOST_BYTES = 64 * 1024**3
MOST_RATIO = 250
#: Up to this size a member is unpacked whatever its ratio.
_ALWAYS_ALLOWED = 64 * 1024**2

_CHUNK = 1 << 20
#: What the libraries raise for damaged or encrypted archives.
_LIBRARY_FAULTS = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, lzma.LZMAError, py7zr.exceptions.ArchiveError, NotImplementedError,
    RuntimeError, ValueError,
)  # fmt: skip


@dataclass(frozen=True)
class Member:
    """A file in an archive. ``size`` in bytes is None where the archive does not state it (gz)."""

    name: str
    size: int | None


#: Documents that are zip files: a part that only they have, beside the list of their parts.
_OFFICE_PARTS = {"xl/": "xlsx", "word/": "docx", "ppt/": "pptx"}
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."


def kind_of_zip(path: Path) -> str:
    """What a zip file is, by the names of its parts in whatever order they lie: xlsx (xlsm and xlsb too), docx, pptx, ods,
    odt …, or zip for an archive, and for one that is damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if "[Content_Types].xml" in names:
                return next(
                    (kind for part, kind in _OFFICE_PARTS.items() if any(n.startswith(part) for n in names)), "zip"
                )
            return _open_document(archive.read("mimetype")) if "mimetype" in names else "zip"
    except _LIBRARY_FAULTS:
        return "zip"


def _open_document(media_type: bytes) -> str:
    text = media_type.decode("ascii", errors="replace").strip()
    kinds = {"spreadsheet": "ods", "text": "odt", "presentation": "odp"}
    return kinds.get(text.removeprefix(_OPEN_DOCUMENT), "zip") if text.startswith(_OPEN_DOCUMENT) else "zip"


def members(path: Path, filename: str) -> list[Member]:
    """The members of an archive without its folders. Raises ArchiveRefused if it is damaged, encrypted or too large.

    ``filename`` is the archive's own name, from which the one member of a gz file gets its name.
    """
    with _as_archive_refused(filename):
        kind = _kind(path)
        if kind == "gz":
            return [Member(filename.removesuffix(".gz"), None)]
        result = _zip_members(path) if kind == "zip" else _7z_members(path)
        _check_limits(result, path.stat().st_size, filename)
        return result


def head(path: Path, member: str, size: int) -> bytes:
    """The first ``size`` bytes of a member. Raises ArchiveRefused."""
    with _as_archive_refused(member):
        if _kind(path) == "7z":
            return _7z_head(path, member, size)
        with _stream(path, member) as stream:
            return stream.read(size)


def check(path: Path, filename: str) -> None:
    """Verify the checksums of an archive, or of a workbook that is a zip file. Raises ArchiveRefused.

    The whole file is read; nothing is written.
    """
    limit = _size_limit(path)
    with _as_archive_refused(filename):
        kind = kind_of_file(path)
        if kind == "7z":
            _check_limits(_7z_members(path), path.stat().st_size, filename)
            _check_7z(path, filename)
        elif kind == "gz":
            with gzip.open(path) as stream:
                _read_through(cast(IO[bytes], stream), limit, filename)
        else:
            _check_limits(_zip_members(path), path.stat().st_size, filename)
            with zipfile.ZipFile(path) as archive:
                for member in archive.infolist():
                    with archive.open(member) as stream:
                        _read_through(stream, limit, member.filename)


def read_through(path: Path, member: str) -> int:
    """Read one member of a gz or zip file to its end; return its size in bytes. Raises ArchiveRefused."""
    with _as_archive_refused(member), _stream(path, member) as stream:
        return _read_through(stream, _size_limit(path), member)


def unpack(path: Path, member: str, target: Path) -> int:
    """Unpack one member to a file; return its size in bytes. Raises ArchiveRefused, and then leaves no file."""
    limit = _size_limit(path)
    try:
        with _as_archive_refused(member):
            if _kind(path) == "7z":
                return _unpack_7z(path, member, target, limit)
            with _stream(path, member) as stream, target.open("wb") as file:
                return _copy(stream, file, limit, member)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _size_limit(path: Path) -> int:
    """The most bytes that a member of this archive may have."""
    return min(MOST_BYTES, max(_ALWAYS_ALLOWED, MOST_RATIO * path.stat().st_size))


def kind_of_file(path: Path) -> str | None:
    """zip, gz or 7z; None for anything else, and for workbooks and other documents, which are zip files too."""
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(b"PK\x03\x04"):
        return "zip" if kind_of_zip(path) == "zip" else None
    if head.startswith(b"\x1f\x8b"):
        return "gz"
    return "7z" if head.startswith(b"7z\xbc\xaf\x27\x1c") else None


def _kind(path: Path) -> str:
    kind = kind_of_file(path)
    if kind is None:
        raise ArchiveRefused(f"{path.name} is not a zip, gz or 7z file")
    return kind


@contextmanager
def _as_archive_refused(name: str) -> Iterator[None]:
    """Raise the libraries' exceptions as ArchiveRefused."""
    try:
        yield
    except ArchiveRefused:
        raise
    except _LIBRARY_FAULTS as fault:
        is_encrypted = "password" in str(fault).lower() or isinstance(fault, py7zr.exceptions.PasswordRequired)
        reason = "needs a password" if is_encrypted else f"is damaged: {str(fault) or type(fault).__name__}"
        raise ArchiveRefused(f"{name} {reason}") from fault


def _zip_members(path: Path) -> list[Member]:
    with zipfile.ZipFile(path) as archive:
        return [Member(i.filename, i.file_size) for i in archive.infolist() if not i.is_dir()]


def _7z_members(path: Path) -> list[Member]:
    with py7zr.SevenZipFile(path) as archive:
        if archive.needs_password():
            raise ArchiveRefused(f"{path.name} needs a password")
        return [Member(i.filename, i.uncompressed) for i in archive.list() if not i.is_directory]


def _check_limits(listed: list[Member], packed: int, filename: str) -> None:
    total = sum(m.size or 0 for m in listed)
    if len(listed) > MOST_MEMBERS:
        raise ArchiveRefused(f"{filename} has {len(listed)} members, more than the limit of {MOST_MEMBERS}")
    if total > MOST_BYTES or (total > _ALWAYS_ALLOWED and total > MOST_RATIO * packed):
        raise ArchiveRefused(f"{filename} would unpack from {packed} to {total} bytes, which is above the limit")
    if strange := next((m.name for m in listed if printable.has_controls(m.name)), None):
        raise ArchiveRefused(
            f"{filename} has a member with control characters in its name: {printable.in_one_line(strange)}"
        )
    names = [m.name for m in listed]
    if len(set(names)) < len(names):
        raise ArchiveRefused(f"{filename} has several members with the same name. Unpack it and adopt its files")


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
            raise ArchiveRefused(f"{path.name} has no member {member}") from None
        with stream:
            yield stream


def _copy(stream: IO[bytes], file: BinaryIO, limit: int, member: str) -> int:
    return sum(file.write(chunk) for chunk in _chunks(stream, limit, member))


def _read_through(stream: IO[bytes], limit: int, member: str) -> int:
    return sum(len(chunk) for chunk in _chunks(stream, limit, member))


def _chunks(stream: IO[bytes], limit: int, member: str) -> Iterator[bytes]:
    """The bytes of a member. Raises ArchiveRefused for more than ``limit``."""
    size = 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        _check_size(size, limit, member)
        yield chunk


def _check_7z(path: Path, filename: str) -> None:
    with py7zr.SevenZipFile(path) as archive:
        if member := archive.testzip():
            raise ArchiveRefused(f"{filename} is damaged: wrong checksum of {member}")


def _check_size(size: int, limit: int, member: str) -> None:
    if size > limit:
        raise ArchiveRefused(f"{member} unpacks to more than the limit of {limit} bytes")


class _HeadComplete(Exception):
    """The first bytes of a member have been read."""


class _MemberWriter(Py7zIO):
    """Writes a member to a file while py7zr unpacks it. ``stops``: raise _HeadComplete after ``limit`` bytes."""

    def __init__(self, file: BinaryIO, limit: int, member: str, *, stops: bool) -> None:
        self.file, self.limit, self.member, self.stops = file, limit, member, stops
        self.written = 0

    def write(self, s: bytes | bytearray) -> int:
        self.written += len(s)
        if not self.stops:
            _check_size(self.written, self.limit, self.member)
        self.file.write(s)
        if self.stops and self.written >= self.limit:
            raise _HeadComplete
        return len(s)

    def read(self, size: int | None = None) -> bytes:  # noqa: ARG002
        return b""

    def seek(self, offset: int, whence: int = 0) -> int:  # noqa: ARG002
        return 0

    def flush(self) -> None:
        return None

    def size(self) -> int:
        return self.written


class _SingleWriter(WriterFactory):
    """Gives py7zr the writer of the one member that is unpacked."""

    def __init__(self, writer: _MemberWriter) -> None:
        self.writer = writer

    def create(self, filename: str) -> Py7zIO:  # noqa: ARG002
        return self.writer


def _7z_head(path: Path, member: str, size: int) -> bytes:
    file = io.BytesIO()
    with suppress(_HeadComplete):
        _extract_7z(path, member, _MemberWriter(file, size, member, stops=True))
    return file.getvalue()[:size]


def _unpack_7z(path: Path, member: str, target: Path, limit: int) -> int:
    with target.open("wb") as file:
        writer = _MemberWriter(file, limit, member, stops=False)
        _extract_7z(path, member, writer)
        return writer.written


def _extract_7z(path: Path, member: str, writer: _MemberWriter) -> None:
    with py7zr.SevenZipFile(path) as archive:
        if member not in archive.getnames():
            raise ArchiveRefused(f"{path.name} has no member {member}")
        archive.extract(targets=[member], factory=_SingleWriter(writer))
