"""``eurostat.fdi``: direct investment of the EU's members with each economy: positions, flows and income (BPM6).

https://ec.europa.eu/eurostat/web/balance-of-payments. All values are million euro.
"""

from collections.abc import Iterator

from schemas.eurostat import EurostatFdi
from tasks.archive.sniff import Sniffed
from tasks.archive.store import Artifact, Opened
from tasks.contract import facts
from tasks.contract.dataset import Conform, Dataset
from tasks.contract.service import Request, Scope, Selection, Service, ValidAnswer
from tasks.contract.source import Form, Recognised, Source, sql_beside
from tasks.sources.eurostat_fdi import service, tables
from warehouse.errors import Unknown


class EurostatFdi6(Source):
    """Direct investment of the EU."""

    id = "eurostat.fdi"
    title = "EU direct investment: positions, flows and income by partner (BPM6)"
    publisher = "Eurostat"
    licence = "CC BY 4.0 (Commission reuse decision); name Eurostat"
    redistribution = "attribution"
    documentation = "https://ec.europa.eu/eurostat/cache/metadata/en/bop_fdi6_esms.htm"
    covers = (
        "Inward and outward direct investment of the EU, its members and some neighbours by partner from 2013: positions, "
        "flows and income, by activity and instrument."
    )
    units = "Million euro, multiplied out to euro and converted with the period's rate; negative figures are real."
    marks = (
        "nace_r2",
        "fdi_item",
        "entity",
        "stk_flow",
        "counterp",
        "bop_fdi6_pos",
        "bop_fdi6_flow",
        "bop_fdi6_geo",
        "bop_fdi6_inc",
    )
    forms = (
        Form(
            "JSON-stat of the Statistics API for the tables bop_fdi6_geo, _pos, _flow and _inc.",
            ("json-stat",),
            made=("json-stat",),
        ),
        Form(
            "SDMX-CSV, version 1 or 2, with or without labels, of the same tables.", ("sdmx-csv",), made=("sdmx-csv",)
        ),
        Form(
            "TSV of the same tables, as the bulk download and the R package eurostat give it; which table it is stands in the file's name only.",
            ("tsv",),
            made=("tsv",),
        ),
    )
    tables = (EurostatFdi,)
    traps = (
        "Values are in millions of euro, not of dollars.",
        "Greece is EL and the United Kingdom UK; an unknown code gives an empty answer with status 200.",
        "About a quarter of the cells is confidential: flag c or CONF_STATUS C, without a value.",
        "JSON-stat leaves out empty cells: values are numbered, counted through all dimensions.",
        "Net figures (NI, NO), those of one side alone (LIAB, ASS) and those of special purpose entities are different datasets.",
        "Too large a request is answered by a promise to prepare it (status 200) or by 413: it is split.",
    )
    service = Service(url="https://ec.europa.eu/eurostat/api/dissemination", interval_seconds=1, timeout_seconds=300)

    def recognises(self, sniffed: Sniffed) -> Recognised | None:
        """A table of direct investment as JSON-stat, SDMX-CSV or TSV. Raises LayoutChanged for dimensions it does not know."""
        if sniffed.kind == "json":
            return tables.recognised_json(sniffed)
        return tables.recognised_csv(sniffed) or tables.recognised_tsv(sniffed) if sniffed.kind == "text" else None

    def dataset(self, artifact: Artifact) -> Dataset:
        """One table for all forms. Raises Unknown for another layout."""
        if artifact.layout not in ("json-stat", "sdmx-csv", "tsv"):
            raise Unknown(f"no layout {artifact.layout!r}: {self.id}, {artifact.filename}")
        return Dataset(EurostatFdi, (Conform(facts.FDI, sql_beside(__name__, "fdi.sql")),))

    def text(self, opened: Opened) -> str:
        """One cell a record. Raises LayoutChanged."""
        filename = opened.artifact.filename
        if opened.artifact.layout == "json-stat":
            return opened.table(tables.COLUMNS, tables.json_records(opened.path, filename))
        if opened.artifact.layout == "tsv":
            return opened.table(tables.COLUMNS, tables.tsv_records(opened.path, filename))
        return tables.csv_records(opened.path, filename)

    def requests(self, selection: Selection) -> Iterator[Request]:
        """Flows, positions and income, a few reporters at a time. Raises Unknown."""
        return service.requests(selection)

    def scope(self, request: Request) -> Scope:
        """The years, reporters and partners of a request; see service.scope."""
        return service.scope(request)

    def judge(self, request: Request, answer: Sniffed) -> ValidAnswer:
        """JSON-stat of the table that was asked for; see service.judge."""
        return service.judge(request, answer)

    def judge_status(self, request: Request, status: int, words: str) -> ValidAnswer | None:
        """413 where more is asked for than is given at once."""
        return service.judge_status(request, status, words)

    def split(self, request: Request) -> tuple[Request, ...]:
        """Half of the reporters, years or partners each."""
        return service.split(request)


SOURCE = EurostatFdi6()
