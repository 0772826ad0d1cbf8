"""Correlation and conversion tables of two classifications, in the forms of the United Nations Statistics Division.

A table begins below a heading with the names of two classifications (``HS 2022``, ``From HS2022``, ``SITC Rev. 3``, ``BEC``),
and a third column ``Relationship`` if it is one of correlations. A workbook has the two tables in two sheets, or beside each
other in one; a CSV file has the correlations alone. There a code's only target is its conversion too.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tasks.archive.sniff import Sniffed
from tasks.archive.store import SetAside
from tasks.sources._shared import workbooks
from warehouse.errors import LayoutChanged

COLUMNS = (
    "from_classification", "from_product", "to_classification", "to_product", "relation", "is_correlation", "is_conversion",
    "family",
)  # fmt: skip

#: A classification as headings name it; without a revision BEC is the fourth, since the tables of the fifth print it.
_NAME = re.compile(
    r"(?:(?:from|to|between)\s+)?(?P<family>HS|SITC|BEC)\s*(?:rev\.?\s*)?(?P<edition>\d{4}|\d{1,2})?", re.IGNORECASE
)
_YEARS = {"92": "1992", "96": "1996", "02": "2002", "07": "2007", "12": "2012", "17": "2017", "22": "2022"}
_RELATION = re.compile(r"(?P<left>[1n])\s*(?::|to)\s*(?P<right>[1n])", re.IGNORECASE)
_RELATIONSHIP = "relationship"
#: What stands for the target of a code that corresponds to nothing.
_NO_TARGET = "n/a"
#: Rows of a sheet among which its heading is.
_HEADING_ROWS = 12
_HS_DIGITS = 6

Cells = list[Any]


@dataclass(frozen=True)
class _Block:
    """A table in a sheet: the column it begins in, its two classifications, and the rows below its heading."""

    column: int
    classifications: tuple[str, str]
    is_correlation: bool
    rows: tuple[Cells, ...]

    def pairs(self) -> Iterator[tuple[str, str, str | None]]:
        """Codes and their relation, of the rows that have a target."""
        return (pair for pair in self.all_pairs() if pair[1] != _NO_TARGET)

    def all_pairs(self) -> Iterator[tuple[str, str, str | None]]:
        """Codes and their relation, row by row; a row with fewer than two codes is a gap or a note."""
        for row in self.rows:
            cells = [workbooks.text(cell) for cell in row[self.column : self.column + 3]]
            codes = [_code(cell, name) for cell, name in zip(cells, self.classifications, strict=False)]
            if len(codes) == 2 and all(codes):
                yield codes[0], codes[1], _relation(cells[2]) if self.is_correlation and len(cells) > 2 else None


def classifications_of(sniffed: Sniffed) -> tuple[str, str] | None:
    """The two classifications of a file's tables; None for another file. Raises LayoutChanged for tables of several."""
    if sniffed.kind in ("xls", "xlsx"):
        sheets: Iterable[list[Cells]] = sniffed.sheets.values()
    elif sniffed.kind == "text" and sniffed.lines and _classification(sniffed.lines[0].split(",")[0]):
        sheets = [[line.split(",") for line in sniffed.lines[:_HEADING_ROWS]]]
    else:
        return None
    found = {block.classifications for sheet in sheets for block in _blocks(sheet)}
    if len(found) > 1:
        raise LayoutChanged(
            f"tables of several pairs of classifications ({_listed(found)}): {sniffed.filename}. Keep those of one pair in a file"
        )
    return next(iter(found), None)


