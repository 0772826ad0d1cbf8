"""A source's declarations about its tables: the schema they are read into, and how their rows become figures."""

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
    """A table of a source: its own schema, and the SQL that conforms its rows.

    Every accepted row must come out of exactly one of ``conforms``, once. A dataset without figures has none: ``reference``
    names the reference table that its ``prepare`` extends, once the file is known to be good. ``ignored`` are columns that the records have
    and the schema does not. ``max_bad_share``: the share of bad rows from which on the file is not loaded, in place of
    the setting. ``is_complete``: an edition states its whole partition, so that a figure it leaves out is gone; only for
    facts with an ``obs_status``. ``states_blanks``: a row without a printed value stands for a cell that the edition leaves blank:
    a figure it had before is gone, and where there was none nothing is stored. ``coded``: columns with few different values, for bulk datasets.

    ``prepare`` are statements run over ``accepted`` before it is conformed, when a file is loaded and not when a figure is
    traced; they must be able to run again, such as adding products to a reference table where they are missing.
    """

    staged: type[Table]
    conforms: tuple[Conform, ...]
    ignored: tuple[str, ...] = ()
    max_bad_share: float | None = None
    is_complete: bool = False
    states_blanks: bool = False
    coded: tuple[str, ...] = ()
    prepare: tuple[str, ...] = ()
    reference: str | None = None


@dataclass(frozen=True)
class BulkPartition:
    """How a file of a bulk dataset is stored without being conformed row by row: it is one edition of one partition.

    ``columns`` gives an SQL expression over the alias ``s`` (the accepted rows) for each column of the stored table that
    differs from row to row; ``joins`` looks up integer keys of codes and must lose and repeat no row, which the staged
    schema's checks guarantee. ``slice`` has the values that all rows share (core.trade_slice). ``conflicts`` is a query for
    codes of this file that map to the same place, so that their rows would collide. ``constants`` are columns of the
    staged table with the one value they must have. ``prepare`` are statements run before: the tables of keys.
    ``citation`` is publisher, title and address.
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
class TypedReading:
    """How a plain CSV file of a bulk dataset is read with types (tasks.load.plain_csv).

    ``relation`` is a FROM clause with the types of the schema, whole numbers as decimals. ``marks`` are the bytes that may
    occur beside digits and points; ``decimals`` the number of decimals that the columns keep. ``code`` is the position of
    a column of codes, which are staged as the type ``CODES``; ``known`` is a query for codes that may occur.
    """

    relation: str
    marks: bytes
    decimals: int
    code: int
    known: str


#: The enumerated type of a plain file's codes: DuckDB stores and compares them as numbers.
CODES = "plain_code"
