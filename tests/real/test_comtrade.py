"""UN Comtrade's own files, all of them: loaded to the last row, with the publisher's figures, or named here with the reason."""

import shutil
from collections.abc import Iterator
from decimal import Decimal
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tasks.archive import store
from tasks.intake import adopt
from tasks.load import backlog
from tasks.load.load_source import load_source
from tasks.load.outcome import Outcome
from tasks.sources.uncomtrade import SOURCE
from tests.support.paths import SHARED
from warehouse.connection import make_folders, writer
from warehouse.settings import Home, Settings

FOLDERS = ("api-v1", "api-v1-flattened", "legacy-api", "mirror-reports", "plus-csv", "reference")

#: Files that are not loaded, by folder and name, and why.
NOT_LOADED = {
    "*/README.md": "says what the folder holds",
    "uncomtrade-api-v1/bulk-v1-get-C-A_empty-result.json": "an answer with no rows",
    "uncomtrade-api-v1/bulk-v1-get-C-A_file-listing.json": "a list of bulk files, no figures",
    "uncomtrade-api-v1/data-v1-get-S-A-EB_services_recorded-2023-04.json": "an answer with no rows",
    "uncomtrade-legacy-api/partnerAreas.json": "codes of partners: the warehouse has them in place_codes.csv",
    "uncomtrade-legacy-api/reporterAreas.json": "codes of reporters: the warehouse has them in place_codes.csv",
    "uncomtrade-reference/*": "code lists and descriptions of fields: the warehouse has its own, made of them",
}

#: Rows of the files by their READMEs, or counted in them.
ROWS = {
    "data-v1-get-C-A-HS_CHN-ARG_2010_includeDesc.json": 4,
    "public-v1-preview-C-A-HS_USA-JPN_2023_TOTAL_M-X.json": 2,
    "example_1.csv": 20, "example_2.csv": 33, "example_3.csv": 1586, "data_eu_imports_world.csv": 5004,
    "hs0.csv": 2, "hs5.csv": 4, "hs0_all.csv": 100,
    "Japan_to_all_2019.csv": 8644, "Japan_to_all_2020.csv": 8229,
    "api-get-json_BRA_2015_partner.json": 4, "api-get-json_BRA_2015_world.json": 8,
    "China_1.1_trade_balance_2014-2025.xlsx": 24,  # imports and exports of twelve years
    "China_2.1.1_top_export_partners_reverse.xlsx": 1862, "China_3.1.1_top_import_partners.xlsx": 1794,
    "China_2.3_exports_products_partners_HS-AG6-2014-2025_reverse.xlsx": 1453,
    "China_3.3_imports_products_partners_HS-AG6-2014-2025.xlsx": 645,
}  # fmt: skip


