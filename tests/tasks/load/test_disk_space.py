"""A build that the disk has no room for is refused before it begins."""

from collections import namedtuple
from pathlib import Path

import duckdb
import pytest

from tasks.archive import store
from tasks.archive.store import Artifact
from tasks.intake import adopt
from tasks.load import disk_space
from tasks.load.load_source import load_source
from tasks.sources.cepii_baci import SOURCE
from warehouse.errors import HomeError
from warehouse.settings import Home, Settings

GIGABYTE = 10**9


def artifact(size: int, member: str | None = None) -> Artifact:
    return Artifact(
        "0" * 64, "test", "a.csv", "text/csv", size, "2026-01-01T00:00:00+00:00", "adopt", "x", member=member
    )


def test_what_is_read_what_is_there_and_what_is_unpacked_count(home: Home) -> None:
    nothing = disk_space.needed(home, [])
    one = disk_space.needed(home, [artifact(GIGABYTE)])
    assert nothing == 0
    assert one > GIGABYTE
    assert disk_space.needed(home, [artifact(GIGABYTE)] * 3) > one + 2 * GIGABYTE
    assert disk_space.needed(home, [artifact(GIGABYTE, "year.csv")]) == one + GIGABYTE
    home.warehouse.write_bytes(b"x" * 1000)
    assert disk_space.needed(home, []) == 2000


def test_too_little_space_is_a_fault_that_says_how_much_there_is(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage(2 * GIGABYTE, GIGABYTE, GIGABYTE))
    disk_space.check(home, [artifact(GIGABYTE // 4)])
    with pytest.raises(HomeError, match=r"953 MB free; this build needs about 2,098 MB"):
        disk_space.check(home, [artifact(GIGABYTE)])


def test_the_estimate_covers_what_a_file_of_trade_takes(
    warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path
) -> None:
    """What a file adds to the warehouse, to a copy of it and to its Parquet file is less than was estimated for it."""
    path = tmp_path / "BACI_HS92_Y2023_V202501.csv"
    keys = ((i, j, k) for i in (4, 8, 12) for j in (24, 28, 32) for k in range(10000, 30000))
    path.write_text(
        "t,i,j,k,v,q\n" + "".join(f"2023,{i},{j},{k:06d},{k % 977}.{k % 1000:03d},{k % 89}.5\n" for i, j, k in keys)
    )
    list(adopt.adopt(home, [path]))
    (artifact,) = store.manifests(home, SOURCE.id)
    warehouse.execute("CHECKPOINT")
    before = home.warehouse.stat().st_size
    (outcome,) = load_source(warehouse, home, settings, SOURCE, common="code").outcomes
    assert outcome.change.new == 180_000
    warehouse.execute("CHECKPOINT")
    grown = home.warehouse.stat().st_size - before
    exported = tmp_path / "trade.parquet"
    warehouse.execute(f"COPY (FROM mart.trade_figures) TO '{exported}' (FORMAT parquet, COMPRESSION zstd)")
    empty = Home(tmp_path / "empty")
    assert 0 < 2 * grown + exported.stat().st_size < disk_space.needed(empty, [artifact])
