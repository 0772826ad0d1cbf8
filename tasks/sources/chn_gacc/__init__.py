"""``chn.gacc``: foreign trade by China's customs (GACC): exports of its online query, and its monthly bulletin in English.

The query (stats.customs.gov.cn) answers no program: its results are exported by hand and adopted. The bulletin's index and
its tables by country are static pages and may be pulled.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from urllib.parse import urlparse

from schemas.gacc import GaccBulletin, GaccQuery
from tasks.archive.sniff import Sniffed
from tasks.archive.store import Artifact, Opened
from tasks.contract import facts
from tasks.contract.dataset import Conform, Dataset
from tasks.contract.service import Request, Selection, Service, ValidAnswer
from tasks.contract.source import Recognised, Source, sql_beside
from tasks.sources.chn_gacc import bulletin, query
from warehouse import sql
from warehouse.errors import EmptyAnswer, LayoutChanged, NotData, Unknown

_INDEX = "/statics/report/monthly{year}.html"
_QUERY, _BULLETIN = "query.", "bulletin"
#: The edition of the Harmonized System China's tariff followed in a year, as SQL over ``year``.
_EDITION = (
    "CASE WHEN year >= 2022 THEN '2022' WHEN year >= 2017 THEN '2017' WHEN year >= 2012 THEN '2012' "
    "WHEN year >= 2007 THEN '2007' WHEN year >= 2002 THEN '2002' WHEN year >= 1996 THEN '1996' ELSE '1992' END"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _cited(title: str, address: str, published_on: str | None) -> str:
    day = f"DATE {sql.quoted(published_on)}" if published_on else "CAST(NULL AS DATE)"
    return (
        f"'General Administration of Customs of China (GACC)' AS publisher, {sql.quoted(title)} AS title, "
        f"{sql.quoted(address)} AS address, {day} AS published_on, '{'day' if published_on else 'unknown'}' AS "
        "published_precision, CAST(NULL AS VARCHAR) AS seen_via, CAST(NULL AS VARCHAR) AS note"
    )


class ChnGacc(Source):
    """Foreign trade by China's customs."""

    id = "chn.gacc"
    title = "China's foreign trade by partner, province and product (customs statistics)"
    publisher = "General Administration of Customs of China (GACC)"
    licence = "Public statistics of GACC; name the source"
    redistribution = "attribution"
    documentation = "http://english.customs.gov.cn/statics/report/monthly.html"
    covers = (
        "Monthly exports and imports of China by partner, of its provinces by partner and product of up to eight digits (exports "
        "of the online query, made by hand), and by partner for the month and since January (bulletin in English, from 2018)."
    )
    units = (
        "Query: whole US dollars (美元) or yuan (人民币). Bulletin: US$1,000, in the edition in yuan RMB 10,000. Exports are valued "
        "FOB, imports CIF."
    )
    forms = (
        "CSV exports of the online query (stats.customs.gov.cn), by their Chinese header; the file's name says exports or imports.",
        "Pages of the monthly bulletin in English, Imports and Exports by Country (Region), as HTML, or as tables saved from it.",
    )
    tables = (GaccQuery, GaccBulletin)
    traps = (
        "The online query cannot be automated (HTTP 412, CAPTCHA): export by hand and adopt. It gives no more than 10,000 rows "
        "without a word, so a file of that many is refused.",
        "An export does not say whether it is of exports or imports: put 出口 or 进口 (export, import) in the file's name.",
        "Codes must have been kept as text: a product code of seven digits has lost its leading zero in a spreadsheet and is refused.",
        "Partner codes are the customs' own (116 Japan, 133 Korea, 502 United States), neither ISO's nor Comtrade's.",
        "By place of registration (注册地) means the location of the trading firm: basis operator_location.",
        "Queries grouped by customs regime (贸易方式) are refused: the warehouse keeps no regime.",
        "Products of eight digits are China's own within an edition of the Harmonized System (CNHS2022 and so on); China changes "
        "some every year. Two, four and six digits are the edition's.",
        "The bulletin mixes continents and groups (ASEAN, European Union, APEC) with countries: partners with is_aggregate.",
        "Cumulative figures are kept as published (freq YTD; since January to December is the year, freq A). Later cumulatives "
        "revise earlier months without a word: mart.trade_months_derived shows where.",
        "A page whose title and unit row disagree on the currency, or whose unit is not one this table is printed in, is refused.",
        "Coverage of the total changed in 2012, 2014, 2015, 2016 and 2019 (cross-border e-commerce): breaks in the series.",
    )
    service = Service(
        url="http://english.customs.gov.cn",
        interval_seconds=3,
        headers=(("User-Agent", "Mozilla/5.0 (compatible; entrepot)"),),
    )

    def recognises(self, sniffed: Sniffed) -> Recognised | None:
        """An export of the query, or a page of the bulletin by country. Raises LayoutChanged, EmptyAnswer, CutAtLimit."""
        where = sniffed.filename
        if sniffed.kind == "text" and sniffed.lines and query.is_query(sniffed.lines[0]):
            columns = query.header(sniffed.lines[0], where)
            rows, flow = query.check(query.read(sniffed.path), where), query.flow(where)
            told = "province" if "注册地编码" in columns else "nation"
            return Recognised(f"{_QUERY}{flow}", f"customs query: {flow}s of the {told}, {rows} rows")
        if (
            sniffed.kind in ("html", "xml", "text")
            and "Origin/Destination" in sniffed.text
            and bulletin.is_page(sniffed.text)
        ):
            page = bulletin.parse(_html(sniffed), where)
            if not page.rows:
                raise EmptyAnswer(f"{where}: a bulletin by country without rows")
            return Recognised(
                _BULLETIN, f"customs bulletin by country, {page.year}-{page.month:02d}, {page.unit}", page.published_on
            )
        return None

    def dataset(self, artifact: Artifact) -> Dataset:
        """The table of the artifact's layout. Raises Unknown."""
        layout = artifact.layout or ""
        if layout.startswith(_QUERY):
            cited = _cited("Customs statistics online query", "http://stats.customs.gov.cn/", None)
            text = sql_beside(__name__, "query.sql").format(edition=_EDITION, cited=cited)
            products = sql_beside(__name__, "products.sql").format(edition=_EDITION)
            return Dataset(GaccQuery, (Conform(facts.TRADE, text),), prepare=(products,))
        if layout == _BULLETIN:
            received = date.fromisoformat(artifact.received_at[:10])
            stamp = artifact.publisher_stamp
            published_on = str(min(date.fromisoformat(stamp), received)) if stamp else None
            address = artifact.request if artifact.request.startswith("http") else self.documentation
            cited = _cited(
                "Monthly bulletin: (2) Imports and Exports by Country (Region) of Origin/Destination",
                address,
                published_on,
            )
            return Dataset(
                GaccBulletin, (Conform(facts.TRADE, sql_beside(__name__, "bulletin.sql").format(cited=cited)),)
            )
        raise Unknown(f"{artifact.filename}: no layout {layout!r} of China's customs")

    def text(self, opened: Opened) -> str:
        """One record a row of the query, or a figure of the bulletin."""
        layout, where = opened.artifact.layout or "", opened.artifact.filename
        text = query.read(opened.path)
        if layout.startswith(_QUERY):
            return opened.table(query.COLUMNS, query.rows(text, layout.removeprefix(_QUERY), where))
        return opened.table(bulletin.COLUMNS, bulletin.rows(bulletin.parse(text, where)))

    def requests(self, selection: Selection) -> Iterator[Request]:
        """The index of each year; the pages of its months follow. The current year's index has no year in its name."""
        this_year = datetime.now(UTC).year
        for year in range(selection.first, min(selection.last, this_year) + 1):
            path = _INDEX.format(year="" if year == this_year else year)
            yield Request(path, f"gacc_monthly_index_{year}.html", accept="text/html", context=(("year", str(year)),))

    def judge(self, request: Request, answer: Sniffed) -> ValidAnswer:
        """Whether an index or a page is what was asked for; only pages are kept."""
        if answer.kind not in ("html", "xml"):
            raise NotData(f"{request.filename}: not HTML")
        if "table" not in dict(request.context):
            return _judge_index(request, _html(answer))
        if not bulletin.is_page(answer.text):
            raise LayoutChanged(f"{request.filename}: not the bulletin by country")
        page = bulletin.parse(_html(answer), request.filename)
        if not page.rows:
            raise EmptyAnswer(f"{request.filename}: a bulletin by country without rows")
        year = dict(request.context)["year"]
        if str(page.year) != year:
            raise LayoutChanged(f"{request.filename}: the index is of {year}, the page of {page.year}")
        return ValidAnswer(page.rows_out, page.published_on)


def _html(sniffed: Sniffed) -> str:
    return query.read(sniffed.path)


def _judge_index(request: Request, text: str) -> ValidAnswer:
    """The pages of the months an index names. Raises LayoutChanged for one without the row by country."""
    links = bulletin.links(text)
    if not links:
        raise LayoutChanged(f"{request.filename}: the index has no row 'Imports and Exports by Country' with links")
    year = dict(request.context)["year"]
    following = []
    for address, said in links:
        month = next((n for n, name in enumerate(_MONTHS, 1) if said.lower().startswith(name)), None)
        path = urlparse(address).path
        if month is None or not re.fullmatch(r"/Statics/[0-9A-Fa-f-]{36}\.html", path):
            raise LayoutChanged(f"{request.filename}: the link {said!r} to {address} is not one to a month's table")
        following.append(Request(
            path, f"gacc_by_country_{year}_{month:02d}.html", accept="text/html",
            context=(("year", year), ("table", "by_country")),
        ))  # fmt: skip
    return ValidAnswer(len(following), following=tuple(following), is_kept=False)


SOURCE = ChnGacc()
