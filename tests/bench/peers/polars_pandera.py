"""polars reads, Pandera checks the data frame, DuckDB takes it."""

from pathlib import Path

from tests.bench import files
from tests.bench.clock import Stopwatch
from tests.bench.peers.common import KEY, PRODUCT, count, country_codes


def load(csv: str, database: str) -> dict[str, object]:
    """Load a file by way of a data frame; figures become binary floating point."""
    import duckdb
    import pandera.polars as pa
    import polars as pl

    codes = country_codes()
    schema = pa.DataFrameSchema(
        {
            "t": pa.Column(pl.Int32, pa.Check.in_range(1988, 2100)),
            "i": pa.Column(pl.Int32, pa.Check.isin(codes)),
            "j": pa.Column(pl.Int32, pa.Check.isin(codes)),
            "k": pa.Column(pl.String, pa.Check.str_matches(PRODUCT)),
            "v": pa.Column(pl.Float64, [pa.Check.ge(0), pa.Check.lt(float("inf"))]),
            "q": pa.Column(pl.Float64, [pa.Check.ge(0), pa.Check.lt(float("inf"))], nullable=True),
        },
        unique=KEY,
        strict=True,
    )
    types = {"t": pl.Int32, "i": pl.Int32, "j": pl.Int32, "k": pl.String, "v": pl.Float64, "q": pl.Float64}
    files.fresh(Path(database))
    files.warm(csv)
    with Stopwatch() as watch:
        frame = pl.read_csv(csv, schema=types, null_values={"q": "           NA"}, quote_char=None)
        checked = schema.validate(frame, lazy=True).to_arrow()
        con = duckdb.connect(database)
        con.register("checked", checked)
        con.execute("CREATE TABLE trade AS SELECT * FROM checked")
        con.close()
    return {"seconds": watch.seconds, "rows": count(database)}
