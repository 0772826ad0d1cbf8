"""The Bank of Japan: dates that are quarters, pages by position, errors by message, and direct investment in yen."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tasks.contract.service import Selection
from tasks.sources.jpn_boj import SOURCE
from tests.support.answers import answer_to
from tests.support.loading import adopt_files, load_pending
from tests.support.source_contract import BadRow, Refused, ServiceContract, Specimen, Valid
from tests.support.workbooks import workbook
from warehouse.errors import CutAtLimit, EntrepotError, ErrorInBody, LayoutChanged, NotData, RepeatedKeys, Unreachable
from warehouse.settings import Home, Settings


def series(code: str, values: dict[int, Any], **changes: Any) -> dict[str, Any]:
    told = {
        "SERIES_CODE": code, "NAME_OF_TIME_SERIES": "US.Dollar/Yen Spot Rate", "UNIT": "Yen per U.S. Dollar", "FREQUENCY": "MONTHLY",
        "CATEGORY": "Foreign Exchange Rates", "LAST_UPDATE": 20260204,
    }  # fmt: skip
    return told | changes | {"VALUES": {"SURVEY_DATES": list(values), "VALUES": list(values.values())}}


def body(*found: dict[str, Any], db: str = "FM08", **changes: Any) -> str:
    return json.dumps({
        "STATUS": 200, "MESSAGEID": "M181000I", "MESSAGE": "Successfully completed", "DATE": "2026-02-19T9:00:06.669+09:00",
        "PARAMETER": {"FORMAT": "JSON", "LANG": "EN", "DB": db}, "NEXTPOSITION": None, "RESULTSET": list(found),
    } | changes)  # fmt: skip


RATES = series("FXERM07", {202404: 153.61, 202405: None, 202406: 158})


def loaded(con: duckdb.DuckDBPyConnection, home: Home, settings: Settings, path: Path) -> Any:
    assert adopt_files(home, path)[path.name].source == "jpn.boj"
    (outcome,) = load_pending(con, home, settings, "jpn.boj")
    return outcome


def test_months_and_nulls(warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(body(RATES, series("FXERM06", {202404: 156.9}), db="fm08"))
    outcome = loaded(warehouse, home, settings, path)
    assert (outcome.fault, outcome.rows_in, outcome.rows_quarantined) == (None, 3, 0)
    rows = warehouse.execute(
        "SELECT indicator, unit, freq, period, value, published_on::VARCHAR FROM mart.indicator_figures WHERE source = 'jpn.boj' ORDER BY ALL"
    ).fetchall()
    assert rows == [
        ("exchange_rate_avg", "JPY per USD", "M", "2024-04", Decimal("153.61"), "2026-02-04"),
        ("exchange_rate_avg", "JPY per USD", "M", "2024-06", Decimal(158), "2026-02-04"),
        ("exchange_rate_eop", "JPY per USD", "M", "2024-04", Decimal("156.9"), "2026-02-04"),
    ]


def test_the_fourth_quarter_is_not_april(
    warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "a.json"
    tankan = series("TK99F1000601GCQ01000", {202401: 11, 202404: 14}, FREQUENCY="QUARTERLY", LAST_UPDATE=20251216)
    tankan = {
        k.replace("NAME_OF_TIME_SERIES", "NAME_OF_TIME_SERIES_J"): v for k, v in tankan.items() if k != "UNIT"
    } | {"UNIT_J": "%ポイント"}
    path.write_text(body(tankan, db="CO"))
    assert loaded(warehouse, home, settings, path).fault is None
    assert warehouse.execute("SELECT period, value, unit FROM mart.indicator_figures WHERE source = 'jpn.boj' ORDER BY ALL").fetchall() == [
        ("2024-Q1", Decimal(11), "percentage points"), ("2024-Q4", Decimal(14), "percentage points"),
    ]  # fmt: skip


def test_what_is_not_kept_is_quarantined(
    warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path
) -> None:
    good = series("FXERM07", {int(f"{y}{m:02d}"): 100.5 for y in range(2000, 2024) for m in range(1, 13)})
    bad = [
        series("FXERM99", {202401: 1}), series("FXERM06", {202401: 1}, UNIT="Yen per Euro"), series("FXERM06", {20240105: 1}),
        series("FXERM06", {202413: 1}), series("FXERM06", {202402: "NA"}), series("FXERM06", {202403: 0}),
    ]  # fmt: skip
    path = tmp_path / "a.json"
    path.write_text(body(good, *bad))
    outcome = loaded(warehouse, home, settings, path)
    assert (outcome.fault, outcome.rows_accepted) == (None, 288)
    rules = [r.rules.split(": ")[0].split(" not")[0] for r in outcome.quarantined]
    assert rules == [
        "series_code",
        "mapped_unit",
        "freq",
        "freq",
        "figure",
        "an exchange rate is more than zero; persons and kilometres are",
    ]


def test_requests_and_pages(tmp_path: Path) -> None:
    requests = {dict(r.parameters)["db"]: r for r in SOURCE.requests(Selection(2015, 2024))}
    assert sorted(requests) == ["BP01", "CO", "FM08"]
    rates = dict(requests["FM08"].parameters)
    assert (rates["code"], rates["startDate"], rates["endDate"]) == ("FXERM06,FXERM07", "201501", "202412")
    assert dict(requests["CO"].parameters)["endDate"] == "202404"
    request = requests["FM08"]
    page = SOURCE.judge(request, answer_to(tmp_path, request, body(RATES, NEXTPOSITION=255)))
    assert (page.rows, page.stamp) == (2, "2026-02-04")
    (second,) = page.following
    assert dict(second.parameters) == rates | {"startPosition": "255"}
    assert second.filename != request.filename
    (third,) = SOURCE.judge(second, answer_to(tmp_path, second, body(RATES, NEXTPOSITION=507))).following
    assert dict(third.parameters)["startPosition"] == "507"
    with pytest.raises(CutAtLimit, match="starts at 507"):
        SOURCE.judge(third, answer_to(tmp_path, third, body(RATES, NEXTPOSITION=507)))
    empty = SOURCE.judge(request, answer_to(tmp_path, request, body(MESSAGEID="M181030I")))
    assert (empty.rows, empty.is_kept) == (0, False)


MANY = dict.fromkeys(range(60000), 1)
FAULTS: list[tuple[str, type[EntrepotError], str]] = [
    ("<html></html>", NotData, "expected JSON"),
    (body(RATES)[:-9], NotData, "expected JSON"),
    ('{"series": []}', LayoutChanged, "no STATUS"),
    (body(STATUS=400, MESSAGEID="M181013E"), ErrorInBody, "no such series"),
    (body(STATUS=400, MESSAGEID="M181099E", MESSAGE="something"), ErrorInBody, "something"),
    (body(MESSAGEID="M181005E"), ErrorInBody, "no such database"),
    (body(STATUS=503, MESSAGEID="M181091S"), Unreachable, "not available"),
    (body(RATES, RATES), RepeatedKeys, "twice"),
    (body(series("FXERM07", MANY)), CutAtLimit, "60000 values"),
    (body(RATES | {"VALUES": {"SURVEY_DATES": [202401], "VALUES": []}}), LayoutChanged, "1 dates and 0 values"),
]


def sheet(title: str, unit: str = "(100 million yen)") -> list[list[str | float | None]]:
    return [
        [title], [None, unit], [None, None, "Total", "Manufacturing (total)", "Food"], ["Asia", None, 41234, 12000, -5],
        [None, "P.R.China", 9035, 6000.5, "X"], [None, "Others", 3, "-", None], ["Total", None, 250000, 100000, 7],
        ["Note: directional principle."], ['"X" indicates that the figure is not disclosed'], ['"-" denotes no transaction'],
    ]  # fmt: skip


def test_direct_investment_in_yen(
    warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path
) -> None:
    flows = workbook(tmp_path / "dif24cy.xlsx", {
        "Outward": sheet("Outward Direct Investment by Region and Industry, flows, 2024"),
        "Inward": sheet("Inward Direct Investment by Region and Industry, flows, 2024"), "Notes": [["other"]],
    })  # fmt: skip
    outcome = loaded(warehouse, home, settings, flows)
    assert (outcome.fault, outcome.rows_in, outcome.rows_quarantined) == (None, 22, 0)
    columns = "concept, accounting, principle, counterpart, industry, period, value, currency, obs_status"
    rows = warehouse.execute(
        f"SELECT {columns} FROM mart.fdi_figures WHERE source = 'jpn.boj' AND direction = 'outward' ORDER BY ALL"
    ).fetchall()
    fixed = ("bop", "flow", "directional")
    assert ("CHN", "TOTAL") in {r[3:5] for r in rows}
    assert [r for r in rows if r[3] == "CHN"] == [
        (*fixed, "CHN", "Food", "2024", None, "JPY", "Q"),
        (*fixed, "CHN", "Manufacturing (total)", "2024", Decimal("600050000000"), "JPY", "A"),
        (*fixed, "CHN", "TOTAL", "2024", Decimal("903500000000"), "JPY", "A"),
    ]
    assert [(r[4], r[6]) for r in rows if r[3] == "_JPN_ASIA_OTHERS"] == [
        ("Manufacturing (total)", Decimal(0)),
        ("TOTAL", Decimal(300000000)),
    ]


def test_workbooks_that_moved_on(home: Home, tmp_path: Path) -> None:
    wrong: dict[str, list[list[str | float | None]]] = {
        "neither flows nor positions": sheet("Outward Direct Investment, 2024"),
        "no year, or several": sheet("Outward Direct Investment, flows, 2023-2024"),
        "no row of industries": [["Outward flows 2024, 100 million yen"], ["Asia", 1.0]],
        "does not say its unit": sheet("Outward Direct Investment, flows, 2024", "(yen)"),
    }
    for n, (told, rows) in enumerate(wrong.items()):
        path = workbook(tmp_path / f"{n}.xlsx", {"Outward": rows})
        assert told in adopt_files(home, path)[path.name].message


def test_positions_are_another_dataset(
    warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path
) -> None:
    path = workbook(
        tmp_path / "dip2024.xlsx", {"対外": sheet("Outward Direct Investment Position (end of 2024)", "（億円）")}
    )
    assert loaded(warehouse, home, settings, path).fault is None
    found = warehouse.execute(
        "SELECT DISTINCT dataset, concept, accounting FROM core.fdi_versions WHERE source = 'jpn.boj'"
    ).fetchall()
    assert found == [("jpn.boj.direct_investment.position", "direct_investment_position", "position")]


@pytest.mark.parametrize(
    "text", [body(RATES, RESULTSET=[{}]), body(PARAMETER=None), '{"STATUS": 200, "MESSAGEID": "M181000I"']
)
def test_answers_with_another_structure_are_refused_with_a_message(home: Home, tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text)
    found = adopt_files(home, tmp_path / "a.json")["a.json"]
    assert (found.source, "a.json" in found.message) == (None, True)


@pytest.mark.parametrize("first", [20260204, 20260304])
def test_updates_in_either_order_give_one_history(
    warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path, first: int
) -> None:
    updates = {20260204: 153.61, 20260304: 153.62}
    for day in sorted(updates, key=lambda d: d != first):
        path = tmp_path / f"{day}.json"
        path.write_text(body(series("FXERM07", {202404: updates[day]}, LAST_UPDATE=day)))
        loaded(warehouse, home, settings, path)
    found = warehouse.execute("SELECT value FROM core.indicator_versions WHERE source = 'jpn.boj' ORDER BY ALL")
    assert found.fetchall() == [(Decimal("153.61"),), (Decimal("153.62"),)]
    current = warehouse.execute("SELECT value FROM mart.indicator_figures WHERE source = 'jpn.boj'")
    assert current.fetchall() == [(Decimal("153.62"),)]


REQUEST = next(r for r in SOURCE.requests(Selection(2015, 2024)) if ("db", "FM08") in r.parameters)


class TestContract(ServiceContract):
    source = SOURCE
    specimen = Specimen("fm08.json", body(RATES), rows=2)
    golden = {
        "SELECT indicator, unit, period, value FROM mart.indicator_figures ORDER BY period": [
            ("exchange_rate_avg", "JPY per USD", "2024-04", Decimal("153.61")),
            ("exchange_rate_avg", "JPY per USD", "2024-06", Decimal(158)),
        ],
    }  # fmt: skip
    bad_row = BadRow(body(series("FXERM07", {202404: 153.61, 202405: "x"})), rule="figure: str_matches")
    changed_layouts = {
        "an error": (json.dumps({"STATUS": 400, "MESSAGEID": "M181004E", "MESSAGE": "DBが指定されていません。"}), "M181004E"),
        "no data": (body(MESSAGEID="M181030I"), "M181030I"),
        "a list of series": (json.dumps({"STATUS": 200, "MESSAGEID": "M181000I", "DB": "FM08", "RESULTSET": []}), "describes series"),
    }  # fmt: skip
    refused_answers = {words: Refused(REQUEST, text, fault, words) for text, fault, words in FAULTS}
    valid_answers = {
        "two months": Valid(REQUEST, body(RATES), rows=2),
        "no data": Valid(REQUEST, body(MESSAGEID="M181030I"), rows=0),
    }
