"""Temporary files and folders: removed at the end, kept from others while they are used, taken away where a process was killed."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from warehouse import locked_temp

#: Makes a folder and a file, says so, and waits until it is ended.
_HOLDS = """
import sys
from pathlib import Path
from warehouse import locked_temp
with locked_temp.folder(Path(sys.argv[1]), "work-") as folder, locked_temp.file(Path(sys.argv[1])) as file:
    (folder / "part").write_text("a")
    print("ready", flush=True)
    sys.stdin.read()
"""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.suffix != ".lock")


def test_nothing_stays_at_the_end(tmp_path: Path) -> None:
    with locked_temp.folder(tmp_path, "work-") as folder, locked_temp.file(tmp_path) as file:
        (folder / "part").write_text("a")
        file.write_text("b")
        assert names(tmp_path) == sorted([folder.name, file.name])
    assert list(tmp_path.iterdir()) == []


def test_nothing_stays_after_a_fault(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="of the work"), locked_temp.folder(tmp_path, "work-"):
        raise ValueError("of the work")
    assert list(tmp_path.iterdir()) == []


def test_a_file_may_be_moved_away(tmp_path: Path) -> None:
    with locked_temp.file(tmp_path / "incoming") as file:
        file.write_text("a")
        file.rename(tmp_path / "kept")
    assert (tmp_path / "kept").read_text() == "a"
    assert list((tmp_path / "incoming").iterdir()) == []


def test_what_another_process_uses_stays_until_it_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _HOLDS, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "ready\n"
        locked_temp.remove_abandoned(tmp_path)
        assert len(names(tmp_path)) == 2
        other.kill()
        other.wait()
    locked_temp.remove_abandoned(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_has_no_lock_is_removed(tmp_path: Path) -> None:
    (tmp_path / "left").mkdir()
    (tmp_path / "left" / "part").write_text("a")
    (tmp_path / "alone.lock").touch()
    locked_temp.remove_abandoned(tmp_path)
    assert list(tmp_path.iterdir()) == []
    locked_temp.remove_abandoned(tmp_path / "not there")
