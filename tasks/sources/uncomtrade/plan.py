"""Which figures UN Comtrade is asked for: requests that stay below its limit of rows.

Each request pins the three dimensions that hide totals, and its rows are bounded from its arguments to less than the
service's limit; an answer that reaches the limit all the same was cut, and its request can be split.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from tasks.contract.service import Request, Selection
from tasks.sources.uncomtrade.json_rows import KEYED_LIMIT, PREVIEW_LIMIT, Row
from warehouse import reference_files
from warehouse.errors import LayoutChanged, Unknown

MOST_PERIODS = 12
#: What may be halved after an answer was cut, in this order.
DIVISIBLE = ("period", "reporterCode", "partnerCode", "cmdCode", "flowCode")
#: The first year of figures by HS.
_FIRST_YEAR = 1988
#: How many codes of a kind one request names, which keeps the address well below what "Request URL Too Long" answers.
_MOST_CODES = 200
#: How many codes a level of the HS has, with room for more.
_LEVELS = {"AG1": 25, "AG2": 100, "AG4": 1_300, "AG6": 6_000}
_CHAPTERS = tuple(f"{n:02}" for n in range(1, 100))
_PINNED = (("partner2Code", "0"), ("customsCode", "C00"), ("motCode", "0"), ("breakdownMode", "classic"))
_ECONOMIES = ("CHN", "JPN", "KOR", "USA")


def availability(selection: Selection) -> Iterator[Request]:
    """What is available in the years asked for: one request with a key, one a year without. Raises Unknown."""
    years = range(max(selection.first, _FIRST_YEAR), selection.last + 1)
    context = (
        ("kind", "availability"),
        ("reporters", ",".join(selection.reporters or _everyone())),
        ("partners", ",".join(selection.partners or (*_everyone(), "WLD"))),
        ("products", ",".join(_products(selection))),
        ("has_key", str(selection.has_key).lower()),
    )
    for place in (*selection.reporters, *selection.partners):
        if place not in {p for p, *_ in codes()}:
            raise Unknown(
                f"UN Comtrade has no code for the place {place!r}. Name places as ref.place does, such as CHN"
            )
    lists = [[str(y) for y in years]] if selection.has_key else [[str(y)] for y in years]
    for periods in lists:
        if periods:
            path = "/data/v1/getDa/C/A/HS" if selection.has_key else "/public/v1/getDa/C/A/HS"
            name = periods[0] if len(periods) == 1 else f"{periods[0]}-{periods[-1]}"
            yield Request(path, f"comtrade_available_{name}.json", (("period", ",".join(periods)),), context=context)


def figures(request: Request, rows: Sequence[Row]) -> Iterator[Request]:
    """Requests for the figures that are available and wanted, each for fewer rows than the limit.

    ``request`` is the one for what is available, ``rows`` are those of its answer. With a key one reporter at a time is asked
    for over several years, without one several reporters of one year. The lists are divided before what is not available
    is left out, so that a new release changes one request and not all. Raises LayoutChanged.
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


def split(request: Request) -> tuple[Request, ...]:
    """Two requests for half of the first list that can be halved; none if nothing can."""
    parameters = dict(request.parameters)
    for name in DIVISIBLE:
        values = parameters.get(name, "").split(",")
        if name == "cmdCode" and "AG2" in values:
            values = [v for v in values if v != "AG2"] + list(_CHAPTERS)
        if len(values) > 1:
            middle = len(values) // 2
            return tuple(_with(request, name, part) for part in (values[:middle], values[middle:]))
    return ()


def _products(selection: Selection) -> tuple[str, ...]:
    products = selection.products or (("TOTAL", "AG2") if selection.has_key else ("TOTAL",))
    for product in products:
        if not re.fullmatch(r"TOTAL|AG[1246]|[0-9]{2}([0-9]{2}([0-9A-Z]{2})?)?", product):
            raise Unknown(
                f"invalid product {product!r} for UN Comtrade. Examples: TOTAL, 87, 8703, 870323, AG2 (all codes of two digits)"
            )
    return products


