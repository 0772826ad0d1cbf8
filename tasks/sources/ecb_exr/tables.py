"""The forms of the European Central Bank's exchange rates, read into records of text.

EXR (https://data.ecb.europa.eu/data/datasets/EXR/structure) comes as CSV or SDMX-ML 2.1 generic data; the reference rates
are one table, newest day first, with a column for each currency, N/A for a missing rate and a comma after the last column.
Those of one day have the same columns with a space before each cell (``Date, USD, JPY, …``, ``03 June 2021, 1.2187, …``); as
XML, of one day, of ninety and of all, they are ``<Cube time="2021-06-03"><Cube currency="USD" rate="1.2187"/>…``.
"""

import csv
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

from tasks.archive.sniff import Sniffed, sniff
from tasks.contract.source import Recognised, RefusedForm
from tasks.formats import csv_text
from tasks.formats.sdmx import markup
from tasks.formats.sdmx.message import Damaged
from warehouse.errors import LayoutChanged

#: Columns of EXR that are read, and their names in the staged table.
_EXR = {
    "FREQ": "exr_freq", "CURRENCY": "exr_currency", "CURRENCY_DENOM": "exr_denominator", "EXR_TYPE": "exr_type",
    "EXR_SUFFIX": "exr_suffix", "TIME_PERIOD": "exr_period", "OBS_VALUE": "exr_value", "OBS_STATUS": "exr_status",
    "OBS_CONF": "exr_confidentiality", "UNIT_MULT": "exr_multiplier",
}  # fmt: skip
EXR_COLUMNS = (*_EXR.values(), "exr_prepared")
REFERENCE_COLUMNS = ("reference_day", "exr_currency", "reference_rate", "release_day")
#: Columns that only describe the series or repeat its key.
_IGNORED = {
    "KEY", "OBS_PRE_BREAK", "OBS_COM", "TIME_FORMAT", "BREAKS", "COLLECTION", "COMPILING_ORG", "DISS_ORG", "DOM_SER_IDS",
    "PUBL_ECB", "PUBL_MU", "PUBL_PUBLIC", "UNIT_INDEX_BASE", "COMPILATION", "COVERAGE", "DECIMALS", "NAT_TITLE",
    "SOURCE_AGENCY", "SOURCE_PUB", "TITLE", "TITLE_COMPL", "UNIT",
}  # fmt: skip
_CURRENCY = re.compile(r"[A-Z]{3}")
_PREPARED = re.compile(r"<message:Prepared>(\d{4}-\d{2}-\d{2})")
_AGAIN = "Download the file again"
#: Layouts of reference rates of some days: what they leave out is not gone.
DAYS = ("day", "days as XML")
#: The namespace of the reference rates as XML, which is also that of their elements.
_EUROFXREF = "http://www.ecb.int/vocabulary/2002-08-01/eurofxref"
_CUBE = f"{{{_EUROFXREF}}}Cube"


OTHER_MARKUP = RefusedForm(
    "EXR in another form of SDMX-ML than generic data",
    "for its elements are named after the structure's dimensions",
    "Download it as CSV",
)


def recognised(sniffed: Sniffed) -> Recognised | None:
    """Which of the forms a file has: ``csv``, ``xml``, ``reference``, or one of DAYS. Raises LayoutChanged."""
    if sniffed.kind == "xml":
        return _recognised_xml(sniffed)
    if sniffed.kind != "text" or not sniffed.lines:
        return None
    header = csv_text.cells(sniffed.lines[0]) or [""]
    if header[0] == "KEY" and {"CURRENCY_DENOM", "EXR_TYPE"} <= set(header):
        check_header(header, f"ecb.exr, {sniffed.filename}")
        return Recognised("csv", "ECB exchange rates, CSV of the data service")
    if header[0] == "Date" and {"USD", "JPY"} <= set(header):
        return _recognised_reference(header, sniffed)
    if header[0] == "Date" and {" USD", " JPY"} <= set(header):
        return _recognised_days("day", list(day_rows(sniffed.path, f"ecb.exr, {sniffed.filename}")))
    return None


def _recognised_days(layout: str, rows: list[tuple[str, ...]]) -> Recognised:
    days = sorted({row[0] for row in rows})
    return Recognised(layout, f"ECB reference rates of {' to '.join(dict.fromkeys((days[0], days[-1])))}", days[-1])


def _recognised_xml(sniffed: Sniffed) -> Recognised | None:
    if _EUROFXREF in sniffed.text[:2000]:
        return _recognised_days("days as XML", list(cube_rows(sniffed.path, f"ecb.exr, {sniffed.filename}")))
    if 'structureID="ECB_EXR1"' not in sniffed.text:
        return None
    if "GenericData" not in sniffed.text[:200]:
        raise OTHER_MARKUP.fault(f"ecb.exr, {sniffed.filename}")
    stamp = _PREPARED.search(sniffed.text)
    return Recognised("xml", "ECB exchange rates, SDMX-ML generic data", stamp[1] if stamp else None)


