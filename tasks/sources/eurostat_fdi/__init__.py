"""``eurostat.fdi``: direct investment of the EU's members with each economy: positions, flows and income (BPM6).

Tables bop_fdi6_geo, _pos, _flow and _inc: JSON-stat of the Statistics API, and SDMX-CSV of versions 1 and 2, with or without
labels. All values are million euro. https://ec.europa.eu/eurostat/web/balance-of-payments
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from schemas.eurostat import EurostatFdi
from tasks.archive.sniff import Sniffed
from tasks.archive.store import Artifact, Opened
from tasks.contract import facts
from tasks.contract.dataset import Conform, Dataset
from tasks.contract.service import Request, Selection, Service, ValidAnswer
from tasks.contract.source import Recognised, Source, sql_beside
from tasks.formats import csv_text, jsonstat
from warehouse import reference_files
from warehouse.errors import (
    CutAtLimit,
    EmptyAnswer,
    ErrorInBody,
    LayoutChanged,
    NotData,
    Unknown,
)

_TABLE = re.compile(r"\bBOP_FDI6_(GEO|POS|FLOW|INC)\b", re.IGNORECASE)
#: Dimensions by Eurostat's names; those that not all tables have are missing there.
_DIMENSIONS = {
    "freq": "estat_freq", "currency": "estat_currency", "nace_r2": "estat_nace_r2", "indic_bp": "estat_indic_bp",
    "fdi_item": "estat_fdi_item", "entity": "estat_entity", "counterp": "estat_counterp", "stk_flow": "estat_stk_flow",
    "partner": "estat_partner", "geo": "estat_geo", "time": "estat_time",
}  # fmt: skip
_NOT_ALL = ("nace_r2", "indic_bp", "entity", "counterp", "stk_flow")
#: Columns of SDMX-CSV beside the dimensions, of which TIME_PERIOD is the time.
_CSV = {
    **{k: v for k, v in _DIMENSIONS.items() if k != "time"}, "TIME_PERIOD": "estat_time", "LAST UPDATE": "estat_updated",
    "OBS_VALUE": "estat_value", "OBS_FLAG": "estat_flag", "CONF_STATUS": "estat_conf",
}  # fmt: skip
_CSV_OPTIONAL = (*_NOT_ALL, "LAST UPDATE", "OBS_FLAG", "CONF_STATUS")
#: How an answer in XML says that it is being prepared (recorded footers in SDMX-ML, code 413).
_PROMISE = re.compile(r'code="413"|large query|written to a file|asynchronous|<[^>]*queued>', re.IGNORECASE)
_FORM = ("DATAFLOW", "STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME")
_REMEDY = "Selection for the table again; if it comes the same, Eurostat has changed its dimensions and the source must follow"
_COLUMNS = ("estat_table", "estat_updated", *_DIMENSIONS.values(), "estat_value", "estat_flag", "estat_conf")

#: What is asked for: all of direct investment net, inward and outward; of each table its own items.
_ASKED: dict[str, tuple[tuple[str, str], ...]] = {
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


class EurostatFdi6(Source):
    """Direct investment of the EU."""

    id = "eurostat.fdi"
    title = "EU direct investment: positions, flows and income by partner (BPM6)"
    publisher = "Eurostat"
    licence = "CC BY 4.0 (Commission reuse decision); name Eurostat"
    redistribution = "attribution"
    documentation = "https://ec.europa.eu/eurostat/cache/metadata/en/bop_fdi6_esms.htm"
    covers = (
        "Inward and outward direct investment of the EU, its members and some neighbours by partner from 2013: positions, "
        "flows and income, by activity and instrument."
    )
    units = "Million euro, multiplied out to euro and converted with the period's rate; negative figures are real."
    forms = (
        "JSON-stat of the Statistics API for the tables bop_fdi6_geo, _pos, _flow and _inc.",
        "SDMX-CSV, version 1 or 2, with or without labels, of the same tables.",
    )
    tables = (EurostatFdi,)
    traps = (
        "Values are in millions of euro, not of dollars.",
        "Greece is EL and the United Kingdom UK here; a code that is not known gives an empty answer with status 200.",
        "About a quarter of the cells is confidential: a flag c, or CONF_STATUS C, and no value.",
        "JSON-stat leaves out empty cells: a value is found by its number, counted through all dimensions.",
        "Net figures (NI, NO) are kept apart from one side alone (LIAB, ASS), and from special purpose entities.",
        "Too large a request is answered by a promise to prepare it (status 200) or by 413: it is split.",
    )
    service = Service(url="https://ec.europa.eu/eurostat/api/dissemination", interval_seconds=1, timeout_seconds=300)

    def recognises(self, sniffed: Sniffed) -> Recognised | None:
        """A table of direct investment as JSON-stat or SDMX-CSV. Raises LayoutChanged for dimensions it does not know."""
        if sniffed.kind == "json":
            return _recognised_json(sniffed)
        return _recognised_csv(sniffed) if sniffed.kind == "text" else None

    def dataset(self, artifact: Artifact) -> Dataset:
        """The one table there is. Raises Unknown for another layout."""
        if artifact.layout not in ("json-stat", "sdmx-csv"):
            raise Unknown(f"{artifact.filename}: {self.id} knows no layout {artifact.layout!r}")
        return Dataset(EurostatFdi, (Conform(facts.FDI, sql_beside(__name__, "fdi.sql")),))

    def text(self, opened: Opened) -> str:
        """One cell a record. Raises LayoutChanged."""
        if opened.artifact.layout == "json-stat":
            return opened.table(_COLUMNS, _json_records(opened.path, opened.artifact.filename))
        return _csv_text(opened.path, opened.artifact.filename)

    def requests(self, selection: Selection) -> Iterator[Request]:
        """Flows, positions and income of reporters to Eurostat, a few at a time.

        Without reporters: of the EU and its members; without partners: with the world, China, Japan, South Korea, the
        United States, and the EU and its members. Raises Unknown.
        """
        geos = reference_files.codes_of("eurostat", _reporters(selection))
        partners = reference_files.codes_of("eurostat", selection.partners or _default_partners())
        for table, asked in _ASKED.items():
            for first in range(0, len(geos), _AT_ONCE):
                yield _request(table, asked, geos[first : first + _AT_ONCE], partners, selection.first, selection.last)

    def judge(self, request: Request, answer: Sniffed) -> ValidAnswer:
        """JSON-stat of the table that was asked for, with cells. Raises the faults of a publisher."""
        if answer.kind == "html":
            raise NotData(f"{request.path}: HTML came instead of JSON")
        if answer.kind != "json":
            _raise_if_promised(request, answer.text)
            raise NotData(f"{request.path}: {answer.kind} came instead of JSON")
        found = answer.json
        if not isinstance(found, dict):
            raise NotData(f"{request.path}: the JSON is cut or damaged")
        _raise_if_refused(request, found)
        what = _recognised_json(answer)
        if what is None or str(found.get("extension", {}).get("id", "")).lower() != request.path.rsplit("/", 1)[-1]:
            raise LayoutChanged(f"{request.path}: JSON, but not the table that was asked for")
        cells = [c.codes for c in jsonstat.cells(found, request.path)]
        if not cells:
            raise EmptyAnswer(
                f"{request.path}: no cell has a value or a flag; a code that Eurostat does not know gives this"
            )
        return ValidAnswer(rows=len(cells), stamp=what.stamp)

    def judge_status(self, request: Request, status: int, words: str) -> ValidAnswer | None:
        """413 where more is asked for than is given at once."""
        if status == 413 or "EXTRACTION_TOO_BIG" in words:
            raise CutAtLimit(f"{request.path}: more cells than Eurostat gives at once: {words[:200]}")
        return None

    def split(self, request: Request) -> tuple[Request, ...]:
        """Half of the reporters each, then half of the years, then half of the partners; nothing if there is but one of all."""
        for name in ("geo", "years", "partner"):
            if parts := _halves(request, name):
                return parts
        return ()


def _recognised_json(sniffed: Sniffed) -> Recognised | None:
    if '"dataset"' not in sniffed.text[:2000] or (
        sniffed.size <= len(sniffed.head) and not _TABLE.search(sniffed.text)
    ):
        return None  # no JSON-stat, or another table: not worth parsing
    cube = sniffed.json
    if not isinstance(cube, dict) or cube.get("class") != "dataset":
        return None
    table = _table(cube)
    if table is None:
        return None
    names = list(jsonstat.dimensions(cube, sniffed.filename))
    _check_dimensions(names, sniffed.filename)
    updated = str(cube.get("updated") or "") or None
    return Recognised("json-stat", f"Eurostat, {table}, updated {updated or 'at a time it does not say'}", updated)


def _recognised_csv(sniffed: Sniffed) -> Recognised | None:
    if len(sniffed.lines) < 2 or not _TABLE.search(sniffed.lines[1]):
        return None
    header = csv_text.cells(sniffed.lines[0])
    if not {"TIME_PERIOD", "OBS_VALUE"} <= set(header):
        return None
    _check_header(header, sniffed.filename)
    record = dict(zip(header, csv_text.cells(sniffed.lines[1]), strict=False))
    found = _TABLE.search(sniffed.lines[1])
    table = found[0].lower() if found else ""
    return Recognised("sdmx-csv", f"Eurostat, {table} (SDMX-CSV)", record.get("LAST UPDATE"))


def _table(cube: dict[str, Any]) -> str | None:
    """The code of a cube's table, if it is one of direct investment."""
    found = _TABLE.fullmatch(str(cube.get("extension", {}).get("id", "")))
    return found[0].lower() if found else None


