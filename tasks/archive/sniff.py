"""Sniffing: what sources recognise a file by. That is its name, its first bytes and, where a source needs it, all of it.

The file may be a download, a member of an archive, or a publisher's answer; sources get all of them in the same form.
"""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from tasks.archive import containers, json_text, workbook

#: How many bytes of a file are read to recognise it.
HEAD = 64 * 1024
#: A larger JSON file is not parsed to recognise it, bytes.
MOST_JSON = 256 * 1024 * 1024

_MAGIC = (
    (b"PK\x03\x04", "zip"),
    (b"\x1f\x8b", "gz"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
    (b"%PDF", "pdf"),
    (b"PAR1", "parquet"),
)
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True)
class Sniffed:
    """A file that is to be recognised. ``head`` is its first HEAD bytes, ``size`` all its bytes; ``fetch`` gives its path.

    A member of an archive is unpacked when ``path`` is used, so use it only where ``head`` is not enough.
    """

    filename: str
    head: bytes
    size: int
    fetch: Callable[[], Path] = field(repr=False, compare=False)

    @cached_property
    def path(self) -> Path:
        """The path of the whole file."""
        return self.fetch()

    @cached_property
    def kind(self) -> str:
        """zip, gz, 7z, xls, xlsx, docx, pptx, ods, odt, pdf, parquet, html, xml, json or text: by content, not by name.

        A zip file is looked into: a workbook is one by its parts, in whatever order they lie. xlsm and xlsb count as xlsx.
        """
        for magic, kind in _MAGIC:
            if self.head.startswith(magic):
                return self._kind_of_zip() if kind == "zip" else kind
        start = self.text[:512].lstrip().lower()
        if start.startswith(("<!doctype html", "<html", "<head", "<body")):
            return "html"
        if start.startswith("<"):
            return "xml"
        return "json" if start.startswith(("{", "[")) else "text"

    def _kind_of_zip(self) -> str:
        kind = containers.kind_of_zip(self.path)
        has_parts = b"xl/" in self.head and b"[Content_Types].xml" in self.head
        # An archive that is whole may have a workbook in it, stored as it is: then the parts are not its own.
        is_cut = kind == "zip" and has_parts and not zipfile.is_zipfile(self.path)
        return "xlsx" if is_cut else kind

    @cached_property
    def encoding(self) -> str:
        """The encoding of a text: by its byte order mark, else the first of UTF-8, GB18030 and CP932 that decodes it.

        A guess, for recognising only; a source names the encoding it reads.
        """
        for mark, name in _BOMS:
            if self.head.startswith(mark):
                return name
        for name in ("utf-8", "gb18030", "cp932"):
            if _decodes(self.head, name, is_whole=self.size <= len(self.head)):
                return name
        return "latin-1"

    @cached_property
    def text(self) -> str:
        """The head as text."""
        return self.head.decode(self.encoding, errors="replace")

    @cached_property
    def lines(self) -> list[str]:
        """The complete lines of the head, without line ends."""
        lines = self.text.splitlines()
        return lines if self.size <= len(self.head) else lines[:-1]

    @cached_property
    def json(self) -> Any:
        """The whole file parsed as JSON, with numbers as printed text; None if it is not JSON or too large.

        Raises LayoutChanged for an object that states a key twice.
        """
        if self.kind != "json" or self.size > MOST_JSON:
            return None
        try:
            return json_text.parse(self.path.read_text(encoding="utf-8-sig"), self.filename)
        except (ValueError, UnicodeDecodeError, RecursionError):
            return None

    @cached_property
    def sheets(self) -> dict[str, list[list[Any]]]:
        """The first 40 rows of each sheet of an xls or xlsx workbook, by sheet name; empty for other or damaged files."""
        if self.kind not in ("xls", "xlsx"):
            return {}
        return self._workbook[0]

    @cached_property
    def workbook_fault(self) -> str | None:
        """Why a workbook cannot be read; None for one that can, and for other files."""
        return self._workbook[1] if self.kind in ("xls", "xlsx") else None

    @cached_property
    def _workbook(self) -> tuple[dict[str, list[list[Any]]], str | None]:
        try:
            return workbook.sheets(self.path, 40, skips_empty_area=True), None
        except workbook.Unreadable as fault:
            return {}, str(fault)


def sniff(path: Path, filename: str | None = None) -> Sniffed:
    """Read the head of a file; ``filename`` replaces its own name. Raises OSError."""
    with path.open("rb") as file:
        return Sniffed(filename or path.name, file.read(HEAD), path.stat().st_size, lambda: path)


def _decodes(data: bytes, encoding: str, *, is_whole: bool) -> bool:
    """Whether bytes are text in an encoding; unless ``is_whole``, the last character may be cut."""
    for cut in range(1 if is_whole else 4):
        try:
            data[: len(data) - cut].decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False
