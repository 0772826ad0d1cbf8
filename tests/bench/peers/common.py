"""What the peers share: the codes they check against."""

from pathlib import Path

import duckdb

from tests.bench.data import PLACE_CODES

PRODUCT = r"^[0-9]{6}$"
KEY = ["t", "i", "j", "k"]


def country_codes() -> list[int]:
    """BACI's country codes, as the warehouse knows them."""
    rows = duckdb.sql(
        f"SELECT CAST(code AS INTEGER) FROM read_csv('{PLACE_CODES}', all_varchar = true) WHERE scheme = 'baci' ORDER BY ALL"
    ).fetchall()
    return [row[0] for row in rows]


def count(database: str | Path, table: str = "trade") -> int:
    """Rows of the table that was loaded."""
    with duckdb.connect(str(database), read_only=True) as con:
        row = con.execute(f"SELECT count(*) FROM {table}").fetchone()
    assert row is not None
    return int(row[0])