def _json_records(path: Path, where: str) -> Iterator[tuple[str | None, ...]]:
    """The cells of a JSON-stat file as records of _COLUMNS. Numbers stay as they are printed."""
    cube = json.loads(path.read_text(encoding="utf-8-sig"), parse_float=str, parse_int=str)
    table, updated = _table(cube), cube.get("updated")
    names = list(jsonstat.dimensions(cube, where))
    _check_dimensions(names, where)
    for cell in jsonstat.cells(cube, where):
        codes = dict(zip(names, cell.codes, strict=True))
        yield table, updated, *(codes.get(name) for name in _DIMENSIONS), cell.value, cell.status, None


def _csv_text(path: Path, where: str) -> str:
    header = csv_text.cells(csv_text.first_line(path))
    _check_header(header, where)
    dataflow = header.index("STRUCTURE_ID" if "STRUCTURE_ID" in header else "DATAFLOW")
    positions = {ours: header.index(name) if name in header else None for name, ours in _CSV.items()}
    columns = {name: dataflow if name == "estat_table" else positions[name] for name in _COLUMNS}
    return (
        "(SELECT * REPLACE (lower(regexp_extract(estat_table, '(?i)BOP_FDI6_[A-Z]+')) AS estat_table) "
        f"FROM {csv_text.select(path, len(header), columns)})"
    )


