"""Requests to the World Bank's Indicators API, and checks of its answers.

A series of the World Bank is named by its own code or by the warehouse's indicator. ``CODE@201804`` is the series as it
stood in that version of the archived database, ``CODE@all`` as it stood in every one.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from tasks.archive.sniff import Sniffed
from tasks.contract.service import Request, Scope, Selection, ValidAnswer
from tasks.sources.worldbank_wdi import answers
from tasks.sources.worldbank_wdi.answers import Answer
from warehouse import reference_files
from warehouse.errors import LayoutChanged, NotAsked, NotData, RepeatedKeys, Unknown

#: What is asked for where nothing is named: what trade and investment are compared with.
SERIES = (
    "NY.GDP.MKTP.CD", "NY.GDP.PCAP.CD", "SP.POP.TOTL", "BX.KLT.DINV.CD.WD", "BM.KLT.DINV.CD.WD", "BX.KLT.DINV.WD.GD.ZS",
    "BM.KLT.DINV.WD.GD.ZS", "NE.EXP.GNFS.CD", "NE.IMP.GNFS.CD", "TX.VAL.MRCH.CD.WT", "TM.VAL.MRCH.CD.WT",
    "TG.VAL.TOTL.GD.ZS", "PA.NUS.FCRF", "IS.RRS.TOTL.KM",
)  # fmt: skip
#: Places asked for beside the members of the European Union of any day.
PLACES = ("WLD", "CHN", "JPN", "KOR", "USA", "HKG", "EU27_2020")

#: Rows per page; the service is reported to allow 32,500. Bigger pages are fewer requests.
PER_PAGE = 20_000
#: Codes in one request: a part of the path between two slashes may have 1,500 characters.
MOST_CODES = 250
#: What the European Union of an edition may be: that of its day.
_FORMER_UNIONS = frozenset({"EU15", "EU25", "EU27_2007", "EU28", "WB_EUU"})
_VERSION = re.compile(r"(?P<series>[^@]+)@(?P<version>all|(19|20)\d{2}(0[1-9]|1[0-2]))")


def requests(selection: Selection) -> Iterator[Request]:
    """Requests for series and economies, in a fixed order. Raises Unknown for a series or place that is not there."""
    codes = countries(selection.reporters)
    for product in selection.products or SERIES:
        versioned = _VERSION.fullmatch(product)
        name = series(versioned["series"] if versioned else product)
        for part in range(0, len(codes), MOST_CODES):
            some = ";".join(codes[part : part + MOST_CODES])
            if not versioned:
                yield indicator(some, name, f"{selection.first}:{selection.last}", 1, part // MOST_CODES + 1)
            elif versioned["version"] == "all":
                yield index(some, name, part // MOST_CODES + 1)
            else:
                yield archived(some, name, versioned["version"], 1, part // MOST_CODES + 1)


def judge(request: Request, received: Sniffed) -> ValidAnswer:
    """Whether an answer is what was asked for; the first page leads to the others, the index to the versions.

    Raises NotData, ErrorInBody, EmptyAnswer, LayoutChanged, RepeatedKeys, Unknown.
    """
    if received.kind != "json" or received.json is None:
        raise NotData(f"expected JSON, received {received.kind}, or not whole JSON: {request.path}")
    context = dict(request.context)
    if context["kind"] == "index":
        return ValidAnswer(0, following=_versions(received, context), is_kept=False)
    is_archived = context["kind"] == "archived"
    answer = answers.read_archives(received.json) if is_archived else answers.read(received.json)
    _check_is_of_request(answer, context, request.path)
    _check_page(answer, dict(request.parameters)["page"], request.path)
    rows = sum(row["value"] is not None for row in answer.rows)
    stamp = answers.last_day(context["version"]) if is_archived else answer.updated
    # A page of nulls is an answer (no figures yet for these years), but there is nothing in it to keep.
    return ValidAnswer(rows, stamp, _further_pages(answer, context), is_kept=rows > 0)


def scope(request: Request) -> Scope:
    """The economies and the series; of the present edition the years too, an archived version comes with all."""
    context = dict(request.context)
    first, last = context["years"].split(":") if "years" in context else (None, None)
    places = reference_files.places_of("world_bank", context["codes"].split(";"))
    return Scope(
        first=int(first) if first else None, last=int(last) if last else None,
        reporters=places | (_FORMER_UNIONS if "EU27_2020" in places else frozenset()), subjects=_indicators(context["series"]),
    )  # fmt: skip


def indicator(codes: str, name: str, years: str, page: int, part: int) -> Request:
    """A page of a series of the present edition."""
    return Request(
        path=f"/country/{codes}/indicator/{name}",
        filename=f"wdi_{name}_{years.replace(':', '-')}_{part}_{page}.json",
        parameters=(
            ("format", "json"), ("source", "2"), ("date", years), ("per_page", str(PER_PAGE)), ("page", str(page)),
        ),
        context=(("kind", "indicator"), ("codes", codes), ("series", name), ("years", years), ("part", str(part))),
    )  # fmt: skip


def archived(codes: str, name: str, version: str, page: int, part: int) -> Request:
    """A page of a series as an archived version has it."""
    return Request(
        path=f"/sources/57/country/{codes}/series/{name}/version/{version}/time/all/data",
        filename=f"wdi_archives_{version}_{name}_{part}_{page}.json",
        parameters=(("format", "json"), ("per_page", str(PER_PAGE)), ("page", str(page))),
        context=(("kind", "archived"), ("codes", codes), ("series", name), ("version", version), ("part", str(part))),
    )


def index(codes: str, name: str, part: int) -> Request:
    """The list of archived versions, which leads to a series in each of them."""
    return Request(
        path="/sources/57/version/data",
        filename=f"wdi_archives_versions_{name}_{part}.json",
        parameters=(("format", "json"), ("per_page", "1000")),
        context=(("kind", "index"), ("codes", codes), ("series", name), ("part", str(part))),
    )


def countries(reporters: Sequence[str]) -> list[str]:
    """The World Bank's codes of places, sorted. Raises Unknown for one it has no code for."""
    known = _country_codes()
    wanted = reporters or (*PLACES, *_members())
    missing = [place for place in wanted if place not in known]
    if missing:
        raise Unknown(f"the World Bank has no figures of {', '.join(missing)}")
    return sorted({known[place] for place in wanted})


