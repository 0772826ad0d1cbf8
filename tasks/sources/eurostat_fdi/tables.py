"""Eurostat's tables of direct investment, as JSON-stat of the Statistics API, as SDMX-CSV and as TSV.

Tables bop_fdi6_geo, _pos, _flow and _inc; SDMX-CSV of versions 1 and 2, with or without labels.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tasks.archive import json_text
from tasks.archive.sniff import Sniffed
from tasks.contract.source import Recognised
from tasks.formats import csv_text, jsonstat
from warehouse.errors import LayoutChanged

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
#: Columns of SDMX-CSV that name the structure.
_FORM = ("DATAFLOW", "STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME")
_REMEDY = (
    "Download the table again; if it comes the same, Eurostat has changed its dimensions and the source must follow"
)
COLUMNS = ("estat_table", "estat_updated", *_DIMENSIONS.values(), "estat_value", "estat_flag", "estat_conf")


def recognised_json(sniffed: Sniffed) -> Recognised | None:
    """A JSON-stat cube of direct investment; None for others. Raises LayoutChanged for other dimensions."""
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
    return Recognised("json-stat", f"Eurostat, {table}, updated {updated or 'at an unknown time'}", updated)


def recognised_csv(sniffed: Sniffed) -> Recognised | None:
    """SDMX-CSV of direct investment; None for other text. Raises LayoutChanged for other columns."""
    table = _TABLE.search(sniffed.lines[1]) if len(sniffed.lines) > 1 else None
    if not table:
        return None
    header = csv_text.cells(sniffed.lines[0])
    if not {"TIME_PERIOD", "OBS_VALUE"} <= set(header):
        return None
    _check_header(header, sniffed.filename)
    record = dict(zip(header, csv_text.cells(sniffed.lines[1]), strict=False))
    return Recognised("sdmx-csv", f"Eurostat, {table[0].lower()} (SDMX-CSV)", record.get("LAST UPDATE"))


def recognised_tsv(sniffed: Sniffed) -> Recognised | None:
    """TSV of direct investment; None for other text. Raises LayoutChanged for other dimensions, and a name without the table's."""
    header = sniffed.lines[0].split("\t") if sniffed.lines else [""]
    names = _tsv_dimensions(header[0])
    if "fdi_item" not in names or len(header) < 2:
        return None
    _check_dimensions([*names, "time"], sniffed.filename)
    table = _tsv_table(sniffed.filename)
    return Recognised("tsv", f"Eurostat, {table} (TSV)")


def _tsv_dimensions(first: str) -> list[str]:
    """The dimensions in the first cell of a TSV's header, ``freq,unit,geo\\TIME_PERIOD``; none where it has another form."""
    names, _, time = first.strip().partition("\\")
    return names.split(",") if time.lower() in ("time_period", "time") else []


def _tsv_table(filename: str) -> str:
    """The table that a TSV's name has. Raises LayoutChanged for one without."""
    match = re.search(r"bop_fdi6_(geo|pos|flow|inc)", filename, re.IGNORECASE)
    if match is None:
        raise LayoutChanged(
            f"a TSV of Eurostat's direct investment does not say which table it is: eurostat.fdi, {filename}. Name it as Eurostat does, "
            "such as bop_fdi6_pos.tsv"
        )
    return match[0].lower()


def tsv_records(path: Path, where: str) -> Iterator[tuple[str | None, ...]]:
    """The cells of a TSV as records of COLUMNS: ``100.5 b`` is a value with a flag, ``: c`` a flag alone, ``:`` no cell."""
    table = _tsv_table(where)
    with path.open(encoding="utf-8-sig", newline="") as file:
        header = file.readline().rstrip("\r\n").split("\t")
        names, periods = _tsv_dimensions(header[0]), [cell.strip() for cell in header[1:]]
        for number, line in enumerate(file, 2):
            cells = line.rstrip("\r\n").split("\t")
            codes = cells[0].split(",")
            if len(cells) != len(header) or len(codes) != len(names):
                raise LayoutChanged(
                    f"the line has {len(cells)} cells and {len(codes)} codes, the header {len(header)} and {len(names)}: "
                    f"eurostat.fdi, {where}, line {number}. Download the file again"
                )
            key = dict(zip(names, (code.strip() for code in codes), strict=True))
            for period, cell in zip(periods, cells[1:], strict=True):
                value, _, flag = cell.strip().partition(" ")
                if value not in ("", ":") or flag.strip():
                    stated = {**key, "time": period}
                    yield (
                        table, None, *(stated.get(name) for name in _DIMENSIONS), None if value == ":" else value,
                        flag.strip().replace(" ", "") or None, None,
                    )  # fmt: skip


def _table(cube: dict[str, Any]) -> str | None:
    """The code of a cube's table, if it is one of direct investment."""
    match = _TABLE.fullmatch(str(cube.get("extension", {}).get("id", "")))
    return match[0].lower() if match else None


def json_records(path: Path, where: str) -> Iterator[tuple[str | None, ...]]:
    """The cells of a JSON-stat file as records of COLUMNS. Numbers stay as they are printed."""
    cube = json_text.parse(path.read_text(encoding="utf-8-sig"), path.name)
    table, updated = _table(cube), cube.get("updated")
    names = list(jsonstat.dimensions(cube, where))
    _check_dimensions(names, where)
    for cell in jsonstat.cells(cube, where):
        codes = dict(zip(names, cell.codes, strict=True))
        yield table, updated, *(codes.get(name) for name in _DIMENSIONS), cell.value, cell.status, None


def csv_records(path: Path, where: str) -> str:
    """A FROM clause of the records of SDMX-CSV, with COLUMNS. Raises LayoutChanged."""
    header = csv_text.cells(csv_text.first_line(path))
    _check_header(header, where)
    dataflow = header.index("STRUCTURE_ID" if "STRUCTURE_ID" in header else "DATAFLOW")
    positions = {ours: header.index(name) if name in header else None for name, ours in _CSV.items()}
    columns = {name: dataflow if name == "estat_table" else positions[name] for name in COLUMNS}
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
