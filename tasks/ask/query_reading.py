"""What a query adds and compares: its text is read, and each column traced to the marts it comes from.

Subqueries, common table expressions, joins, unions and aliases are followed. What is not understood is left out: a reading says
less than there is, never more.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import sqlglot
from sqlglot import exp

from tasks.ask.query_parts import (
    Addition,
    Column,
    Comparison,
    Fixed,
    Reading,
    Sum,
    Use,
    Values,
    from_and_joins,
    name_of,
    source_name,
)

logging.getLogger("sqlglot").setLevel(logging.CRITICAL)  # what it cannot read is left out, and not a message of ours

#: The columns of a mart by its name without schema; None if there is no such mart.
ColumnsOf = Callable[[str], Sequence[str] | None]


def read(query: str, columns_of: ColumnsOf) -> Reading:
    """What a statement adds and compares; nothing where it is no query, or is not understood."""
    try:
        statement = sqlglot.parse_one(query, read="duckdb")
    except (sqlglot.errors.SqlglotError, RecursionError):
        return Reading()
    reader = _Reader(columns_of)
    if isinstance(statement, exp.Query):
        reader.query(statement, {}, None)
    return reader.reading


@dataclass(frozen=True)
class _Output:
    """A column of a result: the columns it is made of, and whether it is one of them unchanged."""

    columns: frozenset[Column] = frozenset()
    is_unchanged: bool = False
    #: What is fixed for the values in it alone, as by the FILTER of a sum.
    fixed: Fixed = field(default_factory=dict)


@dataclass
class _Rows:
    """A result: its columns by name, and what all its rows have in common."""

    outputs: dict[str, _Output] = field(default_factory=dict)
    fixed: dict[Column, Values] = field(default_factory=dict)


_Tables = Mapping[str, exp.Expression]


@dataclass
class _Scope:
    """Where the names in a SELECT are looked up."""

    sources: dict[str, _Rows]
    outer: "_Scope | None"
    aliases: dict[str, exp.Expression] = field(default_factory=dict)

    def find(self, column: exp.Column) -> _Output:
        """What a name means, in this SELECT or one around it."""
        parts = [part.name.lower() for part in column.parts]
        for start, name in enumerate(parts[:-1]):
            rows = self.sources.get(name)
            if rows and parts[start + 1] in rows.outputs:
                return _part(rows.outputs[parts[start + 1]], further=parts[start + 2 :])
        for rows in self.sources.values():
            if parts[0] in rows.outputs:
                return _part(rows.outputs[parts[0]], further=parts[1:])
        if len(parts) == 1 and parts[0] in self.aliases:
            return self.output(self.aliases[parts[0]], but=parts[0])
        return self.outer.find(column) if self.outer else _Output()

    def source_of(self, column: exp.Column) -> str | None:
        """The name of the table in this SELECT that a column is of; None if it is of none that is known."""
        if column.table:
            return column.table.lower() if column.table.lower() in self.sources else None
        return next((name for name, rows in self.sources.items() if column.name.lower() in rows.outputs), None)

    def unaliased(self, expression: exp.Expression) -> exp.Expression:
        """An expression, or what it is the alias of in this SELECT."""
        name = expression.name.lower() if isinstance(expression, exp.Column) and not expression.table else ""
        is_column = any(name in rows.outputs for rows in self.sources.values())
        return expression if is_column else self.aliases.get(name, expression)

    def output(self, expression: exp.Expression, but: str = "") -> _Output:
        """The columns that the value of an expression is made of. ``but`` is an alias that is not looked up."""
        bare = expression.unalias().unnest()
        names = self if not but else replace(self, aliases={k: v for k, v in self.aliases.items() if k != but})
        if isinstance(bare, exp.Column):
            return names.find(bare)
        found = [names.find(column) for column in _values_of(bare)]
        fixed = {c: v for output in found for c, v in output.fixed.items()}
        return _Output(frozenset(c for output in found for c in output.columns), fixed=fixed)


def _part(output: _Output, further: list[str]) -> _Output:
    """A column, or a field of a column that is a struct."""
    return _Output() if further else output


class _Reader:
    """Reads the SELECTs of a query from the inside out."""

    def __init__(self, columns_of: ColumnsOf) -> None:
        self.reading = Reading()
        self._columns_of = columns_of
        self._open: list[exp.Expression] = []

    def query(self, query: exp.Expression, tables: _Tables, outer: _Scope | None) -> _Rows:
        """The result of a query."""
        if any(query is other for other in self._open):  # a recursive table
            return _Rows()
        self._open.append(query)
        try:
            known = {**tables, **{cte.alias.lower(): cte.this for cte in getattr(query, "ctes", [])}}
            if isinstance(query, exp.Select):
                return self._select(query, known, outer)
            if isinstance(query, exp.SetOperation):
                return _union(self.query(query.left, known, outer), self.query(query.right, known, outer))
            return self.query(query.this, known, outer) if isinstance(query, exp.Subquery) else _Rows()
        finally:
            self._open.pop()

    def _select(self, select: exp.Select, tables: _Tables, outer: _Scope | None) -> _Rows:
        scope = _Scope(dict(self._sources(select, tables, outer)), outer)
        scope.aliases = {e.alias.lower(): e.this for e in select.expressions if isinstance(e, exp.Alias)}
        fixed = {c: v for rows in scope.sources.values() for c, v in rows.fixed.items()}
        self._fix(_conditions_of(select), scope, fixed, _equal_columns(select, scope))
        self._read_subqueries(select, tables, scope)
        self._read_additions(select, scope)
        sums: dict[int, Sum] = {}
        for node in _own_nodes(select):
            if _adds(node):
                sums[id(node)] = self._sum(node, select, scope, fixed)
        self.reading.sums += [added for added in sums.values() if added.columns]
        return _Rows(_outputs_of(select, scope, sums), fixed)

    def _sources(self, select: exp.Select, tables: _Tables, outer: _Scope | None) -> Iterator[tuple[str, _Rows]]:
        from_ = select.args.get("from_") or select.args.get("from")
        for clause in [from_, *(select.args.get("joins") or [])]:
            if clause is None:
                continue
            table = clause.this
            yield source_name(table), self._source(table, tables, outer)
            for join in table.args.get("joins") or []:
                yield source_name(join.this), self._source(join.this, tables, outer)

    def _source(self, table: exp.Expression, tables: _Tables, outer: _Scope | None) -> _Rows:
        if isinstance(table, exp.Table):
            name, schema = name_of(table), table.db.lower()
            if not schema and name in tables:
                query = tables[name]
                return self.query(query, {k: v for k, v in tables.items() if v is not query}, outer)
            if schema in ("", "main", "mart", "ref"):
                return self._mart(f"ref.{name}" if schema == "ref" else name, table)
            return _Rows()
        return self.query(table, tables, outer) if isinstance(table, exp.Query) else _Rows()

    def _mart(self, name: str, table: exp.Table) -> _Rows:
        mart = name.removesuffix("_as_of")  # a table macro, which gives the mart of that name
        columns = self._columns_of(mart)
        select = table.find_ancestor(exp.Select)
        if columns is None or not isinstance(select, exp.Select):
            return _Rows()
        alias = table.alias or ("" if mart != name else name)  # a macro without an alias has no name in its SELECT
        use = Use(mart, tuple(columns), select, alias)
        return _Rows({c: _Output(frozenset({Column(use, c)}), is_unchanged=True) for c in columns})

    def _fix(
        self,
        conditions: Iterable[exp.Expression],
        scope: _Scope,
        fixed: dict[Column, Values],
        equal: Sequence[frozenset[Column]] = (),
    ) -> None:
        """Note in ``fixed`` what the conditions restrict to listed values, and what is equal to that."""
        for condition in conditions:
            column, values = _restriction(condition)
            for restricted in _unchanged(scope.output(column)) if column is not None else ():
                fixed[restricted] = values
                texts = tuple(sorted(_texts(condition)))
                comparison = Comparison(restricted, texts)
                if texts and comparison not in self.reading.comparisons:
                    self.reading.comparisons.append(comparison)
        for both in equal:
            known = [c for c in both if c in fixed]
            fixed.update({c: fixed[known[0]] for c in both if known and c not in fixed})

    def _sum(self, node: exp.Expression, select: exp.Select, scope: _Scope, fixed: Fixed) -> Sum:
        added = scope.output(node.this) if isinstance(node.this, exp.Expression) else _Output()
        conditions = tuple(_conditions_of_sum(node))
        window = node.find_ancestor(exp.Window, exp.Query)
        grouped = window.args.get("partition_by") or () if isinstance(window, exp.Window) else _group_of(select)
        keys = tuple(scope.unaliased(key) for key in grouped)
        group = frozenset(c for key in keys for c in _unchanged(scope.output(key)))
        columns = list(_values_of(node.this)) if isinstance(node.this, exp.Expression) else []
        own = {**fixed, **added.fixed}
        self._fix(conditions, scope, own)
        own.update({c: own.get(c) for c in group})
        return Sum(
            node.key,
            node.sql("duckdb", normalize_functions="lower"),
            added.columns,
            own,
            group,
            keys,
            select,
            conditions,
            is_of_a_column=isinstance(node.this, exp.Column),
            sources=tuple(dict.fromkeys(filter(None, map(scope.source_of, columns)))),
            added=tuple(columns),
            is_arithmetic=_is_arithmetic(node.this),
        )

    def _read_subqueries(self, select: exp.Select, tables: _Tables, scope: _Scope) -> None:
        """Read the queries in the expressions of a SELECT."""
        sources = list(from_and_joins(select))
        for node in _own_nodes(select):
            if isinstance(node, exp.Query) and not any(node is s for s in sources) and not _is_of_with(node):
                self.query(node, tables, scope)

    def _read_additions(self, select: exp.Select, scope: _Scope) -> None:
        for node in _own_nodes(select):
            if isinstance(node, exp.Add) and not isinstance(_above_parentheses(node), exp.Add):
                terms = tuple(scope.output(term).columns for term in _terms(node))
                self.reading.additions.append(Addition(node.sql("duckdb", normalize_functions="lower"), terms))


def _union(left: _Rows, right: _Rows) -> _Rows:
    """The result of two queries one below the other: columns by position, with the names of the first."""
    outputs = {}
    for (name, first), second in zip(left.outputs.items(), right.outputs.values(), strict=False):
        unchanged = first.is_unchanged and second.is_unchanged
        outputs[name] = _Output(first.columns | second.columns, unchanged, {**first.fixed, **second.fixed})
    return _Rows(outputs, {**left.fixed, **right.fixed})


def _outputs_of(select: exp.Select, scope: _Scope, sums: Mapping[int, Sum]) -> dict[str, _Output]:
    outputs: dict[str, _Output] = {}
    for expression in select.expressions:
        if isinstance(expression, exp.Star):
            for rows in reversed(scope.sources.values()):
                outputs |= rows.outputs
        elif isinstance(expression, exp.Column) and isinstance(expression.this, exp.Star):
            outputs |= scope.sources.get(expression.table.lower(), _Rows()).outputs
        else:
            outputs[expression.alias_or_name.lower() or f"#{len(outputs)}"] = _output_of(expression, scope, sums)
    return outputs


def _output_of(expression: exp.Expression, scope: _Scope, sums: Mapping[int, Sum]) -> _Output:
    """A column of the result; one with sums is made of what they add, and keeps the conditions of each."""
    inside = [sums[id(node)] for node in expression.walk(prune=_is_query) if id(node) in sums]
    if not inside:
        return scope.output(expression)
    fixed: dict[Column, Values] = {}
    for added in inside:
        own: dict[Column, Values] = {}
        _Reader(lambda _: None)._fix(added.conditions, scope, own)
        fixed |= own
    return _Output(frozenset(c for added in inside for c in added.columns), fixed=fixed)


def _is_query(node: exp.Expression) -> bool:
    return isinstance(node, exp.Query)


def _own_nodes(select: exp.Select) -> Iterator[exp.Expression]:
    """The nodes of a SELECT; of the queries in it only the topmost node."""
    for node in select.walk(prune=lambda n: n is not select and _is_query(n)):
        if node is not select:
            yield node


def _is_of_with(node: exp.Expression) -> bool:
    return isinstance(node.parent, exp.CTE)


def _conditions_of(select: exp.Select) -> Iterator[exp.Expression]:
    """The conditions that all rows of a SELECT meet, one by one."""
    where = select.args.get("where")
    if where is not None:
        yield from _conjuncts(where.this)
    for table in from_and_joins(select):
        join = table.parent
        if isinstance(join, exp.Join) and join.args.get("on") is not None:
            yield from _conjuncts(join.args["on"])


def _conjuncts(condition: exp.Expression) -> Iterator[exp.Expression]:
    bare = condition.unnest()
    if isinstance(bare, exp.And):
        yield from _conjuncts(bare.left)
        yield from _conjuncts(bare.right)
    else:
        yield bare


def _conditions_of_sum(node: exp.Expression) -> Iterator[exp.Expression]:
    """The conditions of FILTER, and of a CASE with one branch, which adds nothing where it is not met."""
    if isinstance(node.parent, exp.Filter):
        yield from _conjuncts(node.parent.expression.this)
    case = node.this
    if isinstance(case, exp.Case) and case.this is None and len(case.args["ifs"]) == 1:
        default = case.args.get("default")
        if default is None or isinstance(default, exp.Null) or default.sql() == "0":
            yield from _conjuncts(case.args["ifs"][0].this)


def _restriction(condition: exp.Expression) -> tuple[exp.Expression | None, Values]:
    """The column that a condition restricts, and to which values. ``is_preferred`` alone is one that is true."""
    if isinstance(condition, exp.Column):
        return condition, frozenset({"true"})
    if isinstance(condition, (exp.EQ, exp.Is, exp.NullSafeEQ)):
        for column, value in ((condition.left, condition.right), (condition.right, condition.left)):
            if isinstance(column, exp.Column) and not isinstance(value, exp.Column):
                known = isinstance(value, (exp.Literal, exp.Boolean, exp.Null))
                return column, frozenset({value.name if value.name else value.sql().lower()}) if known else None
    if isinstance(condition, exp.In) and isinstance(condition.this, exp.Column):
        values = condition.expressions
        return condition.this, frozenset(v.name for v in values) if values and all(map(_is_literal, values)) else None
    return None, None


def _is_literal(node: exp.Expression) -> bool:
    return isinstance(node, exp.Literal)


def _texts(condition: exp.Expression) -> Iterator[str]:
    """The texts that a column is compared with."""
    for node in (condition.args.get("this"), condition.args.get("expression"), *condition.args.get("expressions", [])):
        if isinstance(node, exp.Literal) and node.is_string:
            yield node.name


def _unchanged(output: _Output) -> frozenset[Column]:
    return output.columns if output.is_unchanged else frozenset()


def _equal_columns(select: exp.Select, scope: _Scope) -> list[frozenset[Column]]:
    """Columns that joins and conditions make equal, as sets."""
    sets: list[frozenset[Column]] = []
    for condition in _conditions_of(select):
        if isinstance(condition, exp.EQ) and isinstance(condition.left, exp.Column):
            sets.append(_unchanged(scope.output(condition.left)) | _unchanged(scope.output(condition.right)))
    for table in from_and_joins(select):
        for name in (table.parent.args.get("using") or []) if isinstance(table.parent, exp.Join) else []:
            outputs = [rows.outputs.get(name.name.lower()) for rows in scope.sources.values()]
            sets.append(frozenset(c for output in outputs if output for c in _unchanged(output)))
    return sets


def _group_of(select: exp.Select) -> tuple[exp.Expression, ...]:
    """The expressions that a SELECT groups by; positions and ALL are resolved, and DISTINCT is not looked at."""
    group = select.args.get("group")
    if group is None:
        return ()
    projections = select.expressions
    if group.args.get("all"):
        return tuple(e for e in projections if not e.find(exp.AggFunc) and not e.is_star)
    resolved = []
    for expression in group.expressions:
        is_position = isinstance(expression, exp.Literal) and not expression.is_string
        if is_position and 0 < int(expression.name) <= len(projections):
            resolved.append(projections[int(expression.name) - 1])
        else:
            resolved.append(expression)
    return tuple(resolved)


def _adds(node: exp.Expression) -> bool:
    return isinstance(node, (exp.Sum, exp.Avg, exp.Count))


def _values_of(expression: exp.Expression) -> Iterator[exp.Column]:
    """The columns whose values are in the value of an expression: not those in conditions, divisors and subqueries."""
    if isinstance(expression, exp.Column):
        yield expression
    elif isinstance(expression, (exp.Predicate, exp.Query, exp.Connector)):
        return
    elif isinstance(expression, exp.Case):
        for branch in expression.args["ifs"]:
            yield from _values_of(branch.args["true"])
        if expression.args.get("default") is not None:
            yield from _values_of(expression.args["default"])
    elif isinstance(expression, (exp.Div, exp.IntDiv)):
        yield from _values_of(expression.this)
    elif isinstance(expression, exp.AggFunc) and not isinstance(expression, (exp.Sum, exp.Avg)):
        return  # one of the values, or their number
    elif isinstance(expression, (exp.Filter, exp.Window)):
        yield from _values_of(expression.this)
    else:
        for child in expression.iter_expressions():
            yield from _values_of(child)


def _is_arithmetic(node: exp.Expression | None) -> bool:
    """Whether columns are added or subtracted row by row, and no NULL is replaced."""
    if not isinstance(node, exp.Expression):
        return False
    return node.find(exp.Add, exp.Sub) is not None and node.find(exp.Coalesce, exp.Case, exp.AggFunc) is None


def _terms(node: exp.Expression) -> Iterator[exp.Expression]:
    """The terms of a sum ``a + b + c``; what is subtracted is none."""
    bare = node.unnest()
    if isinstance(bare, exp.Add):
        yield from _terms(bare.left)
        yield from _terms(bare.right)
    elif isinstance(bare, exp.Sub):
        yield from _terms(bare.left)
    else:
        yield bare


def _above_parentheses(node: exp.Expression) -> exp.Expression | None:
    above = node.parent
    while isinstance(above, exp.Paren):
        above = above.parent
    return above
