"""Reading the reference files directly, for requests to publishers: these need codes before a warehouse exists."""

import csv
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from warehouse.errors import Unknown

#: The folder with the reference tables as CSV files.
FOLDER = Path(__file__).parent / "reference"


def code_of(scheme: str, place: str) -> str:
    """The code of a place in a scheme that is valid today; the first in the file if there are several. Raises Unknown."""
    codes = _codes(scheme).get(place)
    if not codes:
        raise Unknown(f"{place!r} has no code in the scheme {scheme}, so it cannot be requested")
    return codes[0]


def has_code(scheme: str, place: str) -> bool:
    """Whether a place has a code in a scheme that is valid today."""
    return place in _codes(scheme)


def codes_of(scheme: str, places: Iterable[str]) -> tuple[str, ...]:
    """The codes of several places that are valid today, in the order given. Raises Unknown, naming all places without one."""
    wanted = tuple(places)
    missing = [place for place in wanted if not has_code(scheme, place)]
    if missing:
        raise Unknown(f"no code of {', '.join(missing)} in the scheme {scheme}, so they cannot be requested")
    return tuple(code_of(scheme, place) for place in wanted)


def all_codes(scheme: str) -> frozenset[str]:
    """All codes of a scheme, also those no longer valid."""
    return frozenset(row["code"] for row in rows("place_codes.csv") if row["scheme"] == scheme)


def places_of(scheme: str, codes: Iterable[str]) -> frozenset[str]:
    """The places that codes of a scheme mean, or meant at any time."""
    wanted = set(codes)
    return frozenset(
        row["place"] for row in rows("place_codes.csv") if row["scheme"] == scheme and row["code"] in wanted
    )


@cache
def members(group: str) -> tuple[str, ...]:
    """The places that belong to a group today, in order of their codes. Raises Unknown for a group without members."""
    return _members(group, [r for r in rows("place_groups.csv") if not r["valid_to"]])


@cache
def members_ever(group: str) -> tuple[str, ...]:
    """The places that belong or belonged to a group, in order of their codes. Raises Unknown for a group without members."""
    return _members(group, rows("place_groups.csv"))


def _members(group: str, rows: list[dict[str, str]]) -> tuple[str, ...]:
    places = {r["member"] for r in rows if r["place_group"] == group}
    if not places:
        raise Unknown(f"the group {group!r} has no members")
    return tuple(sorted(places))


@cache
def _codes(scheme: str) -> dict[str, list[str]]:
    """Codes of a scheme that are valid today, by place, in the order of the file."""
    codes: dict[str, list[str]] = {}
    for row in rows("place_codes.csv"):
        if row["scheme"] == scheme and not row["valid_to"]:
            codes.setdefault(row["place"], []).append(row["code"])
    return codes


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a reference file, as text by column."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
