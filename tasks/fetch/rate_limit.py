"""How often a service is asked: its interval and its quota, over all processes of a home folder."""

import sqlite3
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from tasks.contract.service import Service
from tasks.fetch.cancel import Stop
from tasks.fetch.database import transaction
from warehouse.errors import QuotaUsed

_HOUR, _DAY = 3600, 86400
#: Longer than this no service is left alone, whatever it says.
_LONGEST_BLOCK = 26 * _HOUR


@dataclass(frozen=True)
class Left:
    """How many requests a quota leaves; None where there is none."""

    hour: int | None = None
    day: int | None = None

    @property
    def least(self) -> int | None:
        """How many may be sent now."""
        known = [n for n in (self.hour, self.day) if n is not None]
        return min(known) if known else None


class Pace:
    """The times at which one source's service is asked."""

    def __init__(self, con: sqlite3.Connection, source_id: str, service: Service, *, has_key: bool) -> None:
        self._con, self._source, self._service, self._has_key = con, source_id, service, has_key

    def take(self, longest_wait: float, stop: Stop) -> None:
        """Wait until a request may be sent, and count it.

        Raises QuotaUsed if that is further away than ``longest_wait``, Stopped.
        """
        while wait := self._try_to_take(longest_wait):
            stop.sleep(wait)
        stop.check()

    def block(self, seconds: float) -> float:
        """Leave the service alone for so long, as it asked; return until when."""
        until = time.time() + min(seconds, _LONGEST_BLOCK)
        self._con.execute(
            "INSERT INTO block VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET until = max(until, excluded.until)",
            [self._source, self._has_key, until],
        )
        return until

    def left(self) -> Left:
        """What the quota leaves."""
        return Left(*(limit and max(0, limit - self._sent(span)) for limit, span in self._limits()))

    def _try_to_take(self, longest_wait: float) -> float:
        """Take the next slot and return 0, or how long to wait before trying again."""
        with transaction(self._con):
            now = time.time()
            wait = self._wait_for_slot(now)
            longer = max(self._wait_for_block(now), self._wait_for_quota(now))
            if longer > longest_wait:
                raise QuotaUsed(self._told(now + longer))
            if wait or longer:
                return max(wait, longer, 0.001)
            self._con.execute(
                "INSERT INTO pace VALUES (?, ?) ON CONFLICT DO UPDATE SET next_free = excluded.next_free",
                [self._source, now + self._service.interval_seconds],
            )
            self._con.execute("INSERT INTO sent VALUES (?, ?)", [self._source, now])
            self._con.execute("DELETE FROM sent WHERE source = ? AND sent_at < ?", [self._source, now - 2 * _DAY])
            return 0

    def _wait_for_slot(self, now: float) -> float:
        """At most an interval: the clock may have been set back since."""
        found = self._con.execute("SELECT next_free FROM pace WHERE source = ?", [self._source]).fetchone()
        return min(max(0.0, found[0] - now), self._service.interval_seconds) if found else 0.0

    def _wait_for_block(self, now: float) -> float:
        found = self._con.execute(
            "SELECT until FROM block WHERE source = ? AND has_key = ?", [self._source, self._has_key]
        ).fetchone()
        return min(max(0.0, found[0] - now), _LONGEST_BLOCK) if found else 0.0

    def _wait_for_quota(self, now: float) -> float:
        return max(self._wait_for_limit(now, limit, span) for limit, span in self._limits())

    def _wait_for_limit(self, now: float, limit: int | None, span: float) -> float:
        """Until the request that is ``limit`` requests back is ``span`` old."""
        if limit is None:
            return 0.0
        found = self._con.execute(
            "SELECT sent_at FROM sent WHERE source = ? AND sent_at > ? ORDER BY sent_at DESC LIMIT 1 OFFSET ?",
            [self._source, now - span, limit - 1],
        ).fetchone()
        return min(max(0.0, found[0] + span - now), span) if found else 0.0

    def _limits(self) -> tuple[tuple[int | None, float], ...]:
        return (self._service.hourly, _HOUR), (self._service.daily, _DAY)

    def _sent(self, span: float) -> int:
        return int(
            self._con.execute(
                "SELECT count(*) FROM sent WHERE source = ? AND sent_at > ?", [self._source, time.time() - span]
            ).fetchone()[0]
        )

    def _told(self, free_at: float) -> str:
        left = self.left()
        used = [f"{limit} of {limit} requests of the last {span} are used"
                for limit, span, rest in ((self._service.hourly, "hour", left.hour), (self._service.daily, "24 hours", left.day))
                if rest == 0]  # fmt: skip
        return f"{' and '.join(used) or 'the service asked to be left alone'}; come back {at(free_at)}"


def at(moment: float) -> str:
    """A moment for people: at which time, and how long that is from now."""
    seconds = max(0, round(moment - time.time()))
    told = f"{seconds} s" if seconds < 120 else f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h {seconds % 3600 // 60} min"  # fmt: skip
    return f"at {datetime.fromtimestamp(moment, UTC):%Y-%m-%d %H:%M:%S} UTC, in {told}"
