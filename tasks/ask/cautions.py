"""What a reader should know of a query's answer: what a sum adds that must not be added, and place codes that nothing has.

The answer is given all the same. Which columns and comments a mart has is read from the file that is asked.
"""

import re
import shlex
from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING

import duckdb

from schemas.columns import MEANINGS
from tasks.ask import overlaps, summing
from tasks.ask.asked_marts import Marts
from tasks.ask.summing import Dimension
from warehouse import sql

if TYPE_CHECKING:  # importing it takes longer than most answers
    from tasks.ask.query_parts import Addition, Comparison, Sum, Use

#: A query that has none of these has nothing to be warned of, and is not read.
_WORTH_READING = re.compile(r"\b(sum|avg|mean|count)\s*\(|\+|'", re.IGNORECASE)
#: Columns that hold one place code.
_PLACE_COLUMNS = frozenset(name for name, meaning in MEANINGS.items() if meaning.description.startswith("Place code "))
#: The code of what a total has beyond its members: a value of facts, and no place.
_NOT_ALLOTTED = "_X"
#: Columns of amounts in marts of figures and of indicators.
_AMOUNTS = frozenset({"value", "value_usd", "quantity", "net_weight_kg"})
#: Years with a seam that a caution names.
_LISTED_YEARS = 6
_VERBS = {"sum": "adds", "avg": "averages", "count": "counts"}


def cautions(con: duckdb.DuckDBPyConnection, query: str) -> list[str]:
    """The cautions for a query, as sentences; none where there are none, or where the query is not understood."""
    if not _WORTH_READING.search(query):
        return []
    try:
        return list(dict.fromkeys(_cautions(con, query)))
    except Exception:  # noqa: BLE001  an answer that is given does not fail for want of a caution
        return []


def sums_of_nothing(con: duckdb.DuckDBPyConnection, query: str) -> list[str]:
    """Which sums of a query add no figure at all, so that they are NULL, as sentences."""
    if not _WORTH_READING.search(query):
        return []
    try:
        return list(dict.fromkeys(_sums_of_nothing(con, query)))
    except Exception:  # noqa: BLE001  as above
        return []


def _sums_of_nothing(con: duckdb.DuckDBPyConnection, query: str) -> Iterator[str]:
    from tasks.ask import query_reading

    marts = Marts(con)
    for added in query_reading.read(query, marts.columns).sums:
        for use in dict.fromkeys(column.use for column in added.columns):
            columns = sorted(column.name for column in added.columns if column.use is use)
            if added.function == "sum" and not marts.any_row(added, use, columns):
                yield (
                    f"{added.text} over {use.mart} adds nothing: no figure meets its conditions, which does not mean that there was none; "
                    "`entrepot sql 'FROM coverage'` lists what is loaded"
                )


def _cautions(con: duckdb.DuckDBPyConnection, query: str) -> Iterator[str]:
    from tasks.ask import query_reading

    marts = Marts(con)
    reading = query_reading.read(query, marts.columns)
    for added in reading.sums:
        for use in dict.fromkeys(column.use for column in added.columns):
            yield from _of_sum(marts, added, use)
        yield from _repeated(marts, added)
    for addition in reading.additions:
        yield from _of_addition(addition)
    for comparison in reading.comparisons:
        yield from _of_comparison(marts, comparison)


# -- sums -----------------------------------------------------------------------------------------------------


def _of_sum(marts: Marts, added: "Sum", use: "Use") -> Iterator[str]:
    """What a sum adds of one mart and should not."""
    columns = frozenset(column.name for column in added.columns if column.use is use)
    amounts = columns & _AMOUNTS
    if amounts and (added.function != "count" or added.is_of_a_column):
        mixed = list(_mixed(marts, added, use, amounts))
        if mixed and not marts.is_one_row(added, use, sorted(amounts)):
            what = "; ".join(dimension.mixed for dimension in mixed)
            conditions = _conditions(marts, added, use, mixed)
            yield f"{added.text} over {use.mart} {_VERBS[added.function]} {what}: {_advice(marts, use, conditions)}"
        elif added.function == "sum":
            yield from _of_currencies(added, use, amounts)
            yield from _of_shares(marts, added, use)
    if added.function == "sum":
        if "is_preferred" not in use.columns:
            yield from overlaps.overlaps(marts, added, use, columns)
        unknown = list(_without_total(marts, added, use, columns))
        yield from unknown or _few_holders(marts, added, use, sorted(columns))
        yield from _one_sided(marts, added, use, sorted(columns))
        yield from _seams(marts, added, use, sorted(columns))


