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
    query = "SELECT count(*) FROM disparity WHERE (topic_value IS NULL) <> (why_not IS NOT NULL) OR (topic_value IS NULL) <> (value_basis IS NULL)"
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


def test_two_provinces_of_three_are_no_northeast(con: duckdb.DuckDBPyConnection) -> None:
    """Utilised investment of 2013: Jilin 6.76 and Heilongjiang 4.61 billion dollars; Liaoning, the largest, has no figure."""
    query = "SELECT topic_value_partial / 1e9, share_of_northeast FROM disparity WHERE topic = 'fdi_utilised_usd' AND year = 2013 AND place IN ('CN-JL', 'CN_NORTHEAST') ORDER BY place"
    assert rows(con, query) == [(pytest.approx(6.764), None), (pytest.approx(6.764 + 4.61, abs=0.01), None)]


def test_what_is_printed_for_the_region_stands_where_members_have_no_sum(con: duckdb.DuckDBPyConnection) -> None:
    """ERINA Report 125: the Northeast's exports to Japan in 2012, USD 11.23 billion; METI: over 2,100 companies in 2015."""
    query = "SELECT topic, year, topic_value, members_with_figure, datasets FROM disparity WHERE place = 'CN_NORTHEAST' AND value_basis = 'printed for the region' ORDER BY ALL"
    assert rows(con, query) == [
        ("exports_to_japan_by_unknown_basis_usd", 2012, 11.23e9, 0, "erina.report_125"),
        ("japanese_companies_stated", 2012, 1500, 0, "meti_speaker_2012"),
        ("japanese_companies_stated", 2015, 2100, 0, "ministry_of_economy.via_china_org_cn"),
    ]


def test_what_is_of_near_years_has_a_ratio_and_no_share(con: duckdb.DuckDBPyConnection) -> None:
    """Trade with Japan in billion dollars: Liaoning 12.14 (2009), Jilin 3.13 (2011), Dalian 13.24 (2018), Liaoning CNY 98.2 billion (2019)."""
    query = "SELECT place, year, whole, whole_years, share, share_of_known, ratio_of_unlike, why_not FROM northeast_shares WHERE topic = ? ORDER BY ALL"
    known = "figures of 2 of 3 provinces no more than 3 years apart; figures of unlike years: 2009 over CN-JL 2011, CN-LN 2009"
    assert rows(con, query, "trade_with_japan_usd") == [
        ("CN-210200", 2018, "CN-LN", "2019", None, None, pytest.approx(13.24 / (98.2 / 6.9081), rel=1e-3), "figures of unlike years: 2018 over 2019"),
        ("CN-LN", 2009, "CN_NORTHEAST", "CN-JL 2011, CN-LN 2009", None, None, pytest.approx(12.14 / 15.27), known),
    ]  # fmt: skip
    ((*_, ratio, why_not),) = rows(con, query, "exports_to_japan_by_unknown_basis_usd")
    assert (ratio, why_not) == (pytest.approx(7.71 / 11.23), "figures of unlike years: 2009 over 2012")
    (stated,) = rows(con, query, "japanese_companies_stated")  # 4,800 in Dalian and 2,100 in the three provinces
    assert stated[4:7] == (None, None, pytest.approx(4800 / 2100))
    assert stated[7].endswith("more than the whole: two counts that do not compare")
    (approved,) = rows(
        con, query, "japanese_approved_companies"
    )  # 4,020 in December 2009, rather than 3,986 in September
    assert approved[6] == pytest.approx(4020 / 6700)


def test_a_share_is_of_one_year_and_one_dataset(con: duckdb.DuckDBPyConnection) -> None:
    """Dalian's product of 2014 as first printed, CNY 766 billion, is no part of Liaoning's as revised after the census of 2018, 2,038."""
    query = "SELECT share, ratio_of_unlike, why_not FROM northeast_shares WHERE topic = 'gdp_cny' AND place = 'CN-210200' AND year = 2014 AND whole = 'CN-LN'"
    assert rows(con, query) == [
        (None, pytest.approx(766 / 2038.15), "figures of several datasets, which may differ in count or edition")
    ]
    of_unlike = "SELECT count(share), count(share_of_known), count(*) FROM northeast_shares WHERE years_apart > 0 OR datasets LIKE '%;%'"
    ((shares, of_known, all_rows),) = rows(con, of_unlike)
    assert (shares, of_known) == (0, 0)
    assert all_rows > 30
    assert rows(con, "SELECT count(*) FROM northeast_shares WHERE (share IS NULL) <> (why_not IS NOT NULL)") == [(0,)]
    utilised = "SELECT count(share), count(ratio_of_unlike) FROM northeast_shares WHERE topic = 'fdi_utilised_usd' AND year >= 2016"
    assert rows(con, utilised) == [(0, 0)]  # Liaoning's narrow count, 3.0 billion dollars in 2016, over wide counts


def test_what_is_printed_for_the_region_gives_way_to_the_sum_of_the_year(con: duckdb.DuckDBPyConnection) -> None:
    query = (
        "SELECT DISTINCT whole_basis FROM northeast_shares WHERE topic = 'population' AND year BETWEEN 2007 AND 2013"
    )
    assert rows(con, query) == [("sum of members",)]


def test_a_change_of_publisher_is_a_seam_of_the_disparity_and_of_the_profile(con: duckdb.DuckDBPyConnection) -> None:
    """Liaoning's utilised investment: 15.44 billion dollars by the province (2009), 2.999 by JETRO (2016)."""
    for query in (
        "SELECT year, is_seam FROM disparity WHERE topic = 'fdi_utilised_usd' AND place = 'CN-LN' AND topic_value IS NOT NULL",
        "SELECT year, fdi_utilised_usd_is_seam FROM province_profile WHERE place = 'CN-LN' AND fdi_utilised_usd IS NOT NULL",
    ):
        seams = dict(rows(con, query))
        assert (seams[2009], seams[2016], seams[2018]) == (False, True, False)


def test_people_per_head_and_product_per_product_are_no_measures(con: duckdb.DuckDBPyConnection) -> None:
    query = "SELECT count(per_head) FILTER (topic = 'population'), count(per_gdp_billion) FILTER (topic = 'gdp_cny') FROM disparity"
    assert rows(con, query) == [(0, 0)]


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
    query = "SELECT count(per_head), count(per_head_over_northeast) FROM disparity WHERE northeast.whole IS NULL"
    of_few = "(SELECT topic, year, topic_value AS whole FROM disparity WHERE place = 'CN_NORTHEAST') AS northeast"
    ((known, compared),) = rows(
        con, query.replace("FROM disparity", f"FROM disparity JOIN {of_few} USING (topic, year)")
    )
    assert known > 10
    assert compared == 0


def test_a_place_has_one_value_of_a_topic_and_year(con: duckdb.DuckDBPyConnection) -> None:
    query = "SELECT topic, place, year FROM core.topic_value GROUP BY ALL HAVING count(*) > 1"
    assert rows(con, query) == []
    assert rows(con, "SELECT count(DISTINCT topic) > 2 FROM core.topic_value WHERE place = 'CN-210200'") == [(True,)]
