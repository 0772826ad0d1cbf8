"""Checks of the marts that a user adds: files in ``checks/`` of the home folder, of the same form as those of ``warehouse/sql/checks``.

They are made over the finished release, and can neither read nor write files. One that cannot be made, whatever is wrong with it, is a violation of
itself, as severe as it says; an error where it does not say.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

import duckdb

from tasks.publish import check
from tasks.publish.check import ERROR, Finding
from warehouse import connection, locked_temp
from warehouse.errors import BadData
from warehouse.settings import Home, Settings

#: How long a check may take, seconds.
_LONGEST = 600


def files(folder: Path) -> list[Path]:
    """The files of checks in a folder, whether or not they can be read."""
    return sorted(folder.glob("*.sql"))


def findings(home: Home, settings: Settings, published: Path) -> list[Finding]:
    """The findings of the checks over the published file."""
    paths = files(home.checks)
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
            with _within_time(con):
                yield check.query(con, name, _one_query(con, text))
        except Exception as fault:  # noqa: BLE001  whatever a user's query makes DuckDB or its values raise is this check's fault
            yield _not_made(name, text, path, f"{path}: {str(fault) or type(fault).__name__}")


def _one_query(con: duckdb.DuckDBPyConnection, text: str) -> str:
    """The text, if it is one query and nothing else. Raises BadData."""
    kinds = [statement.type for statement in con.extract_statements(text)]
    if kinds != [duckdb.StatementType.SELECT]:
        raise BadData(f"it is not one SELECT statement but {', '.join(kind.name for kind in kinds) or 'none'}")
    return text


@contextmanager
def _within_time(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Interrupt a query that does not end: the build holds the one writer's lock meanwhile."""
    end = Timer(_LONGEST, con.interrupt)
    end.daemon = True
    end.start()
    try:
        yield
    finally:
        end.cancel()


def _not_made(name: str, text: str, path: Path, why: str) -> Finding:
    """The finding for a check that cannot be made, as severe as it would be; an error where it does not say."""
    try:
        description, severity = check.header(name, text)
    except BadData:
        description, severity = path.name, ERROR
    return check.not_made(name, description, severity, why)
