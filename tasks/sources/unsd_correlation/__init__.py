"""``unsd.correlation``: which codes of two classifications of goods correspond, as the United Nations' tables say.

The tables have no figures: their pairs extend ``ref.correlation``, in which the tables that come with the project are, and
replace those of the same two classifications.
"""

from schemas.unsd import UnsdCorrelation
from tasks.archive.sniff import Sniffed
from tasks.archive.store import Artifact, Opened
from tasks.contract.dataset import Dataset
from tasks.contract.source import Form, Recognised, Source, render_beside
from tasks.sources._shared import workbooks
from tasks.sources.unsd_correlation import tables


class UnsdCorrelations(Source):
    """Correlation and conversion tables."""

    id = "unsd.correlation"
    title = "Correlation and conversion tables of HS, SITC and BEC"
    publisher = "United Nations Statistics Division (UNSD)"
    licence = "UN terms of use; codes are facts"
    redistribution = "attribution"
    documentation = "https://unstats.un.org/unsd/classifications/Econ"
    covers = "Pairs of codes of two editions of HS, SITC or BEC: all that correspond, and the one target that a code is converted to."
    units = "None: codes alone."
    marks = (
        "HS 2017",
        "HS 2012",
        "HS 2007",
        "HS 2002",
        "HS 1996",
        "HS 1992",
        "SITC4",
        "SITC3",
        "BEC",
        "CPC",
        "Relationship",
        "Relation",
    )
    forms = (
        Form(
            "Workbooks with the tables in two sheets, or beside each other in one; recognised by headings with two classifications.",
            ("workbook",),
        ),
        Form("CSV files with two classifications and the relationship.", ("csv",)),
    )
    tables = (UnsdCorrelation,)
    traps = (
        "A conversion names one target for each code, a correlation all: only the first keeps totals.",
        "Relations are printed as 1:1 or 1 to 1, and in some tables not at all.",
        "Some conversions go to a heading above the targets of the correlation.",
        "Tables of BEC without a revision in their heading are of the fourth.",
    )

    def recognises(self, sniffed: Sniffed) -> Recognised | None:
        """A workbook or CSV file whose heading names two classifications. Raises LayoutChanged for tables of several pairs."""
        pair = tables.classifications_of(sniffed)
        if pair is None:
            return None
        layout = "workbook" if sniffed.kind in ("xls", "xlsx") else "csv"
        return Recognised(layout, f"UN correlation and conversion tables, {pair[0]} to {pair[1]}")

    def dataset(self, artifact: Artifact) -> Dataset:
        """The pairs, which go to ref.correlation and make no figures."""
        kept = render_beside(__name__, "adopted.sql", artifact=artifact.artifact, received_at=artifact.received_at)
        return Dataset(UnsdCorrelation, (), prepare=(kept,), reference="ref.correlation")

    def text(self, opened: Opened) -> str:
        """One record for each pair. Raises LayoutChanged."""
        where = f"{self.id}, {opened.artifact.filename}"
        if opened.artifact.layout == "workbook":
            sheets = list(workbooks.sheets(opened.path, where).values())
        else:
            sheets = [tables.rows_of_text(opened.path.read_text(encoding="utf-8-sig"))]
        return opened.table(tables.COLUMNS, tables.records(sheets, where))


SOURCE = UnsdCorrelations()
