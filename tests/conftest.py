"""Fixtures for all tests: a home folder, a warehouse that is ready to be loaded, small folders of bundled files.

No test touches the network or the user's own home; everything is written below pytest's temporary folder.
"""

import gc
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import hypothesis
import pytest
from filelock import FileLock

from tasks.load import validate
from tasks.load.load_source import load_source
from tasks.load.outcome import Outcome
from tasks.sources.curated import Curated
from tests.support import published, template
from tests.support.curated_folder import CuratedFolder
from tests.support.loading import by_file
from tests.support.paths import CACHE, SHARED
from tests.support.published import Built
from tests.support.replayed_judgement import replaying
from warehouse.connection import make_folders, writer
from warehouse.settings import Home, Settings

# The same examples on every run: a failure on one machine is a failure on all.
hypothesis.settings.register_profile("entrepot", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("entrepot")

pytest_plugins = ["tests.support.pulling"]


@pytest.fixture(scope="session", autouse=True)
def _pandera_builds_its_queries_once() -> Iterator[None]:
    """Keep the queries of each schema from load to load: building them is most of what a small load costs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(validate, "judge", replaying(validate.judge))
        yield


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home folder."""
    empty = Home(tmp_path / "home")
    make_folders(empty)
    return empty


@pytest.fixture(scope="session")
def settings() -> Settings:
    """Settings that no environment variable changes, for one core and little memory."""
    return Settings.model_construct(memory_limit="1GB", threads=1)


@pytest.fixture(scope="session")
def warehouse_template(settings: Settings) -> Path:
    """A warehouse file with tables, macros and reference tables, kept between runs. Copy it, do not open it."""
    return template.warehouse_file(CACHE, settings)


@pytest.fixture
def warehouse(home: Home, settings: Settings, warehouse_template: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The writer's connection to a warehouse of ``home`` that has its reference tables and nothing else."""
    shutil.copyfile(warehouse_template, home.warehouse)
    with writer(home, settings) as con:
        yield con


@pytest.fixture(scope="session")
def bundled(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Home:
    """The bundled figures, built and published; one home for all processes of a run. Only read it."""
    if worker_id == "master":
        return published.bundled(tmp_path_factory.mktemp("bundled"))
    root = tmp_path_factory.getbasetemp().parent / "bundled"
    with FileLock(f"{root}.lock"):
        return Home(root) if root.exists() else published.bundled(root)


@pytest.fixture(scope="session")
def everything(shared: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Built:
    """All publishers' files and the bundled figures, built and published once for all processes of a run. Only read it."""
    if worker_id == "master":
        return published.everything(tmp_path_factory.mktemp("everything") / "home")
    root = tmp_path_factory.getbasetemp().parent / "everything"
    with FileLock(f"{root}.lock"):
        return published.everything(root)


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
        return by_file(loaded.outcomes)

    return load


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the publishers' files that do not come with the project; the test is skipped without them."""
    if not SHARED.is_dir():
        pytest.skip(f"needs the publishers' files in {SHARED}, which is not there")
    return SHARED


def pytest_collection_finish() -> None:
    """Leave what is imported by now out of garbage collection, which would walk it again and again (a tenth of the time)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Mark what needs ../shared, so that ``-m 'not shared'`` leaves it out."""
    for item in items:
        if "shared" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.shared)
