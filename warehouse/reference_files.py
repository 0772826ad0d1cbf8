"""The reference files as requests need them: before a warehouse exists, places are asked for by publishers' codes."""

import csv
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from warehouse.errors import Unknown

#: Where the reference tables lie as CSV files.
FOLDER = Path(__file__).parent / "reference"


def code_of(scheme: str, place: str) -> str:
    """A publisher's present code of a place; the first in order where it has several. Raises Unknown."""
    codes = _codes(scheme).get(place)
    if not codes:
        raise Unknown(f"{place!r} has no code in the scheme {scheme}: it cannot be asked for there")
    return codes[0]


def has_code(scheme: str, place: str) -> bool:
    """Whether a publisher has a present code for a place."""
    return place in _codes(scheme)


def codes_of(scheme: str, places: Iterable[str]) -> tuple[str, ...]:
    """The present codes of several places, in the order given. Raises Unknown, naming all that have none."""
    wanted = tuple(places)
    missing = [place for place in wanted if not has_code(scheme, place)]
    if missing:
        raise Unknown(f"no code of {', '.join(missing)} in the scheme {scheme} (warehouse/reference/place_codes.csv)")
    return tuple(code_of(scheme, place) for place in wanted)


def all_codes(scheme: str) -> frozenset[str]:
    """All codes of a scheme, of any day."""
    return frozenset(row["code"] for row in rows("place_codes.csv") if row["scheme"] == scheme)


@cache
def members(group: str) -> tuple[str, ...]:
    """The places that belong to a group today, in order of their codes. Raises Unknown."""
    return _members(group, [r for r in rows("place_groups.csv") if not r["valid_to"]])


@cache
def members_ever(group: str) -> tuple[str, ...]:
    """The places that belong or once belonged to a group, in order of their codes. Raises Unknown."""
    return _members(group, rows("place_groups.csv"))


def _members(group: str, rows: list[dict[str, str]]) -> tuple[str, ...]:
    found = {r["member"] for r in rows if r["place_group"] == group}
    if not found:
        raise Unknown(f"the group {group!r} has no members (warehouse/reference/place_groups.csv)")
    return tuple(sorted(found))


@cache
def _codes(scheme: str) -> dict[str, list[str]]:
    """Codes by place: those that still hold, in the order of the file."""
    found: dict[str, list[str]] = {}
    for row in rows("place_codes.csv"):
        if row["scheme"] == scheme and not row["valid_to"]:
            found.setdefault(row["place"], []).append(row["code"])
    return found


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a reference file, as text by column."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
