"""Measures of places, each of another mart: to which figures their numbers are traced."""

from dataclasses import replace

from schemas import profile, topics
from tasks.report.model import Trace
from warehouse.sql import quoted

#: A figure of an indicator, in rows with its place and name.
INDICATOR = Trace("indicator", ("place", "indicator"))
#: The ways of ``traced_columns``: one of them has all its columns in a row.
TRACES = (
    Trace("indicator", ("place", "traced_indicator")),
    Trace("trade", ("place", "traced_partner")),
    Trace("fdi", ("place", "traced_investor")),
    Trace("presence", ("place", "traced_origin")),
)

#: SQL for the name of a measure or topic in words; {0} is the SQL expression of its name.
IN_WORDS = "replace(replace(replace(replace(replace(replace({0}, '_usd', ''), '_cny', ''), '_', ' '), 'fdi', 'FDI'), 'gdp', 'GDP'), 'by goods place', 'by place of the goods')"


def traces(anchor: str) -> tuple[Trace, ...]:
    """The ways of ``traced_columns`` to the place on a page that another column than the year chooses."""
    return tuple(replace(trace, anchor=anchor) for trace in TRACES)


def map_of(measure: str) -> str:
    """SQL for the address of the map of provinces, where each number leads to its printed row, by a measure and the column year; NULL for what it does not have.

    A sum or ratio of regions is made of the numbers there. ``measure`` is an SQL text.
    """
    names = ", ".join(quoted(of.name) for of in profile.MEASURES)
    return f"CASE WHEN {measure} IN ({names}) THEN 'provinces/index.html#measure=' || {measure} || '&year=' || year END"


def traced_columns(measure: str) -> str:
    """SQL for the columns that say what the measure named by an SQL text is traced by, beside the place; NULL where it is another kind's."""
    return ", ".join(
        f"CASE {measure} {' '.join(f'WHEN {quoted(name)} THEN {quoted(value)}' for name, value in values.items())} END AS {column}"
        for column, values in _values().items()
    )


def _values() -> dict[str, dict[str, str]]:
    """The value of each column, by the names of the measures that have it."""
    indicators, partners, investors, origins = dict[str, str](), dict[str, str](), dict[str, str](), dict[str, str]()
    for topic in topics.TOPICS:  # those that are no measure of profiles are about Japan
        of_japan = {"trade_provinces": partners, "fdi_provinces": investors, "presence": origins}.get(topic.mart)
        if of_japan is not None:
            of_japan[topic.name] = "JPN"
    for measure in profile.MEASURES:
        match measure.mart:
            case "trade_provinces":
                partners[measure.name] = "WLD"
            case "fdi_provinces":
                investors[measure.name] = "WLD"
            case "presence":
                origins[measure.name] = "JPN"
            case _:
                indicators[measure.name] = str(measure.where["indicator"])
    return {
        "traced_indicator": indicators,
        "traced_partner": partners,
        "traced_investor": investors,
        "traced_origin": origins,
    }
