"""SDMX-CSV, and the tables data.imf.org saves.

SDMX-CSV 1.0 has a first column DATAFLOW, 2.0 STRUCTURE and STRUCTURE_ID (``STRUCTURE[;]`` names the separator within
a cell); the IMF sends either, by the media type asked for. An empty cell is None.
"""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from tasks.archive.sniff import Sniffed
from tasks.formats.sdmx.message import Damaged, Message, Record, reference
from warehouse.errors import LayoutChanged

_DELIMITERS = (",", ";", "\t")
_PERIOD = re.compile(r"[0-9]{4}(-(Q[1-4]|M?(0[1-9]|1[0-2])))?")
#: Columns of a table of series that are not labels.
_PLAIN = ("DATASET", "SERIES_CODE", "OBS_MEASURE", "PUBLICATION_DATE", "UPDATE_DATE")
#: The end of a label column's name in records of portal tables, after the name of the id.
LABEL = ".LABEL"


def describe(sniffed: Sniffed) -> Message | None:
    """SDMX-CSV by the first columns of its header, a portal table by its pairs; None for other text."""
    if not sniffed.lines or sniffed.encoding not in ("utf-8", "utf-8-sig"):
        return None
    header = _cells(sniffed.lines[0])
    if header[:2] == ["DATASET", "SERIES_CODE"]:
        first = _cells(sniffed.lines[1]) if len(sniffed.lines) > 1 else [""]
        return Message("series", *reference(first[0]), columns=tuple(header))
    if "OBS_VALUE" not in header:
        return None
    if any(name.endswith(".ID") for name in header):
        return Message("portal", columns=tuple(header))
    if header[0] != "DATAFLOW" and not header[0].startswith("STRUCTURE"):
        return None
    first = _cells(sniffed.lines[1]) if len(sniffed.lines) > 1 else []
    at = header.index("STRUCTURE_ID") if "STRUCTURE_ID" in header else 0
    agency, flow, version = reference(first[at]) if len(first) > at else (None, None, None)
    return Message("csv", agency, flow, version, columns=tuple(header))


def records(path: Path) -> Iterator[Record]:
    """The records of SDMX-CSV. Raises Damaged for a record with too few or too many cells."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        start = file.readline()
        file.seek(0)
        reader = csv.reader(file, delimiter=_delimiter(start), strict=True)
        try:
            yield from _records(reader, path)
        except (csv.Error, UnicodeDecodeError) as fault:
            raise Damaged(f"the line cannot be read as CSV: {path.name}, line {reader.line_num} ({fault})") from fault


def portal_records(path: Path) -> Iterator[Record]:
    """The records of a portal table: a column of codes has the id's name, that of labels the same with LABEL."""
    for record in records(path):
        coded = {name.removesuffix(".ID") for name in record if name.endswith(".ID")}
        yield {
            name.removesuffix(".ID") if name.endswith(".ID") else name + LABEL * (name in coded): value
            for name, value in record.items()
        }


def series_records(path: Path) -> Iterator[Record]:
    """The observations of a portal table with a series in a row and a period in a column; empty cells give none.

    SERIES_CODE, the codes joined by points, identifies the series; every other column is given as a label, but for those
    that have an id's column beside them.
    """
    for record in records(path):
        if record.get("OBS_MEASURE") != "OBS_VALUE":
            raise LayoutChanged(
                f"the series {record.get('SERIES_CODE')} is of {record.get('OBS_MEASURE')}, not OBS_VALUE: {path.name}"
            )
        periods = [name for name in record if _PERIOD.fullmatch(name)]
        of_series = {
            name.removesuffix(".ID") if name.endswith(".ID") else name + LABEL * (name not in _PLAIN): value
            for name, value in record.items()
            if name not in periods
        }
        for period in periods:
            if record[period] is not None:
                yield {**of_series, "TIME_PERIOD": period, "OBS_VALUE": record[period]}


def _records(reader: Iterator[list[str]], path: Path) -> Iterator[Record]:
    header = next(reader, [])
    if len(set(header)) != len(header):
        raise LayoutChanged(f"the header repeats a column: {path.name}. Its columns: {', '.join(header)}")
    for number, cells in enumerate(reader, 1):
        if not cells:
            continue
        if len(cells) != len(header):
            raise Damaged(
                f"the record has {len(cells)} cells, the header {len(header)}, so the file may have been cut: {path.name}, record {number}"
            )
        yield {name: cell or None for name, cell in zip(header, cells, strict=True)}


def _cells(line: str) -> list[str]:
    return next(csv.reader([line], delimiter=_delimiter(line)), [])


def _delimiter(line: str) -> str:
    return max(_DELIMITERS, key=line.count)
