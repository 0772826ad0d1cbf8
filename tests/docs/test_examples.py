"""The console examples of the documents give what they show, of the bundled figures."""

import contextlib
import re
import shlex
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli.app import app
from tests.support import documents
from tests.support.documents import Fence
from tests.support.paths import ROOT
from warehouse.settings import Home

PAGES = ("tutorial.md", "questions.md", "marts.md", "vintages.md", "traps.md", "faq.md")


def commands(text: str) -> list[tuple[str, list[str]]]:
    """The commands of a console example, each with the lines that it gives; a statement between quotes may have several lines."""
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif found and _is_open(found[-1][0]):
            found[-1] = (f"{found[-1][0]}\n{line}", [])
        else:
            found[-1][1].append(line)
    return found


def _is_open(command: str) -> bool:
    try:
        shlex.split(command)
    except ValueError:
        return True
    return False


def examples() -> list[tuple[str, Fence]]:
    pages = [ROOT / "docs" / name for name in PAGES] + [ROOT / "README.md"]
    return [(page.name, f) for page in pages for fences in documents.sections(page).values() for f in fences if f.language == "console"]  # fmt: skip


@pytest.fixture(scope="module")
def given(bundled: Home, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[str]]:
    """The lines that a command gives; those of one that several pages show are asked once."""

    folder = tmp_path_factory.mktemp("examples")

    @cache
    def ask(command: str) -> list[str]:
        program, *arguments = shlex.split(command)
        assert program == "entrepot"
        with contextlib.chdir(folder):  # an example may write a file
            result = CliRunner().invoke(app, ["--home", str(bundled.root), *arguments], env={"COLUMNS": "200"})
        return [line.rstrip() for line in result.output.splitlines() if line.strip()]

    return ask


@pytest.mark.parametrize(
    ("page", "fence"), examples(), ids=lambda part: part if isinstance(part, str) else f"line {part.line}"
)
def test_an_example_gives_what_it_shows(given: Callable[[str], list[str]], page: str, fence: Fence) -> None:
    for command, shown in commands(fence.text):
        wanted = [line.rstrip() for line in shown if line.strip()]
        assert _are_alike(given(command), wanted), "\n".join(given(command))


def _are_alike(given: list[str], wanted: list[str]) -> bool:
    """Whether lines are as shown; ``…`` at the end of a line stands for the rest of it, alone for lines that are left out."""
    if not wanted:
        return not given
    if wanted[0] == "…":
        return any(_are_alike(given[n:], wanted[1:]) for n in range(len(given) + 1))
    if not given:
        return False
    pattern = ".*".join(re.escape(part) for part in wanted[0].split("…"))
    return re.fullmatch(pattern, given[0]) is not None and _are_alike(given[1:], wanted[1:])


def test_examples_are_found_on_the_pages() -> None:
    assert len(examples()) > 15
    assert {page for page, _ in examples()} >= {"tutorial.md", "questions.md", "vintages.md", "README.md"}


def test_lines_may_be_left_out() -> None:
    assert _are_alike(["a", "b 1", "c"], ["a", "b …", "c"])
    assert _are_alike(["a", "b", "c"], ["…", "c"])
    assert not _are_alike(["a", "b"], ["a"])
    assert not _are_alike(["a"], ["a", "b"])


def test_a_statement_of_several_lines_is_one_command() -> None:
    assert commands('$ entrepot sql "SELECT 1\nAS a"\n1\n$ entrepot status\nall\n') == [
        ('entrepot sql "SELECT 1\nAS a"', ["1"]),
        ("entrepot status", ["all"]),
    ]


def test_pages_with_examples_are_there() -> None:
    assert [name for name in PAGES if not (Path(ROOT) / "docs" / name).is_file()] == []
