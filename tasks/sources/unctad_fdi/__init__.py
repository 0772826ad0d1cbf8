"""``unctad.fdi``: UNCTAD's inflows, outflows and stocks of foreign direct investment of every economy.

Two publications: the annex tables of the World Investment Report, one edition a year, as workbooks or as CSV in the form
of UNCTAD's infovis team; and UNCTADstat's bulk file, a .7z with one CSV, whose version its metadata tell.
All amounts are million US dollars at current prices.
"""

import csv
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from schemas.unctad import FdiFlowsStock, WirAnnex
from tasks.archive import containers
from tasks.archive.sniff import Sniffed
from tasks.archive.store import Artifact, Opened
from tasks.contract import facts
from tasks.contract.dataset import Conform, Dataset
from tasks.contract.service import Request, Selection, Service, ValidAnswer
from tasks.contract.source import Recognised, Source, sql_beside
from tasks.sources.unctad_fdi import annex
from warehouse import sql
from warehouse.errors import ArchiveRefused, EmptyAnswer, LayoutChanged, NotData, ServiceRefused, Unknown

_DATASET = "US.FdiFlowsStock"
_FIXED = ("level", "type", "Region/economy")
#: The first year of a table that has all years.
_FIRST_YEAR = 1990
_DIRECTION = re.compile(r"(inflow|outflow)s?", re.IGNORECASE)
_EDITION = re.compile(r"WIR[ _-]?(\d{4})", re.IGNORECASE)

#: Columns of the bulk file, by their names in lower case: those of today and those of 2020.
_BULK = {
    "year": ("year",),
    "unctad_economy": ("economy",),
    "unctad_economy_label": ("economy label",),
    "unctad_flow": ("flow", "mode"),
    "unctad_flow_label": ("flow label", "mode label"),
    "unctad_direction": ("direction",),
    "unctad_direction_label": ("direction label",),
    "unctad_million_usd": ("us$ at current prices in millions", "us dollars at current prices in millions"),
    "unctad_footnote": (
        "us$ at current prices in millions footnote",
        "us dollars at current prices in millions footnote",
    ),
    "unctad_missing": (
        "us$ at current prices in millions missing value",
        "us dollars at current prices in millions missing value",
    ),
}
#: Files of 2020 have no column for why a value is missing.
_OPTIONAL = ("unctad_footnote", "unctad_missing")
#: Figures the file computes from the amounts, and their footnotes.
_COMPUTED = re.compile(r"(us\$ at current prices per capita|us dollars at current prices per capita|percentage of) ?.*")


