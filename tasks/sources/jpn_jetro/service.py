"""Requests for JETRO's workbooks, whose names change with every release: they are taken from the page of statistics."""

import html
import re
from collections.abc import Iterator

from tasks.archive.sniff import Sniffed
from tasks.contract.service import Request, Selection, ValidAnswer
from tasks.sources.jpn_jetro import workbook
from warehouse.errors import LayoutChanged, NotData

#: The workbooks on JETRO's page: flows by country of all years, positions by country.
_FILES = {
    "flow": re.compile(r"/[^\s\"']*?country1_e_(?P<year>\d{2})cy\.xlsx?"),
    "position": re.compile(r"/[^\s\"']*?(?P<year>\d{2})fdistock\d{2}_en\.xlsx?"),
}


def requests(selection: Selection) -> Iterator[Request]:  # noqa: ARG001
    """The page of statistics, which leads to the workbooks: each has all years."""
    yield Request(
        "/en/reports/statistics.html", "jetro_statistics.html", accept="text/html", context=(("kind", "page"),)
    )


def judge(request: Request, received: Sniffed) -> ValidAnswer:
    """The page leads to the newest workbooks; the cells of a workbook are counted. Raises NotData, LayoutChanged."""
    filename = request.filename
    if dict(request.context).get("kind") == "page":
        if received.kind != "html":
            raise NotData(f"expected a page, received {received.kind}: {filename}")
        return ValidAnswer(rows=0, following=_newest(received, filename), is_kept=False)
    if received.kind not in ("xls", "xlsx") or not received.sheets:
        raise NotData(f"expected a workbook, received {received.kind} or a damaged one: {filename}")
    if workbook.describe(received.sheets, filename) is None:
        raise LayoutChanged(f"none of the sheets {', '.join(received.sheets)} is known: {filename}")
    return ValidAnswer(rows=sum(1 for _ in workbook.rows(received.path, filename)))


def _newest(page: Sniffed, filename: str) -> tuple[Request, ...]:
    """Requests for the newest workbooks of each kind. Raises LayoutChanged if the page has no link to one."""
    text = html.unescape(page.path.read_text(encoding="utf-8", errors="replace"))
    following = []
    for kind, pattern in _FILES.items():
        links = {(int(m["year"]) + (1900 if int(m["year"]) >= 50 else 2000), m[0]) for m in pattern.finditer(text)}
        if not links:
            raise LayoutChanged(f"JETRO's page has no link to the workbook of {kind}s by country: {filename}")
        newest = max(year for year, _ in links)
        following += [
            Request(path, path.rsplit("/", 1)[1], context=(("kind", kind),))
            for year, path in sorted(links)
            if year == newest
        ]
    return tuple(following)
