"""Publishing: the readers' file appears whole, at once, and only after everything was checked.

A release is made beside the published one, in ``published/releases/<release>/``: a copy of the warehouse
file, every mart as Parquet, and a Frictionless data package that describes them. Then
``published/entrepot.duckdb`` is replaced in one step (a reader with the old file open keeps reading it) and
``published/parquet`` is pointed at the new release. Of bulk datasets a release writes only what has changed (tasks.publish.bulk_files).
"""

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from schemas import meta
from tasks.publish import check, export, gravity, own_checks, readable, release_seal
from warehouse import connection, ddl, marts, sql
from warehouse.connection import first
from warehouse.errors import HomeError
from warehouse.rows import insert
from warehouse.settings import Home, Settings

#: Without it a file that was changed before is stored with references that DuckDB before 1.4.2 follows into nothing:
#: https://github.com/duckdb/duckdb/pull/19588
_READ_BY_OLDER: dict[str, str | bool | int | float | list[str]] = {"experimental_metadata_reuse": False}


@dataclass(frozen=True)
class Published:
    """What publishing did. ``release`` is None where nothing had changed."""

    release: str | None
    path: Path


def is_current(home: Home, fingerprint: str) -> bool:
    """Whether the published file was made from exactly this, and the Parquet files beside it are of its release."""
    if not home.published_file.exists():
        return False
    try:
        with connection.reader(home) as con:
            row = first(con.execute("SELECT release, fingerprint FROM meta.releases ORDER BY release DESC LIMIT 1"))
    except (duckdb.Error, HomeError):
        return False  # not a release's file, or a damaged one: it is made again
    if row is None or row[1] != fingerprint:
        return False
    folder = home.releases / row[0]
    return home.parquet.resolve() == folder / "parquet" and not release_seal.changed_files(home, row[0])


def publish(home: Home, settings: Settings, fingerprint: str) -> Published:
    """Make a release of the warehouse as it is and swap it in.

    Raises ChecksFailed for a mart that breaks its schema, HomeError if the release cannot be written.
    """
    if is_current(home, fingerprint):
        return Published(None, home.published_file)
    release = _next_release(home)
    try:
        _clear_unfinished(home)
        folder = home.releases / f".{release}"
        folder.mkdir(parents=True)
        _copy_warehouse(home, settings, folder / "entrepot.duckdb", release, fingerprint)
        older = next((home.releases / name for name in reversed(releases(home))), None)
        export.write(home, settings, folder, release, older)
        release_seal.write(folder, older)
        folder.rename(home.releases / release)
        swap_in(home, release)
        _prune(home, settings.keep_releases)
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as fault:  # DuckDB writes the Parquet files
        why = fault.strerror if isinstance(fault, OSError) else None
        raise HomeError(f"release {release} cannot be written to {home.published}: {why or fault}") from fault
    return Published(release, home.published_file)


def releases(home: Home) -> list[str]:
    """Names of the releases that are kept, oldest first."""
    return sorted(p.name for p in home.releases.glob("*") if not p.name.startswith("."))


def _next_release(home: Home) -> str:
    """The time in UTC. In the second of the last release, or where the clock has been set back, the last one's name with a further letter.

    So the order of the names is that in which releases were made, whatever the clock says.
    """
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    last = max(releases(home), default="")
    if stamp > last:
        return stamp
    before, end = last[:-1], last[-1]
    return f"{before}{chr(ord(end) + 1)}" if "a" <= end < "z" else f"{last}a"


def _clear_unfinished(home: Home) -> None:
    for leftover in home.releases.glob(".*"):
        shutil.rmtree(leftover)


def _copy_warehouse(home: Home, settings: Settings, target: Path, release: str, fingerprint: str) -> None:
    """A copy of the warehouse file that says which release it is. The release is also put on record in the warehouse."""
    with connection.writer(home, settings) as con:
        kept = releases(home)
        _put_on_record(con, home, kept)
        con.execute("DELETE FROM meta.releases WHERE NOT list_contains(?, release)", [kept])
        insert(con, meta.Release, {"release": release, "built_at": datetime.now(UTC), "fingerprint": fingerprint})
        con.execute("CHECKPOINT")
    shutil.copyfile(home.warehouse, target)
    with duckdb.connect(str(target), read_only=True, config=connection.bounds(home, settings)) as con:
        readable.check_whole(con, str(home.warehouse))
    store_marts(home, settings, target, release)
    with target.open("rb") as file:
        os.fsync(file.fileno())


def _put_on_record(con: duckdb.DuckDBPyConnection, home: Home, kept: list[str]) -> None:
    """Put releases on record that are kept and that a warehouse which was made again does not know, from the newest that is readable."""
    known = {name for (name,) in con.execute("SELECT release FROM meta.releases").fetchall()}
    for release in [r for r in reversed(kept) if r not in known][:1]:
        file = sql.quoted(str(home.releases / release / "entrepot.duckdb"))
        with suppress(duckdb.Error):  # a damaged one
            con.execute(f"ATTACH {file} AS kept (READ_ONLY)")
            con.execute(
                "INSERT INTO meta.releases BY NAME SELECT * FROM kept.meta.releases ANTI JOIN meta.releases USING (release)"
            )
            con.execute("DETACH kept")


def store_marts(home: Home, settings: Settings, published: Path, release: str, *, with_own_checks: bool = True) -> None:
    """Store facts, rates and readings as tables in a published file, which never changes, and tie macros to it. Raises ChecksFailed."""
    with duckdb.connect(str(published), config=connection.bounds(home, settings) | _READ_BY_OLDER) as con:
        connection.configure(con)
        marts.store(con)
        gravity.fill(con)
        marts.bind_macros(con, release)
        ddl.describe(con)
        check.record_more(con, check.of_release(con))
        con.execute("CHECKPOINT")  # what fails here is raised, which at closing it would not be
    if with_own_checks:
        _record_own_checks(home, settings, published)


def _record_own_checks(home: Home, settings: Settings, published: Path) -> None:
    found = own_checks.findings(home, settings, published)
    if not found:
        return
    with duckdb.connect(str(published), config=connection.bounds(home, settings) | _READ_BY_OLDER) as con:
        check.record_more(con, found)
        con.execute("CHECKPOINT")


def swap_in(home: Home, release: str) -> None:
    """Replace the published file in one step, then point the Parquet folder at the release."""
    temporary = home.published / ".entrepot.duckdb.new"
    temporary.unlink(missing_ok=True)
    source = home.releases / release / "entrepot.duckdb"
    try:
        temporary.hardlink_to(source)
    except OSError:  # a file system without hard links
        shutil.copy2(source, temporary)  # with its time, which is sealed
    temporary.replace(home.published_file)
    link = home.published / ".parquet.new"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("releases") / release / "parquet")
    link.replace(home.parquet)


def _prune(home: Home, keep: int) -> None:
    for old in releases(home)[:-keep]:
        shutil.rmtree(home.releases / old)
