"""Checks that several schemas share, as Pandera dataframe-level checks on Ibis tables."""

from typing import Any

import ibis
from pandera.api.ibis.types import IbisData

from schemas.vocabulary import MISSING_STATUSES

#: No publisher has a figure of an earlier year; and forecasts reach so many years ahead of this one.
FIRST_YEAR, YEARS_AHEAD = 1800, 10


def period_fits_frequency(data: IbisData) -> Any:
    """A has 2016; Q has 2016-Q1; M and YTD have 2016-09; D has 2016-09-30, a day of the calendar. No figure is of long ago or far ahead."""
    t = data.table
    year, quarter, month = (t.period.re_search(p) for p in (r"^\d{4}$", r"^\d{4}-Q[1-4]$", r"^\d{4}-(0[1-9]|1[0-2])$"))
    day = t.period.re_search(r"^\d{4}-\d{2}-\d{2}$") & t.period.try_cast("date").notnull()
    in_time = t.period.substr(0, 4).try_cast("int64").between(FIRST_YEAR, ibis.today().year() + YEARS_AHEAD)
    return in_time & (
        ((t.freq == "A") & year)
        | ((t.freq == "Q") & quarter)
        | (t.freq.isin(["M", "YTD"]) & month)
        | ((t.freq == "D") & day)
    )


def period_fits_frequency_if_any(data: IbisData) -> Any:
    """As period_fits_frequency; a figure that belongs to no period has neither."""
    t = data.table
    without = t.freq.isnull() & t.period.isnull()
    return without | (t.freq.notnull() & t.period.notnull() & period_fits_frequency(data))


def missing_value_has_a_reason(data: IbisData, value: str) -> Any:
    """There is no value if and only if the status says why (SDMX CL_OBS_STATUS)."""
    t = data.table
    return t[value].isnull() == t.obs_status.isin(MISSING_STATUSES)


def precision_fits_date(data: IbisData) -> Any:
    """The precision is unknown if and only if there is no date; a year alone that is not over yet is none either."""
    t = data.table
    has_no_date = t.published_on.isnull()
    return (has_no_date == (t.published_precision == "unknown")) | (has_no_date & (t.published_precision == "year"))


def direction_fits_principle(data: IbisData) -> Any:
    """Inward and outward belong to the directional principle, assets and liabilities to the other (BPM6, BMD4)."""
    t = data.table
    directional = t.direction.isin(["inward", "outward"])
    return (t.principle == "unknown") | ((t.principle == "directional") == directional)


def ends_after_it_starts(data: IbisData) -> Any:
    """An event does not end before it starts."""
    return data.table.ended_on >= data.table.started_on


def published_by_now(data: IbisData) -> Any:
    """Nothing was published after today: such a date would stay the latest release for ever."""
    t = data.table
    return t.published_on.isnull() | (t.published_on <= ibis.today())


def is_possible(data: IbisData) -> Any:
    """Rates of exchange are positive, counts, lengths and areas not negative; money and percentages may be anything."""
    t = data.table
    rate, counted = t.unit.re_search(r"^[A-Z]{3} per [A-Z]{3}$"), t.unit.isin(["persons", "km", "km2", "flag"])
    return t.value.isnull() | ((~rate | (t.value > 0)) & (~counted | (t.value >= 0)))
