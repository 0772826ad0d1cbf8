"""``entrepot sql``: run one read-only statement on the published file; write a table, CSV, JSON, Parquet or a workbook."""

import codecs
import contextlib
import io
import os
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import duckdb

from flows.cli import readable, terminal
from tasks.ask.cautions import cautions, sums_of_nothing
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

#: What DuckDB says of a file in the place of a table, where it may not read files.
_NAMES_A_FILE = re.compile(r"Table with name \S*(/|\.(csv|tsv|parquet|json|xlsx|gz)\b)", re.IGNORECASE)

#: What DuckDB says of a product of exact figures that has more digits than a DECIMAL.
_OVERFLOWS = re.compile(r"Overflow in multiplication of DECIMAL")

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


@dataclass(frozen=True)
class Wanted:
    """How a statement is run and its result written.

    ``form`` is table, csv, json, parquet or xlsx; ``output`` a file, None for standard output. ``as_of`` is a date or timestamp: the
    statement sees what was known then. ``has_byte_order_mark``: a CSV file begins with one, by which Excel knows UTF-8.
    ``may_read_files``: the statement may name files.
    """

    form: str = "table"
    output: Path | None = None
    as_of: str | None = None
    has_byte_order_mark: bool = False
    may_read_files: bool = False


def run(home: Home, query: str, wanted: Wanted) -> None:
    """Run one statement and write its result; then the cautions for it.

    Raises NotPublished; HomeError for a damaged file; QueryFailed.
    """
    as_of, form, output = wanted.as_of, wanted.form, wanted.output
    try:
        with (
            reader_as_of(home, as_of, query) if as_of is not None else connection.reader(home) as con,
            tempfile.TemporaryDirectory() as scratch,
        ):
            if not wanted.may_read_files:
                connection.close_to_files(con, Path(scratch))
            statement = one_statement(con, query)
            relation = con.sql(statement)
            if form == "table":
                _show(readable.for_table(con, relation), output)
            else:
                _write(con, relation, wanted, Path(scratch) / "result")
            for caution in cautions(con, statement) or sums_of_nothing(con, statement):
                terminal.warn(caution)
            if as_of is not None and (undated := describe_undated(con, statement, as_of)):
                terminal.warn(undated)
    except duckdb.Error as fault:
        raise QueryFailed(plain(fault)) from fault
    except BrokenPipeError:  # the reading process has ended, as in `entrepot sql … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as fault:
        raise QueryFailed(f"the result cannot be written to {fault.filename or output}: {fault.strerror}") from fault


def one_statement(con: duckdb.DuckDBPyConnection, query: str) -> str:
    """The one statement of a query, which reads. Raises QueryFailed."""
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


def _write(con: duckdb.DuckDBPyConnection, relation: duckdb.DuckDBPyRelation, wanted: Wanted, written: Path) -> None:
    """Write the result to ``written``, the one place that DuckDB may write to, and from there to where it is wanted."""
    if wanted.output is None and wanted.form in _TO_FILES_ONLY:
        raise QueryFailed(f"{_TO_FILES_ONLY[wanted.form]} is not written to the terminal: name a file with --output")
    _copy(con, relation, wanted.form, written)
    with written.open("rb") as result, _opened(wanted.output) as target:
        if wanted.form == "csv" and wanted.has_byte_order_mark:
            target.write(codecs.BOM_UTF8)
        shutil.copyfileobj(result, target)
        target.flush()


def _opened(output: Path | None) -> contextlib.AbstractContextManager[BinaryIO]:
    return output.open("wb") if output else contextlib.nullcontext(sys.stdout.buffer)


def _copy(con: duckdb.DuckDBPyConnection, relation: duckdb.DuckDBPyRelation, form: str, target: Path) -> None:
    if form == "xlsx":
        from flows.cli import workbook  # here, because importing it takes time that other formats do not need

        workbook.write(con, relation, target)
        return
    con.register("result_of_query", readable.for_text(con, relation) if form == "csv" else relation)
    con.execute(f"COPY (FROM result_of_query) TO {quoted(str(target))} ({_COPY_OPTIONS[form]})")


#: DuckDB's message for a macro that facts do not have.
_FACT_AS_OF = re.compile(r"Table Function with name (\w+)_as_of does not exist")


def plain(fault: duckdb.Error) -> str:
    """DuckDB's message on one line, without the excerpt of the statement."""
    text = re.sub(r"\n\s*LINE \d+:.*", "", str(fault), flags=re.DOTALL)
    plain = " ".join(text.split())
    if isinstance(fault, duckdb.PermissionException) or _NAMES_A_FILE.search(plain):
        return f"{plain}; a statement reads the release alone unless --allow-files is given"
    if of_fact := _FACT_AS_OF.search(plain):
        fact = of_fact[1]
        return f"no macro {fact}_as_of: `entrepot sql --as-of DAY` asks {fact} and every other mart as of a day; figures have a macro, such as trade_figures_as_of"
    if _OVERFLOWS.search(plain):
        return f"{plain}; `value::DOUBLE * …` does not overflow, and the facts (trade, fdi, indicator) have values that fit"
    return plain
