"""What a page of the report site is made of: sections with exhibits, and an exhibit with its query, chart, table and takeaway.

An *exhibit* is one chart or table of a page. Its query runs on the published file; what it returns is the chart, the table and
the CSV file, and nothing else is.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import duckdb

Row = dict[str, Any]
Rows = list[Row]

#: Kinds of figures that a number can be traced to, each with its own pages below trace/.
TracedKind = Literal["trade", "products", "fdi", "rates", "indicator", "pair", "presence", "visits", "milestones"]

#: SQL for the possessive of a name; {0} is the SQL expression of the name: Japan's, United Arab Emirates'.
POSSESSIVE = "({0} || CASE WHEN ends_with({0}, 's') THEN '''' ELSE '''s' END)"


@dataclass(frozen=True)
class Trace:
    """Where the numbers of a column come from: a page of the site, and a place on it.

    ``group`` names the columns of the row whose values choose the page, ``anchor`` the column that chooses the place on it. A name that begins with = is
    no column but the value itself, such as =JPN or =2012.
    """

    kind: TracedKind
    group: tuple[str, ...]
    anchor: str = "year"


@dataclass(frozen=True)
class Behind:
    """A printed row that numbers were computed from: what it is, and its place on the pages of sources."""

    label: str
    kind: TracedKind
    group: tuple[str, ...]
    anchor: str


@dataclass(frozen=True)
class Column:
    """A column of an exhibit's table: what it is called, how its values are written, and where they are traced to.

    A value is divided by ``divisor`` and written with ``digits`` decimals; ``digits`` None is for text and dates. A number is traced by
    ``trace``, and by the first of ``other_traces`` in rows where columns of those before it have no value. ``link`` names a column with the address of a
    page, from the root of the site.
    """

    name: str
    label: str
    unit: str = ""
    digits: int | None = None
    divisor: int = 1
    trace: Trace | None = None
    other_traces: tuple[Trace, ...] = ()
    link: str | None = None

    @property
    def is_number(self) -> bool:
        """Whether the values are numbers."""
        return self.digits is not None

    @property
    def is_dataset(self) -> bool:
        """Whether the values are names of datasets, which are shown with their publishers and documents."""
        return self.name.endswith("dataset") and not self.is_number

    @property
    def traces(self) -> tuple[Trace, ...]:
        """The ways in which its numbers are traced."""
        return (*((self.trace,) if self.trace else ()), *self.other_traces)

    @property
    def heading(self) -> str:
        """The label with the unit."""
        return f"{self.label}, {self.unit}" if self.unit else self.label

    def source_in(self, row: Row) -> str:
        """Who published the value in a row: its own publisher where the row has several (import_publisher of import_usd), or else the dataset."""
        own = self.name.removesuffix("_usd")
        named = (f"{own}_publisher", "publisher", f"{own}_dataset", "dataset")
        return next((str(row[name]) for name in named if row.get(name)), "")

    def scaled(self, value: Any) -> float | None:
        """A value in the unit in which it is shown."""
        return None if value is None else float(value) / self.divisor

    def written(self, value: Any) -> str:
        """A value as the table shows it: an en dash where there is none."""
        if value is None:
            return "–"
        if self.digits is None:
            return written(value)
        return f"{Decimal(str(value)) / self.divisor:z,.{self.digits}f}".replace("-", "−")


def written(value: Any) -> str:
    """A text, date or truth value for a reader."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value)


@dataclass(frozen=True)
class Lines:
    """Lines over years, one for each value of ``by``; the names are written at their ends.

    ``what`` is the column that says what is counted (a concept): it may not change along a line. ``seams`` are columns that say
    whether a point is of another release than the point before it; where they are not given, ``datasets`` names the columns whose
    change is a seam, as is a change of the column published_on, if there is one. A step across a seam is dashed. ``scope`` is a column that says what is in the values
    (sectors, valuation): a step along which it changes is dashed and has a stroke across it. ``ringed`` is a column that is true for points to be marked with a ring.
    """

    x: str
    y: str
    by: str
    code: str | None = None
    what: str | None = None
    seam: str | None = None
    dataset: str | None = None
    scope: str | None = None
    ringed: str | None = None
    log: bool = False
    from_zero: bool = True


