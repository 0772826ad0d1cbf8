"""Each founding question answers with the figure that its document prints, read from the cited row. Needs the transcriptions in ../shared."""

import csv
import gzip
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from python_calamine import CalamineWorkbook

from warehouse import questions
from warehouse.connection import reader
from warehouse.settings import Home

FIRST, SECOND, PANELS = "citable_figures", "citable_figures_2", "china_province_panels"


def only(rows: Iterator[dict[str, str]], **where: str) -> dict[str, str]:
    """The one row with these values."""
    (row,) = [r for r in rows if all(r[name] == value for name, value in where.items())]
    return row


def row_of(shared: Path, name: str, **where: str) -> dict[str, str]:
    """The one row of a CSV file below regional/ with these values."""
    path = shared / "regional" / name
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open(encoding="utf-8-sig", newline="") as file:
        return only(csv.DictReader(file), **where)


def cell(name: str, column: str = "value", times: int = 1, **where: str) -> Callable[[Path], Decimal]:
    """How a printed number is read: the column of a row of a CSV file, in its unit."""
    return lambda shared: Decimal(row_of(shared, name, **where)[column]) * times


def count_of(name: str, column: str, **where: str) -> Callable[[Path], int]:
    """How many names a cell lists."""
    return lambda shared: len(row_of(shared, name, **where)[column].split(";"))


def distance(shared: Path) -> Decimal:
    """CEPII's distance of China and Japan, in its workbook."""
    with zipfile.ZipFile(shared / "sources" / "cepii-geodist" / "dist_cepii.zip") as packed:
        header, *rows = CalamineWorkbook.from_object(packed.open("dist_cepii.xls")).get_sheet_by_index(0).to_python()
    named = [dict(zip(header, row, strict=True)) for row in rows]
    (found,) = [r["dist"] for r in named if (r["iso_o"], r["iso_d"]) == ("CHN", "JPN")]
    return Decimal(str(found))


def jetros_total(shared: Path) -> int:
    """JETRO's total of 2019, in the table of the domain's reference values, thousands of USD."""
    text = (shared / "docs" / "domain.md").read_text(encoding="utf-8")
    (line,) = [line for line in text.splitlines() if line.startswith("| 2019 | 171,")]
    return int(line.split("|")[4].replace(",", "")) * 1000


def erinas_share(printed: str) -> Callable[[Path], Decimal]:
    """A share of ERINA's report 125, as the domain's founding facts print it."""

    def read(shared: Path) -> Decimal:
        found = re.search(printed, (shared / "docs" / "domain.md").read_text(encoding="utf-8"))
        assert found
        return Decimal(found[1])

    return read


def floating(printed: Callable[[Path], Decimal]) -> Callable[[Path], float]:
    """A printed number as the readings hold it, in binary."""
    return lambda shared: float(printed(shared))


def mean_of(first: Callable[[Path], Decimal], second: Callable[[Path], Decimal]) -> Callable[[Path], Decimal]:
    """The mean of the printed numbers of two years."""
    return lambda shared: ((first(shared) + second(shared)) / 2).quantize(Decimal("0.01"))


def opening(shared: Path) -> date:
    """When the line from Shenyang to Dandong opened."""
    return date.fromisoformat(
        row_of(shared, f"{SECOND}/infrastructure_openings.csv", line="Shenyang-Dandong")["opened"]
    )


def visitor(shared: Path) -> str:
    """The governor who met JETRO's chairman on 9 May 2018."""
    row = row_of(shared, f"{FIRST}/events_visits.csv", date_start="2018-05-09", event="Dialogue Governor of Sichuan - JETRO Chairman")  # fmt: skip
    return row["chinese_side"].partition("(")[2].rstrip(")")


def tie(shared: Path) -> str:
    """The tie of Sapporo and Shenyang, by the names of Wikidata."""
    folder = shared / "regional" / "sister_cities_wikidata_2016"
    named = dict(line.split("\t")[:2] for line in (folder / "names.tsv").read_text(encoding="utf-8").splitlines())
    pairs = [line.split("\t")[:2] for line in (folder / "relations.tsv").read_text(encoding="utf-8").splitlines()]
    assert {"Sapporo", "Shenyang"} in [{named.get(one), named.get(other)} for one, other in pairs]
    return "CN-210100;JP-01100"


@dataclass(frozen=True)
class Cited:
    """One answer of a question: the row with these values has in a column what ``printed`` reads from the document."""

    column: str
    printed: Callable[[Path], Any]
    where: dict[str, Any]


