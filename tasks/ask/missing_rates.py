"""Figures that have no dollar amount, and the rates that are missing for it."""

from dataclasses import dataclass

import duckdb

from warehouse import sql

_KINDS = {"avg": "an average rate", "eop": "a rate of the end"}
_PERIODS = {"A": "the year", "Q": "the quarter", "M": "the month", "D": "the day"}


@dataclass(frozen=True)
class MissingRate:
    """Figures of one fact, currency and frequency without a rate: how many, and their first and last period."""

    fact: str
    currency: str
    fx_kind: str
    freq: str
    figures: int
    first_period: str
    last_period: str

    def describe(self) -> str:
        """The figures and the rate they lack, as a sentence."""
        periods = (
            self.first_period if self.first_period == self.last_period else f"{self.first_period} to {self.last_period}"
        )
        figures = f"{self.figures:,} figures of {self.fact} in {self.currency} ({periods}) have no dollar amount"
        if self.freq == "YTD":
            return f"{figures}: no publisher averages the rate from January to a month within the year"
        return f"{figures} for want of {_KINDS[self.fx_kind]} of {_PERIODS[self.freq]}"


def missing_rates(con: duckdb.DuckDBPyConnection) -> list[MissingRate]:
    """The rates for want of which current figures have no dollar amount, most figures first."""
    return [MissingRate(*row) for row in con.execute(sql.read("ask/missing_rates.sql")).fetchall()]
