"""The IMF's sources: scales, codes, currencies, and what the service may answer instead of data."""

import json
import re
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tasks import sources
from tasks.archive.sniff import HEAD, Sniffed
from tasks.contract.service import Request, Selection
from tasks.intake import adopt
from tasks.load.load_source import load_source
from tasks.load.outcome import Outcome
from tasks.sources._shared.imf import former_tables
from tests.support.loading import adopt_and_load
from tests.support.source_contract import BadRow, Refused, ServiceContract, Specimen, Valid
from warehouse.connection import make_folders, writer
from warehouse.errors import (
    EmptyAnswer,
    EntrepotError,
    ErrorInBody,
    LayoutChanged,
    NotData,
    RepeatedKeys,
    Unknown,
)
from warehouse.settings import Home, Settings

Load = Callable[..., list[Outcome]]

IMTS = (
    "DATAFLOW,COUNTRY,INDICATOR,COUNTERPART_COUNTRY,FREQUENCY,TIME_PERIOD,OBS_VALUE,SCALE,PRECISION,DECIMALS_DISPLAYED,"
    "TRADE_FLOW,VALUATION,UNIT,DERIVATION_TYPE,OVERLAP,STATUS\n"
)
#: USA's exports to Canada 2024, as the service's documentation of this project has it.
CANADA = "IMF.STA:IMTS(1.0.0),USA,XG_FOB_USD,CAN,A,2024,349397894619,6,,,XG,FOB,USD,M,OL,\n"
DIP = "DATAFLOW,COUNTRY,DV_TYPE,INDICATOR,COUNTERPART_COUNTRY,FREQUENCY,TIME_PERIOD,OBS_VALUE,SCALE,STATUS\n"
FORMER = "Country Name,Country Code,Indicator Name,Indicator Code,Counterpart Country Name,Counterpart Country Code,Attribute,2018,2018M2,\n"
ER = "DATAFLOW,COUNTRY,INDICATOR,TYPE_OF_TRANSFORMATION,FREQUENCY,TIME_PERIOD,OBS_VALUE,SCALE\n"
PORTAL = (
    '"COUNTRY.ID","COUNTRY","DV_TYPE.ID","DV_TYPE","INDICATOR.ID","INDICATOR","COUNTERPART_COUNTRY.ID",'
    '"COUNTERPART_COUNTRY","FREQUENCY.ID","FREQUENCY","TIME_PERIOD","OBS_VALUE","SCALE.ID","SCALE"\n'
)


def imts(*rows: str) -> str:
    """IMTS as the service sends it, of rows ``USA,XG_FOB_USD,CAN,A,2024,1[,derivation[,status]]``."""
    cells = [row.split(",") for row in rows]
    return IMTS + "".join(
        f"IMF.STA:IMTS(1.0.0),{','.join(c[:6])},6,,,,,USD,{c[6] if len(c) > 6 else ''},,{c[7] if len(c) > 7 else ''}\n"
        for c in cells
    )


def dip(*rows: str) -> str:
    """DIP as the service sends it."""
    return DIP + "".join(f"IMF.STA:DIP(12.0.1),{row}\n" for row in rows)


def er(*rows: str) -> str:
    """ER as the service sends it."""
    return ER + "".join(f"IMF.STA:ER(4.0.1),{row},0\n" for row in rows)


def portal(*rows: str, scale: bool = True) -> str:
    """DIP as saved from data.imf.org, of rows ``JPN,O,OTWD_D_NETAL_FALL_ALL,CHN,2016,1,6``."""
    lines = [PORTAL if scale else PORTAL.replace(',"SCALE.ID","SCALE"', "")]
    for row in rows:
        country, kind, indicator, counterpart, period, value, unit = row.split(",")
        cells = [country, "c", kind, "d", indicator, "i, all", counterpart, "p, of", "A", "Annual", period, value]
        cells += [unit, "Millions" if unit else ""] if scale else []
        lines.append(",".join(f'"{c}"' for c in cells) + "\n")
    return "\ufeff" + "".join(lines)


@pytest.fixture
def load(warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path) -> Load:
    """Adopt files of these names and texts, and load what is pending."""

    def loading(files: dict[str, str], common: str = "code") -> list[Outcome]:
        return load_into(warehouse, home, settings, tmp_path, files, common)

    return loading


def load_into(
    con: duckdb.DuckDBPyConnection, home: Home, settings: Settings, folder: Path, files: dict[str, str], common: str
) -> list[Outcome]:
    outcomes = []
    for name, text in files.items():
        path = folder / name
        path.write_text(text, encoding="utf-8")
        (taken,) = adopt.adopt(home, [path])
        assert taken.source, taken.message
        source = sources.get(taken.source)
        outcomes += load_source(con, home, settings, source, common=common).outcomes
    return outcomes


def taken_for(text: str, folder: Path, name: str = "file") -> tuple[str | None, str]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    (taken,) = adopt.adopt(Home(folder / "h"), [path])
    return taken.source, taken.message


def trade(con: duckdb.DuckDBPyConnection, columns: str = "reporter, partner, flow, valuation, freq, period, value_usd") -> list[Any]:  # fmt: skip
    return con.execute(f"SELECT {columns} FROM mart.trade_figures WHERE source = 'imf.imts' ORDER BY ALL").fetchall()


# -- IMTS -----------------------------------------------------------------------------------------------------


