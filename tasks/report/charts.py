"""From an exhibit's rows to a Vega-Lite specification. Colours are variables of the page's style sheet, so that they follow light and dark."""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from tasks.report import refusals
from tasks.report.model import Bars, Column, Dumbbell, Exhibit, Heat, Lines, Row, Rows, Shares, TimeLine

Spec = dict[str, Any]
#: The address of the trace of a value in a row, as seen from the exhibit's page, or None.
Links = Callable[[Row, Column], str | None]

#: Widths in pixels: of a chart on a wide page, on a phone, and in a grid of small ones.
WIDTHS = {"wide": 720, "narrow": 340, "small": 380}

#: Who always has the same colour, so that a reader learns it once.
_COLOURS = {"JPN": 1, "USA": 3, "KOR": 4, "HKG": 5, "CHN": 6, "WLD": 7, "TWN": 8, "SGP": 9,
            "CN-LN": 1, "CN-JL": 2, "CN-HL": 3}  # fmt: skip
_FREE = (8, 9, 5, 4, 3, 2, 1, 6, 7)
#: Fonts that vl-convert measures with; the page's own stack is in its style sheet.
_FONT = "DejaVu Sans, Verdana, Helvetica, Arial, sans-serif"
_TEXT = 12
#: Pixels of a character: rather too many, as a reader's font may be wide.
_CHARACTER = 7.3


def spec(exhibit: Exhibit, rows: Rows, width: int, links: Links) -> Spec:
    """The specification of an exhibit's chart, ``width`` pixels wide."""
    chart = exhibit.chart
    match chart:
        case Lines():
            drawn = _lines(exhibit, chart, rows, width, links)
        case Bars():
            drawn = _bars(exhibit, chart, rows, width, links)
        case Shares():
            drawn = _shares(exhibit, chart, rows, width)
        case Dumbbell():
            drawn = _dumbbell(exhibit, chart, rows, width, links)
        case TimeLine():
            drawn = _time_line(chart, rows, width)
        case Heat():
            drawn = _heat(chart, rows, width)
        case _:
            raise TypeError(f"{exhibit.slug} has no chart")
    return {"$schema": "https://vega.github.io/schema/vega-lite/v5.json", "config": _CONFIG, "padding": 2, **drawn}


_AXIS = {
    "labelColor": "var(--muted)", "labelFontSize": _TEXT, "titleColor": "var(--muted)", "titleFontSize": _TEXT,
    "titleFontWeight": "normal", "domainColor": "var(--rule)", "tickColor": "var(--rule)", "gridColor": "var(--grid)",
    "labelFont": _FONT, "titleFont": _FONT,
    # Looking for labels that are too long or overlap measures each text several times, half of the time of a chart: here they fit.
    "labelLimit": 0, "labelOverlap": False,
}  # fmt: skip
#: Only marks that have a description of their own say anything to a screen reader and on hovering ("aria").
_CONFIG = {
    "background": "transparent", "mark": {"aria": False}, "view": {"stroke": None}, "axis": _AXIS,
    "text": {"font": _FONT, "fontSize": _TEXT, "color": "var(--ink)"}, "scale": {"zero": False},
}  # fmt: skip


def _colour(code: Any, order: int) -> str:
    number = 2 if str(code).startswith("EU") else _COLOURS.get(str(code), _FREE[order % len(_FREE)])
    return f"var(--s{number})"


def _text_width(texts: Sequence[str]) -> float:
    """Pixels that the longest text takes; Chinese and Japanese characters are twice as wide."""
    return max((sum(_CHARACTER * (1.8 if ord(c) > 0x2E7F else 1) for c in text) for text in texts), default=0)


