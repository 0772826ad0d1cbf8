"""``cepii.geodist``: GeoDist, distances between economies and what ties them (Mayer and Zignago 2011, WP 2011-25).

Two files, each as xls or csv: ``dist_cepii`` has a line for every two of 224 economies and a column for each measure;
``geo_cepii`` has a line for each main city, 13 economies having two, and repeats the economy's area in both. Codes are
ISO 3166-1 alpha-3 as they were (ROM, ZAR, TMP, YUG, PAL), a missing measure is a point. What is read is one record for
each measure, so that each is a figure with its unit; of geo_cepii the measures of the economy and of its first city.
A tie of two economies that is 0 makes no record: 376,000 of 602,000 would say that there is nothing.
Neither file states a date or a version, and a distance belongs to no period.
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from schemas.cepii import GeoDistPairs, GeoDistPlaces
from tasks.archive.sniff import Sniffed
from tasks.archive.store import Artifact, Opened
from tasks.contract import facts
from tasks.contract.dataset import Conform, Dataset
from tasks.contract.source import Recognised, Source, sql_beside
from warehouse.errors import LayoutChanged

_PAIR = ("iso_o", "iso_d")
_TIES = ("contig", "comlang_off", "comlang_ethno", "colony", "comcol", "curcol", "col45", "smctry")
_DISTANCES = ("dist", "distcap", "distw", "distwces")
_MEASURES = (*_TIES, *_DISTANCES)
_GEO = (
    "iso2", "iso3", "cnum", "country", "pays", "area", "dis_int", "landlocked", "continent", "city_en", "city_fr",
    "lat", "lon", "cap", "maincity", "citynum", "langoff_1", "langoff_2", "langoff_3", "lang20_1", "lang20_2",
    "lang20_3", "lang20_4", "lang9_1", "lang9_2", "lang9_3", "lang9_4", "colonizer1", "colonizer2", "colonizer3",
    "colonizer4", "short_colonizer1", "short_colonizer2", "short_colonizer3",
)  # fmt: skip
#: Measures of the economy, the same in each of its lines, and of the city the line is for.
_OF_ECONOMY, _OF_CITY = ("area", "dis_int", "landlocked"), ("lat", "lon")
_HEADERS = {"dist": (*_PAIR, *_MEASURES), "geo": _GEO}
_TOLD = {"dist": "GeoDist, distances and ties of two economies", "geo": "GeoDist, areas and main cities"}

_Row = Sequence[Any]


class CepiiGeodist(Source):
    """GeoDist."""

    id = "cepii.geodist"
    title = "GeoDist: distances between economies, and what ties them"
    publisher = "Centre d'études prospectives et d'informations internationales (CEPII)"
    licence = "freely available for research; cite Mayer and Zignago (2011), CEPII working paper 2011-25"
    redistribution = "attribution"
    documentation = "https://www.cepii.fr/CEPII/en/bdd_modele/bdd_modele_item.asp?id=6"
    covers = (
        "Distances of 224 economies from each other and within themselves (main cities, capitals, and weighted by the "
        "people of the largest cities), whether they touch, share a language or were ruled by one another; areas and "
        "coordinates of main cities."
    )
    units = "Distances in kilometres, areas in square kilometres, coordinates in degrees, ties 1 (0 is not kept)."
    forms = ("dist_cepii and geo_cepii as xls or CSV, also zipped: by their columns, in any order.",)
    tables = (GeoDistPairs, GeoDistPlaces)
    traps = (
        "Neither file states a date or a version: the figures are of 2011, and of the borders of about 2004.",
        "The distance of an economy from itself is the distance within it, 0.67 times the root of area over pi.",
        "Codes of their time: ROM Romania, ZAR DR Congo, TMP Timor-Leste, PAL Palestine, YUG Serbia and Montenegro.",
        "The weighted distances are missing for economies without known cities: a point in the file.",
        "Thirteen economies stand twice in geo_cepii, once for each main city; the first one's coordinates are taken.",
    )

    def recognises(self, sniffed: Sniffed) -> Recognised | None:
        """A workbook or a CSV file with the header of dist_cepii or geo_cepii, in any order of columns.

        Raises LayoutChanged for a header that starts like one of them and has other columns.
        """
        header = next(iter(_sheet_heads(sniffed)), ())
        for layout, wanted in _HEADERS.items():
            if sorted(header) == sorted(wanted):
                return Recognised(layout, _TOLD[layout])
            if set(header) > set(_PAIR) and {"dist", "distcap"} <= set(header):
                raise LayoutChanged(f"{sniffed.filename}: GeoDist with other columns: {', '.join(header)}")
        return None

    def dataset(self, artifact: Artifact) -> Dataset:
        """Pairs or places, by the layout it was recognised as."""
        if artifact.layout == "geo":
            return Dataset(GeoDistPlaces, (Conform(facts.INDICATOR, sql_beside(__name__, "places.sql")),))
        return Dataset(GeoDistPairs, (Conform(facts.PAIR, sql_beside(__name__, "pairs.sql")),))

    def text(self, opened: Opened) -> str:
        """One record for each measure of each line, in the order of the file and of its columns."""
        layout = str(opened.artifact.layout)
        rows = _rows(opened)
        header = [str(c) for c in next(rows, ())]
        if sorted(header) != sorted(_HEADERS[layout]):
            raise LayoutChanged(f"{self.id}, {opened.artifact.filename}: the header is {', '.join(header)}")
        at = header.index
        if layout == "geo":
            return opened.table(
                ("cepii_code", "geodist_column", "measured"), _places(rows, at, opened.artifact.filename)
            )
        return opened.table(("iso_o", "iso_d", "geodist_column", "measured"), _pairs(rows, at))


def _pairs(rows: Iterator[_Row], at: Callable[[str], int]) -> Iterator[tuple[str, ...]]:
    origin, destination = at("iso_o"), at("iso_d")
    measures = [(m, at(m)) for m in _MEASURES]
    for row in rows:
        for measure, column in measures:
            printed = _printed(row[column])
            if printed != "0" or measure in _DISTANCES:
                yield str(row[origin]), str(row[destination]), measure, printed


def _places(rows: Iterator[_Row], at: Callable[[str], int], filename: str) -> Iterator[tuple[str, ...]]:
    """Measures of every economy from the line of its first city. Raises LayoutChanged if its lines do not agree."""
    lines = list(rows)
    first = {str(r[at("iso3")]): r for r in lines if _printed(r[at("maincity")]) == "1"}
    for row in lines:
        iso3 = str(row[at("iso3")])
        if any(row[at(m)] != first.get(iso3, row)[at(m)] for m in _OF_ECONOMY):
            raise LayoutChanged(f"{filename}: the lines of {iso3} state different areas")
        if first.get(iso3) is row:
            for measure in (*_OF_ECONOMY, *_OF_CITY):
                yield iso3, measure, _printed(row[at(measure)])


def _printed(cell: Any) -> str:
    """A cell as text: a workbook keeps numbers as binary floating point, of which the shortest text is what was typed."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _rows(opened: Opened) -> Iterator[_Row]:
    if opened.path.open("rb").read(4) == b"\xd0\xcf\x11\xe0":
        from python_calamine import CalamineWorkbook

        yield from CalamineWorkbook.from_path(str(opened.path)).get_sheet_by_index(0).iter_rows()
        return
    with opened.path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.reader(file)


def _sheet_heads(sniffed: Sniffed) -> Iterator[list[str]]:
    """The header of a text; that of a workbook's first sheet."""
    if sniffed.kind == "xls":
        yield from ([str(c) for c in rows[0]] for rows in sniffed.sheets.values() if rows)
    elif (
        sniffed.kind == "text"
        and sniffed.lines
        and sniffed.lines[0].lstrip('\ufeff"').startswith(("iso_o", "iso2,", 'iso2"'))
    ):
        yield next(csv.reader(sniffed.lines[:1]), [])


SOURCE = CepiiGeodist()
