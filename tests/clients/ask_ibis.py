"""Ibis."""

import json
import sys

import ibis

con = ibis.duckdb.connect(sys.argv[1], read_only=True)
table = con.table("trade")
trade = table.filter(table.reporter == "CHN", table.year == 2019)
total = trade.exports_usd.sum().to_pyarrow().as_py()
publisher = trade.exports_from["publisher"].max().to_pyarrow().as_py()
json.dump(
    {
        "marts": sorted(con.list_tables()),
        "columns": list(table.columns),
        "total": str(total),
        "publisher": publisher,
    },
    sys.stdout,
)
