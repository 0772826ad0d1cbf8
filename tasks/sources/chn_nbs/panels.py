"""Panels of provinces that others copied from NBS: CSV with a row a province and year and a column an indicator, or JSON.

JSON of provinces has a list of years by the province's name, ``{"辽宁省": [{"年份": "2005", "公路里程(万公里)": 5.35}, …]}``, that of the
nation by the indicator's, ``{"公路里程(万公里)": [{"年份": "2024", "数值": 549.04}, …]}``. The columns are listed in ``panels.csv``.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tasks.archive import json_text
from tasks.archive.store import SetAside
from tasks.formats import csv_text
from tasks.sources.chn_nbs import catalogue
from warehouse.errors import LayoutChanged


@dataclass(frozen=True)
class Panel:
    """A panel: the columns that name province and year, the language of names, its title and address.

    ``place`` is None where the file is JSON; ``value`` is then the key of the figure, None where each indicator is a key.
    """

    place: str | None
    year: str
    language: str
    title: str
    address: str
    value: str | None = None


_TTC = "https://github.com/ahia11/SHU-CES---ttc-platform/blob/0a314557b30e48568fee40a63413c330d332d7f9/public/data"
PANELS = {
    "carbonemission": Panel(
        "Location", "Year", "en", "Panel of 30 Chinese provinces 1998-2019",
        "https://github.com/yaoyaoustc/carbondata/blob/9ef43aa8a2b38936623b064378295e6aba77f784/carbonemission-china.csv",
    ),
    "province_2005_2024": Panel(
        "地区", "年份", "zh", "Panel of Chinese provinces 2005-2024",
        "https://github.com/RenJiyi163/panel_data_analysis_for_thesis/blob/756964b145f2ca33ab3c2390922b91e0070a2ed4/"
        "%E5%88%86%E7%9C%81%E5%B9%B4%E5%BA%A6%E6%95%B0%E6%8D%AE_%E6%95%B4%E5%90%88.csv",
    ),
    "transport_provinces": Panel(
        None, "年份", "zh", "Panel of transport in 31 Chinese provinces 2005-2023", f"{_TTC}/merged_provincial_data.json",
    ),
    "transport_nation": Panel(
        None, "年份", "zh", "Series of transport in China 2005-2024", f"{_TTC}/yeardatas_converted.json", value="数值",
    ),
}  # fmt: skip

_REMEDY = "Download the file again; if it comes with the same keys, its author has changed them, and this version cannot read it"

#: Columns of schemas.nbs.NbsPanelFigure.
COLUMNS = (
    "dataset", "nbs_name", "region", "region_level", "freq", "period", "printed_value", "printed_unit", "fact", "indicator",
    "flow", "valuation", "basis", "concept", "obs_status", "note",
)  # fmt: skip


def of_header(header: list[str], where: str) -> str | None:
    """The panel with this header; None for other headers. Raises LayoutChanged for a panel with other columns."""
    for name, panel in PANELS.items():
        if panel.place is None:
            continue
        columns = [panel.place, panel.year, *catalogue.panel(name)]
        common = set(columns) & set(header)
        if {panel.place, panel.year} <= common and len(common) > len(columns) // 2:
            csv_text.check_columns(header, columns, where=f"chn.nbs, {where}", what=f"the header of the panel {name}")
            return name
    return None


def of_json(body: Any, where: str) -> str | None:
    """The panel that parsed JSON is; None for other JSON. Raises LayoutChanged for a panel with other keys."""
    if not _is_lists_of_years(body):
        return None
    of_a_year = list(dict.fromkeys(key for years in body.values() for year in years for key in year))
    for name, panel in PANELS.items():
        columns = list(catalogue.panel(name))
        present = of_a_year if panel.value is None else list(body)
        if panel.place is None and len(set(columns) & set(present)) > len(columns) // 2:
            what = f"a year of the panel {name}"
            if panel.value is None:
                _check_keys(of_a_year, [panel.year, *columns], what, where)
            else:
                _check_keys(present, columns, f"the panel {name}", where)
                _check_keys(of_a_year, [panel.year, panel.value], what, where)
            return name
    return None


def _check_keys(keys: list[str], expected: list[str], what: str, where: str) -> None:
    csv_text.check_columns(keys, expected, where=f"chn.nbs, {where}", what=what, remedy=_REMEDY)


def _is_lists_of_years(body: Any) -> bool:
    return (
        isinstance(body, dict)
        and bool(body)
        and all(
            isinstance(rows, list) and rows and all(isinstance(r, dict) and "年份" in r for r in rows)
            for rows in body.values()
        )
    )


def rows(path: Path, name: str, where: str) -> Iterator[tuple[str | None, ...] | SetAside]:
    """Figures in the order of COLUMNS, row by row and column by column; an empty cell is not a figure.

    Those of the columns that panels.csv leaves out are set aside with the reason it gives. Raises LayoutChanged.
    """
    panel, meanings = PANELS[name], catalogue.panel(name)
    records = _json_cells(path, panel) if panel.place is None else _csv_cells(path, panel, where)
    for region, level, year, cells in records:
        for column, value in cells.items():
            meaning = meanings[column]
            if value and meaning.fact == "left_out":
                yield SetAside(f"column {column}: {meaning.note}")
            elif value:
                yield (
                    f"nbs.panel_{name}", column, region, level, "A", year, value, meaning.unit, meaning.fact, meaning.indicator,
                    meaning.flow, meaning.valuation, meaning.basis, meaning.concept, meaning.status(year), meaning.note,
                )  # fmt: skip


#: A province or the nation with its level, the year, and the printed values by column.
_Cells = tuple[str, str, str, dict[str, str]]


def _csv_cells(path: Path, panel: Panel, where: str) -> Iterator[_Cells]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        for record in reader:
            if None in record or None in record.values():
                raise LayoutChanged(
                    f"the row has more or fewer cells than the header: {where}, line {reader.line_num}. Download the file again"
                )
            cells = {column: value.strip() for column, value in record.items()}
            yield cells.pop(panel.place or ""), "province", cells.pop(panel.year), cells


def _json_cells(path: Path, panel: Panel) -> Iterator[_Cells]:
    body = json_text.parse(path.read_text(encoding="utf-8-sig"), path.name)
    for key, years in body.items():
        for record in years:
            cells = {column: str(value).strip() for column, value in record.items() if value is not None}
            year = cells.pop(panel.year)
            if panel.value is None:
                yield key, "province", year, cells
            else:
                yield "中国", "nation", year, {key: cells[panel.value]} if panel.value in cells else {}


def header(text: str) -> list[str]:
    """The cells of a text's first line."""
    return csv_text.cells(next(iter(text.splitlines()), ""))
