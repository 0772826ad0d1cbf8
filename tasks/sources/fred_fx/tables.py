"""Reads series of H.10 into records of text: from FRED's graphs, and from the table that datasets/exchange-rates makes of them.

A series' id says what it is: ``AEXCHUS`` is a yearly average (``EX`` a monthly one, ``DEX`` daily) of China's currency per
US dollar, ``AEXUSEU`` of US dollars per euro. A point is a missing rate; newer files leave the cell empty, which is no
observation.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from tasks.archive.sniff import Sniffed
from tasks.contract.source import Recognised
from tasks.formats import csv_text
from tasks.sources._shared import workbooks
from warehouse.errors import LayoutChanged

#: The two letters H.10 has for a country, and its currency.
_LETTERS = {
    "AL": "AUD", "BZ": "BRL", "CA": "CAD", "CH": "CNY", "DN": "DKK", "EU": "EUR", "HK": "HKD", "IN": "INR", "JP": "JPY",
    "KO": "KRW", "MA": "MYR", "MX": "MXN", "NO": "NOK", "NZ": "NZD", "SD": "SEK", "SF": "ZAR", "SI": "SGD", "SL": "LKR",
    "SZ": "CHF", "TA": "TWD", "TH": "THB", "UK": "GBP", "US": "USD",
}  # fmt: skip
_SERIES = re.compile(r"(?P<freq>[AD]?)EX(?P<quoted>[A-Z]{2})(?P<base>[A-Z]{2})")
#: The first column of a graph, in newer files and in older ones.
DAY_COLUMNS = ("observation_date", "DATE")
#: Countries of the reshaped table and their currencies. Not Venezuela: of its three currencies since 1995 the table does
#: not say which a rate is in.
_COUNTRIES = {
    "Australia": "AUD", "Austria": "ATS", "Belgium": "BEF", "Brazil": "BRL", "Canada": "CAD", "China": "CNY",
    "Denmark": "DKK", "Euro": "EUR", "Finland": "FIM", "France": "FRF", "Germany": "DEM", "Greece": "GRD",
    "Hong Kong": "HKD", "India": "INR", "Ireland": "IEP", "Italy": "ITL", "Japan": "JPY", "Malaysia": "MYR",
    "Mexico": "MXN", "Netherlands": "NLG", "New Zealand": "NZD", "Norway": "NOK", "Portugal": "PTE", "Singapore": "SGD",
    "South Africa": "ZAR", "South Korea": "KRW", "Spain": "ESP", "Sri Lanka": "LKR", "Sweden": "SEK",
    "Switzerland": "CHF", "Taiwan": "TWD", "Thailand": "THB", "United Kingdom": "GBP",
}  # fmt: skip
_RESHAPED = (["Date", "Country", "Exchange rate"], ["Date", "Country", "Value"])
RESHAPED_COLUMNS = ("fred_series", "fred_day", "fred_freq", "fred_quoted", "fred_value")
GRAPH_COLUMNS = ("fred_series", "fred_day", "fred_freq", "fred_quoted", "fred_base", "fred_value")
_AGAIN = "Download the file again"
#: What programs and spreadsheets write where FRED has a point.
_MISSING = {".", "NA", "#N/A"}


def recognised(sniffed: Sniffed) -> Recognised | None:
    """A ``graph``, or the reshaped table, ``reshaped_A`` or ``reshaped_M``. Raises LayoutChanged for a graph of other series."""
    if sniffed.kind in ("xls", "xlsx"):
        return _recognised_workbook(sniffed)
    if sniffed.kind != "text" or len(sniffed.lines) < 2:
        return None
    header = csv_text.cells(sniffed.lines[0])
    if len(header) > 1 and header[0] in DAY_COLUMNS and re.match(r"\d{4}-\d{2}-\d{2},", sniffed.lines[1]):
        _check_series(header, f"fred.fx, {sniffed.filename}")
        return Recognised("graph", f"FRED graph of {', '.join(header[1:])}")
    if header in _RESHAPED and _are_countries(sniffed.lines[1:]):
        freq = _freq_of([line[:10] for line in sniffed.lines[1:]])
        return Recognised(
            f"reshaped_{freq}", "H.10 exchange rates per US dollar as datasets/exchange-rates reshapes them"
        )
    return None


def _recognised_workbook(sniffed: Sniffed) -> Recognised | None:
    """A graph's workbook: one sheet, or one for each frequency, with some lines above the header."""
    series = [
        str(cell)
        for rows in sniffed.sheets.values()
        for row in rows
        if _is_header(row)
        for cell in row[1:]
        if cell != ""
    ]
    if not series:
        return None
    _check_series(["", *series], f"fred.fx, {sniffed.filename}")
    return Recognised("graph workbook", f"FRED graph of {', '.join(series)}, a workbook")


