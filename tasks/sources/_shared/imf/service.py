"""The IMF's SDMX 2.1 service: requests by key, and checks of its answers in CSV. https://data.imf.org/en/Resource-Pages/IMF-API.

An unknown code, a lower-case one or a wrong order of codes is answered with status 200 and no series.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from tasks.archive.sniff import Sniffed
from tasks.contract.service import Request, Scope, Selection, ValidAnswer
from tasks.formats import sdmx
from tasks.formats.sdmx import Message
from warehouse import reference_files
from warehouse.errors import EmptyAnswer, ErrorInBody, LayoutChanged, NotAsked, NotData, RepeatedKeys

if TYPE_CHECKING:
    from tasks.sources._shared.imf import ImfSource

_AGENCY = "IMF.STA"
_CSV = "application/vnd.sdmx.data+csv;version=1.0.0"
#: Whose figures a pull fetches by default: China, Japan, South Korea, the United States, the members of the EU.
_DEFAULT = ("CHN", "JPN", "KOR", "USA")
#: How many counterparts one request has at most; its address stays below 2,000 characters.
_COUNTERPARTS = 60


def economies() -> tuple[str, ...]:
    """The reporters a pull fetches by default, by the warehouse's codes: with the EU's members, ever."""
    return (*_DEFAULT, *reference_files.members_ever("EU_AT_THE_TIME"))


def codes(places: Sequence[str], default: Sequence[str]) -> list[str]:
    """The IMF's codes of places, of the default places if there are none. Raises Unknown."""
    return [reference_files.code_of("imf", place) for place in dict.fromkeys(places or default)]


def counterparts(selection: Selection, reporter: str) -> Iterator[list[str]]:
    """The IMF's codes of a reporter's partners, in lots that fit an address; by default the reporters' and the world's.

    No lot is empty: an empty position of a key would ask for every partner there is.
    """
    wanted = [code for code in codes(selection.partners, (*economies(), "WLD")) if code != reporter]
    for start in range(0, len(wanted), _COUNTERPARTS):
        yield wanted[start : start + _COUNTERPARTS]


def request(
    source: "ImfSource", key: Iterable[Sequence[str]], selection: Selection, filename: str, first: int | None = None
) -> Request:
    """One request in SDMX 2.1: positions joined by a point, codes by a plus; an empty position means every code."""
    text = ".".join("+".join(position) for position in key)
    since = first or selection.first
    return Request(
        f"/data/{_AGENCY},{source.flow}/{text}",
        f"{source.id}.{filename}.{since}-{selection.last}.csv",
        (("startPeriod", str(since)), ("endPeriod", str(selection.last))),
        accept=_CSV,
    )


def scope(source: "ImfSource", request: Request) -> Scope:
    """The years of a request, and its economies."""
    positions = _key(source, request)
    places = {name: reference_files.places_of("imf", codes) for name, codes in positions.items() if codes}
    years = dict(request.parameters)
    return Scope(
        int(years["startPeriod"]), int(years["endPeriod"]), places.get("COUNTRY"), places.get("COUNTERPART_COUNTRY")
    )


def _key(source: "ImfSource", request: Request) -> dict[str, set[str]]:
    """The codes that a request asks for, by dimension; none where it asks for every code."""
    positions = request.path.rsplit("/", 1)[1].split(".")
    return {
        name: set(filter(None, position.split("+")))
        for name, position in zip(source.dimensions, positions, strict=True)
    }


def judge(source: "ImfSource", request: Request, answer: Sniffed) -> ValidAnswer:
    """An answer in CSV, of the dataflow asked for, whole, with observations, none twice.

    Raises EmptyAnswer, ErrorInBody, NotData, LayoutChanged, RepeatedKeys.
    """
    where = f"{source.id}, {request.path}"
    message = _message(answer, where)
    missing = [name for name in (*source.dimensions, "TIME_PERIOD", "OBS_VALUE") if name not in message.columns]
    if missing:
        raise LayoutChanged(
            f"the header lacks {', '.join(missing)}: {where}. Its columns: {', '.join(message.columns)}"
        )
    if message.id is None:
        raise EmptyAnswer(f"no series: {where}. An unknown code, a lower-case one or a wrong order has this answer")
    if not source.is_own(message, answer):
        raise LayoutChanged(f"the answer is of {message.flow}: {where}")
    try:
        return ValidAnswer(_count(source, request, answer, where), message.version)
    except sdmx.Damaged as fault:
        raise NotData(f"the answer is damaged: {where}: {fault}") from fault


def _count(source: "ImfSource", request: Request, answer: Sniffed, where: str) -> int:
    """How many observations an answer has. Raises for none, a repeated one, one that was not asked for, or a record that was cut."""
    with answer.path.open("rb") as file:
        file.seek(-1, io.SEEK_END)
        has_end = file.read().isspace()
    if not has_end:
        raise NotData(f"the last record has no end, so the answer was cut: {where}")
    wanted = _key(source, request)
    seen: set[tuple[str | None, ...]] = set()
    for record in source.select(sdmx.records(answer.path, "csv"), "csv", where):
        key = tuple(record[name] for name in (*source.dimensions, "TIME_PERIOD"))
        for name, codes in wanted.items():
            if codes and record[name] not in codes:
                raise NotAsked(f"{name} {record[name]} came, which was not asked for: {where}")
        if key in seen:
            raise RepeatedKeys(f"{' '.join(map(str, key))} is stated twice: {where}")
        seen.add(key)
    if not seen:
        raise EmptyAnswer(f"no observation: {where}")
    return len(seen)


def _message(answer: Sniffed, where: str) -> Message:
    """The header of an answer in CSV. Raises the fault that another answer with status 200 is."""
    if not answer.size or not answer.text.strip():
        raise EmptyAnswer(f"the answer is empty: {where}")
    start = " ".join(answer.text[:300].split())
    if answer.kind == "json" or (answer.kind == "xml" and "Error" in start):
        raise ErrorInBody(f"the service answers with an error: {where}: {start}")
    if answer.kind != "text":
        raise NotData(f"expected CSV, received {answer.kind}: {where}: {start}")
    message = sdmx.describe(answer)
    if message is not None and message.form == "csv":
        return message
    first = answer.text.splitlines()[0]
    if first.lstrip("\ufeff").startswith(("DATAFLOW,", "STRUCTURE")):
        raise LayoutChanged(f"the header lacks OBS_VALUE: {where}: {start}")
    raise NotData(f"the text is not SDMX-CSV: {where}: {start}")
