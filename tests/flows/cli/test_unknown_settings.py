"""A setting that nobody reads is told, and every setting that somebody reads is known."""

import importlib
import pkgutil
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings

import flows
import tasks
import warehouse
from flows.cli import unknown_settings
from tasks import sources
from tasks.fetch.endpoint import setting_name
from warehouse.errors import SettingError
from warehouse.settings import from_environment


def test_a_misspelt_setting_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("ENTREPOT_UNCOMTRADE_KEI=secret\nOTHER=1\n", "utf-8")
    monkeypatch.setenv("ENTREPOT_MEMROY_LIMIT", "2GB")
    monkeypatch.setenv("entrepot_keep_releases", "3")
    assert list(unknown_settings.warnings()) == [
        "the setting ENTREPOT_MEMROY_LIMIT is unknown and has no effect: ENTREPOT_MEMORY_LIMIT is meant?",
        "the setting ENTREPOT_UNCOMTRADE_KEI is unknown and has no effect: ENTREPOT_UNCOMTRADE_KEY is meant?",
    ]


def test_a_file_that_is_no_text_is_told_by_who_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_bytes(b"ENTREPOT_HOME=\xff\xfe\n")
    assert list(unknown_settings.warnings()) == []
    with pytest.raises(SettingError, match=r"\.env cannot be read"):
        from_environment()


def test_the_settings_of_every_source_are_known() -> None:
    known = set(unknown_settings.names())
    assert {setting_name(id, name) for id in sources.all_sources() for name in ("KEY", "URL")} <= known


def test_every_class_of_settings_is_known() -> None:
    """Those that name their prefix; the endpoints of sources get theirs with each reading."""
    for package in (flows, tasks, warehouse):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "._shared" not in module.name and "tasks.sources." not in module.name:
                importlib.import_module(module.name)
    read = {
        f"{made.model_config['env_prefix']}{name}".upper()
        for made in BaseSettings.__subclasses__()
        if made.model_config["env_prefix"].startswith("ENTREPOT_")
        for name in made.model_fields
    }
    assert "ENTREPOT_SHARE_TOKEN" in read
    assert read - {"ENTREPOT_PULL", "ENTREPOT_ALERT"} <= set(unknown_settings.names())
