"""Rows that may share their key are found by the runs in which a table is sorted: none that shares it is missed."""

from collections import Counter
from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tasks.load import repeats, stage

Row = tuple[int | None, str | None]


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory."""
    with duckdb.connect() as connection:
        yield connection


def candidates(con: duckdb.DuckDBPyConnection, rows: list[Row], refused: set[int]) -> set[int]:
    """The numbers of the rows that may share their key."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE staged (a INTEGER, b VARCHAR); CREATE OR REPLACE TEMP TABLE refused (row_number BIGINT)"
    )
    if rows:
        con.executemany("INSERT INTO staged VALUES (?, ?)", [list(row) for row in rows])
    if refused:
        con.executemany("INSERT INTO refused VALUES (?)", [[number] for number in refused])
    condition = repeats.candidates(con, "staged", stage.ROW_NUMBER, ["a", "b"], "refused")
    if condition is None:
        return set()
    return {n for (n,) in con.execute(f"SELECT {stage.ROW_NUMBER} FROM staged AS t0 WHERE {condition}").fetchall()}


_ROWS = st.lists(st.tuples(st.integers(-3, 3), st.sampled_from(["", "'", "A", "a", "é", "中"])), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(_ROWS, st.booleans(), st.sets(st.integers(1, 12), max_size=3))
@example([(1, "A"), (1, "A"), (2, "A")], False, set())
@example([(1, "A"), (3, "A"), (2, "A"), (3, "A")], False, {2})
def test_every_row_that_shares_its_key_is_a_candidate(
    con: duckdb.DuckDBPyConnection, rows: list[Row], is_sorted: bool, refused: set[int]
) -> None:
    rows = sorted(rows, key=lambda row: (row[0] or 0, str(row[1]).encode())) if is_sorted else rows
    refused = {number for number in refused if number <= len(rows)}
    good = {n: row for n, row in enumerate(rows, 1) if n not in refused}
    counts = Counter(good.values())
    assert {n for n, row in good.items() if counts[row] > 1} <= candidates(con, rows, refused)


def test_one_row_out_of_place_makes_few_candidates(con: duckdb.DuckDBPyConnection) -> None:
    rows: list[Row] = [(n, "A") for n in range(500)]
    assert candidates(con, rows, set()) == set()
    assert candidates(con, [*rows[:200], rows[199], *rows[200:]], set()) == {200, 201}
    assert candidates(con, [*rows[:200], (900, "A"), *rows[200:]], {201}) == set()
    assert candidates(con, [*rows, (7, "A")], set()) == {8, 501}


def test_where_nothing_is_known_every_row_is_a_candidate(con: duckdb.DuckDBPyConnection) -> None:
    assert candidates(con, [(1, "A"), (None, "A"), (1, "A")], set()) == {1, 2, 3}
    falling: list[Row] = [(200 - n, "A") for n in range(200)]
    assert candidates(con, falling, set()) == set(range(1, 201))
