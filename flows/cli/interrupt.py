"""Ctrl-C for work that is to end in its own time: it is heard by a thread of its own and interrupts nothing."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tasks.fetch.cancel import Stop


@contextmanager
def by_interrupt(stop: Stop) -> Iterator[None]:
    """Set ``stop`` at Ctrl-C while the block runs. Only in the main thread.

    The signal is blocked in this thread, and so for the programs and threads the block starts: Prefect's server is one, and
    would otherwise end at the same keystroke, with what it is to be told next. The listener is told through a pipe, since
    the signal may arrive in a thread of a library that knows nothing of it.
    """
    heard, rings = os.pipe()
    os.set_blocking(rings, False)
    handler = signal.signal(signal.SIGINT, lambda *_: None)
    pipe = signal.set_wakeup_fd(rings, warn_on_full_buffer=False)
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    listener = threading.Thread(target=_listen, args=(heard, stop), daemon=True)
    listener.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(pipe)
        os.close(rings)
        listener.join()
        os.close(heard)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGINT, handler)


def _listen(heard: int, stop: Stop) -> None:
    """Until the pipe is closed."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    while numbers := os.read(heard, 64):
        if signal.SIGINT in numbers:
            stop.set()
