"""Recorded answers of e-Stat: what is loaded, and what is not and why. Needs ../shared."""

from decimal import Decimal
from pathlib import Path

import duckdb
import japan

from tasks.service import Ask
from tasks.sources.jpn_estat import SOURCE as ESTAT
from warehouse.settings import Home, Settings

NOT_LOADED = {
    "README.md": "no source knows its content",
    "getDataCatalog.json": "lists data sets and has no figures",
    "getMetaInfo.json": "describes a table and has no figures",
    "getStatsList.json": "lists tables and has no figures",
}


def test_estat(shared: Path, warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings) -> None:
    found = japan.adopted(home, shared / "regional/estat_api_responses")
    assert {name: a.source for name, a in found.items() if a.source} == {"getStatsData.json": "jpn.estat"}
    for name, why in NOT_LOADED.items():
        assert why in found[name].told
    (outcome,) = japan.load(warehouse, home, settings, "jpn.estat")
    assert (outcome.fault, outcome.rows_in, outcome.rows_quarantined) == (None, 3, 0)
    rows = warehouse.execute(
        "SELECT place, period, value, unit, published_on::VARCHAR FROM mart.indicator WHERE source = 'jpn.estat' ORDER BY place DESC"
    ).fetchall()
    # 9782, 440 and 82 thousand persons.
    assert rows == [
        ("JPN", "2011", Decimal(9782000), "persons", "2012-07-13"),
        ("JP-02", "2011", Decimal(82000), "persons", "2012-07-13"),
        ("JP-01", "2011", Decimal(440000), "persons", "2012-07-13"),
    ]


def test_the_recorded_page_of_estat_leads_to_the_next(shared: Path) -> None:
    (*_, request) = ESTAT.requests(Ask(2011, 2011))
    judged = ESTAT.judge(request, japan.sniff(shared / "regional/estat_api_responses/getStatsData.json"))
    assert (judged.rows, judged.stamp) == (3, "2012-07-13")
    assert [dict(r.parameters)["startPosition"] for r in judged.following] == ["4"]
