"""A pull is a plan: interrupted, it is resumed at the next request; finished, it is not."""

import os
import signal
import sqlite3
import threading
from collections.abc import Callable
from typing import Any

import pytest

from tasks.archive import store
from tasks.contract.service import Selection
from tasks.fetch.cancel import Cancellation
from tasks.fetch.pull import pull
from tasks.fetch.report import PullReport
from tests.support import publisher_server as answers
from tests.support.publisher_server import Answer, Publisher
from tests.support.pulling import QUICK, serve, start_pull
from tests.support.small_source import Small
from warehouse.errors import Busy
from warehouse.settings import Home

Pull = Callable[..., PullReport]


def test_a_killed_pull_is_resumed_at_the_next_request(home: Home, bureau: Publisher) -> None:
    names = serve(bureau, *"abcdefgh")
    reached = threading.Event()

    def hold(_: Any, closing: threading.Event) -> None:
        reached.set()
        closing.wait(30)

    bureau.on("/data/e", Answer(writes=hold), answers.csv("e,2015,1"))
    running = start_pull(home, bureau.url, *names)
    assert reached.wait(60)
    os.kill(running.pid, signal.SIGKILL)
    running.communicate()
    assert bureau.paths() == [f"/data/{n}" for n in "abcde"]
    told = start_pull(home, bureau.url, *names).communicate()[0].decode().split()
    assert told == ["8", "8"]
    assert bureau.paths() == [f"/data/{n}" for n in "abcdeefgh"]
    assert len(store.manifests(home)) == 8
    assert list((home.pull / "receiving").iterdir()) == []  # what the killed one left is cleared


def test_a_cancelled_pull_is_resumed_at_the_next_request(home: Home, bureau: Publisher, small: Small) -> None:
    names, cancellation = serve(bureau, *"abcd"), Cancellation()
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


def test_cancelling_ends_the_reading_of_an_answer(home: Home, bureau: Publisher) -> None:
    source, cancellation = Small(bureau.url, timeout_seconds=30), Cancellation()

    def hold(_: Any, closing: threading.Event) -> None:
        cancellation.cancel()
        closing.wait(30)

    bureau.on("/data/a", Answer(writes=hold))
    pulled = pull(home, source, Selection(2015, 2018, products=("a",)), cancellation=cancellation, limits=QUICK)
    assert pulled.is_cancelled
    assert len(bureau.requests) == 1
    assert not bureau.closing.is_set()


def test_requests_that_answers_led_to_are_resumed(home: Home, bureau: Publisher, small: Small) -> None:
    serve(bureau, *"abc")
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


def test_the_parts_of_a_split_request_are_resumed(home: Home, bureau: Publisher, small: Small) -> None:
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
    assert [a.parameters["from"] for a in bureau.requests] == ["2015", "2015", "2017"]


def test_after_a_complete_pull_the_next_sends_every_request(bureau: Publisher, ask: Pull) -> None:
    names = serve(bureau, "a", "b")
    ask(*names)
    again = ask(*names)
    assert (again.resumed_at, again.sent, again.new_files, again.unchanged) == (None, 2, 0, 2)
    assert bureau.paths() == ["/data/a", "/data/b"] * 2


def test_a_fault_ends_the_pull_and_its_request_comes_last(home: Home, bureau: Publisher, ask: Pull) -> None:
    names = serve(bureau, *"abc")
    bureau.on("/data/b", *[answers.status(500)] * 3, answers.csv("b,2015,1"))
    assert ask(*names).fault
    assert bureau.paths() == ["/data/a", *["/data/b"] * 3]
    assert ask(*names).is_complete
    assert bureau.paths()[4:] == ["/data/c", "/data/b"]
    assert len(store.manifests(home)) == 3


def test_a_request_that_was_refused_keeps_its_place(bureau: Publisher, ask: Pull) -> None:
    names = serve(bureau, *"abc")
    bureau.on("/data/b", answers.status(401, "no key"), answers.csv("b,2015,1"))
    assert ask(*names).fault
    assert ask(*names).is_complete
    assert bureau.paths() == ["/data/a", "/data/b", "/data/b", "/data/c"]


def test_only_the_failed_request_is_sent_again(bureau: Publisher, ask: Pull) -> None:
    names = serve(bureau, *"abc")
    bureau.on("/data/b", answers.html(), answers.csv("b,2015,1"))
    assert [bool(ask(*names).failures), ask(*names).is_complete] == [True, True]
    assert bureau.paths() == ["/data/a", "/data/b", "/data/c", "/data/b"]


def test_a_rejected_request_does_not_keep_a_plan_open(bureau: Publisher, ask: Pull) -> None:
    names = serve(bureau, *"ac")
    assert ask("a", "gone", "c").failures
    assert ask("a", "gone", "c").failures
    assert bureau.paths() == ["/data/a", "/data/gone", "/data/c"] * 2
    assert names


def age(home: Home, seconds: float) -> None:
    """Let all plans have been left alone for so long."""
    with sqlite3.connect(home.pull_state) as con:
        con.execute("UPDATE plan SET touched_at = touched_at - ?", [seconds])


@pytest.mark.parametrize(("days", "asked"), [(29, "bc"), (31, "abc")])
def test_an_old_plan_is_started_again(home: Home, bureau: Publisher, ask: Pull, days: int, asked: str) -> None:
    names = serve(bureau, *"abc")
    bureau.on("/data/b", answers.status(401), answers.csv("b,2015,1"))
    ask(*names)
    age(home, days * 86400)
    assert ask(*names).is_complete
    assert bureau.paths()[2:] == [f"/data/{n}" for n in asked]


@pytest.mark.parametrize(("hours", "asked"), [(23, "b"), (25, "abc")])
def test_a_plan_with_only_failed_requests_is_resumed_for_a_day(
    home: Home, bureau: Publisher, ask: Pull, hours: int, asked: str
) -> None:
    names = serve(bureau, *"abc")
    bureau.on("/data/b", answers.html(), answers.csv("b,2015,1"))
    ask(*names)
    age(home, hours * 3600)
    assert ask(*names).is_complete
    assert bureau.paths()[3:] == [f"/data/{n}" for n in asked]


def test_another_selection_is_another_plan(bureau: Publisher, ask: Pull) -> None:
    names = serve(bureau, *"abc")
    bureau.on("/data/b", answers.status(401), answers.csv("b,2015,1"))
    ask("a", "b")
    assert ask(*names).resumed_at is None


def test_the_same_pull_in_another_process_is_refused(home: Home, bureau: Publisher, small: Small) -> None:
    serve(bureau, "a")
    selection = Selection(2015, 2018, products=("a",))
    attempts: list[str] = []

    def meanwhile(_: Any) -> None:
        if not attempts:
            attempts.append("within the first")
            with pytest.raises(Busy, match="another process is doing the same pull"):
                pull(home, small, selection, limits=QUICK)

    assert pull(home, small, selection, meanwhile, limits=QUICK).is_complete
    assert len(bureau.requests) == 1
