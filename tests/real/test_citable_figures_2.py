"""Every row of the second set of transcribed figures is bundled as printed, or on record as not bundled with a reason.

Needs the transcriptions in ../shared/regional/citable_figures_2.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

import warehouse

PACKAGE = Path(warehouse.__file__).parent
CURATED = PACKAGE / "curated"

#: Rows that are on record in not_bundled.csv, by file. A row more or less is a decision to be looked at.
NOT_BUNDLED = {
    "fdi_china_by_source_economy.csv": 0,
    "investment_and_trade_with_japan_by_region.csv": 2,
    "province_trade_and_fdi_press.csv": 10,
    "province_city_totals.csv": 1,
    "japanese_companies_and_bases.csv": 3,
    "infrastructure_openings.csv": 2,
    "transport_length_by_region.csv": 1,
}
ROWS = {
    "fdi_china_by_source_economy.csv": 132,
    "investment_and_trade_with_japan_by_region.csv": 104,
    "province_trade_and_fdi_press.csv": 75,
    "province_city_totals.csv": 78,
    "japanese_companies_and_bases.csv": 69,
    "infrastructure_openings.csv": 31,
    "transport_length_by_region.csv": 60,
}
#: What the transcription calls an area that has another name in the reference tables.
_PLACES = {
    "China total": "CHN",
    "World": "WLD",
    "Northeast three provinces": "CN_NORTHEAST",
    "Pearl River Delta": "CN_PEARL_DELTA_9_CITIES",
    "China, eastern region": "CN_EAST",
    "Shanghai (area of the consulate)": "JPN_CONSULATE_SHANGHAI",
    "consular district Beijing (embassy)": "JPN_CONSULATE_BEIJING",
    "consular district Dalian (office)": "JPN_CONSULATE_DALIAN",
    "Tokyo": "CHN",
}
_ECONOMIES = {
    "10 Asian economies": {"MOFCOM_ASIA_10"},
    "EU-27": {"EU_AT_THE_TIME", "EU27_2007"},
    "EU-28": {"EU28"},
    "top ten": {"MOFCOM_TOP_TEN"},
    "World": {"WLD"},
}
_MULTIPLES = {"100 million": 10**8, "10,000": 10**4, "billion": 10**9, "million": 10**6}


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def bundled(*tables: str) -> list[dict[str, str]]:
    return [row for table in tables for path in sorted((CURATED / table).glob("*.csv")) for row in read(path)]


@cache
def not_bundled() -> list[dict[str, str]]:
    return read(CURATED / "not_bundled.csv")


@cache
def names_of_places() -> dict[str, set[str]]:
    names: dict[str, set[str]] = {}
    for row in read(PACKAGE / "reference" / "place_names.csv"):
        names.setdefault(row["name"].lower(), set()).add(row["place"])
    return names


@pytest.fixture
def figures(shared: Path) -> Path:
    return shared / "regional" / "citable_figures_2"


def amount(value: str, unit: str) -> Decimal:
    """A printed number in single units: 121.4 of "USD 100 million" is 12,140,000,000."""
    multiple = next((number for words, number in _MULTIPLES.items() if words in unit), 1)
    return Decimal(value) * multiple


def places(name: str) -> set[str]:
    if name in _PLACES:
        return {_PLACES[name]}
    if name.startswith("consular district"):
        return {"JPN_CONSULATE_" + name.split()[-1].upper()}
    return names_of_places()[name.lower()]


def periods(row: dict[str, str]) -> set[str]:
    """How the period of a transcribed row may be written: 2016 or 2016-12 for January to December of 2016."""
    end = row.get("period_end") or row.get("as_of", "")
    return {end, end[:7]} | ({end[:4]} if end[5:7] in ("", "12") else set())


def is_on_record(row: dict[str, str], place: str, value: str) -> bool:
    return any(
        r["address"] == row["source_url"]
        and r["place"] == place
        and r["printed_value"] == value
        and len(r["reason"]) > 10
        for r in not_bundled()
    )


def missing(path: Path, place: str, *tables: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The rows without a bundled row of the same page, place, period and amount: "on record" or "lost"."""
    kept = {
        (r["address"], at, r["period"], amount(r["printed_value"], r["printed_unit"]))
        for r in bundled(*tables)
        if r["printed_value"]
        for at in (r.get("reporter"), r.get("place"), r.get("counterpart"))
    }
    for row in read(path):
        row_places = _ECONOMIES.get(row[place]) or places(row[place])
        number = amount(row["value"], row["unit"])
        if not any((row["source_url"], p, period, number) in kept for p in row_places for period in periods(row)):
            yield ("on record" if is_on_record(row, row[place], row["value"]) else "lost"), row


