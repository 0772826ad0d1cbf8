"""Whatever goes wrong with one file, of whatever class the exception is, is that file's fault and keeps no other file out."""

import csv
from pathlib import Path

import duckdb
import pytest

from tasks import sources
from tasks.archive.sniff import Sniffed
from tasks.archive.store import Artifact, Opened
from tasks.contract.dataset import BulkPartition
from tasks.contract.source import Recognised
from tasks.load.load_source import load_source
from tests.support.loading import adopt_files, by_file, load_pending
from warehouse.errors import BadData, EntrepotError, HomeError, LayoutChanged, Unexpected
from warehouse.settings import Home, Settings

SOURCE = sources.get("fred.fx")


class PanicException(BaseException):
    """As libraries written in Rust raise it: not an Exception."""


#: Exceptions of readers and libraries, and the class of the fault that each becomes.
EXCEPTIONS: list[tuple[BaseException, type[EntrepotError]]] = [
    (UnicodeDecodeError("utf-8", b"C\xf4te", 1, 2, "invalid continuation byte"), LayoutChanged),
    (csv.Error("new-line character seen in unquoted field"), LayoutChanged),
    (KeyError("Country"), Unexpected),
    (IndexError("list index out of range"), Unexpected),
    (RecursionError("maximum recursion depth exceeded"), Unexpected),
    (AssertionError(), Unexpected),
    (duckdb.ConversionException("Conversion Error: no number"), Unexpected),
    (PanicException("index out of bounds"), Unexpected),
    (MemoryError(), HomeError),
    (PermissionError(13, "Permission denied"), HomeError),
]


def files(folder: Path) -> list[Path]:
    """Three files of a source; the one in the middle is the bad one."""
    folder.mkdir()
    for name, series, value in (
        ("a.csv", "AEXCHUS", "8.28"),
        ("bad.csv", "AEXJPUS", "107.8"),
        ("c.csv", "AEXKOUS", "1130.9"),
    ):
        (folder / name).write_text(f"observation_date,{series}\n2000-01-01,{value}\n", encoding="utf-8")
    return [folder]


@pytest.mark.parametrize(
    ("exception", "kind"), EXCEPTIONS, ids=lambda e: type(e).__name__ if isinstance(e, BaseException) else ""
)
def test_an_exception_while_a_file_is_read_is_its_fault(
    warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    exception: BaseException, kind: type[EntrepotError],
) -> None:  # fmt: skip
    read = type(SOURCE).text

    def fails(self: object, opened: Opened) -> str:
        if opened.artifact.filename == "bad.csv":
            raise exception
        return read(SOURCE, opened)

    monkeypatch.setattr(type(SOURCE), "text", fails)
    adopt_files(home, *files(tmp_path / "downloads"))
    outcomes = by_file(load_pending(warehouse, home, settings, SOURCE))
    assert {name: type(o.fault) for name, o in outcomes.items() if o.fault} == {"bad.csv": kind}
    assert "bad.csv" in str(outcomes["bad.csv"].fault)
    assert {name: o.rows_accepted for name, o in outcomes.items()} == {"a.csv": 1, "bad.csv": 0, "c.csv": 1}
    assert home.fault_log.exists() == (kind is Unexpected)
    if kind is Unexpected:
        assert "Traceback" in home.fault_log.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("exception", "kind"), EXCEPTIONS, ids=lambda e: type(e).__name__ if isinstance(e, BaseException) else ""
)
def test_an_exception_while_a_file_is_recognised_does_not_end_the_walk(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exception: BaseException, kind: type[EntrepotError]
) -> None:
    recognise = type(SOURCE).recognises

    def fails(self: object, sniffed: Sniffed) -> Recognised | None:
        if sniffed.filename == "bad.csv":
            raise exception
        return recognise(SOURCE, sniffed)

    monkeypatch.setattr(type(SOURCE), "recognises", fails)
    results = adopt_files(home, *files(tmp_path / "downloads"))
    assert {name: r.source for name, r in results.items()} == {"a.csv": "fred.fx", "bad.csv": None, "c.csv": "fred.fx"}
    assert "bad.csv" in results["bad.csv"].message
    assert home.fault_log.exists() == (kind is Unexpected)


def test_an_interrupt_is_no_fault_of_a_file(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(self: object, sniffed: Sniffed) -> Recognised | None:
        raise KeyboardInterrupt

    monkeypatch.setattr(type(SOURCE), "recognises", interrupted)
    with pytest.raises(KeyboardInterrupt):
        adopt_files(home, *files(tmp_path / "downloads"))


def test_a_file_whose_bulk_partition_cannot_be_told_is_its_own_fault(
    warehouse: duckdb.DuckDBPyConnection,
    home: Home,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(self: object, artifact: Artifact) -> BulkPartition | None:
        if artifact.filename == "bad.csv":
            raise KeyError("year")
        return None

    monkeypatch.setattr(type(SOURCE), "bulk_partition", fails)
    adopt_files(home, *files(tmp_path / "downloads"))
    outcomes = by_file(load_source(warehouse, home, settings, SOURCE, common="code").outcomes)
    assert {name: type(o.fault) for name, o in outcomes.items() if o.fault} == {"bad.csv": Unexpected}


def test_a_file_that_cannot_join_its_partition_keeps_no_other_file_of_the_partition_out(
    warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path
) -> None:
    """Files of one series are of one partition; the one in another unit is refused, the one beside it is loaded."""
    years = range(2000, 2010)

    def write(name: str, factor: int, first: int = 0) -> Path:
        lines = [f"{year}-01-01,{(year - 1900) * factor}" for year in years[first:]]
        path = tmp_path / name
        path.write_text("\n".join(["observation_date,AEXKOUS", *lines, ""]), encoding="utf-8")
        return path

    adopt_files(home, write("first.csv", 1))
    load_pending(warehouse, home, settings, SOURCE)
    adopt_files(home, write("second.csv", 10), write("third.csv", 1, first=5))
    outcomes = by_file(load_pending(warehouse, home, settings, SOURCE))
    assert {name: type(o.fault) for name, o in outcomes.items() if o.fault} == {"second.csv": BadData}
    assert outcomes["third.csv"].change.unchanged == 5
