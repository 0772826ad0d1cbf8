"""``imf.er``: Exchange Rates, an economy's currency against the US dollar, average and end of year, quarter and month.

A member of the euro area has rates of its former currency until it joined; afterwards the euro area (G163) has the euro's.
After a redenomination the IMF restates most economies' history in the new unit (not Venezuela's). The message
does not state which currency a rate is in: ref.place_currency does.
"""

from collections.abc import Iterator
from typing import ClassVar

from schemas.imf import Er
from tasks.archive.store import Opened
from tasks.contract import facts
from tasks.contract.service import Request, Selection
from tasks.contract.source import Form
from tasks.formats.sdmx import Record
from tasks.sources._shared import imf
from tasks.sources._shared.imf.records import Series
from tasks.sources.imf_er import service

_INDICATORS = ("XDC_USD", "USD_XDC")
#: Rates against the euro, its forerunner and the SDR are not loaded: they follow from those against the dollar.
_OTHERS = ("XDC_EUR", "EUR_XDC", "XDC_ECU", "ECU_XDC", "XDC_XDR", "XDR_XDC", "XDR_USD", "USD_XDR")


class ImfEr(imf.ImfSource):
    """Exchange rates."""

    id = "imf.er"
    title = "Exchange Rates (ER, formerly in International Financial Statistics)"
    documentation = "https://data.imf.org/en/datasets/IMF.STA:ER"
    covers = "Exchange rates of 227 economies and currency unions against the US dollar, from 1924: average and end of period."
    units = "Units of the economy's currency per US dollar, and US dollars per unit of it."
    marks = ("TYPE_OF_TRANSFORMATION", "EXCHANGE_RATE", "IMF.STA:ER", "XDC_USD", "USD_XDC")
    forms = (
        Form(
            "SDMX-CSV, SDMX-ML and SDMX-JSON of the service, of the dataflow IMF.STA:ER.",
            ("csv", "ml", "json"),
            made=("csv", "ml", "json"),
        ),
        Form(
            "Tables saved from data.imf.org as CSV, an observation or a series in a row; recognised by their dimensions and indicators.",
            ("portal", "series"),
            made=("series",),
        ),
    )
    tables = (Er,)
    traps = (
        "Averages (PA_RT) are for flows, ends of period (EOP_RT) for positions.",
        "Members of the euro area have no rates of their own once they joined: the euro's are the euro area's.",
        "A rate does not name its currency; economies that took another one change it within a series.",
        "Most histories are restated in the new unit after a redenomination, Venezuela's is not.",
        "Rates against the euro, the ECU and the SDR are left out.",
    )
    flow = "ER"
    structures = ("ER", "DSD_ER_PUB", "DSD_ER")
    dimensions = ("COUNTRY", "INDICATOR", "TYPE_OF_TRANSFORMATION", "FREQUENCY")
    columns: ClassVar[dict[str, str]] = {
        "imf_country": "COUNTRY", "imf_indicator": "INDICATOR", "imf_transformation": "TYPE_OF_TRANSFORMATION",
        "imf_frequency": "FREQUENCY", "imf_period": "TIME_PERIOD", "imf_value": "OBS_VALUE", "imf_scale": "SCALE",
        "imf_status": "STATUS", "imf_derivation": "DERIVATION_TYPE", "imf_updated": "UPDATE_DATE",
    }  # fmt: skip
    staged = Er
    fact = facts.INDICATOR
    conform_sql = "indicator.sql"

    def is_indicator(self, code: str) -> bool:
        """One of the ten indicators."""
        return code in (*_INDICATORS, *_OTHERS)

    def unscaled(self, opened: Opened, layout: str) -> frozenset[Series]:  # noqa: ARG002
        """No rate is displayed with a scale."""
        return frozenset()

    def reason_not_loaded(self, record: Record) -> str | None:
        """Rates against anything but the dollar are not loaded."""
        if record["INDICATOR"] in _OTHERS:
            return "a rate against the euro, the ECU or the SDR, which follows from those against the dollar"
        return super().reason_not_loaded(record)

    def unit(self, record: Record, layout: str, unscaled: frozenset[Series] | None) -> str | None:  # noqa: ARG002
        """None: it follows from the currency of the place, which the message does not state."""
        return None

    def requests(self, selection: Selection) -> Iterator[Request]:
        """Years of all economies in one request, quarters and months of some."""
        return service.requests(self, selection)


SOURCE = ImfEr()
