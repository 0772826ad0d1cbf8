"""What is loaded is held to today's code and schemas, whatever is on record of it."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tasks.archive import store
from tasks.ask import rereading
from tasks.load import identity as load_identity
from tasks.load.outcome import RowBalance
from tests.support import small_warehouse
from warehouse.connection import writer
from warehouse.errors import BadData
from warehouse.settings import Home, Settings


@pytest.fixture(scope="module")
def home(settings: Settings, warehouse_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home folder with a small warehouse: one row of indicator/first.csv is in quarantine."""
    return small_warehouse.make(tmp_path_factory.mktemp("rereading"), settings, warehouse_template)


@pytest.fixture
def con(home: Home, settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """Its warehouse, which is afterwards as it was."""
    with writer(home, settings) as con:
        con.execute("BEGIN")
        yield con
        con.execute("ROLLBACK")


def faults(con: duckdb.DuckDBPyConnection, home: Home, settings: Settings) -> list[str]:
    return list(rereading.faults(con, home, settings))


def test_a_warehouse_that_this_code_loaded_is_whole(
    con: duckdb.DuckDBPyConnection, home: Home, settings: Settings
) -> None:
    assert faults(con, home, settings) == []


def test_files_that_other_code_loaded_are_counted(
    con: duckdb.DuckDBPyConnection, home: Home, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load_identity, "of_loading", lambda: "other code")
    assert faults(con, home, settings) == [
        "8 of 8 files were loaded by other code, schemas or reference tables than today's: curated, such as "
        "fdi/first.csv. Run `entrepot build`"
    ]


def test_a_row_that_is_loaded_and_breaks_a_rule_is_named(
    con: duckdb.DuckDBPyConnection, home: Home, settings: Settings
) -> None:
    con.execute("DELETE FROM meta.quarantine")
    (fault,) = faults(con, home, settings)
    assert fault.startswith("1 rows are loaded and break a rule: curated, indicator/first.csv, such as row 3: place")


def test_a_row_in_quarantine_that_breaks_no_rule_is_named(
    con: duckdb.DuckDBPyConnection, home: Home, settings: Settings
) -> None:
    con.execute("UPDATE meta.quarantine SET row_number = 1")
    loaded, kept_out = faults(con, home, settings)
    assert loaded.startswith("1 rows are loaded and break a rule: curated, indicator/first.csv, such as row 3")
    assert kept_out.startswith(
        "1 rows are in quarantine and break no rule: curated, indicator/first.csv, such as row 1"
    )


def test_a_file_that_could_not_be_loaded_today_is_named(
    con: duckdb.DuckDBPyConnection, home: Home, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(balance: RowBalance, *_: object) -> None:
        if balance.quarantined:
            raise BadData("too many bad rows")

    monkeypatch.setattr(RowBalance, "check_share", refuse)
    assert faults(con, home, settings) == ["loaded, but cannot be loaded today: too many bad rows"]


def test_files_that_are_withdrawn_or_lost_are_not_read(
    con: duckdb.DuckDBPyConnection, home: Home, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load_identity, "of_loading", lambda: "other code")
    con.execute("UPDATE meta.loads SET identity = 'withdrawn' WHERE filename <> 'trade/first.csv'")
    assert [fault[:6] for fault in faults(con, home, settings)] == ["1 of 1"]
    monkeypatch.setattr(store, "manifests", lambda *_: [])
    assert faults(con, home, settings) == []
