"""The data dictionary as a page, docs/tables.md, generated from the schemas."""

from collections.abc import Iterator

from schemas import base
from schemas.base import Table
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


def _table(table: type[Table]) -> Iterator[str]:
    yield ""
    yield f"### {base.table_name(table)}"
    yield ""
    yield base.description(table)
    yield ""
    yield "| column | type | unit | meaning |"
    yield "|---|---|---|---|"
    for column in base.columns(table):
        yield f"| {column.name} | {column.type} | {column.unit or ''} | {column.description} |"


if __name__ == "__main__":
    print(tables_page(), end="")  # noqa: T201
