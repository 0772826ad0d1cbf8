"""Editions on record (``meta.editions``): which of a partition stand and in which order, and how they come and go.

The editions of a partition stand in one order: by publication, or by receipt where no publication date is on record, then
by hash. An edition that is retracted stays on record and no longer stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from schemas import meta
from schemas.base import table_name
from tasks.archive.store import Artifact
from tasks.contract.facts import Fact
from warehouse import sql
from warehouse.connection import first
from warehouse.rows import insert_numbered


@dataclass(frozen=True)
class Partition:
    """The part of a source's dataset that is loaded in one transaction: figures of one fact."""

    source: str
    fact: Fact
    name: str

    @property
    def table(self) -> str:
        """The table that its figures are stored in."""
        return table_name(self.fact.stored)

    @property
    def key(self) -> list[str]:
        """What it is known by in meta.editions: source, table_name, partition."""
        return [self.source, self.table, self.name]


@dataclass(frozen=True)
class Edition:
    """An edition on record."""

    edition: int
    dataset: str
    published_on: date | None
    is_complete: bool
    artifact: str
    filename: str
    rows_stated: int
    content_hash: str


@dataclass(frozen=True)
class StatedEdition:
    """An edition as a file states it. ``content_hash`` does not depend on the order of the rows."""

    dataset: str
    published_on: date | None
    published_precision: str
    rows_stated: int
    content_hash: str

    def is_same_as(self, edition: Edition) -> bool:
        """Whether an edition on record has this content."""
        return (self.dataset, self.published_on, self.content_hash) == (
            edition.dataset,
            edition.published_on,
            edition.content_hash,
        )


def standing(con: duckdb.DuckDBPyConnection, partition: Partition) -> list[Edition]:
    """The editions of a partition that stand, in their order."""
    return [Edition(*row) for row in con.execute(sql.read("load/standing_editions.sql"), partition.key).fetchall()]


def of_files(con: duckdb.DuckDBPyConnection, partition: Partition, filenames: Sequence[str]) -> list[Edition]:
    """The standing editions of a partition that came from files with these names, in order of their numbers."""
    of_partition = (e for e in standing(con, partition) if e.filename in filenames)
    return sorted(of_partition, key=lambda edition: edition.edition)


def partitions_of(
    con: duckdb.DuckDBPyConnection, source_id: str, column: str, values: Sequence[str]
) -> list[tuple[str, str]]:
    """Tables and partitions with a standing edition whose ``column`` (filename, artifact) is one of the values."""
    return con.execute(sql.render("load/partitions_of_files.sql", column=column), [source_id, values]).fetchall()


def is_on_record(
    con: duckdb.DuckDBPyConnection, partition: Partition, stated: StatedEdition, artifact: Artifact
) -> bool:
    """Whether an edition that a file states stands already."""
    row = first(con.execute(
        sql.read("load/edition_on_record.sql"),
        [*partition.key, artifact.artifact, artifact.filename, stated.published_on, stated.content_hash],
    ))  # fmt: skip
    return row is not None


def add(
    con: duckdb.DuckDBPyConnection,
    partition: Partition,
    stated: StatedEdition,
    artifact: Artifact,
    *,
    is_complete: bool,
    citation: int | None = None,
) -> int:
    """Put an edition on record; return its number. ``citation``: where all of its figures are cited in the same way."""
    return insert_numbered(
        con,
        meta.Edition,
        {
            "source": partition.source,
            "dataset": stated.dataset,
            "table_name": partition.table,
            "partition": partition.name,
            "published_on": stated.published_on,
            "published_precision": stated.published_precision,
            "known_from": artifact.received_at,
            "artifact": artifact.artifact,
            "filename": artifact.filename,
            "is_complete": is_complete,
            "rows_stated": stated.rows_stated,
            "content_hash": stated.content_hash,
            "citation": citation,
        },
    )


def retract(con: duckdb.DuckDBPyConnection, edition: Edition) -> None:
    """Let an edition no longer stand."""
    con.execute("UPDATE meta.editions SET retracted_at = now() WHERE edition = ?", [edition.edition])


def hand_over(con: duckdb.DuckDBPyConnection, edition: Edition, stated: StatedEdition, artifact: Artifact) -> None:
    """Let an edition be that of other bytes, which state the same."""
    con.execute(
        "UPDATE meta.editions SET artifact = ?, published_precision = ? WHERE edition = ?",
        [artifact.artifact, stated.published_precision, edition.edition],
    )


def restate(con: duckdb.DuckDBPyConnection, edition: Edition, rows: int) -> None:
    """Put on record how many rows an edition states now that it was read by other code."""
    con.execute("UPDATE meta.editions SET rows_stated = ? WHERE edition = ?", [rows, edition.edition])
