"""The Northeast against regions of the coast, of the bundled figures: sums over members, per head, and what is missing."""

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from schemas import topics
from warehouse.connection import reader
from warehouse.settings import Home


@pytest.fixture(scope="module")
def con(bundled: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """A reader of the published file of the bundled figures."""
    with reader(bundled) as opened:
        yield opened


def rows(con: duckdb.DuckDBPyConnection, query: str, *values: Any) -> list[tuple[Any, ...]]:
    """All rows of a query."""
    return con.execute(query, list(values)).fetchall()


def test_every_place_has_a_row_for_every_topic_and_year(con: duckdb.DuckDBPyConnection) -> None:
    ((rows_, places, names, years),) = rows(
        con, "SELECT count(*), count(DISTINCT place), count(DISTINCT topic), count(DISTINCT year) FROM disparity"
    )
    assert (places, names) == (len(topics.PLACES), len(topics.TOPICS))
    assert rows_ == places * names * years


def test_a_value_is_there_or_the_row_says_why_not(con: duckdb.DuckDBPyConnection) -> None:
    query = "SELECT count(*) FROM disparity WHERE (topic_value IS NULL) <> (why_not IS NOT NULL)"
    assert rows(con, query) == [(0,)]
    assert rows(con, "SELECT count(*) > 1000 FROM disparity WHERE topic_value IS NOT NULL") == [(True,)]


def test_companies_are_compared_over_the_provinces_that_are_listed(con: duckdb.DuckDBPyConnection) -> None:
    """Risk Monster's list of 2023: Liaoning 1,958, Shanghai 8,107, Jiangsu 3,898, Guangdong 3,628, Beijing 1,712, Shandong 1,901 companies."""
    query = "SELECT place, topic_value, topic_value_partial, why_not FROM disparity WHERE topic = 'japanese_registered_companies' AND year = 2023"
    actual = {place: row for place, *row in rows(con, query)}
    assert actual["CN-LN"] == [1958, 1958, None]
    assert actual["CN_PEARL_DELTA"] == [3628, 3628, None]
    assert actual["CN_YANGTZE_DELTA"] == [None, 8107 + 3898, "figures of 2 of 3 members"]
    assert actual["CN_BOHAI_RIM"] == [None, 1712 + 1901 + 1958, "figures of 3 of 5 members"]
    assert actual["CN-JL"] == [None, None, "no figure of this topic and year is loaded"]


def test_a_share_of_one_province_alone_is_no_share(con: duckdb.DuckDBPyConnection) -> None:
    query = "SELECT share_of_northeast, northeast_members_with_figure FROM disparity WHERE topic = 'japanese_registered_companies' AND year = 2023 AND place = 'CN-LN'"
    assert rows(con, query) == [(None, 1)]


def test_shares_of_the_three_provinces_add_up_to_one(con: duckdb.DuckDBPyConnection) -> None:
    query = """SELECT topic, year, sum(share_of_northeast) FROM disparity WHERE place IN ('CN-LN', 'CN-JL', 'CN-HL')
        GROUP BY ALL HAVING count(share_of_northeast) > 0"""
    shares = rows(con, query)
    assert len(shares) > 100
    assert all(share == pytest.approx(1) for *_, share in shares)


def test_a_region_is_the_sum_of_its_provinces(con: duckdb.DuckDBPyConnection) -> None:
    query = """SELECT d.year, d.topic_value, sum(p.railway_km)::DOUBLE FROM disparity AS d JOIN ref.place_group AS g ON g.place_group = d.place
        JOIN province_profile AS p ON p.place = g.member AND p.year = d.year WHERE d.topic = 'railway_km' AND d.topic_value IS NOT NULL
        AND d.place IN ('CN_NORTHEAST', 'CN_BOHAI_RIM') GROUP BY ALL"""
    compared = rows(con, query)
    assert len(compared) > 20
    assert all(value == pytest.approx(wanted) for _, value, wanted in compared)


def test_per_head_is_over_the_people_of_members_that_have_a_figure(con: duckdb.DuckDBPyConnection) -> None:
    query = """SELECT d.per_head, p.exports_by_goods_place_usd::DOUBLE / p.population::DOUBLE, d.covered_population_share FROM disparity AS d
        JOIN province_profile AS p USING (place, year) WHERE d.topic = 'exports_by_goods_place_usd' AND d.place = 'CN-JL' AND d.per_head IS NOT NULL"""
    compared = rows(con, query)
    assert len(compared) > 10
    assert all(per_head == pytest.approx(wanted) and covered == 1 for per_head, wanted, covered in compared)


def test_what_is_compared_is_relative_to_the_northeast(con: duckdb.DuckDBPyConnection) -> None:
    itself = (
        "SELECT DISTINCT round(per_head_over_northeast, 9) FROM disparity WHERE place = 'CN_NORTHEAST' AND per_head > 0"
    )
    assert rows(con, f"{itself} AND members_with_figure = 3") == [(1,)]


def test_nothing_is_compared_with_a_northeast_that_lacks_a_province(con: duckdb.DuckDBPyConnection) -> None:
    """Of Japanese companies in 2023 only Liaoning's are known: the Pearl River Delta has 0.6 times Liaoning's, and more than the three."""
    query = "SELECT count(per_head), count(per_head_over_northeast) FROM disparity WHERE northeast.members < 3"
    of_few = (
        "(SELECT topic, year, members_with_figure AS members FROM disparity WHERE place = 'CN_NORTHEAST') AS northeast"
    )
    ((known, compared),) = rows(
        con, query.replace("FROM disparity", f"FROM disparity JOIN {of_few} USING (topic, year)")
    )
    assert known > 10
    assert compared == 0


def test_a_place_has_one_value_of_a_topic_and_year(con: duckdb.DuckDBPyConnection) -> None:
    query = "SELECT topic, place, year FROM core.topic_value GROUP BY ALL HAVING count(*) > 1"
    assert rows(con, query) == []
    assert rows(con, "SELECT count(DISTINCT topic) > 2 FROM core.topic_value WHERE place = 'CN-210200'") == [(True,)]
