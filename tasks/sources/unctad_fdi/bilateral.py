"""Bilateral FDI Statistics 2014: flows and stocks of 203 economies by partner, 2001 to 2012, as others merged the workbooks.

Three files with the columns ``area``, ``Reporting Economy``, ``Year`` and ``value``. ``area`` is the economy that reports;
``Reporting Economy`` holds its partner or a group, without the spaces of the name. Only a file's name says whether it has inflows,
outflows or inward stock. Titles and headers of the workbooks' pages were merged as if they were partners, and a table that
was read twice has its records twice.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from tasks.archive.store import SetAside
from tasks.formats import csv_text
from warehouse.errors import LayoutChanged

COLUMNS = ("unctad_table", "unctad_line", "unctad_reporter", "unctad_partner", "year", "unctad_million_usd")

#: Layouts with the table they have, by the word in the file's name.
LAYOUTS = {
    "inflow": "bilateral.inflows",
    "outflow": "bilateral.outflows",
    "instock": "bilateral.inward_stock",
}
_HEADER = ("area", "Reporting Economy", "Year", "value")
_TABLE = re.compile("|".join(LAYOUTS), re.IGNORECASE)
#: What stands in place of a partner where a page of a workbook has a title, its unit, its header, a note or nothing.
_NO_PARTNER = re.compile(r"(NA|\.\.|\(Millions ?of ?US ?dollars\)|Table ?\d.*|Region/economy|Note:.*)?")


def is_table(header: Sequence[str]) -> bool:
    """Whether a header is that of a bilateral table, or almost."""
    return {"area", "Reporting Economy"} <= set(header)


def layout_of(header: Sequence[str], filename: str) -> str:
    """The layout of a file, by its name. Raises LayoutChanged for another header, and for a name that does not say what it has."""
    csv_text.check_columns(header, _HEADER, where=f"unctad.fdi, {filename}")
    if tuple(header) != _HEADER:
        raise LayoutChanged(
            f"the columns are {', '.join(header)} and not in the order {', '.join(_HEADER)}: unctad.fdi, {filename}"
        )
    words = {match.lower() for match in _TABLE.findall(filename)}
    if len(words) != 1:
        raise LayoutChanged(
            "a table of UNCTAD's Bilateral FDI Statistics, but neither it nor its name says whether it has inflows, outflows "
            f"or inward stock: {filename}. Name it inflow.csv, outflow.csv or instock.csv"
        )
    return LAYOUTS[words.pop()]


def table_of(layout: str) -> str:
    """What the table of a layout shows: FDI inflows, FDI outflows or FDI inward stock."""
    return f"FDI {layout.removeprefix('bilateral.').replace('_', ' ')}"


def records(path: Path, layout: str, where: str) -> Iterator[tuple[str | None, ...] | SetAside]:
    """Records in the order of COLUMNS. Those without a partner, and those that repeat one word for word, are set aside.

    Raises LayoutChanged for a record with too few or too many cells.
    """
    table, read = table_of(layout), set[tuple[str, ...]]()
    with path.open(encoding="utf-8-sig", newline="") as file:
        for line, record in enumerate(csv.reader(file, strict=True), 1):
            if len(record) != len(_HEADER):
                raise LayoutChanged(
                    f"the record has {len(record)} cells, not {len(_HEADER)}: {where}, line {line}. Download the file again"
                )
            if line == 1:
                continue
            reporter, partner, year, value = record
            if _NO_PARTNER.fullmatch(partner):
                yield SetAside(
                    "the record names no partner: a title, header or note of the workbook, or a row that lost its name"
                )
            elif tuple(record) in read:
                yield SetAside("the same record stands in the file before: the workbook has the table twice")
            else:
                read.add(tuple(record))
                yield table, str(line), reporter, partner, year, value
