"""The warehouse as a reader could have known it at a moment, for questions asked of the usual names.

An in-memory database mirrors the published file's tables as views, defines the same marts over them, and
lets ``trade``, ``fdi`` and ``indicator`` mean what was known then: so ``mart.trade``, ``trade`` and every
mart built on them look back together, and none is left in the present unnoticed.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from warehouse import sql
from warehouse.errors import NotPublished
from warehouse.settings import Home

_LOOKING_BACK = ("trade", "fdi", "indicator")


@contextmanager
def looking_back(home: Home, moment: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that looks back. Raises NotPublished; duckdb.ConversionException for what is no moment."""
    if not home.published_file.exists():
        raise NotPublished(f"nothing is published in {home.root} yet: run `entrepot build`")
    con = duckdb.connect()
    try:
        con.execute("SET TimeZone = 'UTC'")
        con.execute("SET enable_progress_bar = false")
        row = con.execute("SELECT CAST(? AS TIMESTAMPTZ)::VARCHAR", [moment]).fetchone()
        assert row is not None
        con.execute(f"ATTACH {sql.quoted(str(home.published_file))} AS published (READ_ONLY)")
        _mirror(con)
        for name in sql.names("core"):
            con.execute(sql.render(name))
        _define_marts(con, row[0])
        con.execute("SET search_path = 'mart,main'")
        yield con
    finally:
        con.close()


def _mirror(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("CREATE SCHEMA mart")
    tables = con.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'published' ORDER BY ALL"
    ).fetchall()
    for schema, table in tables:
        con.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        con.execute(f"CREATE VIEW {schema}.{table} AS FROM published.{schema}.{table}")


def _define_marts(con: duckdb.DuckDBPyConnection, moment: str) -> None:
    for name in sql.names("mart"):
        con.execute(sql.render(name))
        mart = name.removesuffix(".sql").split("_", 1)[1]
        if mart in _LOOKING_BACK:
            con.execute(f"CREATE OR REPLACE VIEW mart.{mart} AS FROM mart.{mart}_as_of({sql.quoted(moment)})")
