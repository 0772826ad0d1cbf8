"""Charts that their data cannot carry are refused when the site is built: they would look right and mislead."""

from collections.abc import Mapping
from itertools import pairwise

from tasks.report.model import Bars, Exhibit, Heat, Lines, Page, Row, Rows, Shares
from warehouse.errors import EntrepotError


class ChartRefused(EntrepotError):
    """A chart that its data cannot carry. The message says which, why, and how to show the data instead."""


def check_on_page(page: Page, exhibit: Exhibit, rows: Rows, members: Mapping[str, frozenset[str]]) -> None:
    """Raise ChartRefused, with the page or its user's file, for a chart that the rows cannot carry."""
    try:
        check(exhibit, rows, members)
    except ChartRefused as fault:
        raise ChartRefused(f"{page.written_in or page.path}: {fault}") from None


def check(exhibit: Exhibit, rows: Rows, members: Mapping[str, frozenset[str]]) -> None:
    """Raise ChartRefused for a chart that the rows cannot carry. ``members`` are the places of each group of places."""
    chart = exhibit.chart
    if isinstance(chart, Lines | Bars) and chart.log:
        _check_log(exhibit, rows, chart.y if isinstance(chart, Lines) else chart.value)
    if isinstance(chart, Shares):
        _check_shares(exhibit, rows, chart)
        _check_overlap(exhibit, rows, chart, members)
    if isinstance(chart, Lines):
        _check_lines(exhibit, rows, chart)
    if isinstance(chart, Heat):
        _check_heat(exhibit, rows, chart)


#: Columns that say what the values of a row are of. A line along which one of them changes without a mark would show a change that is none.
_TOLD_BY = (
    "concept",
    "accounting",
    "direction",
    "valuation",
    "basis",
    "sectors",
    "sector_scope",
    "counting_unit",
    "measure",
)


def _refuse(exhibit: Exhibit, why: str, instead: str) -> ChartRefused:
    return ChartRefused(f"the chart {exhibit.slug} ({exhibit.title}) is refused: {why}. {instead}")


def _check_log(exhibit: Exhibit, rows: Rows, column: str) -> None:
    below = [row for row in rows if row[column] is not None and row[column] <= 0]
    if below:
        raise _refuse(
            exhibit,
            f"a logarithmic scale has no place for {below[0][column]} in {column} ({len(below)} values are not above zero)",
            "Use a linear scale",
        )


def _check_shares(exhibit: Exhibit, rows: Rows, chart: Shares) -> None:
    for row in rows:
        if row[chart.value] is not None and row[chart.value] < 0:
            raise _refuse(
                exhibit,
                f"{row[chart.member]} has {row[chart.value]} in {row[chart.whole]}, and shares of a sum with a negative member are no shares",
                "Show the amounts as bars",
            )


def _check_heat(exhibit: Exhibit, rows: Rows, chart: Heat) -> None:
    below = [row for row in rows if row[chart.value] is not None and row[chart.value] < 0]
    if below:
        raise _refuse(
            exhibit,
            f"its shades are of counts, and {below[0][chart.value]} in {chart.value} is below zero",
            "Show the amounts as bars",
        )


def _check_overlap(exhibit: Exhibit, rows: Rows, chart: Shares, members: Mapping[str, frozenset[str]]) -> None:
    """A place that is part of another one in the same sum would be counted twice."""
    if chart.places is None:
        return
    for whole in {row[chart.whole] for row in rows}:
        places = sorted({row[chart.places] for row in rows if row[chart.whole] == whole})
        reach = {place: members.get(place, frozenset()) | {place} for place in places}
        for first, second in ((a, b) for a in places for b in places if a < b):
            if both := reach[first] & reach[second]:
                raise _refuse(
                    exhibit,
                    f"{first} and {second} overlap ({', '.join(sorted(both)[:3])}), so that a sum over them counts twice",
                    "Choose places that do not contain each other",
                )


def _check_lines(exhibit: Exhibit, rows: Rows, chart: Lines) -> None:
    if chart.seam is None and chart.dataset is None:
        raise _refuse(
            exhibit,
            "nothing says which release a point is of, so that a change of it along a line would have no mark",
            "Name the column of the dataset, or one that marks seams",
        )
    for series in lines(rows, chart).values():
        concepts = {row[chart.what] for row in series} if chart.what else set()
        if len(concepts) > 1:
            raise _refuse(
                exhibit,
                f"the line {series[0][chart.by]} goes from {' to '.join(map(str, sorted(map(str, concepts))))}, which are different things",
                "Draw a line for each of them",
            )
        for before, after in pairwise(series):
            _check_scope(exhibit, before, after, chart)
            if before[chart.x] == after[chart.x]:
                raise _refuse(
                    exhibit,
                    f"the line {series[0][chart.by]} has two values in {after[chart.x]}",
                    "Choose one figure a year, such as the preferred one (is_preferred)",
                )


def _check_scope(exhibit: Exhibit, before: Row, after: Row, chart: Lines) -> None:
    for column in _TOLD_BY:
        if column != chart.scope and before.get(column) != after.get(column):
            raise _refuse(
                exhibit,
                f"along the line {after[chart.by]} the column {column} goes from {before[column]} to {after[column]} in {after[chart.x]} without a mark",
                f"Name {column} as the scope of the lines, or draw a line for each",
            )


def lines(rows: Rows, chart: Lines) -> dict[str, Rows]:
    """The points of each line in the order of x, without those that have no value."""
    series: dict[str, Rows] = {}
    for row in sorted((r for r in rows if r[chart.y] is not None), key=lambda r: r[chart.x]):
        series.setdefault(row[chart.by], []).append(row)
    return series


def is_seam(before: Row, after: Row, chart: Lines) -> bool:
    """Whether the step from one point of a line to the next one is between two releases, datasets or scopes."""
    if chart.scope is not None and before[chart.scope] != after[chart.scope]:
        return True
    if chart.seam is not None:
        return bool(after[chart.seam])
    return any(before.get(column) != after.get(column) for column in (chart.dataset, "published_on") if column)