def test_the_scale_of_the_service_is_for_display_only(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    (outcome,) = load({"a.csv": IMTS + CANADA})
    assert (outcome.rows_in, outcome.rows_accepted, outcome.rows_quarantined, outcome.change.new) == (1, 1, 0, 1)
    assert trade(warehouse) == [("USA", "CAN", "export", "FOB", "A", "2024", Decimal("349397894619.000"))]
    (figure,) = warehouse.execute("SELECT classification, product, currency, published_on, note FROM mart.trade_figures WHERE source = 'imf.imts'").fetchall()  # fmt: skip
    assert figure[:4] == ("TOTAL", "TOTAL", "USD", None)
    assert "derivation M" in figure[4]


def test_the_former_service_is_in_millions_and_a_dataset_of_its_own(
    load: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    series = {"@FREQ": "A", "@REF_AREA": "US", "@INDICATOR": "TXG_FOB_USD", "@COUNTERPART_AREA": "W00", "@UNIT_MULT": "6", "@TIME_FORMAT": "P1Y", "Obs": {"@TIME_PERIOD": "2023", "@OBS_VALUE": "2019551.635133"}}  # fmt: skip
    former = {"CompactData": {"Header": {"Sender": {"Name": {"#text": "IMF"}}, "DataSetID": "DOT"}, "DataSet": {"Series": series}}}  # fmt: skip
    load({"new.csv": imts("USA,XG_FOB_USD,G001,A,2023,1"), "old.json": json.dumps(former)})
    assert trade(warehouse, "dataset, partner, period, value_usd") == [
        ("imf.dots", "WLD", "2023", Decimal("2019551635133.000")),
        ("imf.imts", "WLD", "2023", Decimal("1.000")),
    ]


def test_imports_have_the_valuation_of_their_indicator_and_months_and_quarters_their_periods(
    load: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    load({"a.csv": imts(
        "CHN,MG_CIF_USD,JPN,M,2026-M04,3.5", "CHN,MG_FOB_USD,JPN,Q,2025-Q1,2", "CHN,TBG_USD,JPN,A,2024,-9",
        "CHN,MG_CIF_USD,JPN,M,2026-05,1.00049",
    )})  # fmt: skip
    assert trade(warehouse) == [
        ("CHN", "JPN", "import", "CIF", "M", "2026-04", Decimal("3.500")),
        ("CHN", "JPN", "import", "CIF", "M", "2026-05", Decimal("1.000")),
        ("CHN", "JPN", "import", "FOB", "Q", "2025-Q1", Decimal("2.000")),
    ]


SERIES = (
    '"DATASET","SERIES_CODE","OBS_MEASURE","COUNTRY","INDICATOR","COUNTERPART_COUNTRY","FREQUENCY","SCALE","2023","2024"\n'
    '"IMF.STA:IMTS(1.0.0)","USA.XG_FOB_USD.G001.A","OBS_VALUE","United States","Exports, FOB","World","Annual","{}","2019551.635133",""\n'
)


def test_a_saved_table_with_a_series_in_a_row(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    """With labels only, as data.imf.org saves it by default: the codes are in SERIES_CODE, the unit is SCALE's."""
    load({"a.csv": SERIES.format("Millions")})
    assert trade(warehouse, "partner, period, value_usd") == [("WLD", "2023", Decimal("2019551635133.000"))]
    load({"a.csv": SERIES.format("Units")})
    assert trade(warehouse, "value_usd") == [(Decimal("2019551.635"),)]
    for wrong, message in (("Dozens", "imf_unit"), (".A", "is not of COUNTRY")):
        text = SERIES.format("Dozens") if message == "imf_unit" else SERIES.format("Units").replace(".A", "")
        outcome = load({"b.csv": text})[-1]
        assert message in (str(outcome.fault) if outcome.fault else outcome.quarantined[0].rules), wrong


def test_groups_are_groups_and_the_union_before_2020_is_nobody_s_guess(
    load: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    (outcome,) = load({"a.csv": imts(*(f"CHN,XG_FOB_USD,{p},A,{y},1" for p, y in [
        ("G001", 2019), ("G163", 2019), ("G998", 2019), ("G998", 2020), ("GX170", 2019), ("TX898", 2019), ("KOS", 2019), ("WBG", 2019), ("TWN", 2019),
    ]))})  # fmt: skip
    assert outcome.rows_quarantined == 0
    rows = trade(warehouse, "partner, period")
    assert rows == sorted([("WLD", "2019"), ("EMU", "2019"), ("IMF_EU", "2019"), ("EU27_2020", "2020"), ("IMF_GX170", "2019"), ("_X", "2019"), ("XKX", "2019"), ("PSE", "2019"), ("TWN", "2019")])  # fmt: skip
    groups = "SELECT place FROM ref.place WHERE is_aggregate AND place IN (SELECT partner FROM mart.trade_figures WHERE source = 'imf.imts') ORDER BY 1"
    assert [p for (p,) in warehouse.execute(groups).fetchall()] == ["EMU", "EU27_2020", "IMF_EU", "IMF_GX170", "WLD"]


def test_why_a_value_is_missing_or_how_it_came_about(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    (outcome,) = load({"a.csv": imts(
        "CHN,XG_FOB_USD,JPN,A,2015,,O", "CHN,XG_FOB_USD,JPN,A,2016,NaN,O", "CHN,XG_FOB_USD,JPN,A,2017,,O,C",
        "CHN,XG_FOB_USD,JPN,A,2018,0,O", "CHN,XG_FOB_USD,JPN,A,2019,1,SE", "CHN,XG_FOB_USD,JPN,A,2020,1,O,P",
        "CHN,XG_FOB_USD,KOR,A,,",
    )})  # fmt: skip
    assert trade(warehouse, "period, value_usd, obs_status") == [
        ("2015", None, "O"), ("2016", None, "O"), ("2017", None, "Q"), ("2018", Decimal("0.000"), "A"),
        ("2019", Decimal("1.000"), "E"), ("2020", Decimal("1.000"), "P"),
    ]  # fmt: skip
    assert (outcome.rows_in, outcome.rows_accepted, outcome.set_aside) == (
        7,
        6,
        {"a series without any observation": 1},
    )


def test_bad_rows_are_quarantined_with_their_rule(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    bad = {
        "XYZ,XG_FOB_USD,JPN,A,2016,1": "imf_country: stands in ref.place_code.code among imf",
        "CHN,XG_FOB_USD,JP,A,2016,1": "imf_counterpart: stands in",
        "CHN,XX_FOB_USD,JPN,A,2016,1": "imf_indicator: isin",
        "CHN,XG_FOB_USD,JPN,A,2016-13,1": "imf_period: str_matches",
        "CHN,XG_FOB_USD,JPN,A,2016,abc": "imf_value: str_matches",
        "CHN,XG_FOB_USD,JPN,W,2016,1": "imf_frequency: isin",
        "CHN,XG_FOB_USD,KOR,Q,2016,1": "imf_period is written as imf_frequency asks",
        "CHN,XG_FOB_USD,USA,A,2016,-1": "value: greater_than",
        "CHN,XG_FOB_USD,USA,A,2017,1,O,Q": "there is a value, and it fits its type exactly, unless",
    }
    good = [f"CHN,XG_FOB_USD,JPN,A,{year},1" for year in range(1800, 2016)]
    (outcome,) = load({"a.csv": imts(*bad, *good)})
    assert (outcome.fault, outcome.rows_quarantined, outcome.rows_accepted) == (None, len(bad), len(good))
    quarantined = warehouse.execute("SELECT rules, raw FROM meta.quarantine ORDER BY row_number").fetchall()
    for (rules, raw), (row, rule) in zip(quarantined, bad.items(), strict=True):
        assert rule in rules
        assert all(cell in raw for cell in row.split(","))


# -- DIP ------------------------------------------------------------------------------------------------------

OUTWARD, INWARD = "OTWD_D_NETAL_FALL_ALL", "INWD_D_NETLA_FALL_ALL"
FDI = "reporter, counterpart, direction, instrument, derivation, concept, period, value_usd"


def fdi(con: duckdb.DuckDBPyConnection, columns: str = FDI) -> list[Any]:
    return con.execute(f"SELECT {columns} FROM mart.fdi_figures WHERE source = 'imf.dip' ORDER BY ALL").fetchall()


def test_both_sides_of_a_position_and_what_follows_from_them_stand_side_by_side(
    load: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    """As in DIP 12.0.1 saved in March 2026."""
    load({"a.csv": portal(
        f"JPN,O,{OUTWARD},CHN,2016,108230.4381434332,6", f"CHN,O,{INWARD},JPN,2016,142020.82657051,6",
        f"JPN,SCC,{OUTWARD},CHN,2016,142020.82657051,6", f"CHN,SCC,{INWARD},JPN,2016,108230.4381434332,6",
    )})  # fmt: skip
    position, japan, china = "direct_investment_position", Decimal("108230438143.43"), Decimal("142020826570.51")
    assert fdi(warehouse) == [
        ("CHN", "JPN", "inward", "total", "derived_from_counterpart", position, "2016", japan),
        ("CHN", "JPN", "inward", "total", "reported", position, "2016", china),
        ("JPN", "CHN", "outward", "total", "derived_from_counterpart", position, "2016", china),
        ("JPN", "CHN", "outward", "total", "reported", position, "2016", japan),
    ]
    printed = "SELECT DISTINCT printed_value, value, printed_unit, accounting, principle, sector_scope FROM mart.fdi_figures WHERE source = 'imf.dip' ORDER BY 2"
    assert warehouse.execute(printed).fetchall()[0] == ("108230.4381434332", Decimal("108230438143.433200"), "USD million", "position", "directional", "all")  # fmt: skip


def test_the_service_gives_dollars_and_the_saved_table_millions_of_the_same_figure(
    load: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    (_, second) = load({
        "a.csv": dip(f"SWE,O,{INWARD},USA,A,2024,345678901.25,6,E"),
        "b.csv": portal(f"SWE,O,{INWARD},USA,2024,345.67890125,6"),
    })  # fmt: skip
    ((value, currency),) = fdi(warehouse, "value, currency")
    assert (value, currency) == (Decimal("345678901.250000"), "USD")
    assert second.change.revised == 1  # as printed, and its status: the value is the same


def test_a_series_without_a_scale_is_in_dollars_in_a_table_of_millions(
    load: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    """China's positions of Korea as in DIP 12.0.1, with and without a column that says so."""
    others = [f"JPN,O,{INWARD},CHN,{year},{year},6" for year in range(1900, 2024)]
    others += [f"{c},O,{INWARD},USA,2016,5,6" for c in ("DEU", "FRA", "GBR", "ITA", "NLD", "KOR")]
    korea = [
        f"CHN,O,{INWARD},KOR,2016,95067543520.6,",
        f"CHN,O,{INWARD},KOR,2022,48857560.71,",
        f"CHN,O,{INWARD},KOS,2018,1000000,",
    ]
    load({"scale.csv": portal(*others, *korea), "none.csv": portal(*others, *korea, scale=False)})
    assert [v for (v,) in fdi(warehouse, "value_usd") if v > 10**10] == [Decimal("95067543520.60")]
    read = "SELECT period, value_usd, printed_unit FROM mart.fdi_figures WHERE counterpart = 'KOR' AND source = 'imf.dip' ORDER BY 1"
    assert warehouse.execute(read).fetchall() == [("2016", Decimal("95067543520.60"), "USD"), ("2022", Decimal("48857560.71"), "USD")]  # fmt: skip
    # Kosovo's amount does not show it by itself; with its neighbours' it is known to be in dollars.
    assert warehouse.execute(read.replace("KOR", "XKX")).fetchall() == [("2018", Decimal("1000000.00"), "USD")]


def test_a_table_that_may_be_in_dollars_throughout_is_refused(load: Load) -> None:
    rows = [f"{c},O,{INWARD},USA,2016,95067543520,6" for c in ("DEU", "FRA", "GBR")]
    for name, scale, message in (
        ("a.csv", True, "million dollars cannot be"),
        ("b.csv", False, "cannot be in millions"),
    ):
        outcome = load({name: portal(*rows, scale=scale)})[-1]
        assert isinstance(outcome.fault, LayoutChanged)
        assert message in str(outcome.fault)


def test_parts_of_a_position_are_other_concepts(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    from schemas.imf import DIP_INDICATORS

    (outcome,) = load({"a.csv": dip(*(f"DEU,O,{code},USA,A,2024,-7,6," for code in DIP_INDICATORS))})
    assert (outcome.rows_in, outcome.rows_quarantined) == (20, 0)
    concepts = {(d, i, c.removeprefix("direct_investment_position")) for d, i, c in fdi(warehouse, "direction, instrument, concept")}  # fmt: skip
    assert len(concepts) == 20  # nothing of one is taken for another
    assert {(i, c) for d, i, c in concepts if d == "inward"} == {
        ("total", ""), ("equity", ""), ("debt", ""), ("total", "_fellows"), ("debt", "_financial"), ("debt", "_nonfinancial"),
        ("total", "_fellows_assets"), ("total", "_fellows_liabilities"), ("debt", "_assets"), ("debt", "_liabilities"),
    }  # fmt: skip


def test_digits_of_binary_numbers_are_kept_as_printed_and_rounded_at_a_millionth(
    load: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    load({"a.csv": portal(f"DEU,O,{OUTWARD},ROU,2014,0.00012345678901234567,6", f"DEU,O,{OUTWARD},FRA,2014,,6", f"DEU,O,{OUTWARD},JPN,,,6")})  # fmt: skip
    assert fdi(warehouse, "counterpart, value, printed_value, obs_status") == [
        ("FRA", None, None, "O"),
        ("ROU", Decimal("123.456789"), "0.00012345678901234567", "A"),
    ]


# -- ER -------------------------------------------------------------------------------------------------------


def rates(con: duckdb.DuckDBPyConnection, columns: str) -> list[Any]:
    return con.execute(f"SELECT {columns} FROM mart.indicator_figures WHERE source = 'imf.er' ORDER BY ALL").fetchall()


def test_rates_have_the_currency_of_their_time(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    (outcome,) = load({"a.csv": er(
        "CHN,XDC_USD,EOP_RT,A,2016,6.9498", "JPN,XDC_USD,PA_RT,M,2016-M12,115.95", "LTU,XDC_USD,EOP_RT,A,2014,2.8387",
        "HRV,XDC_USD,EOP_RT,A,2022,7.064035", "HRV,XDC_USD,EOP_RT,Q,2023-Q1,0.9", "DEU,XDC_USD,PA_RT,A,1998,1.7597",
        "G163,XDC_USD,EOP_RT,A,2016,0.948676596148373", "VEN,XDC_USD,EOP_RT,A,2020,1086335.42831625",
        "VEN,XDC_USD,EOP_RT,A,2021,4.57822575", "GBR,USD_XDC,PA_RT,A,2016,1.35", "TLS,XDC_USD,EOP_RT,A,2016,1",
        "GBR,XDC_EUR,PA_RT,A,2016,0.82", "SSD,XDC_USD,EOP_RT,A,2016,",
    )})  # fmt: skip
    assert (outcome.rows_in, outcome.rows_accepted, outcome.rows_quarantined) == (13, 12, 0)
    assert outcome.set_aside == {
        "a rate against the euro, the ECU or the SDR, which follows from those against the dollar": 1
    }
    assert rates(warehouse, "place, period, indicator, unit, value, obs_status") == [
        ("CHN", "2016", "exchange_rate_eop", "CNY per USD", Decimal("6.949800000000000"), "A"),
        ("DEU", "1998", "exchange_rate_avg", "DEM per USD", Decimal("1.7597"), "A"),
        ("EMU", "2016", "exchange_rate_eop", "EUR per USD", Decimal("0.948676596148373"), "A"),
        ("GBR", "2016", "usd_per_currency_avg", "USD per GBP", Decimal("1.35"), "A"),
        ("HRV", "2022", "exchange_rate_eop", "HRK per USD", Decimal("7.064035"), "A"),
        ("HRV", "2023-Q1", "exchange_rate_eop", "EUR per USD", Decimal("0.9"), "A"),
        ("JPN", "2016-12", "exchange_rate_avg", "JPY per USD", Decimal("115.95"), "A"),
        ("LTU", "2014", "exchange_rate_eop", "LTL per USD", Decimal("2.8387"), "A"),
        ("SSD", "2016", "exchange_rate_eop", "SSP per USD", None, "O"),
        ("TLS", "2016", "exchange_rate_eop", "USD per USD", Decimal("1"), "A"),
        ("VEN", "2020", "exchange_rate_eop", "VES per USD", Decimal("1086335.42831625"), "A"),
        ("VEN", "2021", "exchange_rate_eop", "VED per USD", Decimal("4.57822575"), "A"),
    ]


def test_rates_convert_what_is_in_their_currency(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    """One rate a currency and period, that of the economy which issues it; dollars have none."""
    load({"a.csv": er(
        "KIR,XDC_USD,EOP_RT,A,2016,1.5", "AUS,XDC_USD,EOP_RT,A,2016,1.38197899391929", "NRU,XDC_USD,EOP_RT,A,2016,1.5",
        "AND,XDC_USD,PA_RT,A,2016,0.91", "MNE,XDC_USD,PA_RT,A,2016,0.92", "G163,XDC_USD,PA_RT,A,2016,0.9", "ECU,XDC_USD,PA_RT,A,2016,1",
        "GBR,USD_XDC,PA_RT,A,2016,1.35",
    )})  # fmt: skip
    preferred = "SELECT currency, fx_kind, rate FROM ref.exchange_rate WHERE preferred AND source = 'imf.er' AND freq = 'A' ORDER BY 1"
    assert warehouse.execute(preferred).fetchall() == [
        ("AUD", "eop", Decimal("1.38197899391929")),
        ("EUR", "avg", Decimal("0.9")),
    ]
    again = "SELECT count(*) FROM (SELECT 1 FROM ref.exchange_rate GROUP BY currency, fx_kind, freq, period HAVING count(*) FILTER (preferred) <> 1)"
    assert warehouse.execute(again).fetchone() == (0,)


def test_a_rate_in_no_currency_on_record_and_one_of_nothing_are_refused(
    load: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    good = [f"CHN,XDC_USD,EOP_RT,A,{year},6" for year in range(1990, 2016)]
    (outcome,) = load({"a.csv": er("SUN,XDC_USD,EOP_RT,A,1990,0.6", "JPN,XDC_USD,EOP_RT,A,2016,0", *good)})
    assert (outcome.rows_quarantined, outcome.fault) == (2, None)
    rules = [r for (r,) in warehouse.execute("SELECT rules FROM meta.quarantine ORDER BY row_number").fetchall()]
    assert "unit: not_null" in rules[0]
    assert "an exchange rate is more than zero" in rules[1]


# -- editions -------------------------------------------------------------------------------------------------

_NAMES = 'xmlns:m="urn:m" xmlns:c="urn:c" xmlns:s="urn:s"'


def dated(day: str, *values: str) -> str:
    """IMTS in SDMX-ML that says when the IMF changed it: exports of China to Japan from 2015 on."""
    written = "".join(f'<Obs TIME_PERIOD="{2015 + n}" OBS_VALUE="{value}"/>' for n, value in enumerate(values))
    return (
        f'<m:StructureSpecificData {_NAMES}><m:Header><m:Prepared>2026-09-09T00:00:00Z</m:Prepared><m:Structure dimensionAtObservation="TIME_PERIOD">'
        '<c:StructureUsage><Ref agencyID="IMF.STA" id="IMTS" version="1.0.0"/></c:StructureUsage></m:Structure></m:Header>'
        f'<m:DataSet UPDATE_DATE="{day}T10:00:00Z" LICENSE="x"><Series COUNTRY="CHN" INDICATOR="XG_FOB_USD" COUNTERPART_COUNTRY="JPN" '
        f'FREQUENCY="A" SCALE="6">{written}</Series></m:DataSet></m:StructureSpecificData>'
    )


def test_editions_in_either_order_give_one_history(
    load: Load, warehouse: duckdb.DuckDBPyConnection, warehouse_template: Path, settings: Settings, tmp_path: Path
) -> None:
    """The day the IMF changed the data set dates them; the day the message was written does not."""
    files = {"old.xml": dated("2025-12-10", "5", "6"), "new.xml": dated("2026-03-10", "5", "7")}
    load(files)
    history = "SELECT period, value, published_on, superseded_on FROM core.trade_versions WHERE source = 'imf.imts' ORDER BY ALL"
    versions = warehouse.execute(history).fetchall()
    assert [(p, v, str(d)) for p, v, d, _ in versions] == [("2015", 5, "2025-12-10"), ("2016", 6, "2025-12-10"), ("2016", 7, "2026-03-10")]  # fmt: skip
    other = Home(tmp_path / "other")
    make_folders(other)
    shutil.copyfile(warehouse_template, other.warehouse)
    with writer(other, settings) as con:
        load_into(con, other, settings, tmp_path, dict(reversed(files.items())), "code")
        assert con.execute(history).fetchall() == versions


def test_loading_again_changes_nothing(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    load({"a.csv": IMTS + CANADA})
    before = warehouse.execute("FROM core.trade ORDER BY ALL").fetchall()
    load({"b.csv": IMTS + CANADA})
    assert warehouse.execute("FROM core.trade ORDER BY ALL").fetchall() == before


# -- what is whose --------------------------------------------------------------------------------------------

WHOSE = {
    "IMTS": (IMTS + CANADA, "imf.imts"),
    "DIP": (dip("SWE,O,INWD_D_NETLA_F51_ALL,USA,A,2024,1,6,"), "imf.dip"),
    "ER": (er("CHN,XDC_USD,PA_RT,A,2016,6.6"), "imf.er"),
    "SDMX-CSV 2.0": (er("CHN,XDC_USD,PA_RT,A,2016,6.6").replace("DATAFLOW", "STRUCTURE,STRUCTURE_ID,ACTION").replace("IMF.STA", "dataflow,IMF.STA").replace(")", "),I"), "imf.er"),
    "saved DIP": (portal(f"JPN,O,{OUTWARD},CHN,2016,1,6"), "imf.dip"),
    "SDMX-ML": (dated("2026-03-10", "5"), "imf.imts"),
    "another agency": ((IMTS + CANADA).replace("IMF.STA", "ECB"), None),
    "another flow": ((IMTS + CANADA).replace("IMTS(", "BOP("), None),
    "no series": (IMTS, None),
    "a saved table without its codes": ('"COUNTRY.ID","COUNTRY","TIME_PERIOD","OBS_VALUE"\n"LKA","Sri Lanka","2014","131"\n', None),
    "a saved table of another flow": (portal("JPN,O,XXXX,CHN,2016,1,6"), None),
    "XML of others": ("<x/>", None),
    "broken XML of others": ("<x><", None),
}  # fmt: skip


@pytest.mark.parametrize("kind", WHOSE)
def test_a_file_is_known_by_its_content(kind: str, tmp_path: Path) -> None:
    text, source = WHOSE[kind]
    assert taken_for(text, tmp_path)[0] == source


def test_a_changed_header_stops_the_load(load: Load) -> None:
    for column in ("COLOUR", "VINTAGE"):
        text = (IMTS + CANADA).replace("STATUS\n", f"{column}\n")
        (outcome,) = [o for o in load({f"{column}.csv": text}) if o.artifact.filename == f"{column}.csv"]
        assert isinstance(outcome.fault, LayoutChanged)
        assert column in str(outcome.fault)
    with pytest.raises(AssertionError, match="no source"):
        load({"none.csv": (IMTS + CANADA).replace("OBS_VALUE", "VALUE")})


def test_a_message_that_deletes_is_refused(load: Load) -> None:
    text = WHOSE["SDMX-CSV 2.0"][0].replace("),I", "),D")
    (outcome,) = load({"a.csv": text})
    assert "deletes" in str(outcome.fault)


# -- the service ----------------------------------------------------------------------------------------------

REQUEST = Request(
    "/data/IMF.STA,IMTS/USA.XG_FOB_USD.CAN.A", "imf.imts.csv", (("startPeriod", "2024"), ("endPeriod", "2024"))
)


def judged(text: str | bytes, tmp_path: Path, source: str = "imf.imts") -> Any:
    path = tmp_path / "answer"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    data = path.read_bytes()
    return sources.get(source).judge(REQUEST, Sniffed("answer", data[:HEAD], len(data), lambda: path))


def test_a_good_answer_is_counted_and_stamped_and_known_again(tmp_path: Path) -> None:
    answer = judged(IMTS + CANADA + CANADA.replace("2024", "2023") + CANADA.replace("CAN", "MEX").replace("2024,349397894619", ","), tmp_path)  # fmt: skip
    assert (answer.rows, answer.stamp, answer.is_kept, answer.following) == (2, "1.0.0", True, ())
    assert taken_for(IMTS + CANADA, tmp_path)[0] == "imf.imts"


ANSWERS: dict[str, tuple[str | bytes, type[EntrepotError], str]] = {
    "an empty body": ("", EmptyAnswer, "answer is empty"),
    "blank lines": ("\n\n", EmptyAnswer, "answer is empty"),
    "an unknown code": (IMTS, EmptyAnswer, "no series"),
    "a series without observations": (IMTS + CANADA.replace("2024,349397894619", ","), EmptyAnswer, "no observation"),
    "HTML": ("<!DOCTYPE html><html><body>Access denied</body></html>", NotData, "expected CSV, received html"),
    "an error in JSON": ('{"status":400,"code":40000,"message":"key has more than expected 4 dimension(s)"}', ErrorInBody, "more than expected"),
    "an error in XML": ('<?xml version="1.0"?><m:Error xmlns:m="urn:m"><m:ErrorMessage code="140"/></m:Error>', ErrorInBody, "140"),
    "SDMX-ML, the form asked for ignored": (dated("2026-03-10", "5"), NotData, "expected CSV, received xml"),
    "a zip": (b"PK\x03\x04" + b"0" * 99, NotData, "expected CSV, received zip"),
    "a sentence": ("Request URL too long", NotData, "not SDMX-CSV"),
    "another table": ("a,b\n1,2\n", NotData, "not SDMX-CSV"),
    "a header without a dimension": ((IMTS + CANADA).replace("COUNTERPART_COUNTRY", "PARTNER"), LayoutChanged, "lacks COUNTERPART_COUNTRY"),
    "a header without the value": ((IMTS + CANADA).replace("OBS_VALUE", "VALUE"), LayoutChanged, "lacks OBS_VALUE"),
    "an unknown column": ((IMTS + CANADA).replace("OVERLAP", "OVERLAPS"), LayoutChanged, "unknown OVERLAPS"),
    "another dataflow": ((IMTS + CANADA).replace("IMTS(1.0.0)", "BOP(21.0.0)"), LayoutChanged, "is of IMF.STA:BOP"),
    "a figure twice": (IMTS + CANADA + CANADA.replace("349397894619", "7"), RepeatedKeys, "USA XG_FOB_USD CAN A 2024 is stated twice"),
    "a last record without its end": (IMTS + CANADA + CANADA[:-20], NotData, "cut"),
    "a record that is too short": (IMTS + CANADA[:60] + "\n" + CANADA, NotData, "may have been cut"),
}  # fmt: skip


EU = "AUT+BEL+BGR+CYP+CZE+DEU+DNK+ESP+EST+FIN+FRA+GBR+GRC+HRV+HUN+IRL+ITA+LTU+LUX+LVA+MLT+NLD+POL+PRT+ROU+SVK+SVN+SWE"


def test_by_default_totals_between_the_founding_economies_the_union_and_the_world_are_asked_for() -> None:
    requests = list(sources.get("imf.imts").requests(Selection(1992, 2024)))
    assert len(requests) == 4 + 28
    first = requests[0]
    assert first.path == f"/data/IMF.STA,IMTS/CHN.XG_FOB_USD+MG_CIF_USD+MG_FOB_USD.JPN+KOR+USA+{EU}+G001.A"
    assert first.parameters == (("startPeriod", "1992"), ("endPeriod", "2024"))
    assert first.accept == "application/vnd.sdmx.data+csv;version=1.0.0"
    assert len({r.filename for r in requests}) == len(requests)
    assert requests == list(sources.get("imf.imts").requests(Selection(1992, 2024)))


def test_places_are_asked_for_by_the_imf_s_codes_and_in_lots() -> None:
    (only,) = sources.get("imf.imts").requests(Selection(2020, 2020, ("XKX",), ("WLD", "EMU", "PSE"), ("TOTAL",)))
    assert only.path == "/data/IMF.STA,IMTS/KOS.XG_FOB_USD+MG_CIF_USD+MG_FOB_USD.G001+G163+WBG.A"
    everybody = tuple(_places())
    requests = list(sources.get("imf.dip").requests(Selection(2020, 2020, ("CHN",), everybody)))
    assert len(requests) > 3
    assert max(len(r.path) for r in requests) < 1000
    partners = [p for r in requests for p in r.path.split(".")[-2].split("+")]
    assert len(partners) == len(set(partners)) == len(everybody) - 1  # China itself is not a partner
    with pytest.raises(Unknown, match="CN-LN"):
        list(sources.get("imf.imts").requests(Selection(2020, 2020, ("CN-LN",))))


def _places() -> list[str]:
    from warehouse import reference_files

    return sorted(reference_files._codes("imf"))


def test_nothing_is_asked_for_that_there_cannot_be() -> None:
    assert list(sources.get("imf.imts").requests(Selection(2020, 2020, products=("8703",)))) == []
    assert list(sources.get("imf.dip").requests(Selection(1992, 2008))) == []
    assert all(
        dict(r.parameters)["startPeriod"] == "2009" for r in sources.get("imf.dip").requests(Selection(1992, 2024))
    )


def test_a_reporter_without_other_partners_is_not_asked_for_all_of_them() -> None:
    """An empty position of the key means every code."""
    for source in ("imf.imts", "imf.dip"):
        requests = list(sources.get(source).requests(Selection(2020, 2020, ("CHN", "JPN"), ("CHN",))))
        assert [r.path.split("/")[-1].split(".")[0] for r in requests] == ["JPN"]
        assert all("" not in r.path.split("/")[-1].split(".") for r in requests)


def test_rates_of_all_economies_are_one_request_and_the_euro_is_never_forgotten() -> None:
    years, months = sources.get("imf.er").requests(Selection(1992, 2024))
    assert years.path == "/data/IMF.STA,ER/.XDC_USD.PA_RT+EOP_RT.A"
    assert months.path == f"/data/IMF.STA,ER/CHN+JPN+KOR+USA+{EU}+G163.XDC_USD.PA_RT+EOP_RT.Q+M"
    years, months = sources.get("imf.er").requests(Selection(2020, 2020, ("DEU",)))
    assert years.path == "/data/IMF.STA,ER/DEU+G163.XDC_USD.PA_RT+EOP_RT.A"


@pytest.mark.parametrize("source", ["imf.imts", "imf.dip", "imf.er"])
def test_a_source_says_what_a_reader_must_know(source: str) -> None:
    imf_source = sources.get(source)
    assert imf_source.covers
    assert imf_source.units
    assert imf_source.traps
    assert imf_source.redistribution == "attribution"
    assert imf_source.service is not None
    assert imf_source.service.url == "https://api.imf.org/external/sdmx/2.1"
    assert imf_source.service.key is None


def of_service(answers: dict[str, tuple[str | bytes, type[EntrepotError], str]]) -> dict[str, Refused]:
    """Every fault names the source and the request too."""
    return {
        what: Refused(REQUEST, body, fault, f"(?s)(?=.*imf.imts)(?=.*{re.escape(REQUEST.path)}).*{words}")
        for what, (body, fault, words) in answers.items()
    }


class TestImts(ServiceContract):
    source = sources.get("imf.imts")
    specimen = Specimen("imts.csv", IMTS + CANADA, rows=1)
    golden = {
        "SELECT reporter, partner, period, value_usd FROM mart.trade_figures": [
            ("USA", "CAN", "2024", Decimal("349397894619.000"))
        ]
    }
    bad_row = BadRow(
        imts("USA,XG_FOB_USD,CAN,A,2024,1", "USA,XG_FOB_USD,XXX,A,2024,1"), rule="imf_counterpart: stands in"
    )
    refused_forms = {
        former_tables.REFUSED.form: FORMER + 'Japan,158,"Assets, Total",I_A_T_T_T_BP6_USD,World,001,Value,1,2,\n'
    }
    changed_layouts = {
        "another agency": ((IMTS + CANADA).replace("IMF.STA", "ECB"), "no source"),
        "no value": ((IMTS + CANADA).replace("OBS_VALUE", "VALUE"), "no source"),
    }
    refused_answers = of_service(ANSWERS)
    valid_answers = {"a figure": Valid(REQUEST, IMTS + CANADA, rows=1)}


DOTS = (
    'Japan,158,"Goods, Value of Exports, US Dollars",TXG_FOB_USD,"China, P.R.: Mainland",924,Value,143992200000,11000000000,\n'
    'Japan,158,"Goods, Value of Exports, US Dollars",TXG_FOB_USD,"China, P.R.: Mainland",924,Status,,r,\n'
    'Japan,158,"Goods, Value of Exports, US Dollars",TXG_FOB_USD,Emerging and Developing Europe,903,Value,,7000000,\n'
    'Japan,158,"Goods, Value of Trade Balance",TBG_USD,"China, P.R.: Mainland",924,Value,-5,,\n'
)
PANEL = (
    "Country Name,Country Code,Counterpart Country Name,Counterpart Country Code,Time Period,"
    '"Goods, Value of Imports, Cost, Insurance, Freight (CIF), US Dollars (TMG_CIF_USD)"\n'
    'United States,111,World,1,2018M02,200000000000\nUnited States,111,"China, P.R.: Mainland",924,2018,563203119000\n'
)
CDIS = (
    'Japan,158,"Outward Direct Investment Positions, US Dollars",IOW_BP6_USD,"China, P.R.: Mainland",924,Value,123000000000,,\n'
    'Japan,158,"Outward Direct Investment Positions, US Dollars",IOW_BP6_USD,Kenya,664,Status,C,,\n'
    'Japan,158,"Outward, Equity",IOWE_BP6_USD,Kenya,664,Value,3,,\n'
)


@pytest.mark.parametrize(
    ("source", "text", "rows", "set_aside"),
    [
        ("imf.imts", FORMER + DOTS, [
            ("imf.dots", "JPN", "CHN", "export", "2018", 143992200000, "A", None),
            ("imf.dots", "JPN", "CHN", "export", "2018-02", 11000000000, "A", "status r, as printed"),
            ("imf.dots", "JPN", "IMF_G903", "export", "2018-02", 7000000, "A", None),
        ], 1),
        ("imf.imts", PANEL, [
            ("imf.dots", "USA", "CHN", "import", "2018", 563203119000, "A", None),
            ("imf.dots", "USA", "WLD", "import", "2018-02", 200000000000, "A", None),
        ], 0),
        ("imf.dip", FORMER + CDIS, [
            ("imf.cdis", "JPN", "CHN", "outward", "2018", 123000000000, "A", None),
            ("imf.cdis", "JPN", "KEN", "outward", "2018", None, "Q", None),
        ], 1),
    ],
    ids=["series in rows", "periods in rows", "positions"],
)  # fmt: skip
def test_tables_until_2025_are_in_dollars_where_a_figure_shows_it(
    warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path, source: str, text: str,
    rows: list[tuple[Any, ...]], set_aside: int,
) -> None:  # fmt: skip
    (tmp_path / "timeSeries.csv").write_text(text)
    (outcome,) = adopt_and_load(warehouse, home, settings, source, tmp_path / "timeSeries.csv").values()
    assert (outcome.fault, outcome.rows_quarantined, outcome.rows_set_aside) == (None, 0, set_aside)
    mart, partner, way = ("fdi", "counterpart", "direction") if source == "imf.dip" else ("trade", "partner", "flow")
    query = f"SELECT dataset, reporter, {partner}, {way}, period, value::BIGINT, obs_status, note FROM mart.{mart}_figures ORDER BY ALL"
    assert warehouse.execute(query).fetchall() == rows


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            FORMER + DOTS.replace("143992200000", "143992.2").replace("11000000000", "11000"),
            "do not say whether they are in dollars or in millions",
        ),
        (FORMER.replace("2018M2", "2018 M2") + DOTS, "'2018 M2' is neither a known column nor a period"),
        (FORMER + DOTS.replace("Status", "State"), "unknown Attribute 'State'"),
        (FORMER + DOTS + "Japan,158\n", "a row has 2 cells, the header 10"),
        (
            PANEL.replace('USD)"', 'USD)",Status').replace("00\n", "00,\n"),
            "the header has the unknown Status",
        ),
    ],
    ids=["no scale", "no period", "another attribute", "a row that is cut", "another column"],
)
def test_tables_until_2025_that_are_otherwise_are_refused(home: Home, tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "timeSeries.csv").write_text(text)
    (adopted,) = adopt.adopt(home, [tmp_path / "timeSeries.csv"])
    assert (adopted.source, says in adopted.message) == (None, True)


DIP_REQUEST = next(sources.get("imf.dip").requests(Selection(2020, 2024, ("SWE",))))
ER_REQUEST = next(sources.get("imf.er").requests(Selection(2015, 2016)))


class TestDip(ServiceContract):
    source = sources.get("imf.dip")
    specimen = Specimen("dip.csv", dip("SWE,O,INWD_D_NETLA_FALL_ALL,USA,A,2024,1500000,6,"), rows=1)
    golden = {
        "SELECT reporter, counterpart, direction, period, value FROM mart.fdi_figures": [
            ("SWE", "USA", "inward", "2024", Decimal(1500000))
        ]
    }
    bad_row = BadRow(
        dip("SWE,O,INWD_D_NETLA_FALL_ALL,USA,A,2024,1,6,", "SWE,O,INWD_D_NETLA_FALL_ALL,XXX,A,2024,1,6,"),
        rule="imf_counterpart: stands in",
    )
    refused_forms = {
        former_tables.REFUSED.form: FORMER + 'Japan,158,"Assets, Total",I_A_T_T_T_BP6_USD,World,001,Value,1,2,\n'
    }
    changed_layouts = {"a saved table of another flow": (portal("JPN,O,XXXX,CHN,2016,1,6"), "no source")}
    refused_answers = {
        "HTML": Refused(DIP_REQUEST, "<html></html>", NotData, "imf.dip"), "empty": Refused(DIP_REQUEST, "", EmptyAnswer, "imf.dip"),
        "another dataflow": Refused(DIP_REQUEST, IMTS + CANADA, LayoutChanged, "imf.dip"),
    }  # fmt: skip
    valid_answers = {"a figure": Valid(DIP_REQUEST, dip("SWE,O,INWD_D_NETLA_FALL_ALL,USA,A,2024,1500000,6,"), rows=1)}


class TestEr(ServiceContract):
    source = sources.get("imf.er")
    specimen = Specimen("er.csv", er("CHN,XDC_USD,PA_RT,A,2016,6.6445"), rows=1)
    golden = {
        "SELECT place, unit, period, value FROM mart.indicator_figures": [
            ("CHN", "CNY per USD", "2016", Decimal("6.6445"))
        ]
    }
    bad_row = BadRow(er("CHN,XDC_USD,PA_RT,A,2016,6.6445", "XXX,XDC_USD,PA_RT,A,2016,1"), rule="country: stands in")
    changed_layouts = {
        "another flow": (er("CHN,XDC_USD,PA_RT,A,2016,6.6445").replace("IMF.STA:ER", "IMF.STA:REER"), "no source")
    }
    refused_answers = {
        "HTML": Refused(ER_REQUEST, "<html></html>", NotData, "imf.er"), "empty": Refused(ER_REQUEST, "", EmptyAnswer, "imf.er"),
        "another dataflow": Refused(ER_REQUEST, IMTS + CANADA, LayoutChanged, "imf.er"),
    }  # fmt: skip
    valid_answers = {"a figure": Valid(ER_REQUEST, er("CHN,XDC_USD,PA_RT,A,2016,6.6445"), rows=1)}
