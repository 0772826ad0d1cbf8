"""``jpn.jetro``: Japan's direct investment by country, in the workbooks of the Japan External Trade Organization.

https://www.jetro.go.jp/en/reports/statistics.html. JETRO converts the balance of payments of the Ministry of Finance and
the Bank of Japan to dollars. Flows are in sheets ``Historical(Outward)`` and ``(Inward)``, headed by years (``2024r`` is
revised); positions in ``Total Outward FDI``, headed ``end of 96``. Up to 2013 they follow BPM5, from 2014 BPM6: the two
are different datasets, and 2014 has the status of a break. Rows are found by their labels (tasks.sources._shared.japan_workbooks).
"""

import html
import re
from collections.abc import Iterator

from schemas.japan_fdi import DirectInvestment
from tasks.archive.sniff import Sniffed
from tasks.archive.store import Artifact, Opened
from tasks.contract import facts
from tasks.contract.dataset import Conform, Dataset
from tasks.contract.service import Ask, Judged, Request, Service
from tasks.contract.source import Recognised, Source
from tasks.identity import fingerprint
from tasks.sources._shared import japan_workbooks as workbooks
from tasks.sources._shared.layout import layout_errors
from warehouse.errors import LayoutChanged, NotData

_ADDRESS = "https://www.jetro.go.jp/en/reports/statistics.html"
#: The workbooks on JETRO's page: flows by country of all years, positions by country.
_FILES = {
    "flow": re.compile(r"/[^\s\"']*?country1_e_(?P<year>\d{2})cy\.xlsx?"),
    "position": re.compile(r"/[^\s\"']*?(?P<year>\d{2})fdistock\d{2}_en\.xlsx?"),
}


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
        "JETRO's workbooks, such as country1_e_24cy.xls and 24fdistock01_en.xls: by sheet names and the unit, million dollars.",
    )
    tables = (DirectInvestment,)
    traps = (
        "Up to 2013 the figures follow BPM5, from 2014 BPM6: they are two datasets, and 2014 is marked as a break.",
        "The year 2024r is 2024, revised; n.a. is not available.",
        "Rows and columns move from release to release: they are found by their labels.",
        "Cambodia, Laos, Myanmar and Brunei are not listed: they are among the others of Asia.",
        "The names of the files change with every release: they are taken from the page.",
    )
    service = Service(url="https://www.jetro.go.jp", interval_seconds=2, headers=(("User-Agent", "Mozilla/5.0"),))

    def recognises(self, sniffed: Sniffed) -> Recognised | None:
        """A workbook with a sheet of JETRO's. Raises LayoutChanged for one whose unit or years are not where they were."""
        found = workbooks.sheets(self.id, sniffed.sheets, sniffed.filename)
        if not found:
            return None
        if any(sheet.unit != "USD million" for sheet in found):
            raise LayoutChanged(f"{sniffed.filename}: JETRO's sheet, but not in million dollars")
        first, last = found[0].columns[0][1], found[0].columns[-1][1]
        names = ", ".join(sheet.name for sheet in found)
        return Recognised("direct_investment", f"JETRO, direct investment by country: {names}, {first} to {last}")

    def dataset(self, artifact: Artifact) -> Dataset:  # noqa: ARG002
        """Cells of all known sheets."""
        query = workbooks.query().format(
            dataset="'jpn.jetro.' || a.accounting || '.' || a.manual", publisher="JETRO, from the Ministry of Finance and the Bank of Japan",
            title="Japan''s outward and inward FDI by country and region", address=_ADDRESS,
        )  # fmt: skip
        return Dataset(DirectInvestment, (Conform(facts.FDI, query),))

    def text(self, opened: Opened) -> str:
        """A row a cell that is not blank."""
        with layout_errors(opened.artifact.filename):
            found = workbooks.sheets(self.id, workbooks.read(opened.path), opened.artifact.filename)
            rows = (row for sheet in found for row in workbooks.cells(sheet, sheet.layout["accounting"], None))
            return opened.table(workbooks.COLUMNS, rows)

    def requests(self, ask: Ask) -> Iterator[Request]:  # noqa: ARG002
        """The page of statistics, which leads to the workbooks: each has all years."""
        yield Request(
            "/en/reports/statistics.html", "jetro_statistics.html", accept="text/html", context=(("kind", "page"),)
        )

    def judge(self, request: Request, answer: Sniffed) -> Judged:
        """The page leads to the newest workbooks. Raises NotData, LayoutChanged."""
        if dict(request.context).get("kind") == "page":
            if answer.kind != "html":
                raise NotData(f"{request.filename}: a page was expected, and {answer.kind} came")
            return Judged(rows=0, following=_newest(answer, request.filename), is_kept=False)
        if answer.kind not in ("xls", "xlsx") or not answer.sheets:
            raise NotData(f"{request.filename}: a workbook was expected, and {answer.kind} came, or a damaged one")
        if self.recognises(answer) is None:
            raise LayoutChanged(f"{request.filename}: none of the sheets is known: {', '.join(answer.sheets)}")
        found = workbooks.sheets(self.id, workbooks.read(answer.path), request.filename)
        rows = sum(1 for sheet in found for _ in workbooks.cells(sheet, sheet.layout["accounting"], None))
        return Judged(rows=rows)

    def code(self) -> str:
        """Hash of this module and of how workbooks are read."""
        return fingerprint.of(super().code(), fingerprint.of_module(workbooks), workbooks.code())


def _newest(page: Sniffed, filename: str) -> tuple[Request, ...]:
    text = html.unescape(page.path.read_text(encoding="utf-8", errors="replace"))
    following = []
    for kind, pattern in _FILES.items():
        links = {(int(m["year"]) + (1900 if int(m["year"]) >= 50 else 2000), m[0]) for m in pattern.finditer(text)}
        if not links:
            raise LayoutChanged(f"{filename}: JETRO's page has no link to the workbook of {kind}s by country")
        newest = max(year for year, _ in links)
        following += [
            Request(path, path.rsplit("/", 1)[1], context=(("kind", kind),))
            for year, path in sorted(links)
            if year == newest
        ]
    return tuple(following)


SOURCE = JpnJetro()
