"""Tables, comments and the data dictionary, made from the schemas."""

from collections.abc import Iterable

import duckdb

from schemas import base, core, mart, meta, reference, vocabulary
from schemas.base import Table
from warehouse import sql
from warehouse.errors import HomeError

#: The layout of the warehouse file. Raise it when a table changes in a way old files do not have.
LAYOUT = 1

STORED: tuple[type[Table], ...] = (*reference.TABLES, *core.TABLES, *meta.TABLES)
VIEWS: tuple[type[Table], ...] = (*mart.VIEWS, *reference.VIEWS)


#: Text columns of large tables kept as enumerations: writing eleven million times the same text took 1.5 s of
#: processor time, the same as an enumeration 0.1 s.
_COMPACT: dict[type[Table], dict[str, str]] = {
    core.Trade: {"obs_status": f"ENUM ({', '.join(sql.quoted(s) for s in vocabulary.OBS_STATUSES)})"}
}


def create_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Create what is missing. Raises HomeError for a file of a newer or an unknown layout."""
    for schema in ("ref", "core", "meta", "mart"):
        con.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    for table in STORED:
        con.execute(create_table(table))
    _check_layout(con)


def create_table(table: type[Table], name: str | None = None, temporary: bool = False) -> str:
    """The CREATE TABLE statement of a schema. NOT NULL is the schema's; keys are not indexed: they are checked."""
    compact = _COMPACT.get(table, {})
    lines = [
        f'"{c.name}" {compact.get(c.name, c.type)}{"" if c.nullable else " NOT NULL"}' for c in base.columns(table)
    ]
    kind = "TEMP TABLE" if temporary else "TABLE IF NOT EXISTS"
    return f"CREATE {kind} {name or base.table_name(table)} (" + ", ".join(lines) + ")"


def _check_layout(con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute("SELECT setting_value FROM meta.settings WHERE setting = 'layout'").fetchone()
    if found is None:
        con.execute("INSERT INTO meta.settings VALUES ('layout', ?)", [str(LAYOUT)])
    elif int(found[0]) > LAYOUT:
        raise HomeError(
            f"this home folder was made by a newer version of entrepot (layout {found[0]}, this one writes {LAYOUT}): "
            "upgrade entrepot, or choose another --home"
        )


def create_views(con: duckdb.DuckDBPyConnection) -> None:
    """(Re)create marts and macros, and short names for them in ``main``, so that ``FROM trade`` works anywhere."""
    for name in (*sql.names("core"), *sql.names("mart")):
        con.execute(sql.render(name))
    for view in mart.VIEWS:
        short = base.table_name(view).removeprefix("mart.")
        con.execute(f"CREATE OR REPLACE VIEW main.{short} AS FROM mart.{short}")


def describe(con: duckdb.DuckDBPyConnection) -> None:
    """Write every description into the database: COMMENT ON, and the data dictionary in meta.columns."""
    con.execute("DELETE FROM meta.columns")
    for table in STORED:
        _describe(con, table, "TABLE")
    for view in VIEWS:
        _describe(con, view, "VIEW")


def _describe(con: duckdb.DuckDBPyConnection, table: type[Table], kind: str) -> None:
    name = base.table_name(table)
    con.execute(f"COMMENT ON {kind} {name} IS {sql.quoted(base.description(table))}")
    for column in base.columns(table):
        text = column.description + (f" [{column.unit}]" if column.unit else "")
        con.execute(f'COMMENT ON COLUMN {name}."{column.name}" IS {sql.quoted(text)}')
    con.executemany("INSERT INTO meta.columns VALUES (?, ?, ?, ?, ?)", list(dictionary(table)))


def dictionary(table: type[Table]) -> Iterable[tuple[str, str, str, str | None, str]]:
    """Rows of meta.columns for one table."""
    name = base.table_name(table)
    return ((name, c.name, c.type, c.unit, c.description) for c in base.columns(table))
