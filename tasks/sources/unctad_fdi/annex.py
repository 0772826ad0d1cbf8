"""Annex tables of the World Investment Report as workbooks (xls, xlsx): figures by label and year.

A sheet has a title (``Annex table 1. FDI inflows, by region and economy, 1990-2023``), the unit in words
(``Millions of dollars``), a row of years, one row per region or economy, and footnotes below. The printed annex puts two
tables side by side, with ``FDI inflows`` and ``FDI outflows`` above their years. Nothing is read by its position.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tasks.sources._shared import workbooks
from warehouse import reference_files
from warehouse.errors import LayoutChanged

COLUMNS = (
    "wir_report", "wir_table", "wir_line", "wir_economy", "year", "unctad_million_usd", "wir_zero_is_open", "unctad_footnote",
)  # fmt: skip

#: A header is looked for in so many rows.
_TOP = 20
_TABLE = re.compile(r"\bFDI (inflows|outflows|inward stock|outward stock)\b", re.IGNORECASE)
_UNIT = re.compile(r"\bmillions of (US )?dollars\b", re.IGNORECASE)
_OTHER_UNIT = re.compile(r"\b(billions|thousands) of\b", re.IGNORECASE)
_YEAR = re.compile(r"((?:19|20)\d\d)\s*[a-z]?")
_FOOTNOTE = re.compile(r"([a-z])[\s.)]+(\S.{4,})", re.DOTALL)
_MARKED = re.compile(r"[\s/]*\(?([a-z](?:\s?,\s?[a-z])*)\)?$")

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Header:
    """Where the years are: the position of the row, and for each column of figures its table and year."""

    row: int
    columns: dict[int, tuple[str, int]]

    @property
    def report(self) -> int:
        """The year of the report: the one after the last it has figures of."""
        return max(year for _, year in self.columns.values()) + 1


def header(rows: Rows, where: str) -> Header | None:
    """The header of an annex table, None for a sheet without one. ``where`` names file and sheet in errors.

    Raises LayoutChanged for an annex table whose unit or years are not where they are known to be.
    """
    top = [[_text(cell) or "" for cell in row] for row in rows[:_TOP]]
    words = " ".join(cell for row in top for cell in row)
    if not (_TABLE.search(words) and "economy" in words.lower()):
        return None
    at_row = next((n for n, row in enumerate(top) if len(_years(row)) >= 3), None)
    if at_row is None:
        raise LayoutChanged(f"an annex table of UNCTAD without a row of years: {where}")
    if not _UNIT.search(words) or _OTHER_UNIT.search(words):
        raise LayoutChanged(f"an annex table of UNCTAD that does not say it is in millions of dollars: {where}")
    columns = {at: (_table_above(top[:at_row], at, where), year) for at, year in _years(top[at_row]).items()}
    if len(set(columns.values())) < len(columns):
        raise LayoutChanged(f"a year is twice in the header of one annex table: {where}")
    return Header(at_row, columns)


def figures(path: Path, where: str) -> Iterator[tuple[str | None, ...]]:
    """The figures of all annex tables of a workbook, as text in the order of COLUMNS; empty cells make none.

    Raises LayoutChanged.
    """
    for name, rows in workbooks.sheets(path, where, skips_empty_area=False).items():
        if sheet_header := header(rows, f"{where}, sheet {name}"):
            yield from _figures(rows, sheet_header)


def _figures(rows: Rows, sheet_header: Header) -> Iterator[tuple[str | None, ...]]:
    first, below = min(sheet_header.columns), sheet_header.row + 1
    known, footnotes = reference_files.all_codes("unctad"), _footnotes(rows[below:])
    for line, row in enumerate(rows[below:], below + 1):
        label = next((text for cell in row[:first] if (text := _text(cell))), None)
        if label is None or _footnote(row):
            continue
        economy, marks = _unmarked(label, known, footnotes)
        footnote = "; ".join(footnotes[mark] for mark in marks) or None
        for column, (table, year) in sheet_header.columns.items():
            value = _text(row[column]) if column < len(row) else None
            if value is not None:
                yield str(sheet_header.report), table, str(line), economy, str(year), value, "false", footnote


def _years(cells: Sequence[str]) -> dict[int, int]:
    """Positions of the cells with a year, alone or with the letter of a footnote, and the year."""
    return {at: int(match[1]) for at, cell in enumerate(cells) if (match := _YEAR.fullmatch(cell))}


def _table_above(top: Sequence[Sequence[str]], column: int, where: str) -> str:
    """Which table a column of figures belongs to: the nearest heading above and to the left, or the title."""
    for row in reversed(top):
        matches = [match for cell in row[: column + 1] if (match := _TABLE.search(cell))]
        if matches:
            return f"FDI {matches[-1][1].lower()}"
    raise LayoutChanged(f"nothing above a column of years says whether it is inflows or outflows: {where}")


def _footnotes(rows: Rows) -> dict[str, str]:
    """Texts of the footnotes below a table, by their letter."""
    notes: dict[str, str] = {}
    for row in rows:
        if note := _footnote(row):
            notes.setdefault(*note)
    return notes


def _footnote(row: Sequence[Any]) -> tuple[str, str] | None:
    """A footnote's letter and text, in one cell or two; None for a row that is not a footnote."""
    texts = [text for cell in row if (text := _text(cell))]
    match = _FOOTNOTE.fullmatch(" ".join(texts)) if len(texts) <= 2 else None
    return (match[1], " ".join(match[2].split())) if match else None


def _unmarked(label: str, known: frozenset[str], footnotes: dict[str, str]) -> tuple[str, list[str]]:
    """A label without the letters of its footnotes, and those letters.

    Letters are taken off only where a known name is left, and the sheet has such footnotes: China ends in a letter too.
    """
    label = " ".join(label.split())
    match = _MARKED.search(label)
    if label in known or not match:
        return label, []
    name, letters = label[: match.start()].rstrip(), [letter.strip() for letter in match[1].split(",")]
    return (name, letters) if name in known and all(letter in footnotes for letter in letters) else (label, [])


def _text(cell: Any) -> str | None:
    return workbooks.text(cell) or None
