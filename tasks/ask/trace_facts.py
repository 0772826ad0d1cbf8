"""From a value of a fact or a reading to the figures it is made of, what was done with each, and its printed row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import duckdb

from schemas import base, lineage, mart
from schemas.lineage.kinds import CellLineage, FactOf, ReadingLineage, RowLineage
from tasks.ask import figure_steps
from tasks.ask.archived import ArchiveReader, Version
from tasks.ask.figure_steps import Step
from tasks.contract import facts
from tasks.contract.facts import Fact
from warehouse import sql
from warehouse.errors import Unknown
from warehouse.settings import Home

#: More rows than this are not traced at once: the question was too wide.
MOST_ROWS = 10
#: Values of a column that an error message lists.
_LISTED = 8

_TABLES = {base.table_name(table).removeprefix("mart."): table for table in mart.VIEWS}
_READINGS = {reading.mart: reading for reading in lineage.READINGS}
_PROVENANCE = (
    "source", "dataset", "publisher", "published_on", "published_precision", "artifact", "status", "valuation",
    "method", "total_method", "other_figures", "spread",
)  # fmt: skip


@dataclass(frozen=True)
class Input:
    """A figure that a value is made of. ``part`` is value or total; ``sign`` is how it counts in the sum, None where nothing is added."""

    part: str
    sign: int | None
    version: Version
    steps: list[Step]


@dataclass(frozen=True)
class Members:
    """The figures that are taken off a total in a residual row: how many, and their sum."""

    count: int
    amount: Decimal


@dataclass(frozen=True)
class Value:
    """A value of a row of a fact: where it comes from, and the figures it is made of.

    ``key`` identifies the row. ``provenance`` has what the fact says of it: source, dataset, publisher, method and the like.
    """

    mart: str
    key: dict[str, Any]
    column: str
    value: Any
    provenance: dict[str, Any]
    inputs: list[Input]
    members: Members | None


@dataclass(frozen=True)
class ReadingValue:
    """A value of a row of a reading, with the values of the facts that it comes from."""

    mart: str
    key: dict[str, Any]
    column: str
    value: Any
    facts: list["Value | ReadingValue"] = field(default_factory=list)


def is_traced(table: str) -> bool:
    """Whether a mart is a fact or a reading, whose values are traced here."""
    return table in lineage.FACTS or table in _READINGS


def trace(
    con: duckdb.DuckDBPyConnection, home: Home, table: str, wanted: dict[str, str], column: str | None = None
) -> list[Value | ReadingValue]:
    """Every value of the rows of a fact or reading that have the wanted values (text by column).

    ``column`` names the one value column that is meant. ``con`` reads the published file of ``home``. Raises Unknown for an unknown
    column, for no row or value, and for more than MOST_ROWS.

    Example: ``trace(con, home, "trade", {"reporter": "CHN", "partner": "JPN", "year": "2019"})``
    """
    table = table.removeprefix("mart.")
    _check_columns(table, wanted, column)
    tracer = _Tracer(con, home)
    rows = tracer.rows(table, wanted)
    if not rows:
        raise Unknown(f"{table} has no row with {_condition(wanted)}. {_where_to_look(table, wanted)}")
    if len(rows) > MOST_ROWS:
        raise Unknown(f"{len(rows)} rows of {table} have {_condition(wanted)}: add {_what_to_add(table, rows, wanted)}")
    values = [value for row in rows for value in tracer.values(table, row, column)]
    if not values:
        raise Unknown(
            f"{table} has a row with {_condition(wanted)}, but no value{f' of {column}' if column else ''} in it"
        )
    return values


def _condition(wanted: dict[str, str]) -> str:
    return ", ".join(f"{column}={value}" for column, value in wanted.items()) or "no condition"


def _where_to_look(table: str, wanted: dict[str, str]) -> str:
    if not wanted:
        return "`entrepot build` loads figures"
    return f"Their values: `entrepot sql 'SELECT DISTINCT {', '.join(wanted)} FROM {table} ORDER BY ALL'`"


def _what_to_add(table: str, rows: Sequence[dict[str, Any]], wanted: dict[str, str]) -> str:
    """The columns that tell the rows apart, with some of their values."""
    texts = []
    for column in _key(table):
        values = list(dict.fromkeys(str(row[column]) for row in rows))
        if len(values) > 1 and column not in wanted:
            more = ", …" if len(values) > _LISTED else ""
            texts.append(f"{column}= ({', '.join(values[:_LISTED])}{more})")
    return ", or ".join(texts)


def _check_columns(table: str, wanted: dict[str, str], column: str | None) -> None:
    names = [c.name for c in base.columns(_TABLES[table])]
    for name in wanted:
        if name not in names:
            raise Unknown(f"{table} has no column {name!r}; it has: {', '.join(names)}")
    if column is not None and column not in (values := _value_columns(table)):
        raise Unknown(f"{table} has no value column {column!r}; it has: {', '.join(values)}")


def _key(table: str) -> list[str]:
    """The columns that identify a row of a mart."""
    of = lineage.FACTS.get(table)
    return list(of.key) if isinstance(of, RowLineage) else base.key(_TABLES[table])


def _value_columns(table: str) -> list[str]:
    of = lineage.FACTS.get(table) or _READINGS[table]
    return list(dict.fromkeys(of.columns.values())) if isinstance(of, CellLineage) else list(of.columns)


class _Tracer:
    """Follows values of one question; each archived file is read once."""

    def __init__(self, con: duckdb.DuckDBPyConnection, home: Home) -> None:
        self.con, self.archive = con, ArchiveReader(con, home)

    def rows(self, table: str, wanted: dict[str, str]) -> list[dict[str, Any]]:
        """The rows of a fact or reading with the wanted values, by column."""
        query = sql.render("ask/fact_rows.sql", mart=table, wanted=list(wanted), key=_key(table))
        return self._fetched(query, list(wanted.values()))

    def values(self, table: str, row: dict[str, Any], column: str | None) -> Iterator[Value | ReadingValue]:
        """The values of one row that are there; of one column, if one is named."""
        for name in [column] if column else _value_columns(table):
            if row[name] is not None:
                of = lineage.FACTS.get(table)
                yield self._fact_value(of, row, name) if of else self._reading_value(_READINGS[table], row, name)

    def _reading_value(self, reading: ReadingLineage, row: dict[str, Any], column: str) -> ReadingValue:
        key = _key(reading.mart)
        values: list[Value | ReadingValue] = []
        for fact in reading.columns[column]:
            for fact_row in self._facts_of(reading, fact, [row[k] for k in key]):
                values += self._values_of_fact(fact, fact_row)
        return ReadingValue(reading.mart, {k: row[k] for k in key}, column, row[column], values)

    def _facts_of(self, reading: ReadingLineage, fact: FactOf, key: list[Any]) -> list[dict[str, Any]]:
        query = sql.render("ask/facts_of_reading.sql", reading=reading.mart, key=_key(reading.mart), fact=fact)
        return self._fetched(query, key)

    def _values_of_fact(self, fact: FactOf, row: dict[str, Any]) -> Iterator[Value | ReadingValue]:
        if is_traced(fact.mart):
            yield from self.values(fact.mart, row, fact.column)
        else:  # rows of figures themselves
            yield self._figure_value(fact, row)

    def _figure_value(self, fact: FactOf, row: dict[str, Any]) -> Value:
        version = self.archive.version(_kind(f"mart.{fact.mart}"), row)
        provenance = {name: row[name] for name in _PROVENANCE if name in row}
        return Value(
            fact.mart, {}, fact.column, row[fact.column], provenance, [Input("value", None, version, [])], None
        )

    def _fact_value(self, of: CellLineage | RowLineage, row: dict[str, Any], column: str) -> Value:
        figures = self._figures_of(of, row, column)
        shown = [figure for figure in figures if figure["part"] != "member"]
        taken_off = [figure for figure in figures if figure["part"] == "member"]
        return Value(
            of.mart,
            {name: row[name] for name in _key(of.mart)},
            column,
            row[column],
            _provenance(row, column),
            [self._input(of, figure) for figure in shown],
            _members(of, taken_off) if taken_off else None,
        )

    def _figures_of(self, of: CellLineage | RowLineage, row: dict[str, Any], column: str) -> list[dict[str, Any]]:
        """The rows of the macro figures_of_<mart> for one value."""
        parameters = ", ".join("?" * len(of.key))
        query = f"FROM mart.figures_of_{of.mart}({parameters}) WHERE column_name = ? ORDER BY ALL"
        return self._fetched(query, [*(row[name] for name in of.key), column])

    def _input(self, of: CellLineage | RowLineage, figure: dict[str, Any]) -> Input:
        fact = _kind(of.figures)
        version = self.archive.version(fact, figure)
        return Input(figure["part"], figure["sign"], version, figure_steps.steps(self.con, fact, version, of.figures))

    def _fetched(self, query: str, parameters: list[Any]) -> list[dict[str, Any]]:
        result = self.con.execute(query, parameters)
        names = [str(column[0]) for column in result.description or []]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _kind(figures: str) -> Fact:
    """The kind of the figures of a relation."""
    name = figures.split(".")[1]
    return next(fact for fact in facts.ALL if base.table_name(mart.FIGURES_OF[fact.name]).removeprefix("mart.") == name)


def _provenance(row: dict[str, Any], column: str) -> dict[str, Any]:
    """What a fact's row says of the provenance of a value: in a column of its own, or in those of the row."""
    own = row.get(f"{column.removesuffix('_usd').removesuffix('_exact')}_from")
    found: dict[str, Any] = own if isinstance(own, dict) else {name: row[name] for name in _PROVENANCE if name in row}
    return found


def _members(of: CellLineage | RowLineage, figures: list[dict[str, Any]]) -> Members:
    amount = of.amount if isinstance(of, CellLineage) else "value"
    return Members(len(figures), -sum((Decimal(f["sign"]) * f[amount] for f in figures), Decimal(0)))
