"""Requests to the Bank of Japan's time series API, and checks of its answers.

NEXTPOSITION is where the next page starts, counted in positions and not in the series returned.
"""

import re
from collections.abc import Iterator

from tasks.archive.sniff import Sniffed
from tasks.contract.service import Request, Scope, Selection, ValidAnswer
from tasks.sources._shared.tables import rows_beside
from tasks.sources.jpn_boj import answers
from tasks.sources.jpn_boj.answers import NO_DATA, SERIES, Answer
from warehouse.errors import CutAtLimit, ErrorInBody, LayoutChanged, NotAsked, NotData, RepeatedKeys, Unreachable

#: The most values one answer has.
_LIMIT = 60_000
_DONE = "M181000I"
_MESSAGES = {row["code"]: row["meaning"] for row in rows_beside(__package__ or "", "messages.csv")}
#: What is added to the last year asked for, by frequency: the last month or quarter.
_LAST = {"M": "12", "Q": "04", "A": ""}


def requests(selection: Selection) -> Iterator[Request]:
    """One request per database and frequency, for the kept series and the years asked for."""
    for database, freq in sorted({(row["database"], row["freq"]) for row in SERIES.values()}):
        codes = [c for (d, c), row in sorted(SERIES.items()) if (d, row["freq"]) == (database, freq)]
        last = _LAST[freq]
        yield _request(
            database, freq, codes, (f"{selection.first}{'01' if last else ''}", f"{selection.last}{last}"), 1
        )


def judge(request: Request, received: Sniffed) -> ValidAnswer:
    """The number of values, and the request for the next page; an answer that says it has no data is not an error.

    Raises NotData, LayoutChanged, ErrorInBody, Unreachable, CutAtLimit, RepeatedKeys.
    """
    filename = request.filename
    if received.kind != "json" or received.json is None:
        raise NotData(f"expected JSON, received {received.kind}: {filename}")
    answer = answers.checked(received.json, filename)
    _check_message(answer, filename)
    if answer["MESSAGEID"] == NO_DATA:
        return ValidAnswer(rows=0, is_kept=False)
    series = answer["RESULTSET"]
    codes = [s["SERIES_CODE"] for s in series]
    if len(set(codes)) < len(codes):
        raise RepeatedKeys(f"a series comes twice: {filename}")
    if others := sorted(set(codes) - set(dict(request.parameters)["code"].split(","))):
        raise NotAsked(f"the series {', '.join(others)} came, which was not asked for: {filename}")
    rows = sum(1 for s in series for _ in answers.values(s, filename))
    position = answer.get("NEXTPOSITION")
    if rows >= _LIMIT and not position:
        raise CutAtLimit(f"{rows} values, the most one answer has, and no next page: {filename}")
    return ValidAnswer(rows=rows, stamp=answers.last_update(answer), following=_next_page(request, position))


def scope(request: Request) -> Scope:
    """The years of a request."""
    parameters = dict(request.parameters)
    return Scope(int(parameters["startDate"][:4]), int(parameters["endDate"][:4]))


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


def _check_message(answer: Answer, filename: str) -> None:
    """Raise Unreachable or ErrorInBody for an answer that states an error."""
    status, message = str(answer["STATUS"]), answer["MESSAGEID"]
    meaning = _MESSAGES.get(message, answer.get("MESSAGE"))
    if status.startswith("5"):
        raise Unreachable(f"the Bank of Japan answers {message} ({meaning}): {filename}")
    if status != "200" or message not in (_DONE, NO_DATA):
        raise ErrorInBody(f"the Bank of Japan answers, with status {status}, {message} ({meaning}): {filename}")
    if "RESULTSET" not in answer:
        raise LayoutChanged(f"the answer of the Bank of Japan has no RESULTSET: {filename}")


def _next_page(request: Request, position: str | None) -> tuple[Request, ...]:
    """The request for the next page. Raises CutAtLimit if it would ask for the same page again."""
    if not position:
        return ()
    parameters = dict(request.parameters)
    start = parameters.get("startPosition", "1")
    if int(position) <= int(start):
        raise CutAtLimit(f"the next page starts at {position}, not after this one ({start}): {request.filename}")
    filename = re.sub(r"(_\d+)?\.json$", f"_{position}.json", request.filename)
    following = tuple((parameters | {"startPosition": position}).items())
    return (Request(request.path, filename, following, accept=request.accept),)
