"""e-Stat: pages, objects that are lists, signs, empty successes and errors with HTTP 200."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tasks.contract.service import Selection
from tasks.load.outcome import Outcome
from tasks.sources.jpn_estat import SOURCE
from tests.support.answers import answer_to
from tests.support.loading import adopt_files, load_pending
from tests.support.source_contract import BadRow, Refused, ServiceContract, Specimen, Valid
from warehouse.errors import (
    CutAtLimit,
    EntrepotError,
    ErrorInBody,
    LayoutChanged,
    NotData,
    RepeatedKeys,
    ServiceRefused,
)
from warehouse.settings import Home, Settings

Load = Callable[..., Outcome]

NOTES = [
    {"@char": "***", "$": "当該属性での集計なし"}, {"@char": "-", "$": "当該数値が皆無"},
    {"@char": "...", "$": "当該属性の標本数が皆無又は標本数10未満"}, {"@char": "X", "$": "数値が秘匿されているもの"},
]  # fmt: skip


def value(area: str, figure: str, **changes: str) -> dict[str, str]:
    cell = {"tab": "00001", "cat01": "A1101", "area": area, "time": "2015100000", "unit": "人"} | changes
    return {f"@{k}": v for k, v in cell.items()} | {"$": figure}


def body(values: Any, status: int = 0, notes: Any = NOTES, table: str = "0000010101", **told: int) -> str:
    count = len(values) if isinstance(values, list) else 1
    inf = {"TOTAL_NUMBER": count, "FROM_NUMBER": 1, "TO_NUMBER": count} | told
    return json.dumps({"GET_STATS_DATA": {
        "RESULT": {"STATUS": status, "ERROR_MSG": "words"},
        "STATISTICAL_DATA": {
            "RESULT_INF": inf,
            "TABLE_INF": {"@id": table, "STATISTICS_NAME": "都道府県データ", "TITLE": {"@no": "1", "$": "人口・世帯"}, "UPDATED_DATE": "2024-02-09"},
            "CLASS_INF": {"CLASS_OBJ": {"@id": "cat01", "@name": "人口", "CLASS": {"@code": "A1101", "@name": "総人口"}}},
            "DATA_INF": {"NOTE": notes, "VALUE": values},
        },
    }})  # fmt: skip


@pytest.fixture
def load(warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path) -> Load:
    def loading(text: str) -> Outcome:
        path = tmp_path / "answer.json"
        path.write_text(text)
        assert adopt_files(home, path)["answer.json"].source == "jpn.estat"
        (outcome,) = load_pending(warehouse, home, settings, "jpn.estat")
        return outcome

    return loading


COLUMNS = "place, indicator, unit, freq, period, value, obs_status, published_on::VARCHAR"


def shown(con: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    return con.execute(
        f"SELECT {COLUMNS} FROM mart.indicator_figures WHERE source = 'jpn.estat' ORDER BY ALL"
    ).fetchall()


def test_prefectures_and_signs(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    cells = [
        value("00000", "127,094,745"),
        value("01000", "***"),
        value("13000", "-"),
        value("26000", "..."),
        value("47000", "X"),
    ]
    outcome = load(body(cells))
    assert (outcome.fault, outcome.rows_in, outcome.rows_quarantined) == (None, 5, 0)
    fixed = ("population", "persons", "A", "2015")
    assert [(*r[:5], r[5] if r[5] is None else int(r[5]), *r[6:]) for r in shown(warehouse)] == [
        ("JP-01", *fixed, None, "L", "2024-02-09"),
        ("JP-13", *fixed, 0, "A", "2024-02-09"),
        ("JP-26", *fixed, None, "Q", "2024-02-09"),
        ("JP-47", *fixed, None, "Q", "2024-02-09"),
        ("JPN", *fixed, 127094745, "A", "2024-02-09"),
    ]
    note = warehouse.execute("SELECT note FROM meta.citations WHERE note LIKE '%printed as -%'").fetchall()
    assert note == [("総人口; printed as -: 当該数値が皆無",)]


def test_one_value_is_an_object(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    assert load(body(value("01000", "5381733"), notes=NOTES[0])).rows_accepted == 1
    assert len(shown(warehouse)) == 1


def test_what_is_no_figure_of_ours_is_quarantined(load: Load) -> None:
    good = [value(f"{n:02d}000", "1") for n in range(1, 48)]
    bad = {
        "area_code": value("01100", "1952356"),  # Sapporo
        "figure": value("00000", "12a"),
        "obs_status": value("00000", "-", time="2016100000"),
        "indicator": value("00000", "1", cat01="A1102"),
        "mapped_unit": value("00000", "1", unit="千人", time="2018100000"),
        "freq": value("00000", "1", time="2015100103"),
    }
    outcome = load(body([*good, *bad.values()], notes=None))
    assert outcome.fault is None
    rules = {json.loads(r.raw)["printed_figure"] + r.rules for r in outcome.quarantined}
    assert len(outcome.quarantined) == len(bad)
    for column in (
        "area_code: stands in",
        "obs_status: not_null",
        "dimensions: stands in the list of cells",
        "mapped_unit: the cell is printed",
        "freq: not_null",
    ):
        assert any(column in r for r in rules), (column, rules)


def test_requests_and_pages(tmp_path: Path) -> None:
    requests = list(SOURCE.requests(Selection(2015, 2016)))
    population = requests[0]
    assert dict(population.parameters)["statsDataId"] == "0000010101"
    assert (dict(population.parameters)["cdTab"], dict(population.parameters)["cdCat01"]) == ("00001", "A1101")
    assert "appId" not in dict(population.parameters)
    page = SOURCE.judge(
        population, answer_to(tmp_path, population, body([value("00000", "1")], TOTAL_NUMBER=3, NEXT_KEY=2))
    )
    assert (page.rows, page.stamp) == (1, "2024-02-09")
    (following,) = page.following
    assert dict(following.parameters) == dict(population.parameters) | {"startPosition": "2"}
    last = SOURCE.judge(
        following,
        answer_to(tmp_path, following, body([value("01000", "1")] * 1, TOTAL_NUMBER=2, FROM_NUMBER=2, TO_NUMBER=2)),
    )
    assert last.following == ()


def test_an_empty_success_is_no_error(tmp_path: Path) -> None:
    (request, *_) = SOURCE.requests(Selection(2015, 2016))
    empty = {"GET_STATS_DATA": {"RESULT": {"STATUS": 1, "ERROR_MSG": "正常に終了しましたが、該当データはありませんでした。"}, "STATISTICAL_DATA": {"RESULT_INF": ""}}}  # fmt: skip
    judged = SOURCE.judge(request, answer_to(tmp_path, request, json.dumps(empty)))
    assert (judged.rows, judged.is_kept) == (0, False)


FAULTS: list[tuple[str, type[EntrepotError]]] = [
    ("<html>maintenance</html>", NotData),
    (body([value("00000", "1")])[:-5], NotData),
    ('{"GET_STATS_LIST": {}}', LayoutChanged),
    (body([value("00000", "1")], status=100), ServiceRefused),
    (body([value("00000", "1")], status=300), ErrorInBody),
    (body([value("00000", "1")], status=2), ErrorInBody),
    (body([value("00000", "1")], TO_NUMBER=2), NotData),
    (body([value("00000", "1")], TOTAL_NUMBER=2), CutAtLimit),
    (body([value("00000", "1")] * 2), RepeatedKeys),
]


@pytest.mark.parametrize(
    "text", ['{"GET_STATS_DATA": {"RESULT": {"STATUS": 0}}}', '{"GET_STATS_DATA": []}', '{"GET_STATS_DATA": ']
)
def test_answers_with_another_structure_are_refused_with_a_message(home: Home, tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text)
    found = adopt_files(home, tmp_path / "a.json")["a.json"]
    assert (found.source, "a.json" in found.message) == (None, True)


@pytest.mark.parametrize("first", ["2024-02-09", "2025-02-14"])
def test_updates_in_either_order_give_one_history(load: Load, warehouse: duckdb.DuckDBPyConnection, first: str) -> None:
    updates = {"2024-02-09": "5381733", "2025-02-14": "5381734"}
    for day in sorted(updates, key=lambda d: d != first):
        load(body([value("01000", updates[day])]).replace("2024-02-09", day))
    versions = warehouse.execute(
        "SELECT value::BIGINT, published_on::VARCHAR FROM core.indicator_versions WHERE source = 'jpn.estat' ORDER BY ALL"
    ).fetchall()
    assert versions == [(5381733, "2024-02-09"), (5381734, "2025-02-14")]
    assert [int(r[5]) for r in shown(warehouse)] == [5381734]


REQUEST = next(SOURCE.requests(Selection(2015, 2016)))
GOOD = [value("00000", "127,094,745"), value("01000", "5,381,733")]


class TestContract(ServiceContract):
    source = SOURCE
    specimen = Specimen("answer.json", body(GOOD), rows=2)
    golden = {
        "SELECT place, indicator, period, value FROM mart.indicator_figures ORDER BY place": [
            ("JP-01", "population", "2015", 5381733), ("JPN", "population", "2015", 127094745),
        ],
    }  # fmt: skip
    bad_row = BadRow(body([*GOOD, value("01100", "1952356")]), rule="area_code: stands in")  # Sapporo
    changed_layouts = {
        "a list of tables": (json.dumps({"GET_STATS_LIST": {}}), "has no figures"),
    }
    refused_answers = {
        f"{n}: {fault.__name__}": Refused(REQUEST, text, fault) for n, (text, fault) in enumerate(FAULTS)
    }
    valid_answers = {"two places": Valid(REQUEST, body(GOOD), rows=2)}
