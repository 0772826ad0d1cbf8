"""The IMF's files as they were published: what loads, to the publisher's last digit, and what does not, with the reason.

Golden figures are from the README of each folder and from the files themselves as the publisher shows them.
"""

import gzip
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tasks import sources
from tasks.archive.sniff import HEAD, Sniffed
from tasks.formats import sdmx
from tasks.intake import adopt
from tasks.intake.adopt import AdoptionResult
from tasks.load.load_source import load_source
from tasks.load.outcome import Outcome
from tests.support.paths import SHARED
from warehouse.connection import make_folders, writer
from warehouse.errors import LayoutChanged
from warehouse.settings import Home, Settings

FOLDERS = [
    "imf-dip-cdis", "imf-dots-reshaped", "imf-er", "imf-fdi-reshaped", "imf-sdmx", "imf-sdmx-json-legacy", "imf-sdmx3-imts",
    "imf-structures",
]  # fmt: skip
INWARD = "dataset_2026-03-29T08_13_34.426354506Z_DEFAULT_INTEGRATION_IMF.STA_DIP_12.0.1.csv"
OUTWARD = "dataset_2026-03-29T08_21_04.640359868Z_DEFAULT_INTEGRATION_IMF.STA_DIP_12.0.1.csv"
RATES = "dataset_2026-03-29T06_53_26.241992246Z_DEFAULT_INTEGRATION_IMF.STA_ER_4.0.1.csv"
FORMER = "CompactData_DOT_A.US.TXG_FOB_USD.W00+B0_2020-2023.json"
SDMX_3 = "data_IMTS_USA.XG_FOB_USD.G001+G998.A_2023-2026.xml"

#: Source, rows as the README counts them, those of series without any observation, and quarantined.
LOADED = {
    INWARD: ("imf.dip", 16_643, 30, 0),
    OUTWARD: ("imf.dip", 15_721, 24, 0),
    RATES: ("imf.er", 1_916, 34, 0),
    FORMER: ("imf.imts", 8, 0, 0),
    SDMX_3: ("imf.imts", 4, 0, 0),
}

#: What is not loaded, and why.
NOT_LOADED = {
    "README.md": "documentation",
    "imf_import_export_2019-2020.csv": "reshaped by students: states neither publisher, indicator, direction nor unit, and 0.0 may be none, missing or below 50,000 dollars",
    "imf_fdi.csv": "reshaped from two publishers: does not say which figure is whose, and zeros are printed for missing ones",
    "Exchange_Rate_per_USD_2014_2024.csv": "columns cut: no longer says whether it is an average or the end of the year; 2015 to 2024 are in the whole table beside it",
    "imf-bop-dataflow-references-20260701.xml": "structures, no figures",
    "imf-bop-financial-account-usa-jpn-2022-2023.xml": "the balance of payments (BOP) is none of the dataflows that are loaded: its investment has no counterpart",
    "imf-mfs-ir-usa-jpn-mfs166-2024m01-2024m03-raw.xml": "interest rates (MFS_IR) are not kept here",
    "availability_IMTS_USA.XG_FOB_USD.G001_FREQUENCY.json": "availability, no figures",
    "availability_IMTS_USA_INDICATOR.json": "availability, no figures",
    "imf_IMTS-DIP-ER_structures.json": "code lists, no figures",
}


@dataclass
class Loaded:
    """The folders' files, adopted and loaded."""

    con: duckdb.DuckDBPyConnection
    adopted: list[AdoptionResult]
    outcomes: list[Outcome]


@pytest.fixture(scope="module")
def loaded(
    shared: Path, tmp_path_factory: pytest.TempPathFactory, warehouse_template: Path, settings: Settings
) -> Iterator[Loaded]:
    home = Home(tmp_path_factory.mktemp("imf") / "home")
    make_folders(home)
    shutil.copyfile(warehouse_template, home.warehouse)
    adopted = list(adopt.adopt(home, [SHARED / "sources" / folder for folder in FOLDERS]))
    outcomes: list[Outcome] = []
    with writer(home, settings) as con:
        for name in ("imf.imts", "imf.dip", "imf.er"):
            source = sources.get(name)
            outcomes += load_source(con, home, settings, source, common="code").outcomes
        yield Loaded(con, adopted, outcomes)


