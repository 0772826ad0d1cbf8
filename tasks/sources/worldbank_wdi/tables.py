"""The World Bank's tables with one column per year: bulk CSV and xls, DataBank extracts, and a copy that R users make.

Bulk (``API_*_DS2_en_csv_v2_*.csv``, and the same in xls): "Data Source" and "Last Updated Date" above the header, every
line with a comma at its end that makes a last column without a name. Without those headings it is not on record of which
edition the figures are. DataBank: columns ``1990 [YR1990]``, ``..`` for missing, and below the table three blank rows,
"Data from database: …" and "Last Updated: 10/07/2025" (month first); or columns ``Population, total [SP.POP.TOTL]`` beside Time
and Time Code, or ``Japan [JPN]``, as the user arranges them. R's WDI package: one row per economy and year, one
column per series, and NA, which is also Namibia's code, for a blank. Errors name no file: the caller adds it
(tasks.formats.layout.errors_naming).
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tasks.contract.source import RefusedForm
from tasks.sources._shared import workbooks
from warehouse.errors import LayoutChanged

#: Columns of schemas.worldbank.Wdi, in the order in which rows are given.
COLUMNS = (
    "wb_country", "wb_country_id", "wb_country_name", "wb_series", "wb_series_name", "wb_time",
    "printed_value", "obs_status", "wb_lastupdated", "wb_version",
)  # fmt: skip

Row = tuple[str | None, ...]
Cells = Sequence[Any]

DATABASE = "World Development Indicators"
NOTES = RefusedForm("The World Bank's notes on economies or series", "for they have no figures")
SERIES_UNKNOWN = RefusedForm(
    "Copies of a series in the columns Country Name, Country Code, Year, Value",
    "for nothing in them says which series they are of",
)
OTHER_DATABASES = RefusedForm(
    "Extracts and answers of the World Bank's other databases", f"for only {DATABASE} are loaded, and their archives"
)
#: Columns of a bulk table and of a DataBank extract before the years.
_BULK = {"Country Name": 2, "Country Code": 0, "Indicator Name": 4, "Indicator Code": 3}
_DATABANK = {"Country Name": 2, "Country Code": 0, "Series Name": 4, "Series Code": 3}
#: What DataBank gives a name and a code of, beside what it puts into columns: the positions of both in COLUMNS.
_PAIRS = {"Country": (2, 0), "Series": (4, 3), "Time": (None, 5)}
_NAME_AND_CODE = re.compile(r"(?P<name>.+?) \[(?P<code>[^\[\]]+)\]")
#: DataBank extracts with years in columns, and with economies or series.
DATABANK_LAYOUTS = ("databank", "databank, turned")
_R = {"iso2c", "country", "year"}
_R_MORE = {"iso3c", "status", "lastupdated", "region", "capital", "longitude", "latitude", "income", "lending"}
#: What R writes for a blank cell.
_BLANK_OF_R = "NA"
_YEAR = re.compile(r"(\d{4})")
_YEAR_TWICE = re.compile(r"(\d{4}) \[YR(\d{4})\]")
SERIES = re.compile(r"[A-Z0-9]{2,3}(\.[A-Za-z0-9]+){1,7}")
#: Lists the World Bank puts beside its figures, by the first columns of their header.
_NOTES = (
    ("Country Code", "Region"), ("INDICATOR_CODE", "INDICATOR_NAME"), ("Code", "Indicator Name"), ("Code", "License Type"),
    ("Series Code", "Topic"), ("Country Code", "Short Name"),
)  # fmt: skip


@dataclass(frozen=True)
class Heading:
    """What is above the rows of a table: its layout, its header, its date, and how many records precede its rows."""

    layout: str
    header: tuple[str, ...]
    rows_from: int
    updated: date | None


def heading_of(records: Iterable[Cells]) -> Heading | None:
    """What a file is by its first records; None if it is not the World Bank's.

    Raises LayoutChanged for a table that is almost one, Unknown for one whose figures are not ours.
    """
    updated: date | None = None
    for number, record in enumerate(records, 1):
        cells = [str(cell).strip() if isinstance(cell, str) else cell for cell in record]
        if cells and cells[0] == "Data Source":
            _check_database(str(_beside(cells)))
        elif cells and cells[0] == "Last Updated Date":
            updated = _day(_beside(cells), "%Y-%m-%d")
        elif any(str(cell) for cell in cells):
            return _heading_by_header(tuple(str(cell) for cell in cells), number, updated)
        if number == 8:
            break
    return None


def _beside(cells: Cells) -> Any:
    """The cell beside a heading. Raises LayoutChanged where there is none, as in a file that was cut."""
    if len(cells) < 2:
        raise LayoutChanged(f"a World Bank table with nothing beside {cells[0]} (it has been cut)")
    return cells[1]


def _heading_by_header(header: tuple[str, ...], number: int, updated: date | None) -> Heading | None:
    """What a table is by its header. Raises as heading_of does."""
    if header[:2] in _NOTES:
        raise NOTES.fault()
    if header == ("Country Name", "Country Code", "Year", "Value"):
        raise SERIES_UNKNOWN.fault()
    names = set(header)
    if "Counterpart Country Name" in names:
        return None  # the International Monetary Fund's tables begin with the same columns
    if set(_BULK) <= names:
        layout = "bulk" if updated else "bulk, undated"
        _check_years(header, _BULK, _YEAR)
    elif set(_DATABANK) <= names:
        layout = "databank"
        _check_years(header, _DATABANK, _YEAR_TWICE)
    elif _down(names):
        layout = "databank, turned"
        _check_turned(header)
    elif names >= _R and any(SERIES.fullmatch(name) for name in header):
        layout = "r"
        unknown = sorted(n for n in names - _R - _R_MORE if not SERIES.fullmatch(n))
        if unknown:
            raise LayoutChanged(f"a table of R's WDI package with the unknown columns {', '.join(unknown)}")
    else:
        return None
    return Heading(layout, header, number, updated)


def _down(names: Iterable[str]) -> list[str]:
    """Which two of economies, series and times a DataBank extract has in its rows, the third being in columns; [] for another table."""
    down = [what for what in _PAIRS if {_named(what), f"{what} Code"} <= set(names)]
    return down if len(down) == 2 and "Time" in down else []


def _named(what: str) -> str:
    return "Time" if what == "Time" else f"{what} Name"


def _check_turned(header: tuple[str, ...]) -> None:
    """Raise LayoutChanged unless each column beside the pairs is a name and a code, and there once."""
    known = {column for what in _down(header) for column in (_named(what), f"{what} Code")}
    strange = [name for name in header if name not in known and not _NAME_AND_CODE.fullmatch(name)]
    if strange or len(set(header)) < len(header) or len(header) == len(known):
        raise LayoutChanged(
            f"a DataBank extract whose columns are not known: {', '.join(map(repr, strange)) or 'none has figures, or one is there twice'}"
        )


def _check_database(name: str) -> None:
    if name != DATABASE:
        raise OTHER_DATABASES.fault(f"this is of the database {name!r}")


def _check_years(header: tuple[str, ...], known: dict[str, int], year: re.Pattern[str]) -> None:
    """Raise LayoutChanged unless each column is known, a year, or the nameless last one of a bulk table, and there once."""
    years = [name for name in header if name not in known and not (name == "" and header.index("") == len(header) - 1)]
    strange = [name for name in years if not (match := year.fullmatch(name)) or len(set(match.groups())) > 1]
    if strange or len(set(header)) < len(header) or not years:
        raise LayoutChanged(
            f"a World Bank table whose columns are not known: {', '.join(map(repr, strange)) or 'one of them twice'}"
        )


def _day(cell: Any, form: str) -> date:
    if isinstance(cell, date):
        return cell
    try:
        return datetime.strptime(str(cell).strip(), form).date()  # noqa: DTZ007 a day has no zone
    except ValueError:
        raise LayoutChanged(f"a World Bank table whose day of update is not a date: {cell!r}") from None


def csv_records(path: Path) -> Iterator[list[str]]:
    """Records of a CSV file. Raises LayoutChanged where it is not UTF-8."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            yield from csv.reader(file)
        except (UnicodeDecodeError, csv.Error) as fault:
            raise LayoutChanged(f"a World Bank table that cannot be read: {fault}") from fault