def series(name: str) -> str:
    """The World Bank's code of a series, by it or by the warehouse's indicator. Raises Unknown."""
    known = _series_codes()
    code = known.get(name, name)
    if code not in known.values():
        raise Unknown(f"{name} is not a series of the World Bank that ref.indicator_code lists")
    return code


def _check_is_of_request(answer: Answer, context: dict[str, str], path: str) -> None:
    """Raise LayoutChanged for rows of another series or version than was asked for, RepeatedKeys for a row that is twice."""
    keys = [answers.key(row) for row in answer.rows]
    if len(set(keys)) < len(keys):
        repeated = next(key for key in keys if keys.count(key) > 1)
        raise RepeatedKeys(f"the World Bank's answer has {' '.join(repeated)} more than once: {path}")
    others = sorted({row.get("Series") or row["indicator"]["id"] for row in answer.rows} - {context["series"]})
    if others:
        raise LayoutChanged(f"the World Bank's answer is of the series {', '.join(others)}: {path}")
    if "version" in context and {row["Version"] for row in answer.rows} != {context["version"]}:
        raise LayoutChanged(f"the World Bank's answer is of another version: {path}")


def _check_page(answer: Answer, asked: str, path: str) -> None:
    """Raise NotAsked for another page than was asked for: the first one again would hide the others."""
    if answer.page != int(asked):
        raise NotAsked(f"page {asked} was asked for, and page {answer.page} came: {path}")


def _further_pages(answer: Answer, context: dict[str, str]) -> tuple[Request, ...]:
    """The requests for the further pages, which the first one leads to."""
    if answer.page > 1:
        return ()
    codes, name, part, pages = context["codes"], context["series"], int(context["part"]), range(2, answer.pages + 1)
    if "version" in context:
        return tuple(archived(codes, name, context["version"], page, part) for page in pages)
    return tuple(indicator(codes, name, context["years"], page, part) for page in pages)


def _versions(received: Sniffed, context: dict[str, str]) -> tuple[Request, ...]:
    """The requests for a series in each archived version."""
    codes, name, part = context["codes"], context["series"], int(context["part"])
    return tuple(archived(codes, name, version, 1, part) for version in answers.versions(received.json))


def _indicators(code: str) -> frozenset[str]:
    """The warehouse's indicators of a series."""
    return frozenset(
        row["indicator"]
        for row in reference_files.rows("indicator_codes.csv")
        if row["scheme"] == "world_bank" and row["code"] == code
    )


@cache
def _country_codes() -> dict[str, str]:
    """Present codes by place; older ones, which have a note that says so, are not asked for."""
    rows = [
        r
        for r in reference_files.rows("place_codes.csv")
        if r["scheme"] == "world_bank" and "older editions" not in r["note"]
    ]
    return {r["place"]: r["code"] for r in rows}


@cache
def _series_codes() -> dict[str, str]:
    return {
        r["indicator"]: r["code"] for r in reference_files.rows("indicator_codes.csv") if r["scheme"] == "world_bank"
    }


@cache
def _members() -> tuple[str, ...]:
    """Members of the European Union of any day."""
    return tuple(r["member"] for r in reference_files.rows("place_groups.csv") if r["place_group"] == "EU_AT_THE_TIME")
