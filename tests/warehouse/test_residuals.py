"""The rows that make up the difference to published totals, by cells that are written out here.

A cell is (a, b, value); '_T' on an axis is a published total along it. The rows of a fact are the members and rows '_X'.
"""

import random
from decimal import Decimal

import duckdb
import pytest

from warehouse import sql

#: Rows of a fact: a, b, value, method, total_method.
Row = tuple[str, str, Decimal, str, str]

_ORIGIN = """struct_pack(source := 's', dataset := 'd', publisher := 'p', published_on := DATE '2020-01-01', published_precision := 'day',
    artifact := 'x', status := 'A', valuation := NULL::VARCHAR, currency := 'USD', method := {method}, total_method := NULL::VARCHAR,
    other_figures := 0, spread := NULL::DOUBLE)"""
_ROWS = """{% import "shared/facts.sql" as f %}
SELECT a, b, value, origin.method, origin.total_method FROM {{ f.with_residuals("cells", ["year"], whole=whole) }} ORDER BY a, b"""


def fact(cells: dict[tuple[str, str], int], whole: str) -> list[Row]:
    """The rows of the fact that is made of these cells; a total's method is 'total of <a> and <b>'."""
    con = duckdb.connect()
    con.execute("CREATE TABLE printed (a VARCHAR, b VARCHAR, value DECIMAL(20, 3))")
    con.executemany("INSERT INTO printed VALUES (?, ?, ?)", [(a, b, value) for (a, b), value in cells.items()])
    method = "CASE WHEN '_T' IN (a, b) THEN 'total of ' || a || ' and ' || b ELSE 'published' END"
    con.execute(
        f"CREATE VIEW cells AS SELECT 2020 AS year, 'exports' AS measure, a, b, value, {_ORIGIN.format(method=method)} AS origin FROM printed"
    )
    return con.execute(sql.render_text(_ROWS, whole=whole)).fetchall()


def total_methods(rows: list[Row]) -> dict[tuple[str, str], str]:
    """The total_method of each row."""
    return {(a, b): total for a, b, _, _, total in rows}


def test_published_figures_of_single_products_are_no_total_of_all_products() -> None:
    rows = fact({("44", "_T"): 10, ("48", "_T"): 20}, whole="all")
    assert total_methods(rows) == {("44", "_X"): "none published", ("48", "_X"): "none published"}


def test_published_figures_of_single_products_add_up_to_a_total_of_all_products() -> None:
    rows = fact({("44", "_T"): 10, ("48", "_T"): 20, ("_T", "_T"): 100}, whole="all")
    assert total_methods(rows) == dict.fromkeys([("44", "_X"), ("48", "_X"), ("_X", "_X")], "total of _T and _T")
    assert sum(value for _, _, value, _, _ in rows) == 100


def test_a_reporter_whose_total_is_printed_has_a_total() -> None:
    rows = fact({("JPN", "CHN"): 3, ("JPN", "_T"): 10, ("KOR", "_T"): 7}, whole="a")
    assert total_methods(rows) == {
        ("JPN", "CHN"): "total of JPN and _T",
        ("JPN", "_X"): "total of JPN and _T",
        ("KOR", "_X"): "total of KOR and _T",
    }


def test_the_world_s_total_is_no_total_of_a_reporter() -> None:
    rows = fact({("JPN", "CHN"): 3, ("_T", "CHN"): 5, ("_T", "_T"): 50}, whole="a")
    assert total_methods(rows)["JPN", "CHN"] == "none published"


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("whole", ["a", "all"])
def test_sums_along_an_axis_are_the_published_totals(seed: int, whole: str) -> None:
    """Any cells at all, totals that do not fit among them included: totals of a and the grand total come out of sums over rows."""
    chance = random.Random(seed)
    axes = [(a, b) for a in ("A", "B", "C", "_T") for b in ("K", "L", "M", "_T")]
    cells = {axis: chance.randint(-50, 100) for axis in axes if chance.random() < 0.6}
    rows = fact(cells, whole)
    assert all(total != "_T" for row in rows for total in row[:2])
    for (a, b), value in cells.items():
        if (a, b) == ("_T", "_T"):
            assert sum(row[2] for row in rows) == value
        elif b == "_T":
            assert sum(row[2] for row in rows if row[0] == a) == value
