"""``chn.nbs``: National Data (国家数据) of China's National Bureau of Statistics, for the nation, provinces and cities.

Read are exports of the old and the new site, recorded answers of the old service, answers of the new, and two panels that
others copied from yearbooks. A file is one retrieval: NBS revises whole histories, so the day it was taken from the site is
the vintage, where the file says it.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from schemas.nbs import NbsFigure, NbsPanelFigure
from tasks.archive.sniff import Sniffed, sniff
from tasks.archive.store import Artifact, Opened
from tasks.contract import facts
from tasks.contract.dataset import Conform, Dataset
from tasks.contract.facts import Fact
from tasks.contract.service import Request, Selection, ValidAnswer
from tasks.contract.source import Recognised, Source, sql_beside
from tasks.formats import numbers
from tasks.sources.chn_nbs import answers, catalogue, exports, figures, panels, service
from tasks.sources.chn_nbs.figures import Figure
from warehouse import sql
from warehouse.errors import EmptyAnswer, LayoutChanged, Unknown

_TITLES = {
    "export": "National Data (国家数据): a table exported from the site",
    "easyquery": "National Data (国家数据): an answer of the former service easyquery",
    "esdata": "National Data (国家数据): an answer of the data service",
}
_ADDRESS = "https://data.stats.gov.cn/"
_PANEL = "panel."


@dataclass(frozen=True)
class _Cited:
    """What stands in the citation of all rows of an artifact."""

    title: str
    address: str
    stamp: str | None
    seen_via: str | None = None

    def columns(self, received_on: date) -> str:
        """The columns of the citation as SQL."""
        day, precision = _published(self.stamp, received_on)
        values = ("National Bureau of Statistics of China (NBS)", self.title, self.address)
        publisher, title, address = (sql.quoted(v) for v in values)
        seen_via = sql.quoted(self.seen_via) if self.seen_via else "CAST(NULL AS VARCHAR)"
        return (
            f"{publisher} AS publisher, {title} AS title, {address} AS address, "
            f"{f'DATE {sql.quoted(str(day))}' if day else 'CAST(NULL AS DATE)'} AS published_on, "
            f"'{precision}' AS published_precision, {seen_via} AS seen_via, CAST(NULL AS VARCHAR) AS note"
        )


def _published(stamp: str | None, received_on: date) -> tuple[date | None, str]:
    """The day of a retrieval: the last of its year where only that is known, but not after the file was received."""
    if not stamp:
        return None, "unknown"
    if len(stamp) == 4:
        year = int(stamp)
        return min(date(year, 12, calendar.monthrange(year, 12)[1]), received_on), "year"
    return min(date.fromisoformat(stamp), received_on), "day"


class ChnNbs(Source):
    """National Data."""

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
        "公里 and 万公里 (km and 10,000 km); resolved exactly by ref.unit."
    )
    forms = (
        "Exports of National Data, old site and new, as CSV (UTF-8 or GB18030), xls or xlsx: by the lines above and below the table, or by regions and years.",
        "Answers of the old service (easyquery) and of the new one, JSON with figures.",
        "Panels of provinces and cities that others copied from yearbooks: by their headers, listed in panels.csv beside the module.",
    )
    tables = (NbsFigure, NbsPanelFigure)
    traps = (
        "NBS revises whole histories: Liaoning's gross domestic product of 2016 has been 22246.9, 20392.5 and 20832.0 亿元. "
        "Which was known when is told by the date of retrieval.",
        "An export does not say when it was made. The year or day is taken from the file's name (..._retrieved2025.csv or "
        "..._retrieved2025-03-29.csv) or from a workbook's properties; without either the figures count as known from adoption.",
        "Exports of the new site have lost the line with indicator and unit. The indicator is then known only if the sums over "
        "the 31 provinces are near the nation's total in two years or more (totals.csv); otherwise the file is refused.",
        "The new site lists indicators of one province without naming it: such a file is refused.",
        "The sample survey's counts are samples, not population; 2005 and 2015 are ten times as large (status D).",
        "Not published is an empty cell, and in the old service the number 0.0 with hasdata false: no figure, never zero.",
        "Foreign trade is given by the location of the firm (经营单位所在地) and by the origin or destination of the goods "
        "(境内目的地和货源地): two figures, told apart by basis.",
        "Registered investment of foreign-funded enterprises (外商投资企业投资总额) is a stock of commitments, not an inflow.",
        "The old service easyquery answers 403 since spring 2026; only recorded answers of it are read.",
        "In the new service an indicator is sliced by period: each slice has its own ids, which are found anew in every pull.",
    )
    service = service.SERVICE

    def recognises(self, sniffed: Sniffed) -> Recognised | None:
        """An export, an answer or a panel. Raises LayoutChanged, EmptyAnswer, ErrorInBody for one that is of no use."""
        if sniffed.kind == "json":
            return _recognise_json(sniffed)
        if sniffed.kind in ("xls", "xlsx"):
            return _recognise_export(sniffed) if _looks_like(_first_rows(sniffed)) else None
        if sniffed.kind != "text":
            return None
        if panel := panels.of_header(panels.header(sniffed.text), sniffed.filename):
            return Recognised(f"{_PANEL}{panel}", panels.PANELS[panel].title)
        return _recognise_export(sniffed) if _looks_like(sniffed.lines[:8]) else None

    def dataset(self, artifact: Artifact) -> Dataset:
        """The table of the artifact's layout. Raises Unknown."""
        layout = artifact.layout or ""
        received_on = date.fromisoformat(artifact.received_at[:10])
        if layout in _TITLES:
            cited = _Cited(_TITLES[layout], _ADDRESS, artifact.publisher_stamp)
            return _dataset(NbsFigure, "zh", "region_code", cited.columns(received_on))
        if layout.startswith(_PANEL) and (panel := panels.PANELS.get(layout.removeprefix(_PANEL))):
            repository = "/".join(panel.address.split("/")[3:5])
            cited = _Cited(panel.title, panel.address, None, f"GitHub {repository}")
            return _dataset(NbsPanelFigure, panel.language, "CAST(NULL AS VARCHAR)", cited.columns(received_on))
        raise Unknown(f"{artifact.filename}: no layout {layout!r} of National Data")

    def text(self, opened: Opened) -> str:
        """One record a published figure, in the order of the file."""
        layout, where = opened.artifact.layout or "", opened.artifact.filename
        if layout.startswith(_PANEL):
            return opened.table(panels.COLUMNS, panels.rows(opened.path, layout.removeprefix(_PANEL)))
        found = list(_figures(layout, opened.path, where))
        rows = [f.row(catalogue.require(f.name, where)) for f in found]
        return opened.table(figures.COLUMNS, rows)

    def requests(self, selection: Selection) -> Iterator[Request]:
        """The roots of the trees of provinces and of the nation; all else follows from the answers."""
        return service.requests(selection)

    def judge(self, request: Request, answer: Sniffed) -> ValidAnswer:
        """Whether an answer of the new service is what was asked for, and what it leads to."""
        return service.judge(request, answer)

    def split(self, request: Request) -> tuple[Request, ...]:
        """Half the indicators each."""
        return service.split(request)


