"""A page of the warehouse that was zeroed on the disk is found before a release is made of it."""

from pathlib import Path

import duckdb
import pytest

from tasks.publish import readable
from warehouse.errors import HomeError

#: DuckDB's file begins with three headers; blocks of this size follow.
_HEADERS, _BLOCK = 3 * 4096, 256 * 1024


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A file with a table of which a query by key reads one column only."""
    path = tmp_path_factory.mktemp("whole") / "warehouse.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE SCHEMA core")
        con.execute("CREATE TABLE core.trade AS SELECT range AS key, hash(range) AS value FROM range(200_000)")
    return path.read_bytes()


@pytest.mark.parametrize("length", [4096, _BLOCK])
def test_a_zeroed_page_is_found(tmp_path: Path, content: bytes, length: int) -> None:
    path, found = tmp_path / "warehouse.duckdb", 0
    for start in range(_HEADERS, len(content), _BLOCK):
        page = content[start + 8 : start + 8 + length]
        path.write_bytes(content[: start + 8] + bytes(len(page)) + content[start + 8 + len(page) :])
        try:
            with duckdb.connect(str(path), read_only=True) as con, pytest.raises(HomeError, match="build --rebuild"):
                readable.check_whole(con, "warehouse.duckdb")
            found += 1
        except duckdb.Error:
            continue  # the file cannot be opened at all
    assert found >= 5


def test_a_file_that_is_whole_is_read(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "warehouse.duckdb"
    path.write_bytes(content)
    with duckdb.connect(str(path), read_only=True) as con:
        readable.check_whole(con, "warehouse.duckdb")
