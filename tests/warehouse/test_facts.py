"""Every fact mart of the bundled figures: keys, residuals, and rows parted at random, whose sums are the printed totals.

Totals are read from the marts of figures, not from what the facts are made of. Of all publishers' files: tests/real/test_questions.py.
"""

from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.fact_totals import KEYS, PRINTED, at_random, compare, one_by_one
from warehouse.connection import reader
from warehouse.settings import Home

#: Facts that no bundled figure is in; the publishers' files have some.
EMPTY = {"trade_chapters", "trade_subheadings"}


@pytest.fixture(scope="module")
def con(bundled: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """A reader of the published file."""
    with reader(bundled) as opened:
        yield opened


@pytest.mark.parametrize("fact", sorted(KEYS))
def test_a_key_has_one_row(con: duckdb.DuckDBPyConnection, fact: str) -> None:
    assert KEYS[fact]
    ((rows,),) = con.execute(f"SELECT count(*) FROM {fact}").fetchall()
    assert (rows == 0) is (fact in EMPTY)
    repeated = f"SELECT {', '.join(KEYS[fact])} FROM {fact} GROUP BY ALL HAVING count(*) > 1"
    assert con.execute(repeated).fetchall() == []


@pytest.mark.parametrize("fact", sorted(KEYS))
def test_no_row_is_a_group_or_the_world(con: duckdb.DuckDBPyConnection, fact: str) -> None:
    for column in set(KEYS[fact]) & {"reporter", "partner", "counterpart", "province", "origin", "place", "economy"}:
        groups = f"SELECT DISTINCT f.{column} FROM {fact} AS f JOIN ref.place AS p ON p.place = f.{column} WHERE p.kind = 'group'"
        assert con.execute(groups).fetchall() == [], column


@pytest.mark.parametrize("fact", sorted(KEYS))
def test_residuals_are_marked_and_never_hidden(con: duckdb.DuckDBPyConnection, fact: str) -> None:
    values = one_by_one(con, fact)
    wrongly = f"""FROM ({values}) WHERE (NOT is_residual AND provenance.method SIMILAR TO '.*(rest of a total|rounding)')
        OR (value = 0 AND provenance.method IN ('rest of a total', 'rounding'))
        OR (value < 0 AND provenance.method = 'rest of a total' AND NOT residual_is_negative)
        OR (provenance.method SIMILAR TO '.*(rest of a total|rounding)' AND provenance.total_method = 'none published')"""
    assert con.execute(wrongly).fetchall() == []
    unsaid = f"FROM ({values}) WHERE provenance.artifact IS NULL OR provenance.method IS NULL OR provenance.total_method IS NULL"
    assert con.execute(unsaid).fetchall() == []


@pytest.mark.parametrize(("fact", "by", "printed"), PRINTED, ids=[f"{fact} by {by} {n}" for n, (fact, by, _) in enumerate(PRINTED)])  # fmt: skip
@settings(max_examples=8)
@given(seed=st.integers(0, 2**31), parts=st.integers(2, 9))
def test_parts_of_the_rows_add_up_to_the_printed_total(
    con: duckdb.DuckDBPyConnection, fact: str, by: str, printed: str, seed: int, parts: int
) -> None:
    totals, wrong = compare(con, fact, by, printed, at_random(fact, seed, parts))
    assert (totals > 0) is (fact not in EMPTY)
    assert wrong == []


def test_every_fact_with_residuals_is_tested(con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute(
        "SELECT DISTINCT table_name FROM duckdb_columns() WHERE schema_name = 'mart' AND column_name = 'residual_is_negative'"
    ).fetchall()
    assert {name for (name,) in found} - {"fdi_china_by_origin"} == set(KEYS)
    assert {fact for fact, _, _ in PRINTED} == set(KEYS)
