"""Text as people have it, put into the form that sources read: UTF-8, with line feeds at the ends of lines.

An encoding is found by the byte order mark; else it is UTF-8 if all of the text is; else it is one of those the publisher
writes, of those spreadsheet programs save text in, or one that charset-normalizer thinks possible. All but the first two are guesses, so that the text has to have known place
names with a letter beyond ASCII in it, and the encoding with most of them is taken; only where none has one, the publisher's
encoding is believed without.
"""

import codecs
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from tasks.archive.sniff import HEAD, Sniffed, sniff
from tasks.archive.store import Opened
from warehouse import reference_files

_CHUNK = 1 << 20
#: Bytes of lines with letters beyond ASCII by which an encoding is found.
_SAMPLE = 64 * 1024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
#: What spreadsheet programs save text in: on Windows, on a Macintosh, as "CSV (MS-DOS)".
_OF_SPREADSHEETS = ("cp1252", "mac_roman", "cp850")
#: Characters that no text has: what single-byte encodings have where another encoding has letters.
_CONTROLS = re.compile(r"[\x80-\x9f]")


def encoding_of(path: Path, of_publisher: Sequence[str] = ()) -> str | None:
    """The encoding of a text file, as Python names it; None if it is none that can be trusted.

    ``of_publisher`` are the encodings beside UTF-8 that its publisher is known to write.

    >>> encoding_of(Path("TradeData.csv"), ["iso-8859-1"])
    'iso-8859-1'
    """
    with path.open("rb") as file:
        head = file.read(4)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name if _decodes(path, name) else None
    if _decodes(path, "utf-8"):
        return "utf-8"
    sample = _sample(path)
    candidates = (*of_publisher, *_OF_SPREADSHEETS, *_detected(sample))
    possible = [name for name in dict.fromkeys(candidates) if _is_text(sample, name)]
    return _most_telling(sample, [name for name in possible if _decodes(path, name)], of_publisher)


def _most_telling(sample: bytes, possible: Sequence[str], of_publisher: Sequence[str]) -> str | None:
    """The encoding in which most place names are known; None where several that read the text differently have as many."""
    of_the_publisher = next((name for name in possible if name in of_publisher), None)
    names = {encoding: _known_names(sample.decode(encoding)) for encoding in possible}
    most = max(names.values(), default=0)
    if not most:
        return of_the_publisher
    best = [encoding for encoding in possible if names[encoding] == most]
    if of_the_publisher in best:
        return of_the_publisher
    return best[0] if len({sample.decode(encoding) for encoding in best}) == 1 else None


def in_utf8(opened: Opened, of_publisher: Sequence[str]) -> Opened:
    """An artifact whose text is in UTF-8 with line feeds; a copy in ``scratch`` where its bytes are not.

    Other kinds of files, and a text of no encoding that can be trusted, stay as they are.
    """
    if sniff(opened.path).kind not in ("text", "json"):
        return opened
    encoding = encoding_of(opened.path, of_publisher)
    ends_with_returns = _ends_lines_with_returns(opened.path, encoding or "latin-1")
    if encoding is None or (encoding in ("utf-8", "utf-8-sig") and not ends_with_returns):
        return opened
    return replace(opened, path=_copy(opened.path, opened.scratch / "text", encoding))


def with_line_feeds(sniffed: Sniffed, folder: Callable[[], Path]) -> Sniffed:
    """A text that is to be recognised with line feeds at the ends of its lines, where it has carriage returns alone.

    ``folder`` gives a folder for a copy, which is made only if ``path`` is used.
    """
    if sniffed.kind != "text" or b"\n" in sniffed.head or b"\r" not in sniffed.head or b"\x00" in sniffed.head:
        return sniffed

    def fetch() -> Path:
        target = folder() / "lines"
        with sniffed.path.open("rb") as file, target.open("wb") as copy:
            while chunk := file.read(_CHUNK):
                copy.write(chunk.replace(b"\r", b"\n"))
        return target

    return Sniffed(sniffed.filename, sniffed.head.replace(b"\r", b"\n"), sniffed.size, fetch)


def _ends_lines_with_returns(path: Path, encoding: str) -> bool:
    """Whether a text has carriage returns and no line feed in its first bytes."""
    with path.open("rb") as file:
        head = codecs.getincrementaldecoder(encoding)(errors="replace").decode(file.read(HEAD))
    return "\r" in head and "\n" not in head


def _copy(path: Path, target: Path, encoding: str) -> Path:
    """A text in UTF-8, with a line feed at the end of each line where it has only carriage returns."""
    newline = None if _ends_lines_with_returns(path, encoding) else ""
    with path.open(encoding=encoding, newline=newline) as file, target.open("w", encoding="utf-8", newline="") as copy:
        while chunk := file.read(_CHUNK):
            copy.write(chunk)
    return target


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _sample(path: Path) -> bytes:
    """The first lines of a file that have bytes beyond ASCII."""
    lines = bytearray()
    with path.open("rb") as file:
        for line in _lines(file.read(64 * _CHUNK)):
            if not line.isascii():
                lines += line[:_SAMPLE] + b"\n"
            if len(lines) > _SAMPLE:
                break
    return bytes(lines)


def _lines(data: bytes) -> Iterator[bytes]:
    return (match[0] for match in re.finditer(rb"[^\r\n]+", data))


def _detected(sample: bytes) -> list[str]:
    """The encodings that charset-normalizer thinks possible, the likeliest first."""
    from charset_normalizer import from_bytes

    return [name for match in from_bytes(sample) for name in (match.encoding, *match.could_be_from_charset)]


def _is_text(sample: bytes, encoding: str) -> bool:
    try:
        return not _CONTROLS.search(sample.decode(encoding))
    except UnicodeError:
        return False


def _known_names(text: str) -> int:
    """How many different place names a text has that are known and have a letter beyond ASCII."""
    return sum(bool(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)) for name in _names() if name in text)


@cache
def _names() -> tuple[str, ...]:
    """Names of places with a letter beyond ASCII. Not their aliases, among which are names that were decoded wrongly."""
    rows = reference_files.rows("place_names.csv")
    return tuple(sorted({row["name"] for row in rows if row["kind"] != "alias" and not row["name"].isascii()}))