class UnctadFdi(Source):
    """World Investment Report and UNCTADstat."""

    id = "unctad.fdi"
    title = "Foreign direct investment: World Investment Report annex tables and UNCTADstat"
    publisher = "UN Trade and Development (UNCTAD)"
    licence = "CC BY 3.0 IGO; name UNCTAD"
    redistribution = "attribution"
    documentation = "https://unctadstat.unctad.org/datacentre/reportInfo/US.FdiFlowsStock"
    covers = (
        "Inward and outward flows and stocks of direct investment of about 200 economies and UNCTAD's own groups of them, "
        "with the world as counterpart: from 1970 in UNCTADstat, from 1990 in the annex tables."
    )
    units = "Million US dollars at current prices, multiplied out to dollars; negative flows are real."
    forms = (
        "Annex tables of the World Investment Report as xls or xlsx: by their titles.",
        "The same as CSV: Region/economy, then years; the file's name says whether it is inflows or outflows.",
        "UNCTADstat's bulk CSV of FDI flows and stock, also in its 7z.",
    )
    tables = (WirAnnex, FdiFlowsStock)
    traps = (
        "China's inflow is not the balance of payments' (2012: 121.07 against 241.2 billion dollars): the concept is unctad.",
        "Each report revises all earlier years (Japan's inflow of 2021: 24.7 billion in 2022, 34.3 billion in 2024).",
        "The CSV form of the annex tables writes 0 also where UNCTAD has no figure: such a 0 is kept as missing.",
        "The CSV form does not say whether it is inflows or outflows; the file's name must.",
        "Regions and economies stand in one column; regions are groups here and must not be added to their members.",
        "The European Union of the annex tables is that of 27 members in all years (from the report of 2021 on).",
        "UNCTADstat's codes of groups, but for 0000 World, are not on our list yet: their rows are quarantined by code.",
    )
    service = Service(
        url="https://unctadstat-api.unctad.org", interval_seconds=10, hourly=10, daily=20, timeout_seconds=600
    )

    def recognises(self, sniffed: Sniffed) -> Recognised | None:
        """An annex table or the bulk CSV. Raises LayoutChanged for one that does not say what is needed to read it."""
        if sniffed.kind in ("xls", "xlsx"):
            return _recognised_workbook(sniffed)
        if sniffed.kind != "text":
            return None
        cells = _cells(sniffed.lines[0] if sniffed.lines else "")
        if "Region/economy" in cells:
            return _recognised_csv(sniffed, cells)
        if _looks_like_bulk(cells):
            _bulk_columns(cells, sniffed.filename)
            return Recognised("bulk", "UNCTADstat, FDI flows and stock (bulk file)")
        return None

    def dataset(self, artifact: Artifact) -> Dataset:
        """The annex table or the bulk file. Raises Unknown for a layout that is neither."""
        layout = artifact.layout or ""
        if layout.startswith("wir."):
            conform = Conform(facts.FDI, sql_beside(__name__, "wir.sql"))
            # A workbook may have but the last six years, and says nothing of the others.
            return Dataset(WirAnnex, (conform,), is_complete=layout in ("wir.inflows", "wir.outflows"))
        if layout == "bulk":
            # A third of the file is groups of UNCTAD's own, which are quarantined by their codes.
            conform = Conform(facts.FDI, sql_beside(__name__, "bulk.sql"))
            return Dataset(FdiFlowsStock, (conform,), max_bad_share=0.5)
        raise Unknown(f"{artifact.filename}: {self.id} knows no layout {artifact.layout!r}")

    def text(self, opened: Opened) -> str:
        """One figure a record; empty cells of an annex table are no figures. Raises LayoutChanged."""
        layout, name = opened.artifact.layout, opened.artifact.filename
        if layout == "wir.workbook":
            return opened.table(annex.COLUMNS, annex.figures(opened.path, name))
        cells = _header(opened.path)
        return _bulk_text(opened.path, cells, name) if layout == "bulk" else _wir_text(opened, cells)

    def requests(self, selection: Selection) -> Iterator[Request]:  # noqa: ARG002
        """The version of the bulk file, which leads to the file: it has all economies and years, whatever is asked."""
        yield Request(
            path=f"/api/reportMetadata/{_DATASET}/en", filename=f"{_DATASET}.metadata.json",
            accept="application/json", context=(("kind", "metadata"),),
        )  # fmt: skip

    def judge(self, request: Request, answer: Sniffed) -> ValidAnswer:
        """The metadata by their version; the bulk file by its magic bytes, its one CSV, its header and its lines."""
        if answer.kind == "html":
            raise NotData(f"{request.path}: HTML came instead of data")
        if dict(request.context).get("kind") == "metadata":
            version = _version(answer.json)
            if version is None:
                raise LayoutChanged(f"{request.path}: the metadata do not name a version")
            bulk = Request(
                path=f"/bulkdownload/{_DATASET}/{_DATASET.replace('.', '_')}", filename=f"{_DATASET.replace('.', '_')}.7z",
                stamp=version,
            )  # fmt: skip
            return ValidAnswer(rows=0, stamp=version, following=(bulk,), is_kept=False)
        if answer.kind != "7z":
            raise NotData(f"{request.path}: not a .7z archive, but {answer.kind}")
        return ValidAnswer(rows=_rows_of_archive(answer.path, request.path), stamp=request.stamp)

    def judge_status(self, request: Request, status: int, words: str) -> ValidAnswer | None:
        """404 where the bulk file has moved, as it did once."""
        if status == 404:
            raise ServiceRefused(
                f"{request.path}: UNCTADstat has no such file any more; see {self.documentation}: {words[:200]}"
            )
        return None


