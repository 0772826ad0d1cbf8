"""What provinces add up to is held against the nation's total before anything is published."""

from collections.abc import Callable
from typing import Any

import duckdb
import pytest

from tasks.load.outcome import Outcome
from tasks.publish import check
from tests.support.curated_folder import CuratedFolder
from warehouse import sql

Load = Callable[..., dict[str, Outcome]]
PROVINCES = ["BJ", "TJ", "HE", "SX", "NM", "LN", "JL", "HL", "SH", "JS", "ZJ", "AH", "FJ", "JX", "SD", "HA", "HB", "HN", "GD", "GX", "HI", "CQ", "SC", "GZ", "YN", "XZ", "SN", "GS", "QH", "NX", "XJ"]  # fmt: skip


def indicators(
    folder: CuratedFolder, indicator: str, unit: str, each: str, nation: dict[str, str], provinces: int = 31
) -> None:
    """A dataset of provinces with the same figure each, and one of the nation."""
    rows = [
        folder.row(
            "indicator",
            dataset="panel",
            place=f"CN-{p}",
            indicator=indicator,
            period="2006",
            printed_value=each,
            printed_unit=unit,
        )
        for p in PROVINCES[:provinces]
    ]
    rows += [
        folder.row(
            "indicator", dataset="nation", place="CHN", indicator=i, period="2006", printed_value=v, printed_unit=unit
        )
        for i, v in nation.items()
    ]
    folder.write("indicator/panel.csv", rows)


def broken(con: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    return con.execute(
        f"SELECT dataset, measure, period, provinces FROM ({sql.render('checks/provinces_fit_the_nation.sql')})"
    ).fetchall()


def test_the_year_whose_provinces_add_up_to_half_as_much_again_is_found(
    load_curated: Load, warehouse: duckdb.DuckDBPyConnection, curated_folder: CuratedFolder
) -> None:
    # 2,776 billion in 31 parts, against the nation's exports and imports of 2006 as the World Bank has them.
    indicators(
        curated_folder,
        "goods_trade_total",
        "USD",
        "89550000000",
        {"goods_exports": "968978000000", "goods_imports": "791461000000"},
    )
    load_curated()
    assert broken(warehouse) == [("panel", "goods_trade_total", "2006", 31)]
    findings = {f.name: f for f in check.run(warehouse, with_schemas=False)}
    assert not findings["provinces_fit_the_nation"].passed


@pytest.mark.parametrize(
    ("each", "provinces", "is_found"),
    [("56787709677", 31, False), ("89550000000", 29, False), ("89550000000", 30, True), ("40000000000", 31, True)],
)
def test_what_fits_or_is_not_all_provinces_is_left(
    load_curated: Load,
    warehouse: duckdb.DuckDBPyConnection,
    curated_folder: CuratedFolder,
    each: str,
    provinces: int,
    is_found: bool,
) -> None:
    indicators(curated_folder, "goods_trade_total", "USD", each, {"goods_trade_total": "1760439000000"}, provinces)
    load_curated()
    assert bool(broken(warehouse)) is is_found


def test_trade_of_provinces_is_held_against_the_nation_too(
    load_curated: Load, warehouse: duckdb.DuckDBPyConnection, curated_folder: CuratedFolder
) -> None:
    indicators(curated_folder, "goods_imports", "USD", "1", {"goods_exports": "968978000000"}, 1)
    rows = [
        curated_folder.row(
            "trade", dataset="panel", reporter=f"CN-{p}", partner="WLD", basis="goods_place", period="2006",
            printed_value="31257", printed_unit="USD million",
        )
        for p in PROVINCES
    ]  # fmt: skip
    curated_folder.write("trade/panel.csv", rows)
    load_curated()
    assert broken(warehouse) == []
    curated_folder.write("trade/panel.csv", [{**r, "printed_value": "51257"} for r in rows])
    load_curated()
    assert broken(warehouse) == [("panel", "goods_exports", "2006", 31)]


def test_without_a_total_of_the_nation_there_is_nothing_to_hold_against(
    load_curated: Load, warehouse: duckdb.DuckDBPyConnection, curated_folder: CuratedFolder
) -> None:
    indicators(curated_folder, "goods_trade_total", "USD", "89550000000", {})
    load_curated()
    assert broken(warehouse) == []
