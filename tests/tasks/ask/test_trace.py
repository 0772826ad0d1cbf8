"""From a figure to the archived bytes, the address, the day of publication and the row as it was printed."""

import datetime as dt
import hashlib
import json
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from schemas import base, lineage, mart
from tasks.archive import store
from tasks.ask import trace
from tasks.ask.trace import Figure
from tasks.contract import facts
from tests.support import small_warehouse
from tests.support.curated_folder import CuratedFolder
from warehouse.connection import reader
from warehouse.errors import Unknown
from warehouse.settings import Home, Settings

#: The marts of figures.
FIGURES = tuple(base.table_name(mart.FIGURES_OF[fact.name]).removeprefix("mart.") for fact in facts.ALL)


@pytest.fixture(scope="module")
def template(settings: Settings, warehouse_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with one release: the small folder, and 25 years of one indicator."""
    root = tmp_path_factory.mktemp("trace")
    home = small_warehouse.make(root, settings, warehouse_template)
    folder = CuratedFolder.__new__(CuratedFolder)
    folder.root = root / "curated"
    many = [folder.row("indicator", place="CN-JL", period=str(year)) for year in range(1990, 2015)]
    folder.write("indicator/many.csv", many)
    small_warehouse.load(home, settings, folder)
    assert small_warehouse.release(home, settings).release
    return home.root


@pytest.fixture
def copy(template: Path, tmp_path: Path) -> Home:
    """A copy of that home folder, for one test."""
    shutil.copytree(template, tmp_path / "copy", symlinks=True)
    return Home(tmp_path / "copy")


@pytest.fixture(scope="module")
def con(template: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A reader of the release."""
    with reader(Home(template)) as opened:
        yield opened


def the_figure(con: duckdb.DuckDBPyConnection, home: Home, table: str, **wanted: str) -> Figure:
    """The one figure that has the wanted values."""
    (figure,) = trace.trace(con, home, table, wanted)
    return figure


def test_a_number_is_followed_to_the_row_as_it_was_printed(con: duckdb.DuckDBPyConnection, template: Path) -> None:
    home = Home(template)
    figure = the_figure(con, home, "trade_figures", reporter="CHN", partner="JPN", flow="export", period="2016")
    assert figure.key["source"] == "curated"
    assert figure.key["reporter"] == "CHN"
    first, second = figure.versions
    assert first.row["value"] == Decimal(12_500_000)
    assert first.row["published_on"] == dt.date(2017, 9, 30)
    assert first.row["address"] == "https://example.org/yearbook/2017"
    assert first.row["publisher"] == "Bureau of Statistics"
    assert first.fault is None
    printed = json.loads(first.raw or "")
    assert printed["printed_value"] == "12.5"
    assert printed["printed_unit"] == "USD million"
    assert (first.row_number, second.row_number) == (1, 2)
    archived = Path(first.archived_at).read_bytes()
    assert hashlib.sha256(archived).hexdigest() == first.row["artifact"]
    line = archived.decode().splitlines()[1]
    assert "12.5" in line
    assert "USD million" in line
    assert first.artifact
    assert (first.artifact.filename, first.artifact.size_bytes) == ("trade/first.csv", len(archived))


def test_versions_are_listed_oldest_first(con: duckdb.DuckDBPyConnection, template: Path) -> None:
    for table in small_warehouse.REVISED:
        first, second = the_figure(con, Home(template), table, **({"place": "CN-LN"} if table in ("indicator", "presence") else {})).versions  # fmt: skip
        assert (first.is_current, second.is_current) == (False, True), table
        assert first.superseded_on == second.row["published_on"] == dt.date(2018, 9, 30)
        assert json.loads(second.raw or "")["printed_value"] == "14"


@pytest.mark.parametrize("table", FIGURES)
def test_every_kind_of_figure_can_be_traced(con: duckdb.DuckDBPyConnection, template: Path, table: str) -> None:
    wanted = {"period": "2016"} if table == "indicator_figures" else {}
    figure = the_figure(con, Home(template), table, **wanted)
    for version in figure.versions:
        assert version.fault is None
        assert json.loads(version.raw or "")["address"] == version.row["address"]
        assert set(version.row) >= {"publisher", "title", "published_on", "known_from", "artifact"}


@pytest.mark.parametrize("table", FIGURES)
def test_a_mart_row_is_found_by_any_of_its_columns(con: duckdb.DuckDBPyConnection, template: Path, table: str) -> None:
    actual = con.execute(f"FROM mart.{table} ORDER BY ALL LIMIT 1")
    names = [d[0] for d in actual.description or []]
    row = dict(zip(names, actual.fetchone() or (), strict=True))
    wanted = {n: con.execute("SELECT CAST(? AS VARCHAR)", [v]).fetchall()[0][0] for n, v in row.items() if isinstance(v, str | dt.date) and not isinstance(v, dt.datetime)}  # fmt: skip
    assert len(wanted) > 8
    figure = the_figure(con, Home(template), table, **wanted)
    assert figure.versions[-1].row["artifact"] == row["artifact"]


def test_an_old_value_leads_to_its_figure_with_the_new_one(con: duckdb.DuckDBPyConnection, template: Path) -> None:
    """A reader has the number of an old report, and wants to know what became of it."""
    figure = the_figure(con, Home(template), "presence_figures", value="12")
    assert [v.row["value"] for v in figure.versions] == [12, 14]


@pytest.mark.parametrize("name", ["trade_figures", "mart.trade_figures", "core.trade"])
def test_a_table_may_be_named_with_its_schema(con: duckdb.DuckDBPyConnection, template: Path, name: str) -> None:
    assert trace.trace(con, Home(template), name, {"reporter": "CHN"})


def test_an_unknown_table_is_an_error_that_lists_those_there_are(
    con: duckdb.DuckDBPyConnection, template: Path
) -> None:
    with pytest.raises(
        Unknown, match=r"no table 'trades' to trace; there are: trade, trade_chapters, .*trade_figures, fdi_figures"
    ):
        trace.trace(con, Home(template), "trades", {})


def test_an_unknown_column_is_an_error_that_lists_those_there_are(
    con: duckdb.DuckDBPyConnection, template: Path
) -> None:
    with pytest.raises(Unknown, match=r"trade_figures has no column 'country'; it has: source, reporter"):
        trace.trace(con, Home(template), "trade_figures", {"country": "CHN"})


@pytest.mark.parametrize("column", ['reporter" = reporter; --', "", "reporter "])
def test_a_column_is_a_column_and_nothing_else(con: duckdb.DuckDBPyConnection, template: Path, column: str) -> None:
    with pytest.raises(Unknown, match="has no column"):
        trace.trace(con, Home(template), "trade_figures", {column: "CHN"})


def test_a_value_is_a_value_and_nothing_else(con: duckdb.DuckDBPyConnection, template: Path) -> None:
    with pytest.raises(Unknown, match="trade_figures has no figure with reporter=' OR TRUE --"):
        trace.trace(con, Home(template), "trade_figures", {"reporter": "' OR TRUE --"})


def test_no_figure_is_an_error(con: duckdb.DuckDBPyConnection, template: Path) -> None:
    with pytest.raises(Unknown, match="trade_figures has no figure with reporter=JPN, period=1950"):
        trace.trace(con, Home(template), "trade_figures", {"reporter": "JPN", "period": "1950"})


def test_too_many_figures_are_an_error_that_lists_columns_to_narrow_by(
    con: duckdb.DuckDBPyConnection, template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trace, "MOST_FIGURES", 24)
    with pytest.raises(
        Unknown, match=r"25 figures of indicator_figures have place=CN-JL: name more columns \(.*period.*\)"
    ):
        trace.trace(con, Home(template), "indicator_figures", {"place": "CN-JL"})
    assert trace.trace(con, Home(template), "indicator_figures", {"place": "CN-JL", "period": "2000"})


# -- an archive that is not whole -----------------------------------------------------------------------------


def object_of(home: Home, filename: str) -> Path:
    """Where the bytes of a bundled file lie."""
    (artifact,) = [a for a in store.manifests(home) if a.filename == filename]
    return store.object_path(home, artifact.artifact)


def traced(home: Home) -> Figure:
    """The revised figure of trade."""
    with reader(home) as con:
        return the_figure(con, home, "trade_figures", reporter="CHN")


def test_a_missing_file_is_reported_and_the_rest_is_shown(copy: Home) -> None:
    path = object_of(copy, "trade/first.csv")
    path.unlink()
    for version in traced(copy).versions:
        assert version.fault == f"curated, trade/first.csv: archived file {path} is missing; restore it from a backup or fetch it again"  # fmt: skip
        assert version.raw is None
        assert version.row["address"] == "https://example.org/yearbook/2017"


def test_a_changed_file_is_reported_and_not_shown(copy: Home) -> None:
    path = object_of(copy, "trade/first.csv")
    path.chmod(0o644)
    path.write_bytes(path.read_bytes().replace(b"12.5", b"99.9"))
    for version in traced(copy).versions:
        assert version.fault
        assert "has changed: its sha256 is now" in version.fault
        assert version.raw is None


def test_a_missing_manifest_is_reported(copy: Home) -> None:
    path = object_of(copy, "trade/first.csv")
    (copy.archive / "manifests" / "curated" / f"{path.name}.json").unlink()
    for version in traced(copy).versions:
        assert version.fault == f"the archive has no manifest of {path.name}"
        assert version.artifact is None


def test_a_fault_of_one_file_does_not_hide_another_figure(copy: Home) -> None:
    object_of(copy, "trade/first.csv").unlink()
    with reader(copy) as con:
        assert the_figure(con, copy, "fdi_figures").versions[0].fault is None


def test_a_row_that_is_no_longer_read_from_the_file_is_reported(
    con: duckdb.DuckDBPyConnection, template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The code that reads the file may have changed since it was loaded: no row is shown, and the version says why."""
    monkeypatch.setattr("tasks.ask.archived.ArchiveReader._conformed_rows", lambda *_: "(SELECT * FROM nothing_there)")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE nothing_there AS SELECT 1 AS row_number, * FROM core.trade_versions LIMIT 0"
    )
    version = the_figure(con, Home(template), "trade_figures", reporter="CHN").versions[0]
    assert version.raw is None
    assert version.fault


@pytest.mark.parametrize("name", lineage.NOT_TRACED)
def test_a_mart_without_values_of_its_own_says_where_to_look(
    con: duckdb.DuckDBPyConnection, template: Path, name: str
) -> None:
    with pytest.raises(Unknown, match=f"{name} .*trace "):
        trace.trace(con, Home(template), name, {})
