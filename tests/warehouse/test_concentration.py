"""A measure of concentration rests on a total that was published for all members, in the bundled figures.

Risk Monster's list of 2023 has six provinces and no total of China; of 2013 the investment of two provinces alone is printed;
China Statistical Yearbook 1999 (table 17-16) prints a total for the 31 provinces.
"""

from collections.abc import Iterator
from decimal import Decimal

import duckdb
import pytest

from warehouse.connection import reader
from warehouse.settings import Home


@pytest.fixture(scope="module")
def con(bundled: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """A reader of the published file of the bundled figures."""
    with reader(bundled) as opened:
        yield opened


@pytest.mark.parametrize(
    ("subject", "year"),
    [("registered companies by province", 2023), ("utilised investment by province", 2013)],
)
def test_members_without_a_total_of_all_have_no_measure(
    con: duckdb.DuckDBPyConnection, subject: str, year: int
) -> None:
    query = "SELECT hhi, published_total, covered_share, why_not FROM concentration WHERE subject = ? AND year = ?"
    assert con.execute(query, [subject, year]).fetchall() == [(None, None, None, "no total was published")]


def test_members_that_reach_a_published_total_have_a_measure(con: duckdb.DuckDBPyConnection) -> None:
    query = "SELECT published_total, covered_share, why_not, largest FROM concentration WHERE subject = ? AND year = ?"
    assert con.execute(query, ["utilised investment by province", 1998]).fetchall() == [
        (Decimal("45283890000"), Decimal(1), None, "CN-GD")
    ]


def test_words_that_contain_ratio_do_not_keep_an_indicator_from_being_added(con: duckdb.DuckDBPyConnection) -> None:
    query = "SELECT DISTINCT additive_over FROM indicator WHERE indicator = 'railway_length'"
    assert con.execute(query).fetchall() == [("places of one kind",)]
