"""A pull keeps what is good, tells every fault by its kind, and asks again only what is worth it."""

import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import py7zr
import pytest

from tasks.archive import store
from tasks.contract.service import Request, Selection
from tasks.fetch import response_body
from tasks.fetch.pull import pull
from tasks.fetch.report import PullReport
from tests.support import publisher_server as answers
from tests.support.publisher_server import Answer, Publisher
from tests.support.pulling import QUICK, serve
from tests.support.small_source import Small
from warehouse import errors
from warehouse.connection import clear_scratch
from warehouse.settings import Home

GOOD = answers.csv("gdp,2015,1", "gdp,2016,2")
OTHER = answers.csv("cpi,2015,1")
#: Bytes that do not pack, so that a damage hits what is packed.
NOISE = bytes((n * 7919 + n // 251 * 31) % 251 for n in range(4000))

Pull = Callable[..., PullReport]


def files(home: Home) -> list[str]:
    """Names of what was archived."""
    return [a.filename for a in store.manifests(home)]


# -- good answers --------------------------------------------------------------------------------------------


def test_an_answer_is_archived_with_its_request_and_stamp(home: Home, bureau: Publisher, ask: Pull) -> None:
    bureau.on("/data/gdp", GOOD)
    pulled = ask("gdp")
    assert (pulled.is_complete, pulled.done, pulled.total, pulled.rows, pulled.new_files) == (True, 1, 1, 2, 1)
    (kept,) = store.manifests(home)
    assert store.verified_path(home, kept).read_bytes() == GOOD.body
    assert (kept.source, kept.filename, kept.origin_kind) == ("test.small", "gdp.csv", "pull")
    assert kept.request == f"GET {bureau.url}/data/gdp?from=2015&to=2018"
    assert (kept.publisher_stamp, kept.layout, kept.licence) == ("2020-01-01", "csv", "CC0")
    (asked,) = bureau.requests
    assert asked.parameters == {"from": "2015", "to": "2018"}
    assert asked.headers["accept"] == "text/csv"
    assert asked.headers["user-agent"].startswith("entrepot/")


def test_nothing_is_left_in_the_folders_of_a_pull(home: Home, bureau: Publisher, ask: Pull) -> None:
    bureau.on("/data/gdp", GOOD)
    bureau.on("/data/bad", answers.html())
    ask("gdp", "bad")
    assert list((home.pull / "receiving").iterdir()) == []
    assert list(home.incoming.iterdir()) == []


def test_a_packed_answer_is_unpacked(home: Home, bureau: Publisher, ask: Pull) -> None:
    bureau.on("/data/gdp", answers.zipped(GOOD))
    assert ask("gdp").is_complete
    (kept,) = store.manifests(home)
    assert store.verified_path(home, kept).read_bytes() == GOOD.body


def test_a_packed_answer_may_have_several_parts(home: Home, bureau: Publisher, ask: Pull) -> None:
    parts = gzip.compress(GOOD.body[:20], mtime=0) + gzip.compress(GOOD.body[20:], mtime=0)
    bureau.on("/data/gdp", Answer(200, parts, {"Content-Type": "text/csv", "Content-Encoding": "gzip"}))
    assert ask("gdp").is_complete
    assert store.object_path(home, files_hash(home)).read_bytes() == GOOD.body


def files_hash(home: Home) -> str:
    """The hash of the one archived file."""
    return store.manifests(home)[0].stored_as


def test_an_archive_is_kept_as_it_came_with_its_members(home: Home, bureau: Publisher, ask: Pull, small: Small) -> None:
    small.extension = "zip"
    bureau.on(
        "/data/all", Answer(200, packed("zip", {"gdp.csv": GOOD.body, "readme.txt": b"hello", "cpi.csv": OTHER.body}))
    )
    pulled = ask("all")
    assert (pulled.is_complete, pulled.new_files) == (True, 2)
    kept = store.manifests(home)
    assert {(a.member, a.filename, a.layout, a.origin_kind) for a in kept} == {
        ("gdp.csv", "gdp.csv", "csv", "pull"), ("cpi.csv", "cpi.csv", "csv", "pull"),
    }  # fmt: skip
    assert {a.request for a in kept} == {f"GET {bureau.url}/data/all?from=2015&to=2018"}
    with store.opened(home, next(a for a in kept if a.member == "gdp.csv")) as opened:
        assert opened.path.read_bytes() == GOOD.body


def test_a_redirect_is_followed(home: Home, bureau: Publisher, ask: Pull) -> None:
    bureau.on("/data/gdp", answers.status(302, Location="/elsewhere?x=1"))
    bureau.on("/elsewhere", GOOD)
    assert ask("gdp").is_complete
    assert bureau.requests[1].parameters == {"x": "1"}
    assert store.manifests(home)[0].request.endswith("/data/gdp?from=2015&to=2018")


def test_what_an_index_leads_to_is_asked_and_the_index_is_not_kept(home: Home, bureau: Publisher, ask: Pull) -> None:
    bureau.on("/data/index", answers.status(200, "gdp\ncpi\ngdp\nindex\n"))
    bureau.on("/data/gdp", GOOD)
    bureau.on("/data/cpi", OTHER)
    pulled = ask("index")
    assert bureau.paths() == ["/data/index", "/data/gdp", "/data/cpi", "/data/index"]
    assert (pulled.is_complete, pulled.total, sorted(files(home))) == (True, 4, ["cpi.csv", "gdp.csv"])


def test_a_file_that_the_service_unpacks_on_the_way_is_good(
    home: Home, bureau: Publisher, ask: Pull, small: Small
) -> None:
    small.extension = "gz"
    bureau.on("/data/gdp", answers.zipped(GOOD))
    assert ask("gdp").is_complete
    assert store.object_path(home, files_hash(home)).read_bytes() == GOOD.body


def test_a_body_is_posted_as_json(home: Home, bureau: Publisher, ask: Pull, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Request("query", "gdp.csv", (("lang", "en"),), body={"series": ["gdp", "国"]})
    monkeypatch.setattr(Small, "requests", lambda *_: iter([made]))
    bureau.on("/query", answers.status(500), GOOD)
    assert ask().is_complete
    asked = bureau.requests[1]
    assert (asked.method, asked.parameters, json.loads(asked.body)) == ("POST", {"lang": "en"}, made.body)
    assert asked.headers["content-type"] == "application/json"
    assert store.manifests(home)[0].request == f'POST {bureau.url}/query?lang=en {{"series": ["gdp", "国"]}}'


def test_the_proxy_of_the_environment_is_used(bureau: Publisher, ask: Pull, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY", "http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", bureau.url)
    bureau.on("/data/gdp", GOOD)
    assert ask("gdp", source=Small("http://service.invalid")).is_complete
    assert bureau.requests[0].headers["host"] == "service.invalid"


@pytest.mark.parametrize("value", ["CHN+JPN", "2015:2024", "a b&c=d", "27*", "中国", "100%"])
def test_parameters_arrive_as_they_are(
    bureau: Publisher, ask: Pull, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setattr(Small, "requests", lambda *_: iter([Request("data/gdp", "gdp.csv", (("c[TIME]", value),))]))
    bureau.on("/data/gdp", GOOD)
    assert ask().is_complete
    assert bureau.requests[0].parameters == {"c[TIME]": value}


def test_an_address_that_an_answer_named_is_asked_whole(
    home: Home, bureau: Publisher, ask: Pull, monkeypatch: Any
) -> None:
    with answers.publisher() as other:
        other.on("/files/gdp.csv", GOOD)
        made = Request(f"{other.url}/files/gdp.csv?v=1", "gdp.csv")
        monkeypatch.setattr(Small, "requests", lambda *_: iter([made]))
        assert ask().is_complete
        assert other.requests[0].parameters == {"v": "1"}
        assert store.manifests(home)[0].request == f"GET {other.url}/files/gdp.csv?v=1"


def test_pages_that_never_end_are_not_followed_for_ever(bureau: Publisher, ask: Pull, monkeypatch: Any) -> None:
    monkeypatch.setattr("tasks.fetch.plan.MOST_STEPS", 4)
    bureau.on("/data/index", answers.status(200, "a\nb\nc\nd\n"))
    pulled = ask("index")
    assert "the answers lead to more than 4 requests" in pulled.failures[0]
    assert bureau.paths() == ["/data/index"]


# -- faults that are worth another attempt -------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    [
        answers.status(500, "oops"), answers.status(502), answers.status(503, "busy", Retry_After="0"), answers.status(429, "slower"),
        answers.status(429, "Rate limit is exceeded. Try again in 0 seconds."), answers.status(429, "slower", Retry_After="0"),
        answers.status(408), answers.silence(), answers.hang_up(), answers.cut(GOOD, 30),
        answers.drip(b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: 100000\r\n\r\nseries", b"x"),
        answers.drip(b"HTTP/1.1 200 OK\r\nX-Never-Ends: ", b"x"),
        answers.drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    ],
    ids=["500", "502", "503", "429", "429 words", "429 header", "408", "silence", "hang up", "cut", "slow body", "slow headers", "slow chunks"],
)  # fmt: skip
def test_a_passing_fault_is_retried(home: Home, bureau: Publisher, ask: Pull, fault: Answer) -> None:
    bureau.on("/data/gdp", fault, GOOD)
    assert ask("gdp").is_complete
    assert bureau.paths() == ["/data/gdp"] * 2
    assert files(home) == ["gdp.csv"]


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (answers.status(500, "oops"), "answered 500: oops"),
        (answers.silence(), "no answer in time"),
        (answers.hang_up(), "the connection failed or broke off"),
        (answers.cut(GOOD, 30), "the connection failed or broke off"),
        (answers.status(429, "slower"), "answered 429: slower"),
    ],
    ids=["500", "silence", "hang up", "cut", "429"],
)
def test_a_fault_in_every_attempt_ends_the_pull(
    home: Home, bureau: Publisher, ask: Pull, fault: Answer, told: str
) -> None:
    bureau.on("/data/gdp", GOOD)
    bureau.on("/data/cpi", fault)
    pulled = ask("gdp", "cpi", "never")
    assert pulled.fault is not None
    assert told in pulled.fault
    assert "(3 attempts)" in pulled.fault
    assert f"{bureau.url}/data/cpi" in pulled.fault
    assert bureau.paths() == ["/data/gdp", *["/data/cpi"] * 3]
    assert files(home) == ["gdp.csv"]


def test_an_unreachable_service_ends_the_pull(home: Home, ask: Pull) -> None:
    pulled = ask("gdp", source=Small("http://127.0.0.1:9"))
    assert pulled.fault is not None
    assert "(3 attempts)" in pulled.fault


def test_waits_grow_and_differ(bureau: Publisher, ask: Pull, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("tasks.fetch.cancel.Cancellation.sleep", lambda _, seconds: waits.append(seconds))
    bureau.on("/data/gdp", answers.status(500))
    ask("gdp", limits=quick(attempts=5, first_wait=1.0, longest_wait=100.0))
    first, second, third, fourth = waits
    assert 1 <= first <= 2 <= second <= 3 < 4 <= third <= 5 < 8 <= fourth <= 9
    assert len({w % 1 for w in waits}) == 4


def quick(**changes: Any) -> Any:
    """The limits of these tests, but for some of it."""
    from tests.support.pulling import QUICK

    return QUICK.model_copy(update=changes)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        *((code, f"answered {code}") for code in (400, 401, 403, 404, 410, 418, 204, 206)),
        (304, "the server sent 304 (not modified), but no earlier answer is stored"),
    ],
)
def test_a_permanent_fault_is_not_retried(home: Home, bureau: Publisher, ask: Pull, code: int, message: str) -> None:
    bureau.on("/data/gdp", answers.status(code))
    pulled = ask("gdp")
    assert not pulled.is_complete
    assert message in " ".join([pulled.fault or "", *pulled.failures])
    assert len(bureau.requests) == 1
    assert files(home) == []


# -- refusals and quotas -------------------------------------------------------------------------------------


def test_a_missing_series_is_reported_and_the_others_are_requested(home: Home, bureau: Publisher, ask: Pull) -> None:
    bureau.on("/data/gone", answers.status(404, "<html><body><h1>No such series</h1>\n\n" + "x" * 900))
    bureau.on("/data/gdp", GOOD)
    pulled = ask("gone", "gdp")
    assert pulled.fault is None
    (told,) = pulled.failures
    assert told.startswith(
        f"test.small: GET {bureau.url}/data/gone?from=2015&to=2018: answered 404: No such series xxx"
    )
    assert len(told) < 500
    assert files(home) == ["gdp.csv"]
    assert not pulled.is_complete


def test_three_in_a_row_that_are_not_there_end_the_pull(bureau: Publisher, ask: Pull) -> None:
    pulled = ask("a", "b", "c", "d")
    assert bureau.paths() == ["/data/a", "/data/b", "/data/c"]
    assert pulled.fault is not None
    assert "answered 404" in pulled.fault


def test_a_source_may_say_that_404_is_an_ordinary_answer(bureau: Publisher, ask: Pull) -> None:
    bureau.on("/data/gdp", answers.status(404, "no records"))
    assert ask("gdp").is_complete


@pytest.mark.parametrize("code", [401, 403])
def test_a_refusal_ends_the_pull_and_names_the_setting_of_the_key(bureau: Publisher, ask: Pull, code: int) -> None:
    from tasks.contract.service import Key

    bureau.on("/data/gdp", answers.status(code, "Access denied due to missing subscription key"))
    pulled = ask("gdp", "cpi", source=Small(bureau.url, Key(header="X-Key")))
    assert pulled.fault is not None
    assert f"answered {code}: Access denied" in pulled.fault
    assert "ENTREPOT_TEST_SMALL_KEY" in pulled.fault
    assert len(bureau.requests) == 1


@pytest.mark.parametrize(
    ("answer", "wait"),
    [
        (answers.status(403, "Out of call volume quota. Quota will be replenished in 02:30:00."), "in 2 h 30 min"),
        (answers.status(403, "Download limit reached, too many downloads"), None),
        (answers.status(429, "slower", Retry_After="1800"), "in 30 min"),
        (answers.status(429, "slower", Retry_After="Sat, 21 Nov 2026 12:30:00 GMT", Date="Sat, 21 Nov 2026 12:00:00 GMT"), "in 30 min"),
        (answers.status(429, "Rate limit is exceeded. Try again in 600 seconds."), "in 10 min"),
        (answers.status(503, "down for maintenance", Retry_After="7200"), "in 2 h 0 min"),
    ],
    ids=["403 clock", "403", "429 seconds", "429 date", "429 words", "503"],
)  # fmt: skip
def test_a_used_quota_ends_the_pull_and_says_when_to_come_back(
    bureau: Publisher, ask: Pull, answer: Answer, wait: str | None
) -> None:
    bureau.on("/data/gdp", answer)
    pulled = ask("gdp", "cpi")
    assert pulled.fault is not None
    assert not pulled.is_quota_used  # this service has none: it blocks us, which is a fault of the run
    assert len(bureau.requests) == 1
    again = ask("gdp", "cpi")
    if wait is None:
        assert len(bureau.requests) == 2  # nobody said for how long: the next pull may try
    else:
        assert re.search(rf"come back at \S+ \S+ UTC, {wait}", pulled.fault)
        assert len(bureau.requests) == 1
        assert again.fault is not None
        assert "the service asked for a pause; come back at" in again.fault


# -- answers that are not what they seem ---------------------------------------------------------------------


def packed(kind: str, members: dict[str, bytes]) -> bytes:
    """A zip or 7z file."""
    made = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive_:
            for name, data in members.items():
                archive_.writestr(name, data)
    else:
        with py7zr.SevenZipFile(made, "w") as seven:
            for name, data in members.items():
                seven.writef(io.BytesIO(data), name)
    return made.getvalue()


def swap(data: bytes, at: int) -> bytes:
    """The data with one byte changed."""
    return data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]


