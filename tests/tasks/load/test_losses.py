"""Figures that vanish are told: a place, a year, or a large share of a dataset, and cells of which rows contradict each other."""

from collections.abc import Callable

import duckdb
import pytest
from rich.console import Console

from flows.cli import tables
from tasks.ask import warehouse_status
from tasks.load import losses
from tasks.load.load_source import load_source
from tasks.publish import check
from tasks.sources.curated import Curated
from tests.support.curated_folder import CuratedFolder
from warehouse.settings import Home, Settings

BEFORE = {("a", "IDN", "2001"): 10, ("a", "IDN", "2002"): 10, ("a", "ETH", "2001"): 5, ("b", "IDN", "2001"): 1}


@pytest.mark.parametrize(
    ("gone", "says"),
    [
        ((), []),
        ((("a", "ETH", "2001"),), ["a has lost all figures of 1 places, ETH (5 figures)", "a has lost 5 of 25 figures"]),
        ((("a", "IDN", "2002"),), ["a has lost all figures of 1 years, 2002 (10 figures)", "a has lost 10 of 25 figures"]),
        ((("b", "IDN", "2001"),), [
            "b has lost all figures of 1 places, IDN (1 figures)", "b has lost all figures of 1 years, 2001 (1 figures)",
            "b has lost 1 of 1 figures",
        ]),
    ],
)  # fmt: skip
def test_a_loss_is_told_by_dataset(gone: tuple[tuple[str, str, str], ...], says: list[str]) -> None:
    after = {key: count for key, count in BEFORE.items() if key not in gone}
    assert list(losses.describe(BEFORE, after)) == says
    assert list(losses.describe({}, BEFORE)) == []


@pytest.fixture
def load(
    warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, curated_folder: CuratedFolder
) -> Callable[[], list[str]]:
    return lambda: load_source(warehouse, home, settings, Curated(curated_folder.root), common="code").lost


def test_rows_that_contradict_each_other_are_an_alarm(
    warehouse: duckdb.DuckDBPyConnection, curated_folder: CuratedFolder, load: Callable[[], list[str]]
) -> None:
    row = curated_folder.row
    curated_folder.write("indicator/a.csv", [row("indicator"), row("indicator", place="CN-JL")])
    assert load() == []
    assert "lost_figures" not in {f.name for f in check.run(warehouse, with_schemas=False, with_marts=False)}
    rows = [row("indicator", printed_value="1"), row("indicator", printed_value="2"), row("indicator", place="CN-JL")]
    curated_folder.write("indicator/a.csv", rows)
    told = load()
    assert any("has lost all figures of 1 places, CN-LN" in text for text in told)
    assert any("2 rows are refused because rows of one cell differ" in text for text in told)
    (alarm,) = (f for f in check.run(warehouse, with_schemas=False, with_marts=False) if f.name == "lost_figures")
    assert (alarm.passed, alarm.failed) == (False, False)
    check.record(warehouse, [alarm])
    assert warehouse.execute("SELECT passed FROM meta.checks WHERE check_name = 'lost_figures'").fetchall() == [
        (False,)
    ]
    warehouse.execute("INSERT INTO meta.releases VALUES ('20261130T120000Z', '2026-11-30 12:00', 'fingerprint')")
    assert "has lost all figures of 1 places, CN-LN" in _shown_as_status(warehouse)


def _shown_as_status(con: duckdb.DuckDBPyConnection) -> str:
    console = Console(record=True, width=1000)
    tables.show_status(console, warehouse_status.published_release(con), [], {})
    return console.export_text()
