"""From an artifact's records as text to a typed table in the source's own terms.

Every column of the source is used, or named as ignored, or stops the load. A value is read exactly or
not at all: DuckDB's casts round 12.7 to the integer 13 and cut a decimal's surplus digits, so what does
not fit is named in the column ``unread`` and later quarantined.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb

from schemas import base
from schemas.base import Table
from tasks.contract.dataset import CODES, TypedReading
from tasks.formats import csv_text
from warehouse import sql
from warehouse.connection import one
from warehouse.errors import LayoutChanged

#: The row's number among the records of the artifact, from 1. Rows of an open transaction have row ids from
#: 36028797018960000 on, so they are counted from the first.
ROW_NUMBER = "t0.rowid - (SELECT min(rowid) FROM staged) + 1"


#: How text of a type is read.
_KINDS = {
    "TEXT": "text",
    "INT": "whole",
    "INTEGER": "whole",
    "BIGINT": "whole",
    "DECIMAL": "decimal",
    "DATE": "date",
    "BOOLEAN": "boolean",
}


@dataclass(frozen=True)
class _StagedColumn:
    """A column as the templates take it. ``text`` names its text as printed; ``scale`` is the number of decimals kept."""

    name: str
    type: str

    @property
    def text(self) -> str:
        return f"{self.name} as printed"

    @property
    def kind(self) -> str:
        base_type = self.type.split("(")[0]
        if base_type not in _KINDS:
            raise TypeError(f"no exact way to read {self.type}")
        return _KINDS[base_type]

    @property
    def scale(self) -> int:
        return int(self.type.rstrip(")").split(",")[1])


def stage(
    con: duckdb.DuckDBPyConnection,
    relation: str,
    schema: type[Table],
    ignored: Sequence[str],
    where: str,
    table: str = "staged",
) -> int:
    """Fill the temporary ``table`` from a FROM clause of text columns; return the number of rows.

    ``where`` names the artifact in errors. Raises LayoutChanged if a column is missing or unknown.
    """
    _check_columns(con, relation, schema, ignored, where)
    try:
        con.execute(sql.render("stage/staged.sql", columns=_columns(schema), relation=relation, table=table))
    except duckdb.InvalidInputException as fault:
        raise LayoutChanged(f"the file cannot be read as a table: {where}. {str(fault).splitlines()[0]}") from fault
    return _count(con, table)


def stage_typed(con: duckdb.DuckDBPyConnection, typed: TypedReading, schema: type[Table]) -> int | None:
    """Fill ``staged`` from a plain file (tasks.load.mixed_reading); None if a value does not fit its type.

    Whole numbers come as decimals, so that 12.7 is seen and not rounded. A code that the type ``CODES`` does not have is NULL.
    """
    columns = _columns(schema)
    values = {"columns": columns, "coded": columns[typed.code].name, "codes": CODES, "relation": typed.relation}
    try:
        con.execute(sql.render("stage/typed.sql", **values))
    except (duckdb.ConversionException, duckdb.InvalidInputException):
        return None
    return _count(con, "staged")


def forget_rejected(con: duckdb.DuckDBPyConnection) -> None:
    """Forget the records that earlier readings set aside."""
    con.execute(f"DROP TABLE IF EXISTS {csv_text.REJECTED_RECORDS}")
    con.execute(f"DROP TABLE IF EXISTS {csv_text.REJECTED_SCANS}")


def rejected(con: duckdb.DuckDBPyConnection) -> dict[int, tuple[str, str]]:
    """Records the last reading set aside: number of the record, what is wrong with it, and its text.

    For files with a header and a record a line (read with ``sets_aside`` of csv_text.relation), where the number is the line's less one.
    """
    rows = con.execute(sql.render("stage/rejected.sql", rejected_records=csv_text.REJECTED_RECORDS)).fetchall()
    return {
        number: (f"record: {fault}", json.dumps({"record": text}, ensure_ascii=False)) for number, fault, text in rows
    }


def record_number(position: int, set_aside: Iterable[int]) -> int:
    """The number of the record at a position among those that were read, when others were set aside."""
    number = position
    for other in sorted(set_aside):
        if other <= number:
            number += 1
    return number


def position_of(number: int, set_aside: Iterable[int]) -> int:
    """The position among those that were read of the record with a number, when others were set aside."""
    return number - sum(other < number for other in set_aside)


def raw_rows(con: duckdb.DuckDBPyConnection, relation: str, numbers: Iterable[int]) -> dict[int, str]:
    """The records with these numbers, each as a JSON object of its columns as printed."""
    listed = ", ".join(str(n) for n in sorted(set(numbers)))
    if not listed:
        return {}
    names = [str(c[0]) for c in con.execute(f"DESCRIBE FROM {relation}").fetchall()]
    with_numbers = f"SELECT row_number() OVER () AS __row, * FROM {relation}"
    rows = con.execute(f"SELECT * FROM ({with_numbers}) WHERE __row IN ({listed})").fetchall()
    return {row[0]: json.dumps(dict(zip(names, row[1:], strict=True)), ensure_ascii=False) for row in rows}


def _check_columns(
    con: duckdb.DuckDBPyConnection, relation: str, schema: type[Table], ignored: Sequence[str], where: str
) -> None:
    try:
        present = [str(c[0]) for c in con.execute(f"DESCRIBE FROM {relation}").fetchall()]
    except (duckdb.InvalidInputException, duckdb.BinderException) as fault:
        raise LayoutChanged(f"the file cannot be read as a table: {where}. {str(fault).splitlines()[0]}") from fault
    expected = [c.name for c in base.columns(schema)]
    csv_text.check_columns(present, expected, ignored=ignored, where=where)


def _columns(schema: type[Table]) -> list[_StagedColumn]:
    return [_StagedColumn(c.name, c.type) for c in base.columns(schema)]


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    (rows,) = one(con.execute(f"SELECT count(*) FROM {table}"))
    return int(rows)