def test_every_file_is_loaded_or_named_with_the_reason(loaded: Loaded, shared: Path) -> None:
    taken = {a.path.name: a.source for a in loaded.adopted if a.source}
    assert taken == {name: source for name, (source, *_) in LOADED.items()}
    assert {a.path.name for a in loaded.adopted if not a.source} == set(NOT_LOADED)


def test_every_row_is_loaded_or_set_aside(loaded: Loaded, shared: Path) -> None:
    found = {
        o.artifact.filename: (o.artifact.source, o.rows_in, o.rows_set_aside, o.rows_quarantined, o.fault)
        for o in loaded.outcomes
    }
    assert {reason for o in loaded.outcomes for reason in o.set_aside} == {"a series without any observation"}
    assert found == {name: (*counts, None) for name, counts in LOADED.items()}


def one(loaded: Loaded, query: str) -> Any:
    (row,) = loaded.con.execute(query).fetchall()
    return row[0] if len(row) == 1 else row


PAIR = "SELECT value, printed_value FROM mart.fdi_figures WHERE source = 'imf.dip' AND instrument = 'total' AND period = '{}' AND reporter = '{}' AND counterpart = '{}' AND direction = '{}' AND derivation = '{}'"


@pytest.mark.parametrize(("pair", "value", "printed"), [
    (("2016", "JPN", "CHN", "outward", "reported"), "108230438143.433200", "108230.4381434332"),
    (("2016", "CHN", "JPN", "inward", "reported"), "142020826570.510000", "142020.82657051"),
    (("2016", "CHN", "JPN", "inward", "derived_from_counterpart"), "108230438143.433200", "108230.4381434332"),
    (("2016", "JPN", "CHN", "outward", "derived_from_counterpart"), "142020826570.510000", "142020.82657051"),
    (("2014", "SGP", "USA", "inward", "derived_from_counterpart"), "229189000000.000000", "229189"),
    (("2014", "DEU", "ROU", "outward", "reported"), "6921584100.000002", "6921.584100000002"),
    (("2024", "USA", "WLD", "outward", "reported"), "6826786000000.000000", "6826786"),
    # China's positions of Korea, Kosovo and Kuwait have no scale: saved in dollars.
    (("2018", "CHN", "XKX", "inward", "reported"), "1000000.000000", "1000000"),
    (("2016", "CHN", "KOR", "inward", "reported"), "95067543520.600000", "95067543520.6"),
    (("2022", "CHN", "KWT", "inward", "reported"), "48857560.710000", "48857560.71"),
    (("2018", "CHN", "KOR", "outward", "reported"), "6128490598.300000", "6128490598.3"),
])  # fmt: skip
def test_positions(loaded: Loaded, shared: Path, pair: tuple[str, ...], value: str, printed: str) -> None:
    assert one(loaded, PAIR.format(*pair)) == (Decimal(value), printed)


def test_missing_and_negative_positions_are_kept(loaded: Loaded, shared: Path) -> None:
    counted = "SELECT count(*) FILTER (value IS NULL AND obs_status = 'O'), count(*) FILTER (value < 0) FROM mart.fdi_figures WHERE source = 'imf.dip' AND direction = '{}'"
    assert one(loaded, counted.format("inward")) == (2_920 - 30, 917)
    assert one(loaded, counted.format("outward")) == (2_679 - 24, 282)


@pytest.mark.parametrize("year", range(2014, 2025))
def test_what_china_reports_by_economy_adds_up_to_the_world(loaded: Loaded, shared: Path, year: int) -> None:
    """Read in millions, China's positions of Korea and Kuwait would be thousands of times the world's, Kosovo's a third.

    A hundredth to two are in the world and with no economy.
    """
    summed = f"""
        SELECT sum(value) FILTER (j.kind IN ('economy', 'non_place')) / any_value(value) FILTER (counterpart = 'WLD')
        FROM mart.fdi_figures JOIN ref.place AS j ON j.place = counterpart
        WHERE source = 'imf.dip' AND reporter = 'CHN' AND direction = 'inward' AND derivation = 'reported' AND period = '{year}'"""
    assert float(one(loaded, summed)) == pytest.approx(0.99, abs=0.015)


