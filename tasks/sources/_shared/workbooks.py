"""Workbooks (xls, xlsx) as rows of cells, and cells as text. Excel keeps every number as a binary fraction."""

from pathlib import Path
from typing import Any

from tasks.archive import workbook
from warehouse.errors import LayoutChanged

#: Whole numbers from here on are written as Python writes them, since binary fractions do not keep their last digits.
_EXACT_BELOW = 1e15


def sheets(path: Path, where: str, *, skips_empty_area: bool = True) -> dict[str, list[list[Any]]]:
    """All rows of all sheets, by the sheet's name; empty cells are "".

    ``skips_empty_area``: empty rows and columns before the first cell with a value are left out. ``where`` names the file in
    errors. Raises LayoutChanged for a damaged workbook.
    """
    try:
        return workbook.sheets(path, skips_empty_area=skips_empty_area)
    except workbook.Unreadable as fault:
        raise LayoutChanged(f"the workbook cannot be read: {where}: {fault}") from fault


def text(cell: Any) -> str:
    """A cell as text without spaces around it, whole numbers without a point, "" for an empty cell.

    >>> text(2016.0), text(0.1), text(" China "), text(None)
    ('2016', '0.1', 'China', '')
    """
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < _EXACT_BELOW else repr(cell)
    return "" if cell is None else str(cell).strip()
