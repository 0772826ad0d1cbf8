"""Connections to the writer's and the readers' files: the only place that knows which engine is used."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb

from warehouse import locked_temp, sql
from warehouse.errors import Busy, HomeError, NotPublished
from warehouse.settings import Home, Settings


def first(result: duckdb.DuckDBPyConnection) -> tuple[Any, ...] | None:
    """The first row of a result. The other rows are read too: until they are, DuckDB 2.0 starts nothing else."""
    rows = result.fetchall()
    return rows[0] if rows else None


def one(result: duckdb.DuckDBPyConnection) -> tuple[Any, ...]:
    """The one row of a result that has exactly one, such as a count. Raises ValueError for none or several.

    Example: ``(rows,) = one(con.execute("SELECT count(*) FROM core.trade"))``
    """
    rows = result.fetchall()
    if len(rows) != 1:
        raise ValueError(f"a query for exactly one row gave {len(rows)}")
    row: tuple[Any, ...] = rows[0]
    return row


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Commit what the block does, or roll all of it back if the block raises. Blocks do not nest."""
    con.execute("BEGIN")
    try:
        yield
        con.execute("COMMIT")
    except BaseException:
        # A COMMIT that failed has ended the transaction: the fault to report is the first one.
        with suppress(duckdb.Error):
            con.execute("ROLLBACK")
        raise


def make_folders(home: Home) -> None:
    """Make the home folder and the folders in it. Raises HomeError if it cannot be written to."""
    try:
        for folder in (home.root, home.archive, home.scratch, home.published, home.releases):
            folder.mkdir(parents=True, exist_ok=True)
        # A unique name, because other processes may try the same folder at the same time.
        with tempfile.NamedTemporaryFile(dir=home.root, prefix=".writable-") as probe:
            probe.write(b"x")
    except OSError as fault:
        raise HomeError(f"the home folder {home.root} cannot be written to: {fault.strerror or fault}") from fault


def set_aside(home: Home) -> Path | None:
    """Rename the warehouse file, so that the next build makes it again from the archive; return its new path. Only for the one writer.

    The archive has all that it was made from, with the moments of receipt: the history comes out as it was.
    """
    if not home.warehouse.exists():
        return None
    number = 1 + sum(1 for _ in home.root.glob(f"{home.warehouse.name}.aside-*"))
    aside = home.warehouse.with_name(f"{home.warehouse.name}.aside-{number}")
    home.warehouse.rename(aside)
    home.warehouse.with_name(f"{home.warehouse.name}.wal").unlink(missing_ok=True)
    return aside


def clear_scratch(home: Home) -> None:
    """Remove temporary files of killed runs. Only for the one writer; those of a running pull are locked and stay."""
    shutil.rmtree(home.scratch, ignore_errors=True)
    locked_temp.remove_abandoned(home.incoming)
    home.scratch.mkdir(parents=True, exist_ok=True)


#: Less free space than this is too little for a build of the bundled figures alone.
_LEAST_FREE = 64 * 1024 * 1024


def check_space(home: Home, needed: int = 0) -> None:
    """Raise HomeError if there is too little space to begin a build that takes ``needed`` bytes."""
    free, least = shutil.disk_usage(home.root).free, max(needed, _LEAST_FREE)
    if free < least:
        raise HomeError(
            f"{home.root} has {free // 1024**2:,} MB free; this build needs about {least // 1024**2:,} MB: "
            "make room, or choose another --home"
        )