def xls_records(path: Path) -> Iterator[list[Any]]:
    """Records of the sheet "Data" of a workbook. Raises LayoutChanged where it is damaged or has no such sheet."""
    sheets = workbooks.sheets(path, "a World Bank workbook")
    if "Data" not in sheets:
        raise LayoutChanged("a World Bank workbook without the sheet Data")
    yield from sheets["Data"]


def databank_day(records: Iterable[Cells]) -> date:
    """The day of update below a DataBank extract. Raises LayoutChanged where it is missing, for the file was cut."""
    updated: date | None = None
    for record in records:
        first = str(record[0]) if record else ""
        if first.startswith("Data from database:"):
            _check_database(first.partition(":")[2].strip())
        elif first.startswith("Last Updated:"):
            updated = _day(first.partition(":")[2], "%m/%d/%Y")
    if updated is None:
        raise LayoutChanged("a DataBank extract without the lines below that say its day (it has been cut)")
    return updated


def rows(records: Iterator[Cells], heading: Heading, updated: date | None) -> Iterator[Row]:
    """The figures of a table, one per row, in the table's order.

    A blank cell gives none, but in a bulk table of a known edition, which is complete: there it is a row without a value.

    Raises LayoutChanged for a record with too few or too many cells, as a file that was cut has.
    """
    for _ in range(heading.rows_from):
        next(records)
    day = updated.isoformat() if updated else None
    for number, record in enumerate(records, heading.rows_from + 1):
        if heading.layout in DATABANK_LAYOUTS and _is_below(record):
            continue
        if not any(str(cell) for cell in record):
            continue
        if len(record) != len(heading.header):
            raise LayoutChanged(
                f"record {number} of the table has {len(record)} cells, the header {len(heading.header)} (it has been cut)"
            )
        if heading.layout == "r":
            yield from _r_figures(record, heading)
        elif heading.layout == "databank, turned":
            yield from _turned_figures(record, heading, day)
        else:
            yield from _figures(record, heading, day)


