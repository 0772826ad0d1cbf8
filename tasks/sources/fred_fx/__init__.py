"""``fred.fx``: the Federal Reserve's exchange rates (release H.10), from FRED.

A graph's CSV has the day in its first column (``observation_date``, formerly ``DATE``) and a column for each series (``tables``
reads their ids). datasets/exchange-rates passes the same release on as ``Date,Country,Exchange rate``, all per US dollar.
"""

from collections.abc import Iterator

from schemas.fred import FredFx, FredReshaped
from tasks.archive.sniff import Sniffed
from tasks.archive.store import Artifact, Opened
from tasks.contract import facts
from tasks.contract.dataset import Conform, Dataset
from tasks.contract.service import Request, Scope, Selection, Service, ValidAnswer
from tasks.contract.source import Form, Recognised, Source, sql_beside
from tasks.sources.fred_fx import service, tables


class FredFxSource(Source):
    """The Federal Reserve's release H.10 through FRED."""

    id = "fred.fx"
    title = "Federal Reserve exchange rates (H.10), through FRED"
    publisher = "Board of Governors of the Federal Reserve System"
    licence = "public domain (a work of the US government); FRED asks to be named"
    redistribution = "yes"
    documentation = "https://fred.stlouisfed.org/release?rid=17"
    covers = "Yearly and monthly averages, and noon rates of the day, of some twenty currencies from 1971."
    units = "As the series says: units per US dollar for most, US dollars per unit for euro, pound, Australian and New Zealand dollar."
    marks = (
        "observation_date",
        "DATE",
        "AEXCHUS",
        "AEXJPUS",
        "DEXCHUS",
        "DEXJPUS",
        "EXCHUS",
        "EXJPUS",
        "Exchange rate",
    )
    forms = (
        Form(
            "CSV of a FRED graph: observation_date or DATE, then H.10 series such as AEXCHUS, EXJPUS, DEXUSEU, of one frequency or several.",
            ("graph",),
        ),
        Form("The same graph as a workbook (xls, xlsx).", ("graph workbook",), made=("graph workbook",)),
        Form("The copy datasets/exchange-rates: Date, Country, Exchange rate.", ("reshaped_*",)),
    )
    tables = (FredFx, FredReshaped)
    traps = (
        "AEXUSEU, AEXUSUK, AEXUSAL and AEXUSNZ are US dollars per unit, the reciprocal of the others.",
        "A missing rate is a point in older files and an empty cell in newer ones.",
        "The first column is called observation_date, in older files DATE.",
        "The reshaped copy has all rates per dollar, the four above inverted and rounded to four decimals.",
        "Venezuela's rates in that copy are refused: its currency changed three times and the copy does not say which it means.",
        "FRED sometimes refuses programs that do not look like a browser.",
    )
    service = Service(
        "https://fred.stlouisfed.org",
        interval_seconds=2,
        headers=(("User-Agent", "Mozilla/5.0 (compatible; entrepot)"),),
    )

    def recognises(self, sniffed: Sniffed) -> Recognised | None:
        """A graph's CSV of H.10 series, or the reshaped table. Raises LayoutChanged for a graph of other series."""
        return tables.recognised(sniffed)

    def dataset(self, artifact: Artifact) -> Dataset:
        """A graph, or the reshaped table."""
        if artifact.layout in ("graph", "graph workbook"):
            return Dataset(FredFx, (Conform(facts.INDICATOR, sql_beside(__name__, "graph.sql")),))
        return Dataset(FredReshaped, (Conform(facts.INDICATOR, sql_beside(__name__, "reshaped.sql")),))

    def text(self, opened: Opened) -> str:
        """One record for each series and day that has a value."""
        layout, where = str(opened.artifact.layout), f"{self.id}, {opened.artifact.filename}"
        if layout == "graph":
            return opened.table(tables.GRAPH_COLUMNS, tables.graph_rows(opened.path, where))
        if layout == "graph workbook":
            return opened.table(tables.GRAPH_COLUMNS, tables.workbook_rows(opened.path, where))
        return opened.table(tables.RESHAPED_COLUMNS, tables.reshaped_rows(opened.path, where, layout[-1]))

    def requests(self, selection: Selection) -> Iterator[Request]:
        """Yearly and monthly averages, a request for each series."""
        return service.requests(selection)

    def scope(self, request: Request) -> Scope:
        """The years of a request; see service.scope."""
        return service.scope(request)

    def judge(self, request: Request, answer: Sniffed) -> ValidAnswer:
        """CSV of the series that was asked for; see service.judge."""
        return service.judge(request, answer)


SOURCE = FredFxSource()
