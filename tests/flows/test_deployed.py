"""Flows as deployments: ``entrepot serve`` of an installed wheel, with a real server and worker on loopback, and what goes wrong there."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from flows import deployments
from tasks.intake import adopt
from tests.support import wheel
from tests.support.deployed import Served, served
from tests.support.paths import ROOT
from tests.support.publisher_server import Answer, Publisher, ReceivedRequest, publisher, status
from warehouse import connection
from warehouse.settings import Home

#: A run on a busy machine, with the start of the server, takes longer than other tests may.
pytestmark = pytest.mark.timeout(900)

#: A key that must be found nowhere.
SECRET = "planted-0123456789-key"
#: A part of the address of alerts that must be found nowhere.
HOOK = "planted-hook-9876543210"
#: A key that the server keeps in a secret block.
BLOCK = "planted-block-key-13579"
#: Units of a currency for a dollar, about what they were.
LEVELS = {"CHUS": "6.5", "JPUS": "108", "TAUS": "32", "KOUS": "1160"}


def rates(series: str, first: int = 2016, last: int = 2017) -> str:
    """A series of the Federal Reserve as FRED's graph gives it: a rate a year."""
    level = LEVELS[series[-4:]]
    return "".join([f"observation_date,{series}\n", *(f"{year}-01-01,{level}\n" for year in range(first, last + 1))])


def fred(request: ReceivedRequest) -> Answer:
    """FRED's answer: the series and years that are asked for."""
    asked = request.parameters
    text = rates(asked["id"], int(asked["cosd"][:4]), int(asked["coed"][:4]))
    return Answer(200, text.encode(), {"Content-Type": "text/csv"})


@pytest.fixture(scope="module")
def bureau() -> Iterator[Publisher]:
    """The publisher that the worker asks in place of FRED."""
    with publisher() as service:
        service.on(f"/alerts/{HOOK}", Answer(200, b"got it"))
        yield service


