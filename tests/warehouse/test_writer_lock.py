"""One writer of a home folder at a time: others wait, a flow within a flow does not, and a dead writer holds nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from warehouse import writer_lock
from warehouse.errors import Busy, HomeError
from warehouse.settings import Home
from warehouse.writer_lock import background_writer, only_writer

HOLD = """
import sys
from pathlib import Path
from warehouse.settings import Home
from warehouse.writer_lock import only_writer
with only_writer(Home(Path(sys.argv[1])), 0, lambda _: None):
    print("holds", flush=True)
    sys.stdin.read()
"""


def silent(_: str) -> None:
    """Receive progress."""


def test_a_writer_within_a_writer_holds_the_lock_too(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with only_writer(home, 0, silent) as first:
        with only_writer(home, 0, silent) as second:
            assert (first, second) == (True, False)
        with only_writer(home, 0, silent) as third:
            assert third is False
    with only_writer(home, 0, silent) as again:
        assert again is True


def test_another_process_is_waited_for_and_a_dead_one_holds_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    said: list[str] = []
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home.root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(Busy, match="another build is still writing"), only_writer(home, 0.2, said.append):
            pass
        assert said == [f"another build is writing to {home.root}; waiting up to 0.2 seconds for it"]
        other.kill()
        other.wait()
        with only_writer(home, 5, silent) as held:
            assert held


def test_only_the_outermost_writer_clears_the_scratch_folder(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with only_writer(home, 0, silent):
        pass
    (home.scratch / "left").write_text("by a run that was killed")
    with background_writer(home, 0, silent):
        assert not (home.scratch / "left").exists()
        (home.scratch / "used").write_text("by this run")
        with background_writer(home, 0, silent):
            assert (home.scratch / "used").exists()


def test_windows_is_told_what_it_cannot_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_lock, "_IS_WINDOWS", True)
    with (
        pytest.raises(HomeError, match=r"Windows Subsystem for Linux \(WSL 2\)"),
        only_writer(Home(tmp_path), 0, silent),
    ):
        pass
    assert list(tmp_path.iterdir()) == []
