"""``unctad.fdi``: UNCTAD's inflows, outflows and stocks of foreign direct investment of every economy.

Three publications: the annex tables of the World Investment Report, one edition a year, as workbooks (``annex``) or as CSV in
the form of UNCTAD's infovis team (``annex_csv``); Bilateral FDI Statistics 2014, by partner, as others merged its workbooks
(``bilateral``); and UNCTADstat's bulk file (``bulk``), a .7z with one CSV, whose metadata name its version. All amounts are million
US dollars at current prices.
"""

from collections.abc import Iterator

from schemas.unctad import Bilateral, FdiFlowsStock, WirAnnex
from tasks.archive.sniff import Sniffed
from tasks.archive.store import Artifact, Opened
from tasks.contract import facts
from tasks.contract.dataset import Conform, Dataset
from tasks.contract.service import Request, Selection, Service, ValidAnswer
from tasks.contract.source import Form, Recognised, Source, render_beside, sql_beside
from tasks.sources._shared.tables import rows_beside
from tasks.sources.unctad_fdi import annex, annex_csv, bilateral, bulk, service
from warehouse.errors import LayoutChanged, Unknown

_WORKBOOK = "wir.workbook"
_BULK = ("bulk", "bulk-xlsx")


class UnctadFdi(Source):
    """World Investment Report, Bilateral FDI Statistics and UNCTADstat."""

    id = "unctad.fdi"
    title = "Foreign direct investment: World Investment Report annex tables, Bilateral FDI Statistics, UNCTADstat"
    publisher = "UN Trade and Development (UNCTAD)"
    licence = "CC BY 3.0 IGO; name UNCTAD"
    redistribution = "attribution"
    documentation = "https://unctadstat.unctad.org/datacentre/reportInfo/US.FdiFlowsStock"
    covers = (
        "Inward and outward flows and stocks of direct investment of about 200 economies and UNCTAD's own groups of them, "
        "with the world as counterpart: from 1970 in UNCTADstat, from 1990 in the annex tables; inflows, outflows and inward stock of 203 "
        "economies by partner, 2001 to 2012, in Bilateral FDI Statistics."
    )
    units = "Million US dollars at current prices, multiplied out to dollars; negative flows are real."
    marks = (
        "level",
        "type",
        "Region/economy",
        "Economy Label",
        "Flow Label",
        "Direction Label",
        "Economy",
        "Direction",
        "US$ at current prices in millions",
        "Reporting Economy",
        "area",
    )
    forms = (
        Form(
            "Annex tables of the World Investment Report as xls or xlsx, recognised by their titles.",
            ("wir.workbook",),
            made=("wir.workbook",),
        ),
        Form(
            "The same as CSV: Region/economy, then years; the file's name says whether it is inflows or outflows.",
            ("wir.*",),
        ),
        Form(
            "Bilateral FDI Statistics 2014 as merged in BDalheimer/UNCTADBilateralFDIDataMerger: area, Reporting Economy, Year, value; the file's name (inflow, outflow, instock) says which table it is.",
            ("bilateral.*",),
        ),
        Form(
            "UNCTADstat's bulk CSV of FDI flows and stock, also in its 7z, and the same saved as xlsx.",
            ("bulk", "bulk-xlsx"),
            made=("bulk", "bulk-xlsx"),
        ),
    )
    encodings = ("iso-8859-1",)
    tables = (WirAnnex, Bilateral, FdiFlowsStock)
    traps = (
        "China's inflow is not the balance of payments' (2012: 121.07 against 241.2 billion dollars): the concept is unctad.",
        "Each report revises all earlier years (Japan's inflow of 2021: 24.7 billion in 2022, 34.3 billion in 2024).",
        "The CSV form of the annex tables writes 0 also where UNCTAD has no figure: such a 0 is kept as missing.",
        "The CSV form does not say whether it is inflows or outflows; the file's name must.",
        "Regions and economies are in one column; regions are groups here and must not be added to their members.",
        "The European Union of the annex tables is that of 27 members in all years (from the report of 2021 on).",
        "Bilateral FDI Statistics: the column Reporting Economy has the partner, and area the economy that reports.",
        "Its column of China has two bases: the totals of 2005 to 2011 and the partners of 2006 are with banking, securities and "
        "insurance, the partners of 2005 and the total of 2012 without; sector_scope says so.",
        "China's inflow from the European Union in 2012 (2,594.53) is a sum without the United Kingdom, France and others that have no figure: "
        "it is quarantined, with the totals it is a part of.",
        "China's inward stock is the sum of its past inflows (concept mofcom_cumulative_utilised), not a balance-sheet position.",
        "Figures of the United States and the European Union in China are without investment through free ports, which MOFCOM's press figures have.",
        "Singapore's outflow to China repeats China's inflow from Singapore, and 0 may mean not available: such a 0 is kept as missing.",
        "UNCTADstat's codes of groups, but for 0000 World, are not in ref.place_code: their rows are quarantined by code.",
    )
    service = Service(
        url="https://unctadstat-api.unctad.org", interval_seconds=10, hourly=10, daily=20, timeout_seconds=600
    )

    def recognises(self, sniffed: Sniffed) -> Recognised | None:
        """An annex table, a bilateral table or the bulk CSV. Raises LayoutChanged for one that does not say what is needed to read it."""
        if sniffed.kind in ("xls", "xlsx"):
            return _recognised_workbook(sniffed)
        if sniffed.kind != "text":
            return None
        header = bulk.header_of(sniffed.lines[0] if sniffed.lines else "")
        if annex_csv.is_table(header):
            report, direction = annex_csv.report_of(header, sniffed.filename), annex_csv.direction_of(sniffed.filename)
            return _recognised_annex(annex_csv.LAYOUTS[direction], report, f"FDI {direction}s")
        if bilateral.is_table(header):
            layout = bilateral.layout_of(header, sniffed.filename)
            return Recognised(layout, f"Bilateral FDI Statistics 2014: {bilateral.table_of(layout)}", "2014")
        if bulk.is_table(header):
            bulk.check_header(header, sniffed.filename)
            return Recognised("bulk", "UNCTADstat, FDI flows and stock (bulk file)")
        return None

    def dataset(self, artifact: Artifact) -> Dataset:
        """The annex table, bilateral table or bulk file. Raises Unknown for another layout."""
        layout = artifact.layout or ""
        if layout == _WORKBOOK or layout in annex_csv.LAYOUTS.values():
            conform = Conform(facts.FDI, sql_beside(__name__, "wir.sql"))
            # A workbook may have only the last six years, and says nothing of the others.
            return Dataset(WirAnnex, (conform,), is_complete=layout != _WORKBOOK)
        if layout in bilateral.LAYOUTS.values():
            bases = rows_beside(__name__, "bilateral_bases.csv")
            return Dataset(Bilateral, (Conform(facts.FDI, render_beside(__name__, "bilateral.sql", bases=bases)),))
        if layout in _BULK:
            # A third of the file is groups of UNCTAD's own, which are quarantined by their codes.
            conform = Conform(facts.FDI, sql_beside(__name__, "bulk.sql"))
            return Dataset(FdiFlowsStock, (conform,), max_bad_share=0.5)
        raise Unknown(f"{self.id} has no layout {layout!r}: {artifact.filename}")

    def text(self, opened: Opened) -> str:
        """One figure per record; empty cells of an annex table are not figures, and rows of a bilateral table without a partner neither.

        Raises LayoutChanged.
        """
        layout, filename = opened.artifact.layout or "", opened.artifact.filename
        if layout == _WORKBOOK:
            return opened.table(annex.COLUMNS, annex.figures(opened.path, filename))
        if layout in bilateral.LAYOUTS.values():
            return opened.table(bilateral.COLUMNS, bilateral.records(opened.path, layout, f"{self.id}, {filename}"))
        if layout in _BULK:
            path = bulk.as_text(opened, filename) if layout == "bulk-xlsx" else opened.path
            return bulk.relation(opened, path, filename)
        return annex_csv.relation(opened.path, layout, filename)

    def requests(self, selection: Selection) -> Iterator[Request]:
        """The version of the bulk file, which leads to the file: it has all economies and years, whatever is asked."""
        return service.requests(selection)

    def judge(self, request: Request, answer: Sniffed) -> ValidAnswer:
        """The metadata by their version; the bulk file by its one CSV, its header and its lines; see service.judge."""
        return service.judge(request, answer)

    def judge_status(self, request: Request, status: int, words: str) -> ValidAnswer | None:
        """404 where the bulk file has moved, as it did once."""
        return service.judge_status(request, status, words, self.documentation or "")


