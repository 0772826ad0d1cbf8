"""Pandera's queries, asked again without building them again.

Building and compiling the forty queries of a schema takes Pandera and Ibis half a second of processor time, asking them
thirty milliseconds. They are the same whatever the rows, so the first run of a schema in a process writes them down with
the answers of rows that pass, and later runs ask them of their own rows. Where an answer is another one, Pandera itself
judges.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import duckdb
from ibis.backends.duckdb import Backend

from schemas.base import Table

Judge = Callable[[duckdb.DuckDBPyConnection, type[Table], str], None]
_Answers = dict[str, list[tuple[Any, ...]]]


def replaying(judge: Judge) -> Judge:
    """``judge`` (tasks.load.validate.judge) with its queries kept from run to run."""
    answers_of_good_rows: dict[tuple[type[Table], str], _Answers] = {}

    @wraps(judge)
    def replayed(con: duckdb.DuckDBPyConnection, schema: type[Table], table: str) -> None:
        answers = answers_of_good_rows.get((schema, table))
        if answers and answers == _ask(con, answers):
            return
        with _written_down() as queries:
            judge(con, schema, table)
        answers_of_good_rows[schema, table] = _ask(con, queries)

    return replayed


def _ask(con: duckdb.DuckDBPyConnection, queries: Iterable[str]) -> _Answers:
    return {query: con.execute(query).fetchall() for query in queries}


@contextmanager
def _written_down() -> Iterator[list[str]]:
    """The queries that Ibis compiles meanwhile."""
    queries: list[str] = []
    compile_ = Backend.compile

    def compiled(self: Backend, *arguments: Any, **options: Any) -> str:
        queries.append(compile_(self, *arguments, **options))
        return queries[-1]

    Backend.compile = compiled
    try:
        yield queries
    finally:
        Backend.compile = compile_
