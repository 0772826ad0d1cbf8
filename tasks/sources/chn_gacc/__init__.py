"""``chn.gacc``: foreign trade by China's customs (GACC): exports of its online query, and its monthly bulletin in English.

The query (stats.customs.gov.cn) answers no program: its results are exported by hand and adopted (``query``). The bulletin's
index and its tables by country are static pages and may be pulled (``bulletin``).
"""

from collections.abc import Iterator
from datetime import date

from schemas.gacc import GaccBulletin, GaccQuery
from tasks.archive.sniff import Sniffed
from tasks.archive.store import Artifact, Opened
from tasks.contract import facts
from tasks.contract.dataset import Conform, Dataset
from tasks.contract.service import Request, Scope, Selection, Service, ValidAnswer
from tasks.contract.source import Form, Recognised, Source, render_beside, sql_beside
from tasks.sources.chn_gacc import bulletin, query, service
from warehouse.errors import EmptyAnswer, Unknown

#: Layouts: the query's is followed by the flow, ``query.export`` or ``query.import``.
_QUERY, _BULLETIN = "query.", "bulletin"


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
    marks = (
        "商品编码",
        "商品名称",
        "贸易伙伴编码",
        "贸易伙伴名称",
        "数据年月",
        "人民币",
        "美元",
        "Country (Region)",
        "Unit: US$1,000",
    )
    forms = (
        Form(
            "CSV exports of the online query (stats.customs.gov.cn), recognised by their Chinese header; the file's name says exports or imports.",
            ("query.*",),
            made=("query.*",),
        ),
        Form(
            "Pages of the monthly bulletin in English, Imports and Exports by Country (Region), as HTML, or as tables saved from it.",
            ("bulletin",),
            made=("bulletin",),
        ),
    )
    refused = (query.BY_REGIME,)
    encodings = ("gb18030",)
    tables = (GaccQuery, GaccBulletin)
    traps = (
        "The online query cannot be automated (HTTP 412, CAPTCHA): export by hand and adopt. It gives no more than 10,000 rows "
        "and does not say that it cuts, so a file of that many is refused.",
        "An export does not say whether it is of exports or imports: put 出口 or 进口 (export, import) in the file's name.",
        "Codes must have been kept as text: a product code of seven digits has lost its leading zero in a spreadsheet and is refused.",
        "Partner codes are the customs' own (116 Japan, 133 Korea, 502 United States), neither ISO's nor Comtrade's.",
        "By place of registration (注册地) means the location of the trading firm: basis operator_location.",
        "Queries grouped by customs regime (贸易方式) are refused: the warehouse keeps no regime.",
        "Products of eight digits are China's own within an edition of the Harmonized System (CNHS2022 and so on); China changes "
        "some every year. Two, four and six digits are the edition's.",
        "The bulletin mixes continents and groups (ASEAN, European Union, APEC) with countries: partners with is_aggregate.",
        "Cumulative figures are kept as published (freq YTD; since January to December is the year, freq A). Later cumulatives "
        "revise earlier months without notice: mart.trade_months_derived shows where.",
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
        if sniffed.kind == "text" and sniffed.lines and query.is_query(sniffed.lines[0]):
            return _recognised_query(sniffed)
        is_text = sniffed.kind in ("html", "xml", "text")
        if is_text and "Origin/Destination" in sniffed.text and bulletin.is_page(sniffed.text):
            return _recognised_bulletin(sniffed)
        return None

    def dataset(self, artifact: Artifact) -> Dataset:
        """The table of the artifact's layout. Raises Unknown."""
        layout = artifact.layout or ""
        if layout.startswith(_QUERY):
            edition = sql_beside(__name__, "edition.sql")
            conform = Conform(facts.TRADE, render_beside(__name__, "query.sql", edition=edition))
            products = render_beside(__name__, "products.sql", edition=edition)
            return Dataset(GaccQuery, (conform,), prepare=(products,))
        if layout == _BULLETIN:
            address = artifact.request if artifact.request.startswith("http") else self.documentation
            text = render_beside(__name__, "bulletin.sql", address=address, published_on=_published_on(artifact))
            return Dataset(GaccBulletin, (Conform(facts.TRADE, text),))
        raise Unknown(f"no layout {layout!r}: {self.id}, {artifact.filename}")

    def text(self, opened: Opened) -> str:
        """One record a row of the query, or a figure of the bulletin."""
        layout, where = opened.artifact.layout or "", f"{self.id}, {opened.artifact.filename}"
        text = query.read(opened.path)
        if layout.startswith(_QUERY):
            return opened.table(query.COLUMNS, query.rows(text, layout.removeprefix(_QUERY), where))
        return opened.table(bulletin.COLUMNS, bulletin.rows(bulletin.parse(text, where)))

    def requests(self, selection: Selection) -> Iterator[Request]:
        """The index of each year, which leads to the pages of its months."""
        return service.requests(selection)

    def scope(self, request: Request) -> Scope:
        """The year of a page; see service.scope."""
        return service.scope(request)

    def judge(self, request: Request, answer: Sniffed) -> ValidAnswer:
        """An index or a page; see service.judge."""
        return service.judge(request, answer)


def _recognised_query(sniffed: Sniffed) -> Recognised:
    where = f"chn.gacc, {sniffed.filename}"
    columns = query.header(sniffed.lines[0], where)
    rows, flow = query.count_rows(query.read(sniffed.path), where), query.flow(sniffed.filename)
    level = "province" if "注册地编码" in columns else "nation"
    return Recognised(f"{_QUERY}{flow}", f"customs query: {flow}s of the {level}, {rows} rows")


def _recognised_bulletin(sniffed: Sniffed) -> Recognised:
    where = f"chn.gacc, {sniffed.filename}"
    page = bulletin.parse(query.read(sniffed.path), where)
    if not page.rows:
        raise EmptyAnswer(f"a bulletin by country without rows: {where}")
    description = f"customs bulletin by country, {page.year}-{page.month:02d}, {page.unit}"
    return Recognised(_BULLETIN, description, page.published_on)


def _published_on(artifact: Artifact) -> date | None:
    """The day the page states, but not after it was received."""
    if not artifact.publisher_stamp:
        return None
    return min(date.fromisoformat(artifact.publisher_stamp), date.fromisoformat(artifact.received_at[:10]))


SOURCE = ChnGacc()
