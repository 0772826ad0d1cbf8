"""The bulletin's static pages: an index for each year links the tables by country of its months.

The online query is not asked: it answers no program.
"""

import html
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from urllib.parse import urlparse

from tasks.archive.sniff import Sniffed
from tasks.contract.service import Request, Scope, Selection, ValidAnswer
from tasks.sources.chn_gacc import bulletin, query
from warehouse.errors import EmptyAnswer, LayoutChanged, NotAsked, NotData

_INDEX = "/statics/report/monthly{year}.html"
_TABLE = re.compile(r"/Statics/[0-9A-Fa-f-]{36}\.html")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ROW = re.compile(r"Imports? and Exports? by Country.*?</tr>", re.IGNORECASE | re.DOTALL)
_LINK = re.compile(r"<a\b[^>]*href\s*=\s*[\"']?([^\"'\s>]+)[\"']?[^>]*>(.*?)</a>", re.IGNORECASE | re.DOTALL)


def requests(selection: Selection) -> Iterator[Request]:
    """The index of each year; the pages of its months follow. The current year's index has no year in its name."""
    this_year = datetime.now(UTC).year
    for year in range(selection.first, min(selection.last, this_year) + 1):
        path = _INDEX.format(year="" if year == this_year else year)
        yield Request(path, f"gacc_monthly_index_{year}.html", accept="text/html", context=(("year", str(year)),))


def judge(request: Request, answer: Sniffed) -> ValidAnswer:
    """Whether an index or a page is what was asked for; only pages are kept. Raises NotData, LayoutChanged, EmptyAnswer."""
    where, context = f"chn.gacc, {request.filename}", dict(request.context)
    if answer.kind not in ("html", "xml"):
        raise NotData(f"expected HTML, received {answer.kind}: {where}")
    text = query.read(answer.path)
    if "table" in context:
        return _judge_page(answer.text, text, context, where)
    return _judge_index(text, context["year"], where)


def scope(request: Request) -> Scope:
    """The year of a page, of which China is the reporter."""
    year = int(dict(request.context)["year"])
    return Scope(year, year, frozenset({"CHN"}))


def _judge_page(head: str, text: str, context: Mapping[str, str], where: str) -> ValidAnswer:
    if not bulletin.is_page(head):
        raise LayoutChanged(f"the page is not the bulletin by country: {where}")
    page = bulletin.parse(text, where)
    if not page.rows:
        raise EmptyAnswer(f"a bulletin by country without rows: {where}")
    year, month = context["year"], context.get("month", str(page.month))
    if (str(page.year), str(page.month)) != (year, month):
        raise NotAsked(f"the index is of month {month} of {year}, the page of {page.month} of {page.year}: {where}")
    return ValidAnswer(page.figures, page.published_on)


def _judge_index(text: str, year: str, where: str) -> ValidAnswer:
    """The pages of the months that an index links. Raises LayoutChanged for one without the row by country."""
    links = _links(text)
    if not links:
        raise LayoutChanged(f"the index has no row 'Imports and Exports by Country' with links: {where}")
    following = tuple(_page(address, words, year, where) for address, words in links)
    return ValidAnswer(len(following), following=following, is_kept=False)


def _page(address: str, words: str, year: str, where: str) -> Request:
    month = next((number for number, name in enumerate(_MONTHS, 1) if words.lower().startswith(name)), None)
    path = urlparse(address).path
    if month is None or not _TABLE.fullmatch(path):
        raise LayoutChanged(f"the link {words!r} to {address} is not one to a month's table: {where}")
    return Request(
        path, f"gacc_by_country_{year}_{month:02d}.html", accept="text/html",
        context=(("year", year), ("month", str(month)), ("table", "by_country")),
    )  # fmt: skip


def _links(text: str) -> list[tuple[str, str]]:
    """Links of the index to months of the table by country: address and words."""
    row = _ROW.search(text)
    links = _LINK.findall(row[0]) if row else []
    return [(html.unescape(address), bulletin.plain_text(re.sub(r"<[^>]+>", " ", words))) for address, words in links]
