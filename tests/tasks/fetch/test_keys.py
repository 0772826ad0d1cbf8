"""A key is sent to its own service and is nowhere else: not in a file, a log, a message, an exception or what is printed."""

import logging
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest

from tasks.contract.service import Key, Request, Selection
from tasks.fetch.pull import pull
from tasks.fetch.report import PullProgress, PullReport
from tasks.fetch.session import Session
from tests.support import publisher_server as answers
from tests.support.publisher_server import Answer, Publisher, publisher
from tests.support.pulling import QUICK
from tests.support.small_source import Small
from warehouse.errors import SettingError
from warehouse.settings import Home

#: A key that looks another way in an address, in JSON, in HTML and in Base64.
SECRET = 's3cr&t/key+with "signs" <0123456789>=='
FORMS = ("s3cr&t/key", "s3cr%26t", "s3cr&amp;t", "czNjciZ0L2tleSt3aXRo", "s3cr")
AS_HEADER, AS_PARAMETER = Key(header="X-Api-Key"), Key(parameter="subscription-key")
GOOD = answers.csv("a,2015,1", "a,2016,2")

Pull = Callable[..., PullReport]


@pytest.fixture(autouse=True)
def secret_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key is set, as a user sets it."""
    monkeypatch.setenv("ENTREPOT_TEST_SMALL_KEY", SECRET)


def echo(text: str) -> Answer:
    """An answer that says something with the key in it in every spelling."""
    return answers.status(200, f"{text} {SECRET} {quote(SECRET)} {quote(SECRET, safe='').lower()}")


def leaks(text: str) -> list[str]:
    """The forms of the key a text holds."""
    return [form for form in FORMS if form.lower() in text.lower()]


ANSWERS = {
    "good": [GOOD],
    "good with an echo in the headers": [answers.csv("a,2015,1", ETag=f'"{SECRET}"', X_Echo=SECRET)],
    "401": [answers.status(401, f"invalid subscription key {SECRET}")],
    "404": [answers.status(404, f"no such page ?subscription-key={quote(SECRET)}")],
    "500": [answers.status(500, f"cannot serve ?subscription-key={quote(SECRET)}")],
    "429": [answers.status(429, f"too many requests of {SECRET}", Retry_After="7200")],
    "html": [answers.html(f"<html><title>Sorry {SECRET}</title>")],
    "error in body": [answers.status(200, f"error: {SECRET} is not known")],
    "layout": [answers.status(200, f"series;{SECRET};value\n1;2")],
    "data": [answers.csv(f"a,2015,{SECRET}")],
    "json": [Answer(200, b'{"error": "s3cr&t/key+with \\"signs\\" <0123456789>== is wrong"}', {"Content-Type": "application/json"})],
    "packed data": [answers.zipped(answers.csv(f"a,2015,{SECRET}"))],
    "hang up": [answers.hang_up()],
    "cut": [answers.cut(GOOD, 20)],
    "silence": [answers.silence()],
    "redirect": [answers.status(302, Location=f"/data/b?x=1&subscription-key={quote(SECRET, safe='')}"), GOOD],
    "redirect to a bad address": [answers.status(302, Location=f"http://127.0.0.1:x/{quote(SECRET)}")],
    "redirect with the key in the path": [answers.status(302, Location=f"http://127.0.0.1:9/{quote(SECRET, safe='')}")],
    "not http": [answers.hang_up(), answers.drip(f"{SECRET}\r\n\r\n".encode(), b"")],
}  # fmt: skip


@pytest.mark.parametrize("key", [AS_HEADER, AS_PARAMETER], ids=["header", "parameter"])
@pytest.mark.parametrize("name", ANSWERS)
def test_the_key_is_in_no_file_log_or_message(
    home: Home, bureau: Publisher, name: str, key: Key, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG)
    for logger in ("httpx", "httpcore"):
        logging.getLogger(logger).setLevel(logging.DEBUG)
    bureau.on("/data/a", *ANSWERS[name])
    bureau.on("/data/b", GOOD)
    progress: list[PullProgress] = []
    pulled = pull(home, Small(bureau.url, key), Selection(2015, 2018, products=("a",)), progress.append, limits=QUICK)
    sent = bureau.requests[0]
    assert SECRET in (sent.headers.get("x-api-key"), sent.parameters.get("subscription-key"))
    assert leaks(repr(pulled)) == leaks(repr(progress)) == []
    for path in (p for p in home.root.rglob("*") if p.is_file()):
        assert leaks(path.read_bytes().decode("utf-8", errors="replace") + path.name) == [], path
    assert [r for r in caplog.records if leaks(r.getMessage() + repr(r.__dict__))] == []
    assert caplog.records  # the client does log
    printed = capfd.readouterr()
    assert leaks(printed.out + printed.err) == []


@pytest.mark.parametrize("key", [AS_HEADER, AS_PARAMETER], ids=["header", "parameter"])
@pytest.mark.parametrize(
    "name", ["401", "hang up", "cut", "silence", "redirect with the key in the path", "not http", "packed data"]
)
def test_exceptions_do_not_contain_the_key(
    home: Home, bureau: Publisher, name: str, key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """Neither a fault nor any that lies behind it holds a request with its key, as those of the HTTP client do."""
    caught: list[BaseException] = []
    fetch = Session.fetch

    def watched(self: Session, *arguments: Any) -> Any:
        try:
            return fetch(self, *arguments)
        except BaseException as fault:
            caught.append(fault)
            raise

    monkeypatch.setattr(Session, "fetch", watched)
    bureau.on("/data/a", *ANSWERS[name])
    pull(home, Small(bureau.url, key), Selection(2015, 2018, products=("a",)), limits=QUICK)
    for fault in caught:
        behind: BaseException | None = fault
        while behind is not None:
            assert leaks(f"{behind!r} {behind.__dict__!r}") == []
            request = getattr(behind, "_request", None)
            assert leaks(f"{request and request.url} {request and request.headers.raw}") == []
            behind = behind.__cause__ or behind.__context__


def test_the_key_does_not_go_to_another_host(home: Home, bureau: Publisher) -> None:
    with publisher() as other:
        other.on("/data/a", GOOD)
        bureau.on("/data/a", answers.status(307, Location=f"{other.url}/data/a"))
        for n, key in enumerate((AS_HEADER, AS_PARAMETER)):
            selection = Selection(2015 + n, 2018, products=("a",))
            assert pull(home, Small(bureau.url, key), selection, limits=QUICK).is_complete
        assert [leaks(repr(asked)) for asked in other.requests] == [[], []]
        assert all(leaks(repr(asked)) for asked in bureau.requests)


def test_a_redirect_that_takes_the_key_to_another_host_loses_it_or_is_refused(home: Home, bureau: Publisher) -> None:
    with publisher() as other:
        other.on("/data/a", GOOD)
        other.on("/data/b", GOOD)
        source = Small(bureau.url, AS_PARAMETER)
        as_parameter = f"{other.url}/data/a?subscription-key={quote(SECRET, safe='')}"
        bureau.on("/data/a", answers.status(302, Location=as_parameter))
        bureau.on("/data/b", answers.status(302, Location=f"{other.url}/data/b?token={quote(SECRET, safe='')}"))
        assert pull(home, source, Selection(2015, 2018, products=("a",)), limits=QUICK).is_complete
        refused = pull(home, source, Selection(2015, 2018, products=("b",)), limits=QUICK)
        assert refused.fault is not None
        assert "which contains the key and is not followed" in refused.fault
        assert other.paths() == ["/data/a"]
        assert leaks(repr(other.requests)) == []


def test_a_key_that_no_service_takes_is_not_sent(home: Home, bureau: Publisher) -> None:
    bureau.on("/data/a", GOOD)
    assert pull(home, Small(bureau.url), Selection(2015, 2018, products=("a",)), limits=QUICK).is_complete
    assert leaks(repr(bureau.requests)) == []


def test_the_selection_says_whether_a_key_is_set(
    home: Home, bureau: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    has_key: list[bool] = []

    def requests(_: Small, selection: Selection) -> Iterator[Request]:
        has_key.append(selection.has_key)
        return iter(())

    monkeypatch.setattr(Small, "requests", requests)
    pull(home, Small(bureau.url, AS_HEADER), Selection(2015, 2018), limits=QUICK)
    monkeypatch.delenv("ENTREPOT_TEST_SMALL_KEY")
    pull(home, Small(bureau.url, AS_HEADER), Selection(2015, 2018), limits=QUICK)
    assert has_key == [True, False]


def test_a_service_that_needs_a_key_is_not_asked_without(
    home: Home, bureau: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENTREPOT_TEST_SMALL_KEY", " ")
    with pytest.raises(SettingError, match="needs a key: set ENTREPOT_TEST_SMALL_KEY"):
        pull(
            home,
            Small(bureau.url, Key(header="X", needed=True)),
            Selection(2015, 2018, products=("a",)),
            limits=QUICK,
        )
    assert bureau.requests == []
