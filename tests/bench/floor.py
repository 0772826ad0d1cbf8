"""The floor: DuckDB alone, the typed CSV into a fresh database file, nothing checked."""

import zipfile
from pathlib import Path

import duckdb

from tests.bench import files
from tests.bench.clock import Stopwatch

#: What ``NA`` looks like in the files; without it the last column could not be read typed at all.
UNKNOWN = "           NA"
#: The types are those the warehouse has too: exact decimals, products as text.
_TYPES = "{'t': 'INTEGER', 'i': 'INTEGER', 'j': 'INTEGER', 'k': 'VARCHAR', 'v': 'DECIMAL(18,3)', 'q': 'DECIMAL(18,3)'}"

_CHUNK = 1 << 20

CHECKS = "types only: the first bad value stops the load"
LACKS = "checks, keys, codes, quarantine, versions, provenance"


def _read_to_nowhere(path: str) -> None:
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            with archive.open(member) as file:
                while file.read(_CHUNK):
                    pass


def relation(csv: str | Path | list[str]) -> str:
    """The typed FROM clause."""
    paths = [csv] if isinstance(csv, str | Path) else csv
    listed = ", ".join(f"'{p}'" for p in paths)
    return f"read_csv([{listed}], header = true, auto_detect = false, delim = ',', quote = '', nullstr = '{UNKNOWN}', columns = {_TYPES})"


def load(csv: list[str], database: str, zipped: str | None = None) -> dict[str, object]:
    """Load files into a new database file, closed and on disk at the end.

    With ``zipped``, the archive the files come in, the time counts of reading it to nowhere, which DuckDB cannot do.
    """
    files.fresh(Path(database))
    for path in [*csv, zipped] if zipped else csv:
        files.warm(path)
    with Stopwatch() as watch:
        if zipped:
            _read_to_nowhere(zipped)
        con = duckdb.connect(database)
        con.execute(f"CREATE TABLE trade AS SELECT * FROM {relation(csv)}")
        con.close()
    with duckdb.connect(database, read_only=True) as con:
        row = con.execute("SELECT count(*) FROM trade").fetchone()
    return {"seconds": watch.seconds, "rows": row and row[0], "bytes": Path(database).stat().st_size}
