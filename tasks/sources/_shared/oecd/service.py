"""Requests to the OECD's SDMX service, and checks of its answers, as far as they are the same for all dataflows.

The first request asks for a dataflow's constraint, which says when it was last updated and is not a download of data; the
requests for data follow from it.
"""

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from tasks.archive.sniff import Sniffed
from tasks.contract.service import Request, Scope, Service, ValidAnswer
from tasks.formats import csv_text
from tasks.sources._shared import oecd
from tasks.sources._shared.oecd import Structure
from warehouse import reference_files
from warehouse.errors import EmptyAnswer, ErrorInBody, LayoutChanged, NotAsked, NotData, RepeatedKeys, ServiceRefused

#: The service allows 60 downloads an hour to a caller, those of its web pages included, and blocks who asks for more.
SERVICE = Service(url="https://sdmx.oecd.org/public/rest", interval_seconds=5, hourly=50, timeout_seconds=300)

#: Members of the OECD, which report to it. China does not.
MEMBERS = (
    "AUS", "AUT", "BEL", "CAN", "CHE", "CHL", "COL", "CRI", "CZE", "DEU", "DNK", "ESP", "EST", "FIN", "FRA", "GBR", "GRC",
    "HUN", "IRL", "ISL", "ISR", "ITA", "JPN", "KOR", "LTU", "LUX", "LVA", "MEX", "NLD", "NOR", "NZL", "POL", "PRT", "SVK",
    "SVN", "SWE", "TUR", "USA",
)  # fmt: skip

#: Reporters in one request: a few thousand records, and an address of a few hundred characters.
_MOST_REPORTERS = 10
_NO_RECORDS = re.compile(r"NoRecordsFound|NoResultsFound|no (records|results) found", re.IGNORECASE)
_VALID_FROM = re.compile(r"""validFrom["']?\s*[=:]\s*["']([^"']+)["']""", re.IGNORECASE)
_BLOCKED = re.compile(r"\bVPN\b|anonymi[sz]|proxy|access denied|has been blocked", re.IGNORECASE)

#: From the context of the request for a constraint and the stamp of the dataflow to the requests for its data.
DataRequests = Callable[[dict[str, str], str | None], tuple[Request, ...]]


def constraint(agency: str, dataflow: str, context: dict[str, str]) -> Request:
    """The request for a dataflow's constraint. ``context`` is what DataRequests needs to make the requests that follow."""
    return Request(
        path=f"/contentconstraint/{agency}/CR_A_{dataflow}/", filename=f"{dataflow}.constraint.xml",
        context=(("kind", "constraint"), *context.items()),
    )  # fmt: skip


def data(path: str, filename: str, years: tuple[str, str], stamp: str | None) -> Request:
    """A request for data as CSV. ``path`` has the dataflow and the key, ``years`` are the first and the last."""
    first, last = years
    return Request(
        path=path,
        filename=filename,
        parameters=(
            ("startPeriod", first), ("endPeriod", last), ("dimensionAtObservation", "AllDimensions"), ("format", "csvfile"),
        ),
        accept="application/vnd.sdmx.data+csv, text/csv", stamp=stamp,
    )  # fmt: skip


def in_groups(reporters: Sequence[str]) -> list[Sequence[str]]:
    """Reporters in groups that one request asks for."""
    return [reporters[n : n + _MOST_REPORTERS] for n in range(0, len(reporters), _MOST_REPORTERS)]


def scope(request: Request, structure: Structure) -> Scope:
    """The years of a request for data, and its economies."""
    key, parameters = _key(request, structure), dict(request.parameters)
    places = (reference_files.places_of("oecd", key[name]) for name in ("REF_AREA", "COUNTERPART_AREA"))
    return Scope(int(parameters["startPeriod"]), int(parameters["endPeriod"]), *places)


def _key(request: Request, structure: Structure) -> dict[str, set[str]]:
    """The codes that a request for data asks for, by dimension."""
    positions = request.path.rsplit("/", 1)[1].split(".")
    return {name: set(position.split("+")) for name, position in zip(structure.dimensions, positions, strict=True)}


