"""Sums over facts and readings that add the same thing several times: regions that share provinces, all goods and their parts,
stocks of several years.

Whether they do is found in the rows that are added.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schemas.columns import is_stock
from tasks.ask.asked_marts import Marts

if TYPE_CHECKING:  # importing it takes longer than most answers
    from tasks.ask.query_parts import Sum, Use


@dataclass(frozen=True)
class Overlap:
    """What rows of a mart with these columns have in common, where ``condition`` holds for those that one sum adds.

    ``condition`` is an aggregate over the columns. ``split`` is a column of codes separated by semicolons, of which each makes a row.
    """

    columns: tuple[str, ...]
    condition: str
    added: str
    advice: str
    split: str | None = None
    #: The value column that it is so for; None where it is so for all.
    amount: str | None = None


#: Parts of which a fact has those that are published, and the rest of the total under _X.
_PARTS = ("month", "product")
#: The share of a total that may be missing from the parts before it is told.
_LEAST_SHARE = 0.01

_OVERLAPS = (
    Overlap(
        ("place", "year", "member_places"),
        "count(*) <> count(DISTINCT (year, member_places))",
        "regions that share provinces",
        "choose one region, or regions without a common member (macro partition_of)",
        split="member_places",
    ),
    Overlap(
        ("exporter", "importer", "classification", "product"),
        "count(DISTINCT length(product)) > 1",
        "all goods and their parts",
        "add the condition product = 'TOTAL'",
    ),
    Overlap(
        ("place", "origin", "year", "parent_companies_from"),
        "count(DISTINCT place) > 1 AND bool_or(parent_companies_from.total_method = 'none published')",
        "parent companies, of which one may be counted at several places",
        "compare the places, or ask for one",
        amount="parent_companies",
    ),
    Overlap(
        ("subject", "place"),
        "count(DISTINCT subject) > 1",
        "different subjects",
        "choose one subject",
    ),
    Overlap(
        ("reconciliation_method",),
        "count(DISTINCT reconciliation_method) > 1",
        "the same trade by several methods",
        "choose one reconciliation_method",
    ),
    Overlap(
        ("outward_concept", "inward_concept"),
        "count(DISTINCT (outward_concept, inward_concept)) > 1",
        "the same investment by several concepts",
        "choose one outward_concept and inward_concept",
    ),
    Overlap(
        ("topic", "place"),
        "count(DISTINCT (topic, place)) > count(DISTINCT place) OR count(DISTINCT place) > 1",
        "different topics, or places of which some lie in others",
        "compare the rows, or choose one topic and place",
    ),
)


def overlaps(marts: Marts, added: "Sum", use: "Use", columns: frozenset[str]) -> Iterator[str]:
    """What a sum over value columns of a mart adds several times, as sentences."""
    values = sorted(column for column in columns if column in use.columns)
    for overlap in _OVERLAPS:
        if overlap.amount not in (None, *values):
            continue
        if set(overlap.columns) <= set(use.columns) and marts.any_group(
            added, use, overlap.columns, values, overlap.condition, overlap.split
        ):
            yield f"{added.text} over {use.mart} adds {overlap.added}: {overlap.advice}"
    stocks = [column for column in values if is_stock(column)]
    if (
        stocks
        and "year" in marts.key(use.mart)
        and marts.any_group(added, use, ("year",), stocks, "count(DISTINCT year) > 1")
    ):
        yield (
            f"{added.text} over {use.mart} adds the same thing in several years: {' and '.join(stocks)} "
            f"{'is what there is' if len(stocks) == 1 else 'are what there is'} at a moment; choose one year, or group by year"
        )
    for part in _PARTS:
        fixed = {column.name for column in added.fixed if column.use is use}
        is_shown = any(column.use is use and column.name == part for column in added.group)
        if part in marts.key(use.mart) and "reporter" in use.columns and not is_shown:
            share = marts.not_allotted(added, use, part, values)
            if share > _LEAST_SHARE:
                choose = "" if part in fixed or part == "product" else ": for a year choose it by the column year"
                yield (
                    f"{added.text} over {use.mart} leaves out {share:.0%} of the total, which is not allotted to a {part} ({part} = '_X'){choose}"
                )
    if "additive_over" in use.columns and (indicators := marts.stocks_of_years(added, use)):
        yield (
            f"{added.text} over {use.mart} adds several years of {', '.join(indicators)}: numbers of people and things, lengths and areas are "
            "mostly what there is at a moment; choose one year, or group by year"
        )
