"""What was transcribed from public pages is bundled, all of it. Needs the transcriptions in ../shared/regional."""

import csv
import gzip
import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

import warehouse

CURATED = Path(warehouse.__file__).parent / "curated"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def bundled(table: str) -> list[dict[str, str]]:
    return [row for path in sorted((CURATED / table).glob("*.csv")) for row in rows(path)]


@pytest.fixture
def figures(shared: Path) -> Path:
    return shared / "regional" / "citable_figures"


#: The same amount may be kept as the page itself prints it, in another unit than the transcription.
_MULTIPLES = {
    "USD billion": 10**9,
    "USD 100 million": 10**8,
    "CNY billion": 10**9,
    "JPY 100 million": 10**8,
    "USD million": 10**6,
}


def test_investment_by_origin(figures: Path) -> None:
    table = bundled("fdi")
    amounts = {
        (r["period"], Decimal(r["printed_value"]) * _MULTIPLES[r["printed_unit"]])
        for r in table
        if r["printed_unit"] in _MULTIPLES and r["printed_value"]
    }
    rates = {(r["period"], Decimal(r["printed_value"])) for r in bundled("fdi_rate")}
    missing = []
    for row in rows(figures / "fdi_china_by_source_economy.csv"):
        if not row["value"]:
            continue
        period = row["period_end"][:4] if row["period_type"] == "annual" else row["period_end"]
        if row["unit"] == "percent":
            found = (period, Decimal(row["value"])) in rates
        else:
            found = (period, Decimal(row["value"]) * _MULTIPLES[row["unit"]]) in amounts
        if not found:
            missing.append(row)
    assert missing == []


def test_investment_by_region_1997_and_1998(figures: Path) -> None:
    table = [r for r in bundled("fdi") if r["dataset"] == "nbs.yearbook_1999_t17_16"]
    kept = sorted(r["printed_value"] for r in table)
    printed = [
        row[f"{kind}_{year}"]
        for row in rows(figures / "nbs_yearbook1999_table17-16_fdi_by_region_usd10000.csv")
        for kind in ("fdi", "other_foreign_investment")
        for year in (1997, 1998)
    ]
    assert kept == sorted(printed)


def test_companies_bases_and_residents(figures: Path) -> None:
    kept = {(r["printed_value"], r["address"]) for r in bundled("presence")}
    transcribed = rows(figures / "japanese_companies_and_bases.csv")
    values = {value for value, _ in kept}
    assert [r for r in transcribed if r["value"] not in values] == []
    assert len(bundled("presence")) >= len(transcribed)


def test_zones_and_lines(figures: Path) -> None:
    table = bundled("milestones")
    zones = {(r["place"], r["opened_on"][:4]) for r in table if r["kind"] == "free_trade_zone"}
    assert len(zones) == len(rows(figures / "pilot_free_trade_zones.csv")) == 21
    lines = {(r["length_km"], r["opened_on"]) for r in table if r["kind"] != "free_trade_zone"}
    for row in rows(figures / "infrastructure_openings.csv"):
        assert (row["length_km"], row["opened"].removeprefix("as of ")) in lines, row["line"]


def test_events(figures: Path) -> None:
    dates = {r["started_on"] for r in bundled("visits")} | {r["opened_on"] for r in bundled("milestones")}
    for row in rows(figures / "events_visits.csv"):
        assert any(d.startswith(row["date_start"]) for d in dates), row["event"]


#: Countries of the file, and the place whose rate it is.
_H10 = {"China": "CHN", "Japan": "JPN", "South Korea": "KOR", "Euro": "EMU"}


def test_monthly_exchange_rates(shared: Path) -> None:
    with gzip.open(shared / "sources" / "fx" / "fred-monthly.csv.gz", "rt", encoding="utf-8") as file:
        printed = {
            (_H10[r["Country"]], r["Date"].removesuffix("-01"), r["Exchange rate"])
            for r in csv.DictReader(file)
            if r["Country"] in _H10
        }
    kept = [r for r in bundled("indicator") if r["indicator"] == "exchange_rate_avg" and r["freq"] == "M"]
    assert {(r["place"], r["period"], r["printed_value"]) for r in kept} == printed
    assert len(kept) == len(printed) == 2085


#: Reporting economies whose rows are bundled, and the partners that all but China's are bundled for, as the files write them.
_MEMBERS = (
    "AUT BEL BGR HRV CYP CZE DNK EST FIN FRA DEU GRC HUN IRL ITA LVA LTU LUX MLT NLD POL PRT ROU SVK SVN ESP SWE GBR"
)
_PARTNERS = {"China", "HongKong,China", "Japan", "Korea,Republicof", "UnitedStates", "EuropeanUnion", "World"}


