"""The data dictionary as a page, docs/tables.md, generated from the schemas."""

from collections.abc import Iterator

from schemas import base, types
from schemas.base import Table
from schemas.columns import MEANINGS
from schemas.formulas import FORMULAS
from warehouse import ddl


def tables_page() -> str:
    """The text of docs/tables.md."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Tables"
    yield ""
    yield "Generated from the schemas by `make docs`; the same text is in the database (`COMMENT ON`, `meta.columns`)."
    for title, tables in (
        ("Marts: what analysts use", ddl.VIEWS),
        ("Stored tables", ddl.STORED),
    ):
        yield ""
        yield f"## {title}"
        for table in tables:
            yield from _table(table)
    yield from _provenance()
    yield from _formulas()


def _table(table: type[Table]) -> Iterator[str]:
    yield ""
    yield f"### {base.table_name(table)}"
    yield ""
    yield base.description(table)
    yield ""
    yield "| column | type | unit | meaning |"
    yield "|---|---|---|---|"
    for column in base.columns(table):
        yield f"| {column.name} | {_type(column)} | {column.unit or ''} | {column.description} |"


def _type(column: base.Column) -> str:
    """The type of a column; the structure of a provenance, which is long and always the same, by its name."""
    return "[provenance](#provenance)" if column.type.startswith("STRUCT") else column.type


def _provenance() -> Iterator[str]:
    """What the columns `…_from` of facts hold."""
    yield ""
    yield "## Provenance"
    yield ""
    yield "Where one value of a fact comes from: a structure with the fields below, such as `exports_from.publisher`."
    yield ""
    yield "| field | meaning |"
    yield "|---|---|"
    for name in types.Provenance().fields:
        yield f"| {name} | {MEANINGS[name].description} |"


def _formulas() -> Iterator[str]:
    """The macros that compute the measures of the field."""
    yield ""
    yield "## Formulas"
    yield ""
    yield "Macros over values, for any query: `SELECT year, hhi(exports_usd) FROM trade WHERE reporter = 'CHN' GROUP BY year`. They read no table, so that"
    yield "`figures.mart.hhi(…)` works where the file is attached as `figures`. Those over rows are aggregates of the rows of a group."
    yield ""
    yield "| formula | over | meaning |"
    yield "|---|---|---|"
    for formula in FORMULAS:
        call = f"`{formula.name}({', '.join(formula.parameters)})`"
        yield f"| {call} | {'rows' if formula.over_rows else 'values'} | {formula.meaning.replace('|', '&#124;')} |"


if __name__ == "__main__":
    print(tables_page(), end="")  # noqa: T201
