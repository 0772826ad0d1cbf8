"""The base of all schema classes, and how their columns are read.

A table is a ``Table`` subclass: its docstring is the table's description, ``Config.name`` its name in
the database, ``Config.unique`` its key. Columns are declared with :func:`field`.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import ibis
import ibis.expr.datatypes as dt
import pandera.backends.ibis.builtin_checks  # noqa: F401  a schema built before this has checks Ibis cannot run
import pandera.ibis as pa
from pandera.api.ibis.types import IbisData
from pandera.extensions import register_check_method

from schemas.columns import MEANINGS


class Table(pa.DataFrameModel):
    """Base of every table: exactly the declared columns, and no coercion of types."""

    class Config:
        strict = True
        coerce = False


def field(
    *, nullable: bool = False, references: str | None = None, among: tuple[str, str] | None = None, **checks: Any
) -> Any:
    """Declare a column; its meaning is in :mod:`schemas.columns`.

    ``references`` names a reference table and column that must have the value, such as ``ref.place.place``; ``among``
    restricts its rows to those with a value in a further column, such as ``("scheme", "baci")``. ``checks`` are
    Pandera's own (``isin``, ``ge``, ``str_matches`` …).
    """
    if references:
        table, column = references.rsplit(".", 1)
        further, wanted = among or ("", "")
        checks[REFERENCES] = {"table": table, "column": column, "further": further, "wanted": wanted}
    return pa.Field(nullable=nullable, **checks)


#: A declared column: its type and its :func:`field`.
Declared = tuple[Any, Any]


def with_columns(columns: Mapping[str, Declared]) -> Callable[[type[Table]], type[Table]]:
    """Class decorator: declare ``columns`` as if they were written in the class, before the columns written there.

    For tables whose columns follow from another table or from a list::

        @with_columns({"place": (types.Text, field()), **{name: (types.Money, field(nullable=True)) for name in NAMES}})
        class Profile(Table): ...
    """

    def extended(table: type[Table]) -> type[Table]:
        body = {
            "__doc__": table.__doc__,
            "__module__": table.__module__,
            "__qualname__": table.__qualname__,
            "__annotations__": {name: declared for name, (declared, _) in columns.items()},
            "Config": type("Config", (table.Config,), {"name": table_name(table)}),
            **{name: made for name, (_, made) in columns.items()},
        }
        return cast(type[Table], cast(Any, type(table))(table.__name__, (table,), body))

    return extended


def declared_types(table: type[Table]) -> dict[str, Any]:
    """The type of each column as it is written in the class or the classes it inherits from."""
    types: dict[str, Any] = {}
    for cls in reversed(table.__mro__):
        types |= inspect.get_annotations(cls)
    return {name: types[name] for name in table.to_schema().columns}


REFERENCES = "stands_in"


@register_check_method(statistics=["table", "column", "further", "wanted"])
def stands_in(data: IbisData, *, table: str, column: str, further: str, wanted: str) -> Any:
    """The value is in ``column`` of a reference table (``schema.name``), among rows whose ``further`` is ``wanted``."""
    return is_in(data.table, data.table[data.key], table, column, further, wanted)


def is_in(rows: Any, value: Any, table: str, column: str, further: str = "", wanted: str = "") -> Any:
    """The condition, on the Ibis table ``rows``, that ``value`` is in a reference table."""
    schema, name = table.split(".")
    reference = _reference_table(rows, schema, name, column, further)
    if further:
        reference = reference.filter(reference[further] == wanted)
    return value.isin(reference[column].cast(value.type()))


def unit_is_expected(data: IbisData) -> Any:
    """The condition that a series of a source's own list is printed in its unit; one that a user has named has the unit named with it."""
    return data.table.indicator.isnull() | data.table.mapped_unit.notnull()


def _reference_table(rows: Any, schema: str, name: str, column: str, further: str) -> Any:
    if rows.op().find(ibis.expr.operations.UnboundTable):
        # A further column keeps Ibis from writing SELECT *, which would fetch the whole table.
        return ibis.table({column: "string", further or "_": "string"}, name=name, database=schema)
    return rows.get_backend().table(name, database=schema)


@dataclass(frozen=True)
class Column:
    """One column of a table. ``type`` is the DuckDB type."""

    name: str
    type: str
    nullable: bool
    description: str
    unit: str | None


def table_name(schema: type[Table]) -> str:
    """The name of a table in the database, ``schema.table``."""
    return cast(str, schema.to_schema().name)


def key(schema: type[Table]) -> list[str]:
    """The columns whose values together are unique."""
    return list(cast(Sequence[str], schema.to_schema().unique or []))


def columns(schema: type[Table]) -> tuple[Column, ...]:
    """The columns of a table in their order. Raises KeyError if one has no meaning in the registry."""
    return _columns(cast(Any, schema))


@cache
def _columns(schema: Any) -> tuple[Column, ...]:
    declared = schema.to_schema().columns
    return tuple(_column(name, declared[name]) for name in _in_order(schema))


def _in_order(schema: Any) -> list[str]:
    """A class's own columns first, then those of its bases, each in the order in which they are written."""
    names = [name for cls in schema.__mro__ for name in inspect.get_annotations(cls)]
    wanted = schema.to_schema().columns
    return list(dict.fromkeys(name for name in names if name in wanted))


def _column(name: str, declared: Any) -> Column:
    meaning = MEANINGS[name]
    ibis_type = declared.dtype.type
    return Column(name, duckdb_type(ibis_type), bool(declared.nullable), meaning.description, meaning.unit)


def duckdb_type(ibis_type: Any) -> str:
    """The DuckDB spelling of an Ibis type."""
    from ibis.backends.sql.datatypes import DuckDBType

    if isinstance(ibis_type, type):
        ibis_type = ibis_type()
    if isinstance(ibis_type, dt.Struct):  # its own class, or one of ours with fixed fields
        ibis_type = dt.Struct(dict(ibis_type.fields))
    return str(DuckDBType.from_ibis(ibis_type).sql("duckdb"))


def description(schema: type[Table]) -> str:
    """The table's description: its docstring, unwrapped to one paragraph."""
    return " ".join((schema.__doc__ or "").split())
