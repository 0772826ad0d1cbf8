"""``imf.dip``: Direct Investment Positions by counterpart economy, formerly the Coordinated Direct Investment Survey (CDIS).

Every pair has up to four figures a year: what each side reports, inward and outward, and for each of these what is derived
from the other side's report (DV_TYPE SCC). They differ, are kept side by side, and are never added or averaged.
"""

from collections.abc import Iterator
from typing import ClassVar

from schemas.imf import DIP_INDICATORS, FORMER_CDIS, CdisTable, Dip
from tasks.archive.store import Artifact, Opened
from tasks.contract import facts
from tasks.contract.dataset import Conform, Dataset
from tasks.contract.service import Request, Selection
from tasks.contract.source import Form, render_beside
from tasks.formats.sdmx import Record
from tasks.sources._shared import imf
from tasks.sources._shared.imf import former_tables
from tasks.sources._shared.imf.records import Series
from tasks.sources.imf_dip import service

#: China's reported positions of these (neighbours in the list of codes) have no SCALE in DIP 12.0.1: a saved column SCALE is
#: empty for all three and for no others. Kosovo's amounts (1000000 in 2018) are too small to show it by
#: themselves, so they are in dollars where those of its neighbours are.
_NO_SCALE = ("KOR", "KOS", "KWT")


class ImfDip(imf.ImfSource):
    """Direct investment positions."""

    id = "imf.dip"
    title = "Direct Investment Positions by Counterpart Economy (DIP, formerly CDIS)"
    documentation = "https://data.imf.org/en/datasets/IMF.STA:DIP"
    covers = (
        "Stocks of direct investment at the end of each year from 2009, inward and outward, by the counterpart's economy; "
        "in all, equity and debt, as reported and as derived from the counterparts' reports."
    )
    units = "US dollars; negative positions are real."
    marks = ("DV_TYPE", "COUNTERPART_COUNTRY", "IMF.STA:DIP", "INWD_D_NETLA_FALL_ALL", "OTWD_D_NETAL_FALL_ALL")
    forms = (
        Form(
            "SDMX-CSV, SDMX-ML and SDMX-JSON of the service, of the dataflow IMF.STA:DIP.",
            ("csv", "ml", "json"),
            made=("csv", "ml", "json"),
        ),
        Form(
            "Tables saved from data.imf.org as CSV, an observation or a series in a row; recognised by their dimensions and indicators.",
            ("portal", "series"),
            made=("series",),
        ),
        imf.FORMER_TABLES,
    )
    refused = (former_tables.REFUSED,)
    tables = (Dip, CdisTable)
    traps = (
        "OBS_VALUE of the service is in full dollars although SCALE says 6: it is never multiplied.",
        "Tables saved from data.imf.org are in millions where SCALE is 6, also if its column was left out; the few series "
        "without a scale (China's of Korea, Kosovo and Kuwait) are in full dollars in the same table.",
        "A pair is stated twice a year, DV_TYPE O (reported) and SCC (derived from the counterpart): never add them.",
        "Japan's position in China is not China's position from Japan: 108 against 142 billion dollars for 2016.",
        "Counterparts include the world and regions; a sum over all counterparts counts everything several times.",
        "An empty value is confidential or not reported: the files do not say which.",
        "Gross sides, fellow enterprises and the split by kind of enterprise are parts of the net total, never added to it.",
    )
    flow = "DIP"
    structures = ("DIP", "DSD_DIP")
    dimensions = ("COUNTRY", "DV_TYPE", "INDICATOR", "COUNTERPART_COUNTRY", "FREQUENCY")
    columns: ClassVar[dict[str, str]] = {
        "imf_country": "COUNTRY", "imf_dv_type": "DV_TYPE", "imf_indicator": "INDICATOR",
        "imf_counterpart": "COUNTERPART_COUNTRY", "imf_frequency": "FREQUENCY", "imf_period": "TIME_PERIOD",
        "imf_value": "OBS_VALUE", "imf_unit": "_unit", "imf_currency": "UNIT", "imf_scale": "SCALE", "imf_status": "STATUS",
        "imf_derivation": "DERIVATION_TYPE", "imf_updated": "UPDATE_DATE",
    }  # fmt: skip
    staged = Dip
    fact = facts.FDI
    conform_sql = "fdi.sql"

    def dataset(self, artifact: Artifact) -> Dataset:
        """DIP, or the Coordinated Direct Investment Survey that it was: that has ended, and must not revise figures of DIP."""
        is_former = artifact.layout == former_tables.LAYOUT
        dataset, scheme = ("imf.cdis", "imf_numeric") if is_former else ("imf.dip", "imf")
        query = render_beside(__name__, self.conform_sql, dataset=dataset, scheme=scheme)
        return Dataset(CdisTable if is_former else Dip, (Conform(self.fact, query),))

    def is_former_indicator(self, code: str) -> bool:
        """A position of CDIS in all."""
        return code in FORMER_CDIS

    def today(self, record: Record) -> Record | None:
        """The inward and outward positions in all, as DIP names them; other measures of CDIS are not loaded."""
        indicator = FORMER_CDIS.get(record["INDICATOR"] or "")
        return {**record, "INDICATOR": indicator, "DV_TYPE": "O"} if indicator else None

    def is_indicator(self, code: str) -> bool:
        """One of the twenty indicators: direction, side, instrument, entity."""
        return code in DIP_INDICATORS

    def unscaled(self, opened: Opened, layout: str) -> frozenset[Series]:
        """The series too large for millions, and their neighbours that are known to lack a scale too."""
        large = super().unscaled(opened, layout)
        return large | {
            (country, kind, indicator, neighbour, freq)
            for country, kind, indicator, counterpart, freq in large
            if (country, kind) == ("CHN", "O") and counterpart in _NO_SCALE
            for neighbour in _NO_SCALE
        }

    def requests(self, selection: Selection) -> Iterator[Request]:
        """A request for each reporter, with all its counterparts, reported and derived."""
        return service.requests(self, selection)


SOURCE = ImfDip()
