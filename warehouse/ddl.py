"""Tables, views and their descriptions, created in a database from the schemas."""

from collections.abc import Iterator

import duckdb

from schemas import base, core, mart, meta, reference, vocabulary
from schemas.base import Table
from schemas.columns import MEANINGS
from warehouse import connection, file_version, marts, rows, sql
from warehouse.connection import first

#: Tables of the warehouse file, in the order in which they are created and documented.
STORED: tuple[type[Table], ...] = (*reference.TABLES, *core.TABLES, *meta.TABLES)
VIEWS: tuple[type[Table], ...] = (*mart.VIEWS, *reference.VIEWS, *meta.VIEWS)

#: Columns of large tables that are stored as enumerations instead of text: writing a text eleven million times takes
#: 1.5 s of processor time, an enumeration 0.1 s.
_STATUS = f"ENUM ({', '.join(sql.quoted(s) for s in vocabulary.OBS_STATUSES)})"
_ENUMERATED: dict[type[Table], dict[str, str]] = {
    core.Trade: {"obs_status": _STATUS},
    core.TradePart: {"obs_status": _STATUS},
}

#: Descriptions of the columns that the views core.<fact>_versions have and their marts do not.
_VERSION_COLUMNS = {
    "superseded_by": MEANINGS["superseded_by"].description,
    "superseded_on": "Day on which the edition that replaced this version was published; NULL for the current version, or "
    "where the date is not known",
    "current_from": "Moment (UTC) from which a reader could have known this version: its publication, or its receipt where no date is on record",
    "current_until": "Moment (UTC) at which a reader could have known the version that replaced it; NULL for the current version",
}


def create_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Create the tables that are missing, and upgrade a file of an older version.

    Raises HomeError if a newer version of the program has written the file; nothing is changed then.
    """
    if connection.has_tables(con):
        file_version.check(con)
    for schema in dict.fromkeys(base.table_name(table).partition(".")[0] for table in (*STORED, *VIEWS)):
        con.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    for table in STORED:
        con.execute(create_table(table))
    _allow_null(con)
    _upgrade(con)


def create_table(table: type[Table], name: str | None = None, temporary: bool = False) -> str:
    """The CREATE TABLE statement of a schema, with its NOT NULL constraints; keys are checked, not indexed.

    ``name`` replaces the schema's own name.
    """
    enumerated = _ENUMERATED.get(table, {})
    columns = ", ".join(
        f'"{c.name}" {enumerated.get(c.name, c.type)}{"" if c.nullable else " NOT NULL"}' for c in base.columns(table)
    )
    kind = "TEMP TABLE" if temporary else "TABLE IF NOT EXISTS"
    return f"CREATE {kind} {name or base.table_name(table)} ({columns})"


def _allow_null(con: duckdb.DuckDBPyConnection) -> None:
    """Drop the NOT NULL constraints of an older file from columns that are nullable now."""
    required = set(con.execute(sql.read("shared/required_columns.sql")).fetchall())
    for table in STORED:
        for column in base.columns(table):
            if column.nullable and (base.table_name(table), column.name) in required:
                con.execute(f'ALTER TABLE {base.table_name(table)} ALTER COLUMN "{column.name}" DROP NOT NULL')


def _upgrade(con: duckdb.DuckDBPyConnection) -> None:
    """Upgrade a file to the current file version, each version in a transaction that records it: DuckDB commits no two that alter one table."""
    recorded = file_version.recorded(con)
    for older in range(recorded or 1, file_version.CURRENT):  # a new file has no rows to change
        with connection.transaction(con):
            con.execute(sql.render(f"upgrade/{older + 1}.sql"))
            file_version.record(con, older + 1)


def create_views(con: duckdb.DuckDBPyConnection) -> None:
    """Create or replace the views and macros of a warehouse file, in place of those that an older program created."""
    for (name,) in con.execute(sql.read("shared/mart_views.sql")).fetchall():
        con.execute(f"DROP VIEW {name}")
    marts.create_figures(con)


def describe(con: duckdb.DuckDBPyConnection) -> None:
    """Write the descriptions of tables, marts and columns into a published file: COMMENT ON, and rows of meta.columns.

    Macros are described where they are created (warehouse/sql/figures and warehouse/sql/readings).
    """
    # In one transaction: each of more than a thousand comments would otherwise be written to the disk by itself.
    with connection.transaction(con):
        con.execute("DELETE FROM meta.columns")
        for (view,) in con.execute(sql.read("shared/version_views.sql")).fetchall():
            _comment_versions(con, view)
        for table in (*STORED, *VIEWS):
            comment(con, table)
            rows.insert_all(con, meta.ColumnDescription, dictionary(table))


def _comment_versions(con: duckdb.DuckDBPyConnection, view: str) -> None:
    """Describe a view ``core.<fact>_versions`` and its columns."""
    text = f"All versions of the figures of {view.removesuffix('_versions')}, and the editions that replaced them"
    con.execute(f"COMMENT ON VIEW core.{view} IS {sql.quoted(text)}")
    for name, *_ in con.execute(f"DESCRIBE FROM core.{view}").fetchall():
        meaning = _VERSION_COLUMNS.get(name) or MEANINGS[name].description
        con.execute(f'COMMENT ON COLUMN core.{view}."{name}" IS {sql.quoted(meaning)}')


def comment(con: duckdb.DuckDBPyConnection, table: type[Table]) -> None:
    """Write the description of a table or view and of its columns into the database; of a mart also that of its short name."""
    name = base.table_name(table)
    names = [name, *([f"main.{name.removeprefix('mart.')}"] if name.startswith("mart.") else [])]
    for described in names:
        con.execute(f"COMMENT ON {_kind(con, described)} {described} IS {sql.quoted(base.description(table))}")
        for column in base.columns(table):
            text = column.description + (f" [{column.unit}]" if column.unit else "")
            con.execute(f'COMMENT ON COLUMN {described}."{column.name}" IS {sql.quoted(text)}')


def _kind(con: duckdb.DuckDBPyConnection, name: str) -> str:
    query = "SELECT 1 FROM duckdb_views() WHERE schema_name || '.' || view_name = ?"
    return "VIEW" if first(con.execute(query, [name])) else "TABLE"


def dictionary(table: type[Table]) -> Iterator[dict[str, str | bool | None]]:
    """The rows of meta.columns for one table, by column."""
    key = base.key(table)
    for column in base.columns(table):
        yield {
            "table_name": base.table_name(table),
            "column_name": column.name,
            "data_type": column.type,
            "unit": column.unit,
            "description": column.description,
            "is_key": column.name in key,
        }