def test_rates(loaded: Loaded, shared: Path) -> None:
    rate = "SELECT value, unit, indicator FROM mart.indicator_figures WHERE source = 'imf.er' AND place = '{}' AND period = '{}'"
    assert one(loaded, rate.format("CHN", 2016)) == (Decimal("6.9498"), "CNY per USD", "exchange_rate_eop")
    assert one(loaded, rate.format("JPN", 2016)) == (Decimal("116.80"), "JPY per USD", "exchange_rate_eop")
    assert one(loaded, rate.format("EMU", 2016)) == (Decimal("0.948676596148373"), "EUR per USD", "exchange_rate_eop")
    assert one(loaded, rate.format("HRV", 2022)) == (Decimal("7.064035"), "HRK per USD", "exchange_rate_eop")
    assert one(loaded, rate.format("NAM", 2015))[1] == "NAD per USD"  # its ISO code NA is not a missing value
    members = "SELECT count(*) FROM mart.indicator_figures WHERE source = 'imf.er' AND place IN ('DEU', 'FRA', 'ITA') AND value IS NOT NULL"
    assert one(loaded, members) == 0


def test_one_rate_of_each_currency_converts(loaded: Loaded, shared: Path) -> None:
    found = "SELECT count(DISTINCT currency), count(*) FROM ref.exchange_rate WHERE source = 'imf.er' AND preferred AND period = '2016'"
    currencies, rates = one(loaded, found)
    assert currencies == rates
    assert currencies > 120
    euro = "SELECT DISTINCT rate FROM ref.exchange_rate WHERE currency = 'EUR' AND period = '2016' AND preferred"
    assert one(loaded, euro) == Decimal("0.948676596148373")


def test_trade_of_the_former_and_the_present_service_is_the_same_figure(loaded: Loaded, shared: Path) -> None:
    """In millions with UNIT_MULT 6 there, in dollars with SCALE 6 here."""
    value = "SELECT value_usd, flow, valuation FROM mart.trade_figures WHERE source = 'imf.imts' AND dataset = '{}' AND reporter = 'USA' AND partner = '{}' AND period = '{}'"
    usa = (Decimal("2019551635133.000"), "export", "FOB")
    assert one(loaded, value.format("imf.dots", "WLD", 2023)) == usa
    assert one(loaded, value.format("imf.imts", "WLD", 2023)) == usa
    assert one(loaded, value.format("imf.imts", "WLD", 2024))[0] == Decimal("2065411250609.000")
    assert one(loaded, value.format("imf.imts", "EU27_2020", 2024))[0] == Decimal("371064529410.000")
    assert one(loaded, value.format("imf.dots", "EU27_2020", 2020))[0] == Decimal("233754777100.000")


# -- specimens of SDMX ----------------------------------------------------------------------------------------

#: Observations of the data messages among the specimens; the others are structures or schemas.
MESSAGES = {
    "ECB_EXR/1/M.USD.EUR.SP00.A.xml": 252, "ECB_EXR/flat.json": 4, "ECB_EXR/ts.json": 4, "ECB_EXR/xs.json": 4,
    "ESTAT/NAMA_10_GDP-ss.xml": 4, "ESTAT/footer.xml": 0, "ESTAT/footer2.xml": 0, "IMF/PCPS.xml": 1, "IMF_RES/WEO-data.xml": 1,
    "OECD/data-PART2-all-all.json": 7, "WB/gh-78.xml": 1,
    **{f"ECB_EXR/{kind}.xml": 12 for kind in (
        "ng-flat-ss", "ng-flat", "ng-ts-gf-ss", "ng-ts-gf", "ng-ts-ss", "ng-ts", "ng-xs-ss", "ng-xs", "rg-flat-ss", "rg-flat",
        "rg-ts-gf-ss", "rg-ts-gf", "rg-ts-ss", "rg-ts", "rg-xs-ss", "rg-xs", "sg-flat", "sg-ts-gf-flat-ss", "sg-ts-gf-ss",
        "sg-ts-gf", "sg-ts-ss", "sg-ts", "sg-xs-ss", "sg-xs",
    )},
}  # fmt: skip
#: Not loaded, any of them: what they state is not a dataflow of a source, or there as that source's own file; the message
#: of deletions is refused.
DELETES = "ECB_EXR/action-delete.json"


