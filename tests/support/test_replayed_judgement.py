"""Rows are judged by the queries that Pandera asked of other rows, and refused as Pandera refuses them."""

from collections.abc import Callable

import duckdb
import pytest
from pandera.errors import SchemaErrors

from schemas import base, types
from schemas.base import Table
from tasks.load import validate
from tests.support.replayed_judgement import replaying

GOOD = "('a', 1, 1), ('b', 0, 1), ('a', 2, 2)"
REFUSED = {
    "a value that breaks a check": "('a', -1, 1)",
    "a null": "('a', NULL, 1)",
    "a text that is not in the list": "('c', 1, 1)",
    "a repeated key": "('a', 1, 1), ('a', 2, 1)",
}


class Weight(Table):
    """What a thing weighs."""

    thing: types.Text = base.field(isin=["a", "b"])
    weight: types.BigInteger = base.field(ge=0)

    class Config:
        unique = ("thing",)


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def fill(con: duckdb.DuckDBPyConnection, rows: str) -> None:
    con.execute("CREATE OR REPLACE TEMP TABLE weights (thing VARCHAR, weight BIGINT, batch BIGINT)")
    con.execute(f"INSERT INTO weights VALUES {rows}")


@pytest.fixture
def judged_by_pandera(con: duckdb.DuckDBPyConnection) -> tuple[Callable[[], None], list[str]]:
    """Judge the rows of ``weights``; and the tables that were given to Pandera."""
    given: list[str] = []
    judge = validate.judge.__wrapped__  # type: ignore[attr-defined]  # the fixture of all tests wraps it

    def counted(con: duckdb.DuckDBPyConnection, schema: type[Table], table: str) -> None:
        given.append(table)
        judge(con, schema, table)

    replayed = replaying(counted)
    return lambda: replayed(con, Weight, "weights"), given


def test_rows_that_pass_are_given_to_pandera_once(
    con: duckdb.DuckDBPyConnection, judged_by_pandera: tuple[Callable[[], None], list[str]]
) -> None:
    judge, given = judged_by_pandera
    for rows in (GOOD, "('b', 7, 1)", GOOD):
        fill(con, rows)
        judge()
    assert given == ["weights"]


@pytest.mark.parametrize("rows", REFUSED.values(), ids=REFUSED)
def test_rows_that_pandera_refuses_are_refused_at_first_and_later(
    con: duckdb.DuckDBPyConnection, judged_by_pandera: tuple[Callable[[], None], list[str]], rows: str
) -> None:
    judge, given = judged_by_pandera
    for state in (rows, GOOD, rows):
        fill(con, state)
        if state == GOOD:
            judge()
        else:
            with pytest.raises(SchemaErrors):
                judge()
    assert given == ["weights"] * 3
