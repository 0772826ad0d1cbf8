"""Rows are written by the names of the schema's columns; a wrong or missing name is an error, not a shifted value."""

import duckdb
import pytest

from schemas import meta
from warehouse import rows


def test_a_row_is_written_by_names_and_what_may_be_empty_is(warehouse: duckdb.DuckDBPyConnection) -> None:
    row = {"title": "Yearbook", "address": "https://example.org", "publisher": "Bureau"}
    assert rows.insert_numbered(warehouse, meta.Citation, row) == 1
    assert rows.insert_numbered(warehouse, meta.Citation, row | {"note": "copied"}) == 2
    assert warehouse.execute("FROM meta.citations ORDER BY citation").fetchall() == [
        (1, "Bureau", "Yearbook", "https://example.org", None, None),
        (2, "Bureau", "Yearbook", "https://example.org", None, "copied"),
    ]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"setting": "layout", "setting_value": "2", "value": "2"}, r"unknown columns \['value'\]"),
        ({"setting": "layout"}, r"without a value \['setting_value'\]"),
    ],
)
def test_a_wrong_or_missing_name_is_an_error(
    warehouse: duckdb.DuckDBPyConnection, row: dict[str, str], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        rows.insert(warehouse, meta.Setting, row)


def test_no_rows_write_nothing(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows.insert_all(warehouse, meta.Quarantine, [])
    assert warehouse.execute("SELECT count(*) FROM meta.quarantine").fetchall() == [(0,)]
