"""Versions of bulk datasets: core.trade_bulk, where the part of a row says which edition states it and which one replaced it.

The history is that of all facts (tasks.load.history), stored so that eleven million rows repeat nothing: a first edition is
one part; a version that is replaced moves to a part that names its successor.
"""

from collections.abc import Callable, Sequence

import duckdb

from schemas import core, vocabulary
from tasks.load.editions import Edition, Partition
from tasks.load.history import VersionStore, numbers
from warehouse import sql
from warehouse.connection import first, one
from warehouse.rows import insert_numbered

_NORMAL, _DOUBTFUL, _GONE = "A", "U", "O"
assert {_NORMAL, _DOUBTFUL, _GONE} <= set(vocabulary.OBS_STATUSES)
#: Of a row of ``delta``: whether its value is ten, a hundred, a thousand … times what it was, to the digit, or that fraction of it.
_RESCALED = (
    "CASE WHEN value > 0 AND previous > 0 THEN abs(log10(value / previous)) > 0.5 "
    "AND abs(log10(value / previous) - round(log10(value / previous))) < 1e-10 ELSE FALSE END"
)
#: The rows of ``delta`` by the status of the versions that they become.
_CHANGES = (
    (_NORMAL, f"change <> 'gone' AND NOT {_RESCALED}"),
    (_DOUBTFUL, f"change <> 'gone' AND {_RESCALED}"),
    (_GONE, "change = 'gone'"),
)


class BulkVersions(VersionStore):
    """The versions of trade in bulk, for history.append and history.replay.

    ``read_rows`` puts the rows of an edition's file into the view ``bulk_rows``; ``slice_number`` is the row of
    core.trade_slice that all rows of the partition share.
    """

    def __init__(
        self, con: duckdb.DuckDBPyConnection, slice_number: int, read_rows: Callable[[Edition], None] = lambda _: None
    ) -> None:
        super().__init__(con)
        self._slice, self._read_rows, self._has_gone = slice_number, read_rows, False

    def read_rows(self, edition: Edition) -> None:
        """Read the rows of an edition into ``bulk_rows``."""
        self._read_rows(edition)

    def count_current(self, before: Sequence[Edition]) -> int:
        """How many current versions these editions have."""
        return self._count(self._current_parts(before))

    def write_first(self, edition: Edition) -> int:
        """Write all rows of an edition that nothing came before, as one part."""
        part = self._new_part(edition, _NORMAL)
        (count,) = one(self.con.execute(sql.render("load/bulk_versions.sql", part=part, rows="bulk_rows")))
        return int(count)

    def compare(self, before: Sequence[Edition], edition: Edition) -> None:
        """Fill ``delta`` with the cells that an edition adds or revises; with those that are gone too, where fewer are stated than there were."""
        current = self._current_parts(before)
        gone = self._of_gone_figures(current)
        standing = [part for part in current if part not in gone]
        self._has_gone = edition.is_complete and edition.rows_stated < self._count(standing)
        self.con.execute(sql.render("load/bulk_delta.sql", current=current, gone=gone, with_gone=self._has_gone))

    def add_gone(self, before: Sequence[Edition], edition: Edition) -> None:  # noqa: ARG002
        """Add to ``delta`` the current cells that an edition does not state, where comparing has not found them in the same join."""
        if not self._has_gone:
            self.con.execute(sql.render("load/bulk_gone.sql", current=self._current_parts(before)))

    def revised_values(self) -> str:
        """A query for ``value`` and ``previous`` of each revised cell."""
        return "SELECT value, previous FROM delta WHERE change = 'revised'"

    def write(self, edition: Edition) -> None:
        """End the versions that ``delta`` replaces, and add its own."""
        self.con.execute(sql.render("load/bulk_superseded.sql", edition=edition.edition))
        self._move()
        for status, condition in _CHANGES:
            rows = f"delta WHERE {condition}"
            if first(self.con.execute(f"SELECT 1 FROM {rows} LIMIT 1")):
                part = self._new_part(edition, status)
                self.con.execute(sql.render("load/bulk_versions.sql", part=part, rows=rows))

    def remove(self, partition: Partition) -> None:
        """Take a partition's versions out, keeping them aside in the temporary table ``remembered``."""
        self.con.execute(sql.read("load/bulk_removed_parts.sql"), [partition.source, partition.name])
        self.con.execute(sql.read("load/bulk_removed_versions.sql"))
        self.con.execute("DELETE FROM core.trade_bulk WHERE part IN (FROM removed_parts)")
        self.con.execute("DELETE FROM core.trade_part WHERE part IN (FROM removed_parts)")

    def restore_known_by(self, before: Sequence[Edition]) -> None:
        """Carry over since when values have been known, and remove the parts that are empty after that."""
        self.con.execute(sql.render("load/bulk_known_by.sql", editions=numbers(before)))
        self._move()
        self.con.execute(sql.render("load/bulk_empty_parts.sql", editions=numbers(before)))

    def _current_parts(self, before: Sequence[Edition]) -> list[int]:
        """The parts with current versions of some editions."""
        query = (
            "SELECT part FROM core.trade_part WHERE superseded_by IS NULL AND list_contains(?, edition) ORDER BY part"
        )
        return [row[0] for row in self.con.execute(query, [[e.edition for e in before]]).fetchall()]

    def _of_gone_figures(self, parts: Sequence[int]) -> list[int]:
        """Those of some parts that say of figures that they are gone."""
        query = "SELECT part FROM core.trade_part WHERE obs_status = ? AND list_contains(?, part) ORDER BY part"
        return [row[0] for row in self.con.execute(query, [_GONE, list(parts)]).fetchall()]

    def _count(self, parts: Sequence[int]) -> int:
        """How many versions are in some parts."""
        (count,) = one(
            self.con.execute(f"SELECT count(*) FROM core.trade_bulk WHERE part IN ({_listed(parts) or 'NULL'})")
        )
        return int(count)

    def _new_part(self, edition: Edition, status: str) -> int:
        part = {"slice": self._slice, "obs_status": status, "edition": edition.edition}
        return insert_numbered(self.con, core.TradePart, part)

    def _move(self) -> None:
        """Bring the rows at the positions of ``moves`` into the parts it says."""
        self.con.execute(sql.render("load/bulk_parts.sql"))
        self.con.execute(sql.render("load/bulk_move.sql"))


def _listed(parts: Sequence[int]) -> str:
    return ", ".join(map(str, parts))
