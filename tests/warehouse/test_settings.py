"""The environment is read in one place, and a value that cannot be used is named with its setting."""

from pathlib import Path

import pytest

from warehouse.errors import SettingError
from warehouse.settings import Settings, from_environment


@pytest.fixture(autouse=True)
def _nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("HOME", "MEMORY_LIMIT", "THREADS", "WAIT_SECONDS", "MAX_BAD_SHARE", "KEEP_RELEASES"):
        monkeypatch.delenv(f"ENTREPOT_{name}", raising=False)


def test_without_an_environment_the_settings_are_the_defaults() -> None:
    assert from_environment() == Settings()


def test_the_environment_and_the_file_are_read_and_what_is_given_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("ENTREPOT_THREADS=3\nENTREPOT_PULL_LONGEST_WAIT=7\nENTREPOT_ECB_EXR_KEY=k\n")
    monkeypatch.setenv("ENTREPOT_HOME", "/srv/one")
    monkeypatch.setenv("ENTREPOT_KEEP_RELEASES", "2")
    settings = from_environment()
    assert (settings.home, settings.threads, settings.keep_releases) == (Path("/srv/one"), 3, 2)
    assert settings.pull.longest_wait == 7
    assert from_environment(Path("/srv/two")).home == Path("/srv/two")


def test_settings_that_are_made_read_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENTREPOT_KEEP_RELEASES", "2")
    monkeypatch.setenv("ENTREPOT_PULL_LONGEST_WAIT", "7")
    settings = Settings(home=Path("elsewhere"))
    assert (settings.keep_releases, settings.pull.longest_wait) == (5, 120)


@pytest.mark.parametrize(
    ("name", "value"), [("ENTREPOT_KEEP_RELEASES", "0"), ("ENTREPOT_THREADS", "two"), ("ENTREPOT_PULL_ATTEMPTS", "-1")]
)
def test_a_value_that_cannot_be_used_is_named(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingError, match=f"the setting {name} cannot be used: .*; it is '{value}'"):
        from_environment()
