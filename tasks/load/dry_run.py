"""A dry run: how a file would be recognised, staged, validated and conformed, without changing anything.

Everything happens in a temporary home folder with a warehouse of its own, made from today's code and reference tables, so
that a dry run says what a build of a new home would do, and can run beside a build.
"""

import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from tasks import sources
from tasks.archive import store
from tasks.archive.sniff import sniff
from tasks.archive.store import Artifact
from tasks.contract.dataset import Dataset
from tasks.contract.source import Source
from tasks.intake import accept
from tasks.load import conform, reference, stage, validate
from tasks.load.outcome import QuarantinedRow, RowBalance
from tasks.load.validate import Proof
from warehouse import connection, ddl, locked_temp
from warehouse.errors import BadData, EntrepotError
from warehouse.settings import Home, Settings


@dataclass(frozen=True)
class RowOutcome:
    """What would become of one row.

    ``printed`` has the record as printed, by column; ``rules`` names what the row breaks, None for an accepted row;
    ``fact`` and ``conformed`` are the kind of figure it becomes and its columns in the vocabulary of ``ref``.
    """

    row_number: int
    printed: dict[str, Any]
    rules: str | None = None
    fact: str | None = None
    conformed: dict[str, Any] | None = None


@dataclass(frozen=True)
class FileOutcome:
    """What would become of one file, or one member of an archive.

    ``description`` says as what it was recognised, or why not; ``layout`` is None where it was not. ``facts`` counts the
    figures by kind, ``set_aside`` the rows that are not loaded on purpose by the reason. ``fault`` is what would keep the whole file out.
    """

    name: str
    description: str
    layout: str | None = None
    publisher_stamp: str | None = None
    staged_as: str | None = None
    rows_in: int = 0
    rows_accepted: int = 0
    rows_refused: int = 0
    set_aside: dict[str, int] | None = None
    facts: dict[str, int] | None = None
    rows: tuple[RowOutcome, ...] = ()
    fault: str | None = None


def dry_run(
    source: Source, path: Path, settings: Settings, most_rows: int, filename: str | None = None
) -> Iterator[FileOutcome]:
    """Read a file as ``source`` would; at most ``most_rows`` refused and as many accepted rows are shown for each member.

    ``filename`` is the file's own name where its path has another, as in the archive.

    Raises EntrepotError for a file that cannot be opened, or is not a file of this source.
    """
    with temporary_warehouse(settings) as (con, home):
        own_name = filename or path.name
        origin = accept.Origin("adopt", f"adopted:{own_name}", own_name)
        for result in accept.accept(home, path, [source], origin, home.scratch):
            name = f"{own_name}/{result.member}" if result.member else own_name
            if result.artifact is None:
                yield FileOutcome(name, result.message)
            else:
                yield _outcome(con, home, settings, source, result.artifact, name, result.message, most_rows)


def source_of(path: Path) -> str | None:
    """The id of the one source that recognises a file, if there is one."""
    try:
        source, _ = accept.recognise(sniff(path, path.name), list(sources.all_sources().values()))
    except EntrepotError:
        return None
    return source.id


@contextmanager
def temporary_warehouse(settings: Settings) -> Iterator[tuple[duckdb.DuckDBPyConnection, Home]]:
    """A warehouse in a temporary home folder, with tables and reference tables and nothing else."""
    with locked_temp.folder(_scratch_folder(settings.home_folder), "entrepot-try-") as folder:
        home = Home(folder)
        connection.make_folders(home)
        with connection.writer(home, settings) as con:
            ddl.create_tables(con)
            reference.load(con, vocabulary=settings.home_folder.vocabulary)
            ddl.create_views(con)
            yield con, home


def _scratch_folder(home: Home) -> Path:
    """Where files are unpacked and read: on the disk of the home folder, which has room for large ones; its folder for
    incoming files is cleared of what a killed process leaves. Where that cannot be written to, the system's temporary folder.
    """
    nearest = next(path for path in (home.incoming, *home.incoming.parents) if path.is_dir())
    return nearest if os.access(nearest, os.W_OK) else Path(tempfile.gettempdir())


def _outcome(
    con: duckdb.DuckDBPyConnection, home: Home, settings: Settings, source: Source, artifact: Artifact, name: str,
    description: str, most_rows: int,
) -> FileOutcome:  # fmt: skip
    recognised = FileOutcome(name, description, artifact.layout, artifact.publisher_stamp)
    try:
        return _conformed(con, home, settings, source, artifact, recognised, most_rows)
    except EntrepotError as fault:
        return FileOutcome(name, description, artifact.layout, artifact.publisher_stamp, fault=str(fault))


def _conformed(
    con: duckdb.DuckDBPyConnection, home: Home, settings: Settings, source: Source, artifact: Artifact,
    recognised: FileOutcome, most_rows: int,
) -> FileOutcome:  # fmt: skip
    dataset, proof = source.dataset(artifact), Proof(con)
    balance = conform.conform(con, home, source, artifact, proof, home.scratch, is_loading=True)
    proof.run()
    accepted = [(c.fact.name, conform.accepted_view(c.fact)) for c in dataset.conforms]
    shown = [
        *_accepted_rows(con, home, source, artifact, accepted, most_rows),
        *_refused_rows(balance.quarantined, most_rows),
    ]
    return FileOutcome(
        recognised.name, recognised.description, recognised.layout, recognised.publisher_stamp,
        staged_as=dataset.staged.__name__,
        rows_in=balance.rows_in, rows_accepted=balance.rows_accepted, rows_refused=len(balance.quarantined),
        set_aside=dict(balance.set_aside),
        facts={name: validate.count(con, table) for name, table in accepted} | _pairs(dataset, balance),
        rows=tuple(sorted(shown, key=lambda row: row.row_number)),
        fault=_too_many_bad(balance, dataset.max_bad_share or settings.max_bad_share, artifact),
    )  # fmt: skip


def _pairs(dataset: Dataset, balance: RowBalance) -> dict[str, int]:
    """The rows of a dataset without figures, by the reference table that they extend."""
    return {dataset.reference: balance.rows_accepted} if dataset.reference else {}


def _too_many_bad(balance: RowBalance, most: float, artifact: Artifact) -> str | None:
    try:
        balance.check_not_empty(artifact)
        balance.check_share(most, artifact)
    except BadData as fault:
        return str(fault)
    return None


def _refused_rows(refused: Iterable[QuarantinedRow], most_rows: int) -> Iterator[RowOutcome]:
    for row in list(refused)[:most_rows]:
        yield RowOutcome(row.row_number, json.loads(row.raw), rules=row.rules)


def _accepted_rows(
    con: duckdb.DuckDBPyConnection, home: Home, source: Source, artifact: Artifact, accepted: list[tuple[str, str]],
    most_rows: int,
) -> Iterator[RowOutcome]:  # fmt: skip
    """The first accepted rows of a file, with the record each was printed as."""
    rows: dict[int, tuple[str, dict[str, Any]]] = {}
    for fact, table in accepted:
        result = con.execute(f"SELECT * FROM {table} ORDER BY row_number LIMIT {most_rows}")
        names = [column[0] for column in result.description or ()]
        for values in result.fetchall():
            conformed = dict(zip(names, values, strict=True))
            rows[conformed.pop("row_number")] = (fact, conformed)
    first = sorted(rows)[:most_rows]
    with store.opened(home, artifact, home.scratch) as opened:
        printed = stage.raw_rows(con, source.records(opened), first)
    for number in first:
        fact, conformed = rows[number]
        yield RowOutcome(number, json.loads(printed[number]), fact=fact, conformed=conformed)
