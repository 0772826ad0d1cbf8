"""Which rows of a table may share their key with another: found by the runs in which the table is sorted, where these are few.

Files come sorted by their key but for single rows. Within a run, in which each key is greater than the one before, none is there twice; so only
rows whose keys lie where two runs overlap can share a key. That takes a sixth of the time of counting keys, and then few keys are counted.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import duckdb

from warehouse import sql
from warehouse.connection import one

#: With more runs than this the keys of all rows are counted.
_MOST_RUNS = 100

_Key = tuple[Any, ...]


def candidates(
    con: duckdb.DuckDBPyConnection, rows: str, row_number: str, key: Sequence[str], refused: str | None = None
) -> str | None:
    """An SQL condition over the alias ``t0`` that holds for every row that may share its key with another; None if there is none.

    ``row_number`` is an expression over ``t0``; rows of the table ``refused`` are passed over.
    """
    runs = _runs(con, rows, row_number, key, refused)
    if runs is None:
        return "TRUE"
    overlaps = {(max(a[0], b[0]), min(a[1], b[1])) for a, b in combinations(runs, 2) if a[0] <= b[1] and b[0] <= a[1]}
    return " OR ".join(f"({_between(key, *overlap)})" for overlap in sorted(overlaps)) or None


def _runs(
    con: duckdb.DuckDBPyConnection, rows: str, row_number: str, key: Sequence[str], refused: str | None
) -> list[tuple[_Key, _Key]] | None:
    """The first and the last key of each run; None where there are too many, or a key has an empty column."""
    values = {"rows": rows, "row_number": row_number, "key": key}
    begins = con.execute(sql.render("stage/run_begins.sql", **values, most=_MOST_RUNS)).fetchall()
    if len(begins) > _MOST_RUNS or any(is_astray for *_, is_astray in begins):
        return None
    if not begins:
        return []
    passed_over = {n for (n,) in con.execute(f"SELECT row_number FROM {refused}").fetchall()} if refused else set()
    (last,) = one(con.execute(f"SELECT max({row_number}) FROM {rows} AS t0"))
    ends = [*(before for _, before, _ in begins[1:]), last]
    bounds = [_trimmed(begin, end, passed_over) for (begin, _, _), end in zip(begins, ends, strict=True)]
    kept = [bound for bound in bounds if bound]
    keys = _keys(con, values, {number for bound in kept for number in bound})
    if any(number not in keys or None in keys[number] for bound in kept for number in bound):
        return None
    return [(keys[begin], keys[end]) for begin, end in kept]


def _trimmed(begin: int, end: int, passed_over: set[int]) -> tuple[int, int] | None:
    """The first and the last row of a run that is not passed over; None where there is none."""
    while begin in passed_over and begin <= end:
        begin += 1
    while end in passed_over and begin <= end:
        end -= 1
    return (begin, end) if begin <= end else None


def _keys(con: duckdb.DuckDBPyConnection, values: dict[str, Any], numbers: set[int]) -> dict[int, _Key]:
    query = sql.render("stage/keys_at.sql", **values)
    return {number: tuple(key) for number, *key in con.execute(query, {"numbers": sorted(numbers)}).fetchall()}


def _between(key: Sequence[str], low: _Key, high: _Key) -> str:
    """That a key lies between two, in the order of its columns; the first column alone is looked at first."""
    bounds = f't0."{key[0]}" BETWEEN {_literal(low[0])} AND {_literal(high[0])}'
    return f"{bounds} AND {_beyond(key, low, '>')} AND {_beyond(key, high, '<')}"


def _beyond(key: Sequence[str], than: _Key, sign: str) -> str:
    column, value = f't0."{key[0]}"', _literal(than[0])
    if len(key) == 1:
        return f"{column} {sign}= {value}"
    return f"({column} {sign} {value} OR ({column} = {value} AND {_beyond(key[1:], than[1:], sign)}))"


def _literal(value: object) -> str:
    return str(value) if isinstance(value, int) else sql.quoted(str(value))
