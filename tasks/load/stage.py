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
from tasks.formats import csv_text
from warehouse import sql
from warehouse.connection import one
from warehouse.errors import LayoutChanged

#: The row's number among the records of the artifact, from 1. Rows of an open transaction have row ids from
#: 36028797018960000 on, so they are counted from the first.
ROW_NUMBER = "t0.rowid - (SELECT min(rowid) FROM staged) + 1"


@dataclass(frozen=True)
class ReadColumn:
    """How one column is read. ``text`` names its text and ``lost`` is an SQL condition that the text was not read
    exactly; None for columns that stay text."""

    name: str
    type: str
    read: str
    text: str
    lost: str | None


def stage(
    con: duckdb.DuckDBPyConnection, relation: str, schema: type[Table], ignored: Sequence[str], where: str
) -> int:
    """Fill the temporary table ``staged`` from a FROM clause of text columns; return the number of rows.

    ``where`` names the artifact in errors. Raises LayoutChanged if a column is missing or unknown.
    """
    _check_columns(con, relation, schema, ignored, where)
    columns = [_read_column(c) for c in base.columns(schema)]
    try:
        con.execute(sql.render("stage/staged.sql", columns=columns, relation=relation))
    except duckdb.InvalidInputException as fault:
        raise LayoutChanged(f"the file cannot be read as a table: {where}. {str(fault).splitlines()[0]}") from fault
    return _one(con, "SELECT count(*) FROM staged")


def stage_typed(con: duckdb.DuckDBPyConnection, relation: str, schema: type[Table]) -> int | None:
    """Fill ``staged`` from the typed FROM clause of a plain file (tasks.load.plain_csv); None if a value does not fit its type.

    Whole numbers come as decimals, so that 12.7 is seen and not rounded.
    """
    columns = ", ".join(_narrowed(c) for c in base.columns(schema))
    try:
        con.execute(f"CREATE OR REPLACE TEMP TABLE staged AS SELECT {columns} FROM {relation}")
    except (duckdb.ConversionException, duckdb.InvalidInputException):
        return None
    return _one(con, "SELECT count(*) FROM staged")


def _narrowed(column: base.Column) -> str:
    name = f'"{column.name}"'
    if column.type not in ("INT", "INTEGER", "BIGINT"):
        return name
    whole = f"CAST({name} AS {column.type})"
    # Raised as what a failed cast raises.
    return f"CASE WHEN {name} <> {whole} THEN CAST('not whole' AS {column.type}) ELSE {whole} END AS {name}"


def forget_rejected(con: duckdb.DuckDBPyConnection) -> None:
    """Forget the records that earlier readings set aside."""
    con.execute(f"DROP TABLE IF EXISTS {csv_text.REJECTED_RECORDS}")
    con.execute(f"DROP TABLE IF EXISTS {csv_text.REJECTED_SCANS}")


def rejected(con: duckdb.DuckDBPyConnection) -> dict[int, tuple[str, str]]:
    """Records the last reading set aside: number of the record, what is wrong with it, and its text.

    For files with a header and a record a line (read with ``sets_aside`` of csv_text.relation), where the number is the line's less one.
    """
    found = con.execute(
        f"SELECT line - 1, min(error_message), any_value(csv_line) FROM {csv_text.REJECTED_RECORDS} "
        "GROUP BY line ORDER BY line"
    ).fetchall()
    return {
        number: (f"record: {fault}", json.dumps({"record": text}, ensure_ascii=False)) for number, fault, text in found
    }


def numbered(position: int, set_aside: Iterable[int]) -> int:
    """The number of the record at a position among those that were read, when others were set aside."""
    number = position
    for other in sorted(set_aside):
        if other <= number:
            number += 1
    return number


def raw_rows(con: duckdb.DuckDBPyConnection, relation: str, numbers: Iterable[int]) -> dict[int, str]:
    """The records with these numbers, each as a JSON object of its columns as printed."""
    wanted = ", ".join(str(n) for n in sorted(set(numbers)))
    if not wanted:
        return {}
    names = [str(c[0]) for c in con.execute(f"DESCRIBE FROM {relation}").fetchall()]
    found = con.execute(
        f"SELECT * FROM (SELECT row_number() OVER () AS __row, * FROM {relation}) WHERE __row IN ({wanted})"
    ).fetchall()
    return {row[0]: json.dumps(dict(zip(names, row[1:], strict=True)), ensure_ascii=False) for row in found}


def _check_columns(
    con: duckdb.DuckDBPyConnection, relation: str, schema: type[Table], ignored: Sequence[str], where: str
) -> None:
    try:
        found = [str(c[0]) for c in con.execute(f"DESCRIBE FROM {relation}").fetchall()]
    except (duckdb.InvalidInputException, duckdb.BinderException) as fault:
        raise LayoutChanged(f"the file cannot be read as a table: {where}. {str(fault).splitlines()[0]}") from fault
    wanted = [c.name for c in base.columns(schema)]
    csv_text.check_columns(found, wanted, ignored=ignored, where=where)


def _read_column(column: base.Column) -> ReadColumn:
    name, text = f'"{column.name}"', f"{column.name} as printed"
    if column.type == "TEXT":
        return ReadColumn(column.name, column.type, name, text, None)
    printed = f'"{text}"'
    lost = f"({printed} IS NOT NULL AND ({name} IS NULL OR {_inexact(column.type, printed, name)}))"
    return ReadColumn(column.name, column.type, f"TRY_CAST({name} AS {column.type})", text, lost)


def _inexact(type_name: str, text: str, number: str) -> str:
    """A condition that a cast which succeeded lost or made up something.

    A regular expression a value would cost as much as reading it. So the text's length is compared with that of
    the number first, and only text of unusual form is put to the expression.
    """
    kind = type_name.split("(")[0]
    if kind in ("INT", "INTEGER", "BIGINT"):
        unusual = f"strlen({text}) <> {_digits(number)} OR {_is_unusual(number)}"
        return f"(({unusual}) AND NOT regexp_full_match({text}, '[+-]?[0-9]+'))"
    if kind == "DECIMAL":
        scale = int(type_name.rstrip(")").split(",")[1])
        forms = [
            f"strlen({text}) > {_digits(number)} + {scale + 1}",
            _is_unusual(number),
            f"{text} < '0'",
            f"right({text}, 1) < '0'",
        ]
        forms += [f"contains({text}, '{c}')" for c in "eE_"]
        exact = rf"[+-]?[0-9]*(\.[0-9]{{0,{scale}}}0*)?"
        return f"(({' OR '.join(forms)}) AND NOT regexp_full_match({text}, '{exact}'))"
    if kind == "DATE":
        # DuckDB reads the year 0000 as 1 BC, which Python has no date for.
        return f"NOT (regexp_full_match({text}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}') AND {text} >= '0001')"
    if kind == "BOOLEAN":
        return f"{text} NOT IN ('true', 'false')"
    raise TypeError(f"no exact way to read {type_name}")


#: Numbers with more digits than this before the point are always put to the regular expression.
_MOST_DIGITS = 9


def _digits(number: str) -> str:
    """How many digits a number that is not unusual has before the point, without a branch."""
    return "1 + " + " + ".join(f"({number} >= {10**n})::TINYINT" for n in range(1, _MOST_DIGITS))


def _is_unusual(number: str) -> str:
    return f"{number} < 0 OR {number} >= {10**_MOST_DIGITS}"


def _one(con: duckdb.DuckDBPyConnection, query: str) -> int:
    row = one(con.execute(query))
    return int(row[0])
