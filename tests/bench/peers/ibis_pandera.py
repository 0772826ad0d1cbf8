"""Pandera on an Ibis table in DuckDB: the checks alone, each a query of its own."""

from pathlib import Path

from tests.bench import files, floor
from tests.bench.clock import Stopwatch
from tests.bench.peers.common import KEY, PRODUCT, count, country_codes


def check(csv: str, database: str) -> dict[str, object]:
    """Check a table that DuckDB read before the clock starts."""
    import ibis
    import ibis.expr.datatypes as dt
    import pandera.ibis as pa

    amount = dt.Decimal(18, 3)
    codes = country_codes()
    schema = pa.DataFrameSchema(
        {
            "t": pa.Column(dt.Int32, pa.Check.in_range(1988, 2100)),
            "i": pa.Column(dt.Int32, pa.Check.isin(codes)),
            "j": pa.Column(dt.Int32, pa.Check.isin(codes)),
            "k": pa.Column(dt.String, pa.Check.str_matches(PRODUCT)),
            "v": pa.Column(amount, pa.Check.ge(0)),
            "q": pa.Column(amount, pa.Check.ge(0), nullable=True),
        },
        unique=KEY,
        strict=True,
    )
    floor.load([csv], database)
    files.warm(database)
    con = ibis.duckdb.connect(database, read_only=True)
    with Stopwatch() as watch:
        schema.validate(con.table("trade"), lazy=True)
    con.disconnect()
    return {"seconds": watch.seconds, "rows": count(Path(database))}
