"""From a figure to the archived bytes: every version, its artifact and citation, and the row as printed."""

from dataclasses import dataclass
from typing import Any

import duckdb

from schemas import base, lineage, mart
from tasks.ask.archived import ArchiveReader, Version
from tasks.contract import facts
from tasks.contract.facts import Fact
from warehouse import sql
from warehouse.errors import Unknown
from warehouse.settings import Home

#: More figures than this are not traced at once: the question was too wide.
MOST_FIGURES = 50


@dataclass(frozen=True)
class Figure:
    """One figure with all its versions, the first published first. ``key`` identifies it: values by column."""

    key: dict[str, Any]
    versions: list[Version]


def trace(con: duckdb.DuckDBPyConnection, home: Home, table: str, wanted: dict[str, str]) -> list[Figure]:
    """All figures of a kind that have a version with the wanted values (text by column), each with all its versions.

    ``table`` is the mart of the figures, or the kind. ``con`` reads the published file of ``home``. Raises Unknown for an unknown table or column, for no figure, and for
    more than MOST_FIGURES.

    Example: ``trace(con, home, "trade", {"reporter": "JPN", "partner": "CHN", "flow": "import", "period": "2021"})``
    """
    fact = _fact(table.removeprefix("mart.").removeprefix("core."))
    key = ["source", *_key(fact)]
    versions: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in _versions(con, fact, wanted):
        versions.setdefault(tuple(row[column] for column in key), []).append(row)
    condition = ", ".join(f"{column}={value}" for column, value in wanted.items()) or "no condition"
    if not versions:
        raise Unknown(f"{_mart(fact)} has no figure with {condition}. {_where_to_look(fact, wanted)}")
    if len(versions) > MOST_FIGURES:
        raise Unknown(
            f"{len(versions)} figures of {_mart(fact)} have {condition}: name more columns ({', '.join(key[1:])})"
        )
    reader = ArchiveReader(con, home)
    return [
        Figure(dict(zip(key, values, strict=True)), [reader.version(fact, row) for row in rows])
        for values, rows in versions.items()
    ]


def _where_to_look(fact: Fact, wanted: dict[str, str]) -> str:
    """What to do where no figure has the wanted values."""
    if not wanted:
        return "`entrepot build` loads figures"
    return f"Their values: `entrepot sql 'SELECT DISTINCT {', '.join(wanted)} FROM core.{fact.name}_versions ORDER BY ALL'`"


def _fact(name: str) -> Fact:
    for fact in facts.ALL:
        if name in (fact.name, _mart(fact)):
            return fact
    if name in lineage.NOT_TRACED:
        raise Unknown(f"{name} {lineage.NOT_TRACED[name]}")
    traced = (*lineage.FACTS, *(reading.mart for reading in lineage.READINGS), *lineage.FIGURES)
    raise Unknown(f"no table {name!r} to trace; there are: {', '.join(traced)}")


def _mart(fact: Fact) -> str:
    """The mart that shows the figures of a kind, without its schema."""
    return base.table_name(mart.FIGURES_OF[fact.name]).removeprefix("mart.")


def _key(fact: Fact) -> list[str]:
    """The columns that identify a figure within its source, whatever edition states it."""
    return [column for column in base.key(fact.conformed) if column != "published_on"]


def _versions(con: duckdb.DuckDBPyConnection, fact: Fact, wanted: dict[str, str]) -> list[dict[str, Any]]:
    """Rows of core.<fact>_versions, by column, of every figure that has a version with the wanted values."""
    view = f"core.{fact.name}_versions"
    names = _columns(con, view)
    of_mart = [name for name in _columns(con, f"mart.{_mart(fact)}") if name not in names]
    for column in wanted:
        if column not in (*names, *of_mart):
            raise Unknown(f"{_mart(fact)} has no column {column!r}; it has: {', '.join((*names, *of_mart))}")
    # Which figure is preferred is said of the current version, and only in the mart.
    found_in = f"mart.{_mart(fact)}" if set(wanted) & set(of_mart) else view
    query = sql.render(
        "ask/versions.sql", view=view, found_in=found_in, wanted=list(wanted), key=["source", *_key(fact)]
    )
    return [dict(zip(names, row, strict=True)) for row in con.execute(query, list(wanted.values())).fetchall()]


def _columns(con: duckdb.DuckDBPyConnection, relation: str) -> list[str]:
    return [str(column[0]) for column in con.execute(f"DESCRIBE FROM {relation}").fetchall()]