def _recognised_annex(layout: str, report: int, tables: str) -> Recognised:
    return Recognised(layout, f"World Investment Report {report}, annex table: {tables}", f"WIR{report}")


def _recognised_workbook(sniffed: Sniffed) -> Recognised | None:
    if sniffed.workbook_fault and annex_csv.is_named_for_report(sniffed.filename):
        raise LayoutChanged(f"the workbook cannot be read: {sniffed.filename}: {sniffed.workbook_fault}")
    first = bulk.header_of_sheets(sniffed.sheets)
    if bulk.is_table(first):
        bulk.check_header(first, sniffed.filename)
        return Recognised("bulk-xlsx", "UNCTADstat, FDI flows and stock (bulk file), a workbook")
    headers = [
        header
        for name, rows in sniffed.sheets.items()
        if (header := annex.header(rows, f"{sniffed.filename}, sheet {name}"))
    ]
    if not headers:
        return None
    reports = sorted({header.report for header in headers})
    if len(reports) > 1:
        raise LayoutChanged(f"annex tables of several reports ({', '.join(map(str, reports))}): {sniffed.filename}")
    tables = sorted({table for header in headers for table, _ in header.columns.values()})
    return _recognised_annex(_WORKBOOK, reports[0], ", ".join(tables))


SOURCE = UnctadFdi()
