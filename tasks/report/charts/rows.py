"""Charts with one row a thing: bars, shares of a hundred percent, and two values side by side."""

from typing import Any

from tasks.report.charts.parts import (
    Links,
    Names,
    Spec,
    colour,
    describe,
    key,
    literal,
    pixels,
    q,
    text_width,
    unit_of,
    values,
    wrapped,
)
from tasks.report.model import Bars, Dumbbell, Exhibit, Row, Rows, Shares


def bars(exhibit: Exhibit, chart: Bars, rows: Rows, width: int, links: Links) -> Spec:
    """Horizontal bars with their values at the ends."""
    column = exhibit.column(chart.value)
    with_value = [row for row in rows if row[chart.value] is not None]
    names = Names([_plain(str(row[chart.category])) for row in with_value], width, [17] * len(with_value))
    data: Rows = [
        {
            "y": top,
            "y2": top + 17,
            "middle": top + 8.5,
            "zero": 0,
            "value": column.scaled(row[chart.value]),
            "text": column.written(row[chart.value]),
            "colour": "var(--s1)" if chart.emphasis and row[chart.emphasis] else "var(--bar)",
            "href": links(row, column) or "",
            "says": describe(str(row[chart.category]), row.get("year"), column, row),
        }
        for top, row in zip(names.tops, with_value, strict=True)
    ]
    if chart.log:
        least = min(row["value"] for row in data)
        data = [{**row, "zero": least / 2} for row in data]
    plot = max(width - names.room - text_width([row["text"] for row in data]) - 8, 80)
    x = q("value", axis=None, scale={"type": "log"} if chart.log else {"zero": True})
    layers: list[Spec] = [
        {"mark": {"aria": True, "type": "rect"},
         "encoding": {"x": x, "x2": {"field": "zero"}, "y": pixels("y", names.height), "y2": {"field": "y2"}, "fill": literal("colour"),
                      "href": {"field": "href"}, "description": {"field": "says"}}},
        {"mark": {"type": "text", "align": "left", "dx": 4, "baseline": "middle", "color": "var(--muted)"},
         "encoding": {"x": {**x}, "y": pixels("middle", names.height), "text": {"field": "text", "type": "nominal"}}},
        names.layer(),
    ]  # fmt: skip
    return {"title": unit_of(column), "data": values(data), "width": plot, "height": names.height, "layer": layers}


def _plain(name: str) -> str:
    """A long name without what stands in brackets at its end."""
    return name.split(" (")[0] if len(name) > 38 else name


def shares(exhibit: Exhibit, chart: Shares, rows: Rows, width: int) -> Spec:
    """Bars of a hundred percent: the names of the members above, in their colours, and their shares in the bars."""
    column = exhibit.column(chart.value)
    sums: dict[Any, float] = {}
    for row in rows:
        sums[row[chart.whole]] = sums.get(row[chart.whole], 0.0) + (column.scaled(row[chart.value]) or 0.0)
    names = Names([str(whole) for whole in sums], width, [22] * len(sums))
    tops = dict(zip(sums, names.tops, strict=True))
    plot = width - names.room - 24
    colours: dict[str, str] = {}
    reached: dict[Any, float] = {}
    data = []
    for row in rows:
        whole, value, member = row[chart.whole], column.scaled(row[chart.value]), str(row[chart.member])
        if not value:
            continue
        of = colours.setdefault(member, colour(row[chart.code] if chart.code else member, len(colours)))
        start = reached.get(whole, 0.0)
        share = value / sums[whole]
        reached[whole] = start + share
        percent = f"{share:.0%}"
        data.append(
            {
                "y": tops[whole], "y2": tops[whole] + 22, "row": tops[whole] + 11, "from": start, "to": start + share, "middle": start + share / 2, "colour": of,
                "text": percent if share * plot > text_width([percent]) + 6 else "",
                "says": f"{member}, {whole}: {share:.1%} ({column.written(row[chart.value])} {column.unit})",
            }
        )  # fmt: skip
    x = q("from", scale={"domain": [0, 1]}, axis={"title": None, "format": ".0%", "tickCount": 5, "grid": False})
    layers: list[Spec] = [
        {"mark": {"aria": True, "type": "rect", "stroke": "var(--paper)", "strokeWidth": 1},
         "encoding": {"x": x, "x2": {"field": "to"}, "y": pixels("y", names.height), "y2": {"field": "y2"}, "fill": literal("colour"), "description": {"field": "says"}}},
        {"mark": {"type": "text", "baseline": "middle", "color": "var(--on-bar)", "fontWeight": 600},
         "encoding": {"x": q("middle"), "y": pixels("row", names.height), "text": {"field": "text"}}},
        names.layer(),
        *key(list(colours.items()), width, -names.room),
    ]  # fmt: skip
    return {"data": values(data), "width": plot, "height": names.height, "layer": layers}


