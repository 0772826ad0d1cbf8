"""``jpn.estat``: tables of e-Stat, the portal of Japan's official statistics, through its API 3.0 (getStatsData, JSON).

https://www.e-stat.go.jp/api/api-info/e-stat-manual3-0. The portal has more than a hundred thousand tables on everything;
those whose cells are figures of this warehouse are in ``tables.csv`` beside this module, a row a cell of all dimensions
but area and time. Other tables are not adopted, and other cells of these tables are quarantined.

A field is an object when there is one and a list when there are more. STATUS 1 is an empty success, 100 and above are
errors, all with HTTP 200. NEXT_KEY is where the next page starts. What stands for no figure is said by the table's own
NOTE; ``signs.csv`` says what is made of its words. A sign that no note explains is quarantined. ``皆無`` is nil.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from typing import Any

from schemas.estat import StatsData
from tasks.archive.sniff import Sniffed
from tasks.archive.store import Artifact, Opened
from tasks.contract import facts
from tasks.contract.dataset import Conform, Dataset
from tasks.contract.service import Ask, Judged, Key, Request, Service
from tasks.contract.source import Recognised, Source, sql_beside
from tasks.formats import numbers
from tasks.identity import fingerprint
from tasks.sources._shared.layout import layout_errors
from warehouse.errors import CutAtLimit, ErrorInBody, LayoutChanged, NotData, RepeatedKeys, ServiceRefused, Unknown

_COLUMNS = (
    "stats_data_id", "table_title", "updated_on", "dimensions", "dimension_names", "area_code", "time_code", "freq", "period",
    "indicator", "mapped_unit", "figure", "printed_figure", "obs_status", "sign_meaning",
)  # fmt: skip
_OTHER = {
    "GET_META_INFO": "describes a table", "GET_STATS_LIST": "lists tables", "GET_DATA_CATALOG": "lists data sets",
}  # fmt: skip
_CELL = re.compile(r"@(tab|cat(0[1-9]|1[0-5])|area|time|unit|annotation)|\$")
#: Most values of one answer.
_LIMIT = 100_000
_QUARTERS = {"0103": 1, "0406": 2, "0709": 3, "1012": 4}


def _table(name: str) -> list[dict[str, str]]:
    text = (resources.files(__name__) / name).read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


_MAPPED = {(row["stats_data_id"], row["dimensions"]): row for row in _table("tables.csv")}
_TABLES = sorted({table for table, _ in _MAPPED})
_SIGNS = [(row["meaning"], row["obs_status"]) for row in _table("signs.csv")]


class JpnEstat(Source):
    """e-Stat."""

    id = "jpn.estat"
    title = "e-Stat: tables of Japan's official statistics"
    publisher = "Statistics Bureau of Japan (e-Stat), for the ministries"
    licence = "e-Stat terms of use: free to use with the source named; an application must show e-Stat's credit line"
    redistribution = "attribution"
    documentation = "https://www.e-stat.go.jp/api/api-info/e-stat-manual3-0"
    covers = (
        "Figures of Japan and its 47 prefectures from the tables listed in the source's tables.csv, such as population."
    )
    units = "As each table prints them (人, 千人); multiples are resolved exactly."
    forms = ("Answers to getStatsData, JSON, for the tables of tables.csv beside the module.",)
    tables = (StatsData,)
    traps = (
        "STATUS 1 is an empty success, and errors come with HTTP 200.",
        "A list of one is given as an object.",
        "Signs for no figure (-, ***, x, …) mean what the table's own notes say; 皆無 is nil.",
        "Fiscal years (2015100000) run from April: they are taken for calendar years only where a figure is of one day in them.",
    )
    key_help = (
        "Register at https://www.e-stat.go.jp/mypage/user/preregister and make an application id (appId); it is free."
    )
    service = Service(
        url="https://api.e-stat.go.jp/rest/3.0/app/json", interval_seconds=1, key=Key(parameter="appId", needed=True)
    )

    def recognises(self, sniffed: Sniffed) -> Recognised | None:
        """Cells of a table that has an indicator here. Raises Unknown for any other answer of e-Stat."""
        start = sniffed.text[:200]
        if sniffed.kind != "json" or not re.match(r"\s*\{\s*\"GET_(STATS|META|DATA)_", start):
            return None
        with layout_errors(sniffed.filename):
            return _recognised(sniffed)

    def dataset(self, artifact: Artifact) -> Dataset:  # noqa: ARG002
        """Cells of a table."""
        return Dataset(StatsData, (Conform(facts.INDICATOR, sql_beside(__name__, "indicator.sql")),), max_bad_share=0.5)

    def text(self, opened: Opened) -> str:
        """A row a VALUE, in the order of the answer."""
        with layout_errors(opened.artifact.filename):
            parsed = json.loads(opened.path.read_text(encoding="utf-8-sig"), parse_float=str, parse_int=str)
            return opened.table(_COLUMNS, _rows(_answer(parsed, opened.artifact.filename), opened.artifact.filename))

    def requests(self, ask: Ask) -> Iterator[Request]:  # noqa: ARG002
        """The cells of each table that are kept, all years: a table is small once its cells are chosen."""
        for table in _TABLES:
            yield _request(table, 1)

    def judge(self, request: Request, answer: Sniffed) -> Judged:
        """Count the values and ask for the next page. Raises the faults of a publisher; an empty success is none."""
        if answer.kind != "json" or answer.json is None:
            raise NotData(f"{request.filename}: JSON was expected, and {answer.kind} came")
        found = _answer(answer.json, request.filename)
        if _status(found) == "1":
            return Judged(rows=0, is_kept=False)
        _raise_error(found, request.filename)
        data = found["STATISTICAL_DATA"]
        values = _list(data["DATA_INF"].get("VALUE"))
        _check_page(data["RESULT_INF"], values, request.filename)
        following = data["RESULT_INF"].get("NEXT_KEY")
        table = data["TABLE_INF"]
        pages = (_request(table["@id"], int(following)),) if following else ()
        return Judged(rows=len(values), stamp=table["UPDATED_DATE"], following=pages)

    def code(self) -> str:
        """Hash of this module, of the number reader, and of the SQL and tables beside it."""
        tables = (repr(_table(n)) for n in ("tables.csv", "signs.csv"))
        query = fingerprint.of_sql(sql_beside(__name__, "indicator.sql"))
        return fingerprint.of(super().code(), fingerprint.of_module(numbers), query, *tables)


def _recognised(sniffed: Sniffed) -> Recognised:
    parsed = sniffed.json
    for name, told in _OTHER.items():
        if parsed and name in parsed:
            raise Unknown(f"{sniffed.filename}: an answer of e-Stat that {told} and has no figures")
    answer = _answer(parsed, sniffed.filename)
    if _status(answer) == "1":
        raise Unknown(f"{sniffed.filename}: e-Stat says that there are no data")
    _raise_error(answer, sniffed.filename)
    table = answer["STATISTICAL_DATA"]["TABLE_INF"]
    if table["@id"] not in _TABLES:
        raise Unknown(f"{sniffed.filename}: no figure of e-Stat's table {table['@id']} is kept here: {_title(table)}")
    return Recognised("stats_data", f"e-Stat table {table['@id']}: {_title(table)}", table["UPDATED_DATE"])


def _request(table: str, start: int) -> Request:
    chosen: dict[str, list[str]] = {}
    for found, dimensions in sorted(_MAPPED):
        for dimension, _, code in (pair.partition("=") for pair in dimensions.split()) if found == table else ():
            codes = chosen.setdefault(f"cd{dimension.capitalize()}", [])
            codes += [code] if code not in codes else []
    return Request(
        path="/getStatsData",
        filename=f"estat_{table}_{start}.json",
        parameters=(
            ("lang", "J"), ("statsDataId", table), *((name, ",".join(codes)) for name, codes in sorted(chosen.items())),
            ("metaGetFlg", "Y"), ("cntGetFlg", "N"), ("limit", str(_LIMIT)), ("startPosition", str(start)),
        ),
        accept="application/json",
    )  # fmt: skip


def _answer(parsed: Any, filename: str) -> dict[str, Any]:
    try:
        answer = parsed["GET_STATS_DATA"]
        answer["RESULT"]["STATUS"]
    except (KeyError, TypeError) as fault:
        raise LayoutChanged(f"{filename}: not an answer of e-Stat's getStatsData: there is no {fault}") from fault
    return dict(answer)


def _status(answer: Mapping[str, Any]) -> str:
    return str(answer["RESULT"]["STATUS"])


def _raise_error(answer: Mapping[str, Any], filename: str) -> None:
    """Raise the fault a status other than 0 tells: ServiceRefused for a key that is not taken, else ErrorInBody."""
    status, words = _status(answer), answer["RESULT"].get("ERROR_MSG")
    if status == "100":
        raise ServiceRefused(f"{filename}: e-Stat does not take the application id: {words}")
    if status != "0":
        raise ErrorInBody(f"{filename}: e-Stat says, with status {status}: {words}")


def _check_page(told: Mapping[str, str], values: list[dict[str, str]], filename: str) -> None:
    first, last, total = (int(told[k]) for k in ("FROM_NUMBER", "TO_NUMBER", "TOTAL_NUMBER"))
    if len(values) != last - first + 1:
        raise NotData(f"{filename}: values {first} to {last} are told, but {len(values)} came")
    if last < total and not told.get("NEXT_KEY"):
        raise CutAtLimit(f"{filename}: it ends at {last} of {total} values and names no next page")
    keys = {
        tuple(sorted((k, v) for k, v in value.items() if k not in ("$", "@unit", "@annotation"))) for value in values
    }
    if len(keys) != len(values):
        raise RepeatedKeys(f"{filename}: {len(values) - len(keys)} cells are stated twice")


def _list(found: Any) -> list[dict[str, Any]]:
    """What is an object when there is one, and a list when there are more."""
    return [] if found is None else found if isinstance(found, list) else [found]


def _title(table: Mapping[str, Any]) -> str:
    title = table["TITLE"]
    return f"{table['STATISTICS_NAME']}: {title['$'] if isinstance(title, dict) else title}"


def _names(data: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """Names of codes by dimension, where the answer brings them (metaGetFlg=Y)."""
    classes = _list((data.get("CLASS_INF") or {}).get("CLASS_OBJ"))
    return {(o["@id"], c["@code"]): c["@name"] for o in classes for c in _list(o.get("CLASS"))}


def _rows(answer: Mapping[str, Any], filename: str) -> Iterator[tuple[str | None, ...]]:
    data = answer["STATISTICAL_DATA"]
    table, names = data["TABLE_INF"], _names(data)
    signs = {note["@char"]: note["$"] for note in _list(data["DATA_INF"].get("NOTE"))}
    for cell in _list(data["DATA_INF"].get("VALUE")):
        if unknown := [k for k in cell if not _CELL.fullmatch(k)]:
            raise LayoutChanged(f"{filename}: a value has the unknown {', '.join(unknown)}")
        codes = [(k[1:], cell[k]) for k in ("@tab", *sorted(k for k in cell if k.startswith("@cat"))) if k in cell]
        dimensions = " ".join(f"{d}={c}" for d, c in codes)
        mapped = _MAPPED.get((table["@id"], dimensions), {})
        named = [names[code] for code in codes if code in names]
        annotation = (
            f"annotation {cell['@annotation']}: {signs.get(cell['@annotation'], 'not explained')}"
            if "@annotation" in cell
            else None
        )
        figure, status, meaning = _figure(cell["$"], signs)
        yield (
            table["@id"], _title(table), table["UPDATED_DATE"], dimensions, ", ".join(named) or None, cell.get("@area", "00000"),
            cell.get("@time"), *_period(cell.get("@time", ""), mapped.get("fiscal_years")), mapped.get("indicator"),
            mapped.get("printed_unit") if cell.get("@unit") == mapped.get("unit") else None, figure, cell["$"], status,
            "; ".join(_given((meaning, annotation))) or None,
        )  # fmt: skip


def _given(texts: Iterable[str | None]) -> list[str]:
    return [text for text in texts if text]


def _figure(printed: str, signs: Mapping[str, str]) -> tuple[str | None, str | None, str | None]:
    """The figure, its status, and what a sign means; no status for a sign that is not explained, which is refused later."""
    meaning = signs.get(printed)
    if meaning is not None:
        status = next((s for words, s in _SIGNS if words in meaning), "O")
        return ("0", "A", meaning) if status == "nil" else (None, status, meaning)
    try:
        number = numbers.read(printed, {})
    except ValueError:
        return None, None, None
    if number.multiplier != 1:
        return None, None, None
    return number.value_text, number.status, f"marks {' '.join(number.marks)}" if number.marks else None


def _period(code: str, fiscal_years: str | None) -> tuple[str | None, str | None]:
    """Frequency and period of a time code; nothing for one that is neither year, quarter nor month."""
    found = re.fullmatch(r"(\d{4})(00|10)(\d{2})(\d{2})", code)
    if not found:
        return None, None
    year, kind, first, last = found.groups()
    if first + last == "0000":
        return ("A", year) if kind == "00" or fiscal_years == "calendar" else (None, None)
    if kind == "00" and first == last and "01" <= first <= "12":
        return "M", f"{year}-{first}"
    if kind == "00" and first + last in _QUARTERS:
        return "Q", f"{year}-Q{_QUARTERS[first + last]}"
    return None, None


SOURCE = JpnEstat()
