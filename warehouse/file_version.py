"""The layout of the warehouse's file, as a number: what a file of another version lacks is said before it is missed."""

import duckdb

from warehouse.connection import first
from warehouse.errors import HomeError

#: Raise it when a table changes in a way old files do not have, and say in warehouse/sql/upgrade how a file of the
#: layout before becomes one.
LAYOUT = 2


def found(con: duckdb.DuckDBPyConnection, database: str = "") -> int | None:
    """The layout on record in a file (attached as ``database``); None where none is."""
    of = f"{database}." if database else ""
    row = first(con.execute(f"SELECT setting_value FROM {of}meta.settings WHERE setting = 'layout'"))
    return int(row[0]) if row else None


def check(con: duckdb.DuckDBPyConnection) -> None:
    """Raise HomeError for a warehouse that a newer version laid out."""
    layout = found(con)
    if layout is not None and layout > LAYOUT:
        raise HomeError(
            f"this home folder was made by a newer version of entrepot (layout {layout}, this one writes {LAYOUT}): "
            "upgrade entrepot, or choose another --home"
        )


def check_published(con: duckdb.DuckDBPyConnection, database: str = "") -> None:
    """Raise HomeError for a published file (attached as ``database``) that lacks what this version looks for in it."""
    layout = found(con, database)
    if layout is not None and layout > LAYOUT:
        raise HomeError("what is published was made by a newer version of entrepot: upgrade entrepot")
    if layout != LAYOUT:
        raise HomeError("what is published was made by an older version of entrepot: run `entrepot build`")


def record(con: duckdb.DuckDBPyConnection) -> None:
    """Put this version's layout on record."""
    con.execute("DELETE FROM meta.settings WHERE setting = 'layout'")
    con.execute("INSERT INTO meta.settings VALUES ('layout', ?)", [str(LAYOUT)])
