"""From rows to specifications of charts: what is drawn where."""

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from tasks.report import charts, traces
from tasks.report.model import Bars, Column, Dumbbell, Exhibit, Heat, Lines, Row, Shares, TimeLine, Trace


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


def texts_of(drawn: dict[str, Any]) -> list[list[Row]]:
    """The rows of each layer of texts."""
    return [layer["data"]["values"] for layer in drawn["layer"] if layer["mark"]["type"] == "text" and "data" in layer]


@pytest.mark.parametrize("width", [340, 720])
def test_years_of_a_heat_map_have_room(width: int) -> None:
    rows = [{"year": year, "kind": "indicator, Chinese provinces", "figures": 5} for year in range(1990, 2027)]
    drawn = spec(exhibit(Heat("year", "kind", "figures"), Column("figures", "Figures", "", 0)), rows, width)
    labels = [row["x"] for row in texts_of(drawn)[0]]
    assert all(after - before >= 36 for before, after in pairwise(labels))
    assert drawn["width"] <= width


_LONG = "Nuclear reactors, boilers, machinery and mechanical appliances"


@pytest.mark.parametrize(
    ("chart", "name"),
    [
        (Bars("name", "value"), _LONG),
        (Shares("name", "member", "value"), _LONG),
        (Heat("year", "name", "value"), _LONG),
        (Lines("year", "value", "name", dataset="dataset"), "Japan, balance of payments"),
    ],
)
def test_no_name_is_cut_on_a_phone(chart: Any, name: str) -> None:
    rows = [
        {"name": name, "year": year, "value": 5.0, "member": "a", "dataset": "d"} for name in (name, "Other") for year in (2020, 2021)
    ]  # fmt: skip
    if not isinstance(chart, Lines | Heat):
        rows = rows[::2]
    drawn = spec(exhibit(chart, Column("value", "Value", "t", 0)), rows, 340)
    texts = [row["text"] for layer in texts_of(drawn) for row in layer if "text" in row]
    assert name in " ".join(texts)
    assert not any("…" in text for text in texts)


def test_names_of_lines_stand_beside_the_plot_and_apart() -> None:
    rows = [
        {"year": year, "value": 5 + 0.01 * number, "name": f"a line that ends in {last}", "dataset": "d"}
        for number, last in enumerate((2012, 2016, 2020))
        for year in range(2005, last + 1)
    ]
    drawn = spec(exhibit(Lines("year", "value", "name", dataset="dataset"), Column("value", "Value", "", 1)), rows, 340)
    (names,) = texts_of(drawn)
    assert {row["x"] for row in names} == {2020.3}
    heights = sorted(row["y"] for row in names)
    low, high = next(layer for layer in drawn["layer"] if layer["mark"]["type"] == "line")["encoding"]["y"]["scale"][
        "domain"
    ]
    assert min(after - before for before, after in pairwise(heights)) * drawn["height"] / (high - low) >= 12  # fmt: skip


def test_events_of_one_day_do_not_hide_each_other() -> None:
    rows = [{"on": date(2019, 8, 30), "kind": "zone", "name": str(number)} for number in range(6)]
    rows.append({"on": date(1990, 9, 1), "kind": "road", "name": "first"})
    drawn = spec(exhibit(TimeLine("on", "kind", "name")), rows)
    points = next(layer for layer in drawn["layer"] if layer["mark"]["type"] == "point")["data"]["values"]
    assert len({(row["x"], row["y"]) for row in points}) == 7


def test_rows_with_one_of_two_values_are_not_in_the_chart_and_one_pair_is_none() -> None:
    chart = Dumbbell("year", "sold", "bought")
    one = exhibit(chart, Column("sold", "Sold", "t", 0), Column("bought", "Bought", "t", 0))
    rows: list[Row] = [{"year": 2001, "sold": 1.0, "bought": 2.0}, {"year": 2002, "sold": None, "bought": 2.0}]
    assert not charts.can_be_drawn(one, rows)
    rows.append({"year": 2003, "sold": 3.0, "bought": 2.0})
    assert charts.can_be_drawn(one, rows)
    points = next(layer for layer in spec(one, rows)["layer"] if layer["mark"]["type"] == "point")["data"]["values"]
    assert len(points) == 4


def test_a_stroke_across_a_line_says_what_changes_there() -> None:
    rows = [
        {"year": year, "value": 5.0, "name": "Japan", "dataset": "d", "sectors": "all" if year > 2011 else "non financial"} for year in (2010, 2011, 2012)
    ]  # fmt: skip
    drawn = spec(exhibit(Lines("year", "value", "name", dataset="dataset", scope="sectors"), Column("value", "Value", "", 1)), rows)  # fmt: skip
    (marks,) = [layer["data"]["values"] for layer in drawn["layer"] if layer["mark"].get("shape") == "stroke"]
    assert [(row["x"], row["says"]) for row in marks] == [
        (2011.5, "Japan, 2011 to 2012: sectors from non financial to all")
    ]


def test_a_trace_may_name_a_value_in_place_of_a_column() -> None:
    column = Column("usd", "Value", "", 0, trace=Trace("fdi", ("=CHN", "origin")))
    row = {"usd": 1, "origin": "JPN", "year": 2014}
    assert traces.target_of(column, row) == ("fdi", ("CHN", "JPN"), "2014")


def test_squares_of_nothing_are_no_chart() -> None:
    nothing = exhibit(Heat("year", "kind", "figures"), Column("figures", "Figures", "", 0))
    assert not charts.can_be_drawn(nothing, [{"year": 2020, "kind": "a", "figures": 0}])
    assert charts.can_be_drawn(nothing, [{"year": 2020, "kind": "a", "figures": 1}])
