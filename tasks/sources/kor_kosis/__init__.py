"""``kor.kosis``: Korea's trade with China by month, from the Korean Statistical Information Service.

Only adopted, in the form of a collector's copy (tasks.sources._shared.china_copies): thousand USD, the month as ``2001.01``,
which read as a number would make October a January. Korea's customs values exports FOB and imports CIF.
"""

from schemas.monthly_copies import KoreaCopy
from tasks.archive.sniff import Sniffed
from tasks.archive.store import Artifact, Opened
from tasks.contract import facts
from tasks.contract.dataset import Conform, Dataset
from tasks.contract.source import Recognised, Source, sql_beside
from tasks.sources._shared import china_copies
from warehouse import sql

_HEADER = '"Country","Date",Exports,Imports'


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
    forms = ("A collector's copy of the table, by its columns and its name, korea-china-trade-data.csv.",)
    tables = (KoreaCopy,)
    traps = ("The month 2001.10 read as a number is 2001.1: it is read as text.",)

    def recognises(self, sniffed: Sniffed) -> Recognised | None:
        """The copy. Raises LayoutChanged for its columns under another name."""
        if sniffed.kind != "text" or not china_copies.is_copy(sniffed, _HEADER, "korea"):
            return None
        return Recognised("copy", "Korea's trade with China by month")

    def dataset(self, artifact: Artifact) -> Dataset:  # noqa: ARG002
        """A row a month and direction."""
        return Dataset(KoreaCopy, (Conform(facts.TRADE, _query()),))

    def text(self, opened: Opened) -> str:
        """The records as they are, each once for each direction."""
        return (
            '(SELECT "Country" AS partner_label, "Date" AS printed_month, heading, "Exports" AS exports_thousand_usd, '
            f'"Imports" AS imports_thousand_usd FROM (SELECT row_number() OVER () AS record, * FROM read_csv('
            f"{sql.quoted(str(opened.path))}, header = true, all_varchar = true, delim = ',', quote = '\"', escape = '\"', "
            "nullstr = '', comment = '', skip = 0, encoding = 'utf-8')) CROSS JOIN (VALUES ('Exports'), ('Imports')) AS h (heading) "
            "ORDER BY record, heading)"
        )


def _query() -> str:
    return sql_beside(__name__, "trade.sql").format(
        address=china_copies.ADDRESS, seen_via=sql.quoted(china_copies.SEEN_VIA)
    )


SOURCE = KorKosis()
