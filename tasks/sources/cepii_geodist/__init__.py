"""``cepii.geodist``: GeoDist, distances between economies and what they have in common (Mayer and Zignago 2011, WP 2011-25).

Two files (``tables``): ``dist_cepii`` has a line for every two of 224 economies and a column for each measure;
``geo_cepii`` has a line for each main city, 13 economies having two, and repeats the economy's area in both. Each measure
becomes a record, so that each is a figure with its unit. From geo_cepii these are the measures of the economy and of its
first city.
Codes are ISO 3166-1 alpha-3 as they were (ROM, ZAR, TMP, YUG, PAL). Neither file states a date or a version, and
distances have no period.
"""

from schemas.cepii import GeoDistPairs, GeoDistPlaces
from tasks.archive.sniff import Sniffed
from tasks.archive.store import Artifact, Opened
from tasks.contract import facts
from tasks.contract.dataset import Conform, Dataset
from tasks.contract.source import Form, Recognised, Source, sql_beside
from tasks.sources.cepii_geodist import tables

_DESCRIPTIONS = {"dist": "GeoDist, distances and ties of two economies", "geo": "GeoDist, areas and main cities"}


class CepiiGeodist(Source):
    """GeoDist, distances between economies."""

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
    marks = (
        "iso_o",
        "iso_d",
        "contig",
        "comlang_off",
        "dist",
        "distcap",
        "distw",
        "iso2",
        "iso3",
        "landlocked",
        "maincity",
    )
    forms = (
        Form(
            "dist_cepii and geo_cepii as xls or CSV, also zipped; recognised by their columns, in any order.",
            ("dist", "geo"),
        ),
    )
    tables = (GeoDistPairs, GeoDistPlaces)
    traps = (
        "Neither file states a date or a version: the figures are of 2011, and of the borders of about 2004.",
        "The distance of an economy from itself is the distance within it, 0.67 times the root of area over pi.",
        "Codes of their time: ROM Romania, ZAR DR Congo, TMP Timor-Leste, PAL Palestine, YUG Serbia and Montenegro.",
        "The weighted distances are missing for economies without known cities: a point in the file.",
        "Thirteen economies stand twice in geo_cepii, once for each main city; the first one's coordinates are taken.",
    )

    def recognises(self, sniffed: Sniffed) -> Recognised | None:
        """A workbook or a CSV file with the columns of dist_cepii or geo_cepii, in any order.

        Raises LayoutChanged for the distances of dist_cepii beside other columns.
        """
        layout = tables.layout_of(sniffed)
        return Recognised(layout, _DESCRIPTIONS[layout]) if layout else None

    def dataset(self, artifact: Artifact) -> Dataset:
        """Pairs or places, by the layout."""
        if artifact.layout == "geo":
            return Dataset(GeoDistPlaces, (Conform(facts.INDICATOR, sql_beside(__name__, "places.sql")),))
        return Dataset(GeoDistPairs, (Conform(facts.PAIR, sql_beside(__name__, "pairs.sql")),))

    def text(self, opened: Opened) -> str:
        """One record for each measure of each line, in the order of the file."""
        layout = str(opened.artifact.layout)
        return opened.table(tables.COLUMNS[layout], tables.records(opened.path, layout, opened.artifact.filename))


SOURCE = CepiiGeodist()