@pytest.mark.parametrize(
    ("name", "place", "tables"),
    [
        ("fdi_china_by_source_economy.csv", "economy", ("fdi", "fdi_rate")),
        ("investment_and_trade_with_japan_by_region.csv", "region", ("fdi", "fdi_rate", "trade", "indicator")),
        ("province_trade_and_fdi_press.csv", "region", ("fdi", "trade", "indicator")),
        ("province_city_totals.csv", "region", ("fdi", "trade", "indicator")),
        ("transport_length_by_region.csv", "region", ("indicator",)),
    ],
)
def test_figures(figures: Path, name: str, place: str, tables: tuple[str, ...]) -> None:
    rows = read(figures / name)
    assert len(rows) == ROWS[name]
    found = list(missing(figures / name, place, *tables))
    assert [row for verdict, row in found if verdict == "lost"] == []
    assert len(found) == NOT_BUNDLED[name]


def test_partners_and_origins_are_those_of_the_row(figures: Path) -> None:
    economies = {
        "Japan": "JPN",
        "Korea": "KOR",
        "Republic of Korea": "KOR",
        "Hong Kong": "HKG",
        "Russia": "RUS",
        "EU": "EU_AT_THE_TIME",
    }
    kept = {
        (r["address"], r.get("partner") or r["counterpart"], r["printed_value"])
        for r in bundled("trade", "fdi", "fdi_rate")
        if r["printed_value"]
    }
    wrong = []
    for name in ("investment_and_trade_with_japan_by_region.csv", "province_trade_and_fdi_press.csv"):
        for row in read(figures / name):
            match = re.search(
                r"(?:with|from|exports to) (Japan|Korea|Republic of Korea|Hong Kong|Russia|EU)(?:,| \(stated\)|$)",
                row["measure"],
            )
            if match and not is_on_record(row, row["region"], row["value"]):
                key = (row["source_url"], economies[match[1]], row["value"])
                if key not in kept:
                    wrong.append(row)
    assert wrong == []


#: What a count is called in the transcription, and the counting unit it is bundled under.
_COUNTED = {
    "Japanese residents (persons)": "residents",
    "bases (kyoten)": "bases",
    "Japanese companies (stated)": "companies_stated",
    "Japanese companies": "companies_stated",
    "Japanese companies (more than)": "companies_stated",
    "Japanese companies (peak, about)": "operating_companies",
    "Japanese enterprises": "companies_stated",
    "Japanese enterprises (about)": "companies_stated",
    "Japanese enterprises (just under)": "companies_stated",
    "Japanese enterprises (more than)": "companies_stated",
    "Japanese enterprises (approved, cumulative)": "approved_companies",
    "Japanese enterprises (cumulative)": "approved_companies",
    "Japanese enterprises (cumulative, about)": "approved_companies",
    "Japan-funded enterprises (stated, cumulative)": "approved_companies",
    "parent companies with presence in China": "parent_companies",
}


def test_companies_bases_and_residents(figures: Path) -> None:
    name = "japanese_companies_and_bases.csv"
    rows = read(figures / name)
    assert len(rows) == ROWS[name]
    kept = {
        (r["address"], r["place"], r["period"], r["counting_unit"], r["printed_value"]) for r in bundled("presence")
    }
    lost, on_record = [], 0
    for row in rows:
        if is_on_record(row, row["area"], row["value"]):
            on_record += 1
        elif not any(
            (row["source_url"], p, row["as_of"][:4], _COUNTED[row["unit"]], row["value"]) in kept
            for p in places(row["area"])
        ):
            lost.append(row)
    assert lost == []
    assert on_record == NOT_BUNDLED[name]


