"""A warehouse file with its tables, views and reference tables, which tests copy; made once and kept between runs.

Making it takes four seconds, more than the tests of most sources. It is kept under the hash of all it is made from, so that a
change of a schema, a view or a reference table makes another, and a change of a source's code does not.
"""

import os
import shutil
from pathlib import Path

import duckdb
from filelock import FileLock

from tasks.identity import closure, fingerprint
from tasks.load import reference
from warehouse import ddl, marts
from warehouse.connection import make_folders, writer
from warehouse.settings import Home, Settings

#: Modules that take part in making it.
_ENTRIES = ("tasks.load.reference", "warehouse.connection", "warehouse.ddl", "warehouse.marts")
#: So many are kept: those of a few states of the code, between which a developer goes back and forth.
_KEPT = 4


def identity() -> str:
    """The hash of everything the file is made from."""
    tree = closure.of_process()
    return fingerprint.of(
        tree.hash((tree.module(name) for name in _ENTRIES), with_descriptions=True),
        *marts.definitions(),
        reference.content_hash(),
        duckdb.__version__,
        Path(__file__).read_text(encoding="utf-8"),
    )


def warehouse_file(cache: Path, settings: Settings) -> Path:
    """The file below ``cache``, made if it is not there. Copy it, do not open it.

    Several processes may ask at once: one makes it, the others wait for it.
    """
    cache.mkdir(parents=True, exist_ok=True)
    fingerprint.keep_in(cache / "fingerprints.json")
    path = cache / f"{identity()[:16]}.duckdb"
    with FileLock(cache / "lock"):
        if path.exists():
            os.utime(path)
        else:
            _make(Home(cache / "in progress"), settings).replace(path)
            _clear(cache)
    return path


def _make(home: Home, settings: Settings) -> Path:
    shutil.rmtree(home.root, ignore_errors=True)  # what a killed run left
    make_folders(home)
    with writer(home, settings) as con:
        ddl.create_tables(con)
        ddl.create_views(con)
        reference.load(con)
    return home.warehouse


def _clear(cache: Path) -> None:
    """Remove the files that were used longest ago."""
    by_last_use = sorted(cache.glob("*.duckdb"), key=lambda path: path.stat().st_mtime)
    for path in by_last_use[:-_KEPT]:
        path.unlink()
