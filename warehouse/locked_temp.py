"""Temporary files and folders that are locked by the process using them, so that abandoned ones can be removed.

The lock is a file beside, ``<name>.lock``. The operating system releases a lock when its process ends, however it ends. What is not
locked was left by a process that was killed.
"""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock

_LOCK = ".lock"


@contextmanager
def folder(within: Path, prefix: str) -> Iterator[Path]:
    """A new locked folder, removed at the end of the context."""
    with _locked_name(within, prefix) as path:
        path.mkdir()
        try:
            yield path
        finally:
            shutil.rmtree(path, ignore_errors=True)


@contextmanager
def file(within: Path) -> Iterator[Path]:
    """A new, empty, locked file, removed at the end of the context unless it was moved away."""
    with _locked_name(within, "incoming-") as path:
        path.touch()
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)


def remove_abandoned(within: Path) -> None:
    """Remove the files and folders directly in ``within`` that no process has locked."""
    for name in {path.name.removesuffix(_LOCK) for path in within.iterdir()} if within.is_dir() else ():
        path = within / name
        with suppress(OSError), _held(path, timeout=0):  # Timeout is an OSError, too
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def abandoned(within: Path) -> list[Path]:
    """The files directly in ``within`` that no process has locked. They stay."""
    return [path for path in _files(within) if _is_abandoned(path)]


def _files(within: Path) -> list[Path]:
    if not within.is_dir():
        return []
    return sorted(
        path for path in within.iterdir() if path.suffix != _LOCK and path.is_file() and not path.is_symlink()
    )


def _is_abandoned(path: Path) -> bool:
    with suppress(OSError), _held(path, timeout=0):
        return path.exists()
    return False


@contextmanager
def _locked_name(within: Path, prefix: str) -> Iterator[Path]:
    """A path that nothing has, locked."""
    within.mkdir(parents=True, exist_ok=True)
    path = within / f"{prefix}{secrets.token_hex(8)}"
    with _held(path, timeout=-1):  # one who removes what is abandoned may hold it for a moment
        yield path


@contextmanager
def _held(path: Path, timeout: float) -> Iterator[None]:
    """Hold the lock of a path, whose file is removed at the end. Raises Timeout."""
    lock = path.with_name(path.name + _LOCK)
    with FileLock(lock, timeout=timeout, thread_local=False):
        try:
            yield
        finally:
            with suppress(OSError):  # Windows removes no file that is open; who removes what is abandoned takes it away
                lock.unlink()
