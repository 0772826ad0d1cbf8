"""Numbers that are worked out, or of many kinds in one column, lead to the printed rows that they are made of."""

import csv
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from schemas import topics
from tasks.report import site as sites
from tasks.report.contents import measures
from tasks.report.contents.own_pages import pages_of
from tests.support import small_warehouse
from tests.support.curated_folder import CuratedFolder
from tests.tasks.report.test_site import metadata
from warehouse.connection import make_folders, reader
from warehouse.settings import Home, Settings


def exhibit(site: Path, path: str, slug: str) -> str:
    """The part of a page that has an exhibit."""
    text = (site / path).read_text(encoding="utf-8")
    return text[text.index(f'id="{slug}"') :].partition("</figure>")[0]


@pytest.mark.parametrize("topic", topics.TOPICS, ids=lambda topic: topic.name)
def test_every_topic_is_traced_in_one_way(bundled: Home, topic: topics.Topic) -> None:
    with reader(bundled) as con:
        row = con.execute(
            f"SELECT {measures.traced_columns('topic')} FROM (SELECT ? AS topic)", [topic.name]
        ).fetchone()
    assert row is not None
    assert sum(value is not None for value in row) == 1


def test_shares_of_the_northeast_lead_to_the_provinces_printed_figures(site: Path) -> None:
    shown = exhibit(site, "northeast/index.html", "concentration")
    values = re.findall(
        r'<tr><th scope="row" class="short">GDP, (\d{4})</th><td class="short">Liaoning</td><td class="n">(.*?)</td>',
        shown,
    )
    assert len(values) == 1
    year, cell = values[0]
    assert f'href="../trace/indicator/CN-LN-gdp.html#at-{year}.' in cell
    for kind in ("trace/trade/CN-", "trace/fdi/CN-"):
        assert kind in shown


def test_methods_of_reconciliation_lead_to_both_sides_and_name_their_sources(site: Path) -> None:
    shown = exhibit(site, "corridors/JPN-CHN.html", "methods")
    for side in ("CHN-JPN", "JPN-CHN"):
        assert f'href="../trace/trade/{side}.html#at-' in shown
    sources = metadata(site / "corridors" / "JPN-CHN.html", "methods")["sources"]
    assert {source["dataset"] for source in sources} == {
        "jetro.both_import",
        "china_japan_trade_and_investment_report.via_china_news_service",
    }


def test_a_claim_leads_to_the_figures_that_it_was_held_against(site: Path) -> None:
    assert 'href="figures.html#e2-population"' in (site / "claims" / "index.html").read_text(encoding="utf-8")
    shown = exhibit(site, "claims/figures.html", "e2-population")
    assert "held against" in shown
    assert shown.count("<data") >= 3
    assert metadata(site / "claims" / "figures.html", "e2-population")["sources"]


@pytest.fixture
def with_product(settings: Settings, warehouse_template: Path, tmp_path: Path) -> Home:
    """A home folder with figures of a product's trade and of all chapters, and none of all goods."""
    home = Home(tmp_path / "home")
    make_folders(home)
    shutil.copyfile(warehouse_template, home.warehouse)
    folder = CuratedFolder(tmp_path / "curated")
    chapters = (f"{number:02}" for number in range(1, 98) if number != 77)
    printed = (("8703", "31"), *((chapter, "2") for chapter in chapters))
    folder.write("trade/products.csv", [folder.row("trade", classification="HS2012", product=product, printed_value=value) for product, value in printed])  # fmt: skip
    assert [o.fault for o in small_warehouse.load(home, settings, folder) if o.fault] == []
    small_warehouse.release(home, settings)
    return home


def test_trade_in_a_product_leads_to_its_printed_row(with_product: Home) -> None:
    query = (
        "-- trace: value_usd products reporter,partner anchor\n"
        "SELECT year || ' ' || product AS anchor, value_usd, reporter, partner, dataset FROM core.trade_figures WHERE product = '8703'"
    )
    with_product.reports.mkdir()
    (with_product.reports / "cars.md").write_text(f"# Cars\n\nCars.\n\n```sql cars\n{query}\n```\n", encoding="utf-8")
    sites.write(with_product, [pages_of(with_product.reports)], print)
    page = (with_product.site / "own" / "cars.html").read_text(encoding="utf-8")
    assert 'href="../trace/products/CHN-JPN.html#at-2016-8703.31000000"' in page
    trace = (with_product.site / "trace" / "products" / "CHN-JPN.html").read_text(encoding="utf-8")
    part = trace[trace.index('id="at-2016-8703"') :]
    assert "<th>printed_value<td>31" in part
    assert "Yearbook 2017, table 1" in part


def test_a_total_that_is_a_sum_of_chapters_leads_to_the_chapters(with_product: Home) -> None:
    query = (
        "-- trace: value_usd trade reporter,partner\n"
        "SELECT year, exports_usd AS value_usd, reporter, partner, exports_from.dataset AS dataset FROM mart.trade WHERE exports_from.method = 'sum of chapters'"
    )
    with_product.reports.mkdir()
    (with_product.reports / "all.md").write_text(f"# All\n\nAll.\n\n```sql all\n{query}\n```\n", encoding="utf-8")
    sites.write(with_product, [pages_of(with_product.reports)], print)
    page = (with_product.site / "own" / "all.html").read_text(encoding="utf-8")
    assert '<a href="../trace/trade/CHN-JPN.html#at-2016" ' in page
    assert '<data value="192000000.000">' in page
    trace = (with_product.site / "trace" / "trade" / "CHN-JPN.html").read_text(encoding="utf-8")
    assert re.findall(r"<th>printed_value<td>(\d+)", trace) == ["2"] * 96


_LINKED = re.compile(r'<a href="([^"#]*trace/[^"#]*)#(at-[^".]*\.[^"]*)" title="[^"]*"><data value="([^"]*)">')


def test_a_number_that_was_printed_leads_to_its_own_figure(site: Path) -> None:
    """And not to the first of its year: of Japan's investment in 2014 there are figures of several concepts."""
    pages, followed = dict[Path, str](), 0
    for path in sorted(site.rglob("*.html")):
        if "trace" in path.relative_to(site).parts:
            continue
        for address, anchor, value in _LINKED.findall(path.read_text(encoding="utf-8")):
            target = (path.parent / address).resolve()
            text = pages.setdefault(target, target.read_text(encoding="utf-8"))
            figure = text[text.index(f'id="{anchor}"') :]
            shown = re.search(r'<data value="([^"]*)">', figure)
            assert shown, (path, anchor)
            assert float(shown[1]) == float(value), (path, anchor)
            followed += 1
    assert followed > 3000


def test_a_figure_of_a_part_of_a_year_is_found_beside_that_of_the_year(site: Path) -> None:
    shown = exhibit(site, "northeast/index.html", "investment")
    assert 'href="../trace/fdi/CN-LN-JPN.html#at-2019.24000000000"' in shown
    assert 'href="../trace/fdi/CN-LN-JPN.html#at-2019.24240000000"' in shown


def test_both_tables_of_a_corridor_count_the_flows_with_two_sides_alike(site: Path) -> None:
    for folder in sorted((site / "corridors").glob("*-*/")):
        if not (folder / "gaps.csv").exists():
            continue
        sides, gaps = (list(csv.DictReader((folder / f"{name}.csv").read_text(encoding="utf-8-sig").splitlines())) for name in ("both-sides", "gaps"))  # fmt: skip
        flows = Counter((row["direction"], row["year"]) for row in sides)
        assert sum(number > 1 for number in flows.values()) == sum(row["relative_gap"] != "" for row in gaps), folder
