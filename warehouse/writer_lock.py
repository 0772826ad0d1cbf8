"""The lock of a home folder: one program writes to it at a time, in whichever process, and the others queue."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from warehouse import connection
from warehouse.errors import Busy, HomeError
from warehouse.settings import Home

_IS_WINDOWS = os.name == "nt"


@contextmanager
def only_writer(home: Home, wait_seconds: float, on_progress: Callable[[str], None]) -> Iterator[bool]:
    """Hold the home folder's lock, and make its folders; wait up to ``wait_seconds`` for another that holds it.

    Yields whether it was not held here before: a flow that is run by another flow of the same thread holds it too. The operating
    system releases the lock of a program that ends, however it ends. Raises Busy, or HomeError.
    """
    _check_system()
    connection.make_folders(home)
    lock = FileLock(home.lock, is_singleton=True)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        on_progress(f"another build is writing to {home.root}; waiting up to {wait_seconds:g} seconds for it")
        try:
            lock.acquire(timeout=wait_seconds)
        except Timeout:
            raise Busy(f"another build is still writing to {home.root}; try again when it is done") from None
    except OSError as fault:  # Timeout is one, too
        raise HomeError(f"{home.lock} cannot be locked: {fault.strerror or fault}") from fault
    try:
        yield lock.lock_counter == 1
    finally:
        lock.release()


def _check_system() -> None:
    """Raise HomeError on Windows, which does not let a release take the place of one that somebody reads."""
    if _IS_WINDOWS:
        raise HomeError(
            "a home folder is written to on Linux and macOS: Windows replaces no file that is open, and a release replaces one that "
            "readers have open. Use the Windows Subsystem for Linux (WSL 2); commands that read, such as sql, work here"
        )


@contextmanager
def background_writer(home: Home, wait_seconds: float, on_progress: Callable[[str], None]) -> Iterator[None]:
    """Be the only writer at low priority, with the scratch folder empty, as for work that takes minutes. Raises Busy, or HomeError."""
    with only_writer(home, wait_seconds, on_progress) as is_outermost:
        if is_outermost:
            lower_priority()
            connection.clear_scratch(home)
        yield


#: The priority of a writer, on the scale of `nice`.
_NICE = 10


def lower_priority() -> None:
    """Let readers have the processor first: they wait for an answer, and a build takes minutes in any case."""
    if hasattr(os, "nice") and os.nice(0) < _NICE:
        os.nice(_NICE - os.nice(0))
