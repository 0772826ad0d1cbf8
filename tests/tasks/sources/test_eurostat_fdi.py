"""Eurostat's direct investment: cells of a cube, millions of euro, flags, and how answers of the service are judged."""

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tasks.contract.service import Request, Selection
from tasks.formats import jsonstat
from tasks.load.outcome import Outcome
from tasks.sources.eurostat_fdi import SOURCE
from tests.support.answers import answer
from tests.support.loading import adopt_files, load_pending, results_in_each_order
from tests.support.source_contract import BadRow, Refused, ServiceContract, Specimen, Valid
from warehouse.errors import BadData, CutAtLimit, EmptyAnswer, ErrorInBody, LayoutChanged, NotData, Unknown
from warehouse.settings import Home, Settings

Load = Callable[..., Outcome]

#: Positions of Germany and Greece with China and the rest of the world, 2022 and 2023, inward and outward.
DIMENSIONS: dict[str, list[str]] = {
    "freq": ["A"], "currency": ["MIO_EUR"], "nace_r2": ["FDI"], "fdi_item": ["DI__D__F", "DO__D__F"], "entity": ["TOTAL"],
    "counterp": ["IMM"], "stk_flow": ["NI", "NO"], "partner": ["CN", "WRL_REST"], "geo": ["DE", "EL"], "time": ["2022", "2023"],
}  # fmt: skip


def number(**codes: str) -> int:
    """The number of a cell, counted with the last dimension fastest."""
    number = 0
    for name, known in DIMENSIONS.items():
        number = number * len(known) + known.index(codes.get(name, known[0]))
    return number


def cube(
    value: dict[int, Any],
    status: dict[int, str] | None = None,
    dimensions: dict[str, list[str]] | None = None,
    table: str = "BOP_FDI6_POS",
) -> dict[str, Any]:
    """A table as the Statistics API gives it."""
    known = dimensions or DIMENSIONS
    return {
        "version": "2.0", "class": "dataset", "label": "EU direct investment positions", "source": "ESTAT",
        "updated": "2026-06-03T23:00:00+0200", "value": {str(k): v for k, v in value.items()},
        "status": {str(k): v for k, v in (status or {}).items()}, "id": list(known), "size": [len(c) for c in known.values()],
        "dimension": {
            name: {"label": name, "category": {"index": {code: n for n, code in enumerate(codes)}, "label": {c: c for c in codes}}}
            for name, codes in known.items()
        },
        "extension": {"lang": "EN", "id": table, "agencyId": "ESTAT"},
    }  # fmt: skip


@pytest.fixture
def load(warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path) -> Load:
    """Adopt one file, a cube or text, and load it."""

    def loading(content: dict[str, Any] | str) -> Outcome:
        path = tmp_path / "table"
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        result = adopt_files(home, path)["table"]
        assert result.source == "eurostat.fdi", result.message
        (outcome,) = load_pending(warehouse, home, settings, SOURCE)
        assert outcome.fault is None, outcome.fault
        return outcome

    return loading


def shown(con: duckdb.DuckDBPyConnection, columns: str) -> list[tuple[Any, ...]]:
    return con.execute(f"SELECT {columns} FROM mart.fdi_figures WHERE source = 'eurostat.fdi' ORDER BY ALL").fetchall()


# --- JSON-stat ----------------------------------------------------------------------------------------------


