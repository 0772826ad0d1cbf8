"""Temporary files and folders that are locked by the process using them, so that abandoned ones can be removed.

The operating system releases a lock when its process ends, however it ends. What is not locked was left by a process
that was killed.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def folder(within: Path, prefix: str) -> Iterator[Path]:
    """A new locked folder, removed at the end of the context."""
    path, lock = _create_locked(lambda: _new_folder(within, prefix))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        os.close(lock)


@contextmanager
def file(within: Path) -> Iterator[Path]:
    """A new, empty, locked file, removed at the end of the context unless it was moved away."""
    path, lock = _create_locked(lambda: _new_file(within))
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)
        os.close(lock)


def remove_abandoned(within: Path) -> None:
    """Remove the files and folders directly in ``within`` that no process has locked."""
    for path in within.iterdir() if within.is_dir() else ():
        with suppress(OSError):
            descriptor = os.open(path, os.O_RDONLY)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            finally:
                os.close(descriptor)


def _new_folder(within: Path, prefix: str) -> Path:
    within.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=prefix, dir=within))


def _new_file(within: Path) -> Path:
    within.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=within)
    os.close(descriptor)
    return Path(name)


def _create_locked(create: Callable[[], Path]) -> tuple[Path, int]:
    """A new path and the descriptor that holds its lock; closing the descriptor releases it."""
    while True:
        path = create()
        lock = _lock(path)
        if lock is not None:
            return path, lock


def _lock(path: Path) -> int | None:
    """Lock a new path. None if another process took it for an abandoned one and removed it before it was locked."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    if path.exists():
        return descriptor
    os.close(descriptor)
    return None
