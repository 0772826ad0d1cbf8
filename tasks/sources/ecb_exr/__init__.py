"""``ecb.exr``: exchange rates against the euro, from the European Central Bank.

The forms (``tables``): CSV of the data service (``…/data/EXR/A.USD.EUR.SP00.A?format=csvdata``), SDMX-ML 2.1 generic data
of the same, and ``eurofxref-hist.csv``, a table of every working day since 1999, with the same of single days as CSV and XML. A daily rate is kept as that of its day: an
average of days would be ours, not the ECB's, and the data service has the ECB's own averages.
"""

from collections.abc import Iterator

from schemas.ecb import EcbExr, EcbReference
from tasks.archive.sniff import Sniffed
from tasks.archive.store import Artifact, Opened
from tasks.contract import facts
from tasks.contract.dataset import Conform, Dataset
from tasks.contract.service import Request, Scope, Selection, Service, ValidAnswer
from tasks.contract.source import Form, Recognised, Source, sql_beside
from tasks.sources.ecb_exr import service, tables

#: Layouts of reference rates, and how each is read.
_REFERENCE = {"reference": tables.reference_rows, "day": tables.day_rows, "days as XML": tables.cube_rows}


class EcbExrSource(Source):
    """Exchange rates of the ECB."""

    id = "ecb.exr"
    title = "Euro exchange rates: reference rates of the day, averages, end of period"
    publisher = "European Central Bank"
    licence = "free re-use with the source named; https://www.ecb.europa.eu/services/using-our-site/disclaimer"
    redistribution = "attribution"
    documentation = "https://data.ecb.europa.eu/data/datasets/EXR"
    covers = "Some forty currencies against the euro from 1999: every working day, and averages and ends of months, quarters and years."
    units = "Units of the currency per euro; ref.exchange_rate makes rates per US dollar of two of them."
    marks = ("KEY", "CURRENCY", "CURRENCY_DENOM", "EXR_TYPE", "EXR_SUFFIX", "Date", "USD", "JPY", "GBP", "CHF")
    forms = (
        Form(
            "CSV of the data service, recognised by its columns KEY, CURRENCY_DENOM and EXR_TYPE.",
            ("csv",),
            made=("csv",),
        ),
        Form("SDMX-ML 2.1, generic data, of the dataflow EXR.", ("xml",)),
        Form("eurofxref-hist.csv, also in its zip: the column Date, then one for each currency.", ("reference",)),
        Form("eurofxref.csv, the rates of the day, also in its zip.", ("day",), made=("day",)),
        Form(
            "eurofxref-daily.xml, eurofxref-hist-90d.xml and eurofxref-hist.xml.",
            ("days as XML",),
            made=("days as XML",),
        ),
    )
    refused = (tables.OTHER_MARKUP,)
    tables = (EcbExr, EcbReference)
    traps = (
        "All rates are per euro, the dollar's too: a rate per dollar is a ratio of two averages, not an average of ratios.",
        "Daily rates are not averaged: a year without the ECB's own average has none.",
        "In eurofxref-hist the newest day comes first, every line ends with a comma, and N/A is a missing rate.",
        "Old and new currencies stand beside each other (ROL and RON, TRL and TRY).",
        "The dataflow EXR has indices too (effective exchange rates); only spot rates (SP00) are taken.",
        "Where it has no data, the service answers 404, or 200 with an empty body.",
    )
    service = Service("https://data-api.ecb.europa.eu/service", interval_seconds=1)

    def recognises(self, sniffed: Sniffed) -> Recognised | None:
        """The service's CSV or SDMX-ML of EXR, or the table of reference rates. Raises LayoutChanged."""
        return tables.recognised(sniffed)

    def dataset(self, artifact: Artifact) -> Dataset:
        """Reference rates of days, or the data service's series."""
        if artifact.layout in _REFERENCE:
            conform = Conform(facts.INDICATOR, sql_beside(__name__, "reference.sql"))
            return Dataset(EcbReference, (conform,), is_complete=artifact.layout not in tables.DAYS)
        return Dataset(EcbExr, (Conform(facts.INDICATOR, sql_beside(__name__, "exr.sql")),))

    def text(self, opened: Opened) -> str:
        """Records in the file's order; of the table of reference rates one for each currency of each day."""
        layout, where = opened.artifact.layout or "", f"{self.id}, {opened.artifact.filename}"
        if layout in _REFERENCE:
            return opened.table(tables.REFERENCE_COLUMNS, _REFERENCE[layout](opened.path, where))
        read = tables.csv_rows if layout == "csv" else tables.xml_rows
        return opened.table(tables.EXR_COLUMNS, read(opened.path, where))

    def requests(self, selection: Selection) -> Iterator[Request]:
        """One request: averages and ends of period of the reporters' currencies."""
        return service.requests(selection)

    def scope(self, request: Request) -> Scope:
        """The years of a request; see service.scope."""
        return service.scope(request)

    def judge(self, request: Request, answer: Sniffed) -> ValidAnswer:
        """CSV of EXR, each figure once; see service.judge."""
        return service.judge(request, answer)


SOURCE = EcbExrSource()
