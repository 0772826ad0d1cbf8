"""``imf.imts``: International Trade in Goods by partner country, until 2025 called Direction of Trade Statistics (DOTS).

Totals of goods trade in US dollars, exports FOB, imports CIF and where reported FOB; much of it is derived from the
partners' reports. The former service's answers (CompactData/DOT) stay a dataset of their own, ``imf.dots``: that dataset
has ended, and an answer of it adopted today must not revise figures of IMTS.
"""

from collections.abc import Iterator
from typing import ClassVar

from schemas.imf import FORMER_CDIS, Dots, DotsTable, Imts
from tasks.archive.sniff import Sniffed
from tasks.archive.store import Artifact
from tasks.contract import facts
from tasks.contract.dataset import Conform, Dataset
from tasks.contract.service import Request, Selection
from tasks.contract.source import Form, Recognised, render_beside
from tasks.formats.sdmx import Message, Record
from tasks.sources._shared import imf
from tasks.sources._shared.imf import former_tables
from tasks.sources._shared.imf.records import UNITS, Series
from tasks.sources.imf_imts import service

#: The trade balance is exports less imports: it is computed, not loaded.
_BALANCE = ("TBG_USD",)
_LOADED = ("XG_FOB_USD", "MG_CIF_USD", "MG_FOB_USD")
#: Indicators of the former data sets that have a source here: those of DOTS and CDIS.
_FORMERLY_LOADED = {*(f"T{code}" for code in _LOADED), *_BALANCE, *FORMER_CDIS}
#: The former service's names of the dimensions.
_FORMER = {"REF_AREA": "COUNTRY", "COUNTERPART_AREA": "COUNTERPART_COUNTRY", "FREQ": "FREQUENCY"}


