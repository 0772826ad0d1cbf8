"""Lines over years. Their names stand at the right, each led to by its line."""

from collections.abc import Sequence
from itertools import pairwise

from tasks.report import refusals
from tasks.report.charts.parts import (
    LINE,
    WIDTHS,
    Links,
    Spec,
    colour,
    describe,
    domain,
    literal,
    q,
    text_width,
    unit_of,
    value_axis,
    values,
    wrapped,
)
from tasks.report.model import Column, Exhibit, Lines, Row, Rows

#: Pixels that numbers beside the axis take.
_AXIS_ROOM = 52


def drawn(exhibit: Exhibit, chart: Lines, rows: Rows, width: int, links: Links) -> Spec:
    """The lines of a chart."""
    column = exhibit.column(chart.y)
    series = refusals.lines(rows, chart)
    height = 190 if width <= WIDTHS["small"] else 300 if width > WIDTHS["narrow"] else 240
    points, steps, changes, ends = list[Row](), list[Row](), list[Row](), list[Row]()
    for order, (name, of_line) in enumerate(series.items()):
        of = colour(of_line[0][chart.code] if chart.code else name, order)
        points += [_point(chart, column, row, of, links) for row in of_line]
        steps += _steps(chart, column, of_line, of, order)
        changes += _changes(chart, column, of_line, of)
        ends.append({"x": of_line[-1][chart.x], "y": column.scaled(of_line[-1][chart.y]), "name": name, "colour": of})
    low, high = domain([p["y"] for p in points], chart.from_zero and not chart.log)
    years = [p["x"] for p in points]
    room = _name(ends, (low, high), height, width) if len(series) > 1 else 8
    x_scale = {"domain": [min(years) - 0.3, max(years) + 0.3], "nice": False}
    x: Spec = q("x", scale=x_scale, axis=_year_axis(min(years), max(years), width - _AXIS_ROOM - room))
    y: Spec = q("y", scale={"type": "log"} if chart.log else {"domain": [low, high], "nice": False}, axis=value_axis())
    layers: list[Spec] = [
        {
            "data": values(steps),
            "mark": {"type": "line", "strokeWidth": 2, "strokeJoin": "round"},
            "encoding": {"x": x, "y": y, "detail": {"field": "part"}, "stroke": literal("colour"),
                         "strokeDash": {"field": "is_seam", "type": "nominal", "legend": None, "scale": {"domain": [False, True], "range": [[1, 0], [2, 4]]}}},
        },
        {
            "data": values(points),
            "mark": {"aria": True, "type": "point", "filled": True, "size": 42, "opacity": 1},
            "encoding": {"x": x, "y": y, "fill": literal("fill"), "stroke": literal("colour"),
                         "href": {"field": "href"}, "description": {"field": "says"}},
        },
    ]  # fmt: skip
    if changes:
        layers.append({
            "data": values(changes),
            "mark": {"aria": True, "type": "point", "shape": "stroke", "angle": 90, "size": 160, "strokeWidth": 2.5, "opacity": 1},
            "encoding": {"x": x, "y": y, "stroke": literal("colour"), "description": {"field": "says"}},
        })  # fmt: skip
    if chart.ringed:
        ringed = [_ring(chart, column, row) for of_line in series.values() for row in of_line if row[chart.ringed]]
        layers.append({"data": values(ringed), "mark": {"type": "point", "filled": False, "size": 190, "strokeWidth": 1.5, "stroke": "var(--ink)"}, "encoding": {"x": x, "y": y}})  # fmt: skip
    if low < 0 < high:
        zero = {"data": values([{"y": 0}]), "mark": {"type": "rule", "color": "var(--rule)"}, "encoding": {"y": q("y")}}
        layers.insert(0, zero)
    if len(series) > 1:
        # Beneath lines and points: what leads to a name must not hide a value.
        layers[:0] = _names(ends, x_scale, max(years) + 0.3)
    return {"title": unit_of(column), "width": width - _AXIS_ROOM - room, "height": height, "layer": layers}


def _name(ends: Rows, ends_of_axis: tuple[float, float], height: int, width: int) -> float:
    """Break the names of lines, give each its height beside the plot, and return the pixels that they take."""
    most = 118 if width < WIDTHS["wide"] else 190
    for end in ends:
        end["lines"] = wrapped(str(end["name"]).split(" (")[0], most)
    _keep_apart(ends, ends_of_axis, height)
    return text_width([line for end in ends for line in end["lines"]]) + 18


