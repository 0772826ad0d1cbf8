"""The data dictionary as a page, docs/tables.md, generated from the schemas."""

from collections.abc import Iterator

from schemas import base, types
from schemas.base import Table
from schemas.columns import MEANINGS
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


if __name__ == "__main__":
    print(tables_page(), end="")  # noqa: T201
