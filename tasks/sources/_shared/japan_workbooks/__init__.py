"""Workbooks of Japan's direct investment by country, by the Bank of Japan and JETRO: what reading them has in common.

Nothing is read by its position, for rows and columns move from year to year: a sheet is known by its name (``layouts.csv``),
unit and principle by the words above and below the table, the header by years or by the column Total, a row by its label.
Signs that are printed instead of a figure are explained by the sheet's own notes; ``signs.csv`` gives the status for their
words. ``n.a.`` is always not available; another sign that no note explains is quarantined.

Excel keeps binary fractions: a figure has at most twelve decimals here, which for millions is a millionth of a unit.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

from tasks.contract.source import render_beside
from tasks.formats import numbers
from tasks.sources._shared import workbooks
from tasks.sources._shared.tables import rows_beside
from warehouse.errors import LayoutChanged

COLUMNS = (
    "sheet_name", "accounting", "direction", "principle", "country_label", "label_code", "column_label", "industry",
    "investment_year", "manual", "is_break", "printed_unit", "figure", "printed_figure", "obs_status", "printed_note",
)  # fmt: skip

#: Title, unit and header are in the first rows of a sheet.
_HEAD = 15
_UNITS = {
    "USD million": re.compile(r"(?:US)?\$ ?millions?|millions? (?:of )?(?:US|U\.S\.) ?dollars|百万(?:米)?ドル|USD ?millions?", re.IGNORECASE),
    "JPY 100 million": re.compile(r"100 ?millions? (?:of )?yen|億円", re.IGNORECASE),
}  # fmt: skip
_YEAR = re.compile(
    r"(?:(?:CY ?|end[- ]of[- ]?)?(?P<year>(?:19|20)\d{2})|(?:end[- ]of[- ]?'?|')(?P<short>\d{2}))(?: ?CY)?\s*(?P<marks>(?:\(?[rpe]\)?)*)",
    re.IGNORECASE,
)
_TOTAL = ("Total", "TOTAL", "合計", "計")
_LEGEND = re.compile(
    r"[\"“”'「]?(?P<sign>[-.…*XxＸ]+|n\.a\.)[\"“”'」]?\s*(?:indicates?|denotes?|means?|stands for|shows?|[:：=＝])\s*(?P<meaning>\S.*)"
)
_DECIMALS = Decimal("1E-12")


@dataclass(frozen=True)
class Sheet:
    """A known sheet as text. ``layout`` is its row of layouts.csv, ``header`` the position of the header's row.

    ``columns`` has the position and the heading of each column of figures.
    """

    name: str
    rows: list[list[str]]
    layout: dict[str, str]
    unit: str
    header: int
    columns: list[tuple[int, str]]

    @property
    def words(self) -> list[str]:
        """All texts of the sheet beside the table."""
        return [cell for row in self.rows for cell in row if cell and not _is_number(cell)]


_LAYOUTS = rows_beside(__name__, "layouts.csv")
_SIGNS = [(row["meaning"], row["obs_status"]) for row in rows_beside(__name__, "signs.csv")]


def query(*, dataset: str, publisher: str, title: str, address: str) -> str:
    """The conforming query. ``dataset`` is SQL over the alias ``a`` (an accepted row), the others are the citation's words."""
    return render_beside(__name__, "fdi.sql", dataset=dataset, publisher=publisher, title=title, address=address)


def known_sheets(publisher: str, sheets: dict[str, list[list[Any]]], filename: str) -> list[Sheet]:
    """The sheets of a workbook that are in a publisher's layouts; none if the workbook is another's.

    ``publisher`` is the source's id. Raises LayoutChanged for a known sheet without its unit or its header.
    """
    return [
        _sheet(name, [[_text(cell) for cell in row] for row in sheets[name]], layout, filename)
        for name in sheets
        for layout in _LAYOUTS
        if layout["publisher"] == publisher and re.fullmatch(layout["sheet"], name.strip())
    ]


def read(publisher: str, path: Path, filename: str) -> list[Sheet]:
    """As known_sheets, of a whole workbook. Raises LayoutChanged also for a damaged one."""
    return known_sheets(publisher, workbooks.sheets(path, filename), filename)


def cells(sheet: Sheet, accounting: str, year: int | None) -> Iterator[tuple[str | None, ...]]:
    """One row per cell that is not blank, in the order of COLUMNS.

    ``accounting`` is flow or position; ``year`` that of the whole sheet, None where its columns are years.
    """
    legend = _legend(sheet)
    principle = "directional" if any("directional principle" in w.lower() for w in sheet.words) else "unknown"
    break_year = int(sheet.layout["break_year"])
    first, area = sheet.columns[0][0], ""
    for row in sheet.rows[sheet.header + 1 :]:
        label = next((cell for cell in reversed(row[:first]) if cell), "")
        figures = [(heading, row[at]) for at, heading in sheet.columns if at < len(row) and row[at]]
        code = _label(label)
        area = code if code in _AREAS else area
        if not figures or not (label or any(_is_number(figure) for _, figure in figures)):
            continue  # a heading, or a note below the table
        if code in ("OTHER", "OTHERS"):
            code = f"{_AREAS.get(area, 'JPN')}/OTHERS"
        for heading, printed in figures:
            industry, column_year, marks = _column(heading, year)
            figure, status, note = _figure(printed, legend, marks)
            manual = "bpm5" if column_year < break_year else "bpm6"
            yield (
                sheet.name, accounting, sheet.layout["direction"], principle, label, code, heading, industry, str(column_year),
                manual, str(column_year == break_year).lower(), sheet.unit, figure, printed, status, note,
            )  # fmt: skip


