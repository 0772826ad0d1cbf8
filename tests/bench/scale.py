"""All years together: memory, growth, size on disk, the questions, and readers while it is published."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench import files, ours, questions
from tests.bench.data import YearFile
from tests.bench.measure import Run, work
from tests.bench.plan import LAST_YEAR, Plan
from tests.bench.readers import Readers
from tests.bench.rounds import OnProgress


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


def load(plan: Plan, archived_one: Path, archived_all: Path, results: Scale, on_progress: OnProgress) -> None:
    """Load one year and all of them, in turn."""
    for n in range(plan.runs):
        on_progress(f"{plan.years} years, round {n + 1} of {plan.runs}")
        for archived, runs in ((archived_one, results.one), (archived_all, results.all)):
            home = files.clone_home(archived, plan.folder / "home")
            runs.append(work("ours.load", home=home))
            files.fresh(home)


def build(
    plan: Plan, archived: Path, empty: Path, year_files: list[YearFile], results: Scale, on_progress: OnProgress
) -> Path:
    """The whole command, from the archive to the published file; how large core then is. Returns the home folder."""
    on_progress("the whole command: load, check, publish")
    home = files.clone_home(archived, plan.folder / "home")
    results.command = ours.build(home)
    results.command_again = ours.build(home)
    on_progress("size on disk")
    results.sizes = work(
        "sizes.measure", home=home, empty=empty, csv=[m.path for m in year_files], folder=plan.folder / "parquet"
    ).result
    return home


def ask(plan: Plan, home: Path, year_files: list[YearFile], results: Scale, on_progress: OnProgress) -> None:
    """The ten questions, of the flat table and of the mart in turn."""
    on_progress("the flat table")
    flat = plan.folder / "flat.duckdb"
    work("questions.make_flat", csv=[m.path for m in year_files], database=flat)
    for n in range(plan.runs):
        on_progress(f"ten questions, round {n + 1} of {plan.runs}")
        results.flat.append(work("questions.ask_flat", database=flat, year=LAST_YEAR))
        results.mart.append(work("questions.ask_mart", home=home, year=LAST_YEAR))
    files.fresh(flat)


def publish(plan: Plan, home: Path, revised: YearFile, results: Scale, on_progress: OnProgress) -> None:
    """Load one year's new release, then check and publish all of it while three readers ask."""
    on_progress("publishing while three readers ask")
    ours.adopt(home, [revised.path])
    work("ours.load", home=home)
    with Readers(home, plan.folder / "readers", LAST_YEAR) as readers:
        results.publishing = ours.build(home)
    results.readers = readers.results


def differing_answers(results: Scale) -> list[str]:
    """The questions that the flat table and the mart answer differently."""
    flat, mart = results.flat[-1].result, results.mart[-1].result
    return [
        f"{q.name} has another answer than the flat table ({mart['rows'][q.name]} rows, {flat['rows'][q.name]} there)"
        for q in questions.all_questions()
        if flat["answers"][q.name] != mart["answers"][q.name]
    ]
