"""``pull.sqlite``, the small database of pulls. Several processes may use it at once, and it may be lost."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib import resources

from warehouse.errors import HomeError
from warehouse.settings import Home

#: How long to wait for another process's transaction; each takes milliseconds.
_WAIT_SECONDS = 60.0


@contextmanager
def opened(home: Home) -> Iterator[sqlite3.Connection]:
    """A connection for this thread; the tables exist. Raises HomeError if the file is damaged or cannot be written to."""
    con: sqlite3.Connection | None = None
    try:
        con = sqlite3.connect(home.pull_state, timeout=_WAIT_SECONDS, isolation_level=None)
        _prepare(con)
        yield con
    except sqlite3.DatabaseError as fault:
        raise HomeError(
            f"{home.pull_state} cannot be used: {fault}. If it is damaged, move it away: interrupted pulls then start "
            "again, and the requests sent today are no longer counted"
        ) from fault
    finally:
        if con is not None:
            con.close()


@contextmanager
def opened_if_any(home: Home) -> Iterator[sqlite3.Connection | None]:
    """A connection for reading; None if nothing was ever pulled. Raises HomeError as ``opened``."""
    if not home.pull_state.exists():
        yield None
        return
    with opened(home) as con:
        yield con


@contextmanager
def transaction(con: sqlite3.Connection) -> Iterator[None]:
    """Commit all of the block or nothing. No other process writes while the block runs."""
    con.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        con.execute("ROLLBACK")
        raise
    con.execute("COMMIT")


@cache
def statement(name: str) -> str:
    """The text of an SQL file beside this module, such as ``sql/tables.sql``."""
    return (resources.files(__package__) / name).read_text(encoding="utf-8")


def _prepare(con: sqlite3.Connection) -> None:
    _set_wal(con)
    con.execute("PRAGMA synchronous = NORMAL")
    con.executescript(statement("sql/tables.sql"))


def _set_wal(con: sqlite3.Connection) -> None:
    """Let readers and a writer work at once. If two processes set this for the first time at once, one finds it locked."""
    for _ in range(100):
        with suppress(sqlite3.OperationalError):
            con.execute("PRAGMA journal_mode = WAL")
            return
        time.sleep(0.05)