def _recognised_reference(header: list[str], sniffed: Sniffed) -> Recognised:
    others = [name for name in header[1:-1] if not _CURRENCY.fullmatch(name)]
    if others or header[-1]:
        raise LayoutChanged(
            f"reference rates with columns that are not currencies, {', '.join(others) or header[-1]}: ecb.exr, "
            f"{sniffed.filename}. {_AGAIN}"
        )
    newest = sniffed.lines[1].split(",")[0] if len(sniffed.lines) > 1 else None
    return Recognised("reference", f"ECB reference rates of every day to {newest}", newest)


def check_header(header: list[str], where: str) -> None:
    """Raise LayoutChanged unless a header has the columns of EXR."""
    csv_text.check_columns(header, list(_EXR), ignored=_IGNORED, where=where)


def reference_rows(path: Path, where: str) -> Iterator[tuple[str, ...]]:
    """Records of REFERENCE_COLUMNS, one for each day and currency. Raises LayoutChanged for days out of order."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file)
        header = next(lines)
        days = list(lines)
    for number, day in enumerate(days, 2):
        if len(day) != len(header) or day[-1]:
            raise LayoutChanged(f"the line has not as many fields as the header: {where}, line {number}. {_AGAIN}")
    if any(newer[0] <= older[0] for newer, older in pairwise(days)):
        raise LayoutChanged(f"the days do not go from the newest to the oldest: {where}. {_AGAIN}")
    for day in days:
        for currency, rate in zip(header[1:-1], day[1:-1], strict=True):
            yield day[0], currency, rate, days[0][0]


def day_rows(path: Path, where: str) -> Iterator[tuple[str, ...]]:
    """Records of REFERENCE_COLUMNS of the table of one day. Raises LayoutChanged."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *lines = [[cell.strip() for cell in line] for line in csv.reader(file) if any(map(str.strip, line))]
    if len(lines) != 1 or len(lines[0]) != len(header) or header[-1]:
        raise LayoutChanged(
            f"the rates of the day are not one line with as many fields as the header: {where}. {_AGAIN}"
        )
    try:
        day = datetime.strptime(lines[0][0], "%d %B %Y").date().isoformat()  # noqa: DTZ007 (a day has no zone)
    except ValueError:
        raise LayoutChanged(
            f"the day is not written as in 03 June 2021 but {lines[0][0]!r}: {where}. {_AGAIN}"
        ) from None
    yield from ((day, currency, rate, day) for currency, rate in zip(header[1:-1], lines[0][1:-1], strict=True))


def cube_rows(path: Path, where: str) -> Iterator[tuple[str, ...]]:
    """Records of REFERENCE_COLUMNS of reference rates as XML. Raises LayoutChanged for damaged XML and for one without days."""
    try:
        root = ET.parse(path).getroot()  # noqa: S314 (expat limits what entities expand to)
    except ET.ParseError as fault:
        raise LayoutChanged(f"the XML is damaged: {where} ({fault}). {_AGAIN}") from fault
    days = [cube for cube in root.iter(_CUBE) if cube.get("time")]
    if not days:
        raise LayoutChanged(f"the reference rates are of no day: {where}. {_AGAIN}")
    newest = max(str(day.get("time")) for day in days)
    for day in days:
        for rate in day:
            yield str(day.get("time")), rate.get("currency", ""), rate.get("rate", ""), newest


def csv_rows(path: Path, where: str) -> Iterator[tuple[str | None, ...]]:
    """Records of EXR_COLUMNS, None for an empty cell; the CSV does not say when it was made. Raises LayoutChanged."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file)
        header = next(lines, [])
        check_header(header, where)
        positions = [header.index(name) for name in _EXR]
        for line in lines:
            if len(line) != len(header):
                raise LayoutChanged(
                    f"the line has {len(line)} fields, the header {len(header)}: {where}, line {lines.line_num}. {_AGAIN}"
                )
            yield (*(line[position] or None for position in positions), None)


def xml_rows(path: Path, where: str) -> Iterator[tuple[str | None, ...]]:
    """Records of EXR_COLUMNS, with the day of the message; observations in series, or each with all dimensions.

    Raises LayoutChanged for a damaged message.
    """
    try:
        message = markup.describe(sniff(path))
        prepared = date.fromisoformat(message.prepared[:10]).isoformat() if message and message.prepared else None
        for record in markup.records(path):
            yield (*(record.get(name) for name in _EXR), prepared)
    except (Damaged, ValueError) as fault:
        raise LayoutChanged(f"the SDMX-ML is damaged: {where} ({fault}). {_AGAIN}") from fault
