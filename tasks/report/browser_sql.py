"""SQL in a browser, from a double-clicked file: the facts' Parquet files of a release, and what reads and asks them, each packed into a script.

A page that is opened from a file may load scripts that lie beside it and nothing else. The SQLite that runs in a browser (sql.js) comes with the
Python package mkdocs-sqlite-console, of which nothing else is used; what reads Parquet there (hyparquet) lies beside the templates.
"""

import base64
import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from importlib.metadata import distribution
from pathlib import Path

import duckdb

from schemas import lineage
from warehouse.connection import one

#: A table with more rows is left out: a browser has to hold it, and a reader to wait for it.
MOST_ROWS = 500_000
#: What the browser has of a value's provenance: a column each.
PROVENANCE = ("dataset", "publisher")
_LIBRARY = "mkdocs-sqlite-console"
#: What SQLite stores a DuckDB type as; the others are text.
_NUMBERS = {"DECIMAL": "REAL", "DOUBLE": "REAL", "FLOAT": "REAL"} | dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "BOOLEAN"), "INTEGER")  # fmt: skip


@dataclass(frozen=True)
class Column:
    """A column of a table in the browser: its name, its SQLite type, and the SQL that gives it.

    ``of`` names the column of the mart, ``field`` the field of a structure; ``is_decimal`` says that it is an exact number there.
    """

    name: str
    kind: str
    sql: str
    of: str
    field: str | None = None
    is_decimal: bool = False


@dataclass(frozen=True)
class Table:
    """A fact in the browser. ``key`` are the columns that order its rows."""

    name: str
    rows: int
    columns: tuple[Column, ...]
    key: tuple[str, ...]


def tables(con: duckdb.DuckDBPyConnection) -> tuple[list[Table], list[Table]]:
    """The facts with rows that fit into a browser, and those that do not."""
    there = {name for (name,) in con.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'mart'").fetchall()}  # fmt: skip
    found = [table for table in (_table(con, name) for name in lineage.FACTS if name in there) if table.rows]
    return [t for t in found if t.rows <= MOST_ROWS], [t for t in found if t.rows > MOST_ROWS]


def _table(con: duckdb.DuckDBPyConnection, name: str) -> Table:
    (rows,) = one(con.execute(f"SELECT count(*) FROM mart.{name}"))
    described = con.execute(f"DESCRIBE mart.{name}").fetchall()
    columns = [column for of in described for column in _columns(str(of[0]), str(of[1]))]
    return Table(name, rows, tuple(columns), lineage.FACTS[name].key)


def _columns(name: str, kind: str) -> list[Column]:
    """A column as SQLite can have it: of a value's provenance the dataset and the publisher, in place of the structure."""
    if kind.startswith("STRUCT"):
        stem = name.removesuffix("from")
        return [Column(stem + field, "TEXT", f'"{name}".{field}', name, field) for field in PROVENANCE]
    number = _NUMBERS.get(kind.partition("(")[0])
    if number == "REAL":
        return [Column(name, number, f'"{name}"::DOUBLE', name, is_decimal=kind.startswith("DECIMAL"))]
    return [Column(name, number or "TEXT", f'"{name}"::{"BIGINT" if number else "VARCHAR"}', name)]


def described(fitting: Sequence[Table], folder: str) -> str:
    """What the page knows of its tables, as JSON: columns, and the address of the script with the Parquet file."""
    known = {
        table.name: {
            "address": f"{folder}{table.name}.js",
            "columns": [
                {"name": c.name, "kind": c.kind, "of": c.of, "field": c.field, "is_decimal": c.is_decimal}
                for c in table.columns
            ],
        }
        for table in fitting
    }
    return json.dumps(known, separators=(",", ":")).replace("<", "\\u003c")


def write(folder: Path, parquet: Path, fitting: Sequence[Table]) -> None:
    """Write engine.js and a script for each table into a folder: what the page Ask loads when it needs it. ``parquet`` is the folder of the release's files."""
    beside, library = resources.files(__package__) / "templates", distribution(_LIBRARY)
    of_library = Path(str(library.locate_file(f"{_LIBRARY.replace('-', '_')}/js")))
    parts = [
        (of_library / "sql-wasm.wasm").read_bytes(),
        (of_library / "worker.sql-wasm.js").read_bytes(),
        *((beside / name).read_bytes() for name in ("hyparquet.js", "ask_worker.js")),
    ]
    packed = json.dumps([_text(gzip.compress(part, 9, mtime=0)) for part in parts])
    (folder / "engine.js").write_text(f"self.entrepotEngine = {packed};\n", encoding="ascii")
    for table in fitting:
        content = json.dumps(_text((parquet / f"{table.name}.parquet").read_bytes()))
        script = f"(self.entrepotParquet ??= {{}}).{table.name} = {content};\n"
        (folder / f"{table.name}.js").write_text(script, encoding="ascii")


def _text(content: bytes) -> str:
    """Bytes as text, which every browser can load from a file in a script."""
    return base64.b64encode(content).decode("ascii")
