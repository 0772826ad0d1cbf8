"""All columns of some rows of every table that a release shows, read without pytz: ``python every_mart.py FILE`` prints what it found."""

import json
import sys

sys.modules["pytz"] = None  # type: ignore[assignment]  # as where it is not installed

import duckdb  # noqa: E402  # after pytz is hidden

_TABLES = """
    SELECT table_schema || '.' || table_name FROM information_schema.tables
    WHERE table_schema IN ('main', 'mart', 'ref') ORDER BY ALL"""

with duckdb.connect(sys.argv[1], read_only=True) as con:
    found = {}
    for (table,) in con.execute(_TABLES).fetchall():
        rows = con.execute(f"SELECT * FROM {table} LIMIT 100").fetchall()
        found[table] = [len(rows), con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0]]
json.dump(found, sys.stdout)
