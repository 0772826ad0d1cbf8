"""What the service of UN Comtrade is asked, and what is made of its answers.

First what is available (getDa): which reporters have which years, with a checksum of each. Only those are asked for,
and their checksums make the stamp of the request, which is not sent again while the stamp is that of the last answer.
Each request pins the three dimensions that hide totals, and its rows are bounded from its arguments to less than the
service's limit; an answer that reaches the limit all the same was cut.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from tasks.archive.sniff import Sniffed
from tasks.contract.service import Request, Selection, ValidAnswer
from tasks.sources.uncomtrade import forms
from tasks.sources.uncomtrade.forms import KEYED_LIMIT, PREMIUM_LIMIT, PREVIEW_LIMIT
from warehouse import reference_files
from warehouse.errors import (
    CutAtLimit,
    EmptyAnswer,
    ErrorInBody,
    LayoutChanged,
    NotData,
    QuotaUsed,
    RepeatedKeys,
    ServiceRefused,
    Unknown,
)

#: The first year of figures by HS.
FIRST_YEAR = 1988
MOST_PERIODS = 12
#: How many codes of a kind one request names, which keeps the address well below what "Request URL Too Long" answers.
_MOST_CODES = 200
#: How many codes a level of the HS has, with room for more.
_LEVELS = {"AG1": 25, "AG2": 100, "AG4": 1_300, "AG6": 6_000}
_CHAPTERS = tuple(f"{n:02}" for n in range(1, 100))

_PINNED = (("partner2Code", "0"), ("customsCode", "C00"), ("motCode", "0"), ("breakdownMode", "classic"))
_KEY = (
    "typeCode", "freqCode", "classificationCode", "period", "reporterCode", "flowCode", "partnerCode", "partner2Code",
    "cmdCode", "customsCode", "motCode", "mosCode",
)  # fmt: skip
#: What may be halved after an answer was cut, in this order.
_DIVISIBLE = ("period", "reporterCode", "partnerCode", "cmdCode", "flowCode")
_ECONOMIES = ("CHN", "JPN", "KOR", "USA")


def requests(selection: Selection) -> Iterator[Request]:
    """What is available in the years asked for: one request with a key, one a year without. Raises Unknown."""
    years = range(max(selection.first, FIRST_YEAR), selection.last + 1)
    context = (
        ("kind", "availability"),
        ("reporters", ",".join(selection.reporters or _everyone())),
        ("partners", ",".join(selection.partners or (*_everyone(), "WLD"))),
        ("products", ",".join(_products(selection))),
        ("has_key", str(selection.has_key).lower()),
    )
    for place in (*selection.reporters, *selection.partners):
        if place not in {p for p, *_ in _codes()}:
            raise Unknown(f"uncomtrade: no code of Comtrade's for the place {place!r}")
    asked = [[str(y) for y in years]] if selection.has_key else [[str(y)] for y in years]
    for periods in asked:
        if periods:
            path = "/data/v1/getDa/C/A/HS" if selection.has_key else "/public/v1/getDa/C/A/HS"
            name = periods[0] if len(periods) == 1 else f"{periods[0]}-{periods[-1]}"
            yield Request(path, f"comtrade_available_{name}.json", (("period", ",".join(periods)),), context=context)


def judge(request: Request, answer: Sniffed) -> ValidAnswer:
    """Whether an answer with status 200 is what was asked for.

    Raises NotData, ErrorInBody, QuotaUsed, ServiceRefused, EmptyAnswer, CutAtLimit, RepeatedKeys, LayoutChanged.
    """
    context = dict(request.context)
    _check_is_answer(answer)
    if context.get("kind") == "availability":
        rows = _rows(answer)
        if not rows:
            raise EmptyAnswer(f"{_told(request)}: nothing is available, not even of one reporter")
        return ValidAnswer(len(rows), None, tuple(_following(request, rows)), is_kept=False)
    return ValidAnswer(_judged_rows(request, answer), request.stamp)


def split(request: Request) -> tuple[Request, ...]:
    """Two requests for half of the first list that can be halved; none if nothing can."""
    given = dict(request.parameters)
    for name in _DIVISIBLE:
        values = given.get(name, "").split(",")
        if name == "cmdCode" and "AG2" in values:
            values = [v for v in values if v != "AG2"] + list(_CHAPTERS)
        if len(values) > 1:
            middle = len(values) // 2
            return tuple(_with(request, name, part) for part in (values[:middle], values[middle:]))
    return ()


def _with(request: Request, name: str, values: Sequence[str]) -> Request:
    parameters = tuple((k, ",".join(values) if k == name else v) for k, v in request.parameters)
    return replace(request, filename=_filename(dict(parameters)), parameters=parameters)


# what to ask


def _products(selection: Selection) -> tuple[str, ...]:
    products = selection.products or (("TOTAL", "AG2") if selection.has_key else ("TOTAL",))
    for product in products:
        if not re.fullmatch(r"TOTAL|AG[1246]|[0-9]{2}([0-9]{2}([0-9A-Z]{2})?)?", product):
            raise Unknown(f"uncomtrade: {product!r} is no HS code of 2, 4 or 6 digits, nor TOTAL, AG2, AG4 or AG6")
    return products


@dataclass(frozen=True)
class _Wanted:
    """What is to be asked for, by Comtrade's codes; ``marks`` has the state of each reporter and year that is available."""

    reporters: list[str]
    partners: list[str]
    products: list[str]
    has_key: bool
    marks: dict[tuple[str, str], str]

    @property
    def limit(self) -> int:
        """Rows at which the service cuts."""
        return KEYED_LIMIT if self.has_key else PREVIEW_LIMIT

    @property
    def flows(self) -> tuple[str, ...]:
        """Re-exports and re-imports only where there is room for them."""
        return ("M", "X", "RM", "RX") if self.has_key else ("M", "X")


