"""What is wrong is found from what is on record: a cause each, with what to do."""

import sqlite3
from collections.abc import Iterator

import duckdb
import pytest

from tasks.alerts import causes
from tasks.ask import warehouse_status
from tasks.fetch import database, history
from tests.support import small_warehouse
from warehouse.settings import AlertLimits, Home, Settings

CALM = AlertLimits(free_gb=0, least_rows=1)


@pytest.fixture
def pulls(home: Home) -> Iterator[sqlite3.Connection]:
    with database.opened(home) as con:
        yield con


@pytest.fixture(scope="module")
def published(settings: Settings, warehouse_template: object, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A release with a row in quarantine and figures that were revised."""
    made = small_warehouse.make(tmp_path_factory.mktemp("alerts"), settings, warehouse_template)  # type: ignore[arg-type]
    small_warehouse.release(made, settings)
    return made


def kinds(home: Home, limits: AlertLimits = CALM) -> list[tuple[str, str]]:
    return [(one.kind, one.subject) for one in causes.present(home, limits)]


def test_nothing_is_wrong_with_an_empty_home(home: Home) -> None:
    assert kinds(home) == []


def test_a_source_fails_at_the_second_time(home: Home, pulls: sqlite3.Connection) -> None:
    history.record_end(pulls, "fred.fx", "pull", "503")
    assert kinds(home) == []
    history.record_end(pulls, "fred.fx", "pull", "504")
    (one,) = causes.present(home, CALM)
    assert (one.kind, one.subject) == ("source_failing", "fred.fx")
    assert "the last 2 pulls failed" in one.message
    assert "504" in one.message
    assert "entrepot monitor fred.fx" in one.remedy
    history.record_end(pulls, "fred.fx", "pull", None)
    assert kinds(home) == []


def test_a_pull_that_is_not_repeated_for_days_fails_at_the_first_time(home: Home, pulls: sqlite3.Connection) -> None:
    history.record_end(pulls, "cepii.baci", "pull", "503")
    pulls.execute("UPDATE ended SET at = at - 3 * 86400")
    (one,) = causes.present(home, CALM)
    assert "the last pull failed and was not repeated" in one.message


def test_a_source_that_is_no_more_is_wrong_no_more(home: Home, pulls: sqlite3.Connection) -> None:
    for _ in range(2):
        history.record_end(pulls, "old.source", "pull", "503")
    assert kinds(home) == []


def test_a_changed_layout_is_told_at_once(home: Home, pulls: sqlite3.Connection) -> None:
    history.record_end(pulls, "fred.fx", "probe", "a column is missing", is_layout_changed=True)
    assert kinds(home) == [("layout_changed", "fred.fx")]


def test_little_space_is_told(home: Home) -> None:
    assert kinds(home, AlertLimits(free_gb=1e9)) == [("disk", str(home.root))]


def test_quarantine_is_told_above_its_share(published: Home) -> None:
    assert ("quarantine", "curated") in kinds(published)
    assert ("quarantine", "curated") not in kinds(published, AlertLimits(free_gb=0, least_rows=1, quarantine_share=0.5))
    assert ("quarantine", "curated") not in kinds(published, AlertLimits(free_gb=0, least_rows=2))


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        (
            "UPDATE meta.checks SET passed = FALSE, violations = 2 WHERE check_name = 'loads_balance'",
            ("check_failed", "loads_balance"),
        ),
        ("INSERT INTO meta.settings VALUES ('lost figures of curated', 'has lost Japan')", ("figures_lost", "curated")),
        (
            "INSERT INTO meta.loads SELECT * REPLACE (load + 100 AS load, loaded_at + INTERVAL 1 DAY AS loaded_at, 9 AS rows_revised) FROM meta.loads LIMIT 1",
            ("revisions", "curated"),
        ),
    ],
)
def test_what_a_release_says_is_told(published: Home, home: Home, change: str, cause: tuple[str, str]) -> None:
    assert cause not in kinds(published)
    home.published.mkdir(exist_ok=True)
    home.published_file.write_bytes(published.published_file.read_bytes())
    with duckdb.connect(str(home.published_file)) as con:
        con.execute(change)
    assert cause in kinds(home)


def test_lateness_is_told_of_sources_that_are_pulled(published: Home, home: Home, pulls: sqlite3.Connection) -> None:
    home.published.mkdir(exist_ok=True)
    home.published_file.write_bytes(published.published_file.read_bytes())
    with duckdb.connect(str(home.published_file)) as con:
        late = "SELECT * REPLACE ('fred.fx' AS source, 'late' AS source_state, CURRENT_DATE AS expected_by) FROM mart.freshness LIMIT 1"
        con.execute(
            f"CREATE TABLE mart.late AS {late}; DROP VIEW main.freshness; DROP VIEW mart.freshness; ALTER TABLE mart.late RENAME TO freshness"
        )
    assert ("source_late", "fred.fx") not in kinds(home)
    history.record_end(pulls, "fred.fx", "pull", None)
    assert ("source_late", "fred.fx") in kinds(home)
    assert [(one.source, one.state) for one in warehouse_status.freshness(home)] == [("fred.fx", "late")]
    history.record_end(pulls, "fred.fx", "probe", "503")
    assert [one.state for one in warehouse_status.freshness(home)] == ["failing"]


def test_every_kind_says_what_to_do() -> None:
    for kind in causes.REMEDIES:
        assert "{" not in causes.cause(kind, "x", "y").remedy