@pytest.fixture(scope="module")
def home(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = Home(tmp_path_factory.mktemp("comtrade"))
    make_folders(made)
    return made


@pytest.fixture(scope="module")
def adopted(home: Home) -> dict[str, adopt.AdoptionResult]:
    """What became of each file, by folder and name."""
    sources = SHARED / "sources"
    found = [a for f in FOLDERS for a in adopt.adopt(home, [sources / f"uncomtrade-{f}"])]
    return {a.path.relative_to(sources).as_posix(): a for a in found}


@pytest.fixture(scope="module")
def loaded(
    home: Home, adopted: dict[str, adopt.AdoptionResult], settings: Settings, warehouse_template: Path
) -> Iterator[tuple[duckdb.DuckDBPyConnection, list[Outcome]]]:
    shutil.copyfile(warehouse_template, home.warehouse)
    with writer(home, settings) as con:
        yield con, load_source(con, home, settings, SOURCE, common="code").outcomes


def figures(loaded: tuple[duckdb.DuckDBPyConnection, list[Outcome]], columns: str, where: str) -> list[tuple[Any, ...]]:
    con, _ = loaded
    return con.execute(
        f"SELECT {columns} FROM mart.trade_figures WHERE source = 'uncomtrade' AND {where} ORDER BY ALL"
    ).fetchall()


def test_every_file_is_loaded_or_named(shared: Path, adopted: dict[str, adopt.AdoptionResult]) -> None:
    for name, what in adopted.items():
        reasons = [why for pattern, why in NOT_LOADED.items() if fnmatch(name, pattern)]
        if what.source is None:
            assert reasons, f"{name}: {what.message}"
        else:
            assert (what.source, reasons) == ("uncomtrade", []), name
    assert sum(a.source == "uncomtrade" for a in adopted.values()) == 55


def test_no_row_is_refused(shared: Path, loaded: tuple[duckdb.DuckDBPyConnection, list[Outcome]]) -> None:
    _, outcomes = loaded
    assert [(o.artifact.filename, o.fault, o.quarantined[:1]) for o in outcomes if o.fault or o.rows_quarantined] == []
    rows = {o.artifact.filename: o.rows_accepted for o in outcomes}
    assert {name: rows[name] for name in ROWS} == ROWS
    plus = [n for name, n in rows.items() if name.startswith("TradeData_")]
    assert (len(plus), sum(plus)) == (13, 312)
    assert sum(rows.values()) == sum(o.change.new + o.change.unchanged for o in outcomes)


def test_answers_of_the_api_to_the_last_dollar(
    shared: Path, loaded: tuple[duckdb.DuckDBPyConnection, list[Outcome]]
) -> None:
    columns, line = (
        "flow, valuation, value_usd, quantity, net_weight_kg",
        "dataset = 'uncomtrade.a.hs' AND product = 'TOTAL'",
    )
    assert figures(loaded, columns, f"{line} AND reporter = 'USA' AND partner = 'JPN' AND year = 2023") == [
        ("export", "FOB", Decimal("76154045176.000"), None, None),
        ("import", "CIF", Decimal("151580564290.000"), None, None),
    ]
    assert figures(loaded, columns, f"{line} AND reporter = 'CHN' AND partner = 'DEU' AND flow = 'import'") == [
        ("import", "CIF", Decimal("74251272075.000"), None, None)
    ]
    exports = f"{line} AND reporter = 'CHN' AND partner = 'USA' AND year = 2016"
    assert figures(loaded, "round(value_usd / 1e9, 1)", exports) == [(385.7,)]


def test_chapters_add_up_to_the_totals_others_print(
    shared: Path, loaded: tuple[duckdb.DuckDBPyConnection, list[Outcome]]
) -> None:
    """Japan to China 2019 134.67 bn, China to Japan 143.22 bn (IMF DOTS: 134.71 and 143.22)."""
    found = figures(
        loaded, "reporter, round(sum(value_usd) / 1e9, 2)",
        "dataset = 'uncomtrade.legacy.a.hs' AND year = 2019 AND (reporter, partner) IN (('JPN', 'CHN'), ('CHN', 'JPN')) GROUP BY reporter",
    )  # fmt: skip
    assert found == [("CHN", 143.22), ("JPN", 134.67)]


def test_the_world_is_its_partners(shared: Path, loaded: tuple[duckdb.DuckDBPyConnection, list[Outcome]]) -> None:
    """Partner 0 stands beside the single partners, the buckets that are not places among them."""
    columns = "product, sum(value_usd) FILTER (partner = 'WLD') - sum(value_usd) FILTER (partner <> 'WLD') AS rest"
    where = "dataset = 'uncomtrade.legacy.a.hs' AND year = 2019 AND reporter = 'JPN' GROUP BY product"
    found = figures(loaded, columns, where)
    assert len(found) == 97
    assert [row for row in found if abs(row[1]) > 200] == []


def test_comtrade_plus_by_month(shared: Path, loaded: tuple[duckdb.DuckDBPyConnection, list[Outcome]]) -> None:
    where = "dataset = 'uncomtrade.m.hs' AND reporter = 'USA' AND partner = 'CHN'"
    assert figures(loaded, "flow, round(sum(value_usd) / 1e9, 1)", f"{where} AND year = 2016 GROUP BY flow") == [
        ("export", 115.6), ("import", 481.3),
    ]  # fmt: skip
    assert figures(loaded, "min(period), max(period), count(*), min(published_on)::VARCHAR", where) == [
        ("2010-01", "2022-12", 312, "2023-04-16")
    ]
    assert figures(loaded, "value_usd, valuation", f"{where} AND period = '2022-01' AND flow = 'import'") == [
        (Decimal("51584018551.000"), "CIF")
    ]


def test_mirror_reports(shared: Path, loaded: tuple[duckdb.DuckDBPyConnection, list[Outcome]]) -> None:
    where = "dataset = 'uncomtrade.report' AND product = 'TOTAL' AND year = 2016"
    found = figures(
        loaded, "reporter, partner, flow, round(value_usd / 1e9, 2)",
        f"{where} AND (reporter, partner) IN (('JPN', 'CHN'), ('CHN', 'WLD'))",
    )  # fmt: skip
    assert found == [
        ("CHN", "WLD", "export", 2097.64), ("CHN", "WLD", "import", 1587.92), ("JPN", "CHN", "export", 113.83),
        ("JPN", "CHN", "import", 156.55),
    ]  # fmt: skip


def test_a_second_adoption_and_load_do_nothing(
    shared: Path, home: Home, loaded: tuple[duckdb.DuckDBPyConnection, list[Outcome]]
) -> None:
    con, _ = loaded
    again = list(adopt.adopt(home, [shared / "sources" / "uncomtrade-legacy-api"]))
    assert not any(a.is_new for a in again)
    assert backlog.pending(con, SOURCE, store.manifests(home, SOURCE.id), "code") == []
