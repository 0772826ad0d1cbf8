"""What the Chinese names of indicators mean, by the lists beside this module.

``indicators.csv``: an indicator of National Data and the kind of figure it is. ``panels.csv``: the same for columns of
panels. ``totals.csv``: the nation's totals, which identify the indicator of an export that does not name it.
"""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache

from tasks.sources._shared.tables import rows_beside

#: The fact of an indicator that the list does not have.
UNKNOWN = "unknown"
_FULL_WIDTH = str.maketrans({"（": "(", "）": ")", "％": "%", "\u3000": " "})
#: A unit in brackets at the end of a name: 地区生产总值(亿元). Not every text in brackets is a unit: (上年同月=100).
_UNIT = re.compile(r"^(?P<name>.+?)\s*\((?P<unit>[^()=]+)\)$")
#: How far, as a share, the provinces' sum may be from the nation's total to identify an indicator by it.
_NEAR = Decimal("0.05")
#: In how many years the sum must be near.
_YEARS = 2


@dataclass(frozen=True)
class IndicatorMapping:
    """What a printed name means: ``fact`` is indicator, trade, fdi or left_out; the rest as that fact needs it.

    ``differs`` are years with another definition, ``breaks`` years from which on the definition is another one.
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


def meaning_of(printed: str) -> IndicatorMapping | None:
    """What an indicator's name (without its unit) means; None if the list does not have it."""
    return _indicators().get(printed)


def split_unit(printed: str) -> tuple[str, str | None]:
    """A printed indicator's name and unit: 地区生产总值 (亿元) is 地区生产总值 in 亿元."""
    plain = re.sub(r"\s*([()])\s*", r"\1", printed.translate(_FULL_WIDTH).strip())
    match = _UNIT.match(plain)
    return (match["name"], match["unit"]) if match and plain not in _indicators() else (plain, None)


def meaning_or_unknown(printed: str) -> IndicatorMapping:
    """As meaning_of; for a name that the list does not have a mapping to ``unknown``, which the schema quarantines by name."""
    return meaning_of(printed) or IndicatorMapping(printed, UNKNOWN)


@cache
def panel(name: str) -> dict[str, IndicatorMapping]:
    """The columns of a panel, without those that name province and year."""
    return {row["column"]: _meaning(row["column"], row) for row in _rows("panels.csv") if row["panel"] == name}


@cache
def panels() -> tuple[str, ...]:
    """The names of the panels."""
    return tuple(dict.fromkeys(row["panel"] for row in _rows("panels.csv")))


def by_totals(sums: dict[str, Decimal]) -> tuple[str, str] | None:
    """The indicator and unit whose national totals the sums over all provinces (by year) are near; None if not exactly one."""
    near: dict[tuple[str, str], int] = {}
    far = set()
    for row in _rows("totals.csv"):
        total, provinces = Decimal(row["total"]), sums.get(row["year"])
        if provinces is None:
            continue
        key = row["name"], row["unit"]
        if abs(provinces - total) <= _NEAR * total:
            near[key] = near.get(key, 0) + 1
        else:
            far.add(key)
    fitting = [key for key, years in near.items() if years >= _YEARS and key not in far]
    return fitting[0] if len(fitting) == 1 else None


def number(printed: str) -> Decimal | None:
    """A printed number, for sums; None for other text."""
    try:
        return Decimal(printed)
    except InvalidOperation:
        return None


@cache
def _indicators() -> dict[str, IndicatorMapping]:
    """By the name of the list, and without the underscores that some exports leave out (进出口总值_当期值)."""
    listed = {row["name"]: _meaning(row["name"], row) for row in _rows("indicators.csv")}
    return {name.replace("_", ""): meaning for name, meaning in listed.items()} | listed


def _meaning(name: str, row: dict[str, str]) -> IndicatorMapping:
    return IndicatorMapping(
        name, row["fact"], row["indicator"] or None, row["flow"] or None, row["valuation"] or None, row["basis"] or None,
        row.get("concept") or None, row.get("unit") or None, frozenset(row.get("differs", "").split()),
        frozenset(row.get("breaks", "").split()), row["note"] or None,
    )  # fmt: skip


def _rows(name: str) -> tuple[dict[str, str], ...]:
    return rows_beside(__package__ or "", name)
