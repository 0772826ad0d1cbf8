"""Cancelling a pull that waits or reads, from a signal handler or another thread."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from warehouse.errors import EntrepotError


class Cancelled(EntrepotError):
    """Whoever started the pull has cancelled it."""


class Cancellation:
    """A request to end pulls that many threads share. It ends every wait and every connection of these pulls."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._callbacks: list[Callable[[], None]] = []

    @property
    def is_requested(self) -> bool:
        """Whether ``cancel`` was called."""
        return self._event.is_set()

    def cancel(self) -> None:
        """Cancel the pulls. May be called by a signal handler."""
        self._event.set()
        for callback in list(self._callbacks):
            callback()

    def check(self) -> None:
        """Raise Cancelled if ``cancel`` was called."""
        if self._event.is_set():
            raise Cancelled("cancelled")

    def sleep(self, seconds: float) -> None:
        """Wait. Raises Cancelled as soon as ``cancel`` is called."""
        self._event.wait(max(0.0, seconds))
        self.check()

    @contextmanager
    def on_cancel(self, callback: Callable[[], None]) -> Iterator[None]:
        """While the block runs, let ``cancel`` call ``callback``."""
        self._callbacks.append(callback)
        try:
            yield
        finally:
            self._callbacks.remove(callback)
