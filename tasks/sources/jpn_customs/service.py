"""Requests for Japan Customs' files, and checks of what comes: pages that list files, and the files.

Time series are listed on Japan Customs' own site. The commodity-by-country files are listed on e-Stat: a page of all years
leads to the newest month's page of each year, and that to the year's files.
"""

import html
import re
from collections.abc import Iterator
from urllib.parse import urljoin

from tasks.archive.sniff import Sniffed
from tasks.contract.service import Request, Scope, Selection, ValidAnswer
from tasks.sources.jpn_customs import commodities, series, stages
from warehouse.errors import EmptyAnswer, LayoutChanged, NotData

#: A year of the commodity table is some 44 files of several megabytes: of more years than this only the newest is asked for.
_MOST_YEARS = 10
#: Pages of e-Stat that list the files of the commodity-by-country table, by direction.
_LISTS = {"export": ("000001013180", "000001013181"), "import": ("000001013180", "000001013182")}


def requests(selection: Selection) -> Iterator[Request]:
    """The page that lists the time series, and those that list the commodity-by-country files."""
    yield Request(series.PAGE, "customs_series.html", accept="text/html", context=(("kind", "all_series"),))
    for flow, (group, table) in _LISTS.items():
        yield Request(
            path="/stat-search/files",
            filename=f"customs_list_{flow}.html",
            parameters=(
                ("page", "1"), ("layout", "datalist"), ("toukei", "00350300"), ("tstat", "000001013141"), ("cycle", "1"),
                ("tclass1", group), ("tclass2", table), ("tclass3val", "0"), ("metadata", "1"), ("data", "1"),
            ),
            accept="text/html",
            context=(("kind", "years"), ("flow", flow), ("first", str(selection.first)), ("last", str(selection.last))),
        )  # fmt: skip


def judge(request: Request, received: Sniffed) -> ValidAnswer:
    """A page leads to further requests, a file is counted. Raises NotData, LayoutChanged, EmptyAnswer."""
    context = dict(request.context)
    kind = context.get("kind", "file")
    if kind == "file":
        return _judge_commodities(request, received, context.get("title"))
    if kind == "series":
        return _judge_series(request, received)
    if received.kind != "html":
        raise NotData(f"expected a page, received {received.kind}: {request.filename}")
    page = received.path.read_text(encoding="utf-8", errors="replace")
    following = {"all_series": _all_series, "years": _months, "files": _files}[kind](page, context)
    if not following:
        raise LayoutChanged(f"the page has no links of the kind it had: {request.filename}")
    return ValidAnswer(rows=0, following=tuple(following), is_kept=False)


def scope(request: Request) -> Scope:
    """Japan; of a commodity table its year."""
    year = dict(request.context).get("year")
    return Scope(int(year) if year else None, int(year) if year else None, frozenset({"JPN"}))


def _judge_series(request: Request, received: Sniffed) -> ValidAnswer:
    _check_is_no_page(request, received)
    if received.kind != "text" or series.title_of(received) is None:
        raise LayoutChanged(f"not a time series of Japan Customs: {request.filename}")
    rows = sum(1 for _ in series.rows(received.path, request.filename))
    if not rows:
        raise EmptyAnswer(f"no month is published: {request.filename}")
    return ValidAnswer(rows=rows)


def _judge_commodities(request: Request, received: Sniffed, title: str | None) -> ValidAnswer:
    _check_is_no_page(request, received)
    if received.kind != "text" or not received.lines or not commodities.is_table(received.lines[0]):
        raise LayoutChanged(f"not a commodity table: {request.filename}")
    commodities.layout_of(received.lines[0], request.filename)
    with received.path.open("rb") as file:
        rows = sum(1 for line in file if line.strip()) - 1
    if not rows:
        raise EmptyAnswer(f"a header without records: {request.filename}")
    return ValidAnswer(rows=rows, stamp=title)


def _check_is_no_page(request: Request, received: Sniffed) -> None:
    if received.kind == "html":
        raise NotData(f"expected a CSV file, received a page: {request.filename}")


def _all_series(page: str, _: dict[str, str]) -> list[Request]:
    """The time series of the world, and of areas that are known by the words before their link."""
    requests_by_address: dict[str, Request] = {}
    start = 0
    for link in re.finditer(r'href="([^"]*d4[12]ma\d*\.csv)"[^>]*>(.*?)</a>', page, re.DOTALL):
        words, start = re.sub(r"<[^>]*>", " ", page[start : link.end()]), link.end()
        if series.area(html.unescape(words)):
            address = urljoin(series.PAGE, link[1])
            requests_by_address[address] = Request(address, address.rsplit("/", 1)[1], context=(("kind", "series"),))
    return list(requests_by_address.values())


def _months(page: str, context: dict[str, str]) -> list[Request]:
    """The newest month's page of each year asked for, in order of the years."""
    queries = _newest_by_year(page, range(int(context["first"]), int(context["last"]) + 1))
    if int(context["last"]) - int(context["first"]) >= _MOST_YEARS:
        queries = {year: queries[year] for year in sorted(queries)[-1:]}
    return [
        Request(
            path="/stat-search/files", filename=f"customs_list_{context['flow']}_{year}.html",
            parameters=tuple((k, v) for k, _, v in (pair.partition("=") for pair in query.split("&"))), accept="text/html",
            context=(("kind", "files"), ("flow", context["flow"]), ("year", str(year))),
        )
        for year, query in sorted(queries.items())
    ]  # fmt: skip


def _newest_by_year(page: str, years: range) -> dict[int, str]:
    """The query of the newest month's page by year; e-Stat's numbers of months grow with the month."""
    newest: dict[int, tuple[str, str]] = {}
    for link in re.findall(r'href="([^"]*stat-search/files\?[^"]*)"', page):
        address = html.unescape(link)
        year, month = re.search(r"[?&]year=(\d{4})0(?:&|$)", address), re.search(r"[?&]month=(\d+)", address)
        if year and month and int(year[1]) in years and month[1] > newest.get(int(year[1]), ("", ""))[0]:
            newest[int(year[1])] = month[1], address.split("?", 1)[1]
    return {year: query for year, (_, query) in newest.items()}


def _files(page: str, context: dict[str, str]) -> list[Request]:
    """The CSV files of a month's page; ``title`` has the stages and the date of release that precede each."""
    titles: dict[str, str] = {}
    start = 0
    for link in re.finditer(r"statInfId=(\d{12})(?:&amp;|&)fileKind=1(?!\d)", page):
        text = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", page[start : link.start()])))
        start = link.end()
        title = " ".join(stages.statements(text)) or next(reversed(titles.values()), "")
        titles.setdefault(link[1], title)
    return [
        Request(
            path="/stat-search/file-download", filename=f"customs_{context['flow']}_{context['year']}_{number}.csv",
            parameters=(("statInfId", number), ("fileKind", "1")), context=(("kind", "file"), ("title", title), ("year", context["year"])),
        )
        for number, title in titles.items()
    ]  # fmt: skip
