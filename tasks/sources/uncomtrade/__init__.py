"""``uncomtrade``: UN Comtrade, goods trade as countries report it to the United Nations.

Service and formats: https://comtradedeveloper.un.org/apis and the publisher's OpenAPI description; what answers look
like was taken from recorded ones. Forms: API v1 as JSON (``json_rows``), Comtrade Plus CSV, bulk TSV, the same saved by the
R package comtradr (``delimited``); the API of before 2023 as JSON and CSV; tables of reports made of it (``reports``).

Publication lines (``dataset``): ``uncomtrade.a.hs`` has annual figures in the edition each country used (``m``
monthly, ``sitc`` where it used SITC), ``uncomtrade.a.h4`` those the UN converted to HS 2012, and so on. The API of before
2023 does not say how its values are valued and mostly not when it gave them: its figures are lines of their own
(``uncomtrade.legacy.a.hs``), so that an old file, whenever it is adopted, never replaces what the UN says today.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from schemas import uncomtrade as schemas
from schemas.base import Table
from tasks.archive.sniff import Sniffed
from tasks.archive.store import Artifact, Opened
from tasks.contract import facts
from tasks.contract.dataset import Conform, Dataset
from tasks.contract.service import Key, Request, Scope, Selection, Service, ValidAnswer
from tasks.contract.source import Form, Recognised, Source, render_beside, sql_beside
from tasks.sources._shared.tables import rows_beside
from tasks.sources.uncomtrade import delimited, fields, json_rows, recognition, reports, service, wits
from warehouse.errors import Unknown

#: The product code of a legacy row, with the zero it begins with where aggr_level says that it lost it.
_WHOLE_CODE = (
    "CASE WHEN starts_with(a.pf_code, 'H') AND a.cmd_code <> 'TOTAL' AND a.aggr_level = length(a.cmd_code) + 1 "
    "THEN '0' || a.cmd_code ELSE a.cmd_code END"
)


class UnComtrade(Source):
    """UN Comtrade."""

    id = "uncomtrade"
    title = "UN Comtrade: goods trade as reported to the United Nations"
    publisher = "United Nations Statistics Division (UNSD)"
    licence = "UN Comtrade policy on use and re-dissemination: free for internal use with attribution; passing data on needs written permission"
    redistribution = "ask"
    documentation = "https://uncomtrade.org/docs/"
    covers = (
        "Imports, exports and their parts by reporter, partner, product (HS, SITC, BEC) and year or month, from 1962; "
        "a pull asks for China, Japan, South Korea, the United States, all that were EU members, and the world, from 1992."
    )
    units = "Current US dollars, as printed; quantities in the unit named; net weight in kilograms."
    marks = (
        "typeCode",
        "freqCode",
        "refYear",
        "reporterCode",
        "partnerCode",
        "flowCode",
        "cmdCode",
        "primaryValue",
        "Classification",
        "Trade Flow Code",
        "Reporter Code",
        "Partner Code",
        "Commodity Code",
        "Trade Value (US$)",
        "rgDesc",
        "rtCode",
        "ptCode",
        "TradeValue",
    )
    forms = (
        Form(
            "Answers of API v1 as JSON, and CSV of the same fields, also as the R package comtradr saves them.",
            ("api-json", "snake-csv"),
        ),
        Form(
            "CSV and xlsx of Comtrade Plus (47 names over 48 fields), and bulk files, tab-separated, gz.",
            ("plus-csv", "plus-xlsx", "bulk-tsv"),
            made=("plus-xlsx", "bulk-tsv"),
        ),
        Form(
            "JSON, CSV and xlsx of the API of before 2023.",
            ("legacy-json", "legacy-csv", "legacy-xlsx"),
            made=("legacy-xlsx",),
        ),
        Form(
            "Tables by product of the World Bank's WITS, xlsx or CSV: Reporter, TradeFlow, ProductCode … Trade Value 1000USD.",
            ("wits-*",),
            made=("wits-*",),
        ),
        Form("Workbooks of reports made of Comtrade (cipf-comtrade).", ("report-*",)),
    )
    encodings = ("iso-8859-1", "cp1252")
    tables = (schemas.ComtradeTrade, schemas.ComtradeLegacy, schemas.ComtradeReport, schemas.ComtradeWits)
    refused = (recognition.SERVICES, wits.OTHER_TABLES)
    traps = (
        "The service cuts an answer at its limit (500 rows without a key, 100,000 or 250,000 with one) and says nothing: an answer of exactly that many rows is refused and the request split.",
        "A reporter may give a total and every breakdown of it by second partner, customs procedure and transport: only totals are loaded, and the note says how many rows were left out; a breakdown without its total is quarantined.",
        "The partner WLD is listed beside the single partners, and TOTAL beside chapters, headings and subheadings: never add them up.",
        "Exports include re-exports and imports include re-imports; re_export and re_import are parts of them.",
        "Codes are Comtrade's own (USA 842, India 699, France 251); 490, Other Asia nes, is read as Taiwan though some reporters book other trade there.",
        "Whether a value is CIF or FOB is read from the row, not from the flow; where the row gives neither it is unknown. The other of the two, where given, is not kept.",
        "A quantity or weight of 0 for trade that has a value means that nobody knows it, and is NULL.",
        "Quantities and weights may be the UN's estimates; the note says so. The values are not.",
        "Figures converted to another edition are other datasets (uncomtrade.a.h4) than those as reported (uncomtrade.a.hs); choose one dataset before adding.",
        "The API of before 2023 (uncomtrade.legacy.…) and reports made of Comtrade (uncomtrade.report) say nothing of valuation and little of dates: they are datasets of their own.",
        "A file that does not say its date counts as of the day it was received here: adopt old files before newer ones.",
        "When a reporter sends a year again in a newer edition of the HS, the figures in the older edition stay: choose one classification.",
    )
    key_help = (
        "A free key: account at https://comtradedeveloper.un.org, product “comtrade - v1”; 500 calls a day of up to 100,000 rows. "
        "Without one only previews of 500 rows are given, and a pull asks for yearly totals."
    )
    service = Service(
        url="https://comtradeapi.un.org", interval_seconds=2.0, daily=500, timeout_seconds=180,
        key=Key(header="Ocp-Apim-Subscription-Key", needed=False),
    )  # fmt: skip

    def recognises(self, sniffed: Sniffed) -> Recognised | None:
        """Any of the forms, by its header or its fields.

        Raises LayoutChanged for a header that is almost one of them, EmptyAnswer and Unknown for answers without figures.
        """
        if sniffed.kind == "json":
            return recognition.of_json(sniffed)
        if sniffed.kind == "xlsx":
            return recognition.of_workbook(sniffed)
        return recognition.of_text(sniffed) if sniffed.kind == "text" else None

    def dataset(self, artifact: Artifact) -> Dataset:
        """The table an artifact holds, by its layout. Raises Unknown."""
        layout = artifact.layout or ""
        if layout.startswith("report-"):
            return _dataset(
                schemas.ComtradeReport, sql_beside(__name__, "report.sql"), (),
                _products("'HS'", "a.cmd_code", [{"code": "HS", "classification": "HS"}]),
            )  # fmt: skip
        if layout.startswith("wits-"):
            return _dataset(
                schemas.ComtradeWits, sql_beside(__name__, "wits.sql"), (),
                _products("'HS'", "a.cmd_code", [{"code": "HS", "classification": "HS"}]),
            )  # fmt: skip
        if layout not in recognition.DESCRIPTIONS:
            raise Unknown(f"{self.id} has no layout {layout!r}: {artifact.filename}")
        if layout.startswith("legacy-"):
            return _dataset(
                schemas.ComtradeLegacy, _conforming(artifact, "legacy.sql", whole_code=_WHOLE_CODE),
                fields.LEGACY_IGNORED, _products("a.pf_code", _WHOLE_CODE),
            )  # fmt: skip
        via = "R package comtradr" if layout == "snake-csv" else None
        return _dataset(
            schemas.ComtradeTrade, _conforming(artifact, "api.sql", seen_via=via, flows=rows_beside(__name__, "flows.csv")),
            fields.API_IGNORED, _products("a.classification_code", "a.cmd_code"),
        )  # fmt: skip

    def text(self, opened: Opened) -> str:
        """Records in the publisher's names with underscores; totals only, each with the number of its breakdowns.

        A record of a report's table is one value of it.
        """
        layout, filename = opened.artifact.layout or "", opened.artifact.filename
        if layout.startswith("report-"):
            return opened.table(reports.COLUMNS, reports.records(opened.path, layout, filename))
        where = f"{self.id}, {filename}"
        if layout.startswith("wits-"):
            return opened.table(wits.COLUMNS, wits.records(opened.path, layout, where))
        if layout.endswith("-xlsx"):
            return delimited.workbook_relation(opened, layout, where)
        if layout.endswith("-json"):
            return json_rows.relation(opened, layout, where)
        return delimited.relation(opened, layout, where)

    def requests(self, selection: Selection) -> Iterator[Request]:
        """What is available first; its answer leads to the requests for figures. Raises Unknown."""
        return service.requests(selection)

    def scope(self, request: Request) -> Scope:
        """The years, reporters and partners of a request; see service.scope."""
        return service.scope(request)

    def judge(self, request: Request, answer: Sniffed) -> ValidAnswer:
        """Rows of what was asked for, each once, and fewer than the limit; see service.judge."""
        return service.judge(request, answer)

    def split(self, request: Request) -> tuple[Request, ...]:
        """Two requests for half of the periods, reporters, partners, products or flows each."""
        return service.split(request)


def _dataset(staged: type[Table], conform: str, ignored: tuple[str, ...], prepare: str) -> Dataset:
    return Dataset(staged, (Conform(facts.TRADE, conform),), ignored, prepare=(prepare,))


def _conforming(artifact: Artifact, name: str, **values: Any) -> str:
    """A conforming query with Comtrade's codes and their meaning, and the day of publication where the file states it."""
    stamp = artifact.publisher_stamp or ""
    is_dated = artifact.layout in ("plus-csv", "legacy-json") and re.fullmatch(r"\d{4}-\d{2}-\d{2}", stamp)
    return render_beside(
        __name__,
        name,
        units=rows_beside(__name__, "units.csv"),
        classifications=rows_beside(__name__, "classifications.csv"),
        published_on=stamp if is_dated else None,
        **values,
    )


def _products(code: str, product: str, classifications: Sequence[dict[str, str]] | None = None) -> str:
    """A statement that adds products no code list has to ref.product; ``code`` and ``product`` are SQL of an accepted row."""
    known = classifications or rows_beside(__name__, "classifications.csv")
    return render_beside(__name__, "products.sql", code=code, product=product, classifications=known)


SOURCE = UnComtrade()
