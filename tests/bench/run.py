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
from tests.bench.data import Made
from tests.bench.measure import WorkFailed, work
from tests.bench.plan import LAST_YEAR, Plan, parser, plan
from tests.bench.rounds import OneYear, Release, Told
from tests.bench.scale import Scale

_WIDTH_OF_A_LOG = 160


@dataclass
class Measured:
    """All that a run of the bench found out."""

    plan: Plan
    clean: Made
    one_year: OneYear = field(default_factory=OneYear)
    scale: Scale = field(default_factory=Scale)
    verdicts: list[Verdict] = field(default_factory=list)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the bench as the command line asks."""
    arguments = parser().parse_args(argv)
    console = Console() if sys.stdout.isatty() else Console(width=_WIDTH_OF_A_LOG)
    with tempfile.TemporaryDirectory(prefix="entrepot-bench-", dir=arguments.work) as folder:
        measured = measure(plan(arguments, Path(folder)), _teller(console))
    report.show(console, measured)
    report.write(measured, arguments.output)
    console.print(f"written: {arguments.output / 'bench.json'} and bench.svg", highlight=False)


def _teller(console: Console) -> Told:
    """Says what is being done: each on a line with the time, so that a log shows what took long."""
    return lambda message: console.print(f"{datetime.now(UTC):%H:%M:%S} {message}", highlight=False)


def measure(asked: Plan, told: Told) -> Measured:
    """Make the files and measure all there is to measure."""
    told(f"making {asked.rows:,} rows a year, {asked.years} years")
    made = [data.write_year(asked.folder / "files", year, asked.rows) for year in asked.all_years]
    clean = made[-1]
    revised = data.write_year(asked.folder / "revised", LAST_YEAR, asked.rows, "V202601", asked.revised)
    measured = Measured(asked, clean)
    released = _released(asked, clean, "V202501", told)
    why = "left out by --no-ours" if not asked.ours else ours.missing()
    archived = None
    if not why:
        try:
            archived = _archive(asked, [released.path], "one", told)
        except WorkFailed as fault:
            why = f"failed: {fault}"
    measured.one_year = rounds.one_year(asked, released, _released(asked, revised, "V202601", told), archived, told)
    if archived is None or measured.one_year.failed:
        because = f"failed: {measured.one_year.failed}" if measured.one_year.failed else why or ""
        measured.verdicts = [bars.unmeasured(bar, because) for bar in _all_bars(asked)]
        return measured
    _judge(measured, clean, revised)
    _bad_rows(measured, clean, told)
    _at_scale(measured, archived, made, revised, told)
    return measured


def _released(asked: Plan, year: Made, release: str, told: Told) -> Release:
    """A year as it is adopted: by itself, or in an archive."""
    if not asked.zipped:
        return Release(year)
    told(f"zipping {release}")
    return Release(year, data.zip_release([year], asked.folder / f"zipped_{release}", release))


def _archive(asked: Plan, paths: list[Path], name: str, told: Told) -> Path:
    """A home folder with what comes with the project loaded, and files archived."""
    template = asked.folder / "template"
    if not template.exists():
        told("a home folder with what comes with the project")
        ours.make_template(template)
    told("archiving")
    home = files.clone_home(template, asked.folder / f"archived_{name}")
    ours.adopt(home, paths)
    return home


def _judge(measured: Measured, clean: Made, revised: Made) -> None:
    found = measured.one_year
    measured.verdicts += [
        verdicts.first_load(found, clean),
        verdicts.again(found),
        verdicts.revised(found, revised),
    ]


def _bad_rows(measured: Measured, clean: Made, told: Told) -> None:
    """A file with bad rows in it, loaded once."""
    told("twenty bad rows")
    asked = measured.plan

    def tried() -> Verdict:
        path, bad = data.spoil(clean, asked.folder / "bad")
        home = files.clone_home(asked.folder / "template", asked.folder / "home")
        ours.adopt(home, [path])
        loaded = work("ours.load", home=home)
        return verdicts.bad_rows(quarantine.compare(bad, quarantine.held_rows(home)), loaded, clean)

    _try(measured, [bars.BAD_ROWS], lambda: [tried()])


def _at_scale(measured: Measured, archived_one: Path, made: list[Made], revised: Made, told: Told) -> None:
    """All years; each part is tried even if another failed, as far as it can do without it."""
    asked, found = measured.plan, measured.scale
    archived = archived_one if asked.years == 1 else _archive(asked, [m.path for m in made], "all", told)
    memory, growth = bars.memory(asked.years), bars.growth(asked.years)
    if asked.years == 1:
        found.all = measured.one_year.first
        measured.verdicts.append(bars.unmeasured(growth, "only with --years of more than one"))
    else:

        def loaded() -> list[Verdict]:
            scale.load(asked, archived_one, archived, found, told)
            return [verdicts.growth(found, asked.years, made)]

        _try(measured, [growth], loaded)

    def built() -> list[Verdict]:
        scale.build(asked, archived, asked.folder / "template", made, found, told)
        return [verdicts.memory(found, asked.years), verdicts.size(found)]

    def answered() -> list[Verdict]:
        scale.ask(asked, asked.folder / "home", made, found, told)
        return [verdicts.slowest_question(found)]

    def published() -> list[Verdict]:
        scale.publish(asked, asked.folder / "home", revised, found, told)
        return [verdicts.readers(found)]

    _try(measured, [memory, bars.SIZE], built)
    _try(measured, [bars.QUESTIONS], answered)
    _try(measured, [bars.READERS], published)


def _try(measured: Measured, of: list[Bar], part: Callable[[], list[Verdict]]) -> None:
    """Add a part's verdicts; a part that fails must not lose what the others measured."""
    try:
        measured.verdicts += part()
    except WorkFailed as fault:
        measured.verdicts += [bars.unmeasured(bar, f"failed: {fault}") for bar in of]


def _all_bars(asked: Plan) -> list[Bar]:
    return [
        bars.FIRST_LOAD, bars.UNCHANGED, bars.REVISED, bars.BAD_ROWS, bars.growth(asked.years),
        bars.memory(asked.years), bars.SIZE, bars.QUESTIONS, bars.READERS,
    ]  # fmt: skip
