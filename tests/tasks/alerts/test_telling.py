"""Causes are told once, again while they last, and once when they end; to a receiver on loopback as well."""

import json

import pytest

from tasks.alerts import causes, telling
from tasks.alerts.causes import Cause
from tasks.alerts.receivers import SETTING, Receivers
from tests.support.publisher_server import Answer, Publisher
from warehouse.errors import EntrepotError, SettingError
from warehouse.settings import AlertLimits, Home

LIMITS = AlertLimits(free_gb=0)
DISK = causes.cause("disk", "/srv", "full")


class Box:
    """A receiver that keeps what it gets, and may refuse it."""

    def __init__(self) -> None:
        self.titles: list[str] = []
        self.is_open = True

    def send(self, title: str, text: str) -> bool:
        assert text
        if self.is_open:
            self.titles.append(title)
        return self.is_open


@pytest.fixture
def present(monkeypatch: pytest.MonkeyPatch) -> list[Cause]:
    """What is wrong now; a test changes the list."""
    now: list[Cause] = []
    monkeypatch.setattr(causes, "present", lambda *_: list(now))
    return now


def test_a_cause_is_told_once_and_its_end_once(home: Home, present: list[Cause]) -> None:
    box = Box()
    present.append(DISK)
    for _ in range(3):
        telling.tell(home, LIMITS, box.send)
    assert box.titles == ["Entrepôt: disk: /srv"]
    present.clear()
    for _ in range(2):
        telling.tell(home, LIMITS, box.send)
    assert box.titles[1:] == ["Entrepôt: ended: disk /srv"]


def test_what_lasts_is_told_again(home: Home, present: list[Cause]) -> None:
    box = Box()
    present.append(DISK)
    for _ in range(2):
        telling.tell(home, AlertLimits(repeat_days=1e-12), box.send)
    assert len(box.titles) == 2


def test_what_nobody_got_is_told_by_the_next_run(home: Home, present: list[Cause]) -> None:
    box = Box()
    box.is_open = False
    present.append(DISK)
    assert not telling.tell(home, LIMITS, box.send).is_sent
    box.is_open = True
    assert telling.tell(home, LIMITS, box.send).is_sent
    assert len(box.titles) == 1


def test_a_failed_run_ends_with_a_good_run_of_the_same_flow(home: Home, present: list[Cause]) -> None:
    assert not present
    box = Box()
    telling.tell(home, LIMITS, box.send, "build", EntrepotError("the disk is full"))
    telling.tell(home, LIMITS, box.send, "pull")
    assert box.titles == ["Entrepôt: run failed: build"]
    telling.tell(home, LIMITS, box.send, "build")
    assert box.titles[1:] == ["Entrepôt: ended: run failed build"]


def test_what_a_release_said_does_not_end_where_it_cannot_be_read(home: Home, present: list[Cause]) -> None:
    box = Box()
    present.append(causes.cause("quarantine", "curated", "many rows"))
    telling.tell(home, LIMITS, box.send)
    present[:] = [causes.cause("release_unreadable", "release", "damaged")]
    telling.tell(home, LIMITS, box.send)
    present.clear()
    telling.tell(home, LIMITS, box.send)
    assert box.titles[1:] == [
        "Entrepôt: release unreadable: release", "Entrepôt: ended: quarantine curated", "Entrepôt: ended: release unreadable release",
    ]  # fmt: skip


def test_what_is_accepted_is_told_again_only_after_it_has_ended(home: Home, present: list[Cause]) -> None:
    box = Box()
    present.append(DISK)
    telling.accept(home, DISK.key)
    telling.tell(home, AlertLimits(repeat_days=1e-12), box.send)
    assert telling.listed([DISK], telling.accepted(home)) == [f"disk /srv: full. What to do: {DISK.remedy} (accepted)"]
    present.clear()
    telling.tell(home, LIMITS, box.send)
    assert box.titles == []
    present.append(DISK)
    telling.tell(home, LIMITS, box.send)
    assert box.titles == ["Entrepôt: disk: /srv"]


# -- receivers ---------------------------------------------------------------------------------------------------


def test_a_webhook_gets_it(bureau: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    bureau.on("/hook", Answer(200, b"ok"))
    monkeypatch.setenv(SETTING, f"{bureau.url.replace('http', 'json')}/hook")
    receivers = Receivers()
    assert len(receivers) == 1
    assert receivers.send("a title", "a text")
    (request,) = bureau.requests
    sent = json.loads(request.body)
    assert (sent["title"], sent["message"]) == ("a title", "a text")


def test_one_that_answers_is_enough_and_each_is_told_apart(bureau: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    bureau.on("/hook", Answer(500, b"broken"))
    bureau.on("/good", Answer(200, b"ok"))
    address = bureau.url.replace("http", "json")
    monkeypatch.setenv(SETTING, f"{address}/hook {address}/good")
    assert Receivers().results("a", "b") == [False, True]
    assert Receivers().send("a", "b")
    monkeypatch.setenv(SETTING, f"{address}/hook")
    assert not Receivers().send("a", "b")


def test_an_address_of_no_service_is_refused_without_showing_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTING, "nothing://secret-word")
    with pytest.raises(SettingError, match="address 1 cannot be understood") as caught:
        Receivers()
    assert "secret" not in str(caught.value)
