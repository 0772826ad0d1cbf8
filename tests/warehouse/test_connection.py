"""The writer's file: damaged, locked, too little space."""

import subprocess
import sys
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest

from warehouse import connection
from warehouse.errors import Busy, HomeError
from warehouse.settings import Home, Settings


def test_a_damaged_file_is_not_reported_as_in_use(home: Home, settings: Settings) -> None:
    with connection.writer(home, settings) as con:
        con.execute("CREATE TABLE t AS SELECT md5(range::VARCHAR) AS n FROM range(200000)")
    size = home.warehouse.stat().st_size
    with home.warehouse.open("r+b") as file:
        file.seek(size // 4)
        file.write(b"\xff" * (size // 2))
    with pytest.raises(HomeError, match="makes it again from the archive"), connection.writer(home, settings) as con:
        con.execute("SELECT max(n || n) FROM t")


def test_a_file_that_is_not_a_database_is_an_error(home: Home, settings: Settings) -> None:
    home.warehouse.write_text("this is not a database\n" * 1000)
    with pytest.raises(HomeError, match="cannot be read or written"), connection.writer(home, settings):
        pass


def test_a_file_that_another_program_has_open_is_an_error(home: Home, settings: Settings) -> None:
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"import duckdb; c = duckdb.connect({str(home.warehouse)!r}); print('held', flush=True); input()",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(Busy, match="another program"), connection.writer(home, settings):
            pass
    finally:
        holder.communicate("\n", timeout=30)


def test_too_little_space_is_an_error_before_anything_begins(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage(10**9, 10**9, 5 * 1024**2))
    with pytest.raises(HomeError, match="5 MB free"):
        connection.check_space(home)


def test_a_transaction_is_committed_whole_or_rolled_back_whole() -> None:
    con = duckdb.connect()
    con.execute("CREATE TABLE t (n INTEGER UNIQUE)")
    with connection.transaction(con):
        con.execute("INSERT INTO t VALUES (1)")
    with suppress(KeyboardInterrupt), connection.transaction(con):
        con.execute("INSERT INTO t VALUES (2)")
        raise KeyboardInterrupt
    assert con.execute("FROM t").fetchall() == [(1,)]


def test_a_commit_that_fails_is_the_fault_that_is_raised() -> None:
    con = duckdb.connect()
    con.execute("CREATE TABLE t (n INTEGER PRIMARY KEY)")
    other = con.cursor()

    def collide() -> None:
        with connection.transaction(con):
            con.execute("INSERT INTO t VALUES (1)")
            other.execute("INSERT INTO t VALUES (1)")

    with pytest.raises(duckdb.TransactionException, match="Failed to commit"):
        collide()
    with connection.transaction(con):
        con.execute("INSERT INTO t VALUES (2)")
    assert con.execute("FROM t ORDER BY n").fetchall() == [(1,), (2,)]


def test_one_takes_a_single_row_and_no_other_number() -> None:
    con = duckdb.connect()
    assert connection.one(con.execute("SELECT 1, 'a'")) == (1, "a")
    for rows in ("range(0)", "range(2)"):
        with pytest.raises(ValueError, match="exactly one row"):
            connection.one(con.execute(f"FROM {rows}"))


def test_many_may_try_the_same_home_folder_at_once(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: connection.make_folders(home), range(1000)))
    assert sorted(path.name for path in home.root.iterdir()) == ["archive", "published", "scratch"]
