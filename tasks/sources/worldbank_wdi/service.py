"""What the World Bank's service is asked.

A series of the World Bank is named by its own code or by the warehouse's indicator. ``CODE@201804`` is the series as it
stood in that version of the archived database, ``CODE@all`` as it stood in every one.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from tasks.contract.service import Request, Selection
from warehouse import reference_files
from warehouse.errors import Unknown

#: What is asked for where nothing is named: what trade and investment are compared with.
SERIES = (
    "NY.GDP.MKTP.CD", "NY.GDP.PCAP.CD", "SP.POP.TOTL", "BX.KLT.DINV.CD.WD", "BM.KLT.DINV.CD.WD", "BX.KLT.DINV.WD.GD.ZS",
    "BM.KLT.DINV.WD.GD.ZS", "NE.EXP.GNFS.CD", "NE.IMP.GNFS.CD", "TX.VAL.MRCH.CD.WT", "TM.VAL.MRCH.CD.WT",
    "TG.VAL.TOTL.GD.ZS", "PA.NUS.FCRF", "IS.RRS.TOTL.KM",
)  # fmt: skip
#: Places asked for beside the members of the European Union of any day.
PLACES = ("WLD", "CHN", "JPN", "KOR", "USA", "HKG", "EU27_2020")

#: Rows a page. The service is said to allow 32,500; bigger pages are fewer requests.
PER_PAGE = 20_000
#: Codes in one request: what stands between two slashes may have 1,500 characters.
MOST_CODES = 250
_VERSION = re.compile(r"(?P<series>[^@]+)@(?P<version>all|(19|20)\d{2}(0[1-9]|1[0-2]))")


def requests(selection: Selection) -> Iterator[Request]:
    """Requests for series and economies, in a fixed order. Raises Unknown for a series or place that is not there."""
    codes = countries(selection.reporters)
    for product in selection.products or SERIES:
        found = _VERSION.fullmatch(product)
        name = series(found["series"] if found else product)
        for part in range(0, len(codes), MOST_CODES):
            some = ";".join(codes[part : part + MOST_CODES])
            if not found:
                yield indicator(some, name, f"{selection.first}:{selection.last}", 1, part // MOST_CODES + 1)
            elif found["version"] == "all":
                yield index(some, name, part // MOST_CODES + 1)
            else:
                yield archived(some, name, found["version"], 1, part // MOST_CODES + 1)


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
        raise Unknown(f"{name} is no series of the World Bank that ref.indicator_code lists")
    return code


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
