"""The database describes itself as the schemas say, and its short names work wherever it is opened."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from schemas import base, lineage
from schemas.base import Table, table_name
from schemas.mart.figures import MartTradeFigures
from tasks.publish import identity as release_identity
from tasks.publish import release
from warehouse import ddl, file_version, marts, sql
from warehouse.connection import make_folders, writer
from warehouse.errors import HomeError
from warehouse.settings import Home, Settings

ALL = (*ddl.STORED, *ddl.VIEWS)


@pytest.fixture(scope="module")
def published(warehouse_template: Path, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published file without figures."""
    home = Home(tmp_path_factory.mktemp("ddl"))
    make_folders(home)
    shutil.copyfile(warehouse_template, home.warehouse)
    with writer(home, settings) as con:
        fingerprint = release_identity.of_release(con)
    return release.publish(home, settings, fingerprint).path


@pytest.fixture(scope="module")
def con(published: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A plain connection to the published file, as any DuckDB client makes it."""
    with duckdb.connect(str(published), read_only=True) as opened:
        yield opened


def columns(con: duckdb.DuckDBPyConnection, name: str) -> list[tuple[str, str, bool, str | None]]:
    """Name, type, nullability and comment of every column."""
    schema, table = name.split(".")
    return con.execute(
        "SELECT column_name, data_type, is_nullable, comment FROM duckdb_columns() "
        "WHERE schema_name = ? AND table_name = ? ORDER BY column_index",
        [schema, table],
    ).fetchall()


def as_described(con: duckdb.DuckDBPyConnection, type_name: str) -> str:
    """A type in DuckDB's own spelling."""
    row = con.execute(f"SELECT typeof(CAST(NULL AS {type_name}))").fetchone()
    assert row is not None
    return str(row[0])


@pytest.mark.parametrize("table", ALL, ids=table_name)
def test_a_table_and_each_of_its_columns_are_described_by_the_schema(
    con: duckdb.DuckDBPyConnection, table: type[Table]
) -> None:
    schema, name = table_name(table).split(".")
    actual = con.execute(
        "SELECT comment FROM duckdb_tables() WHERE schema_name = $1 AND table_name = $2 "
        "UNION ALL SELECT comment FROM duckdb_views() WHERE schema_name = $1 AND view_name = $2",
        [schema, name],
    ).fetchall()
    assert actual == [(base.description(table),)]
    assert len(actual[0][0]) > 20
    comments = {name: comment for name, _, _, comment in columns(con, table_name(table))}
    assert comments == {
        c.name: c.description + (f" [{c.unit}]" if c.unit else "") for c in base.columns(table) if c.description
    }


@pytest.mark.parametrize("table", ALL, ids=table_name)
def test_columns_and_types_are_those_of_the_schema(con: duckdb.DuckDBPyConnection, table: type[Table]) -> None:
    actual = {name: kind for name, kind, _, _ in columns(con, table_name(table))}
    # An enumeration is a text of which the database keeps the number.
    spelt = {name: re.sub(r"^ENUM\(.*\)$", "VARCHAR", kind) for name, kind in actual.items()}
    wanted = {c.name: as_described(con, c.type) for c in base.columns(table)}
    assert spelt == wanted


@pytest.mark.parametrize("table", ddl.STORED, ids=table_name)
def test_what_must_be_there_cannot_be_null(con: duckdb.DuckDBPyConnection, table: type[Table]) -> None:
    declared = {c.name: c.nullable for c in base.columns(table)}
    assert {name: nullable for name, _, nullable, _ in columns(con, table_name(table))} == declared
    assert not all(declared.values())


def test_the_database_refuses_a_null_that_the_schema_forbids(warehouse: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(duckdb.ConstraintException):
        warehouse.execute("INSERT INTO meta.settings VALUES ('a', NULL)")


def test_nothing_is_stored_that_no_schema_declares(con: duckdb.DuckDBPyConnection) -> None:
    stored = {f"{s}.{t}" for s, t in con.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall()}
    assert stored == {table_name(t) for t in ddl.STORED} | set(marts.stored())
    views = con.execute("SELECT view_name FROM duckdb_views() WHERE schema_name = 'mart'").fetchall()
    shown = {f"mart.{name}" for (name,) in views} | {name for name in marts.stored() if name.startswith("mart.")}
    assert shown == {n for v in ddl.VIEWS if (n := table_name(v)).startswith("mart.")}


def test_the_data_dictionary_is_complete(con: duckdb.DuckDBPyConnection) -> None:
    actual = con.execute(
        "SELECT table_name, column_name, data_type, unit, description, is_key FROM meta.columns"
    ).fetchall()
    wanted = [tuple(row.values()) for table in ALL for row in ddl.dictionary(table)]
    assert sorted(actual, key=str) == sorted(wanted, key=str)
    assert all(description for *_, description, _ in actual)


def test_the_data_dictionary_gives_the_key_of_a_table(con: duckdb.DuckDBPyConnection) -> None:
    query = "SELECT list(column_name ORDER BY column_name) FROM meta.columns WHERE table_name = 'mart.trade' AND is_key"
    assert con.execute(query).fetchall() == [(["partner", "reporter", "year"],)]


def test_describing_twice_changes_nothing(warehouse: duckdb.DuckDBPyConnection) -> None:
    marts.store(warehouse)
    ddl.describe(warehouse)
    once = warehouse.execute("FROM meta.columns ORDER BY ALL").fetchall()
    ddl.describe(warehouse)
    assert warehouse.execute("FROM meta.columns ORDER BY ALL").fetchall() == once


def test_the_comment_of_a_column_gives_its_unit(con: duckdb.DuckDBPyConnection) -> None:
    comments = {name: comment for name, _, _, comment in columns(con, "mart.trade_figures")}
    meaning = next(c for c in base.columns(MartTradeFigures) if c.name == "net_weight_kg")
    assert meaning.unit
    assert (comments["net_weight_kg"] or "").endswith(f"[{meaning.unit}]")


# -- the file version -----------------------------------------------------------------------------------------------


def on_record(con: duckdb.DuckDBPyConnection) -> str:
    """The file version that is on record."""
    row = con.execute("SELECT setting_value FROM meta.settings WHERE setting = 'layout'").fetchone()
    assert row is not None
    return str(row[0])


def test_the_file_version_is_on_record_once(warehouse: duckdb.DuckDBPyConnection) -> None:
    ddl.create_tables(warehouse)
    ddl.create_tables(warehouse)
    assert warehouse.execute("SELECT count(*) FROM meta.settings WHERE setting = 'layout'").fetchone() == (1,)
    assert on_record(warehouse) == str(file_version.CURRENT)


def test_a_file_of_a_newer_version_is_refused_with_what_to_do(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute("UPDATE meta.settings SET setting_value = '99' WHERE setting = 'layout'")
    with pytest.raises(HomeError, match=r"newer version.*file version 99.*upgrade entrepot, or choose another --home"):
        ddl.create_tables(warehouse)
    assert on_record(warehouse) == "99"


# -- short names and macros -----------------------------------------------------------------------------------

SHORT = [table_name(v).removeprefix("mart.") for v in ddl.VIEWS if table_name(v).startswith("mart.")]
AS_OF = ("trade_figures_as_of", "fdi_figures_as_of", "indicator_figures_as_of", "presence_figures_as_of")
CONVERSIONS = (
    "trade_in_classification",
    "reconciled_in_classification",
    "trade_by_family",
    "partition_of",
    "indicator_by_group",
)
MEASURES = ("rca", "rca_among_reporters", "trade_intensity", "intra_industry", "constant_market_share")
FIGURES_OF = [f"figures_of_{name}" for name in lineage.FACTS]


def test_macros_stand_in_mart_and_main(con: duckdb.DuckDBPyConnection) -> None:
    actual = con.execute(
        "SELECT schema_name, function_name FROM duckdb_functions() WHERE function_type = 'table_macro' AND NOT internal AND schema_name IN ('mart', 'main')"
    ).fetchall()
    assert {
        (schema, name) for schema in ("main", "mart") for name in (*AS_OF, *CONVERSIONS, *MEASURES, *FIGURES_OF)
    } == set(actual)


def test_every_macro_of_marts_is_described(con: duckdb.DuckDBPyConnection) -> None:
    actual = con.execute(
        "SELECT schema_name, function_name, comment FROM duckdb_functions() "
        "WHERE function_type = 'table_macro' AND NOT internal AND schema_name IN ('mart', 'main') ORDER BY ALL"
    ).fetchall()
    assert [(schema, name) for schema, name, comment in actual if not comment or len(comment) < 40] == []
    assert len({comment for _, _, comment in actual}) == len(actual) / 2, (
        "a macro in main has the description of that in mart"
    )


@pytest.mark.parametrize("name", SHORT)
def test_a_mart_answers_to_its_short_name(con: duckdb.DuckDBPyConnection, name: str) -> None:
    con.execute(f"FROM {name}").fetchall()
    con.execute(f"FROM mart.{name}").fetchall()


@pytest.mark.parametrize("name", AS_OF)
def test_an_as_of_macro_has_the_columns_of_its_mart(con: duckdb.DuckDBPyConnection, name: str) -> None:
    # Names and types: whether a view's column may be empty DuckDB only guesses, and otherwise where a view is put together.
    described = "SELECT column_name, column_type FROM (DESCRIBE FROM {})"
    wanted = con.execute(described.format(f"mart.{name.removesuffix('_as_of')}")).fetchall()
    for call in (
        f"{name}('2022-06-01')",
        f"mart.{name}(DATE '2022-06-01')",
        f"{name}(TIMESTAMPTZ '2022-06-01 12:00Z')",
    ):
        assert con.execute(described.format(call)).fetchall() == wanted, call


@pytest.mark.parametrize("name", SHORT)
def test_a_mart_works_where_the_file_is_attached_under_another_name(published: Path, name: str) -> None:
    with duckdb.connect() as con:
        con.execute(f"ATTACH {sql.quoted(str(published))} AS figures (READ_ONLY)")
        con.execute(f"FROM figures.{name}").fetchall()
        con.execute(f"FROM figures.mart.{name}").fetchall()


def test_as_of_macros_work_on_an_attached_file_that_is_in_use(published: Path) -> None:
    """DuckDB resolves the tables in a macro where it is called, so that ``USE`` is needed."""
    with duckdb.connect() as con:
        con.execute(f"ATTACH {sql.quoted(str(published))} AS figures (READ_ONLY)")
        con.execute("USE figures")
        for name in AS_OF:
            con.execute(f"FROM {name}('2022-06-01')").fetchall()


def test_the_published_file_cannot_be_written_by_its_readers(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(duckdb.InvalidInputException, match="read-only"):
        con.execute("DELETE FROM meta.settings")


def test_views_can_be_made_again(warehouse: duckdb.DuckDBPyConnection) -> None:
    ddl.create_views(warehouse)
    ddl.create_views(warehouse)
    assert warehouse.execute("SELECT count(*) FROM trade_figures").fetchone() == (0,)


def test_bulk_figures_of_an_older_file_version_move_version_for_version(warehouse: duckdb.DuckDBPyConnection) -> None:
    """File version 1 had BACI in core.trade; what else is there stays."""
    con = warehouse
    con.execute("INSERT INTO core.trade_slice VALUES (1, 'export', 'FOB', NULL, 'HS1992', 'A', '2023', 'USD', NULL)")
    for edition, source in ((1, "cepii.baci"), (2, "cepii.baci"), (3, "uncomtrade")):
        con.execute(
            "INSERT INTO meta.editions (edition, source, dataset, table_name, partition, published_precision, known_from, artifact, filename, "
            "is_complete, rows_stated, content_hash) VALUES (?, ?, 'd', 'core.trade', 'p', 'unknown', now(), 'a', 'f', TRUE, 1, 'c')",
            [edition, source],
        )
    for number, (edition, replaced, value, status) in enumerate(
        [(1, None, 5, "A"), (1, 2, 6, "A"), (2, None, 7, "A"), (1, 2, 8, "A"), (2, None, None, "O"), (3, None, 9, "A")]
    ):
        con.execute(
            "INSERT INTO core.trade (edition, superseded_by, slice, reporter_key, partner_key, product_key, value, obs_status) "
            "SELECT ?, ?, 1, r.place_key, p.place_key, q.product_key, ?, ? FROM ref.place AS r, ref.place AS p, ref.product AS q "
            "WHERE r.place = 'JPN' AND p.place = 'CHN' AND q.classification = 'HS1992' AND level = 6 "
            "ORDER BY q.product LIMIT 1 OFFSET ?",
            [edition, replaced, value, status, number],
        )
    con.execute(
        "INSERT INTO meta.quarantine VALUES ('a', 'cepii.baci', 'f', 'core.trade', 7, 'staged', 'v: …', '{}', now())"
    )
    ddl.create_views(con)
    # Figures of bulk datasets are reconciled from both sides; of others the view does not ask.
    shown = "SELECT * EXCLUDE (measurement) FROM core.trade_versions ORDER BY ALL"
    before = con.execute(shown).fetchall()
    con.execute("UPDATE meta.settings SET setting_value = '1' WHERE setting = 'layout'")
    ddl.create_tables(con)
    assert len(before) == 6
    assert con.execute(shown).fetchall() == before
    assert on_record(con) == str(file_version.CURRENT)
    assert con.execute("SELECT edition FROM core.trade").fetchall() == [(3,)]
    assert con.execute("SELECT count(*), count(DISTINCT part) FROM core.trade_bulk").fetchone() == (5, 4)
    assert con.execute("SELECT DISTINCT table_name FROM meta.quarantine").fetchall() == [("core.trade_bulk",)]
    assert con.execute("SELECT edition, table_name FROM meta.editions ORDER BY 1").fetchall() == [
        (1, "core.trade_bulk"), (2, "core.trade_bulk"), (3, "core.trade"),
    ]  # fmt: skip
    ddl.create_tables(con)
    assert con.execute(shown).fetchall() == before


def test_loads_of_an_older_file_version_set_nothing_aside(warehouse: duckdb.DuckDBPyConnection) -> None:
    """File version 2 did not count rows that are set aside."""
    con = warehouse
    con.execute("ALTER TABLE meta.loads DROP COLUMN rows_set_aside")
    con.execute("DROP TABLE meta.set_aside")
    con.execute("INSERT INTO meta.loads VALUES (1, 'a', 's', 'f', 'core.trade', now(), 'i', 3, 2, 1, 2, 0, 0, 0)")
    con.execute("UPDATE meta.settings SET setting_value = '2' WHERE setting = 'layout'")
    ddl.create_tables(con)
    counts = "SELECT rows_in, rows_accepted, rows_quarantined, rows_set_aside, rows_new FROM meta.loads"
    assert con.execute(counts).fetchall() == [(3, 2, 1, 0, 2)]
    assert con.execute("SELECT count(*) FROM meta.set_aside").fetchall() == [(0,)]
    with pytest.raises(duckdb.ConstraintException):
        con.execute("UPDATE meta.loads SET rows_set_aside = NULL")
    assert on_record(con) == str(file_version.CURRENT)


def test_checks_of_an_older_file_version_are_made_again(warehouse: duckdb.DuckDBPyConnection) -> None:
    """File version 4 did not say how severe a violation is; each build makes all checks anyway."""
    con = warehouse
    con.execute("ALTER TABLE meta.checks DROP COLUMN severity")
    con.execute("ALTER TABLE meta.checks DROP COLUMN example")
    con.execute("INSERT INTO meta.checks VALUES ('of old', 'holds', now(), TRUE, 0)")
    con.execute("UPDATE meta.settings SET setting_value = '4' WHERE setting = 'layout'")
    ddl.create_tables(con)
    assert con.execute("SELECT count(*) FROM meta.checks").fetchall() == [(0,)]
    columns = {name: nullable for name, _, nullable, *_ in con.execute("DESCRIBE meta.checks").fetchall()}
    assert (columns["severity"], columns["example"]) == ("NO", "YES")
    assert on_record(con) == str(file_version.CURRENT)


@pytest.mark.parametrize(("number", "message"), [("1", "older version"), ("99", "newer version")])
def test_a_published_file_of_another_version_is_refused(
    warehouse: duckdb.DuckDBPyConnection, number: str, message: str
) -> None:
    file_version.check_published(warehouse)
    warehouse.execute("UPDATE meta.settings SET setting_value = ? WHERE setting = 'layout'", [number])
    with pytest.raises(HomeError, match=message):
        file_version.check_published(warehouse)


def test_a_file_with_rows_in_the_tables_that_an_upgrade_changes_is_upgraded(tmp_path: Path) -> None:
    """DuckDB commits no change of a table whose rows the same transaction deletes; files of version 2 have such rows."""
    with duckdb.connect(str(tmp_path / "old.duckdb")) as con:
        ddl.create_tables(con)
        con.execute("ALTER TABLE meta.columns DROP COLUMN is_key")
        con.execute("INSERT INTO meta.columns VALUES ('mart.trade', 'year', 'INT', NULL, 'Year')")
        file_version.record(con, 2)
    with duckdb.connect(str(tmp_path / "old.duckdb")) as con:
        ddl.create_tables(con)
        assert file_version.recorded(con) == file_version.CURRENT
