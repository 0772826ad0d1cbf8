"""Answers of the World Bank's Indicators API v2, and of its archived database (source 57).

https://datahelpdesk.worldbank.org/knowledgebase/articles/889392. An answer is ``[header, rows]``. Errors come with status
200 as ``[{"message": […]}]``; numbers of the header may be text; ``value`` is null for missing. Rows of income groups have
no three-letter code. Numbers are kept as they are printed (``parse_float=str``). Errors name no file: the caller adds it
(tasks.formats.layout.errors_naming).
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tasks.sources.worldbank_wdi.tables import OTHER_DATABASES, Row
from warehouse.errors import EmptyAnswer, ErrorInBody, LayoutChanged, NotData, Unknown

#: Ids of the World Development Indicators and of their archived editions.
WDI, ARCHIVES = "2", "57"

_KEYS = {"indicator", "country", "countryiso3code", "date", "value", "unit", "obs_status", "decimal"}
_MORE_KEYS = {"footnote", "scale"}


@dataclass(frozen=True)
class Answer:
    """One answer. ``page`` counts from 1; ``updated`` is the publisher's stamp, None where no header was kept."""

    rows: list[dict[str, Any]]
    page: int = 1
    pages: int = 1
    per_page: int = 0
    updated: str | None = None


def is_error(body: Any) -> bool:
    """Whether a body is the service's form of an error."""
    return isinstance(body, list) and len(body) == 1 and isinstance(body[0], dict) and "message" in body[0]


def responses(body: Any) -> list[Any]:
    """The answers that somebody kept together in one file, each as the ``response`` to a request; empty for another body."""
    kept = body.get("requests") if isinstance(body, dict) else None
    return (
        [one["response"] for one in kept if isinstance(one, dict) and "response" in one]
        if isinstance(kept, list)
        else []
    )


def read(body: Any) -> Answer:
    """An answer of the Indicators API. Raises ErrorInBody, EmptyAnswer, NotData, LayoutChanged, Unknown."""
    _check_error(body)
    if not isinstance(body, list) or len(body) != 2 or not isinstance(body[0], dict):
        raise NotData("not an answer of the World Bank's service, which is a header and rows")
    header, rows = body
    page, pages, per_page, total = (_count(header, name) for name in ("page", "pages", "per_page", "total"))
    if pages == 0 or total == 0 or not rows:
        raise EmptyAnswer(f"the World Bank's answer has {total} rows on {pages} pages")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise LayoutChanged("the World Bank's answer has no list of rows")
    if not is_figures(rows):
        raise Unknown("a list of the World Bank's, of countries or sources or the like, which has no figures")
    if header.get("sourceid") not in (WDI, None, ""):
        raise OTHER_DATABASES.fault(f"this is of the database {header['sourceid']}")
    _check_size(len(rows), page, per_page, total)
    _check_rows(rows)
    return Answer(rows, page, pages, per_page, _stamp(header))


def read_archives(body: Any) -> Answer:
    """An answer of the archived database. Raises as ``read`` does."""
    _check_error(body)
    source = body.get("source") if isinstance(body, dict) else None
    source = source[0] if isinstance(source, list) and source else source
    if not isinstance(body, dict) or not isinstance(source, dict):
        raise NotData("not an answer of the World Bank's archives, which is a header and a source")
    if str(source.get("id")) != ARCHIVES:
        raise OTHER_DATABASES.fault(f"this is of the database {source.get('id')}")
    page, pages, per_page, total = (_count(body, name) for name in ("page", "pages", "per_page", "total"))
    rows = source.get("data")
    if pages == 0 or total == 0 or not rows:
        raise EmptyAnswer(f"the World Bank's answer has {total} rows on {pages} pages")
    _check_size(len(rows), page, per_page, total)
    return Answer([_archived(row) for row in rows], page, pages, per_page, body.get("lastupdated") or None)


def versions(body: Any) -> list[str]:
    """The versions an index of the archived database lists, oldest first. Raises ErrorInBody, EmptyAnswer."""
    _check_error(body)
    listed = sorted(set(_versions(body)))
    if not listed:
        raise EmptyAnswer("the World Bank's list of archived versions has none")
    return listed


def is_figures(rows: Any) -> bool:
    """Whether rows are figures of the Indicators API, by the first."""
    return (
        isinstance(rows, list) and bool(rows) and isinstance(rows[0], dict)
        and rows[0].keys() >= {"indicator", "country", "countryiso3code", "date", "value"}
    )  # fmt: skip


