"""From rows to specifications of charts: what is drawn where."""

from typing import Any

import pytest

from tasks.report import charts, traces
from tasks.report.model import Column, Dumbbell, Exhibit, Heat, Lines, Row, Trace


def spec(exhibit: Exhibit, rows: list[Row], width: int = 720) -> dict[str, Any]:
    return charts.spec(exhibit, rows, width, lambda _row, _column: None)


def exhibit(chart: Any, *columns: Column) -> Exhibit:
    return Exhibit("a", "A", "", columns, lambda _: "", chart=chart)


def test_rows_of_a_heading_stand_below_it_in_their_order() -> None:
    rows = [
        {"way": way, "year": year, "sold": 1.0, "bought": 2.0} for way in ("there", "back") for year in (2002, 2001)
    ]
    chart = Dumbbell("year", "sold", "bought", within="way")
    layers = spec(exhibit(chart, Column("sold", "Sold", "t", 0), Column("bought", "Bought", "t", 0)), rows)["layer"]
    texts = [
        row for layer in layers if layer["mark"]["type"] == "text" for row in layer["data"]["values"] if "order" in row
    ]
    shown = [row["name"] for row in sorted(texts, key=lambda row: row["order"])]
    assert shown == ["there", "2002", "2001", "back", "2002", "2001"]


def test_points_that_are_to_be_ringed_have_a_ring_and_others_none() -> None:
    rows = [{"year": year, "usd": year * 1e9, "who": "a", "dataset": "d", "printed": year == 2012} for year in range(2010, 2014)]  # fmt: skip
    chart = Lines("year", "usd", "who", dataset="dataset", ringed="printed")
    drawn = spec(exhibit(chart, Column("usd", "Used", "billion US$", 1, 10**9)), rows)
    rings = [layer for layer in drawn["layer"] if layer["mark"].get("filled") is False]
    assert [layer["data"]["values"] for layer in rings] == [[{"x": 2012, "y": 2012.0}]]
    assert drawn["title"]["text"] == "billion US$"


@pytest.mark.parametrize("width", [340, 720])
def test_years_of_a_heat_map_have_room(width: int) -> None:
    rows = [{"year": year, "kind": "indicator, Chinese provinces", "figures": 5} for year in range(1990, 2027)]
    drawn = spec(exhibit(Heat("year", "kind", "figures"), Column("figures", "Figures", "", 0)), rows, width)
    labels = drawn["layer"][0]["encoding"]["x"]["axis"]["values"]
    assert drawn["width"] / len(labels) >= 36
    assert drawn["width"] <= width


def test_a_trace_may_name_a_value_in_place_of_a_column() -> None:
    column = Column("usd", "Value", "", 0, trace=Trace("fdi", ("=CHN", "origin")))
    row = {"usd": 1, "origin": "JPN", "year": 2014}
    assert traces.target_of(column, row) == ("fdi", ("CHN", "JPN"), "2014")
