"""The class that every source derives from: its declarations, its readers, and its requests to a service."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from schemas.base import Table
from tasks.archive.sniff import Sniffed
from tasks.archive.store import Artifact, Opened
from tasks.contract.dataset import BulkPartition, Dataset, TypedReading
from tasks.contract.service import Request, Scope, Selection, Service, ValidAnswer
from tasks.formats import plain_text
from tasks.formats.layout import layout_errors
from tasks.identity import closure
from warehouse import sql
from warehouse.errors import Unknown


@dataclass(frozen=True)
class Recognised:
    """What a file is.

    ``layout`` is the source's own name of the file's form, kept in the manifest and handed back in ``Artifact.layout``.
    ``description`` is for people, such as "Eurostat, bop_fdi6_pos (SDMX-CSV)". ``stamp`` is the publisher's own mark of the
    release, such as a date or a version.
    """

    layout: str
    description: str
    stamp: str | None = None


@dataclass(frozen=True)
class Form:
    """A form of a publisher's files that is taken: what it is and how it is recognised, and the layouts that it is recognised as.

    A layout may end in ``*``, for all that begin so. ``made`` are those of them of which no file of the publisher's was at hand: they
    were tried with files made by the publisher's or others' description.
    """

    form: str
    layouts: tuple[str, ...]
    made: tuple[str, ...] = ()

    def has(self, layout: str) -> bool:
        """Whether a layout is one of this form's."""
        return any(fnmatchcase(layout, pattern) for pattern in self.layouts)


@dataclass(frozen=True)
class RefusedForm:
    """A form of a publisher's files that is known and not taken: what it is, why, and what to do instead."""

    form: str
    reason: str
    remedy: str = ""

    def fault(self, where: str = "") -> Unknown:
        """The fault of a file in this form; ``where`` names source and file, where the caller does not."""
        words = f"{self.form}: not taken, {self.reason}"
        return Unknown(". ".join(filter(None, (": ".join(filter(None, (words, where))), self.remedy))))


@dataclass(frozen=True)
class BundledFile:
    """A file that comes with the project."""

    path: Path
    filename: str


class Source(ABC):
    """One publisher's dataset: how its files are recognised, read and conformed, and how its service is asked.

    The declarations are also the source's page in docs/sources: ``covers`` and ``units``, a sentence each; ``forms``, the
    forms of files that are taken; ``traps``, a sentence for each mistake that the
    publisher's data invite; ``refused``, the forms that are known and not taken; ``key_help``, how to get a key where ``service`` takes one; ``tables``, the schemas that
    ``dataset`` chooses from. ``redistribution`` is yes, attribution or ask. ``encodings`` are those beside UTF-8 that the
    publisher writes text in; None: the source decodes its files itself. ``marks`` are names of columns, keys or sheets by which a file
    that no source recognises is said to come near this one.
    """

    id: str
    title: str
    publisher: str
    licence: str
    redistribution: str
    documentation: str | None = None
    covers: str = ""
    units: str = ""
    forms: tuple[Form, ...] = ()
    refused: tuple[RefusedForm, ...] = ()
    marks: tuple[str, ...] = ()
    tables: tuple[type[Table], ...] = ()
    traps: tuple[str, ...] = ()
    key_help: str | None = None
    service: Service | None = None
    encodings: tuple[str, ...] | None = ()

    @abstractmethod
    def dataset(self, artifact: Artifact) -> Dataset:
        """The table that an artifact contains, by its ``layout``. Raises Unknown."""

    @abstractmethod
    def text(self, opened: Opened) -> str:
        """A FROM clause of the artifact's records in their order, every column as text.

        What DuckDB cannot read itself, ``opened.table`` writes to a file that it can. Raises LayoutChanged.
        """

    def records(self, opened: Opened) -> str:
        """What ``text`` gives of an artifact whose text is in UTF-8 with line feeds, however its bytes came.

        JSON in which something is missing, or is of another type, has another layout. Raises LayoutChanged.
        """
        readable = opened if self.encodings is None else plain_text.in_utf8(opened, self.encodings)
        is_json = opened.artifact.media_type == "application/json"
        with layout_errors(opened.artifact.filename) if is_json else nullcontext():
            return self.text(readable)

    def recognises(self, sniffed: Sniffed) -> Recognised | None:  # noqa: ARG002
        """What a file is, if it is this source's; None if not. Raises LayoutChanged for one with a layout close to a known one."""
        return None

    def requests(self, selection: Selection) -> Iterator[Request]:  # noqa: ARG002
        """What to ask the service for, in a fixed order; none for sources that are only adopted. Raises Unknown."""
        return iter(())

    def judge(self, request: Request, answer: Sniffed) -> ValidAnswer:
        """Whether an answer with status 200 is what was asked for. Raises the faults of a publisher (warehouse.errors).

        An answer that is kept must also be one ``recognises`` knows.
        """
        raise NotImplementedError(f"{self.id} asks a service and does not judge its answers")

    def judge_status(self, request: Request, status: int, words: str) -> ValidAnswer | None:  # noqa: ARG002
        """What another status than 200 means, where a publisher has a use of its own for it, such as 404 for no records.

        ``words`` is the beginning of the body. None: the status has its usual meaning. Raises the faults of a publisher.
        """
        return None

    def scope(self, request: Request) -> Scope:  # noqa: ARG002
        """The cells that a request whose answer is kept asks for; figures of other cells are not taken."""
        return Scope()

    def split(self, request: Request) -> tuple[Request, ...]:  # noqa: ARG002
        """Smaller requests instead of one whose answer was cut at the service's limit; empty if there are none."""
        return ()

    def bulk_partition(self, artifact: Artifact) -> BulkPartition | None:  # noqa: ARG002
        """How an artifact is stored without being conformed in words; None for all but bulk datasets."""
        return None

    def typed_reading(self, opened: Opened) -> TypedReading | None:  # noqa: ARG002
        """How a bulk file can be read faster if its text is plain (tasks.load.plain_csv); None if there is no such way."""
        return None

    def bundled(self) -> Iterator[BundledFile]:
        """Files that come with the project; none for a publisher's service."""
        return iter(())

    def code(self) -> str:
        """Hash of what this source does with a file, with everything its package depends on (tasks.identity.closure)."""
        return self._code(with_service=False)

    def answering_code(self) -> str:
        """Hash of what this source does with a file and with its service: what it asks and how it judges answers."""
        return self._code(with_service=True)

    def _code(self, *, with_service: bool) -> str:
        tree = closure.of_process()
        return tree.hash([tree.module_of(type(self))], with_service=with_service)


@cache
def sql_beside(package: str, name: str) -> str:
    """The text of an SQL file in a source's package. ``package`` is the package's ``__name__``. Raises FileNotFoundError."""
    return (resources.files(package) / name).read_text(encoding="utf-8")


def render_beside(package: str, name: str, /, **values: Any) -> str:
    """The SQL of a Jinja template in a source's package, with its values filled in.

    ``{{ title | sql }}`` writes a value as an SQL literal, NULL for None; ``{{ columns }}`` writes it as it is.
    Raises FileNotFoundError, and jinja2.UndefinedError for a value left out.

    >>> render_beside("tasks.sources.chn_gacc", "bulletin.sql", address="http://english.customs.gov.cn", published_on=None)
    """
    return sql.render_text(sql_beside(package, name), **values)
