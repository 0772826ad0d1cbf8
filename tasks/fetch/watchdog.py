"""Ending a connection from another thread: when its headers are late, or when the pull is cancelled."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any


class Watchdog:
    """Knows the connection that the HTTP client uses, which the client shows only after the headers have arrived."""

    def __init__(self) -> None:
        self._stream: Any = None
        self.has_expired = False

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """Remember the connection; the HTTP client calls this as its ``trace`` extension."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._stream = info["return_value"]

    @contextmanager
    def deadline(self, seconds: float) -> Iterator[None]:
        """End the connection if the block takes longer; each single byte may be in time. Sets ``has_expired``."""
        self.has_expired = False
        timer = threading.Timer(seconds, self._expire)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def end_connection(self) -> None:
        """End a read at once. Shutting down a socket is safe from another thread, closing it is not."""
        line = self._stream.get_extra_info("socket") if self._stream else None
        if line is not None:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def _expire(self) -> None:
        self.has_expired = True
        self.end_connection()