@dataclass(frozen=True)
class Bars:
    """Horizontal bars, one a row, in the order of the rows; ``emphasis`` names a column that says which to stress."""

    category: str
    value: str
    emphasis: str | None = None
    log: bool = False


@dataclass(frozen=True)
class Shares:
    """Horizontal bars of a hundred percent: the members' shares of their sum, one bar a value of ``whole``."""

    whole: str
    member: str
    value: str
    code: str | None = None
    places: str | None = None


@dataclass(frozen=True)
class Dumbbell:
    """Two values of a thing side by side, one row each, with the gap between them. Rows with one of the two are in the table alone.

    ``within`` is a column whose values are headings, each above the rows that it has; the rows are in its order.
    """

    category: str
    left: str
    right: str
    within: str | None = None


@dataclass(frozen=True)
class TimeLine:
    """Events in their order, a lane for each kind."""

    when: str
    lane: str
    label: str


@dataclass(frozen=True)
class Heat:
    """A grid of squares, darker where the value is larger."""

    x: str
    y: str
    value: str


Chart = Lines | Bars | Shares | Dumbbell | TimeLine | Heat


@dataclass(frozen=True)
class Exhibit:
    """A chart with its table, or a table: a query, what its columns are, and a sentence that holds of the rows.

    ``slug`` names its files, which are in the folder of the page. ``missing`` is said where the query returns no row. ``size`` is full for
    the width of the page, small for a grid of charts. ``opened`` says whether the table is shown at once; where it is not said, it is where
    there is no chart. ``search`` gives it a search field; ``more`` is
    the address and the name of a page to go on to. ``most_rows`` is how many rows the table on the page has: the files have all. ``drawn`` is a column
    that is true for the rows that the chart shows, where it does not show all. With ``small_chart`` it is small on a wide page, too.
    ``behind`` are printed rows that its numbers were computed from, beside those that they lead to.
    """

    slug: str
    title: str
    sql: str
    columns: tuple[Column, ...]
    takeaway: Callable[[Rows], str]
    chart: Chart | None = None
    concept: str = ""
    notes: tuple[str, ...] = ()
    missing: str = "No figure of this is in the warehouse."
    size: Literal["full", "small"] = "full"
    opened: bool | None = None
    search: bool = False
    most_rows: int | None = None
    more: tuple[str, str] | None = None
    drawn: str | None = None
    small_chart: bool = False
    behind: Sequence[Behind] = ()

    def in_chart(self, rows: Rows) -> Rows:
        """The rows that the chart shows."""
        return rows if self.drawn is None else [row for row in rows if row[self.drawn]]

    def column(self, name: str) -> Column:
        """The declaration of a column. Raises KeyError."""
        return {column.name: column for column in self.columns}[name]


@dataclass(frozen=True)
class Section:
    """A part of a page under a heading. ``block`` is a template with ``values``, for what is neither a chart nor a table.

    ``traced`` are what the numbers of the block are traced to: kinds, groups and anchors.
    """

    title: str
    exhibits: Sequence[Exhibit] = ()
    text: Sequence[str] = ()
    block: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
    traced: Sequence[tuple[TracedKind, tuple[Any, ...], str]] = ()

    @property
    def anchor(self) -> str:
        """The name of the part of the page that the section is."""
        words = "".join(c if c.isalnum() else " " for c in self.title.replace("'", "").lower()).split()
        return "-".join(["part", *words])


@dataclass(frozen=True)
class Page:
    """A page: ``path`` from the root of the site, which is its permanent address.

    ``beside`` writes what else it needs into its folder. ``written_in`` is the file of a page that a user has written.
    """

    path: str
    title: str
    lead: str
    sections: Sequence[Section]
    parent: str | None = None
    names: dict[str, str] = field(default_factory=dict)
    beside: Callable[[Path], None] | None = None
    written_in: str | None = None

    @property
    def folder(self) -> str:
        """Where the files of its exhibits lie, from the root of the site: fdi/ of fdi/index.html, corridors/JPN-CHN/ of corridors/JPN-CHN.html."""
        return (
            self.path.removesuffix("index.html")
            if self.path.endswith("index.html")
            else f"{self.path.removesuffix('.html')}/"
        )


#: Makes pages from a published file.
PageMaker = Callable[[duckdb.DuckDBPyConnection], Iterable[Page]]
