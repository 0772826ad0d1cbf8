"""The macros figures_of_… give the figures that each value of a fact is made of: they add up to the value."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from schemas import lineage
from schemas.lineage.kinds import CellLineage, RowLineage
from tests.support import fact_warehouse
from warehouse.connection import reader
from warehouse.settings import Settings


@pytest.fixture(scope="module")
def con(
    settings: Settings, warehouse_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A reader of a release with facts found by every method."""
    home = fact_warehouse.make(tmp_path_factory.mktemp("figures_of"), settings, warehouse_template)
    with reader(home) as opened:
        yield opened


def rows(con: duckdb.DuckDBPyConnection, query: str, *values: Any) -> list[tuple[Any, ...]]:
    """All rows of a query."""
    return con.execute(query, list(values)).fetchall()


def sums(con: duckdb.DuckDBPyConnection, of: CellLineage, key: tuple[Any, ...]) -> dict[str, Any]:
    """What the figures of a row add up to, by value column."""
    parameters = ", ".join("?" * len(key))
    query = f"SELECT column_name, sum(sign * {of.amount}) FROM figures_of_{of.mart}({parameters}) GROUP BY ALL"
    return dict(rows(con, query, *key))


@pytest.mark.parametrize("of", lineage.CELLS, ids=lambda of: of.mart)
def test_the_figures_of_every_value_add_up_to_it(con: duckdb.DuckDBPyConnection, of: CellLineage) -> None:
    columns = list(of.columns.values())
    facts = rows(con, f"SELECT {', '.join([*of.key, *columns])} FROM mart.{of.mart}")
    assert facts
    for fact in facts:
        key, values = fact[: len(of.key)], fact[len(of.key) :]
        wanted = {column: value for column, value in zip(columns, values, strict=True) if value is not None}
        assert sums(con, of, key) == wanted, key


def test_the_small_release_has_values_found_by_every_method_of_its_kind(con: duckdb.DuckDBPyConnection) -> None:
    """Or the test above would show less than it seems to."""
    methods = {
        row[0]
        for mart in ("trade", "trade_months", "fdi")
        for column in ({"fdi": ["mofcom_utilised", "bop_assets", "position_outward"]}.get(mart, ["exports", "imports"]))
        for row in rows(con, f"SELECT DISTINCT {column}_from.method FROM mart.{mart} WHERE {column}_from IS NOT NULL")
    }
    assert methods >= {
        "published", "cumulated to December", "sum of chapters", "sum of twelve months", "difference of cumulative figures",
        "sum of four quarters", "rest of a total",
    }  # fmt: skip


@pytest.mark.parametrize("of", [of for of in lineage.ROWS if of.mart != "trade_reconciled"], ids=lambda of: of.mart)
def test_every_row_of_one_figure_has_that_figure(con: duckdb.DuckDBPyConnection, of: RowLineage) -> None:
    described = {name for (name,) in rows(con, f"SELECT column_name FROM (DESCRIBE mart.{of.mart})")}
    own = {c: f"{c.removesuffix('_exact')}_from" for c in of.columns}
    stated = {c: f"{own[c]}.artifact" if own[c] in described else "artifact" for c in of.columns}
    facts = rows(con, f"SELECT {', '.join([*of.key, *stated.values()])} FROM mart.{of.mart}")
    assert facts
    for row in facts:
        key, artifacts = row[: len(of.key)], row[len(of.key) :]
        of_row = f"figures_of_{of.mart}({', '.join('?' * len(key))})"
        figures = rows(con, f"SELECT DISTINCT column_name, artifact FROM {of_row}", *key)
        wanted = {(c, artifact) for c, artifact in zip(stated, artifacts, strict=True) if artifact is not None}
        assert set(figures) == wanted, key


def test_a_residual_is_the_total_and_members_that_are_taken_off(con: duckdb.DuckDBPyConnection) -> None:
    figures = rows(con, "SELECT part, sign, partner, value_usd FROM figures_of_trade('CHN', '_X', 2016) ORDER BY ALL")
    assert figures == [
        ("member", -1, "JPN", 30_000_000), ("member", -1, "USA", 45_000_000), ("total", 1, "WLD", 100_000_000),
    ]  # fmt: skip


def test_a_month_from_cumulative_figures_names_both(con: duckdb.DuckDBPyConnection) -> None:
    query = "SELECT sign, period FROM figures_of_trade_months('KOR', 'JPN', '2016-03', 2016) WHERE column_name = 'exports_usd' ORDER BY sign"
    assert rows(con, query) == [(-1, "2016-02"), (1, "2016-03")]


def test_a_sum_of_chapters_names_all_chapters(con: duckdb.DuckDBPyConnection) -> None:
    query = "SELECT method, count(*), count(DISTINCT product) FROM figures_of_trade('DEU', 'CHN', 2016) GROUP BY ALL"
    assert rows(con, query) == [("sum of chapters", len(fact_warehouse.CHAPTERS), len(fact_warehouse.CHAPTERS))]


def test_the_figure_that_steps_back_is_not_named(con: duckdb.DuckDBPyConnection) -> None:
    query = "SELECT dataset, other_figures FROM figures_of_trade('CHN', 'JPN', 2016)"
    assert len(rows(con, "FROM trade_figures WHERE reporter = 'CHN' AND partner = 'JPN' AND period = '2016'")) == 2
    assert len(rows(con, query)) == 1


def test_the_figures_of_a_cell_are_those_that_the_figure_counts(con: duckdb.DuckDBPyConnection) -> None:
    """The columns that say which figures are of one cell are those by which the preferred one is chosen."""
    for kind, cell in lineage.SAME_CELL.items():
        number = "value" if kind in ("indicator", "presence") else "value_usd"
        query = (
            f"SELECT count(*) FILTER (NOT is_preferred AND {number} IS NOT NULL), max(other_figures) FILTER (is_preferred) "
            f"FROM mart.{kind}_figures GROUP BY {cell}"
        )
        counted = rows(con, query)
        assert all(others == said for others, said in counted), kind


def test_lineage_is_in_the_database_for_reading(con: duckdb.DuckDBPyConnection) -> None:
    assert rows(
        con, "SELECT DISTINCT made_of FROM meta.lineage WHERE mart = 'trade' AND column_name = 'exports_usd'"
    ) == [("core.trade_figures",)]
    comments = dict(
        rows(con, "SELECT function_name, comment FROM duckdb_functions() WHERE function_name LIKE 'figures_of_%'")
    )
    assert set(comments) == {f"figures_of_{name}" for name in lineage.FACTS}
    assert all("value column" in comment for comment in comments.values())
