"""JETRO's workbooks of direct investment by country: a sheet has flows or positions, and a column per year."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tasks.sources._shared import japan_workbooks
from warehouse.errors import LayoutChanged

PUBLISHER = "jpn.jetro"


def describe(sheets: dict[str, list[list[Any]]], filename: str) -> str | None:
    """The known sheets and years of a workbook in words; None if it is not JETRO's. Raises LayoutChanged."""
    known = japan_workbooks.known_sheets(PUBLISHER, sheets, filename)
    if not known:
        return None
    if any(sheet.unit != "USD million" for sheet in known):
        raise LayoutChanged(f"a sheet of JETRO's, but not in million dollars: {filename}")
    first, last = known[0].columns[0][1], known[0].columns[-1][1]
    return f"{', '.join(sheet.name for sheet in known)}, {first} to {last}"


def rows(path: Path, filename: str) -> Iterator[tuple[str | None, ...]]:
    """One row per cell that is not blank, in the order of japan_workbooks.COLUMNS. Raises LayoutChanged."""
    for sheet in japan_workbooks.read(PUBLISHER, path, filename):
        yield from japan_workbooks.cells(sheet, sheet.layout["accounting"], None)
