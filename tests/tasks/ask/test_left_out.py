"""Figures without a date of publication that an as-of question leaves out are counted and told."""

import shutil
from pathlib import Path

import pytest

from schemas import base, mart
from tasks.ask import left_out
from tests.support import small_warehouse
from tests.support.curated_folder import CuratedFolder
from warehouse.as_of import reader_as_of
from warehouse.connection import make_folders, one, reader
from warehouse.settings import Home, Settings


@pytest.fixture(scope="module")
def home(settings: Settings, warehouse_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A release with two undated figures of trade and one of an indicator, beside a dated one of trade."""
    root = tmp_path_factory.mktemp("left_out")
    home = Home(root / "home")
    make_folders(home)
    shutil.copyfile(warehouse_template, home.warehouse)
    folder = CuratedFolder(root / "curated")
    undated = {"published_on": "", "published_precision": "unknown"}
    folder.write("trade/dated.csv", [folder.row("trade")])
    folder.write("trade/undated.csv", [
        folder.row("trade", partner=partner, dataset="undated.page", **undated) for partner in ("USA", "DEU")
    ])  # fmt: skip
    folder.write("indicator/undated.csv", [folder.row("indicator", **undated)])
    small_warehouse.load(home, settings, folder)
    assert small_warehouse.release(home, settings).release
    return home


def told(home: Home, query: str, moment: str) -> str | None:
    """What is told of a query as of a moment."""
    with reader_as_of(home, moment) as con:
        return left_out.describe_undated(con, query, moment)


@pytest.mark.parametrize(
    "name", ["trade_figures", "trade", "mart.trade", "main.trade_months", "mirror_trade", "trade_months_derived"]
)
def test_undated_figures_behind_a_mart_are_counted(home: Home, name: str) -> None:
    short = name.split(".")[-1]
    assert told(home, f"SELECT count(*) FROM {name}", "2018-01-01") == (
        f"2 figures behind {short} have no date of publication and were received after 2018-01-01: "
        "they are left out, though they may have been published by then"
    )


def test_figures_of_all_marts_of_a_query_are_counted(home: Home) -> None:
    said = told(home, "WITH t AS (FROM trade) SELECT * FROM t, indicator", "2018-01-01")
    assert said
    assert said.startswith("3 figures behind indicator, trade have")


def test_a_macro_beside_a_mart_does_not_hide_it(home: Home) -> None:
    said = told(home, "FROM trade JOIN figures_of_indicator('CN-LN', 'gdp', 'CNY', 2016) AS f ON true", "2018-01-01")
    assert said
    assert said.startswith("2 figures behind trade have")


def test_nothing_is_told_where_nothing_is_left_out(home: Home) -> None:
    assert told(home, "FROM fdi", "2018-01-01") is None
    assert told(home, "FROM ref.place", "2018-01-01") is None
    assert told(home, "FROM trade, indicator", "2999-01-01") is None


def test_what_is_told_is_what_is_left_out(home: Home) -> None:
    count = "SELECT count(*) FROM trade_figures"
    with reader_as_of(home, "2018-01-01") as then, reader(home) as now:
        assert one(now.execute(count))[0] - one(then.execute(count))[0] == 2


def test_today_and_now_agree(home: Home) -> None:
    with reader(home) as con:
        query = "SELECT (SELECT count(*) FROM trade_figures_as_of(current_date)), (SELECT count(*) FROM trade_figures_as_of(now()))"
        assert con.execute(query).fetchall() == [(3, 3)]


def test_every_mart_is_known() -> None:
    for view in mart.VIEWS:
        name = base.table_name(view).removeprefix("mart.")
        assert bool(list(left_out._kinds_of(name))) == (name not in left_out.OF_NONE), name