@dataclass(frozen=True)
class _Wanted:
    """What is wanted, by Comtrade's codes; ``marks`` has the state of each reporter and year that is available."""

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


def _bounded(wanted: _Wanted, periods: list[str], reporters: list[str], products: list[str]) -> Iterator[Request]:
    """Requests for all combinations, each of fewer cells than the limit has rows."""
    most = max(1, (wanted.limit - 1) // (len(wanted.flows) * sum(map(_weight, products))))
    for partners in _in_chunks(wanted.partners, most):
        most_reporters = max(1, most // len(partners))
        for some_reporters in _in_chunks(reporters, most_reporters):
            for some_periods in _in_chunks(periods, max(1, most_reporters // len(some_reporters))):
                available = [(r, p) for r in some_reporters for p in some_periods if (r, p) in wanted.marks]
                if available:
                    yield _request(wanted, available, partners, products)


def _request(wanted: _Wanted, available: list[tuple[str, str]], partners: list[str], products: list[str]) -> Request:
    """A request for the reporters and periods of ``available``, with their marks as its stamp."""
    reporters, periods = (",".join(dict.fromkeys(values)) for values in zip(*available, strict=True))
    parameters = (
        ("reporterCode", reporters), ("period", periods), ("partnerCode", ",".join(partners)),
        ("cmdCode", ",".join(products)), ("flowCode", ",".join(wanted.flows)), *_PINNED, ("includeDesc", "true"),
    )  # fmt: skip
    stamp = hashlib.sha256("".join(wanted.marks[pair] for pair in available).encode()).hexdigest()[:16]
    path = "/data/v1/get/C/A/HS" if wanted.has_key else "/public/v1/preview/C/A/HS"
    return Request(path, _filename(dict(parameters)), parameters, stamp=stamp)


def _filename(parameters: dict[str, str]) -> str:
    """A name with the years and reporters, and a hash of all parameters, so that no two requests share it."""
    digest = hashlib.sha256(json.dumps(parameters).encode()).hexdigest()[:8]
    lists = [parameters[name].split(",") for name in ("reporterCode", "period")]
    spans = "_".join(codes[0] if len(codes) == 1 else f"{codes[0]}-{codes[-1]}" for codes in lists)
    return f"comtrade_{spans}_{digest}.json"


def _marks(rows: Sequence[Row]) -> dict[tuple[str, str], str]:
    """The publisher's marks of the state of each reporter and year that is available. Raises LayoutChanged."""
    marks: dict[tuple[str, str], str] = {}
    for row in sorted(rows, key=lambda r: str(r.get("datasetCode"))):
        try:
            pair = row["reporterCode"], row["period"]
            mark = f"{row['datasetCode']} {row['datasetChecksum']} {row['lastReleased']} {row['totalRecords']};"
        except KeyError as fault:
            raise LayoutChanged(f"a row of what is available lacks {fault}: uncomtrade") from fault
        marks[pair] = marks.get(pair, "") + mark
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
def codes() -> tuple[tuple[str, str, str, str], ...]:
    """Place, code, and the days from and to which Comtrade uses it."""
    rows = [r for r in reference_files.rows("place_codes.csv") if r["scheme"] == "comtrade"]
    dated = [(r["place"], r["code"], r["valid_from"] or "0001", r["valid_to"] or "9999") for r in rows]
    return tuple(sorted(dated, key=lambda r: (r[0], int(r[1]))))


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
        for place, code, begins, ends in codes()
        if place == wanted and begins <= last and ends > first
    ]


def _with(request: Request, name: str, values: Sequence[str]) -> Request:
    parameters = tuple((k, ",".join(values) if k == name else v) for k, v in request.parameters)
    return replace(request, filename=_filename(dict(parameters)), parameters=parameters)
