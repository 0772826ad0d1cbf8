"""Fixtures for all tests: a home folder, a warehouse that is ready to be loaded, small folders of bundled files.

No test touches the network or the user's own home; everything is written below pytest's temporary folder.
"""

import csv
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import hypothesis
import pytest

from tasks.load import reference
from tasks.load.load_source import load_source
from tasks.load.loader import Outcome
from tasks.sources.curated import Curated
from warehouse import ddl
from warehouse.connection import make_folders, writer
from warehouse.settings import Home, Settings

# The same examples on every run: a failure on one machine is a failure on all.
hypothesis.settings.register_profile("entrepot", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("entrepot")

pytest_plugins = ["small_pull"]

SHARED = Path(__file__).parents[2] / "shared"

_CITED = {
    "publisher": "Bureau of Statistics",
    "title": "Yearbook 2017, table 1",
    "address": "https://example.org/yearbook/2017",
    "published_on": "2017-09-30",
    "published_precision": "day",
    "seen_via": "",
    "note": "",
}
_PRINTED = {"freq": "A", "period": "2016", "printed_value": "12.5", "obs_status": "A"}
_ROWS: dict[str, dict[str, str]] = {
    "trade": {
        "dataset": "customs.annual", "reporter": "CHN", "partner": "JPN", "flow": "export", "valuation": "FOB", "basis": "",
        "classification": "TOTAL", "product": "TOTAL", **_PRINTED, "printed_unit": "USD million", **_CITED,
    },
    "fdi": {
        "dataset": "ministry.annual", "concept": "mofcom_utilised", "accounting": "flow", "direction": "inward",
        "principle": "directional", "instrument": "total", "derivation": "reported", "sector_scope": "all",
        "reporter": "CHN", "counterpart": "JPN", "industry": "TOTAL",
        **_PRINTED, "printed_unit": "USD million", **_CITED,
    },
    "fdi_rate": {
        "dataset": "ministry.annual", "concept": "mofcom_utilised", "direction": "inward", "reporter": "CHN",
        "counterpart": "JPN", "measure": "growth_on_year", "rate_basis": "USD",
        **_PRINTED, "printed_unit": "percent", **_CITED,
    },
    "indicator": {
        "dataset": "bureau.gdp", "place": "CN-LN", "indicator": "gdp",
        **_PRINTED, "printed_unit": "CNY 100 million", **_CITED,
    },
    "pair": {
        "dataset": "institute.distances", "place": "CHN", "counterpart": "JPN", "indicator": "distance_weighted",
        **_PRINTED, "freq": "", "period": "", "printed_unit": "km", **_CITED,
    },
    "presence": {
        "dataset": "ministry.bases", "place": "CN-LN", "origin": "JPN", "counting_unit": "bases", "as_of": "2016-10",
        "approximate": "false", **_PRINTED, "printed_value": "12", "printed_unit": "bases", **_CITED,
    },
    "visits": {
        "event": "forum_2016", "kind": "forum", "started_on": "2016-05-11", "ended_on": "2016-05-12",
        "date_precision": "day", "held_in": "CN-LN", "side": "Japan", "place": "JP-01", "organisation": "Hokkaido",
        "person": "", "office": "governor", "visited": "false", "purpose": "tourism", **_CITED,
    },
    "milestones": {
        "name": "Harbin-Dalian line", "kind": "high_speed_rail", "place": "CN-LN", "opened_on": "2012-12-01",
        "opened_precision": "day", "length_km": "921", "design_speed_kmh": "350", "counterpart": "", **_CITED,
    },
}  # fmt: skip


class CuratedFolder:
    """A folder laid out as warehouse/curated is, with rows of the test's own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir()

    @staticmethod
    def row(table: str, **changes: str) -> dict[str, str]:
        """A valid row of a bundled table, with some cells changed."""
        return {**_ROWS[table], **changes}

    def write(self, filename: str, rows: Iterable[dict[str, str]]) -> Path:
        """Write rows to ``<table>/<name>.csv``; the header is that of the first row."""
        rows = list(rows)
        path = self.root / filename
        path.parent.mkdir(exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            made = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            made.writeheader()
            made.writerows(rows)
        return path

    def remove(self, filename: str) -> None:
        """Take a file away."""
        (self.root / filename).unlink()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home folder."""
    made = Home(tmp_path / "home")
    make_folders(made)
    return made


@pytest.fixture(scope="session")
def settings() -> Settings:
    """Settings that no environment variable changes, for one core and little memory."""
    return Settings.model_construct(memory_limit="1GB", threads=1)


@pytest.fixture(scope="session")
def warehouse_template(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Path:
    """A warehouse file with tables, macros and reference tables, made once a session. Copy it, do not open it."""
    home = Home(tmp_path_factory.mktemp("template"))
    make_folders(home)
    with writer(home, settings) as con:
        ddl.create_tables(con)
        ddl.create_views(con)
        reference.load(con)
    return home.warehouse


@pytest.fixture
def warehouse(home: Home, settings: Settings, warehouse_template: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The writer's connection to a warehouse of ``home`` that has its reference tables and nothing else."""
    shutil.copyfile(warehouse_template, home.warehouse)
    with writer(home, settings) as con:
        yield con


@pytest.fixture
def curated_folder(tmp_path: Path) -> CuratedFolder:
    """An empty folder of bundled files."""
    return CuratedFolder(tmp_path / "curated")


@pytest.fixture
def load_curated(
    warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, curated_folder: CuratedFolder
) -> Callable[..., dict[str, Outcome]]:
    """Load what is new in ``curated_folder``, as a build does; returns the outcomes by file name."""

    def load(common: str = "code") -> dict[str, Outcome]:
        loaded = load_source(warehouse, home, settings, Curated(curated_folder.root), common=common)
        return {o.artifact.filename: o for o in loaded.outcomes}

    return load


@pytest.fixture
def shared() -> Path:
    """The folder with the publishers' files that do not come with the project; the test is skipped without them."""
    if not SHARED.is_dir():
        pytest.skip(f"needs the publishers' files in {SHARED}, which is not there")
    return SHARED


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Mark what needs ../shared, so that ``-m 'not shared'`` leaves it out."""
    for item in items:
        if "shared" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.shared)
