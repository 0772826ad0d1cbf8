"""The figures of bulk datasets in a release's Parquet files: a file a partition, narrow as they are stored, and only those written that have changed.

A file says in its metadata of which rows it was made: a hash of every row, its part included, and of the statement that writes it. Where the
release before has a file of the same rows, and its bytes are those that were sealed, it is linked; nothing else decides, so no file can be older than
its figures. Rows are in the order of their keys, so that equal figures give equal files.
"""

import re
import shutil
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import duckdb

from tasks.publish import release_seal
from warehouse import marts, sql
from warehouse.connection import first, one

#: The folder of the files, in that of a release's Parquet files.
FOLDER = "core_trade_bulk"
#: The name under which a file says of which rows it was made.
_CONTENT = "entrepot_content"
#: What a name of a partition has in the name of its file; anything else is written as its code.
_NOT_PLAIN = re.compile(r"[^a-z0-9._-]")
#: A table that the definition of a mart reads, and the view that it creates.
_READ = re.compile(r"\b(FROM|JOIN) (core|ref|meta)\.(\w+)")
#: What the statements themselves make a view of.
_VIEWS = ("core.reconciled_part", "core.trade_part_doubt")
_CREATED = re.compile(r"CREATE OR REPLACE VIEW \w+\.")


@dataclass(frozen=True)
class _Partition:
    """A partition with the parts of its current figures. ``content`` differs where a row or the way of writing it does."""

    name: str
    parts: list[int]
    content: str

    @property
    def filename(self) -> str:
        return _NOT_PLAIN.sub(lambda found: f"_{ord(found[0]):x}", self.name) + ".parquet"


def write(con: duckdb.DuckDBPyConnection, folder: Path, older: Path | None) -> list[Path]:
    """Write the files of the current figures of bulk datasets for the release in ``folder``; return their paths.

    ``con`` is a connection to its published file. Of ``older``, the folder of the release before, files are linked, or copied where the file system
    has no links.
    """
    partitions = _partitions(con)
    target = folder / "parquet" / FOLDER
    if partitions:
        target.mkdir()
    for partition in partitions:
        path = target / partition.filename
        if older is None or not _taken_over(con, older, path.relative_to(folder), path, partition.content):
            con.execute(_copy(path, partition))
    return [target / partition.filename for partition in partitions]


def _partitions(con: duckdb.DuckDBPyConnection) -> list[_Partition]:
    rows = con.execute(sql.read("publish/bulk_contents.sql")).fetchall()
    version = one(con.execute("SELECT version()"))[0]
    return [
        _Partition(name, parts, sha256(f"{version} {_query(parts)} {content}".encode()).hexdigest())
        for name, parts, content in rows
    ]


def _query(parts: list[int]) -> str:
    return sql.render("publish/bulk_partition.sql", parts=parts)


def _copy(path: Path, partition: _Partition) -> str:
    metadata = f"KV_METADATA {{{_CONTENT}: {sql.quoted(partition.content)}}}"
    query = _query(partition.parts)
    return f"COPY ({query}) TO {sql.quoted(str(path))} (FORMAT parquet, COMPRESSION zstd, {metadata})"


def _taken_over(con: duckdb.DuckDBPyConnection, older: Path, name: Path, path: Path, content: str) -> bool:
    """Whether an older release has a file of this content, which is then at ``path`` too."""
    if not (older / name).exists() or not release_seal.is_undamaged(older, name.as_posix()):
        return False
    stated = first(
        con.execute(f"SELECT value::VARCHAR FROM parquet_kv_metadata({sql.quoted(str(older / name))}) WHERE key = ?", [_CONTENT])
    )  # fmt: skip
    if stated is None or stated[0] != content:
        return False
    try:
        path.hardlink_to(older / name)
    except OSError:  # a file system without hard links
        shutil.copy2(older / name, path)
    return True


def in_words(con: duckdb.DuckDBPyConnection) -> str:
    """What a data package says of the files: SQL for DuckDB, to be run in their folder, that makes views with all words of them.

    ``con`` is a connection to the published file. Which parts are doubtful, mostly none, is stated in the SQL.
    """
    doubts = con.execute("SELECT part, doubt FROM core.trade_part_doubt ORDER BY part").fetchall()
    reconciled = "\n".join(
        _over_files(script) for script in marts.definitions(folders=("facts",)) if "mart.trade_reconciled AS" in script
    )
    return (
        f"Figures of bulk datasets are in {FOLDER}, a file a partition, with keys in place of words; trade_figures.parquet has all others. These statements "
        f"for DuckDB, run in this folder, make views of them with all words:\n\n{sql.render('publish/bulk_in_words.sql', doubts=doubts)}\n{reconciled}"
    )


def _over_files(script: str) -> str:
    """The definition of views over a published file as one over its Parquet files."""

    def read(table: re.Match[str]) -> str:
        keyword, schema, name = table.groups()
        if f"{schema}.{name}" in _VIEWS:
            return f"{keyword} {name}"
        file = f"{FOLDER}/*.parquet" if f"{schema}_{name}" == FOLDER else f"{schema}_{name}.parquet"
        return f"{keyword} {sql.quoted(file)}"

    statements = re.sub(r"^--.*\n", "", _CREATED.sub("CREATE OR REPLACE VIEW ", script), flags=re.MULTILINE)
    return _READ.sub(read, statements).strip()