def _legend(sheet: Sheet) -> dict[str, str]:
    """The meaning of the signs that are printed instead of a figure, by the sheet's own notes."""
    matches = [match for word in sheet.words if (match := _LEGEND.search(word))]
    return {match["sign"]: match["meaning"] for match in matches} | {"n.a.": "not available"}


#: Labels of areas that have a row Others of their own, with the place.
_AREAS = {
    "ASIA": "JPN_ASIA", "NORTH AMERICA": "JPN_NORTH_AMERICA", "CENTRAL AND SOUTH AMERICA": "JPN_LATIN_AMERICA",
    "CENTRAL & SOUTH AMERICA": "JPN_LATIN_AMERICA", "LATIN AMERICA": "JPN_LATIN_AMERICA", "OCEANIA": "JPN_OCEANIA",
    "EUROPE": "JPN_EUROPE", "WESTERN EUROPE": "JPN_WESTERN_EUROPE", "EASTERN EUROPE AND RUSSIA": "JPN_EASTERN_EUROPE",
    "EASTERN EUROPE, RUSSIA, ETC.": "JPN_EASTERN_EUROPE", "EASTERN EUROPE & RUSSIA": "JPN_EASTERN_EUROPE",
    "MIDDLE EAST": "JPN_MIDDLE_EAST", "AFRICA": "JPN_AFRICA",
}  # fmt: skip


def _label(printed: str) -> str:
    """A label in capitals, without footnote marks and with single spaces."""
    bare = re.sub(r"\s*(?:\((?:note|注)?\s*\d+\)|\*+\d*|[¹²³]|\d\))$", "", printed.strip(), flags=re.IGNORECASE)
    return re.sub(r"\s+", " ", bare).upper()


def _column(heading: str, year: int | None) -> tuple[str, int, str]:
    """Industry, year and marks of a column."""
    if year is not None:
        return ("TOTAL" if heading in _TOTAL else heading), year, ""
    match = _YEAR.fullmatch(heading)
    assert match, heading
    return "TOTAL", _whole_year(match), re.sub("[()]", "", match["marks"]).lower()


def _whole_year(match: re.Match[str]) -> int:
    """The year of a match of _YEAR, in four digits."""
    if match["year"]:
        return int(match["year"])
    return int(match["short"]) + (1900 if int(match["short"]) >= 50 else 2000)


def _figure(printed: str, legend: dict[str, str], marks: str) -> tuple[str | None, str | None, str | None]:
    """The figure, its status, and its marks; no status for what is neither a number nor explained, which is quarantined later."""
    notes = [f"{mark} beside the year" for mark in marks]
    status = next((s for mark, s in (("e", "E"), ("p", "P")) if mark in marks), "A")
    if printed in legend:
        meaning = legend[printed]
        sign_status = next((s for words, s in _SIGNS if words in meaning.lower()), "O")
        notes.append(f"printed as {printed}: {meaning}")
        if sign_status == "nil":
            return "0", status, "; ".join(notes)
        return None, sign_status, "; ".join(notes)
    try:
        number = numbers.read(printed, {})
    except ValueError:
        return None, None, None
    if number.value_text is None or number.multiplier != 1:
        return None, None, None
    notes += [f"{mark} beside the figure" for mark in number.marks]
    return _bounded(number.value_text), number.status if number.status != "A" else status, "; ".join(notes) or None


def _bounded(figure: str) -> str:
    """A figure with at most twelve decimals: digits beyond come from Excel's binary fractions, not from the publisher."""
    decimals = len(figure.partition(".")[2])
    return f"{Decimal(figure).quantize(_DECIMALS):f}" if decimals > 12 else figure


def _is_number(cell: str) -> bool:
    return bool(re.fullmatch(r"[-△▲]?\s*[\d,]+(\.\d+)?", cell))


def _text(cell: Any) -> str:
    """A cell as text, numbers without an exponent."""
    return f"{Decimal(workbooks.text(cell)):f}" if isinstance(cell, float) else workbooks.text(cell)


def _sheet(name: str, rows: list[list[str]], layout: dict[str, str], filename: str) -> Sheet:
    head = " ".join(cell for row in rows[:_HEAD] for cell in row)
    units = [unit for unit, words in _UNITS.items() if words.search(head)]
    if len(units) != 1:
        raise LayoutChanged(
            f"the sheet does not say its unit, million dollars or 100 million yen: {filename}, sheet {name}"
        )
    is_years = layout["columns"] == "years"
    for at, row in enumerate(rows[:_HEAD]):
        columns = _years(row) if is_years else _industries(row)
        if columns:
            if is_years and _YEAR.fullmatch(row[0]):
                raise LayoutChanged(f"the year {row[0]} is before the labels of the rows: {filename}, sheet {name}")
            return Sheet(name, rows, layout, units[0], at, columns)
    headings = "years" if is_years else "industries"
    raise LayoutChanged(f"no row of {headings} among the first {_HEAD}: {filename}, sheet {name}")


def _years(row: Sequence[str]) -> list[tuple[int, str]]:
    """Columns headed by years, if there are at least two and each is the year after the one before."""
    columns = [(at, cell) for at, cell in enumerate(row) if at and _YEAR.fullmatch(cell)]
    years = [_whole_year(match) for _, cell in columns if (match := _YEAR.fullmatch(cell))]
    return columns if len(columns) > 1 and all(b == a + 1 for a, b in pairwise(years)) else []


def _industries(row: Sequence[str]) -> list[tuple[int, str]]:
    """Columns from the one headed Total on."""
    start = next((at for at, cell in enumerate(row) if at and cell in _TOTAL), None)
    return [] if start is None else [(at, cell) for at, cell in enumerate(row) if at >= start and cell]
