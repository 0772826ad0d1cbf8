"""What an answer's status says, when it is worth asking again, and how long to wait."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from warehouse.errors import (
    CutAtLimit,
    NotData,
    PublisherFault,
    QuotaUsed,
    RequestRejected,
    ServiceRefused,
    Unreachable,
)

_QUOTA = re.compile(r"quota|rate limit|call volume|too many (?:requests|calls|downloads)|download limit", re.IGNORECASE)
_CLOCK = re.compile(r"\b(\d{1,3}):(\d{2}):(\d{2})\b")
_SECONDS = re.compile(r"\b(\d{1,6}) seconds?\b", re.IGNORECASE)
_TAG = re.compile(r"<[^>]{0,2000}>")
_MOST_WORDS = 300


class Again(Exception):
    """The request is worth sending again. ``fault`` is what it is if it goes on like this."""

    def __init__(self, fault: PublisherFault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def told_wait(headers: httpx.Headers, words: str) -> float | None:
    """How many seconds an answer asks to wait: in Retry-After (seconds, or a date), or as gateways say it in words."""
    said = headers.get("retry-after", "").strip()
    if said.isdecimal():
        return float(said)
    if said and (date := _date(said)):
        now = _date(headers.get("date", "")) or datetime.now(UTC)
        return max(0.0, (date - now).total_seconds())
    if not _QUOTA.search(words):
        return None
    if clock := _CLOCK.search(words):
        hours, minutes, seconds = (int(n) for n in clock.groups())
        return float(hours * 3600 + minutes * 60 + seconds)
    return float(found[1]) if (found := _SECONDS.search(words)) else None


def fault_of(status: int, words: str, key_setting: str | None) -> PublisherFault | Again:
    """What a status that is not 200 means. ``key_setting`` names the setting of the service's key, where it takes one."""
    said = f"answered {status}: {shortened(words)}" if words.strip() else f"answered {status}"
    if status == 429:
        return Again(QuotaUsed(said))
    if status >= 500 or status in (408, 425):
        return Again(Unreachable(said))
    if status in (401, 403):
        if _QUOTA.search(words):
            return QuotaUsed(said)
        hint = f"; is the key in {key_setting} right?" if key_setting else ""
        return ServiceRefused(said + hint)
    if status in (413, 414):
        return CutAtLimit(f"{said}: more is asked for than it gives at once")
    if status in (400, 404, 409, 410, 422):
        return RequestRejected(said)
    return ServiceRefused(said) if status >= 400 else NotData(f"{said}, which is no answer to a request for data")


def fault_of_connection(fault: httpx.HTTPError, words: str) -> PublisherFault | Again:
    """What a request that got no whole answer means."""
    if isinstance(fault, httpx.TimeoutException):
        return Again(Unreachable(f"no answer in time ({type(fault).__name__})"))
    if isinstance(fault, httpx.UnsupportedProtocol | httpx.LocalProtocolError):
        return ServiceRefused(f"cannot be asked: {words}")
    if "CERTIFICATE_VERIFY_FAILED" in words:
        return Unreachable(f"its certificate is not trusted: {words}")
    return Again(Unreachable(f"the connection failed or broke off: {words or type(fault).__name__}"))


def too_slow() -> Again:
    """What an answer means that comes, but never ends."""
    return Again(Unreachable("no answer in time (it came too slowly)"))


def shortened(words: str) -> str:
    """What a publisher said, on one line, without markup, and not more than a few lines of it."""
    text = " ".join(_TAG.sub(" ", words).split())
    return text if len(text) <= _MOST_WORDS else text[:_MOST_WORDS] + " …"


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found
