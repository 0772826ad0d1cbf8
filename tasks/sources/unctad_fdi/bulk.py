"""UNCTADstat's bulk file of FDI flows and stock (US_FdiFlowsStock), a CSV in a .7z: one record per figure.

Names of columns have changed since 2020, when semicolons were used instead of commas and there was no column for why a value is missing.
"""

import csv
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from tasks.archive.store import Opened
from tasks.formats import csv_text
from tasks.sources._shared import workbooks
from warehouse import reference_files, sql

#: Our columns, with the names they have in the file in lower case: today's first, then those of 2020.
_NAMES = {
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
#: Digits of codes, of which spreadsheets drop the noughts at the beginning.
_DIGITS = {"unctad_economy": 3, "unctad_flow": 2}
#: Why a row is set aside.
_NOT_APPLICABLE = "no figure, marked Not applicable: the row of the predecessor or successor has the year's figure"
_OPTIONAL = ("unctad_footnote", "unctad_missing")
_TODAY = {name: names[0] for names in _NAMES.values() for name in names}
#: Figures the file computes from the amounts, and their footnotes.
_COMPUTED = re.compile(r"(us\$ at current prices per capita|us dollars at current prices per capita|percentage of) ?.*")


def header_of(line: str) -> list[str]:
    """The cells of a header line, whose delimiter is a comma or a semicolon."""
    return csv_text.cells(line, _delimiter(line))


def is_table(header: Sequence[str]) -> bool:
    """Whether a header is that of the bulk file, or almost."""
    names = {cell.strip().lower() for cell in header}
    return {"economy", "economy label", "direction"} <= names and any("at current prices" in n for n in names)


def check_header(header: Sequence[str], where: str) -> None:
    """Raise LayoutChanged if a column that is kept is missing or there twice, or a column is unknown."""
    names = [name for name in _names_of_today(header) if not _COMPUTED.fullmatch(name.lower())]
    required = [names[0] for ours, names in _NAMES.items() if ours not in _OPTIONAL]
    csv_text.check_columns(names, required, [_NAMES[ours][0] for ours in _OPTIONAL], where=where)


def header_of_sheets(sheets: dict[str, list[list[Any]]]) -> list[str]:
    """The first row of the first sheet, as text."""
    rows = next(iter(sheets.values()), [])
    return [workbooks.text(cell) for cell in rows[0]] if rows else []


def as_text(opened: Opened, filename: str) -> Path:
    """The first sheet of a workbook as CSV, codes with all their digits. Raises LayoutChanged."""
    rows = next(iter(workbooks.sheets(opened.path, filename).values()), [])
    header = [workbooks.text(cell) for cell in rows[0]] if rows else []
    names = _names_of_today(header)
    digits = {names.index(_NAMES[ours][0]): most for ours, most in _DIGITS.items() if _NAMES[ours][0] in names}
    path = opened.scratch / "bulk.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for row in rows[1:]:
            cells = [workbooks.text(cell) for cell in row]
            writer.writerow([cell.zfill(digits[at]) if at in digits else cell for at, cell in enumerate(cells)])
    return path


def relation(opened: Opened, path: Path, filename: str) -> str:
    """A FROM clause of the records in our columns. Raises LayoutChanged for another header.

    Of predecessor and successor (Indonesia to 2002 and today's) the file has a row each in every year, of which one is empty and
    "Not applicable": such a row says nothing of the place, and is set aside.
    """
    line = csv_text.first_line(path)
    header = header_of(line)
    check_header(header, filename)
    names = _names_of_today(header)
    positions = {ours: names.index(forms[0]) if forms[0] in names else None for ours, forms in _NAMES.items()}
    records = csv_text.select(path, len(header), positions, delimiter=_delimiter(line))
    opened.chosen_from[_NOT_APPLICABLE] = records
    codes = ", ".join(map(sql.quoted, _codes_of_shared_places()))
    says_nothing = (
        f"unctad_million_usd IS NULL AND lower(unctad_missing) = 'not applicable' AND unctad_economy IN ({codes})"
    )
    return f"(SELECT * FROM {records} WHERE ({says_nothing}) IS NOT TRUE)"


@cache
def _codes_of_shared_places() -> tuple[str, ...]:
    """The codes of economies that mean the same place as another code: predecessor and successor."""
    places: dict[str, list[str]] = {}
    for row in reference_files.rows("place_codes.csv"):
        if row["scheme"] == "unctad" and row["code"].isdigit():
            places.setdefault(row["place"], []).append(row["code"])
    return tuple(sorted(code for codes in places.values() if len(codes) > 1 for code in codes))


def _names_of_today(header: Sequence[str]) -> list[str]:
    """The header with today's names in lower case; unknown names stay as they are."""
    return [_TODAY.get(cell.strip().lower(), cell.strip()) for cell in header]


def _delimiter(line: str) -> str:
    return ";" if line.count(";") > line.count(",") else ","
