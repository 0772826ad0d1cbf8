"""``chn.nbs``: National Data (国家数据) of China's National Bureau of Statistics, for the nation, provinces and cities.

Files are exports of the old and the new site, recorded answers of the old service (also as a client wrote them as CSV), answers of
the new, and panels that others copied (``files``). A file is one retrieval: NBS revises whole histories, so the day it was retrieved
from the site is the vintage, where the file states it.
"""

from collections.abc import Iterator
from datetime import date

from schemas.nbs import NbsFigure, NbsPanelFigure
from tasks.archive.sniff import Sniffed
from tasks.archive.store import Artifact, Opened
from tasks.contract import facts
from tasks.contract.dataset import Conform, Dataset
from tasks.contract.service import Request, Scope, Selection, ValidAnswer
from tasks.contract.source import Form, Recognised, Source, render_beside
from tasks.sources.chn_nbs import exports, files, panels, service
from warehouse.errors import Unknown

_TITLES = {
    files.EXPORT: "National Data (国家数据): a table exported from the site",
    files.OLD_ANSWER: "National Data (国家数据): an answer of the former service easyquery",
    files.NEW_ANSWER: "National Data (国家数据): an answer of the data service",
    files.CLIENT: "National Data (国家数据): answers of the former service easyquery, written as CSV by a client",
}
_ADDRESS = "https://data.stats.gov.cn/"


