"""Checks of every answer with status 200, before the source checks it: empty, HTML, wrong type, damaged."""

import os
from pathlib import Path, PurePath

from tasks.archive import containers
from tasks.archive.sniff import Sniffed
from tasks.contract.service import Request
from tasks.fetch.answer import Answer
from warehouse.errors import ArchiveRefused, EmptyAnswer, NotData

_PACKED = ("zip", "gz", "7z", "xlsx")
_BINARY = (*_PACKED, "xls", "pdf", "parquet")
#: The kind of a file by the end of its name; all others are text.
_KIND_BY_SUFFIX = {
    ".zip": "zip",
    ".gz": "gz",
    ".7z": "7z",
    ".xls": "xls",
    ".xlsx": "xlsx",
    ".pdf": "pdf",
    ".parquet": "parquet",
}
#: The checksums of a larger packed answer, bytes, are verified only when its members are unpacked to be loaded.
_MOST_VERIFIED = 256 * 1024**2
#: Media types that no table has.
_NOT_TABLES = ("image/", "video/", "audio/", "font/", "multipart/")


def check(request: Request, answer: Answer, sniffed: Sniffed) -> None:
    """Raise EmptyAnswer or NotData for an answer that cannot be what the request asks for."""
    if not answer.size or (answer.size <= len(sniffed.head) and not sniffed.head.strip()):
        raise EmptyAnswer("the answer is empty")
    declared = answer.headers.get("content-type", "").split(";")[0].strip().lower()
    _check_html(request, sniffed, declared)
    _check_kind(request, answer, sniffed, declared)
    if sniffed.kind in _PACKED:
        _check_integrity(answer.path, request.filename, sniffed)


def _check_html(request: Request, sniffed: Sniffed, declared: str) -> None:
    """HTML is not data unless the request accepts it, for publishers that declare their data as HTML."""
    if "html" in (request.accept or ""):
        return
    if sniffed.kind == "html" or (sniffed.kind == "xml" and "<html" in sniffed.text[:2048].lower()):
        raise NotData(f"an HTML page came instead of data: {_title(sniffed.text)}")
    if "html" in declared:
        raise NotData(f"the answer is declared as {declared}, which is not data")


def _check_kind(request: Request, answer: Answer, sniffed: Sniffed, declared: str) -> None:
    """The suffix of the requested file, the declared type and the bytes must agree."""
    kind, suffix = sniffed.kind, PurePath(request.filename).suffix.lower()
    expected = _KIND_BY_SUFFIX.get(suffix)
    if expected == "gz" and "gzip" in answer.headers.get("content-encoding", ""):
        expected = (
            None  # the service declares the file's own packing as that of the transfer, and it is unpacked by now
        )
    if declared.startswith(_NOT_TABLES):
        raise NotData(f"the answer is declared as {declared}, which is not data")
    if expected and kind != expected and not (expected == "xls" and kind == "xlsx"):
        raise NotData(f"a {expected} file was requested, and the answer is {kind}{_beginning(sniffed)}")
    if not expected and kind in _BINARY and suffix:
        raise NotData(f"{suffix[1:]} was requested, and the answer is a {kind} file")
    if not expected and kind == "text" and b"\x00" in sniffed.head and sniffed.encoding != "utf-16":
        raise NotData(f"{suffix[1:] or 'text'} was requested, and the answer is binary")
    promised = _declared_kind(declared)
    if promised and kind not in (expected, promised):
        raise NotData(f"the answer is declared as {declared} and is {kind}{_beginning(sniffed)}")


def _declared_kind(declared: str) -> str | None:
    """The kind of bytes that a media type means; None where several kinds are possible."""
    for word, kind in (("json", "json"), ("csv", None), ("openxml", "xlsx"), ("ms-excel", None), ("xml", "xml")):
        if word in declared:
            return kind
    return {
        "application/zip": "zip",
        "application/x-7z-compressed": "7z",
        "application/gzip": "gz",
        "application/pdf": "pdf",
    }.get(declared)


def _check_integrity(path: Path, filename: str, sniffed: Sniffed) -> None:
    """Check the checksums of a packed answer, and the size to which it would unpack."""
    try:
        if sniffed.size > _MOST_VERIFIED:
            containers.members(path, filename)
        else:
            containers.check(path, filename)
        return
    except ArchiveRefused as fault:
        message = str(fault)
    raise NotData(message)


def check_end(sniffed: Sniffed) -> None:
    """Raise NotData for a text table that ends within a line: its last number may be cut, which the transfer does not show."""
    if sniffed.kind != "text":
        return
    with sniffed.path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        if not file.read().isspace():
            raise NotData("the text ends within a line, so the answer was cut")


def _title(text: str) -> str:
    lower = text.lower()
    start, end = lower.find("<title"), lower.find("</title")
    title = text[text.find(">", start) + 1 : end] if -1 < start < end else ""
    return " ".join(title.split())[:120] or "without a title"


def _beginning(sniffed: Sniffed) -> str:
    if sniffed.kind in _BINARY:
        return ""
    return f" that begins {' '.join(sniffed.text[:200].split())[:80]!r}"
