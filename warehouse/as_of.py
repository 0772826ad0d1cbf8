"""The warehouse as a reader could have known it at a moment, for questions asked of the usual names.

An in-memory database mirrors the published file's tables as views. Those of core show only the versions that
were published by then (received, where no date of publication is on record), and take none for superseded by
what came later. The same marts are defined over them, so that all of them look back together.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from warehouse import connection, file_version, sql
from warehouse.connection import first
from warehouse.errors import NotPublished
from warehouse.settings import Home


@contextmanager
def looking_back(home: Home, moment: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that looks back. Raises NotPublished, or HomeError for a file of another layout;
    duckdb.ConversionException for what is no moment."""
    if not home.published_file.exists():
        raise NotPublished(f"nothing is published in {home.root} yet: run `entrepot build`")
    con = duckdb.connect()
    try:
        connection.settle(con)
        row = first(con.execute("SELECT CAST(? AS TIMESTAMPTZ)::VARCHAR", [moment]))
        assert row is not None
        con.execute(f"ATTACH {sql.quoted(str(home.published_file))} AS published (READ_ONLY)")
        file_version.check_published(con, "published")
        _mirror(con, row[0])
        for name in sql.names("core"):
            con.execute(sql.render(name))
        _define_marts(con)
        con.execute("SET search_path = 'mart,main'")
        yield con
    finally:
        con.close()


def _mirror(con: duckdb.DuckDBPyConnection, moment: str) -> None:
    con.execute("CREATE SCHEMA mart")
    tables = con.execute(
        "SELECT schema_name, table_name, list_contains(list(column_name), 'superseded_by') FROM duckdb_columns() "
        "JOIN duckdb_tables() USING (database_name, schema_name, table_name) "
        "WHERE database_name = 'published' GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    con.execute(sql.render("shared/known_by.sql", moment=moment))
    for schema, table, has_versions in tables:
        con.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        template = "shared/mirror_versions.sql" if has_versions else "shared/mirror.sql"
        con.execute(sql.render(template, schema=schema, table=table))


def _define_marts(con: duckdb.DuckDBPyConnection) -> None:
    for name in sql.names("mart"):
        con.execute(sql.render(name))
