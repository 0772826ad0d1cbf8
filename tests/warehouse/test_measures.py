"""Measures over facts of the bundled figures: inequality of provinces, FDI performance, profiles of corridors."""

import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from warehouse import sql
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


# -- inequality -----------------------------------------------------------------------------------------------


def test_inequality_between_and_within_regions_adds_up(con: duckdb.DuckDBPyConnection) -> None:
    compared = rows(
        con,
        "SELECT theil_t, theil_t_between + theil_t_within, theil_l, theil_l_between + theil_l_within FROM inequality",
    )
    assert len(compared) > 100
    for t, t_parts, l, l_parts in compared:  # noqa: E741
        assert (t is None) == (t_parts is None)
        assert t is None or t == pytest.approx(t_parts, abs=1e-9)
        assert (l is None) == (l_parts is None)
        assert l is None or l == pytest.approx(l_parts, abs=1e-9)


def test_inequality_between_regions_is_that_of_the_formula(con: duckdb.DuckDBPyConnection) -> None:
    query = """SELECT theil_t_between(f.place, g.place_group, f.railway_km, f.population), theil_l_within(f.place, g.place_group, f.railway_km, f.population)
        FROM province_profile AS f JOIN ref.place_group AS g ON g.member = f.place
        WHERE f.year = 2019 AND railway_km > 0 AND population > 0 AND g.place_group IN ('CN_EAST', 'CN_CENTRAL', 'CN_WEST', 'CN_NORTHEAST')"""
    ((between, within),) = rows(con, query)
    actual = rows(
        con,
        "SELECT theil_t_between, theil_l_within FROM inequality WHERE topic = 'railway_km' AND year = 2019 AND weighted_by = 'population'",
    )
    assert actual == [(pytest.approx(between), pytest.approx(within))]


def test_inequality_is_that_of_the_profile(con: duckdb.DuckDBPyConnection) -> None:
    """The same from the provinces themselves, by the definition."""
    query = """WITH p AS (SELECT railway_km::DOUBLE AS y, population::DOUBLE AS p FROM province_profile WHERE year = 2019 AND railway_km > 0 AND population > 0),
        s AS (SELECT *, sum(y) OVER () AS ys, sum(p) OVER () AS ps FROM p) SELECT sum(y / ys * ln((y / ys) / (p / ps))), count(*) FROM s"""
    ((wanted, provinces),) = rows(con, query)
    actual = rows(
        con,
        "SELECT theil_t, provinces FROM inequality WHERE topic = 'railway_km' AND year = 2019 AND weighted_by = 'population'",
    )
    assert actual == [(pytest.approx(wanted), provinces)]


def test_the_provinces_that_a_measure_lacks_are_named(con: duckdb.DuckDBPyConnection) -> None:
    query = "SELECT provinces, left_out_provinces, len(string_split(left_out_provinces, ';')) FROM inequality"
    for provinces, left_out, count in rows(con, query):
        assert (provinces == 31) == (left_out is None)
        assert left_out is None or provinces + count == 31
    assert any(provinces < 31 for provinces, *_ in rows(con, query))


# -- location quotients ---------------------------------------------------------------------------------------


def test_quotients_over_gdp_are_one_on_average(con: duckdb.DuckDBPyConnection) -> None:
    """Weighted with GDP: the country is the provinces together."""
    query = "SELECT topic, year, sum(location_quotient * place_base / country_base) FROM location_quotient WHERE base = 'gdp' GROUP BY ALL"
    compared = rows(con, query)
    assert len(compared) > 100
    assert all(mean == pytest.approx(1) for *_, mean in compared)


def test_jilin_trades_more_with_japan_than_its_trade_lets_expect(con: duckdb.DuckDBPyConnection) -> None:
    """2011: Japan-China Economic Association, Jilin with Japan 3.13 billion dollars; JETRO, China and Japan 378.424904; World Bank, China's
    exports 1,898.388 and imports 1,743.477. Jilin's whole trade was 22.06 billion by the panel of the provinces' figures."""
    query = "SELECT place_amount / 1e9, country_amount / 1e9, country_base / 1e9, place_base / 1e9, location_quotient FROM location_quotient WHERE place = 'CN-JL' AND base = 'goods_trade' AND year = 2011"
    ((japan, of_china, all_of_china, whole, quotient),) = rows(con, query)
    assert (japan, of_china, all_of_china) == (
        3.13,
        pytest.approx(378.424904, abs=2e-6),
        pytest.approx(1898.388 + 1743.477),
    )
    assert quotient == pytest.approx(3.13 / whole / (378.424904 / (1898.388 + 1743.477)))


def test_whose_trade_with_japan_a_quotient_is_over_is_told(con: duckdb.DuckDBPyConnection) -> None:
    """China's own exports to Japan are bundled of 2017 alone."""
    query = "SELECT DISTINCT country_basis, year FROM location_quotient WHERE base = 'goods_trade' AND year <> 2017"
    assert {basis for basis, _ in rows(con, query)} == {"both import statistics"}
    assert rows(con, "SELECT DISTINCT country_basis FROM location_quotient WHERE base = 'gdp'") == [("provinces together",)]  # fmt: skip


