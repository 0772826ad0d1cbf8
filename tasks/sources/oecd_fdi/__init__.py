"""``oecd.fdi``: direct investment of OECD members with each economy: flows, positions and income (BMD4).

Dataflows ``OECD.DAF.INV:DSD_FDI@DF_FDI_…`` in CSV, https://data-explorer.oecd.org. Values are in millions (UNIT_MULT 6).
"""

from collections.abc import Iterator

from schemas.oecd import FdiBmd4
from tasks.archive.sniff import Sniffed
from tasks.archive.store import Artifact, Opened
from tasks.contract import facts
from tasks.contract.dataset import Conform, Dataset
from tasks.contract.service import Request, Scope, Selection, ValidAnswer
from tasks.contract.source import Form, Recognised, RefusedForm, Source, sql_beside
from tasks.formats import csv_text
from tasks.sources._shared import oecd
from tasks.sources._shared.oecd import service as oecd_service
from tasks.sources.oecd_fdi import service
from tasks.sources.oecd_fdi.structure import STRUCTURE
from warehouse.errors import Unknown

#: What every table of OECD.Stat has, of whichever dataset.
_OECD_STAT = {"Unit Code", "PowerCode Code", "Reference Period Code", "Value", "Flag Codes"}
TABLES_UNTIL_2024 = RefusedForm(
    "Tables of OECD.Stat, as stats.oecd.org gave them until 2024, of whichever dataset",
    "for their dimensions and codes are others than today's, and no list says which are which",
    "Download the figures again from data-explorer.oecd.org",
)


class OecdFdi(Source):
    """Direct investment by counterpart."""

    id = "oecd.fdi"
    title = "Foreign direct investment statistics, Benchmark Definition 4th edition"
    publisher = "Organisation for Economic Co-operation and Development (OECD)"
    licence = oecd.LICENCE
    redistribution = "attribution"
    documentation = "https://www.oecd.org/en/data/datasets/foreign-direct-investment-statistics.html"
    covers = (
        "Inward and outward direct investment of OECD members by immediate counterpart (also by industry and instrument): "
        "flows, positions and income, by the directional principle."
    )
    units = (
        "Millions of US dollars or of the reporter's currency (UNIT_MULT 6), multiplied out; negative figures are real."
    )
    marks = (
        "REF_AREA",
        "MEASURE_PRINCIPLE",
        "ACCOUNTING_ENTRY",
        "TYPE_ENTITY",
        "FDI_COMP",
        "COUNTERPART_AREA",
        "LEVEL_COUNTERPART",
        "FDI_COLLECTION_ID",
    )
    forms = (
        Form(
            "CSV of the service or of the Data Explorer, with or without labels, of the structure OECD.DAF.INV:DSD_FDI.",
            ("csv",),
            made=("csv",),
        ),
    )
    refused = (TABLES_UNTIL_2024,)
    tables = (FdiBmd4,)
    traps = (
        "OBS_VALUE is in millions and must be multiplied; the IMF's, in the same format, must not.",
        "OBS_STATUS says A also where the value is empty: CONF_STATUS marks confidential figures.",
        "Japan and the United States have no values without special purpose entities (ROU): ALL is asked for.",
        "Figures without special purpose entities, of these alone, or by ultimate counterpart are datasets of their own.",
        "China reports nothing here: what members report of China is the mirror.",
        "A file saved again by a spreadsheet is refused: its numbers are broken.",
        "60 downloads an hour, those of the web pages included; callers through a VPN are refused.",
    )
    service = oecd_service.SERVICE

    def recognises(self, sniffed: Sniffed) -> Recognised | None:
        """CSV of the structure DSD_FDI. Raises LayoutChanged for another header, or a file a spreadsheet has damaged."""
        header = sniffed.lines[0] if sniffed.kind == "text" and sniffed.lines else ""
        if any(set(csv_text.cells(header, mark)) >= _OECD_STAT for mark in ",;"):
            raise TABLES_UNTIL_2024.fault(f"{self.id}, {sniffed.filename}")
        if not oecd.is_of(sniffed, STRUCTURE):
            return None
        oecd.check_header(csv_text.cells(sniffed.lines[0]), STRUCTURE, sniffed.filename)
        return Recognised("csv", "OECD, foreign direct investment statistics (BMD4)")

    def dataset(self, artifact: Artifact) -> Dataset:
        """The one table there is. Raises Unknown for another layout."""
        if artifact.layout != "csv":
            raise Unknown(f"{self.id} has no layout {artifact.layout!r}: {artifact.filename}")
        return Dataset(FdiBmd4, (Conform(facts.FDI, sql_beside(__name__, "fdi.sql")),))

    def text(self, opened: Opened) -> str:
        """One figure per record, labels passed over. Raises LayoutChanged."""
        return oecd.relation(opened.path, STRUCTURE, opened.artifact.filename)

    def requests(self, selection: Selection) -> Iterator[Request]:
        """The constraint of each dataflow, which leads to flows, positions and income of the members among the reporters.

        Without partners: with the world, China, Japan, South Korea, the United States and the EU's members. Raises Unknown.
        """
        return service.requests(selection)

    def scope(self, request: Request) -> Scope:
        """The years and economies of a request for data; see service.scope."""
        return service.scope(request)

    def judge(self, request: Request, answer: Sniffed) -> ValidAnswer:
        """When a dataflow was updated, or records, each figure once; see service.judge."""
        return service.judge(request, answer)

    def judge_status(self, request: Request, status: int, words: str) -> ValidAnswer | None:
        """404 where nothing is reported, 403 to a VPN; see service.judge_status."""
        return service.judge_status(request, status, words)


SOURCE = OecdFdi()
