"""Publishers' codes of places, for what is asked of their services: read from warehouse/reference, as ``ref`` is."""

import csv
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import warehouse
from warehouse.errors import Unknown

_FOLDER = Path(warehouse.__file__).parent / "reference"


def codes(scheme: str, places: Iterable[str]) -> tuple[str, ...]:
    """The codes a publisher knows places by today, in the order of ``places``. Raises Unknown for one without a code."""
    known = _of_places(scheme)
    wanted = tuple(places)
    missing = [p for p in wanted if p not in known]
    if missing:
        raise Unknown(f"no code of {', '.join(missing)} in the scheme {scheme} (warehouse/reference/place_codes.csv)")
    return tuple(known[p] for p in wanted)


def names(scheme: str) -> frozenset[str]:
    """All codes of a scheme."""
    return frozenset(row["code"] for row in _rows("place_codes.csv") if row["scheme"] == scheme)


@cache
def members(group: str) -> tuple[str, ...]:
    """Places that belong to a group today, in alphabetical order. Raises Unknown for one without members."""
    found = sorted({r["member"] for r in _rows("place_groups.csv") if r["place_group"] == group and not r["valid_to"]})
    if not found:
        raise Unknown(f"the group {group} has no members (warehouse/reference/place_groups.csv)")
    return tuple(found)


@cache
def _of_places(scheme: str) -> dict[str, str]:
    """The first code listed for a place that still holds."""
    found: dict[str, str] = {}
    for row in _rows("place_codes.csv"):
        if row["scheme"] == scheme and not row["valid_to"]:
            found.setdefault(row["place"], row["code"])
    return found


def _rows(filename: str) -> Iterator[dict[str, str]]:
    with (_FOLDER / filename).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
