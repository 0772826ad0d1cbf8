"""The examples of docs/clients.md for which the development environment has the client; the others are run by ``make clients``."""

import re
import sys
from pathlib import Path

import duckdb
import pytest

from tests.clients import check
from tests.clients.check import Client
from tests.support import documents
from warehouse.connection import reader
from warehouse.settings import Home

HERE = Path(sys.executable)
#: Those that take little time; `make clients` has a program for each section.
QUICK = ["Python", "pandas", "polars", "Ibis", "Frictionless", "Excel"]


@pytest.fixture(scope="module")
def printed(bundled: Home) -> dict[str, str]:
    """What the quick examples print, all run at once."""
    return check.answers([Client(section, HERE) for section in QUICK], bundled.root)


@pytest.mark.parametrize("section", QUICK)
def test_an_example_answers(printed: dict[str, str], section: str) -> None:
    assert check.faults({section: printed[Client(section, HERE).name]}) == []


def test_every_client_of_the_table_has_a_section_and_every_section_an_example() -> None:
    page = check.PAGE.read_text(encoding="utf-8")
    clients = [name.split(",")[0] for name in re.findall(r"(?m)^\| ([^|]+) \| [^|]+ \| [^|]+ \|$", page)[1:]]
    assert sorted(clients) == sorted(check.sections())
    runnable = {"python", "bash"}
    fences = documents.sections(check.PAGE)
    assert [s for s in check.sections() if not runnable & {f.language for f in fences[s] if not f.title}] == []


def test_rows_of_every_table_are_read_without_pytz(bundled: Home) -> None:
    found = check.every_mart(HERE, bundled.published_file)
    assert len(found) > 100, found
    assert found["main.trade"][1] > 0


def test_every_mart_goes_into_a_workbook_by_pandas(bundled: Home, tmp_path: Path) -> None:
    with reader(bundled) as con:
        for (mart,) in con.execute("SHOW TABLES").fetchall():
            con.sql(f"FROM {mart} LIMIT 3").df().to_excel(tmp_path / "mart.xlsx")


def test_the_file_is_stored_so_that_older_clients_read_it(bundled: Home) -> None:
    """The storage version of the release is in its first bytes, after the checksum and the magic bytes: 64 is that of 0.9 to 1.1."""
    with bundled.published_file.open("rb") as file:
        head = file.read(20)
    assert (head[8:12], int.from_bytes(head[12:20], "little")) == (b"DUCK", 64)


@pytest.mark.parametrize(
    ("said", "is_right"),
    [
        ("[(Decimal('2499028927000.000'), 'General Administration of Customs of China (GACC)')]", True),
        ("[(Decimal('2499028927001.000'), 'General Administration of Customs of China (GACC)')]", False),
        ("2499028927000", False),
        ("fails: the example of line 3: no such file", False),
    ],
)
def test_a_client_that_finds_something_else_is_named(said: str, is_right: bool) -> None:
    assert [fault.startswith("one prints") for fault in check.faults({"one": said})] == [] if is_right else [True]


def test_an_example_that_fails_says_where(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Page\n\n## Part\n\n```python\nimport no_such_module\n```\n", encoding="utf-8")
    with pytest.raises(documents.ExampleFailed, match=r"(?s)line 5: .*No module named 'no_such_module'"):
        documents.run(documents.sections(page)["Part"], tmp_path)


def test_duckdb_of_the_tests_is_one_that_the_page_names() -> None:
    assert duckdb.__version__.rpartition(".")[0] in ("1.5", "2.0")
