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
    assert 'href="../trace/fdi/CHN-JPN.html#at-2014.4330000000"' in page
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
        ("# T\n\nLead.\n\n```sql a\n-- chart: lines x=y y=v by=y\nSELECT '2014-05' AS y, 1 AS v\n```\n", "x of lines needs a column with years as whole numbers; y has VARCHAR"),
        ("# T\n\nLead.\n\n```sql a\n-- chart: bars category=x value=x\nSELECT 'a' AS x\n```\n", "value of bars needs a column with numbers; x has VARCHAR"),
        ("# T\n\nLead.\n\n```sql a\n-- chart: timeline when=x lane=x label=x\nSELECT 'a' AS x\n```\n", "when of timeline needs a column with dates; x has VARCHAR"),
        ("# T\n\nLead.\n\n```sql a\n-- chart: bars category=x value=x log=maybe\nSELECT 1 AS x\n```\n", "log is yes or no, not 'maybe'"),
        ("# T\n\nLead.\n\n```sql a\n-- chart:\nSELECT 1 AS x\n```\n", "nothing is none of the charts"),
        ("# T\n\nLead.\n\n```sql a\n-- title: One\n-- title: Two\nSELECT 1 AS x\n```\n", "line 7: title is given twice"),
        ("# T\n\nLead.\n\n```sql a\n-- takeaway: SELECT NULL FROM exhibit\nSELECT 1 AS x\n```\n", "a takeaway is one text"),
        ("# T\n\nLead.\n\n```sql a\n-- trace: x fdi x\nSELECT 1 AS x\n```\n", "the kind fdi are told apart by reporter and counterpart"),
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
    with pytest.raises(ChartRefused, match=r"japan\.md: the chart negative .* logarithmic scale"):
        write(home, f"# T\n\nLead.\n\n```sql negative\n{query}\n```\n")


def test_two_fences_of_one_name_and_a_file_that_is_not_utf_8_are_named(home: Home) -> None:
    fence = "```sql a\nSELECT 1 AS x;\n```\n"
    with pytest.raises(PageFault, match="two fences are called a"):
        write(home, f"# T\n\nLead.\n\n{fence}\n{fence}")
    (home.reports / "japan.md").write_bytes("# Investition für Japan\n".encode("latin-1"))
    with pytest.raises(PageFault, match="the file is not UTF-8"):
        sites.write(home, [pages_of(home.reports)], print)


def test_a_value_may_stand_for_a_column_of_a_trace_and_a_query_may_end_with_a_semicolon(home: Home) -> None:
    query = (
        "-- takeaway: SELECT 'Of ' || count(*) || ' years.' FROM exhibit\n-- trace: value_usd fdi =CHN,=JPN year\nSELECT year, value_usd FROM fdi_figures "
        "WHERE reporter = 'CHN' AND counterpart = 'JPN' AND concept = 'mofcom_utilised' AND freq = 'A' AND is_preferred AND year = 2014;"
    )
    write(home, f"# T\n\nLead.\n\n```sql japan-2014\n{query}\n```\n")
    page = (home.site / "own" / "japan.html").read_text(encoding="utf-8")
    assert "Of 1 years." in page
    assert 'href="../trace/fdi/CHN-JPN.html#at-2014.4330000000"' in page
