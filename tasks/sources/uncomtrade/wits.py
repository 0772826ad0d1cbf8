"""Tables of the World Bank's World Integrated Trade Solution (WITS): trade by product and partner, from UN Comtrade.

The workbook of a page "By HS6 product" (``WITS-By-HS6Product.xlsx``, and the same saved as CSV) has the columns Reporter, TradeFlow,
ProductCode, Product Description, Year, Partner, Trade Value 1000USD, Quantity and Quantity Unit, in any order. Places are
names. The classification is HS, in whichever edition the reporter used.
"""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tasks.archive.sniff import Sniffed
from tasks.contract.source import RefusedForm
from tasks.formats import csv_text
from tasks.sources._shared import workbooks
from warehouse.errors import LayoutChanged

#: The headings, and our names of what they head.
_COLUMNS = {
    "Reporter": "reporter_desc", "TradeFlow": "wits_flow", "ProductCode": "cmd_code", "Product Description": "cmd_desc", "Year": "ref_year",
    "Partner": "partner_desc", "Trade Value 1000USD": "wits_value", "Quantity": "wits_quantity", "Quantity Unit": "wits_unit",
}  # fmt: skip
COLUMNS = tuple(_COLUMNS.values())
OTHER_TABLES = RefusedForm(
    "Other tables of the World Bank's WITS: answers to queries (ReporterISO3 … TradeValue in 1000 USD), partners and time series of economies",
    "for no file of the publisher's was at hand to try a reader with",
    "Download the table By HS6 product, or the figures from comtradeplus.un.org",
)
#: Columns of which each set shows another table.
_OTHERS = (
    {"ReporterISO3", "PartnerISO3", "TradeFlowName", "TradeFlowCode"}, {"Reporter Name", "Partner Name", "Trade Flow", "Product Group"},
    {"Reporter", "Partner", "Indicator", "Indicator Type"},
)  # fmt: skip
#: Columns by which a table is one of WITS.
_MARKS = {"Reporter", "TradeFlow", "ProductCode", "Trade Value 1000USD"}


def layout_of(sniffed: Sniffed) -> str | None:
    """wits-csv or wits-xlsx; None for another file.

    Raises LayoutChanged for the marks of WITS and unknown columns beside them, Unknown for other tables of WITS.
    """
    headers = [csv_text.cells(line) for line in sniffed.lines[:1]] if sniffed.kind == "text" else []
    headers += [_names(rows[0]) for rows in sniffed.sheets.values() if rows]
    if any(set(_names(header)) >= other for header in headers for other in _OTHERS):
        raise OTHER_TABLES.fault(f"uncomtrade, {sniffed.filename}")
    header = next((header for header in headers if _is_header(header)), None)
    if header is None:
        return None
    csv_text.check_columns(
        [name.strip() for name in header],
        list(_COLUMNS),
        where=f"uncomtrade, {sniffed.filename}",
        what="a table of WITS",
    )
    return "wits-csv" if sniffed.kind == "text" else "wits-xlsx"


def records(path: Path, layout: str, where: str) -> Iterator[list[str | None]]:
    """The rows of all sheets that are tables, in the order of COLUMNS. Raises LayoutChanged."""
    tables = [_text(path)] if layout == "wits-csv" else list(workbooks.sheets(path, where).values())
    for header, *rows in (rows for rows in tables if rows and _is_header(rows[0])):
        names = [_COLUMNS[name] for name in _names(header)]
        for number, row in enumerate(rows, 2):
            if len(row) != len(names):
                raise LayoutChanged(
                    f"row {number} has {len(row)} cells, the header {len(names)}: {where}. Download the table again"
                )
            cells = dict(zip(names, map(workbooks.text, row), strict=True))
            yield [cells[name] or None for name in COLUMNS]


def _text(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.reader(file) if row]


def _names(row: Sequence[Any]) -> list[str]:
    return [str(cell).strip() for cell in row]


def _is_header(row: Sequence[Any]) -> bool:
    return set(_names(row)) >= _MARKS
