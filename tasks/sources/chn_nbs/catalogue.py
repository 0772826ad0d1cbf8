"""What the Chinese names of indicators stand for, from the lists beside this module.

``indicators.csv``: an indicator of National Data and the kind of figure it is. ``panels.csv``: the same for columns of
panels. ``totals.csv``: the nation's totals by which an export that does not say its indicator is known.
"""

import csv
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib import resources

from warehouse.errors import LayoutChanged

_FULL_WIDTH = str.maketrans({"（": "(", "）": ")", "％": "%", "\u3000": " "})
#: A unit in brackets at the end of a name: 地区生产总值(亿元). What stands there may be no unit: (上年同月=100).
_UNIT = re.compile(r"^(?P<name>.+?)\s*\((?P<unit>[^()=]+)\)$")
#: How far the provinces' sum may be from the nation's total, where that is all an indicator is known by.
_NEAR = Decimal("0.05")
#: In how many years the sum must be near.
_YEARS = 2


@dataclass(frozen=True)
class Meant:
    """What a printed name stands for: ``fact`` is indicator, trade, fdi or left_out; the rest as that fact needs it.

    ``differs`` and ``breaks`` are years whose definition is another one, and from which on it changed.
    """

    name: str
    fact: str
    indicator: str | None = None
    flow: str | None = None
    valuation: str | None = None
    basis: str | None = None
    concept: str | None = None
    unit: str | None = None
    differs: frozenset[str] = frozenset()
    breaks: frozenset[str] = frozenset()
    note: str | None = None

    def status(self, year: str) -> str:
        """The SDMX status of a figure of the year."""
        return "D" if year in self.differs else "B" if year in self.breaks else "A"


def meant(printed: str) -> Meant | None:
    """What an indicator's name (without its unit) stands for; None if the list does not have it."""
    return _indicators().get(printed)


def split_unit(printed: str) -> tuple[str, str | None]:
    """A printed indicator's name and unit: 地区生产总值 (亿元) is 地区生产总值 in 亿元."""
    plain = re.sub(r"\s*([()])\s*", r"\1", printed.translate(_FULL_WIDTH).strip())
    found = _UNIT.match(plain)
    return (found["name"], found["unit"]) if found and plain not in _indicators() else (plain, None)


def require(printed: str, where: str) -> Meant:
    """What a name stands for. Raises LayoutChanged for one the list does not have."""
    found = meant(printed)
    if not found:
        raise LayoutChanged(
            f"{where}: the indicator {printed} is not in tasks/sources/chn_nbs/indicators.csv: add a row that says what it is"
        )
    return found


@cache
def panel(name: str) -> dict[str, Meant]:
    """The columns of a panel, without those that name province and year."""
    return {r["column"]: _meant(r["column"], r) for r in _read("panels.csv") if r["panel"] == name}


@cache
def panels() -> tuple[str, ...]:
    """The names of the panels."""
    return tuple(dict.fromkeys(r["panel"] for r in _read("panels.csv")))


def by_totals(sums: dict[str, Decimal]) -> tuple[str, str] | None:
    """The one indicator and unit whose national totals sums of all provinces (by year) are near; None if not one."""
    near: dict[tuple[str, str], int] = {}
    far = set()
    for row in _read("totals.csv"):
        total, found = Decimal(row["total"]), sums.get(row["year"])
        if found is None:
            continue
        key = row["name"], row["unit"]
        if abs(found - total) <= _NEAR * total:
            near[key] = near.get(key, 0) + 1
        else:
            far.add(key)
    fitting = [key for key, years in near.items() if years >= _YEARS and key not in far]
    return fitting[0] if len(fitting) == 1 else None


def number(printed: str) -> Decimal | None:
    """A printed number, for sums; None if it is none."""
    try:
        return Decimal(printed)
    except InvalidOperation:
        return None


@cache
def _indicators() -> dict[str, Meant]:
    return {r["name"]: _meant(r["name"], r) for r in _read("indicators.csv")}


def _meant(name: str, row: dict[str, str]) -> Meant:
    return Meant(
        name, row["fact"], row["indicator"] or None, row["flow"] or None, row["valuation"] or None, row["basis"] or None,
        row.get("concept") or None, row.get("unit") or None, frozenset(row.get("differs", "").split()),
        frozenset(row.get("breaks", "").split()), row["note"] or None,
    )  # fmt: skip


@cache
def _read(name: str) -> tuple[dict[str, str], ...]:
    text = (resources.files(__package__) / name).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
