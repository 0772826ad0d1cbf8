"""pandas reads, Pandera checks the data frame, DuckDB takes it."""

from pathlib import Path

from tests.bench import files
from tests.bench.clock import Stopwatch
from tests.bench.peers.common import KEY, PRODUCT, count, country_codes


def load(csv: str, database: str) -> dict[str, object]:
    """Load a file by way of a data frame; figures become binary floating point."""
    import duckdb
    import pandas as pd
    import pandera.pandas as pa

    codes = country_codes()
    schema = pa.DataFrameSchema(
        {
            "t": pa.Column("int32", pa.Check.in_range(1988, 2100)),
            "i": pa.Column("int32", pa.Check.isin(codes)),
            "j": pa.Column("int32", pa.Check.isin(codes)),
            "k": pa.Column(str, pa.Check.str_matches(PRODUCT)),
            "v": pa.Column("float64", [pa.Check.ge(0), pa.Check.lt(float("inf"))]),
            "q": pa.Column("float64", [pa.Check.ge(0), pa.Check.lt(float("inf"))], nullable=True),
        },
        unique=KEY,
        strict=True,
    )
    types = {"t": "int32", "i": "int32", "j": "int32", "k": "str", "v": "float64", "q": "float64"}
    files.fresh(Path(database))
    files.warm(csv)
    with Stopwatch() as watch:
        frame = pd.read_csv(csv, dtype=types, na_values={"q": ["           NA"]}, keep_default_na=False)
        checked = schema.validate(frame, lazy=True)
        con = duckdb.connect(database)
        con.register("checked", checked)
        con.execute("CREATE TABLE trade AS SELECT * FROM checked")
        con.close()
    return {"seconds": watch.seconds, "rows": count(database)}
