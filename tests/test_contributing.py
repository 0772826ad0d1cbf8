"""CONTRIBUTING.md names every room, in the order of the import contract."""

import re
import tomllib
from itertools import chain

import pytest

from tests.support.paths import ROOT


def _documented() -> list[str]:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return re.findall(r"(?m)^\| `([\w/]+)/` \|", text)


@pytest.mark.parametrize("folder", ["", "tasks/"])
def test_every_room_is_in_the_table(folder: str) -> None:
    packages = {path.parent.name for path in (ROOT / folder).glob("*/__init__.py")} - {"tasks"}
    assert packages
    assert {folder + name for name in packages} - set(_documented()) == set()


def test_the_table_names_no_room_that_is_not_there() -> None:
    assert [room for room in _documented() if not (ROOT / room).is_dir()] == []


def test_the_rooms_of_tasks_are_in_the_order_of_the_import_contract() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = (c for c in project["tool"]["importlinter"]["contracts"] if c.get("containers") == ["tasks"])
    layers = (layer.split(" | ") for layer in reversed(contract["layers"]))
    rooms = [room.removeprefix("tasks/") for room in _documented() if room.startswith("tasks/")]
    assert rooms == list(chain.from_iterable(layers))
