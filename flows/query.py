"""``entrepot sql``: one reading statement against the published file, its result as table, CSV, JSON or Parquet."""

import re
import sys
from pathlib import Path

import duckdb

from warehouse import connection
from warehouse.errors import EntrepotError
from warehouse.lookback import looking_back
from warehouse.settings import Home

#: Rows a table on the terminal shows; other formats write all.
MOST_ROWS = 1000

_COPY_OPTIONS = {
    "csv": "FORMAT csv, HEADER",
    "json": "FORMAT json, ARRAY true",
    "parquet": "FORMAT parquet, COMPRESSION zstd",
}


class QueryFailed(EntrepotError):
    """The statement cannot be run as it is."""


def run(home: Home, query: str, form: str, output: Path | None, as_of: str | None) -> None:
    """Run the query and write its result. Raises NotPublished or QueryFailed."""
    try:
        with looking_back(home, as_of) if as_of else connection.reader(home) as con:
            statement = _one_statement(con, query)
            if form == "table":
                _show(con, statement, output)
            else:
                _write(con, statement, form, output)
    except duckdb.Error as fault:
        raise QueryFailed(_plain(fault)) from fault


def _one_statement(con: duckdb.DuckDBPyConnection, query: str) -> str:
    statements = con.extract_statements(query)
    if len(statements) != 1:
        raise QueryFailed(f"one statement is asked for, {len(statements)} are given")
    return str(statements[0].query).strip().rstrip(";")


def _show(con: duckdb.DuckDBPyConnection, statement: str, output: Path | None) -> None:
    relation = con.sql(statement)
    if relation is None:
        return
    wide = 400 if output or not sys.stdout.isatty() else None
    text = _rendered(relation, wide)
    if output:
        output.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text + "\n")


def _rendered(relation: duckdb.DuckDBPyRelation, width: int | None) -> str:
    import contextlib
    import io

    buffer = io.StringIO()
    with contextlib.redirect_stdout(buffer):
        if width:
            relation.show(max_rows=MOST_ROWS, max_width=width)
        else:
            relation.show(max_rows=MOST_ROWS)
    return buffer.getvalue().rstrip("\n")


def _write(con: duckdb.DuckDBPyConnection, statement: str, form: str, output: Path | None) -> None:
    if output is None and form == "parquet":
        raise QueryFailed("Parquet is not for the terminal: name a file with --output")
    target = output.as_posix() if output else "/dev/stdout"
    con.execute(f"COPY ({statement}) TO '{target.replace(chr(39), chr(39) * 2)}' ({_COPY_OPTIONS[form]})")


def _plain(fault: duckdb.Error) -> str:
    """DuckDB's message without the position marks, on one line."""
    text = re.sub(r"\n\s*LINE \d+:.*", "", str(fault), flags=re.DOTALL)
    return " ".join(text.split())
