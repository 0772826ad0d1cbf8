"""A pull requests only what has changed since the last valid answer."""

from collections.abc import Callable

import pytest

from tasks.archive import store
from tasks.fetch.report import PullReport
from tests.support import publisher_server as answers
from tests.support.publisher_server import Publisher
from tests.support.pulling import serve
from tests.support.small_source import Small
from warehouse.settings import Home

Pull = Callable[..., PullReport]


@pytest.mark.parametrize(
    ("header", "condition", "value"),
    [
        ("ETag", "if-none-match", 'W/"abc"'),
        ("Last-Modified", "if-modified-since", "Sat, 21 Nov 2026 12:00:00 GMT"),
    ],
)
def test_an_unchanged_answer_is_not_fetched(
    home: Home, bureau: Publisher, ask: Pull, header: str, condition: str, value: str
) -> None:
    bureau.on("/data/a", answers.csv("a,2015,1", **{header: value}), answers.status(304))
    ask("a")
    again = ask("a")
    assert condition not in bureau.requests[0].headers
    assert bureau.requests[1].headers[condition] == value
    assert (again.is_complete, again.new_files, again.unchanged, again.rows) == (True, 0, 1, 1)
    assert len(store.manifests(home)) == 1


def test_a_changed_answer_is_archived_beside_the_old_one(home: Home, bureau: Publisher, ask: Pull) -> None:
    bureau.on("/data/a", answers.csv("a,2015,1", ETag='"1"'), answers.csv("a,2015,2", ETag='"2"'), answers.status(304))
    assert [ask("a").new_files, ask("a").new_files, ask("a").new_files] == [1, 1, 0]
    assert [a.headers.get("if-none-match") for a in bureau.requests] == [None, '"1"', '"2"']
    assert len(store.manifests(home)) == 2


def test_an_answer_whose_archived_bytes_are_missing_is_fetched_again(home: Home, bureau: Publisher, ask: Pull) -> None:
    bureau.on("/data/a", answers.csv("a,2015,1", ETag='"1"'))
    ask("a")
    (kept,) = store.manifests(home)
    store.object_path(home, kept.artifact).unlink()
    ask("a")
    assert "if-none-match" not in bureau.requests[1].headers
    assert store.object_path(home, kept.artifact).exists()


def test_an_answer_checked_by_other_code_is_fetched_again(
    bureau: Publisher, ask: Pull, monkeypatch: pytest.MonkeyPatch
) -> None:
    bureau.on("/data/a", answers.csv("a,2015,1", ETag='"1"'))
    ask("a")
    monkeypatch.setattr(Small, "answering_code", lambda _: "another")
    ask("a")
    assert "if-none-match" not in bureau.requests[1].headers


def test_an_unchanged_index_leads_to_the_same_requests(bureau: Publisher, ask: Pull) -> None:
    serve(bureau, "a", "b")
    bureau.on("/data/index", answers.status(200, "a\nb\n", ETag='"1"'), answers.status(304))
    ask("index")
    assert ask("index").total == 3
    assert bureau.paths() == ["/data/index", "/data/a", "/data/b"] * 2


def test_a_request_with_the_same_stamp_is_not_sent(bureau: Publisher, ask: Pull) -> None:
    serve(bureau, "a", "b")
    bureau.on("/data/index", answers.status(200, "a v1\nb v1\n"), answers.status(200, "a v1\nb v2\n"))
    assert ask("index").is_complete
    again = ask("index")
    assert (again.is_complete, again.total) == (True, 3)
    assert bureau.paths() == ["/data/index", "/data/a", "/data/b", "/data/index", "/data/b"]