def _clipped(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _fitting(text: str, most: int) -> str:
    """A text without what stands in brackets at its end where it is too long, and cut where that is not enough."""
    return _clipped(text.split(" (")[0] if len(text) > most else text, most)


def _values(rows: Rows) -> Spec:
    return {"values": rows}


def _q(field: str, **more: Any) -> Spec:
    return {"field": field, "type": "quantitative", **more}


def _literal(field: str) -> Spec:
    """A channel whose values are what they say: colours, addresses."""
    return {"field": field, "type": "nominal", "scale": None}


def _describe(name: str, when: Any, column: Column, row: Row) -> str:
    """What hovering over a mark shows: what it is, its value, and who published it."""
    unit = f" {column.unit}" if column.unit else ""
    source = column.source_in(row)
    of = f" · {source}" if source else ""
    start = f"{name}, {when}" if when is not None else name
    return f"{start}: {column.written(row[column.name])}{unit}{of}"


def _domain(values: Sequence[float], from_zero: bool) -> tuple[float, float]:
    """Ends of an axis, at round numbers."""
    low, high = min(values), max(values)
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    step = 10 ** math.floor(math.log10(max(high - low, 1e-9))) / 2
    return math.floor(low / step) * step, math.ceil(high / step) * step


# ------------------------------------------------------------------------------------------------------------------ lines


def _lines(exhibit: Exhibit, chart: Lines, rows: Rows, width: int, links: Links) -> Spec:
    column = exhibit.column(chart.y)
    series = refusals.lines(rows, chart)
    height = 190 if width <= WIDTHS["small"] else 300 if width > WIDTHS["narrow"] else 240
    points, steps, ends = [], [], []
    for order, (name, of_line) in enumerate(series.items()):
        colour = _colour(of_line[0][chart.code] if chart.code else name, order)
        points += [_point(chart, column, row, colour, links) for row in of_line]
        steps += _steps(chart, column, of_line, colour, order)
        ends.append(
            {"x": of_line[-1][chart.x], "y": column.scaled(of_line[-1][chart.y]), "name": name, "colour": colour}
        )
    low, high = _domain([p["y"] for p in points], chart.from_zero and not chart.log)
    _keep_apart(ends, (low, high), height)
    for end in ends:
        end["name"] = _clipped(str(end["name"]).split(" (")[0], 16 if width < 500 else 26)
    years = [p["x"] for p in points]
    plot = width - 52 - (_room_for_names(ends, years, width - 52) if len(series) > 1 else 8)
    x_scale = {"domain": [min(years) - 0.3, max(years) + 0.3], "nice": False}
    x: Spec = _q("x", scale=x_scale, axis=_year_axis(min(years), max(years), width))
    y: Spec = _q(
        "y", scale={"type": "log"} if chart.log else {"domain": [low, high], "nice": False}, axis=_value_axis()
    )
    layers: list[Spec] = [
        {
            "data": _values(steps),
            "mark": {"type": "line", "strokeWidth": 2, "strokeJoin": "round"},
            "encoding": {"x": x, "y": y, "detail": {"field": "part"}, "stroke": _literal("colour"),
                         "strokeDash": {"field": "is_seam", "type": "nominal", "legend": None, "scale": {"domain": [False, True], "range": [[1, 0], [2, 4]]}}},
        },
        {
            "data": _values(points),
            "mark": {"aria": True, "type": "point", "filled": True, "size": 42, "opacity": 1},
            "encoding": {"x": x, "y": y, "fill": _literal("fill"), "stroke": _literal("colour"),
                         "href": {"field": "href"}, "description": {"field": "says"}},
        },
    ]  # fmt: skip
    if chart.ringed:
        ringed = [_ring(chart, column, row) for of_line in series.values() for row in of_line if row[chart.ringed]]
        layers.append({"data": _values(ringed), "mark": {"type": "point", "filled": False, "size": 190, "strokeWidth": 1.5, "stroke": "var(--ink)"}, "encoding": {"x": x, "y": y}})  # fmt: skip
    if low < 0 < high:
        layers.insert(
            0,
            {"data": _values([{"y": 0}]), "mark": {"type": "rule", "color": "var(--rule)"}, "encoding": {"y": _q("y")}},
        )
    if len(series) > 1:
        # Beneath lines and points: a name must not hide a value.
        layers.insert(
            0,
            {
                "data": _values(ends),
                "mark": {"type": "text", "align": "left", "dx": 12 if chart.ringed else 8, "baseline": "middle", "fontWeight": 600},
                "encoding": {"x": {**_q("x"), "scale": x_scale}, "y": {**_q("label_y")}, "text": {"field": "name"}, "fill": _literal("colour")},
            }
        )  # fmt: skip
    return {"title": _unit(column), "width": plot, "height": height, "layer": layers}


def _unit(column: Column) -> Spec:
    """The unit of the values, above the drawing."""
    return {
        "text": column.unit, "anchor": "start", "frame": "bounds", "offset": 6, "color": "var(--muted)", "font": _FONT, "fontSize": _TEXT, "fontWeight": "normal",
    }  # fmt: skip


def _ring(chart: Lines, column: Column, row: Row) -> Row:
    return {"x": row[chart.x], "y": column.scaled(row[chart.y])}


def _room_for_names(ends: Rows, years: Sequence[int], most: float) -> float:
    """Pixels beyond the plot that the names at the ends of lines take: less for a line that ends early."""
    span = max(max(years) - min(years), 1) + 0.6
    over = []
    for end in ends:
        taken, reached = _text_width([end["name"]]) + 12, (end["x"] - min(years) + 0.3) / span
        # reached * plot + taken = plot + room, and plot + room = most
        over.append(most - (most - taken) / reached if reached > 0.2 else 0)
    return max([8, *over])


def _point(chart: Lines, column: Column, row: Row, colour: str, links: Links) -> Row:
    is_provisional = row.get("status") in ("P", "E", "F")
    return {
        "x": row[chart.x],
        "y": column.scaled(row[chart.y]),
        "colour": colour,
        "fill": "var(--paper)" if is_provisional else colour,
        "href": links(row, column) or "",
        "says": _describe(str(row[chart.by]), row[chart.x], column, row),
    }


def _steps(chart: Lines, column: Column, of_line: Rows, colour: str, order: int) -> Rows:
    """The line from point to point; each run of points without a seam, and each step across one, is a part of its own."""
    steps: Rows = []
    for number, (before, after) in enumerate(pairwise(of_line)):
        seam = refusals.is_seam(before, after, chart) or after[chart.x] - before[chart.x] > 1
        for row in (before, after):
            steps.append(
                {"x": row[chart.x], "y": column.scaled(row[chart.y]), "colour": colour, "is_seam": seam, "part": f"{order}-{number}"}
            )  # fmt: skip
    return steps


def _keep_apart(ends: Rows, domain: tuple[float, float], height: int) -> None:
    """Give each name a height beside the chart, so that names do not overlap."""
    low, high = domain
    least = (_TEXT + 3) / height * (high - low)
    ends.sort(key=lambda end: end["y"])
    for end in ends:
        end["label_y"] = end["y"]
    for below, above in pairwise(ends):
        above["label_y"] = max(above["label_y"], below["label_y"] + least)
    if ends and ends[-1]["label_y"] > high:
        ends[-1]["label_y"] = high
        for above, below in pairwise(reversed(ends)):
            below["label_y"] = min(below["label_y"], above["label_y"] - least)


def _year_axis(first: int, last: int, width: int) -> Spec:
    fitting = max(width // 75, 2)
    step = next((s for s in (1, 2, 5, 10, 20) if (last - first) / s <= fitting), 20)
    years = [y for y in range(first, last + 1) if y % step == 0] or [first]
    return {"title": None, "format": "d", "values": years, "grid": False, "tickSize": 4}


def _value_axis() -> Spec:
    return {"title": None, "format": ",~f", "tickCount": 5, "domain": False, "ticks": False, "labelPadding": 6}


# ------------------------------------------------------------------------------------------------------------------- bars


def _bars(exhibit: Exhibit, chart: Bars, rows: Rows, width: int, links: Links) -> Spec:
    column = exhibit.column(chart.value)
    most = 22 if width < 500 else 38
    data: Rows = [
        {
            "name": _fitting(str(row[chart.category]), most),
            "order": order,
            "value": column.scaled(row[chart.value]),
            "text": column.written(row[chart.value]),
            "colour": "var(--s1)" if chart.emphasis and row[chart.emphasis] else "var(--bar)",
            "href": links(row, column) or "",
            "says": _describe(str(row[chart.category]), row.get("year"), column, row),
        }
        for order, row in enumerate(rows)
        if row[chart.value] is not None
    ]
    names = [row["name"] for row in data]
    room = width - _text_width(names) - 16 - _text_width([row["text"] for row in data])
    y: Spec = {"field": "order", "type": "ordinal", "axis": None}
    x = _q("value", axis=None, scale={"type": "log"} if chart.log else {"zero": True})
    layers: list[Spec] = [
        {"mark": {"aria": True, "type": "bar", "height": {"band": 0.72}},
         "encoding": {"x": x, "y": y, "fill": _literal("colour"), "href": {"field": "href"}, "description": {"field": "says"}}},
        {"mark": {"type": "text", "align": "left", "dx": 4, "color": "var(--muted)"},
         "encoding": {"x": {**x}, "y": y, "text": {"field": "text", "type": "nominal"}}},
        {"mark": {"type": "text", "align": "left"},
         "encoding": {"x": {"value": -_text_width(names) - 8}, "y": y, "text": {"field": "name", "type": "nominal"}}},
    ]  # fmt: skip
    return {
        "title": _unit(column),
        "data": _values(data),
        "width": max(room, 80),
        "height": {"step": 24},
        "layer": layers,
    }


def _shares(exhibit: Exhibit, chart: Shares, rows: Rows, width: int) -> Spec:
    column = exhibit.column(chart.value)
    sums: dict[Any, float] = {}
    for row in rows:
        sums[row[chart.whole]] = sums.get(row[chart.whole], 0.0) + (column.scaled(row[chart.value]) or 0.0)
    orders: dict[Any, int] = {}
    reached: dict[Any, float] = {}
    data = []
    for row in rows:
        whole, value = row[chart.whole], column.scaled(row[chart.value])
        if not value:
            continue
        order = orders.setdefault(str(row[chart.member]), len(orders))
        start = reached.get(whole, 0.0)
        share = value / sums[whole]
        reached[whole] = start + share
        wide_enough = share * (width - 60) > _text_width([str(row[chart.member])]) + 8
        data.append(
            {
                "whole": str(whole), "from": start, "to": start + share, "middle": start + share / 2,
                "colour": _colour(row[chart.code] if chart.code else row[chart.member], order),
                "name": str(row[chart.member]) if wide_enough else "",
                "says": f"{row[chart.member]}, {whole}: {share:.1%} ({column.written(row[chart.value])} {column.unit})",
            }
        )  # fmt: skip
    y: Spec = {
        "field": "whole",
        "type": "ordinal",
        "sort": None,
        "axis": {"title": None, "domain": False, "ticks": False},
    }
    x = _q("from", scale={"domain": [0, 1]}, axis={"title": None, "format": ".0%", "tickCount": 5, "grid": False})
    layers: list[Spec] = [
        {"mark": {"aria": True, "type": "bar", "stroke": "var(--paper)", "strokeWidth": 1},
         "encoding": {"x": x, "x2": {"field": "to"}, "y": y, "fill": _literal("colour"), "description": {"field": "says"}}},
        {"mark": {"type": "text", "color": "var(--on-bar)", "fontWeight": 600}, "encoding": {"x": _q("middle"), "y": y, "text": {"field": "name"}}},
    ]  # fmt: skip
    return {"data": _values(data), "width": width - 60, "height": {"step": 32}, "layer": layers}


# -------------------------------------------------------------------------------------------------------- two values a row


def _dumbbell(exhibit: Exhibit, chart: Dumbbell, rows: Rows, width: int, links: Links) -> Spec:
    left = exhibit.column(chart.left)
    sides = [(left, "var(--s1)"), (exhibit.column(chart.right), "var(--s3)")]
    headings, named = _placed(chart, rows, 20 if width < 500 else 40)
    rules: Rows = []
    points: Rows = []
    for place, row in named:
        ends = [column.scaled(row[column.name]) for column, _ in sides]
        if None not in ends:
            rules.append({"order": place["order"], "from": ends[0], "to": ends[1]})
        points += [
            {
                "order": place["order"],
                "value": value,
                "colour": colour,
                "href": links(row, column) or "",
                "says": _describe(f"{column.label}, {_category(chart, row)}", None, column, row),
            }
            for (column, colour), value in zip(sides, ends, strict=True)
            if value is not None
        ]
    names = [place for place, _ in named]
    room = _text_width([place["name"] for place in names]) + 12
    y: Spec = {
        "field": "order",
        "type": "ordinal",
        "scale": {"domain": list(range(len(headings) + len(named)))},
        "axis": None,
    }
    x = _q(
        "value",
        scale={"zero": False, "nice": True},
        axis={"title": left.unit or None, "titleAlign": "right", "titleAnchor": "end", "format": ",~f", "tickCount": 5},
    )
    at_left, text = {"value": -room}, {"field": "name", "type": "nominal"}
    layers: list[Spec] = [
        {"data": _values(names), "mark": {"type": "rule", "color": "var(--grid)"}, "encoding": {"y": y}},
        {"data": _values(rules), "mark": {"type": "rule", "strokeWidth": 3, "color": "var(--rule)"},
         "encoding": {"x": _q("from"), "x2": {"field": "to"}, "y": y}},
        {"data": _values(points), "mark": {"aria": True, "type": "point", "filled": True, "size": 90, "opacity": 1},
         "encoding": {"x": x, "y": y, "fill": _literal("colour"), "href": {"field": "href"}, "description": {"field": "says"}}},
        {"data": _values(names), "mark": {"type": "text", "align": "left"}, "encoding": {"x": at_left, "y": y, "text": text}},
        {"data": _values(headings), "mark": {"type": "text", "align": "left", "fontWeight": 600}, "encoding": {"x": at_left, "y": y, "text": text}},
        *(
            {"data": _values([{"name": f"● {column.label}", "colour": colour}]),
             "mark": {"type": "text", "align": "left", "fontWeight": 600, "y": -14 - 16 * (1 - number), "x": 0},
             "encoding": {"text": {"field": "name"}, "fill": _literal("colour")}}
            for number, (column, colour) in enumerate(sides)
        ),
    ]  # fmt: skip
    return {
        "width": max(width - room - 24, 120),
        "height": {"step": 26 if chart.within is None else 22},
        "layer": layers,
    }


def _placed(chart: Dumbbell, rows: Rows, most: int) -> tuple[Rows, list[tuple[Row, Row]]]:
    """Headings, and names with their rows, each with its place from the top: rows of one ``within`` stand below its heading."""
    headings: Rows = []
    named: list[tuple[Row, Row]] = []
    last = None
    for row in rows:
        heading = str(row[chart.within]) if chart.within else None
        if heading is not None and heading != last:
            headings.append({"name": heading, "order": len(headings) + len(named)})
            last = heading
        named.append(({"name": _clipped(str(row[chart.category]), most), "order": len(headings) + len(named)}, row))
    return headings, named


def _category(chart: Dumbbell, row: Row) -> str:
    return f"{row[chart.within]}, {row[chart.category]}" if chart.within else str(row[chart.category])


def _time_line(chart: TimeLine, rows: Rows, width: int) -> Spec:
    lanes = list(dict.fromkeys(str(row[chart.lane]) for row in rows))
    data = [
        {"when": row[chart.when].isoformat(), "lane": str(row[chart.lane]), "colour": f"var(--s{lanes.index(str(row[chart.lane])) % 9 + 1})",
         "says": f"{row[chart.label]}, {row[chart.when]}"}
        for row in rows if row[chart.when] is not None
    ]  # fmt: skip
    room = _text_width([_clipped(lane, 22) for lane in lanes])
    layer: Spec = {
        "mark": {"aria": True, "type": "point", "filled": True, "size": 110, "opacity": 0.85},
        "encoding": {
            "x": {"field": "when", "type": "temporal", "axis": {"title": None, "format": "%Y", "tickCount": max(width // 90, 3)}},
            "y": {"field": "lane", "type": "ordinal", "sort": lanes, "axis": {"title": None, "domain": False, "ticks": False, "grid": True, "labelLimit": 150}},
            "fill": _literal("colour"),
            "description": {"field": "says"},
        },
    }  # fmt: skip
    return {"data": _values(data), "width": max(width - room - 24, 120), "height": {"step": 40}, "layer": [layer]}


def _heat(chart: Heat, rows: Rows, width: int) -> Spec:
    """Five shades: each is ten times the one before, as counts of figures differ by orders of magnitude."""
    data = [
        {"x": str(row[chart.x]), "y": _clipped(str(row[chart.y]), 34 if width > 500 else 18), "says": f"{row[chart.y]}, {row[chart.x]}: {row[chart.value]:,}",
         "colour": f"var(--q{min(int(math.log10(row[chart.value])) + 1, 5)})"}
        for row in rows if row[chart.value]
    ]  # fmt: skip
    years = sorted({row["x"] for row in data})
    room = _text_width(sorted({row["y"] for row in data})) + 14
    plot = max(width - room, 120)
    shown = years[:: math.ceil(len(years) * 42 / plot)]
    layer: Spec = {
        "mark": {"aria": True, "type": "rect", "stroke": "var(--paper)", "strokeWidth": 1 if width > 500 else 0.4},
        "encoding": {
            "x": {"field": "x", "type": "ordinal", "sort": years, "axis": {"title": None, "values": shown, "labelAngle": 0, "ticks": False, "domain": False}},
            "y": {"field": "y", "type": "ordinal", "axis": {"title": None, "ticks": False, "domain": False}},
            "fill": _literal("colour"),
            "description": {"field": "says"},
        },
    }  # fmt: skip
    return {"data": _values(data), "width": plot, "height": {"step": 17}, "layer": [layer]}
