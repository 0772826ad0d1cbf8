"""Workbooks that would end the program that reads them are refused with the reason; all others are read."""

import io
import struct
from pathlib import Path

import openpyxl
import pytest

from tasks.archive import workbook
from tasks.archive.sniff import sniff

_SECTOR = 512
_FREE, _END, _OF_ALLOCATION = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def xlsx(*cells: tuple[str, object], formatted: str | None = None) -> bytes:
    """A workbook with these cells, and one that has only a format."""
    made, book = io.BytesIO(), openpyxl.Workbook()
    for place, value in cells:
        book.active[place] = value
    if formatted:
        book.active[formatted].number_format = "0.00"
    book.save(made)
    return made.getvalue()


def xls(nexts: dict[int, int], lists: int = _END) -> bytes:
    """A header of an xls file and one sector that says which sector follows which; ``lists``: where more such sectors are named."""
    header = bytearray(_SECTOR)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHH", header, 26, 3, 0xFFFE, 9, 6)
    struct.pack_into("<II", header, 44, 1, 1)
    struct.pack_into("<4I", header, 60, _END, 0, lists, 0)
    struct.pack_into("<109I", header, 76, 0, *[_FREE] * 108)
    following = [_OF_ALLOCATION, *(nexts.get(number, _FREE) for number in range(1, _SECTOR // 4))]
    return bytes(header) + struct.pack(f"<{len(following)}I", *following) + bytes(_SECTOR * 3)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "book"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (xls({1: 2, 2: 1}), "larger than memory"),
        (xls({1: 1}), "larger than memory"),
        (xls({1: _END}, lists=1), "is truncated, damaged or encrypted"),
        (xls({1: _END})[:300], "is truncated, damaged or encrypted"),
        (xlsx(("A1", "x"), ("XFD1048576", 1)), "a cell far from the table makes a sheet larger than memory"),
        (xlsx(("A1", "x"))[:-40], "is truncated, damaged or encrypted"),
    ],
)
def test_what_would_end_the_program_is_refused_with_the_reason(path: Path, data: bytes, says: str) -> None:
    path.write_bytes(data)
    with pytest.raises(workbook.Unreadable, match=says):
        workbook.sheets(path)
    assert sniff(path).kind not in ("xls", "xlsx") or says in str(sniff(path).workbook_fault)


def test_a_format_far_from_the_table_is_no_cell(path: Path) -> None:
    path.write_bytes(xlsx(("B2", "x"), ("C3", 1.5), formatted="XFD1048576"))
    assert workbook.sheets(path) == {"Sheet": [["x", ""], ["", 1.5]]}
    assert workbook.sheets(path, 1) == {"Sheet": [["x", ""]]}
    assert sniff(path).workbook_fault is None
