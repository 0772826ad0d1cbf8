"""Whether a warehouse file can be read to its last block.

DuckDB compares each block's checksum when it reads the block. Loads and checks do not read every column, and a release is a copy of
the bytes: a block that was damaged on the disk would be published and found by a reader.
"""

import duckdb

from warehouse.errors import HomeError


def check_whole(con: duckdb.DuckDBPyConnection, where: str) -> None:
    """Read all columns of all tables of an open file. Raises HomeError where a block of it is damaged."""
    tables = con.execute(
        'SELECT format(\'"{}"."{}"\', schema_name, table_name) FROM duckdb_tables() '
        "WHERE database_name = current_database() AND NOT internal AND NOT temporary"
    ).fetchall()
    for (table,) in tables:
        try:
            con.execute(f"SELECT bit_xor(hash(t)) FROM {table} AS t").fetchone()
        except (duckdb.IOException, duckdb.InternalException, duckdb.FatalException) as fault:
            raise HomeError(
                f"{where} is damaged: {str(fault).splitlines()[0]}, in {table}. Nothing is published. `entrepot build --rebuild` makes it "
                "again from the archive"
            ) from fault
