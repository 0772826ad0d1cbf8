"""A backup is whole, later ones copy what is new, and a home folder made of one is the one that was backed up."""

import contextlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tasks.alerts import telling
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
    return backup.back_up(Settings(home=home.root, wait_seconds=0), target, lambda _: None)


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
    index = json.loads((target / INDEX).read_bytes())
    assert "checks/mine.sql" not in index["files"]
    assert {entry["path"] for entry in index["files"].values()} == set(_files(target)) - {INDEX}


@pytest.mark.parametrize("of", ["_copied", "_write_index", "_remove"])
def test_a_backup_that_is_interrupted_leaves_the_former_one_whole(
    full: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, of: str
) -> None:
    target = tmp_path / "backup"
    _back_up(full, target)
    (full.checks / "mine.sql").write_text("-- b\n-- severity: warning\nSELECT 2 WHERE false", "utf-8")
    kept, calls = getattr(backup, of), 0

    def fail(*given: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 1:
            return kept(*given)  # what comes first is written
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(backup, of, fail)
        with contextlib.suppress(HomeError):
            _back_up(full, target)
    backup.restore(target, Home(tmp_path / "again"), lambda _: None)
    assert _figures(Home(tmp_path / "again")) == _figures(full)
    assert _back_up(full, target).unchanged > 0


def test_a_first_backup_that_is_interrupted_can_be_gone_on_with(
    full: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "backup"
    with monkeypatch.context() as patch:
        patch.setattr(backup, "_copy_database", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            _back_up(full, target)
    with pytest.raises(HomeError, match="was never finished"):
        backup.restore(target, Home(tmp_path / "again"), lambda _: None)
    _back_up(full, target)
    assert len([*(target / "generations").iterdir()]) == 1  # what was interrupted is gone
    backup.restore(target, Home(tmp_path / "again"), lambda _: None)


def test_what_is_left_out_of_the_folders_of_a_user_is_told(full: Home, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (full.checks / "more").symlink_to(tmp_path / "elsewhere")
    (full.checks / ".hidden.sql").write_text("SELECT 1", "utf-8")
    notes = _back_up(full, tmp_path / "backup").notes
    assert [Path(note.split(" is not in the backup")[0]).name for note in notes] == [".hidden.sql", "more"]


def test_what_was_accepted_stays_accepted_in_a_restored_home(full: Home, tmp_path: Path) -> None:
    telling.accept(full, "disk /srv")
    _back_up(full, tmp_path / "backup")
    again = Home(tmp_path / "again")
    backup.restore(tmp_path / "backup", again, lambda _: None)
    assert telling.accepted(again) == {"disk /srv"}


def test_archived_files_that_the_home_has_lost_stay_in_the_backup(full: Home, tmp_path: Path) -> None:
    target = tmp_path / "backup"
    _back_up(full, target)
    (target / "NOTES.txt").write_text("mine", "utf-8")
    before = _files(target / "archive")
    shutil.rmtree(full.archive)
    full.archive.mkdir()
    (note,) = _back_up(full, target).notes
    assert "archived files are no longer in" in note
    assert _files(target / "archive") == before
    assert (target / "NOTES.txt").exists()
    backup.restore(target, Home(tmp_path / "again"), lambda _: None)
    assert _files(Home(tmp_path / "again").archive) == before


def test_what_a_killed_writer_committed_is_backed_up(full: Home, tmp_path: Path) -> None:
    script = f"import duckdb, os; c = duckdb.connect({str(full.warehouse)!r}); c.execute(\"INSERT INTO meta.settings VALUES ('kept', 'yes')\"); os._exit(9)"
    subprocess.run([sys.executable, "-c", script], check=False)
    _back_up(full, tmp_path / "backup")
    again = Home(tmp_path / "again")
    backup.restore(tmp_path / "backup", again, lambda _: None)
    with duckdb.connect(str(again.warehouse)) as con:
        assert con.execute("SELECT setting_value FROM meta.settings WHERE setting = 'kept'").fetchall() == [("yes",)]


def test_a_damaged_backup_or_archive_is_refused(full: Home, tmp_path: Path) -> None:
    target = tmp_path / "backup"
    _back_up(full, target)
    archived = next(path for path in (target / "archive" / "objects").rglob("*") if path.is_file())
    archived.unlink()
    with pytest.raises(ArchiveDamaged, match="is missing or has changed"):
        backup.restore(target, Home(tmp_path / "again"), lambda _: None)
    assert not (tmp_path / "again").exists()
    _back_up(full, target)
    backup.restore(target, Home(tmp_path / "again"), lambda _: None)
    own = next(path for path in (full.archive / "objects").rglob("*") if path.is_file())
    own.chmod(0o644)
    own.write_bytes(b"other")
    with pytest.raises(ArchiveDamaged, match="has changed since it was archived"):
        _back_up(full, tmp_path / "second")


def test_a_backup_of_another_home_is_refused(full: Home, tmp_path: Path) -> None:
    _back_up(full, tmp_path / "backup")
    other = Home(tmp_path / "other")
    shutil.copytree(full.root, other.root, symlinks=True)
    (other.root / "home.id").write_text("another", "ascii")
    with pytest.raises(HomeError, match="another home folder"):
        _back_up(other, tmp_path / "backup")


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
    with pytest.raises(HomeError, match="is not an empty folder"):
        backup.restore(tmp_path / "backup", Home(other), lambda _: None)
    assert _files(other) == {"letter.txt": b"mine"}


def test_a_backup_of_a_newer_program_or_with_foreign_names_is_refused(full: Home, tmp_path: Path) -> None:
    target = tmp_path / "backup"
    _back_up(full, target)
    index = json.loads((target / INDEX).read_bytes())
    (target / INDEX).write_text(json.dumps(index | {"file_version": 99}), "utf-8")
    with pytest.raises(HomeError, match="newer version"):
        backup.restore(target, Home(tmp_path / "again"), lambda _: None)
    (target / INDEX).write_text(
        json.dumps(index | {"files": {"../up": {"path": "x", "size": 1, "sha256": "0"}}}), "utf-8"
    )
    with pytest.raises(HomeError, match="outside"):
        backup.restore(target, Home(tmp_path / "again"), lambda _: None)
