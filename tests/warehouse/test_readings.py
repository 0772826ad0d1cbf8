"""Readings over the facts and the macros beside them, of the bundled figures: places, partitions, concentration, seams, arithmetic."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from tests.support.curated_folder import CuratedFolder
from tests.support.loading import create_reading
from warehouse.connection import reader
from warehouse.settings import Home


@pytest.fixture(scope="module")
def con(bundled: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """A reader of the published file."""
    with reader(bundled) as opened:
        yield opened


def rows(con: duckdb.DuckDBPyConnection, query: str, *values: Any) -> list[tuple[Any, ...]]:
    """All rows of a query."""
    return con.execute(query, list(values)).fetchall()


# -- places ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("named", "place"),
    [
        ("JPN", "JPN"), ("JP", "JPN"), ("Japan", "JPN"), ("japan ", "JPN"), ("EU", "EU_AT_THE_TIME"), ("China", "CHN"),
        ("Hong Kong", "HKG"), ("Taiwan", "TWN"), ("UK", "GBR"), ("Korea", "KOR"), ("US", "USA"), ("Liaoning", "CN-LN"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("schema", ["main", "mart"])
def test_a_place_is_found_by_what_people_write(
    con: duckdb.DuckDBPyConnection, named: str, place: str, schema: str
) -> None:
    assert rows(con, f"SELECT {schema}.place(?)", named) == [(place,)]


@pytest.mark.parametrize("named", ["Atlantis", "XX", ""])
def test_a_name_of_no_place_is_an_error_that_says_how_to_find_it(con: duckdb.DuckDBPyConnection, named: str) -> None:
    with pytest.raises(duckdb.Error, match=f'no place, or more than one, is called "{named}".*entrepot places'):
        rows(con, "SELECT place(?)", named)


# -- partitions -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            "['CN_EAST', 'CN_CENTRAL', 'CN_WEST', 'CN_NORTHEAST', NULL], 'CN_31_PROVINCES', '2016-12-31'",
            "no groups are named",
        ),
        ("NULL, 'CN_31_PROVINCES', '2016-12-31'", "no groups are named"),
        ("[], 'CN_31_PROVINCES', '2016-12-31'", "no groups are named"),
        ("['CN_EAST'], NULL, '2016-12-31'", "no whole is named"),
        ("['CN_EAST'], 'CN_EAST', NULL", "no day is named"),
        ("['CN_31_PROVINCES'], 'CN_31_PROVINCES', '2016-12-31'", "CN_31_PROVINCES is a part and the whole"),
    ],
)
@pytest.mark.parametrize("columns", ["*", "count(*)"])
def test_a_partition_of_nothing_or_of_the_whole_is_refused(
    con: duckdb.DuckDBPyConnection, arguments: str, message: str, columns: str
) -> None:
    with pytest.raises(duckdb.Error, match=f"not a partition of .*{message}"):
        rows(con, f"SELECT {columns} FROM partition_of({arguments})")
    with pytest.raises(duckdb.Error, match=message):
        rows(con, f"SELECT {columns} FROM indicator_by_group('gdp', {arguments})")


# -- concentration and mirrors --------------------------------------------------------------------------------


def test_concentration_is_measured_or_says_why_not(con: duckdb.DuckDBPyConnection) -> None:
    assert rows(con, "SELECT DISTINCT why_not IS NULL, hhi IS NULL FROM concentration ORDER BY ALL") == [
        (False, True),
        (True, False),
    ]
    unfounded = (
        "FROM concentration WHERE hhi IS NOT NULL AND (published_total IS NULL OR covered_share < 0.9 OR members < 2)"
    )
    assert rows(con, unfounded) == []


def test_concentration_over_provinces_is_worked_out_from_what_was_printed(con: duckdb.DuckDBPyConnection) -> None:
    printed = "SELECT value FROM fdi_figures WHERE concept = 'province_utilised' AND year = 1998 AND reporter LIKE 'CN-%' AND value > 0"
    values = [value for (value,) in rows(con, printed)]
    hhi = sum((value / sum(values)) ** 2 for value in values)
    query = "SELECT members, hhi, largest FROM concentration WHERE subject = 'utilised investment by province' AND year = 1998"
    assert rows(con, query) == [(len(values), hhi.quantize(Decimal("0.000001")), "CN-GD")]


def test_a_side_that_is_not_there_is_not_loaded_or_published_nothing(con: duckdb.DuckDBPyConnection) -> None:
    wrong = """FROM mirror_trade WHERE (mirror_status = 'both') <> (missing_side IS NULL)
        OR (export_usd IS NULL) <> (mirror_status = 'importer_only') OR (import_usd IS NULL) <> (mirror_status = 'exporter_only')"""
    assert rows(con, wrong) == []
    assert rows(con, "SELECT DISTINCT missing_side FROM mirror_trade WHERE missing_side IS NOT NULL") == [
        ("not loaded",)
    ]


# -- profiles, seams ------------------------------------------------------------------------------------------


def test_a_free_trade_zone_is_not_there_before_its_year(con: duckdb.DuckDBPyConnection) -> None:
    assert rows(con, "FROM province_profile WHERE free_trade_zone_since > year") == []
    query = "SELECT min(year), max(free_trade_zone_since) FROM province_profile WHERE place = 'CN-LN' AND free_trade_zone_since IS NOT NULL"
    assert rows(con, query) == [(2017, 2017)]


def test_a_series_of_one_release_has_no_seam_within(con: duckdb.DuckDBPyConnection) -> None:
    seams = "SELECT count(*) FROM indicator WHERE is_seam"
    assert rows(con, seams)[0][0] > 0
    within = """FROM (SELECT *, row_number() OVER (PARTITION BY place, indicator, unit ORDER BY year) AS n FROM indicator_one_release)
        WHERE is_seam AND n > 1"""
    assert rows(con, within) == []
    newest = "SELECT place, indicator, unit, max(year) FROM {} GROUP BY ALL ORDER BY ALL"
    assert rows(con, newest.format("indicator")) == rows(con, newest.format("indicator_one_release"))


# -- revisions ------------------------------------------------------------------------------------------------


def test_a_change_is_new_revised_or_gone_and_a_nought_is_none_of_it(
    warehouse: duckdb.DuckDBPyConnection, curated_folder: CuratedFolder, load_curated: Callable[..., Any]
) -> None:
    printed = [
        ("2011", "12", "13"),
        ("2012", "12", "0"),
        ("2013", "12", None),
        ("2014", None, "12"),
        ("2015", "12", "12"),
    ]
    releases = (
        [
            curated_folder.row(
                "indicator", place="CN-JL", period=period, published_on=day, printed_value=value or "", obs_status="A" if value else "M"
            )
            for period, *values in printed
            for value in [values[number]]
        ]
        for number, day in enumerate(("2017-09-30", "2018-09-30"))
    )  # fmt: skip
    curated_folder.write("indicator/all.csv", [row for release in releases for row in release])
    assert [o.fault for o in load_curated().values()] == [None]
    create_reading(warehouse, "22_revisions")
    changes = rows(warehouse, "SELECT period, change, value IS NULL, difference < 0 FROM mart.revisions ORDER BY ALL")
    assert changes == [
        ("2011", "revised", False, False),
        ("2012", "revised", False, True),
        ("2013", "gone", True, None),
        ("2014", "new", False, None),
    ]


# -- arithmetic -----------------------------------------------------------------------------------------------

#: Columns that keep all printed digits, fifteen decimals: what is multiplied with a rate is the fact's, which has six.
EXACT = {
    ("exchange_rates", "average_exact"), ("exchange_rates", "end_of_period_exact"), ("indicator_figures", "value"), ("pair", "value"),
    ("revisions", "previous_value"), ("revisions", "value"), ("revisions", "difference"),
}  # fmt: skip


def decimals(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str, int]]:
    """Mart, column and scale of each decimal column."""
    query = "SELECT table_name, column_name, numeric_scale FROM duckdb_columns() WHERE schema_name = 'mart' AND starts_with(data_type, 'DECIMAL')"
    return rows(con, query)


def test_ordinary_arithmetic_does_not_overflow(con: duckdb.DuckDBPyConnection) -> None:
    columns = decimals(con)
    assert len(columns) > 100
    rate = "(SELECT average FROM exchange_rates WHERE currency = 'KRW' AND period = '2016')"
    for mart, column, _ in columns:
        further = [] if (mart, column) in EXACT else [f"sum({column} * {rate})"]
        sums = ", ".join([f"sum({column} * 0.9434)", f"sum({column} / 1e9)", f"sum({column} - {column})", *further])
        ((*found,),) = rows(con, f"SELECT {sums} FROM mart.{mart}")
        assert found[2] in (0, None), (mart, column)


def test_amounts_print_no_fifteen_zeros(con: duckdb.DuckDBPyConnection) -> None:
    many = {(mart, column) for mart, column, scale in decimals(con) if scale > 9}
    assert many == EXACT | {("fdi_figures", "fx_rate"), ("trade_figures", "fx_rate")}
