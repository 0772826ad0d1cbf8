"""How much each dataset revises: number, size, direction and lag."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.support import small_warehouse
from tests.support.curated_folder import CuratedFolder
from warehouse import marts
from warehouse.connection import make_folders, writer
from warehouse.settings import Home, Settings

#: Partner, first value, later value.
REVISED = (("JPN", "100", "110"), ("USA", "100", "80"), ("DEU", "100", "104"), ("FRA", "0", "5"))


@pytest.fixture(scope="module")
def con(
    settings: Settings, warehouse_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse in which one dataset is revised after a year, and another is not."""
    root = tmp_path_factory.mktemp("revisions")
    home = Home(root / "home")
    make_folders(home)
    home.warehouse.write_bytes(warehouse_template.read_bytes())
    folder = CuratedFolder(root / "curated")
    folder.write("trade/revised.csv", [
        folder.row("trade", partner=partner, printed_value=value, published_on=day)
        for partner, before, after in REVISED for value, day in ((before, "2017-09-30"), (after, "2018-09-30"))
    ])  # fmt: skip
    folder.write("fdi/kept.csv", [folder.row("fdi")])
    small_warehouse.load(home, settings, folder)
    with writer(home, settings) as opened:
        marts.store(opened)
        yield opened


def test_revisions_are_summed_up_by_source_dataset_and_fact(con: duckdb.DuckDBPyConnection) -> None:
    (row,) = con.execute("FROM mart.revisions_by_source").fetchall()
    assert row[:6] == ("curated", "customs.annual", "trade", 4, 0, 0)
    median, largest, share_up, days = row[6:]
    assert median == pytest.approx(0.10), (
        "10 %, -20 % and 4 % without sign; a figure that was 0 has no relative difference"
    )
    assert largest == pytest.approx(0.20)
    assert share_up == pytest.approx(0.75)
    assert days == 365


def test_the_summary_counts_every_revision(con: duckdb.DuckDBPyConnection) -> None:
    query = "SELECT (SELECT count(*) FROM mart.revisions), (SELECT sum(revisions + newly_stated + withdrawn) FROM mart.revisions_by_source)"
    assert con.execute(query).fetchall() == [(4, 4)]
