"""Putting a question to the sources: which years, places and products, and which of the sources can be asked."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache

from tasks import sources
from tasks.contract.service import Ask
from tasks.contract.source import Source
from tasks.fetch import settings
from warehouse import reference_files
from warehouse.errors import EntrepotError, Unknown

#: From here on trade by the Harmonised System and comparable FDI figures are there.
FIRST_YEAR = 1992
_EARLIEST, _LATEST = 1900, 2100
_PERIOD = re.compile(r"(\d{4})(?::(\d{4}))?")
_PRODUCT = re.compile(r"[A-Za-z0-9_.*?-]{1,40}")


def question(period: str | None, reporters: str | None, partners: str | None, products: str | None) -> Ask:
    """What is asked, from words as a person types them: ``2015:2024``, ``CHN,JPN``. Raises Unknown."""
    first, last = _years(period)
    return Ask(first, last, _places(reporters), _places(partners), _products(products))


def askable(names: Iterable[str]) -> tuple[list[str], list[str]]:
    """The sources to pull from, and a sentence for each that is left out; of all of them if none is named.

    One whose answers are large is left out unless it is named, one that needs a key unless there is one.

    Raises Unknown for a name that is no source's, or one that has no service.
    """
    wanted = list(dict.fromkeys(names))
    for name in wanted:
        if sources.get(name).service is None:
            raise Unknown(f"{name} has no service to pull from: adopt its files")
    every = [s for s in sources.all_sources().values() if s.service is not None]
    chosen = [sources.get(name) for name in wanted] or every
    missing = {s.id: told for s in chosen if (told := _needs(s))}
    return [s.id for s in chosen if wanted or s.id not in missing], [] if wanted else list(missing.values())


def _needs(source: Source) -> str | None:
    """What a source needs before it is asked unnamed; None if nothing is missing."""
    service = settings.service_of(source)
    if service.is_large:
        return f"{source.id} is not asked: what it sends is large; name it to ask it"
    if not (service.key and service.key.needed):
        return None
    try:
        has_key = settings.connection(source).key is not None
    except EntrepotError as fault:
        return f"{source.id} is not asked: {fault}"
    return None if has_key else f"{source.id} is not asked: it needs a key ({settings.setting(source.id, 'KEY')})"


def _years(period: str | None) -> tuple[int, int]:
    if period is None:
        return FIRST_YEAR, datetime.now(UTC).year
    found = _PERIOD.fullmatch(period.strip())
    if found is None:
        raise Unknown(f"{period!r} is not a range of years such as 2015:2024")
    first, last = int(found[1]), int(found[2] or found[1])
    if not _EARLIEST <= first <= last <= _LATEST:
        raise Unknown(f"{period!r} is not a range of years from {_EARLIEST} to {_LATEST}, the first before the last")
    return first, last


def _places(text: str | None) -> tuple[str, ...]:
    wanted = _list(text)
    unknown = [place for place in wanted if place not in _known_places()]
    if unknown:
        raise Unknown(f"no place {', '.join(unknown)}: places are written as in mart, such as CHN, JPN, EU27_2020, WLD")
    return wanted


def _products(text: str | None) -> tuple[str, ...]:
    wanted = _list(text)
    wrong = [product for product in wanted if not _PRODUCT.fullmatch(product)]
    if wrong:
        raise Unknown(f"{', '.join(map(repr, wrong))} is no product's code: they are written such as TOTAL, 87, 8703")
    return wanted


def _list(text: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for part in re.split(r"[\s,]+", text or "") if part))


@cache
def _known_places() -> frozenset[str]:
    return frozenset(row["place"] for row in reference_files.rows("places.csv"))
