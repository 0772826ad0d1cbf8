"""Charts of lanes: events in their order, and squares that are darker where there is more."""

import math
from datetime import date

from tasks.report.charts.parts import Names, Spec, literal, pixels, values
from tasks.report.model import Heat, Row, Rows, TimeLine

#: Pixels that a point of a time line takes, and from one level of points to the next.
_POINT, _LEVEL = 12, 11


def time_line(chart: TimeLine, rows: Rows, width: int) -> Spec:
    """A lane for each kind; points that would hide each other stand in levels above one another."""
    dated = [row for row in rows if row[chart.when] is not None]
    lanes = list(dict.fromkeys(str(row[chart.lane]) for row in rows))
    first, last = min(row[chart.when] for row in dated), max(row[chart.when] for row in dated)
    plot = float(max(width - Names(lanes, width, [1] * len(lanes)).room - 16, 120))
    days = max((last - first).days, 365)
    placed = [(row, _POINT + (row[chart.when] - first).days / days * (plot - 2 * _POINT)) for row in dated]
    levels = _levels([(str(row[chart.lane]), x) for row, x in placed])
    heights = [_height(lane, placed, levels, chart) for lane in lanes]
    names = Names(lanes, width, heights, 8)
    grounds = {lane: top + height for lane, top, height in zip(lanes, names.tops, heights, strict=True)}
    data: Rows = [
        {"x": x, "y": grounds[str(row[chart.lane])] - 8 - _LEVEL * level, "colour": f"var(--s{lanes.index(str(row[chart.lane])) % 9 + 1})",
         "says": f"{row[chart.label]}, {row[chart.when]}"}
        for (row, x), level in zip(placed, levels, strict=True)
    ]  # fmt: skip
    rules: Rows = [{"y": ground, "x": 0, "x2": plot} for ground in grounds.values()]
    y = pixels("y", names.height)
    layers: list[Spec] = [
        {"data": values(rules), "mark": {"type": "rule", "color": "var(--grid)"}, "encoding": {"x": pixels("x", plot), "x2": {"field": "x2"}, "y": y}},
        {"data": values(data), "mark": {"aria": True, "type": "point", "filled": True, "size": 90, "opacity": 0.9},
         "encoding": {"x": pixels("x", plot), "y": y, "fill": literal("colour"), "description": {"field": "says"}}},
        {"data": values(_years(first, last, days, plot)), "mark": {"type": "text", "color": "var(--muted)", "y": names.height + 10},
         "encoding": {"x": pixels("x", plot), "text": {"field": "text", "type": "nominal"}}},
        names.layer(),
    ]  # fmt: skip
    return {"width": plot, "height": names.height, "layer": layers}


def _height(lane: str, placed: list[tuple[Row, float]], levels: list[int], chart: TimeLine) -> float:
    """Pixels of a lane, with its levels of points."""
    of_lane = [level for (row, _), level in zip(placed, levels, strict=True) if str(row[chart.lane]) == lane]
    return (max(of_lane, default=0) + 1) * _LEVEL + 8


def _levels(points: list[tuple[str, float]]) -> list[int]:
    """The lowest level of each point on which no point of its lane that comes before it is in its way."""
    ends: dict[str, list[float]] = {}
    levels = [0] * len(points)
    for index in sorted(range(len(points)), key=lambda index: points[index][1]):
        lane, x = points[index]
        reached = ends.setdefault(lane, [])
        level = next((number for number, end in enumerate(reached) if x - end >= _POINT), len(reached))
        reached[level : level + 1] = [x]
        levels[index] = level
    return levels


def _years(first: date, last: date, days: int, plot: float) -> Rows:
    """Years below the lanes, as many as have room."""
    span = last.year - first.year
    step = next((s for s in (1, 2, 5, 10, 20) if span / s <= max(plot / 60, 2)), 20)
    shown: Rows = []
    for year in range(first.year, last.year + 1):
        x = _POINT + (date(year, 1, 1) - first).days / days * (plot - 2 * _POINT)
        if year % step == 0 and x >= 0:
            shown.append({"x": x, "text": str(year)})
    return shown


def heat(chart: Heat, rows: Rows, width: int) -> Spec:
    """Five shades: each is ten times the one before, as counts of figures differ by orders of magnitude."""
    filled = [row for row in rows if row[chart.value]]
    lanes, years = sorted({str(row[chart.y]) for row in filled}), sorted({str(row[chart.x]) for row in filled})
    names = Names(lanes, width, [15] * len(lanes), 2)
    plot = float(max(width - names.room - 14, 120))
    tops, side = dict(zip(lanes, names.tops, strict=True)), plot / len(years)
    data = [_square(chart, row, tops[str(row[chart.y])], years.index(str(row[chart.x])) * side, side) for row in filled]
    step = math.ceil(len(years) * 42 / plot)
    labels: Rows = [
        {"x": (number + 0.5) * side, "text": year} for number, year in enumerate(years) if number % step == 0
    ]
    x, y = pixels("x", plot), pixels("y", names.height)
    layers: list[Spec] = [
        {"data": values(data), "mark": {"aria": True, "type": "rect", "stroke": "var(--paper)", "strokeWidth": 1 if width > 500 else 0.4},
         "encoding": {"x": x, "x2": {"field": "x2"}, "y": y, "y2": {"field": "y2"}, "fill": literal("colour"), "description": {"field": "says"}}},
        {"data": values(labels), "mark": {"type": "text", "color": "var(--muted)", "y": names.height + 10},
         "encoding": {"x": x, "text": {"field": "text", "type": "nominal"}}},
        names.layer(),
    ]  # fmt: skip
    return {"width": plot, "height": names.height, "layer": layers}


def _square(chart: Heat, row: Row, top: float, left: float, side: float) -> Row:
    return {
        "x": left, "x2": left + side, "y": top, "y2": top + 15, "colour": f"var(--q{min(int(math.log10(row[chart.value])) + 1, 5)})",
        "says": f"{row[chart.y]}, {row[chart.x]}: {row[chart.value]:,}",
    }  # fmt: skip
