"""Alerts at the end of a run: told for good and failed runs, not for cancelled ones, and never a reason for a run to fail."""

import importlib
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from flows import assets, job
from flows.report import BuildReport, FileReport
from tasks.alerts import causes, runs, telling
from tasks.alerts.receivers import SETTING
from tasks.alerts.telling import Told
from tasks.fetch import database, history
from tasks.fetch.report import PullReport
from tasks.sources.fred_fx import SOURCE
from tests.support.paths import ROOT
from warehouse.errors import ChecksFailed, HomeError
from warehouse.settings import AlertLimits, Home, Settings

build = importlib.import_module("flows.build")  # `flows.build.build` is the flow
pull = importlib.import_module("flows.pull")


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, Any]]:
    """The runs that were told, each with what it failed with."""
    calls: list[tuple[Any, Any]] = []

    def tell(_home: Home, _limits: object, _send: object, run: str, failed: BaseException | None) -> Told:
        calls.append((run, failed))
        return Told()

    monkeypatch.setattr(telling, "tell", tell)
    monkeypatch.setenv(SETTING, "json://127.0.0.1:9/nobody")
    return calls


@pytest.mark.parametrize(
    ("raised", "is_on_record", "expected"),
    [
        (HomeError("full"), False, "full"),
        (HomeError("full"), True, "full"),
        (job.SomeFailed("a source failed"), True, "None"),
        (job.SomeFailed("a file failed"), False, "a file failed"),
    ],
)
def test_what_a_run_failed_with_is_told(
    home: Home, told: list[tuple[Any, Any]], raised: Exception, is_on_record: bool, expected: str
) -> None:
    with pytest.raises(type(raised)), job.watched(Settings(home=home.root), "build", faults_are_on_record=is_on_record):
        raise raised
    assert [(run, str(failed)) for run, failed in told] == [("build", expected)]


def test_flows_that_a_flow_calls_are_part_of_it(home: Home, told: list[tuple[Any, Any]]) -> None:
    settings = Settings(home=home.root)
    with job.watched(settings, "build"), job.watched(settings, "ingest"):
        pass
    assert told == [("build", None)]


def test_a_cancelled_run_neither_fails_nor_ends_well(home: Home, told: list[tuple[Any, Any]]) -> None:
    with pytest.raises(KeyboardInterrupt), job.watched(Settings(home=home.root), "build"):
        raise KeyboardInterrupt
    assert told == []


def test_a_killed_run_is_told_by_the_next_one_of_any_flow_and_over_by_its_own(
    home: Home, told: list[tuple[Any, Any]]
) -> None:
    settings = Settings(home=home.root)
    killed_run(home)
    assert [(one.kind, one.subject) for one in causes.present(home, settings.alert)] == [("run_killed", "build")]
    with job.watched(settings, "monitor"):
        assert told == [(None, None)]
    assert [one.run for one in runs.killed(home)] == ["build"]
    with job.watched(settings, "build"):
        assert [one.run for one in runs.killed(home)] == ["build"]  # not the one that goes on now
    assert runs.killed(home) == []
    assert told[1:] == [("monitor", None), (None, None), ("build", None), ("build", None)]


def test_a_killed_run_is_not_over_where_its_work_is_not_done(home: Home, told: list[tuple[Any, Any]]) -> None:
    settings = Settings(home=home.root)
    killed_run(home, "pull fred.fx ecb.exr")
    for run in ("pull fred.fx", "build", "backfill fred.fx"):
        with job.watched(settings, run):
            pass
    with pytest.raises(HomeError), job.watched(settings, "pull"):
        raise HomeError("full")
    with job.watched(settings, "pull ecb.exr fred.fx usa.census"):
        killed_run(home, "pull ecb.exr")  # while it goes on
    assert [one.run for one in runs.killed(home)] == ["pull ecb.exr"]
    with job.watched(settings, "pull"):
        assert told
    assert runs.killed(home) == []


def test_readers_of_the_records_do_not_take_each_other_for_the_run(home: Home) -> None:
    killed_run(home)
    with ThreadPoolExecutor(4) as readers:
        found = list(readers.map(lambda _: len(runs.killed(home)), range(80)))
    assert set(found) == {1}