def figures(answer: Answer) -> Iterator[Row]:
    """The figures of an answer, one per row, in the columns of tables.COLUMNS; a null gives none."""
    for row in answer.rows:
        if row["value"] is not None:
            country, series = row["country"], row["indicator"]
            yield (
                row["countryiso3code"] or None, country["id"] or None, country["value"].strip(), series["id"],
                series["value"], row["date"], str(row["value"]), row["obs_status"] or None, answer.updated, None,
            )  # fmt: skip


def archived_figures(answer: Answer) -> Iterator[Row]:
    """The figures of an answer of the archives, in the columns of tables.COLUMNS."""
    for row in answer.rows:
        if row["value"] is not None:
            yield (
                row["Country"], None, row["Country name"], row["Series"], row["Series name"],
                row["Time"].removeprefix("YR"), str(row["value"]), None, None, row["Version"],
            )  # fmt: skip


def key(row: dict[str, Any]) -> tuple[str, ...]:
    """The codes that no two rows of an answer share."""
    if "Version" in row:
        return row["Country"], row["Series"], row["Time"], row["Version"]
    return row["country"]["id"], row["countryiso3code"], row["indicator"]["id"], row["date"]


def last_day(version: str) -> str:
    """The last day of the month of an archived version."""
    year, month = int(version[:4]), int(version[4:])
    return date(year, month, calendar.monthrange(year, month)[1]).isoformat()


def _archived(row: Any) -> dict[str, Any]:
    """A row of the archives with its concepts as columns."""
    try:
        codes = {v["concept"]: v["id"] for v in row["variable"]}
        names = {f"{v['concept']} name": v.get("value") for v in row["variable"]}
        value = row["value"]
    except (TypeError, KeyError):
        raise LayoutChanged("a row of the World Bank's archives without its concepts or its value") from None
    if set(codes) != {"Country", "Series", "Time", "Version"}:
        raise LayoutChanged(f"the World Bank's archives have the concepts {', '.join(sorted(codes))}")
    return codes | names | {"value": value}


def _versions(body: Any) -> Iterator[str]:
    """Every id of six digits that is a year and month, anywhere in a body."""
    if isinstance(body, dict):
        version = str(body.get("id", ""))
        if re.fullmatch(r"(19|20)\d{2}(0[1-9]|1[0-2])", version):
            yield version
        body = list(body.values())
    if isinstance(body, list):
        for part in body:
            yield from _versions(part)


def _check_error(body: Any) -> None:
    if is_error(body):
        raise ErrorInBody(f"the World Bank answers with an error: {_words(body[0]['message'])}")


def _words(message: Any) -> str:
    parts = message if isinstance(message, list) else [message]
    return "; ".join(
        " ".join(str(p[k]) for k in ("id", "key", "value") if k in p) if isinstance(p, dict) else str(p) for p in parts
    )


def _count(header: dict[str, Any], name: str) -> int:
    """A number of the header, which may be printed as text."""
    try:
        return int(header[name])
    except (KeyError, TypeError, ValueError):
        raise LayoutChanged(f"the header of the World Bank's answer has no number {name}") from None


def _stamp(header: dict[str, Any]) -> str:
    stamp = str(header.get("lastupdated"))
    try:
        datetime.strptime(stamp, "%Y-%m-%d")  # noqa: DTZ007 a day has no zone
    except ValueError:
        raise LayoutChanged(f"the header of the World Bank's answer has no day of update, but {stamp!r}") from None
    return stamp


def _check_size(rows: int, page: int, per_page: int, total: int) -> None:
    expected = min(per_page, total - (page - 1) * per_page)
    if rows != expected:
        raise NotData(f"the World Bank's answer has {rows} rows where its header promises {expected}: it has been cut")


def _check_rows(rows: list[dict[str, Any]]) -> None:
    missing = sorted({key for row in rows for key in _KEYS - row.keys()})
    unknown = sorted({key for row in rows for key in row.keys() - _KEYS - _MORE_KEYS})
    if missing or unknown:
        raise LayoutChanged(f"the World Bank's rows lack {missing} and have the unknown {unknown}")
    units = sorted({str(row["unit"]) for row in rows} - {"", "None"})
    if units:
        raise LayoutChanged(f"the World Bank's rows are in a unit of their own: {', '.join(units)}")
