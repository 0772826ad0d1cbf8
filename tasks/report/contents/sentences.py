"""Parts of takeaways: numbers and changes in words, computed from rows."""

from collections.abc import Sequence
from typing import Any

from tasks.report.model import Row, Rows

BILLION = 10**9


def billions(amount: Any) -> str:
    """An amount of dollars: 7.38 billion dollars."""
    return f"{float(amount) / BILLION:,.2f}".replace("-", "−") + " billion dollars"


def amount(value: Any) -> str:
    """A number in words: 7.38 billion, 231 million, 1,958."""
    for size, word in ((BILLION, " billion"), (10**6, " million")):
        if abs(value) >= size:
            return f"{float(value) / size:,.2f}{word}"
    return f"{float(value):,.0f}" if value == int(value) else f"{float(value):,.2f}"


def count(number: int, one: str, many: str | None = None) -> str:
    """A count with its noun: 1 company, 3 companies."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(parts: Sequence[str]) -> str:
    """Parts as a list in a sentence: a, b and c."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def percent(share: float, digits: int = 0) -> str:
    """A share in percent."""
    return f"{share:.{digits}%}".replace("-", "−").replace("%", "\u00a0%")


def verb(before: Any, after: Any) -> str:
    """How a number moved, by its printed values."""
    return "rose" if after > before else "fell" if after < before else "stayed"


def by(rows: Rows, column: str) -> dict[Any, Rows]:
    """Rows by the value of a column, in the order of their coming."""
    groups: dict[Any, Rows] = {}
    for row in rows:
        groups.setdefault(row[column], []).append(row)
    return groups


def moved(rows: Rows, name: str, value: str, years: tuple[int, int]) -> list[str]:
    """Of each series that has both years: its name, how it moved and between which amounts."""
    parts = []
    for series, of_series in by(rows, name).items():
        amounts = {row["year"]: row[value] for row in of_series if row[value] is not None}
        if all(year in amounts for year in years):
            before, after = (amounts[year] for year in years)
            parts.append(
                f"{named(series)} {verb(before, after)} from {float(before) / BILLION:,.2f} to {float(after) / BILLION:,.2f}"
            )
    return parts


def named(name: str) -> str:
    """A short name as a sentence has it: the European Union, Japan."""
    plain = short(name)
    return (
        f"the {plain}"
        if plain.startswith(("European Union", "United ", "Netherlands", "Northeast", "Philippines"))
        else plain
    )


def short(name: str) -> str:
    """A name without what stands in brackets."""
    return name.split(" (")[0]


def last(rows: Rows, value: str) -> Row | None:
    """The row of the last year that has a value."""
    return max((row for row in rows if row[value] is not None), key=lambda row: row["year"], default=None)
