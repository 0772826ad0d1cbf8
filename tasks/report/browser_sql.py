"""SQL in a browser, from a double-clicked file: facts as an SQLite file, and SQLite itself, each packed into a script.

A page that is opened from a file may load scripts that lie beside it and nothing else. The SQLite that runs in a browser (sql.js) comes with the
Python package mkdocs-sqlite-console, of which nothing else is used.
"""

import base64
import gzip
import json
import sqlite3
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path

import duckdb

from schemas import lineage
from warehouse.connection import one

#: Tables are left out beyond this many rows in all: a browser has to hold them, and a reader to wait for them.
MOST_ROWS = 500_000
#: What the browser has of a value's provenance: a column each.
PROVENANCE = ("dataset", "publisher")
_BATCH = 50_000
_LIBRARY, _FILES = "mkdocs-sqlite-console", ("worker.sql-wasm.js", "sql-wasm.wasm")
#: What SQLite stores a DuckDB type as; the others are text.
_NUMBERS = {"DECIMAL": "REAL", "DOUBLE": "REAL", "FLOAT": "REAL"} | dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "BOOLEAN"), "INTEGER")  # fmt: skip


@dataclass(frozen=True)
class Column:
    """A column of a table in the browser: its name, its SQLite type, and the SQL that gives it."""

    name: str
    kind: str
    sql: str


@dataclass(frozen=True)
class Table:
    """A fact in the browser. ``key`` are the columns that order its rows."""

    name: str
    rows: int
    columns: tuple[Column, ...]
    key: tuple[str, ...]


def tables(con: duckdb.DuckDBPyConnection) -> tuple[list[Table], list[Table]]:
    """The facts with rows that fit into a browser, and those that do not: where all are too many, the largest are left out."""
    there = {name for (name,) in con.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'mart'").fetchall()}  # fmt: skip
    found = [table for table in (_table(con, name) for name in lineage.FACTS if name in there) if table.rows]
    fitting, rows = set[str](), 0
    for table in sorted(found, key=lambda table: table.rows):
        rows += table.rows
        if rows <= MOST_ROWS:
            fitting.add(table.name)
    return [t for t in found if t.name in fitting], [t for t in found if t.name not in fitting]


def _table(con: duckdb.DuckDBPyConnection, name: str) -> Table:
    (rows,) = one(con.execute(f"SELECT count(*) FROM mart.{name}"))
    described = con.execute(f"DESCRIBE mart.{name}").fetchall()
    columns = [column for of in described for column in _columns(str(of[0]), str(of[1]))]
    return Table(name, rows, tuple(columns), lineage.FACTS[name].key)


def _columns(name: str, kind: str) -> list[Column]:
    """A column as SQLite can have it: of a value's provenance the dataset and the publisher, in place of the structure."""
    if kind.startswith("STRUCT"):
        return [Column(name.removesuffix("from") + of, "TEXT", f'"{name}".{of}') for of in PROVENANCE]
    number = _NUMBERS.get(kind.partition("(")[0])
    if number == "REAL":
        return [Column(name, number, f'"{name}"::DOUBLE')]
    return [Column(name, number or "TEXT", f'"{name}"::{"BIGINT" if number else "VARCHAR"}')]


def write(con: duckdb.DuckDBPyConnection, folder: Path, fitting: Sequence[Table]) -> None:
    """Write figures.js and sqlite.js into a folder: what the page Ask loads when it is first asked."""
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "figures.sqlite"
        _fill(con, file, fitting)
        _write_script(folder / "figures.js", "entrepotFigures", [gzip.compress(file.read_bytes(), 6, mtime=0)])
    library = distribution(_LIBRARY)
    parts = [Path(str(library.locate_file(f"{_LIBRARY.replace('-', '_')}/js/{name}"))) for name in _FILES]
    _write_script(folder / "sqlite.js", "entrepotSqlite", [gzip.compress(part.read_bytes(), 9, mtime=0) for part in parts])  # fmt: skip


def _write_script(file: Path, name: str, parts: Sequence[bytes]) -> None:
    """A script that gives bytes a name: packed with gzip and written as text, which every browser can load from a file."""
    text = json.dumps([base64.b64encode(part).decode("ascii") for part in parts])
    file.write_text(f"self.{name} = {text};\n", encoding="ascii")


def _fill(con: duckdb.DuckDBPyConnection, file: Path, fitting: Sequence[Table]) -> None:
    """An SQLite file with the facts, their rows in order."""
    with sqlite3.connect(file) as into:
        into.execute("PRAGMA journal_mode = OFF")
        for table in fitting:
            columns = ", ".join(f'"{c.name}" {c.kind}' for c in table.columns)
            into.execute(f"CREATE TABLE {table.name} ({columns})")
            order = ", ".join(f'"{column}"' for column in table.key)
            rows = con.execute(f"SELECT {', '.join(c.sql for c in table.columns)} FROM mart.{table.name} ORDER BY {order}")  # fmt: skip
            marks = ", ".join("?" * len(table.columns))
            while batch := rows.fetchmany(_BATCH):
                into.executemany(f"INSERT INTO {table.name} VALUES ({marks})", batch)
    into.close()