def test_openings(figures: Path) -> None:
    name = "infrastructure_openings.csv"
    rows = read(figures / name)
    assert len(rows) == ROWS[name]
    kept = Counter((r["address"], r["place"], r["opened_on"], r["length_km"]) for r in bundled("milestones"))
    lost, on_record = [], 0
    for row in rows:
        if is_on_record(row, row["line"], row["length_km"]):
            on_record += 1
            continue
        days = {k[2] for k in kept if k[0] == row["source_url"]}
        for province in row["provinces"].split("; "):
            day = next((d for d in days if d.startswith(row["opened"])), None) if row["opened"] else ""
            if not any(kept[(row["source_url"], p, day or "", row["length_km"])] for p in places(province)):
                lost.append(row)
    assert lost == []
    assert on_record == NOT_BUNDLED[name]


@pytest.mark.parametrize(
    ("name", "label", "dataset", "concepts"),
    [
        ("nbs_yearbook2005_table18-16_fdi_by_region_usd10000.csv", "region", "nbs.yearbook_2005_t18_16", {"fdi": "province_utilised", "other_foreign_investment": "province_other_investment"}),
        ("nbs_yearbook2007_table18-15_fdi_by_country_asia_part_usd10000.csv", "country", "nbs.yearbook_2007_t18_15", {"fdi": "mofcom_utilised", "other_foreign_investment": "province_other_investment"}),
    ],
)  # fmt: skip
def test_tables_of_the_yearbook(figures: Path, name: str, label: str, dataset: str, concepts: dict[str, str]) -> None:
    kept = Counter((r["concept"], r["period"], r["printed_value"]) for r in bundled("fdi") if r["dataset"] == dataset)
    printed = Counter(
        (concepts[column.rsplit("_", 1)[0]], column.rsplit("_", 1)[1], row[column])
        for row in read(figures / name)
        for column in row
        if column != label
    )
    assert kept == printed
    assert printed.total() == 4 * len(read(figures / name)) == 136


def test_regions_of_the_yearbook_add_up_to_its_totals() -> None:
    table = [r for r in bundled("fdi") if r["dataset"] == "nbs.yearbook_2005_t18_16" and r["printed_value"]]
    for year, regions, nation in (("2002", 5247126, 5274286), ("2003", 5294028, 5350467)):
        of = {
            r["reporter"]: int(r["printed_value"])
            for r in table
            if (r["period"], r["concept"]) == (year, "province_utilised")
        }
        whole = of.pop("CHN"), of.pop("CN_31_PROVINCES"), of.pop("CN_MINISTRIES")
        assert (sum(of.values()), sum(of.values()) + whole[2]) == (regions, nation) == (whole[1], whole[0])


def test_highways_of_1999(figures: Path) -> None:
    columns = {
        "highways_total": "highway_length", "expressway_and_class_1_to_4": "highway_length_classed", "expressway": "expressway_length",
        "class_1": "highway_length_class_1", "class_2": "highway_length_class_2", "class_3": "highway_length_class_3",
        "class_4": "highway_length_class_4", "below_class_4": "highway_length_below_class_4",
    }  # fmt: skip
    kept = {
        (r["place"], r["indicator"]): r["printed_value"]
        for r in bundled("indicator")
        if r["dataset"] == "nbs.environment_1999"
    }
    rows = read(figures / "nbs_environment1999_highway_length_by_region_part_km.csv")
    for row in rows:
        at = {"CHN"} if row["region"] == "National Total" else places(row["region"])
        for column, indicator in columns.items():
            assert row[column] in {kept.get((p, indicator)) for p in at}, (row["region"], column)
    assert len(kept) == len(columns) * len(rows) == 176


def test_each_reason_is_on_record_once() -> None:
    table = not_bundled()
    assert len(table) == sum(NOT_BUNDLED.values()) == 19
    assert len({tuple(row.values()) for row in table}) == 19
    assert all(row["reason"] and row["address"].startswith("http") for row in table)
