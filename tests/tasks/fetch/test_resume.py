"""Plans, pace and memory: what is kept between pulls and shared by processes."""

import itertools
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest

from tasks.archive import store
from tasks.contract.service import Key, Selection
from tasks.fetch import database
from tasks.fetch.cancel import Cancellation
from tasks.fetch.pull import pull
from tasks.fetch.rate_limit import RateLimit
from tasks.fetch.report import PullReport
from tests.support import publisher_server as answers
from tests.support.paths import ROOT
from tests.support.publisher_server import Answer, Publisher
from tests.support.pulling import QUICK
from tests.support.small_source import Small
from warehouse.connection import clear_scratch
from warehouse.errors import Busy, HomeError
from warehouse.settings import Home

Pull = Callable[..., PullReport]

#: A pull in a process of its own, of the series named.
SCRIPT = """
import sys
from pathlib import Path
from tests.support.small_source import Small
from tasks.fetch.pull import pull
from warehouse.settings import PullLimits
from tasks.contract.service import Selection
from warehouse.settings import Home
url, home, interval, daily, *series = sys.argv[1:]
source = Small(url, interval_seconds=float(interval), daily=int(daily) or None, timeout_seconds=20)
pulled = pull(Home(Path(home)), source, Selection(2015, 2018, products=tuple(series)), limits=PullLimits(longest_wait=0.2))
print(pulled.done, pulled.total, pulled.fault or "")
"""


def process(home: Home, url: str, *series: str, interval: float = 0, daily: int = 0) -> "subprocess.Popen[bytes]":
    """Start a pull in a process of its own."""
    command = [sys.executable, "-c", SCRIPT, url, str(home.root), str(interval), str(daily), *series]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def series(bureau: Publisher, *names: str) -> tuple[str, ...]:
    """Put down a good answer for each name."""
    for name in names:
        bureau.on(f"/data/{name}", answers.csv(f"{name},2015,1"))
    return names


# -- plans ---------------------------------------------------------------------------------------------------


def test_a_killed_pull_goes_on_at_the_next_request(home: Home, bureau: Publisher) -> None:
    names = series(bureau, *"abcdefgh")
    reached = threading.Event()

    def hold(_: Any, closing: threading.Event) -> None:
        reached.set()
        closing.wait(30)

    bureau.on("/data/e", Answer(writes=hold), answers.csv("e,2015,1"))
    running = process(home, bureau.url, *names)
    assert reached.wait(60)
    os.kill(running.pid, signal.SIGKILL)
    running.communicate()
    assert bureau.paths() == [f"/data/{n}" for n in "abcde"]
    told = process(home, bureau.url, *names).communicate()[0].decode().split()
    assert told == ["8", "8"]
    assert bureau.paths() == [f"/data/{n}" for n in "abcdeefgh"]
    assert len(store.manifests(home)) == 8
    assert list((home.pull / "receiving").iterdir()) == []  # what the killed one left is cleared


def test_a_pull_that_is_stopped_goes_on_at_the_next_request(home: Home, bureau: Publisher, small: Small) -> None:
    names, cancellation = series(bureau, *"abcd"), Cancellation()
    selection = Selection(2015, 2018, products=names)
    first = pull(
        home,
        small,
        selection,
        lambda p: cancellation.cancel() if p.done == 2 else None,
        cancellation=cancellation,
        limits=QUICK,
    )
    assert (first.is_cancelled, first.is_complete, first.done, first.total) == (True, False, 2, 4)
    second = pull(home, small, selection, limits=QUICK)
    assert (second.is_complete, second.resumed_at, second.done, second.sent) == (True, 3, 4, 2)
    assert bureau.paths() == [f"/data/{n}" for n in "abcd"]


def test_stopping_breaks_off_an_answer_that_is_read(home: Home, bureau: Publisher) -> None:
    source, cancellation = Small(bureau.url, timeout_seconds=30), Cancellation()

    def hold(_: Any, closing: threading.Event) -> None:
        cancellation.cancel()
        closing.wait(30)

    bureau.on("/data/a", Answer(writes=hold))
    pulled = pull(home, source, Selection(2015, 2018, products=("a",)), cancellation=cancellation, limits=QUICK)
    assert pulled.is_cancelled
    assert len(bureau.asked) == 1
    assert not bureau.closing.is_set()


def test_what_answers_led_to_survives_a_stop(home: Home, bureau: Publisher, small: Small) -> None:
    series(bureau, *"abc")
    bureau.on("/data/index", answers.status(200, "a\nb\nc\n"))
    selection, cancellation = Selection(2015, 2018, products=("index",)), Cancellation()
    pull(
        home,
        small,
        selection,
        lambda p: cancellation.cancel() if p.done == 2 else None,
        cancellation=cancellation,
        limits=QUICK,
    )
    assert pull(home, small, selection, limits=QUICK).is_complete
    assert bureau.paths() == ["/data/index", "/data/a", "/data/b", "/data/c"]


