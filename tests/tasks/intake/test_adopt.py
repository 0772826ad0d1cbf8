"""Folders as they lie on disks: only regular files below the named folder are read, and what is not read is told."""

import os
import socket
import zipfile
from pathlib import Path

import pytest

from tasks.intake import adopt
from tests.support.loading import adopt_files
from warehouse.settings import Home

RATES = "observation_date,AEXCHUS\n2016-01-01,6.64\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "downloads"
    made.mkdir()
    return made


def told(home: Home, *paths: Path) -> dict[str, str]:
    """What became of each file, in words."""
    return {a.path.name: a.message for a in adopt.adopt(home, list(paths), "fred.fx")}


@pytest.mark.timeout(30)
def test_pipes_sockets_and_devices_are_told_and_not_opened(
    home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(folder / "pipe.csv")
    monkeypatch.chdir(folder)  # the path of a socket may not be long
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.csv")
        (folder / "rates.csv").write_text(RATES, encoding="utf-8")
        messages = told(home, folder)
    assert {name for name, message in messages.items() if "is not read" in message} == {"pipe.csv", "socket.csv"}
    assert "FRED" in messages["rates.csv"]
    assert "a pipe, socket or device" in told(home, folder / "pipe.csv")["pipe.csv"]
    assert "a pipe, socket or device" in told(home, Path("/dev/zero"))["zero"]


def test_a_link_out_of_the_folder_is_told_and_not_followed(home: Home, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text(RATES, encoding="utf-8")
    (folder / "inner.csv").write_text(RATES.replace("6.64", "6.65"), encoding="utf-8")
    (folder / "out.csv").symlink_to(tmp_path / "secret.csv")
    (folder / "in.csv").symlink_to(folder / "inner.csv")
    (folder / "gone.csv").symlink_to(folder / "nothing.csv")
    (folder / "etc").symlink_to("/etc")
    messages = told(home, folder)
    assert "a link out of the folder" in messages["out.csv"]
    assert "a link to a folder" in messages["etc"]
    assert "not there" in messages["gone.csv"]
    assert "FRED" in messages["in.csv"]
    assert "FRED" in told(home, folder / "out.csv")["out.csv"]  # named by itself


def test_names_with_control_characters_are_not_taken(home: Home, folder: Path) -> None:
    (folder / "a\nb\x1b[31m.csv").write_text(RATES, encoding="utf-8")
    with zipfile.ZipFile(folder / "rates.zip", "w") as archive:
        archive.writestr("a\x1b]0;title\x07.csv", RATES)
    results = adopt_files(home, folder)
    assert {name: a.source for name, a in results.items()} == {"a\\nb\\x1b[31m.csv": None, "rates.zip": None}
    assert "control characters" in results["rates.zip"].message
    assert "\x1b" not in results["rates.zip"].message
