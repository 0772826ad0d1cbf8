"""How large core is on disk, against the same rows as Parquet."""

from pathlib import Path

import duckdb

from tests.bench import files, floor
from warehouse.settings import Home


def measure(home: str, empty: str, csv: list[str], folder: str) -> dict[str, object]:
    """Bytes that loading added to the warehouse's file, and of the same as Parquet (zstd), told in two ways.

    ``parquet`` is ``core.trade`` as it is; ``parquet_plain`` only the files' six columns. ``empty`` is a home folder
    before the load.
    """
    target = files.fresh(Path(folder))
    target.mkdir()
    added = Home(Path(home)).warehouse.stat().st_size - Home(Path(empty)).warehouse.stat().st_size
    with duckdb.connect(str(Home(Path(home)).warehouse), read_only=True) as con:
        own = _written(con, "(SELECT t.* FROM core.trade AS t ORDER BY rowid)", target / "core.parquet")
        plain = _written(con, f"(SELECT * FROM {floor.relation(csv)})", target / "plain.parquet")
    files.fresh(target)
    return {"seconds": 0.0, "added": added, "parquet": own, "parquet_plain": plain}


def _written(con: duckdb.DuckDBPyConnection, query: str, path: Path) -> int:
    con.execute(f"COPY {query} TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
    return path.stat().st_size
