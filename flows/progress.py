"""The messages of a running build and the state of running pulls, for whoever started them in this process.

A flow runs in the process that starts it, but Prefect passes it only parameters that it can store. So the command line
registers its listener here, and the tasks of the flow report here.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from typing import TypeVar

from flows.report import FileReport
from tasks.fetch.cancel import Cancellation
from tasks.fetch.report import PullProgress, PullReport

T = TypeVar("T")

#: Receives the progress of each pull, and its report when it has ended.
PullListener = Callable[[PullProgress | PullReport], None]

_build_listeners: list[Callable[[str], None]] = []
_pull_listeners: list[tuple[PullListener, Cancellation]] = []


def report_message(message: str) -> None:
    """Pass on what a flow is doing now, to its listeners and to the log of its run."""
    for listener in _build_listeners:
        listener(message)
    _log(message)


def report_file(file: FileReport) -> None:
    """Write how a file was loaded to the log of the run."""
    _log_fields("file", asdict(file))


def report_release(release: str, counts: Mapping[str, object]) -> None:
    """Write that a release was published to the log of the run."""
    _log_fields("release", {"release": release, **counts})


def _log_fields(what: str, fields: Mapping[str, object]) -> None:
    """Log fields that a program can read: names, and values as JSON, without those that say nothing."""
    said = {name: value for name, value in fields.items() if value not in (None, 0, "", (), [], {})}
    _log(" ".join([what, *(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in said.items())]))


def _log(message: str) -> None:
    """Log to Prefect's logger of the run that this is called in; nothing where there is none, as in a command that starts no Prefect."""
    if "prefect" not in sys.modules:  # importing it takes two seconds
        return
    from prefect.exceptions import MissingContextError
    from prefect.logging import get_run_logger

    with suppress(MissingContextError):
        get_run_logger().info("%s", message)


def counted(items: Sequence[T], what: str) -> Iterator[T]:
    """The items one by one; the page of the run shows how many of them are done."""
    from prefect.artifacts import create_progress_artifact, update_progress_artifact

    shown = create_progress_artifact(0.0, key=what.replace(" ", "-"), description=f"{what}, of {len(items)}")
    for number, item in enumerate(items, 1):
        yield item
        update_progress_artifact(shown, 100.0 * number / len(items))  # type: ignore[arg-type]


@contextmanager
def listening_to_build(listener: Callable[[str], None]) -> Iterator[None]:
    """Let ``listener`` receive the messages of builds while the block runs."""
    _build_listeners.append(listener)
    try:
        yield
    finally:
        _build_listeners.remove(listener)


def report_pull(state: PullProgress | PullReport) -> None:
    """Pass on how far a pull is, or how it ended; how it ended is in the log of the run, too."""
    for listener, _ in _pull_listeners:
        listener(state)
    if isinstance(state, PullReport):
        _log_fields("pull", asdict(state))


def pull_cancellation() -> Cancellation:
    """The cancellation of the pulls of this process."""
    return _pull_listeners[-1][1] if _pull_listeners else Cancellation()


@contextmanager
def listening_to_pulls(listener: PullListener, cancellation: Cancellation) -> Iterator[None]:
    """Let ``listener`` receive the state of pulls, and ``cancellation`` end them, while the block runs."""
    _pull_listeners.append((listener, cancellation))
    try:
        yield
    finally:
        _pull_listeners.remove((listener, cancellation))
