"""What is loaded is checked against today's code and schemas, whatever is on record of it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from tasks.archive import store
from tasks.ask import rereading
from tasks.ask.rereading import Rereading
from tasks.contract.dataset import Dataset
from tasks.load import identity as load_identity
from tasks.load.outcome import RowBalance
from tasks.sources.curated import SOURCE, Curated
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
    return reread(con, home, settings).faults


def reread(con: duckdb.DuckDBPyConnection, home: Home, settings: Settings) -> Rereading:
    return rereading.reread(con, home, settings, lambda _: None)


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


def test_a_file_of_mostly_bad_rows_is_named_with_what_to_do(
    con: duckdb.DuckDBPyConnection, home: Home, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasks.load.outcome.TOLERATED_ROWS", 0)
    monkeypatch.setattr("tasks.sources.curated.SOURCE.datasets", _with_no_tolerance())
    (fault,) = faults(con, home, settings)
    assert fault.startswith(
        "loaded, but cannot be loaded today: 1 of 3 rows are bad, more than 1%: curated, indicator/first.csv. "
    )
    assert fault.endswith("Correct the bundled file")
    assert "not loaded" not in fault


def _with_no_tolerance() -> dict[str, Dataset]:
    return {name: replace(dataset, max_bad_share=0.01) for name, dataset in SOURCE.datasets.items()}


def test_files_of_bulk_datasets_are_named_as_not_read_and_not_counted(
    con: duckdb.DuckDBPyConnection, home: Home, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = reread(con, home, settings)
    assert (whole.files_read, whole.left_out, whole.faults) == (8, [], [])
    monkeypatch.setattr(Curated, "bulk_partition", lambda _, artifact: artifact.filename.startswith("trade/"))
    (message,) = reread(con, home, settings).left_out
    assert message.startswith("1 files of curated, each with millions of rows")
    assert message.endswith("Their rows were checked when they were loaded: trade/first.csv")
    assert reread(con, home, settings).files_read == 7


def test_each_file_is_reported_while_it_is_read(con: duckdb.DuckDBPyConnection, home: Home, settings: Settings) -> None:
    messages: list[str] = []
    rereading.reread(con, home, settings, messages.append)
    assert len(messages) == 8
    assert messages[0] == "reading again: curated, file 1 of 8, fdi/first.csv"


def test_files_that_are_withdrawn_or_lost_are_not_read(
    con: duckdb.DuckDBPyConnection, home: Home, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load_identity, "of_loading", lambda: "other code")
    con.execute("UPDATE meta.loads SET identity = 'withdrawn' WHERE filename <> 'trade/first.csv'")
    assert [fault[:6] for fault in faults(con, home, settings)] == ["1 of 1"]
    monkeypatch.setattr(store, "manifests", lambda *_: [])
    assert faults(con, home, settings) == []
