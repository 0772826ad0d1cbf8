"""A release to pass on has nothing of a source whose publisher is to be asked, and says so; all else is there."""

import json
from pathlib import Path

import duckdb
import pytest

from tasks.publish import shareable
from tasks.sources.curated import Curated
from tests.support import small_warehouse
from tests.support.curated_folder import CuratedFolder
from warehouse.connection import writer
from warehouse.errors import HomeError, NotPublished
from warehouse.settings import Home, Settings


@pytest.fixture(scope="module")
def mixed(settings: Settings, warehouse_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A release with figures that may be passed on, and some that count as Comtrade's."""
    root = tmp_path_factory.mktemp("mixed")
    home = small_warehouse.make(root, settings, warehouse_template)
    folder = CuratedFolder(root / "more")
    row = folder.row("trade", partner="DEU", dataset="other", title="Withheld")
    folder.write("trade/second.csv", [row, folder.row("trade", partner="NOWHERE", dataset="other", title="Withheld")])

    class Withheld(Curated):
        id = "uncomtrade"

    from tasks.load.load_source import load_source

    with writer(home, settings) as con:
        outcomes = load_source(con, home, settings, Withheld(folder.root)).outcomes
        assert [o.fault for o in outcomes if o.fault] == []
    small_warehouse.release(home, settings)
    return home


def test_what_may_not_be_passed_on_is_left_out_and_said(mixed: Home, settings: Settings, tmp_path: Path) -> None:
    (left_out,) = shareable.write(mixed, settings, tmp_path / "shared")
    assert (left_out.source, left_out.figures) == ("uncomtrade", 1)
    file = tmp_path / "shared" / "entrepot.duckdb"
    with (
        duckdb.connect(str(file), read_only=True) as con,
        duckdb.connect(str(mixed.published_file), read_only=True) as all_,
    ):
        partners = "SELECT DISTINCT partner FROM mart.trade_figures ORDER BY ALL"
        assert all_.execute(partners).fetchall() == [("DEU",), ("JPN",)]
        assert con.execute(partners).fetchall() == [("JPN",)]
        assert con.execute("SELECT DISTINCT partner FROM mart.trade WHERE exports_usd IS NOT NULL").fetchall() == [
            ("JPN",)
        ]
        assert (
            con.execute("FROM mart.indicator_figures ORDER BY ALL").fetchall()
            == all_.execute("FROM mart.indicator_figures ORDER BY ALL").fetchall()
        )
        for table in ("artifacts", "editions", "loads", "quarantine"):
            assert con.execute(f"SELECT count(*) FROM meta.{table} WHERE source = 'uncomtrade'").fetchall() == [(0,)]
            assert all_.execute(f"SELECT count(*) FROM meta.{table} WHERE source = 'uncomtrade'").fetchall() != [(0,)]
        assert con.execute("SELECT count(*) FROM meta.citations WHERE title = 'Withheld'").fetchall() == [(0,)]
    assert b"Withheld" in mixed.published_file.read_bytes()
    assert b"Withheld" not in file.read_bytes()  # nor in blocks that no table uses
    package = json.loads((tmp_path / "shared" / "parquet" / "datapackage.json").read_text("utf-8"))
    assert "uncomtrade: 1 figures are left out" in package["description"]


def test_a_folder_with_something_in_it_is_not_touched(mixed: Home, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine", "utf-8")
    with pytest.raises(HomeError, match="is not empty"):
        shareable.write(mixed, settings, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_nothing_published_is_nothing_to_pass_on(home: Home, settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(NotPublished):
        shareable.write(home, settings, tmp_path / "shared")
