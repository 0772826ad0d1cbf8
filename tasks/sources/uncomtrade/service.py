"""Requests to UN Comtrade's API, and checks of its answers.

First what is available (getDa): which reporters have which years, with a checksum of each. Only those are asked for,
and their checksums make the stamp of the request, which is not sent again while the stamp is that of the last answer.
What is asked for is in ``plan``.
"""

import re
from collections.abc import Iterator
from typing import Any

from tasks.archive.sniff import Sniffed
from tasks.contract.service import Request, Scope, Selection, ValidAnswer
from tasks.sources._shared.tables import rows_beside
from tasks.sources.uncomtrade import json_rows, plan
from tasks.sources.uncomtrade.json_rows import KEYED_LIMIT, PREMIUM_LIMIT, PREVIEW_LIMIT, Row
from warehouse import reference_files
from warehouse.errors import (
    CutAtLimit,
    EmptyAnswer,
    ErrorInBody,
    NotData,
    QuotaUsed,
    RepeatedKeys,
    ServiceRefused,
)

#: Fields that tell one row from another.
_KEY = (
    "typeCode", "freqCode", "classificationCode", "period", "reporterCode", "flowCode", "partnerCode", "partner2Code",
    "cmdCode", "customsCode", "motCode", "mosCode",
)  # fmt: skip
#: Words of answers that refuse a request, and the fault they are.
_REFUSALS = (
    ("out of call volume quota", QuotaUsed), ("rate limit is exceeded", QuotaUsed), ("access denied", ServiceRefused),
    ("invalid subscription key", ServiceRefused), ("missing subscription key", ServiceRefused), ("url too long", CutAtLimit),
)  # fmt: skip


def requests(selection: Selection) -> Iterator[Request]:
    """What is available in the years asked for; the answer leads to the requests for figures. Raises Unknown."""
    return plan.availability(selection)


def judge(request: Request, received: Sniffed) -> ValidAnswer:
    """Whether an answer with status 200 is what was asked for.

    Raises NotData, ErrorInBody, QuotaUsed, ServiceRefused, EmptyAnswer, CutAtLimit, RepeatedKeys, LayoutChanged.
    """
    _check_has_rows(received)
    if dict(request.context).get("kind") != "availability":
        return ValidAnswer(_check_figures(request, received), request.stamp)
    rows = _availability_rows(received)
    if not rows:
        raise EmptyAnswer(f"nothing is available, not even of one reporter: {_describe(request)}")
    return ValidAnswer(len(rows), None, tuple(plan.figures(request, rows)), is_kept=False)


def split(request: Request) -> tuple[Request, ...]:
    """Two requests for half of the first list that can be halved; none if nothing can."""
    return plan.split(request)


def scope(request: Request) -> Scope:
    """The years, reporters, partners and flows of a request for figures."""
    parameters = dict(request.parameters)
    years = [int(period[:4]) for period in parameters["period"].split(",")]
    reporters, partners = (
        reference_files.places_of("comtrade", parameters[name].split(",")) for name in ("reporterCode", "partnerCode")
    )
    names = {row["code"]: row["flow"] for row in rows_beside("tasks.sources.uncomtrade", "flows.csv")}
    flows = frozenset(names[code] for code in parameters["flowCode"].split(","))
    return Scope(min(years), max(years), reporters, partners, flows=flows)


def _check_has_rows(received: Sniffed) -> None:
    """Raise the fault of a body that is not an envelope with rows."""
    name = received.filename
    if received.size == 0:
        raise NotData(f"an empty body: {name}")
    text = received.text[:2000]
    if received.kind == "json" and '"elapsedTime"' in text and re.search(r'"data"\s*:\s*\[', received.text):
        return
    for words, fault in _REFUSALS:
        if words in text.lower():
            raise fault(f"the service refuses the request: {name}. {text[:300]}")
    if received.kind == "json" and re.search(r'"data"\s*:\s*\{', received.text):
        raise NotData(f"expected rows, received their number (countOnly): {name}")
    if received.kind == "json":
        raise ErrorInBody(f"expected rows, received other JSON: {name}. {text[:300]}")
    raise NotData(f"expected JSON, received {received.kind}: {name}. {text[:200]!r}")


def _availability_rows(received: Sniffed) -> list[Row]:
    try:
        rows = list(json_rows.rows(received.path, "data", is_counted=False))
    except (json_rows.Damaged, UnicodeDecodeError) as fault:
        raise NotData(f"the answer is damaged: {received.filename}. {fault}") from fault
    _check_error(received)
    return rows


def _check_error(received: Sniffed) -> None:
    """Raise ErrorInBody for an envelope whose ``error``, after the rows, is not empty. In a cut answer it is empty."""
    with received.path.open("rb") as file:
        file.seek(max(0, received.size - 4096))
        end = file.read().decode("utf-8", errors="replace")
    match = re.search(r'"error"\s*:\s*("(?:[^"\\]|\\.)*"|[^",}\s][^,}]*)\s*[,}]', end)
    if match and match[1] not in ('""', "null"):
        raise ErrorInBody(f"the answer states an error: {received.filename}. {match[1][:300]}")


def _check_figures(request: Request, received: Sniffed) -> int:
    """Check the rows one by one, keeping only their keys; return how many there are."""
    where = _describe(request)
    parameters = dict(request.parameters)
    expected = {
        name: set(parameters[name].split(",")) for name in ("reporterCode", "period", "partnerCode", "flowCode")
    }
    keys: set[tuple[Any, ...]] = set()
    number = 0
    try:
        for number, row in enumerate(json_rows.rows(received.path, "data"), 1):
            if number == 1:
                next(json_rows.api_cells(iter([row]), where))
            for name, values in expected.items():
                if row.get(name) not in values:
                    raise NotData(f"row {number} has {name} {row.get(name)}, which was not asked for: {where}")
            key = tuple(row.get(field) for field in _KEY)
            if key in keys:
                raise RepeatedKeys(f"row {number} states {' '.join(map(str, key))} again: {where}")
            keys.add(key)
    except (json_rows.Damaged, UnicodeDecodeError) as fault:
        raise NotData(f"the answer is damaged: {where}. {fault}") from fault
    _check_error(received)
    _check_number(request, number)
    return number


def _check_number(request: Request, rows: int) -> None:
    """Raise CutAtLimit for as many rows as the service gives at most, EmptyAnswer for none."""
    is_preview = "/preview/" in request.path
    if (is_preview and rows >= PREVIEW_LIMIT) or (not is_preview and (rows == KEYED_LIMIT or rows >= PREMIUM_LIMIT)):
        raise CutAtLimit(f"{rows} rows, the most the service gives: {_describe(request)}. Ask for less at a time")
    if not rows:
        raise EmptyAnswer(
            f"no rows, though the reporter has figures (the service does not report a wrong code): {_describe(request)}"
        )


def _describe(request: Request) -> str:
    parameters = dict(request.parameters)
    reporters, periods = parameters.get("reporterCode", "all"), parameters.get("period")
    return f"uncomtrade, {request.path}, reporter {reporters}, period {periods}"