def test_the_parts_of_a_request_survive_a_stop(home: Home, bureau: Publisher, small: Small) -> None:
    full = answers.csv(*(f"a,{year},1" for year in range(5)))
    bureau.on("/data/a", full, answers.csv("a,2015,1"), answers.csv("a,2017,1"))
    selection, cancellation = Selection(2015, 2018, products=("a",)), Cancellation()
    pull(
        home,
        small,
        selection,
        lambda p: cancellation.cancel() if p.done == 2 else None,
        cancellation=cancellation,
        limits=QUICK,
    )
    assert pull(home, small, selection, limits=QUICK).is_complete
    assert [a.parameters["from"] for a in bureau.asked] == ["2015", "2015", "2017"]


def test_a_pull_that_ended_whole_asks_everything_anew(bureau: Publisher, ask: Pull) -> None:
    names = series(bureau, "a", "b")
    ask(*names)
    again = ask(*names)
    assert (again.resumed_at, again.sent, again.new_files, again.unchanged) == (None, 2, 0, 2)
    assert bureau.paths() == ["/data/a", "/data/b"] * 2


def test_a_fault_ends_the_pull_and_its_request_comes_last(home: Home, bureau: Publisher, ask: Pull) -> None:
    names = series(bureau, *"abc")
    bureau.on("/data/b", *[answers.status(500)] * 3, answers.csv("b,2015,1"))
    assert ask(*names).fault
    assert bureau.paths() == ["/data/a", *["/data/b"] * 3]
    assert ask(*names).is_complete
    assert bureau.paths()[4:] == ["/data/c", "/data/b"]
    assert len(store.manifests(home)) == 3


def test_a_refusal_leaves_its_request_where_it_stands(bureau: Publisher, ask: Pull) -> None:
    names = series(bureau, *"abc")
    bureau.on("/data/b", answers.status(401, "no key"), answers.csv("b,2015,1"))
    assert ask(*names).fault
    assert ask(*names).is_complete
    assert bureau.paths() == ["/data/a", "/data/b", "/data/b", "/data/c"]


def test_what_was_answered_badly_is_asked_again_alone(bureau: Publisher, ask: Pull) -> None:
    names = series(bureau, *"abc")
    bureau.on("/data/b", answers.html(), answers.csv("b,2015,1"))
    assert [bool(ask(*names).failures), ask(*names).is_complete] == [True, True]
    assert bureau.paths() == ["/data/a", "/data/b", "/data/c", "/data/b"]


def test_what_is_not_there_does_not_keep_a_plan_open(bureau: Publisher, ask: Pull) -> None:
    names = series(bureau, *"ac")
    assert ask("a", "gone", "c").failures
    assert ask("a", "gone", "c").failures
    assert bureau.paths() == ["/data/a", "/data/gone", "/data/c"] * 2
    assert names


def age(home: Home, seconds: float) -> None:
    """Let all plans have been left alone for so long."""
    with sqlite3.connect(home.pull_state) as con:
        con.execute("UPDATE plan SET touched_at = touched_at - ?", [seconds])


@pytest.mark.parametrize(("days", "asked"), [(29, "bc"), (31, "abc")])
def test_a_plan_that_was_left_alone_for_long_is_begun_anew(
    home: Home, bureau: Publisher, ask: Pull, days: int, asked: str
) -> None:
    names = series(bureau, *"abc")
    bureau.on("/data/b", answers.status(401), answers.csv("b,2015,1"))
    ask(*names)
    age(home, days * 86400)
    assert ask(*names).is_complete
    assert bureau.paths()[2:] == [f"/data/{n}" for n in asked]


@pytest.mark.parametrize(("hours", "asked"), [(23, "b"), (25, "abc")])
def test_faults_alone_do_not_keep_a_plan_open_for_long(
    home: Home, bureau: Publisher, ask: Pull, hours: int, asked: str
) -> None:
    names = series(bureau, *"abc")
    bureau.on("/data/b", answers.html(), answers.csv("b,2015,1"))
    ask(*names)
    age(home, hours * 3600)
    assert ask(*names).is_complete
    assert bureau.paths()[3:] == [f"/data/{n}" for n in asked]


def test_another_question_is_another_plan(bureau: Publisher, ask: Pull) -> None:
    names = series(bureau, *"abc")
    bureau.on("/data/b", answers.status(401), answers.csv("b,2015,1"))
    ask("a", "b")
    assert ask(*names).resumed_at is None


