"""Japan Customs' commodity tables: nine-digit codes, with or without country, a year and direction per file.

A record has a triplet of two quantities and a value for each month and for the year so far
(https://www.customs.go.jp/toukei/info/tsdl_e.htm). Which months are published, and at which stage, is stated in the title a
file is fetched under (``stages``); without one, months up to the last one with any value are taken as published, and the
stage is unknown. Nil in a published month is nil.
"""

import codecs
import csv
from dataclasses import dataclass
from pathlib import Path

from tasks.archive.store import Opened
from tasks.contract.source import RefusedForm, render_beside
from tasks.formats import csv_text
from tasks.sources.jpn_customs import stages
from tasks.sources.jpn_customs.stages import MONTHS
from warehouse.errors import LayoutChanged

_TRIPLET = ("Quantity1", "Quantity2", "Value")
_FIGURES = tuple(f"{figure}-{month}" for month in ("Year", *MONTHS) for figure in _TRIPLET)
_KEYS = {
    "commodity_by_country": ("Exp or Imp", "Year", "HS", "Country", "Unit1", "Unit2"),
    "commodity": ("Exp or Imp", "Year", "HS", "Unit1", "Unit2"),
}
LAYOUTS = tuple(_KEYS)
_HEADERS = {layout: (*keys, *_FIGURES) for layout, keys in _KEYS.items()}


BY_OFFICE = RefusedForm(
    "Tables by customs office",
    "for they repeat the national figures",
    "Use the commodity or the commodity-by-country table",
)


def is_table(first_line: str) -> bool:
    """Whether a line begins like the header of a commodity table."""
    return first_line.lstrip("\ufeff").startswith(('"Exp or Imp"', "Exp or Imp"))


def layout_of(header: str, filename: str) -> str:
    """The layout a header line has. Raises LayoutChanged if it is not one of LAYOUTS."""
    columns = csv_text.cells(header)
    for layout, known in _HEADERS.items():
        if tuple(columns) == known:
            return layout
    if "Custom" in columns:
        raise BY_OFFICE.fault(f"jpn.customs, {filename}")
    raise LayoutChanged(
        f"the columns are not those of the commodity tables: {filename}. They begin {', '.join(columns[:12])} …"
    )


def relation(opened: Opened) -> str:
    """A FROM clause: each record once for the year so far (month 0) and once for each published month.

    Raises LayoutChanged for text in another encoding than UTF-8 or CP932.
    """
    path = opened.scratch / "commodity.csv"
    last_months = _transcribe(opened.path, path)
    known = stages.parse(opened.artifact.publisher_stamp or opened.artifact.filename)
    by_direction = {flow: months for flow in ("1", "2") if (months := _published(flow, known, last_months))}
    otherwise = _Month(0, last_months.get("1") or last_months.get("2") or 1, None)
    query = render_beside(
        __package__ or "",
        "months.sql",
        records=csv_text.relation(path),
        has_country="Country" in _KEYS[opened.artifact.layout or ""],
        by_direction=by_direction,
        otherwise=otherwise,
    )
    return f"({query})"


@dataclass(frozen=True)
class _Month:
    """A published month (0: the year so far), the last published one, and the stage of release if it is known."""

    number: int
    last: int
    stage: str | None

    @property
    def heading(self) -> str:
        """What the columns of the month have in their names."""
        return MONTHS[self.number - 1] if self.number else "Year"


def _published(flow: str, known: dict[tuple[str, int], str], last_months: dict[str, int]) -> list[_Month]:
    """The year so far and the published months of a direction; none if nothing is published.

    The year so far has the stage of its last month.
    """
    last = max((month for direction, month in known if direction == flow), default=0) or last_months.get(flow, 0)
    return [_Month(month, last, known.get((flow, month or last))) for month in range(last + 1 if last else 0)]


def _transcribe(source: Path, target: Path) -> dict[str, int]:
    """Write the table in UTF-8; return the last month with any value by direction.

    The files are UTF-8 with a byte order mark, or CP932. Raises LayoutChanged for text that is neither.
    """
    with source.open("rb") as file:
        encoding = "utf-8-sig" if file.read(3) == codecs.BOM_UTF8 else "cp932"
    try:
        with source.open(encoding=encoding, newline="") as file, target.open("w", encoding="utf-8", newline="") as copy:
            copy.writelines(file)
    except UnicodeDecodeError as fault:
        raise LayoutChanged(f"neither UTF-8 nor CP932: {source.name} ({fault})") from fault
    return _last_months(target)


def _last_months(path: Path) -> dict[str, int]:
    """The last month with any value, by direction."""
    last: dict[str, int] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for record in csv.DictReader(file):
            flow = (record["Exp or Imp"] or "").strip()
            for month in range(12, last.get(flow, 0), -1):
                if (record.get(f"Value-{MONTHS[month - 1]}") or "0").strip().strip("0"):
                    last[flow] = month
                    break
    return last
