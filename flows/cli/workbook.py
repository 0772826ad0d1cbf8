"""Results as a workbook (xlsx): codes as text, dates as dates, numbers as numbers; written row by row.

A number of a workbook has at most 15 digits. Where all digits of a larger one are needed, Parquet and CSV have them.
"""

import datetime as dt
import shutil
import tempfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from flows.cli.readable import identifier
from warehouse.errors import EntrepotError

#: What a sheet can hold.
MOST_ROWS, MOST_COLUMNS, LONGEST_TEXT = 1_048_576, 16_384, 32_767
#: Earlier days have no number in a workbook, and are written as text.
_FIRST_DAY = dt.date(1900, 3, 1)
#: Larger numbers, infinite ones and those that are none are written as text.
_LARGEST: float = 1e300
_ROWS_AT_ONCE = 10_000
_FORMATS = {
    "date": "yyyy-mm-dd",
    "timestamp": "yyyy-mm-dd hh:mm:ss",
    "whole": "0",
    "decimal": "#,##0.00",
}
_WHOLE = ("tinyint", "smallint", "integer", "bigint", "hugeint", "utinyint", "usmallint", "uinteger", "ubigint", "uhugeint")  # fmt: skip
_MOMENTS = ("timestamp", "timestamp_s", "timestamp_ms", "timestamp_ns")


class DoesNotFit(EntrepotError):
    """A workbook cannot hold the result."""


def write(con: duckdb.DuckDBPyConnection, relation: duckdb.DuckDBPyRelation, target: Path) -> None:
    """Write a result to ``target`` as a workbook with one sheet: names of columns, then all rows.

    Raises DoesNotFit; OSError if the file cannot be written. A file that is there is replaced once all is written.
    """
    columns = _columns(con, relation)
    if len(columns) > MOST_COLUMNS:
        raise DoesNotFit(
            f"the result has {len(columns):,} columns, and a sheet has {MOST_COLUMNS:,}: name those that are needed"
        )
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "result.xlsx"
        _write(con, columns, written, folder)
        shutil.copyfile(written, target)


def _columns(con: duckdb.DuckDBPyConnection, relation: duckdb.DuckDBPyRelation) -> list[tuple[str, str, str]]:
    """The name, SQL and kind of each column of the sheet: a struct has one for each of its parts."""
    con.register("result_of_query", relation)
    shown = con.sql("FROM result_of_query")
    columns = []
    for name, type_ in zip(shown.columns, shown.types, strict=True):
        if type_.id == "struct":
            parts: list[tuple[str, Any]] = type_.children
            for part, part_type in parts:
                sql = f"struct_extract({identifier(name)}, '{part.replace(chr(39), chr(39) * 2)}')"
                columns.append((f"{name}.{part}", *_cell(sql, part_type)))
        else:
            columns.append((name, *_cell(identifier(name), type_)))
    return columns


def _cell(column: str, type_: duckdb.sqltypes.DuckDBPyType) -> tuple[str, str]:
    """SQL for the values of a column, and how they are written."""
    kind = type_.id
    if kind in _WHOLE:
        return column, "whole"
    if kind == "decimal":
        digits: dict[str, Any] = dict(type_.children)
        scale = digits["scale"]
        return column, "whole" if scale == 0 else "decimal" if scale <= 3 else "number"
    if kind in ("float", "double"):
        return column, "number"
    if kind in ("date", "boolean"):
        return column, kind
    if kind in _MOMENTS or kind == "timestamp with time zone":
        return f"CAST({column} AS TIMESTAMP)", "timestamp"
    is_nested = kind in ("struct", "list", "map", "array", "union")
    return f"CAST({f'to_json({column})' if is_nested else column} AS VARCHAR)", "text"


def _write(con: duckdb.DuckDBPyConnection, columns: list[tuple[str, str, str]], target: Path, folder: str) -> None:
    book = xlsxwriter.Workbook(
        str(target), {"constant_memory": True, "tmpdir": folder, "default_date_format": _FORMATS["date"]}
    )
    sheet = book.add_worksheet("result")
    formats = {kind: book.add_format({"num_format": code}) for kind, code in _FORMATS.items()}
    heading = book.add_format({"bold": True})
    for number, (name, _, kind) in enumerate(columns):
        sheet.set_column(number, number, min(max(len(name) + 2, 18 if kind != "text" else 12), 60))
    sheet.freeze_panes(1, 0)
    for number, (name, _, _) in enumerate(columns):
        _put(sheet.write_string, 0, number, name, heading)
    rows = con.execute(f"SELECT {', '.join(sql for _, sql, _ in columns)} FROM result_of_query")
    row = 0
    while some := rows.fetchmany(_ROWS_AT_ONCE):
        for values in some:
            row += 1
            if row >= MOST_ROWS:
                raise DoesNotFit(
                    f"the result has more than {MOST_ROWS - 1:,} rows, and a sheet of a workbook has no more: "
                    "use --format csv or parquet, or ask for fewer rows"
                )
            for number, value in enumerate(values):
                _write_cell(sheet, row, number, value, columns[number], formats)
    book.close()


def _write_cell(
    sheet: Any, row: int, number: int, value: Any, column: tuple[str, str, str], formats: dict[str, Any]
) -> None:
    name, _, kind = column
    if value is None:
        return
    if isinstance(value, bool):
        _put(sheet.write_boolean, row, number, value)
    elif isinstance(value, (int, float, Decimal)) and abs(float(value)) < _LARGEST:
        _put(sheet.write_number, row, number, value, formats.get(kind))
    elif isinstance(value, dt.date) and (value.date() if isinstance(value, dt.datetime) else value) >= _FIRST_DAY:
        _put(sheet.write_datetime, row, number, value, formats[kind])
    else:
        text = str(value)
        if len(text) > LONGEST_TEXT:
            raise DoesNotFit(
                f"the text in column {name}, row {row:,}, has {len(text):,} characters, and a cell has "
                f"{LONGEST_TEXT:,}: use --format csv or parquet, or leave the column out"
            )
        _put(sheet.write_string, row, number, text)


def _put(write: Callable[..., int], row: int, number: int, *content: Any) -> None:
    """Write one cell. Nothing is left out unnoticed: what xlsxwriter refuses is an error."""
    if write(row, number, *content) != 0:
        raise XlsxWriterException(f"cell {row}, {number} is not written")
