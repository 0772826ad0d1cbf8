"""What a source says of itself."""

import inspect
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path

from schemas.base import Table
from tasks import fingerprint
from tasks.archive import Artifact


@dataclass(frozen=True)
class Fact:
    """A kind of figure the warehouse keeps: where it goes, and what it must be when it arrives.

    ``key`` and ``values`` are the columns of the stored table that tell one observation from another, and
    that make a new version when they change.
    """

    name: str
    conformed: type[Table]
    stored: type[Table]
    key: tuple[str, ...]
    values: tuple[str, ...]


@dataclass(frozen=True)
class Dataset:
    """A table of a source: its own schema, and the SQL that puts it into the warehouse's terms.

    ``conform`` is the text of a query over ``accepted`` (the rows that passed ``staged``, with
    ``row_number``), one row out for every row in. ``is_complete``: an edition states its whole partition, so
    that a figure it leaves out is gone; only for facts with an ``obs_status``.
    """

    fact: Fact
    staged: type[Table]
    conform: str
    ignored: tuple[str, ...] = ()
    max_bad_share: float | None = None
    is_complete: bool = False


@dataclass(frozen=True)
class Keyed:
    """How a dataset too large to be conformed in words is stored: one file is one edition of one partition.

    ``columns`` gives an SQL expression over the alias ``s`` (the accepted rows) for columns of the stored table
    that differ from row to row; ``joins`` resolves codes to integer keys and must lose and repeat no row, which
    the checks of the staged schema see to. ``slice`` says what is the same for all rows (core.trade_slice).
    ``conflicts`` is a query for codes that, in this file, stand for one place and so would share a key.
    ``constants`` are columns of the staged table that must have one value throughout.
    """

    dataset: str
    partition: str
    published_on: date
    published_precision: str
    slice: dict[str, str | None]
    columns: dict[str, str]
    joins: str
    conflicts: str
    constants: dict[str, int]
    prepare: tuple[str, ...]
    citation: tuple[str, str, str]


@dataclass(frozen=True)
class Sniffed:
    """What a file is recognised by: its name, its first bytes, its size."""

    filename: str
    head: bytes
    size: int


@dataclass(frozen=True)
class BundledFile:
    """A file that comes with the project."""

    path: Path
    filename: str


class Source(ABC):
    """One publisher's dataset: how its bytes are read and put into the warehouse's terms."""

    id: str
    title: str
    publisher: str
    licence: str
    redistribution: str
    documentation: str | None = None

    @abstractmethod
    def dataset(self, artifact: Artifact) -> Dataset:
        """Which of the source's tables an artifact holds. Raises Unknown."""

    @abstractmethod
    def text(self, path: Path) -> str:
        """A FROM clause that gives the artifact's records in their order, every column as text."""

    def recognises(self, sniffed: Sniffed) -> str | None:  # noqa: ARG002
        """What a file is, if it is this source's; None if not. Raises LayoutChanged for one that almost is."""
        return None

    def stamp(self, sniffed: Sniffed) -> str | None:  # noqa: ARG002
        """The publisher's own mark of the release a file belongs to."""
        return None

    def keyed(self, artifact: Artifact) -> Keyed | None:  # noqa: ARG002
        """How an artifact is stored without being conformed in words; None for all but bulk datasets."""
        return None

    def bundled(self) -> Iterator[BundledFile]:
        """Files that come with the project; none for a publisher's service."""
        return iter(())

    def code(self) -> str:
        """Hash of what this source's module and SQL do."""
        return fingerprint.of_module(inspect.getmodule(type(self)))


@cache
def sql_beside(package: str, name: str) -> str:
    """The text of an SQL file that lies beside a source's module."""
    return (resources.files(package) / name).read_text(encoding="utf-8")
