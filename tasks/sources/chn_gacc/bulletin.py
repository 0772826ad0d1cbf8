"""The monthly bulletin in English (http://english.customs.gov.cn/statics/report/monthly.html), as HTML.

Only the table of imports and exports by country of origin or destination is read: a title with month and year, a row with
the unit, a header of total, exports and imports, each for the month and since January, then changes in percent, which are
left out. The customs print US$1,000 and in another edition, whose title says so, RMB 10,000; a page whose title and unit disagree is
refused.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

from tasks.formats import numbers
from warehouse.errors import LayoutChanged

_TITLE = re.compile(r"Imports? and Exports? by Country\s*\(Region\) of Origin/Destination(?P<rest>.*)", re.IGNORECASE)
_MONTH = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])\s*\.\s*((?:19|20)\d{2})(?!\d)")
_UNIT = re.compile(r"Unit\s*[:：]\s*(.+)", re.IGNORECASE)
_PUBLISHED = re.compile(r"(?<!\d)(0[1-9]|1[0-2])/(0[1-9]|[12]\d|3[01])/(20\d{2})(?!\d)")
_ALONE, _SINCE = re.compile(r"0?(\d{1,2})"), re.compile(r"1\s*(?:to|-)\s*(\d{1,2})", re.IGNORECASE)
#: Units in which the customs print this table, without spaces: as ref.unit has them, and their currency.
_UNITS = {
    "US$1,000": ("US$1,000", "USD"), "USD1,000": ("US$1,000", "USD"), "1,000USD": ("US$1,000", "USD"),
    "RMB10,000": ("RMB 10,000", "CNY"), "CNY10,000": ("RMB 10,000", "CNY"), "10,000RMB": ("RMB 10,000", "CNY"),
}  # fmt: skip
_IN_TITLE = (
    ("USD", re.compile(r"USD|US\$|dollar", re.IGNORECASE)),
    ("CNY", re.compile(r"CNY|RMB|yuan", re.IGNORECASE)),
)
_NIL = {"-": "O", "—": "O", "–": "O"}
#: The three amounts of a row, each for every span of the header.
_GROUPS = 3
_AGAIN = "Download the page again; if it comes the same, the customs have changed it"

COLUMNS = (
    "partner_printed", "flow", "freq", "period", "printed_value", "printed_opposite", "printed_total", "printed_unit",
    "obs_status",
)  # fmt: skip


@dataclass(frozen=True)
class Page:
    """A page of the bulletin.

    ``spans`` are freq and period of each column of a group (total, exports, imports), such as ("M", "2019-12"); a row is a
    partner's name and its amounts as printed, group by group. ``published_on`` is an ISO date.
    """

    year: int
    month: int
    unit: str
    currency: str
    published_on: str | None
    spans: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def figures(self) -> int:
        """The number of figures, with missing ones."""
        return 2 * len(self.spans) * len(self.rows)


class _Rows(HTMLParser):
    """All rows of all tables, also nested ones, as cells of text; and the text outside."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.outside: list[str] = []
        self._open: list[tuple[list[str], list[str] | None]] = []
        self._tables = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag == "table":
            self._tables += 1
        elif tag == "tr":
            self._open.append(([], None))
        elif tag in ("td", "th") and self._open:
            self._end_cell()
            self._open[-1] = (self._open[-1][0], [])

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._tables -= 1
        elif tag in ("td", "th"):
            self._end_cell()
        elif tag == "tr" and self._open:
            self._end_cell()
            self.rows.append(self._open.pop()[0])

    def handle_data(self, data: str) -> None:
        cell = self._open[-1][1] if self._open else None
        (self.outside if cell is None else cell).append(data)

    @property
    def is_cut(self) -> bool:
        """Whether the text ended within a row, or before the end of a table."""
        return bool(self._open) or self._tables > 0

    def _end_cell(self) -> None:
        if self._open and self._open[-1][1] is not None:
            row, cell = self._open[-1]
            row.append(plain_text("".join(cell or ())))
            self._open[-1] = (row, None)


def is_page(text: str) -> bool:
    """Whether a text has the table's title."""
    return bool(_TITLE.search(plain_text(re.sub(r"<[^>]+>", " ", text))))


def parse(text: str, where: str) -> Page:
    """The table of a page. Raises LayoutChanged where title, unit, header or rows are not as promised."""
    reader = _Rows()
    reader.feed(text)
    reader.close()
    if reader.is_cut:
        raise LayoutChanged(f"the page ends within its table, so it was cut: {where}. {_AGAIN}")
    everything = plain_text(" ".join(reader.outside) + " " + " ".join(" ".join(row) for row in reader.rows))
    title = _TITLE.search(everything)
    after_title = re.split(r"Unit\s*[:：]", title["rest"][:80], flags=re.IGNORECASE)[0] if title else ""
    date = _MONTH.search(after_title)
    if not date:
        raise LayoutChanged(f"the title of the bulletin by country has no month and year: {where}. {_AGAIN}")
    month, year = int(date[1]), int(date[2])
    unit, currency = _unit(reader.rows, after_title, everything, where)
    at, spans = _header(reader.rows, year, month, where)
    published = _PUBLISHED.search(everything)
    return Page(
        year, month, unit, currency, f"{published[3]}-{published[1]}-{published[2]}" if published else None, spans,
        tuple(_body(reader.rows[at + 1 :], len(spans), where)),
    )  # fmt: skip


