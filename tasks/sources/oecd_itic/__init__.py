"""``oecd.itic``: what transport and insurance of goods cost from one economy to another, in percent of imports at CIF.

Dataflow ``OECD.SDD.TPS:DSD_ITIC@DF_ITIC`` in CSV. Total goods only: a figure of two places has no product here.
"""

from collections.abc import Iterator

from schemas.oecd import Itic
from tasks.archive.sniff import Sniffed
from tasks.archive.store import Artifact, Opened
from tasks.contract import facts
from tasks.contract.dataset import Conform, Dataset
from tasks.contract.service import Request, Scope, Selection, ValidAnswer
from tasks.contract.source import Form, Recognised, Source, sql_beside
from tasks.formats import csv_text
from tasks.sources._shared import oecd
from tasks.sources._shared.oecd import service as oecd_service
from tasks.sources.oecd_itic import service
from tasks.sources.oecd_itic.structure import STRUCTURE
from warehouse.errors import Unknown


class OecdItic(Source):
    """Margins between CIF and FOB."""

    id = "oecd.itic"
    title = "International transport and insurance costs of merchandise trade (ITIC)"
    publisher = "Organisation for Economic Co-operation and Development (OECD)"
    licence = oecd.LICENCE
    redistribution = "attribution"
    documentation = (
        "https://www.oecd.org/en/data/datasets/international-transport-and-insurance-costs-of-merchandise-trade.html"
    )
    covers = (
        "The cost of transport and insurance of an importer's goods from each exporter, all goods together, by year."
    )
    units = "Percent of the value of imports at CIF prices."
    marks = ("REF_AREA", "COUNTERPART_AREA", "COMM_HS2017", "METHODOLOGY_TYPE", "PRODUCT_TYPE")
    forms = (
        Form(
            "CSV of the service or of the Data Explorer, with or without labels, of the structure OECD.SDD.TPS:DSD_ITIC.",
            ("csv",),
        ),
    )
    tables = (Itic,)
    traps = (
        "The margin is a share of the CIF value: FOB is CIF times (1 - margin), not CIF divided by (1 + margin).",
        "Most figures are imputed by the OECD (status I), from distance and oil prices among others, not measured.",
        "Margins of single products are quarantined: a figure of two places has no product here.",
        "60 downloads an hour, those of the web pages included; callers through a VPN are refused.",
    )
    service = oecd_service.SERVICE

    def recognises(self, sniffed: Sniffed) -> Recognised | None:
        """CSV of the structure DSD_ITIC. Raises LayoutChanged for another header, or a file a spreadsheet has damaged."""
        if not oecd.is_of(sniffed, STRUCTURE):
            return None
        oecd.check_header(csv_text.cells(sniffed.lines[0]), STRUCTURE, sniffed.filename)
        return Recognised("csv", "OECD, international transport and insurance costs of merchandise trade (ITIC)")

    def dataset(self, artifact: Artifact) -> Dataset:
        """The one table there is. Raises Unknown for another layout."""
        if artifact.layout != "csv":
            raise Unknown(f"{self.id} has no layout {artifact.layout!r}: {artifact.filename}")
        return Dataset(Itic, (Conform(facts.PAIR, sql_beside(__name__, "pair.sql")),))

    def text(self, opened: Opened) -> str:
        """One figure per record, labels passed over. Raises LayoutChanged."""
        return oecd.relation(opened.path, STRUCTURE, opened.artifact.filename)

    def requests(self, selection: Selection) -> Iterator[Request]:
        """The constraint of the dataflow, which leads to margins of the importers asked for; see service.requests."""
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


SOURCE = OecdItic()
