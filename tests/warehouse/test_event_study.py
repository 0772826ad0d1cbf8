"""The study of events over provinces: the effect and its placebos against numbers worked out here, and what is said where nothing can be."""

from collections.abc import Iterator
from math import log
from typing import Any

import duckdb
import pytest

from schemas import topics
from warehouse import sql
from warehouse.connection import reader
from warehouse.settings import Home

TOPIC = "goods_trade_total_usd"
#: What five provinces traded in 2016 to 2020: one that received a visit in 2018, three that grew alike, one of which a year is missing.
TRADED: dict[str, list[int | None]] = {
    "CN-LN": [100, 100, 100, 200, 200],
    "CN-JL": [100, 100, 100, 110, 110],
    "CN-HL": [100, 100, 100, 120, 120],
    "CN-GD": [100, 100, 100, 130, 130],
    "CN-SH": [100, None, 100, 900, 900],
}


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database with the provinces and their trade, and one visit to Liaoning in 2018."""
    con = duckdb.connect()
    con.execute("CREATE SCHEMA core; CREATE SCHEMA mart; CREATE SCHEMA ref")
    con.execute("CREATE TABLE ref.place (place TEXT, name TEXT, kind TEXT, parent TEXT)")
    con.execute("CREATE TABLE core.topic_value (topic TEXT, place TEXT, year INTEGER, value DOUBLE, dataset TEXT)")
    for place, values in TRADED.items():
        con.execute("INSERT INTO ref.place VALUES ($1, $1, 'province', 'CHN')", [place])
        for year, value in enumerate(values, 2016):
            con.execute("INSERT INTO core.topic_value VALUES (?, ?, ?, ?, 'customs')", [TOPIC, place, year, value])
    con.execute("CREATE TABLE core.province_event AS SELECT 'delegation' AS event, 'CN-LN' AS place, 2018 AS year")
    con.execute("CREATE TABLE mart.visits AS SELECT 'delegation' AS event, 'visit' AS kind")
    con.execute("CREATE TABLE mart.milestones (milestone TEXT, kind TEXT, places TEXT, year INTEGER)")
    yield con
    con.close()


def study(con: duckdb.DuckDBPyConnection, place: str = "CN-LN") -> dict[str, Any]:
    """The row of the visit, by column."""
    con.execute(sql.render("readings/47_event_study.sql", topics=topics, stored=lambda name: f"CREATE OR REPLACE VIEW {name}"))  # fmt: skip
    result = con.execute("FROM mart.event_study WHERE topic = ? AND place = ?", [TOPIC, place])
    names = [column[0] for column in result.description]
    (row,) = result.fetchall()
    return dict(zip(names, row, strict=True))


def test_the_effect_is_the_change_less_that_of_the_others(con: duckdb.DuckDBPyConnection) -> None:
    row = study(con)
    others = [log(1.1), log(1.2), log(1.3)]
    assert (row["value_before_usd"], row["value_after_usd"], row["others"]) == (100, 200, 3)
    assert row["change_log"] == pytest.approx(log(2))
    assert row["others_change_log"] == pytest.approx(sum(others) / 3)
    assert row["effect_log"] == pytest.approx(log(2) - sum(others) / 3)


def test_the_case_is_ranked_among_placebos(con: duckdb.DuckDBPyConnection) -> None:
    row = study(con)
    assert (row["placebos"], row["placebos_as_large"], row["placebo_share"]) == (3, 0, 0.25)
    assert row["caution"].startswith("One case: of 3 other provinces and years without such an event, 0 moved as far")
    assert "proves no cause" in row["caution"]


def test_a_province_with_such_an_event_is_none_of_the_others(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("INSERT INTO core.province_event VALUES ('second', 'CN-GD', 2020)")
    con.execute("INSERT INTO mart.visits VALUES ('second', 'visit')")
    row = study(con)
    assert (row["others"], row["placebos"]) == (2, 2)
    assert row["others_change_log"] == pytest.approx((log(1.1) + log(1.2)) / 2)


def test_an_opening_is_studied_in_each_of_its_provinces(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("INSERT INTO mart.milestones VALUES ('high_speed_rail:a', 'high_speed_rail', 'CN-JL;CN-HL', 2018)")
    row = study(con, "CN-JL")
    assert row["studied_event"] == "high_speed_rail:a"
    assert row["others"] == 2  # Liaoning and Guangdong: of Shanghai a year is missing
    assert row["other_events"] == 0


def test_a_missing_year_is_said_and_nothing_is_worked_out(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("UPDATE core.province_event SET place = 'CN-SH'")
    row = study(con, "CN-SH")
    assert (row["effect_log"], row["placebo_share"]) == (None, None)
    assert row["why_not"] == "no figure above zero in each of the two years before and after"
    assert row["caution"] == f"Nothing can be said: {row['why_not']}."


def test_years_of_several_datasets_are_marked(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("UPDATE core.topic_value SET dataset = 'press' WHERE place = 'CN-LN' AND year > 2018")
    row = study(con)
    assert row["spans_datasets"]
    assert "several datasets" in row["caution"]


def test_other_events_of_the_province_are_counted(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("INSERT INTO core.province_event VALUES ('forum', 'CN-LN', 2019)")
    con.execute("INSERT INTO mart.visits VALUES ('forum', 'forum')")
    con.execute("INSERT INTO mart.milestones VALUES ('high_speed_rail:a', 'high_speed_rail', 'CN-LN', 2021)")
    con.execute(sql.render("readings/47_event_study.sql", topics=topics, stored=lambda name: f"CREATE OR REPLACE VIEW {name}"))  # fmt: skip
    query = "SELECT other_events, caution FROM mart.event_study WHERE studied_event = 'delegation' AND topic = ?"
    ((events, caution),) = con.execute(query, [TOPIC]).fetchall()
    assert events == 1
    assert caution.endswith("Other events of the province fall in the same five years: 1.")


def test_every_bundled_event_is_studied_or_says_why_not(bundled: Home) -> None:
    with reader(bundled) as con:
        query = (
            "SELECT count(*) FROM event_study WHERE (effect_log IS NULL) <> (why_not IS NOT NULL) OR caution IS NULL"
        )
        assert con.execute(query).fetchall() == [(0,)]
        events = con.execute("SELECT count(DISTINCT studied_event) FROM event_study WHERE effect_log IS NOT NULL").fetchone()  # fmt: skip
        assert events is not None
        assert events[0] > 10
