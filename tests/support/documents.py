"""Examples in documents: the fences of a page, written and run as a reader would do it."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

_LIMIT_SECONDS = 300


@dataclass(frozen=True)
class Fence:
    """A fenced block: its language, its text, the line of the page it begins on, and the file it is, by ``title="…"``."""

    language: str
    text: str
    line: int
    title: str | None


def sections(page: Path) -> dict[str, list[Fence]]:
    """The fences of a page by the heading of the second level that they stand under; before the first by an empty one."""
    found: dict[str, list[Fence]] = {}
    heading = ""
    tokens = MarkdownIt().parse(page.read_text(encoding="utf-8"))
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "heading_open" and token.tag == "h2" and following:
            heading = following.content
        elif token.type == "fence" and token.map:
            title = re.search(r'title="([^"]+)"', token.info)
            language = token.info.split(maxsplit=1)[0] if token.info.strip() else ""
            fence = Fence(language, token.content, token.map[0] + 1, title[1] if title else None)
            found.setdefault(heading, []).append(fence)
    return found


class ExampleFailed(AssertionError):
    """An example does not run; the message has the line of the page and what the program said."""


def run(
    fences: list[Fence], folder: Path, python: Path | None = None, variables: Mapping[str, str] | None = None
) -> str:
    """Write the fences that are files into ``folder`` and run the others there, one after another; what all of them print.

    ``python`` runs those in Python; the programs beside it come first on the path. Raises ExampleFailed.
    """
    program = python or Path(sys.executable)
    path = os.pathsep.join([str(program.parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, **(variables or {})}
    commands = {"python": [str(program), "-"], "bash": ["bash", "-eu"]}
    said = ""
    for fence in fences:
        if fence.title:
            file = folder / fence.title
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(fence.text, encoding="utf-8")
        elif fence.language in commands:
            done = subprocess.run(
                commands[fence.language], input=fence.text, cwd=folder, env=environment, text=True,
                capture_output=True, check=False, timeout=_LIMIT_SECONDS,
            )  # fmt: skip
            said += done.stdout
            if done.returncode:
                raise ExampleFailed(f"the example of line {fence.line}: {(done.stderr or done.stdout).strip()[-1500:]}")
    return said