def _is_below(record: Cells) -> bool:
    """Whether a record belongs to the lines below a DataBank extract."""
    first = str(record[0]) if record else ""
    return first.startswith(("Data from database:", "Last Updated:"))


def _figures(record: Cells, heading: Heading, day: str | None) -> Iterator[Row]:
    known = _DATABANK if heading.layout == "databank" else _BULK
    start: list[str | None] = [None] * 5
    for name, cell in zip(heading.header, record, strict=True):
        if name in known:
            start[known[name]] = str(cell) or None
    for name, cell in zip(heading.header, record, strict=True):
        if name in known:
            continue
        value = workbooks.text(cell)
        if value == _BLANK_OF_R:
            value = ""
        if value or (name and heading.layout == "bulk" and heading.updated):
            # The column without a name has no cells; a value in it has no year, and is quarantined.
            yield (*start, name[:4] or None, value or None, None, day, None)


def _turned_figures(record: Cells, heading: Heading, day: str | None) -> Iterator[Row]:
    cells = dict(zip(heading.header, map(workbooks.text, record), strict=True))
    down = _down(heading.header)
    (across,) = _PAIRS.keys() - set(down)
    row: list[str | None] = [None, None, None, None, None, cells["Time Code"].removeprefix("YR") or None]
    for what in down:
        _put(row, what, cells[_named(what)], cells[f"{what} Code"])
    for column, value in cells.items():
        if (match := _NAME_AND_CODE.fullmatch(column)) and value not in ("", _BLANK_OF_R):
            _put(row, across, match["name"], match["code"])
            yield (*row, value, None, day, None)


def _put(row: list[str | None], what: str, name: str, code: str) -> None:
    name_at, code_at = _PAIRS[what]
    if name_at is not None:
        row[name_at], row[code_at] = name or None, code or None


def _r_figures(record: Cells, heading: Heading) -> Iterator[Row]:
    cells = dict(zip(heading.header, record, strict=True))
    for name in heading.header:
        if SERIES.fullmatch(name) and cells[name] not in (_BLANK_OF_R, ""):
            yield (None, cells["iso2c"], cells["country"], name, None, cells["year"], cells[name], None, None, None)