def test_an_address_in_the_environment_is_told_whatever_the_server_does(
    home: Home, told: list[tuple[Any, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    with job.watched(Settings(home=home.root), "build"):
        pass
    assert told == [("build", None)]


def test_the_flow_of_alerts_fails_where_nobody_is_reached(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    alerts = importlib.import_module("flows.alerts")
    left: list[str] = []
    monkeypatch.setattr(alerts, "create_markdown_artifact", lambda markdown, **_: left.append(markdown))
    killed_run(home)
    settings = Settings(home=home.root)
    assert alerts.alerts.fn(settings).name == "Completed"
    assert "run_killed build" in left[0]
    monkeypatch.setenv(SETTING, "json://127.0.0.1:9/nobody")
    with pytest.raises(job.SomeFailed, match="an alert reached nobody"):
        alerts.alerts.fn(settings)
    with pytest.raises(HomeError, match="there is no home folder"):
        alerts.alerts.fn(Settings(home=home.root / "elsewhere"))


def test_a_failed_run_is_listed_though_nobody_is_told(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SETTING, raising=False)
    settings = Settings(home=home.root, alert=AlertLimits(free_gb=0))
    with pytest.raises(HomeError), job.watched(settings, "build"):
        raise HomeError("the disk is full")
    (listed,) = telling.present(home, settings.alert)
    assert (listed.key, "the disk is full" in listed.message) == ("run_failed build", True)
    with job.watched(settings, "build"):
        pass
    assert telling.present(home, settings.alert) == []


def test_a_killed_run_that_nobody_repeats_is_forgotten_after_a_month(home: Home) -> None:
    killed_run(home)
    runs.forget_old(home)
    (record,) = runs.killed(home)
    record.file.write_text(record.file.read_text().replace("20", "19", 1))  # a century earlier
    runs.forget_old(home)
    assert runs.killed(home) == []


def killed_run(home: Home, run: str = "build") -> None:
    """A run that is killed in the middle."""
    program = (
        "import os, sys; from pathlib import Path; from tasks.alerts import runs; from warehouse.settings import Home\n"
        "with runs.recorded(Home(Path(sys.argv[1])), sys.argv[2]): os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(home.root), run], cwd=ROOT, check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL


def test_a_deployment_says_where_its_home_folder_is(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT__RUNTIME__DEPLOYMENT__ID", "1234")
    with pytest.raises(HomeError, match="'data' of a deployment is no absolute path"), job.watched(Settings(), "build"):
        pass
    with job.watched(Settings(home=home.root), "build"):
        pass


def test_a_fault_of_alerts_fails_no_run(
    home: Home, told: list[tuple[Any, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "tell", lambda *_: 1 / 0)
    with job.watched(Settings(home=home.root), "build"):
        pass
    assert told == []


def test_checks_that_keep_no_release_back_end_a_build_with_faults() -> None:
    report = BuildReport(release="r", check_errors=["the check years_without_gap finds 1 violations"])
    assert report.wrong == report.check_errors
    assert report.check_errors[0] in report.sentences()


def test_a_build_that_cannot_publish_leaves_its_report(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[str] = []
    loaded: tuple[list[FileReport], list[str], int] = ([FileReport("curated", "a.csv", "00ff", rows_in=7)], [], 3)
    monkeypatch.setattr(build, "ingest", lambda *_, **__: loaded)
    monkeypatch.setattr(assets, "loaded", lambda *_: None)
    monkeypatch.setattr(build, "publish", lambda *_: raise_(ChecksFailed("2 checks failed")))
    monkeypatch.setattr(build, "create_markdown_artifact", lambda markdown, **_: left.append(markdown))
    with pytest.raises(ChecksFailed):
        build._build(Settings(home=home.root), None)
    (markdown,) = left
    assert "| curated | a.csv | 7 |" in markdown
    assert "published nothing new" in markdown
    assert "as it was: 2 checks failed" in markdown


def raise_(fault: Exception) -> None:
    raise fault


def test_a_used_quota_is_no_fault_of_a_source_and_a_missing_key_is(home: Home) -> None:
    assert SOURCE.service is not None
    with database.opened(home) as con:
        history.record(
            con, SOURCE.service, PullReport("fred.fx", total=2, fault="the quota is used", is_quota_used=True)
        )
    assert history.ends(home) == []
    history.record_failure(home, "jpn.estat", "pull", "a key is needed")
    (end,) = history.ends(home)
    assert (end.source, end.fault, end.in_a_row) == ("jpn.estat", "a key is needed", 1)


@pytest.mark.parametrize(
    ("faults", "name"),
    [
        ([], "Completed"),
        (["quota"], "Quota used"),
        (["quota", "quota"], "Quota used"),
        (["quota", "fault"], "Completed with faults"),
        (["fault"], "Completed with faults"),
    ],
)
def test_a_used_quota_is_no_failure_of_a_run_but_beside_others(faults: list[str], name: str) -> None:
    reports = [
        PullReport(f"source{n}", total=2, fault=fault, is_quota_used=fault == "quota") for n, fault in enumerate(faults)
    ]
    state: Any = pull.ended(reports, reports, "tell")
    assert (state.type.value, state.name) == ("COMPLETED", name)
