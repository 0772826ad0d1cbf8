"""The Bank of Japan's workbooks of direct investment: what their titles state, and the rows of their sheets.

A workbook (``dif24cy.xlsx``: flows, ``dip2024.xlsx``: positions; 100 million yen) has a sheet for outward and one for inward
investment, countries in rows and industries in columns. Its year, and whether it has flows or positions, is in the title.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tasks.sources._shared import japan_workbooks
from tasks.sources._shared.japan_workbooks import Sheet
from warehouse.errors import LayoutChanged

PUBLISHER = "jpn.boj"
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_POSITION = re.compile(r"position|outstanding|stock|end of|残高")
_FLOW = re.compile(r"flow|transaction|calendar year|cy|フロー|暦年")


def describe(sheets: dict[str, list[list[Any]]], filename: str) -> str | None:
    """What a workbook has ("flows 2024"); None if it is not the Bank of Japan's. Raises LayoutChanged."""
    known = japan_workbooks.known_sheets(PUBLISHER, sheets, filename)
    if not known or any(sheet.unit != "JPY 100 million" for sheet in known):
        return None
    return " and ".join(sorted({f"{_accounting(s, filename)}s {_year(s, filename)}" for s in known}))


def rows(path: Path, filename: str) -> Iterator[tuple[str | None, ...]]:
    """One row per cell that is not blank, in the order of japan_workbooks.COLUMNS. Raises LayoutChanged."""
    for sheet in japan_workbooks.read(PUBLISHER, path, filename):
        yield from japan_workbooks.cells(sheet, _accounting(sheet, filename), _year(sheet, filename))


def _title(sheet: Sheet) -> str:
    return " ".join(cell for row in sheet.rows[: sheet.header + 1] for cell in row if cell)


def _accounting(sheet: Sheet, filename: str) -> str:
    """``position`` or ``flow``, by the sheet's title. Raises LayoutChanged if it names neither."""
    title = _title(sheet).lower()
    if _POSITION.search(title):
        return "position"
    if _FLOW.search(title):
        return "flow"
    raise LayoutChanged(
        f"the title {_title(sheet)!r} names neither flows nor positions: {filename}, sheet {sheet.name}"
    )


def _year(sheet: Sheet, filename: str) -> int:
    """The one year in a sheet's title. Raises LayoutChanged for none or several."""
    years = set(_YEAR.findall(_title(sheet)))
    if len(years) != 1:
        raise LayoutChanged(f"the title {_title(sheet)!r} names no year, or several: {filename}, sheet {sheet.name}")
    return int(years.pop())
