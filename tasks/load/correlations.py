"""Which of the tables of correspondences there are is the one of two classifications: those that come with the project, and adopted ones."""

import duckdb

from warehouse import sql
from warehouse.connection import first


def choose(con: duckdb.DuckDBPyConnection) -> None:
    """Fill ref.correlation from ref.stated_correlation: for two classifications, the pairs of the file received last."""
    con.execute(sql.read("load/correlations.sql"))


def take_over_bundled(con: duckdb.DuckDBPyConnection) -> None:
    """Put the pairs that come with the project, which ref.correlation has just been filled with, beside the adopted ones."""
    con.execute(sql.read("load/bundled_correlations.sql"))
    choose(con)


def forget(con: duckdb.DuckDBPyConnection, artifact: str) -> None:
    """Let the pairs of an adopted file, if it has any, no longer count."""
    if is_stated_by(con, artifact):
        con.execute("DELETE FROM ref.stated_correlation WHERE artifact = ?", [artifact])
        choose(con)


def is_stated_by(con: duckdb.DuckDBPyConnection, artifact: str) -> bool:
    """Whether pairs come from an adopted file."""
    return first(con.execute("SELECT 1 FROM ref.stated_correlation WHERE artifact = ? LIMIT 1", [artifact])) is not None
