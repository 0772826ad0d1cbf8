"""The files of the report site: charts, tables, CSV files and queries say the same; links lead somewhere; texts are escaped."""

import json
import re
import shutil
import tracemalloc
from collections.abc import Iterator
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from tasks.report import checking, results
from tasks.report import site as sites
from tasks.report.contents import fdi_by_origin, makers, provinces, visits
from tasks.report.model import Column, Exhibit, Page, Section
from tasks.report.results import ExhibitFailed, Sources
from warehouse.connection import reader
from warehouse.settings import Home

#: In a name where a name is expected; it runs where a page does not escape it.
_SCRIPT = "<script>document.title = 'run'</script>"


class _Tables(HTMLParser):
    """The exact values in the tables of a page, by the id of the table."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self._table = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "table":
            self._table = given.get("id") or ""
        if tag == "data" and self._table:
            self.values.setdefault(self._table, []).append(given["value"] or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._table = ""


def pages(site: Path) -> list[Path]:
    """The pages with figures."""
    return [path for path in sorted(site.rglob("*.html")) if "trace" not in path.relative_to(site).parts]


def folder_of(page: Path) -> Path:
    """Where the files of a page's figures lie."""
    return page.parent if page.name == "index.html" else page.with_suffix("")


def metadata(page: Path, slug: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((folder_of(page) / f"{slug}.metadata.json").read_text(encoding="utf-8"))
    return loaded


def test_the_site_has_nothing_that_the_check_finds(bundled: Home, site: Path) -> None:
    assert checking.faults(bundled, print) == []


def test_tables_show_the_values_of_the_csv_files(site: Path) -> None:
    compared = 0
    for page in pages(site):
        tables = _Tables(page.read_text(encoding="utf-8")).values
        for table, values in tables.items():
            slug = table.removesuffix("-table")
            about = metadata(page, slug)
            shown = [column["name"] for column in about["columns"] if column.get("shown_divided_by")]
            heading, *rows = checking.read_csv((folder_of(page) / f"{slug}.csv").read_text(encoding="utf-8-sig"))
            printed = {cell for row in rows for name, cell in zip(heading, row, strict=True) if name in shown}
            assert {Decimal(value) for value in values} <= {
                Decimal(cell) for cell in printed if re.fullmatch(r"-?[\d.]+(e-?\d+)?", cell)
            }
            compared += len(values)
    assert compared > 5_000


def test_each_figure_has_its_files_with_the_same_rows(site: Path) -> None:
    for query in site.rglob("*.sql"):
        slug, folder = query.stem, query.parent
        _, *rows = checking.read_csv((folder / f"{slug}.csv").read_text(encoding="utf-8-sig"))
        about = json.loads((folder / f"{slug}.metadata.json").read_text(encoding="utf-8"))
        assert about["rows"] == len(rows) == pq.read_metadata(folder / f"{slug}.parquet").num_rows
        assert all(about[name] for name in ("takeaway", "release", "as_of"))


def test_a_line_chart_has_a_point_for_each_value(site: Path) -> None:
    text = (site / "fdi" / "index.html").read_text(encoding="utf-8")
    drawing = text[text.index('id="by-origin"') :].partition("</svg>")[0]
    titles = [
        title for title in re.findall(r"<title>(.*?)</title>", drawing) if title.partition(" ·")[0].endswith("US$")
    ]
    heading, *rows = checking.read_csv((site / "fdi" / "by-origin.csv").read_text(encoding="utf-8-sig"))
    values = [f"{Decimal(row[heading.index('value_usd')]) / 10**9:,.2f} billion US$" for row in rows]
    assert len(titles) == len(rows)
    assert all(any(value in title for title in titles) for value in values)
    assert any("Japan, 2014: 4.33 billion US$" in title for title in titles)


def test_japans_investment_of_2014_leads_to_the_printed_row(site: Path) -> None:
    """From Home one click to the page, one to the trace."""
    home = (site / "index.html").read_text(encoding="utf-8")
    assert 'href="fdi/index.html"' in home
    assert 'href="trace/fdi/CHN-JPN.html#at-2014.4330000000"' in home
    trace = (site / "trace" / "fdi" / "CHN-JPN.html").read_text(encoding="utf-8")
    part = trace[trace.index('id="at-2014.4330000000"') :].partition("</article>")[0]
    for printed in (
        "4.33",
        "Ministry of Commerce of China (MOFCOM)",
        "Mainichi",
        "https://www.marketpulse.com/",
        "record 13 of the file",
    ):
        assert printed in part


def test_both_customs_of_2016_are_two_clicks_from_home_with_the_reasons(site: Path) -> None:
    home = (site / "index.html").read_text(encoding="utf-8")
    assert 'href="corridors/JPN-CHN.html"' in home
    page = (site / "corridors" / "JPN-CHN.html").read_text(encoding="utf-8")
    assert "free on board" in page
    assert "Hong Kong" in page
    for link, value in (
        ("trade/CHN-JPN.html#at-2016.144996448000", "145.00"),
        ("trade/JPN-CHN.html#at-2016.156631816000", "156.63"),
    ):
        assert re.search(rf'href="../trace/{link}"[^>]*><data value="[^"]*">{value}</data>', page)


def test_the_northeast_page_says_who_counted_companies(site: Path) -> None:
    home = (site / "index.html").read_text(encoding="utf-8")
    assert 'href="northeast/index.html#part-companies"' in home
    assert "1,958</data>" in (site / "northeast" / "index.html").read_text(encoding="utf-8")
    jilin = (site / "provinces" / "CN-JL.html").read_text(encoding="utf-8")
    assert "Japanese companies, bases and residents in Jilin" in jilin


def test_nothing_is_written_again_where_nothing_has_changed(bundled: Home, site: Path) -> None:
    before = (site / "index.html").stat().st_mtime_ns
    assert not sites.write(bundled, makers(bundled), print).is_new
    assert (site / "index.html").stat().st_mtime_ns == before


def test_two_sites_of_one_release_are_the_same(bundled: Home, site: Path, tmp_path: Path) -> None:
    again = copied(bundled, tmp_path)
    sites.write(again, [fdi_by_origin.pages], print)
    for name in ("by-origin.csv", "by-origin.metadata.json", "by-origin.sql", "origins.csv"):
        assert (again.site / "fdi" / name).read_bytes() == (site / "fdi" / name).read_bytes()


def copied(home: Home, folder: Path) -> Home:
    """A home folder with a published file of its own and the archive of another one."""
    copy = Home(folder / "home")
    copy.published.mkdir(parents=True)
    shutil.copyfile(home.published_file, copy.published_file)
    copy.archive.symlink_to(home.archive)
    return copy


def of_jilin(con: duckdb.DuckDBPyConnection) -> list[Page]:
    """The page of one province of the 31, and the map that leads to it."""
    return [page for page in provinces.pages(con) if page.path in ("provinces/index.html", "provinces/CN-JL.html")]


def test_names_of_publishers_are_text(bundled: Home, tmp_path: Path) -> None:
    home = copied(bundled, tmp_path)
    with duckdb.connect(str(home.published_file)) as con:
        con.execute("UPDATE ref.place SET name = ?, name_zh = ? WHERE place IN ('JPN', 'CN-JL')", [_SCRIPT, _SCRIPT])
        con.execute(
            "UPDATE meta.citations SET publisher = ?, title = ?, address = 'javascript:run()'",
            [_SCRIPT, f'" onclick="run() {_SCRIPT}'],
        )
        con.execute("UPDATE mart.indicator SET place_name = ? WHERE place = 'CN-JL'", [_SCRIPT])
        con.execute("UPDATE core.visits SET person = ?", [_SCRIPT])
    sites.write(home, [fdi_by_origin.pages, of_jilin, visits.pages], print)
    assert [
        fault for fault in checking.faults_of_pages(home.site) if "leads to no" not in fault
    ] == []  # of pages that are not written here
    for path in ("fdi/index.html", "provinces/CN-JL.html", "visits/index.html", "trace/fdi/CHN-JPN.html"):
        text = (home.site / path).read_text(encoding="utf-8")
        assert "&lt;script&gt;" in text
        assert _SCRIPT not in text
    assert "javascript:" not in (home.site / "trace" / "fdi" / "CHN-JPN.html").read_text(encoding="utf-8").replace(
        '<dd class="long">javascript:run()', ""
    )


def test_the_check_names_what_is_wrong(bundled: Home, site: Path, tmp_path: Path) -> None:
    home = copied(bundled, tmp_path)
    shutil.copytree(site / "fdi", home.site / "fdi")
    (home.site / "index.html").write_text(
        '<p id="a"><a href="fdi/nowhere.html">x</a><a href="#b">x</a><img src="https://example.org/x.png"><p id="a" onclick="x()"><marquee>',
        encoding="utf-8",
    )
    csv = home.site / "fdi" / "by-origin.csv"
    csv.write_text(csv.read_text(encoding="utf-8").replace("4330000000", "4340000000"), encoding="utf-8")
    found = "\n".join(checking.faults(home, print))
    for fault in (
        "index.html: the link fdi/nowhere.html leads to no file", "index.html: the link #b leads to no place", "<img> loads https://example.org/x.png",
        "two elements have the id a", "the attribute onclick", "the element <marquee>", "fdi/by-origin.sql: the query does not return what is in by-origin.csv",
    ):  # fmt: skip
        assert fault in found


def test_a_query_that_cannot_be_run_or_lacks_a_column_is_named(bundled: Home) -> None:
    exhibit = fdi_by_origin.by_origin()
    page = Page("p.html", "A page", "", [Section("", [exhibit])])
    with reader(bundled) as con:
        sources = Sources(con)
        for query, fault in (
            ("SELECT nothing FROM nowhere", "cannot be run"),
            ("SELECT 2014 AS year", "does not return origin, value_usd"),
        ):
            broken = type(exhibit)(**{**vars(exhibit), "sql": query})
            with pytest.raises(ExhibitFailed, match=f"p.html, exhibit by-origin: its query {fault}"):
                results.run(con, page, broken, sources)


def test_sources_are_named_with_their_terms(bundled: Home, site: Path) -> None:
    about = metadata(site / "fdi" / "index.html", "by-origin")
    named = {source["dataset"]: source for source in about["sources"]}
    assert named["mofcom.via_mainichi"]["publisher"] == "Ministry of Commerce of China (MOFCOM)"
    assert named["mofcom.via_mainichi"]["published"] == "2015-01-16"
    assert all(source["licence"] for source in named.values())


def test_memory_does_not_grow_with_the_number_of_pages(bundled: Home, tmp_path: Path) -> None:
    """Rows, charts and traces wait in files: four times the pages take hardly more memory at the highest."""

    def peak(number: int) -> int:
        rows = "SELECT i AS year, i::DOUBLE AS value, 'a' AS name, 'x' AS dataset, repeat('text', 100) || i AS text FROM range(1, 1500) AS r (i)"

        def pages(con: duckdb.DuckDBPyConnection) -> Iterator[Page]:
            for count in range(number):
                exhibit = Exhibit("rows", "Rows", rows, (Column("year", "Year"), Column("value", "Value", "", 1), Column("text", "Text")), lambda rows: f"{len(rows)}.")  # fmt: skip
                yield Page(f"many/{count}.html", f"Page {count}", "", [Section("", [exhibit])])

        home = Home(bundled.root)
        home.site = tmp_path / f"site-{number}"
        tracemalloc.start()
        sites.write(home, [pages], lambda _: None)
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return highest

    peak(1)  # what is loaded once
    assert peak(12) < 1.3 * peak(3)


def test_publishers_and_documents_stand_where_datasets_would(site: Path) -> None:
    """A bundled figure has its citation in its row: no source is called by the name of its dataset."""
    for about in site.rglob("*.metadata.json"):
        for source in json.loads(about.read_text(encoding="utf-8"))["sources"]:
            assert source["publisher"] != source["dataset"], about
            assert source["documents"], about
    text = (site / "fdi" / "index.html").read_text(encoding="utf-8")
    row = next(row for row in text.split("<tr>") if ">4.33<" in row)
    assert "Ministry of Commerce of China (MOFCOM): " in row
    assert "Direct Investment" in row
    assert "China Drops 38.8%" in row