def _is_header(row: Sequence[Any]) -> bool:
    return len(row) > 1 and row[0] in DAY_COLUMNS


def workbook_rows(path: Path, where: str) -> Iterator[tuple[str, ...]]:
    """Records of GRAPH_COLUMNS of a graph's workbook. Raises LayoutChanged as graph_rows does."""
    for sheet, rows in workbooks.sheets(path, where).items():
        at = next((number for number, row in enumerate(rows) if _is_header(row)), None)
        if at is not None:
            lines = [[_cell(cell) for cell in row] for row in rows[at:]]
            while lines[0] and not lines[0][-1]:
                lines = [line[:-1] for line in lines]
            numbered = (
                (f"{where}, sheet {sheet}, row {at + n}", line) for n, line in enumerate(lines[1:], 2) if any(line)
            )
            yield from _rows(lines[0], numbered, where)


def _cell(value: Any) -> str:
    """A cell as text; a day without the time that a workbook gives it."""
    return value.isoformat()[:10] if isinstance(value, date) else workbooks.text(value).removesuffix(" 00:00:00")


def graph_rows(path: Path, where: str) -> Iterator[tuple[str, ...]]:
    """Records of GRAPH_COLUMNS, one for each series and day with a value.

    Series of several frequencies have a line for each day of the most frequent one, blank for the others. Raises LayoutChanged
    for a line of another length, or a figure on a day on which no period of its series begins.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file)
        header = next(lines, [])
        yield from _rows(header, ((f"{where}, line {lines.line_num}", line) for line in lines), where)


def _rows(header: Sequence[str], lines: Iterable[tuple[str, Sequence[str]]], where: str) -> Iterator[tuple[str, ...]]:
    """Records of GRAPH_COLUMNS of a graph's lines, each with where it stands."""
    _check_series(header, where)
    series = [(name, _parts(name)) for name in header[1:]]
    for at, line in lines:
        if len(line) != len(header):
            raise LayoutChanged(f"the line has {len(line)} fields, the header {len(header)}: {at}. {_AGAIN}")
        for (name, (freq, quoted, base)), printed in zip(series, line[1:], strict=True):
            value = "." if printed in _MISSING else printed
            if value and not (value == "." and not _begins_period(line[0], freq)):
                _check_day(line[0], freq, at)
                yield name, line[0], freq, quoted, base, value


def reshaped_rows(path: Path, where: str, freq: str) -> Iterator[tuple[str | None, ...]]:
    """Records of RESHAPED_COLUMNS; ``freq`` is that of all days. Raises LayoutChanged as graph_rows does."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file)
        if next(lines, []) not in _RESHAPED:
            raise LayoutChanged(f"the header is not Date, Country, Exchange rate: {where}. {_AGAIN}")
        for line in lines:
            at = f"{where}, line {lines.line_num}"
            if len(line) != 3:
                raise LayoutChanged(f"the line has {len(line)} fields instead of three: {at}. {_AGAIN}")
            _check_day(line[0], freq, at)
            if line[2]:
                yield line[1], line[0], freq, _COUNTRIES.get(line[1], line[1]), line[2]


def _check_series(header: Sequence[str], where: str) -> None:
    """Raise LayoutChanged unless all columns but the first are exchange rates of H.10 against the US dollar."""
    for series in header[1:]:
        match = _SERIES.fullmatch(series)
        pair = {match["quoted"], match["base"]} if match else set()
        if "US" not in pair or not pair <= set(_LETTERS):
            raise LayoutChanged(
                f"the FRED graph has {series}, which is not an exchange rate of H.10 known here: {where}. Download a graph "
                "of series such as AEXCHUS only"
            )


def _parts(series: str) -> tuple[str, str, str]:
    """Frequency, the currency that is quoted, and the currency of which one unit is quoted."""
    match = _SERIES.fullmatch(series)
    assert match is not None
    return match["freq"] or "M", _LETTERS[match["quoted"]], _LETTERS[match["base"]]


def _are_countries(lines: Sequence[str]) -> bool:
    """Whether the second field of each line is a country of the reshaped table; one unknown country is tolerated."""
    names = {line.split(",")[1] for line in lines if line.count(",") == 2}
    return bool(names) and len(names - set(_COUNTRIES)) <= 1


def _freq_of(days: Sequence[str]) -> str:
    """A where every day is a 1 January, else M."""
    return "A" if all(day.endswith("-01-01") for day in days) else "M"


def _begins_period(day: str, freq: str) -> bool:
    return day.endswith({"A": "-01-01", "M": "-01", "D": ""}[freq])


def _check_day(day: str, freq: str, where: str) -> None:
    if not _begins_period(day, freq):
        period = "year" if freq == "A" else "month"
        raise LayoutChanged(f"{day} is not the first day of a {period}: {where}. {_AGAIN}")
