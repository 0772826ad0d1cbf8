"""Exhibits of tables that are not known beforehand: their columns are those that the query returns."""

from collections.abc import Callable

import duckdb

from tasks.report.model import Column, Exhibit, Rows
from warehouse.connection import one

#: Decimals of a type of number; of others the values are shown as text.
_DIGITS = {"TINYINT": 0, "SMALLINT": 0, "BIGINT": 0, "HUGEINT": 0, "DOUBLE": 2, "FLOAT": 2, "DECIMAL": 2}

#: Amounts of money by the end of a column's name, and the units of other columns by their whole name.
_MONEY = {"_usd": "billion US$", "_cny": "billion CNY"}
_UNITS = {"km": "km", "length_km": "km", "percent": "%", "rate_percent": "%"}

#: Rows that are shown of a query that may return any number of them.
_MOST_ROWS = 30


def exists(con: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Whether the published file has this mart."""
    query = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'mart' AND table_name = ?"
    (tables,) = one(con.execute(query, [name]))
    return bool(tables)


def columns_of(con: duckdb.DuckDBPyConnection, query: str) -> tuple[Column, ...]:
    """The columns of a query's result, but for those that hold structures. Amounts of money are shown in billions."""
    described = con.execute(f"DESCRIBE {query}").fetchall()
    return tuple(_column(str(name), str(kind)) for name, kind, *_ in described if not str(kind).startswith("STRUCT"))


def _column(name: str, kind: str) -> Column:
    label = name.replace("_", " ").replace("gdp", "GDP").replace("fdi", "FDI")
    label = label[:1].upper() + label[1:]
    digits = _DIGITS.get(kind.split("(")[0])
    if digits is None:
        return Column(name, label)
    for end, unit in _MONEY.items():
        if name.endswith(end):
            return Column(name, label.removesuffix(end.replace("_", " ")), unit, 2, 10**9)
    if name == "population":
        return Column(name, label, "million", 2, 10**6)
    return Column(name, label, _UNITS.get(name, ""), digits)


def exhibit(
    con: duckdb.DuckDBPyConnection, slug: str, title: str, query: str, takeaway: Callable[[Rows], str], missing: str
) -> Exhibit:
    """A table of whatever a query returns, folded up; of a long one the beginning."""
    return Exhibit(
        slug, title, query, columns_of(con, query), takeaway, missing=missing, opened=False, most_rows=_MOST_ROWS
    )
