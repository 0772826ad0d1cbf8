"""Answers of the former service easyquery that a client wrote as CSV: one row an indicator, region and year.

The columns are those of the client: the code that was asked for and the one answered, name, region, year, the number
(``value``) and its text on the site (``display_value``). The unit is not in the file; ``client_units.csv`` has it by code, the
vocabulary of the home folder by name.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from tasks.formats import csv_text
from tasks.sources._shared.tables import rows_beside
from tasks.sources.chn_nbs import catalogue, figures
from tasks.sources.chn_nbs.figures import Figure
from warehouse.errors import EmptyAnswer, LayoutChanged

_COLUMNS = (
    "requested_code", "indicator_code", "indicator_name", "region_code", "region_name", "year", "value", "display_value", "has_data",
)  # fmt: skip
_UNITS = {row["code"]: row["unit"] for row in rows_beside(__package__ or "", "client_units.csv")}
_HAS_DATA = {"True": True, "False": False}


def is_table(header: list[str]) -> bool:
    """Whether a header is that of such a table, or almost."""
    return {"requested_code", "indicator_code", "region_code"} <= set(header)


def figures_of(path: Path, where: str) -> Iterator[Figure]:
    """The figures in the order of the file; a cell without data is not published and makes none.

    Raises LayoutChanged for other columns and for a row that contradicts itself; EmptyAnswer for a
    file without a figure.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        csv_text.check_columns(list(reader.fieldnames or ()), _COLUMNS, where=where)
        rows = [
            _figure(record, f"{where}, line {reader.line_num}")
            for record in reader
            if _has_data(record, f"{where}, line {reader.line_num}")
        ]
    if not rows:
        raise EmptyAnswer(f"an answer of National Data without a single published figure: {where}")
    yield from rows


def _has_data(record: dict[str, str], where: str) -> bool:
    if None in record or None in record.values() or record["has_data"] not in _HAS_DATA:
        raise LayoutChanged(
            f"the row does not have the nine cells of the header, or has_data is neither True nor False: {where}. Download the file again"
        )
    return _HAS_DATA[record["has_data"]]


def _figure(record: dict[str, str], where: str) -> Figure:
    code, printed = record["indicator_code"], record["display_value"].strip()
    if code != record["requested_code"]:
        raise LayoutChanged(f"{record['requested_code']} was asked for and {code} answered: {where}. Ask again")
    # The site prints whole units; the number behind it may have decimals.
    shown, exact = catalogue.number(printed), catalogue.number(record["value"])
    if shown is None or exact is None or abs(shown - exact) >= 1:
        raise LayoutChanged(
            f"value {record['value']} and display_value {printed} differ: {where}. Download the file again"
        )
    at = figures.period(record["year"], record["indicator_name"])
    if at is None:
        raise LayoutChanged(f"unknown form of a year {record['year']!r}: {where}")
    dataset = figures.dataset("province", at.freq)
    return Figure(
        dataset, record["indicator_name"], code, record["region_name"], record["region_code"], "province", at, printed, _UNITS.get(code)
    )  # fmt: skip
