"""The Parquet files of a release and the Frictionless data package that describes them.

Every mart is a file with all its words but for the figures of bulk datasets, which are stored narrow, a file a partition, with the tables that their
keys refer to beside them (tasks.publish.bulk_files): written with all their words they took ten times the time, and all of them with every release.
"""

import json
from pathlib import Path
from typing import Any

import duckdb

from schemas import base, core, mart
from schemas.base import Table, table_name
from tasks import sources
from tasks.publish import bulk_files
from warehouse import connection, ddl, sql
from warehouse.connection import one
from warehouse.settings import Home, Settings

#: Tables published as Parquet beside the marts; those of core are what the keys and parts of bulk figures refer to.
_ALSO = (
    "ref.place", "ref.place_code", "ref.place_group", "ref.source", "meta.editions", "meta.citations",
    "core.trade_part", "core.trade_slice", "core.trade_product",
)  # fmt: skip
#: What a file of a mart has where it is not the mart itself: figures of bulk datasets have files of their own.
_WITHOUT_BULK = {table_name(mart.FIGURES_OF["trade"]): "core.trade_figures"}
#: A mart of bulk figures alone, which the data package says how to make of their files.
ONLY_BULK = "mart.trade_reconciled"
#: Below this many cells the Parquet file of a table is written in a total order, so that equal inputs give equal files. Larger ones are in the order
#: of what is stored: half a million rows of trade with all their words took more memory to sort than three million to write.
_SORTED_BELOW = 6_000_000

#: Types of a Frictionless table schema, https://datapackage.org/standard/table-schema/
_FRICTIONLESS = {
    "TEXT": "string", "DECIMAL": "number", "INT": "integer", "BIGINT": "integer", "BOOLEAN": "boolean",
    "DATE": "date", "TIMESTAMPTZ": "datetime", "TIMESTAMP": "datetime", "DOUBLE": "number", "STRUCT": "object",
}  # fmt: skip


def tables() -> list[type[Table]]:
    """The tables that have a Parquet file each."""
    stored = {table_name(t): t for t in ddl.STORED}
    return [*(t for t in ddl.VIEWS if table_name(t) != ONLY_BULK), *(stored[name] for name in _ALSO)]


def write(
    home: Home, settings: Settings, folder: Path, release: str, older: Path | None = None, notice: str | None = None
) -> None:
    """Write the tables of the published file in ``folder`` as Parquet beside it, with a data package that says ``notice``.

    ``older`` is the folder of the release before: files of bulk partitions that have not changed since are taken from it.
    """
    parquet = folder / "parquet"
    parquet.mkdir()
    # Without its bounds DuckDB would take four fifths of the machine's memory to sort and join.
    bounds = connection.bounds(home, settings)
    with duckdb.connect(str(folder / "entrepot.duckdb"), read_only=True, config=bounds) as con:
        connection.configure(con)
        resources = [_write_table(con, parquet, table) for table in tables()]
        partitions = bulk_files.write(con, folder, older)
        resources += [_resource(con, parquet, path, core.TradeBulk) for path in partitions]
        in_words = bulk_files.in_words(con) if partitions else None
    described = "\n\n".join(filter(None, [notice, in_words]))
    package = _package(release, resources) | ({"description": described} if described else {})
    (parquet / "datapackage.json").write_text(json.dumps(package, ensure_ascii=False, indent=1), encoding="utf-8")


def _write_table(con: duckdb.DuckDBPyConnection, parquet: Path, table: type[Table]) -> dict[str, Any]:
    name = table_name(table)
    path = parquet / f"{name.removeprefix('mart.').replace('.', '_')}.parquet"
    rows_of = _WITHOUT_BULK.get(name, name)
    (rows,) = one(con.execute(f"SELECT count(*) FROM {rows_of}"))
    order = "ORDER BY ALL" if rows * len(base.columns(table)) < _SORTED_BELOW else ""
    con.execute(f"COPY (SELECT * FROM {rows_of} {order}) TO {sql.quoted(str(path))} (FORMAT parquet, COMPRESSION zstd)")
    return _resource(con, parquet, path, table)


def _resource(con: duckdb.DuckDBPyConnection, parquet: Path, path: Path, table: type[Table]) -> dict[str, Any]:
    """What the data package says of a file."""
    described = {column.name: column for column in base.columns(table)}
    names = [name for name, *_ in con.execute(f"DESCRIBE FROM {sql.quoted(str(path))}").fetchall()]
    relative = path.relative_to(parquet)
    return {
        "name": ".".join([*relative.parent.parts, path.stem]),
        "path": relative.as_posix(),
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "description": base.description(table),
        "schema": {
            "fields": [_field(described[name]) for name in names],
            "missingValues": ["", "nan"],  # Frictionless reads an empty whole number of a Parquet file as nan
        },
    }


def _field(column: base.Column) -> dict[str, Any]:
    kind = _FRICTIONLESS[column.type.split("(")[0]]
    field: dict[str, Any] = {"name": column.name, "type": kind, "description": column.description}
    if column.unit:
        field["unit"] = column.unit
    return field


def _package(release: str, resources: list[dict[str, Any]]) -> dict[str, Any]:
    """A data package descriptor, https://datapackage.org/standard/data-package/"""
    return {
        "name": "entrepot",
        "title": "Entrepôt: international trade and foreign direct investment",
        "version": release,
        "licenses": [{"name": "other", "title": "each source's own terms: see the table ref_source"}],
        "sources": [{"title": f"{s.id}: {s.title}"} for s in sources.all_sources().values()],
        "resources": resources,
    }
