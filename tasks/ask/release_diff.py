"""What changed between two published releases, by mart and dataset, and which input caused it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from schemas import base, lineage, mart
from schemas.lineage.kinds import CellLineage
from tasks.contract import facts
from tasks.publish import export, release, release_seal
from warehouse import connection, sql
from warehouse.connection import first
from warehouse.errors import Unknown
from warehouse.settings import Home

_TABLES = {base.table_name(table).removeprefix("mart."): table for table in mart.VIEWS}
_NUMBERS = ("DECIMAL", "INT", "BIGINT", "DOUBLE")
#: Where the names of the files begin that a mart of bulk figures is made of.
_BULK_FILES = "parquet/core_trade_"
#: What a figure says, by its mart, where that is not in the column "value".
_SAID = {"fdi_rate": "rate_percent", "milestone_figures": "opened_on", "visits": "started_on"}


@dataclass(frozen=True)
class Input:
    """A file that stands in one of the releases only. ``kind`` is new or gone."""

    kind: str
    source: str
    dataset: str
    artifact: str
    filename: str
    published_on: Any


@dataclass(frozen=True)
class PreferenceChange:
    """A rank of ref.preference that differs; None where the release has no such row."""

    fact: str
    source: str
    dataset_prefix: str
    before: int | None
    after: int | None


@dataclass(frozen=True)
class Count:
    """How many values of a mart and dataset the newer release has, and how many changed, are new and are gone.

    ``share`` is that of changed values among those that both releases have; None where there are none.
    """

    mart: str
    dataset: str | None
    values: int
    changed: int
    new: int
    gone: int
    share: float | None


@dataclass(frozen=True)
class Change:
    """A value that differs. ``before`` and ``after`` are texts of numbers or dates. ``kind`` is changed, new or gone."""

    mart: str
    cell: str
    column: str
    kind: str
    before: str | None
    after: str | None
    difference: float | None
    relative_difference: float | None
    before_dataset: str | None
    after_dataset: str | None
    cause: str


@dataclass(frozen=True)
class Difference:
    """What changed from release ``older`` to ``newer``.

    ``counts`` are of the marts whose published files differ. ``largest`` has the largest changes of each mart. ``left_out`` says of marts that cannot be compared why.
    """

    older: str
    newer: str
    inputs: list[Input]
    preferences: list[PreferenceChange]
    counts: list[Count]
    largest: list[Change]
    left_out: list[str]


@dataclass(frozen=True)
class _Value:
    """A value column of a mart: SQL for its text, its dataset and its artifact."""

    column: str
    text: str
    dataset: str
    artifact: str


@dataclass(frozen=True)
class _Compared:
    """What of a mart is compared: the columns that identify a value, the values, and a condition on rows."""

    name: str
    key: list[str]
    values: list[_Value]
    rows: str = "true"


def two_releases(home: Home, older: str | None, newer: str | None) -> tuple[str, str]:
    """The names of the releases to compare: by default the last two that are kept; one name is compared with the last.

    Raises Unknown for a release that is not kept, or where fewer than two are.
    """
    kept = release.releases(home)
    for name in (older, newer):
        if name is not None and name not in kept:
            raise Unknown(f"release {name!r} is not kept; there are: {', '.join(kept) or 'none'}")
    if len(kept) < 2:
        raise Unknown(
            f"{len(kept)} release is kept in {home.releases}, and a comparison takes two: `entrepot build` makes one when "
            "something has changed, and ENTREPOT_KEEP_RELEASES says how many stay"
        )
    if older is None:
        return kept[-2], kept[-1]
    return older, newer or kept[-1]


@contextmanager
def compare(
    home: Home, older: str, newer: str, largest: int = 10
) -> Iterator[tuple[Difference, duckdb.DuckDBPyConnection]]:
    """What changed between two releases, and a connection whose table ``change`` has every value that differs.

    ``largest`` is how many changes of each mart the difference lists.
    """
    con = duckdb.connect()
    try:
        connection.configure(con)
        folders = home.releases / older, home.releases / newer
        for name, folder in zip(("older", "newer"), folders, strict=True):
            con.execute(f"ATTACH {sql.quoted(str(folder / 'entrepot.duckdb'))} AS {name} (READ_ONLY)")
        without = [release for name, release in (("older", older), ("newer", newer)) if not _has_preferences(con, name)]
        _compare_inputs(con, *folders)
        con.execute(sql.read("diff/change.sql"))
        counts, left_out = _compare_marts(con, *folders)
        yield (
            Difference(
                older,
                newer,
                [Input(*row) for row in con.execute("FROM input ORDER BY ALL").fetchall()],
                []
                if without
                else [PreferenceChange(*r) for r in con.execute(sql.read("diff/preferences.sql")).fetchall()],
                counts,
                [Change(*row) for row in con.execute(sql.read("diff/largest.sql"), [largest]).fetchall()],
                [*(f"ref.preference: release {name} does not have it" for name in without), *left_out],
            ),
            con,
        )
    finally:
        con.close()


def _has_preferences(con: duckdb.DuckDBPyConnection, database: str) -> bool:
    """Whether a release has ref.preference, which those of older programs do not."""
    query = (
        "SELECT 1 FROM duckdb_tables() WHERE database_name = ? AND schema_name = 'ref' AND table_name = 'preference'"
    )
    return first(con.execute(query, [database])) is not None


def _compare_inputs(con: duckdb.DuckDBPyConnection, older: Path, newer: Path) -> None:
    files = [str(folder / "parquet" / "meta_editions.parquet") for folder in (older, newer)]
    con.execute(sql.render("diff/inputs.sql", older=files[0], newer=files[1]))


def _compare_marts(con: duckdb.DuckDBPyConnection, older: Path, newer: Path) -> tuple[list[Count], list[str]]:
    """The counts of every mart that differs, and why a mart is left out. Fills the table ``change``."""
    counts: list[Count] = []
    left_out: list[str] = []
    for compared in _marts():
        is_bulk = f"mart.{compared.name}" == export.ONLY_BULK
        if release_seal.same_files(older, newer, _BULK_FILES if is_bulk else f"parquet/{compared.name}.parquet"):
            continue  # a mart of a hundred million rows is seldom another one
        files = [folder / "parquet" / f"{compared.name}.parquet" for folder in (older, newer)]
        if why := _cannot_compare(con, compared, *files):
            left_out.append(why)
            continue
        relations = dict(zip(("older", "newer"), map(_relation, ("older", "newer"), files), strict=True))
        con.execute(sql.render("diff/values.sql", **relations, mart=compared))
        for dataset, values, changed, new, gone, in_both in con.execute(sql.read("diff/counted.sql")).fetchall():
            share = changed / in_both if in_both else None
            counts.append(Count(compared.name, dataset, values, changed, new, gone, share))
        con.execute(sql.render("diff/changes.sql", mart=compared.name))
    return counts, left_out


def _relation(database: str, file: Path) -> str:
    """A FROM clause of a mart of a release: its Parquet file, or, of one that has none, the view in the release's database."""
    return f"read_parquet({sql.quoted(str(file))})" if file.exists() else f"{database}.mart.{file.stem}"


