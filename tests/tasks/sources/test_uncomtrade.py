"""UN Comtrade: each form it comes in, each trap of it, what its service is asked and how its answers are judged."""

import gzip
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tasks.archive.sniff import HEAD, Sniffed
from tasks.ask import trace
from tasks.contract.service import Request, Selection, ValidAnswer
from tasks.intake import adopt
from tasks.load.load_source import load_source
from tasks.load.outcome import Outcome
from tasks.sources.uncomtrade import SOURCE, fields, json_rows, plan, service, wits
from tests.support.source_contract import BadRow, Refused, ServiceContract, Specimen, Valid
from warehouse.connection import make_folders, writer
from warehouse.errors import (
    BadData,
    CutAtLimit,
    EmptyAnswer,
    EntrepotError,
    ErrorInBody,
    LayoutChanged,
    NotData,
    QuotaUsed,
    RepeatedKeys,
    ServiceRefused,
    Unknown,
)
from warehouse.settings import Home, Settings

#: China's imports from Argentina in 2010, as the API answered (ropensci/comtradr's recording).
ROW: dict[str, Any] = {
    "typeCode": "C", "freqCode": "A", "refPeriodId": 20100101, "refYear": 2010, "refMonth": 52, "period": "2010",
    "reporterCode": 156, "reporterISO": "CHN", "reporterDesc": "China", "flowCode": "M", "flowDesc": "Import",
    "partnerCode": 32, "partnerISO": "ARG", "partnerDesc": "Argentina", "partner2Code": 0, "partner2ISO": "W00",
    "partner2Desc": "World", "classificationCode": "H3", "classificationSearchCode": "HS",
    "isOriginalClassification": True, "cmdCode": "TOTAL", "cmdDesc": "All Commodities", "aggrLevel": 0, "isLeaf": False,
    "customsCode": "C00", "customsDesc": "TOTAL CPC", "mosCode": "0", "motCode": 0, "motDesc": "TOTAL MOT",
    "qtyUnitCode": -1, "qtyUnitAbbr": "N/A", "qty": None, "isQtyEstimated": False, "altQtyUnitCode": -1,
    "altQtyUnitAbbr": "N/A", "altQty": None, "isAltQtyEstimated": False, "netWgt": None, "isNetWgtEstimated": False,
    "grossWgt": None, "isGrossWgtEstimated": False, "cifvalue": 6804128143.0, "fobvalue": None,
    "primaryValue": 6804128143.0, "legacyEstimationFlag": 0, "isReported": True, "isAggregate": False,
}  # fmt: skip
#: A row of the API of before 2023: Brazil's imports of beef from Uruguay (Vizzuality/trase's recording).
OLD: dict[str, Any] = {
    "pfCode": "H4", "yr": 2015, "period": 2015, "periodDesc": "2015", "aggrLevel": 6, "IsLeaf": 1, "rgCode": 1,
    "rgDesc": "Import", "rtCode": 76, "rtTitle": "Brazil", "rt3ISO": "BRA", "ptCode": 858, "ptTitle": "Uruguay",
    "pt3ISO": "URY", "ptCode2": None, "ptTitle2": "", "pt3ISO2": "", "cstCode": "", "cstDesc": "", "motCode": "",
    "motDesc": "", "cmdCode": "020120", "cmdDescE": "Meat; of bovine animals", "qtCode": 8,
    "qtDesc": "Weight in kilograms", "qtAltCode": None, "qtAltDesc": "", "TradeQuantity": 2892160, "AltQuantity": None,
    "NetWeight": 2892160, "GrossWeight": None, "TradeValue": 9416575, "CIFValue": None, "FOBValue": None, "estCode": 0,
}  # fmt: skip
PRODUCT = {"cmdCode": "0306", "cmdDesc": "Crustaceans", "aggrLevel": 4, "qtyUnitCode": 8, "qtyUnitAbbr": "kg"}

Load = Callable[..., dict[str, Outcome]]


def envelope(rows: list[dict[str, Any]], **changes: Any) -> str:
    return json.dumps({"elapsedTime": "0.21 secs", "count": len(rows), "data": rows, "error": ""} | changes)


def old_envelope(rows: list[dict[str, Any]], finished: str = "2020-09-07T22:41:05.9869808+02:00") -> str:
    timer = {"started": "2020-09-07T22:41:04", "finished": finished, "durationSeconds": 1.1}
    return json.dumps({"validation": {"count": {"value": len(rows)}, "datasetTimer": timer}, "dataset": rows})


def table(
    rows: list[dict[str, Any]], named: Callable[[str], str] = lambda n: n, delimiter: str = ",", end: str = ""
) -> str:
    """Rows as a delimited text; ``end`` is put after each record, also after the header."""
    lines = [[named(n) for n in rows[0]], *(["" if v is None else str(v) for v in row.values()] for row in rows)]
    quote = "" if delimiter == "\t" else '"'
    return "".join(delimiter.join(f"{quote}{v}{quote}" for v in line) + end + "\r\n" for line in lines)


def pascal(name: str) -> str:
    """Names as Comtrade Plus writes and misspells them."""
    return "AtlQty" if name == "altQty" else name[0].upper() + name[1:]


@pytest.fixture
def load(warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path) -> Load:
    """Adopt files of these contents and load what is pending."""

    def loading(**files: str | bytes) -> dict[str, Outcome]:
        return _load(warehouse, home, settings, tmp_path, files)

    return loading


def _load(
    con: duckdb.DuckDBPyConnection, home: Home, settings: Settings, folder: Path, files: dict[str, Any]
) -> dict[str, Outcome]:
    for name, content in files.items():
        path = folder / (name if "." in name else f"{name}.json")
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        taken = list(adopt.adopt(home, [path]))
        assert [(a.source, a.message) for a in taken if a.source != "uncomtrade"] == []
    outcomes = load_source(con, home, settings, SOURCE, common="code").outcomes
    return {o.artifact.filename: o for o in outcomes}


def one(outcomes: dict[str, Outcome]) -> Outcome:
    (outcome,) = outcomes.values()
    return outcome


def shown(con: duckdb.DuckDBPyConnection, columns: str, where: str = "TRUE") -> list[tuple[Any, ...]]:
    return con.execute(
        f"SELECT {columns} FROM mart.trade_figures WHERE source = 'uncomtrade' AND {where} ORDER BY ALL"
    ).fetchall()


