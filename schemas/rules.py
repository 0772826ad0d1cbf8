"""A schema's checks as boolean SQL expressions, so that one scan marks every row with what it breaks.

Pandera runs each check as a query of its own and names failing rows only for some kinds of failure
(nullability and uniqueness failures come without a row, a dataframe-level check without a column).
The expressions here are not a second implementation: each is what Pandera's own check function builds
on an Ibis table, compiled to DuckDB SQL. A property test holds both to the same verdicts.
"""

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
    """One thing a row must keep. ``sql`` is false where it breaks it; NULL counts as kept.

    ``column``: the one column it looks at; None for rules about several.
    """

    name: str
    sql: str
    column: str | None = None


def rules(schema: type[Table]) -> tuple[Rule, ...]:
    """All row rules of a schema: nullability, the columns' checks, the table's checks.

    Uniqueness is not a row rule: it is :func:`schemas.base.key`. Types are proved by reading.
    """
    return _rules(cast(Any, schema))


@cache
def _rules(schema: Any) -> tuple[Rule, ...]:
    declared = schema.to_schema()
    table = ibis.table({name: c.dtype.type for name, c in declared.columns.items()}, name="rows")
    found: list[Rule] = []
    for name, column in declared.columns.items():
        if not column.nullable:
            found.append(Rule(f"{name}: not_null", _sql(table, _not_null(table[name])), name))
        found += [Rule(f"{name}: {_title(c)}", _sql(table, _verdict(c, table, name)), name) for c in column.checks]
    found += [Rule(_title(c), _sql(table, _verdict(c, table, None))) for c in declared.checks]
    return tuple(found)


def _title(check: Any) -> str:
    """The check's own description, else its name with what it was given."""
    if check.name == REFERENCES:
        where = " among {wanted}" if check.statistics["further"] else ""
        return f"stands in {{table}}.{{column}}{where}".format(**check.statistics)
    if check.error:
        return str(check.error)
    given = ".".join(str(v) for v in (check.statistics or {}).values())
    return f"{check.name}({given})" if given else str(check.name)


def _not_null(column: Any) -> Any:
    # Pandera's Ibis backend counts a NaN as null.
    return column.notnull() & ~column.isnan() if column.type().is_floating() else column.notnull()


def _verdict(check: Any, table: Any, column: str | None) -> Any:
    """The boolean column that Pandera's check makes of ``table``."""
    made = IbisCheckBackend(check).check_fn(IbisData(table, column))
    if not isinstance(made, ibis.Table):
        return made
    project = made.op()
    if not isinstance(project, ops.Project) or project.parent != table.op():
        raise TypeError(f"check {check.name!r} builds more than one expression a row")
    verdict: Any = ibis.literal(True)
    for value in project.values.values():
        verdict = verdict & value.to_expr()
    return verdict


def _sql(table: Any, verdict: Any) -> str:
    query = sqlglot.parse_one(ibis.to_sql(table.select(verdict=verdict), dialect="duckdb"), read="duckdb")
    return str(query.expressions[0].this.sql("duckdb"))
