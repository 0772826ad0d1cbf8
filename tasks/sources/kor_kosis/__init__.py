"""``kor.kosis``: Korea's trade with China by month, from the Korean Statistical Information Service.

Only adopted, in the form of a collector's copy (tasks.sources._shared.china_copies): thousand USD, the month as ``2001.01``,
which read as a number would make October a January. Korea's customs values exports FOB and imports CIF.
"""

from schemas.monthly_copies import KoreaCopy
from tasks.archive.sniff import Sniffed
from tasks.archive.store import Artifact, Opened
from tasks.contract import facts
from tasks.contract.dataset import Conform, Dataset
from tasks.contract.source import Form, Recognised, Source, render_beside
from tasks.formats import csv_text
from tasks.sources._shared import china_copies

_HEADER = '"Country","Date",Exports,Imports'
_COLUMNS = ("Country", "Date", "Exports", "Imports")


class KorKosis(Source):
    """Korea's trade with China."""

    id = "kor.kosis"
    title = "Korea's trade with China by month"
    publisher = "Statistics Korea (KOSIS), from the Korea Customs Service"
    licence = "Terms of KOSIS; the collector's repository states no licence of its own"
    redistribution = "ask"
    documentation = "https://kosis.kr/eng/"
    covers = "Korea's exports to and imports from China, 2001 to 2019, by month."
    units = "Thousand USD; exports FOB, imports CIF."
    marks = ("Country", "Date", "Exports", "Imports")
    forms = (
        Form(
            "A collector's copy of the table, recognised by its columns and its name, korea-china-trade-data.csv.",
            ("copy",),
        ),
    )
    tables = (KoreaCopy,)
    traps = ("The month 2001.10 read as a number is 2001.1: it is read as text.",)

    def recognises(self, sniffed: Sniffed) -> Recognised | None:
        """The copy. Raises LayoutChanged for its columns under another name."""
        if sniffed.kind != "text" or not china_copies.is_copy(sniffed, _HEADER, "korea"):
            return None
        return Recognised("copy", "Korea's trade with China by month")

    def dataset(self, artifact: Artifact) -> Dataset:  # noqa: ARG002
        """One row per month and direction."""
        query = render_beside(__name__, "trade.sql", address=china_copies.ADDRESS, seen_via=china_copies.SEEN_VIA)
        return Dataset(KoreaCopy, (Conform(facts.TRADE, query),))

    def text(self, opened: Opened) -> str:
        """The records as they are, each once for each direction."""
        records = csv_text.relation(opened.path, _COLUMNS)
        return f"({render_beside(__name__, 'directions.sql', records=records)})"


SOURCE = KorKosis()