def _dataset(staged: type[NbsFigure | NbsPanelFigure], language: str, region_code: str, cited: str) -> Dataset:
    def conform(fact: Fact) -> Conform:
        head = sql_beside(__name__, "figures.sql").format(fact=fact.name, language=language, region_code=region_code)
        return Conform(fact, head + sql_beside(__name__, f"{fact.name}.sql").format(cited=cited))

    return Dataset(staged, tuple(conform(f) for f in (facts.INDICATOR, facts.TRADE, facts.FDI)))


def _figures(layout: str, path: Path, where: str) -> Iterator[Figure]:
    """All figures of an export or answer, numbers without separators. Raises LayoutChanged."""
    if layout == "easyquery":
        found = answers.old_figures(sniff(path).json, where)
    elif layout == "esdata":
        found = answers.new_figures(sniff(path).json, where)
    else:
        export = exports.parse(exports.read(path, sniff(path).kind), where)
        if export is None:
            raise LayoutChanged(f"{where}: no export of National Data")
        found = exports.figures_of(export, where)
    return (replace(f, value=_plain(f.value)) for f in found)


def _plain(printed: str) -> str:
    """A number without thousands separators and in plain digits; what is no number stays, and will be quarantined."""
    try:
        read = numbers.read(printed)
    except ValueError:
        return printed
    return read.value_text if read.value_text is not None and read.multiplier == 1 and not read.marks else printed


def _recognise_json(sniffed: Sniffed) -> Recognised | None:
    if not any(mark in sniffed.text[:4096] for mark in ('"returncode"', '"wdcode"', '"values"')):
        return None
    body, where = sniffed.json, sniffed.filename
    if answers.is_old_tree(body):
        raise EmptyAnswer(f"{where}: a list of indicators of the old service, without figures")
    if answers.is_old(body):
        found, layout = list(answers.old_figures(body, where)), "easyquery"
    elif answers.is_new(body) and any("i_showname" in v for b in body["data"] for v in b["values"]):
        found, layout = list(answers.new_figures(body, where)), "esdata"
    else:
        return None
    answers.check(found, where)
    return Recognised(layout, f"answer of National Data with {len(found)} figures")


def _first_rows(sniffed: Sniffed) -> list[str]:
    return [str(row[0]) for rows in sniffed.sheets.values() for row in rows[:8] if row]


def _looks_like(lines: list[str]) -> bool:
    return any(line.lstrip("\ufeff").startswith(("数据库", "地区", "指标", "时间")) for line in lines)


def _recognise_export(sniffed: Sniffed) -> Recognised | None:
    if sniffed.size > exports.MOST_BYTES:
        return None
    where = sniffed.filename
    export = exports.parse(exports.read(sniffed.path, sniffed.kind), where)
    if export is None:
        return None
    found = list(exports.figures_of(export, where))
    if not found:
        raise EmptyAnswer(f"{where}: an export of National Data without a single published figure")
    names = list(dict.fromkeys(f.name for f in found))
    told = f"export of National Data: {export.database}, {', '.join(names[:3])}{' …' if len(names) > 3 else ''}, {len(found)} figures"
    return Recognised("export", told, exports.stamp(where, sniffed.path, sniffed.kind))


SOURCE = ChnNbs()