def with_both(chart: Dumbbell, rows: Rows) -> Rows:
    """The rows that have both values: one point alone is no comparison."""
    return [row for row in rows if row[chart.left] is not None and row[chart.right] is not None]


def dumbbell(exhibit: Exhibit, chart: Dumbbell, rows: Rows, width: int, links: Links) -> Spec:
    """Two values of each row as points with the gap between them."""
    left = exhibit.column(chart.left)
    sides = [(left, "var(--s1)"), (exhibit.column(chart.right), "var(--s3)")]
    headings, named = _placed(chart, with_both(chart, rows), width)
    rules: Rows = []
    points: Rows = []
    for place, row in named:
        ends = [column.scaled(row[column.name]) for column, _ in sides]
        rules.append({"order": place["order"], "from": ends[0], "to": ends[1]})
        points += [
            {
                "order": place["order"],
                "value": value,
                "colour": of,
                "href": links(row, column) or "",
                "says": describe(f"{column.label}, {_category(chart, row)}", None, column, row),
            }
            for (column, of), value in zip(sides, ends, strict=True)
        ]
    names = [place for place, _ in named]
    room = text_width([place["name"] for place in names]) + 12
    plot = max(width - room - 24, 120)
    y: Spec = {"field": "order", "type": "ordinal", "scale": {"domain": list(range(len(headings) + len(named)))}, "axis": None}  # fmt: skip
    x = q(
        "value",
        scale={"zero": False, "nice": True},
        axis={"title": left.unit or None, "titleAlign": "right", "titleAnchor": "end", "format": ",~f", "tickCount": max(min(plot // 70, 5), 2)},
    )  # fmt: skip
    at_left, text = {"value": -room}, {"field": "name", "type": "nominal"}
    layers: list[Spec] = [
        {"data": values(names), "mark": {"type": "rule", "color": "var(--grid)"}, "encoding": {"y": y}},
        {"data": values(rules), "mark": {"type": "rule", "strokeWidth": 3, "color": "var(--rule)"},
         "encoding": {"x": q("from"), "x2": {"field": "to"}, "y": y}},
        {"data": values(points), "mark": {"aria": True, "type": "point", "filled": True, "size": 90, "opacity": 1},
         "encoding": {"x": x, "y": y, "fill": literal("colour"), "href": {"field": "href"}, "description": {"field": "says"}}},
        {"data": values(names), "mark": {"type": "text", "align": "left"}, "encoding": {"x": at_left, "y": y, "text": text}},
        {"data": values(headings), "mark": {"type": "text", "align": "left", "fontWeight": 600}, "encoding": {"x": at_left, "y": y, "text": text}},
        *key([(column.label, of) for column, of in sides], width, -room),
    ]  # fmt: skip
    return {"width": plot, "height": {"step": 26 if chart.within is None else 22}, "layer": layers}


def _placed(chart: Dumbbell, rows: Rows, width: int) -> tuple[Rows, list[tuple[Row, Row]]]:
    """Headings, and names with their rows, each with its place from the top: rows of one ``within`` stand below its heading."""
    headings: Rows = []
    named: list[tuple[Row, Row]] = []
    last = None
    for row in rows:
        heading = str(row[chart.within]) if chart.within else None
        if heading is not None and heading != last:
            headings.append({"name": heading, "order": len(headings) + len(named)})
            last = heading
        (name,) = wrapped(str(row[chart.category]), width * 0.45, 1)
        named.append(({"name": name, "order": len(headings) + len(named)}, row))
    return headings, named


def _category(chart: Dumbbell, row: Row) -> str:
    return f"{row[chart.within]}, {row[chart.category]}" if chart.within else str(row[chart.category])
