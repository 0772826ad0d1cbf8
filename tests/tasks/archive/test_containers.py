"""Archives are verified by their checksums, and never unpacked beyond the limits."""

import gzip
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from tasks.archive import containers
from tasks.archive.sniff import sniff
from tests.support.publisher_server import csv
from warehouse.errors import ArchiveRefused

TABLE = csv("a,2015,1").body


def zipped(**members: bytes) -> bytes:
    """A zip file."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name, data in members.items():
            file.writestr(name, data)
    return made.getvalue()


def test_a_damaged_member_fails_its_checksum(tmp_path: Path) -> None:
    data = zipped(a=TABLE * 50)
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    containers.check(path, "a.zip")
    path.write_bytes(data.replace(b"a,2015,1", b"a,2015,2", 1))
    assert [m.name for m in containers.members(path, "a.zip")] == ["a"]
    with pytest.raises(ArchiveRefused, match=r"a.zip is damaged: Bad CRC-32"):
        containers.check(path, "a.zip")


def test_an_archive_that_unpacks_to_far_more_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(b"0" * (80 << 20)))
    with pytest.raises(ArchiveRefused, match="unpacks to more than the limit"):
        containers.check(path, "a.gz")


def workbook(macros: bool = False) -> list[tuple[str, bytes]]:
    """The parts of a workbook, by name."""
    made, book = io.BytesIO(), openpyxl.Workbook()
    book.active.append(["a", 2015])
    book.save(made)
    with zipfile.ZipFile(made) as file:
        parts = [(name, file.read(name)) for name in file.namelist()]
    return [*parts, ("xl/vbaProject.bin", b"macros")] if macros else parts


def packed(parts: list[tuple[str, bytes]]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts:
            file.writestr(name, data)
    return made.getvalue()


def parts_of(*names: str, mimetype: str = "") -> list[tuple[str, bytes]]:
    return [*((name, b"<x/>") for name in names), *([("mimetype", mimetype.encode())] if mimetype else [])]


@pytest.mark.parametrize(
    ("parts", "kind", "container"),
    [
        (workbook(), "xlsx", None),
        (workbook(macros=True), "xlsx", None),
        (parts_of("[Content_Types].xml", "word/document.xml"), "docx", None),
        (parts_of("[Content_Types].xml", "ppt/presentation.xml"), "pptx", None),
        (parts_of("content.xml", mimetype="application/vnd.oasis.opendocument.spreadsheet"), "ods", None),
        (parts_of("content.xml", mimetype="application/vnd.oasis.opendocument.text"), "odt", None),
        ([("inner.zip", packed(parts_of("a.csv"))), ("a.csv", TABLE)], "zip", "zip"),
        ([("book.xlsx", packed(workbook())), ("a.csv", TABLE)], "zip", "zip"),
        (parts_of("xl/readme.txt"), "zip", "zip"),
    ],
    ids=["xlsx", "xlsm", "docx", "pptx", "ods", "odt", "zip in zip", "xlsx in zip", "zip with a folder xl"],
)  # fmt: skip
def test_a_document_is_found_by_its_parts_in_any_order(
    tmp_path: Path, parts: list[tuple[str, bytes]], kind: str, container: str | None
) -> None:
    for turn in range(len(parts)):
        path = tmp_path / f"{turn}.bin"
        path.write_bytes(packed(parts[turn:] + parts[:turn]))
        assert (sniff(path).kind, containers.kind_of_file(path)) == (kind, container)
        assert bool(sniff(path).sheets) == (kind == "xlsx")
