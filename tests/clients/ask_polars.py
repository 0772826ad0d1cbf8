"""polars, through Arrow, and through Parquet."""

import json
import sys
import tempfile
from pathlib import Path

import duckdb
import polars

with duckdb.connect(sys.argv[1], read_only=True) as con, tempfile.TemporaryDirectory() as folder:
    marts = con.sql("SHOW TABLES").pl()["name"].sort().to_list()
    parquet = Path(folder) / "trade.parquet"
    con.execute(f"COPY trade TO '{parquet}' (FORMAT parquet)")
    through_arrow = con.sql("FROM trade ORDER BY ALL").pl()
    through_parquet = polars.read_parquet(parquet)
assert through_arrow.height == through_parquet.height
trade = through_parquet.filter(reporter="CHN", year=2019)
publisher = trade["exports_from"].struct.field("publisher").max()
total = trade["exports_usd"].sum()
json.dump({"marts": marts, "columns": through_arrow.columns, "total": str(total), "publisher": publisher}, sys.stdout)
