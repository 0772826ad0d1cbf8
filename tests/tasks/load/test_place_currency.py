"""The table that says which currency a place's rate is in: whole, unambiguous, and with a unit for every currency."""

from datetime import date
from typing import Any

import duckdb
import pytest

from warehouse import reference_files


def found(con: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    return con.execute(query).fetchall()


def test_no_place_has_two_currencies_on_one_day(warehouse: duckdb.DuckDBPyConnection) -> None:
    both = """
        SELECT a.place, a.currency, b.currency FROM ref.place_currency AS a JOIN ref.place_currency AS b USING (place)
        WHERE a.currency <> b.currency
          AND coalesce(a.valid_from, DATE '0001-01-01') < coalesce(b.valid_to, DATE '9999-01-01')
          AND coalesce(b.valid_from, DATE '0001-01-01') < coalesce(a.valid_to, DATE '9999-01-01')"""
    assert found(warehouse, both) == []


def test_every_currency_has_one_place_whose_rate_is_its_own(warehouse: duckdb.DuckDBPyConnection) -> None:
    issuers = (
        "SELECT currency FROM ref.place_currency GROUP BY currency HAVING count(DISTINCT place) FILTER (is_issuer) <> 1"
    )
    assert found(warehouse, issuers) == []
    assert found(warehouse, "SELECT place FROM ref.place_currency WHERE currency = 'EUR' AND is_issuer") == [("EMU",)]


def test_every_currency_has_units_both_ways(warehouse: duckdb.DuckDBPyConnection) -> None:
    missing = """
        SELECT DISTINCT currency FROM ref.place_currency AS c WHERE NOT EXISTS (
            FROM ref.unit WHERE printed_unit = c.currency || ' per USD' AND base_unit = printed_unit
              AND unit.currency = c.currency AND multiplier = 1 AND quotation = 1)
        OR NOT EXISTS (FROM ref.unit WHERE printed_unit = 'USD per ' || c.currency AND unit.currency = 'USD')"""
    assert found(warehouse, missing) == []


@pytest.mark.parametrize("member", reference_files.members_ever("EMU"))
def test_members_of_the_euro_area_have_the_euro_from_the_day_they_joined(
    warehouse: duckdb.DuckDBPyConnection, member: str
) -> None:
    ((joined,),) = found(
        warehouse, f"SELECT valid_from FROM ref.place_group WHERE place_group = 'EMU' AND member = '{member}'"
    )
    rows = found(
        warehouse,
        f"SELECT currency = 'EUR', valid_from, valid_to FROM ref.place_currency WHERE place = '{member}' ORDER BY valid_from NULLS FIRST",
    )
    assert rows == [(False, None, joined), (True, joined, None)]
    assert joined >= date(1999, 1, 1)
