"""All years together: memory, growth, size on disk, the questions, and readers while it is published."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench import files, ours, questions
from tests.bench.data import Made
from tests.bench.measure import Run, work
from tests.bench.plan import LAST_YEAR, Plan
from tests.bench.readers import Readers
from tests.bench.rounds import Told


@dataclass
class Scale:
    """What was measured of all years. ``one`` are one-year loads, each run right before its fellow in ``all``."""

    one: list[Run] = field(default_factory=list)
    all: list[Run] = field(default_factory=list)
    command: Run | None = None
    command_again: Run | None = None
    sizes: dict[str, Any] = field(default_factory=dict)
    flat: list[Run] = field(default_factory=list)
    mart: list[Run] = field(default_factory=list)
    publishing: Run | None = None
    readers: dict[str, Any] = field(default_factory=dict)


def load(plan: Plan, archived_one: Path, archived_all: Path, found: Scale, told: Told) -> None:
    """Load one year and all of them, in turn."""
    for n in range(plan.runs):
        told(f"{plan.years} years, round {n + 1} of {plan.runs}")
        for archived, runs in ((archived_one, found.one), (archived_all, found.all)):
            home = files.clone_home(archived, plan.folder / "home")
            runs.append(work("ours.load", home=home))
            files.fresh(home)


def build(plan: Plan, archived: Path, empty: Path, made: list[Made], found: Scale, told: Told) -> Path:
    """The whole command, from the archive to the published file; how large core then is. Returns the home folder."""
    told("the whole command: load, check, publish")
    home = files.clone_home(archived, plan.folder / "home")
    found.command = ours.build(home)
    found.command_again = ours.build(home)
    told("size on disk")
    found.sizes = work(
        "sizes.measure", home=home, empty=empty, csv=[m.path for m in made], folder=plan.folder / "parquet"
    ).result
    return home


def ask(plan: Plan, home: Path, made: list[Made], found: Scale, told: Told) -> None:
    """The ten questions, of the flat table and of the mart in turn."""
    told("the flat table")
    flat = plan.folder / "flat.duckdb"
    work("questions.make_flat", csv=[m.path for m in made], database=flat)
    for n in range(plan.runs):
        told(f"ten questions, round {n + 1} of {plan.runs}")
        found.flat.append(work("questions.ask_flat", database=flat, year=LAST_YEAR))
        found.mart.append(work("questions.ask_mart", home=home, year=LAST_YEAR))
    files.fresh(flat)


def publish(plan: Plan, home: Path, revised: Made, found: Scale, told: Told) -> None:
    """Load one year's new release, then check and publish all of it while three readers ask."""
    told("publishing while three readers ask")
    ours.adopt(home, [revised.path])
    work("ours.load", home=home)
    with Readers(home, plan.folder / "readers", LAST_YEAR) as readers:
        found.publishing = ours.build(home)
    found.readers = readers.found


def differing_answers(found: Scale) -> list[str]:
    """The questions that the flat table and the mart answer differently."""
    flat, mart = found.flat[-1].result, found.mart[-1].result
    return [
        f"{q.name} has another answer than the flat table ({mart['rows'][q.name]} rows, {flat['rows'][q.name]} there)"
        for q in questions.all_questions()
        if flat["answers"][q.name] != mart["answers"][q.name]
    ]
