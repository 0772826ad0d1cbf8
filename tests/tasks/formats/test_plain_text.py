"""Text in other encodings and with other line ends is read as what it says, or refused; it is never read as something else."""

from collections import Counter
from pathlib import Path

import pytest

from tasks.archive.sniff import sniff
from tasks.archive.store import Artifact, Opened
from tasks.formats import plain_text

NAMES = 'code,name\n384,"Côte d\'Ivoire"\n531,Curaçao\n792,Türkiye\n'


def put(folder: Path, data: bytes) -> Path:
    path = folder / "a.csv"
    path.write_bytes(data)
    return path


def opened(path: Path, folder: Path) -> Opened:
    artifact = Artifact(
        "0" * 64, "test.small", "a.csv", "text/csv", 1, "2020-01-01T00:00:00+00:00", "adopt", "adopted:a.csv"
    )
    return Opened(artifact, path, folder, Counter())


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "iso-8859-1", "cp1252", "mac_roman", "cp850", "gb18030"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_text_is_read_as_what_it_says(tmp_path: Path, encoding: str, end: str) -> None:
    text = NAMES if encoding != "gb18030" else "code,name\n156,中国\n392,日本国\n410,大韩民国\n"
    path = put(tmp_path, text.replace("\n", end).encode(encoding))
    read = plain_text.in_utf8(opened(path, tmp_path), ()).path.read_text(encoding="utf-8-sig")
    assert read.splitlines() == text.splitlines()


def test_what_is_in_utf_8_already_is_not_copied(tmp_path: Path) -> None:
    path = put(tmp_path, NAMES.encode())
    assert plain_text.in_utf8(opened(path, tmp_path), ()).path == path


def test_an_encoding_is_not_believed_without_a_name_that_is_known(tmp_path: Path) -> None:
    path = put(tmp_path, "code,name\n1,Blåbærsyltetøy\n".encode("iso-8859-1"))
    assert plain_text.encoding_of(path) is None
    assert plain_text.encoding_of(path, ["iso-8859-1"]) == "iso-8859-1"  # the publisher is known to write it


def test_the_publishers_encoding_is_not_believed_where_another_gives_known_names(tmp_path: Path) -> None:
    path = put(tmp_path, NAMES.encode("mac_roman"))
    assert plain_text.encoding_of(path, ["iso-8859-1", "cp1252"]) in ("mac_roman", "mac_iceland", "mac_turkish")


def test_bytes_that_are_no_text_have_no_encoding(tmp_path: Path) -> None:
    assert plain_text.encoding_of(put(tmp_path, b"a,b\n\xff\xfe\x00\x81\x9d,\x01\n"), ["cp1252"]) is None
    assert plain_text.encoding_of(put(tmp_path, b"\xef\xbb\xbfa,\xff\n")) is None


@pytest.mark.parametrize(("data", "lines"), [(b"a,b\rc,d\r", 2), (b"a,b\nc,d\n", 2), ("a\rb\r".encode("utf-16"), 2)])
def test_a_text_with_carriage_returns_alone_is_recognised_with_line_feeds(
    tmp_path: Path, data: bytes, lines: int
) -> None:
    sniffed = plain_text.with_line_feeds(sniff(put(tmp_path, data)), lambda: tmp_path)
    assert len(sniffed.lines) == lines
    if not data.startswith(b"\xff"):
        assert sniffed.path.read_bytes().count(b"\n") == lines
