"""Corrections: figures a publisher or a copyist got wrong, declared as data with the reason and what is expected of them.

A file of ``warehouse/reference/corrections`` names figures of a source's dataset (``concerns``, an SQL condition over the
conformed rows of one period) and says what holds of them together as long as they are wrong (``expectation``, an SQL
condition over aggregates of these rows). While it holds, the rows are quarantined with the correction's reason. When it
no longer does, the file is not loaded: the publisher may have put it right, and the correction must go.
Bulk datasets (``Source.bulk_partition``) have no corrections.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from schemas.rules import Rule
from tasks.contract.facts import Fact
from warehouse import sql
from warehouse.connection import one
from warehouse.errors import BadData, CorrectionOutdated

#: How the name of a correction's rule begins.
MARK = "correction: "


@dataclass(frozen=True)
class Correction:
    """One declared correction, as in ref.correction."""

    correction: str
    dataset: str
    period: str
    concerns: str
    expectation: str
    reason: str

    @property
    def condition(self) -> str:
        """SQL: a conformed row is one of those the correction is about."""
        return (
            f"coalesce(dataset = {sql.quoted(self.dataset)} AND period = {sql.quoted(self.period)} "
            f"AND ({self.concerns}), FALSE)"
        )

    @property
    def rule(self) -> Rule:
        """The rule that keeps these rows out."""
        return Rule(f"{MARK}{self.correction}: {self.reason}", f"NOT {self.condition}")


def rules(con: duckdb.DuckDBPyConnection, source_id: str, fact: Fact, table: str, where: str) -> tuple[Rule, ...]:
    """The rules of all corrections of a source that concern rows of ``table``, conformed rows of one artifact.

    Raises CorrectionOutdated where an expectation no longer holds, BadData for a correction that is not SQL.
    """
    return tuple(c.rule for c in _declared(con, source_id, fact) if _concerns(con, c, table, where))


def is_only_corrected(broken: str) -> bool:
    """Whether a row broke no rule but those of corrections."""
    return broken.startswith(MARK)


def _declared(con: duckdb.DuckDBPyConnection, source_id: str, fact: Fact) -> Iterator[Correction]:
    rows = con.execute(sql.read("load/corrections.sql"), [source_id, fact.name]).fetchall()
    return (Correction(*row) for row in rows)


def _concerns(con: duckdb.DuckDBPyConnection, correction: Correction, table: str, where: str) -> bool:
    """Whether there are rows the correction is about, still as wrong as it says."""
    query = f"SELECT count(*), coalesce(({correction.expectation}), FALSE) FROM {table} WHERE {correction.condition}"
    try:
        rows, is_as_expected = one(con.execute(query))
    except duckdb.Error as fault:
        raise BadData(
            f"concerns or expectation is not an SQL condition: {str(fault).splitlines()[0]}: corrections/{correction.correction}.yml"
        ) from fault
    if rows and not is_as_expected:
        raise CorrectionOutdated(
            f"correction {correction.correction} expects {correction.expectation} of {correction.dataset}, {correction.period}, "
            f"but this is not true of {rows} rows: {where}. If the figures are right now, remove corrections/{correction.correction}.yml, "
            "otherwise correct its expectation"
        )
    return bool(rows)