def _seams(marts: Marts, added: "Sum", use: "Use", columns: list[str]) -> Iterator[str]:
    """A series of sums by year over figures of which some differ in publisher or scope from those of the year before."""
    if "seams" not in use.columns or not any(column.use is use and column.name == "year" for column in added.group):
        return
    fixed = {column.name for column in added.fixed if column.use is use}
    axes = [axis for axis in summing.axes_of(use.columns) if axis not in fixed]
    for column in columns:
        years = marts.seams(added, use, column, axes[0] if axes else None)
        if years:
            listed = ", ".join(map(str, years[:_LISTED_YEARS])) + (", …" if len(years) > _LISTED_YEARS else "")
            yield (
                f"{added.text} over {use.mart} by year: in {listed} figures differ from those of the year before in publisher, scope or "
                "valuation (column seams says how), and the difference between the two years is no growth"
            )


def _repeated(marts: Marts, added: "Sum") -> Iterator[str]:
    """A sum that adds rows several times, since a join gives them several times."""
    if added.function == "sum" and marts.repeats(added):
        yield (
            f"{added.text} adds rows of {' and '.join(added.sources)} several times: the join has several rows for one; join on the whole key of "
            "each table, or sum before joining"
        )


def _one_sided(marts: Marts, added: "Sum", use: "Use", columns: list[str]) -> Iterator[str]:
    """A sum of differences, which leaves out the rows in which one side is NULL."""
    if added.is_arithmetic and len(columns) > 1 and marts.is_one_sided(added, use, columns):
        parts = ", ".join(f"sum({column})" for column in columns)
        yield (
            f"{added.text} over {use.mart} leaves out the rows in which one of {', '.join(columns)} is NULL, as of a partner with one "
            f"direction only: add and subtract {parts}"
        )


def _few_holders(marts: Marts, added: "Sum", use: "Use", columns: list[str]) -> Iterator[str]:
    """A sum over reporters or provinces of which some are not here, or over places of a profile that have no value."""
    fixed = {column.name for column in added.fixed if column.use is use} - {"year"}
    holders = [name for name in summing.holders_of(use.columns) if name != "year" and name in use.columns]
    for column in columns:
        if holders and not fixed & {holders[0], f"{holders[0]}_name"} and summing.provenance_of(column, use.columns):
            least, most = marts.holders(added, use, holders[0], column, column.removesuffix("_usd"))
            if most:
                count = f"{least:,}" if least == most else f"{least:,} to {most:,}"
                yield f"{added.text} over {use.mart} adds the {count} {summing.plural(holders[0])} of a year that are here: no total is published of all"
        elif sorted(marts.key(use.mart)) == ["place", "year"] and not fixed & {"place", "place_name"}:
            missing, all_ = marts.without_value(added, use, column)
            if missing:
                yield f"{added.text} over {use.mart}: {missing:,} of {all_:,} places have no value in a year of the sum, and are not in it"


def _conditions(marts: Marts, added: "Sum", use: "Use", mixed: list[Dimension]) -> str:
    """Conditions that fix what is mixed, and have rows: the usual values, otherwise those of most of the rows."""
    chosen = [d for d in mixed if d.condition]
    usual = " AND ".join(d.condition for d in chosen)
    columns = [d.columns[0] for d in chosen]
    if not columns or ("additive_over" not in use.columns and marts.any_with(added, use, columns, usual)):
        return usual
    required = [d for d in chosen if d.required]
    values = marts.commonest(
        added, use, [d.columns[0] for d in chosen if not d.required], [d.columns[0] for d in required]
    )
    return " AND ".join(
        [*(d.condition for d in required), *(f"{column} = {sql.literal(value)}" for column, value in values.items())]
    )


def _advice(marts: Marts, use: "Use", conditions: str) -> str:
    pinned = f"add the conditions {conditions}" if " AND " in conditions else f"add the condition {conditions}"
    return f"ask {marts.facts(use.mart)}, or {pinned}" if use.mart.endswith("_figures") else pinned


def _mixed(marts: Marts, added: "Sum", use: "Use", amounts: frozenset[str]) -> Iterator[Dimension]:
    """The dimensions that are not fixed. In a fact, and for those that only rows can tell of, the rows are looked at."""
    open_ = [d for d in summing.dimensions_of(use.columns, amounts) if not _is_fixed(added, use, d)]
    if "is_preferred" in use.columns:
        yield from open_
        if open_:
            return
        open_ = [d for d in summing.dimensions_of_rows(use.columns) if not _is_fixed(added, use, d)]
    elif "additive_over" not in use.columns:
        return
    yield from (d for d in open_ if d.columns[0] in marts.mixed(added, use, [d.columns[0] for d in open_], amounts))


