"""From measurements to verdicts: one function a bar."""

from tests.bench import bars, questions
from tests.bench.bars import Verdict, judge
from tests.bench.data import YearFile
from tests.bench.measure import Run
from tests.bench.quarantine import Comparison
from tests.bench.rounds import OneYear
from tests.bench.scale import Scale, differing_answers
from tests.bench.spread import Spread, ratios, spread

_GB = 1e9


def seconds(runs: list[Run]) -> list[float]:
    """The seconds of each run."""
    return [r.seconds for r in runs]


def first_load(one_year: OneYear, clean: YearFile) -> Verdict:
    """The first load against the floor; every row must have arrived."""
    faults = _counts(one_year.first, rows_in=clean.rows, accepted=clean.rows, new=clean.rows)
    return judge(bars.FIRST_LOAD, ratios(seconds(one_year.first), seconds(one_year.floor)), "load step", faults)


def again(one_year: OneYear) -> Verdict:
    """The same again against the first load; nothing may have been loaded."""
    share = ratios((100 * s for s in seconds(one_year.again)), seconds(one_year.first))
    adopted = spread(r.wall for r in one_year.adopted_again).median
    note = f"load step, nothing to do; the command that adopts the same bytes once more: {adopted:.1f} s"
    return judge(bars.UNCHANGED, share, note, _counts(one_year.again, rows_in=0))


def revised(one_year: OneYear, release: YearFile) -> Verdict:
    """The revised release against its floor; only what was revised may have new versions."""
    faults = _counts(one_year.revised, rows_in=release.rows, new=0, revised=release.revised, gone=0)
    return judge(
        bars.REVISED,
        ratios(seconds(one_year.revised), seconds(one_year.floor_revised)),
        f"{release.revised:,} new versions",
        faults,
    )


def memory(scale: Scale, years: int) -> Verdict:
    """The most that a load, or the whole command, had at any time."""
    loads = max(r.peak_bytes for r in scale.all)
    command = scale.command.peak_bytes if scale.command else 0
    note = f"load {loads / _GB:.2f} GB, whole command {command / _GB:.2f} GB"
    return judge(bars.memory(years), max(loads, command) / _GB, note)


def growth(scale: Scale, years: int, year_files: list[YearFile]) -> Verdict:
    """All years against one."""
    faults = _counts(scale.all, accepted=sum(m.rows for m in year_files))
    return judge(bars.growth(years), ratios(seconds(scale.all), seconds(scale.one)), "load step", faults)


def size(scale: Scale) -> Verdict:
    """What core takes on disk, against the smaller of the two Parquet files."""
    sizes = scale.sizes
    smaller = min(sizes["parquet"], sizes["parquet_plain"])
    note = ", ".join(
        f"{name} {sizes[key] / 1e6:.1f} MB"
        for name, key in (
            ("file grew by", "added"), ("of it free", "free"), ("core.trade_bulk", "trade"), ("Parquet of core.trade_bulk", "parquet"),
            ("of the files", "parquet_plain"),
        )
    )  # fmt: skip
    return judge(bars.SIZE, sizes["added"] / smaller, note)


def readers(scale: Scale) -> Verdict:
    """The longest wait while a release was published; every reader must have been answered every time."""
    busy, idle = scale.readers["busy"], scale.readers["idle"]
    faults = [f"{len(busy['failures'])} failures, such as {busy['failures'][0]}"] if busy["failures"] else []
    if scale.readers["failed_processes"]:
        faults.append(f"{scale.readers['failed_processes']} readers ended with a fault")
    if len(busy["releases"]) < 2:
        faults.append(f"only the releases {busy['releases']} were seen: no reader met the new one")
    note = (
        f"{busy['asked']} times asked; idle {1000 * idle['longest_wait']:.0f} ms; "
        f"longest question {1000 * busy['longest_question']:.0f} ms (idle {1000 * idle['longest_question']:.0f} ms)"
    )
    return judge(bars.READERS, 1000 * busy["longest_wait"], note, faults)


def each_question(scale: Scale) -> dict[str, Spread]:
    """How long each question took of the mart, against the flat table."""
    return {
        q.name: ratios(
            (r.result["each"][q.name] for r in scale.mart),
            (r.result["each"][q.name] for r in scale.flat),
        )
        for q in questions.all_questions()
    }


def slowest_question(scale: Scale) -> Verdict:
    """The question with the worst ratio; every answer must be the same."""
    name, worst = max(each_question(scale).items(), key=lambda i: i[1].median)
    return judge(bars.QUESTIONS, worst, name, differing_answers(scale))


def bad_rows(comparison: Comparison, run: Run, clean: YearFile) -> Verdict:
    """The bad rows that were found rightly; every good row must have been loaded."""
    faults = list(comparison.wrong)
    if comparison.extra:
        faults.append(f"{comparison.extra} good rows are in quarantine")
    faults += _counts([run], accepted=clean.rows, quarantined=comparison.expected)
    return judge(bars.BAD_ROWS, comparison.matched, f"of {comparison.expected}; line, rule, raw text", faults)


def peak(runs: list[Run]) -> Spread:
    """Peak memory in GB."""
    return spread(r.peak_bytes / _GB for r in runs)


def _counts(runs: list[Run], **expected: int) -> list[str]:
    """What the loads said of themselves that is not as it must be."""
    wrong = [f for r in runs for f in r.result["faults"]]
    wrong += [
        f"{name} is {r.result[name]:,}, not {wanted:,}"
        for r in runs
        for name, wanted in expected.items()
        if r.result[name] != wanted
    ]
    return list(dict.fromkeys(wrong))
