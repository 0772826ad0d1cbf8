"""What the file that is asked says about its marts, its places and the rows that a sum adds."""

import re
from collections.abc import Mapping, Sequence
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
        schema, _, name = _table(mart).partition(".")
        rows = self._rows(f"DESCRIBE {schema}.{_identifier(name)}")
        return [str(row[0]) for row in rows] or None

    def key(self, mart: str) -> list[str]:
        """The columns whose values together identify a row of a mart; empty if the file does not say."""
        rows = self._rows(
            f"SELECT column_name FROM meta.columns WHERE is_key AND table_name = {sql.literal(_table(mart))}"
        )
        return [str(row[0]) for row in rows]

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
        found = self._rows(
            f"SELECT {largest} FROM (SELECT {counts} FROM ({rows}) WHERE {_is_any(sorted(amounts))}{by})"
        )
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
        parts = f" REPLACE (unnest(string_split({_identifier(split)}, ';')) AS {_identifier(split)})" if split else ""
        by = f" GROUP BY {', '.join(map(_identifier, group))}" if group else ""
        found = self._rows(
            f"SELECT bool_or(found) FROM (SELECT {condition} AS found FROM (SELECT *{parts} FROM ({rows}) WHERE {_is_any(amounts)}){by})"
        )
        return bool(found and found[0][0])

    def any_row(self, added: "Sum", use: "Use", amounts: Sequence[str]) -> bool:
        """Whether a sum adds any row with one of the amounts; true where this cannot be found out."""
        rows = added.rows_of(use, amounts)
        return bool(self._rows(f"SELECT 1 FROM ({rows}) WHERE {_is_any(amounts)} LIMIT 1", unknown=[(1,)]))

    def is_one_row(self, added: "Sum", use: "Use", amounts: Sequence[str]) -> bool:
        """Whether each sum of a query is of one row."""
        return self.any_row(added, use, amounts) and not self.any_group(added, use, [], amounts, "count(*) > 1")

    def repeats(
        self, added: "Sum", keys: Mapping["Use", Sequence[str]], amounts: Mapping["Use", Sequence[str]]
    ) -> bool:
        """Whether a sum adds the same rows of its marts, which ``keys`` identify, several times, as after a join on a part of a key."""
        columns = {use: [*keys[use], *amounts[use]] for use in keys}
        rows, names, groups = added.rows_by_key(columns)
        is_key = [is_key for use in keys for is_key in [True] * len(keys[use]) + [False] * len(amounts[use])]
        row = ", ".join(_identifier(name) for name, of_key in zip(names, is_key, strict=True) if of_key)
        there = " AND ".join(
            f"{_identifier(name)} IS NOT NULL" for name, of_key in zip(names, is_key, strict=True) if not of_key
        )
        by = f" GROUP BY {', '.join(map(_identifier, groups))}" if groups else ""
        return bool(
            self._rows(
                f"SELECT 1 FROM (SELECT count(*) > count(DISTINCT ({row})) AS found FROM ({rows}) WHERE {there}{by}) WHERE found LIMIT 1"
            )
        )

    def misses_rest_of_year(self, added: "Sum", use: "Use", amounts: Sequence[str]) -> bool:
        """Whether a sum adds every month of a year that is here, and not what these do not reach of it (the month ``_X``)."""
        fixed = {column.name for column in added.fixed if column.use is use}
        if "month" in fixed:
            return False
        holders = ["reporter", "year", *(["partner"] if "partner" in fixed else [])]
        rows, holder = added.rows_of(use, [*holders, "month", *amounts]), ", ".join(holders)
        months = (
            f"SELECT {holder}, count(DISTINCT month) FILTER (month <> '_X') AS months, bool_or(month = '_X') AS has_rest "
            f"FROM {{}} WHERE {_is_any(amounts)} GROUP BY {holder}"
        )
        here, all_ = months.format(f"({rows})"), months.format(f"mart.{_identifier(use.mart)}")
        found = self._rows(
            f"SELECT 1 FROM ({here}) AS h JOIN ({all_}) AS a USING ({holder}) "
            "WHERE h.months = a.months AND h.months > 1 AND a.has_rest AND NOT h.has_rest LIMIT 1"
        )
        return bool(found)

    def stocks_of_years(self, added: "Sum", use: "Use") -> list[str]:
        """The indicators that count people or things, or are lengths or areas, of which a sum adds several years."""
        group = sorted(column.name for column in added.group if column.use is use)
        series = list(dict.fromkeys([*group, "indicator", "place", "unit"]))
        rows = added.rows_of(use, [*series, *({"year", "value"} - set(group))])
        if "year" in group:
            return []
        found = self._rows(
            f"SELECT DISTINCT indicator FROM (SELECT {', '.join(map(_identifier, series))} FROM ({rows}) WHERE value IS NOT NULL "
            "GROUP BY ALL HAVING count(DISTINCT year) > 1) JOIN ref.indicator USING (indicator) "
            "WHERE unit_kind IN ('count', 'length', 'area') ORDER BY ALL LIMIT 3"
        )
        return [str(row[0]) for row in found]

    def seams(self, added: "Sum", use: "Use", column: str) -> list[int]:
        """The years in which a value column of a fact has a seam, of the rows that a sum adds."""
        rows = added.rows_of(use, ["year", "seams", column])
        found = self._rows(
            f"SELECT DISTINCT year FROM ({rows}) WHERE {_identifier(column)} IS NOT NULL "
            f"AND ({sql.literal(column)} = 'value_usd' OR contains('; ' || seams, {sql.literal(f'; {column}: ')})) AND seams IS NOT NULL ORDER BY year"
        )
        return [int(row[0]) for row in found]

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


def _table(mart: str) -> str:
    """The name of a mart, or of a reference table, with its schema."""
    return mart if "." in mart else f"mart.{mart}"


def _is_any(amounts: Sequence[str]) -> str:
    """The condition that one of the amounts is there."""
    return " OR ".join(f"{_identifier(amount)} IS NOT NULL" for amount in amounts) or "true"


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
