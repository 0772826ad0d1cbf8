"""What is wrong with an answer of status 200 before its publisher's own rules are looked at."""

from pathlib import Path, PurePath

from tasks.archive import containers
from tasks.archive.sniff import Sniffed
from tasks.contract.service import Request
from tasks.fetch.session import Reply
from warehouse.errors import ArchiveRefused, EmptyAnswer, NotData

_PACKED = ("zip", "gz", "7z", "xlsx")
_BINARY = (*_PACKED, "xls", "pdf", "parquet")
#: What a file must be by the end of its name. Names that end otherwise promise text.
_BY_NAME = {
    ".zip": "zip",
    ".gz": "gz",
    ".7z": "7z",
    ".xls": "xls",
    ".xlsx": "xlsx",
    ".pdf": "pdf",
    ".parquet": "parquet",
}
#: A packed answer larger than this has its checksums looked at when its members are unpacked to be loaded, not here as well.
_MOST_CHECKED = 256 * 1024**2
#: What no table comes as.
_NO_DATA = ("image/", "video/", "audio/", "font/", "multipart/")


def check(request: Request, reply: Reply, sniffed: Sniffed) -> None:
    """Raise EmptyAnswer or NotData for an answer that cannot be what was asked for."""
    if not reply.size or (reply.size <= len(sniffed.head) and not sniffed.head.strip()):
        raise EmptyAnswer("the answer is empty")
    declared = reply.headers.get("content-type", "").split(";")[0].strip().lower()
    _check_html(request, sniffed, declared)
    _check_kind(request, reply, sniffed, declared)
    if sniffed.kind in _PACKED:
        _check_whole(reply.path, request.filename, sniffed)


def _check_html(request: Request, sniffed: Sniffed, declared: str) -> None:
    """HTML is no data unless the request says that it accepts it, as where a publisher declares its data so."""
    if "html" in (request.accept or ""):
        return
    if sniffed.kind == "html" or (sniffed.kind == "xml" and "<html" in sniffed.text[:2048].lower()):
        raise NotData(f"an HTML page came instead of data: {_title(sniffed.text)}")
    if "html" in declared:
        raise NotData(f"the answer is declared as {declared}, which is no data")


def _check_kind(request: Request, reply: Reply, sniffed: Sniffed, declared: str) -> None:
    """The name that was asked for, the declared type and the bytes must agree."""
    kind, suffix = sniffed.kind, PurePath(request.filename).suffix.lower()
    wanted = _BY_NAME.get(suffix)
    if wanted == "gz" and "gzip" in reply.headers.get("content-encoding", ""):
        wanted = None  # the service meant the file, and it has been unpacked on the way
    if declared.startswith(_NO_DATA):
        raise NotData(f"the answer is declared as {declared}, which is no data")
    if wanted and kind != wanted and not (wanted == "xls" and kind == "xlsx"):
        raise NotData(f"a {wanted} file was asked for, and the answer is {kind}{_beginning(sniffed)}")
    if not wanted and kind in _BINARY and suffix:
        raise NotData(f"{suffix[1:]} was asked for, and the answer is a {kind} file")
    if not wanted and kind == "text" and b"\x00" in sniffed.head and sniffed.encoding != "utf-16":
        raise NotData(f"{suffix[1:] or 'text'} was asked for, and the answer is binary")
    if kind != wanted and (said := _declared_kind(declared)) and said != kind:
        raise NotData(f"the answer is declared as {declared} and is {kind}{_beginning(sniffed)}")


def _declared_kind(declared: str) -> str | None:
    """What a media type promises, where only one kind of bytes can keep it."""
    for word, kind in (("json", "json"), ("csv", None), ("openxml", "xlsx"), ("ms-excel", None), ("xml", "xml")):
        if word in declared:
            return kind
    return {
        "application/zip": "zip",
        "application/x-7z-compressed": "7z",
        "application/gzip": "gz",
        "application/pdf": "pdf",
    }.get(declared)


def _check_whole(path: Path, filename: str, sniffed: Sniffed) -> None:
    """Its checksums, and how much it would unpack to."""
    try:
        if sniffed.size > _MOST_CHECKED:
            containers.members(path, filename)
        else:
            containers.check(path, filename)
        return
    except ArchiveRefused as fault:
        told = str(fault)
    raise NotData(told)


def _title(text: str) -> str:
    lower = text.lower()
    start, end = lower.find("<title"), lower.find("</title")
    said = text[text.find(">", start) + 1 : end] if -1 < start < end else ""
    return " ".join(said.split())[:120] or "without a title"


def _beginning(sniffed: Sniffed) -> str:
    if sniffed.kind in _BINARY:
        return ""
    return f" that begins {' '.join(sniffed.text[:200].split())[:80]!r}"
