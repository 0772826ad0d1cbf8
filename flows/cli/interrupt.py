"""Ctrl-C for work that ends in its own time: a thread receives the signal, and nothing else is interrupted."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tasks.fetch.cancel import Cancellation


@contextmanager
def cancelled_by_interrupt(cancellation: Cancellation) -> Iterator[None]:
    """Let Ctrl-C cancel the work while the block runs. Only for the main thread.

    The signal is blocked in this thread, and so in the programs and threads that the block starts. Prefect's server is
    one of them: the same keystroke would end it before it stores how the flow ended. A thread learns of the signal
    through a pipe, because the signal may arrive in a thread of a library.
    """
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    handler = signal.signal(signal.SIGINT, lambda *_: None)
    previous_pipe = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    listener = threading.Thread(target=_listen, args=(reading, cancellation), daemon=True)
    listener.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(previous_pipe)
        os.close(writing)
        listener.join()
        os.close(reading)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGINT, handler)


def _listen(reading: int, cancellation: Cancellation) -> None:
    """Cancel at each SIGINT, until the pipe is closed."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    while numbers := os.read(reading, 64):
        if signal.SIGINT in numbers:
            cancellation.cancel()
