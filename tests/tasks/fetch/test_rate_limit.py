"""Interval, quota and pauses hold over all processes of a home folder."""

import itertools
import sqlite3
from collections.abc import Callable

import pytest

from tasks.contract.service import Key, Selection
from tasks.fetch import database
from tasks.fetch.cancel import Cancellation
from tasks.fetch.pull import pull
from tasks.fetch.rate_limit import RateLimit
from tasks.fetch.report import PullReport
from tests.support import publisher_server as answers
from tests.support.publisher_server import Publisher
from tests.support.pulling import QUICK, serve, start_pull
from tests.support.small_source import Small
from warehouse.settings import Home

Pull = Callable[..., PullReport]


def sent(home: Home) -> list[float]:
    """When requests were sent, as counted."""
    with sqlite3.connect(home.pull_state) as con:
        return [row[0] for row in con.execute("SELECT sent_at FROM sent ORDER BY sent_at")]


def test_two_processes_keep_one_interval(home: Home, bureau: Publisher) -> None:
    interval = 0.05
    first = start_pull(home, bureau.url, *serve(bureau, *"abcdef"), interval=interval)
    second = start_pull(home, bureau.url, *serve(bureau, *"uvwxyz"), interval=interval)
    assert [p.communicate()[0].split() for p in (first, second)] == [[b"6", b"6"]] * 2
    times = sent(home)
    assert len(times) == len(bureau.requests) == 12
    assert all(b - a >= interval * 0.999 for a, b in itertools.pairwise(times))


def test_two_processes_that_begin_at_once_share_a_quota(home: Home, bureau: Publisher) -> None:
    first = start_pull(home, bureau.url, *serve(bureau, *"abcdef"), daily=8)
    second = start_pull(home, bureau.url, *serve(bureau, *"uvwxyz"), daily=8)
    told = [p.communicate()[0].decode() for p in (first, second)]
    assert len(bureau.requests) == 8
    assert sum(int(t.split()[0]) for t in told) == 8
    assert "8 of 8 requests of the last 24 hours are used; come back at" in "".join(told)


@pytest.mark.parametrize(("limit", "span"), [("hourly", 3600), ("daily", 86400)])
def test_the_quota_is_kept_and_comes_back(home: Home, bureau: Publisher, limit: str, span: int) -> None:
    source = Small(bureau.url, None, **{limit: 2})
    selection = Selection(2015, 2018, products=serve(bureau, *"abc"))
    first = pull(home, source, selection, limits=QUICK)
    assert first.fault is not None
    assert first.is_quota_used
    assert "2 of 2 requests of the last" in first.fault
    assert (first.done, first.quota_left, len(bureau.requests)) == (2, 0, 2)
    with sqlite3.connect(home.pull_state) as con:
        con.execute("UPDATE sent SET sent_at = sent_at - ?", [span])
    second = pull(home, source, selection, limits=QUICK)
    assert (second.is_complete, second.resumed_at, second.quota_left) == (True, 3, 1)
    assert bureau.paths() == ["/data/a", "/data/b", "/data/c"]


def test_every_attempt_counts_for_the_quota(home: Home, bureau: Publisher, ask: Pull) -> None:
    bureau.on("/data/a", answers.status(500), answers.status(302, Location="/data/b"))
    serve(bureau, "b")
    assert ask("a").is_complete
    assert len(sent(home)) == len(bureau.requests) == 3


def test_a_short_pause_holds_for_all_processes(home: Home, bureau: Publisher) -> None:
    service = Small(bureau.url).service
    assert service is not None
    with database.opened(home) as con, database.opened(home) as other:
        RateLimit(con, "test.small", service, has_key=False).pause(0.05)
        RateLimit(other, "test.small", service, has_key=False).acquire(1.0, Cancellation())
        (until,) = con.execute("SELECT until FROM block").fetchone()
    assert sent(home)[0] >= until


def test_a_pause_for_requests_without_a_key_ends_with_a_key(
    bureau: Publisher, ask: Pull, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Small(bureau.url, Key(header="X-Key"))
    bureau.on("/data/a", answers.status(429, Retry_After="3600"), answers.csv("a,2015,1"))
    assert ask("a", source=source).fault
    monkeypatch.setenv("ENTREPOT_TEST_SMALL_KEY", "secret-0123456789")
    assert ask("a", source=source).is_complete


def test_an_unreasonable_pause_is_limited(home: Home, bureau: Publisher, ask: Pull) -> None:
    bureau.on("/data/a", answers.status(429, Retry_After="99999999999"))
    ask("a")
    with sqlite3.connect(home.pull_state) as con:
        (until,) = con.execute("SELECT until FROM block").fetchone()
    assert until - sent(home)[0] < 2 * 86400


def test_a_clock_that_was_set_back_does_not_stop_the_pull(home: Home, bureau: Publisher, ask: Pull) -> None:
    names = serve(bureau, "a", "b")
    ask(*names)
    with sqlite3.connect(home.pull_state) as con:
        con.execute("UPDATE pace SET next_free = next_free + 1e6")
    assert ask(*names).is_complete
