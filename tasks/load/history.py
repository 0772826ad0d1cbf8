"""The history of a partition, on two clocks: when its publisher published, and when this warehouse learned of it.

A version is kept where an edition's value differs from that of the edition before. The history is therefore a function of
the *set* of editions: an edition that comes in order is appended; for one that comes late, the partition's history is made
again from all its editions. How versions are stored is up to a ``VersionStore``: tasks.load.versions for most facts,
tasks.load.bulk_versions for bulk datasets.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from tasks.load import editions
from tasks.load.editions import Edition, Partition
from warehouse import sql
from warehouse.connection import one
from warehouse.errors import BadData


@dataclass(frozen=True)
class Change:
    """What an edition changed, in cells."""

    new: int = 0
    revised: int = 0
    gone: int = 0
    unchanged: int = 0

    def __add__(self, other: "Change") -> "Change":
        return Change(
            self.new + other.new, self.revised + other.revised, self.gone + other.gone, self.unchanged + other.unchanged
        )


class VersionStore(ABC):
    """Where the versions of a partition's figures are stored. ``con`` is in a transaction.

    ``compare`` leaves the differences in the temporary table ``delta``, one row a cell, whose column ``change`` is ``new``,
    ``revised`` or ``gone``; the other methods take them from there.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con

    @abstractmethod
    def read_rows(self, edition: Edition) -> None:
        """Read the rows of an edition, which the methods below use."""

    @abstractmethod
    def count_current(self, before: Sequence[Edition]) -> int:
        """How many current versions these editions have, those of gone figures included."""

    @abstractmethod
    def write_first(self, edition: Edition) -> int:
        """Write all rows of an edition that nothing came before; return how many."""

    @abstractmethod
    def compare(self, before: Sequence[Edition], edition: Edition) -> None:
        """Fill ``delta`` with the cells that an edition adds or revises."""

    @abstractmethod
    def add_gone(self, before: Sequence[Edition], edition: Edition) -> None:
        """Add to ``delta`` the current cells that an edition does not state."""

    @abstractmethod
    def revised_values(self) -> str | None:
        """A query for ``value`` and ``previous`` of each revised cell in ``delta``; None for facts without a value."""

    @abstractmethod
    def write(self, edition: Edition) -> None:
        """Let the versions in ``delta`` replace those they follow."""

    @abstractmethod
    def remove(self, partition: Partition) -> None:
        """Take a partition's versions out, keeping them aside for ``restore_known_by``."""

    @abstractmethod
    def restore_known_by(self, before: Sequence[Edition]) -> None:
        """Carry over, from the versions that were removed, since when each value has been known."""


def append(store: VersionStore, before: Sequence[Edition], edition: Edition) -> Change:
    """Add the versions of an edition that comes after all ``before``. The caller holds the transaction.

    Raises BadData as ``check_scale`` does.
    """
    store.read_rows(edition)
    current = store.count_current(before) if before else 0
    if not current:
        return Change(new=store.write_first(edition))
    store.compare(before, edition)
    change = _change(store.con, edition)
    if edition.is_complete and current > edition.rows_stated - change.new:
        store.add_gone(before, edition)  # counting is far cheaper than looking for cells that are left out
        change = _change(store.con, edition)
    revised_values = store.revised_values()
    if revised_values:
        check_scale(store.con, edition, revised_values)
    store.write(edition)
    return change


def replay(store: VersionStore, partition: Partition) -> dict[int, Change]:
    """Make a partition's history again from all its standing editions; what each changed, by its number.

    The caller holds the transaction.
    """
    store.remove(partition)
    changes: dict[int, Change] = {}
    before: list[Edition] = []
    for edition in editions.standing(store.con, partition):
        changes[edition.edition] = append(store, before, edition)
        before.append(edition)
    if before:
        store.restore_known_by(before)
    return changes


def numbers(of: Sequence[Edition]) -> str:
    """The numbers of editions as a list in SQL."""
    return ", ".join(str(e.edition) for e in of)


#: Fewer revised cells than this say nothing about a file's scale.
_TELLING_CELLS = 5


def check_scale(con: duckdb.DuckDBPyConnection, edition: Edition, revised_values: str) -> None:
    """Raise BadData where most cells an edition revises are ten, a hundred, a thousand … times what they were, to the digit.

    No publisher revises so; a column of units that changed, or one that is read wrongly, does.
    """
    revised, rescaled = one(con.execute(sql.render("load/rescaled.sql", revised=revised_values)))
    if rescaled >= _TELLING_CELLS and 2 * rescaled > revised:
        raise BadData(
            f"{rescaled} of {revised} revised figures of {edition.dataset} are exactly 10, 100, 1,000 … times what they were, "
            f"or that fraction of it: {edition.filename}. The unit of the file has changed, or is read wrongly: compare the file "
            "with the edition before, and correct how its unit is read. The file is not loaded"
        )


#: A partition of fewer current cells says nothing by what an edition leaves out of it.
_TELLING_PARTITION = 20


def check_not_gone(change: Change, edition: Edition, most: float) -> None:
    """Raise BadData where an edition that states all there is leaves out more than a share ``most`` of the cells that are current.

    A file that was cut, or whose columns have changed places, does; so does one of a publisher that has taken figures back.
    """
    current = change.gone + change.revised + change.unchanged
    if edition.is_complete and current >= _TELLING_PARTITION and change.gone > most * current:
        raise BadData(
            f"{change.gone:,} of {current:,} figures of {edition.dataset} are not stated any more, more than {most:.0%}: {edition.filename}. "
            "Compare the file with the edition before: it may be cut, or its columns may have changed places. If the publisher has taken "
            "the figures back, build once with ENTREPOT_MAX_GONE_SHARE=1. The file is not loaded"
        )


def _change(con: duckdb.DuckDBPyConnection, edition: Edition) -> Change:
    """What an edition changes, by the rows of ``delta``."""
    cells = dict(con.execute("SELECT change, count(*) FROM delta GROUP BY change").fetchall())
    new, revised, gone = (int(cells.get(change, 0)) for change in ("new", "revised", "gone"))
    return Change(new, revised, gone, edition.rows_stated - new - revised)
