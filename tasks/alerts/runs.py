"""Runs that have begun, so that one whose process was killed is known: nobody was there to tell how it ended.

Each run has a file in ``runs/`` of the home folder, locked while its process lives (warehouse.locked_temp).
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from filelock import FileLock

from warehouse import locked_temp
from warehouse.settings import Home

#: The lock of who reads the records, and how long another waits for it, seconds.
_READING, _PATIENCE = ".reading.lock", 30
#: How long a killed run is told that no later one of its name has ended.
_KEPT = timedelta(days=30)


@dataclass(frozen=True)
class KilledRun:
    """A run whose process is gone although it has not ended; ``begun_at`` is in UTC."""

    run: str
    begun_at: datetime
    file: Path


@contextmanager
def recorded(home: Home, run: str) -> Iterator[None]:
    """Keep on record that the run goes on while the block does. Where there is no home folder yet none is made: it may be on a disk that is missing."""
    if not home.root.is_dir():
        yield
        return
    with locked_temp.file(home.runs) as path:
        path.write_text(json.dumps({"run": run, "begun_at": datetime.now(UTC).isoformat()}), encoding="utf-8")
        yield


def killed(home: Home) -> list[KilledRun]:
    """Runs that were killed, the oldest first."""
    try:
        # One reader at a time: whether a run goes on is known by taking its lock for a moment, which another reader would take for the run.
        with FileLock(home.runs / _READING, timeout=_PATIENCE) if home.runs.is_dir() else nullcontext():
            found = [one for path in locked_temp.abandoned(home.runs) if (one := _read(path))]
    except OSError:  # a home folder that this user may not write to: who may is told
        return []
    return sorted(found, key=lambda one: one.begun_at)


def forget_old(home: Home) -> None:
    """Forget runs that were killed long ago and that nobody repeated: another run did their work, or nobody wants it."""
    for one in killed(home):
        if datetime.now(UTC) - one.begun_at > _KEPT:
            one.file.unlink(missing_ok=True)


def forget(home: Home, run: str, begun_at: datetime) -> bool:
    """Forget the killed runs that a later one, begun at this time, has made up for by its good end; return whether there were any."""
    made_up_for = [one for one in killed(home) if one.begun_at < begun_at and _is_part_of(one.run, run)]
    for one in made_up_for:
        one.file.unlink(missing_ok=True)
    return bool(made_up_for)


def _is_part_of(killed_run: str, run: str) -> bool:
    """Whether a run does the work of another: of the same flow, for all sources or at least those of the other."""
    flow, *sources = killed_run.split()
    other, *done = run.split()
    return flow == other and (not done or (set(sources) <= set(done) and bool(sources)))


def _read(path: Path) -> KilledRun | None:
    """The run of a file; None for one that ends at this moment, or that a full disk kept empty."""
    try:
        content = json.loads(path.read_bytes())
        return KilledRun(str(content["run"]), datetime.fromisoformat(content["begun_at"]), path)
    except (OSError, ValueError, KeyError, TypeError):
        return None
