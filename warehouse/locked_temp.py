"""Temporary files and folders that are known to be in use, so that what a killed process left can be told from them.

Whoever makes one keeps a lock on it, which the system lets go when the process ends, however it ends.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def folder(within: Path, prefix: str) -> Iterator[Path]:
    """A folder of one's own, gone afterwards."""
    within.mkdir(parents=True, exist_ok=True)
    while True:
        made = Path(tempfile.mkdtemp(prefix=prefix, dir=within))
        held = _hold(made)
        if held is not None:
            break
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
        os.close(held)


@contextmanager
def file(within: Path) -> Iterator[Path]:
    """An empty file of one's own, gone afterwards unless it was moved away."""
    while True:
        within.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=within)
        os.close(handle)
        made = Path(name)
        held = _hold(made)
        if held is not None:
            break
    try:
        yield made
    finally:
        made.unlink(missing_ok=True)
        os.close(held)


def clear_left(within: Path) -> None:
    """Remove what nobody holds."""
    for path in within.iterdir() if within.is_dir() else ():
        with suppress(OSError):
            left = os.open(path, os.O_RDONLY)
            try:
                fcntl.flock(left, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            finally:
                os.close(left)


def _hold(path: Path) -> int | None:
    """Lock a path that was just made; None if it was taken for a left one and cleared before it was locked."""
    try:
        held = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    fcntl.flock(held, fcntl.LOCK_EX)
    if path.exists():
        return held
    os.close(held)
    return None
