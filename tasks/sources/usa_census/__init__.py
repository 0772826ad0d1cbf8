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
from tasks.contract.source import Recognised, Source, sql_beside
from tasks.sources._shared import china_copies
from warehouse import sql

_HEADER = "Month;Exports;Imports;Balance"


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
    forms = ("A collector's copy of the table, by its columns and its name, usa-china-trade-data.csv.",)
    tables = (CensusCopy,)
    traps = ("Imports are smaller than in Comtrade, whose imports of the United States are CIF.",)

    def recognises(self, sniffed: Sniffed) -> Recognised | None:
        """The copy. Raises LayoutChanged for its columns under another name."""
        if sniffed.kind != "text" or not china_copies.is_copy(sniffed, _HEADER, "usa"):
            return None
        return Recognised("copy", "Trade in goods of the United States with China by month")

    def dataset(self, artifact: Artifact) -> Dataset:  # noqa: ARG002
        """A row a month and direction."""
        return Dataset(CensusCopy, (Conform(facts.TRADE, _query()),))

    def text(self, opened: Opened) -> str:
        """The records as they are, each once for each direction."""
        figures = ", ".join(_bare(name) for name in ("Exports", "Imports", "Balance"))
        return (
            f'(SELECT "Month" AS printed_month, heading, {figures} FROM (SELECT row_number() OVER () AS record, * FROM read_csv('
            f"{sql.quoted(str(opened.path))}, header = true, all_varchar = true, delim = ';', quote = '', escape = '', "
            "nullstr = '', comment = '', skip = 0, encoding = 'utf-8')) CROSS JOIN (VALUES ('Exports'), ('Imports')) AS h (heading) "
            "ORDER BY record, heading)"
        )


def _bare(name: str) -> str:
    """A figure without thousands separators, where they stand between groups of three; other text stays as it is."""
    groups = r"'-?\d{1,3}(,\d{3})+(\.\d+)?'"
    bare = f"""CASE WHEN regexp_full_match("{name}", {groups}) THEN replace("{name}", ',', '') ELSE "{name}" END"""
    return f"{bare} AS {name.lower()}_million_usd"


def _query() -> str:
    return sql_beside(__name__, "trade.sql").format(
        address=china_copies.ADDRESS, seen_via=sql.quoted(china_copies.SEEN_VIA)
    )


SOURCE = UsaCensus()
