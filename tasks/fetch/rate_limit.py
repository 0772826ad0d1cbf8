"""The rate limit of a service: its interval and its quota, over all processes of a home folder."""

import sqlite3
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tasks.contract.service import Service
from tasks.fetch.cancel import Cancellation
from tasks.fetch.database import statement, transaction
from warehouse.errors import QuotaUsed

_HOUR, _DAY = 3600, 86400
#: A longer pause is not kept, whatever the service asks for.
_LONGEST_PAUSE = 26 * _HOUR


@dataclass(frozen=True)
class Quota:
    """How many requests may still be sent in this hour and this day; None without a limit."""

    hour: int | None = None
    day: int | None = None

    @property
    def left(self) -> int | None:
        """How many requests may be sent now; None without a limit."""
        limits = [n for n in (self.hour, self.day) if n is not None]
        return min(limits) if limits else None


class RateLimit:
    """When requests may be sent to the service of one source. Times are seconds since 1970."""

    def __init__(self, con: sqlite3.Connection, source_id: str, service: Service, *, has_key: bool) -> None:
        self._con, self._source, self._service, self._has_key = con, source_id, service, has_key

    def acquire(self, longest_wait: float, cancellation: Cancellation) -> None:
        """Wait until a request may be sent, and count it.

        Raises QuotaUsed if the wait would be longer than ``longest_wait`` seconds, Cancelled.
        """
        while wait := self._try_to_acquire(longest_wait):
            cancellation.sleep(wait)
        cancellation.check()

    def pause(self, seconds: float) -> float:
        """Send nothing for as long as the service asks; return the end of the pause."""
        until = time.time() + min(seconds, _LONGEST_PAUSE)
        self._run("sql/block_upsert.sql", until=until)
        return until

    def quota(self) -> Quota:
        """What is left of the quota."""
        return Quota(*(limit and max(0, limit - self._sent(span)) for limit, span in self._limits()))

    def _try_to_acquire(self, longest_wait: float) -> float:
        """Count a request and return 0, or return the seconds to wait before the next try."""
        with transaction(self._con):
            now = time.time()
            interval, pause = self._wait_for_interval(now), max(self._wait_for_pause(now), self._wait_for_quota(now))
            if pause > longest_wait:
                raise QuotaUsed(self._describe_wait(now + pause))
            if interval or pause:
                return max(interval, pause, 0.001)
            self._run("sql/pace_upsert.sql", next_free=now + self._service.interval_seconds)
            self._con.execute("INSERT INTO sent (source, sent_at) VALUES (?, ?)", [self._source, now])
            self._con.execute("DELETE FROM sent WHERE source = ? AND sent_at < ?", [self._source, now - 2 * _DAY])
            return 0

    def _wait_for_interval(self, now: float) -> float:
        """At most an interval, because the clock may have been set back."""
        row = self._con.execute("SELECT next_free FROM pace WHERE source = ?", [self._source]).fetchone()
        return min(max(0.0, row[0] - now), self._service.interval_seconds) if row else 0.0

    def _wait_for_pause(self, now: float) -> float:
        row = self._con.execute(
            "SELECT until FROM block WHERE source = ? AND has_key = ?", [self._source, self._has_key]
        ).fetchone()
        return min(max(0.0, row[0] - now), _LONGEST_PAUSE) if row else 0.0

    def _wait_for_quota(self, now: float) -> float:
        return max(self._wait_for_limit(now, limit, span) for limit, span in self._limits())

    def _wait_for_limit(self, now: float, limit: int | None, span: float) -> float:
        """Until the request that is ``limit`` requests back is ``span`` seconds old."""
        if limit is None:
            return 0.0
        row = self._run("sql/sent_nth.sql", since=now - span, offset=limit - 1).fetchone()
        return min(max(0.0, row[0] + span - now), span) if row else 0.0

    def _limits(self) -> tuple[tuple[int | None, float], ...]:
        return (self._service.hourly, _HOUR), (self._service.daily, _DAY)

    def _sent(self, span: float) -> int:
        """How many requests were sent in the last ``span`` seconds."""
        (count,) = self._con.execute(
            "SELECT count(*) FROM sent WHERE source = ? AND sent_at > ?", [self._source, time.time() - span]
        ).fetchone()
        return int(count)

    def _describe_wait(self, until: float) -> str:
        quota = self.quota()
        limits = ((self._service.hourly, "hour", quota.hour), (self._service.daily, "24 hours", quota.day))
        used = [f"{limit} of {limit} requests of the last {span} are used" for limit, span, left in limits if left == 0]
        return f"{' and '.join(used) or 'the service asked for a pause'}; come back {describe_time(until)}"

    def _run(self, name: str, **values: Any) -> sqlite3.Cursor:
        known = {"source": self._source, "has_key": self._has_key}
        return self._con.execute(statement(name), {**known, **values})


def describe_time(moment: float) -> str:
    """A future time for people: as a date and as a distance from now."""
    seconds = max(0, round(moment - time.time()))
    if seconds < 120:
        distance = f"{seconds} s"
    elif seconds < 7200:
        distance = f"{seconds // 60} min"
    else:
        distance = f"{seconds // 3600} h {seconds % 3600 // 60} min"
    return f"at {datetime.fromtimestamp(moment, UTC):%Y-%m-%d %H:%M:%S} UTC, in {distance}"
