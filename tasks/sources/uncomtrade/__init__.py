"""``uncomtrade``: UN Comtrade, goods trade as countries report it to the United Nations.

Service and formats: https://comtradedeveloper.un.org/apis and the publisher's OpenAPI description; what answers look
like was taken from recorded ones. Forms (``forms``): API v1 JSON, Comtrade Plus CSV, bulk TSV, the same saved by the
R package comtradr; the API of before 2023 as JSON and CSV; tables of reports made of it.

Publication lines (``dataset``): ``uncomtrade.a.hs`` has annual figures in the edition each country used (``m``
monthly, ``sitc`` where it used SITC), ``uncomtrade.a.h4`` those the UN converted to HS 2012, and so on. The API of before
2023 does not say how its values are valued and mostly not when it gave them: its figures are lines of their own
(``uncomtrade.legacy.a.hs``), so that an old file, whenever it is adopted, never replaces what the UN says today.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from schemas import uncomtrade as schemas
from tasks.archive.sniff import Sniffed
from tasks.archive.store import Artifact, Opened
from tasks.contract import facts
from tasks.contract.dataset import Conform, Dataset
from tasks.contract.service import Key, Request, Selection, Service, ValidAnswer
from tasks.contract.source import Recognised, Source, sql_beside
from tasks.sources.uncomtrade import forms, reports, service
from warehouse import sql
from warehouse.errors import EmptyAnswer, LayoutChanged, Unknown

#: classificationCode, and what the warehouse calls it. BE is BEC 4 in the legacy API.
_CLASSIFICATIONS = {
    "H0": "HS1992", "H1": "HS1996", "H2": "HS2002", "H3": "HS2007", "H4": "HS2012", "H5": "HS2017", "H6": "HS2022",
    "S1": "SITC1", "S2": "SITC2", "S3": "SITC3", "S4": "SITC4", "B4": "BEC4", "B5": "BEC5", "BE": "BEC4",
}  # fmt: skip
_FLOWS = {
    "M": "import", "X": "export", "RM": "re_import", "RX": "re_export", "DX": "domestic_export", "FM": "foreign_import",
    "MIP": "import_for_inward_processing", "MOP": "import_after_outward_processing",
    "XIP": "export_after_inward_processing", "XOP": "export_for_outward_processing",
}  # fmt: skip
#: QuantityUnits.json; the legacy API's 1 is no unit.
_UNITS = {
    2: "m²", 3: "1000 kWh", 4: "m", 5: "u", 6: "2u", 7: "l", 8: "kg", 9: "1000u", 10: "U (jeu/pack)", 11: "12u", 12: "m³",
    13: "carat", 14: "km", 15: "g", 16: "hive", 17: "1000 m³", 18: "TJ", 19: "BBL", 20: "1000 L", 21: "1000 KG",
    22: "kWH", 23: "l alc 100%", 24: "head", 25: "kg/net eda", 26: "kg C5H14ClNO", 27: "kg P2O5", 28: "kg H2O2",
    29: "kg met.am.", 30: "kg N", 31: "kg KOH", 32: "kg K2O", 33: "kg NaOH", 34: "kg 90% sdt", 35: "kg U", 36: "ct/l",
    37: "Bq", 38: "gi F/S", 39: "GRT", 40: "GT", 41: "ce/el",
}  # fmt: skip

#: The product code of a legacy row, with the zero it begins with where aggr_level says that it lost it.
_WHOLE_CODE = (
    "CASE WHEN starts_with(a.pf_code, 'H') AND a.cmd_code <> 'TOTAL' AND a.aggr_level = length(a.cmd_code) + 1 "
    "THEN '0' || a.cmd_code ELSE a.cmd_code END"
)
_DOWNLOADED = re.compile(r"TradeData_(\d{1,2})_(\d{1,2})_(\d{4})_")
_SERVED = re.compile(r'"datasetTimer"\s*:\s*\{[^}]*"finished"\s*:\s*"(\d{4}-\d{2}-\d{2})')
_COUNT = re.compile(r'"count"\s*:\s*(\d+)')
#: The most rows an answer has without a key, with one, and with a premium one.
_CAPS = (forms.PREVIEW_LIMIT, forms.KEYED_LIMIT, forms.PREMIUM_LIMIT)
_TOLD = {
    "api-json": "answer of the API", "plus-csv": "download of Comtrade Plus", "bulk-tsv": "bulk file",
    "snake-csv": "answer of the API saved by comtradr", "legacy-csv": "table of the API of before 2023",
    "legacy-json": "answer of the API of before 2023",
}  # fmt: skip
#: Answers of the service that are not figures: a field only they have, and what they are.
_NO_FIGURES = {
    "datasetChecksum": "a list of what is available", "fileUrl": "a list of bulk files", "releaseStatus": "a list of recent releases",
    "publicationNote": "publication notes", "suv": "standard unit values",
}  # fmt: skip


class UnComtrade(Source):
    """UN Comtrade."""

    id = "uncomtrade"
    title = "UN Comtrade: goods trade as reported to the United Nations"
    publisher = "United Nations Statistics Division"
    licence = "UN Comtrade policy on use and re-dissemination: free for internal use with attribution; passing data on needs written permission"
    redistribution = "ask"
    documentation = "https://uncomtrade.org/docs/"
    covers = (
        "Imports, exports and their parts by reporter, partner, product (HS, SITC, BEC) and year or month, from 1962; "
        "a pull asks for China, Japan, South Korea, the United States, all that were EU members, and the world, from 1992."
    )
    units = "Current US dollars, as printed; quantities in the unit named; net weight in kilograms."
    forms = (
        "Answers of API v1 as JSON, and CSV of the same fields, also as the R package comtradr saves them.",
        "CSV of Comtrade Plus (47 names over 48 fields) and bulk files, tab-separated, gz.",
        "JSON and CSV of the API of before 2023.",
        "Workbooks of reports made of Comtrade (cipf-comtrade).",
    )
    tables = (schemas.ComtradeTrade, schemas.ComtradeLegacy, schemas.ComtradeReport)
    traps = (
        "The service cuts an answer at its limit (500 rows without a key, 100,000 or 250,000 with one) and says nothing: an answer of exactly that many rows is refused and the request split.",
        "A reporter may give a total and every breakdown of it by second partner, customs procedure and transport: only totals are loaded, and the note says how many rows were left out; a breakdown without its total is quarantined.",
        "The partner WLD stands beside the single partners, and TOTAL beside chapters, headings and subheadings: never add them up.",
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
            return _recognised_json(sniffed)
        if sniffed.kind == "xlsx":
            layout = reports.layout_of(sniffed.sheets, sniffed.filename)
            return Recognised(layout, "UN Comtrade figures in a table of a report (cipf-comtrade)") if layout else None
        header = (
            forms.header_of(sniffed.lines[0], sniffed.filename) if sniffed.kind == "text" and sniffed.lines else None
        )
        if header is None:
            return None
        return Recognised(header.layout, f"UN Comtrade, {_TOLD[header.layout]}", _downloaded(sniffed.filename))

    def dataset(self, artifact: Artifact) -> Dataset:
        """The table an artifact holds, by its form. Raises Unknown."""
        layout = artifact.layout or ""
        published = _published(artifact)
        if layout.startswith("report-"):
            prepare = _products("'HS'", "a.cmd_code", {"HS": "HS"})
            conform = sql_beside(__name__, "report.sql")
            return Dataset(schemas.ComtradeReport, (Conform(facts.TRADE, conform),), prepare=(prepare,))
        if layout.startswith("legacy-"):
            prepare = _products("a.pf_code", _WHOLE_CODE, _CLASSIFICATIONS)
            conform = _filled("legacy.sql", whole_code=_WHOLE_CODE, **published)
            return Dataset(
                schemas.ComtradeLegacy, (Conform(facts.TRADE, conform),), forms.LEGACY_IGNORED, prepare=(prepare,)
            )
        if layout not in _TOLD:
            raise Unknown(f"{artifact.filename}: no form of UN Comtrade called {layout!r}")
        via = "'R package comtradr'" if layout == "snake-csv" else "CAST(NULL AS VARCHAR)"
        prepare = _products("a.classification_code", "a.cmd_code", _CLASSIFICATIONS)
        conform = _filled("api.sql", seen_via=via, **published)
        return Dataset(schemas.ComtradeTrade, (Conform(facts.TRADE, conform),), forms.API_IGNORED, prepare=(prepare,))

    def text(self, opened: Opened) -> str:
        """Records in the publisher's names with underscores; totals only, each with the number of its breakdowns.

        A record of a report's table is one value of it.
        """
        layout = opened.artifact.layout or ""
        if layout.startswith("report-"):
            return opened.table(reports.COLUMNS, reports.records(opened.path, layout, opened.artifact.filename))
        read = forms.read_json if layout.endswith("-json") else forms.delimited
        return forms.totals(read(opened, layout), layout)

    def requests(self, selection: Selection) -> Iterator[Request]:
        """What is available first; its answer leads to the requests for figures. Raises Unknown."""
        return service.requests(selection)

    def judge(self, request: Request, answer: Sniffed) -> ValidAnswer:
        """See service.judge."""
        return service.judge(request, answer)

    def split(self, request: Request) -> tuple[Request, ...]:
        """Two requests for half of the periods, reporters, partners, products or flows each."""
        return service.split(request)


def _recognised_json(sniffed: Sniffed) -> Recognised | None:
    head = sniffed.text
    if '"rtCode"' in head and '"dataset"' in head:
        served = _SERVED.search(head)
        return Recognised("legacy-json", f"UN Comtrade, {_TOLD['legacy-json']}", served and served[1])
    if '"classCode"' in head and '"results"' in head and '"minimumInputLength"' in head:
        raise Unknown(f"{sniffed.filename} is UN Comtrade's list of a classification, not figures: nothing to load")
    if '"elapsedTime"' not in head or '"data"' not in head:
        return None
    row = _first_row(sniffed)
    for field, what in _NO_FIGURES.items():
        if field in row:
            raise Unknown(f"{sniffed.filename} is UN Comtrade's answer with {what}, not figures: nothing to load")
    next(forms.api_rows(iter([row]), sniffed.filename))
    if row["typeCode"] == "S":
        raise Unknown(f"{sniffed.filename} has UN Comtrade's trade in services, which this source does not load")
    said = _COUNT.search(head)
    cut = (
        f": {said[1]} rows, exactly the most one answer has, so it may have been cut"
        if said and int(said[1]) in _CAPS
        else ""
    )
    return Recognised("api-json", f"UN Comtrade, {_TOLD['api-json']}{cut}")


def _first_row(sniffed: Sniffed) -> dict[str, Any]:
    if re.search(r'"data"\s*:\s*\{', sniffed.text):
        raise LayoutChanged(f"{sniffed.filename} is an answer to countOnly: a number of rows, no figures")
    try:
        return next(forms.records(sniffed.path, "data"))
    except StopIteration:
        raise EmptyAnswer(f"{sniffed.filename} is an answer of UN Comtrade with no rows: nothing to load") from None


def _downloaded(filename: str) -> str | None:
    """The day a file was downloaded from Comtrade Plus, which the site writes into its name; None if it does not say."""
    found = _DOWNLOADED.search(filename)
    try:
        return date(int(found[3]), int(found[1]), int(found[2])).isoformat() if found else None
    except ValueError:
        return None


def _published(artifact: Artifact) -> dict[str, str]:
    """The day the publisher gave these figures out, where the file says it."""
    stamp = artifact.publisher_stamp or ""
    if artifact.layout in ("plus-csv", "legacy-json") and re.fullmatch(r"\d{4}-\d{2}-\d{2}", stamp):
        return {"published_on": f"DATE '{stamp}'", "published_precision": "day"}
    return {"published_on": "CAST(NULL AS DATE)", "published_precision": "unknown"}


def _filled(name: str, **parts: str) -> str:
    """An SQL text with Comtrade's codes and their meaning filled in."""
    return sql_beside(__name__, name).format(
        units=_values(_UNITS), flows=_values(_FLOWS), classifications=_values(_CLASSIFICATIONS), **parts
    )


def _products(code: str, product: str, classifications: dict[str, str]) -> str:
    return sql_beside(__name__, "products.sql").format(
        code=code, product=product, classifications=_values(classifications)
    )


def _values(meanings: dict[Any, str]) -> str:
    return ", ".join(f"({sql.quoted(k) if isinstance(k, str) else k}, {sql.quoted(v)})" for k, v in meanings.items())


SOURCE = UnComtrade()