def records(sheets: Iterable[list[Cells]], where: str) -> Iterator[tuple[str | None, ...] | SetAside]:
    """The pairs of a file in the order of COLUMNS, correlations first; codes without a target are set aside.

    Raises LayoutChanged for a file without tables.
    """
    blocks = [block for sheet in sheets for block in _blocks(sheet)]
    if not blocks:
        raise LayoutChanged(f"no heading names two classifications any more: {where}. Download the table again")
    newer, older = blocks[0].classifications
    yield from _set_aside(blocks)
    correlations = {(a, b): r for block in blocks if block.is_correlation for a, b, r in block.pairs()}
    conversions = {(a, b) for block in blocks if not block.is_correlation for a, b, _ in block.pairs()}
    if len({block.is_correlation for block in blocks}) == 1:  # one table alone
        correlations |= dict.fromkeys(conversions)
        conversions = _only_targets(correlations)
    correlated = {a for a, _ in correlations}
    in_family = [*correlations, *(pair for pair in conversions if pair[0] not in correlated)]
    families, members = _families(in_family), set(in_family)
    for a, b in [*correlations, *sorted(conversions - correlations.keys())]:
        yield (
            newer, a, older, b, correlations.get((a, b)), _truth((a, b) in correlations), _truth((a, b) in conversions),
            families[b] if (a, b) in members else None,
        )  # fmt: skip


def _set_aside(blocks: list[_Block]) -> Iterator[SetAside]:
    for block in blocks:
        for _, target, _ in block.all_pairs():
            if target == _NO_TARGET:
                yield SetAside("a code that corresponds to nothing in the other classification")


def rows_of_text(text: str) -> list[Cells]:
    """The rows of a CSV file."""
    return list(csv.reader(io.StringIO(text, newline="")))


def _blocks(sheet: list[Cells]) -> Iterator[_Block]:
    """The tables of a sheet, by the first row that names classifications side by side."""
    for at, row in enumerate(sheet[:_HEADING_ROWS]):
        cells = [workbooks.text(cell) for cell in row]
        names = [_classification(cell) for cell in cells]
        starts = [n for n in range(len(names) - 1) if names[n] and names[n + 1] and (n == 0 or not names[n - 1])]
        if starts:
            for n in starts:
                is_correlation = len(cells) > n + 2 and cells[n + 2].casefold() == _RELATIONSHIP
                pair = (str(names[n]), str(names[n + 1]))
                yield _Block(n, pair, is_correlation, tuple(sheet[at + 1 :]))
            return


def _classification(cell: str) -> str | None:
    """The classification that a heading names, as ref.product has it."""
    match = _NAME.fullmatch(cell.strip().strip('"'))
    if not match:
        return None
    family, edition = match["family"].upper(), match["edition"]
    if family == "HS":
        return f"HS{_YEARS.get(edition, edition)}" if edition else None
    if family == "BEC":
        return f"BEC{edition or 4}"
    return f"SITC{edition}" if edition else None


def _code(cell: str, classification: str) -> str:
    """A code without the point of its heading; spreadsheets that keep codes as numbers drop the zeros before them."""
    code = cell.replace(".", "").replace(" ", "")
    return (
        code.zfill(_HS_DIGITS)
        if classification.startswith("HS") and code.isdigit() and len(code) == _HS_DIGITS - 1
        else code
    )


def _relation(cell: str) -> str | None:
    """A relation as 1:1, 1:n, n:1 or n:n; other text as printed, which the schema refuses."""
    match = _RELATION.fullmatch(cell.strip())
    return f"{match['left']}:{match['right']}".lower() if match else cell or None


def _only_targets(pairs: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """The pairs whose first code is in no other."""
    targets: dict[str, set[str]] = {}
    for a, b in pairs:
        targets.setdefault(a, set()).add(b)
    return {(a, next(iter(found))) for a, found in targets.items() if len(found) == 1}


def _families(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """For each older code, the least older code among those that are tied to it through any chain of pairs."""
    of_newer: dict[str, set[str]] = {}
    of_older: dict[str, set[str]] = {}
    for a, b in pairs:
        of_newer.setdefault(a, set()).add(b)
        of_older.setdefault(b, set()).add(a)
    family: dict[str, str] = {}
    for least in sorted(of_older):
        waiting = [] if least in family else [least]
        while waiting:
            older = waiting.pop()
            if older not in family:
                family[older] = least
                waiting += [o for newer in of_older[older] for o in of_newer[newer] if o not in family]
    return family


def _truth(value: bool) -> str:
    return "true" if value else "false"


def _listed(pairs: Iterable[tuple[str, str]]) -> str:
    return "; ".join(f"{newer} to {older}" for newer, older in sorted(pairs))
