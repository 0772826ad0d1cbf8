"""Annex tables of the World Investment Report as CSV, in the form of UNCTAD's infovis team.

``level,type,Region/economy`` and a column per year from 1990 on. The table says neither its report, which is the year after
its last column, nor whether it has inflows or outflows, which the file's name must say.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from tasks.contract.source import render_beside
from tasks.formats import csv_text
from warehouse.errors import LayoutChanged

#: Layouts, by the direction in the file's name.
LAYOUTS = {"inflow": "wir.inflows", "outflow": "wir.outflows"}
_FIXED = ("level", "type", "Region/economy")
#: The first year of every table.
_FIRST_YEAR = 1990
_DIRECTION = re.compile(r"(inflow|outflow)s?", re.IGNORECASE)
_REPORT = re.compile(r"WIR[ _-]?(\d{4})", re.IGNORECASE)


def is_table(header: Sequence[str]) -> bool:
    """Whether a header is that of an annex table."""
    return "Region/economy" in header


def is_named_for_report(filename: str) -> bool:
    """Whether a file's name has the year of a World Investment Report."""
    return bool(_REPORT.search(filename))


def direction_of(filename: str) -> str:
    """``inflow`` or ``outflow``, by the file's name. Raises LayoutChanged if it names neither or both."""
    directions: set[str] = {match.lower() for match in _DIRECTION.findall(filename)}
    if len(directions) != 1:
        raise LayoutChanged(
            "an annex table of the World Investment Report, but neither it nor its name says whether it is inflows or "
            f"outflows: {filename}. Name it as in WIR2024_tab01_fdi-inflows.csv"
        )
    (direction,) = directions
    return direction


def report_of(header: Sequence[str], filename: str) -> int:
    """The year of the report: the one after the last column. Raises LayoutChanged for another header, or another name."""
    years = list(header[len(_FIXED) :])
    if (
        tuple(header[: len(_FIXED)]) != _FIXED
        or years != [str(_FIRST_YEAR + n) for n in range(len(years))]
        or not years
    ):
        raise LayoutChanged(
            f"the header of an annex table is {', '.join(_FIXED)} and the years from {_FIRST_YEAR} on, but it is "
            f"{', '.join(header[:4])} … {header[-1]}: {filename}"
        )
    report = int(years[-1]) + 1
    named = _REPORT.search(filename)
    if named and int(named[1]) != report:
        raise LayoutChanged(
            f"the name says World Investment Report {named[1]}, but the table ends in {years[-1]}: {filename}"
        )
    return report


def relation(path: Path, layout: str, filename: str) -> str:
    """A FROM clause with one figure per record, in the columns of annex.COLUMNS; empty cells are not figures.

    Raises LayoutChanged for another header.
    """
    header = csv_text.cells(csv_text.first_line(path))
    report = report_of(header, filename)
    records = csv_text.relation(path, ["level", "type", "wir_economy", *header[len(_FIXED) :]])
    table = f"FDI {layout.removeprefix('wir.')}"
    return f"({render_beside(__package__ or '', 'annex_csv.sql', report=str(report), table=table, records=records)})"
