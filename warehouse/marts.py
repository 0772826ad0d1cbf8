"""The views, macros and stored tables of marts, rendered from the folders of ``warehouse/sql`` that define them.

A definition that begins ``{{ stored("mart.trade") }} AS`` is a view in the warehouse, where figures change, and a table in a
published file, which does not: an answer then costs no more than reading the table.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Literal

import duckdb

from schemas import formulas, lineage, profile, reconciliation, topics, vocabulary
from schemas.profile import Measure
from warehouse import questions, sql

#: What the warehouse has: macros, rates and the views of figures, which loading and checking use.
_OF_WAREHOUSE = ("core", "figures")
#: All of it, in the order in which one is defined over the other. Formulas, facts and readings are made when a release is published.
_ALL = (*_OF_WAREHOUSE, "formulas", "facts", "readings")

StoredAs = Literal["VIEW", "TABLE"]


def definitions(
    measures: Sequence[Measure] = profile.MEASURES, stored_as: StoredAs = "VIEW", folders: Sequence[str] = _ALL
) -> Iterator[str]:
    """The SQL scripts that create all views and macros of ``core``, ``ref``, ``mart`` and ``main``, in order.

    ``measures`` are those of the profiles of provinces and regions. ``stored_as`` is what definitions that a release stores
    are created as.
    """
    return _rendered(measures, folders, lambda name: f"CREATE OR REPLACE {stored_as} {name}")


def stored() -> list[str]:
    """The names (``schema.name``) of what a release stores as tables, in the order in which they are defined."""
    names: list[str] = []

    def collect(name: str) -> str:
        names.append(name)
        return ""

    for _ in _rendered(profile.MEASURES, _ALL, collect):
        pass
    return names


def _rendered(
    measures: Sequence[Measure], folders: Sequence[str], create_stored: Callable[[str], str]
) -> Iterator[str]:
    for folder in folders:
        for name in sql.names(folder):
            yield sql.render(
                name,
                profile=measures,
                lineage=lineage,
                questions=questions.every(),
                formulas=formulas.FORMULAS,
                reconciliation=reconciliation,
                topics=topics,
                stored=create_stored,
                missing_statuses=vocabulary.MISSING_STATUSES,
            )


def create_figures(con: duckdb.DuckDBPyConnection) -> None:
    """Create or replace the macros and views of a warehouse file."""
    for script in definitions(folders=_OF_WAREHOUSE):
        con.execute(script)
    _create_short_names(con)


def create(con: duckdb.DuckDBPyConnection, stored_as: StoredAs = "VIEW") -> None:
    """Create or replace all marts."""
    for script in definitions(stored_as=stored_as):
        con.execute(script)
    _create_short_names(con)


def _create_short_names(con: duckdb.DuckDBPyConnection) -> None:
    """Create a view in ``main`` of each mart that is there, so that ``FROM trade`` works."""
    for (name,) in con.execute(sql.read("shared/marts_without_schema.sql")).fetchall():
        con.execute(f"CREATE OR REPLACE VIEW main.{name} AS FROM mart.{name}")


def store(con: duckdb.DuckDBPyConnection) -> None:
    """Create all marts in a copy of a warehouse file, those that a release stores as tables with their rows."""
    for name in stored():
        con.execute(f"DROP VIEW IF EXISTS {name}")
    create(con, stored_as="TABLE")
