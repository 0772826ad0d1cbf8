"""What the rows of an answer say in a sentence: where each series begins and ends, as far as the rows allow."""

from collections.abc import Mapping
from decimal import Decimal

from tasks.report.contents.sentences import amount, count, listed
from tasks.report.model import Row, Rows

#: Columns that say whose a series is, best first, and those that say what it is of.
_WHOSE = (
    "province_name",
    "city_name",
    "place_name",
    "investor_name",
    "origin",
    "reporter",
    "counterpart",
)
_OF_WHAT = ("topic", "indicator", "whole", "concept", "measure")
_NO_VALUES = ("year", "regions")
_UNITS = {
    "usd": " dollars",
    "cny": " yuan",
    "km": " km",
    "percent": "\u00a0%",
    "companies": " companies",
    "bases": " bases",
}
#: Series that a sentence names; the others are in the table.
_NAMED = 3


def sentence(rows: Rows, value: str | None, names: Mapping[str, str], label: str | None = None) -> str | None:
    """The first and the last value of the series that span most years, in words. None where rows have no series over years.

    ``value`` is the column of the values, otherwise the first that has numbers; ``names`` are those of places by code; ``label`` is what the values
    are called, otherwise by their column.
    """
    column = value or _first_with_numbers(rows)
    if column is None:
        return None
    series = {key: years for key, years in _series(rows, column).items() if years and len(years) > 1}
    longest = sorted(series, key=lambda key: _span_and_last(series[key]), reverse=True)[:_NAMED]
    if not longest:
        return None
    said = [_first_and_last(_named(key, names), series[key], column) for key in longest]
    others = count(len(series) - len(longest), "other series", "other series")
    label = label or _in_words(column)
    return f"{label[0].upper()}{label[1:]}: {'; '.join(said)}{f'; {others} in the table' if len(series) > len(longest) else ''}."


def _span_and_last(years: Mapping[int, float]) -> tuple[int, float]:
    """How many years a series spans, and its last value."""
    return max(years) - min(years), years[max(years)]


def _in_words(name: str) -> str:
    return name.removesuffix("_usd").removesuffix("_cny").replace("_", " ").replace("gdp", "GDP").replace("fdi", "FDI")


def _first_with_numbers(rows: Rows) -> str | None:
    return next(
        (name for name in rows[0] if name not in _NO_VALUES and any(_is_number(row[name]) for row in rows)), None
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _series(rows: Rows, column: str) -> dict[tuple[str, ...], dict[int, float]]:
    """Values by year of each series. A series with two values of a year has no first and last: it is left out."""
    series: dict[tuple[str, ...], dict[int, float]] = {}
    twofold = set()
    for row in rows:
        if row.get("year") is None or row.get("freq", "A") != "A" or not _is_number(row[column]):
            continue
        key = _key(row)
        years = series.setdefault(key, {})
        if years.setdefault(row["year"], float(row[column])) != float(row[column]):
            twofold.add(key)
    return {key: years for key, years in series.items() if key not in twofold}


def _key(row: Row) -> tuple[str, ...]:
    whose = next((str(row[name]) for name in _WHOSE if row.get(name)), None)
    if row.get("exporter_name") and row.get("importer_name"):
        whose = f"{row['exporter_name']} to {row['importer_name']}"
    return tuple(part for part in (whose, *(str(row[name]) for name in _OF_WHAT if row.get(name))) if part)


def _named(key: tuple[str, ...], names: Mapping[str, str]) -> str:
    return ", ".join(names.get(part, _in_words(part)) for part in key)


def _first_and_last(name: str, years: Mapping[int, float], column: str) -> str:
    unit = next((text for end, text in _UNITS.items() if column.endswith(end)), "")
    return f"{name} {listed([f'{amount(years[year])}{unit} in {year}' for year in (min(years), max(years))])}".strip()
