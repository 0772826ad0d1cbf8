"""How files of UN Comtrade are recognised, and what answers without figures are."""

import re
from datetime import date

from tasks.archive.sniff import Sniffed
from tasks.contract.source import Recognised, RefusedForm
from tasks.formats import csv_text
from tasks.sources.uncomtrade import delimited, json_rows, reports, wits
from tasks.sources.uncomtrade.json_rows import KEYED_LIMIT, PREMIUM_LIMIT, PREVIEW_LIMIT, Row
from warehouse.errors import EmptyAnswer, LayoutChanged, Unknown

#: What a file is, by its layout; layouts of reports are in ``reports``.
DESCRIPTIONS = {
    "api-json": "answer of the API", "plus-csv": "download of Comtrade Plus", "bulk-tsv": "bulk file",
    "snake-csv": "answer of the API saved by comtradr", "legacy-csv": "table of the API of before 2023",
    "legacy-json": "answer of the API of before 2023", "plus-xlsx": "download of Comtrade Plus, a workbook",
    "legacy-xlsx": "table of the API of before 2023, a workbook",
}  # fmt: skip
#: Answers of the service that are not figures: a field only they have, and what they are.
_NO_FIGURES = {
    "datasetChecksum": "a list of what is available", "fileUrl": "a list of bulk files", "releaseStatus": "a list of recent releases",
    "publicationNote": "publication notes", "suv": "standard unit values",
}  # fmt: skip
#: Forms that are known and not taken.
SERVICES = RefusedForm("UN Comtrade's trade in services", "for the warehouse keeps trade in goods only")
_DOWNLOADED = re.compile(r"TradeData_(\d{1,2})_(\d{1,2})_(\d{4})_")
_SERVED = re.compile(r'"datasetTimer"\s*:\s*\{[^}]*"finished"\s*:\s*"(\d{4}-\d{2}-\d{2})')
_COUNT = re.compile(r'"count"\s*:\s*(\d+)')


def of_text(sniffed: Sniffed) -> Recognised | None:
    """A delimited file by its header. Raises LayoutChanged for a header that is almost UN Comtrade's."""
    header = delimited.header_of(sniffed.lines[0], sniffed.filename) if sniffed.lines else None
    if header is None:
        return _of_wits(sniffed)
    if _is_of_services(header, sniffed.lines[1:2]):
        raise SERVICES.fault(sniffed.filename)
    return Recognised(header.layout, f"UN Comtrade, {DESCRIPTIONS[header.layout]}", _day_of_download(sniffed.filename))


def _is_of_services(header: delimited.Header, first: list[str]) -> bool:
    """Whether the first record of a delimited file is of services; one file has records of one type."""
    if not first or "type_code" not in header.columns:
        return False
    cells = csv_text.cells(first[0], header.delimiter)
    at = header.columns.index("type_code")
    return at < len(cells) and cells[at].strip() == "S"


def of_workbook(sniffed: Sniffed) -> Recognised | None:
    """Comtrade Plus or WITS as a workbook, or a table of a report. Raises LayoutChanged for one whose name does not say which country it is of."""
    rows = next(iter(sniffed.sheets.values()), [])
    header = delimited.header_of_row(rows[0], sniffed.filename) if rows else None
    if header is not None:
        if _is_of_services(header, [",".join(map(str, rows[1]))] if len(rows) > 1 else []):
            raise SERVICES.fault(sniffed.filename)
        return Recognised(
            header.layout, f"UN Comtrade, {DESCRIPTIONS[header.layout]}", _day_of_download(sniffed.filename)
        )
    if recognised := _of_wits(sniffed):
        return recognised
    layout = reports.layout_of(sniffed.sheets, sniffed.filename)
    return Recognised(layout, "UN Comtrade figures in a table of a report (cipf-comtrade)") if layout else None


def _of_wits(sniffed: Sniffed) -> Recognised | None:
    layout = wits.layout_of(sniffed)
    return Recognised(layout, "UN Comtrade by product, as the World Bank's WITS gives it") if layout else None


def of_json(sniffed: Sniffed) -> Recognised | None:
    """An answer of the API of today or before 2023. Raises EmptyAnswer, Unknown and LayoutChanged for one without figures."""
    head, name = sniffed.text, sniffed.filename
    if '"rtCode"' in head and '"dataset"' in head:
        day = _SERVED.search(head)
        return Recognised("legacy-json", f"UN Comtrade, {DESCRIPTIONS['legacy-json']}", day[1] if day else None)
    if '"classCode"' in head and '"results"' in head and '"minimumInputLength"' in head:
        raise Unknown(f"UN Comtrade's list of a classification, which has no figures: {name}")
    if '"elapsedTime"' not in head or '"data"' not in head:
        return None
    row = _first_row(sniffed)
    for field, contents in _NO_FIGURES.items():
        if field in row:
            raise Unknown(f"UN Comtrade's answer with {contents}, which has no figures: {name}")
    next(json_rows.api_cells(iter([row]), name))
    if row["typeCode"] == "S":
        raise SERVICES.fault(name)
    return Recognised("api-json", f"UN Comtrade, {DESCRIPTIONS['api-json']}{_doubt(head)}")


def _first_row(sniffed: Sniffed) -> Row:
    if re.search(r'"data"\s*:\s*\{', sniffed.text):
        raise LayoutChanged(f"an answer to countOnly, which has a number of rows and no figures: {sniffed.filename}")
    try:
        return next(json_rows.rows(sniffed.path, "data"))
    except StopIteration:
        raise EmptyAnswer(f"an answer of UN Comtrade with no rows: {sniffed.filename}") from None


def _doubt(head: str) -> str:
    """A remark on an answer with exactly as many rows as the service gives at most: without a key, with a free or a paid one."""
    count = _COUNT.search(head)
    if count is None or int(count[1]) not in (PREVIEW_LIMIT, KEYED_LIMIT, PREMIUM_LIMIT):
        return ""
    return f": {count[1]} rows, exactly the most one answer has, so it may have been cut"


def _day_of_download(filename: str) -> str | None:
    """The day a file was downloaded from Comtrade Plus, which the site writes into its name; None if it does not say."""
    match = _DOWNLOADED.search(filename)
    try:
        return date(int(match[3]), int(match[1]), int(match[2])).isoformat() if match else None
    except ValueError:
        return None
