"""``entrepot new-source``: what it writes passes the checks as it is."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli import new_source
from flows.cli.app import app
from tests.support import project_copy
from tests.support.paths import ROOT
from warehouse.errors import Unknown

SOURCE = "demo.figures"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with the skeleton of a source in it."""
    root = project_copy.make(tmp_path_factory.mktemp("checkout"))
    for name in ("README.md", "pyproject.toml"):
        shutil.copy(ROOT / name, root)
    for folder in ("docs", "tests/support", "tests/tasks/pages"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "tests" / "tasks" / "sources").mkdir(parents=True)
    for name in ("tests/__init__.py", "tests/conftest.py"):
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, root / name)
    new_source.write(SOURCE, root)
    return root


def run(checkout: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a module of the environment in the copy, with the copy's code."""
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=checkout, env=environment, capture_output=True, text=True, check=False, timeout=240,
    )  # fmt: skip


def written(checkout: Path) -> list[str]:
    """The Python files of the skeleton."""
    return sorted(p.relative_to(checkout).as_posix() for p in checkout.rglob("*demo_figures*/**/*.py")) + sorted(
        p.relative_to(checkout).as_posix() for p in checkout.rglob("*demo_figures.py")
    )


def test_the_skeleton_has_package_schema_query_and_test(checkout: Path) -> None:
    assert written(checkout) == [
        "tasks/sources/demo_figures/__init__.py", "schemas/demo_figures.py", "tests/tasks/sources/test_demo_figures.py",
    ]  # fmt: skip
    assert (checkout / "tasks/sources/demo_figures/indicator.sql").exists()
    assert "Fill in" in (checkout / "docs/sources/demo.figures.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "check", [("ruff", "format", "--check"), ("ruff", "check"), ("mypy",)], ids=lambda c: " ".join(c)
)
def test_the_skeleton_passes_format_lint_and_types(checkout: Path, check: tuple[str, ...]) -> None:
    done = run(checkout, *check, *written(checkout))
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_tests_of_the_skeleton_pass_and_its_page_is_up_to_date(checkout: Path) -> None:
    done = run(
        checkout, "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "tests/tasks/sources/test_demo_figures.py",
        "tests/tasks/pages/test_source_pages.py",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_file_says_what_to_fill_in(checkout: Path) -> None:
    for name in [*written(checkout), "tasks/sources/demo_figures/indicator.sql"]:
        assert list(new_source.places_to_fill_in(checkout / name)), name


def test_nothing_is_overwritten(checkout: Path) -> None:
    with pytest.raises(Unknown, match="exists: choose another id"):
        new_source.write(SOURCE, checkout)


@pytest.mark.parametrize(
    "source_id", ["Demo", "demo figures", "demo.figures.more", "../demo", "", "shared", "json", "demo."]
)
def test_an_id_of_another_form_is_refused(tmp_path: Path, source_id: str) -> None:
    with pytest.raises(Unknown, match="is not an id of a source"):
        new_source.write(source_id, tmp_path)


def test_an_installation_without_tests_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unknown, match="is not a checkout of the project"):
        new_source.write(SOURCE, tmp_path)


def test_pages_that_cannot_be_written_are_reported_with_the_cause(tmp_path: Path) -> None:
    (tmp_path / "tests" / "tasks" / "sources").mkdir(parents=True)
    with pytest.raises(Unknown) as fault:
        new_source.write(SOURCE, tmp_path)
    assert str(fault.value) == (
        "the skeleton is written, but README.md is not: FileNotFoundError: [Errno 2] No such file or directory: "
        "'README.md'. Correct that and run `make docs`"
    )
    assert (tmp_path / "schemas" / "demo_figures.py").exists()


def test_files_are_named_as_seen_from_the_current_folder(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    path = checkout / "schemas" / "demo_figures.py"
    monkeypatch.setattr(new_source, "write", lambda _: [path])
    for folder, shown in ((checkout, "schemas/demo_figures.py:"), (checkout / "docs", f"{path}:")):
        monkeypatch.chdir(folder)
        output = CliRunner().invoke(app, ["new-source", SOURCE]).output + capfd.readouterr().out
        assert output.startswith(shown)