ZIP, SEVEN = (packed(kind, {"gdp.csv": GOOD.body, "noise.bin": NOISE}) for kind in ("zip", "7z"))
GZ = gzip.compress(GOOD.body + NOISE, mtime=0)


@pytest.mark.parametrize(
    ("answer", "kind", "told"),
    [
        (Answer(200, b"", {"Content-Type": "text/csv"}), "EmptyAnswer", "empty"),
        (Answer(200, b" \r\n\n", {"Content-Type": "text/csv"}), "EmptyAnswer", "empty"),
        (answers.html(), "NotData", "an HTML page came instead of data: We will be back soon"),
        (answers.html("<?xml version='1.0'?><html xmlns='x'><body>Login"), "NotData", "an HTML page"),
        (Answer(200, GOOD.body, {"Content-Type": "text/html"}), "NotData", "declared as text/html"),
        (Answer(200, GOOD.body, {"Content-Type": "application/json"}), "NotData", "declared as application/json and is text"),
        (Answer(200, GOOD.body, {"Content-Type": "image/png"}), "NotData", "declared as image/png"),
        (Answer(200, ZIP, {"Content-Type": "text/csv"}), "NotData", "csv was requested, and the answer is a zip file"),
        (Answer(200, b"series\x00\x01\x02", {}), "NotData", "the answer is binary"),
        (Answer(200, GOOD.body, {"Content-Encoding": "br"}), "NotData", "encoded as br"),
        (answers.zipped(GOOD, lambda data: data[:-12]), "NotData", "the packed answer is truncated"),
        (answers.zipped(GOOD, lambda data: swap(data, len(data) // 2)), "NotData", "the packed answer is damaged"),
        (answers.zipped(GOOD, lambda data: data + b"more"), "NotData", "the packed answer is damaged"),
        (answers.status(200, "error 42: no such series"), "ErrorInBody", "error 42: no such series"),
        (answers.csv(), "EmptyAnswer", "a header and no row"),
        (answers.csv("gdp,2015,1", "gdp,2015,2"), "RepeatedKeys", "stands twice"),
        (answers.status(200, "series;period;value\ngdp;2015;1\n"), "LayoutChanged", "the source cannot check the answer: ValueError"),
        (answers.status(200, "series;a\n1,2,3\n"), "LayoutChanged", "a small table with semicolons"),
        (answers.status(200, "something,else\n1,2,3\n"), "LayoutChanged", "the source recognises nothing in the answer"),
    ],
)  # fmt: skip
def test_a_bad_answer_is_a_fault_of_its_kind_and_not_archived(
    home: Home, bureau: Publisher, ask: Pull, answer: Answer, kind: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bureau.on("/data/bad", answer)
    bureau.on("/data/gdp", GOOD)
    with seen(monkeypatch) as faults:
        pulled = ask("bad", "gdp")
    assert len(bureau.paths()) == 2  # asked once
    assert [type(f).__name__ for f in faults] == [kind]
    (text,) = pulled.failures
    assert text.startswith(f"test.small: GET {bureau.url}/data/bad?from=2015&to=2018: ")
    assert told in text
    assert pulled.fault is None  # the next was asked
    assert files(home) == ["gdp.csv"]


@pytest.mark.parametrize("harm", ["cut", "changed"])
@pytest.mark.parametrize(("extension", "whole"), [("zip", ZIP), ("7z", SEVEN), ("gz", GZ)])
def test_a_damaged_archive_is_not_kept(
    home: Home, bureau: Publisher, ask: Pull, small: Small, extension: str, whole: bytes, harm: str,
) -> None:  # fmt: skip
    small.extension = extension
    body = whole[: len(whole) * 2 // 3] if harm == "cut" else swap(whole, len(whole) // 2)
    bureau.on("/data/bad", Answer(200, body, {"Content-Type": "application/octet-stream"}))
    pulled = ask("bad")
    (told,) = pulled.failures
    assert "is damaged" in told
    assert files(home) == []
    assert list(store.objects(home)) == []


def test_text_in_place_of_an_archive_is_a_fault(bureau: Publisher, ask: Pull, small: Small) -> None:
    small.extension = "zip"
    bureau.on("/data/bad", Answer(200, b"Service unavailable", {"Content-Type": "application/zip"}))
    assert (
        "a zip file was requested, and the answer is text that begins 'Service unavailable'" in ask("bad").failures[0]
    )


def test_an_answer_that_unpacks_to_far_more_is_broken_off(bureau: Publisher, ask: Pull) -> None:
    bomb = answers.zipped(Answer(200, b"0" * (80 << 20), {"Content-Type": "text/csv"}))
    bureau.on("/data/bad", bomb)
    assert "unpacks from" in ask("bad", limits=quick(most_bytes=1 << 30)).failures[0]


def test_an_answer_larger_than_allowed_is_broken_off(bureau: Publisher, ask: Pull) -> None:
    bureau.on("/data/bad", Answer(200, b"0" * 5000, {"Content-Type": "text/csv"}))
    assert "larger than 4000 bytes" in ask("bad", limits=quick(most_bytes=4000)).failures[0]


def test_a_bad_answer_is_kept_for_examination(home: Home, bureau: Publisher, ask: Pull) -> None:
    bureau.on("/data/bad", answers.html())
    told = ask("bad").failures[0]
    kept = Path(told[told.index("kept as ") + 8 : -1])
    assert kept.read_bytes() == answers.html().body
    assert kept.is_relative_to(home.pull)


def test_bad_answers_do_not_fill_the_disk(home: Home, bureau: Publisher, ask: Pull) -> None:
    for n in range(24):
        bureau.on(f"/data/{n}", answers.html(f"<html>{n}"))
        ask(str(n))
    assert len(list((home.pull / "refused").iterdir())) == 20


@pytest.mark.parametrize(
    "location", ["/data/gdp", "ftp://127.0.0.1/x", "file:///etc/passwd", "http://user:pw@127.0.0.1/"]
)
def test_a_redirect_to_an_unusable_address_is_refused(home: Home, bureau: Publisher, ask: Pull, location: str) -> None:
    bureau.on("/data/gdp", answers.status(302, Location=location))
    pulled = ask("gdp")
    assert "redirected" in " ".join([pulled.fault or "", *pulled.failures])
    assert len(bureau.requests) == (6 if location == "/data/gdp" else 1)
    assert files(home) == []


# -- answers cut at the limit --------------------------------------------------------------------------------

FULL = answers.csv(*(f"gdp,{year},1" for year in range(5)))


def test_an_answer_of_exactly_the_limit_is_asked_in_parts(home: Home, bureau: Publisher, ask: Pull) -> None:
    bureau.on("/data/gdp", FULL, FULL, GOOD, OTHER, GOOD)
    bureau.on("/data/cpi", answers.csv("cpi,2016,4"))
    pulled = ask("gdp", "cpi")
    asked = [(a.path, a.parameters["from"], a.parameters["to"]) for a in bureau.requests]
    assert asked == [
        ("/data/gdp", "2015", "2018"), ("/data/gdp", "2015", "2016"), ("/data/gdp", "2017", "2018"),
        ("/data/gdp", "2015", "2015"), ("/data/gdp", "2016", "2016"), ("/data/cpi", "2015", "2018"),
    ]  # fmt: skip
    assert pulled.is_complete
    assert FULL.body not in [p.read_bytes() for p in store.objects(home)]


def test_an_answer_of_exactly_the_limit_that_cannot_be_split_is_a_fault(
    home: Home, bureau: Publisher, ask: Pull
) -> None:
    bureau.on("/data/gdp", FULL)
    pulled = ask("gdp")
    assert pulled.fault is not None  # three parts in a row
    assert "exactly 5 rows" in pulled.fault
    assert files(home) == []


def test_a_request_that_is_too_large_for_the_service_is_split(home: Home, bureau: Publisher, ask: Pull) -> None:
    bureau.on("/data/gdp", answers.status(413, "EXTRACTION_TOO_BIG"), GOOD, OTHER)
    assert ask("gdp").is_complete
    assert len(files(home)) == 2


# -- faults of ours ------------------------------------------------------------------------------------------


def seen(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The faults of single requests, as they are, while the block runs."""
    from contextlib import contextmanager

    from tasks.fetch.pull_run import PullRun

    @contextmanager
    def watching() -> Any:
        faults: list[BaseException] = []
        settle = PullRun._settle

        def noted(self: Any, step: Any) -> Any:
            fault = settle(self, step)
            faults.extend([fault] if fault else [])
            return fault

        monkeypatch.setattr(PullRun, "_settle", noted)
        yield faults

    return watching()


def test_a_full_disk_is_the_homes_fault(
    home: Home, bureau: Publisher, ask: Pull, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> Any:
        raise OSError(28, "No space left on device")

    bureau.on("/data/gdp", GOOD)
    monkeypatch.setattr(response_body, "write", full)
    with pytest.raises(errors.HomeError, match="No space left on device"):
        ask("gdp")


def test_a_build_does_not_remove_files_that_a_pull_locks(home: Home, bureau: Publisher, small: Small) -> None:
    """A build clears what killed processes left; this happens while a pull stores and receives."""
    serve(bureau, "a", "b")
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
            kept = {path.suffix for path in home.incoming.iterdir()}
            cleared.append(not left.exists() and kept == {"", ".lock"})
        original(file)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "_flush", flush)
        assert pull(home, small, Selection(2015, 2018, products=("a", "b")), limits=QUICK).is_complete
    assert cleared == [True]


def test_past_years_are_asked_for_newest_first_and_the_next_pull_goes_on(
    home: Home, small: Small, bureau: Publisher
) -> None:
    """The service refuses after two years, as when a quota is used up; the years that were answered are not asked for again."""
    bureau.on(
        "/data/gdp",
        answers.csv("gdp,2018,4"),
        answers.csv("gdp,2017,3"),
        answers.status(401),
        answers.csv("gdp,2016,2"),
        answers.csv("gdp,2015,1"),
    )
    selection = Selection(2015, 2018, products=("gdp",))
    first = pull(home, small, selection, limits=QUICK, newest_first=True)
    assert (first.done, first.total, first.is_complete) == (2, 4, False)
    assert [request.parameters["from"] for request in bureau.requests] == ["2018", "2017", "2016"]
    second = pull(home, small, selection, limits=QUICK, newest_first=True)
    assert (second.resumed_at, second.is_complete) == (3, True)
    assert [request.parameters["from"] for request in bureau.requests][3:] == ["2016", "2015"]
