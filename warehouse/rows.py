"""Writing single rows by the names of their columns, which come from the table's schema."""

from collections.abc import Iterable, Mapping
from typing import Any

import duckdb

from schemas import base
from schemas.base import Table, table_name
from warehouse.connection import one


def insert(con: duckdb.DuckDBPyConnection, table: type[Table], row: Mapping[str, Any]) -> None:
    """Write one row, with a value for each column; columns that may be empty can be left out.

    Raises ValueError for a name that is not a column of the table, or a required column without a value.

    Example: ``insert(con, meta.Setting, {"setting": "layout", "setting_value": "2"})``
    """
    insert_all(con, table, [row])


def insert_all(con: duckdb.DuckDBPyConnection, table: type[Table], rows: Iterable[Mapping[str, Any]]) -> None:
    """Write several rows as ``insert`` does."""
    values = [_in_order(table, row) for row in rows]
    if values:
        con.executemany(_statement(table), values)


def insert_numbered(con: duckdb.DuckDBPyConnection, table: type[Table], row: Mapping[str, Any]) -> int:
    """Write one row of a table whose key is a whole number, under the next free number; return the number."""
    (key,) = base.key(table)
    (number,) = one(con.execute(f'SELECT coalesce(max("{key}"), 0) + 1 FROM {table_name(table)}'))
    insert(con, table, {key: number, **row})
    return int(number)


def _statement(table: type[Table]) -> str:
    names = [c.name for c in base.columns(table)]
    columns = ", ".join(f'"{name}"' for name in names)
    return f"INSERT INTO {table_name(table)} ({columns}) VALUES ({', '.join('?' for _ in names)})"


def _in_order(table: type[Table], row: Mapping[str, Any]) -> list[Any]:
    """The row's values in the order of the table's columns, None for those left out."""
    columns = base.columns(table)
    unknown = row.keys() - {c.name for c in columns}
    missing = [c.name for c in columns if not c.nullable and row.get(c.name) is None]
    if unknown or missing:
        raise ValueError(f"{table_name(table)}: unknown columns {sorted(unknown)}, columns without a value {missing}")
    return [row.get(c.name) for c in columns]