@pytest.fixture(scope="module")
def scheduled(bundled: Home, bureau: Publisher, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """What ``entrepot serve`` brings up for a home with the bundled figures."""
    folder = tmp_path_factory.mktemp("served")
    python = wheel.installed(tmp_path_factory.mktemp("installed"))
    for package in ("flows", "tasks"):  # of the user, who starts it in a folder that has packages of these names
        (folder / package).mkdir()
        (folder / package / "__init__.py").write_text("raise SystemError('the package of the user')\n", "utf-8")
    shutil.copytree(bundled.root, folder / "home", symlinks=True)
    with served(
        python,
        Home(folder / "home"),
        folder,
        ENTREPOT_FRED_FX_URL=bureau.url,
        ENTREPOT_UNCOMTRADE_KEY=SECRET,
        ENTREPOT_JPN_ESTAT_URL=bureau.url,
        ENTREPOT_ALERT_URLS=f"{bureau.url.replace('http', 'json')}/alerts/{HOOK}",
    ) as up:
        yield up


def settings_of(served_: Served, **more: Any) -> dict[str, Any]:
    return {"home": str(served_.home.root), "wait_seconds": 200, **more}


def add_file(served_: Served, name: str, text: str) -> Path:
    """Archive a file as ``entrepot adopt`` does; return where its bytes are."""
    path = served_.log.parent / name
    path.write_text(text, encoding="utf-8")
    (result,) = adopt.adopt(served_.home, [path], None)
    assert result.is_new, result.message
    (archived,) = [p for p in served_.home.archive.rglob("*") if p.is_file() and p.read_bytes() == text.encode()]
    return archived


def test_a_run_that_finds_nothing_to_do_says_so(scheduled: Served) -> None:
    state = scheduled.end_of(scheduled.start("build/build"))
    assert (state["type"], state["name"]) == ("COMPLETED", "Nothing to do")


def test_a_damaged_file_fails_the_run_and_does_not_keep_the_others_out(scheduled: Served) -> None:
    """An automation on failed runs fires; the good file is loaded and published all the same."""
    damaged = add_file(scheduled, "damaged.csv", rates("AEXCHUS"))
    add_file(scheduled, "good.csv", rates("AEXJPUS"))
    damaged.chmod(0o644)
    damaged.write_bytes(damaged.read_bytes() + b"x")
    state = scheduled.end_of(scheduled.start("build/build"))
    assert state["type"] == "FAILED"
    assert "damaged.csv" in state["message"]
    assert "loaded 1 files: 2 rows in" in state["message"]
    assert scheduled.logged('file source="fred.fx" filename="good.csv"')
    told = scheduled.end_of(scheduled.start("build/build", on_fault="tell"))
    assert (told["type"], told["name"]) == ("COMPLETED", "Completed with faults")
    assert "damaged.csv" in told["message"]
    filed = {"artifacts": {"key": {"any_": ["build"]}}}
    assert any("damaged.csv" in artifact["data"] for artifact in scheduled.ask("POST", "/artifacts/filter", filed))


def test_a_publisher_that_is_down_fails_the_run_and_is_made_up_for(scheduled: Served, bureau: Publisher) -> None:
    quick = settings_of(scheduled, pull={"attempts": 1, "first_wait": 0})
    bureau.on("/graph/fredgraph.csv", status(503, "down for maintenance"))
    state = scheduled.end_of(scheduled.start("pull/fred.fx", settings=quick, reporters=["CHN"]))
    assert state["type"] == "FAILED"
    assert "fred.fx" in state["message"]
    assert "0 of 2 requests done" in state["message"]
    bureau.on("/graph/fredgraph.csv", fred)
    state = scheduled.end_of(scheduled.start("pull/fred.fx", settings=quick, reporters=["CHN"]))
    assert (state["type"], state["name"]) == ("COMPLETED", "Completed")
    assert "2 of 2 requests done" in state["message"]
    assert scheduled.logged('pull source="fred.fx" done=2 total=2')


@pytest.mark.slow
def test_past_years_are_asked_for_newest_first(scheduled: Served, bureau: Publisher) -> None:
    bureau.on("/graph/fredgraph.csv", fred)
    before = len(bureau.requests)
    asked = {"source_id": "fred.fx", "first_year": 2013, "last_year": 2014, "reporters": ["CHN"]}
    state = scheduled.end_of(scheduled.start("backfill/backfill", settings=settings_of(scheduled), **asked))
    assert (state["type"], state["name"]) == ("COMPLETED", "Completed")
    assert "4 of 4 requests done" in state["message"]
    first_days = [request.parameters["cosd"] for request in bureau.requests[before:]]
    assert first_days == ["2014-01-01"] * 2 + ["2013-01-01"] * 2


@pytest.mark.slow
def test_runs_of_two_deployments_on_one_home_queue(scheduled: Served) -> None:
    settings = settings_of(scheduled)
    runs = [
        scheduled.start("build/build", settings=settings, on_fault="tell"),
        scheduled.start("housekeeping/housekeeping", settings=settings, on_fault="tell"),
    ]
    holder = [sys.executable, "-c", _HOLD, str(scheduled.home.root)]
    with subprocess.Popen(holder, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        other.stdout.readline()  # it holds the lock, or waits for it
        runs.append(scheduled.start("build/build", settings=settings, on_fault="tell"))
        other.stdin.close()
    assert [scheduled.end_of(run)["type"] for run in runs] == ["COMPLETED"] * 3


_HOLD = """
import sys
from pathlib import Path
from warehouse import connection
from warehouse.settings import Home
from warehouse.writer_lock import only_writer
with only_writer(Home(Path(sys.argv[1])), 200, lambda _: None):
    print("holds", flush=True)
    sys.stdin.read()
"""


@pytest.mark.slow
def test_a_schedule_fires(scheduled: Served) -> None:
    found = scheduled.ask("GET", "/deployments/name/build/build")
    soon = {"schedule": {"interval": 5}, "active": True}
    scheduled.ask("POST", f"/deployments/{found['id']}/schedules", [soon])
    (made,) = [s for s in scheduled.ask("GET", f"/deployments/{found['id']}/schedules") if "interval" in s["schedule"]]
    wanted = {
        "deployments": {"id": {"any_": [found["id"]]}},
        "flow_runs": {"tags": {"all_": ["auto-scheduled"]}, "state": {"type": {"any_": ["COMPLETED", "FAILED"]}}},
    }
    runs: list[Any] = []
    for _ in range(400):
        runs = scheduled.ask("POST", "/flow_runs/filter", wanted)
        if runs:
            break
        time.sleep(0.5)
    scheduled.ask("DELETE", f"/deployments/{found['id']}/schedules/{made['id']}")
    assert runs


def alerts(bureau: Publisher) -> list[str]:
    """The titles of the alerts that arrived."""
    return [json.loads(request.body)["title"] for request in bureau.requests if request.path.startswith("/alerts/")]


def test_a_changed_layout_fails_the_monitor_and_the_alert_arrives(scheduled: Served, bureau: Publisher) -> None:
    bureau.on("/graph/fredgraph.csv", Answer(200, b"day,AEXJPUS\n2024-01-01,151\n", {"Content-Type": "text/csv"}))
    asked = {"settings": settings_of(scheduled), "source_ids": ["fred.fx"]}
    state = scheduled.end_of(scheduled.start("monitor/monitor", **asked))
    assert state["type"] == "FAILED"
    assert "expected the columns observation_date" in state["message"]
    assert alerts(bureau).count("Entrepôt: layout changed: fred.fx") == 1
    bureau.on("/graph/fredgraph.csv", fred)
    assert scheduled.end_of(scheduled.start("monitor/monitor", **asked))["type"] == "COMPLETED"
    assert alerts(bureau)[-1] == "Entrepôt: ended: layout changed fred.fx"


@pytest.mark.slow
def test_a_key_may_be_a_secret_block_of_the_server(scheduled: Served, bureau: Publisher) -> None:
    kind = scheduled.ask("GET", "/block_types/slug/secret")
    schemas = {"block_schemas": {"block_type_id": {"any_": [kind["id"]]}}}
    schema = scheduled.ask("POST", "/block_schemas/filter", schemas)[0]
    block = {
        "name": "entrepot-jpn-estat-key",
        "data": {"value": BLOCK},
        "block_schema_id": schema["id"],
        "block_type_id": kind["id"],
    }
    scheduled.ask("POST", "/block_documents/", block)
    state = scheduled.end_of(
        scheduled.start("monitor/monitor", settings=settings_of(scheduled), source_ids=["jpn.estat"])
    )
    assert "jpn.estat" in state["message"]  # the publisher of this test has no such table
    assert any(r.parameters.get("appId") == BLOCK for r in bureau.requests)


def test_no_key_is_written_anywhere(scheduled: Served) -> None:
    folder = scheduled.log.parent
    texts = [(path, path.read_bytes()) for path in folder.rglob("*") if path.is_file()]
    found = [path for path, text in texts for key in (SECRET, HOOK, BLOCK) if key.encode() in text]
    assert found == []


@pytest.mark.slow
def test_the_deployments_are_registered_from_prefects_own_file(scheduled: Served) -> None:
    for listed in scheduled.ask("POST", "/deployments/filter", {}):
        scheduled.ask("DELETE", f"/deployments/{listed['id']}")
    named = {
        "PREFECT_API_URL": f"{scheduled.url}/api",
        "ENTREPOT_HOME": str(scheduled.home.root),
        "NO_PROXY": "127.0.0.1",
    }
    command = [
        str(scheduled.python),
        "-m",
        "prefect",
        "--no-prompt",
        "deploy",
        "--all",
        "--prefect-file",
        str(ROOT / "prefect.yaml"),
    ]
    done = subprocess.run(
        command,
        cwd=scheduled.log.parent,
        env={**os.environ, **named},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert not done.returncode, done.stdout + done.stderr
    made = {f"{d['entrypoint']} {d['name']}" for d in scheduled.ask("POST", "/deployments/filter", {})}
    assert made == {f"{d.entrypoint} {d.name}" for d in deployments.every()}
    # The file that another test damaged is still there, and a build that is not to tell of it would fail.
    state = scheduled.end_of(scheduled.start("build/build", on_fault="tell"))
    assert state["type"] == "COMPLETED", state["message"]


@pytest.mark.slow
def test_the_deployments_are_registered_with_the_settings_of_the_environment(scheduled: Served) -> None:
    environment = {
        **os.environ,
        "PREFECT_API_URL": f"{scheduled.url}/api",
        "ENTREPOT_KEEP_RELEASES": "9",
    }
    command = [sys.executable, "-m", "flows.cli.app", "deployments", "--register", "--home", str(scheduled.home.root)]

    def register() -> Any:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=240
        )
        assert not done.returncode, done.stderr
        assert "registered build/build" in done.stdout
        return scheduled.ask("GET", "/deployments/name/build/build")

    made = register()
    assert made["parameters"]["settings"] == {"home": str(scheduled.home.root), "keep_releases": 9}
    (schedule,) = made["schedules"]
    scheduled.ask("PATCH", f"/deployments/{made['id']}/schedules/{schedule['id']}", {"active": False})
    assert [one["active"] for one in register()["schedules"]] == [False]  # what somebody paused stays paused


def test_every_parameter_is_described_on_the_page_of_a_deployment(scheduled: Served) -> None:
    for name in (
        "build/build",
        "pull/fred.fx",
        "backfill/backfill",
        "monitor/monitor",
        "alerts/alerts",
        "housekeeping/housekeeping",
    ):
        schema = scheduled.ask("GET", f"/deployments/name/{name}")["parameter_openapi_schema"]
        assert [key for key, field in schema["properties"].items() if not field.get("description")] == []


@pytest.mark.slow
def test_a_run_that_is_cancelled_ends_and_the_next_one_does_the_work(scheduled: Served) -> None:
    add_file(scheduled, "cancelled.csv", rates("AEXTAUS"))
    settings = settings_of(scheduled)
    run = scheduled.start("build/build", settings=settings, on_fault="tell")
    scheduled.wait(run, lambda state: state["type"] == "RUNNING")
    scheduled.ask("POST", f"/flow_runs/{run}/set_state", {"state": {"type": "CANCELLING"}, "force": True})
    assert scheduled.end_of(run)["type"] == "CANCELLED"
    assert scheduled.end_of(scheduled.start("build/build", settings=settings, on_fault="tell"))["type"] == "COMPLETED"
    with connection.reader(scheduled.home) as con:
        query = "SELECT count(*) FROM meta.loads WHERE filename = 'cancelled.csv' AND rows_in = rows_accepted"
        assert con.execute(query).fetchall() == [(1,)]


@pytest.mark.slow
def test_a_worker_that_is_killed_leaves_nothing_locked_and_the_next_run_finishes_the_work(scheduled: Served) -> None:
    add_file(scheduled, "more.csv", rates("AEXKOUS"))
    settings = settings_of(scheduled)
    run = scheduled.start("build/build", settings=settings, on_fault="tell")
    scheduled.wait(run, lambda state: state["type"] == "RUNNING")
    (process,) = [
        p for p in psutil.process_iter(["environ"]) if (p.info["environ"] or {}).get("PREFECT__FLOW_RUN_ID") == run
    ]
    process.kill()
    again = scheduled.end_of(scheduled.start("build/build", settings=settings, on_fault="tell"))
    assert again["type"] == "COMPLETED"
    assert scheduled.end_of(run)["type"] in ("CRASHED", "FAILED")
    with connection.reader(scheduled.home) as con:
        query = "SELECT count(*) FROM indicator_figures WHERE artifact IN (SELECT artifact FROM meta.artifacts WHERE filename = 'more.csv')"
        assert con.execute(query).fetchall() == [(2,)]
