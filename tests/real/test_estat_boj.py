"""Recorded answers of e-Stat and of the Bank of Japan: what is loaded, and what is not and why. Needs ../shared."""

import json
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tasks.archive.sniff import sniff
from tasks.contract.service import Request, Selection
from tasks.sources.jpn_boj import SOURCE as BOJ
from tasks.sources.jpn_estat import SOURCE as ESTAT
from tests.support.loading import adopt_files, by_file, load_pending
from warehouse.errors import ErrorInBody
from warehouse.settings import Home, Settings

#: Deposits by kind of depositor: no figure of trade, investment or exchange, so nobody has named their series. The pages are judged below.
UNNAMED = ("get_data_layer_page1.json", "get_data_layer_page2.json")
NOT_LOADED = {
    "README.md": "no source recognises its content",
    "getDataCatalog.json": "lists data sets and has no figures",
    "getMetaInfo.json": "describes a table and has no figures",
    "getStatsList.json": "lists tables and has no figures",
}
BOJ_NOT_LOADED = {
    "README.md": "no source recognises its content",
    "error_missing_db_http400.json": "M181004E",
    "get_data_code_no_data_m181030i.json": "M181030I",
    "get_metadata_success.json": "describes series and has no figures",
}


def test_estat(shared: Path, warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings) -> None:
    found = adopt_files(home, shared / "regional/estat_api_responses")
    assert {name: a.source for name, a in found.items() if a.source} == {"getStatsData.json": "jpn.estat"}
    for name, why in NOT_LOADED.items():
        assert why in found[name].message
    (outcome,) = load_pending(warehouse, home, settings, "jpn.estat")
    assert (outcome.fault, outcome.rows_in, outcome.rows_quarantined) == (None, 3, 0)
    rows = warehouse.execute(
        "SELECT place, period, value, unit, published_on::VARCHAR FROM mart.indicator_figures WHERE source = 'jpn.estat' ORDER BY place DESC"
    ).fetchall()
    # 9782, 440 and 82 thousand persons.
    assert rows == [
        ("JPN", "2011", Decimal(9782000), "persons", "2012-07-13"),
        ("JP-02", "2011", Decimal(82000), "persons", "2012-07-13"),
        ("JP-01", "2011", Decimal(440000), "persons", "2012-07-13"),
    ]


def test_the_recorded_page_of_estat_leads_to_the_next(shared: Path) -> None:
    (*_, request) = ESTAT.requests(Selection(2011, 2011))
    judged = ESTAT.judge(request, sniff(shared / "regional/estat_api_responses/getStatsData.json"))
    assert (judged.rows, judged.stamp) == (3, "2012-07-13")
    assert [dict(r.parameters)["startPosition"] for r in judged.following] == ["4"]


def test_boj(shared: Path, warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings) -> None:
    found = adopt_files(home, shared / "regional/boj_api_responses")
    assert {name for name, a in found.items() if a.source == "jpn.boj"} == {"get_data_code_success.json", *UNNAMED}
    for name, why in BOJ_NOT_LOADED.items():
        assert why in found[name].message
    assert set(found) == {*BOJ_NOT_LOADED, *UNNAMED, "get_data_code_success.json"}
    outcomes = by_file(load_pending(warehouse, home, settings, "jpn.boj"))
    for name in UNNAMED:
        assert "series_code: stands in the list of series" in str(outcomes[name].fault)
    outcome = outcomes["get_data_code_success.json"]
    assert (outcome.fault, outcome.rows_in, outcome.rows_quarantined) == (None, 16, 0)
    rows = warehouse.execute(
        "SELECT indicator, list(value::INTEGER ORDER BY period), min(period), max(period), any_value(published_on)::VARCHAR "
        "FROM mart.indicator_figures WHERE source = 'jpn.boj' GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    span = ("2024-Q1", "2025-Q4", "2025-12-16")
    assert rows == [
        ("business_conditions_manufacturing", [11, 13, 13, 14, 12, 13, 14, 15], *span),
        ("business_conditions_non_manufacturing", [34, 33, 34, 33, 35, 34, 34, 34], *span),
    ]


def test_the_recorded_pages_of_the_bank_of_japan_lead_to_the_next(shared: Path) -> None:
    folder = shared / "regional/boj_api_responses"
    listed = [json.loads((folder / name).read_text(encoding="utf-8"))["RESULTSET"] for name in UNNAMED]
    codes = ",".join(series["SERIES_CODE"] for page in listed for series in page)
    request = Request("/getDataLayer", "boj_1.json", (("code", codes), ("startPosition", "1")))
    first = BOJ.judge(request, sniff(folder / "get_data_layer_page1.json"))
    assert (first.rows, [dict(r.parameters)["startPosition"] for r in first.following]) == (26452, ["255"])
    second = BOJ.judge(first.following[0], sniff(folder / "get_data_layer_page2.json"))
    assert [dict(r.parameters)["startPosition"] for r in second.following] == ["507"]


def test_the_recorded_errors_of_the_bank_of_japan(shared: Path) -> None:
    folder = shared / "regional/boj_api_responses"
    request = Request("/getDataCode", "boj_1.json")
    assert BOJ.judge(request, sniff(folder / "get_data_code_no_data_m181030i.json")).is_kept is False
    with pytest.raises(ErrorInBody, match="no database is named"):
        BOJ.judge(request, sniff(folder / "error_missing_db_http400.json"))