def _is_fixed(added: "Sum", use: "Use", dimension: Dimension) -> bool:
    for column, values in added.fixed.items():
        if column.use is use and column.name in dimension.columns:
            if values is None or column.name in dimension.listed:
                return True
            if len(values) == 1 and dimension.required in ("", *values):
                return True
    return False


def _of_currencies(added: "Sum", use: "Use", amounts: frozenset[str]) -> Iterator[str]:
    """A sum over figures of several places in their own currencies. In indicator the unit is the currency."""
    fixed = {column.name: values for column, values in added.fixed.items() if column.use is use}
    is_local = fixed.get("unit") == frozenset({"LCU"}) and "value" in amounts
    if is_local and "unit_as_published" not in use.columns and not _is_of_one_place(added, use):
        yield (
            f"{added.text} over {use.mart} adds the currencies of several places: the unit LCU is another currency in each; "
            "ask indicator, where the unit is the currency, or one place"
        )


def _is_of_one_place(added: "Sum", use: "Use") -> bool:
    return any(
        column.use is use and column.name in ("place", "place_name") and (values is None or len(values) == 1)
        for column, values in added.fixed.items()
    )


def _of_shares(marts: Marts, added: "Sum", use: "Use") -> Iterator[str]:
    """A sum over places of growth rates, shares and amounts per head."""
    if "additive_over" in use.columns and not _is_of_one_place(added, use):
        names = marts.not_additive(added, use)
        if names:
            yield (
                f"{added.text} over {use.mart} adds what is not additive (additive_over = 'nothing'): {', '.join(names)}; "
                "growth rates, shares and amounts per head are not added"
            )


def _without_total(marts: Marts, added: "Sum", use: "Use", columns: frozenset[str]) -> Iterator[str]:
    """A sum over a fact that is not known to be whole, because no total was published."""
    fixed = {column.name for column in added.fixed if column.use is use}
    axes = summing.axes_of(use.columns)
    if set(axes) <= fixed:
        return
    whole = summing.unknown_total(fixed, axes)
    for column in sorted(columns):
        provenance = summing.provenance_of(column, use.columns)
        method = f"{provenance}.total_method" if provenance else "total_method"
        if provenance or (method in use.columns and column in _AMOUNTS):
            without, all_ = marts.totals(added, use, column, provenance or method, whole.format(method=method))
            if without:
                holders = " and ".join(map(summing.plural, summing.holders_of(use.columns)))
                missing = " and ".join(summing.plural(axis) for axis in axes if axis not in fixed)
                yield (
                    f"{added.text} over {use.mart}: for {without:,} of {all_:,} {holders} no total is published "
                    f"({method} = 'none published'), and their sums are of the {missing} that are here"
                )


def _of_addition(addition: "Addition") -> Iterator[str]:
    """Columns of one fact that count different things and are added to each other."""
    values = [
        {(c.use.mart, c.name) for c in term if summing.provenance_of(c.name, c.use.columns)} for term in addition.terms
    ]
    for one, other in combinations(values, 2):
        for (mart, first), (other_mart, second) in ((a, b) for a in sorted(one) for b in sorted(other)):
            if mart == other_mart and summing.concept_of(first) != summing.concept_of(second):
                yield f"{addition.text} adds {first} and {second}, which count different things or contain each other: `entrepot sql 'DESCRIBE {mart}'` says what each is"


# -- places ---------------------------------------------------------------------------------------------------


def _of_comparison(marts: Marts, comparison: "Comparison") -> Iterator[str]:
    """Texts that are no place code, or one that the mart does not have."""
    use, column = comparison.column
    if column in _PLACE_COLUMNS:
        for text in comparison.texts:
            if text != _NOT_ALLOTTED:
                place = marts.place(text)
                yield from _of_unknown(marts, column, text) if place is None else _of_absent(marts, use, column, *place)


def _of_unknown(marts: Marts, column: str, text: str) -> Iterator[str]:
    meant = marts.meant_by(text)
    found = f"{column} = {sql.quoted(text)} finds nothing: {sql.quoted(text)} is not a place code"
    if meant:
        yield f"{found}; place({sql.quoted(text)}) is {meant[0]} ({meant[1]})"
    else:
        yield f"{found}, and no place or more than one is called that: `entrepot places {shlex.quote(text)}` lists what there is"


def _of_absent(marts: Marts, use: "Use", column: str, place: str, kind: str, name: str) -> Iterator[str]:
    """The world, or a group, in a mart that has members only."""
    if "is_preferred" in use.columns or not (place == "WLD" or kind == "group") or marts.has(use.mart, column, place):
        return
    found = f"{column} = '{place}' finds nothing: {name} is not a {column} in {use.mart}, which has members only"
    if place == "WLD":
        yield f"{found}: a sum over {column}s is that of the world"
    else:
        yield f"{found}: add those of the group (ref.place_group)"
