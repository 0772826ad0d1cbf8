"""The last pull of each source: when and how it ended, and what is left of the quota."""

import sqlite3
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from tasks.contract.service import Service
from tasks.fetch import database
from tasks.fetch.report import PullReport
from warehouse.errors import HomeError
from warehouse.settings import Home

#: A source is stale if its last complete pull is older, in seconds. Publishers revise monthly at the most.
STALE_AFTER = 45 * 86400
_HOUR, _DAY = 3600, 86400
_ENDS = "SELECT source, kind, at, fault, in_a_row, is_layout_changed FROM ended ORDER BY source, kind"


@dataclass(frozen=True)
class LastPull:
    """The last pull of a source. ``message`` says why it was not complete, and is empty if it was.

    ``quota_left`` is the number of requests that may be sent now, None without a quota.
    """

    source: str
    ended_at: datetime
    message: str
    is_stale: bool
    quota_left: int | None


@dataclass(frozen=True)
class End:
    """How the last pull or probe of a source ended: ``fault`` is None for a good end, ``in_a_row`` counts the bad ones since the last good one.

    ``is_layout_changed``: the answer had another layout than the source reads.
    """

    source: str
    kind: str
    at: datetime
    fault: str | None
    in_a_row: int
    is_layout_changed: bool


def record_end(
    con: sqlite3.Connection, source_id: str, kind: str, fault: str | None, *, is_layout_changed: bool = False
) -> None:
    """Record how a pull or a probe (``kind``) of a source ended."""
    values = {
        "source": source_id,
        "kind": kind,
        "at": time.time(),
        "fault": fault or None,
        "is_layout": is_layout_changed,
    }
    con.execute(database.statement("sql/ended_upsert.sql"), values)


def record_failure(home: Home, source_id: str, kind: str, fault: str) -> None:
    """Record a pull or probe that ended before it could record anything, as for want of a key. A disk that is full cannot be written to: then not."""
    with suppress(HomeError), database.opened(home) as con:
        record_end(con, source_id, kind, fault)


def ends(home: Home) -> list[End]:
    """How the last pull and the last probe of each source ended."""
    with database.opened_if_any(home) as con:
        rows = con.execute(_ENDS).fetchall() if con else []
    return [
        End(source, kind, datetime.fromtimestamp(at, UTC), fault, in_a_row, bool(is_layout))
        for source, kind, at, fault, in_a_row, is_layout in rows
    ]


def record(con: sqlite3.Connection, service: Service, report: PullReport) -> None:
    """Record how a pull ended, with the limits of the service."""
    now = time.time()
    # A quota that is used up is no fault of the source: the next pull goes on.
    if not report.is_cancelled and not report.is_quota_used:
        record_end(con, report.source, "pull", report.describe_end())
    con.execute(
        database.statement("sql/pulled_upsert.sql"),
        {
            "source": report.source, "ended_at": now, "complete_at": now if report.is_complete else None,
            "message": report.describe_end(), "hourly": service.hourly, "daily": service.daily,
        },
    )  # fmt: skip


def last_pulls(home: Home) -> dict[str, LastPull]:
    """The last pull of each source that was ever pulled, by source id."""
    with database.opened_if_any(home) as con:
        if con is None:
            return {}
        rows = con.execute("SELECT source, ended_at, whole_at, told, hourly, daily FROM pulled").fetchall()
        return {row[0]: _last_pull(con, *row) for row in rows}


def _last_pull(
    con: sqlite3.Connection, source_id: str, ended_at: float, complete_at: float | None, message: str, hourly: int | None,
    daily: int | None,
) -> LastPull:  # fmt: skip
    now = time.time()
    rests = [
        limit - _sent(con, source_id, now - span)
        for limit, span in ((hourly, _HOUR), (daily, _DAY))
        if limit is not None
    ]
    return LastPull(
        source_id,
        datetime.fromtimestamp(ended_at, UTC),
        message,
        is_stale=now - (complete_at or 0) > STALE_AFTER,
        quota_left=max(0, min(rests)) if rests else None,
    )


def _sent(con: sqlite3.Connection, source_id: str, since: float) -> int:
    (count,) = con.execute("SELECT count(*) FROM sent WHERE source = ? AND sent_at > ?", [source_id, since]).fetchone()
    return int(count)
