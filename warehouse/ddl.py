"""Tables, comments and the data dictionary, made from the schemas."""

from collections.abc import Iterable

import duckdb

from schemas import base, core, mart, meta, reference, vocabulary
from schemas.base import Table
from schemas.columns import MEANINGS
from warehouse import connection, file_version, marts, sql

STORED: tuple[type[Table], ...] = (*reference.TABLES, *core.TABLES, *meta.TABLES)
VIEWS: tuple[type[Table], ...] = (*mart.VIEWS, *reference.VIEWS)


#: Text columns of large tables kept as enumerations: writing eleven million times the same text took 1.5 s of
#: processor time, the same as an enumeration 0.1 s.
_STATUS = f"ENUM ({', '.join(sql.quoted(s) for s in vocabulary.OBS_STATUSES)})"
_COMPACT: dict[type[Table], dict[str, str]] = {
    core.Trade: {"obs_status": _STATUS},
    core.TradePart: {"obs_status": _STATUS},
}


def create_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Create what is missing. Raises HomeError for a file of a newer or an unknown layout."""
    if connection.has_tables(con):
        file_version.check(con)  # before anything is changed in a newer file
    for schema in ("ref", "core", "meta", "mart"):
        con.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    for table in STORED:
        con.execute(create_table(table))
    _allow_null(con)
    _upgrade(con)


def _allow_null(con: duckdb.DuckDBPyConnection) -> None:
    """Let columns of an older file be empty that were required when it was made; the schemas check the rest."""
    required = set(
        con.execute(
            "SELECT schema_name || '.' || table_name, column_name FROM duckdb_columns() WHERE NOT is_nullable AND NOT internal"
        ).fetchall()
    )
    for table in STORED:
        for column in base.columns(table):
            if column.nullable and (base.table_name(table), column.name) in required:
                con.execute(f'ALTER TABLE {base.table_name(table)} ALTER COLUMN "{column.name}" DROP NOT NULL')


def create_table(table: type[Table], name: str | None = None, temporary: bool = False) -> str:
    """The CREATE TABLE statement of a schema. NOT NULL is the schema's; keys are not indexed: they are checked."""
    compact = _COMPACT.get(table, {})
    lines = [
        f'"{c.name}" {compact.get(c.name, c.type)}{"" if c.nullable else " NOT NULL"}' for c in base.columns(table)
    ]
    kind = "TEMP TABLE" if temporary else "TABLE IF NOT EXISTS"
    return f"CREATE {kind} {name or base.table_name(table)} (" + ", ".join(lines) + ")"


def _upgrade(con: duckdb.DuckDBPyConnection) -> None:
    """Bring a file of an older layout to this one, step by step in one transaction, and put the layout on record."""
    recorded = file_version.recorded(con)
    if recorded == file_version.CURRENT:
        return
    with connection.transaction(con):
        for older in range(recorded or 1, file_version.CURRENT):  # an empty file has nothing to move
            con.execute(sql.render(f"upgrade/{older + 1}.sql"))
        file_version.record(con)


def create_views(con: duckdb.DuckDBPyConnection) -> None:
    """(Re)create marts and macros, and short names for them in ``main``, so that ``FROM trade`` works anywhere."""
    for script in marts.definitions():
        con.execute(script)
    for view in mart.VIEWS:
        short = base.table_name(view).removeprefix("mart.")
        con.execute(f"CREATE OR REPLACE VIEW main.{short} AS FROM mart.{short}")


#: What the views core.<fact>_versions add to the columns of their mart.
_OF_VERSIONS = {
    "superseded_by": MEANINGS["superseded_by"].description,
    "superseded_on": "Day the edition that replaced this version was published; NULL for the current one, or where it has no date",
}


#: Macros that put trade into other products, and figures into groups.
_MACROS = {
    "trade_in_classification": "mart.trade of six digits in another classification, by the UN's conversion tables: every code "
    "goes whole to one code, so totals are kept; product is NULL for codes without a target",
    "partition_of": "The groups a place belongs to on a day, for decompositions: groups, whole, day. An error unless the groups are "
    "a partition of the whole: FROM partition_of(['CN_EAST', 'CN_CENTRAL', 'CN_WEST', 'CN_NORTHEAST'], 'CN_31_PROVINCES', '2016-12-31')",
    "indicator_by_group": "Sums of one indicator by group: indicator, groups, whole, day of the membership. An error unless the groups are "
    "a partition of the whole; value is NULL where a member has no figure",
    "trade_by_family": "mart.trade of six digits in two editions, by families of codes that are the same goods in both: "
    "nothing is split, totals are kept; family is NULL for codes that stand in no table",
}


def describe(con: duckdb.DuckDBPyConnection) -> None:
    """Write every description into the database: COMMENT ON, and the data dictionary in meta.columns."""
    con.execute("DELETE FROM meta.columns")
    for name in ("trade", "fdi", "indicator"):
        text = f"mart.{name} as a reader could have known it at a moment: by publication, else by receipt here"
        for schema in ("mart", "main"):
            con.execute(f"COMMENT ON MACRO TABLE {schema}.{name}_as_of IS {sql.quoted(text)}")
    for name, text in _MACROS.items():
        for schema in ("mart", "main"):
            con.execute(f"COMMENT ON MACRO TABLE {schema}.{name} IS {sql.quoted(text)}")
    for (view,) in con.execute(
        "SELECT view_name FROM duckdb_views() WHERE schema_name = 'core' AND ends_with(view_name, '_versions') ORDER BY ALL"
    ).fetchall():
        _describe_versions(con, view)
    for table in STORED:
        _describe(con, table, "TABLE")
    for view in VIEWS:
        _describe(con, view, "VIEW")


def _describe_versions(con: duckdb.DuckDBPyConnection, view: str) -> None:
    mart_name = view.removesuffix("_versions")
    text = f"All versions of the figures of mart.{mart_name}, with what replaced them"
    con.execute(f"COMMENT ON VIEW core.{view} IS {sql.quoted(text)}")
    for name, *_ in con.execute(f"DESCRIBE FROM core.{view}").fetchall():
        meaning = _OF_VERSIONS.get(name) or MEANINGS[name].description
        con.execute(f'COMMENT ON COLUMN core.{view}."{name}" IS {sql.quoted(meaning)}')


def _describe(con: duckdb.DuckDBPyConnection, table: type[Table], kind: str) -> None:
    comment(con, table, kind)
    con.executemany("INSERT INTO meta.columns VALUES (?, ?, ?, ?, ?)", list(dictionary(table)))


def comment(con: duckdb.DuckDBPyConnection, table: type[Table], kind: str) -> None:
    """Write the description of a ``TABLE`` or ``VIEW`` and of its columns into the database."""
    name = base.table_name(table)
    con.execute(f"COMMENT ON {kind} {name} IS {sql.quoted(base.description(table))}")
    for column in base.columns(table):
        text = column.description + (f" [{column.unit}]" if column.unit else "")
        con.execute(f'COMMENT ON COLUMN {name}."{column.name}" IS {sql.quoted(text)}')


def dictionary(table: type[Table]) -> Iterable[tuple[str, str, str, str | None, str]]:
    """Rows of meta.columns for one table."""
    name = base.table_name(table)
    return ((name, c.name, c.type, c.unit, c.description) for c in base.columns(table))
