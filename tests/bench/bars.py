"""The bars of the issue, and whether a measurement meets them. Less is better in all of them but the bad rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench.spread import Spread


@dataclass(frozen=True)
class Bar:
    """What must hold (``limit``), what is aimed for, in which unit."""

    name: str
    limit: float
    aim: float | None
    unit: str
    more_is_better: bool = False


@dataclass(frozen=True)
class Verdict:
    """A bar and what was measured. ``met`` is None where nothing was; ``faults`` are wrong results, which no speed mends."""

    bar: Bar
    value: float | None
    spread: Spread | None
    met: bool | None
    note: str
    faults: tuple[str, ...] = ()

    @property
    def used(self) -> float | None:
        """How much of what the bar allows was used: 1 is the bar."""
        if self.value is None:
            return None
        return self.bar.limit / self.value if self.bar.more_is_better and self.value else self.value / self.bar.limit

    @property
    def sentence(self) -> str:
        """Met or missed, and by how much."""
        if self.faults:
            return f"MISSED: {self.faults[0]}"
        if self.value is None or self.used is None:
            return "not measured"
        if self.bar.more_is_better:
            return "met" if self.met else f"MISSED by {self.bar.limit - self.value:g}"
        if not self.met:
            return f"MISSED by {self.used - 1:.0%}"
        aimed = ", aim met" if self.bar.aim is not None and self.value <= self.bar.aim else ""
        return f"met, {1 - self.used:.0%} to spare{aimed}"


FIRST_LOAD = Bar("one year, first load", 1.6, 1.3, "× floor")
UNCHANGED = Bar("the same file again", 1.0, None, "% of the first load")
REVISED = Bar("new release, 1 % revised", 1.6, None, "× floor")
SIZE = Bar("core on disk", 2.0, None, "× Parquet (zstd)")
READERS = Bar("longest wait of three readers", 200.0, None, "ms")
QUESTIONS = Bar("slowest of ten questions, mart.trade_reconciled", 1.4, 1.1, "× flat table")
BAD_ROWS = Bar("bad rows found", 20.0, None, "rows", more_is_better=True)


def memory(years: int) -> Bar:
    """Memory has one bar, whatever the number of years."""
    return Bar(f"peak memory, {_years(years)}", 2.5, 1.5, "GB")


def growth(years: int) -> Bar:
    """The issue's 11 and 10 times for ten years, in proportion for others."""
    return Bar(f"time for {_years(years)} against one", 1.1 * years, years, "× one year")


def judge(bar: Bar, measured: float | Spread, note: str = "", faults: Sequence[str] = ()) -> Verdict:
    """Hold a measurement (of several runs the median) against its bar."""
    value = measured.median if isinstance(measured, Spread) else measured
    holds = value >= bar.limit if bar.more_is_better else value <= bar.limit
    of_runs = measured if isinstance(measured, Spread) else None
    return Verdict(bar, value, of_runs, holds and not faults, note, tuple(faults))


def unmeasured(bar: Bar, why: str) -> Verdict:
    """A bar nothing could be held against."""
    return Verdict(bar, None, None, None, why)


def _years(years: int) -> str:
    return "one year" if years == 1 else f"{years} years"
