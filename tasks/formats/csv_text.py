"""CSV files read by DuckDB, with nothing left to guess, and their headers compared with what a source knows.

``relation`` and ``select`` give FROM clauses; every option that DuckDB would otherwise guess (comments, titles above the
header, quotes, types) is stated. ``check_columns`` is the one check of headers: a column is used, or named as passed over,
or stops the load.
"""

import csv
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from warehouse import sql
from warehouse.errors import LayoutChanged

#: The tables in which DuckDB keeps records with too few or too many fields, and the readings they come from.
REJECTED_RECORDS, REJECTED_SCANS = "rejected_records", "rejected_scans"

_REMEDY = (
    "Download the file again without opening it in a spreadsheet; if it comes with the same columns, the publisher has "
    "changed them and the columns that the source declares must follow"
)


def relation(
    path: Path,
    columns: Sequence[str] | Mapping[str, str] | None = None,
    *,
    delimiter: str = ",",
    quote: str = '"',
    missing: Sequence[str] = ("",),
    sets_aside: bool = False,
    with_filename: bool = False,
) -> str:
    """A FROM clause of the records of a CSV file in UTF-8, below its header.

    ``columns``: None takes the names of the header, all columns as text; a sequence names text columns by position, a
    mapping gives them DuckDB types too, and in both the names of the header are passed over. ``path`` may be a pattern
    such as ``folder/*.csv``. ``quote`` is also the escape; empty, quotes are text like any other. ``missing`` are the
    texts that are read as NULL. ``sets_aside``: records with too few or too many fields go to the table
    REJECTED_RECORDS instead of stopping the reading. ``with_filename`` adds the column ``filename``.

    >>> relation(Path("rates.csv"), ["day", "rate"], delimiter=";")
    "read_csv('rates.csv', header = true, auto_detect = false, columns = {'day': 'VARCHAR', 'rate': 'VARCHAR'}, ..."
    """
    options = [
        _read_as(columns),
        f"delim = {sql.quoted(delimiter)}, quote = {sql.quoted(quote)}, escape = {sql.quoted(quote)}",
        f"nullstr = [{', '.join(map(sql.quoted, missing))}], comment = '', skip = 0, encoding = 'utf-8'",
    ]
    if sets_aside:
        options.append(f"store_rejects = true, rejects_table = '{REJECTED_RECORDS}', rejects_scan = '{REJECTED_SCANS}'")
    if with_filename:
        options.append("filename = true")
    return f"read_csv({sql.quoted(str(path))}, header = true, {', '.join(options)})"


def _read_as(columns: Sequence[str] | Mapping[str, str] | None) -> str:
    if columns is None:
        return "all_varchar = true"
    types = columns if isinstance(columns, Mapping) else dict.fromkeys(columns, "VARCHAR")
    listed = ", ".join(f"{sql.quoted(name)}: {sql.quoted(kind)}" for name, kind in types.items())
    return f"auto_detect = false, columns = {{{listed}}}"


def select(
    path: Path,
    width: int,
    positions: Mapping[str, int | None],
    *,
    delimiter: str = ",",
    quote: str = '"',
    trims: bool = True,
) -> str:
    """A FROM clause of text columns chosen by position from a CSV file with ``width`` columns.

    ``positions`` gives for each column of the result where it stands in the file, from 0; None makes a column without
    values. ``trims``: spaces around a value are cut off, and a value of spaces only is NULL.
    """
    cells = (_cell(position, trims=trims) + f' AS "{name}"' for name, position in positions.items())
    records = relation(path, [f"c{n}" for n in range(width)], delimiter=delimiter, quote=quote)
    return f"(SELECT {', '.join(cells)} FROM {records})"


def _cell(position: int | None, *, trims: bool) -> str:
    if position is None:
        return "CAST(NULL AS VARCHAR)"
    return f"nullif(trim(c{position}), '')" if trims else f"c{position}"


def cells(line: str, delimiter: str = ",") -> list[str]:
    """The cells of one line of CSV, without a byte order mark and the line's end; none for an empty line."""
    return next(csv.reader([line.lstrip("\ufeff").rstrip("\r\n")], delimiter=delimiter), [])


def first_line(path: Path) -> str:
    """The first line of a file in UTF-8, without a byte order mark; bytes that are not UTF-8 are replaced."""
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        return file.readline()


def check_columns(
    columns: Sequence[str],
    required: Sequence[str],
    optional: Sequence[str] = (),
    ignored: Collection[str] = (),
    *,
    where: str,
    what: str = "the header",
    remedy: str = _REMEDY,
) -> None:
    """Raise LayoutChanged unless every required column is there, and each column is known and there once.

    Known are the ``required``, the ``optional`` and the ``ignored`` ones; the message lists the first two as what is
    expected. ``where`` names source and file in the message, ``what`` what has the columns, ``remedy`` what to do.

    >>> check_columns(["day", "price"], ["day", "rate"], where="fred.fx, rates.csv")
    LayoutChanged: the header lacks rate and has the unknown price: fred.fx, rates.csv. Expected columns: day, rate. ...
    """
    expected = (*required, *optional)
    known = {*expected, *ignored}
    differences = {
        "lacks": [name for name in required if name not in columns],
        "has the unknown": [name for name in dict.fromkeys(columns) if name not in known],
        "repeats": [name for name in dict.fromkeys(columns) if columns.count(name) > 1],
    }
    named = [f"{verb} {', '.join(names)}" for verb, names in differences.items() if names]
    if named:
        raise LayoutChanged(f"{what} {' and '.join(named)}: {where}. Expected columns: {', '.join(expected)}. {remedy}")
