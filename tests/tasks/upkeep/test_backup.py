"""A backup is whole, later ones copy what is new, and a home folder made of one is the one that was backed up."""

import json
import shutil
from pathlib import Path

import pytest

from tasks.ask import verification
from tasks.fetch import database, history
from tasks.upkeep import backup
from tasks.upkeep.backup import INDEX
from tests.support import small_warehouse
from tests.support.curated_folder import CuratedFolder
from warehouse import connection
from warehouse.errors import ArchiveDamaged, Busy, HomeError
from warehouse.settings import Home, Settings
from warehouse.writer_lock import only_writer


@pytest.fixture(scope="module")
def made(settings: Settings, warehouse_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = small_warehouse.make(tmp_path_factory.mktemp("backed"), settings, warehouse_template)
    small_warehouse.release(home, settings)
    home.checks.mkdir()
    (home.checks / "mine.sql").write_text("-- a\n-- severity: warning\nSELECT 1 WHERE false", "utf-8")
    with database.opened(home) as con:
        history.record_end(con, "fred.fx", "pull", "503")
    return home


@pytest.fixture
def full(made: Home, tmp_path: Path) -> Home:
    """A copy of that home, to be changed."""
    shutil.copytree(made.root, tmp_path / "full", symlinks=True)
    return Home(tmp_path / "full")


def _back_up(home: Home, target: Path) -> backup.Copied:
    return backup.back_up(home, target, 0, lambda _: None)


def _figures(home: Home) -> list[tuple[object, ...]]:
    with connection.reader(home) as con:
        return con.execute("FROM mart.indicator_figures ORDER BY ALL").fetchall()


def _files(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_what_is_restored_is_what_was_backed_up(full: Home, tmp_path: Path, settings: Settings) -> None:
    _back_up(full, tmp_path / "backup")
    again = Home(tmp_path / "again")
    backup.restore(tmp_path / "backup", again, lambda _: None)
    assert _figures(again) == _figures(full)
    assert _files(again.archive) == _files(full.archive)
    assert (again.checks / "mine.sql").read_bytes() == (full.checks / "mine.sql").read_bytes()
    assert history.ends(again) == history.ends(full)
    assert again.parquet.resolve().is_relative_to(again.root)
    assert verification.verify(settings.model_copy(update={"home": again.root}), lambda _: None).faults == []


def test_a_later_backup_copies_what_is_new(full: Home, tmp_path: Path, settings: Settings) -> None:
    target = tmp_path / "backup"
    first = _back_up(full, target)
    assert first.unchanged == 0
    folder = CuratedFolder(tmp_path / "more")
    folder.write("indicator/second.csv", [folder.row("indicator", period="2017")])
    small_warehouse.load(full, settings, folder)
    (full.checks / "mine.sql").unlink()
    second = _back_up(full, target)
    assert second.files < first.files
    assert second.unchanged > 0
    assert not (target / "checks").exists()
    index = json.loads((target / INDEX).read_bytes())
    assert set(index["files"]) == set(_files(target)) - {INDEX}


def test_a_backup_that_was_interrupted_is_finished_by_the_next(full: Home, tmp_path: Path) -> None:
    target = tmp_path / "backup"
    _back_up(full, target)
    whole = _files(target)
    lost = next(path for path in (target / "archive" / "objects").rglob("*") if path.is_file())
    lost.unlink()
    (target / "warehouse.duckdb").write_bytes(b"half")
    with pytest.raises(ArchiveDamaged, match="is missing or has changed"):
        backup.restore(target, Home(tmp_path / "again"), lambda _: None)
    assert not (tmp_path / "again").exists()
    _back_up(full, target)
    found = _files(target)
    assert set(found) == set(whole)
    assert {name for name in found if found[name] != whole[name]} <= {INDEX, "pull.sqlite"}


def test_a_build_that_goes_on_is_waited_for(full: Home, tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def hold() -> None:
        with only_writer(full, 0, lambda _: None):
            pass

    with only_writer(full, 0, lambda _: None), ThreadPoolExecutor(1) as beside, pytest.raises(Busy):
        beside.submit(_back_up, full, tmp_path / "backup").result()
    hold()
    assert not (tmp_path / "backup").exists()


@pytest.mark.parametrize("place", [".", "sub/backup"])
def test_a_backup_within_the_home_folder_is_refused(full: Home, place: str) -> None:
    with pytest.raises(HomeError, match="one in the other"):
        _back_up(full, full.root / place)


def test_folders_with_something_else_are_not_touched(full: Home, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "letter.txt").write_text("mine", "utf-8")
    with pytest.raises(HomeError, match="is no backup and not empty"):
        _back_up(full, other)
    with pytest.raises(HomeError, match="is no backup"):
        backup.restore(other, Home(tmp_path / "again"), lambda _: None)
    _back_up(full, tmp_path / "backup")
    with pytest.raises(HomeError, match="is not empty"):
        backup.restore(tmp_path / "backup", Home(other), lambda _: None)
    assert _files(other) == {"letter.txt": b"mine"}


def test_a_backup_of_a_newer_program_or_with_foreign_names_is_refused(full: Home, tmp_path: Path) -> None:
    target = tmp_path / "backup"
    _back_up(full, target)
    index = json.loads((target / INDEX).read_bytes())
    (target / INDEX).write_text(json.dumps(index | {"file_version": 99}), "utf-8")
    with pytest.raises(HomeError, match="newer version"):
        backup.restore(target, Home(tmp_path / "again"), lambda _: None)
    (target / INDEX).write_text(json.dumps(index | {"files": {"../up": {"size": 1, "sha256": "0"}}}), "utf-8")
    with pytest.raises(HomeError, match="outside"):
        backup.restore(target, Home(tmp_path / "again"), lambda _: None)
