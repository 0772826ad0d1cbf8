"""Results for people: a table without the zeros that only a type adds, and the parts of a struct in words."""

from typing import Any

import duckdb

#: Rows of a result that are looked at for a table, one more than DuckDB counts.
_MOST_LOOKED_AT = 10_001
#: The parts of a figure's provenance that are shown in a table, in this order; all are in the other formats.
_SHOWN_OF_PROVENANCE = ("publisher", "dataset", "published_on", "method")


def for_table(con: duckdb.DuckDBPyConnection, relation: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    """The first rows of a result as they are shown: decimals with the places that the column needs, structs as text."""
    if not any(type_.id in ("decimal", "struct") for type_ in relation.types):
        return relation
    con.register("result_of_query", relation)
    con.execute(f"CREATE OR REPLACE TEMP TABLE shown AS SELECT * FROM result_of_query LIMIT {_MOST_LOOKED_AT}")
    shown = con.sql("FROM shown")
    columns = list(zip(shown.columns, shown.types, strict=True))
    places = _places_needed(con, [name for name, type_ in columns if type_.id == "decimal"])
    return con.sql(f"SELECT {', '.join(_shown(name, type_, places) for name, type_ in columns)} FROM shown")


def for_text(con: duckdb.DuckDBPyConnection, relation: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    """The result with each struct, list and map as JSON text, for formats that have no such values."""
    columns = list(zip(relation.columns, relation.types, strict=True))
    if not any(_is_nested(type_) for _, type_ in columns):
        return relation
    con.register("result_with_parts", relation)
    names = (identifier(name) for name in con.sql("FROM result_with_parts").columns)
    texts = (
        f"CAST(to_json({name}) AS VARCHAR) AS {name}" if _is_nested(type_) else name
        for name, (_, type_) in zip(names, columns, strict=True)
    )
    return con.sql(f"SELECT {', '.join(texts)} FROM result_with_parts")


def identifier(name: str) -> str:
    """A column's name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def _is_nested(type_: duckdb.sqltypes.DuckDBPyType) -> bool:
    return type_.id in ("struct", "list", "map", "array", "union")


def _places_needed(con: duckdb.DuckDBPyConnection, decimals: list[str]) -> dict[str, int]:
    """How many decimal places the values of each column have, without zeros at the end."""
    if not decimals:
        return {}
    counts = (f"max(length(rtrim(split_part(CAST({identifier(name)} AS VARCHAR), '.', 2), '0')))" for name in decimals)
    (row,) = con.execute(f"SELECT {', '.join(counts)} FROM shown").fetchall()
    return {name: count or 0 for name, count in zip(decimals, row, strict=True)}


def _shown(name: str, type_: duckdb.sqltypes.DuckDBPyType, places: dict[str, int]) -> str:
    """SQL for a column as it is shown."""
    column = identifier(name)
    if type_.id == "decimal":
        digits: dict[str, Any] = dict(type_.children)
        whole = digits["precision"] - digits["scale"]
        return f"CAST({column} AS DECIMAL({max(whole + places[name], 1)}, {places[name]})) AS {column}"
    if type_.id == "struct":
        return f"CASE WHEN {column} IS NOT NULL THEN {_in_words(column, type_)} END AS {column}"
    return column


def _in_words(column: str, type_: duckdb.sqltypes.DuckDBPyType) -> str:
    """SQL for a struct as text: the main parts of a provenance, or each part that there is with its name."""
    parts = [str(name) for name, _ in type_.children]
    if set(_SHOWN_OF_PROVENANCE) <= set(parts):
        return f"concat_ws(', ', {', '.join(f'{column}.{part}' for part in _SHOWN_OF_PROVENANCE)})"
    texts = (f"{_quoted(part + ': ')} || {column}.{identifier(part)}" for part in parts)
    return f"concat_ws(', ', {', '.join(texts)})"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
