"""``entrepot pull`` as a person sees it: a bar for each source, or plain lines, and how it ended."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from flows import report
from flows.cli import run as runs
from flows.cli import terminal
from tasks.contract.service import Selection
from tasks.fetch.cancel import Stop
from tasks.fetch.pull import Progress, Pulled
from warehouse.settings import Settings

#: Without a terminal a line is printed for every so many requests.
_LINE_EVERY = 50

Shown = Callable[[Progress | Pulled], None]


def run(settings: Settings, sources: list[str], selection: Selection) -> int:
    """Pull, show how far it is, and say what came; return the exit status."""
    if not sources:
        terminal.write("there is no source that can be pulled")
        return 0
    stop = Stop()
    showing = _bars(terminal.console, stop) if terminal.console.is_terminal else _lines()
    with showing as (shown, show_message), stop.breaks(lambda: show_message("stopping")):
        reports = runs.pull(settings, sources, selection, shown, show_message, stop)
    for pulled in (p for p in reports if p.total or not p.fault):
        terminal.write(report.pulled_sentence(pulled))
    for fault in report.pulled_faults(reports):
        terminal.fail(fault)
    if stop.is_set:
        terminal.warn("entrepot: stopped; what was archived stays, and the same command resumes from there")
        return 130
    if any(pulled.new_files for pulled in reports):
        terminal.write(f"load what is new with: {terminal.command('build')}")
    return 0 if all(pulled.is_whole for pulled in reports) else 1


@contextmanager
def _bars(console: Console, stop: Stop) -> Iterator[tuple[Shown, Callable[[str], None]]]:
    """A bar a source: requests done, rows, requests left, time."""
    columns = (
        TextColumn("{task.description}"), BarColumn(bar_width=30), MofNCompleteColumn(), TextColumn("requests"),
        TextColumn("{task.fields[rows]:,} rows"), TextColumn("{task.fields[left]}"), TimeElapsedColumn(),
    )  # fmt: skip
    bars: dict[str, TaskID] = {}
    with Bars(*columns, console=console, transient=True) as shown:
        waiting = shown.add_task("", total=None, rows=0, left="")

        def show(moved: Progress | Pulled) -> None:
            shown.update(waiting, visible=stop.is_set)
            if moved.source not in bars:
                bars[moved.source] = shown.add_task(moved.source, total=moved.total, rows=0, left="")
            left = "" if moved.left is None else f"{moved.left:,} left"
            state = f"{moved.source}: stopping" if stop.is_set else moved.source
            shown.update(
                bars[moved.source],
                completed=moved.done,
                total=moved.total,
                rows=moved.rows,
                left=left,
                description=state,
            )
            if isinstance(moved, Pulled):
                shown.stop_task(bars[moved.source])

        yield show, lambda message: shown.update(waiting, description=message, visible=True)


@contextmanager
def _lines() -> Iterator[tuple[Shown, Callable[[str], None]]]:
    """Plain lines: for every so many requests of a source."""
    last: dict[str, int] = {}

    def show(moved: Progress | Pulled) -> None:
        mark = moved.done // _LINE_EVERY
        if last.setdefault(moved.source, mark) < mark:
            last[moved.source] = mark
            left = "" if moved.left is None else f", {moved.left:,} left"
            terminal.warn(f"{moved.source}: {moved.done:,} of {moved.total:,} requests, {moved.rows:,} rows{left}")

    yield show, terminal.warn