class ChnNbs(Source):
    """National Data of China's National Bureau of Statistics."""

    id = "chn.nbs"
    title = "National Data: nation, provinces and cities of China"
    publisher = "National Bureau of Statistics of China (NBS)"
    licence = "NBS terms of use: free to use with the source named; copies of others as their repositories say"
    redistribution = "attribution"
    documentation = "https://data.stats.gov.cn/dg/website/page.html"
    covers = (
        "Gross domestic product, population, foreign trade, fiscal figures, employment, railways, highways and expressways of the "
        "nation, the 31 provinces and 36 cities, from 1949 at the earliest, most from 1992."
    )
    units = (
        "As the header prints them: 亿元 (100 million CNY), 万人 (10,000 persons), 千美元 and 万美元 (1,000 and 10,000 USD), "
        "公里 and 万公里 (km and 10,000 km); multiplied out exactly by ref.unit."
    )
    marks = (
        "数据库",
        "地区",
        "指标",
        "时间",
        "returndata",
        "datanodes",
        "wdnodes",
        "zb",
        "reg",
        "sj",
        "indicator_code",
        "region_code",
    )
    forms = (
        Form(
            "Exports of National Data, old site and new, as CSV (UTF-8 or GB18030), xls or xlsx; recognised by the lines above and below the table, or by regions and years.",
            ("export",),
        ),
        Form(
            "Answers of the old service (easyquery) and of the new one, JSON with figures.",
            ("easyquery", "esdata"),
            made=("esdata",),
        ),
        Form(
            "Answers of the old service that a client wrote as CSV: requested_code, indicator_code, indicator_name, region_code …; the unit is looked up by code, and for others in vocabulary/indicator_codes.csv of the home folder: scheme nbs, the name as code.",
            ("easyquery.csv",),
        ),
        Form(
            "Panels that others copied from yearbooks or the site, CSV by province and year or JSON; recognised by their headers or keys.",
            ("panel.*",),
        ),
    )
    refused = (exports.REGION_UNKNOWN,)
    encodings = None
    tables = (NbsFigure, NbsPanelFigure)
    traps = (
        "NBS revises whole histories: Liaoning's gross domestic product of 2016 has been 22246.9, 20392.5 and 20832.0 亿元. "
        "The date of retrieval states which was known when.",
        "An export does not state when it was made. The year or day is taken from the file's name (..._retrieved2025.csv or "
        "..._retrieved2025-03-29.csv) or from a workbook's properties; without either, and in a year that is not over, the figures "
        "count as known from adoption.",
        "Exports of the new site lack the line with indicator and unit. The indicator is then identified only if the sums over "
        "the 31 provinces are near the nation's total in two years or more; otherwise the file is refused.",
        "The new site lists indicators of one province without naming it: such a file is refused.",
        "The sample survey's counts are samples, not population; 2005 and 2015 are ten times as large (status D).",
        "Not published is an empty cell, and in the old service the number 0.0 with hasdata false: no figure, never zero.",
        "Foreign trade is given by the location of the firm (经营单位所在地) and by the origin or destination of the goods "
        "(境内目的地和货源地): two figures that differ in `basis`.",
        "They differ by up to 31 percent (Liaoning) and in which is larger (Heilongjiang, Shanghai): never mix or add them.",
        "Lengths in 10,000 km have two decimals: a small province moves in steps of 100 km. Highways of 2005 are without village roads "
        "in the provinces and with them in the nation. No figure for Tibet's expressways is not zero; the first opened in 2020.",
        "Registered investment of foreign-funded enterprises (外商投资企业投资总额) is a stock of commitments, not an inflow.",
        "The old service easyquery answers 403 since spring 2026: only recorded answers are read.",
        "In the new service an indicator is sliced by period: each slice has its own ids, which every pull looks up again.",
    )
    service = service.SERVICE

    def recognises(self, sniffed: Sniffed) -> Recognised | None:
        """An export, an answer or a panel. Raises LayoutChanged, EmptyAnswer, ErrorInBody for one that is of no use."""
        return files.recognised(sniffed)

    def dataset(self, artifact: Artifact) -> Dataset:
        """The table of the artifact's layout. Raises Unknown."""
        layout = artifact.layout or ""
        if layout in _TITLES:
            day, precision, note = _published(artifact)
            return _dataset(
                NbsFigure, language="zh", has_codes=True, title=_TITLES[layout], address=_ADDRESS, published_on=day,
                published_precision=precision, note=note, seen_via=None,
            )  # fmt: skip
        panel = panels.PANELS.get(layout.removeprefix(files.PANEL)) if layout.startswith(files.PANEL) else None
        if panel:
            repository = "/".join(panel.address.split("/")[3:5])
            return _dataset(
                NbsPanelFigure, language=panel.language, has_codes=False, title=panel.title, address=panel.address,
                published_on=None, published_precision="unknown", seen_via=f"GitHub {repository}",
            )  # fmt: skip
        raise Unknown(f"no layout {layout!r}: {self.id}, {artifact.filename}")

    def text(self, opened: Opened) -> str:
        """One record for each published figure, in the order of the file. Raises LayoutChanged."""
        layout, where = opened.artifact.layout or "", f"{self.id}, {opened.artifact.filename}"
        return opened.table(files.columns(layout), files.records(opened.path, layout, where))

    def requests(self, selection: Selection) -> Iterator[Request]:
        """The roots of the trees of provinces and of the nation; all else follows from the answers."""
        return service.requests(selection)

    def scope(self, request: Request) -> Scope:
        """The years and regions of a request for figures; see service.scope."""
        return service.scope(request)

    def judge(self, request: Request, answer: Sniffed) -> ValidAnswer:
        """Whether an answer of the new service is what was asked for, and what it leads to; see service.judge."""
        return service.judge(request, answer)

    def split(self, request: Request) -> tuple[Request, ...]:
        """Half the indicators each."""
        return service.split(request)


def _dataset(staged: type[NbsFigure | NbsPanelFigure], **values: object) -> Dataset:
    """The table's rows as figures of three kinds, by what the name of each row's indicator means."""
    conforms = []
    for fact in (facts.INDICATOR, facts.TRADE, facts.FDI):
        located = render_beside(__name__, "figures.sql", fact=fact.name, **values)
        conforms.append(Conform(fact, render_beside(__name__, f"{fact.name}.sql", located=located)))
    return Dataset(staged, tuple(conforms))


def _published(artifact: Artifact) -> tuple[date | None, str, str | None]:
    """The day of a retrieval, its precision, and a note.

    Where only its year is known, that is its last day; a year that was not over when the file was received has no day yet.
    """
    stamp = artifact.publisher_stamp
    if not stamp:
        return None, "unknown", None
    received_on = date.fromisoformat(artifact.received_at[:10])
    if len(stamp) > len("2016"):
        return min(date.fromisoformat(stamp), received_on), "day", None
    year = int(stamp)
    if year >= received_on.year:
        return None, "year", f"retrieved from the site in {year}"
    return date(year, 12, 31), "year", None


SOURCE = ChnNbs()
