"""Publishing: the readers' file appears whole, at once, and only after everything was checked.

A release is made beside the published one, in ``published/releases/<release>/``: a copy of the warehouse
file, every mart as Parquet, and a Frictionless data package that describes them. Then
``published/entrepot.duckdb`` is replaced in one step (a reader with the old file open keeps reading it) and
``published/parquet`` is pointed at the new release.
"""

import json
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from schemas import base, meta
from schemas.base import Table, table_name
from tasks import sources
from tasks.archive import store
from tasks.publish import check, gravity, own_checks
from warehouse import connection, ddl, marts, sql
from warehouse.connection import first, one
from warehouse.errors import HomeError
from warehouse.rows import insert
from warehouse.settings import Home, Settings

#: Tables published as Parquet beside the marts.
_ALSO = ("ref.place", "ref.place_code", "ref.place_group", "ref.source", "meta.editions", "meta.citations")
#: Below this many cells the Parquet file of a table is written in a total order, so that equal inputs give equal files. Larger ones are in the order
#: of what is stored: half a million rows of trade with all their words took more memory to sort than three million to write.
_SORTED_BELOW = 6_000_000

#: Without it a file that was changed before is stored with references that DuckDB before 1.4.2 follows into nothing:
#: https://github.com/duckdb/duckdb/pull/19588
_READ_BY_OLDER: dict[str, str | bool | int | float | list[str]] = {"experimental_metadata_reuse": False}

#: What the files of a release are, to notice a change.
_SEAL = "seal.json"

#: Types of a Frictionless table schema, https://datapackage.org/standard/table-schema/
_FRICTIONLESS = {
    "TEXT": "string", "DECIMAL": "number", "INT": "integer", "BIGINT": "integer", "BOOLEAN": "boolean",
    "DATE": "date", "TIMESTAMPTZ": "datetime", "TIMESTAMP": "datetime", "DOUBLE": "number", "STRUCT": "object",
}  # fmt: skip


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
    return home.parquet.resolve() == folder / "parquet" and not changed_files(home, row[0])


def changed_files(home: Home, release: str, thorough: bool = False) -> list[str]:
    """What is wrong with a release's files: missing or changed since they were written.

    By size and time of the last change; ``thorough``: by their hashes. The published file is the first of them.
    """
    folder = home.releases / release
    try:
        seal = json.loads((folder / _SEAL).read_bytes())
    except (OSError, ValueError):
        return [f"{folder / _SEAL} is missing or damaged"]
    paths = [folder / name for name in seal]
    if "entrepot.duckdb" in seal:
        paths.insert(0, home.published_file)
    return [f"{p} {fault}" for p in paths if (fault := _change(p, seal[_sealed_name(folder, p)], thorough))]


def has_same_file(older: Path, newer: Path, name: str) -> bool:
    """Whether two releases' folders have the same bytes under a name, as far as they say what their files are."""
    try:
        seals = [json.loads((folder / _SEAL).read_bytes()) for folder in (older, newer)]
    except (OSError, ValueError):
        return False
    hashes = [seal.get(name, {}).get("sha256") for seal in seals]
    return hashes[0] is not None and hashes[0] == hashes[1]


def _sealed_name(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else "entrepot.duckdb"


def _change(path: Path, sealed: dict[str, Any], thorough: bool) -> str | None:
    if not path.exists():
        return "is missing"
    stat = path.stat()
    same = stat.st_size == sealed["size"] and stat.st_mtime_ns == sealed["mtime_ns"]
    if thorough:
        return store.damage(path, sealed["sha256"])
    return None if same else "has changed"


def _seal(folder: Path) -> None:
    """Write down what the release's files are."""
    sealed = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        stat = path.stat()
        sealed[path.relative_to(folder).as_posix()] = {
            "size": stat.st_size, "mtime_ns": stat.st_mtime_ns, "sha256": store.hash_of(path),
        }  # fmt: skip
    (folder / _SEAL).write_text(json.dumps(sealed, indent=1), encoding="utf-8")


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
        export(home, settings, folder, release)
        _seal(folder)
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


def export(home: Home, settings: Settings, folder: Path, release: str, notice: str | None = None) -> None:
    """Write the tables of the published file in ``folder`` as Parquet beside it, with a data package that says ``notice``."""
    parquet = folder / "parquet"
    parquet.mkdir()
    stored = {table_name(t): t for t in ddl.STORED}
    tables = [*ddl.VIEWS, *(stored[name] for name in _ALSO)]
    # Without its bounds DuckDB would take four fifths of the machine's memory to sort and join.
    bounds = connection.bounds(home, settings)
    with duckdb.connect(str(folder / "entrepot.duckdb"), read_only=True, config=bounds) as con:
        connection.configure(con)
        resources = [_export_table(con, parquet, table) for table in tables]
    package = _package(release, resources) | ({"description": notice} if notice else {})
    (parquet / "datapackage.json").write_text(json.dumps(package, ensure_ascii=False, indent=1), encoding="utf-8")


def _export_table(con: duckdb.DuckDBPyConnection, folder: Path, table: type[Table]) -> dict[str, Any]:
    name = table_name(table)
    path = folder / f"{name.removeprefix('mart.').replace('.', '_')}.parquet"
    described = {column.name: column for column in base.columns(table)}
    (rows,) = one(con.execute(f"SELECT count(*) FROM {name}"))
    order = "ORDER BY ALL" if rows * len(described) < _SORTED_BELOW else ""
    con.execute(f"COPY (SELECT * FROM {name} {order}) TO {sql.quoted(str(path))} (FORMAT parquet, COMPRESSION zstd)")
    names = [name for name, *_ in con.execute(f"DESCRIBE FROM {sql.quoted(str(path))}").fetchall()]
    return {
        "name": path.stem,
        "path": path.name,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "description": base.description(table),
        "schema": {
            "fields": [_field(described[name]) for name in names],
            "missingValues": ["", "nan"],  # Frictionless reads an empty whole number of a Parquet file as nan
        },
    }


def _field(column: base.Column) -> dict[str, Any]:
    kind = _FRICTIONLESS[column.type.split("(")[0]]
    field: dict[str, Any] = {"name": column.name, "type": kind, "description": column.description}
    if column.unit:
        field["unit"] = column.unit
    return field


def _package(release: str, resources: list[dict[str, Any]]) -> dict[str, Any]:
    """A data package descriptor, https://datapackage.org/standard/data-package/"""
    return {
        "name": "entrepot",
        "title": "Entrepôt: international trade and foreign direct investment",
        "version": release,
        "licenses": [{"name": "other", "title": "each source's own terms: see the table ref_source"}],
        "sources": [{"title": f"{s.id}: {s.title}"} for s in sources.all_sources().values()],
        "resources": resources,
    }


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