def _cannot_compare(con: duckdb.DuckDBPyConnection, compared: _Compared, older: Path, newer: Path) -> str | None:
    """Why a mart cannot be compared: a release of another version of the program has other marts or columns."""
    for database, file in (("older", older), ("newer", newer)):
        described = _described(file) or _in_database(con, database, file.stem)
        if described is None:
            return f"{compared.name}: release {file.parent.parent.name} does not have it"
        wanted = {c.name: c.type.split("(")[0] for c in base.columns(_TABLES[compared.name])}
        missing = [c for c in compared.key if c not in described] + [
            v.column for v in compared.values if v.column not in described
        ]
        if missing or set(wanted) - set(described):
            absent = ", ".join(sorted({*missing, *(set(wanted) - set(described))}))
            return f"{compared.name}: release {file.parent.parent.name} does not have the columns {absent}"
    return None


def _described(file: Path) -> set[str] | None:
    """The columns of a published Parquet file, as the data package beside it says; None for a mart that is not in it."""
    package = json.loads((file.parent / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        if resource["path"] == file.name:
            return {field["name"] for field in resource["schema"]["fields"]}
    return None


def _in_database(con: duckdb.DuckDBPyConnection, database: str, name: str) -> set[str] | None:
    """The columns of a mart of bulk figures, which has no file of its own; None where a release does not have it."""
    if f"mart.{name}" != export.ONLY_BULK:
        return None
    query = (
        "SELECT column_name FROM duckdb_columns() WHERE database_name = ? AND schema_name = 'mart' AND table_name = ?"
    )
    return {column for (column,) in con.execute(query, [database, name]).fetchall()} or None


def _marts() -> Iterator[_Compared]:
    """Facts, then figures. Reconciled figures are compared in their fact."""
    for name, of in lineage.FACTS.items():
        columns = of.columns.values() if isinstance(of, CellLineage) else of.columns
        key = base.key(_TABLES[name]) or list(of.key)
        yield _Compared(name, key, [_value(name, c) for c in dict.fromkeys(columns) if c not in key])
    for fact in facts.ALL:
        name = base.table_name(mart.FIGURES_OF[fact.name]).removeprefix("mart.")
        there = {c.name for c in base.columns(mart.FIGURES_OF[fact.name])}
        key = [c for c in ("source", *base.key(fact.conformed)) if c != "published_on" and c in there]
        rows = "measurement <> 'reconciled'" if name == "trade_figures" else "true"
        yield _Compared(name, key, [_value(name, _SAID.get(name, "value"))], rows)


def _value(name: str, column: str) -> _Value:
    types = {c.name: c.type.split("(")[0] for c in base.columns(_TABLES[name])}
    text = f'"{column}"::VARCHAR'
    if types[column] in _NUMBERS:  # of the same number of digits, whatever the width of the column is in a release
        text = f'CAST(CAST("{column}" AS DECIMAL(38, 9)) AS VARCHAR)'
    provenance = f"{column.removesuffix('_usd').removesuffix('_exact')}_from"
    if provenance in types:
        return _Value(column, text, f"{provenance}.dataset", f"{provenance}.artifact")
    return _Value(column, text, "dataset", "artifact" if "artifact" in types else "NULL")
