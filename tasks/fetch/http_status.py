"""HTTP status codes and connection faults: what each means, whether to retry, and how long to wait."""

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
#: Longest quotation of a service's text in a message, characters.
_MOST_QUOTED = 300


class RetryableFault(Exception):
    """A fault that may not occur again if the request is sent again. ``fault`` is raised after the last attempt."""

    def __init__(self, fault: PublisherFault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def requested_wait(headers: httpx.Headers, text: str) -> float | None:
    """The seconds that an answer asks to wait, in Retry-After (seconds or a date) or in the text of a gateway."""
    retry_after = headers.get("retry-after", "").strip()
    if retry_after.isdecimal():
        return float(retry_after)
    if retry_after and (date := _date(retry_after)):
        now = _date(headers.get("date", "")) or datetime.now(UTC)
        return max(0.0, (date - now).total_seconds())
    if not _QUOTA.search(text):
        return None
    if clock := _CLOCK.search(text):
        hours, minutes, seconds = (int(n) for n in clock.groups())
        return float(hours * 3600 + minutes * 60 + seconds)
    return float(match[1]) if (match := _SECONDS.search(text)) else None


def fault_of_status(status: int, text: str, key_setting: str | None) -> PublisherFault | RetryableFault:
    """What a status other than 200 means. ``key_setting`` names the setting for the key of a service that takes one."""
    message = f"answered {status}: {quoted(text)}" if text.strip() else f"answered {status}"
    if status == 429:
        return RetryableFault(QuotaUsed(message))
    if status >= 500 or status in (408, 425):
        return RetryableFault(Unreachable(message))
    if status in (401, 403):
        if _QUOTA.search(text):
            return QuotaUsed(message)
        hint = f". Check the key in {key_setting}" if key_setting else ""
        return ServiceRefused(message + hint)
    if status in (413, 414):
        return CutAtLimit(f"{message}: the request asks for more than the service gives at once")
    if status in (400, 404, 409, 410, 422):
        return RequestRejected(message)
    return ServiceRefused(message) if status >= 400 else NotData(f"{message}, not 200 with data")


def fault_of_connection(fault: httpx.HTTPError, text: str) -> PublisherFault | RetryableFault:
    """What a fault of the HTTP client means. ``text`` is its message without the key."""
    if isinstance(fault, httpx.TimeoutException):
        return RetryableFault(Unreachable(f"no answer in time ({type(fault).__name__})"))
    if isinstance(fault, httpx.UnsupportedProtocol | httpx.LocalProtocolError):
        return ServiceRefused(f"the request cannot be sent: {text}")
    if "CERTIFICATE_VERIFY_FAILED" in text:
        return Unreachable(f"the service's certificate is not trusted: {text}")
    return RetryableFault(Unreachable(f"the connection failed or broke off: {text or type(fault).__name__}"))


def too_slow() -> RetryableFault:
    """The fault of an answer that arrives too slowly."""
    return RetryableFault(Unreachable("no answer in time (it arrived too slowly)"))


def quoted(text: str) -> str:
    """A service's text on one line, without markup, shortened for a message."""
    line = " ".join(_TAG.sub(" ", text).split())
    return line if len(line) <= _MOST_QUOTED else line[:_MOST_QUOTED] + " …"


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date
