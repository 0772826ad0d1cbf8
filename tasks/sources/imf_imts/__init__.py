"""``imf.imts``: International Trade in Goods by partner country, until 2025 called Direction of Trade Statistics (DOTS).

Totals of goods trade in US dollars, exports FOB, imports CIF and where reported FOB; much of it is derived from the
partners' reports. The former service's answers (CompactData/DOT) stay a dataset of their own, ``imf.dots``: that line has
ended, and an answer of it adopted today must not revise what IMTS says.
"""

from collections.abc import Iterator
from typing import ClassVar

from schemas.imf import Dots, Imts
from tasks.archive.sniff import Sniffed
from tasks.archive.store import Artifact
from tasks.contract import facts
from tasks.contract.dataset import Conform, Dataset
from tasks.contract.service import Request, Selection
from tasks.contract.source import sql_beside
from tasks.formats.sdmx import Message, Record
from tasks.sources._shared import imf

#: The trade balance is exports less imports: it is computed, not loaded.
_BALANCE = ("TBG_USD",)
_INDICATORS = ("XG_FOB_USD", "MG_CIF_USD", "MG_FOB_USD")
#: The former service's names of the dimensions.
_FORMER = {"REF_AREA": "COUNTRY", "COUNTERPART_AREA": "COUNTERPART_COUNTRY", "FREQ": "FREQUENCY"}


class ImfImts(imf.ImfSource):
    """IMTS."""

    id = "imf.imts"
    title = "International Trade in Goods by partner country (IMTS, formerly DOTS)"
    documentation = "https://data.imf.org/en/datasets/IMF.STA:IMTS"
    covers = (
        "Exports and imports of goods, all products together, of every economy with every partner and with groups of "
        "economies; years from 1948, quarters and months."
    )
    units = "US dollars; exports FOB, imports CIF, and FOB where an economy reports so."
    forms = (
        "SDMX-CSV, SDMX-ML and SDMX-JSON of the service, of the dataflow IMF.STA:IMTS.",
        "Tables saved from data.imf.org as CSV, an observation or a series in a row: by their dimensions and indicators.",
        "Answers of the former service, JSON of CompactData/DOT.",
    )
    tables = (Imts, Dots)
    traps = (
        "OBS_VALUE of the service is in full dollars although SCALE says 6: it is never multiplied.",
        "Tables saved from data.imf.org are in millions, and so were the answers of the former service (UNIT_MULT 6).",
        "An unknown code, a lower-case one or a wrong order of codes is answered with status 200 and no series.",
        "In SDMX 2.1 an empty position of the key stands for all codes; in 3.0 it gives nothing.",
        "Partners include groups (G001 the world, G163, GX170, …): a sum over all partners counts them many times.",
        "A large part is derived from partners' reports or estimated; the note of each figure says how it came about.",
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
    sql = "trade.sql"

    def is_indicator(self, code: str) -> bool:
        """One of the four indicators."""
        return code in (*_INDICATORS, *_BALANCE)

    def dataset(self, artifact: Artifact) -> Dataset:
        """IMTS, or the former Direction of Trade Statistics."""
        of_former = artifact.layout == "compact"
        conform = sql_beside(imf.__name__, self.sql)
        said = {
            "{dataset}": "imf.dots" if of_former else "imf.imts",
            "{scheme}": "imf_dots" if of_former else "imf",
            "{title}": "Direction of Trade Statistics (DOTS)" if of_former else self.title,
            "{address}": "https://data.imf.org/dot" if of_former else self.documentation,
        }
        for name, text in said.items():
            conform = conform.replace(name, text)
        return Dataset(Dots if of_former else Imts, (Conform(self.fact, conform),))

    def left_out(self, record: Record) -> bool:
        """The trade balance."""
        return (record["INDICATOR"] or "").removeprefix("T") in ("BG_USD", *_BALANCE)

    def unit(self, record: Record, layout: str, unscaled: frozenset[imf.Series] | None) -> str | None:
        """The former service says what its values are in by UNIT_MULT; NULL, which is refused, for one it never used."""
        if layout != "compact":
            return super().unit(record, layout, unscaled)
        return imf.UNITS.get(record["UNIT_MULT"] or "0")

    def requests(self, selection: Selection) -> Iterator[Request]:
        """A request a reporter, with all its partners: a reporter with every partner would be a hundred times as much.

        Only totals are to be had: none for other products.
        """
        if selection.products and "TOTAL" not in selection.products:
            return
        for reporter in imf.asked(selection.reporters, imf.economies()):
            for number, partners in enumerate(imf.counterparts(selection, reporter), 1):
                key = ([reporter], _INDICATORS, partners, ["A"])
                yield self.request(key, selection, f"{reporter}.{number}")

    def _is_mine(self, message: Message, sniffed: Sniffed) -> bool:
        if message.form == "compact":
            return message.agency == "IMF" and message.id == "DOT"
        return super()._is_mine(message, sniffed)

    def _selected(self, found: Iterator[Record], layout: str, where: str) -> Iterator[Record]:
        if layout == "compact":
            found = ({_FORMER.get(name, name): value for name, value in record.items()} for record in found)
        return super()._selected(found, layout, where)


SOURCE = ImfImts()
