"""``entrepot mcp``: what an assistant may ask of the published release, as five tools of the Model Context Protocol. All only read.

The server speaks on standard input and output, so nothing else may be written there. Each call opens the release that is published at
the moment.
"""

import datetime as dt
import io
import json
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import duckdb
from pydantic import Field
from rich.console import Console

from flows.cli import options, tables, terminal, trace_report
from flows.cli import query as queries
from tasks.ask import places as of_places
from tasks.ask import trace as of_figures
from tasks.ask import trace_facts as of_facts
from tasks.ask.cautions import cautions, sums_of_nothing
from warehouse import connection, sql
from warehouse.connection import first
from warehouse.errors import EntrepotError, Unknown
from warehouse.settings import Home

try:
    from mcp.server import MCPServer
    from mcp.server.mcpserver.exceptions import ToolError
    from mcp.types import ToolAnnotations
except ImportError as fault:
    raise EntrepotError(
        f'`entrepot mcp` needs the MCP SDK, which is not installed ({fault}): pip install "mcp>=2.3"'
    ) from None

#: What one call gives at most: rows, characters of them as JSON, and seconds of work.
MOST_ROWS, MOST_CHARACTERS, MOST_SECONDS = 500, 100_000, 30.0
#: Tables that a search lists, and characters of a trace or a description of a place.
MOST_TABLES, MOST_TEXT = 12, 40_000

INSTRUCTIONS = """Figures of international trade and foreign direct investment as their publishers printed them. Look for a table with
find_tables, read describe before a first query, ask places for the code of a place, and name publisher and date of publication
(trace) of a number that is passed on. Facts (trade, fdi, indicator …) are made for adding; a row with the partner, product or counterpart _X is what
members do not reach of a published total. Tables with names that end in _figures have several figures of one thing: add only where is_preferred.
Cautions that come with an answer are to be passed on."""


class _Asked:
    """The tools, for one home folder."""

    def __init__(self, home: Home) -> None:
        self.home = home

    def find_tables(
        self,
        words: Annotated[
            str, Field(description="Words that name, meaning or columns should have, such as: fdi origin")
        ] = "",
    ) -> list[dict[str, Any]]:
        """The tables (marts) of the release that have the words, the best first, each with its meaning and columns; all without words."""
        with self._reading() as con:
            found = con.execute(sql.read("ask/marts.sql")).fetchall()
        wanted = words.lower().replace("_", " ").split()
        scored = [(_score(wanted, name, meaning, columns), name, meaning, columns) for name, meaning, columns in found]
        best = sorted((s for s in scored if s[0] or not wanted), key=lambda s: (-s[0], s[1]))
        if not wanted:
            return [{"table": name, "meaning": meaning.split(". ")[0]} for _, name, meaning, _ in best]
        return [{"table": name, "meaning": meaning, "columns": columns} for _, name, meaning, columns in best[:MOST_TABLES]]  # fmt: skip

    def describe(self, table: Annotated[str, Field(description="A table, such as trade")]) -> dict[str, Any]:
        """What a table is, how many rows it has, and type, unit and meaning of each column."""
        with self._reading() as con:
            name = table.removeprefix("mart.")
            columns = con.execute(sql.render("ask/mart_columns.sql", table=name)).fetchall()
            if not columns:
                raise Unknown(f"no table {table!r}; find_tables lists what there is")
            (meaning,) = first(con.execute(sql.render("ask/mart_comment.sql", table=name))) or ("",)
            (rows,) = connection.one(con.execute(f'SELECT count(*) FROM mart."{name}"'))
        named = ("column", "type", "unit", "meaning")
        return {"table": name, "meaning": meaning, "rows": rows,
                "columns": [{k: v for k, v in zip(named, c, strict=True) if v} for c in columns]}  # fmt: skip

    def query(
        self,
        statement: Annotated[
            str, Field(description="One SELECT statement of DuckDB's SQL; tables as trade or mart.trade")
        ],
        limit: Annotated[int, Field(description="Rows that are given at most", ge=1, le=MOST_ROWS)] = 100,
    ) -> dict[str, Any]:
        """Rows of a statement that reads, with what a reader should know of the answer (cautions)."""
        with self._reading() as con, _limited(con):
            asked = queries.one_statement(con, statement)
            relation = con.sql(asked)
            columns, rows = relation.columns, relation.fetchmany(limit + 1)
            told = cautions(con, asked) or sums_of_nothing(con, asked)
        given = _fitting([[_plain_value(value) for value in row] for row in rows[:limit]])
        return {"columns": columns, "rows": given, "is_cut": len(rows) > len(given), "cautions": told}

    def trace(
        self,
        table: Annotated[str, Field(description="A table of facts (trade, fdi) or of figures (trade_figures)")],
        where: Annotated[dict[str, str | int], Field(description="Which row, by column: reporter, partner, year …")],
        column: Annotated[
            str | None, Field(description="Only this value column of a fact, such as exports_usd")
        ] = None,
    ) -> str:
        """Where a number comes from: its figures with publisher, title, address, date of publication, and the row as printed."""
        conditions = {name: str(value) for name, value in where.items()}
        mart = table.removeprefix("mart.")
        with self._reading(is_closed=False) as con:
            if of_facts.is_traced(mart):
                values = of_facts.trace(con, self.home, mart, conditions, column)
                return _text(trace_report.show_value, values)
            figures = of_figures.trace(con, self.home, table, conditions)
            return _text(trace_report.show_figure, figures)

    def places(
        self,
        name: Annotated[str, Field(description="A name in English, Chinese or Japanese, or a code")],
        scheme: Annotated[str | None, Field(description="Whose code it is, such as comtrade or jpn_customs")] = None,
        on: Annotated[str | None, Field(description="The day it is valid on, YYYY-MM-DD")] = None,
    ) -> str:
        """Which place a name or code means, with its code in this warehouse, its names, groups and codes; all where it means several."""
        day = options.day(on)
        with self._reading() as con:
            reasons = of_places.candidates(con, name, scheme, day)
            if not reasons:
                of_places.resolve(con, name, scheme, day)  # raises with what may have been meant
            found = [
                (of_places.details(con, place, day), [r for r in reasons if r.place == place])
                for place in dict.fromkeys(reason.place for reason in reasons)
            ]
        return _text(lambda console, one: tables.show_place(console, *one), found)

    @contextmanager
    def _reading(self, is_closed: bool = True) -> Iterator[duckdb.DuckDBPyConnection]:
        """A reader of the release; ``is_closed``: one that can open no file and change no setting. Faults as the protocol tells them."""
        try:
            with connection.reader(self.home) as con, tempfile.TemporaryDirectory() as scratch:
                if is_closed:
                    connection.close_to_files(con, Path(scratch))
                yield con
        except EntrepotError as fault:
            raise ToolError(terminal.complete_hints(str(fault))) from fault
        except duckdb.InterruptException as fault:
            raise ToolError(f"the statement took more than {MOST_SECONDS:g} seconds: ask for less") from fault
        except duckdb.Error as fault:
            raise ToolError(queries.plain(fault)) from fault


