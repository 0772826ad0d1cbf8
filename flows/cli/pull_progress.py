"""``entrepot pull`` on the terminal: a bar for each source, or plain lines, and the reports at the end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from flows import report
from flows.cli import run as runs
from flows.cli import terminal
from flows.progress import PullListener
from tasks.contract.service import Selection
from tasks.fetch.cancel import Cancellation
from tasks.fetch.report import PullProgress, PullReport
from warehouse.settings import Settings

#: Without a terminal, a line is printed for every so many requests.
_LINE_EVERY = 50

#: How the state of pulls and the messages of the program are shown.
_Display = tuple[PullListener, Callable[[str], None]]


def run(settings: Settings, sources: list[str], selection: Selection) -> int:
    """Pull, show the progress and the reports; return the exit status."""
    if not sources:
        terminal.write("there is no source that can be pulled")
        return 0
    cancellation = Cancellation()
    display = _bars(terminal.console, cancellation) if terminal.console.is_terminal else _lines()
    with display as (show, show_message), cancellation.on_cancel(lambda: show_message("stopping")):
        reports = runs.pull(settings, sources, selection, show, show_message, cancellation)
    _show_reports(reports)
    if cancellation.is_requested:
        terminal.warn("entrepot: stopped; what was archived stays, and the same command resumes the pull")
        return 130
    if any(pulled.new_files for pulled in reports):
        terminal.write(f"load what is new with: {terminal.command('build')}")
    return 0 if all(pulled.is_complete for pulled in reports) else 1


def _show_reports(reports: list[PullReport]) -> None:
    for pulled in reports:
        if pulled.total or not pulled.fault:
            terminal.write(pulled.describe())
    for fault in report.pull_faults(reports):
        terminal.fail(fault)


@contextmanager
def _bars(console: Console, cancellation: Cancellation) -> Iterator[_Display]:
    """A bar for each source: requests done, rows, quota left, time."""
    columns = (
        TextColumn("{task.description}"), BarColumn(bar_width=30), MofNCompleteColumn(), TextColumn("requests"),
        TextColumn("{task.fields[rows]:,} rows"), TextColumn("{task.fields[left]}"), TimeElapsedColumn(),
    )  # fmt: skip
    ids: dict[str, TaskID] = {}
    with Bars(*columns, console=console, transient=True) as bars:
        message_bar = bars.add_task("", total=None, rows=0, left="")

        def show(state: PullProgress | PullReport) -> None:
            bars.update(message_bar, visible=cancellation.is_requested)
            if state.source not in ids:
                ids[state.source] = bars.add_task(state.source, total=state.total, rows=0, left="")
            bars.update(
                ids[state.source],
                completed=state.done,
                total=state.total,
                rows=state.rows,
                left=_quota(state),
                description=f"{state.source}: stopping" if cancellation.is_requested else state.source,
            )
            if isinstance(state, PullReport):
                bars.stop_task(ids[state.source])

        yield show, lambda message: bars.update(message_bar, description=message, visible=True)


@contextmanager
def _lines() -> Iterator[_Display]:
    """Plain lines, one for every ``_LINE_EVERY`` requests of a source."""
    lines: dict[str, int] = {}

    def show(state: PullProgress | PullReport) -> None:
        line = state.done // _LINE_EVERY
        if lines.setdefault(state.source, line) < line:
            lines[state.source] = line
            counts = f"{state.done:,} of {state.total:,} requests, {state.rows:,} rows"
            terminal.warn(", ".join(filter(None, (f"{state.source}: {counts}", _quota(state)))))

    yield show, terminal.warn


def _quota(state: PullProgress | PullReport) -> str:
    return "" if state.quota_left is None else f"{state.quota_left:,} left"
