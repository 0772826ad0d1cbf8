"""A schema's checks as boolean SQL expressions, so that one scan marks every row with the rules it breaks.

Pandera runs each check as a query of its own, and names the failing rows only for some kinds of checks (failures of
nullability and uniqueness come without a row, dataframe-level checks without a column). The expressions here are not a
second implementation: Pandera's own check functions build them on an Ibis table, and Ibis compiles them to DuckDB SQL. A
property test compares their verdicts with Pandera's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import ibis
import ibis.expr.operations as ops
import sqlglot
from pandera.api.ibis.types import IbisData
from pandera.backends.ibis.checks import IbisCheckBackend

from schemas.base import REFERENCES, Table


@dataclass(frozen=True)
class Rule:
    """A rule about one row. ``sql`` is false for rows that break it; true and NULL mean that the row keeps it.

    ``column`` is the one column the rule is about; None for rules about several.
    """

    name: str
    sql: str
    column: str | None = None


def rules(schema: type[Table]) -> tuple[Rule, ...]:
    """All row rules of a schema: nullability, the columns' checks, the table's checks.

    Uniqueness is not a rule about one row (see :func:`schemas.base.key`). Types are checked while rows are read.

    Example: ``Rule("value: not_null", "NOT t0.value IS NULL", "value")``
    """
    return _rules(cast(Any, schema))


@cache
def _rules(schema: Any) -> tuple[Rule, ...]:
    declared = schema.to_schema()
    table = ibis.table({name: c.dtype.type for name, c in declared.columns.items()}, name="rows")
    verdicts = list(_verdicts(declared, table))
    texts = _sql(table, [verdict for _, verdict, _ in verdicts])
    return tuple(Rule(name, text, column) for (name, _, column), text in zip(verdicts, texts, strict=True))


def _verdicts(declared: Any, table: Any) -> Iterator[tuple[str, Any, str | None]]:
    """Name, boolean column and the one column looked at, of each rule."""
    for name, column in declared.columns.items():
        if not column.nullable:
            yield f"{name}: not_null", _not_null(table[name]), name
        for check in column.checks:
            yield f"{name}: {_title(check)}", _verdict(check, table, name), name
    for check in declared.checks:
        yield _title(check), _verdict(check, table, None), None


def _title(check: Any) -> str:
    """The check's own description, else its name with its arguments."""
    if check.name == REFERENCES:
        where = " among {wanted}" if check.statistics["further"] else ""
        return f"stands in {{table}}.{{column}}{where}".format(**check.statistics)
    if check.error:
        return str(check.error)
    arguments = ".".join(str(v) for v in (check.statistics or {}).values())
    return f"{check.name}({arguments})" if arguments else str(check.name)


def _not_null(column: Any) -> Any:
    # Pandera's Ibis backend counts a NaN as null.
    return column.notnull() & ~column.isnan() if column.type().is_floating() else column.notnull()


def _verdict(check: Any, table: Any, column: str | None) -> Any:
    """The boolean column that Pandera's check builds on ``table``."""
    verdicts = IbisCheckBackend(check).check_fn(IbisData(table, column))
    if not isinstance(verdicts, ibis.Table):
        return verdicts
    project = verdicts.op()
    if not isinstance(project, ops.Project) or project.parent != table.op():
        raise TypeError(f"check {check.name!r} builds more than one expression a row")
    verdict: Any = ibis.literal(True)
    for value in project.values.values():
        verdict = verdict & value.to_expr()
    return verdict


def _sql(table: Any, verdicts: Sequence[Any]) -> list[str]:
    """The boolean columns as SQL expressions.

    They are compiled in one query, which takes little more than half the time of a query for each. Those that look into another
    table have a query each, since Ibis would move what two of them share into a WITH clause.
    """
    alone = [len(verdict.op().find(ops.UnboundTable)) > 1 for verdict in verdicts]
    together = iter(_expressions(table, [v for v, is_alone in zip(verdicts, alone, strict=True) if not is_alone]))
    return [
        _expressions(table, [v])[0] if is_alone else next(together) for v, is_alone in zip(verdicts, alone, strict=True)
    ]


def _expressions(table: Any, verdicts: Sequence[Any]) -> list[str]:
    if not verdicts:
        return []
    query = ibis.to_sql(table.select(**{f"verdict_{n}": v for n, v in enumerate(verdicts)}), dialect="duckdb")
    return [str(e.this.sql("duckdb")) for e in sqlglot.parse_one(query, read="duckdb").expressions]
