"""Reading what a pull is to fetch from the words of the command line: years, places, products and sources."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache

from tasks import sources
from tasks.contract.service import Selection
from tasks.contract.source import Source
from tasks.fetch.endpoint import endpoint_of, service_of
from warehouse import reference_files
from warehouse.errors import EntrepotError, Unknown

#: Trade by the Harmonised System and comparable FDI figures start here.
FIRST_YEAR = 1992
_EARLIEST, _LATEST = 1900, 2100
_PERIOD = re.compile(r"(\d{4})(?::(\d{4}))?")
_LAST = re.compile(r"last ([1-9]\d?)(?: years)?")
_PRODUCT = re.compile(r"[A-Za-z0-9_.*?-]{1,40}")


def parse(period: str | None, reporters: str | None, partners: str | None, products: str | None) -> Selection:
    """The selection from options as a person types them. Raises Unknown for an invalid year, place or product.

    Example: ``parse("2015:2024", "CHN,JPN", None, "TOTAL,87")``; "last 3" are this year and the two before. None: all years from FIRST_YEAR, each source's default.
    """
    first, last = _years(period)
    return Selection(first, last, _places(reporters), _places(partners), _products(products))


def sources_to_pull(names: Iterable[str], *, with_large: bool = False) -> tuple[list[str], list[str]]:
    """The ids of the sources to pull from, and a message for each source that is skipped.

    Every source in ``names`` is included. Without names, all sources with a service are included but those with large answers and
    those whose required key is not set. ``with_large``: those with large answers too, for who does not ask for these.

    Raises Unknown for a name that is not a source's, or of a source without a service.
    """
    wanted = list(dict.fromkeys(names))
    for name in wanted:
        if sources.get(name).service is None:
            raise Unknown(f"{name} has no service to pull from: adopt its files")
    if wanted:
        return wanted, []
    candidates = [source for source in sources.all_sources().values() if source.service is not None]
    reasons = {source.id: _reason_to_skip(source, with_large) for source in candidates}
    messages = [f"{source_id} is skipped: {reason}" for source_id, reason in reasons.items() if reason]
    return [source_id for source_id, reason in reasons.items() if not reason], messages


def _reason_to_skip(source: Source, with_large: bool) -> str | None:
    """Why a source is not asked unless it is named; None if it is."""
    service = service_of(source)
    if service.is_large and not with_large:
        return "its answers are large. Name it to pull from it"
    if not (service.key and service.key.needed):
        return None
    try:
        endpoint = endpoint_of(source)
    except EntrepotError as fault:
        return str(fault)
    return f"it needs a key. Set {endpoint.key_setting}" if endpoint.lacks_key else None


def _years(period: str | None) -> tuple[int, int]:
    if period is None:
        return FIRST_YEAR, datetime.now(UTC).year
    this_year = datetime.now(UTC).year
    if recent := _LAST.fullmatch(period.strip()):
        return this_year - int(recent[1]) + 1, this_year
    match = _PERIOD.fullmatch(period.strip())
    if match is None:
        raise Unknown(f"Invalid range of years {period!r}. Examples: 2015:2024, 2020, last 3")
    first, last = int(match[1]), int(match[2] or match[1])
    if not _EARLIEST <= first <= last <= _LATEST:
        raise Unknown(
            f"Invalid range of years {period!r}: years are from {_EARLIEST} to {_LATEST}, the first not after the last"
        )
    return first, last


def _places(text: str | None) -> tuple[str, ...]:
    places = _list(text)
    unknown = [place for place in places if place not in _known_places()]
    if unknown:
        raise Unknown(f"Unknown place {', '.join(unknown)}. Use the codes of mart, such as CHN, JPN, EU27_2020, WLD")
    return places


def _products(text: str | None) -> tuple[str, ...]:
    products = _list(text)
    invalid = [product for product in products if not _PRODUCT.fullmatch(product)]
    if invalid:
        raise Unknown(f"Invalid product code {', '.join(map(repr, invalid))}. Examples: TOTAL, 87, 8703")
    return products


def _list(text: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for part in re.split(r"[\s,]+", text or "") if part))


@cache
def _known_places() -> frozenset[str]:
    return frozenset(row["place"] for row in reference_files.rows("places.csv"))
