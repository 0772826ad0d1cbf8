"""How large core is on disk, against the same rows as Parquet."""

from pathlib import Path

import duckdb

from tests.bench import files, floor
from warehouse.settings import Home

_BLOCKS = """
    SELECT count(*) * 262144 FROM (
        SELECT block_id FROM pragma_storage_info('core.trade_bulk') WHERE block_id >= 0
        UNION SELECT unnest(additional_block_ids) FROM pragma_storage_info('core.trade_bulk')
    )
"""


def measure(home: str, empty: str, csv: list[str], folder: str) -> dict[str, object]:
    """Bytes that loading added to the warehouse's file, and of the same as Parquet (zstd), told in two ways.

    ``parquet`` is ``core.trade_bulk`` as it is; ``parquet_plain`` only the files' six columns. ``empty`` is a home folder
    before the load. ``free`` bytes of the file are blocks that hold nothing now, ``trade`` those of core.trade_bulk.
    """
    target = files.fresh(Path(folder))
    target.mkdir()
    added = Home(Path(home)).warehouse.stat().st_size - Home(Path(empty)).warehouse.stat().st_size
    with duckdb.connect(str(Home(Path(home)).warehouse), read_only=True) as con:
        free = _one(con, "SELECT free_blocks * block_size FROM pragma_database_size() WHERE free_blocks > 0")
        trade = _one(con, _BLOCKS)
        own = _written(con, "(SELECT t.* FROM core.trade_bulk AS t ORDER BY rowid)", target / "core.parquet")
        plain = _written(con, f"(SELECT * FROM {floor.relation(csv)})", target / "plain.parquet")
    files.fresh(target)
    return {"seconds": 0.0, "added": added, "free": free, "trade": trade, "parquet": own, "parquet_plain": plain}


def _written(con: duckdb.DuckDBPyConnection, query: str, path: Path) -> int:
    con.execute(f"COPY {query} TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
    return path.stat().st_size


def _one(con: duckdb.DuckDBPyConnection, query: str) -> int:
    row = con.execute(query).fetchone()
    return int(row[0]) if row else 0
