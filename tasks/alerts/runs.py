"""Runs that have begun, so that one whose process was killed is known: nobody was there to tell how it ended.

Each run has a file in ``runs/`` of the home folder, locked while its process lives (warehouse.locked_temp).
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from warehouse import locked_temp
from warehouse.settings import Home

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
    """Keep on record that the run goes on while the block does."""
    with locked_temp.file(home.runs) as path:
        path.write_text(json.dumps({"run": run, "begun_at": datetime.now(UTC).isoformat()}), encoding="utf-8")
        yield


def killed(home: Home) -> list[KilledRun]:
    """Runs that were killed, the oldest first."""
    found = [one for path in locked_temp.abandoned(home.runs) if (one := _read(path))]
    return sorted(found, key=lambda one: one.begun_at)


def forget_old(home: Home) -> None:
    """Forget runs that were killed long ago and that nobody repeated: another run did their work, or nobody wants it."""
    for one in killed(home):
        if datetime.now(UTC) - one.begun_at > _KEPT:
            one.file.unlink(missing_ok=True)


def forget(home: Home, run: str) -> None:
    """Forget the killed runs of this name, since a later one has ended."""
    for one in killed(home):
        if one.run == run:
            one.file.unlink(missing_ok=True)


def _read(path: Path) -> KilledRun | None:
    """The run of a file; None for one that ends at this moment, or that a full disk kept empty."""
    try:
        content = json.loads(path.read_bytes())
        return KilledRun(str(content["run"]), datetime.fromisoformat(content["begun_at"]), path)
    except (OSError, ValueError, KeyError, TypeError):
        return None
