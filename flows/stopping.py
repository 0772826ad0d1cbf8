"""Ctrl-C for work that is to end in its own time: it is heard by a thread of its own and interrupts nothing."""

import _thread
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tasks.fetch.stop import Stop


@contextmanager
def by_interrupt(stop: Stop) -> Iterator[None]:
    """Set ``stop`` at the first Ctrl-C, interrupt the program at the second, while the block runs.

    The signal is blocked, also for the programs the block starts: Prefect's server is one, and would otherwise end at the
    same keystroke, with what it is to be told next.
    """
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    is_over = threading.Event()
    listener = threading.Thread(target=_listen, args=(stop, is_over), daemon=True)
    listener.start()
    try:
        yield
    finally:
        is_over.set()
        if listener.is_alive() and listener.ident is not None:
            signal.pthread_kill(listener.ident, signal.SIGINT)
        listener.join()
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)


def _listen(stop: Stop, is_over: threading.Event) -> None:
    while True:
        signal.sigwait({signal.SIGINT})
        if is_over.is_set():
            return
        if stop.is_set:
            _thread.interrupt_main()
            return
        stop.set()
