"""Holding the figures of an answer to the cells that were asked for: years, places and indicators; and counting what came of them.

One way for all sources, over the conformed rows: what a publisher calls a place or a period does not matter here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb

from tasks.contract.dataset import Conform
from tasks.contract.service import Coverage, Scope
from warehouse import sql
from warehouse.connection import first, one
from warehouse.errors import NotAsked


@dataclass(frozen=True)
class _Dimensions:
    """The columns of a kind of figure that a scope restricts; None where it has no such column."""

    reporter: str
    partner: str | None = None
    subject: str | None = None


_DIMENSIONS = {
    "trade": _Dimensions("reporter", "partner"),
    "fdi": _Dimensions("reporter", "counterpart"),
    "fdi_rate": _Dimensions("reporter", "counterpart"),
    "indicator": _Dimensions("place", None, "indicator"),
    "pair": _Dimensions("place", "counterpart", "indicator"),
}
_YEAR = "TRY_CAST(left(period, 4) AS INTEGER)"


def check(con: duckdb.DuckDBPyConnection, conforms: Sequence[Conform], scope: Scope, where: str) -> None:
    """Raise NotAsked where an accepted row is of a cell that is outside a scope."""
    for fact in _restricted(conforms):
        for column, condition, asked in _conditions(_DIMENSIONS[fact], scope):
            query = (
                f"SELECT row_number, {column} FROM accepted_{fact} WHERE NOT ({condition}) ORDER BY row_number LIMIT 1"
            )
            found = first(con.execute(query))
            if found:
                raise NotAsked(f"row {found[0]} is of {found[1]}, and {asked} was asked for: {where}")


def coverage(con: duckdb.DuckDBPyConnection, conforms: Sequence[Conform], scope: Scope) -> Coverage:
    """The years of places or pairs that came with a value, and those that came empty; nothing of a scope without an end."""
    if scope.first is None or scope.last is None or scope.reporters is None:
        return Coverage()
    total = Coverage()
    for fact in _restricted(conforms):
        dimensions = _DIMENSIONS[fact]
        if dimensions.partner and scope.partners is None:
            continue
        cells = ", ".join(filter(None, (_YEAR, dimensions.reporter, dimensions.partner)))
        came, empty = one(con.execute(sql.render("load/cells_came.sql", cells=cells, view=f"accepted_{fact}")))
        years = scope.last - scope.first + 1
        total += Coverage(years * _pairs(scope, dimensions), came, empty)
    return total


def _pairs(scope: Scope, dimensions: _Dimensions) -> int:
    """How many places were asked for, or pairs of two different ones."""
    reporters = scope.reporters or frozenset()
    if not dimensions.partner:
        return len(reporters)
    partners = scope.partners or frozenset()
    return len(reporters) * len(partners) - len(reporters & partners)


def _restricted(conforms: Sequence[Conform]) -> Iterator[str]:
    return (c.fact.name for c in conforms if c.fact.name in _DIMENSIONS)


def _conditions(dimensions: _Dimensions, scope: Scope) -> Iterator[tuple[str, str, str]]:
    """For each dimension that is restricted: its column, what must hold of it, and what was asked for in words."""
    if scope.first is not None and scope.last is not None:
        yield (
            "period",
            f"period IS NULL OR {_YEAR} BETWEEN {scope.first} AND {scope.last}",
            f"{scope.first} to {scope.last}",
        )
    for column, asked in (
        (dimensions.reporter, scope.reporters), (dimensions.partner, scope.partners), (dimensions.subject, scope.subjects),
    ):  # fmt: skip
        if column and asked is not None:
            yield column, f"list_contains({sorted(asked)}::VARCHAR[], {column})", _listed(asked)


def _listed(asked: frozenset[str]) -> str:
    names = sorted(asked)
    return ", ".join(names[:8]) + (f" … ({len(names)})" if len(names) > 8 else "")
