"""DuckDB's Python, and its relations."""

import json
import sys

import duckdb

with duckdb.connect(sys.argv[1], read_only=True) as con:
    marts = sorted(name for (name,) in con.execute("SHOW TABLES").fetchall())
    columns = [row[0] for row in con.execute("DESCRIBE trade").fetchall()]
    trade = con.sql("FROM trade WHERE reporter = 'CHN' AND year = 2019")
    ((total, publisher),) = trade.aggregate("sum(exports_usd), max(exports_from.publisher)").fetchall()
json.dump({"marts": marts, "columns": columns, "total": str(total), "publisher": publisher}, sys.stdout)
