"""What was transcribed from public pages is bundled, all of it. Needs the transcriptions in ../shared/regional."""

import csv
import gzip
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
