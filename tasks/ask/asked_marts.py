"""What the file that is asked says about its marts, its places and the rows that a sum adds."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import duckdb

from tasks.ask import summing
from warehouse import sql

if TYPE_CHECKING:  # importing it takes longer than most answers
    from tasks.ask.query_parts import Sum, Use


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

    def commonest(self, added: "Sum", use: "Use", columns: Sequence[str], true: Sequence[str] = ()) -> dict[str, str]:
        """The values of the columns that most of the rows that a sum adds, and for which the columns ``true`` hold, have together."""
        if not columns:
            return {}
        names = [_identifier(column) for column in columns]
        # Cities may be more than provinces, but are a part of them.
        order = [f"{name} IN ('city', 'prefecture')" for name in names if name.endswith('_kind"')]
        rows = self._rows(
            f"SELECT * EXCLUDE (n) FROM (SELECT {', '.join(f'{name}::VARCHAR AS {name}' for name in names)}, count(*) AS n "
            f"FROM ({added.rows_of(use, [*columns, *true])}) WHERE {' AND '.join(map(_identifier, true)) or 'true'} GROUP BY ALL) ORDER BY {', '.join([*order, 'n DESC', *names])} LIMIT 1"
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

    def repeats(self, added: "Sum") -> bool:
        """Whether a sum adds the same rows of its tables several times, as after a join on a part of a key."""
        numbered = added.numbered_rows()
        if numbered is None:
            return False
        rows, numbers, groups = numbered
        row = ", ".join(map(_identifier, numbers))
        by = f" GROUP BY {', '.join(map(_identifier, groups))}" if groups else ""
        return bool(
            self._rows(
                f"SELECT 1 FROM (SELECT count(*) > count(DISTINCT ({row})) AS found FROM ({rows}){by}) WHERE found LIMIT 1"
            )
        )

    def not_allotted(self, added: "Sum", use: "Use", part: str, amounts: Sequence[str]) -> float:
        """The largest share of a total that is not allotted to a part (product, month) and that a sum over parts leaves out."""
        fixed = {column.name for column in added.fixed if column.use is use}
        holders = ["reporter", "year", *(["partner"] if "partner" in fixed else [])]
        rows, holder = added.rows_of(use, ["reporter", "year", "partner", part, *amounts]), ", ".join(holders)
        # A part with partners _X has the published total of the part.
        is_whole = (
            f"bool_or({part} = '_X'{'' if 'partner' in fixed else chr(32) + 'OR partner = ' + sql.literal('_X')})"
        )
        amount = " + ".join(f"abs(coalesce({_identifier(name)}, 0))" for name in amounts)
        of_rest = f"sum({amount}) FILTER ({part} = '_X')"
        found = self._rows(
            f"SELECT max(share) FROM (SELECT {holder} FROM ({rows}) WHERE {_is_any(amounts)} GROUP BY {holder} HAVING NOT {is_whole}) "
            f"JOIN (SELECT {holder}, {of_rest}::DOUBLE / nullif(sum({amount}), 0) AS share FROM mart.{_identifier(use.mart)} GROUP BY {holder}) USING ({holder})"
        )
        return float(found[0][0] or 0) if found else 0.0

    def holders(self, added: "Sum", use: "Use", holder: str, column: str, measure: str) -> tuple[int, int]:
        """In the group of a sum that adds several holders (reporters, provinces) of a year without a published total of all: how many
        it adds at least and at most; (0, 0) where there is none."""
        group = sorted({c.name for c in added.group if c.use is use} - {"year"})
        rows = added.rows_of(use, list(dict.fromkeys([*group, holder, "year", column])))
        cells = f"SELECT DISTINCT year FROM core.{_identifier(use.mart + '_cell')} WHERE a = '_T' AND measure = {sql.literal(measure)}"
        by = ", ".join(["year", *map(_identifier, group)])
        found = self._rows(
            f"SELECT min(n), max(n) FROM (SELECT {by}, count(DISTINCT {holder}) FILTER ({holder} <> '_X') AS n FROM ({rows}) "
            f"WHERE {_identifier(column)} IS NOT NULL AND year NOT IN ({cells}) GROUP BY {by}) WHERE n > 1"
        )
        return (int(found[0][0]), int(found[0][1])) if found and found[0][0] else (0, 0)

    def without_value(self, added: "Sum", use: "Use", column: str) -> tuple[int, int]:
        """Of the places of a profile whose values a sum adds: how many have no value in the year with fewest, and how many there are."""
        rows = added.rows_of(use, ["place", "year", column])
        found = self._rows(
            f"SELECT arg_max(missing, missing), arg_max(n, missing) FROM (SELECT count(*) FILTER ({_identifier(column)} IS NULL) AS missing, "
            f"count(*) AS n, count({_identifier(column)}) AS there FROM ({rows}) GROUP BY year) WHERE there > 0 AND missing > 0"
        )
        return (int(found[0][0]), int(found[0][1])) if found and found[0][0] else (0, 0)

    def is_one_sided(self, added: "Sum", use: "Use", columns: Sequence[str]) -> bool:
        """Whether one of several columns is NULL in a row in which another is not."""
        nulls = " OR ".join(f"{_identifier(column)} IS NULL" for column in columns)
        return bool(
            self._rows(
                f"SELECT 1 FROM ({added.rows_of(use, columns)}) WHERE ({_is_any(columns)}) AND ({nulls}) LIMIT 1"
            )
        )

    def any_with(self, added: "Sum", use: "Use", columns: Sequence[str], conditions: str) -> bool:
        """Whether any row that a sum adds meets conditions on columns."""
        return bool(
            self._rows(f"SELECT 1 FROM ({added.rows_of(use, columns)}) WHERE {conditions} LIMIT 1", unknown=[(1,)])
        )

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

    def seams(self, added: "Sum", use: "Use", column: str, axis: str | None) -> list[int]:
        """The years in which a value column of a fact has a seam, of the rows that a sum adds; the first year has none.

        ``axis`` is what the sum adds along (partner): where the total of a year is published, a seam is one of the total, in its rest.
        """
        provenance = summing.provenance_of(column, use.columns)
        method = f"{provenance}.total_method" if provenance else "total_method"
        rows = added.rows_of(use, ["year", "seams", column, provenance or "total_method", *([axis] if axis else [])])
        is_rest = f"{axis} = '_X'" if axis else "true"
        has_seam = f"contains('; ' || seams, {sql.literal(f'; {column}: ')})" if provenance else "seams IS NOT NULL"
        found = self._rows(
            f"SELECT DISTINCT year FROM (SELECT *, min(year) OVER () AS first_year, bool_or({method} <> 'none published') OVER (PARTITION BY year) AS has_total "
            f"FROM ({rows}) WHERE {_identifier(column)} IS NOT NULL) "
            f"WHERE year > first_year AND {has_seam} AND ({is_rest} OR NOT has_total) ORDER BY year"
        )
        return [int(row[0]) for row in found]

    def not_additive(self, added: "Sum", use: "Use") -> list[str]:
        """The indicators that are added and are not additive."""
        rows = added.rows_of(use, ["indicator", "additive_over"])
        query = f"SELECT DISTINCT indicator FROM ({rows}) WHERE additive_over = 'nothing' ORDER BY ALL LIMIT 3"
        return [str(row[0]) for row in self._rows(query)]

    def totals(self, added: "Sum", use: "Use", column: str, provenance: str, is_unknown: str) -> tuple[int, int]:
        """How many totals of those that a sum adds parts of are not known (condition ``is_unknown``), and how many there are."""
        holders = summing.holders_of(use.columns)
        rows = added.rows_of(use, [*holders, column, provenance])
        holder = f"({', '.join(holders)})"
        found = self._rows(
            f"SELECT count(DISTINCT {holder}) FILTER ({is_unknown}), count(DISTINCT {holder}) "
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