def _names(ends: Rows, x_scale: Spec, right: float) -> list[Spec]:
    """The names at the right edge, and a thin line to each that stands apart from where its line ends."""
    per_pixel = ends[0]["per_pixel"]
    texts = [
        {"x": right, "y": end["label_y"] + per_pixel * LINE * ((len(end["lines"]) - 1) / 2 - number), "text": line, "colour": end["colour"]}
        for end in ends for number, line in enumerate(end["lines"])
    ]  # fmt: skip
    leads = [
        {"x": end["x"], "y": end["y"], "right": right, "label_y": end["label_y"], "colour": end["colour"]}
        for end in ends
        if right - end["x"] > 0.5 or abs(end["label_y"] - end["y"]) > 4 * per_pixel
    ]
    x = {**q("x"), "scale": x_scale}
    return [
        {"data": values(leads), "mark": {"type": "rule", "strokeWidth": 1, "opacity": 0.45},
         "encoding": {"x": x, "y": q("y"), "x2": {"field": "right"}, "y2": {"field": "label_y"}, "stroke": literal("colour")}},
        {"data": values(texts), "mark": {"type": "text", "align": "left", "dx": 9, "baseline": "middle", "fontWeight": 600},
         "encoding": {"x": x, "y": q("y"), "text": {"field": "text", "type": "nominal"}, "fill": literal("colour")}},
    ]  # fmt: skip


def _keep_apart(ends: Rows, ends_of_axis: tuple[float, float], height: int) -> None:
    """Give each name a height beside the chart, so that names do not overlap."""
    low, high = ends_of_axis
    per_pixel = (high - low) / height
    ends.sort(key=lambda end: end["y"])
    for end in ends:
        end["label_y"], end["per_pixel"] = end["y"], per_pixel
    for below, above in pairwise(ends):
        above["label_y"] = max(above["label_y"], below["label_y"] + _least_between(below, above) * per_pixel)
    if ends and ends[-1]["label_y"] > high:
        ends[-1]["label_y"] = high
        for above, below in pairwise(reversed(ends)):
            below["label_y"] = min(below["label_y"], above["label_y"] - _least_between(below, above) * per_pixel)


def _least_between(below: Row, above: Row) -> float:
    """Pixels between the middles of two names."""
    return LINE * (len(below["lines"]) + len(above["lines"])) / 2 + 2


def _ring(chart: Lines, column: Column, row: Row) -> Row:
    return {"x": row[chart.x], "y": column.scaled(row[chart.y])}


def _point(chart: Lines, column: Column, row: Row, of: str, links: Links) -> Row:
    is_provisional = row.get("status") in ("P", "E", "F")
    return {
        "x": row[chart.x],
        "y": column.scaled(row[chart.y]),
        "colour": of,
        "fill": "var(--paper)" if is_provisional else of,
        "href": links(row, column) or "",
        "says": describe(str(row[chart.by]), row[chart.x], column, row),
    }


def _steps(chart: Lines, column: Column, of_line: Rows, of: str, order: int) -> Rows:
    """The line from point to point; each run of points without a seam, and each step across one, is a part of its own."""
    steps: Rows = []
    for number, (before, after) in enumerate(pairwise(of_line)):
        seam = refusals.is_seam(before, after, chart) or after[chart.x] - before[chart.x] > 1
        for row in (before, after):
            steps.append(
                {"x": row[chart.x], "y": column.scaled(row[chart.y]), "colour": of, "is_seam": seam, "part": f"{order}-{number}"}
            )  # fmt: skip
    return steps


def _changes(chart: Lines, column: Column, of_line: Rows, of: str) -> Rows:
    """A mark in the middle of each step across which what is counted changes."""
    scope = chart.scope
    if scope is None:
        return []
    return [
        {
            "x": (before[chart.x] + after[chart.x]) / 2,
            "y": ((column.scaled(before[chart.y]) or 0) + (column.scaled(after[chart.y]) or 0)) / 2,
            "colour": of,
            "says": f"{before[chart.by]}, {before[chart.x]} to {after[chart.x]}: {scope.replace('_', ' ')} from {before[scope]} to {after[scope]}",
        }
        for before, after in pairwise(of_line)
        if before[scope] != after[scope]
    ]


def _year_axis(first: int, last: int, width: float) -> Spec:
    fitting = max(int(width // 44), 2)
    step = next((s for s in (1, 2, 5, 10, 20) if (last - first) / s <= fitting), 20)
    years: Sequence[int] = [y for y in range(first, last + 1) if y % step == 0] or [first]
    return {"title": None, "format": "d", "values": years, "grid": False, "tickSize": 4}
