"""What a release rests on: the editions, the quarantine and the reference tables, the views and the descriptions it is published with."""

import duckdb

from tasks.identity import fingerprint
from tasks.load import reference
from warehouse import ddl, file_version, marts
from warehouse.connection import first


def of_release(con: duckdb.DuckDBPyConnection) -> str:
    """What a release made from the warehouse as it is would be made from."""
    state = first(
        con.execute(
            "SELECT string_agg(md5(e::VARCHAR), '' ORDER BY e.edition) FROM (SELECT * EXCLUDE (artifact) FROM meta.editions) AS e"
        )
    )
    held = first(
        con.execute(
            "SELECT string_agg(md5(q::VARCHAR), '' ORDER BY q.artifact, q.table_name, q.row_number) "
            "FROM (SELECT * EXCLUDE (quarantined_at) FROM meta.quarantine) AS q"
        )
    )
    views = [fingerprint.of_sql(script) for script in marts.definitions()]
    dictionary = [repr(row) for table in (*ddl.STORED, *ddl.VIEWS) for row in ddl.dictionary(table)]
    return fingerprint.of(
        str(state), str(held), reference.content_hash(), *views, *dictionary, str(file_version.CURRENT)
    )