def test_the_same_pull_in_another_process_is_told(home: Home, bureau: Publisher, small: Small) -> None:
    series(bureau, "a")
    selection, faults = Selection(2015, 2018, products=("a",)), []

    def meanwhile(_: Any) -> None:
        if not faults:
            faults.append(None)
            with pytest.raises(Busy, match="another process is doing the same pull"):
                pull(home, small, selection, limits=QUICK)

    assert pull(home, small, selection, meanwhile, limits=QUICK).is_complete
    assert len(bureau.asked) == 1


# -- asking only for what has changed ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "condition", "value"),
    [
        ("ETag", "if-none-match", 'W/"abc"'),
        ("Last-Modified", "if-modified-since", "Sat, 21 Nov 2026 12:00:00 GMT"),
    ],
)
def test_what_has_not_changed_is_not_fetched(
    home: Home, bureau: Publisher, ask: Pull, header: str, condition: str, value: str
) -> None:
    bureau.on("/data/a", answers.csv("a,2015,1", **{header: value}), answers.status(304))
    ask("a")
    again = ask("a")
    assert condition not in bureau.asked[0].headers
    assert bureau.asked[1].headers[condition] == value
    assert (again.is_complete, again.new_files, again.unchanged, again.rows) == (True, 0, 1, 1)
    assert len(store.manifests(home)) == 1


def test_what_has_changed_is_archived_beside_the_old(home: Home, bureau: Publisher, ask: Pull) -> None:
    bureau.on("/data/a", answers.csv("a,2015,1", ETag='"1"'), answers.csv("a,2015,2", ETag='"2"'), answers.status(304))
    assert [ask("a").new_files, ask("a").new_files, ask("a").new_files] == [1, 1, 0]
    assert [a.headers.get("if-none-match") for a in bureau.asked] == [None, '"1"', '"2"']
    assert len(store.manifests(home)) == 2


def test_an_answer_whose_bytes_were_lost_is_fetched_whole(home: Home, bureau: Publisher, ask: Pull) -> None:
    bureau.on("/data/a", answers.csv("a,2015,1", ETag='"1"'))
    ask("a")
    (kept,) = store.manifests(home)
    store.object_path(home, kept.artifact).unlink()
    ask("a")
    assert "if-none-match" not in bureau.asked[1].headers
    assert store.object_path(home, kept.artifact).exists()


def test_a_source_that_judges_otherwise_now_fetches_whole(
    bureau: Publisher, ask: Pull, monkeypatch: pytest.MonkeyPatch
) -> None:
    bureau.on("/data/a", answers.csv("a,2015,1", ETag='"1"'))
    ask("a")
    monkeypatch.setattr(Small, "answering_code", lambda _: "another")
    ask("a")
    assert "if-none-match" not in bureau.asked[1].headers


def test_an_index_that_has_not_changed_leads_where_it_led(bureau: Publisher, ask: Pull) -> None:
    series(bureau, "a", "b")
    bureau.on("/data/index", answers.status(200, "a\nb\n", ETag='"1"'), answers.status(304))
    ask("index")
    assert ask("index").total == 3
    assert bureau.paths() == ["/data/index", "/data/a", "/data/b"] * 2


def test_what_bears_the_stamp_it_had_is_not_asked_for(bureau: Publisher, ask: Pull) -> None:
    series(bureau, "a", "b")
    bureau.on("/data/index", answers.status(200, "a v1\nb v1\n"), answers.status(200, "a v1\nb v2\n"))
    assert ask("index").is_complete
    again = ask("index")
    assert (again.is_complete, again.total) == (True, 3)
    assert bureau.paths() == ["/data/index", "/data/a", "/data/b", "/data/index", "/data/b"]


# -- pace and quota ------------------------------------------------------------------------------------------


def sent(home: Home) -> list[float]:
    """When requests were sent, as counted."""
    with sqlite3.connect(home.pull_state) as con:
        return [row[0] for row in con.execute("SELECT sent_at FROM sent ORDER BY sent_at")]


def test_two_processes_keep_one_pace(home: Home, bureau: Publisher) -> None:
    interval = 0.05
    first = process(home, bureau.url, *series(bureau, *"abcdef"), interval=interval)
    second = process(home, bureau.url, *series(bureau, *"uvwxyz"), interval=interval)
    assert [p.communicate()[0].split() for p in (first, second)] == [[b"6", b"6"]] * 2
    times = sent(home)
    assert len(times) == len(bureau.asked) == 12
    assert all(b - a >= interval * 0.999 for a, b in itertools.pairwise(times))


