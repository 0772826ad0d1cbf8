"""Where the command line writes: results to standard output, everything else to standard error.

Messages of the steps say `entrepot build`: they know neither how the program was called nor with which options. Here each
command between backquotes gets the home folder of this call, so that it can be copied.
"""

import shlex
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from re import sub
from typing import TYPE_CHECKING

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from flows.cli import options
from warehouse import printable
from warehouse.settings import Settings

if TYPE_CHECKING:  # importing it takes longer than most commands
    from flows.report import BuildReport

#: Width where the output goes to a file or a log, so that rows stay on one line.
_LOG_WIDTH = 200


class _Console(Console):
    """A console on which no text of others (names in archives, words of publishers) can steer the terminal."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """As rich renders it, with control characters escaped in every piece of text."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=printable.escaped(segment.text))


console = _Console(soft_wrap=True, width=None if sys.stdout.isatty() else _LOG_WIDTH)
errors = _Console(stderr=True, soft_wrap=True, highlight=False)


def write(text: str) -> None:
    """Write a line to standard output."""
    console.print(complete_hints(text), markup=False, highlight=False)


def write_data(text: str) -> None:
    """Write a line of data to standard output, exactly as it is."""
    console.print(text, markup=False, highlight=False)


def warn(text: str) -> None:
    """Write a line to standard error."""
    errors.print(complete_hints(text), markup=False)


def fail(text: str) -> None:
    """Write what went wrong to standard error, in red on a terminal."""
    errors.print(complete_hints(text), markup=False, style="red")


@contextmanager
def progress(first: str) -> Iterator[Callable[[str], None]]:
    """Say on standard error what is being done: ``first``, and then each message that the given function gets.

    On a terminal the last message is shown while it is true; elsewhere, as in a log, each is a line.
    """
    with errors.status(first) as status:

        def show(message: str) -> None:
            status.update(message)
            if not errors.is_terminal:
                warn(message)

        show(first)
        yield show


def show_build(report: "BuildReport") -> None:
    """Write what a build did and where to look at the rows that it quarantined. Ends with status 1 if a file has a fault."""
    for sentence in report.sentences():
        write(sentence)
    if report.quarantined:
        write(f"look at the quarantined rows: {command('quarantine list')}")
    if report.wrong:
        raise SystemExit(1)


def command(arguments: str) -> str:
    """A command line of entrepot as the user would type it again, with the home folder of this call.

    ``sql 'FROM trade'`` becomes ``entrepot --home 'warehouse 2' sql 'FROM trade'``.
    """
    chosen = options.current_settings().home
    home = "" if chosen == _default_home() else f"--home {shlex.quote(str(chosen))} "
    return f"{_program()} {home}{arguments}"


def complete_hints(text: str) -> str:
    """A message in which each command between backquotes names the home folder."""
    return sub(r"`entrepot (?P<arguments>[a-z][^`]*)`", lambda hint: f"`{command(hint['arguments'])}`", text)


def _default_home() -> Path:
    default: Path = Settings.model_fields["home"].default
    return default


def _program() -> str:
    """How this program was called."""
    if shutil.which("entrepot"):
        return "entrepot"
    called = Path(sys.argv[0])
    return str(called.relative_to(Path.cwd())) if called.is_relative_to(Path.cwd()) else str(called)
