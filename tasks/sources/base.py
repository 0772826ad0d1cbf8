"""What a source says of itself."""

import inspect
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
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
    ``row_number``), one row out for every row in.
    """

    fact: Fact
    staged: type[Table]
    conform: str
    ignored: tuple[str, ...] = ()
    max_bad_share: float | None = None


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
