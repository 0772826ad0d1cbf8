"""What a query is made of: the marts it uses, its sums, additions and comparisons, and the SQL of the rows that a sum adds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlglot import exp

#: Clauses of a SELECT that come after its rows are there.
_AFTER_ROWS = ("group", "having", "qualify", "order", "limit", "offset", "distinct", "windows", "sample")


@dataclass(frozen=True, eq=False)
class Use:
    """One occurrence of a mart in a query: the SELECT it is a table of, and its name there."""

    mart: str
    columns: tuple[str, ...]
    select: exp.Select
    alias: str


class Column(NamedTuple):
    """A column of one occurrence of a mart."""

    use: Use
    name: str


#: The values that a column is restricted to; None where these are not in the text (GROUP BY, a subquery).
Values = frozenset[str] | None
Fixed = Mapping[Column, Values]


@dataclass(frozen=True)
class Sum:
    """A sum, average or count over columns of marts.

    ``columns`` are added. ``fixed`` are columns with one value in each sum, or with the listed values; ``group`` those of them
    in GROUP BY, whose expressions are ``keys``. ``conditions`` are those of the sum alone, in the SELECT it stands in. ``sources`` are the names, in
    that SELECT, of the tables that the columns in its text, ``added``, are of. ``is_arithmetic``: columns are added to or subtracted from
    each other row by row, so that a row in which one is NULL is left out.
    """

    function: str
    text: str
    columns: frozenset[Column]
    fixed: Fixed
    group: frozenset[Column]
    keys: tuple[exp.Expression, ...]
    select: exp.Select
    conditions: tuple[exp.Expression, ...]
    is_of_a_column: bool
    sources: tuple[str, ...]
    added: tuple[exp.Column, ...]
    is_arithmetic: bool

    def rows_of(self, use: Use, columns: Sequence[str]) -> str:
        """SQL for columns of the rows of a mart that are added, as far as the conditions on them are known.

        Raises duckdb.Error when run, if the SELECT is part of another whose columns it uses.
        """
        rows = use.select.copy()
        for clause in _AFTER_ROWS:
            rows.set(clause, None)
        names = {name: exp.column(name, table=use.alias or None, quoted=True) for name in use.columns}
        rows = rows.select(*(names[name].as_(name, quoted=True) for name in columns), append=False, copy=False)
        for condition in self.conditions if self.select is use.select else ():
            rows = rows.where(condition.copy(), copy=False)
        for column, values in self.fixed.items():
            if column.use is use and values is not None:
                texts = [exp.Literal.string(value) for value in sorted(values)]
                rows = rows.where(exp.cast(names[column.name].copy(), "text").isin(*texts), copy=False)
        tables = tables_around(use.select)
        with_ = f"WITH {', '.join(table.sql('duckdb') for table in tables)} " if tables else ""
        return f"{with_}FROM ({rows.sql('duckdb')})"

    def numbered_rows(self) -> tuple[str, list[str], list[str]] | None:
        """SQL for the rows that are added, with a number for the row of each table they are made of, and with the expressions of GROUP BY.

        The names of the numbers and of the expressions follow; None where the sum is of one table without a join. A number that comes
        several times is a row that the join repeats. Raises duckdb.Error when run, as ``rows_of`` does.
        """
        rows = self.select.copy()
        tables = list(from_and_joins(rows))
        if len(tables) < 2 or not self.sources:
            return None
        for clause in _AFTER_ROWS:
            rows.set(clause, None)
        numbers = [f"row {number}" for number in range(len(self.sources))]
        for table in tables:
            name = source_name(table)
            if name in self.sources:
                number = exp.Window(this=exp.RowNumber()).as_(numbers[self.sources.index(name)], quoted=True)
                inner = table.copy()
                table.replace(exp.select("*", number).from_(inner).subquery(alias=name))
        keys = [f"key {number}" for number in range(len(self.keys))]
        shown = [exp.column(number, quoted=True) for number in numbers]
        grouped = [key.unalias().copy().as_(name, quoted=True) for name, key in zip(keys, self.keys, strict=True)]
        rows = rows.select(*shown, *grouped, append=False, copy=False)
        for condition in self.conditions:
            rows = rows.where(condition.copy(), copy=False)
        for column in self.added:
            rows = rows.where(exp.Not(this=exp.Is(this=column.copy(), expression=exp.Null())), copy=False)
        around = tables_around(self.select)
        with_ = f"WITH {', '.join(table.sql('duckdb') for table in around)} " if around else ""
        return f"{with_}FROM ({rows.sql('duckdb')})", numbers, keys


@dataclass(frozen=True)
class Comparison:
    """A column that is compared with texts, as in ``reporter = 'CHN'`` or ``partner IN ('JPN', 'KOR')``."""

    column: Column
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Addition:
    """Terms that are added to each other, and the columns of each."""

    text: str
    terms: tuple[frozenset[Column], ...]


@dataclass
class Reading:
    """What a query adds and compares."""

    sums: list[Sum] = field(default_factory=list)
    additions: list[Addition] = field(default_factory=list)
    comparisons: list[Comparison] = field(default_factory=list)


def name_of(table: exp.Table) -> str:
    """The name of a table, or of the macro that gives one."""
    return str(table.this.name).lower()


def source_name(table: exp.Expression) -> str:
    """The name of a table or subquery in its SELECT; a subquery without one gets one that no column begins with."""
    name = table.alias or (name_of(table) if isinstance(table, exp.Table) else "")
    return name.lower() or f"#{id(table)}"


def from_and_joins(select: exp.Select) -> Iterator[exp.Expression]:
    from_ = select.args.get("from_") or select.args.get("from")
    for clause in [from_, *(select.args.get("joins") or [])]:
        if clause is not None:
            yield clause.this
            for join in clause.this.args.get("joins") or []:
                yield join.this


def tables_around(select: exp.Select) -> list[exp.Expression]:
    """The common table expressions that a SELECT can use and that are not its own, the outermost first."""
    tables: list[exp.Expression] = []
    inside: exp.Expression = select
    while inside.parent is not None:
        around = inside.parent
        if isinstance(around, exp.With):
            tables = [*around.expressions[: around.expressions.index(inside)], *tables]
        elif isinstance(around, exp.Query) and not isinstance(inside, exp.With):
            tables = [*around.ctes, *tables]
        inside = around
    return tables
