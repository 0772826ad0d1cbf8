"""``jpn.boj``: the Bank of Japan: time series through its API, and workbooks of direct investment by country.

The API is https://www.stat-search.boj.or.jp/api/v1 (``answers``). Which series are kept, and as what, is in ``series.csv``;
a user names others in the vocabulary of the home folder, under the scheme ``boj``. All others are quarantined by name. The edition of a series is dated by its
LAST_UPDATE. The workbooks are read by ``investment``.
"""

from collections.abc import Iterator

from schemas.boj import SeriesValue
from schemas.japan_fdi import DirectInvestment
from tasks.archive import json_text
from tasks.archive.sniff import Sniffed
from tasks.archive.store import Artifact, Opened
from tasks.contract import facts
from tasks.contract.dataset import Conform, Dataset
from tasks.contract.service import Request, Scope, Selection, Service, ValidAnswer
from tasks.contract.source import Form, Recognised, Source, sql_beside
from tasks.formats.layout import layout_errors
from tasks.sources._shared import japan_workbooks
from tasks.sources.jpn_boj import answers, investment, service
from warehouse.errors import Unknown

_WORKBOOK = "direct_investment"


class JpnBoj(Source):
    """The Bank of Japan."""

    id = "jpn.boj"
    title = "Bank of Japan: time series, and direct investment by country"
    publisher = "Bank of Japan"
    licence = "Bank of Japan terms: free to use with the source named; ask before commercial reproduction"
    redistribution = "attribution"
    documentation = "https://www.stat-search.boj.or.jp/info/api_manual_en.pdf"
    covers = "Yen rates by month, the current account, business conditions; direct investment by country and industry from 2014."
    units = "As each series prints them; direct investment and balance of payments in 100 million yen."
    marks = ("SERIES_CODE", "NAME_OF_TIME_SERIES", "SURVEY_DATES", "RESULTSET", "NEXTPOSITION")
    forms = (
        Form(
            "Answers of the API (JSON). Series that the project does not keep are quarantined by name, unless vocabulary/indicator_codes.csv of the home folder says what they are: scheme boj, code FM08'FXERM07.",
            ("series",),
        ),
        Form(
            "Workbooks of direct investment by country and industry, such as dif24cy.xlsx and dip2024.xlsx; recognised by sheet names, unit and title.",
            ("direct_investment",),
            made=("direct_investment",),
        ),
    )
    tables = (SeriesValue, DirectInvestment)
    traps = (
        "202404 is the fourth quarter of a quarterly series, not April.",
        "An answer without data has STATUS 200, dates, and null for every value.",
        "NEXTPOSITION counts positions, not the series returned.",
        "Keys end in _J when the answer is in Japanese.",
        "100 million yen is not a million: direct investment of 1 is 100,000,000 yen.",
    )
    service = Service(url="https://www.stat-search.boj.or.jp/api/v1", interval_seconds=1.5)

    def recognises(self, sniffed: Sniffed) -> Recognised | None:
        """An answer of the API with series, or a workbook. Raises Unknown for other answers of the API."""
        if sniffed.kind in ("xls", "xlsx"):
            contents = investment.describe(sniffed.sheets, sniffed.filename)
            return (
                Recognised(_WORKBOOK, f"Bank of Japan, direct investment by country: {contents}") if contents else None
            )
        if sniffed.kind != "json" or '"MESSAGEID"' not in sniffed.text[:2000]:
            return None
        with layout_errors(sniffed.filename):
            answer = answers.checked(sniffed.json, sniffed.filename)
            described = answers.describe(answer, sniffed.filename)
            return Recognised("series", f"Bank of Japan, {described}", answers.last_update(answer))

    def dataset(self, artifact: Artifact) -> Dataset:
        """Values of series, or cells of a workbook. Raises Unknown."""
        if artifact.layout == "series":
            return Dataset(
                SeriesValue, (Conform(facts.INDICATOR, sql_beside(__name__, "indicator.sql")),), max_bad_share=0.5
            )
        if artifact.layout == _WORKBOOK:
            query = japan_workbooks.query(
                dataset="'jpn.boj.direct_investment.' || a.accounting", publisher="Bank of Japan and Ministry of Finance",
                title="Direct investment by region and industry",
                address="https://www.boj.or.jp/en/statistics/br/bop_06/bpdata/index.htm",
            )  # fmt: skip
            return Dataset(DirectInvestment, (Conform(facts.FDI, query),))
        raise Unknown(f"{self.id} has no layout {artifact.layout!r}: {artifact.filename}")

    def text(self, opened: Opened) -> str:
        """One row per value that is not null, or per cell that is not blank."""
        filename = opened.artifact.filename
        with layout_errors(filename):
            if opened.artifact.layout == _WORKBOOK:
                return opened.table(japan_workbooks.COLUMNS, investment.rows(opened.path, filename))
            parsed = json_text.parse(opened.path.read_text(encoding="utf-8-sig"), opened.path.name)
            return opened.table(answers.COLUMNS, answers.rows(answers.checked(parsed, filename), filename))

    def requests(self, selection: Selection) -> Iterator[Request]:
        """The kept series of each database and frequency, for the years asked for."""
        return service.requests(selection)

    def scope(self, request: Request) -> Scope:
        """The years of a request; see service.scope."""
        return service.scope(request)

    def judge(self, request: Request, answer: Sniffed) -> ValidAnswer:
        """Count the values and ask for the next page; see service.judge."""
        return service.judge(request, answer)


SOURCE = JpnBoj()
