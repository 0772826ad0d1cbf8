"""Panels of provinces that others copied from NBS yearbooks: one row a province and year, a column an indicator."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tasks.archive.store import SetAside
from tasks.formats import csv_text
from tasks.sources.chn_nbs import catalogue
from warehouse.errors import LayoutChanged


@dataclass(frozen=True)
class Panel:
    """A panel: the columns that name province and year, the language of names, its title and address."""

    place: str
    year: str
    language: str
    title: str
    address: str


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
}  # fmt: skip

#: Columns of schemas.nbs.NbsPanelFigure.
COLUMNS = (
    "dataset", "nbs_name", "region", "region_level", "freq", "period", "printed_value", "printed_unit", "fact", "indicator",
    "flow", "valuation", "basis", "concept", "obs_status", "note",
)  # fmt: skip


def of_header(header: list[str], where: str) -> str | None:
    """The panel with this header; None for other headers. Raises LayoutChanged for a panel with other columns."""
    for name, panel in PANELS.items():
        columns = [panel.place, panel.year, *catalogue.panel(name)]
        common = set(columns) & set(header)
        if {panel.place, panel.year} <= common and len(common) > len(columns) // 2:
            csv_text.check_columns(header, columns, where=f"chn.nbs, {where}", what=f"the header of the panel {name}")
            return name
    return None


def rows(path: Path, name: str, where: str) -> Iterator[tuple[str | None, ...] | SetAside]:
    """Figures in the order of COLUMNS, row by row and column by column; an empty cell is not a figure.

    Those of the columns that panels.csv leaves out are set aside with the reason it gives. Raises LayoutChanged.
    """
    panel, meanings = PANELS[name], catalogue.panel(name)
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        for record in reader:
            if None in record or None in record.values():
                raise LayoutChanged(
                    f"the row has more or fewer cells than the header: {where}, line {reader.line_num}. Download the file again"
                )
            for column, meaning in meanings.items():
                value = record[column].strip()
                if value and meaning.fact == "left_out":
                    yield SetAside(f"column {column}: {meaning.note}")
                elif value:
                    yield (
                        f"nbs.panel_{name}", column, record[panel.place].strip(), "province", "A", record[panel.year].strip(),
                        value, meaning.unit, meaning.fact, meaning.indicator, meaning.flow, meaning.valuation, meaning.basis,
                        meaning.concept, "A", meaning.note,
                    )  # fmt: skip


def header(text: str) -> list[str]:
    """The cells of a text's first line."""
    return csv_text.cells(next(iter(text.splitlines()), ""))
