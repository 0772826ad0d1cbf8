"""GeoDist's two tables, as xls or CSV, read into one record for each measure.

Tables: https://www.cepii.fr/CEPII/en/bdd_modele/bdd_modele_item.asp?id=6. A missing measure is a point. A tie of two
economies that is 0 makes no record: 376,000 of 602,000 would say that there is nothing.
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from tasks.archive.sniff import Sniffed
from tasks.archive.store import SetAside
from tasks.formats import csv_text
from tasks.sources._shared import workbooks
from warehouse.errors import LayoutChanged

_PAIR = ("iso_o", "iso_d")
_TIES = ("contig", "comlang_off", "comlang_ethno", "colony", "comcol", "curcol", "col45", "smctry")
_DISTANCES = ("dist", "distcap", "distw", "distwces")
_MEASURES = (*_TIES, *_DISTANCES)
#: Measures of the economy, the same in each of its lines, and of the city that the line is for.
_OF_ECONOMY, _OF_CITY = ("area", "dis_int", "landlocked"), ("lat", "lon")
#: The columns of each layout, in any order.
HEADERS = {
    "dist": (*_PAIR, *_MEASURES),
    "geo": (
        "iso2", "iso3", "cnum", "country", "pays", "area", "dis_int", "landlocked", "continent", "city_en", "city_fr",
        "lat", "lon", "cap", "maincity", "citynum", "langoff_1", "langoff_2", "langoff_3", "lang20_1", "lang20_2",
        "lang20_3", "lang20_4", "lang9_1", "lang9_2", "lang9_3", "lang9_4", "colonizer1", "colonizer2", "colonizer3",
        "colonizer4", "short_colonizer1", "short_colonizer2", "short_colonizer3",
    ),
}  # fmt: skip
#: The columns of the records that ``records`` gives, by layout.
COLUMNS = {"dist": (*_PAIR, "geodist_column", "measured"), "geo": ("cepii_code", "geodist_column", "measured")}
_XLS = b"\xd0\xcf\x11\xe0"

_Row = Sequence[Any]


def layout_of(sniffed: Sniffed) -> str | None:
    """``dist`` or ``geo``, by the header; None for another file.

    Raises LayoutChanged for a header with the distances of dist_cepii and other columns.
    """
    header = _header(sniffed)
    for layout, columns in HEADERS.items():
        if sorted(header) == sorted(columns):
            return layout
    if set(header) > set(_PAIR) and {"dist", "distcap"} <= set(header):
        csv_text.check_columns(header, HEADERS["dist"], where=f"cepii.geodist, {sniffed.filename}")
    return None


def records(path: Path, layout: str, filename: str) -> Iterator[tuple[str, ...] | SetAside]:
    """Records of COLUMNS[layout] in the order of the file and of HEADERS; ties of 0 and further cities are set aside.

    Raises LayoutChanged.
    """
    rows = _rows(path)
    header = [str(cell) for cell in next(rows, ())]
    csv_text.check_columns(header, HEADERS[layout], where=f"cepii.geodist, {filename}")
    rows = _full(rows, len(header), filename)
    if layout == "geo":
        yield from _places(rows, header.index, filename)
    else:
        yield from _pairs(rows, header.index)


def _full(rows: Iterator[_Row], width: int, filename: str) -> Iterator[_Row]:
    """The rows, each with a cell for each column. Raises LayoutChanged for another, as a file that was damaged has."""
    for number, row in enumerate(rows, 2):
        if len(row) != width:
            raise LayoutChanged(
                f"the line has {len(row)} cells, the header {width}: cepii.geodist, {filename}, line {number}. Download the file again"
            )
        yield row


def _pairs(rows: Iterator[_Row], at: Callable[[str], int]) -> Iterator[tuple[str, ...] | SetAside]:
    origin, destination = at("iso_o"), at("iso_d")
    measures = [(measure, at(measure)) for measure in _MEASURES]
    for row in rows:
        for measure, column in measures:
            printed = _printed(row[column])
            if printed == "0" and measure not in _DISTANCES:
                yield SetAside("a tie of 0, which two economies do not have")
            else:
                yield str(row[origin]), str(row[destination]), measure, printed


def _places(rows: Iterator[_Row], at: Callable[[str], int], filename: str) -> Iterator[tuple[str, ...] | SetAside]:
    """Measures of every economy from the line of its first city. Raises LayoutChanged if its lines do not agree."""
    lines = list(rows)
    first = {str(row[at("iso3")]): row for row in lines if _printed(row[at("maincity")]) == "1"}
    for number, row in enumerate(lines, 2):
        iso3 = str(row[at("iso3")])
        if any(row[at(m)] != first.get(iso3, row)[at(m)] for m in _OF_ECONOMY):
            raise LayoutChanged(
                f"two lines of {iso3} state different areas: cepii.geodist, {filename}, line {number}. Download the file again"
            )
        for measure in (*_OF_ECONOMY, *_OF_CITY):
            if first.get(iso3) is row:
                yield iso3, measure, _printed(row[at(measure)])
            else:
                yield SetAside("a line of a further city of an economy, which repeats its area")


def _printed(cell: Any) -> str:
    """A cell as text: a workbook keeps numbers as binary floating point, of which the shortest text is what was typed."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _rows(path: Path) -> Iterator[_Row]:
    with path.open("rb") as file:
        is_workbook = file.read(len(_XLS)) == _XLS
    if is_workbook:
        yield from next(iter(workbooks.sheets(path, path.name).values()), [])
        return
    with path.open(encoding="utf-8-sig", newline="") as text:
        yield from csv.reader(text)


def _header(sniffed: Sniffed) -> list[str]:
    """The header of a text that begins like one of the tables, or of a workbook's first sheet; empty for another file."""
    if sniffed.kind == "xls":
        return next(([str(cell) for cell in rows[0]] for rows in sniffed.sheets.values() if rows), [])
    starts = ("iso_o", "iso2,", 'iso2"')
    if sniffed.kind == "text" and sniffed.lines and sniffed.lines[0].lstrip('\ufeff"').startswith(starts):
        return csv_text.cells(sniffed.lines[0])
    return []