def refused(con: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    return con.execute("SELECT row_number, rules FROM meta.quarantine ORDER BY row_number").fetchall()


# figures and codes


def test_a_figure_is_kept_to_the_last_digit(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    """Plain dollars: neither thousands nor millions, and never through a binary number."""
    precise = ROW | {"partnerCode": 276, "cifvalue": 288806084.289, "primaryValue": 288806084.289}
    outcome = one(load(a=envelope([ROW, precise])))
    assert (outcome.rows_in, outcome.rows_accepted, outcome.change.new) == (2, 2, 2)
    columns = "dataset, reporter, partner, flow, valuation, classification, product, freq, period, value_usd, currency, obs_status"
    line = ("uncomtrade.a.hs", "CHN", "{}", "import", "CIF", "TOTAL", "TOTAL", "A", "2010")
    assert shown(warehouse, columns) == [
        (*line[:2], "ARG", *line[3:], Decimal("6804128143.000"), "USD", "A"),
        (*line[:2], "DEU", *line[3:], Decimal("288806084.289"), "USD", "A"),
    ]


def test_codes_are_comtrades_own_and_not_m49(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    own = {
        842: "USA",
        699: "IND",
        251: "FRA",
        757: "CHE",
        579: "NOR",
        490: "TWN",
        0: "WLD",
        899: "_X",
        837: "_X1",
        97: "EU_AT_THE_TIME",
    }
    load(a=envelope([ROW | {"partnerCode": code} for code in own]))
    assert {p for (p,) in shown(warehouse, "partner")} == set(own.values())
    aggregates = warehouse.execute("SELECT place FROM ref.place WHERE is_aggregate AND place IN ('WLD', '_X', 'TWN')")
    assert aggregates.fetchall() == [("WLD",)]


BAD: list[tuple[dict[str, Any], str]] = [
    ({"partnerCode": 9999}, "partner1_code: stands in ref.place_code.code among comtrade"),
    ({"primaryValue": None}, "primary_value: not_null"),
    ({"primaryValue": -1}, "primary_value: greater_than_or_equal_to(0)"),
    ({"primaryValue": 1.2345, "partnerCode": 4}, "primary_value: not DECIMAL"),
    ({"flowCode": "MIF"}, "flow_code: isin"),
    ({"typeCode": "S"}, "type_code: isin"),
    ({"classificationCode": "GG", "partnerCode": 8}, "classification_code: isin"),
    ({"period": "2011", "partnerCode": 8}, "period fits the frequency and the year"),
    ({"freqCode": "M", "partnerCode": 8}, "period fits the frequency and the year"),
    # Excel or a statistics program took the zero: 0101 became 101.
    ({"cmdCode": "101", "aggrLevel": 4}, "an HS code has 2, 4 or 6 digits"),
    ({"cmdCode": "1", "aggrLevel": None}, "an HS code has 2, 4 or 6 digits"),
    ({"cmdCode": "10", "aggrLevel": 4}, "an HS code has 2, 4 or 6 digits"),
    # Dimensions that were added up by the service itself come back as -2.
    ({"motCode": -2, "partnerCode": 12}, "mot_code: isin"),
]  # fmt: skip


#: Flow, values at CIF and FOB, primary value, and the valuation that follows.
VALUATIONS: list[tuple[str, float | None, float | None, float, str]] = [
    ("M", 10, None, 10, "CIF"),
    ("M", 10, 9, 10, "CIF"),  # the United States give both
    ("M", 10, 9, 9, "FOB"),  # a reporter that publishes imports FOB
    ("M", 0.0, 9, 9, "FOB"),  # the side that does not apply is 0 in some rows
    ("M", 10, 10, 10, "CIF"),
    ("X", None, 10, 10, "FOB"),
    ("X", 0, 10, 10, "FOB"),
    ("X", 10, 10, 10, "FOB"),
    ("X", 10, None, 10, "CIF"),
    ("RM", None, None, 10, "unknown"),  # Thailand's re-imports
    ("X", None, 9, 10, "unknown"),
    ("X", None, 0, 0, "FOB"),
    ("X", None, None, 0, "unknown"),
]
#: A partner for each of them.
PARTNERS = (4, 8, 12, 24, 28, 31, 36, 40, 44, 48, 50, 51, 52)


@dataclass(frozen=True)
class Loaded:
    """Outcomes by file name, and valuation and value by the number of the partner's row in VALUATIONS."""

    outcomes: dict[str, Outcome]
    valuations: dict[int, tuple[str, float]]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, settings: Settings, warehouse_template: Path) -> Loaded:
    """A file for each bad row and one for the valuations, loaded together: loading each alone takes most of the time here."""
    folder = tmp_path_factory.mktemp("cases")
    home = Home(folder / "home")
    make_folders(home)
    shutil.copyfile(warehouse_template, home.warehouse)
    files = {f"bad{n}.json": envelope([ROW, ROW | changes]) for n, (changes, _) in enumerate(BAD)}
    files["valuations.json"] = envelope([
        ROW | {"partnerCode": partner, "flowCode": flow, "cifvalue": cif, "fobvalue": fob, "primaryValue": primary}
        for partner, (flow, cif, fob, primary, _) in zip(PARTNERS, VALUATIONS, strict=True)
    ])  # fmt: skip
    with writer(home, settings) as con:
        outcomes = _load(con, home, settings, folder, files)
        places = dict(con.execute("SELECT place, code FROM ref.place_code WHERE scheme = 'comtrade'").fetchall())
        rows = shown(con, "partner, valuation, value")
    numbers = {str(partner): number for number, partner in enumerate(PARTNERS)}
    of_cases = [(numbers.get(places[partner]), valuation, value) for partner, valuation, value in rows]
    return Loaded(outcomes, {number: (valuation, value) for number, valuation, value in of_cases if number is not None})


@pytest.mark.parametrize("number", range(len(BAD)), ids=[f"{n}: {rule}" for n, (_, rule) in enumerate(BAD)])
def test_a_bad_row_is_named_with_its_rule(loaded: Loaded, number: int) -> None:
    outcome = loaded.outcomes[f"bad{number}.json"]
    assert outcome.fault is None
    assert (outcome.rows_in, outcome.rows_accepted, outcome.rows_quarantined) == (2, 1, 1)
    (quarantined,) = outcome.quarantined
    assert quarantined.row_number == 2
    assert BAD[number][1] in quarantined.rules


@pytest.mark.parametrize("number", range(len(VALUATIONS)))
def test_valuation_is_read_from_the_row_and_not_from_the_flow(loaded: Loaded, number: int) -> None:
    *_, primary, valuation = VALUATIONS[number]
    assert loaded.valuations[number] == (valuation, primary)


def test_a_figure_stated_twice_is_kept_once_or_not_at_all(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    other = ROW | {"partnerCode": 276}
    outcome = one(load(a=envelope([ROW, ROW, other, other | {"primaryValue": 5, "cifvalue": 5}])))
    assert (outcome.rows_accepted, outcome.rows_quarantined) == (1, 3)
    assert shown(warehouse, "partner") == [("ARG",)]


def test_flows_and_their_parts_stay_apart(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    """Exports include re-exports: RX is never made into X. DX is domestic exports, not re-imports."""
    load(a=envelope([ROW | {"flowCode": f} for f in ("M", "X", "RM", "RX", "DX", "FM", "MIP", "MOP", "XIP", "XOP")]))
    assert [f for (f,) in shown(warehouse, "flow")] == sorted([
        "import", "export", "re_import", "re_export", "domestic_export", "foreign_import", "import_for_inward_processing",
        "import_after_outward_processing", "export_after_inward_processing", "export_for_outward_processing",
    ])  # fmt: skip


# totals and what breaks them down


def test_breakdowns_are_not_added_to_the_total(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    """Switzerland's exports came as 32 rows, one of them the total."""
    parts = [
        ROW | {"motCode": m, "customsCode": c, "primaryValue": 1} for m in (0, 1000, 2100, 3200) for c in ("C00", "C04")
    ]
    parts += [ROW | {"partner2Code": 344, "primaryValue": 1}, ROW | {"mosCode": "1", "primaryValue": 1}]
    whole = ROW | {"partnerCode": 276}
    outcome = one(load(a=envelope([whole, *parts[1:], ROW])))
    assert (outcome.rows_in, outcome.rows_accepted, outcome.rows_quarantined) == (11, 2, 0)
    assert outcome.set_aside == {"a breakdown of a total by second partner, customs procedure or transport": 9}
    assert shown(warehouse, "partner, value, note") == [
        ("ARG", 6804128143, "9 rows of the file that break this figure down are left out"),
        ("DEU", 6804128143, None),
    ]


def test_a_breakdown_without_its_total_is_refused(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    outcome = one(load(a=envelope([ROW, ROW | {"partnerCode": 276, "motCode": 1000}])))
    assert (outcome.rows_in, outcome.rows_accepted) == (2, 1)
    assert "mot_code: isin" in refused(warehouse)[0][1]


def test_a_file_of_breakdowns_only_is_refused_whole(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = [ROW | {"partnerCode": p, "motCode": 1000} for p in (4, 8, 12, 16, 20)]
    assert isinstance(one(load(a=envelope(rows))).fault, BadData)
    assert shown(warehouse, "*") == []


# editions, periods, quantities, products


def test_converted_figures_are_another_line_than_reported_ones(
    load: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    converted = {"isOriginalClassification": False, "classificationSearchCode": "H2", "classificationCode": "H2"}
    # Asked for by its edition, what was reported in that edition is what was reported.
    asked_for = ROW | {"classificationSearchCode": "H3", "partnerCode": 276}
    sitc = ROW | {"classificationCode": "S3", "classificationSearchCode": "SS", "partnerCode": 40}
    load(a=envelope([ROW, ROW | converted, asked_for, sitc]))
    assert shown(warehouse, "dataset, partner, title") == [
        ("uncomtrade.a.h2", "ARG", "UN Comtrade, goods trade, annual, converted to HS2002"),
        ("uncomtrade.a.hs", "ARG", "UN Comtrade, goods trade, annual, classification as reported"),
        ("uncomtrade.a.hs", "DEU", "UN Comtrade, goods trade, annual, classification as reported"),
        ("uncomtrade.a.sitc", "AUT", "UN Comtrade, goods trade, annual, classification as reported"),
    ]


def test_month_52_is_no_month(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    monthly = {"freqCode": "M", "refPeriodId": 20220101, "refYear": 2022, "refMonth": 1, "period": "202201"}
    load(a=envelope([ROW, ROW | monthly]))
    assert shown(warehouse, "dataset, freq, period, period_end::VARCHAR") == [
        ("uncomtrade.a.hs", "A", "2010", "2010-12-31"),
        ("uncomtrade.m.hs", "M", "2022-01", "2022-01-31"),
    ]


def test_a_zero_quantity_of_real_trade_is_unknown(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    rows: list[dict[str, Any]] = [
        {"qty": 12.5, "netWgt": 12.5},
        {"qty": 0.0, "netWgt": 0, "partnerCode": 4},
        {"qty": 0, "qtyUnitCode": -1, "netWgt": 7, "partnerCode": 8},
        {"qty": 3, "qtyUnitCode": 5, "isQtyEstimated": True, "isNetWgtEstimated": True, "netWgt": 9, "partnerCode": 12, "isAggregate": True, "isReported": False},
        {"qty": 3, "qtyUnitCode": 99, "partnerCode": 16},
        {"qty": 0, "netWgt": 0, "primaryValue": 0, "cifvalue": 0, "partnerCode": 20},
    ]  # fmt: skip
    load(a=envelope([ROW | PRODUCT | row for row in rows]))
    assert shown(warehouse, "partner, quantity, quantity_unit, net_weight_kg, obs_status, note") == [
        ("AFG", None, None, None, "A", None),
        ("ALB", None, None, 7, "A", None),
        ("AND", 0, "kg", 0, "A", None),
        ("ARG", Decimal("12.5"), "kg", Decimal("12.5"), "A", None),
        ("ASM", 3, "Comtrade unit 99", None, "A", None),
        # The estimate is of the quantity; the value is as good as any.
        ("DZA", 3, "u", 9, "A", "quantity estimated by UNSD; net weight estimated by UNSD; added up by UNSD"),
    ]


def test_products_without_a_code_list_are_kept_under_their_code(
    load: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    horses = {"cmdCode": "0101ZZ", "aggrLevel": 6, "cmdDesc": "Horses; pure-bred", "classificationCode": "H0"}
    nameless = {"cmdCode": "9999AA", "aggrLevel": 6, "cmdDesc": None}
    food = {"cmdCode": "0Z", "aggrLevel": 1, "cmdDesc": "Food", "classificationCode": "S3", "partnerCode": 276}
    bec = {
        "cmdCode": "4Z",
        "aggrLevel": 2,
        "cmdDesc": "Capital goods",
        "classificationCode": "B4",
        "isOriginalClassification": False,
    }
    load(a=envelope([ROW | row for row in (horses, nameless, food, bec)]))
    assert shown(warehouse, "classification, product, product_name") == [
        ("BEC4", "4Z", "Capital goods"),
        ("HS1992", "0101ZZ", "Horses; pure-bred"),
        ("HS2007", "9999AA", "HS2007 9999AA"),
        ("SITC3", "0Z", "Food"),
    ]
    keys = warehouse.execute("SELECT count(*), count(DISTINCT product_key) FROM ref.product").fetchone()
    load(b=envelope([ROW | horses | {"partnerCode": 276}]))
    assert warehouse.execute("SELECT count(*), count(DISTINCT product_key) FROM ref.product").fetchone() == keys


def test_a_figure_is_traced_over_a_connection_that_only_reads(
    load: Load, warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path
) -> None:
    """What a load prepares (products) is not prepared again: the published file cannot be written to."""
    load(a=envelope([ROW | {"motCode": 1000}, ROW | PRODUCT, ROW]))
    warehouse.execute("CHECKPOINT")
    copy = tmp_path / "published.duckdb"
    shutil.copyfile(home.warehouse, copy)
    with duckdb.connect(str(copy), read_only=True) as reading:
        (figure,) = trace.trace(reading, home, "trade", {"source": "uncomtrade", "product": "0306"})
    (version,) = figure.versions
    assert (version.fault, version.row_number) == (None, 1)
    assert '"cmd_code": "0306"' in (version.raw or "")


# the other forms


def test_comtrade_plus_has_a_field_more_than_names(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    """Each line ends with a comma. A reader that takes the first field for an index shifts every value by one."""
    rows = [
        {k: str(v).lower() if isinstance(v, bool) else v for k, v in (ROW | {"partnerCode": p}).items()}
        for p in (32, 276)
    ]
    whole = table(rows, pascal, end=",")
    header, records = whole.split("\r\n", 1)
    files = {"TradeData_4_16_2023_14_22_28.csv": whole, "b.csv": f"{header.rstrip(',')}\r\n{records}"}
    for name, content in files.items():
        assert content.split("\r\n")[1].count('","') == 46
        outcome = load(**{name: content})[name]
        assert (outcome.fault, outcome.rows_accepted) == (None, 2)
    assert shown(warehouse, "partner, value, valuation, published_on::VARCHAR, published_precision") == [
        ("ARG", 6804128143, "CIF", "2023-04-16", "day"),
        ("DEU", 6804128143, "CIF", "2023-04-16", "day"),
    ]


def test_a_shifted_record_of_comtrade_plus_is_refused(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    lines = table([ROW | {"partnerCode": p} for p in (4, 8, 12)], pascal, end=",").split("\r\n")
    lines[3] = '"surprise",' + lines[3].rstrip(",")
    outcome = one(load(**{"a.csv": "\r\n".join(lines)}))
    assert (outcome.rows_in, outcome.rows_accepted) == (3, 2)
    ((number, rules),) = refused(warehouse)
    assert number == 3
    assert "surplus: str_length" in rules


def test_a_bulk_file_has_tabs_and_no_names(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    names = set(fields.API_NAMES)
    rows = [{"datasetCode": "20156201001030", **{k: v for k, v in row.items() if k not in names}} for row in (
        ROW | {"isReported": 1, "isAggregate": 0, "isOriginalClassification": 1, "mosCode": "0 "},
        ROW | PRODUCT | {"motCode": 2100}, ROW | PRODUCT | {"isReported": "False"},
    )]  # fmt: skip
    content = gzip.compress(table(rows, delimiter="\t").encode())
    outcome = one(load(**{"C_A_156_201001_H3_O.txt.gz": content}))
    assert (outcome.artifact.layout, outcome.rows_in, outcome.rows_accepted) == ("bulk-tsv", 3, 2)
    assert shown(warehouse, "product, left(product_name, 11), value") == [
        ("0306", "Crustaceans", 6804128143),
        ("TOTAL", "All commodi", 6804128143),
    ]


def test_an_answer_saved_by_comtradr_is_read_like_the_answer(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    def saved(name: str) -> str:
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()

    content = table([ROW | {"mosCode": "0 "}], saved)
    assert '"partner2code"' in content
    outcome = one(load(**{"a.csv": content}))
    assert outcome.artifact.layout == "snake-csv"
    assert shown(warehouse, "partner, seen_via") == [("ARG", "R package comtradr")]


def test_the_api_of_before_2023_is_a_line_of_its_own(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    world = OLD | {"ptCode": 0, "rgCode": 2, "estCode": 6, "CIFValue": 0, "FOBValue": 9416575}
    load(a=old_envelope([OLD, world]))
    columns = "dataset, partner, flow, valuation, classification, product, period, value, quantity, quantity_unit, net_weight_kg"
    assert shown(warehouse, f"{columns}, published_on::VARCHAR, note") == [
        ("uncomtrade.legacy.a.hs", "URY", "import", "unknown", "HS2012", "020120", "2015", 9416575, 2892160, "kg", 2892160, "2020-09-07", None),
        ("uncomtrade.legacy.a.hs", "WLD", "export", "FOB", "HS2012", "020120", "2015", 9416575, 2892160, "kg", 2892160, "2020-09-07",
         "quantity estimated by UNSD; net weight estimated by UNSD"),
    ]  # fmt: skip


def test_a_legacy_table_may_have_lost_the_zero_a_code_begins_with(
    load: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    """Chapter 01 came back as 1 from a statistics program; aggrLevel says that it has two digits."""
    rows = [
        OLD | {"cmdCode": c, "aggrLevel": n, "ptCode": p}
        for c, n, p in (("1", 2, 4), ("20120", 6, 8), ("01", 2, 12), ("TOTAL", 0, 16))
    ]
    rows.append(OLD | {"cmdCode": "1", "aggrLevel": 4, "ptCode": 20})
    outcome = one(load(**{"a.csv": table([{"": n, **row} for n, row in enumerate(rows)])}))
    assert (outcome.artifact.layout, outcome.rows_in, outcome.rows_accepted) == ("legacy-csv", 5, 4)
    assert shown(warehouse, "partner, product, classification") == [
        ("AFG", "01", "HS2012"), ("ALB", "020120", "HS2012"), ("ASM", "TOTAL", "TOTAL"), ("DZA", "01", "HS2012"),
    ]  # fmt: skip
    assert "an HS code has 2, 4 or 6 digits" in refused(warehouse)[0][1]


def test_a_legacy_table_may_be_headed_in_words(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    bulk = fields.LEGACY_REQUIRED
    load(**{"a.csv": table([{fields.LEGACY_HEADINGS[n]: OLD[n] for n in bulk}])})
    assert shown(warehouse, "partner, value, quantity, published_on") == [("URY", 9416575, 2892160, None)]


def _cell(value: Any) -> str:
    return (
        f"<c><v>{value}</v></c>" if isinstance(value, int | float) else f'<c t="inlineStr"><is><t>{value}</t></is></c>'
    )


def workbook(path: Path, rows: list[list[Any]]) -> bytes:
    """A workbook with one sheet, just enough of one to be read."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    related = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    escaped = "".join(
        f"<row>{''.join(_cell(str(v).replace('<', '&lt;') if isinstance(v, str) else v) for v in row)}</row>"
        for row in rows
    )
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(
            "[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
        )
        file.writestr(
            "_rels/.rels",
            f'<Relationships {related}><Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        file.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships {related}><Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        file.writestr(
            "xl/workbook.xml",
            f'<workbook {main} xmlns:r="{office}"><sheets><sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        file.writestr("xl/worksheets/sheet1.xml", f"<worksheet {main}><sheetData>{escaped}</sheetData></worksheet>")
    return path.read_bytes()  # fmt: skip


@pytest.mark.parametrize("named", [pascal, str])
def test_comtrade_plus_as_a_workbook_is_what_its_csv_is(
    load: Load, warehouse: duckdb.DuckDBPyConnection, tmp_path: Path, named: Callable[[str], str]
) -> None:
    cells = [["" if v is None else v for v in (ROW | {"partnerCode": partner}).values()] for partner in (32, 276)]
    outcome = one(load(**{"TradeData.xlsx": workbook(tmp_path / "w", [[named(name) for name in ROW], *cells])}))
    assert (outcome.artifact.layout, outcome.rows_accepted) == ("plus-xlsx", 2)
    assert shown(warehouse, "dataset, partner, value, valuation") == [
        ("uncomtrade.a.hs", "ARG", 6804128143, "CIF"), ("uncomtrade.a.hs", "DEU", 6804128143, "CIF"),
    ]  # fmt: skip


def test_a_legacy_table_as_a_workbook_is_what_its_csv_is(
    load: Load, warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    cells = ["" if v is None else v for v in OLD.values()]
    outcome = one(
        load(**{"comtrade.xlsx": workbook(tmp_path / "w", [[fields.LEGACY_HEADINGS[n] for n in OLD], cells])})
    )
    assert outcome.artifact.layout == "legacy-xlsx"
    assert shown(warehouse, "dataset, partner, product, value") == [
        ("uncomtrade.legacy.a.hs", "URY", "020120", 9416575)
    ]


WITS: list[list[Any]] = [
    ["Reporter", "TradeFlow", "ProductCode", "Product Description", "Year", "Partner", "Trade Value 1000USD", "Quantity", "Quantity Unit"],
    ["Japan", "Import", "080440", "Avocados", 2019, "Mexico", 206711.57, 70113700, "Kg"],
    ["Japan", "Import", "080440", "Avocados", 2019, "World", 220000.5, 0, "Kg"],
    ["Korea, Rep.", "Export", "850710", "Lead-acid accumulators", 2019, "Atlantis", 1.5, 2, "Item"],
    ["Korea, Rep.", "Export", "850710", "Lead-acid accumulators", 2019, "Japan", 1.5, 2, "Item"],
]  # fmt: skip


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_table_of_wits_is_in_thousand_dollars_and_a_line_of_its_own(
    load: Load, warehouse: duckdb.DuckDBPyConnection, tmp_path: Path, form: str
) -> None:
    text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in WITS)
    outcome = one(load(**{f"WITS-By-HS6Product.{form}": text if form == "csv" else workbook(tmp_path / "w", WITS)}))
    assert (outcome.artifact.layout, outcome.rows_in, outcome.rows_accepted) == (f"wits-{form}", 4, 3)
    assert shown(
        warehouse, "dataset, reporter, partner, flow, product, value, net_weight_kg, quantity, quantity_unit"
    ) == [
        ("uncomtrade.wits", "JPN", "MEX", "import", "080440", 206711570, 70113700, None, None),
        ("uncomtrade.wits", "JPN", "WLD", "import", "080440", Decimal(220000500), None, None, None),
        ("uncomtrade.wits", "KOR", "JPN", "export", "850710", 1500, None, 2, "Item"),
    ]
    assert "partner_desc: stands in ref.place_name" in refused(warehouse)[0][1]


def test_a_reports_table_names_places_and_is_a_line_of_its_own(
    load: Load, warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    header = [
        "refYear",
        "flowCode",
        "cmdDesc",
        "cmdCode",
        "reporterDesc",
        "cmd_partner_rank",
        "cmd_partner_sum",
        "cmd_partner_perc",
        "cmd_partner_upper_sum",
    ]
    rows = [[2014, "X", "Oils; crude", "270900", "Angola", 1, 27491308686.125, 0.36, 77361766367.1]]
    rows.append([2014, "X", "Oils; crude", "270900", "Atlantis", 2, 1, 0.1, 77361766367.1])
    outcome = one(load(**{"China_3.3_products.xlsx": workbook(tmp_path / "w.xlsx", [header, *rows])}))
    assert (outcome.rows_in, outcome.rows_accepted) == (2, 1)
    columns = (
        "dataset, reporter, partner, flow, valuation, classification, product, product_name, period, value, seen_via"
    )
    assert shown(warehouse, columns) == [(
        "uncomtrade.report", "AGO", "CHN", "export", "unknown", "HS", "270900", "Oils; crude", "2014",
        Decimal("27491308686.125"), "cipf-comtrade reports",
    )]  # fmt: skip
    assert "reporter_desc: stands in ref.place_name" in refused(warehouse)[0][1]


def test_a_reports_balance_gives_the_countrys_own_figures_only(
    load: Load, warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    header = [
        "period",
        "M",
        "M<X",
        "X",
        "X<M",
        "trade_balance (X-M)",
        "trade_balance (X<M-M)",
        "trade_balance (X<M-M<X)",
        "trade_volume (X+M)",
        "trade_volume (X<M+M)",
        "trade_volume (X<M+M<X)",
        "varM_perc",
        "varX_perc",
    ]
    content = workbook(tmp_path / "w.xlsx", [header, ["2016", *range(1, 13)]])
    outcome = one(load(**{"China_1.1_balance.xlsx": content}))
    assert shown(warehouse, "reporter, partner, flow, value") == [
        ("CHN", "WLD", "export", 3),
        ("CHN", "WLD", "import", 1),
    ]
    assert (outcome.rows_in, outcome.rows_accepted) == (4, 2)
    assert outcome.set_aside == {"a total of what all partners state, which is in the tables by partner": 2}


def test_a_year_that_a_reports_country_has_not_reported_is_missing_and_not_zero(
    load: Load, warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    header = [
        "period", "M", "M<X", "X", "X<M", "trade_balance (X-M)", "trade_balance (X<M-M)", "trade_balance (X<M-M<X)",
        "trade_volume (X+M)", "trade_volume (X<M+M)", "trade_volume (X<M+M<X)", "varM_perc", "varX_perc",
    ]  # fmt: skip
    content = workbook(tmp_path / "w.xlsx", [header, ["2025", 0, 318931046989, 0, 531723157001, *[0] * 8]])
    assert one(load(**{"China_1.1_balance.xlsx": content})).rows_accepted == 2
    why = "printed as 0, a sum over no records: the economy has not reported the year"
    assert shown(warehouse, "flow, value, obs_status, note") == [("export", None, "O", why), ("import", None, "O", why)]


# versions


def test_an_old_file_adopted_late_does_not_replace_current_figures(
    load: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    today = {"refYear": 2015, "period": "2015", "reporterCode": 76, "partnerCode": 858, "classificationCode": "H4"}
    now = ROW | today | {"cmdCode": "020120", "aggrLevel": 6, "primaryValue": 9500000, "cifvalue": 9500000}
    load(a=envelope([now]))
    load(b=old_envelope([OLD]), **{"c.csv": table([OLD | {"TradeValue": 9000000}])})
    assert shown(warehouse, "dataset, value") == [
        ("uncomtrade.a.hs", 9500000), ("uncomtrade.legacy.a.hs", 9000000),
    ]  # fmt: skip


def _history(con: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    return con.execute(
        "SELECT dataset, partner, value, published_on, superseded_on FROM core.trade_versions WHERE source = 'uncomtrade' ORDER BY ALL"
    ).fetchall()


def test_editions_with_dates_give_one_history_in_either_order(
    load: Load, warehouse: duckdb.DuckDBPyConnection, warehouse_template: Path, settings: Settings, tmp_path: Path
) -> None:
    files = {
        "TradeData_4_16_2023_14_22_28.csv": table([ROW, ROW | {"partnerCode": 276}], pascal, end=","),
        "TradeData_11_2_2023_9_1_2.csv": table([ROW | {"primaryValue": 7, "cifvalue": 7}], pascal, end=","),
    }
    for name, content in files.items():
        load(**{name: content})
    other = Home(tmp_path / "other")
    make_folders(other)
    shutil.copyfile(warehouse_template, other.warehouse)
    with writer(other, settings) as con:
        for name, content in reversed(files.items()):
            _load(con, other, settings, tmp_path, {name: content})
        assert _history(con) == _history(warehouse)
    assert len(_history(warehouse)) == 3
    assert shown(warehouse, "value", "partner = 'ARG'") == [(7,)]


def test_loading_again_changes_nothing(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    load(a=envelope([ROW, ROW | PRODUCT]))
    before = warehouse.execute("FROM core.trade ORDER BY ALL").fetchall()
    assert load() == {}
    outcome = load(b=envelope([ROW | PRODUCT, ROW]))["b.json"]  # the same rows in another order
    assert (outcome.change.new, outcome.change.revised, outcome.change.unchanged) == (0, 0, 2)
    assert warehouse.execute("FROM core.trade ORDER BY ALL").fetchall() == before


# what is not taken


NO_FIGURES = [
    (envelope([]), "an answer of UN Comtrade with no rows"),
    (envelope([], count=5006385, data={}), "an answer to countOnly"),
    (envelope([ROW | {"typeCode": "S"}]), "trade in services"),
    (envelope([{"fileUrl": "b07f", "fileSize": "183.34 KB"}]), "a list of bulk files"),
    (envelope([{"datasetCode": 20156201001030, "datasetChecksum": 1}]), "a list of what is available"),
    (envelope([{"reporterCode": "156", "releaseStatus": "x"}], count=9), "a list of recent releases"),
    (envelope([ROW | {"surprise": 1}]), "has the unknown surprise"),
    (envelope([{k: v for k, v in ROW.items() if k != "motCode"}]), "lacks motCode"),
    (json.dumps({"more": False, "minimumInputLength": 2, "classCode": "HS", "results": [{"id": "TOTAL"}]}), "list of a classification"),
    (table([{k: v for k, v in ROW.items() if k != "motCode"}], pascal), "lacks motCode"),
    (table([ROW | {"surprise": 1}], pascal), "has the unknown Surprise"),
    (table([{k: v for k, v in OLD.items() if k != "TradeValue"}]), "lacks TradeValue"),
    (table([OLD | {"surprise": 1}]), "has the unknown surprise"),
    (",".join(WITS[0][:-1]) + ",Tariff\n", "a table of WITS lacks Quantity Unit and has the unknown Tariff"),
    ("a,b\n1,2\n", "no source recognises its content"),
    ('{"data": [1]}', "no source recognises its content"),
]  # fmt: skip


def test_a_reports_table_under_another_name_is_not_taken(home: Home, tmp_path: Path) -> None:
    header = [
        "refYear",
        "flowCode",
        "cmdDesc",
        "cmdCode",
        "reporterDesc",
        "cmd_partner_rank",
        "cmd_partner_sum",
        "cmd_partner_perc",
        "cmd_partner_upper_sum",
    ]
    workbook(tmp_path / "products.xlsx", [header])
    (adopted,) = adopt.adopt(home, [tmp_path / "products.xlsx"])
    assert "the name does not say of which country" in adopted.message


@pytest.mark.parametrize("end", [-2, -20, -2000])
def test_a_cut_answer_is_not_loaded(load: Load, warehouse: duckdb.DuckDBPyConnection, end: int) -> None:
    outcome = one(load(a=envelope([ROW, ROW | {"partnerCode": 276}, ROW | {"partnerCode": 40}])[:end]))
    assert isinstance(outcome.fault, LayoutChanged)
    assert shown(warehouse, "*") == []


def test_an_answer_that_counts_other_rows_than_it_has_is_not_loaded(load: Load) -> None:
    fault = one(load(a=envelope([ROW], count=2))).fault
    assert "it states 2 rows, but has 1: uncomtrade, a.json" in str(fault)


def test_an_answer_that_states_an_error_is_not_loaded_whatever_rows_it_has(load: Load) -> None:
    fault = one(load(a=envelope([ROW], error="Something broke"))).fault
    assert isinstance(fault, ErrorInBody)
    assert "uncomtrade, a.json. Something broke" in str(fault)


@pytest.mark.parametrize(("rows", "is_doubtful"), [(499, False), (500, True), (100_000, True)])
def test_an_answer_of_the_limits_length_is_taken_with_a_doubt(
    home: Home, tmp_path: Path, rows: int, is_doubtful: bool
) -> None:
    (tmp_path / "a.json").write_text(envelope([ROW], count=rows))
    (adopted,) = adopt.adopt(home, [tmp_path / "a.json"])
    assert ("may have been cut" in adopted.message) is is_doubtful


def test_a_record_with_too_many_fields_stops_the_file(load: Load) -> None:
    lines = table([ROW | {"partnerCode": p} for p in (4, 8)], pascal, end=",").split("\r\n")
    lines[2] = '"surprise","another",' + lines[2]
    assert isinstance(one(load(**{"a.csv": "\r\n".join(lines)})).fault, LayoutChanged)


@pytest.mark.parametrize("size", [1, 7, 64, 1 << 20])
def test_rows_are_read_the_same_however_the_text_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    path = tmp_path / "a.json"
    rows = [{"a": 1, "b": "]}{[,"}, {"a": 6804128143.10, "b": None}, {"a": True, "b": '\\"'}]
    path.write_text('{"count":3, "data" :\n[' + ",\n ".join(map(json.dumps, rows)) + ' ], "error":""}')
    monkeypatch.setattr(json_rows, "_CHUNK", max(size, 30))
    assert list(json_rows.rows(path, "data")) == [
        {"a": "1", "b": "]}{[,"},
        {"a": "6804128143.1", "b": None},
        {"a": True, "b": '\\"'},
    ]


# what the service is asked


def sniffed(content: str | bytes, folder: Path) -> Sniffed:
    data = content.encode() if isinstance(content, str) else content
    path = folder / "answer"
    path.write_bytes(data)
    return Sniffed("answer", data[:HEAD], len(data), lambda: path)


def available(*at: tuple[str, str], checksum: str = "1") -> str:
    rows = [
        {"datasetCode": 2**60 + int(r + p), "reporterCode": int(r), "period": int(p), "datasetChecksum": checksum,
         "lastReleased": "2024-01-02T03:04:05.1234567", "totalRecords": 5} for r, p in at
    ]  # fmt: skip
    return envelope(rows)


def ask(folder: Path, asked: Selection, checksum: str = "1", only: set[str] | None = None) -> list[Request]:
    """The requests for figures an ask leads to, when all (or ``only`` some) reporters have all years."""
    found: list[Request] = []
    for request in SOURCE.requests(asked):
        years = dict(request.parameters)["period"].split(",")
        at = [(code, y) for y in years for _, code, _, _ in plan.codes() if only is None or code in only]
        judged = SOURCE.judge(request, sniffed(available(*at, checksum=checksum), folder))
        assert not judged.is_kept
        found += judged.following
    return found


def parameters(request: Request) -> dict[str, str]:
    return dict(request.parameters)


def bound(request: Request) -> int:
    """Most rows an answer may have: one a reporter, year, partner, flow and product."""
    given = parameters(request)
    rows = sum(100 if c == "AG2" else 1 for c in given["cmdCode"].split(","))
    for name in ("reporterCode", "period", "partnerCode", "flowCode"):
        rows *= len(given[name].split(","))
    return rows


def test_without_a_key_yearly_totals_are_asked_for_in_a_few_hundred_previews(tmp_path: Path) -> None:
    requests = ask(tmp_path, Selection(1992, 2025))
    assert 100 < len(requests) < 400
    for request in requests:
        given = parameters(request)
        assert request.path == "/public/v1/preview/C/A/HS"
        assert "," not in given["period"]  # a second period is HTTP 400
        assert given["cmdCode"] == "TOTAL"
        assert bound(request) < json_rows.PREVIEW_LIMIT
    covered = {(r, parameters(q)["period"]) for q in requests for r in parameters(q)["reporterCode"].split(",")}
    assert {
        ("156", "1992"),
        ("392", "2025"),
        ("842", "2000"),
        ("410", "2010"),
        ("251", "2019"),
        ("58", "1998"),
        ("56", "1999"),
    } <= covered
    assert ("56", "1998") not in covered  # Belgium and Luxembourg reported together


def test_with_a_key_chapters_are_asked_for_within_its_limits(tmp_path: Path) -> None:
    requests = ask(tmp_path, Selection(1992, 2025, has_key=True))
    assert len(requests) < 500  # a day's quota
    for request in requests:
        given = parameters(request)
        assert request.path == "/data/v1/get/C/A/HS"
        assert len(given["period"].split(",")) <= plan.MOST_PERIODS
        assert given["cmdCode"] == "TOTAL,AG2"
        assert bound(request) < json_rows.KEYED_LIMIT
        assert sum(len(v) for v in given.values()) < 1500


@pytest.mark.parametrize("has_key", [False, True])
def test_every_dimension_that_hides_totals_is_pinned(tmp_path: Path, has_key: bool) -> None:
    for request in ask(tmp_path, Selection(2019, 2020, has_key=has_key)):
        pinned = {
            k: v for k, v in request.parameters if k in ("partner2Code", "customsCode", "motCode", "breakdownMode")
        }
        assert pinned == {"partner2Code": "0", "customsCode": "C00", "motCode": "0", "breakdownMode": "classic"}
        assert "subscription" not in str(request).lower()


def test_an_ask_is_turned_into_comtrades_codes_of_the_year(tmp_path: Path) -> None:
    asked = Selection(2019, 2019, ("USA", "IND"), ("TWN", "WLD"), ("01", "870323"), has_key=True)
    requests = ask(tmp_path, asked)
    assert [parameters(r)["reporterCode"] for r in requests] == ["840", "842", "699"]
    assert {parameters(r)["partnerCode"] for r in requests} == {"158,490,0"}
    assert {parameters(r)["cmdCode"] for r in requests} == {"01,870323"}


@pytest.mark.parametrize(
    "asked",
    [Selection(2019, 2019, ("XYZ",)), Selection(2019, 2019, (), ("CN-LN",)), Selection(2019, 2019, products=("cars",))],
)
def test_a_selection_that_comtrade_does_not_have_is_refused(asked: Selection) -> None:
    with pytest.raises(Unknown):
        list(SOURCE.requests(asked))


def test_only_what_is_available_is_asked_for(tmp_path: Path) -> None:
    requests = ask(tmp_path, Selection(2019, 2020), only={"156"})
    assert [(parameters(r)["reporterCode"], parameters(r)["period"]) for r in requests] == [
        ("156", "2019"),
        ("156", "2020"),
    ]


def test_a_request_has_another_stamp_only_when_something_changed(tmp_path: Path) -> None:
    def stamps(checksum: str) -> dict[tuple[tuple[str, str], ...], str]:
        return {r.parameters: str(r.stamp) for r in ask(tmp_path, Selection(2018, 2019), checksum)}

    first = stamps("1")
    assert first == stamps("1")
    again = stamps("2")
    assert first.keys() == again.keys()
    assert all(first[k] != again[k] for k in first)
    assert len(set(first.values())) == len(first)


def test_a_newly_available_reporter_changes_one_request_of_its_year(tmp_path: Path) -> None:
    codes = {c for _, c, _, _ in plan.codes()}
    before = {(r.parameters, r.stamp) for r in ask(tmp_path, Selection(2019, 2019), only=codes - {"392"})}
    after = {(r.parameters, r.stamp) for r in ask(tmp_path, Selection(2019, 2019))}
    assert len(before - after) == 1 == len(after - before)


# how answers are judged


REQUEST = Request(
    "/public/v1/preview/C/A/HS", "a.json",
    (("reporterCode", "156"), ("period", "2010"), ("partnerCode", "32,276"), ("cmdCode", "TOTAL"), ("flowCode", "M,X")),
    stamp="s1",
)  # fmt: skip


def test_a_good_answer_is_kept_with_its_stamp_and_is_one_that_is_recognised(tmp_path: Path) -> None:
    answer = sniffed(envelope([ROW, ROW | {"partnerCode": 276}]), tmp_path)
    assert SOURCE.judge(REQUEST, answer) == ValidAnswer(2, "s1")
    assert SOURCE.recognises(answer) is not None


FAULTS: list[tuple[str, type[EntrepotError]]] = [
    ("", NotData),
    ("<!DOCTYPE html><html><body>Service unavailable</body></html>", NotData),
    ("The service is unavailable.", NotData),
    ("Request URL Too Long", CutAtLimit),
    ("Out of call volume quota. Quota will be replenished in 04:12:00.", QuotaUsed),
    ('{"statusCode": 403, "message": "Out of call volume quota. Quota will be replenished in 04:12:00."}', QuotaUsed),
    ('{"statusCode": 429, "message": "Rate limit is exceeded. Try again in 1 seconds."}', QuotaUsed),
    ('{"statusCode": 401, "message": "Access denied due to invalid subscription key."}', ServiceRefused),
    ('{"error": "Bad request", "details": [{"errorMessage": "Maximum number of periods is 12"}]}', ErrorInBody),
    (envelope([], error="Something broke"), ErrorInBody),
    (envelope([ROW], error="Something broke"), ErrorInBody),
    (envelope([], count=5, data={}), NotData),
    (envelope([]), EmptyAnswer),
    (envelope([ROW, ROW]), RepeatedKeys),
    (envelope([ROW], count=2), NotData),
    (envelope([ROW])[:-40], NotData),
    (envelope([ROW | {"surprise": 1}]), LayoutChanged),
    (envelope([ROW | {"reporterCode": 392}]), NotData),
    (envelope([ROW | {"period": "2011"}]), NotData),
]  # fmt: skip


def many(number: int) -> list[dict[str, Any]]:
    return [ROW | {"cmdCode": f"{n:06}"} for n in range(number)]


def test_an_answer_of_exactly_the_limit_was_cut(tmp_path: Path) -> None:
    """The service says nothing: status 200, an empty error, and a count of what it sent."""
    assert SOURCE.judge(REQUEST, sniffed(envelope(many(499)), tmp_path)).rows == 499
    with pytest.raises(CutAtLimit):
        SOURCE.judge(REQUEST, sniffed(envelope(many(500)), tmp_path))


@pytest.mark.parametrize(("rows", "is_cut"), [(9, False), (10, True), (11, False), (24, False), (25, True), (26, True)])
def test_a_free_and_a_paid_key_have_their_limits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int, is_cut: bool
) -> None:
    assert (json_rows.KEYED_LIMIT, json_rows.PREMIUM_LIMIT) == (100_000, 250_000)
    monkeypatch.setattr(service, "KEYED_LIMIT", 10)
    monkeypatch.setattr(service, "PREMIUM_LIMIT", 25)
    request, answer = replace(REQUEST, path="/data/v1/get/C/A/HS"), sniffed(envelope(many(rows)), tmp_path)
    if not is_cut:
        assert SOURCE.judge(request, answer).rows == rows
        return
    with pytest.raises(CutAtLimit):
        SOURCE.judge(request, answer)


def test_availability_with_no_reporter_at_all_is_a_fault(tmp_path: Path) -> None:
    (request,) = SOURCE.requests(Selection(2019, 2019))
    with pytest.raises(EmptyAnswer):
        SOURCE.judge(request, sniffed(envelope([]), tmp_path))


def test_a_request_is_split_until_nothing_can_be_and_asks_for_the_same(tmp_path: Path) -> None:
    asked = Selection(2018, 2020, ("CHN", "JPN"), ("USA", "WLD"), ("TOTAL", "AG2"), has_key=True)
    for whole in ask(tmp_path, asked)[:1]:
        waiting, cells = [whole], set()
        while waiting:
            request = waiting.pop()
            parts = SOURCE.split(request)
            assert len(parts) in (0, 2)
            assert all(bound(p) < bound(request) for p in parts)
            assert {p.stamp for p in parts} <= {whole.stamp}
            waiting += parts
            if not parts:
                given = parameters(request)
                cells.add(tuple(given[n] for n in plan.DIVISIBLE))
        wanted = {n: parameters(whole)[n].split(",") for n in plan.DIVISIBLE}
        products = {"TOTAL", *(f"{n:02}" for n in range(1, 100))}
        assert {c[3] for c in cells} == products
        assert len(cells) == len(wanted["period"]) * len(wanted["partnerCode"]) * len(products) * 4


class TestContract(ServiceContract):
    source = SOURCE
    specimen = Specimen("a.json", envelope([ROW, ROW | {"partnerCode": 276}]), rows=2)
    golden = {
        "SELECT reporter, partner, period, value_usd FROM mart.trade_figures ORDER BY partner": [
            ("CHN", "ARG", "2010", Decimal("6804128143.000")), ("CHN", "DEU", "2010", Decimal("6804128143.000")),
        ],
    }  # fmt: skip
    bad_row = BadRow(envelope([ROW, ROW | {"partnerCode": 9999}]), rule="partner1_code: stands in")
    refused_forms = {
        "UN Comtrade's trade in services": table([ROW | {"typeCode": "S"}], pascal),
        wits.OTHER_TABLES.form: "Nomenclature,ReporterISO3,ProductCode,ReporterName,PartnerISO3,PartnerName,Year,TradeFlowName,TradeFlowCode,"
        "TradeValue in 1000 USD\nH0,CHN,84,China,JPN,Japan,2016,Export,6,1000.5\n",
    }
    changed_layouts = {f"{n}: {words}": (content, words) for n, (content, words) in enumerate(NO_FIGURES)}
    refused_answers = {
        f"{n}: {fault.__name__}": Refused(REQUEST, body, fault) for n, (body, fault) in enumerate(FAULTS)
    }
    valid_answers = {"two partners": Valid(REQUEST, envelope([ROW, ROW | {"partnerCode": 276}]), rows=2)}
