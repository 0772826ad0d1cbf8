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
    con.execute("CREATE TABLE mart.visits (event TEXT, kind TEXT, started_on DATE, place TEXT, held_in TEXT)")
    visit(con, "delegation", "CN-LN")
    con.execute("CREATE TABLE mart.milestones (milestone TEXT, kind TEXT, places TEXT, year INTEGER)")
    yield con
    con.close()


def visit(con: duckdb.DuckDBPyConnection, event: str, place: str, day: str = "2018-05-09", kind: str = "visit", held_in: str = "JP-13") -> None:  # fmt: skip
    """Put down an event that a place took part in."""
    con.execute("INSERT INTO mart.visits VALUES (?, ?, ?, ?, ?)", [event, kind, day, place, held_in])


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
    assert row["caution"].startswith(
        "One case: of 3 windows of other provinces without such an event on record, in the same years or in years that do not overlap, 0 moved"
    )
    assert "proves no cause" in row["caution"]


def test_a_province_with_such_an_event_is_none_of_the_others(con: duckdb.DuckDBPyConnection) -> None:
    visit(con, "second", "CN-GD", "2020-08-01", "forum")
    row = study(con)
    assert (row["others"], row["placebos"]) == (2, 2)
    assert row["others_change_log"] == pytest.approx((log(1.1) + log(1.2)) / 2)


def test_an_opening_is_studied_in_each_of_its_provinces(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("INSERT INTO mart.milestones VALUES ('free_trade_zone:a', 'free_trade_zone', 'CN-JL;CN-HL', 2018)")
    row = study(con, "CN-JL")
    assert row["studied_event"] == "free_trade_zone:a"
    assert row["others"] == 2  # Liaoning and Guangdong: of Shanghai a year is missing
    assert row["other_events"] == 0


def test_an_opening_of_a_road_or_line_has_no_effect_since_those_of_other_provinces_are_not_listed(con: duckdb.DuckDBPyConnection) -> None:  # fmt: skip
    con.execute("INSERT INTO mart.milestones VALUES ('high_speed_rail:a', 'high_speed_rail', 'CN-JL;CN-HL', 2018)")
    row = study(con, "CN-JL")
    assert row["change_log"] == pytest.approx(log(1.1))
    assert (row["others"], row["effect_log"], row["placebos"]) == (None, None, None)
    assert row["why_not"].startswith("openings of roads and lines of other provinces are not listed")


def test_the_openings_of_a_kind_in_a_province_and_year_are_one_case(con: duckdb.DuckDBPyConnection) -> None:
    for name, year in (("b", 2018), ("a", 2018), ("c", 2019)):
        con.execute("INSERT INTO mart.milestones VALUES ($1, 'expressway', 'CN-JL', $2)", [f"expressway:{name}", year])
    con.execute(sql.render("readings/47_event_study.sql", topics=topics, stored=lambda name: f"CREATE OR REPLACE VIEW {name}"))  # fmt: skip
    query = "SELECT studied_event, events, other_events FROM mart.event_study WHERE topic = ? AND place = 'CN-JL' ORDER BY ALL"
    assert con.execute(query, [TOPIC]).fetchall() == [
        ("expressway:a", "expressway:a;expressway:b", 1), ("expressway:c", "expressway:c", 1),
    ]  # fmt: skip


def test_a_missing_year_is_said_and_nothing_is_worked_out(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("UPDATE mart.visits SET place = 'CN-SH'")
    row = study(con, "CN-SH")
    assert (row["effect_log"], row["placebo_share"]) == (None, None)
    assert row["why_not"] == "no figure above zero in each of the two years before and after"
    assert row["caution"] == f"Nothing can be said: {row['why_not']}."


def test_years_of_several_datasets_are_marked(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("UPDATE core.topic_value SET dataset = 'press' WHERE place = 'CN-LN' AND year > 2018")
    row = study(con)
    assert row["spans_datasets"]
    # What spans two datasets is not set against what does not.
    assert (row["effect_log"], row["why_not"]) == (None, "no other province without such an event on record has like figures of these years")  # fmt: skip
    con.execute("UPDATE core.topic_value SET dataset = 'press' WHERE place IN ('CN-JL', 'CN-HL') AND year > 2018")
    row = study(con)
    assert (row["others"], row["placebos"]) == (2, 2)
    assert "several datasets" in row["caution"]


def test_the_events_of_one_trip_are_one_case(con: duckdb.DuckDBPyConnection) -> None:
    visit(con, "forum", "CN-LN", "2018-05-11", "forum")
    visit(con, "a_meeting", "CN-LN", "2018-05-12", "meeting")
    visit(con, "later", "CN-LN", "2018-08-01")
    con.execute(sql.render("readings/47_event_study.sql", topics=topics, stored=lambda name: f"CREATE OR REPLACE VIEW {name}"))  # fmt: skip
    query = "SELECT studied_event, event_kind, events, other_events FROM mart.event_study WHERE topic = ? ORDER BY ALL"
    assert con.execute(query, [TOPIC]).fetchall() == [
        ("delegation", "visit", "a_meeting;delegation;forum", 1),
        ("later", "visit", "later", 1),
    ]


def test_where_a_forum_is_held_takes_no_part_in_it_and_who_is_visited_does(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("INSERT INTO ref.place VALUES ('JP-13', 'Tokyo', 'prefecture', 'JPN')")
    visit(con, "forum", "CN-LN", "2019-10-01", "forum", "CN-GD")
    visit(con, "governor", "JP-13", "2020-10-01", "visit", "CN-JL")
    con.execute(sql.render("readings/47_event_study.sql", topics=topics, stored=lambda name: f"CREATE OR REPLACE VIEW {name}"))  # fmt: skip
    concerned = con.execute("SELECT DISTINCT studied_event, place FROM mart.event_study ORDER BY ALL").fetchall()
    assert concerned == [("delegation", "CN-LN"), ("forum", "CN-LN"), ("governor", "CN-JL")]


def test_placebos_are_of_other_provinces_and_of_years_that_do_not_overlap(con: duckdb.DuckDBPyConnection) -> None:
    """Five more years of all: windows around 2023 are placebos of 2018, those around 2019 to 2022 and Liaoning's own are not."""
    for place in TRADED:
        for year in range(2021, 2026):
            con.execute("INSERT INTO core.topic_value VALUES (?, ?, ?, 100, 'customs')", [TOPIC, place, year])
    # In 2018 Jilin, Heilongjiang and Guangdong; in 2023 these and Shanghai, but not Liaoning.
    assert study(con)["placebos"] == 3 + 4


def test_other_events_of_the_province_are_counted(con: duckdb.DuckDBPyConnection) -> None:
    visit(con, "forum", "CN-LN", "2019-10-01", "forum")
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
        kinds = "SELECT DISTINCT event_kind FROM event_study WHERE effect_log IS NOT NULL ORDER BY ALL"
        assert {kind for (kind,) in con.execute(kinds).fetchall()}.isdisjoint({"expressway", "high_speed_rail"})


def test_what_the_bundled_figures_have_effects_of_is_what_the_documents_say(bundled: Home) -> None:
    """All trade and the stock of foreign investment; of trade with Japan, and of what is invested in a year, nothing."""
    with reader(bundled) as con:
        query = "SELECT DISTINCT topic FROM event_study WHERE effect_log IS NOT NULL ORDER BY topic"
        assert [topic for (topic,) in con.execute(query).fetchall()] == [
            "exports_by_goods_place_usd", "foreign_investment_registered_usd", "goods_trade_total_by_goods_place_usd", "goods_trade_total_usd",
        ]  # fmt: skip