# -- FDI performance ------------------------------------------------------------------------------------------


def test_fdi_performance_is_of_means_of_three_years(con: duckdb.DuckDBPyConnection) -> None:
    compared = rows(
        con,
        "SELECT fdi_performance, inflow_usd / world_inflow_usd / (gdp_usd / world_gdp_usd), years, why_not FROM fdi_performance",
    )
    assert any(value is not None for value, *_ in compared)
    for value, wanted, years, why_not in compared:
        assert (value is None) == (why_not is not None)
        assert value is None or (years == 3 and value == pytest.approx(wanted))


# -- corridors ------------------------------------------------------------------------------------------------


def test_a_corridor_has_both_sides_of_the_trade_of_china_and_japan(con: duckdb.DuckDBPyConnection) -> None:
    """JETRO, both-import basis, 2019: China's imports from Japan 171,514,651, Japan's from China 169,302,509 thousand dollars."""
    query = "SELECT imports_usd, partner_imports_usd, both_import_balance_usd FROM corridor_profile WHERE place = ? AND partner = ? AND year = 2019"
    to_china, to_japan = 171514651000, 169302509000
    assert rows(con, query, "JPN", "CHN") == [(to_japan, to_china, to_china - to_japan)]
    assert rows(con, query, "CHN", "JPN") == [(to_china, to_japan, to_japan - to_china)]


def test_change_is_that_of_two_years(con: duckdb.DuckDBPyConnection) -> None:
    """JETRO's page of 2023 prints 2021 and 2022 anew, and 2020 as the page of 2021 had it: one release, without a seam."""
    query = "SELECT year, imports_percent_change, imports_is_seam FROM corridor_profile WHERE place = 'JPN' AND partner = 'CHN' AND year BETWEEN 2011 AND 2022 ORDER BY year"
    actual = {year: (change, seam) for year, change, seam in rows(con, query)}
    assert actual[2011] == (None, False)
    assert actual[2014] == (pytest.approx(100 * (181038865 / 180840622 - 1)), False)
    assert actual[2021] == (pytest.approx(100 * (185511028 / 164105906 - 1)), False)


def test_mofcoms_figures_are_of_the_host_and_of_two_releases(con: duckdb.DuckDBPyConnection) -> None:
    """MOFCOM: investment from Japan 4.33 billion dollars in 2014, 3.21 in 2015."""
    query = "SELECT mofcom_utilised_usd, mofcom_utilised_percent_change, mofcom_utilised_is_seam FROM corridor_profile WHERE place = 'CHN' AND partner = 'JPN' AND year = 2015"
    ((value, change, seam),) = rows(con, query)
    assert value == Decimal("3210000000.00")
    assert change == pytest.approx(100 * (3.21 / 4.33 - 1))
    assert seam  # two newspapers


def test_every_value_of_a_corridor_has_its_provenance(con: duckdb.DuckDBPyConnection) -> None:
    of_others = {"trade_balance_usd", "both_import_balance_usd"}
    columns = [
        c for (c,) in rows(con, "SELECT column_name FROM (DESCRIBE corridor_profile) WHERE column_name LIKE '%usd'")
    ]
    assert len(columns) == 17
    for column in set(columns) - of_others:
        query = f"SELECT count(*) FROM corridor_profile WHERE ({column} IS NULL) <> (provenance->'{column}'->>'dataset' IS NULL)"
        assert rows(con, query) == [(0,)], column
    query = "SELECT provenance->'imports_usd'->>'dataset', provenance->'imports_usd'->>'published_on' FROM corridor_profile WHERE place = 'JPN' AND partner = 'CHN' AND year = 2022"
    assert rows(con, query) == [("jetro.both_import", "2023-03-29")]


def test_trade_intensity_is_over_the_reconciled_world(bundled: Home, tmp_path: Path) -> None:
    """Japan sends 30 of 100 to China, which takes 200 of the world's 1,000; Japan takes 150 of them."""
    copy = tmp_path / "entrepot.duckdb"
    shutil.copyfile(bundled.published_file, copy)
    script = sql.render("readings/52_corridor_profile.sql", stored=lambda name: f"CREATE OR REPLACE TABLE {name}")
    _, begin, corridors = script.partition("CREATE OR REPLACE TABLE mart.corridor_profile")
    with duckdb.connect(str(copy)) as con:
        con.execute(
            "CREATE OR REPLACE TABLE core.reconciled_pair (exporter TEXT, importer TEXT, year INTEGER, value DOUBLE)"
        )
        con.execute("""INSERT INTO core.reconciled_pair VALUES ('JPN', 'CHN', 2019, 30), ('JPN', 'USA', 2019, 70), ('USA', 'CHN', 2019, 170),
            ('USA', 'JPN', 2019, 150), ('CHN', 'USA', 2019, 580)""")
        con.execute(begin + corridors)
        query = "SELECT trade_intensity_of_world, trade_intensity_without_own FROM mart.corridor_profile WHERE place = 'JPN' AND partner = 'CHN' AND year = 2019"
        assert rows(con, query) == [(pytest.approx(1.5), pytest.approx(1.275))]
