"""The published warehouse as a reader could have known it at a moment, under the usual names of its tables and marts.

An in-memory database has a view of every table of the published file. The tables of ``core`` show only versions whose
edition was published by the moment (received, where no date of publication is on record), and a version counts as
superseded only if the edition that supersedes it was published by then. The marts are defined over these views, so
each of them shows the state of the moment.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from warehouse import connection, file_version, marts, sql
from warehouse.connection import one
from warehouse.errors import NotPublished, Unknown
from warehouse.settings import Home


@contextmanager
def reader_as_of(home: Home, moment: str, query: str | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the published warehouse as it could have been known at ``moment``.

    ``moment`` is a date or timestamp in a spelling that DuckDB casts to TIMESTAMPTZ, such as ``2022-06-01``, which is
    the whole day; one without a time zone is in UTC. Only the marts that ``query`` names are there, all without one. Raises NotPublished; HomeError for a published file of another file version;
    Unknown for a text that is not a date or timestamp.
    """
    if not home.published_file.exists():
        raise NotPublished(f"nothing is published in {home.root} yet: run `entrepot build`")
    con = duckdb.connect()
    try:
        connection.configure(con)
        point = _moment(con, moment)
        con.execute(f"ATTACH {sql.quoted(str(home.published_file))} AS published (READ_ONLY)")
        file_version.check_published(con, "published")
        _mirror_tables(con, point)
        marts.store(con, query)
        yield con
    finally:
        con.close()


def _moment(con: duckdb.DuckDBPyConnection, text: str) -> str:
    """The moment that a text names, as SQL writes it."""
    try:
        return str(one(con.execute(sql.render("shared/moment.sql"), [text]))[0])
    except duckdb.ConversionException as fault:
        raise Unknown(
            f"{text!r} is not a day or moment: write a day as 2022-06-01 (the whole of it counts), a moment as '2022-06-01 12:00'"
        ) from fault


def _mirror_tables(con: duckdb.DuckDBPyConnection, moment: str) -> None:
    """Create a view of every table of the attached file, those with versions restricted to what was known."""
    con.execute("CREATE SCHEMA mart")
    con.execute(sql.render("shared/known_by.sql", moment=moment))
    stored = set(marts.stored())  # defined again over the tables of the moment
    for schema, table, has_versions in con.execute(sql.read("shared/published_tables.sql")).fetchall():
        if f"{schema}.{table}" in stored:
            continue
        con.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        template = "shared/mirror_versions.sql" if has_versions else "shared/mirror.sql"
        con.execute(sql.render(template, schema=schema, table=table))
