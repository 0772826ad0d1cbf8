"""``entrepot sql``: run one read-only statement on the published file; write a table, CSV, JSON, Parquet or a workbook."""

import contextlib
import io
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

import duckdb

from flows.cli import readable, terminal
from tasks.ask.cautions import cautions
from tasks.ask.left_out import describe_undated
from warehouse import connection
from warehouse.as_of import reader_as_of
from warehouse.errors import EntrepotError
from warehouse.settings import Home
from warehouse.sql import quoted

#: Rows of a table on the terminal; other formats write all rows.
MOST_ROWS = 1000
#: Width of a table that does not go to a terminal.
_FILE_WIDTH = 400

_READ_ONLY = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)

_COPY_OPTIONS = {
    "csv": "FORMAT csv, HEADER",
    "json": "FORMAT json, ARRAY true",
    "parquet": "FORMAT parquet, COMPRESSION zstd",
}
#: What a terminal cannot show.
_TO_FILES_ONLY = {"parquet": "Parquet", "xlsx": "A workbook"}


class QueryFailed(EntrepotError):
    """The statement is not run, or its result cannot be written."""


def run(home: Home, query: str, form: str, output: Path | None, as_of: str | None) -> None:
    """Run one statement and write its result to ``output``, or to standard output if there is none; then the cautions for it.

    ``form`` is table, csv, json, parquet or xlsx. ``as_of`` is a date or timestamp: the statement sees what was known then.
    Raises NotPublished; HomeError for a damaged file; QueryFailed.
    """
    try:
        with reader_as_of(home, as_of) if as_of is not None else connection.reader(home) as con:
            statement = _one_statement(con, query)
            relation = con.sql(statement)
            if form == "table":
                _show(readable.for_table(con, relation), output)
            else:
                _write(con, relation, form, output)
            for caution in cautions(con, statement):
                terminal.warn(caution)
            if as_of is not None and (undated := describe_undated(con, statement, as_of)):
                terminal.warn(undated)
    except duckdb.Error as fault:
        raise QueryFailed(_plain(fault)) from fault
    except BrokenPipeError:  # the reading process has ended, as in `entrepot sql … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as fault:
        raise QueryFailed(f"the result cannot be written to {fault.filename or output}: {fault.strerror}") from fault


def _one_statement(con: duckdb.DuckDBPyConnection, query: str) -> str:
    statements = con.extract_statements(query)
    if len(statements) != 1:
        raise QueryFailed(f"expected one SQL statement, got {len(statements)}")
    (statement,) = statements
    if statement.type not in _READ_ONLY:
        raise QueryFailed(f"{statement.type.name} is not read-only: only SELECT and EXPLAIN statements are run")
    return _without_end(str(statement.query))


def _without_end(statement: str) -> str:
    """A statement without its semicolon and what follows: DuckDB 2 does not take them in a relation."""
    text, has_begun = statement.encode(), False
    for offset, kind in duckdb.tokenize(statement):  # offsets are in bytes
        is_end = kind == duckdb.token_type.operator and text[offset : offset + 1] == b";"
        if is_end and has_begun:
            return text[:offset].decode()
        has_begun = has_begun or not is_end
    return statement


def _show(relation: duckdb.DuckDBPyRelation, output: Path | None) -> None:
    width = None if sys.stdout.isatty() and not output else _FILE_WIDTH
    text = _rendered(relation, width)
    if output:
        output.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


def _rendered(relation: duckdb.DuckDBPyRelation, width: int | None) -> str:
    """The table as DuckDB draws it, at most ``width`` characters wide; None: as wide as the terminal."""
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
    if form in _TO_FILES_ONLY:
        raise QueryFailed(f"{_TO_FILES_ONLY[form]} is not written to the terminal: name a file with --output")
    # Not to /dev/stdout: DuckDB replaces the file it copies to, also one that the output is redirected to.
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "result"
        _copy(con, relation, form, written)
        with written.open("rb") as file:
            shutil.copyfileobj(file, sys.stdout.buffer)
        sys.stdout.flush()


def _copy(con: duckdb.DuckDBPyConnection, relation: duckdb.DuckDBPyRelation, form: str, target: Path) -> None:
    if form == "xlsx":
        from flows.cli import workbook  # here, because importing it takes time that other formats do not need

        workbook.write(con, relation, target)
        return
    con.register("result_of_query", readable.for_text(con, relation) if form == "csv" else relation)
    con.execute(f"COPY (FROM result_of_query) TO {quoted(str(target))} ({_COPY_OPTIONS[form]})")


def _plain(fault: duckdb.Error) -> str:
    """DuckDB's message on one line, without the excerpt of the statement."""
    text = re.sub(r"\n\s*LINE \d+:.*", "", str(fault), flags=re.DOTALL)
    return " ".join(text.split())
