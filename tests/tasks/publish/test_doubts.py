"""Checks that find what is doubtful and keep no release back: parts above totals, jumps, missing years, fewer figures."""

from collections.abc import Callable

import duckdb
import pytest

from tasks.load.outcome import Outcome
from tasks.publish import check
from tasks.publish.check import ERROR, WARNING, Finding
from tests.support.curated_folder import CuratedFolder

Load = Callable[..., dict[str, Outcome]]


def finding(con: duckdb.DuckDBPyConnection, name: str) -> Finding:
    (found,) = (f for f in check.run(con, with_schemas=False, with_marts=False) if f.name == name)
    assert not found.failed
    check.record(con, [found])  # which keeps nothing back
    return found


@pytest.mark.parametrize(("germany", "violations"), [("40", 0), ("60", 1)])
def test_partners_above_the_total(
    load_curated: Load,
    warehouse: duckdb.DuckDBPyConnection,
    curated_folder: CuratedFolder,
    germany: str,
    violations: int,
) -> None:
    row = curated_folder.row
    printed = {"WLD": "100", "JPN": "60", "DEU": germany, "EU27_2020": "70"}  # a group holds a member that is counted
    rows = [row("trade", partner=partner, printed_value=value) for partner, value in printed.items()]
    curated_folder.write("trade/a.csv", rows)
    load_curated()
    found = finding(warehouse, "members_fit_totals")
    assert (found.violations, found.severity) == (violations, WARNING)


def test_a_total_of_trillions_is_reckoned_with(
    load_curated: Load, warehouse: duckdb.DuckDBPyConnection, curated_folder: CuratedFolder
) -> None:
    printed = {"WLD": "90000000", "JPN": "95000000"}  # millions: more than a decimal of the width of an amount has
    rows = [
        curated_folder.row("trade", partner=partner, printed_value=value, printed_unit="JPY million")
        for partner, value in printed.items()
    ]
    curated_folder.write("trade/a.csv", rows)
    (outcome,) = load_curated().values()
    assert outcome.rows_accepted == 2, outcome
    found = finding(warehouse, "members_fit_totals")
    assert found.violations == 1
    assert "cannot be made" not in str(found.example)


def test_a_figure_that_a_check_cannot_reckon_with_is_told_and_ends_nothing(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    found = check.query(
        warehouse,
        "mine",
        "-- None\n-- severity: warning\nSELECT 99999999.99::DECIMAL(10, 2) * 99999999.99::DECIMAL(8, 2)",
    )
    assert (found.violations, found.severity) == (1, WARNING)
    assert "it cannot be made: " in str(found.example)


@pytest.mark.parametrize(("middle", "violations"), [("2700", 0), ("300", 0), ("27200", 1), ("30", 1)])
def test_a_level_that_jumps_and_comes_back(
    load_curated: Load,
    warehouse: duckdb.DuckDBPyConnection,
    curated_folder: CuratedFolder,
    middle: str,
    violations: int,
) -> None:
    values = {"2015": "2700", "2016": middle, "2017": "2750"}
    rows = [curated_folder.row("indicator", period=period, printed_value=value) for period, value in values.items()]
    curated_folder.write("indicator/a.csv", rows)
    load_curated()
    assert finding(warehouse, "levels_do_not_jump").violations == violations


@pytest.mark.parametrize(("kind", "violations"), [("pull", 1), ("adopt", 0)])
def test_a_year_that_a_pull_did_not_bring(
    load_curated: Load, warehouse: duckdb.DuckDBPyConnection, curated_folder: CuratedFolder, kind: str, violations: int
) -> None:
    rows = [curated_folder.row("indicator", period=period) for period in ("2014", "2015", "2017")]
    curated_folder.write("indicator/a.csv", rows)
    load_curated()
    warehouse.execute("UPDATE meta.artifacts SET origin_kind = ?", [kind])
    found = finding(warehouse, "years_without_gap")
    assert (found.violations, found.severity) == (violations, ERROR)
    assert len(check.errors(warehouse)) == violations


@pytest.mark.parametrize(("rows_stated", "violations"), [(60, 0), (200, 0), (49, 1), (201, 1)])
def test_an_edition_with_far_fewer_or_more_figures(
    load_curated: Load,
    warehouse: duckdb.DuckDBPyConnection,
    curated_folder: CuratedFolder,
    rows_stated: int,
    violations: int,
) -> None:
    row = curated_folder.row
    rows = [row("indicator"), row("indicator", printed_value="13", published_on="2018-09-30")]
    curated_folder.write("indicator/a.csv", rows)
    load_curated()
    warehouse.execute("UPDATE meta.editions SET is_complete = TRUE, rows_stated = 100")
    warehouse.execute("UPDATE meta.editions SET rows_stated = ? WHERE published_on = '2018-09-30'", [rows_stated])
    assert finding(warehouse, "counts_stay_within_bounds").violations == violations


@pytest.mark.parametrize(("period", "violations"), [("2016", 0), ("2061", 1)])
def test_a_correction_that_keeps_no_figure_out(
    load_curated: Load,
    warehouse: duckdb.DuckDBPyConnection,
    curated_folder: CuratedFolder,
    period: str,
    violations: int,
) -> None:
    rows = [curated_folder.row("indicator", period=year) for year in ("2016", "2017")]
    curated_folder.write("indicator/a.csv", rows)
    values = ["mine", "curated", rows[0]["dataset"], "indicator", period, "true", "count(*) = 1", "in the wrong unit"]
    names = "correction, source, dataset, fact, period, concerns, expectation, reason"
    warehouse.execute(f"INSERT INTO ref.correction ({names}) VALUES ({', '.join('?' for _ in values)})", values)
    load_curated()
    assert finding(warehouse, "corrections_concern_figures").violations == violations