def _recognised_csv(sniffed: Sniffed, cells: list[str]) -> Recognised:
    """An annex table as CSV. Raises LayoutChanged for another header, or a name that does not say which table it is."""
    edition = _csv_edition(cells, sniffed.filename)
    found = {m.lower() for m in _DIRECTION.findall(sniffed.filename)}
    if len(found) != 1:
        raise LayoutChanged(
            f"{sniffed.filename}: an annex table of the World Investment Report, but neither it nor its name says whether "
            "it is inflows or outflows, as in WIR2024_tab01_fdi-inflows.csv"
        )
    (direction,) = found
    return Recognised(
        f"wir.{direction}s", f"World Investment Report {edition}, annex table: FDI {direction}s", f"WIR{edition}"
    )


def _csv_edition(cells: list[str], filename: str) -> int:
    """The year of the report: the one after the last column. Raises LayoutChanged if the header or the name differ."""
    years = cells[len(_FIXED) :]
    wanted = [str(_FIRST_YEAR + n) for n in range(len(years))]
    if tuple(cells[: len(_FIXED)]) != _FIXED or years != wanted or not years:
        raise LayoutChanged(
            f"{filename}: the header of an annex table is {', '.join(_FIXED)} and the years from {_FIRST_YEAR} on; it is "
            f"{', '.join(cells[:4])} … {cells[-1]}"
        )
    edition = int(years[-1]) + 1
    named = _EDITION.search(filename)
    if named and int(named[1]) != edition:
        raise LayoutChanged(
            f"{filename}: the name says World Investment Report {named[1]}, but the table ends in {years[-1]}"
        )
    return edition


def _recognised_workbook(sniffed: Sniffed) -> Recognised | None:
    if not sniffed.sheets and _EDITION.search(sniffed.filename):
        raise LayoutChanged(f"{sniffed.filename}: the workbook is damaged: none of its sheets can be read")
    found = [
        h for name, rows in sniffed.sheets.items() if (h := annex.header(rows, f"{sniffed.filename}, sheet {name}"))
    ]
    if not found:
        return None
    reports = sorted({h.report for h in found})
    if len(reports) > 1:
        raise LayoutChanged(f"{sniffed.filename}: annex tables of several reports: {', '.join(map(str, reports))}")
    tables = ", ".join(sorted({table for h in found for table, _ in h.columns.values()}))
    return Recognised(
        "wir.workbook", f"World Investment Report {reports[0]}, annex table: {tables}", f"WIR{reports[0]}"
    )


def _wir_text(opened: Opened, cells: list[str]) -> str:
    edition = _csv_edition(cells, opened.artifact.filename)
    table = f"FDI {(opened.artifact.layout or '').removeprefix('wir.')}"
    columns = {"level": "VARCHAR", "type": "VARCHAR", "wir_economy": "VARCHAR"} | dict.fromkeys(cells[3:], "VARCHAR")
    return (
        f"(SELECT '{edition}' AS wir_report, '{table}' AS wir_table, CAST(wir_line AS VARCHAR) AS wir_line, wir_economy, "
        "CAST(year AS VARCHAR) AS year, unctad_million_usd, 'true' AS wir_zero_is_open, CAST(NULL AS VARCHAR) AS unctad_footnote FROM ("
        f"UNPIVOT (SELECT row_number() OVER () + 1 AS wir_line, * FROM {_read_csv(opened.path, ',', columns)}) "
        "ON COLUMNS(* EXCLUDE (wir_line, level, type, wir_economy)) INTO NAME year VALUE unctad_million_usd))"
    )


