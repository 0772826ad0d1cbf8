"""The wheel: one package, which works beside a user's own ``flows`` and ``tasks`` and does what the checkout does."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

import entrepot
from entrepot import asking, running
from hatch_build import PACKAGES, renamed
from tasks.identity import closure
from tasks.load.identity import ENTRIES
from tests.support import wheel

_ASKED = """
import entrepot, json, sys
from importlib.metadata import files
from entrepot.tasks.identity import closure
from entrepot.tasks.load.identity import ENTRIES
public = {name: type(getattr(entrepot, name)).__name__ for name in entrepot.__all__}
tree = closure.Tree()
print(json.dumps({
    "public": public,
    "hash": tree.hash([tree.module(entry) for entry in ENTRIES]),
    "files": sorted(tree.paths),
    "foreign": sorted(name for name in sys.modules if name.split(".")[0] in ("flows", "schemas", "tasks", "warehouse")),
    "top": sorted({file.parts[0] for file in files("entrepot") if file.suffix == ".py"}),
}))
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return wheel.installed(tmp_path_factory.mktemp("installed"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A user's project with packages of the names of ours, which cannot be imported."""
    for package in PACKAGES:
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").write_text("raise SystemError('the package of the user')\n", "utf-8")
    return tmp_path


def _output(python: Path, project: Path, *arguments: str) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "ENTREPOT_"))}
    done = subprocess.run(
        [str(python), *arguments], cwd=project, env=clean, capture_output=True, text=True, check=False, timeout=120
    )
    assert not done.returncode, done.stderr
    return done.stdout


def test_a_user_has_packages_of_the_same_names(python: Path, project: Path) -> None:
    found = json.loads(_output(python, project, "-c", _ASKED))
    assert set(found["public"]) == set(entrepot.__all__)
    assert found["public"]["build"] == "Flow"
    assert (found["foreign"], found["top"]) == ([], ["entrepot"])


def test_what_the_checkout_loaded_the_wheel_does_not_load_again(python: Path, project: Path) -> None:
    found, tree = json.loads(_output(python, project, "-c", _ASKED)), closure.Tree()
    assert found["files"] == sorted(tree.paths)
    assert found["hash"] == tree.hash([tree.module(entry) for entry in ENTRIES])


def test_the_command_line_works(python: Path, project: Path) -> None:
    assert "Show what is published" in _output(python, project, "-m", "entrepot", "--help")


def test_every_public_name_is_defined_where_it_is_said_to_be() -> None:
    assert {name for module in (running, asking) for name in module.__all__} == set(entrepot.__all__)
    with pytest.raises(AttributeError, match=r"public are .*build"):
        _ = entrepot.nothing


def test_only_names_of_our_modules_are_changed() -> None:
    text = 'from tasks import load\n    # from tasks import x\nfrom prefect import flow\nif 1:\n    from flows.build import (\n        build,\n    )\nx = "from tasks import load"\nfrom .tasks import y\n'
    text = text.replace("    # from", "# from")
    changed = renamed(text, "a.py").splitlines()
    different = [(a, b) for a, b in zip(text.splitlines(), changed, strict=True) if a != b]
    assert different == [
        ("from tasks import load", "from entrepot.tasks import load"),
        ("    from flows.build import (", "    from entrepot.flows.build import ("),
    ]
    text = 'é = "ü"; from tasks import a; from  flows import b\n# \x0c a form feed\nfrom schemas import c\n'
    assert renamed(text, "a.py") == re.sub("(tasks|flows|schemas) import", r"entrepot.\1 import", text)
    with pytest.raises(ValueError, match=r"a.py:1: write `from"):
        renamed("import tasks.load\n", "a.py")
