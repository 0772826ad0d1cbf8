"""``jpn.jetro``: Japan's direct investment by country, in the workbooks of the Japan External Trade Organization.

https://www.jetro.go.jp/en/reports/statistics.html. JETRO converts the balance of payments of the Ministry of Finance and
the Bank of Japan to dollars. Flows are in sheets ``Historical(Outward)`` and ``(Inward)``, headed by years (``2024r`` is
revised); positions in ``Total Outward FDI``, headed ``end of 96``. Up to 2013 they follow BPM5, from 2014 BPM6: the two
are different datasets, and 2014 has the status of a break. Rows are known by their labels (tasks.sources._shared.japan_workbooks).
"""

from collections.abc import Iterator

from schemas.japan_fdi import DirectInvestment
from tasks.archive.sniff import Sniffed
from tasks.archive.store import Artifact, Opened
from tasks.contract import facts
from tasks.contract.dataset import Conform, Dataset
from tasks.contract.service import Request, Scope, Selection, Service, ValidAnswer
from tasks.contract.source import Form, Recognised, Source
from tasks.formats.layout import layout_errors
from tasks.sources._shared import japan_workbooks
from tasks.sources.jpn_jetro import service, workbook

_ADDRESS = "https://www.jetro.go.jp/en/reports/statistics.html"


class JpnJetro(Source):
    """JETRO."""

    id = "jpn.jetro"
    title = "Japan's direct investment by country (balance of payments basis)"
    publisher = "Japan External Trade Organization (JETRO)"
    licence = "JETRO's terms of use: free to quote with the source named"
    redistribution = "attribution"
    documentation = _ADDRESS
    covers = "Japan's outward and inward direct investment by country: flows from 1983, positions from the end of 1996."
    units = "Million USD, as JETRO converted them from yen."
    forms = (
        Form(
            "JETRO's workbooks, such as country1_e_24cy.xls and 24fdistock01_en.xls: recognised by sheet names and the unit, million dollars.",
            ("direct_investment",),
            made=("direct_investment",),
        ),
    )
    tables = (DirectInvestment,)
    traps = (
        "Up to 2013 the figures follow BPM5, from 2014 BPM6: they are two datasets, and 2014 is marked as a break.",
        "The year 2024r is 2024, revised; n.a. is not available.",
        "Rows and columns move from release to release: they are known by their labels.",
        "Cambodia, Laos, Myanmar and Brunei are not listed: they are among the others of Asia.",
        "The names of the files change with every release: they are taken from the page.",
    )
    service = Service(url="https://www.jetro.go.jp", interval_seconds=2, headers=(("User-Agent", "Mozilla/5.0"),))

    def recognises(self, sniffed: Sniffed) -> Recognised | None:
        """A workbook with a sheet of JETRO's. Raises LayoutChanged for one without the unit or the years it had."""
        contents = workbook.describe(sniffed.sheets, sniffed.filename)
        return Recognised("direct_investment", f"JETRO, direct investment by country: {contents}") if contents else None

    def dataset(self, artifact: Artifact) -> Dataset:  # noqa: ARG002
        """Cells of all known sheets."""
        query = japan_workbooks.query(
            dataset="'jpn.jetro.' || a.accounting || '.' || a.manual", publisher="JETRO, from the Ministry of Finance and the Bank of Japan",
            title="Japan's outward and inward FDI by country and region", address=_ADDRESS,
        )  # fmt: skip
        return Dataset(DirectInvestment, (Conform(facts.FDI, query),))

    def text(self, opened: Opened) -> str:
        """One row per cell that is not blank."""
        filename = opened.artifact.filename
        with layout_errors(filename):
            return opened.table(japan_workbooks.COLUMNS, workbook.rows(opened.path, filename))

    def requests(self, selection: Selection) -> Iterator[Request]:
        """The page of statistics, which leads to the workbooks: each has all years."""
        return service.requests(selection)

    def scope(self, request: Request) -> Scope:  # noqa: ARG002
        """Japan, with all partners and years."""
        return Scope(reporters=frozenset({"JPN"}))

    def judge(self, request: Request, answer: Sniffed) -> ValidAnswer:
        """The page leads to the newest workbooks; see service.judge."""
        return service.judge(request, answer)


SOURCE = JpnJetro()
