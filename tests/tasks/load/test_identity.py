"""What every load depends on: not comments in SQL, but everything else in it."""

from pathlib import Path

import pytest

from tasks.identity.closure import Tree
from tasks.load import identity as load_identity
from tests.support import project_copy


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the project."""
    return project_copy.make(tmp_path)


def of_loading(root: Path) -> str:
    return load_identity.of_loading(Tree(root))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_copy_of_the_project_has_the_same_identity(root: Path) -> None:
    assert of_loading(root) == load_identity.of_loading()


def test_a_comment_in_the_sql_all_loads_go_through_does_not_count(root: Path) -> None:
    change(root / "warehouse/sql/load/citations.sql", "-- Citations that", "-- All the citations that")
    assert of_loading(root) == load_identity.of_loading()


def test_anything_else_in_it_does(root: Path) -> None:
    change(root / "warehouse/sql/load/citations.sql", "SELECT DISTINCT", "SELECT")
    assert of_loading(root) != load_identity.of_loading()
