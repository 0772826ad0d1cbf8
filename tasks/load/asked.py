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
    """The cells that were asked for, as far as they are known, and what came of them.

    A series that came should have every period that was asked for, or that another series of its frequency has; a pair or place of
    which nothing came should have every year.
    """
    total = Coverage()
    for fact in _restricted(conforms):
        dimensions = _DIMENSIONS[fact]
        came, empty, missing = one(
            con.execute(
                sql.render(
                    "load/cells_came.sql", view=f"accepted_{fact}", series=_series(fact, dimensions), scope=scope
                )
            )
        )
        absent = _absent(con, fact, dimensions, scope) if came or empty or len(conforms) == 1 else 0
        total += Coverage(came + empty + missing + absent, came, empty)
    return total


def _series(fact: str, dimensions: _Dimensions) -> str:
    """The columns that name a series."""
    parts = {
        "trade": ("flow", "valuation", "basis", "classification", "product"),
        "fdi": ("direction", "instrument", "derivation", "industry"),
    }
    return ", ".join(filter(None, (dimensions.reporter, dimensions.partner, dimensions.subject, *parts.get(fact, ()))))


def _absent(con: duckdb.DuckDBPyConnection, fact: str, dimensions: _Dimensions, scope: Scope) -> int:
    """The years of places, or pairs of two different ones, that were asked for and of which there is no row at all; of trade by flow."""
    if (
        scope.first is None
        or scope.last is None
        or scope.reporters is None
        or (dimensions.partner and scope.partners is None)
    ):
        return 0
    flow = "flow" if fact == "trade" and scope.flows else None
    of = ", ".join(filter(None, (dimensions.reporter, dimensions.partner, flow)))
    came = int(one(con.execute(f"SELECT count(*) FROM (SELECT DISTINCT {of} FROM accepted_{fact})"))[0])
    asked = _pairs(scope, dimensions) * (len(scope.flows) if flow and scope.flows else 1)
    return max(0, asked - came) * (scope.last - scope.first + 1)


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
        ("flow" if dimensions is _DIMENSIONS["trade"] else None, scope.flows),
    ):  # fmt: skip
        if column and asked is not None:
            yield column, f"list_contains({sorted(asked)}::VARCHAR[], {column})", _listed(asked)


def _listed(asked: frozenset[str]) -> str:
    names = sorted(asked)
    return ", ".join(names[:8]) + (f" … ({len(names)})" if len(names) > 8 else "")
