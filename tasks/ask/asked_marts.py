"""What the file that is asked says about its marts, its places and the rows that a sum adds."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import duckdb

from tasks.ask import summing
from warehouse import sql

if TYPE_CHECKING:  # importing it takes longer than most answers
    from tasks.ask.query_reading import Sum, Use


class Marts:
    """What the file that is asked says about its marts, and the rows that a sum adds."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con

    def columns(self, mart: str) -> Sequence[str] | None:
        """The columns of a mart, or of a reference table (``ref.…``); None if there is none of the name."""
        schema, _, name = mart.rpartition(".")
        rows = self._rows(f"DESCRIBE {schema or 'mart'}.{_identifier(name)}")
        return [str(row[0]) for row in rows] or None

    def facts(self, figures: str) -> str:
        """The facts to ask instead of a mart of figures, from its comment; else that of the same name."""
        rows = self._rows(
            f"SELECT comment FROM duckdb_views() WHERE schema_name = 'mart' AND view_name = {sql.literal(figures)}"
        )
        match = re.search(r"(?:For sums use|is in) ([a-z_, ]+)\.", str(rows[0][0]) if rows else "")
        return match[1] if match else figures.removesuffix("_figures")

    def mixed(self, added: "Sum", use: "Use", columns: Sequence[str], amounts: frozenset[str]) -> set[str]:
        """Those of the columns that have several values within one sum."""
        if not columns:
            return set()
        group = sorted(column.name for column in added.group if column.use is use)
        counts = ", ".join(f"count(DISTINCT {_identifier(c)}) AS {_identifier(c)}" for c in columns)
        largest = ", ".join(f"max({_identifier(c)})" for c in columns)
        by = f" GROUP BY {', '.join(map(_identifier, group))}" if group else ""
        rows = added.rows_of(use, list(dict.fromkeys([*columns, *group, *sorted(amounts)])))
        has_amount = " OR ".join(f"{amount} IS NOT NULL" for amount in sorted(amounts))
        found = self._rows(f"SELECT {largest} FROM (SELECT {counts} FROM ({rows}) WHERE {has_amount}{by})")
        return {c for c, count in zip(columns, found[0], strict=True) if count and count > 1} if found else set()

    def commonest(self, added: "Sum", use: "Use", columns: Sequence[str]) -> dict[str, str]:
        """The values of the columns that most of the rows that a sum adds have together."""
        names = [_identifier(column) for column in columns]
        # Cities may be more than provinces, but are a part of them.
        order = [f"{name} IN ('city', 'prefecture')" for name in names if name.endswith('_kind"')]
        rows = self._rows(
            f"SELECT * EXCLUDE (n) FROM (SELECT {', '.join(f'{name}::VARCHAR AS {name}' for name in names)}, count(*) AS n "
            f"FROM ({added.rows_of(use, columns)}) GROUP BY ALL) ORDER BY {', '.join([*order, 'n DESC', *names])} LIMIT 1"
        )
        return dict(zip(columns, rows[0], strict=True)) if rows else {}

    def any_group(
        self,
        added: "Sum",
        use: "Use",
        columns: Sequence[str],
        amounts: Sequence[str],
        condition: str,
        split: str | None = None,
    ) -> bool:
        """Whether an aggregate ``condition`` on columns holds for the rows with an amount of any group of a sum.

        ``split`` is a column of codes separated by semicolons, of which each makes a row.
        """
        group = sorted(column.name for column in added.group if column.use is use)
        rows = added.rows_of(use, list(dict.fromkeys([*columns, *group, *amounts])))
        has_amount = " OR ".join(f"{_identifier(amount)} IS NOT NULL" for amount in amounts) or "true"
        parts = f" REPLACE (unnest(string_split({_identifier(split)}, ';')) AS {_identifier(split)})" if split else ""
        by = f" GROUP BY {', '.join(map(_identifier, group))}" if group else ""
        found = self._rows(
            f"SELECT bool_or(found) FROM (SELECT {condition} AS found FROM (SELECT *{parts} FROM ({rows}) WHERE {has_amount}){by})"
        )
        return bool(found and found[0][0])

    def not_additive(self, added: "Sum", use: "Use") -> list[str]:
        """The indicators that are added and are not additive."""
        rows = added.rows_of(use, ["indicator", "additive_over"])
        query = f"SELECT DISTINCT indicator FROM ({rows}) WHERE additive_over = 'nothing' ORDER BY ALL LIMIT 3"
        return [str(row[0]) for row in self._rows(query)]

    def totals(self, added: "Sum", use: "Use", column: str, provenance: str, method: str) -> tuple[int, int]:
        """How many totals of those that a sum adds parts of are not published, and how many there are."""
        holders = summing.holders_of(use.columns)
        rows = added.rows_of(use, [*holders, column, provenance])
        holder = f"({', '.join(holders)})"
        found = self._rows(
            f"SELECT count(DISTINCT {holder}) FILTER ({method} = 'none published'), count(DISTINCT {holder}) "
            f"FROM ({rows}) WHERE {column} IS NOT NULL"
        )
        return (found[0][0], found[0][1]) if found else (0, 0)

    def place(self, code: str) -> tuple[str, str, str] | None:
        """The code, kind and name of a place; None if nothing has the code."""
        rows = self._rows(f"SELECT place, kind, name FROM ref.place WHERE place = {sql.literal(code)}")
        return rows[0] if rows else None

    def meant_by(self, text: str) -> tuple[str, str] | None:
        """The code and name of the place that a text means."""
        rows = self._rows(
            "SELECT place, p.name FROM core.place_by_text AS t JOIN ref.place AS p USING (place) "
            f"WHERE t.text = lower(trim({sql.literal(text)}))"
        )
        return rows[0] if rows else None

    def has(self, mart: str, column: str, place: str) -> bool:
        """Whether a row of a mart has a place."""
        wanted = f"SELECT 1 FROM mart.{_identifier(mart)} WHERE {column} = {sql.literal(place)} LIMIT 1"
        return bool(self._rows(wanted, unknown=[(1,)]))

    def _rows(self, query: str, unknown: Sequence[tuple[Any, ...]] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query about the file; ``unknown`` if it cannot be asked, as in a file of an older version."""
        try:
            return self._con.execute(query).fetchall()
        except duckdb.Error:
            return list(unknown)


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
