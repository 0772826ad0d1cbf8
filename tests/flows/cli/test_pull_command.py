"""``entrepot pull`` as a person meets it: what it asks, what it says, how it ends and how it is stopped."""

import os
import pty
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flows.cli import interrupt
from tasks.archive import store
from tasks.fetch import history
from tasks.fetch.cancel import Cancellation, Cancelled
from tests.support import publisher_server as answers
from tests.support.paths import ROOT
from tests.support.publisher_server import Answer, Publisher, publisher
from tests.support.small_source import Small
from warehouse.settings import Home

#: The command line with small test sources.
DRIVER = (sys.executable, "-m", "tests.support.pull_driver")


@pytest.fixture
def bureau() -> Iterator[Publisher]:
    """A publisher with a table for each of a few letters."""
    with publisher() as made:
        for name in "abcd":
            made.on(f"/data/{name}", answers.csv(f"{name},2015,1"))
        yield made


@pytest.fixture(scope="module", autouse=True)
def prefect_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One folder for Prefect's own files: making its database takes longer than all else here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PREFECT_HOME", str(tmp_path_factory.mktemp("prefect")))
        yield


def start(bureau: Publisher, home: Path, *arguments: str, **streams: Any) -> "subprocess.Popen[str]":
    """Start the command line in a process of its own, which a Ctrl-C reaches with all it started."""
    command = [*DRIVER, bureau.url, "pull", "--home", str(home), *arguments]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
    return subprocess.Popen(command, cwd=ROOT, text=True, start_new_session=True, **streams)


# -- whole runs, in processes of their own -------------------------------------------------------------------


def test_all_that_need_no_key_are_pulled_and_one_that_fails_does_not_stop_others(
    bureau: Publisher, tmp_path: Path
) -> None:
    bureau.on("/data/b", answers.csv("b,2015,1"), answers.status(401, "not today"), answers.csv("b,2015,1"))
    running = start(bureau, tmp_path, "--product", "a,b,c", "--period", "2015:2018")
    out, err = running.communicate(timeout=240)
    assert running.returncode == 1, err
    assert "test.keyed is skipped: it needs a key. Set ENTREPOT_TEST_KEYED_KEY" in err
    assert err.count("answered 401: not today") == 1
    assert sum("3 of 3 requests done" in line for line in out.splitlines()) == 1
    assert "load what is new with: " in out
    assert "\x1b" not in out + err
    assert all(asked.parameters == {"from": "2015", "to": "2018"} for asked in bureau.requests)
    pulls = history.last_pulls(Home(tmp_path))
    assert sorted(pulls) == ["test.first", "test.second"]
    assert sorted(bool(p.message) for p in pulls.values()) == [False, True]
    assert sorted(p.is_stale for p in pulls.values()) == [False, True]
    assert {p.quota_left for p in pulls.values()} <= {996, 997, 998}


def test_ctrl_c_ends_cleanly_and_the_next_pull_goes_on(bureau: Publisher, tmp_path: Path) -> None:
    reached = threading.Event()

    def hold(_: Any, closing: threading.Event) -> None:
        reached.set()
        closing.wait(60)

    bureau.on("/data/b", Answer(writes=hold), answers.csv("b,2015,1"))
    running = start(bureau, tmp_path, "test.first", "--product", "a,b,c")
    assert reached.wait(120)
    os.killpg(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=120)
    assert running.returncode == 130, err
    assert "test.first: 1 of 3 requests done" in out
    assert err.endswith("entrepot: stopped; what was archived stays, and the same command resumes the pull\n")
    assert "Traceback" not in err
    assert list((tmp_path / "pull" / "receiving").iterdir()) == []
    again = start(bureau, tmp_path, "test.first", "--product", "a,b,c")
    out, err = again.communicate(timeout=120)
    assert again.returncode == 0, err
    assert "test.first: 3 of 3 requests done, resumed at request 2" in out
    assert bureau.paths() == ["/data/a", "/data/b", "/data/b", "/data/c"]
    assert len(store.manifests(Home(tmp_path))) == 3


def test_a_terminal_is_shown_a_bar_and_pulls_at_the_same_time_do_not_meet(bureau: Publisher, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    terminal = {**os.environ, "TERM": "xterm", "NO_COLOR": "1", "COLUMNS": "160"}
    with_bar = start(bureau, tmp_path, "test.first", "--product", "a,b", stdout=theirs, env=terminal)
    beside = start(bureau, tmp_path, "test.first", "--product", "c,d")
    os.close(theirs)
    shown = b""
    while piece := _read(ours):
        shown += piece
    for running in (with_bar, beside):
        _, err = running.communicate(timeout=240)
        assert running.returncode == 0, err
    text = shown.decode(errors="replace")
    assert "2/2 requests" in text
    assert "2 rows" in text
    assert " left" in text
    assert "test.first: 2 of 2 requests done" in text
    assert len(store.manifests(Home(tmp_path))) == 4


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # the other end is closed
        return b""


# -- wrong usage ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nonsense"], "no source 'nonsense'. Sources: test.small"),
        (["test.adopted"], "test.adopted has no service to pull from"),
        (["--period", "2020:2010"], "Invalid range of years '2020:2010': years are from 1900 to 2100"),
        (["--period", "last year"], "Invalid range of years 'last year'. Examples: 2015:2024, 2020"),
        (["--period", "1066"], "Invalid range of years '1066'"),
        (["--reporter", "CHN,XYZ"], "Unknown place XYZ"),
        (["--partner", "China"], "Unknown place China"),
        (["--product", "87;DROP"], "Invalid product code '87;DROP'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_ends_with_2_before_anything_is_asked(
    known_sources: dict[str, Small], tmp_path: Path, arguments: list[str], told: str
) -> None:
    from typer.testing import CliRunner

    from flows.cli import app

    ended = CliRunner().invoke(
        app.app, ["pull", "--home", str(tmp_path), *arguments], env={"COLUMNS": "300", "TERM": "dumb"}
    )
    assert ended.exit_code == 2
    assert told in " ".join(ended.output.split())
    assert list(tmp_path.iterdir()) == []


# -- parts of it ---------------------------------------------------------------------------------------------


def test_an_interrupt_cancels_and_interrupts_nothing() -> None:
    cancellation = Cancellation()
    before = signal.getsignal(signal.SIGINT)
    with interrupt.cancelled_by_interrupt(cancellation):
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(Cancelled):
            cancellation.sleep(60)
    assert signal.getsignal(signal.SIGINT) is before
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, set())
