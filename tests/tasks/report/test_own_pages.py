"""Pages that users write: the example of docs/report-pages.md is one, and what is wrong with a page is named with its line."""

import re
from pathlib import Path

import pytest

from tasks.report import checking
from tasks.report import site as sites
from tasks.report.contents.own_pages import PageFault, pages_of
from tasks.report.refusals import ChartRefused
from tests.support.paths import ROOT
from tests.tasks.report.test_site import copied
from warehouse.settings import Home


def example() -> str:
    """The page in the documentation."""
    text = (ROOT / "docs" / "report-pages.md").read_text(encoding="utf-8")
    match = re.search(r"(?ms)^````markdown\n(.*?)^````$", text)
    assert match
    return match[1]


def write(home: Home, text: str, name: str = "japan.md") -> Home:
    """Write a page and a site of it alone."""
    home.reports.mkdir(exist_ok=True)
    (home.reports / name).write_text(text, encoding="utf-8")
    sites.write(home, [pages_of(home.reports)], print)
    return home


@pytest.fixture
def home(bundled: Home, tmp_path: Path) -> Home:
    return copied(bundled, tmp_path)


def test_the_documented_page_is_built_with_all_that_other_pages_have(home: Home) -> None:
    write(home, example())
    page = (home.site / "own" / "japan.html").read_text(encoding="utf-8")
    for shown in (
        "<h1>Investment of Japan in China",
        "year by year.",
        "<h2>The figures</h2>",
        "yearbooks",
        'class="drawing wide"',
        "<svg",
        "billion dollars, in 20",
    ):
        assert shown in page
    assert 'href="../trace/fdi/CHN-JPN.html#at-2014"' in page
    assert (home.site / "own" / "japan" / "japan.csv").exists()
    links = [
        fault
        for fault in checking.faults_of_pages(home.site)
        if "leads to no file" not in fault  # of the pages that are not written here
    ]
    assert links == []


def test_what_a_page_says_is_text(home: Home) -> None:
    write(
        home,
        "# A <script>run()</script>\n\nAnd <img src=x onerror=run()> here.\n\n## Part\n\n<b>bold</b> [go](javascript:run())\n\n| a |\n|---|\n| 1 |\n",
    )
    page = (home.site / "own" / "japan.html").read_text(encoding="utf-8")
    assert "<img" not in page
    assert "<script>run" not in page
    assert "<b>" not in page
    assert 'href="javascript' not in page
    assert "<table>" in page


def test_a_changed_page_makes_a_new_site(home: Home) -> None:
    write(home, "# One\n\nText.\n")
    (home.reports / "japan.md").write_text("# Two\n\nText.\n", encoding="utf-8")
    assert sites.write(home, [pages_of(home.reports)], print).is_new
    assert "Two" in (home.site / "own" / "japan.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Text.\n", "line 1: a page begins with its title"),
        ("# T\n\nLead.\n\n```sql\nSELECT 1\n```\n", "line 5: a fence begins with ```sql and a name"),
        ("# T\n\nLead.\n\n```sql a\nSELECT nothing FROM nowhere\n```\n", "line 5: the query of a cannot be run"),
        ("# T\n\nLead.\n\n```sql a\n-- colour: red\nSELECT 1 AS x\n```\n", "line 6: colour is none of the directives"),
        ("# T\n\nLead.\n\n```sql a\n-- chart: pie x=x\nSELECT 1 AS x\n```\n", "pie is none of the charts, which are: lines, bars"),
        ("# T\n\nLead.\n\n```sql a\n-- chart: bars category=x value=y\nSELECT 1 AS x\n```\n", "returns no column 'y' for value; it returns: x"),
        ("# T\n\nLead.\n\n```sql a\n-- chart: bars size=x\nSELECT 1 AS x\n```\n", "bars has no option size"),
        ("# T\n\nLead.\n\n```sql a\n-- chart: bars category=x\nSELECT 1 AS x\n```\n", "bars needs more than category"),
        ("# T\n\nLead.\n\n```sql a\n-- takeaway: SELECT x FROM exhibit, range(2)\nSELECT 1 AS x\n```\n", "a takeaway is one text"),
        ("# T\n\nLead.\n\n```sql a\n-- takeaway: SELECT y FROM exhibit\nSELECT 1 AS x\n```\n", "the takeaway cannot be worked out"),
        ("# T\n\nLead.\n\n```sql a\n-- trace: x fdi\nSELECT 1 AS x\n```\n", "trace is: COLUMN KIND COLUMNS"),
        ("# T\n\nLead.\n\n```sql a\n-- trace: x fdi reporter,counterpart\nSELECT 1 AS x\n```\n", "no column 'reporter' to trace"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_page_is_named_with_its_line(home: Home, text: str, fault: str) -> None:
    with pytest.raises(PageFault, match=re.escape(f"{home.reports / 'japan.md'}, ")) as raised:
        write(home, text)
    assert fault in str(raised.value)


def test_a_name_that_is_no_address_is_refused(home: Home) -> None:
    with pytest.raises(PageFault, match="the name of a page has small letters"):
        write(home, "# T\n", "My page.md")


def test_a_users_chart_that_its_data_cannot_carry_is_refused(home: Home) -> None:
    query = "-- chart: bars category=x value=y log=yes\nSELECT 'a' AS x, -1 AS y"
    with pytest.raises(ChartRefused, match="logarithmic scale"):
        write(home, f"# T\n\nLead.\n\n```sql negative\n{query}\n```\n")
