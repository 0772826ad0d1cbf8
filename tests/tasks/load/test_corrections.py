"""Declared corrections keep wrong figures out with their reason, and stop a file whose figures are no longer wrong."""

from collections.abc import Callable

import duckdb
import pytest

from tasks.load.outcome import Outcome
from tests.support.curated_folder import CuratedFolder
from warehouse.errors import BadData, CorrectionOutdated

Load = Callable[..., dict[str, Outcome]]
FILE = "indicator/gdp.csv"
DECLARED = {
    "correction": "gdp_2016", "source": "curated", "dataset": "bureau.gdp", "fact": "indicator", "period": "2016",
    "concerns": "indicator = 'gdp'", "expectation": "sum(value) > 30000000", "reason": "printed in the wrong unit",
}  # fmt: skip


def declare(con: duckdb.DuckDBPyConnection, **changes: str) -> None:
    row = {**DECLARED, **changes}
    con.execute(
        f"INSERT INTO ref.correction ({', '.join(row)}) VALUES ({', '.join('?' for _ in row)})", [*row.values()]
    )


def write(folder: CuratedFolder, *values: str) -> None:
    places = ("CN-LN", "CN-JL", "CN-HL")
    rows = [
        folder.row("indicator", place=p, printed_value=v, printed_unit="USD million")
        for p, v in zip(places, values, strict=False)
    ]
    rows.append(folder.row("indicator", period="2017", printed_value="7", printed_unit="USD million"))
    folder.write(FILE, rows)


def shown(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return con.execute("SELECT place, period FROM mart.indicator_figures ORDER BY ALL").fetchall()


def test_what_is_declared_wrong_is_quarantined_and_named_and_the_rest_is_loaded(
    load_curated: Load, warehouse: duckdb.DuckDBPyConnection, curated_folder: CuratedFolder
) -> None:
    declare(warehouse)
    write(curated_folder, "20", "30", "40")
    outcome = load_curated()[FILE]
    assert (outcome.fault, outcome.rows_in, outcome.rows_accepted, outcome.rows_quarantined) == (None, 4, 1, 3)
    assert shown(warehouse) == [("CN-LN", "2017")]
    quarantined = warehouse.execute("SELECT DISTINCT stage, rules FROM meta.quarantine").fetchall()
    assert quarantined == [("conformed", "correction: gdp_2016: printed in the wrong unit")]


def test_a_later_file_that_is_right_is_stopped_until_the_correction_goes(
    load_curated: Load, warehouse: duckdb.DuckDBPyConnection, curated_folder: CuratedFolder
) -> None:
    declare(warehouse)
    write(curated_folder, "20", "30", "40")
    load_curated()
    write(curated_folder, "2", "3", "4")
    fault = load_curated()[FILE].fault
    assert isinstance(fault, CorrectionOutdated)
    assert "gdp_2016" in str(fault)
    assert "remove corrections/gdp_2016.yml" in str(fault)
    assert shown(warehouse) == [("CN-LN", "2017")]
    warehouse.execute("DELETE FROM ref.correction")
    assert load_curated()[FILE].fault is None
    assert len(shown(warehouse)) == 4


def test_corrected_rows_are_not_counted_as_bad_but_others_are(
    load_curated: Load, warehouse: duckdb.DuckDBPyConnection, curated_folder: CuratedFolder
) -> None:
    declare(warehouse, expectation="count(*) > 0")
    rows = [curated_folder.row("indicator", place=f"CN-{p}") for p in ("LN", "JL", "HL", "BJ", "TJ", "HE", "SX", "NM")]
    curated_folder.write(FILE, rows)
    assert load_curated()[FILE].fault is None
    warehouse.execute("UPDATE ref.correction SET period = '1999'")
    bad = [curated_folder.row("indicator", place=f"ATLANTIS{n}") for n in range(9)]
    curated_folder.write(FILE, [*rows, *bad])
    assert isinstance(load_curated()[FILE].fault, BadData)


@pytest.mark.parametrize(
    "changed", [{"dataset": "bureau.other"}, {"period": "2015"}, {"source": "chn.nbs"}, {"fact": "trade"}]
)
def test_a_correction_of_something_else_concerns_nothing(
    load_curated: Load, warehouse: duckdb.DuckDBPyConnection, curated_folder: CuratedFolder, changed: dict[str, str]
) -> None:
    declare(warehouse, **changed)
    write(curated_folder, "20", "30", "40")
    outcome = load_curated()[FILE]
    assert (outcome.fault, outcome.rows_quarantined) == (None, 0)


@pytest.mark.parametrize("changed", [{"concerns": "no_such_column = 1"}, {"expectation": "sum(value >"}])
def test_a_correction_that_is_no_sql_is_named_in_the_fault(
    load_curated: Load, warehouse: duckdb.DuckDBPyConnection, curated_folder: CuratedFolder, changed: dict[str, str]
) -> None:
    declare(warehouse, **changed)
    write(curated_folder, "20")
    fault = load_curated()[FILE].fault
    assert isinstance(fault, BadData)
    assert "corrections/gdp_2016.yml" in str(fault)


def test_an_expectation_that_does_not_apply_to_the_rows_does_not_hold(
    load_curated: Load, warehouse: duckdb.DuckDBPyConnection, curated_folder: CuratedFolder
) -> None:
    declare(warehouse, expectation="sum(value) / NULL > 1")
    write(curated_folder, "20")
    assert isinstance(load_curated()[FILE].fault, CorrectionOutdated)