def _check_header(header: Sequence[str], where: str) -> None:
    csv_text.check_columns(
        _of_codes(header), [n for n in _CSV if n not in _CSV_OPTIONAL], _CSV_OPTIONAL, where=f"eurostat.fdi, {where}"
    )


def _check_dimensions(names: Sequence[str], where: str) -> None:
    csv_text.check_columns(
        names, [n for n in _DIMENSIONS if n not in _NOT_ALL], _NOT_ALL, where=f"eurostat.fdi, {where}",
        what="the cube", remedy=_REMEDY,
    )  # fmt: skip


def _of_codes(header: Sequence[str]) -> list[str]:
    """The columns that are not of the form itself, nor of labels, which are in words (``Time frequency``)."""
    return [n for n in header if n not in _FORM and (n in _CSV or n == n.lower() or n == n.upper())]


def _reporters(selection: Selection) -> tuple[str, ...]:
    """Those asked for that report to Eurostat; by default the EU and its members. Raises Unknown."""
    members = reference_files.members("EU27_2020")
    wanted = selection.reporters or ("EU27_2020", *members)
    found = tuple(p for p in wanted if p in members or p in _ALSO_REPORT or p in _GROUPS)
    if not found:
        raise Unknown(f"{', '.join(wanted)} does not report direct investment to Eurostat")
    return found


def _default_partners() -> tuple[str, ...]:
    return ("WLD", "CHN", "JPN", "KOR", "USA", "EU27_2020", *reference_files.members("EU27_2020"))


def _request(
    table: str, asked: tuple[tuple[str, str], ...], geos: Sequence[str], partners: Sequence[str], first: int, last: int
) -> Request:
    return Request(
        path=f"/statistics/1.0/data/{table}", filename=_filename(table, geos, partners, first, last),
        parameters=(
            ("format", "JSON"), ("lang", "en"), ("freq", "A"), ("currency", "MIO_EUR"), ("nace_r2", "FDI"), ("entity", "TOTAL"),
            *asked, *(("geo", g) for g in geos), *(("partner", p) for p in partners),
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


def _raise_if_promised(request: Request, words: str) -> None:
    """An XML or JSON that says the answer is being prepared has no data."""
    if _PROMISE.search(words):
        raise CutAtLimit(f"{request.path}: too large to be answered at once: {' '.join(words.split())[:200]}")


def _raise_if_refused(request: Request, found: dict[str, Any]) -> None:
    """An answer with ``error`` or ``warning`` and no cube: too much was asked for, or something that is not there."""
    stated = found.get("error") or found.get("warning")
    if stated is None or "id" in found:
        return
    words = json.dumps(stated, ensure_ascii=False)[:300]
    if "413" in words or "TOO_BIG" in words or "ASYNCHRONOUS" in words.upper():
        raise CutAtLimit(f"{request.path}: more cells than Eurostat gives at once: {words}")
    raise ErrorInBody(f"{request.path}: {words}")


SOURCE = EurostatFdi6()