@pytest.mark.parametrize(
    ("table", "name"), [("inflows", "inflow"), ("outflows", "outflow"), ("inward_stock", "instock")]
)
def test_bilateral_investment_2001_to_2012(shared: Path, table: str, name: str) -> None:
    """Every number but zeros of China's with all partners, of others with China, its mirrors and the world; but for a sum without most of its members."""
    places = {
        code["code"]: code["place"]
        for code in rows(CURATED.parent / "reference" / "place_codes.csv")
        if code["scheme"] == "unctad_bilateral"
    }
    with gzip.open(
        shared / "regional" / "unctad_bilateral_fdi_2001-2012" / f"{name}.csv.gz", "rt", encoding="utf-8", newline=""
    ) as file:
        printed = {
            (r["area"], places[r["Reporting Economy"]], r["Year"], Decimal(r["value"]))
            for r in csv.DictReader(file)
            if r["Reporting Economy"] in places
            and (r["area"] == "CHN" or (r["area"] in {"JPN", "KOR", "USA", *_MEMBERS.split()} and r["Reporting Economy"] in _PARTNERS)
                 or (r["area"], r["Reporting Economy"], name) == ("SGP", "China", "outflow"))
            and r["value"] not in ("..", "-", "NA") and abs(Decimal(r["value"])) > Decimal("1e-15")
        }  # fmt: skip
    incomplete = (
        {("CHN", group, "2012") for group in ("EU28", "UNCTAD_EUROPE", "UNCTAD_DEVELOPED")}
        if name == "inflow"
        else set()
    )
    kept = rows(CURATED / "fdi" / f"unctad_bilateral_{table}.csv")
    found = {(r["reporter"], r["counterpart"], r["period"], Decimal(r["printed_value"])) for r in kept}
    assert found == {cell for cell in printed if cell[:3] not in incomplete}
    assert len(found) == len(kept)
    assert {(r["dataset"], r["printed_unit"]) for r in kept} == {(f"unctad.bilateral.{table}", "USD million")}


def test_lengths_of_railways_highways_and_expressways(shared: Path) -> None:
    """Every length of both files, in 10,000 km."""
    folder = shared / "regional" / "china_province_transport_2005-2023"
    names = {
        r["name"]: r["place"]
        for r in rows(CURATED.parent / "reference" / "place_names.csv")
        if r["language"] == "zh" and re.fullmatch(r"CN-..", r["place"])
    }
    indicators = {"高速等级公路里程(万公里)": "expressway_length", "高速等级路公路里程(万公里)": "expressway_length",
                  "公路里程(万公里)": "highway_length", "铁路营业里程(万公里)": "railway_length"}  # fmt: skip
    provinces = json.loads((folder / "merged_provincial_data.json").read_text(encoding="utf-8"), parse_float=str)
    nation = json.loads((folder / "yeardatas_converted.json").read_text(encoding="utf-8"), parse_float=str)
    printed = {
        (names[province], indicators[column], row["年份"], value)
        for province, years in provinces.items() for row in years for column, value in row.items() if column in indicators and value is not None
    } | {("CHN", indicators[column], row["年份"], row["数值"]) for column, years in nation.items() if column in indicators for row in years}  # fmt: skip
    kept = rows(CURATED / "indicator" / "provinces_transport_lengths.csv")
    assert {(r["place"], r["indicator"], r["period"], r["printed_value"]) for r in kept} == printed
    assert len(kept) == len(printed) == 1818
    assert {r["printed_unit"] for r in kept} == {"10,000 km"}


def test_trade_of_provinces_by_operator_and_by_place_of_the_goods(shared: Path) -> None:
    codes = {
        code["code"]: code["place"]
        for code in rows(CURATED.parent / "reference" / "place_codes.csv")
        if code["scheme"] == "nbs"
    }
    printed = {
        (codes[r["region_code"]], indicator, r["year"], r["display_value"])
        for name, indicator in (("A060101", "goods_trade_total"), ("A060201", "goods_trade_total_by_goods_place"))
        for r in rows(shared / "regional" / "china_province_trade_two_bases_2016-2024" / f"{name}.csv")
    }
    kept = rows(CURATED / "indicator" / "provinces_trade_two_bases.csv")
    assert {(r["place"], r["indicator"], r["period"], r["printed_value"]) for r in kept} == printed
    assert len(kept) == len(printed) == 2 * 31 * 9
    assert {r["printed_unit"] for r in kept} == {"USD thousand"}


def test_products_of_the_northeast_before_the_census(shared: Path) -> None:
    """The panel's column of current prices, which to 2018 is that of the yearbooks before the revision, of three provinces."""
    places = {"辽宁": "CN-LN", "吉林": "CN-JL", "黑龙江": "CN-HL"}
    panel = rows(shared / "regional" / "china_province_panels" / "province_panel_2005-2024_trade.csv")
    printed = {
        (places[row["地区"]], row["年份"], row["GDP_当年价_亿元"])
        for row in panel
        if row["地区"] in places and int(row["年份"]) <= 2018
    }
    kept = rows(CURATED / "indicator" / "provinces_gdp_before_census.csv")
    assert len(kept) == 42
    assert {(row["place"], row["period"], row["printed_value"]) for row in kept} == printed