def has_tables(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether the warehouse's tables were created. They were not if its first build was interrupted."""
    query = "SELECT 1 FROM duckdb_tables() WHERE schema_name = 'meta' AND table_name = 'settings'"
    return first(con.execute(query)) is not None


def configure(con: duckdb.DuckDBPyConnection) -> None:
    """Make the settings that all connections share: time zone, no progress bar, no joining of all bulk figures first."""
    con.execute("SET TimeZone = 'UTC'")
    con.execute("SET enable_progress_bar = false")  # it would be mixed with the program's own
    # For a query with mart.trade_figures twice, DuckDB 1.5 would join all bulk figures to their places and products
    # first, to do it only once, and filter them after that: 0.9 GB more for eleven million rows.
    with suppress(duckdb.InvalidInputException, duckdb.ParserException):  # a version without this optimizer
        con.execute("SET disabled_optimizers = 'common_subplan'")


def close_to_files(con: duckdb.DuckDBPyConnection, scratch: Path) -> None:
    """Keep statements of a connection from files, the network and settings, for good. They may use files in ``scratch``, an empty folder.

    What is attached already stays open. Names of Python's variables are no tables either.
    """
    con.execute(f"SET allowed_directories = [{sql.quoted(str(scratch))}]")
    con.execute("SET autoinstall_known_extensions = false")
    con.execute("SET python_enable_replacements = false")
    con.execute("SET enable_external_access = false")
    con.execute("SET lock_configuration = true")


@contextmanager
def writer(home: Home, settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The writer's connection to the warehouse file. Raises Busy or HomeError."""
    try:
        con = duckdb.connect(str(home.warehouse), config=bounds(home, settings))
    except duckdb.IOException as fault:
        raise _io_fault(home, fault) from fault
    try:
        configure(con)
        yield con
    except duckdb.OutOfMemoryException as fault:
        raise HomeError(
            f"DuckDB may use {settings.memory_limit} of memory (ENTREPOT_MEMORY_LIMIT) and cannot spill the rest to "
            f"{home.scratch}: {str(fault).splitlines()[0]}"
        ) from fault
    except duckdb.Error as fault:
        if _is_of_the_file(fault):
            raise _io_fault(home, fault) from fault
        raise
    finally:
        con.close()


@contextmanager
def reader(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the published file.

    Raises NotPublished, or HomeError for a damaged file.
    """
    if not home.published_file.exists():
        raise NotPublished(f"nothing is published in {home.root} yet: run `entrepot build`")
    try:
        con = duckdb.connect(str(home.published_file), read_only=True)
    except duckdb.Error as fault:
        raise _damaged(home, fault) from fault
    try:
        configure(con)
        yield con
    except duckdb.Error as fault:
        if _is_of_the_file(fault):
            raise _damaged(home, fault) from fault
        raise
    finally:
        con.close()


def _is_of_the_file(fault: duckdb.Error) -> bool:
    """Whether the file is at fault and not the statement; DuckDB 2.0 has no class for damaged files, only a message."""
    kinds = (duckdb.IOException, duckdb.FatalException, duckdb.InternalException)
    return isinstance(fault, kinds) or str(fault).startswith("Corrupt database file")


def _damaged(home: Home, fault: duckdb.Error) -> HomeError:
    return HomeError(
        f"the published file {home.published_file} is damaged: {str(fault).splitlines()[0]}; `entrepot build` makes it again"
    )


#: The form of new files: DuckDB 1.0 and later read it. By default DuckDB 2 would write files that only DuckDB 2 reads.
_STORED_AS = "v1.0.0"


def bounds(home: Home, settings: Settings) -> dict[str, str | bool | int | float | list[str]]:
    """DuckDB's memory and threads as settings allow, spilling to the scratch folder; new files are stored as all clients read them."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "storage_compatibility_version": _STORED_AS,
        "memory_limit": settings.memory_limit,
        "temp_directory": str(home.scratch / "spill"),
        "preserve_insertion_order": True,
    }
    if settings.threads:
        config["threads"] = settings.threads
    return config


def _io_fault(home: Home, fault: duckdb.Error) -> Exception:
    text = str(fault)
    if "lock on file" in text:
        return Busy(f"another program has {home.warehouse} open; close it, or query {home.published_file} instead")
    return HomeError(
        f"{home.warehouse} cannot be read or written: {text.splitlines()[0]}; if it is damaged, `entrepot build --rebuild` makes it "
        "again from the archive"
    )
