"""The small database of pulls, ``pull.sqlite``: safe for several processes, and small enough to be lost."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib import resources

from warehouse.errors import HomeError
from warehouse.settings import Home

#: How long another process may hold the database; each holds it for milliseconds.
_WAIT_SECONDS = 60.0


@contextmanager
def opened(home: Home) -> Iterator[sqlite3.Connection]:
    """A connection for this thread, tables made. Raises HomeError for a damaged file or one that cannot be written."""
    con: sqlite3.Connection | None = None
    try:
        con = sqlite3.connect(home.pull_state, timeout=_WAIT_SECONDS, isolation_level=None)
        _prepare(con)
        yield con
    except sqlite3.DatabaseError as fault:
        raise HomeError(
            f"{home.pull_state} cannot be used: {fault}; if it is damaged, move it away: what is lost with it is where "
            "interrupted pulls stood, and the count of requests sent today"
        ) from fault
    finally:
        if con is not None:
            con.close()


@contextmanager
def read(home: Home) -> Iterator[sqlite3.Connection | None]:
    """A connection that changes nothing; None if nothing was ever pulled."""
    if not home.pull_state.exists():
        yield None
        return
    with opened(home) as con:
        yield con


@contextmanager
def transaction(con: sqlite3.Connection) -> Iterator[None]:
    """All of the block or nothing; no other process writes meanwhile."""
    con.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        con.execute("ROLLBACK")
        raise
    con.execute("COMMIT")


def _prepare(con: sqlite3.Connection) -> None:
    _set_wal(con)
    con.execute("PRAGMA synchronous = NORMAL")
    con.executescript(_layout())


def _set_wal(con: sqlite3.Connection) -> None:
    """Let readers and a writer work at once. Two processes that set it first at once: one is told that it is locked."""
    for _ in range(100):
        with suppress(sqlite3.OperationalError):
            con.execute("PRAGMA journal_mode = WAL")
            return
        time.sleep(0.05)


@cache
def _layout() -> str:
    return (resources.files(__package__) / "state.sql").read_text(encoding="utf-8")