def _following(request: Request, rows: list[dict[str, Any]]) -> Iterator[Request]:
    """Requests for the figures that are available and wanted, each for fewer rows than the limit.

    With a key a reporter at a time over several years, without one several reporters of a year. The lists are cut
    before what is not available is left out, so that a new release changes one request and not all.
    """
    context = dict(request.context)
    places = {name: context[name].split(",") for name in ("reporters", "partners", "products")}
    has_key = context["has_key"] == "true"
    for periods in _in_chunks(dict(request.parameters)["period"].split(","), MOST_PERIODS if has_key else 1):
        wanted = _Wanted(
            _valid(places["reporters"], periods), _valid(places["partners"], periods), places["products"], has_key, _marks(rows)
        )  # fmt: skip
        for reporters in [[r] for r in wanted.reporters] if has_key else [wanted.reporters]:
            for products in _in_chunks(wanted.products, wanted.limit - 1, _weight):
                yield from _bounded(wanted, periods, reporters, products)


def _bounded(wanted: _Wanted, periods: list[str], reporters: list[str], products: list[str]) -> Iterator[Request]:
    most = max(1, (wanted.limit - 1) // (len(wanted.flows) * sum(map(_weight, products))))
    for partners in _in_chunks(wanted.partners, most):
        most_reporters = max(1, most // len(partners))
        for of in _in_chunks(reporters, most_reporters):
            for during in _in_chunks(periods, max(1, most_reporters // len(of))):
                there = [(r, p) for r in of for p in during if (r, p) in wanted.marks]
                if there:
                    yield _figures(wanted, there, partners, products)


def _figures(wanted: _Wanted, there: list[tuple[str, str]], partners: list[str], products: list[str]) -> Request:
    reporters, periods = (",".join(dict.fromkeys(values)) for values in zip(*there, strict=True))
    parameters = (
        ("reporterCode", reporters), ("period", periods), ("partnerCode", ",".join(partners)),
        ("cmdCode", ",".join(products)), ("flowCode", ",".join(wanted.flows)), *_PINNED, ("includeDesc", "true"),
    )  # fmt: skip
    stamp = hashlib.sha256("".join(wanted.marks[at] for at in there).encode()).hexdigest()[:16]
    path = "/data/v1/get/C/A/HS" if wanted.has_key else "/public/v1/preview/C/A/HS"
    return Request(path, _filename(dict(parameters)), parameters, stamp=stamp)


def _filename(parameters: dict[str, str]) -> str:
    """Says the year and reporters; a hash of all parameters tells requests apart."""
    digest = hashlib.sha256(json.dumps(parameters).encode()).hexdigest()[:8]
    first = {k: parameters[k].split(",") for k in ("reporterCode", "period")}
    said = "_".join(v[0] if len(v) == 1 else f"{v[0]}-{v[-1]}" for v in (first["reporterCode"], first["period"]))
    return f"comtrade_{said}_{digest}.json"


def _marks(rows: list[dict[str, Any]]) -> dict[tuple[str, str], str]:
    """Of each reporter and year that is available, the publisher's marks of its state."""
    marks: dict[tuple[str, str], str] = {}
    for row in sorted(rows, key=lambda r: str(r.get("datasetCode"))):
        try:
            at = row["reporterCode"], row["period"]
            said = f"{row['datasetCode']} {row['datasetChecksum']} {row['lastReleased']} {row['totalRecords']};"
        except KeyError as fault:
            raise LayoutChanged(f"uncomtrade: an availability row lacks {fault}") from fault
        marks[at] = marks.get(at, "") + said
    return marks


def _in_chunks(values: Sequence[str], most: int, weight: Callable[[str], int] = lambda _: 1) -> list[list[str]]:
    """Values in their order, in lists that weigh at most ``most`` (a single value may weigh more)."""
    chunks: list[list[str]] = []
    for value in values:
        is_full = not chunks or sum(map(weight, chunks[-1])) + weight(value) > most or len(chunks[-1]) >= _MOST_CODES
        if is_full:
            chunks.append([])
        chunks[-1].append(value)
    return chunks


def _weight(product: str) -> int:
    return _LEVELS.get(product, 1)


@cache
def _codes() -> tuple[tuple[str, str, str, str], ...]:
    """Place, code, and the days from and to which Comtrade uses it."""
    rows = [r for r in reference_files.rows("place_codes.csv") if r["scheme"] == "comtrade"]
    found = [(r["place"], r["code"], r["valid_from"] or "0001", r["valid_to"] or "9999") for r in rows]
    return tuple(sorted(found, key=lambda r: (r[0], int(r[1]))))


@cache
def _everyone() -> tuple[str, ...]:
    """China, Japan, South Korea, the United States, and all that were ever members of the EU, Belgium-Luxembourg too."""
    members = {r["member"] for r in reference_files.rows("place_groups.csv") if r["place_group"] == "EU_AT_THE_TIME"}
    return (*_ECONOMIES, *sorted(members | {"BLX"}))


def _valid(places: Sequence[str], periods: Sequence[str]) -> list[str]:
    """Comtrade's codes of places that are in use in any of the years."""
    first, last = f"{min(periods)}-01-01", f"{max(periods)}-12-31"
    return [
        code
        for wanted in places
        for place, code, begins, ends in _codes()
        if place == wanted and begins <= last and ends > first
    ]


# what an answer is


_REFUSALS = (
    ("out of call volume quota", QuotaUsed), ("rate limit is exceeded", QuotaUsed), ("access denied", ServiceRefused),
    ("invalid subscription key", ServiceRefused), ("missing subscription key", ServiceRefused), ("url too long", CutAtLimit),
)  # fmt: skip


def _check_is_answer(answer: Sniffed) -> None:
    """Raise what a body is that is no envelope with rows."""
    if answer.size == 0:
        raise NotData(f"{answer.filename}: an empty body")
    text = answer.text[:2000]
    if answer.kind == "json" and '"elapsedTime"' in text and re.search(r'"data"\s*:\s*\[', answer.text):
        return
    for words, fault in _REFUSALS:
        if words in text.lower():
            raise fault(f"{answer.filename}: {text[:300]}")
    if answer.kind == "json" and re.search(r'"data"\s*:\s*\{', answer.text):
        raise NotData(f"{answer.filename}: a number of rows instead of rows (countOnly)")
    if answer.kind == "json":
        raise ErrorInBody(f"{answer.filename}: {text[:300]}")
    raise NotData(f"{answer.filename}: {answer.kind} instead of JSON: {text[:200]!r}")


def _rows(answer: Sniffed) -> list[dict[str, Any]]:
    try:
        rows = list(forms.records(answer.path, "data", is_counted=False))
    except (forms.Damaged, UnicodeDecodeError) as fault:
        raise NotData(f"{answer.filename}: {fault}") from fault
    _check_error(answer)
    return rows


def _check_error(answer: Sniffed) -> None:
    """The envelope's ``error`` stands after the rows; it is empty in a good answer, and in one that was cut."""
    with answer.path.open("rb") as file:
        file.seek(max(0, answer.size - 4096))
        end = file.read().decode("utf-8", errors="replace")
    said = re.search(r'"error"\s*:\s*("(?:[^"\\]|\\.)*"|[^",}\s][^,}]*)\s*[,}]', end)
    if said and said[1] not in ('""', "null"):
        raise ErrorInBody(f"{answer.filename}: {said[1][:300]}")


def _judged_rows(request: Request, answer: Sniffed) -> int:
    """Check the rows one by one, keeping no more of them than their keys; return how many there are."""
    asked = dict(request.parameters)
    wanted = {name: set(asked[name].split(",")) for name in ("reporterCode", "period", "partnerCode", "flowCode")}
    seen: set[tuple[Any, ...]] = set()
    rows = 0
    try:
        for row in forms.records(answer.path, "data"):
            rows += 1
            if rows == 1:
                next(forms.api_rows(iter([row]), _told(request)))
            for name, values in wanted.items():
                if row.get(name) not in values:
                    raise NotData(f"{_told(request)}: row {rows} has {name} {row.get(name)}, which was not asked for")
            key = tuple(row.get(k) for k in _KEY)
            if key in seen:
                raise RepeatedKeys(f"{_told(request)}: row {rows} states {' '.join(map(str, key))} again")
            seen.add(key)
    except (forms.Damaged, UnicodeDecodeError) as fault:
        raise NotData(f"{_told(request)}: {fault}") from fault
    _check_error(answer)
    _check_number(request, rows)
    return rows


def _check_number(request: Request, rows: int) -> None:
    is_preview = "/preview/" in request.path
    if (is_preview and rows >= PREVIEW_LIMIT) or (not is_preview and (rows == KEYED_LIMIT or rows >= PREMIUM_LIMIT)):
        raise CutAtLimit(f"{_told(request)}: {rows} rows, the most the service gives: ask for less at a time")
    if not rows:
        raise EmptyAnswer(f"{_told(request)}: no rows, though the reporter has figures: a wrong code gives no error")


def _told(request: Request) -> str:
    given = dict(request.parameters)
    return f"uncomtrade, {request.path}, reporter {given.get('reporterCode', 'all')}, period {given.get('period')}"
