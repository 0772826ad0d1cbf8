"""The bench from its beginning to its end: make the files, measure, judge, report."""

import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from tests.bench import bars, data, files, ours, quarantine, report, rounds, scale, verdicts
from tests.bench.bars import Bar, Verdict
from tests.bench.data import YearFile
from tests.bench.measure import WorkFailed, work
from tests.bench.plan import LAST_YEAR, Plan, parser, read_plan
from tests.bench.rounds import OneYear, OnProgress, Release
from tests.bench.scale import Scale

_WIDTH_OF_A_LOG = 160


@dataclass
class Measured:
    """All that a run of the bench found out."""

    plan: Plan
    clean: YearFile
    one_year: OneYear = field(default_factory=OneYear)
    scale: Scale = field(default_factory=Scale)
    verdicts: list[Verdict] = field(default_factory=list)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the bench as the command line asks."""
    arguments = parser().parse_args(argv)
    console = Console() if sys.stdout.isatty() else Console(width=_WIDTH_OF_A_LOG)
    with tempfile.TemporaryDirectory(prefix="entrepot-bench-", dir=arguments.work) as folder:
        measured = measure(read_plan(arguments, Path(folder)), _progress_on(console))
    report.show(console, measured)
    report.write(measured, arguments.output)
    console.print(f"written: {arguments.output / 'bench.json'} and bench.svg", highlight=False)


def _progress_on(console: Console) -> OnProgress:
    """Says what is being done: each on a line with the time, so that a log shows what took long."""
    return lambda message: console.print(f"{datetime.now(UTC):%H:%M:%S} {message}", highlight=False)


def measure(plan: Plan, on_progress: OnProgress) -> Measured:
    """Make the files and measure all there is to measure."""
    on_progress(f"making {plan.rows:,} rows a year, {plan.years} years")
    year_files = [data.write_year(plan.folder / "files", year, plan.rows) for year in plan.all_years]
    clean = year_files[-1]
    revised = data.write_year(plan.folder / "revised", LAST_YEAR, plan.rows, "V202601", plan.revised)
    measured = Measured(plan, clean)
    released = _released(plan, clean, "V202501", on_progress)
    why = None if plan.ours else "left out by --no-ours"
    archived = None
    if plan.ours:
        try:
            archived = _archive(plan, [released.path], "one", on_progress)
        except WorkFailed as fault:
            why = f"failed: {fault}"
    measured.one_year = rounds.one_year(
        plan, released, _released(plan, revised, "V202601", on_progress), archived, on_progress
    )
    if archived is None or measured.one_year.failed:
        because = f"failed: {measured.one_year.failed}" if measured.one_year.failed else why or ""
        measured.verdicts = [bars.unmeasured(bar, because) for bar in _all_bars(plan)]
        return measured
    _judge(measured, clean, revised)
    _bad_rows(measured, clean, on_progress)
    _at_scale(measured, archived, year_files, revised, on_progress)
    return measured


def _released(plan: Plan, year: YearFile, release: str, on_progress: OnProgress) -> Release:
    """A year as it is adopted: by itself, or in an archive."""
    if not plan.zipped:
        return Release(year)
    on_progress(f"zipping {release}")
    return Release(year, data.zip_release([year], plan.folder / f"zipped_{release}", release))


def _archive(plan: Plan, paths: list[Path], name: str, on_progress: OnProgress) -> Path:
    """A home folder with what comes with the project loaded, and files archived."""
    template = plan.folder / "template"
    if not template.exists():
        on_progress("a home folder with what comes with the project")
        ours.make_template(template)
    on_progress("archiving")
    home = files.clone_home(template, plan.folder / f"archived_{name}")
    ours.adopt(home, paths)
    return home


def _judge(measured: Measured, clean: YearFile, revised: YearFile) -> None:
    one_year = measured.one_year
    measured.verdicts += [
        verdicts.first_load(one_year, clean),
        verdicts.again(one_year),
        verdicts.revised(one_year, revised),
    ]


def _bad_rows(measured: Measured, clean: YearFile, on_progress: OnProgress) -> None:
    """A file with bad rows in it, loaded once."""
    on_progress("twenty bad rows")
    plan = measured.plan

    def tried() -> Verdict:
        path, bad = data.spoil(clean, plan.folder / "bad")
        home = files.clone_home(plan.folder / "template", plan.folder / "home")
        ours.adopt(home, [path])
        loaded = work("ours.load", home=home)
        return verdicts.bad_rows(quarantine.compare(bad, quarantine.quarantined_rows(home)), loaded, clean)

    _try(measured, [bars.BAD_ROWS], lambda: [tried()])


def _at_scale(
    measured: Measured, archived_one: Path, year_files: list[YearFile], revised: YearFile, on_progress: OnProgress
) -> None:
    """All years; each part is tried even if another failed, as far as it can do without it."""
    plan, at_scale = measured.plan, measured.scale
    archived = archived_one if plan.years == 1 else _archive(plan, [m.path for m in year_files], "all", on_progress)
    memory, growth = bars.memory(plan.years), bars.growth(plan.years)
    if plan.years == 1:
        at_scale.all = measured.one_year.first
        measured.verdicts.append(bars.unmeasured(growth, "only with --years of more than one"))
    else:

        def loaded() -> list[Verdict]:
            scale.load(plan, archived_one, archived, at_scale, on_progress)
            return [verdicts.growth(at_scale, plan.years, year_files)]

        _try(measured, [growth], loaded)

    def built() -> list[Verdict]:
        scale.build(plan, archived, plan.folder / "template", year_files, at_scale, on_progress)
        return [verdicts.memory(at_scale, plan.years), verdicts.size(at_scale)]

    def answered() -> list[Verdict]:
        scale.ask(plan, plan.folder / "home", year_files, at_scale, on_progress)
        return [verdicts.slowest_question(at_scale)]

    def published() -> list[Verdict]:
        scale.publish(plan, plan.folder / "home", revised, at_scale, on_progress)
        return [verdicts.readers(at_scale)]

    _try(measured, [memory, bars.SIZE], built)
    _try(measured, [bars.QUESTIONS], answered)
    _try(measured, [bars.READERS], published)


def _try(measured: Measured, of: list[Bar], part: Callable[[], list[Verdict]]) -> None:
    """Add a part's verdicts; a part that fails must not lose what the others measured."""
    try:
        measured.verdicts += part()
    except WorkFailed as fault:
        measured.verdicts += [bars.unmeasured(bar, f"failed: {fault}") for bar in of]


def _all_bars(plan: Plan) -> list[Bar]:
    return [
        bars.FIRST_LOAD, bars.UNCHANGED, bars.REVISED, bars.BAD_ROWS, bars.growth(plan.years),
        bars.memory(plan.years), bars.SIZE, bars.QUESTIONS, bars.READERS,
    ]  # fmt: skip