def _unit(rows: list[list[str]], after_title: str, everything: str, where: str) -> tuple[str, str]:
    """The unit as ref.unit has it, and its currency. Raises LayoutChanged where the page does not state one, or two."""
    printed = [match[1] for row in rows for cell in row if (match := _UNIT.match(cell))]
    if not printed and (match := _UNIT.search(everything)):
        printed = [match[1][:12]]
    if not printed:
        raise LayoutChanged(f"the page does not state its unit: {where}. {_AGAIN}")
    unit = _UNITS.get(re.sub(r"\s", "", printed[0]))
    if unit is None:
        raise LayoutChanged(f"unknown unit {printed[0]!r}: {where}. Units of this table: {', '.join(_UNITS)}")
    in_title = [currency for currency, pattern in _IN_TITLE if pattern.search(after_title)]
    if in_title and unit[1] not in in_title:
        raise LayoutChanged(
            f"the title states {in_title[0]}, the row with the unit {printed[0]}: {where}. One of them is wrong. {_AGAIN}"
        )
    if unit[1] == "CNY" and not in_title:
        raise LayoutChanged(
            f"the row with the unit states {printed[0]}, and the title no currency, as only that of the edition in dollars does: "
            f"{where}. {_AGAIN}"
        )
    return unit


def _header(rows: list[list[str]], year: int, month: int, where: str) -> tuple[int, tuple[tuple[str, str], ...]]:
    """Where the header's last row is, and the spans of its groups."""
    for at, row in enumerate(rows):
        like_spans = [c for c in row if _ALONE.fullmatch(c) or _SINCE.fullmatch(c)]
        spans = [s for s in (_span(cell, year, month) for cell in like_spans) if s]
        each = len(spans) // _GROUPS
        is_whole = each > 0 and len(spans) == len(like_spans) and spans == spans[:each] * _GROUPS
        if is_whole and _are_in_order(rows[:at]):
            return at, tuple(spans[:each])
    raise LayoutChanged(
        f"no header of total, exports and imports with columns for month {month} and for 1 to {month}: {where}. {_AGAIN}"
    )


def _span(cell: str, year: int, month: int) -> tuple[str, str] | None:
    """Frequency and period of a column's header: a month alone, or the months since January."""
    if (match := _SINCE.fullmatch(cell)) and int(match[1]) == month:
        # Twelve months together are the year's figure.
        return ("A", str(year)) if month == 12 else ("YTD", f"{year}-{month:02d}")
    if (match := _ALONE.fullmatch(cell)) and int(match[1]) == month:
        return "M", f"{year}-{month:02d}"
    return None


def _are_in_order(rows: list[list[str]]) -> bool:
    """Whether a row above names total, exports and imports in this order."""
    for row in rows:
        named = [("exports" in c.lower(), "imports" in c.lower() or "imp." in c.lower()) for c in row]
        exports = [i for i, (x, m) in enumerate(named) if x and not m]
        imports = [i for i, (x, m) in enumerate(named) if m and not x]
        total = [i for i, c in enumerate(row) if c.lower().startswith("total") or all(named[i])]
        if exports and imports and total:
            return total[0] < exports[0] < imports[0]
    return False


def _body(rows: list[list[str]], spans: int, where: str) -> Iterator[tuple[str, ...]]:
    """Rows of a name and its amounts, without changes in percent; notes below are left out."""
    amounts = _GROUPS * spans
    for row in rows:
        if len([c for c in row if c]) <= 1:
            continue
        if len(row) <= amounts:
            raise LayoutChanged(
                f"the row {row[0]!r} has {len(row)} cells, fewer than a name and {amounts} amounts: {where}. {_AGAIN}"
            )
        yield (re.sub(r"\s*[:：]\s*$", "", row[0]).lstrip("#* "), *row[1 : amounts + 1])


def rows(page: Page) -> Iterator[tuple[str | None, ...]]:
    """Figures in the order of COLUMNS: for every partner exports, then imports, of each span."""
    each = len(page.spans)
    for name, *cells in page.rows:
        total, exports, imports = (cells[g * each : (g + 1) * each] for g in range(_GROUPS))
        for flow, own, opposite in (("export", exports, imports), ("import", imports, exports)):
            for (freq, period), value, other, both in zip(page.spans, own, opposite, total, strict=True):
                printed, status = _number(value)
                yield name, flow, freq, period, printed, _number(other)[0], _number(both)[0], page.unit, status


def _number(printed: str) -> tuple[str | None, str]:
    """The number in plain digits, and its obs_status."""
    if not printed:
        return None, "O"
    try:
        read = numbers.read(printed, _NIL)
    except ValueError:
        return printed, "A"  # no number: quarantined
    return (read.value_text, read.status) if not read.marks or read.value_text is None else (printed, "A")


def plain_text(text: str) -> str:
    """Text of HTML without entities, its spaces single."""
    return re.sub(r"\s+", " ", html.unescape(text).replace("\xa0", " ").replace("\u3000", " ")).strip()