ORIGINS, REGIONS = (
    f"{SECOND}/fdi_china_by_source_economy.csv",
    f"{SECOND}/investment_and_trade_with_japan_by_region.csv",
)
COMPANIES, TRADE_CUMULATED = (
    f"{SECOND}/japanese_companies_and_bases.csv",
    "cumulative investment from Japan, actual use",
)
PANEL = f"{PANELS}/province_panel_2005-2024_trade.csv"
CITED: dict[str, list[Cited]] = {
    "fdi_by_origin": [
        Cited("value_usd", cell(ORIGINS, times=10**8, economy="Japan", period_start="2012-01", period_type="annual", measure="value"), {"origin": "JPN", "year": 2012}),
        Cited("value_usd", cell(ORIGINS, times=10**9, economy="Japan", period_start="2016-01", period_type="annual", measure="value"), {"origin": "JPN", "year": 2016}),
    ],
    "fdi_both_sides": [
        Cited("rate_percent", cell(ORIGINS, economy="Japan", period_start="2015-01", unit="percent", publisher="Ministry of Finance of Japan / Bank of Japan, balance of payments"), {"reporter": "JPN", "period": "2015"}),
    ],
    "fdi_by_both_sides_2001_2012": [
        Cited("china_counts_usd", cell("unctad_bilateral_fdi_2001-2012/inflow.csv.gz", times=10**6, **{"area": "CHN", "Reporting Economy": "Japan", "Year": "2012"}), {"investor": "JPN", "year": 2012}),
    ],
    "visits": [Cited("person", visitor, {"event": "jetro_sichuan_2018_05", "place_name": "Sichuan"})],
    "governors_forums": [
        Cited("regions", count_of(f"{FIRST}/events_visits.csv", "chinese_side", date_start="2012-04-18"), {"event": "governors_forum_2012", "side": "China"}),
        Cited("regions", count_of(f"{FIRST}/events_visits.csv", "chinese_side", date_start="2018-05-11"), {"event": "governors_forum_2018", "side": "China"}),
    ],
    "growth_of_the_northeast": [Cited("gdp_cny", cell(PANEL, "GDP_亿元", 10**8, 地区="辽宁", 年份="2018"), {"place": "CN-LN", "year": 2018})],
    "population_of_the_northeast": [
        Cited("population", cell(f"{SECOND}/province_city_totals.csv", times=10**6, region="Northeast three provinces", measure="population"), {"year": 2010}),
    ],
    "neighbours": [Cited("km", distance, {"counterpart": "JPN"})],
    "trade_with_japan_by_province": [
        Cited("exports_and_imports_usd", cell(REGIONS, times=10**8, region="Liaoning", period_start="2009-01", measure="goods trade with Japan"), {"province": "CN-LN", "year": 2009}),
        Cited("exports_usd", cell(REGIONS, times=10**8, region="Liaoning", period_start="2009-01", measure="goods exports to Japan"), {"province": "CN-LN", "year": 2009}),
        Cited("exports_and_imports_usd", cell(REGIONS, times=10**8, region="Jilin", period_end="2011-12", measure="goods trade with Japan"), {"province": "CN-JL", "year": 2011}),
    ],
    "share_of_the_northeast_in_trade_with_japan": [
        Cited("percent", erinas_share(r"exports to Japan 2012 \*\*US\$11.23bn = ([0-9.]+) %"), {"indicator": "share_of_own_exports_going_to_japan", "year": 2012}),
        Cited("percent", erinas_share(r"→ ([0-9.]+) % \(2012\) for exports"), {"indicator": "share_of_china_exports_to_japan", "year": 2012}),
    ],
    "concentration_in_liaoning_and_dalian": [
        Cited("place_value", floating(cell(REGIONS, times=10**8, region="Liaoning", period_start="2009-01", measure="goods exports to Japan")), {"place": "CN-LN", "year": 2009}),
    ],
    "disparity_with_the_coast": [
        Cited("topic_value", floating(cell(f"{PANELS}/carbonemission-china.csv", "Foreign_Investment", 10**8, Location="Guangdong", Year="2012")), {"topic": "foreign_investment_registered_usd", "place": "CN_PEARL_DELTA", "year": 2012}),
    ],
    "before_and_after_visits_and_openings": [
        Cited("value_before_usd", mean_of(*(cell(PANEL, "进出口总额_万美元", 10**4, 地区="吉林", 年份=year) for year in ("2010", "2011"))), {"studied_event": "governors_forum_2012", "place": "CN-JL", "topic": "goods_trade_total_usd"}),
    ],
    "trade_with_japan_by_city": [
        Cited("exports_and_imports_usd", cell(f"{SECOND}/province_trade_and_fdi_press.csv", times=10**8, region="Dalian", period_start="2018-01", measure="goods trade with Japan"), {"city": "CN-210200", "year": 2018}),
        Cited("exports_and_imports_usd", cell(REGIONS, times=10**8, region="Suzhou", period_start="2021-01", measure="goods trade with Japan"), {"city": "CN-320500", "year": 2021}),
    ],
    "intensity_of_trade_with_japan": [
        Cited("trade_with_japan_usd", cell(REGIONS, times=10**8, region="Jilin", period_end="2011-12", measure="goods trade with Japan"), {"place": "CN-JL", "year": 2011}),
        Cited("all_trade_usd", cell(PANEL, "进出口总额_万美元", 10**4, 地区="吉林", 年份="2011"), {"place": "CN-JL", "year": 2011}),
    ],
    "trade_of_the_northeast": [Cited("goods_trade_total_usd", cell(PANEL, "进出口总额_万美元", 10**4, 地区="辽宁", 年份="2012"), {"place": "CN-LN", "year": 2012})],
    "japans_investment_by_province": [
        Cited("utilised_cumulative_usd", cell(REGIONS, times=10**8, region="Liaoning", period_end="2009-12", measure="cumulative FDI from Japan, actual use"), {"province": "CN-LN", "year": 2009}),
        Cited("utilised_cumulative_usd", cell(REGIONS, times=10**8, region="Jilin", period_end="2011-12", measure=TRADE_CUMULATED), {"province": "CN-JL", "year": 2011}),
    ],
    "japans_investment_by_city": [
        Cited("value_usd", cell(REGIONS, times=10**8, region="Dalian", period_end="2002-02", measure="cumulative FDI from Japan, actual use"), {"city": "CN-210200"}),
    ],
    "fdi_by_province": [
        Cited("utilised_usd", cell(f"{SECOND}/nbs_yearbook2005_table18-16_fdi_by_region_usd10000.csv", "fdi_2003", 10**4, region="Liaoning"), {"province": "CN-LN", "year": 2003}),
        Cited("utilised_usd", cell(f"{FIRST}/nbs_yearbook1999_table17-16_fdi_by_region_usd10000.csv", "fdi_1998", 10**4, region="Liaoning"), {"province": "CN-LN", "year": 1998}),
    ],
    "japanese_companies_by_province": [
        Cited("approved_companies", cell(COMPANIES, area="Liaoning", as_of="2017-12"), {"place": "CN-LN", "year": 2017}),
        Cited("companies_stated", cell(COMPANIES, area="Jilin", as_of="2011-12"), {"place": "CN-JL", "year": 2011}),
    ],
    "japanese_companies_by_region": [
        Cited("registered_companies", cell(f"{FIRST}/japanese_companies_and_bases.csv", area="Liaoning", as_of="2023-03"), {"place": "CN-LN", "year": 2023}),
    ],
    "registered_investment_by_province": [
        Cited("foreign_investment_registered_usd", cell(f"{PANELS}/carbonemission-china.csv", "Foreign_Investment", 10**8, Location="Liaoning", Year="2012"), {"place": "CN-LN", "year": 2012}),
    ],
    "length_of_roads_and_railways": [
        Cited("km", cell(f"{SECOND}/nbs_environment1999_highway_length_by_region_part_km.csv", "expressway", region="Liaoning"), {"place": "CN-LN", "indicator": "expressway_length", "year": 1999}),
    ],
    "openings": [
        Cited("length_km", cell(f"{SECOND}/infrastructure_openings.csv", "length_km", line="Shenyang-Dandong"), {"name": "Shenyang-Dandong"}),
        Cited("opened_on", opening, {"name": "Shenyang-Dandong"}),
    ],
    "ties": [Cited("places", tie, {"places": "CN-210100;JP-01100"})],
    "free_trade_zones": [Cited("year", cell(f"{FIRST}/pilot_free_trade_zones.csv", "year", region="Liaoning"), {"places": "CN-LN"})],
    "trade_of_china_and_japan": [Cited("total_usd", jetros_total, {"exporter": "CHN", "importer": "JPN", "year": 2019})],
}  # fmt: skip


@pytest.fixture(scope="module")
def con(bundled: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """A reader of the published file of the bundled figures."""
    with reader(bundled) as opened:
        yield opened


def test_every_question_with_an_answer_has_a_cited_figure() -> None:
    assert set(CITED) == {q.id for q in questions.every() if q.sql}


@pytest.mark.parametrize(
    ("id", "cited"), [(id, cited) for id, of_question in CITED.items() for cited in of_question], ids=lambda v: v if isinstance(v, str) else v.column
)  # fmt: skip
def test_the_answer_is_what_the_cited_row_prints(
    con: duckdb.DuckDBPyConnection, shared: Path, id: str, cited: Cited
) -> None:
    (query,) = [q.sql for q in questions.every() if q.id == id]
    relation = con.execute(query or "")
    names = [column[0] for column in relation.description or []]
    rows = [dict(zip(names, row, strict=True)) for row in relation.fetchall()]
    answers = {r[cited.column] for r in rows if all(r[name] == value for name, value in cited.where.items())}
    assert cited.printed(shared) in answers
