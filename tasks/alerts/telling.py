"""Telling causes: each once when it begins, again after some days while it lasts, and once when it has ended."""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from filelock import FileLock

from tasks.alerts import causes
from tasks.alerts.causes import Cause
from warehouse.settings import AlertLimits, Home

#: What a cause that is told once is known by, and when it was told last, in the home folder.
_FILE = "alerts.json"
_DAY = 86_400

#: Sends a title and a text; says whether somebody got it.
Send = Callable[[str, str], bool]


@dataclass(frozen=True)
class Told:
    """What was told: causes that are new or last, and what has ended. ``is_sent`` is False where nobody got some of it."""

    begun: tuple[Cause, ...] = ()
    ended: tuple[str, ...] = ()
    is_sent: bool = True


def tell(
    home: Home, limits: AlertLimits, send: Send, run: str | None = None, failed: BaseException | None = None
) -> Told:
    """Tell what is wrong now and was not told yet, and what was told and has ended.

    ``run`` is the flow that has ended; ``failed`` what it failed with, None where it did not. What nobody got is told by the next run.
    """
    with FileLock(home.root / f"{_FILE}.lock"):
        told = _read(home)
        present = {one.key: one for one in _all(home, limits, run, failed)}
        begun = [one for key, one in present.items() if time.time() - told.get(key, 0) > limits.repeat_days * _DAY]
        ended = [key for key in told if key not in present and _is_known_to_end(key, run, present)]
        sent = [
            one
            for one in begun
            if send(_title(one), f"{one.message}\nWhat to do: {one.remedy}\nHome folder: {home.root}")
        ]
        gone = [
            key
            for key in ended
            if send(f"Entrepôt: ended: {key.replace('_', ' ')}", f"This is over.\nHome folder: {home.root}")
        ]
        now = {one.key: time.time() for one in sent}
        _write(home, {key: at for key, at in (told | now).items() if key not in gone})
    return Told(tuple(begun), tuple(ended), len(sent) == len(begun) and len(gone) == len(ended))


def _all(home: Home, limits: AlertLimits, run: str | None, failed: BaseException | None) -> Iterator[Cause]:
    if run is not None and failed is not None:
        yield causes.of_run(run, failed)
    yield from causes.present(home, limits)


def _is_known_to_end(key: str, run: str | None, present: dict[str, Cause]) -> bool:
    """Whether a cause that is not found now has ended: a failed run only by a good run of the same, what a release says only where it is read."""
    kind, _, subject = key.partition(" ")
    if kind in causes.OF_RELEASE:
        return not any(one.kind == "release_unreadable" for one in present.values())
    return kind != "run_failed" or subject == run


def _title(one: Cause) -> str:
    return f"Entrepôt: {one.kind.replace('_', ' ')}: {one.subject}"


def _read(home: Home) -> dict[str, float]:
    try:
        return dict(json.loads((home.root / _FILE).read_bytes()))
    except (OSError, ValueError):
        return {}  # nothing was told yet, or a damaged file: all is told again


def _write(home: Home, told: dict[str, float]) -> None:
    beside = home.root / f"{_FILE}.new"
    beside.write_text(json.dumps(told, indent=1), encoding="utf-8")
    beside.replace(home.root / _FILE)


def listed(told: Iterable[Cause]) -> list[str]:
    """A sentence for each cause."""
    return [f"{one.message}. What to do: {one.remedy}" for one in told]