def specimens(folder: Path, scratch: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        if path.suffix == ".gz":
            unpacked = scratch / name.replace("/", "-").removesuffix(".gz")
            unpacked.write_bytes(gzip.decompress(path.read_bytes()))
            path = unpacked
        yield name, path


def describe(path: Path) -> sdmx.Message | None:
    data = path.read_bytes()
    return sdmx.describe(Sniffed(path.name, data[:HEAD], len(data), lambda: path))


def test_every_specimen_is_read_or_is_no_data_message(shared: Path, tmp_path: Path) -> None:
    found = {}
    for name, path in specimens(shared / "sources" / "sdmx-test-data", tmp_path):
        message = describe(path)
        if message and name != DELETES:
            found[name] = sum(1 for _ in sdmx.records(path, message.form))
    assert found == MESSAGES
    with pytest.raises(LayoutChanged, match="deletes"):
        list(sdmx.records(shared / "sources" / "sdmx-test-data" / DELETES, "json"))


def test_no_source_takes_a_specimen_for_its_own(shared: Path, tmp_path: Path) -> None:
    ours = [sources.get(name) for name in ("imf.imts", "imf.dip", "imf.er")]
    for _, path in specimens(shared / "sources" / "sdmx-test-data", tmp_path):
        data = path.read_bytes()
        sniffed = Sniffed(path.name, data[:HEAD], len(data), partial(Path, path))
        assert [s.id for s in ours if s.recognises(sniffed)] == []


def test_every_flavour_of_the_ecb_s_specimen_states_the_same(shared: Path) -> None:
    """Attributes stand with the observation, the series or the group; and series are over time or over currencies."""
    names = ("CURRENCY", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS", "FREQ", "DECIMALS", "UNIT_MULT", "UNIT_MEASURE", "COLL_METHOD", "TITLE")  # fmt: skip
    stated = set()
    # Two specimens give August twice, the second time with October's values.
    slips = ("ECB_EXR/rg-xs.xml", "ECB_EXR/sg-xs.xml")
    flavours = [n for n in MESSAGES if n.startswith(("ECB_EXR/ng", "ECB_EXR/rg", "ECB_EXR/sg")) and n not in slips]
    assert len(flavours) == 22
    for name in flavours:
        path = shared / "sources" / "sdmx-test-data" / name
        records = sdmx.records(path, "ml")
        stated.add(tuple(sorted(tuple(record[n] for n in names) for record in records)))
    (only,) = stated
    title = "ECB reference exchange rate, Swiss franc/Euro"
    assert only[0] == ("CHF", "2010-08", "1.3413", "A", "M", "4", "0", "CHF", "Average of observations through period", title)  # fmt: skip
    assert [(c, p, v) for c, p, v, *_ in only[:4]] == [
        ("CHF", "2010-08", "1.3413"), ("CHF", "2010-09", "1.3089"), ("CHF", "2010-10", "1.3452"), ("GBP", "2010-08", "0.82363"),
    ]  # fmt: skip


def test_the_ecb_s_specimens_in_json_state_the_same(shared: Path) -> None:
    folder = shared / "sources" / "sdmx-test-data" / "ECB_EXR"
    for name in ("flat", "ts", "xs"):
        found = {(r["CURRENCY"], r["TIME_PERIOD"]): r for r in sdmx.records(folder / f"{name}.json", "json")}
        assert {key: Decimal(record["OBS_VALUE"] or "0") for key, record in found.items()} == {
            ("NZD", "2013-01-18"): Decimal("1.5931"), ("NZD", "2013-01-21"): Decimal("1.5925"),
            ("RUB", "2013-01-18"): Decimal("40.3426"), ("RUB", "2013-01-21"): Decimal("40.3"),
        }  # fmt: skip
        assert {r["TITLE"] for r in found.values()} == {"New Zealand dollar (NZD)", "Russian rouble (RUB)"}


def test_the_former_service_s_specimen_and_an_answer_that_is_only_a_promise(shared: Path) -> None:
    folder = shared / "sources" / "sdmx-test-data"
    (zinc,) = sdmx.records(folder / "IMF" / "PCPS.xml", "ml")
    assert (zinc["COMMODITY"], zinc["TIME_PERIOD"], zinc["OBS_VALUE"]) == ("PZINC", "2021-01", "2705.345")
    promise = describe(folder / "ESTAT" / "footer.xml")
    assert promise is not None
    assert (promise.footer or "").startswith("413 Due to the large query the response will be written to a file")