def _bulk_text(path: Path, cells: list[str], filename: str) -> str:
    found = _bulk_columns(cells, filename)
    delimiter = ";" if _first_line(path).count(";") > _first_line(path).count(",") else ","
    numbered = {f"c{n}": "VARCHAR" for n in range(len(cells))}
    chosen = ", ".join(
        f"nullif(trim(c{found[name]}), '') AS {name}" if name in found else f"CAST(NULL AS VARCHAR) AS {name}"
        for name in _BULK
    )
    return f"(SELECT {chosen} FROM {_read_csv(path, delimiter, numbered)})"


def _read_csv(path: Path, delimiter: str, columns: dict[str, str]) -> str:
    """A FROM clause with nothing left to guess; names are ours, the header was compared before."""
    named = ", ".join(f"{sql.quoted(name)}: {sql.quoted(kind)}" for name, kind in columns.items())
    return (
        f"read_csv({sql.quoted(str(path))}, auto_detect = false, header = true, columns = {{{named}}}, delim = {sql.quoted(delimiter)}, "
        "quote = '\"', escape = '\"', nullstr = '', comment = '', skip = 0, encoding = 'utf-8')"
    )


def _looks_like_bulk(cells: list[str]) -> bool:
    names = {c.strip().lower() for c in cells}
    return {"economy", "economy label", "direction"} <= names and any("at current prices" in n for n in names)


def _bulk_columns(cells: list[str], filename: str) -> dict[str, int]:
    """Where each column we keep stands. Raises LayoutChanged if one is missing, stands twice, or one is unknown."""
    names = [c.strip().lower() for c in cells]
    found: dict[str, int] = {}
    for at, name in enumerate(names):
        ours = next((k for k, forms in _BULK.items() if name in forms), None)
        if ours in found or (ours is None and not _COMPUTED.fullmatch(name)):
            raise LayoutChanged(f"{filename}: the header has the unknown or repeated {cells[at]!r}")
        if ours is not None:
            found[ours] = at
    missing = [forms[0] for k, forms in _BULK.items() if k not in found and k not in _OPTIONAL]
    if missing:
        raise LayoutChanged(f"{filename}: the header lacks {', '.join(missing)}")
    return found


def _first_line(path: Path) -> str:
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        return file.readline()


def _header(path: Path) -> list[str]:
    return _cells(_first_line(path))


def _cells(line: str) -> list[str]:
    line = line.lstrip("\ufeff").rstrip("\r\n")
    delimiter = ";" if line.count(";") > line.count(",") else ","
    return next(csv.reader([line], delimiter=delimiter), [])


def _version(found: object) -> str | None:
    """The first version named anywhere in the metadata."""
    if isinstance(found, dict):
        for name, value in found.items():
            if str(name).lower() == "version" and isinstance(value, str) and value.strip():
                return value.strip()
        values: list[object] = list(found.values())
    else:
        values = found if isinstance(found, list) else []
    return next((version for value in values if (version := _version(value))), None)


def _rows_of_archive(path: Path, where: str) -> int:
    """Records of the one CSV of a bulk archive. Raises NotData, LayoutChanged, EmptyAnswer."""
    try:
        names = [m.name for m in containers.members(path, where)]
        if len(names) != 1:
            raise LayoutChanged(f"{where}: the archive has {len(names)} files, not one: {', '.join(names)}")
        with tempfile.TemporaryDirectory(prefix="judge-", dir=path.parent) as folder:
            member = Path(folder) / "member"
            containers.unpack(path, names[0], member)
            cells = _header(member)
            if not _looks_like_bulk(cells):
                raise LayoutChanged(f"{where}: {names[0]} is not the bulk file of FDI: {', '.join(cells[:5])}")
            _bulk_columns(cells, where)
            with member.open("rb") as file:
                rows = sum(1 for line in file if line.strip()) - 1
    except ArchiveRefused as fault:
        raise NotData(f"{where}: {fault}") from fault
    if rows < 1:
        raise EmptyAnswer(f"{where}: the bulk file has no records")
    return rows


SOURCE = UnctadFdi()