def test_a_value_is_found_by_its_number(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    at = number(fdi_item="DO__D__F", stk_flow="NO", partner="WRL_REST", geo="EL", time="2023")
    outcome = load(cube({at: 17324.5, number(stk_flow="NI", geo="DE", time="2022"): -2.0}))
    assert (outcome.rows_in, outcome.rows_quarantined) == (2, 0)
    assert shown(
        warehouse, "direction, reporter, counterpart, period, value, currency, printed_value, printed_unit"
    ) == [
        ("inward", "DEU", "CHN", "2022", Decimal("-2000000.000000"), "EUR", "-2.0", "EUR million"),
        ("outward", "GRC", "WLD", "2023", Decimal("17324500000.000000"), "EUR", "17324.5", "EUR million"),
    ]
    assert shown(warehouse, "dataset, concept, accounting, principle, instrument, industry, published_on::VARCHAR")[0] == (
        "eurostat.bop_fdi6_pos", "direct_investment_position", "position", "directional", "total", "TOTAL", "2026-06-03",
    )  # fmt: skip


def test_the_order_of_writing_does_not_count(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    table = cube({number(geo="EL", time="2023"): 5})
    for name in ("geo", "time"):
        index = table["dimension"][name]["category"]["index"]
        table["dimension"][name]["category"]["index"] = dict(reversed(index.items()))
    load(table)
    assert shown(warehouse, "reporter, period, printed_value") == [("GRC", "2023", "5")]


def test_lists_and_objects_say_the_same(tmp_path: Path) -> None:
    value, status = {3: "1.50", 9: "2"}, {9: "p", 12: "c"}
    sparse = cube(value, status)
    size = 32
    dense = sparse | {"value": [value.get(n) for n in range(size)], "status": [status.get(n) for n in range(size)]}
    for name in DIMENSIONS:
        dense = dense | {"dimension": dense["dimension"] | {name: {"category": {"index": DIMENSIONS[name]}}}}
    assert list(jsonstat.cells(sparse, "x")) == list(jsonstat.cells(dense, "x"))
    assert [c.value for c in jsonstat.cells(sparse, "x")] == ["1.50", "2", None]


def test_numbers_stay_as_they_are_printed(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    text = json.dumps(cube({0: "VALUE"})).replace('"VALUE"', "1043520.10")
    load(text)
    assert shown(warehouse, "value, printed_value") == [(Decimal("1043520100000.000000"), "1043520.10")]


FLAGS = {
    ("1", "p"): "P", ("1", "e"): "E", ("1", "b"): "B", ("1", "be"): "B", ("1", "d"): "D", ("1", "u"): "U", ("1", "s"): "I",
    ("1", "i"): "I", ("1", "r"): "A", ("1", None): "A", (None, "c"): "Q", (None, "z"): "M", (None, "m"): "M", (None, "n"): "O",
    ("0", "n"): "N", (":", "c"): "Q",
}  # fmt: skip


@pytest.mark.parametrize(("value", "flag"), FLAGS)
def test_flags(load: Load, warehouse: duckdb.DuckDBPyConnection, value: str | None, flag: str | None) -> None:
    load(cube({0: value} if value else {}, {0: flag} if flag else None))
    expected = FLAGS[value, flag]
    missing = value in (None, ":")
    assert shown(warehouse, "obs_status, value IS NULL") == [(expected, missing)]


def test_what_the_tables_hold(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    """bop_fdi6_geo has positions, flows and income side by side, and no dimension for the side."""
    dimensions = {
        "freq": ["A"], "currency": ["MIO_EUR"], "indic_bp": ["STOCKS", "FLOWS", "INCOME"], "fdi_item": ["DI__D__F", "DO__D__F"],
        "partner": ["JP"], "geo": ["EU27_2020"], "time": ["2023"],
    }  # fmt: skip
    load(cube({n: n for n in range(6)}, dimensions=dimensions, table="BOP_FDI6_GEO"))
    assert shown(warehouse, "printed_value, concept, accounting, direction, reporter, counterpart") == [
        ("0", "direct_investment_position", "position", "inward", "EU27_2020", "JPN"),
        ("1", "direct_investment_position", "position", "outward", "EU27_2020", "JPN"),
        ("2", "bop", "flow", "inward", "EU27_2020", "JPN"),
        ("3", "bop", "flow", "outward", "EU27_2020", "JPN"),
        ("4", "bop", "income", "inward", "EU27_2020", "JPN"),
        ("5", "bop", "income", "outward", "EU27_2020", "JPN"),
    ]


@pytest.mark.parametrize(
    ("table", "item", "meant"),
    [
        ("BOP_FDI6_FLOW", "DI__D__F5B", ("bop", "flow", "reinvested_earnings")),
        ("BOP_FDI6_FLOW", "DI__D__F5A", ("bop", "flow", "equity")),
        ("BOP_FDI6_POS", "DI__D__F5", ("direct_investment_position", "position", "equity")),
        ("BOP_FDI6_POS", "DI__D__FL", ("direct_investment_position", "position", "debt")),
        ("BOP_FDI6_INC", "DI__D4P__D__F", ("bop", "income", "total")),
        ("BOP_FDI6_INC", "DI__D43S__D__F5", ("bop", "income", "reinvested_earnings")),
        ("BOP_FDI6_INC", "DI__D42S__D__F5", ("bop", "income", "equity")),
    ],
)
def test_items(
    load: Load, warehouse: duckdb.DuckDBPyConnection, table: str, item: str, meant: tuple[str, str, str]
) -> None:
    load(cube({0: 1}, dimensions=DIMENSIONS | {"fdi_item": [item]}, table=table))
    assert shown(warehouse, "concept, accounting, instrument") == [meant]


def test_one_side_special_entities_and_ultimate_counterparts_are_datasets_of_their_own(
    load: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    dimensions = DIMENSIONS | {
        "fdi_item": ["DI__D__F"], "entity": ["TOTAL", "SPE"], "counterp": ["IMM", "ULT"], "stk_flow": ["NI", "LIAB"],
        "partner": ["CN"], "geo": ["DE"], "time": ["2023"],
    }  # fmt: skip
    load(cube({n: n for n in range(8)}, dimensions=dimensions))
    assert shown(warehouse, "dataset, printed_value") == sorted(
        (f"eurostat.bop_fdi6_pos{entity}{counterpart}{side}", str(4 * a + 2 * b + c))
        for a, entity in enumerate(("", ".spe"))
        for b, counterpart in enumerate(("", ".counterpart_ult"))
        for c, side in enumerate(("", ".liab"))
    )


def test_industries(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    load(
        cube(
            {0: 1, 16: 2, 32: 3} | {},
            dimensions=DIMENSIONS | {"nace_r2": ["FDI", "TOTAL", "C"], "fdi_item": ["DI__D__F"]},
        )
    )
    assert shown(warehouse, "industry, printed_value") == [("C", "3"), ("NACE_TOTAL", "2"), ("TOTAL", "1")]


BAD = {
    "estat_geo: stands in ref.place_code.code among eurostat": {"geo": ["GR", "EL"]},
    "estat_partner: stands in": {"partner": ["GB", "CN"]},
    "estat_currency: isin": {"currency": ["MIO_NAC"]},
    "estat_fdi_item: str_matches": {"fdi_item": ["D__F", "DO__D__F"]},
    "period is written as freq asks": {"time": ["2022-Q1", "2023"]},
}


@pytest.mark.parametrize("rule", BAD)
def test_a_table_of_one_bad_cell_is_refused_with_its_rule(
    warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path, rule: str
) -> None:
    path = tmp_path / "table"
    path.write_text(json.dumps(cube({0: 1}, dimensions=DIMENSIONS | BAD[rule])), encoding="utf-8")
    adopt_files(home, path)
    (outcome,) = load_pending(warehouse, home, settings, SOURCE)
    assert isinstance(outcome.fault, BadData)
    assert rule in str(outcome.fault)


def test_two_editions_in_either_order(warehouse_template: Path, settings: Settings, tmp_path: Path) -> None:
    older, newer = tmp_path / "older.json", tmp_path / "newer.json"
    older.write_text(json.dumps(cube({0: 1, 1: 2}, {0: "p"})))
    newer.write_text(json.dumps(cube({0: 1.5, 1: 2}) | {"updated": "2026-09-01T11:00:00+0200"}))
    query = (
        "SELECT period, value, obs_status, published_on, superseded_on FROM core.fdi_versions "
        "WHERE source = 'eurostat.fdi' ORDER BY ALL"
    )
    one, other = results_in_each_order(
        warehouse_template, settings, SOURCE, tmp_path, [(older, newer), (newer, older)], query
    )
    assert one == other
    assert [str(r[1]) for r in one] == ["1000000.000000", "1500000.000000", "2000000.000000"]


CHANGED: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "unknown dimension": lambda c: c | cube({0: 1}, dimensions=DIMENSIONS | {"sector10": ["S1"]}),
    "missing dimension": lambda c: c | cube({0: 1}, dimensions={k: v for k, v in DIMENSIONS.items() if k != "partner"}),
    "size": lambda c: c | {"size": [*c["size"][:-1], 3]},
    "no dimensions": lambda c: {k: v for k, v in c.items() if k != "id"},
    "gap": lambda c: c | {"dimension": c["dimension"] | {"time": {"category": {"index": {"2022": 0, "2023": 2}}}}},
    "beyond": lambda c: c | {"value": {"32": 1}},
}


@pytest.mark.parametrize("what", CHANGED)
def test_a_changed_layout_is_refused(
    home: Home, settings: Settings, warehouse: duckdb.DuckDBPyConnection, tmp_path: Path, what: str
) -> None:
    (tmp_path / "table.json").write_text(json.dumps(CHANGED[what](cube({0: 1}))))
    result = adopt_files(home, tmp_path / "table.json")["table.json"]
    if result.source is None:
        assert "dimension" in result.message
        return
    (outcome,) = load_pending(warehouse, home, settings, SOURCE)
    assert isinstance(outcome.fault, LayoutChanged)


def test_other_tables_are_not_ours(home: Home, tmp_path: Path) -> None:
    (tmp_path / "gdp.json").write_text(json.dumps(cube({0: 1}, table="NAMQ_10_GDP")))
    (tmp_path / "other.json").write_text('{"BOP_FDI6_POS": ["dataset"]}')
    assert {a.source for a in adopt_files(home, *tmp_path.glob("*.json")).values()} == {None}


# --- SDMX-CSV -----------------------------------------------------------------------------------------------

CSV_1 = """DATAFLOW,LAST UPDATE,freq,currency,nace_r2,fdi_item,entity,counterp,stk_flow,partner,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG
ESTAT:BOP_FDI6_POS(1.0),03/06/26 23:00:00,A,MIO_EUR,FDI,DI__D__F,TOTAL,IMM,NI,CN,EL,2023,812.5,p
ESTAT:BOP_FDI6_POS(1.0),03/06/26 23:00:00,A,MIO_EUR,FDI,DI__D__F,TOTAL,IMM,NI,JP,UK,2023,,c
"""
CSV_2 = """STRUCTURE,STRUCTURE_ID,STRUCTURE_NAME,freq,Time frequency,currency,Currency,nace_r2,Activity,fdi_item,Item,entity,Type of entity,counterp,Counterpart,stk_flow,Stock or flow,partner,Partner entity,geo,Geopolitical entity,TIME_PERIOD,Time,OBS_VALUE,Observation value,OBS_FLAG,Observation status,CONF_STATUS,Confidentiality status
dataflow,ESTAT:BOP_FDI6_POS(1.0),Positions,A,Annual,MIO_EUR,Million euro,FDI,All,DI__D__F,Inward,TOTAL,All,IMM,Immediate,NI,Net,CN,"China, except Hong Kong",EL,Greece,2023,,812.5,,p,Provisional,F,Free
dataflow,ESTAT:BOP_FDI6_POS(1.0),Positions,A,Annual,MIO_EUR,Million euro,FDI,All,DI__D__F,Inward,TOTAL,All,IMM,Immediate,NI,Net,JP,Japan,UK,United Kingdom,2023,,,,,,C,Confidential
"""


@pytest.mark.parametrize(("text", "published"), [(CSV_1, "2026-06-03"), (CSV_2, None)], ids=["1", "2 with labels"])
def test_both_versions_of_the_csv_say_the_same(
    load: Load, warehouse: duckdb.DuckDBPyConnection, text: str, published: str | None
) -> None:
    load(text)
    assert shown(warehouse, "reporter, counterpart, value, obs_status, published_on::VARCHAR") == [
        ("GBR", "JPN", None, "Q", published),
        ("GRC", "CHN", Decimal("812500000.000000"), "P", published),
    ]


# --- the service --------------------------------------------------------------------------------------------


def requests_for(selection: Selection | None = None) -> list[Request]:
    return list(SOURCE.requests(selection or Selection(2013, 2024)))


def values(request: Request, name: str) -> list[str]:
    return [v for n, v in request.parameters if n == name]


def test_the_default_question() -> None:
    requests = requests_for()
    assert len(requests) == 9
    assert {r.path for r in requests} == {f"/statistics/1.0/data/bop_fdi6_{t}" for t in ("flow", "pos", "inc")}
    geos = [g for r in requests[:3] for g in values(r, "geo")]
    assert len(geos) == len(set(geos)) == 28
    assert {"EU27_2020", "EL", "DE"} <= set(geos)
    assert {"GR", "UK", "GB", "CN"}.isdisjoint(geos)
    partners = values(requests[0], "partner")
    assert partners[:6] == ["WRL_REST", "CN", "JP", "KR", "US", "EU27_2020"]
    assert len(partners) == len(set(partners)) == 33
    assert values(requests[0], "currency") == ["MIO_EUR"]
    assert (values(requests[0], "sinceTimePeriod"), values(requests[0], "untilTimePeriod")) == (["2013"], ["2024"])
    assert len({r.filename for r in requests}) == 9
    assert requests == requests_for()


def test_the_united_kingdom_and_greece_are_asked_for_by_eurostats_codes() -> None:
    requests = requests_for(Selection(2016, 2016, reporters=("GRC", "GBR", "CHN"), partners=("GBR",)))
    assert {tuple(values(r, "geo")) for r in requests} == {("EL", "UK")}
    assert {tuple(values(r, "partner")) for r in requests} == {("UK",)}
    with pytest.raises(Unknown, match="CHN does not report"):
        requests_for(Selection(2016, 2016, reporters=("CHN",)))


def test_a_good_answer_is_counted_and_recognised(tmp_path: Path) -> None:
    request = next(r for r in requests_for() if r.path.endswith("_pos"))
    response = answer(tmp_path, json.dumps(cube({0: 1, 5: 2}, {7: "c"})).encode(), "a.json")
    judged = SOURCE.judge(request, response)
    assert (judged.rows, judged.stamp) == (3, "2026-06-03T23:00:00+0200")
    assert SOURCE.recognises(response) is not None


#: The footer Eurostat sends where a large answer is being prepared, as recorded.
FOOTER = (
    '<?xml version="1.0"?><mes:GenericData><footer:Footer><footer:Message code="413" severity="Infomation"><common:Text>Due to '
    "the large query the response will be written to a file which will be located under URL: http://ec.europa.eu/x</common:Text>"
    "</footer:Message></footer:Footer></mes:GenericData>"
)
BAD_ANSWERS = {
    "wrong geo": (json.dumps(cube({})), EmptyAnswer),
    "html": ("<!DOCTYPE html><html></html>", NotData),
    "error": ('{"error":[{"status":400,"id":150,"label":"INVALID_QUERY_DIMENSION"}]}', ErrorInBody),
    "unknown table": ('{"error":[{"status":404,"id":100,"label":"ERR_NOT_FOUND_4"}]}', ErrorInBody),
    "too big": ('{"error":[{"status":413,"label":"EXTRACTION_TOO_BIG: estimated 6000000 rows, max authorised is 5000000"}]}', CutAtLimit),
    "asynchronous": ('{"warning":{"status":413,"label":"ASYNCHRONOUS_RESPONSE. Your request will be treated asynchronously."}}', CutAtLimit),
    "footer": (FOOTER, CutAtLimit),
    "xml": ("<?xml version='1.0'?><S:Fault/>", NotData),
    "cut": (json.dumps(cube({0: 1}))[:-30], NotData),
    "csv": (CSV_1, NotData),
    "another table": (json.dumps(cube({0: 1}, table="BOP_FDI6_INC")), LayoutChanged),
    "another statistic": (json.dumps(cube({0: 1}, table="NAMQ_10_GDP")), LayoutChanged),
    "new dimension": (json.dumps(cube({0: 1}, dimensions=DIMENSIONS | {"sector10": ["S1"]})), LayoutChanged),
}  # fmt: skip


def test_413_is_split_and_no_cell_is_lost_or_asked_for_twice() -> None:
    (whole, *_) = requests_for(Selection(2013, 2024, reporters=("DEU", "GRC", "FRA"), partners=("CHN", "JPN")))
    with pytest.raises(CutAtLimit):
        SOURCE.judge_status(whole, 413, "EXTRACTION_TOO_BIG")
    assert SOURCE.judge_status(whole, 500, "") is None

    def smallest(request: Request) -> list[Request]:
        parts = SOURCE.split(request)
        return [leaf for part in parts for leaf in smallest(part)] if parts else [request]

    def cells(request: Request) -> list[tuple[Any, ...]]:
        since, until = int(values(request, "sinceTimePeriod")[0]), int(values(request, "untilTimePeriod")[0])
        return [
            (g, p, y)
            for g in values(request, "geo")
            for p in values(request, "partner")
            for y in range(since, until + 1)
        ]

    leaves = smallest(whole)
    assert sorted(c for leaf in leaves for c in cells(leaf)) == sorted(cells(whole))
    assert len(leaves) == len({leaf.filename for leaf in leaves}) == 3 * 12 * 2
    assert all(values(leaf, "fdi_item") == values(whole, "fdi_item") for leaf in leaves)


REQUEST = next(r for r in requests_for() if r.path.endswith("_pos"))
CUBE = json.dumps(cube({0: 1, 5: 2}, {7: "c"}))


class TestContract(ServiceContract):
    source = SOURCE
    specimen = Specimen("table.json", CUBE, rows=3)
    golden = {
        "SELECT reporter, counterpart, period, direction, value FROM mart.fdi_figures WHERE value IS NOT NULL ORDER BY ALL": [
            ("DEU", "CHN", "2022", "inward", Decimal(1000000)), ("DEU", "WLD", "2023", "inward", Decimal(2000000)),
        ],
    }  # fmt: skip
    bad_row = BadRow(json.dumps(cube({0: 1, 5: "x"}, {7: "c"})), rule="estat_value: str_matches")
    changed_layouts = {
        "a new dimension": (json.dumps(cube({0: 1}, dimensions=DIMENSIONS | {"sector10": ["S1"]})), "sector10"),
        "another table": (json.dumps(cube({0: 1}, table="NAMQ_10_GDP")), "no source"),
        "a changed column": (CSV_1.replace("stk_flow", "flow"), "flow"),
        "no value": (CSV_1.replace("OBS_VALUE", "VALUE"), "no source"),
        "a new column": (CSV_1.replace("entity,", "entity,sector10,"), "sector10"),
    }
    refused_answers = {what: Refused(REQUEST, body, fault) for what, (body, fault) in BAD_ANSWERS.items()}
    valid_answers = {"a cube": Valid(REQUEST, CUBE, rows=3)}
