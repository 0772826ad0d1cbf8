"""How Prefect is set up for a machine with nothing but this project, and for one that has a server."""

import os
from pathlib import Path

import pytest

from flows import runtime
from warehouse.settings import Home


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An environment without Prefect's variables; returns the folder in which Prefect looks for its profiles."""
    for name in [name for name in os.environ if name.startswith("PREFECT_")]:
        monkeypatch.delenv(name)
    for name in ("NO_PROXY", "no_proxy", "DO_NOT_TRACK"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".prefect").mkdir()
    return tmp_path / ".prefect"


@pytest.fixture(autouse=True)
def restored() -> object:
    """What is set here is not set for other tests."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


def test_without_a_server_prefect_keeps_its_files_in_the_home_folder(environment: Path, tmp_path: Path) -> None:
    runtime.prepare(Home(tmp_path / "home"))
    assert os.environ["PREFECT_HOME"] == str(tmp_path / "home" / "prefect")


def test_the_history_of_runs_does_not_grow_for_ever(environment: Path, tmp_path: Path) -> None:
    from prefect.settings.models.server.services import ServerServicesDBVacuumSettings

    assert environment.exists()
    assert "flow_runs" not in ServerServicesDBVacuumSettings().enabled_vacuum_types
    runtime.prepare(Home(tmp_path / "home"))
    assert "flow_runs" in ServerServicesDBVacuumSettings().enabled_vacuum_types


def test_a_configured_server_is_used(environment: Path, tmp_path: Path) -> None:
    profiles = 'active = "work"\n[profiles.work]\nPREFECT_API_URL = "http://prefect.example/api"\n'
    (environment / "profiles.toml").write_text(profiles)
    runtime.prepare(Home(tmp_path / "home"))
    assert "PREFECT_HOME" not in os.environ


def test_a_profile_without_a_server_is_none(environment: Path, tmp_path: Path) -> None:
    (environment / "profiles.toml").write_text('active = "mine"\n[profiles.mine]\n')
    runtime.prepare(Home(tmp_path / "home"))
    assert "PREFECT_HOME" in os.environ


@pytest.mark.parametrize(
    ("before", "after"), [("", "127.0.0.1,localhost"), ("a.example", "a.example,127.0.0.1,localhost"), ("*", "*")]
)
def test_loopback_is_reached_without_the_proxy(environment: Path, tmp_path: Path, before: str, after: str) -> None:
    os.environ["NO_PROXY"] = before
    runtime.prepare(Home(tmp_path / "home"))
    assert os.environ["NO_PROXY"] == after
    runtime.prepare(Home(tmp_path / "home"))
    assert os.environ["NO_PROXY"] == after