def judge(request: Request, received: Sniffed, structure: Structure, data_requests: DataRequests) -> ValidAnswer:
    """A constraint leads to the requests for data; data are counted.

    Raises NotData, ServiceRefused, EmptyAnswer, ErrorInBody, LayoutChanged, RepeatedKeys.
    """
    if _is_constraint(request):
        match = _VALID_FROM.search(received.text)
        return _leading_to_data(request, match[1] if match else None, data_requests)
    _check_is_csv(request, received)
    where = request.path
    header = csv_text.cells(received.lines[0] if received.lines else received.text)
    oecd.check_header(header, structure, where)
    if not oecd.is_of(received, structure) and len(received.lines) > 1:
        raise NotData(f"CSV, but not of {structure.name}: {where}. It begins {received.lines[1][:100]}")
    return ValidAnswer(
        rows=_count(received.path, header, structure, _key(request, structure), where), stamp=request.stamp
    )


def judge_status(request: Request, status: int, words: str, data_requests: DataRequests) -> ValidAnswer | None:
    """404 where nothing was reported, 403 to a VPN. Without a constraint the data are asked for all the same.

    Raises ServiceRefused.
    """
    if _is_constraint(request) and status in (400, 404, 406):
        return _leading_to_data(request, None, data_requests)
    if status == 404 and _NO_RECORDS.search(words):
        return ValidAnswer(rows=0, is_kept=False)
    if status in (401, 403) and _BLOCKED.search(words):
        raise _blocked(request, words)
    return None


def _is_constraint(request: Request) -> bool:
    return dict(request.context).get("kind") == "constraint"


def _leading_to_data(request: Request, stamp: str | None, data_requests: DataRequests) -> ValidAnswer:
    return ValidAnswer(rows=0, stamp=stamp, following=data_requests(dict(request.context), stamp), is_kept=False)


def _check_is_csv(request: Request, received: Sniffed) -> None:
    """Raise EmptyAnswer, ServiceRefused, ErrorInBody or NotData for an answer that is not CSV of the OECD."""
    where, words = request.path, received.text[:2000]
    if received.size == 0 or _NO_RECORDS.search(words):
        raise EmptyAnswer(f"no records: {where}. Received {words[:100].strip() or 'nothing at all'}")
    is_named = "STRUCTURE" in words or "DATAFLOW" in words
    if received.kind in ("html", "text") and _BLOCKED.search(words) and not is_named:
        raise _blocked(request, words)
    if received.kind in ("json", "xml"):
        raise ErrorInBody(f"expected CSV, received {received.kind}: {where}. {_excerpt(words)}")
    if received.kind != "text":
        raise NotData(f"expected CSV, received {received.kind}: {where}")
    if not words.lstrip("\ufeff").startswith(("DATAFLOW", "STRUCTURE")):
        raise ErrorInBody(f"expected CSV, received words: {where}. {_excerpt(words)}")


def _blocked(request: Request, words: str) -> ServiceRefused:
    return ServiceRefused(
        f"the OECD refuses this address; it answers no VPN or proxy: {request.path}. {_excerpt(words)}"
    )


def _count(path: Path, header: Sequence[str], structure: Structure, wanted: Mapping[str, set[str]], where: str) -> int:
    """The number of records. Raises LayoutChanged for one of another length, NotAsked, RepeatedKeys, EmptyAnswer."""
    positions = [header.index(name) for name in structure.key if name in header]
    asked = {header.index(name): codes for name, codes in wanted.items() if name in header}
    keys: set[tuple[str, ...]] = set()
    for number, record in enumerate(_records(path), 1):
        if len(record) != len(header):
            raise LayoutChanged(f"record {number} has {len(record)} fields, the header {len(header)}: {where}")
        if other := next((record[at] for at, codes in asked.items() if record[at] not in codes), None):
            raise NotAsked(f"record {number} is of {other}, which was not asked for: {where}")
        values = tuple(record[p] for p in positions)
        if values in keys:
            raise RepeatedKeys(f"record {number} states a figure a second time ({', '.join(values)}): {where}")
        keys.add(values)
    if not keys:
        raise EmptyAnswer(f"a header and no records: {where}")
    return len(keys)


def _records(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        next(reader, None)
        yield from (record for record in reader if record)


def _excerpt(words: str) -> str:
    """The beginning of an answer in one line, without tags of HTML and XML."""
    return " ".join(re.sub(r"<[^>]*>", " ", words).split())[:200]