def server(home: Home) -> MCPServer:
    """The server of a home folder's release. ``server(home).run()`` serves until standard input ends."""
    made: MCPServer = MCPServer("entrepot", version=version("entrepot"), instructions=INSTRUCTIONS)
    asked = _Asked(home)
    reads = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
    for tool in (asked.find_tables, asked.describe, asked.query, asked.trace, asked.places):
        made.tool(annotations=reads)(tool)
    return made


def _score(wanted: list[str], name: str, meaning: str, columns: list[str]) -> int:
    """How well a table fits the words: one in its name counts most, one among its columns least. None where a word is nowhere."""
    places = ((8, name.replace("_", " ")), (3, meaning.lower()), (1, " ".join(columns).replace("_", " ")))
    of_words = [sum(weight for weight, text in places if word in text) for word in wanted]
    return sum(of_words)


@contextmanager
def _limited(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Interrupt what runs in the block after MOST_SECONDS."""
    timer = threading.Timer(MOST_SECONDS, con.interrupt)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _fitting(rows: list[list[Any]]) -> list[list[Any]]:
    """The first rows, as many as have MOST_CHARACTERS together."""
    length = 0
    for number, row in enumerate(rows):
        length += len(json.dumps(row, ensure_ascii=False))
        if length > MOST_CHARACTERS:
            return rows[:number]
    return rows


def _plain_value(value: Any) -> Any:
    """A value as JSON has it: an exact number without zeros that only a type adds, a moment as text."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(name): _plain_value(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain_value(part) for part in value]
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)


def _text(show: Callable[[Console, Any], None], things: Iterable[Any]) -> str:
    """What is shown of each thing on a terminal, as text."""
    buffer = io.StringIO()
    console = Console(file=buffer, soft_wrap=True, width=120)
    for thing in things:
        show(console, thing)
    text = buffer.getvalue()
    return text if len(text) <= MOST_TEXT else f"{text[:MOST_TEXT]}\n… cut: name more columns, or one value column"
