"""The views, macros and stored tables of marts, rendered from the folders of ``warehouse/sql`` that define them.

A definition that begins ``{{ stored("mart.trade") }} AS`` is a view in the warehouse, where figures change, and a table in a
published file, which does not: an answer then costs no more than reading the table.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal

import duckdb

from schemas import formulas, lineage, profile, reconciliation, topics, vocabulary
from warehouse import questions, sql

#: What the warehouse has: macros, rates and the views of figures, which loading and checking use.
_OF_WAREHOUSE = ("core", "figures")
#: All of it, in the order in which one is defined over the other. Formulas, facts and readings are made when a release is published.
_ALL = (*_OF_WAREHOUSE, "formulas", "facts", "readings")

StoredAs = Literal["VIEW", "TABLE"]

#: What a script creates (schema and name), and what it is made of.
_CREATED = re.compile(r"CREATE OR REPLACE (?:VIEW|TABLE|MACRO) (\w+)\.(\w+)")
_NAMED = re.compile(r"\b(core|ref|mart|main)\.(\w+)")
#: A macro with its body, or its description; and a table that a body reads.
_MACRO = re.compile(r"(?:CREATE OR REPLACE|COMMENT ON) MACRO .*?;(?=\n|$)", re.DOTALL)
_READ = re.compile(r"\b(FROM|JOIN) (core|ref|mart|meta)\.(\w+)\b(?!\s*\()(?: AS (\w+))?")
#: What hints about a query's places look up.
_FOR_HINTS = frozenset({("core", "place_by_text")})


def definitions(stored_as: StoredAs = "VIEW", folders: Sequence[str] = _ALL) -> Iterator[str]:
    """The SQL scripts that create all views and macros of ``core``, ``ref``, ``mart`` and ``main``, in order.

    ``stored_as`` is what definitions that a release stores are created as.
    """
    return _rendered(folders, lambda name: f"CREATE OR REPLACE {stored_as} {name}")


def stored() -> list[str]:
    """The names (``schema.name``) of what a release stores as tables, in the order in which they are defined."""
    names: list[str] = []

    def collect(name: str) -> str:
        names.append(name)
        return ""

    for _ in _rendered(_ALL, collect):
        pass
    return names


def _rendered(folders: Sequence[str], create_stored: Callable[[str], str]) -> Iterator[str]:
    for folder in folders:
        for name in sql.names(folder):
            yield sql.render(
                name,
                profile=profile.MEASURES,
                lineage=lineage,
                questions=questions.every(),
                claims=_claims,
                formulas=formulas.FORMULAS,
                reconciliation=reconciliation,
                topics=topics,
                stored=create_stored,
                missing_statuses=vocabulary.MISSING_STATUSES,
            )


def _claims() -> list[tuple[Any, Any]]:
    """The claims that come with the project with their documents, read only where a template asks for them."""
    from warehouse import claims  # reading YAML takes longer than most commands

    return [(document, claim) for document in claims.bundled() for claim in document.claims]


def create_figures(con: duckdb.DuckDBPyConnection) -> None:
    """Create or replace the macros and views of a warehouse file."""
    for script in definitions(folders=_OF_WAREHOUSE):
        con.execute(script)
    _create_short_names(con)


def store(con: duckdb.DuckDBPyConnection, query: str | None = None) -> None:
    """Create all marts, or those that a query names and what they are made of; what a release stores, as tables with their rows.

    As views over views they would take minutes to bind: DuckDB binds a view again wherever it is named. A query that names no mart
    (of ``duckdb_tables()``, say) gets all.
    """
    for name in stored():
        con.execute(f"DROP VIEW IF EXISTS {name}")
    scripts = list(definitions(stored_as="TABLE"))
    for script in scripts if query is None else _needed(scripts, query):
        con.execute(script)
    _create_short_names(con)


def bind_macros(con: duckdb.DuckDBPyConnection, release: str) -> None:
    """Create the macros of a published file again, so that they read this release or none.

    DuckDB looks up the tables of a macro where it is used: with two releases attached, a macro of one would read the other's. Here
    macros name views of a schema that has the release in its name, so that in another release they fail. A view reads the tables of
    its own file, whatever is attached.
    """
    schema = f"release_{release}"
    con.execute(f"CREATE SCHEMA {schema}")
    read: set[tuple[str, str]] = set()

    def bound(table: re.Match[str]) -> str:
        keyword, of, name, alias = table.groups()
        read.add((of, name))
        return f"{keyword} {schema}.{of}_{name} AS {alias or name}"

    macros = [_READ.sub(bound, macro) for script in definitions("TABLE") for macro in _MACRO.findall(script)]
    for of, name in sorted(read):
        con.execute(f"CREATE VIEW {schema}.{of}_{name} AS FROM {of}.{name}")
    for macro in macros:
        con.execute(macro)


def _needed(scripts: Sequence[str], query: str) -> list[str]:
    """The scripts that define what a query names, and what these name in turn; all of them for a query that names no mart."""
    created = [set(_CREATED.findall(script)) for script in scripts]
    words = set(re.findall(r"\w+", query.lower()))
    named = {(schema, name) for names in created for schema, name in names if schema == "mart" and name in words}
    if not named:
        return list(scripts)
    named |= _FOR_HINTS
    needed: set[int] = set()
    while found := {n for n, names in enumerate(created) if n not in needed and named & names}:
        needed |= found
        named |= {name for n in found for name in _NAMED.findall(scripts[n])}
    return [script for n, script in enumerate(scripts) if n in needed]


def _create_short_names(con: duckdb.DuckDBPyConnection) -> None:
    """Create a view in ``main`` of each mart that is there, so that ``FROM trade`` works."""
    for (name,) in con.execute(sql.read("shared/marts_without_schema.sql")).fetchall():
        con.execute(f"CREATE OR REPLACE VIEW main.{name} AS FROM mart.{name}")
