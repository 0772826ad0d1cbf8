"""Versions of figures in the tables of core: each row names the edition that states it and the one that replaced it."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import duckdb

from schemas import base
from schemas.base import Column, table_name
from tasks.contract.facts import Fact
from tasks.load.editions import Edition, Partition
from tasks.load.history import VersionStore, numbers
from warehouse import sql
from warehouse.connection import one


class FactVersions(VersionStore):
    """The versions of one fact, for history.append and history.replay.

    ``rows_of`` gives the name of a temporary table with the rows of the file that an edition came from: the fact's key and
    values, ``citation``, and the ``dataset`` and ``published_on`` of their edition.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, fact: Fact, rows_of: Callable[[Edition], str]) -> None:
        super().__init__(con)
        self.fact, self.table, self._rows_of = fact, table_name(fact.stored), rows_of
        self._rows = ""

    def read_rows(self, edition: Edition) -> None:
        """Read the rows of an edition, which the methods below use."""
        self._rows = self._rows_of(edition)

    def count_current(self, before: Sequence[Edition]) -> int:
        """How many current versions these editions have."""
        current = f"superseded_by IS NULL AND edition IN ({numbers(before)})"
        (count,) = one(self.con.execute(f"SELECT count(*) FROM {self.table} WHERE {current}"))
        return int(count)

    def write_first(self, edition: Edition) -> int:
        """Write all rows of an edition that nothing came before."""
        (count,) = one(self._run("load/first_versions.sql", edition, columns=self._columns))
        return int(count)

    def compare(self, before: Sequence[Edition], edition: Edition) -> None:
        """Fill ``delta`` with the cells that an edition adds or revises."""
        differs = " OR ".join(f's."{v}" IS DISTINCT FROM c."{v}"' for v in self.fact.values)
        self._run("load/delta.sql", edition, before, columns=self._columns, differs=differs)

    def add_gone(self, before: Sequence[Edition], edition: Edition) -> None:
        """Add to ``delta`` the current cells that an edition does not state."""
        gone = [_when_gone(c) for c in base.columns(self.fact.stored) if c.name in self.fact.values]
        self._run("load/gone.sql", edition, before, key=self.fact.key, gone=gone)

    def revised_values(self) -> str | None:
        """A query for ``value`` and ``previous`` of each revised cell."""
        return sql.render("load/revised_values.sql", table=self.table) if "value" in self.fact.values else None

    def write(self, edition: Edition) -> None:
        """Let the versions in ``delta`` replace those they follow."""
        self._run("load/superseded.sql", edition)
        self._run("load/further_versions.sql", edition, columns=self._columns)

    def remove(self, partition: Partition) -> None:
        """Take a partition's versions out, keeping them aside in the temporary table ``remembered``."""
        self.con.execute(sql.render("load/removed_versions.sql", table=self.table), partition.key)
        self.con.execute(f"DELETE FROM {self.table} WHERE edition IN (SELECT edition FROM remembered)")

    def restore_known_by(self, before: Sequence[Edition]) -> None:
        """Carry over since when values have been known."""
        same = f"{_same(self.fact.key, 'n', 'o')} AND {_same(self.fact.values, 'n', 'o')}"
        self.con.execute(sql.render("load/known_by.sql", table=self.table, join=same, editions=numbers(before)))

    @property
    def _columns(self) -> tuple[str, ...]:
        return (*self.fact.key, *self.fact.values)

    def _run(
        self, template: str, edition: Edition, before: Sequence[Edition] = (), **values: Any
    ) -> duckdb.DuckDBPyConnection:
        return self.con.execute(
            sql.render(
                template,
                table=self.table,
                rows=self._rows,
                dataset=edition.dataset,
                published_on=_literal(edition.published_on),
                edition=edition.edition,
                editions=numbers(before),
                join=_same(self.fact.key, "s", "c"),
                **values,
            )
        )


def _when_gone(column: Column) -> str:
    """The columns of a version that says that a figure is no longer published. Required columns stay, such as its unit."""
    if column.name == "obs_status":
        return "'O'"
    return "NULL" if column.nullable else f'c."{column.name}"'


def _same(columns: Sequence[str], left: str, right: str) -> str:
    return " AND ".join(f'{left}."{c}" IS NOT DISTINCT FROM {right}."{c}"' for c in columns)


def _literal(day: date | None) -> str:
    return f"DATE '{day:%Y-%m-%d}'" if day else "NULL"
