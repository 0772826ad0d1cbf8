"""What is said of the lineage of a mart: of one made of cells, of rows, or a reading of facts.

In SQL texts "c" is a cell of a fact (shared/facts.sql) or a row of the mart, and "f" a figure; of readings "r" is their row and "t" that of a fact.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Way:
    """One method by which a value is found: the figures it is made of meet ``condition``."""

    method: str
    condition: str


@dataclass(frozen=True)
class CellLineage:
    """A fact mart that is made of cells with two axes, where a residual row is a total less its members.

    ``key`` are the columns of the mart that identify a row: the parameters of the macro. ``cells`` is the
    relation of cells with the columns ``keys``, "a", "b", "measure", "value" and "origin". ``columns`` gives the
    value column of each measure; ``named`` the column of the mart for a key or axis, where it has another name. Figures belong to a
    cell where ``joined`` holds and, by the cell's method, the condition of one of ``ways``. Where several choices of figures meet
    them, told apart by ``alternative``, those are meant whose sum is the value; ``sign`` is how a figure counts in it.
    """

    mart: str
    figures: str
    key: tuple[str, ...]
    cells: str
    keys: tuple[str, ...]
    columns: Mapping[str, str]
    named: Mapping[str, str]
    joined: str
    ways: tuple[Way, ...]
    alternative: str
    amount: str = "value_usd"
    sign: str = "1"

    def term(self, column: str) -> str:
        """The name of a column of the mart among the columns of the cells."""
        return {name: term for term, name in self.named.items()}.get(column, column)


@dataclass(frozen=True)
class RowLineage:
    """A fact mart each row of which is from figures that meet ``condition``. ``columns`` are its value columns.

    ``joins`` are further tables in the condition, which may also use the name of the value column, ``n.column_name``. ``sign`` is how a figure counts in the value, NULL where it is not added.
    """

    mart: str
    figures: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    condition: str
    method: str = "'published'"
    joins: str = ""
    sign: str = "1"


@dataclass(frozen=True)
class FactOf:
    """The rows of a fact that a value of a reading comes from.

    ``where`` gives a condition on the fact's row "t" and the reading's row "r"; ``applies`` one on the reading's row alone.
    """

    mart: str
    column: str
    where: str
    applies: str = "true"


@dataclass(frozen=True)
class ReadingLineage:
    """A mart that reads facts: of each value column the facts it comes from."""

    mart: str
    columns: Mapping[str, tuple[FactOf, ...]]
