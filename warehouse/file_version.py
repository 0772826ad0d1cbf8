"""The version of the structure of ``warehouse.duckdb``: files of another version are upgraded or refused, never misread."""

import duckdb

from warehouse.connection import first
from warehouse.errors import HomeError

#: The version this program writes. Raise it when a table changes in a way that older files do not have, and add
#: ``warehouse/sql/upgrade/<version>.sql``, which turns a file of the version before into one of this version.
#: `make upgrades` holds homes of all earlier versions, brought up to date, to new ones.
CURRENT = 5

#: The key of the version in ``meta.settings``; files on disk have it, so it stays.
_SETTING = "layout"


def recorded(con: duckdb.DuckDBPyConnection, database: str = "") -> int | None:
    """The file version that is on record in a file, attached as ``database`` if given; None if none is."""
    schema = f"{database}.meta" if database else "meta"
    row = first(con.execute(f"SELECT setting_value FROM {schema}.settings WHERE setting = ?", [_SETTING]))
    return int(row[0]) if row else None


def check(con: duckdb.DuckDBPyConnection) -> None:
    """Raise HomeError if a newer version of the program has written the warehouse."""
    version = recorded(con)
    if version is not None and version > CURRENT:
        raise HomeError(
            f"this home folder was written by a newer version of entrepot (file version {version}, this one writes "
            f"{CURRENT}): upgrade entrepot, or choose another --home"
        )


def check_published(con: duckdb.DuckDBPyConnection, database: str = "") -> None:
    """Raise HomeError if a published file, attached as ``database`` if given, is of another file version."""
    version = recorded(con, database)
    if version is not None and version > CURRENT:
        raise HomeError("the published file was written by a newer version of entrepot: upgrade entrepot")
    if version != CURRENT:
        raise HomeError("the published file was written by an older version of entrepot: run `entrepot build`")


def record(con: duckdb.DuckDBPyConnection, version: int = CURRENT) -> None:
    """Put the file version on record that a file has now: that of this program, or one on the way to it."""
    con.execute("DELETE FROM meta.settings WHERE setting = ?", [_SETTING])
    con.execute("INSERT INTO meta.settings (setting, setting_value) VALUES (?, ?)", [_SETTING, str(version)])
