"""Figures that are not of the size of what they are held against: they stay, with status U and a note that says why."""

from collections.abc import Callable

import duckdb
import pytest

from tasks.load.outcome import Outcome
from tests.support.curated_folder import CuratedFolder

Load = Callable[..., dict[str, Outcome]]


def _indicator(con: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    query = "SELECT period, obs_status, note FROM mart.indicator_figures WHERE contains(coalesce(note, ''), 'doubtful') OR obs_status = 'U' ORDER BY ALL"
    return con.execute(query).fetchall()


@pytest.mark.parametrize(("last", "is_marked"), [("2800", False), ("28000", True), ("280", True), ("2800000", True)])
def test_a_level_that_jumps_at_the_end_is_marked(
    load_curated: Load, warehouse: duckdb.DuckDBPyConnection, curated_folder: CuratedFolder, last: str, is_marked: bool
) -> None:
    values = {"2015": "2700", "2016": "2750", "2017": last}
    rows = [curated_folder.row("indicator", period=period, printed_value=value) for period, value in values.items()]
    curated_folder.write("indicator/a.csv", rows)
    load_curated()
    marked = _indicator(warehouse)
    assert [(period, status) for period, status, _ in marked] == ([("2017", "U")] if is_marked else [])
    assert all("the figure before it in the same series" in str(note) for *_, note in marked)


@pytest.mark.parametrize(("other", "is_marked"), [("160", False), ("16000", True)])
def test_two_publishers_that_differ_by_a_scale_are_both_marked(
    load_curated: Load, warehouse: duckdb.DuckDBPyConnection, curated_folder: CuratedFolder, other: str, is_marked: bool
) -> None:
    rows = [
        curated_folder.row("trade", printed_value=value, dataset=dataset)
        for value, dataset in (("150", "a.a"), (other, "b.b"))
    ]
    curated_folder.write("trade/a.csv", rows[:1])
    curated_folder.write("trade/b.csv", rows[1:])
    load_curated()
    query = "SELECT dataset, note FROM mart.trade_figures WHERE obs_status = 'U' ORDER BY ALL"
    marked = warehouse.execute(query).fetchall()
    assert [dataset for dataset, _ in marked] == (["a.a", "b.b"] if is_marked else [])
    assert all("of the same cell" in note for _, note in marked)
