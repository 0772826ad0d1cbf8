"""Tables by counterpart country as data.imf.org gave them until 2025: a series in a row with the periods across, or a period in a row.

Codes of countries are numeric. In tables of series an Attribute says of each row whether it has values or their statuses. Nothing states
the scale: the site gave dollars, and tables in millions are on record too. A value that no millions or thousands can be shows which.
"""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from tasks.archive.sniff import Sniffed
from tasks.contract.source import RefusedForm
from tasks.formats import csv_text
from tasks.formats.sdmx import Record
from warehouse.errors import LayoutChanged

LAYOUT = "until 2025"
REFUSED = RefusedForm(
    "Tables by counterpart country as data.imf.org gave them until 2025, of other data sets (CPIS), or without a figure of 100 million or more",
    "for they do not say whether they are in dollars or in millions, and tables in either are on record",
    "Save the figures again from data.imf.org",
)
_COUNTRIES = {"Country Name", "Country Code", "Counterpart Country Name", "Counterpart Country Code"}
_SERIES = {*_COUNTRIES, "Indicator Name", "Indicator Code", "Attribute"}
_TIME = "Time Period"
_PERIOD = re.compile(r"(\d{4})(?:(M)(\d{1,2})|(Q)([1-4]))?")
#: A column of values of a table with a period in a row: Goods, Value of Exports, Free on board (FOB), US Dollars (TXG_FOB_USD).
_CODED = re.compile(r".*\((\w+)\)")
#: No two economies' trade of a year, and no position, is 100 trillion dollars: a larger number is in dollars.
_IN_DOLLARS = 10**8
#: Statuses whose meaning is known; of others what is printed is noted.
_STATUSES = {"C": "C", "E": "E", "P": "P"}


#: Country, indicator, counterpart, frequency and period.
_Key = tuple[str, str, str, str, str]
#: A key, what is printed, and whether that is a status.
_Cell = tuple[_Key, str, bool]


def is_table(sniffed: Sniffed) -> bool:
    """Whether a text is such a table, of whichever data set."""
    header = _header(sniffed)
    return header >= _COUNTRIES and ("Indicator Code" in header or _TIME in header)


def indicators(sniffed: Sniffed) -> set[str]:
    """The codes of indicators that the beginning of a table has."""
    header = csv_text.cells(sniffed.lines[0])
    if "Indicator Code" not in header:
        return {match[1] for name in header if (match := _CODED.fullmatch(name))}
    at = header.index("Indicator Code")
    rows = (csv_text.cells(line) for line in sniffed.lines[1:])
    return {row[at] for row in rows if len(row) > at}


def records(path: Path, where: str) -> Iterator[Record]:
    """An observation a record, in the names of today's data sets. Raises as ``check``."""
    statuses = check(path, where)
    for key, printed, is_status in _cells(path, where):
        if not is_status:
            yield _record(key, printed, statuses.pop(key, None))
    yield from (_record(key, None, status) for key, status in statuses.items() if status.upper() == "C")


def check(path: Path, where: str) -> dict[_Key, str]:
    """The statuses of a table, by series and period. Raises LayoutChanged for other columns, Unknown if no figure shows the scale."""
    statuses: dict[_Key, str] = {}
    largest = 0.0
    for key, printed, is_status in _cells(path, where):
        if is_status:
            statuses[key] = printed
        else:
            largest = max(largest, _size(printed))
    if largest < _IN_DOLLARS:
        raise REFUSED.fault(where)
    return statuses


def _record(key: _Key, printed: str | None, status: str | None) -> Record:
    country, indicator, counterpart, frequency, period = key
    return {
        "COUNTRY": country, "INDICATOR": indicator, "COUNTERPART_COUNTRY": counterpart, "FREQUENCY": frequency, "TIME_PERIOD": period,
        "OBS_VALUE": printed, "STATUS": _STATUSES.get((status or "").upper()), "UNIT": "USD", "SCALE": None, "UPDATE_DATE": None,
        "DERIVATION_TYPE": f"status {status}" if status and status.upper() not in _STATUSES else None,
    }  # fmt: skip


def _cells(path: Path, where: str) -> Iterator[_Cell]:
    """The cells that are not empty."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        header = [name.strip() for name in next(reader, [])]
        if "Indicator Code" in header:
            yield from _of_series(reader, header, where)
        else:
            yield from _of_periods(reader, header, where)


def _of_series(reader: Iterator[list[str]], header: list[str], where: str) -> Iterator[_Cell]:
    periods = {at: _period(name, where) for at, name in enumerate(header) if name and name not in _SERIES}
    columns = {name: header.index(name) for name in _SERIES if name in header}
    for row in reader:
        if len(row) != len(header):
            raise LayoutChanged(f"a row has {len(row)} cells, the header {len(header)}: {where}. Save the table again")
        attribute = row[columns["Attribute"]] if "Attribute" in columns else "Value"
        if attribute not in ("Value", "Status"):
            raise LayoutChanged(f"unknown Attribute {attribute!r}: {where}. Save the table again")
        series = (
            _code(row[columns["Country Code"]]),
            row[columns["Indicator Code"]],
            _code(row[columns["Counterpart Country Code"]]),
        )
        for at, period in periods.items():
            if row[at]:
                yield (*series, *period), row[at], attribute == "Status"


def _of_periods(reader: Iterator[list[str]], header: list[str], where: str) -> Iterator[_Cell]:
    coded = {at: match[1] for at, name in enumerate(header) if (match := _CODED.fullmatch(name))}
    known = {*_COUNTRIES, _TIME, "", *(header[at] for at in coded)}
    if unknown := [name for name in header if name not in known]:
        raise LayoutChanged(f"the header has the unknown {', '.join(unknown)}: {where}. Save the table again")
    country, counterpart, time = (header.index(name) for name in ("Country Code", "Counterpart Country Code", _TIME))
    for row in reader:
        if len(row) != len(header):
            raise LayoutChanged(f"a row has {len(row)} cells, the header {len(header)}: {where}. Save the table again")
        for at, indicator in coded.items():
            if row[at]:
                yield (
                    (_code(row[country]), indicator, _code(row[counterpart]), *_period(row[time], where)),
                    row[at],
                    False,
                )


def _header(sniffed: Sniffed) -> set[str]:
    return set(csv_text.cells(sniffed.lines[0])) if sniffed.kind == "text" and sniffed.lines else set()


def _code(printed: str) -> str:
    """A numeric code in three digits, which spreadsheets and programs shorten."""
    return printed.strip().zfill(3)


def _period(printed: str, where: str) -> tuple[str, str]:
    """Frequency and period: 2024M2 is M, 2024-M02. Raises LayoutChanged."""
    match = _PERIOD.fullmatch(printed.strip())
    if match is None:
        raise LayoutChanged(f"{printed!r} is neither a known column nor a period: {where}. Save the table again")
    year, month, at_month, quarter, at_quarter = match.groups()
    if month:
        return "M", f"{year}-M{int(at_month):02}"
    return ("Q", f"{year}-Q{at_quarter}") if quarter else ("A", year)


def _size(printed: str) -> float:
    try:
        return abs(float(printed))
    except ValueError:
        return 0
