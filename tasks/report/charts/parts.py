"""What all charts share: widths, colours, how much room a text takes, and small parts of specifications."""

import math
import textwrap
from collections.abc import Callable, Sequence
from typing import Any

from tasks.report.model import Column, Row, Rows

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
FONT = "DejaVu Sans, Verdana, Helvetica, Arial, sans-serif"
TEXT = 12
#: Pixels from one line of text to the next.
LINE = 15
#: Pixels of a character: rather too many, as a reader's font may be wide.
_CHARACTER = 7.3
#: The part of a chart's width that names beside it may take; longer ones stand above what they name.
_MOST_BESIDE = 0.42

_AXIS = {
    "labelColor": "var(--muted)", "labelFontSize": TEXT, "titleColor": "var(--muted)", "titleFontSize": TEXT,
    "titleFontWeight": "normal", "domainColor": "var(--rule)", "tickColor": "var(--rule)", "gridColor": "var(--grid)",
    "labelFont": FONT, "titleFont": FONT,
    # Looking for labels that are too long or overlap measures each text several times, half of the time of a chart: here they fit.
    "labelLimit": 0, "labelOverlap": False,
}  # fmt: skip
#: Only marks that have a description of their own say anything to a screen reader and on hovering ("aria").
CONFIG = {
    "background": "transparent", "mark": {"aria": False}, "view": {"stroke": None}, "axis": _AXIS,
    "text": {"font": FONT, "fontSize": TEXT, "color": "var(--ink)"}, "scale": {"zero": False},
}  # fmt: skip


def colour(code: Any, order: int) -> str:
    """The colour of a place or of another member, ``order`` of those that have none of their own."""
    number = 2 if str(code).startswith("EU") else _COLOURS.get(str(code), _FREE[order % len(_FREE)])
    return f"var(--s{number})"


def text_width(texts: Sequence[str]) -> float:
    """Pixels that the longest text takes; Chinese and Japanese characters are twice as wide."""
    return max((sum(_CHARACTER * (1.8 if ord(c) > 0x2E7F else 1) for c in text) for text in texts), default=0)


def wrapped(text: str, pixels: float, lines: int = 3) -> list[str]:
    """A text in lines that fit; what does not fit into the last of them is cut, with an ellipsis."""
    most = max(int(pixels / _CHARACTER), 6)
    return textwrap.wrap(text, most, max_lines=lines, placeholder="…", break_on_hyphens=False) or [""]


def values(rows: Rows) -> Spec:
    """The data of a layer."""
    return {"values": rows}


def q(field: str, **more: Any) -> Spec:
    """A channel of numbers."""
    return {"field": field, "type": "quantitative", **more}


def literal(field: str) -> Spec:
    """A channel whose values are what they say: colours, addresses."""
    return {"field": field, "type": "nominal", "scale": None}


def pixels(field: str, size: float) -> Spec:
    """A channel of pixels from the top or the left."""
    return q(field, scale={"domain": [0, size], "range": [0, size], "nice": False, "zero": False}, axis=None)


def describe(name: str, when: Any, column: Column, row: Row) -> str:
    """What hovering over a mark shows: what it is, its value, and who published it."""
    unit = f" {column.unit}" if column.unit else ""
    source = column.source_in(row)
    of = f" · {source}" if source else ""
    start = f"{name}, {when}" if when is not None else name
    return f"{start}: {column.written(row[column.name])}{unit}{of}"


def domain(numbers: Sequence[float], from_zero: bool) -> tuple[float, float]:
    """Ends of an axis, at round numbers."""
    low, high = min(numbers), max(numbers)
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    step = 10 ** math.floor(math.log10(max(high - low, 1e-9))) / 2
    return math.floor(low / step) * step, math.ceil(high / step) * step


def value_axis(**more: Any) -> Spec:
    """An axis of values without a line of its own."""
    return {"title": None, "format": ",~f", "tickCount": 5, "domain": False, "ticks": False, "labelPadding": 6, **more}


def unit_of(column: Column) -> Spec:
    """The unit of the values, above the drawing."""
    return {
        "text": column.unit, "anchor": "start", "frame": "bounds", "offset": 6, "color": "var(--muted)", "font": FONT, "fontSize": TEXT, "fontWeight": "normal",
    }  # fmt: skip


class Names:
    """Where the names of rows stand: beside them where all of them fit, otherwise above them.

    ``thick`` are the pixels that each row is high; ``room`` are those beside the plot, and ``texts`` the lines of the names with their places.
    """

    def __init__(self, names: Sequence[str], width: float, thick: Sequence[float], gap: float = 6) -> None:
        self.are_beside = text_width(names) <= width * _MOST_BESIDE
        self.room = text_width(names) + 10 if self.are_beside else 0
        broken = [[name] if self.are_beside else wrapped(name, width, 2) for name in names]
        self.texts: Rows = []
        self.tops: list[float] = []
        top = 0.0
        for lines, height in zip(broken, thick, strict=True):
            if not self.are_beside:
                self.texts += [{"text": line, "y": top + LINE * (number + 0.6)} for number, line in enumerate(lines)]
                top += LINE * len(lines) + 2
            else:
                self.texts.append({"text": lines[0], "y": top + height / 2})
            self.tops.append(top)
            top += height + (gap if self.are_beside else gap + 4)
        self.height = max(top, 1.0)

    def layer(self) -> Spec:
        """The names as a layer."""
        return {
            "data": values(self.texts),
            "mark": {"type": "text", "align": "left", "baseline": "middle"},
            "encoding": {
                "x": {"value": -self.room},
                "y": pixels("y", self.height),
                "text": {"field": "text", "type": "nominal"},
            },
        }


def key(entries: Sequence[tuple[str, str]], width: float, left: float = 0) -> list[Spec]:
    """Names in their colours above a plot, in as many lines as they need. ``left`` is where they begin, as pixels of the plot."""
    lines: list[list[tuple[str, str, float]]] = [[]]
    reached = 0.0
    for name, of in entries:
        taken = text_width([f"● {name}"]) + 14
        if lines[-1] and reached + taken > width:
            lines.append([])
            reached = 0.0
        lines[-1].append((name, of, reached))
        reached += taken
    return [
        {"data": values([{"name": f"● {name}", "colour": of}]),
         "mark": {"type": "text", "align": "left", "fontWeight": 600, "y": -14 - 16 * (len(lines) - 1 - number), "x": left + x},
         "encoding": {"text": {"field": "name"}, "fill": literal("colour")}}
        for number, line in enumerate(lines) for name, of, x in line
    ]  # fmt: skip
