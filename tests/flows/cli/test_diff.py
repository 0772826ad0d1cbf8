"""``entrepot diff``: as a table, as CSV with every changed value, as JSON, and as a page."""

import csv
import io
import json
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from flows.cli import diff_report
from tasks.ask.release_diff import Change, Count, Difference, Input, PreferenceChange
from tests.support import small_warehouse
from tests.support.curated_folder import CuratedFolder
from warehouse.settings import Home, Settings

FOUND = Difference(
    older="20260101T000000Z",
    newer="20260201T000000Z",
    inputs=[Input("new", "curated", "customs.annual", "a" * 64, "trade/<later>.csv", "2018-09-30")],
    preferences=[PreferenceChange("trade", "curated", "press.", None, 1)],
    counts=[Count("trade", "customs.annual", 1234, 1, 1, 0, 0.25), Count("fdi", "ministry", 5, 0, 0, 0, 0.0)],
    largest=[
        Change("trade", "reporter=CHN", "exports_usd", "changed", "30000000.000000000", "33000000.500000000", 3e6, 0.1, "a", "a", "new file"),
        Change("trade", "reporter=KOR", "exports_usd", "new", None, "8.000000000", None, None, None, "a", "new file"),
        Change("milestones", "milestone=m", "opened_on", "changed", "2016-01-01", "2016-02-01", None, None, "a", "a", "new file"),
    ],
    left_out=["fdi: release 20260101T000000Z does not have it"],
)  # fmt: skip


@pytest.fixture(scope="module")
def home(settings: Settings, warehouse_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home folder with two releases. Tests only read it."""
    root = tmp_path_factory.mktemp("diff")
    made = small_warehouse.make(root, settings, warehouse_template)
    assert small_warehouse.release(made, settings).release
    folder = CuratedFolder.__new__(CuratedFolder)
    folder.root = root / "curated"
    folder.write("trade/later.csv", [folder.row("trade", printed_value="21", published_on="2019-09-30")])
    small_warehouse.load(made, settings, folder)
    assert small_warehouse.release(made, settings).release
    return made


def run(home: Home, *options: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    command = [sys.executable, "-m", "flows.cli.app", "diff", "--home", str(home.root), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


class _Page(HTMLParser):
    """The cells of all tables of a page, and the addresses it takes something from."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.cells: list[str] = []
        self._is_in_cell = False
        self.addresses: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag in ("td", "li"):
            self.cells.append("")
            self._is_in_cell = True

    def handle_endtag(self, tag: str) -> None:
        self._is_in_cell = self._is_in_cell and tag not in ("td", "li")

    def handle_data(self, data: str) -> None:
        if self._is_in_cell:
            self.cells[-1] += data.strip()


def test_a_table_shows_what_changed_and_why(home: Home) -> None:
    said = run(home)
    assert (said.returncode, said.stderr) == (0, "")
    for text in (
        "new file: trade/later.csv (curated, dataset customs.annual, published 2019-09-30)",
        "14,000,000", "21,000,000", "+50.00%", "new file trade/later.csv of customs.annual",
    ):  # fmt: skip
        assert text in said.stdout, text


def test_csv_has_every_value_that_differs(home: Home, tmp_path: Path) -> None:
    said = run(home, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(said.stdout)))
    assert {row["mart"] for row in rows} == {"trade", "trade_figures"}
    assert {(row["kind"], row["before"], row["after"]) for row in rows} == {
        ("changed", "14000000.000000000", "21000000.000000000")
    }
    written = tmp_path / "changes.csv"
    assert run(home, "--format", "csv", "--output", str(written)).stdout == ""
    assert written.read_text(encoding="utf-8") == said.stdout


def test_json_has_inputs_counts_and_changes(home: Home) -> None:
    found = json.loads(run(home, "--format", "json").stdout)
    assert [file["filename"] for file in found["inputs"]] == ["trade/later.csv"]
    assert {c["mart"]: c["changed"] for c in found["counts"] if c["changed"]} == {"trade": 1, "trade_figures": 1}
    assert found["largest"][0]["relative_difference"] == 0.5


def test_a_page_needs_no_other_file(home: Home, tmp_path: Path) -> None:
    written = tmp_path / "page.html"
    said = run(home, "--format", "html", "-o", str(written))
    assert (said.returncode, said.stdout, said.stderr) == (0, "", "")
    page = _Page(written.read_text(encoding="utf-8"))
    assert page.addresses == []
    assert {"21,000,000", "+50.00%", "new file trade/later.csv of customs.annual"} <= set(page.cells)


def test_a_page_formats_figures_and_escapes_names() -> None:
    text = diff_report.as_page(FOUND)
    cells = _Page(text).cells
    assert {"30,000,000", "33,000,000.5", "+10.00%", "25.00%", "1,234", "2016-02-01", "–"} <= set(cells)
    assert "trade/&lt;later&gt;.csv" in text
    assert "preference changed: trade of curated press., rank none before, 1 now" in cells
    assert "fdi: release 20260101T000000Z does not have it" in cells
    assert "ministry" not in cells, "what did not change is not listed"


def test_a_file_that_cannot_be_written_is_an_error_in_one_line(home: Home, tmp_path: Path) -> None:
    for form in ("csv", "html", "table"):
        said = run(home, "--format", form, "--output", str(tmp_path / "missing" / "file"))
        assert said.returncode == 1
        assert "the result cannot be written to" in said.stderr
        assert len(said.stderr.splitlines()) == 1


def test_a_release_that_is_not_kept_ends_with_1(home: Home) -> None:
    said = run(home, "yesterday")
    assert said.returncode == 1
    assert "release 'yesterday' is not kept; there are: " in said.stderr
