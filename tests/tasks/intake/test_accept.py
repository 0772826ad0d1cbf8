"""Files are taken into the archive by what they are; archives are looked into."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from tasks import sources
from tasks.archive import store
from tasks.contract.source import Recognised
from tasks.intake import accept, adopt
from tasks.intake.accept import Origin
from tests.support.publisher_server import csv
from tests.support.small_source import Small
from tests.support.workbooks import workbook
from warehouse.settings import Home

TABLE, OTHER = csv("a,2015,1").body, csv("b,2015,1").body


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> Small:
    """The only source there is."""
    made = Small("http://127.0.0.1:9")
    monkeypatch.setattr(sources, "all_sources", lambda: {made.id: made})
    return made


def zipped(**members: bytes) -> bytes:
    """A zip file."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name, data in members.items():
            file.writestr(name, data)
    return made.getvalue()


def test_each_file_of_a_folder_has_a_result(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "downloads"
    folder.mkdir()
    (folder / "a.csv").write_bytes(TABLE)
    (folder / "b.zip").write_bytes(zipped(b=OTHER, readme=b"hello", inner=zipped(c=TABLE)))
    (folder / "c.csv.gz").write_bytes(gzip.compress(TABLE + b"c,2015,1\n"))
    (folder / "d.zip").write_bytes(zipped(b=OTHER)[:40])
    (folder / "e.txt").write_bytes(b"hello")
    told = {str(a.path.relative_to(folder)): (a.source, a.message) for a in adopt.adopt(home, [folder])}
    assert told == {
        "a.csv": ("test.small", "a small table"),
        "b.zip/b": ("test.small", "a small table"),
        "b.zip/readme": (None, "no source recognises its content; it looks like text without a table"),
        "b.zip/inner": (None, "an archive inside an archive is not read. Unpack it and adopt its files"),
        "c.csv.gz/c.csv": ("test.small", "a small table"),
        "d.zip": (None, "d.zip is damaged: File is not a zip file"),
        "e.txt": (None, "no source recognises its content; it looks like text without a table"),
    }
    kept = {a.filename: a for a in store.manifests(home)}
    assert {a.request for a in kept.values()} == {"adopted:a.csv", "adopted:b.zip/b", "adopted:c.csv.gz/c.csv"}
    assert len(list(store.objects(home))) == 3
    assert [a.is_new for a in adopt.adopt(home, [folder]) if a.source] == [False] * 3


def test_an_archive_in_which_nothing_is_known_is_not_kept(home: Home, tmp_path: Path, small: Small) -> None:
    path = tmp_path / "b.zip"
    path.write_bytes(zipped(readme=b"hello"))
    results = list(accept.accept(home, path, [small], Origin("pull", "GET x", "b.zip"), tmp_path))
    assert [t.artifact for t in results] == [None]
    assert list(store.objects(home)) == []


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("cut.csv.gz", gzip.compress(TABLE * 2)[:-12], "damaged"),
        ("bomb.csv.gz", gzip.compress(TABLE + b"b,2015,1\n" * (8 << 20)), "unpacks to more than the limit"),
        ("changed.zip", zipped(a=TABLE * 50).replace(b"a,2015,1", b"a,2015,2", 1), "Bad CRC-32"),
    ],
    ids=["cut", "bomb", "changed"],
)
def test_what_is_damaged_behind_a_good_beginning_is_not_archived(
    home: Home, tmp_path: Path, name: str, data: bytes, why: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    (adopted,) = adopt.adopt(home, [path])
    assert adopted.source is None
    assert why in adopted.message
    assert list(store.objects(home)) == []
    assert store.manifests(home) == []


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "the file is empty"),
        (b"<!DOCTYPE html><html><body>maintenance</body></html>", "an HTML page, not data"),
        (zipped(**{"[Content_Types].xml": b"", "xl/workbook.xml": b"x" * 500})[:400], "the workbook cannot be read"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000, "the workbook cannot be read"),
    ],
)
def test_an_unreadable_file_says_what_is_wrong(home: Home, tmp_path: Path, data: bytes, why: str) -> None:
    (tmp_path / "a.csv").write_bytes(data)
    (adopted,) = adopt.adopt(home, [tmp_path / "a.csv"])
    assert adopted.source is None
    assert why in adopted.message


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_workbook_in_an_archive_is_a_member_also_where_it_is_stored_as_it_is(
    home: Home, tmp_path: Path, small: Small, monkeypatch: pytest.MonkeyPatch, method: int
) -> None:
    monkeypatch.setattr(small, "recognises", lambda sniffed: Recognised("csv", "a sheet") if sniffed.sheets else None)
    book = workbook(tmp_path / "book.xlsx", {"Data": [["a", "b"], [1, 2]]})
    with zipfile.ZipFile(tmp_path / "download.zip", "w", method) as file:
        file.write(book, "book.xlsx")
    (adopted,) = adopt.adopt(home, [tmp_path / "download.zip"])
    assert (adopted.source, adopted.path.name) == ("test.small", "book.xlsx")


def test_json_in_which_something_is_missing_has_another_layout(
    home: Home, tmp_path: Path, small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(small, "recognises", lambda sniffed: sniffed.json["rows"][0].strip())
    for text, why in (
        ('{"a": 1}', "KeyError: 'rows'"),
        ('{"rows": []}', "IndexError"),
        ('{"rows": [{}]}', "AttributeError"),
    ):
        (tmp_path / "a.json").write_text(text)
        (adopted,) = adopt.adopt(home, [tmp_path / "a.json"])
        assert adopted.message.startswith("not in the expected layout: test.small, a.json (")
        assert (adopted.source, why in adopted.message) == (None, True)


def test_a_large_gz_is_kept_with_its_size(home: Home, tmp_path: Path) -> None:
    data = TABLE + b"".join(b"b,%d,%d\n" % (n, n * 7919 % 100_003) for n in range(20_000))
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(data))
    assert [a.source for a in adopt.adopt(home, [tmp_path])] == ["test.small"]
    assert [a.size_bytes for a in store.manifests(home)] == [len(data)]
