"""What the project says to people: no message sends a user to a file of the installed package."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[1]
_PACKAGES = ("entrepot", "flows", "schemas", "tasks", "warehouse")
#: Files with data or SQL, of which a user may want to change one.
_KINDS = ("csv", "json", "sql", "toml", "yml")
_DATA = frozenset(
    path.name for package in _PACKAGES for kind in _KINDS for path in (_ROOT / package).rglob(f"*.{kind}")
)
#: The name of such a file, with its folders if it has some. In another folder it is one of the home folder, meant to be edited.
_NAMED = re.compile(rf"(?<![\w./])(?:(?:{'|'.join(_PACKAGES)})/[\w./]*)?[\w.]+\.(?:{'|'.join(_KINDS)})\b")


def messages(path: Path) -> Iterator[str]:
    """The texts of a module that are sentences: neither a docstring nor a comment that is written into a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    texts = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and node not in docstrings)
    yield from (
        text for node in texts if isinstance(text := node.value, str) and len(text.split()) > 2 and text[0] != "#"
    )


def files_of_the_package(message: str) -> set[str]:
    """What a message names of the package."""
    return {name for name in _NAMED.findall(message) if "/" in name or name in _DATA}


@pytest.mark.parametrize("package", _PACKAGES)
def test_no_message_names_a_file_of_the_package(package: str) -> None:
    found = {
        f"{path.relative_to(_ROOT)}: {message}"
        for path in (_ROOT / package).rglob("*.py")
        for message in messages(path)
        if files_of_the_package(message)
    }
    assert not found


def test_files_of_the_package_are_known_from_those_of_the_home_folder() -> None:
    assert files_of_the_package("Add it to tasks/sources/chn_nbs/client_units.csv") == {
        "tasks/sources/chn_nbs/client_units.csv"
    }
    assert files_of_the_package("Add those wanted to series.csv of the source jpn.boj") == {"series.csv"}
    assert not files_of_the_package("Say what it is in vocabulary/indicator_codes.csv of the home folder")