def test_two_processes_that_begin_at_once_share_a_quota(home: Home, bureau: Publisher) -> None:
    first = process(home, bureau.url, *series(bureau, *"abcdef"), daily=8)
    second = process(home, bureau.url, *series(bureau, *"uvwxyz"), daily=8)
    told = [p.communicate()[0].decode() for p in (first, second)]
    assert len(bureau.asked) == 8
    assert sum(int(t.split()[0]) for t in told) == 8
    assert "8 of 8 requests of the last 24 hours are used; come back at" in "".join(told)


@pytest.mark.parametrize(("limit", "span"), [("hourly", 3600), ("daily", 86400)])
def test_no_more_is_sent_than_the_quota_and_it_comes_back(home: Home, bureau: Publisher, limit: str, span: int) -> None:
    source = Small(bureau.url, **{limit: 2})
    selection = Selection(2015, 2018, products=series(bureau, *"abc"))
    first = pull(home, source, selection, limits=QUICK)
    assert first.fault is not None
    assert "2 of 2 requests of the last" in first.fault
    assert (first.done, first.quota_left, len(bureau.asked)) == (2, 0, 2)
    with sqlite3.connect(home.pull_state) as con:
        con.execute("UPDATE sent SET sent_at = sent_at - ?", [span])
    second = pull(home, source, selection, limits=QUICK)
    assert (second.is_complete, second.resumed_at, second.quota_left) == (True, 3, 1)
    assert bureau.paths() == ["/data/a", "/data/b", "/data/c"]


def test_every_attempt_counts(home: Home, bureau: Publisher, ask: Pull) -> None:
    bureau.on("/data/a", answers.status(500), answers.status(302, Location="/data/b"))
    series(bureau, "b")
    assert ask("a").is_complete
    assert len(sent(home)) == len(bureau.asked) == 3


def test_a_short_wait_the_service_asks_for_holds_for_all_processes(home: Home, bureau: Publisher) -> None:
    service = Small(bureau.url).service
    assert service is not None
    with database.opened(home) as con, database.opened(home) as other:
        RateLimit(con, "test.small", service, has_key=False).pause(0.05)
        RateLimit(other, "test.small", service, has_key=False).acquire(1.0, Cancellation())
        (until,) = con.execute("SELECT until FROM block").fetchone()
    assert sent(home)[0] >= until


def test_a_key_ends_a_wait_that_was_asked_of_those_without(
    bureau: Publisher, ask: Pull, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Small(bureau.url, Key(header="X-Key"))
    bureau.on("/data/a", answers.status(429, Retry_After="3600"), answers.csv("a,2015,1"))
    assert ask("a", source=source).fault
    monkeypatch.setenv("ENTREPOT_TEST_SMALL_KEY", "secret-0123456789")
    assert ask("a", source=source).is_complete


def test_a_wait_beyond_reason_is_not_believed(home: Home, bureau: Publisher, ask: Pull) -> None:
    bureau.on("/data/a", answers.status(429, Retry_After="99999999999"))
    ask("a")
    with sqlite3.connect(home.pull_state) as con:
        (until,) = con.execute("SELECT until FROM block").fetchone()
    assert until - sent(home)[0] < 2 * 86400


def test_a_clock_that_was_set_back_does_not_stop_the_pull(home: Home, bureau: Publisher, ask: Pull) -> None:
    names = series(bureau, "a", "b")
    ask(*names)
    with sqlite3.connect(home.pull_state) as con:
        con.execute("UPDATE pace SET next_free = next_free + 1e6")
    assert ask(*names).is_complete


# -- what lies in the home folder ----------------------------------------------------------------------------


def test_a_damaged_state_is_told(home: Home, bureau: Publisher, ask: Pull) -> None:
    home.pull_state.write_bytes(b"no database" * 1000)
    with pytest.raises(HomeError, match=r"pull.sqlite cannot be used: .*move it away"):
        ask("a")


def test_a_build_does_not_clear_what_a_pull_holds(home: Home, bureau: Publisher, small: Small) -> None:
    """A build clears what killed processes left; this happens while a pull stores and receives."""
    series(bureau, "a", "b")
    left = home.incoming / "left"
    home.incoming.mkdir(exist_ok=True)
    left.write_bytes(b"of a killed process")
    cleared: list[bool] = []

    class Clearing(bytes):
        pass

    original = store._flush

    def flush(file: Any) -> None:
        if not cleared:
            clear_scratch(home)
            cleared.append(not left.exists() and len(list(home.incoming.iterdir())) == 1)
        original(file)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "_flush", flush)
        assert pull(home, small, Selection(2015, 2018, products=("a", "b")), limits=QUICK).is_complete
    assert cleared == [True]
