"""Telling causes: each once when it begins, again after some days while it lasts, and once when it has ended."""

import time
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from filelock import FileLock
from pydantic import BaseModel

from tasks.alerts import causes
from tasks.alerts.causes import Cause
from warehouse.errors import HomeError
from warehouse.settings import AlertLimits, Home

#: What a cause that is told once is known by, and when it was told last, in the home folder.
_FILE = "alerts.json"
_DAY = 86_400

#: Sends a title and a text; says whether somebody got it.
Send = Callable[[str, str], bool]


class _Memory(BaseModel):
    """What was told and what was accepted, by key, with the time (seconds since 1970), and what failed runs failed with."""

    told: dict[str, float] = {}
    accepted: dict[str, float] = {}
    failed: dict[str, str] = {}

    def known(self) -> list[str]:
        return [*self.told, *(key for key in self.accepted if key not in self.told)]

    def is_accepted(self, key: str) -> bool:
        return key in self.accepted

    def is_due(self, key: str, limits: AlertLimits) -> bool:
        """Whether a cause is to be told now: for the first time, or again after some days."""
        return not self.is_accepted(key) and time.time() - self.told.get(key, 0) > limits.repeat_days * _DAY

    def forget(self, keys: Iterable[str]) -> None:
        for key in keys:
            self.told.pop(key, None)
            self.accepted.pop(key, None)


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
    with _memory(home) as memory:
        _note(memory, run, failed)
        found = {one.key: one for one in _all(home, limits, memory)}
        begun = [one for key, one in found.items() if memory.is_due(key, limits)]
        ended = [key for key in memory.known() if key not in found and _is_known_to_end(key, found)]
        sent = [
            one
            for one in begun
            if send(_title(one), f"{one.message}\nWhat to do: {one.remedy}\nHome folder: {home.root}")
        ]
        gone = [
            key
            for key in ended
            if memory.is_accepted(key) or send(_title_of_end(key), f"This is over.\nHome folder: {home.root}")
        ]
        memory.told |= {one.key: time.time() for one in sent}
        memory.forget(gone)
    return Told(tuple(begun), tuple(ended), len(sent) == len(begun) and len(gone) == len(ended))


def remember(home: Home, run: str, failed: BaseException | None) -> None:
    """Remember how a run ended, where there is nobody to tell."""
    with _memory(home) as memory:
        _note(memory, run, failed)


def present(home: Home, limits: AlertLimits) -> list[Cause]:
    """All causes that there are now, failed runs with them. Raises HomeError where there is no home folder."""
    return sorted(_all(home, limits, _read(home)), key=lambda one: one.key)


def accept(home: Home, key: str) -> None:
    """Tell a cause no more until it has ended and begins again."""
    with _memory(home) as memory:
        memory.accepted[key] = time.time()


def accepted(home: Home) -> set[str]:
    """The keys of causes that were accepted."""
    return set(_read(home).accepted)


def _note(memory: _Memory, run: str | None, failed: BaseException | None) -> None:
    """A run that failed is wrong until a good run of the same name."""
    if run is not None and failed is not None:
        memory.failed[run] = causes.of_run(run, failed).message
    elif run is not None:
        memory.failed.pop(run, None)


def _all(home: Home, limits: AlertLimits, memory: _Memory) -> Iterator[Cause]:
    yield from (causes.cause("run_failed", run, message) for run, message in memory.failed.items())
    yield from causes.present(home, limits)


def _is_known_to_end(key: str, found: Container[str]) -> bool:
    """Whether a cause that is not found now has ended: what a release says only where it is read."""
    kind = key.partition(" ")[0]
    return kind not in causes.OF_RELEASE or causes.UNREADABLE.key not in found


def _title(one: Cause) -> str:
    return f"Entrepôt: {one.kind.replace('_', ' ')}: {one.subject}"


def _title_of_end(key: str) -> str:
    return f"Entrepôt: ended: {key.replace('_', ' ')}"


@contextmanager
def _memory(home: Home) -> Iterator[_Memory]:
    """What is remembered, locked while the block runs and kept at its end."""
    try:
        with FileLock(home.root / f"{_FILE}.lock"):
            memory = _read(home)
            yield memory
            beside = home.root / f"{_FILE}.new"
            beside.write_text(memory.model_dump_json(indent=1), encoding="utf-8")
            beside.replace(home.root / _FILE)
    except OSError as fault:
        raise HomeError(f"{home.root / _FILE} cannot be written: {fault.strerror or fault}") from fault


def _read(home: Home) -> _Memory:
    try:
        return _Memory.model_validate_json((home.root / _FILE).read_bytes())
    except (OSError, ValueError):
        return _Memory()  # nothing was told yet, or a damaged file: all is told again


def listed(found: Iterable[Cause], accepted_keys: Container[str]) -> list[str]:
    """A line for each cause, with the key that accepts it."""
    return [
        f"{one.key}: {one.message}. What to do: {one.remedy}{' (accepted)' if one.key in accepted_keys else ''}"
        for one in found
    ]
