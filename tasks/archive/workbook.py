"""Opening workbooks (xls, xlsx) of whatever state: what the library that reads them would not survive is found before.

The library (calamine) follows the chains of sectors of an xls file without an end where damage has made a ring of them, and
keeps a place in memory for every cell of the rectangle around those filled: one stray cell far away asks for gigabytes. Both end the whole program.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END_OF_CHAIN = 0xFFFFFFFE
#: Numbers from here on name no sector.
_NO_SECTOR = 0xFFFFFFFA
#: How many empty cells the rectangle of a sheet may have beside those filled, and for each of them.
_MOST_EMPTY, _MOST_EMPTY_FOR_EACH = 10_000_000, 4
_CHUNK = 1 << 20
#: A sheet of a million rows and fifty columns has about this size, bytes.
_MOST_BYTES = 4 * 1024**3
#: A cell with content, by its place; one that only has a format ends with a slash or at once.
_CELL = re.compile(rb'<(?:\w+:)?c\s[^<>]*?\br="([A-Z]{1,3})(\d{1,7})"(?:[^<>]*[^<>/])?>(?!</|<v/>|<v></v>)')
#: No tag of a cell is longer, bytes.
_LONGEST_TAG = 400


class Unreadable(ValueError):
    """A workbook that cannot be read; the message says why."""


def sheets(path: Path, most_rows: int | None = None, *, skips_empty_area: bool = True) -> dict[str, list[list[Any]]]:
    """The rows of each sheet, by its name; ``most_rows`` of each where given. Empty cells are "". Raises Unreadable.

    ``skips_empty_area``: empty rows and columns before the first cell with a value are left out.
    """
    from python_calamine import CalamineWorkbook

    try:
        _check(path)
        book = CalamineWorkbook.from_path(str(path))
        return {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=skips_empty_area, nrows=most_rows)
            for name in book.sheet_names
        }
    except (Unreadable, MemoryError):
        raise
    except Exception as fault:
        raise Unreadable(f"it is truncated, damaged or encrypted: {fault}") from fault
    except BaseException as fault:
        if type(fault).__name__ != "PanicException":  # of the library, for what it does not expect in a damaged file
            raise
        raise Unreadable(f"it is truncated, damaged or encrypted: {fault}") from fault


def _check(path: Path) -> None:
    """Raises Unreadable for what would end the program."""
    with path.open("rb") as file:
        is_ole = file.read(8) == _OLE
    if is_ole:
        _check_sectors(path.read_bytes())
    elif zipfile.is_zipfile(path):
        _check_extents(path)


# -- xls: chains of sectors ----------------------------------------------------------------------------------


def _check_sectors(data: bytes) -> None:
    """Raises Unreadable if a chain of sectors returns to one of its own. The form is Microsoft's [MS-CFB]."""
    if len(data) < 512 or (shift := struct.unpack_from("<H", data, 30)[0]) not in (9, 12):
        raise Unreadable("it is truncated or damaged: it has no header of a workbook")
    size = 1 << shift
    nexts = [number for sector in _allocation_sectors(data, size) for number in _numbers(data, sector, size)]
    _check_ends(nexts)
    first_of_small = struct.unpack_from("<I", data, 60)[0]
    small = [number for sector in _chain(nexts, first_of_small) for number in _numbers(data, sector, size)]
    _check_ends(small)


def _allocation_sectors(data: bytes, size: int) -> Iterator[int]:
    """The sectors that say which sector follows which: 109 are named in the header, more in a chain of lists."""
    yield from (number for number in struct.unpack_from("<109I", data, 76) if number < _NO_SECTOR)
    seen, following = set[int](), struct.unpack_from("<I", data, 68)[0]
    while following < _NO_SECTOR:
        if following in seen:
            raise Unreadable("it is damaged: the list of its sectors has no end")
        seen.add(following)
        numbers = _numbers(data, following, size)
        yield from (number for number in numbers[:-1] if number < _NO_SECTOR)
        following = numbers[-1] if numbers else _END_OF_CHAIN


def _numbers(data: bytes, sector: int, size: int) -> tuple[int, ...]:
    """The numbers in a sector; none beyond the end of the file."""
    start = (sector + 1) * size
    part = data[start : start + size]
    return struct.unpack(f"<{len(part) // 4}I", part[: len(part) // 4 * 4])


def _chain(nexts: list[int], first: int) -> Iterator[int]:
    while first < len(nexts):
        yield first
        first = nexts[first]


def _check_ends(nexts: list[int]) -> None:
    """Raises Unreadable if following the numbers from any of them leads back to it."""
    seen_from = [-1] * len(nexts)
    for start in range(len(nexts)):
        at = start
        while at < len(nexts) and seen_from[at] < 0:
            seen_from[at] = start
            at = nexts[at]
        if at < len(nexts) and seen_from[at] == start:
            raise Unreadable("it is truncated or damaged: a chain of its sectors has no end")


# -- xlsx: how far a sheet reaches ---------------------------------------------------------------------------


def _check_extents(path: Path) -> None:
    """Raises Unreadable for a sheet with cells so far apart that the rectangle around them does not fit into memory."""
    try:
        with zipfile.ZipFile(path) as archive:
            for part in archive.namelist():
                if part.startswith("xl/worksheets/") and part.endswith(".xml"):
                    _check_extent(archive, part)
    except (zipfile.BadZipFile, zlib.error) as fault:
        raise Unreadable(f"it is truncated or damaged: {fault}") from fault


def _check_extent(archive: zipfile.ZipFile, part: str) -> None:
    cells, rows, columns, farthest = 0, 0, 0, ""
    for column, row in _cells(archive, part):
        cells += 1
        if row > rows or column > columns:
            rows, columns = max(row, rows), max(column, columns)
            farthest = f"row {rows:,} and column {columns:,}"
    if rows * columns > _MOST_EMPTY + _MOST_EMPTY_FOR_EACH * cells:
        raise Unreadable(
            f"its {cells:,} cells reach to {farthest} of {part.rsplit('/', 1)[-1]}: delete what stands far from the table and save it again"
        )


def _cells(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[int, int]]:
    """Column and row of each cell with content. Raises Unreadable for a part that unpacks to far more than its size."""
    kept, size = b"", 0
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > _MOST_BYTES:
                raise Unreadable(f"its part {part} unpacks to more than the limit of {_MOST_BYTES:,} bytes")
            data = kept + chunk
            sure = len(data) - _LONGEST_TAG
            yield from (_place(match) for match in _CELL.finditer(data) if match.start() < sure)
            kept = data[max(sure, 0) :]
    yield from (_place(match) for match in _CELL.finditer(kept))


def _place(match: re.Match[bytes]) -> tuple[int, int]:
    return _column(match[1]), int(match[2])


def _column(letters: bytes) -> int:
    """The number of a column by its letters: A is 1.

    >>> _column(b"XFD")
    16384
    """
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
