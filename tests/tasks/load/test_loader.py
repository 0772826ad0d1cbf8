"""Loading bundled files, and loading them again after they changed, went away, came back, or the run was killed."""

import itertools
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tasks.archive import store
from tasks.archive.store import Artifact, Opened
from tasks.contract import facts
from tasks.contract.dataset import Conform, Dataset
from tasks.contract.source import Source
from tasks.load import backlog, history, ledger, loader
from tasks.load.history import Change
from tasks.load.load_source import load_source
from tasks.load.outcome import Outcome, RowBalance
from tasks.publish import check
from tasks.sources.curated import Curated
from tests.support.curated_folder import CuratedFolder
from tests.support.paths import ROOT
from warehouse.connection import writer
from warehouse.errors import Ambiguous, ArchiveDamaged, BadData, LayoutChanged, Unknown
from warehouse.settings import Home, Settings

Load = Callable[..., dict[str, Outcome]]


def current(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], Decimal]:
    """The current values of core.indicator in 100 million CNY, by place and year."""
    found = con.execute(
        "SELECT place, period, value / 100_000_000 FROM core.indicator WHERE superseded_by IS NULL"
    ).fetchall()
    assert len({row[:2] for row in found}) == len(found), "two current values of one cell"
    return {(place, period): Decimal(str(value)) for place, period, value in found}


def all_versions(con: duckdb.DuckDBPyConnection) -> list[Any]:
    """Every version with its edition, and since when it is known here."""
    return con.execute(
        "SELECT t.*, e.published_on, e.published_precision, e.artifact, k.known_from FROM core.indicator AS t "
        "JOIN meta.editions AS e ON e.edition = t.edition "
        "JOIN meta.editions AS k ON k.edition = coalesce(t.first_known_by, t.edition) ORDER BY ALL"
    ).fetchall()


def figures(con: duckdb.DuckDBPyConnection) -> list[Any]:
    """The history as a reader sees it, without our own numbers for it."""
    return con.execute(
        "SELECT e.partition, t.place, t.period, t.value, t.printed_value, t.obs_status, e.published_on, e.published_precision, "
        "e.artifact, s.artifact, c.note FROM core.indicator AS t JOIN meta.editions AS e ON e.edition = t.edition "
        "LEFT JOIN meta.editions AS s ON s.edition = t.superseded_by JOIN meta.citations AS c ON c.citation = t.citation "
        "ORDER BY ALL"
    ).fetchall()


def editions(con: duckdb.DuckDBPyConnection) -> list[tuple[str, bool]]:
    """File and whether it is retracted, of every edition in order of their numbers."""
    return con.execute("SELECT filename, retracted_at IS NOT NULL FROM meta.editions ORDER BY edition").fetchall()


# Loading and loading again


