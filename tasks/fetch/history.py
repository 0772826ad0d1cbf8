"""When each source was pulled last, how that ended, and what is left of its quota."""

import sqlite3
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from tasks.fetch import database
from warehouse.settings import Home

#: A source that was not pulled whole for so long is told to be stale. Publishers revise monthly at the most often.
STALE_AFTER = 45 * 86400
_HOUR, _DAY = 3600, 86400


@dataclass(frozen=True)
class LastPull:
    """The last pull of a source. ``told`` says how it ended if not well; ``left`` is None where there is no quota."""

    source: str
    ended_at: datetime
    told: str
    is_stale: bool
    left: int | None


def note(
    con: sqlite3.Connection, source_id: str, limits: tuple[int | None, int | None], *, whole: bool, told: str
) -> None:
    """Remember that a pull ended. ``limits`` are the service's, an hour and a day."""
    now = time.time()
    con.execute(
        "INSERT INTO pulled VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET ended_at = excluded.ended_at, "
        "whole_at = coalesce(excluded.whole_at, whole_at), told = excluded.told, hourly = excluded.hourly, daily = excluded.daily",
        [source_id, now, now if whole else None, told, *limits],
    )


def last_pulls(home: Home) -> dict[str, LastPull]:
    """The last pull of each source that was ever pulled."""
    with database.read(home) as con:
        found = (
            con.execute("SELECT source, ended_at, whole_at, told, hourly, daily FROM pulled").fetchall() if con else []
        )
        return {row[0]: _last(con, *row) for row in found if con}


def _last(
    con: sqlite3.Connection, source_id: str, ended_at: float, whole_at: float | None, told: str, hourly: int | None, daily: int | None
) -> LastPull:  # fmt: skip
    now = time.time()
    rests = [
        limit - _sent(con, source_id, now - span)
        for limit, span in ((hourly, _HOUR), (daily, _DAY))
        if limit is not None
    ]
    left = max(0, min(rests)) if rests else None
    is_stale = now - (whole_at or 0) > STALE_AFTER
    return LastPull(source_id, datetime.fromtimestamp(ended_at, UTC), told, is_stale, left)


def _sent(con: sqlite3.Connection, source_id: str, since: float) -> int:
    found = con.execute("SELECT count(*) FROM sent WHERE source = ? AND sent_at > ?", [source_id, since]).fetchone()
    return int(found[0])
