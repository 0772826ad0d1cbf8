"""``usa.census``: the United States' trade in goods with China by month, from the Census Bureau.

Only adopted, in the form of a collector's copy (tasks.sources._shared.china_copies): million USD with thousands separators,
months in English words, and the balance, which must be the difference. Exports are valued FAS; imports at customs
value, without freight and insurance, which is neither FOB nor CIF.
"""

from schemas.monthly_copies import CensusCopy
from tasks.archive.sniff import Sniffed
from tasks.archive.store import Artifact, Opened
from tasks.contract import facts
from tasks.contract.dataset import Conform, Dataset
from tasks.contract.source import Form, Recognised, Source, render_beside
from tasks.formats import csv_text
from tasks.sources._shared import china_copies

_HEADER = "Month;Exports;Imports;Balance"
_COLUMNS = ("Month", "Exports", "Imports", "Balance")


class UsaCensus(Source):
    """The United States' trade with China."""

    id = "usa.census"
    title = "Trade in goods of the United States with China by month"
    publisher = "US Census Bureau"
    licence = (
        "Works of the US government are in the public domain; the collector's repository states no licence of its own"
    )
    redistribution = "yes"
    documentation = "https://www.census.gov/foreign-trade/balance/c5700.html"
    covers = "The United States' exports to and imports from China, 2001 to 2019, by month."
    units = "Million USD with one decimal; exports FAS, imports at customs value, without freight and insurance."
    marks = ("Month", "Exports", "Imports", "Balance")
    forms = (
        Form(
            "A collector's copy of the table, recognised by its columns and its name, usa-china-trade-data.csv.",
            ("copy",),
        ),
    )
    tables = (CensusCopy,)
    traps = ("Imports are smaller than in Comtrade, whose imports of the United States are CIF.",)

    def recognises(self, sniffed: Sniffed) -> Recognised | None:
        """The copy. Raises LayoutChanged for its columns under another name."""
        if sniffed.kind != "text" or not china_copies.is_copy(sniffed, _HEADER, "usa"):
            return None
        return Recognised("copy", "Trade in goods of the United States with China by month")

    def dataset(self, artifact: Artifact) -> Dataset:  # noqa: ARG002
        """One row per month and direction."""
        query = render_beside(__name__, "trade.sql", address=china_copies.ADDRESS, seen_via=china_copies.SEEN_VIA)
        return Dataset(CensusCopy, (Conform(facts.TRADE, query),))

    def text(self, opened: Opened) -> str:
        """The records as they are, each once for each direction."""
        records = csv_text.relation(opened.path, _COLUMNS, delimiter=";", quote="")
        return f"({render_beside(__name__, 'directions.sql', records=records)})"


SOURCE = UsaCensus()
