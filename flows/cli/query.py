"""``entrepot sql``: one reading statement against the published file, its result as table, CSV, JSON or Parquet."""

import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

import duckdb

from warehouse import connection
from warehouse.as_of import looking_back
from warehouse.errors import EntrepotError
from warehouse.settings import Home
from warehouse.sql import quoted

#: Rows a table on the terminal shows; other formats write all.
MOST_ROWS = 1000

_READING = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)

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
        with looking_back(home, as_of) if as_of is not None else connection.reader(home) as con:
            relation = con.sql(_one_statement(con, query))
            if form == "table":
                _show(relation, output)
            else:
                _write(con, relation, form, output)
    except duckdb.Error as fault:
        raise QueryFailed(_plain(fault)) from fault
    except BrokenPipeError:  # whoever reads us has seen enough: `entrepot sql … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as fault:
        raise QueryFailed(f"the result cannot be written: {fault.strerror}: {fault.filename or output}") from fault


def _one_statement(con: duckdb.DuckDBPyConnection, query: str) -> str:
    statements = con.extract_statements(query)
    if len(statements) != 1:
        raise QueryFailed(f"one statement is asked for, {len(statements)} are given")
    (statement,) = statements
    if statement.type not in _READING:
        raise QueryFailed(f"only a statement that reads is run, and {statement.type.name} is none")
    return str(statement.query)


def _show(relation: duckdb.DuckDBPyRelation, output: Path | None) -> None:
    wide = 400 if output or not sys.stdout.isatty() else None
    text = _rendered(relation, wide)
    if output:
        output.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


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


def _write(con: duckdb.DuckDBPyConnection, relation: duckdb.DuckDBPyRelation, form: str, output: Path | None) -> None:
    if output:
        _copy(con, relation, form, output)
        return
    if form == "parquet":
        raise QueryFailed("Parquet is not for the terminal: name a file with --output")
    # DuckDB replaces the file it copies to: where the output is redirected to a file, /dev/stdout itself.
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "result"
        _copy(con, relation, form, written)
        with written.open("rb") as file:
            shutil.copyfileobj(file, sys.stdout.buffer)
        sys.stdout.flush()


def _copy(con: duckdb.DuckDBPyConnection, relation: duckdb.DuckDBPyRelation, form: str, target: Path) -> None:
    con.register("result_of_query", relation)
    con.execute(f"COPY (FROM result_of_query) TO {quoted(str(target))} ({_COPY_OPTIONS[form]})")


def _plain(fault: duckdb.Error) -> str:
    """DuckDB's message without the position marks, on one line."""
    text = re.sub(r"\n\s*LINE \d+:.*", "", str(fault), flags=re.DOTALL)
    return " ".join(text.split())
