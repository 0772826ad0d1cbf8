"""What a release depends on: what is stored, and the code that makes views, descriptions, checks and files of it."""

from pathlib import Path

import duckdb

from tasks.identity import closure, fingerprint
from tasks.identity.closure import Tree
from tasks.load import reference
from tasks.publish import gravity, own_checks
from warehouse import sql
from warehouse.connection import one

#: The modules in which publishing begins. They import or name everything that takes part.
ENTRIES = ("tasks.publish.release", "tasks.publish.check", "warehouse.ddl")


def of_release(con: duckdb.DuckDBPyConnection, checks: Path | None = None) -> str:
    """The identity that a release of the warehouse as it is would have; ``checks`` is the folder with the checks of a user."""
    stored = one(con.execute(sql.read("publish/stored_state.sql")))
    # With another library, or none, the gravity model of a release is another.
    return fingerprint.of(
        *map(str, stored), reference.content_hash(), gravity.library() or "", of_publishing(), *_own_checks(checks)
    )


def _own_checks(folder: Path | None) -> list[str]:
    return [f"{path.name} {_content_of(path)}" for path in own_checks.files(folder)] if folder else []


def _content_of(path: Path) -> str:
    """The hash of a file; of one that cannot be read, that it cannot: the check of it says why."""
    try:
        return fingerprint.of_file(path)
    except OSError:
        return "cannot be read"


def of_publishing(tree: Tree | None = None) -> str:
    """What releases of all that is stored have in common: a hash."""
    tree = tree or closure.of_process()
    return tree.hash((tree.module(name) for name in ENTRIES), with_descriptions=True)
