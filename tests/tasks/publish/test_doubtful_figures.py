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


def test_an_edition_most_of_whose_figures_are_off_is_marked_whole(
    load_curated: Load, warehouse: duckdb.DuckDBPyConnection, curated_folder: CuratedFolder
) -> None:
    row = curated_folder.row
    years = {"2014": "150", "2015": "160", "2016": "170"}
    curated_folder.write("trade/a.csv", [row("trade", period=y, printed_value=v) for y, v in years.items()])
    tenfold = [row("trade", period=y, printed_value=f"{v}0", dataset="b.b") for y, v in years.items() if y != "2014"]
    alone = row("trade", partner="DEU", printed_value="3", dataset="b.b")
    curated_folder.write("trade/b.csv", [*tenfold, alone])
    load_curated()
    query = (
        "SELECT partner, note FROM mart.trade_figures WHERE obs_status = 'U' AND dataset = 'b.b' AND partner = 'DEU'"
    )
    ((_, note),) = warehouse.execute(query).fetchall()
    assert "4 of 4 figures of its edition that can be held against others are about 10 times them" in note


@pytest.mark.parametrize(("printed", "is_marked"), [("27000", False), ("2700000", True)])
def test_provinces_that_add_up_to_far_more_than_the_nation_are_marked(
    load_curated: Load,
    warehouse: duckdb.DuckDBPyConnection,
    curated_folder: CuratedFolder,
    printed: str,
    is_marked: bool,
) -> None:
    row = curated_folder.row
    nation = row("indicator", place="CHN", printed_value="90000", dataset="a.a")
    curated_folder.write("indicator/a.csv", [nation])
    provinces = [
        row("indicator", place=place, printed_value=printed, dataset="b.b") for place in ("CN-LN", "CN-JL", "CN-HL")
    ]
    curated_folder.write("indicator/b.csv", provinces)
    load_curated()
    marked = [note for _, status, note in _indicator(warehouse) if status == "U"]
    assert len(marked) == (3 if is_marked else 0)
    assert all("of all provinces that its edition states together" in str(note) for note in marked)


@pytest.mark.parametrize(("printed", "is_marked"), [("100", False), ("1600", True)])
def test_products_that_add_up_to_far_more_than_all_goods_are_marked(
    load_curated: Load,
    warehouse: duckdb.DuckDBPyConnection,
    curated_folder: CuratedFolder,
    printed: str,
    is_marked: bool,
) -> None:
    row = curated_folder.row
    curated_folder.write("trade/a.csv", [row("trade", printed_value="400", dataset="a.a")])
    products = [
        row("trade", classification="HS2012", product=product, printed_value=printed, dataset="b.b")
        for product in ("870323", "847130")
    ]
    curated_folder.write("trade/b.csv", products)
    load_curated()
    query = "SELECT note FROM mart.trade_figures WHERE obs_status = 'U' AND product IN ('870323', '847130')"
    marked = [note for (note,) in warehouse.execute(query).fetchall()]
    assert len(marked) == (2 if is_marked else 0)
    assert all("of all products of the same trade" in note for note in marked)