def test_a_first_load_takes_every_kind_of_figure(
    curated_folder: CuratedFolder, load_curated: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    for fact in facts.ALL:
        curated_folder.write(f"{fact.name}/a.csv", [curated_folder.row(fact.name)])
    outcomes = load_curated()
    assert {f: (o.fault, o.rows_in, o.rows_accepted, o.rows_quarantined, o.change) for f, o in outcomes.items()} == {
        f"{fact.name}/a.csv": (None, 1, 1, 0, Change(new=1)) for fact in facts.ALL
    }
    for fact in facts.ALL:
        assert warehouse.execute(f"SELECT count(*) FROM core.{fact.name}").fetchall() == [(1,)], fact.name
    assert load_curated() == {}


def test_a_second_run_has_nothing_to_do(
    curated_folder: CuratedFolder, load_curated: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    curated_folder.write("indicator/a.csv", [curated_folder.row("indicator")])
    load_curated()
    before = all_versions(warehouse)
    assert load_curated() == {}
    assert all_versions(warehouse) == before
    assert warehouse.execute("SELECT count(*) FROM meta.loads").fetchall() == [(1,)]


def test_every_reading_is_on_record_with_its_balance(
    curated_folder: CuratedFolder, load_curated: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    row = curated_folder.row
    curated_folder.write(
        "indicator/a.csv", [row("indicator"), row("indicator", place="CN-JL"), row("indicator", place="XX")]
    )
    load_curated()
    found = warehouse.execute(
        "SELECT filename, table_name, rows_in, rows_accepted, rows_quarantined, rows_new, rows_unchanged FROM meta.loads"
    ).fetchall()
    assert found == [("indicator/a.csv", "core.indicator", 3, 2, 1, 2, 0)]
    assert warehouse.execute("SELECT filename, origin_kind FROM meta.artifacts").fetchall() == [
        ("indicator/a.csv", "bundled")
    ]


def test_a_corrected_figure_is_current_and_the_wrong_one_was_never_published(
    curated_folder: CuratedFolder, load_curated: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    row = curated_folder.row
    curated_folder.write("indicator/a.csv", [row("indicator", printed_value="1"), row("indicator", place="CN-JL")])
    load_curated()
    known_from = dict(warehouse.execute(_KNOWN_FROM).fetchall())
    curated_folder.write("indicator/a.csv", [row("indicator", printed_value="2"), row("indicator", place="CN-JL")])
    load_curated()
    assert current(warehouse) == {("CN-LN", "2016"): Decimal(2), ("CN-JL", "2016"): Decimal("12.5")}
    assert len(figures(warehouse)) == 2
    assert editions(warehouse) == [("indicator/a.csv", True), ("indicator/a.csv", False)]
    now_known_from = dict(warehouse.execute(_KNOWN_FROM).fetchall())
    assert now_known_from["CN-JL"] == known_from["CN-JL"]
    assert now_known_from["CN-LN"] > known_from["CN-LN"]


_KNOWN_FROM = (
    "SELECT t.place, e.known_from FROM core.indicator AS t "
    "JOIN meta.editions AS e ON e.edition = coalesce(t.first_known_by, t.edition)"
)


def test_a_correction_elsewhere_in_the_file_leaves_other_editions_alone(
    curated_folder: CuratedFolder, load_curated: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    row = curated_folder.row
    other = row("indicator", dataset="bureau.other", place="CN-JL")
    curated_folder.write("indicator/a.csv", [row("indicator", printed_value="1"), other])
    load_curated()
    curated_folder.write("indicator/a.csv", [row("indicator", printed_value="2"), other])
    outcome = load_curated()["indicator/a.csv"]
    assert outcome.change == Change(new=1, unchanged=1)
    found = warehouse.execute(
        "SELECT dataset, artifact = ? FROM meta.editions WHERE retracted_at IS NULL ORDER BY dataset",
        [outcome.artifact.artifact],
    ).fetchall()
    assert found == [("bureau.gdp", True), ("bureau.other", True)]


def test_a_corrected_citation_or_precision_shows_without_a_new_version(
    curated_folder: CuratedFolder, load_curated: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    row = curated_folder.row
    curated_folder.write("indicator/a.csv", [row("indicator", published_precision="year")])
    load_curated()
    first = warehouse.execute(_KNOWN_FROM).fetchall()
    curated_folder.write("indicator/a.csv", [row("indicator", published_precision="day")])
    load_curated()
    assert [v[7] for v in figures(warehouse)] == ["day"]
    curated_folder.write("indicator/a.csv", [row("indicator", note="read from a copy")])
    load_curated()
    assert [v[-1] for v in figures(warehouse)] == ["read from a copy"]
    assert warehouse.execute(_KNOWN_FROM).fetchall() == first


def test_a_publishers_own_revision_supersedes(
    curated_folder: CuratedFolder, load_curated: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    row = curated_folder.row
    later = row("indicator", printed_value="13", published_on="2018-09-30")
    curated_folder.write("indicator/a.csv", [later, row("indicator")])
    assert load_curated()["indicator/a.csv"].change == Change(new=1, revised=1)
    assert current(warehouse) == {("CN-LN", "2016"): Decimal(13)}
    assert len(figures(warehouse)) == 2


@pytest.fixture
def releases(curated_folder: CuratedFolder) -> dict[str, list[dict[str, str]]]:
    """Three files of one publication line, two of them of one day and contradicting each other, one without a date."""

    def row(value: str, published_on: str, **changes: str) -> dict[str, str]:
        precision = "day" if published_on else "unknown"
        return curated_folder.row(
            "indicator", printed_value=value, published_on=published_on, published_precision=precision, **changes
        )

    return {
        "indicator/old.csv": [row("1", "2017-01-31"), row("5", "2017-01-31", period="2015")],
        "indicator/new.csv": [row("2", "2018-01-31"), row("5", "2018-01-31", period="2015")],
        "indicator/same_day.csv": [row("3", "2018-01-31"), row("6", "2017-06-30", period="2015")],
    }


def test_any_order_of_arrival_gives_the_same_figures(
    curated_folder: CuratedFolder,
    load_curated: Load,
    warehouse: duckdb.DuckDBPyConnection,
    releases: dict[str, list[dict[str, str]]],
) -> None:
    """The whole loader, file by file, each of them the first once, and out again in between."""
    histories = []
    for order in list(itertools.permutations(releases))[::2]:
        for name in order:
            curated_folder.write(name, releases[name])
            load_curated()
        histories.append(figures(warehouse))
        for name in order:
            curated_folder.remove(name)
        load_curated()
        assert figures(warehouse) == []
    assert len(histories[0]) >= 4
    assert all(h == histories[0] for h in histories)


def test_bytes_that_change_elsewhere_keep_the_history_a_function_of_the_files(
    curated_folder: CuratedFolder,
    load_curated: Load,
    home: Home,
    warehouse: duckdb.DuckDBPyConnection,
    releases: dict[str, list[dict[str, str]]],
) -> None:
    """Editions of one day stand in order of their bytes' hash, which a row of another publication line changes."""
    for name, rows in releases.items():
        curated_folder.write(name, rows)
    load_curated()
    turns: set[str] = set()
    for n in range(20):
        if len(turns) == 2:
            break
        extra = curated_folder.row("indicator", dataset="bureau.other", period=str(2000 + n))
        curated_folder.write("indicator/new.csv", [*releases["indicator/new.csv"], extra])
        load_curated()
        hashes = {a.filename: a.artifact for a in store.manifests(home)}
        wins = max("indicator/new.csv", "indicator/same_day.csv", key=lambda name: hashes[name])
        turns.add(wins)
        value = next(v for (_, period), v in current(warehouse).items() if period == "2016")
        assert value == (2 if wins == "indicator/new.csv" else 3)
    assert len(turns) == 2, "the example never turned the order round"


# Files that go and come back


def test_a_removed_file_withdraws_its_figures(
    curated_folder: CuratedFolder, load_curated: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    curated_folder.write("indicator/a.csv", [curated_folder.row("indicator")])
    curated_folder.write("indicator/b.csv", [curated_folder.row("indicator", place="CN-JL")])
    load_curated()
    curated_folder.remove("indicator/b.csv")
    load_curated()
    assert current(warehouse) == {("CN-LN", "2016"): Decimal("12.5")}
    assert load_curated() == {}


def test_the_last_file_can_be_removed_and_come_back(
    curated_folder: CuratedFolder, load_curated: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    curated_folder.write("indicator/a.csv", [curated_folder.row("indicator")])
    load_curated()
    known_from = warehouse.execute(_KNOWN_FROM).fetchall()
    curated_folder.remove("indicator/a.csv")
    load_curated()
    assert current(warehouse) == {}
    curated_folder.write("indicator/a.csv", [curated_folder.row("indicator")])
    assert load_curated()["indicator/a.csv"].change == Change(new=1)
    assert current(warehouse) == {("CN-LN", "2016"): Decimal("12.5")}
    assert warehouse.execute(_KNOWN_FROM).fetchall() == known_from


def test_a_file_put_back_to_its_older_bytes_is_loaded_again(
    curated_folder: CuratedFolder, load_curated: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    for value in ("1", "2", "1", "2"):
        curated_folder.write("indicator/a.csv", [curated_folder.row("indicator", printed_value=value)])
        load_curated()
        assert current(warehouse) == {("CN-LN", "2016"): Decimal(value)}
    assert len(figures(warehouse)) == 1


def test_a_renamed_file_keeps_its_figures_and_since_when_they_are_known(
    curated_folder: CuratedFolder, load_curated: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    path = curated_folder.write("indicator/a.csv", [curated_folder.row("indicator")])
    load_curated()
    before = warehouse.execute(_KNOWN_FROM).fetchall()
    path.rename(path.with_name("b.csv"))
    assert list(load_curated()) == ["indicator/b.csv"]
    assert warehouse.execute(_KNOWN_FROM).fetchall() == before
    assert editions(warehouse) == [("indicator/a.csv", True), ("indicator/b.csv", False)]
    assert load_curated() == {}


def test_a_file_moved_to_its_right_folder_is_read_as_that_table(
    curated_folder: CuratedFolder, load_curated: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    path = curated_folder.write("indicators/a.csv", [curated_folder.row("indicator")])
    assert load_curated()["indicators/a.csv"].fault
    (curated_folder.root / "indicator").mkdir()
    path.rename(curated_folder.root / "indicator/a.csv")
    assert load_curated()["indicator/a.csv"].fault is None
    assert len(current(warehouse)) == 1
    earlier = curated_folder.row("indicator", printed_value="1", published_on="2016-12-31")
    curated_folder.write("indicator/b.csv", [earlier])  # has the other one read again, by the name it has now
    assert load_curated()["indicator/b.csv"].fault is None
    assert current(warehouse) == {("CN-LN", "2016"): Decimal("12.5")}


def test_two_files_of_the_same_bytes_stand_side_by_side(
    curated_folder: CuratedFolder, load_curated: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    for name in ("a", "b"):
        curated_folder.write(f"indicator/{name}.csv", [curated_folder.row("indicator")])
    assert set(load_curated()) == {"indicator/a.csv", "indicator/b.csv"}
    assert load_curated() == {}
    curated_folder.remove("indicator/a.csv")
    load_curated()
    assert current(warehouse) == {("CN-LN", "2016"): Decimal("12.5")}


def test_the_quarantine_of_a_removed_file_goes_with_it(
    curated_folder: CuratedFolder, load_curated: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    curated_folder.write("indicator/a.csv", [curated_folder.row("indicator", place="XX")])
    curated_folder.write("indicator/b.csv", [curated_folder.row("indicator")])
    load_curated()
    assert warehouse.execute("SELECT count(*) FROM meta.quarantine").fetchall() == [(1,)]
    curated_folder.remove("indicator/a.csv")
    load_curated()
    assert warehouse.execute("SELECT count(*) FROM meta.quarantine").fetchall() == [(0,)]


# Code that changes


def test_other_code_with_the_same_result_changes_nothing(
    curated_folder: CuratedFolder, load_curated: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    row = curated_folder.row
    later = row("indicator", printed_value="13", published_on="2018-09-30")
    curated_folder.write("indicator/a.csv", [row("indicator"), later])
    curated_folder.write("trade/a.csv", [row("trade")])
    load_curated("code")
    before, trade = all_versions(warehouse), warehouse.execute("FROM core.trade").fetchall()
    outcomes = load_curated("other code")
    assert outcomes["indicator/a.csv"].change == Change(unchanged=2)
    assert (all_versions(warehouse), warehouse.execute("FROM core.trade").fetchall()) == (before, trade)
    assert load_curated("other code") == {}


class Pulled(Source):
    """A publisher's service whose answers are laid out as the bundled indicators are."""

    id, title, publisher, licence, redistribution = "test.pulled", "Test", "Test", "none", "ask"
    conform = Curated().datasets["indicator"].conforms[0].sql
    #: Figures a file has where it cannot be read.
    unreadable: str | None = None

    def dataset(self, _: Artifact) -> Dataset:
        table = Curated().datasets["indicator"]
        return Dataset(table.staged, (Conform(table.conforms[0].fact, self.conform),))

    def text(self, opened: Opened) -> str:
        if self.unreadable and self.unreadable in opened.path.read_text():
            raise LayoutChanged("another layout")
        return Curated().text(opened)

    def code(self) -> str:
        return f"{self.conform} {self.unreadable}"


def load_pulled(
    con: duckdb.DuckDBPyConnection, home: Home, settings: Settings, source: Source, common: str = "code"
) -> list[Outcome]:
    return load_source(con, home, settings, source, common=common).outcomes


def pull(home: Home, path: Path) -> None:
    """Archive a file as a publisher's answer."""
    with path.open("rb") as content:
        store.store(
            home, Pulled.id, content, filename="answer.csv", media_type="text/csv", origin_kind="pull", request="GET x"
        )


def test_code_that_reads_a_dataset_under_another_name_leaves_nothing_under_the_old(
    curated_folder: CuratedFolder, home: Home, settings: Settings, warehouse: duckdb.DuckDBPyConnection
) -> None:
    pull(home, curated_folder.write("indicator/a.csv", [curated_folder.row("indicator")]))
    source = Pulled()
    load_pulled(warehouse, home, settings, source)
    source.conform = source.conform.replace("a.dataset,", "'bureau.renamed' AS dataset,")
    load_pulled(warehouse, home, settings, source)
    assert [v[0] for v in figures(warehouse)] == ["bureau.renamed"]
    assert load_pulled(warehouse, home, settings, source) == []


class PulledOfTwoFacts(Pulled):
    """The same answers, with figures of pairs beside indicators."""

    def dataset(self, _: Artifact) -> Dataset:
        table, pair = Curated().datasets["indicator"], Curated().datasets["pair"]
        indicators = f"{self.conform} WHERE a.indicator = 'gdp'"
        pairs = pair.conforms[0].sql.replace("a.counterpart,", "'JPN' AS counterpart,")
        conforms = (
            Conform(table.conforms[0].fact, indicators),
            Conform(pair.conforms[0].fact, f"{pairs} WHERE a.indicator <> 'gdp'"),
        )
        return Dataset(table.staged, conforms)


def test_a_file_of_two_facts_that_is_read_again_alike_keeps_its_editions(
    curated_folder: CuratedFolder, home: Home, settings: Settings, warehouse: duckdb.DuckDBPyConnection
) -> None:
    row = curated_folder.row
    distance = row("indicator", place="CHN", indicator="distance_weighted", printed_value="3", printed_unit="km")
    pull(
        home, curated_folder.write("indicator/a.csv", [row("indicator"), distance | {"dataset": "institute.distances"}])
    )
    source = PulledOfTwoFacts()
    (first,) = load_pulled(warehouse, home, settings, source)
    assert (first.fault, first.change) == (None, Change(new=2))
    before = warehouse.execute("FROM meta.editions ORDER BY edition").fetchall()
    (again,) = load_pulled(warehouse, home, settings, source, "other code")
    assert again.change == Change(unchanged=2)
    assert warehouse.execute("FROM meta.editions ORDER BY edition").fetchall() == before


def test_code_that_reads_other_values_replaces_them_without_a_version(
    curated_folder: CuratedFolder, home: Home, settings: Settings, warehouse: duckdb.DuckDBPyConnection
) -> None:
    row = curated_folder.row
    pull(
        home,
        curated_folder.write("indicator/a.csv", [row("indicator"), row("indicator", place="CN-JL", printed_value="7")]),
    )
    pull(
        home, curated_folder.write("indicator/b.csv", [row("indicator", printed_value="8", published_on="2019-01-31")])
    )
    source = Pulled()
    load_pulled(warehouse, home, settings, source)
    source.conform = source.conform.replace("u.quotation) AS value", "u.quotation) * 2 AS value")
    load_pulled(warehouse, home, settings, source)
    assert current(warehouse) == {("CN-LN", "2016"): Decimal(16), ("CN-JL", "2016"): Decimal(14)}
    assert len(figures(warehouse)) == 3


@pytest.mark.parametrize("printed", ["12.5", "8"])
def test_what_code_can_no_longer_read_is_withdrawn(
    curated_folder: CuratedFolder, home: Home, settings: Settings, warehouse: duckdb.DuckDBPyConnection, printed: str
) -> None:
    """The same code and the same bytes give what they give in a new home, whatever was loaded before."""
    row = curated_folder.row
    bad = row("indicator", place="ATLANTIS")
    pull(home, curated_folder.write("indicator/a.csv", [row("indicator"), bad]))
    pull(
        home, curated_folder.write("indicator/b.csv", [row("indicator", printed_value="8", published_on="2019-01-31")])
    )
    source = Pulled()
    load_pulled(warehouse, home, settings, source)
    both = figures(warehouse)
    source.unreadable = printed
    outcomes = load_pulled(warehouse, home, settings, source)
    messages = {o.fault_message for o in outcomes if o.fault}
    assert messages == {"another layout. 1 figures that earlier code or schemas read from it are withdrawn"}
    assert current(warehouse) == {("CN-LN", "2016"): Decimal("8" if printed == "12.5" else "12.5")}
    assert len(figures(warehouse)) == 1
    assert warehouse.execute("SELECT count(*) FROM meta.quarantine").fetchall() == [(0 if printed == "12.5" else 1,)]
    assert [f.name for f in check.run(warehouse, with_schemas=False) if not f.passed] == []

    loads = warehouse.execute("SELECT count(*) FROM meta.loads").fetchall()
    assert [o.withdrawn for o in load_pulled(warehouse, home, settings, source)] == [0]
    assert warehouse.execute("SELECT count(*) FROM meta.loads").fetchall() == loads
    source.unreadable = None
    load_pulled(warehouse, home, settings, source)
    assert figures(warehouse) == both


def test_a_bundled_file_that_a_schema_refuses_is_withdrawn_and_its_changed_bytes_are_not(
    curated_folder: CuratedFolder, load_curated: Load, warehouse: duckdb.DuckDBPyConnection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    row = curated_folder.row
    curated_folder.write("indicator/a.csv", [row("indicator")])
    curated_folder.write("indicator/b.csv", [row("indicator", place="CN-JL", dataset="another.dataset")])
    load_curated("code")
    curated_folder.write("indicator/a.csv", [row("indicator", unknown="x")])
    outcomes = load_curated("code")
    assert (type(outcomes["indicator/a.csv"].fault), outcomes["indicator/a.csv"].withdrawn) == (LayoutChanged, 0)
    assert set(current(warehouse)) == {("CN-LN", "2016"), ("CN-JL", "2016")}, "what was stated before still stands"

    def refuse(*_: object) -> None:
        raise BadData("too many bad rows")

    monkeypatch.setattr(RowBalance, "check_share", refuse)
    outcomes = load_curated("other code")
    assert {f: o.withdrawn for f, o in outcomes.items()} == {"indicator/a.csv": 0, "indicator/b.csv": 1}
    assert set(current(warehouse)) == {("CN-LN", "2016")}


def test_files_that_are_lost_or_damaged_withdraw_nothing(
    curated_folder: CuratedFolder, home: Home, settings: Settings, warehouse: duckdb.DuckDBPyConnection
) -> None:
    pull(home, curated_folder.write("indicator/a.csv", [curated_folder.row("indicator")]))
    source = Pulled()
    load_pulled(warehouse, home, settings, source)
    (artifact,) = store.manifests(home, source.id)
    store.object_path(home, artifact.artifact).unlink()
    (outcome,) = load_pulled(warehouse, home, settings, source, "other code")
    assert (type(outcome.fault), outcome.withdrawn) == (ArchiveDamaged, 0)
    assert set(current(warehouse)) == {("CN-LN", "2016")}


# Faults


def test_a_file_that_cannot_be_loaded_does_not_keep_the_others_out_and_stays_pending(
    curated_folder: CuratedFolder, load_curated: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    row = curated_folder.row
    curated_folder.write("indicator/a.csv", [row("indicator")])
    load_curated()
    broken = row("indicator", printed_value="99")
    del broken["obs_status"]
    curated_folder.write("indicator/a.csv", [broken])
    curated_folder.write("indicator/b.csv", [row("indicator", place="CN-JL")])
    outcomes = load_curated()
    assert isinstance(outcomes["indicator/a.csv"].fault, LayoutChanged)
    assert current(warehouse) == {("CN-LN", "2016"): Decimal("12.5"), ("CN-JL", "2016"): Decimal("12.5")}
    assert list(load_curated()) == ["indicator/a.csv"]


def test_a_partition_whose_older_bytes_are_damaged_stays_as_it_was(
    curated_folder: CuratedFolder,
    load_curated: Load,
    home: Home,
    settings: Settings,
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """A late edition needs the others read again. Where that fails, its partition waits and the others are loaded."""

    def both(value: str, published_on: str) -> list[dict[str, str]]:
        """A figure in each of two partitions."""
        return [
            curated_folder.row("indicator", dataset=d, printed_value=value, published_on=published_on)
            for d in ("a.gdp", "z.gdp")
        ]

    files = {"indicator/new.csv": both("2", "2018-01-31"), "indicator/newest.csv": both("3", "2019-01-31")[:1]}
    for name, rows in files.items():
        curated_folder.write(name, rows)
    load_curated()
    standing = figures(warehouse)
    newest = next(a for a in store.manifests(home) if a.filename == "indicator/newest.csv")
    store.object_path(home, newest.artifact).unlink()
    # Storing the same bytes again would heal them, so the loader is given the late file only.
    for name in files:
        curated_folder.remove(name)
    curated_folder.write("indicator/late.csv", both("1", "2017-01-31"))
    source = Curated(curated_folder.root)
    late = backlog.register_bundled(home, source)
    # A connection of its own has no temporary tables left from the first load.
    [outcome] = loader.Loader(warehouse.cursor(), home, settings, source, "code", lambda _: None).load(late, [])
    assert isinstance(outcome.fault, ArchiveDamaged)
    assert "indicator/newest.csv" in str(outcome.fault)
    assert [f for f in figures(warehouse) if f[0] == "a.gdp"] == [f for f in standing if f[0] == "a.gdp"]
    assert len([f for f in figures(warehouse) if f[0] == "z.gdp"]) == 2
    for name, rows in files.items():
        curated_folder.write(name, rows)
    assert list(load_curated()) == ["indicator/late.csv"]
    assert len(figures(warehouse)) == 5
    assert load_curated() == {}


# Crashes: three partitions change; the run dies somewhere in between.

PARTITIONS = ("a.gdp", "b.gdp", "c.gdp")


def write_state(folder: CuratedFolder, value: str) -> None:
    """Two files, of which both have figures in every partition, with this value everywhere."""
    for place in ("CN-LN", "CN-JL"):
        rows = [folder.row("indicator", dataset=p, place=place, printed_value=value) for p in PARTITIONS]
        folder.write(f"indicator/{place}.csv", rows)


def values_by_partition(con: duckdb.DuckDBPyConnection) -> dict[str, set[int]]:
    found = con.execute(
        "SELECT e.partition, list(DISTINCT (t.value / 100_000_000)::INTEGER), count(*) FROM core.indicator AS t "
        "JOIN meta.editions AS e USING (edition) GROUP BY ALL"
    ).fetchall()
    assert all(count == 2 for _, _, count in found), "a partition that is not whole"
    return {partition: set(values) for partition, values, _ in found}


def everywhere(value: int) -> dict[str, set[int]]:
    return {partition: {value} for partition in PARTITIONS}


class Crash(BaseException):
    """What no handler for faults catches."""


@pytest.fixture
def crash_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """Make the n-th appended edition the last thing this process does, its rows written already."""
    append = history.append

    def arm(n: int) -> None:
        calls = itertools.count(1)

        def dying(*args: Any) -> Change:
            change = append(*args)
            if next(calls) == n:
                raise Crash
            return change

        monkeypatch.setattr(history, "append", dying)

    yield arm
    monkeypatch.setattr(history, "append", append)


@pytest.mark.parametrize("n", [1, 4, 6])
def test_a_crash_leaves_each_partition_whole_or_untouched(
    curated_folder: CuratedFolder,
    load_curated: Load,
    warehouse: duckdb.DuckDBPyConnection,
    crash_in: Callable[[int], None],
    monkeypatch: pytest.MonkeyPatch,
    n: int,
) -> None:
    write_state(curated_folder, "1")
    load_curated()
    write_state(curated_folder, "2")
    with monkeypatch.context():
        crash_in(n)
        with pytest.raises(Crash):
            load_curated()
    crash_in(0)
    done = (n - 1) // 2
    assert values_by_partition(warehouse) == {p: {2 if i < done else 1} for i, p in enumerate(PARTITIONS)}
    assert all(o.fault is None for o in load_curated().values())
    assert values_by_partition(warehouse) == everywhere(2)
    assert load_curated() == {}


@pytest.mark.parametrize("n", [3, 5])
def test_files_put_back_after_a_crash_are_loaded_back(
    curated_folder: CuratedFolder,
    load_curated: Load,
    warehouse: duckdb.DuckDBPyConnection,
    crash_in: Callable[[int], None],
    n: int,
) -> None:
    write_state(curated_folder, "1")
    load_curated()
    write_state(curated_folder, "2")
    crash_in(n)
    with pytest.raises(Crash):
        load_curated()
    crash_in(0)
    write_state(curated_folder, "1")
    load_curated()
    assert values_by_partition(warehouse) == everywhere(1)


def test_a_file_that_comes_back_after_a_crash_while_it_was_withdrawn_is_loaded(
    curated_folder: CuratedFolder,
    load_curated: Load,
    warehouse: duckdb.DuckDBPyConnection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def dying(*_: Any) -> None:
        raise Crash

    write_state(curated_folder, "1")
    load_curated()
    curated_folder.remove("indicator/CN-JL.csv")
    with monkeypatch.context() as patch:
        patch.setattr(ledger, "record_withdrawn", dying)
        with pytest.raises(Crash):
            load_curated()
    assert {place for place, _ in _places(warehouse)} == {"CN-LN"}
    write_state(curated_folder, "1")
    load_curated()
    assert values_by_partition(warehouse) == everywhere(1)


def _places(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return con.execute("SELECT place, period FROM core.indicator").fetchall()


_KILLED_LOADER = """
import os, sys
from pathlib import Path
from tasks.load import history
from tasks.load.load_source import load_source
from tasks.sources.curated import Curated
from warehouse.connection import writer
from warehouse.settings import Home, Settings

root, folder, n = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
home, settings, source = Home(root), Settings.model_construct(memory_limit="1GB", threads=1), Curated(folder)
append, calls = history.append, iter(range(1, 99))

def appending(*args):
    change = append(*args)
    if next(calls) == n:
        print("appended", flush=True)
        sys.stdin.read()
    return change

history.append = appending
with writer(home, settings) as con:
    load_source(con, home, settings, source, common="code")
"""


@pytest.mark.parametrize("n", [4])
def test_a_killed_process_leaves_each_partition_whole_or_untouched(
    curated_folder: CuratedFolder,
    home: Home,
    settings: Settings,
    warehouse: duckdb.DuckDBPyConnection,
    load_curated: Load,
    n: int,
) -> None:
    """kill -9 with one partition half written in memory: DuckDB's log gives back what was committed, and no more."""
    write_state(curated_folder, "1")
    load_curated()
    warehouse.close()
    write_state(curated_folder, "2")
    with subprocess.Popen(
        [sys.executable, "-c", _KILLED_LOADER, str(home.root), str(curated_folder.root), str(n)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout
        assert process.stdout.readline() == b"appended\n"
        os.kill(process.pid, signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    done = (n - 1) // 2
    with writer(home, settings) as con:
        assert values_by_partition(con) == {p: {2 if i < done else 1} for i, p in enumerate(PARTITIONS)}
        source = Curated(curated_folder.root)
        load_source(con, home, settings, source, common="code")
        assert values_by_partition(con) == everywhere(2)
        assert load_source(con, home, settings, source, common="code").unchanged_files == len(list(source.bundled()))


def test_a_file_that_cannot_be_loaded_is_left_out_and_taken_in_again(
    curated_folder: CuratedFolder, home: Home, settings: Settings, warehouse: duckdb.DuckDBPyConnection
) -> None:
    """A cut file that got into the archive would end every build with a fault."""
    good, cut = curated_folder.write("indicator/a.csv", [curated_folder.row("indicator")]), home.root / "cut.csv"
    cut.write_bytes(good.read_bytes()[:200])
    pull(home, cut)
    source = Pulled()
    (outcome,) = load_pulled(warehouse, home, settings, source)
    assert outcome.fault
    (left_out,) = backlog.leave_out(warehouse, home, "answer.csv", None, "cut in transit")
    assert backlog.artifacts_of(home, source) == []
    assert store.manifests(home, source.id) == [left_out], "nothing of the archive goes"
    assert backlog.take_in_again(home, "answer.csv", source.id) == [left_out]
    assert backlog.artifacts_of(home, source) == [left_out]
    with pytest.raises(Unknown, match=r"no file 'answer\.csv' was left out\. Left out: no file$"):
        backlog.take_in_again(home, "answer.csv", source.id)
    backlog.leave_out(warehouse, home, "answer.csv", None, "cut in transit")
    with pytest.raises(Unknown, match=r"no file 'another\.csv' was left out\. Left out: answer\.csv$"):
        backlog.take_in_again(home, "another.csv", source.id)
    with pytest.raises(Unknown, match=r"no file .* is archived"):
        backlog.leave_out(warehouse, home, "other.csv", None, "a slip")


def test_a_file_that_figures_come_from_is_not_left_out(
    curated_folder: CuratedFolder, home: Home, settings: Settings, warehouse: duckdb.DuckDBPyConnection
) -> None:
    pull(home, curated_folder.write("indicator/a.csv", [curated_folder.row("indicator")]))
    load_pulled(warehouse, home, settings, Pulled())
    with pytest.raises(Unknown, match="figures come from this file"):
        backlog.leave_out(warehouse, home, "answer.csv", None, "no longer wanted")
    assert len(backlog.artifacts_of(home, Pulled())) == 1


def test_of_two_files_of_one_name_the_one_that_cannot_be_loaded_is_left_out_by_its_hash(
    curated_folder: CuratedFolder, home: Home, settings: Settings, warehouse: duckdb.DuckDBPyConnection
) -> None:
    good = curated_folder.write("indicator/a.csv", [curated_folder.row("indicator")])
    cut = home.root / "cut.csv"
    cut.write_bytes(good.read_bytes()[:200])
    pull(home, good)
    pull(home, cut)
    bad = {o.artifact.artifact for o in load_pulled(warehouse, home, settings, Pulled()) if o.fault}
    (digest,) = bad
    with pytest.raises(Ambiguous, match=digest[:8]):
        backlog.leave_out(warehouse, home, "answer.csv", None, "cut in transit")
    for text in (digest[:8], str(cut)):
        assert [a.artifact for a in backlog.leave_out(warehouse, home, text, None, "cut in transit")] == [digest]
        assert [a.artifact for a in backlog.take_in_again(home, text, None)] == [digest]
