"""Charts that their data cannot carry are refused, with a message that says which and why."""

import pytest

from tasks.report import refusals
from tasks.report.model import Bars, Chart, Column, Exhibit, Heat, Lines, Row, Shares
from tasks.report.refusals import ChartRefused

_MEMBERS = {"CN_NORTHEAST": frozenset({"CN-LN", "CN-JL", "CN-HL"}), "CN_BOHAI_RIM": frozenset({"CN-LN", "CN-HE"})}
_LINE = Lines("year", "value", "name", what="concept", dataset="dataset")


def exhibit(chart: Chart) -> Exhibit:
    return Exhibit("tried", "A chart that is tried", "", (Column("value", "Value", "", 1),), str, chart=chart)


def point(year: int, value: float, **more: object) -> Row:
    return {"year": year, "value": value, "name": "Japan", "concept": "mofcom_utilised", "dataset": "a", **more}


def check(chart: Chart, *rows: Row) -> None:
    refusals.check(exhibit(chart), list(rows), _MEMBERS)


@pytest.mark.parametrize("value", [-1.5, 0])
def test_a_logarithm_of_what_is_not_above_zero_is_refused(value: float) -> None:
    with pytest.raises(ChartRefused, match=r"tried .* logarithmic scale has no place for"):
        check(Lines("year", "value", "name", dataset="dataset", log=True), point(2022, 5), point(2023, value))
    with pytest.raises(ChartRefused, match="logarithmic"):
        check(Bars("name", "value", log=True), point(2023, value))


def test_a_logarithm_of_values_above_zero_is_drawn() -> None:
    check(Bars("name", "value", log=True), point(2023, 0.1))


def test_shares_of_a_sum_with_a_negative_member_are_refused() -> None:
    chart = Shares("year", "name", "value")
    with pytest.raises(ChartRefused, match=r"Korea has -2 in 2023, and shares of a sum with a negative member"):
        check(chart, point(2023, 5), point(2023, -2, name="Korea"))
    check(chart, point(2023, 5), point(2023, 2, name="Korea"))


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [("CN_NORTHEAST", "CN_BOHAI_RIM", "CN-LN"), ("CN_NORTHEAST", "CN-JL", "CN-JL")],
)
def test_a_sum_over_places_that_overlap_is_refused(first: str, second: str, both: str) -> None:
    chart = Shares("year", "name", "value", places="place")
    with pytest.raises(ChartRefused, match=rf"overlap \({both}\).*counts twice"):
        check(chart, point(2023, 5, place=first), point(2023, 2, place=second))


def test_a_sum_over_places_apart_is_drawn_and_of_another_whole_does_not_count() -> None:
    chart = Shares("year", "name", "value", places="place")
    check(chart, point(2023, 5, place="CN_NORTHEAST"), point(2023, 2, place="CN-SH"), point(2024, 2, place="CN-LN"))


def test_a_line_across_a_change_of_concept_is_refused() -> None:
    with pytest.raises(
        ChartRefused, match=r"the line Japan goes from bop to mofcom_utilised, which are different things"
    ):
        check(_LINE, point(2022, 1), point(2023, 2, concept="bop"))


def test_a_line_that_cannot_mark_a_change_of_release_is_refused() -> None:
    with pytest.raises(ChartRefused, match="a change of it along a line would have no mark"):
        check(Lines("year", "value", "name"), point(2022, 1), point(2023, 2))


def test_a_line_with_two_values_in_a_year_is_refused() -> None:
    with pytest.raises(ChartRefused, match="two values in 2022"):
        check(_LINE, point(2022, 1), point(2022, 2))


def test_a_step_between_two_datasets_or_across_a_seam_is_a_seam() -> None:
    before, same, other = point(2021, 1), point(2022, 2), point(2023, 3, dataset="b")
    assert [refusals.is_seam(before, same, _LINE), refusals.is_seam(same, other, _LINE)] == [False, True]
    marked = Lines("year", "value", "name", seam="seam")
    assert refusals.is_seam(before, point(2022, 2, seam=True), marked)


@pytest.mark.parametrize("column", ["sectors", "valuation", "direction"])
def test_a_line_across_a_change_of_what_is_counted_needs_a_mark(column: str) -> None:
    rows = [point(2021, 1, **{column: "a"}), point(2022, 2, **{column: "b"})]
    with pytest.raises(ChartRefused, match=rf"the column {column} goes from a to b in 2022 without a mark"):
        check(_LINE, *rows)
    marked = Lines("year", "value", "name", what="concept", dataset="dataset", scope=column)
    check(marked, *rows)
    assert refusals.is_seam(rows[0], rows[1], marked)


def test_a_step_between_two_releases_of_a_dataset_is_a_seam() -> None:
    rows = [point(2021, 1, published_on="2022-03-01"), point(2022, 2, published_on="2024-03-01")]
    assert refusals.is_seam(rows[0], rows[1], _LINE)


def test_shades_of_what_is_below_zero_are_refused() -> None:
    with pytest.raises(ChartRefused, match="shades are of counts, and -3 in value is below zero"):
        check(Heat("year", "name", "value"), point(2021, -3))
    check(Heat("year", "name", "value"), point(2021, 0), point(2022, 3))
