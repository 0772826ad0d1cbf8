"""Each check of the whole warehouse finds the fault it is there for, and nothing is recorded as passed that is not."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from schemas import mart
from schemas.base import table_name
from tasks.contract import facts
from tasks.contract.facts import Fact
from tasks.publish import check
from tasks.publish.check import Finding
from tests.support import small_warehouse
from warehouse import ddl, sql
from warehouse.connection import writer
from warehouse.errors import ChecksFailed
from warehouse.settings import Home, Settings

FACTS = [f.name for f in facts.ALL]


@pytest.fixture(scope="module")
def loaded(settings: Settings, warehouse_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A warehouse with a figure of each kind, some revised, and a row in quarantine."""
    home = small_warehouse.make(tmp_path_factory.mktemp("check"), settings, warehouse_template)
    with writer(home, settings) as con:
        assert failed(check.run(con)) == set()
    return home


@pytest.fixture
def con(loaded: Home, home: Home, settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """A copy of that warehouse, to be damaged."""
    shutil.copyfile(loaded.warehouse, home.warehouse)
    with writer(home, settings) as made:
        yield made


def failed(findings: list[Finding]) -> set[str]:
    """Names of the checks that failed."""
    return {f.name for f in findings if not f.passed}


def fact_of(name: str) -> Fact:
    """The fact with this name."""
    return next(f for f in facts.ALL if f.name == name)


def assert_found(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """The check fails, says so, and keeps anything from being published."""
    findings = check.run(con, with_schemas=False)
    assert name in failed(findings)
    finding = next(f for f in findings if f.name == name)
    assert finding.violations > 0
    assert finding.example
    assert finding.description
    with pytest.raises(ChecksFailed, match="nothing is published") as caught:
        check.record(con, findings)
    assert f"{name} ({finding.description}): {finding.violations}, such as {finding.example}" in str(caught.value)
    on_record = con.execute("SELECT passed, violations FROM meta.checks WHERE check_name = ?", [name]).fetchall()
    assert on_record == [(False, finding.violations)]


def test_there_is_a_test_for_every_check() -> None:
    """A new check file must come with a test here that breaks what it promises."""
    assert {name.removeprefix("checks/").removesuffix(".sql") for name in sql.names("checks")} == {
        "bulk_parts_are_whole",  # tests/tasks/test_parts.py
        "loads_balance", "mart_is_whole", "one_current_version", "one_value_a_day", "place_codes_unambiguous",
        "provinces_fit_the_nation",  # tests/warehouse/test_provinces_fit_the_nation.py
        "quarantine_is_whole", "set_aside_has_reasons", "versions_follow",
        # tests/tasks/publish/test_doubts.py
        "members_fit_totals", "levels_do_not_jump", "years_without_gap", "counts_stay_within_bounds",
        "figures_keep_their_size",  # tests/tasks/publish/test_doubtful_figures.py
        "corrections_concern_figures",
    }  # fmt: skip


def test_all_checks_are_made_of_every_fact_and_table(con: duckdb.DuckDBPyConnection) -> None:
    names = [f.name for f in check.run(con)]
    assert len(names) == len(set(names))
    for promise in ("one_current_version", "one_value_a_day", "versions_follow", "mart_is_whole"):
        further = {"trade_bulk"} if promise == "versions_follow" else set()
        assert {n.removeprefix(f"{promise}.") for n in names if n.startswith(promise)} == {*FACTS, *further}
    tables = {table_name(t) for t in (*ddl.STORED, *(mart.FIGURES_OF[fact.name] for fact in facts.ALL))}
    assert {n.removeprefix("schema.") for n in names if n.startswith("schema.")} == tables
    assert all(f.description for f in check.run(con, with_schemas=False))


def test_what_passed_is_recorded_with_nothing_left_of_the_last_build(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        "INSERT INTO meta.checks VALUES ('of old', 'stop', 'a check that is not made now', now(), FALSE, 3, NULL)"
    )
    findings = check.run(con)
    check.record(con, findings)
    found = con.execute("SELECT check_name, passed, violations FROM meta.checks").fetchall()
    assert sorted(found) == sorted((f.name, True, 0) for f in findings)


def test_a_check_that_is_made_again_is_recorded_once(con: duckdb.DuckDBPyConnection) -> None:
    """A build checks the marts in the release, after what is stored; `entrepot verify` makes all checks again."""
    check.record(con, check.run(con))
    check.record_more(con, check.of_release(con))
    names = [name for (name,) in con.execute("SELECT check_name FROM meta.checks").fetchall()]
    assert sorted(names) == sorted(set(names))


def test_every_failed_check_is_named(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("UPDATE meta.loads SET rows_accepted = rows_accepted + 1")
    con.execute("DELETE FROM meta.quarantine")
    with pytest.raises(ChecksFailed, match="2 checks failed") as caught:
        check.record(con, check.run(con, with_schemas=False))
    assert "loads_balance" in str(caught.value)
    assert "quarantine_is_whole" in str(caught.value)


# -- rows in are rows accepted, quarantined and set aside -----------------------------------------------------


@pytest.mark.parametrize("column", ["rows_in", "rows_accepted", "rows_quarantined", "rows_set_aside"])
def test_a_load_that_lost_a_row_is_found(con: duckdb.DuckDBPyConnection, column: str) -> None:
    con.execute(f"UPDATE meta.loads SET {column} = {column} + 1 WHERE load = 1")
    assert_found(con, "loads_balance")


def test_a_row_missing_from_the_quarantine_is_found(con: duckdb.DuckDBPyConnection) -> None:
    assert con.execute("SELECT count(*) FROM meta.quarantine").fetchone() == (1,)
    con.execute("DELETE FROM meta.quarantine")
    assert_found(con, "quarantine_is_whole")


def test_a_row_too_many_in_the_quarantine_is_found(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("INSERT INTO meta.quarantine SELECT * REPLACE (row_number + 1 AS row_number) FROM meta.quarantine")
    assert_found(con, "quarantine_is_whole")


def test_rows_set_aside_without_a_reason_are_found(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("UPDATE meta.loads SET rows_in = rows_in + 2, rows_set_aside = 2 WHERE load = 1")
    assert_found(con, "set_aside_has_reasons")
    con.execute(
        "INSERT INTO meta.set_aside SELECT artifact, source, filename, 'a series without figures', 2 FROM meta.loads WHERE load = 1"
    )
    assert failed(check.run(con)) == set()


# -- versions -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fact", FACTS)
def test_two_current_versions_of_a_cell_are_found(con: duckdb.DuckDBPyConnection, fact: str) -> None:
    stored = table_name(fact_of(fact).stored)
    con.execute(f"INSERT INTO {stored} FROM {stored} WHERE superseded_by IS NULL LIMIT 1")
    assert_found(con, f"one_current_version.{fact}")


def test_a_revision_whose_predecessor_was_left_open_is_found(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("UPDATE core.indicator SET superseded_by = NULL WHERE superseded_by IS NOT NULL")
    assert_found(con, "one_current_version.indicator")


@pytest.mark.parametrize("fact", FACTS)
def test_a_version_of_no_edition_is_found(con: duckdb.DuckDBPyConnection, fact: str) -> None:
    con.execute(f"UPDATE {table_name(fact_of(fact).stored)} SET edition = 9999")
    assert_found(con, f"versions_follow.{fact}")


@pytest.mark.parametrize("fact", FACTS)
def test_a_version_of_a_retracted_edition_is_found(con: duckdb.DuckDBPyConnection, fact: str) -> None:
    con.execute(
        "UPDATE meta.editions SET retracted_at = now() WHERE table_name = ?", [table_name(fact_of(fact).stored)]
    )
    assert_found(con, f"versions_follow.{fact}")


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE core.indicator SET superseded_by = 9999 WHERE superseded_by IS NOT NULL",  # by an edition that is not
        "UPDATE core.indicator SET superseded_by = (SELECT min(edition) FROM meta.editions WHERE table_name = 'core.fdi')",
        "UPDATE core.indicator SET superseded_by = edition, edition = superseded_by WHERE superseded_by IS NOT NULL",
        "UPDATE meta.editions SET partition = 'another' WHERE edition IN (SELECT superseded_by FROM core.indicator)",
        "UPDATE meta.editions SET source = 'another' WHERE edition IN (SELECT superseded_by FROM core.indicator)",
    ],
    ids=["unknown", "of another fact", "by an older one", "of another partition", "of another source"],
)
def test_a_version_replaced_by_what_cannot_replace_it_is_found(con: duckdb.DuckDBPyConnection, damage: str) -> None:
    con.execute(damage)
    assert_found(con, "versions_follow.indicator")


@pytest.mark.parametrize("fact", small_warehouse.REVISED)
def test_two_values_published_on_one_day_are_found(con: duckdb.DuckDBPyConnection, fact: str) -> None:
    """The small folder states two values of the figure, a year apart."""
    con.execute("UPDATE meta.editions SET published_on = DATE '2018-09-30'")
    assert_found(con, f"one_value_a_day.{fact}")


# -- the mart -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fact", FACTS)
def test_a_row_that_a_join_of_the_mart_loses_is_found(con: duckdb.DuckDBPyConnection, fact: str) -> None:
    con.execute("DELETE FROM ref.place")
    assert_found(con, f"mart_is_whole.{fact}")


@pytest.mark.parametrize("fact", FACTS)
def test_a_row_that_a_join_of_the_mart_repeats_is_found(con: duckdb.DuckDBPyConnection, fact: str) -> None:
    con.execute("INSERT INTO ref.place FROM ref.place")
    assert_found(con, f"mart_is_whole.{fact}")


def test_a_second_preferred_rate_that_would_repeat_a_figure_is_found(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("UPDATE core.fdi SET currency = 'CNY'")
    con.execute(
        "CREATE OR REPLACE VIEW ref.exchange_rate AS SELECT 'CNY' AS currency, 'avg' AS fx_kind, 'A' AS freq, '2016' AS period, "
        "r::DECIMAL(38, 15) AS rate, 'curated' AS source, 'some' AS dataset, NULL::DATE AS published_on, TRUE AS preferred "
        "FROM (VALUES (6.6), (6.7)) AS v(r)"
    )
    assert_found(con, "mart_is_whole.fdi")


# -- reference tables -----------------------------------------------------------------------------------------


def test_a_code_that_stands_for_two_places_at_once_is_found(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        "INSERT INTO ref.place_code SELECT * REPLACE ('JPN' AS place) FROM ref.place_code WHERE place = 'CHN' LIMIT 1"
    )
    assert_found(con, "place_codes_unambiguous")


def test_a_code_that_is_handed_on_at_a_date_is_none(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("DELETE FROM ref.place_code")
    for place, since, until in (("CHN", "NULL", "DATE '2000-01-01'"), ("JPN", "DATE '2000-01-01'", "NULL")):
        con.execute(
            f"INSERT INTO ref.place_code BY NAME SELECT 'm49' AS scheme, '999' AS code, '{place}' AS place, "
            f"{since} AS valid_from, {until} AS valid_to"
        )
    assert "place_codes_unambiguous" not in failed(check.run(con, with_schemas=False))
    con.execute("UPDATE ref.place_code SET valid_to = DATE '2000-01-02' WHERE place = 'CHN'")
    assert_found(con, "place_codes_unambiguous")


# -- schemas --------------------------------------------------------------------------------------------------


def test_stored_tables_that_break_their_schemas_are_found(con: duckdb.DuckDBPyConnection) -> None:
    damage = {
        "core.presence": "UPDATE core.presence SET value = -1",
        "core.trade_slice": "UPDATE core.trade_slice SET flow = '?'",
        "core.fdi": "UPDATE core.fdi SET accounting = 'stock'",
        "meta.loads": "UPDATE meta.loads SET rows_in = -1",
        "meta.editions": "INSERT INTO meta.editions FROM meta.editions",
        "meta.artifacts": "UPDATE meta.artifacts SET artifact = 'abc'",
        "meta.quarantine": "UPDATE meta.quarantine SET stage = 'elsewhere'",
        "core.indicator": "ALTER TABLE core.indicator ADD COLUMN another INTEGER",
    }
    for statement in damage.values():
        con.execute(statement)
    findings = check.run(con)
    stored = {f"schema.{table_name(t)}" for t in ddl.STORED}
    assert failed(findings) & stored == {f"schema.{table}" for table in damage}
    with pytest.raises(ChecksFailed, match=r"core\.indicator keeps its schema"):
        check.record(con, findings)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE core.indicator SET value = NULL WHERE obs_status = 'A'",
        "ALTER TABLE core.indicator ALTER value TYPE DOUBLE",
    ],
    ids=["no value and no reason", "another type"],
)
def test_a_fault_of_a_whole_column_or_of_two_is_found(con: duckdb.DuckDBPyConnection, damage: str) -> None:
    con.execute(damage)
    assert "schema.core.indicator" in failed(check.run(con))


def test_a_table_too_large_to_be_checked_has_not_passed_and_is_not_recorded(
    con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasks.load.validate.PROOF_BY_PANDERA_LIMIT", 1)
    findings = check.run(con)
    finding = next(f for f in findings if f.name == "schema.core.indicator")
    assert not finding.passed
    assert not finding.failed
    assert finding.left_out == "it has 2 rows, more than 1. Its rows were checked when they were loaded"
    check.record(con, findings)
    recorded = {name for (name,) in con.execute("SELECT check_name FROM meta.checks").fetchall()}
    assert recorded == {f.name for f in findings if f.passed}
    assert "schema.core.indicator" not in recorded