class ImfImts(imf.ImfSource):
    """International trade in goods by partner country."""

    id = "imf.imts"
    title = "International Trade in Goods by partner country (IMTS, formerly DOTS)"
    documentation = "https://data.imf.org/en/datasets/IMF.STA:IMTS"
    covers = (
        "Exports and imports of goods, all products together, of every economy with every partner and with groups of "
        "economies; years from 1948, quarters and months."
    )
    units = "US dollars; exports FOB, imports CIF, and FOB where an economy reports so."
    marks = (
        "COUNTERPART_COUNTRY",
        "TRADE_FLOW",
        "IMF.STA:IMTS",
        "XG_FOB_USD",
        "MG_CIF_USD",
        "TXG_FOB_USD",
        "TMG_CIF_USD",
        "Counterpart Country Name",
        "Counterpart Country Code",
    )
    forms = (
        Form(
            "SDMX-CSV, SDMX-ML and SDMX-JSON of the service, of the dataflow IMF.STA:IMTS.",
            ("csv", "ml", "json"),
            made=("csv", "json"),
        ),
        Form(
            "Tables saved from data.imf.org as CSV, an observation or a series in a row; recognised by their dimensions and indicators.",
            ("portal", "series"),
            made=("portal", "series"),
        ),
        Form("Answers of the former service, JSON of CompactData/DOT.", ("compact",)),
        imf.FORMER_TABLES,
    )
    refused = (former_tables.REFUSED,)
    tables = (Imts, Dots, DotsTable)
    traps = (
        "OBS_VALUE of the service is in full dollars although SCALE says 6: it is never multiplied.",
        "Tables saved from data.imf.org are in millions, and so were the answers of the former service (UNIT_MULT 6).",
        "An unknown code, a lower-case one or a wrong order of codes is answered with status 200 and no series.",
        "In SDMX 2.1 an empty position of the key means all codes; in 3.0 it gives nothing.",
        "Partners include groups (G001 the world, G163, GX170, …): a sum over all partners counts them many times.",
        "A large part is derived from partners' reports or estimated; the note of each figure states its derivation.",
        "Nothing says whether the European Union (G998) has the United Kingdom in it before February 2020.",
    )
    flow = "IMTS"
    structures = ("IMTS", "DSD_IMTS")
    dimensions = ("COUNTRY", "INDICATOR", "COUNTERPART_COUNTRY", "FREQUENCY")
    columns: ClassVar[dict[str, str]] = {
        "imf_country": "COUNTRY", "imf_indicator": "INDICATOR", "imf_counterpart": "COUNTERPART_COUNTRY",
        "imf_frequency": "FREQUENCY", "imf_period": "TIME_PERIOD", "imf_value": "OBS_VALUE", "imf_unit": "_unit",
        "imf_currency": "UNIT", "imf_scale": "SCALE", "imf_status": "STATUS", "imf_derivation": "DERIVATION_TYPE",
        "imf_updated": "UPDATE_DATE",
    }  # fmt: skip
    staged = Imts
    fact = facts.TRADE
    conform_sql = "trade.sql"

    def recognises(self, sniffed: Sniffed) -> Recognised | None:
        """As for all dataflows. Raises Unknown for a table of data.imf.org until 2025 that is of a data set without a source here."""
        if former_tables.is_table(sniffed) and not former_tables.indicators(sniffed) & _FORMERLY_LOADED:
            raise former_tables.REFUSED.fault(f"{self.id}, {sniffed.filename}")
        return super().recognises(sniffed)

    def is_indicator(self, code: str) -> bool:
        """One of the four indicators."""
        return code in (*_LOADED, *_BALANCE)

    def is_former_indicator(self, code: str) -> bool:
        """One of the four indicators of DOTS."""
        return code.startswith("T") and self.is_indicator(code[1:] if code != _BALANCE[0] else code)

    def dataset(self, artifact: Artifact) -> Dataset:
        """IMTS, or the former Direction of Trade Statistics."""
        if artifact.layout == former_tables.LAYOUT:
            query = self._query(
                "imf.dots", "imf_numeric", "Direction of Trade Statistics (DOTS)", "https://data.imf.org/dot"
            )
            return Dataset(DotsTable, (Conform(self.fact, query),))
        if artifact.layout == "compact":
            query = self._query(
                "imf.dots", "imf_dots", "Direction of Trade Statistics (DOTS)", "https://data.imf.org/dot"
            )
            return Dataset(Dots, (Conform(self.fact, query),))
        query = self._query("imf.imts", "imf", self.title, self.documentation)
        return Dataset(Imts, (Conform(self.fact, query),))

    def _query(self, dataset: str, scheme: str, title: str, address: str) -> str:
        return render_beside(__name__, self.conform_sql, dataset=dataset, scheme=scheme, title=title, address=address)

    def reason_not_loaded(self, record: Record) -> str | None:
        """The trade balance is not loaded."""
        if (record["INDICATOR"] or "").removeprefix("T") in ("BG_USD", *_BALANCE):
            return "a trade balance, which follows from exports and imports"
        return super().reason_not_loaded(record)

    def unit(self, record: Record, layout: str, unscaled: frozenset[Series] | None) -> str | None:
        """As for all dataflows; by UNIT_MULT in the former service. None, which the schema refuses, for an unknown one."""
        if layout != "compact":
            return super().unit(record, layout, unscaled)
        return UNITS.get(record["UNIT_MULT"] or "0")

    def is_own(self, message: Message, sniffed: Sniffed) -> bool:
        """Whether a message is of IMTS, or of the former service's DOT."""
        if message.form == "compact":
            return message.agency == "IMF" and message.id == "DOT"
        return super().is_own(message, sniffed)

    def cut(self, stated: Iterator[Record], layout: str, where: str) -> Iterator[Record]:
        """As for all dataflows; the former service's names are turned into today's."""
        if layout == "compact":
            stated = ({_FORMER.get(name, name): value for name, value in record.items()} for record in stated)
        return super().cut(stated, layout, where)

    def requests(self, selection: Selection) -> Iterator[Request]:
        """A request for each reporter, with all its partners; only totals exist."""
        return service.requests(self, selection)


SOURCE = ImfImts()
