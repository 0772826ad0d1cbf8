"""Steps that are killed at random moments or find the disk full, several times, and done after that: the home is as if nothing had happened."""

import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.campaign import homes
from tests.campaign.homes import Bases

#: What is broken off, and the state of the home before it.
STATES = {"adopt": "empty", "build": "adopted", "publish": "loaded", "rebuild": "built", "back up": "built", "restore": "built"}  # fmt: skip
KILLED, STARVED = "killed", "disk full"
#: So often in a row, before the step is done.
TIMES = 3


@dataclass(frozen=True)
class Trial:
    """A step that was broken off ``broken`` times in a row, and what is wrong after it was done."""

    number: int
    step: str
    way: str
    broken: int
    wrong: tuple[str, ...]


def trials(bases: Bases, seed: int, numbers: Iterable[int]) -> Iterator[Trial]:
    """The trials of these numbers: each step in turn, killed in one round and without disk in the next."""
    for number in numbers:
        step = list(STATES)[number % len(STATES)]
        way = (KILLED, STARVED)[number // len(STATES) % 2]
        rng = random.Random(f"{seed}/{number}")
        with tempfile.TemporaryDirectory(dir=bases.folder) as folder:
            broken, wrong = _trial(bases, Path(folder), rng, step, way)
        yield Trial(number, step, way, broken, tuple(wrong))


def _trial(bases: Bases, folder: Path, rng: random.Random, step: str, way: str) -> tuple[int, list[str]]:
    home, kept = bases.copy(STATES[step], folder / "home"), folder / "kept"
    at, arguments = home, {"adopt": [str(bases.downloads)], "back up": [str(kept)]}.get(step, [])
    if step == "restore":
        homes.run("back up", home, str(kept))
        at, arguments = folder / "restored", [str(kept)]
    broken = 0
    for _ in range(TIMES):
        if homes.killed(rng, bases.seconds[step], step, at, *arguments) if way == KILLED else homes.starved(rng, step, at, *arguments):  # fmt: skip
            broken += 1
        elif step == "restore":  # it is made of nothing, or not at all
            shutil.rmtree(at)
    try:
        return broken, list(_after(bases, folder, step, at, kept))
    except RuntimeError as fault:
        return broken, [str(fault)]


def _after(bases: Bases, folder: Path, step: str, at: Path, kept: Path) -> Iterator[str]:
    """What is wrong after the step was done to its end."""
    if step == "back up":
        homes.run("back up", at, str(kept))
    if step in ("back up", "restore"):
        at = folder / "restored"
        homes.run("restore", at, str(kept))
        homes.run("verify", at)
    else:
        homes.run("finish", at, str(bases.downloads))
    yield from homes.differences(bases.built, at)


def page(found: list[Trial], seed: int) -> Iterator[str]:
    """The lines of the table for docs/reliability.md."""
    total = sum(trial.broken for trial in found)
    yield f"{len(found):,} trials, seed {seed}, in which a step was broken off {total:,} times."
    yield ""
    yield "| step | killed | disk full | trials | home as if nothing had happened |"
    yield "|---|---:|---:|---:|---:|"
    for step in STATES:
        of = [trial for trial in found if trial.step == step]
        broken = Counter[str]()
        for trial in of:
            broken[trial.way] += trial.broken
        yield f"| {step} | {broken[KILLED]} | {broken[STARVED]} | {len(of)} | {sum(not trial.wrong for trial in of)} |"
    for trial in found:
        yield from (f"\nTrial {trial.number}, {trial.step}, {trial.way}: {wrong}" for wrong in trial.wrong)
