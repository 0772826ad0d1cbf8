"""Checks of the marts that a user adds: files in ``checks/`` of the home folder, of the same form as those of ``warehouse/sql/checks``.

They are made over the finished release, and can neither read nor write files. One that cannot be made, whatever is wrong with it, is a violation of
itself: its fault is in meta.checks, the build ends as one with faults, and the release goes out.
"""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from tasks.publish import check
from tasks.publish.check import ERROR, Finding
from warehouse import connection, locked_temp
from warehouse.errors import BadData
from warehouse.settings import Home, Settings


def findings(home: Home, settings: Settings, published: Path) -> list[Finding]:
    """The findings of the checks over the published file."""
    paths = sorted(home.checks.glob("*.sql"))
    if not paths:
        return []
    with (
        locked_temp.folder(home.scratch, "checks-") as scratch,
        duckdb.connect(str(published), read_only=True, config=connection.bounds(home, settings)) as con,
    ):
        connection.configure(con)
        connection.close_to_files(con, scratch)
        return list(_made(con, paths))


def _made(con: duckdb.DuckDBPyConnection, paths: list[Path]) -> Iterator[Finding]:
    for path in paths:
        name, text = f"own.{path.stem}", ""
        try:
            text = path.read_text(encoding="utf-8-sig")
            yield check.query(con, name, text)
        except (duckdb.Error, OSError, UnicodeDecodeError, BadData) as fault:
            yield _not_made(name, text, path, f"{path}: {fault}")


def _not_made(name: str, text: str, path: Path, why: str) -> Finding:
    """The finding for a check that cannot be made, as severe as it would be; an error where it does not say."""
    try:
        description, severity = check.header(name, text)
    except BadData:
        description, severity = path.name, ERROR
    return check.not_made(name, description, severity, why)
