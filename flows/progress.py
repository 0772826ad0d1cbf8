"""Showing how far a build or a pull is, and stopping a pull. A flow tells; whoever started it decides how it is shown."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tasks.fetch.cancel import Stop
from tasks.fetch.pull import Progress, Pulled

_listeners: list[Callable[[str], None]] = []
_watchers: list[tuple[Callable[[Progress | Pulled], None], Stop]] = []


def tell(message: str) -> None:
    """Say what is being done now."""
    for listener in _listeners:
        listener(message)


@contextmanager
def listening(listener: Callable[[str], None]) -> Iterator[None]:
    """Have ``listener`` told while the block runs."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def show(moved: Progress | Pulled) -> None:
    """Say how far a pull of one source is, or how it ended."""
    for watcher, _ in _watchers:
        watcher(moved)


def stop() -> Stop:
    """What stops the pulls of this process."""
    return _watchers[-1][1] if _watchers else Stop()


@contextmanager
def watching(watcher: Callable[[Progress | Pulled], None], stop: Stop) -> Iterator[None]:
    """Have ``watcher`` shown every pull while the block runs, and ``stop`` obeyed."""
    _watchers.append((watcher, stop))
    try:
        yield
    finally:
        _watchers.remove((watcher, stop))
