"""From an exhibit's rows to a Vega-Lite specification. Colours are variables of the page's style sheet, so that they follow light and dark."""

from collections.abc import Sequence

from tasks.report.charts import grids, lines, rows
from tasks.report.charts.parts import CONFIG, WIDTHS, Links, Spec
from tasks.report.model import Bars, Dumbbell, Exhibit, Heat, Lines, Row, Rows, Shares, TimeLine

__all__ = ["WIDTHS", "Links", "can_be_drawn", "spec"]

#: Rows with both values that a chart of two values needs: of one row the sentence above says all.
_LEAST_PAIRS = 2


def spec(exhibit: Exhibit, of_exhibit: Rows, width: int, links: Links) -> Spec:
    """The specification of an exhibit's chart, ``width`` pixels wide."""
    chart = exhibit.chart
    match chart:
        case Lines():
            drawn = lines.drawn(exhibit, chart, of_exhibit, width, links)
        case Bars():
            drawn = rows.bars(exhibit, chart, of_exhibit, width, links)
        case Shares():
            drawn = rows.shares(exhibit, chart, of_exhibit, width)
        case Dumbbell():
            drawn = rows.dumbbell(exhibit, chart, of_exhibit, width, links)
        case TimeLine():
            drawn = grids.time_line(chart, of_exhibit, width)
        case Heat():
            drawn = grids.heat(chart, of_exhibit, width)
        case _:
            raise TypeError(f"{exhibit.slug} has no chart")
    return {"$schema": "https://vega.github.io/schema/vega-lite/v5.json", "config": CONFIG, "padding": 2, **drawn}


def can_be_drawn(exhibit: Exhibit, of_exhibit: Sequence[Row]) -> bool:
    """Whether an exhibit has a chart and its rows have values for it."""
    chart = exhibit.chart
    if chart is None:
        return False
    if isinstance(chart, Dumbbell):
        return len(rows.with_both(chart, list(of_exhibit))) >= _LEAST_PAIRS
    if isinstance(chart, Heat):
        return any(row[chart.value] for row in of_exhibit)
    names = [getattr(chart, name) for name in ("y", "value", "when") if hasattr(chart, name)]
    return any(row[name] is not None for row in of_exhibit for name in names if name in row)
