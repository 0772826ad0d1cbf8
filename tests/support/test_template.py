"""The warehouse that tests copy is made once, by one of those that ask for it, and older ones are removed."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tasks.identity import fingerprint
from tests.support import template
from warehouse.settings import Home, Settings


@pytest.fixture
def homes(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The homes in which a file was made, in order."""
    places: list[Path] = []

    def make(home: Home, _: Settings) -> Path:
        places.append(home.root)
        home.root.mkdir(parents=True, exist_ok=True)
        home.warehouse.write_bytes(b"warehouse")
        return home.warehouse

    monkeypatch.setattr(template, "_make", make)
    monkeypatch.setattr(fingerprint, "keep_in", lambda _: None)
    return places


def test_one_of_many_makes_it_and_the_others_wait(homes: list[Path], settings: Settings, tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        paths = list(threads.map(lambda _: template.warehouse_file(tmp_path, settings), range(8)))
    assert len(homes) == len(set(paths)) == 1
    assert paths[0].read_bytes() == b"warehouse"


def test_the_files_that_were_used_longest_ago_are_removed(
    homes: list[Path], settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, state in enumerate("abcdab"):  # a and b are used again
        monkeypatch.setattr(template, "identity", lambda state=state: state * 64)
        os.utime(template.warehouse_file(tmp_path, settings), (number, number))
    monkeypatch.setattr(template, "identity", lambda: "e" * 64)
    template.warehouse_file(tmp_path, settings)
    assert sorted(path.stem[0] for path in tmp_path.glob("*.duckdb")) == ["a", "b", "d", "e"]
    assert len(homes) == 5
