"""Stopping a pull that waits or reads, from a signal or another thread."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from warehouse.errors import EntrepotError


class Stopped(EntrepotError):
    """The pull was stopped by whoever started it."""


class Stop:
    """Set once, it ends every wait, and breaks off every connection, of the pulls it was given to."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._breaks: list[Callable[[], None]] = []

    @property
    def is_set(self) -> bool:
        """Whether it was set."""
        return self._event.is_set()

    def set(self) -> None:
        """Stop. May be called by the handler of a signal."""
        self._event.set()
        for break_off in list(self._breaks):
            break_off()

    def check(self) -> None:
        """Raise Stopped if it was set."""
        if self._event.is_set():
            raise Stopped("stopped")

    def sleep(self, seconds: float) -> None:
        """Wait so long. Raises Stopped as soon as it is set."""
        self._event.wait(max(0.0, seconds))
        self.check()

    @contextmanager
    def breaks(self, break_off: Callable[[], None]) -> Iterator[None]:
        """Have ``break_off`` called when it is set while the block runs."""
        self._breaks.append(break_off)
        try:
            yield
        finally:
            self._breaks.remove(break_off)
