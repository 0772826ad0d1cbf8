"""What a release rests on: what is stored, and the code that makes views, descriptions, checks and files of it."""

import duckdb

from tasks.identity import closure, fingerprint
from tasks.identity.closure import Tree
from tasks.load import reference
from warehouse.connection import one

#: The modules that publishing begins in: they import, or name, all that takes part.
ENTRIES = ("tasks.publish.release", "tasks.publish.check", "warehouse.ddl")

#: Standing editions, rows in quarantine, and the last load of each file, without when and where they came from.
_STORED = (
    "SELECT string_agg(md5(e::VARCHAR), '' ORDER BY e.edition) FROM (SELECT * EXCLUDE (artifact) FROM meta.editions) AS e",
    "SELECT string_agg(md5(q::VARCHAR), '' ORDER BY q.artifact, q.table_name, q.row_number) "
    "FROM (SELECT * EXCLUDE (quarantined_at) FROM meta.quarantine) AS q",
    "SELECT string_agg(identity, '' ORDER BY source, filename, artifact) FROM ("
    "SELECT source, filename, artifact, arg_max(identity, load) AS identity FROM meta.loads GROUP BY ALL)",
)


def of_release(con: duckdb.DuckDBPyConnection) -> str:
    """What a release made from the warehouse as it is would be made from."""
    stored = (str(one(con.execute(query))[0]) for query in _STORED)
    return fingerprint.of(*stored, reference.content_hash(), of_publishing())


def of_publishing(tree: Tree | None = None) -> str:
    """What releases of all that is stored have in common: a hash."""
    tree = tree or closure.of_process()
    return tree.hash((tree.module(name) for name in ENTRIES), with_descriptions=True)
