"""What a source declares of its tables: the schema they are read into, and how their rows become figures."""

from dataclasses import dataclass
from datetime import date

from schemas.base import Table
from tasks.contract.facts import Fact


@dataclass(frozen=True)
class Conform:
    """How rows of a source's table become figures of one kind.

    ``sql`` is a query over ``accepted``, the rows that passed the source's schema, with ``row_number``. It gives the
    columns of ``fact.conformed`` that the source has; nullable columns that it leaves out are NULL.
    """

    fact: Fact
    sql: str


@dataclass(frozen=True)
class Dataset:
    """A table of a source: its own schema, and the SQL that puts it into the warehouse's terms.

    Every accepted row comes out of exactly one of ``conforms``, once. ``is_complete``: an edition states its whole
    partition, so that a figure it leaves out is gone; only for facts with an ``obs_status``. ``coded``: columns with
    few different values, for bulk datasets.

    ``prepare`` are statements run over ``accepted`` before it is conformed, while loading and never while tracing: what
    they add to a reference table (products under their code) must be there already when they run again.
    """

    staged: type[Table]
    conforms: tuple[Conform, ...]
    ignored: tuple[str, ...] = ()
    max_bad_share: float | None = None
    is_complete: bool = False
    coded: tuple[str, ...] = ()
    prepare: tuple[str, ...] = ()


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
class Plain:
    """How a plain file is read. ``relation`` is a FROM clause with the types of the schema, whole numbers as decimals.

    ``marks`` are the bytes that may stand beside digits and points; ``decimals`` how many the columns keep.
    ``code`` is the position of a column of codes, which the relation reads as the type ``CODES``; ``known`` is a query for
    codes that may occur.
    """

    relation: str
    marks: bytes
    decimals: int
    code: int
    known: str


#: The enumerated type of a plain file's codes: they are kept as numbers, and compared as such.
CODES = "plain_code"
