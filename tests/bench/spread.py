"""Figures of several runs: the median and how far they spread."""

import statistics
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """The median of runs, the least, the most, and how many runs there were."""

    median: float
    least: float
    most: float
    runs: int

    def shown(self, unit: str = "", decimals: int = 2) -> str:
        """For people: median (least–most)."""
        if self.runs == 1:
            return f"{self.median:.{decimals}f}{unit}"
        return f"{self.median:.{decimals}f}{unit} ({self.least:.{decimals}f}–{self.most:.{decimals}f})"


def spread(figures: Iterable[float]) -> Spread:
    """The spread of at least one figure."""
    values = list(figures)
    return Spread(statistics.median(values), min(values), max(values), len(values))


def ratios(ours: Iterable[float], others: Iterable[float]) -> Spread:
    """The spread of the ratios pair by pair: what slowed the machine down slowed both of a pair."""
    return spread(a / b for a, b in zip(ours, others, strict=True))
