"""Ranges that figures have to be within, as data: ``plausible_ranges.csv`` has a line for each kind of figure and unit.

They are wide: what lies outside cannot be, in no year and of no place. A figure beyond is quarantined, so that a scale that is wrong
by far is not published. Figures that are possible and not plausible are marked instead (warehouse/sql/figures/05_doubts.sql). ``nil`` says that a
printed zero is a figure, although the least of others is above it.
"""

import csv
from functools import cache
from pathlib import Path

from schemas.rules import Rule

_FILE = Path(__file__).with_name("plausible_ranges.csv")


@cache
def rules(fact: str) -> tuple[Rule, ...]:
    """A rule for each range of a fact."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(_rule(row) for row in csv.DictReader(file) if row["fact"] == fact)


def _rule(row: dict[str, str]) -> Rule:
    of_unit = f" AND t0.unit = '{row['unit']}'" if row["unit"] else ""
    condition = f"t0.{row['column']} = '{row['code']}'{of_unit}"
    nil = " OR t0.value = 0" if row["nil"] else ""
    name = f"value: from {row['least']} to {row['most']} for {row['code']}: {row['why']}"
    return Rule(name, f"NOT ({condition}) OR t0.value BETWEEN {row['least']} AND {row['most']}{nil}")
