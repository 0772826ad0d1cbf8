"""``jpn.boj``: the Bank of Japan: time series through its API, and workbooks of direct investment by country.

The API (https://www.stat-search.boj.or.jp/api/v1, JSON) answers with series of dates and values; a null is no value. The
date 202404 is April of a monthly series and the *fourth quarter* of a quarterly one. NEXTPOSITION is where the next page
starts, counted in positions and not in the series returned. Errors have a STATUS of their own and a MESSAGEID
(``messages.csv``). Which series are kept, and as what, is in ``series.csv`` beside this module: answers with none of them
are not adopted, other series beside them are quarantined. A series is as of its own LAST_UPDATE.

The workbooks (``dif24cy.xlsx``: flows, ``dip2024.xlsx``: positions; 100 million yen) have a sheet for outward and one for
inward investment, countries in rows and industries in columns; their year and whether they are flows or positions stands
in the title (tasks.sources._shared.japan_workbooks).
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any

from schemas.boj import SeriesValue
from schemas.japan_fdi import DirectInvestment
from tasks.archive.sniff import Sniffed
from tasks.archive.store import Artifact, Opened
from tasks.contract import facts
from tasks.contract.dataset import Conform, Dataset
from tasks.contract.service import Ask, Judged, Request, Service
from tasks.contract.source import Recognised, Source, sql_beside
from tasks.identity import fingerprint
from tasks.sources._shared import japan_workbooks as workbooks
from tasks.sources._shared.japan_workbooks import Sheet
from tasks.sources._shared.layout import layout_errors
from warehouse.errors import CutAtLimit, ErrorInBody, LayoutChanged, NotData, RepeatedKeys, Unknown, Unreachable

_COLUMNS = (
    "database", "series_code", "series_name", "survey_frequency", "survey_date", "series_unit", "updated_on", "freq", "period",
    "place", "indicator", "mapped_unit", "figure",
)  # fmt: skip
#: Most values of one answer.
_LIMIT = 60_000
_WORKBOOK = "direct_investment"
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")


def _table(name: str) -> list[dict[str, str]]:
    text = (resources.files(__name__) / name).read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


_SERIES = {(row["database"], row["series_code"]): row for row in _table("series.csv")}
_MESSAGES = {row["code"]: row["meaning"] for row in _table("messages.csv")}


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
    forms = (
        "Answers of the API, JSON, with at least one series of series.csv beside the module.",
        "Workbooks of direct investment by country and industry, such as dif24cy.xlsx and dip2024.xlsx: by sheet names, unit and title.",
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
        """An answer of the API with a series that is kept, or a workbook. Raises Unknown for other answers of the API."""
        if sniffed.kind in ("xls", "xlsx"):
            found = workbooks.sheets(self.id, sniffed.sheets, sniffed.filename)
            if not found or any(sheet.unit != "JPY 100 million" for sheet in found):
                return None
            told = " and ".join(
                sorted({f"{_accounting(s, sniffed.filename)}s {_year(s, sniffed.filename)}" for s in found})
            )
            return Recognised(_WORKBOOK, f"Bank of Japan, direct investment by country: {told}")
        if sniffed.kind != "json" or '"MESSAGEID"' not in sniffed.text[:2000]:
            return None
        with layout_errors(sniffed.filename):
            return _recognised(sniffed)

    def dataset(self, artifact: Artifact) -> Dataset:
        """Values of series, or cells of a workbook. Raises Unknown."""
        if artifact.layout == "series":
            return Dataset(
                SeriesValue, (Conform(facts.INDICATOR, sql_beside(__name__, "indicator.sql")),), max_bad_share=0.5
            )
        if artifact.layout == _WORKBOOK:
            query = workbooks.query().format(
                dataset="'jpn.boj.direct_investment.' || a.accounting", publisher="Bank of Japan and Ministry of Finance",
                title="Direct investment by region and industry",
                address="https://www.boj.or.jp/en/statistics/br/bop_06/bpdata/index.htm",
            )  # fmt: skip
            return Dataset(DirectInvestment, (Conform(facts.FDI, query),))
        raise Unknown(f"{artifact.filename}: {artifact.layout!r} is no form of {self.id}")

    def text(self, opened: Opened) -> str:
        """A row a value that is not null, or a row a cell that is not blank."""
        filename = opened.artifact.filename
        with layout_errors(filename):
            if opened.artifact.layout == _WORKBOOK:
                found = workbooks.sheets(self.id, workbooks.read(opened.path), filename)
                rows = (r for s in found for r in workbooks.cells(s, _accounting(s, filename), _year(s, filename)))
                return opened.table(workbooks.COLUMNS, rows)
            parsed = json.loads(opened.path.read_text(encoding="utf-8-sig"), parse_float=str, parse_int=str)
            return opened.table(_COLUMNS, _rows(_answer(parsed, filename), filename))

    def requests(self, ask: Ask) -> Iterator[Request]:
        """The kept series of each database and frequency, for the years asked for."""
        for database, freq in sorted({(row["database"], row["freq"]) for row in _SERIES.values()}):
            codes = [c for (d, c), row in sorted(_SERIES.items()) if (d, row["freq"]) == (database, freq)]
            last = {"M": "12", "Q": "04", "A": ""}[freq]
            yield _request(database, freq, codes, (f"{ask.first}{'01' if last else ''}", f"{ask.last}{last}"), 1)

    def judge(self, request: Request, answer: Sniffed) -> Judged:
        """Count the values and ask for the next page; an answer that says it has no data is none, and no error.

        Raises NotData, LayoutChanged, ErrorInBody, Unreachable, CutAtLimit, RepeatedKeys.
        """
        if answer.kind != "json" or answer.json is None:
            raise NotData(f"{request.filename}: JSON was expected, and {answer.kind} came")
        found = _answer(answer.json, request.filename)
        _raise_error(found, request.filename)
        if found["MESSAGEID"] == "M181030I":
            return Judged(rows=0, is_kept=False)
        series = found["RESULTSET"]
        codes = [s["SERIES_CODE"] for s in series]
        if len(set(codes)) < len(codes):
            raise RepeatedKeys(f"{request.filename}: a series comes twice")
        rows = sum(1 for s in series for _ in _values(s, request.filename))
        position = found.get("NEXTPOSITION")
        if rows >= _LIMIT and not position:
            raise CutAtLimit(f"{request.filename}: {rows} values, as many as one answer may have, and no next page")
        return Judged(rows=rows, stamp=_stamp(found), following=_following(request, position))

    def code(self) -> str:
        """Hash of this module, of how workbooks are read, and of the SQL and tables beside it."""
        tables = (repr(_table(n)) for n in ("series.csv", "messages.csv"))
        query = fingerprint.of_sql(sql_beside(__name__, "indicator.sql"))
        return fingerprint.of(super().code(), fingerprint.of_module(workbooks), workbooks.code(), query, *tables)


def _recognised(sniffed: Sniffed) -> Recognised:
    answer = _answer(sniffed.json, sniffed.filename)
    if str(answer["STATUS"]) != "200" or answer["MESSAGEID"] == "M181030I":
        raise Unknown(f"{sniffed.filename}: the Bank of Japan says {answer['MESSAGEID']}: {answer.get('MESSAGE')}")
    if "PARAMETER" not in answer:
        raise Unknown(f"{sniffed.filename}: an answer of the Bank of Japan that describes series and has no figures")
    database = _database(answer)
    series = answer["RESULTSET"]
    kept = [s for s in series if (database, s["SERIES_CODE"]) in _SERIES]
    if not kept:
        raise Unknown(
            f"{sniffed.filename}: none of the {len(series)} series of the Bank of Japan's database {database} is kept here"
        )
    return Recognised("series", f"Bank of Japan, {len(kept)} series of database {database}", _stamp(answer))


def _request(database: str, freq: str, codes: list[str], between: tuple[str, str], start: int) -> Request:
    return Request(
        path="/getDataCode",
        filename=f"boj_{database}_{freq}_{between[0]}_{between[1]}_{start}.json",
        parameters=(
            ("format", "json"), ("lang", "en"), ("db", database), ("code", ",".join(codes)),
            ("startDate", between[0]), ("endDate", between[1]), ("startPosition", str(start)),
        ),
        accept="application/json",
    )  # fmt: skip


def _following(request: Request, position: str | None) -> tuple[Request, ...]:
    """The next page. Raises CutAtLimit if the answer would have us ask for the same page again."""
    if not position:
        return ()
    asked = dict(request.parameters)
    if int(position) <= int(asked.get("startPosition", "1")):
        raise CutAtLimit(f"{request.filename}: the next page starts at {position}, where this one did or before")
    parameters = tuple((asked | {"startPosition": position}).items())
    filename = re.sub(r"(_\d+)?\.json$", f"_{position}.json", request.filename)
    return (Request(request.path, filename, parameters, accept=request.accept),)


def _answer(parsed: Any, filename: str) -> dict[str, Any]:
    if not isinstance(parsed, dict) or not {"STATUS", "MESSAGEID"} <= parsed.keys():
        raise LayoutChanged(f"{filename}: not an answer of the Bank of Japan's API: it has no STATUS and MESSAGEID")
    return parsed


def _raise_error(answer: Mapping[str, Any], filename: str) -> None:
    status, message = str(answer["STATUS"]), answer["MESSAGEID"]
    meaning = _MESSAGES.get(message, answer.get("MESSAGE"))
    if status.startswith("5"):
        raise Unreachable(f"{filename}: the Bank of Japan says {message}: {meaning}")
    if status != "200" or message not in ("M181000I", "M181030I"):
        raise ErrorInBody(f"{filename}: the Bank of Japan says, with status {status}, {message}: {meaning}")
    if "RESULTSET" not in answer:
        raise LayoutChanged(f"{filename}: the answer of the Bank of Japan has no RESULTSET")


def _database(answer: Mapping[str, Any]) -> str:
    return str(answer["PARAMETER"].get("DB", "")).upper()


def _stamp(answer: Mapping[str, Any]) -> str | None:
    """The latest day any series was updated on."""
    return _day(max((str(s.get("LAST_UPDATE") or "") for s in answer["RESULTSET"]), default=""))


def _day(printed: str) -> str | None:
    return f"{printed[:4]}-{printed[4:6]}-{printed[6:]}" if re.fullmatch(r"\d{8}", printed) else None


def _values(series: Mapping[str, Any], filename: str) -> Iterator[tuple[str, str]]:
    """Dates and values that are not null. Raises LayoutChanged if there are not as many dates as values."""
    dates, values = series["VALUES"]["SURVEY_DATES"], series["VALUES"]["VALUES"]
    if len(dates) != len(values):
        raise LayoutChanged(f"{filename}: {series['SERIES_CODE']} has {len(dates)} dates and {len(values)} values")
    return ((str(d), str(v)) for d, v in zip(dates, values, strict=True) if v is not None)


def _rows(answer: Mapping[str, Any], filename: str) -> Iterator[tuple[str | None, ...]]:
    database = _database(answer)
    for series in answer["RESULTSET"]:
        kept = _SERIES.get((database, series["SERIES_CODE"]), {})
        unit = series.get("UNIT", series.get("UNIT_J"))
        name = series.get("NAME_OF_TIME_SERIES") or series.get("NAME_OF_TIME_SERIES_J")
        for date, value in _values(series, filename):
            yield (
                database, series["SERIES_CODE"], name, series["FREQUENCY"], date, unit, _day(str(series["LAST_UPDATE"])),
                *_period(series["FREQUENCY"], date), kept.get("place"), kept.get("indicator"),
                kept.get("printed_unit") if unit in (kept.get("unit"), kept.get("unit_j")) else None, value,
            )  # fmt: skip


def _period(frequency: str, date: str) -> tuple[str | None, str | None]:
    """Frequency and period; nothing for days, weeks, half years, fiscal years, or a date that does not fit."""
    if frequency == "MONTHLY" and re.fullmatch(r"\d{4}(0[1-9]|1[0-2])", date):
        return "M", f"{date[:4]}-{date[4:]}"
    if frequency == "QUARTERLY" and re.fullmatch(r"\d{4}0[1-4]", date):
        return "Q", f"{date[:4]}-Q{date[5]}"
    if frequency == "ANNUAL" and re.fullmatch(r"\d{4}", date):
        return "A", date
    return None, None


def _title(sheet: Sheet) -> str:
    return " ".join(cell for row in sheet.rows[: sheet.header + 1] for cell in row if cell)


def _accounting(sheet: Sheet, filename: str) -> str:
    """Whether a sheet's title speaks of positions or of flows. Raises LayoutChanged if of neither."""
    title = _title(sheet).lower()
    if re.search(r"position|outstanding|stock|end of|残高", title):
        return "position"
    if re.search(r"flow|transaction|calendar year|cy|フロー|暦年", title):
        return "flow"
    raise LayoutChanged(f"{filename}, {sheet.name}: the title says neither flows nor positions: {_title(sheet)}")


def _year(sheet: Sheet, filename: str) -> int:
    """The one year a sheet's title names. Raises LayoutChanged for none or several."""
    years = set(_YEAR.findall(_title(sheet)))
    if len(years) != 1:
        raise LayoutChanged(f"{filename}, {sheet.name}: the title names no year, or several: {_title(sheet)}")
    return int(years.pop())


SOURCE = JpnBoj()
