"""Eurostat's Statistics API: JSON-stat of a table's cells for a few reporters at a time.

Too large a request is answered by a promise to prepare it (status 200), or by 413: it is split.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from tasks.archive.sniff import Sniffed
from tasks.contract.service import Request, Scope, Selection, ValidAnswer
from tasks.formats import jsonstat
from tasks.sources.eurostat_fdi import tables
from warehouse import reference_files
from warehouse.errors import CutAtLimit, EmptyAnswer, ErrorInBody, LayoutChanged, NotData, Unknown

#: How an answer in XML says that it is being prepared (recorded footers in SDMX-ML, code 413).
_PROMISE = re.compile(r'code="413"|large query|written to a file|asynchronous|<[^>]*queued>', re.IGNORECASE)
#: What is asked for: all of direct investment net, inward and outward; of each table its own items.
_ITEMS: dict[str, tuple[tuple[str, str], ...]] = {
    "bop_fdi6_flow": (("fdi_item", "DI__D__F"), ("fdi_item", "DO__D__F"), ("stk_flow", "NI"), ("stk_flow", "NO")),
    "bop_fdi6_pos": (
        ("fdi_item", "DI__D__F"), ("fdi_item", "DO__D__F"), ("stk_flow", "NI"), ("stk_flow", "NO"), ("counterp", "IMM"),
    ),
    "bop_fdi6_inc": (("fdi_item", "DI__D4P__D__F"), ("fdi_item", "DO__D4P__D__F"), ("stk_flow", "II"), ("stk_flow", "IO")),
}  # fmt: skip
#: Reporters in one request: 10 of them with 33 partners, 2 items, 4 sides and 40 years are 52,800 cells of 5,000,000.
_AT_ONCE = 10
#: Economies outside the EU that report to Eurostat.
_ALSO_REPORT = ("CHE", "ISL", "NOR", "GBR", "MNE", "MKD", "ALB", "SRB", "TUR", "BIH", "XKX")
_GROUPS = ("EU27_2020", "EA19", "EA20")


def requests(selection: Selection) -> Iterator[Request]:
    """Flows, positions and income of reporters to Eurostat, a few at a time.

    Without reporters: of the EU and its members; without partners: with the world, China, Japan, South Korea, the
    United States, and the EU and its members. Raises Unknown.
    """
    geos = reference_files.codes_of("eurostat", _reporters(selection))
    partners = reference_files.codes_of("eurostat", selection.partners or _default_partners())
    for table, items in _ITEMS.items():
        for first in range(0, len(geos), _AT_ONCE):
            yield _request(table, items, geos[first : first + _AT_ONCE], partners, selection.first, selection.last)


def scope(request: Request) -> Scope:
    """The years of a request, its reporters and partners."""
    parameters = dict(request.parameters)
    geos, partners = (
        reference_files.places_of("eurostat", [v for n, v in request.parameters if n == name])
        for name in ("geo", "partner")
    )
    return Scope(int(parameters["sinceTimePeriod"]), int(parameters["untilTimePeriod"]), geos, partners)


def judge(request: Request, answer: Sniffed) -> ValidAnswer:
    """JSON-stat of the table that was asked for, with cells. Raises NotData, CutAtLimit, ErrorInBody, LayoutChanged, EmptyAnswer."""
    where = f"eurostat.fdi, {request.path}"
    if answer.kind not in ("json", "html"):
        _raise_if_promised(answer.text, where)
    if answer.kind != "json":
        raise NotData(f"expected JSON, received {answer.kind}: {where}")
    cube = answer.json
    if not isinstance(cube, dict):
        raise NotData(f"the JSON is cut or damaged: {where}")
    _raise_if_refused(cube, where)
    recognised = tables.recognised_json(answer)
    if recognised is None or str(cube.get("extension", {}).get("id", "")).lower() != request.path.rsplit("/", 1)[-1]:
        raise LayoutChanged(f"the JSON is not the table that was asked for: {where}")
    rows = sum(1 for _ in jsonstat.cells(cube, where))
    if not rows:
        raise EmptyAnswer(
            f"no cell has a value or a flag: {where}. A code that Eurostat does not know gives this answer"
        )
    return ValidAnswer(rows=rows, stamp=recognised.stamp)


def judge_status(request: Request, status: int, words: str) -> ValidAnswer | None:
    """None, or CutAtLimit for 413: more cells than are given at once."""
    if status == 413 or "EXTRACTION_TOO_BIG" in words:
        raise CutAtLimit(f"more cells than Eurostat gives at once: eurostat.fdi, {request.path}: {words[:200]}")
    return None


def split(request: Request) -> tuple[Request, ...]:
    """Two requests with half of the reporters each, else of the years, else of the partners; empty if there is one of each."""
    for name in ("geo", "years", "partner"):
        if parts := _halves(request, name):
            return parts
    return ()


def _reporters(selection: Selection) -> tuple[str, ...]:
    """Those asked for that report to Eurostat; by default the EU and its members. Raises Unknown."""
    members = reference_files.members("EU27_2020")
    wanted = selection.reporters or ("EU27_2020", *members)
    reporters = tuple(p for p in wanted if p in members or p in _ALSO_REPORT or p in _GROUPS)
    if not reporters:
        raise Unknown(
            f"{', '.join(wanted)} does not report direct investment to Eurostat. Ask for members of the EU, neighbours such "
            "as CHE, or groups such as EU27_2020"
        )
    return reporters


def _default_partners() -> tuple[str, ...]:
    return ("WLD", "CHN", "JPN", "KOR", "USA", "EU27_2020", *reference_files.members("EU27_2020"))


def _request(
    table: str, items: tuple[tuple[str, str], ...], geos: Sequence[str], partners: Sequence[str], first: int, last: int
) -> Request:
    return Request(
        path=f"/statistics/1.0/data/{table}", filename=_filename(table, geos, partners, first, last),
        parameters=(
            ("format", "JSON"), ("lang", "en"), ("freq", "A"), ("currency", "MIO_EUR"), ("nace_r2", "FDI"), ("entity", "TOTAL"),
            *items, *(("geo", g) for g in geos), *(("partner", p) for p in partners),
            ("sinceTimePeriod", str(first)), ("untilTimePeriod", str(last)),
        ),
        accept="application/json",
    )  # fmt: skip


def _filename(table: str, geos: Sequence[str], partners: Sequence[str], first: int, last: int) -> str:
    return f"{table}_{'-'.join(geos)}_with_{len(partners)}_from_{partners[0]}_{first}-{last}.json"


def _halves(request: Request, name: str) -> tuple[Request, ...]:
    """A request as two, each with half of its reporters, years or partners; empty if there is but one."""
    geos, partners = ([v for n, v in request.parameters if n == wanted] for wanted in ("geo", "partner"))
    since, until = (int(dict(request.parameters)[n]) for n in ("sinceTimePeriod", "untilTimePeriod"))
    whole = {"geo": geos, "partner": partners, "years": [str(y) for y in range(since, until + 1)]}[name]
    if len(whole) < 2:
        return ()
    middle = len(whole) // 2
    return tuple(_narrowed(request, name, part) for part in (whole[:middle], whole[middle:]))


def _narrowed(request: Request, name: str, part: Sequence[str]) -> Request:
    fixed = {"sinceTimePeriod": part[0], "untilTimePeriod": part[-1]} if name == "years" else {}
    parameters = [(n, fixed.get(n, v)) for n, v in request.parameters if n != name]
    if name != "years":
        at = next(i for i, (n, _) in enumerate(request.parameters) if n == name)
        parameters[at:at] = [(name, code) for code in part]
    geos, partners = ([v for n, v in parameters if n == wanted] for wanted in ("geo", "partner"))
    since, until = (int(dict(parameters)[n]) for n in ("sinceTimePeriod", "untilTimePeriod"))
    table = request.path.rsplit("/", 1)[-1]
    return replace(request, parameters=tuple(parameters), filename=_filename(table, geos, partners, since, until))


def _raise_if_promised(words: str, where: str) -> None:
    """Raise CutAtLimit for an answer that says that the data are being prepared: it has none."""
    if _PROMISE.search(words):
        raise CutAtLimit(f"too large to be answered at once: {where}: {' '.join(words.split())[:200]}")


def _raise_if_refused(cube: dict[str, Any], where: str) -> None:
    """Raise CutAtLimit or ErrorInBody for an answer with ``error`` or ``warning`` and no cube."""
    stated = cube.get("error") or cube.get("warning")
    if stated is None or "id" in cube:
        return
    words = json.dumps(stated, ensure_ascii=False)[:300]
    if "413" in words or "TOO_BIG" in words or "ASYNCHRONOUS" in words.upper():
        raise CutAtLimit(f"more cells than Eurostat gives at once: {where}: {words}")
    raise ErrorInBody(f"Eurostat answers with an error: {where}: {words}")
