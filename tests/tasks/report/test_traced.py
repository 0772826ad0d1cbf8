"""Numbers that are worked out, or of many kinds in one column, lead to the printed rows that they are made of."""

import re
import shutil
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
    assert f'href="../trace/indicator/CN-LN-gdp.html#at-{year}"' in cell
    for kind in ("trace/trade/CN-", "trace/fdi/CN-"):
        assert kind in shown


def test_methods_of_reconciliation_lead_to_both_sides_and_name_their_sources(site: Path) -> None:
    shown = exhibit(site, "corridors/JPN-CHN.html", "methods")
    for side in ("CHN-JPN", "JPN-CHN"):
        assert f'href="../trace/trade/{side}.html#at-' in shown
    sources = metadata(site / "corridors" / "JPN-CHN.html", "methods")["sources"]
    assert {source["dataset"] for source in sources} == {"jetro.both_import"}


def test_a_claim_leads_to_the_figures_that_it_was_held_against(site: Path) -> None:
    assert 'href="figures.html#e2-population"' in (site / "claims" / "index.html").read_text(encoding="utf-8")
    shown = exhibit(site, "claims/figures.html", "e2-population")
    assert "held against" in shown
    assert shown.count("<data") >= 3
    assert metadata(site / "claims" / "figures.html", "e2-population")["sources"]


@pytest.fixture
def with_product(settings: Settings, warehouse_template: Path, tmp_path: Path) -> Home:
    """A home folder with one figure of a product's trade."""
    home = Home(tmp_path / "home")
    make_folders(home)
    shutil.copyfile(warehouse_template, home.warehouse)
    folder = CuratedFolder(tmp_path / "curated")
    folder.write("trade/products.csv", [folder.row("trade", classification="HS2012", product="8703", printed_value="31")])  # fmt: skip
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
    assert 'href="../trace/products/CHN-JPN.html#at-2016-8703"' in page
    trace = (with_product.site / "trace" / "products" / "CHN-JPN.html").read_text(encoding="utf-8")
    part = trace[trace.index('id="at-2016-8703"') :]
    assert "<th>printed_value<td>31" in part
    assert "Yearbook 2017, table 1" in part
