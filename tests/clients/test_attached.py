"""A release attached under any name, beside another: marts and versions read their own file, and no macro reads the other's."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.support import small_warehouse
from warehouse.settings import Home, Settings

#: Macros that read tables, called so that they give something where their release is the one in use.
READING = (
    "SELECT count(*) FROM {of}.mart.trade_figures_as_of('2023-06-01')",
    "SELECT count(*) FROM {of}.main.fdi_figures_as_of('2023-06-01')",
    "SELECT {of}.mart.place('China')",
    "SELECT count(*) FROM {of}.main.figures_of_trade('CHN', 'JPN', 2019)",
    "SELECT count(*) FROM {of}.mart.figures_of_fdi('CHN', 'JPN', 2016)",
    "SELECT count(*) FROM {of}.mart.intra_industry('CHN')",
    "SELECT count(*) FROM {of}.mart.indicator_by_group('population', ['CN_EAST', 'CN_CENTRAL', 'CN_WEST', 'CN_NORTHEAST'], 'CN_31_PROVINCES', '2016-12-31')",
)
AS_OF = ("trade", "fdi", "indicator", "presence")


@pytest.fixture(scope="module")
def con(
    bundled: Home, tmp_path_factory: pytest.TempPathFactory, settings: Settings, warehouse_template: Path
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The bundled figures as ``rel`` and another release as ``other``."""
    other = small_warehouse.make(tmp_path_factory.mktemp("other"), settings, warehouse_template)
    small_warehouse.release(other, settings)
    with duckdb.connect() as opened:
        opened.execute("SET TimeZone = 'UTC'")
        opened.execute(f"ATTACH '{bundled.published_file}' AS rel (READ_ONLY)")
        opened.execute(f"ATTACH '{other.published_file}' AS other (READ_ONLY)")
        yield opened


@pytest.fixture(params=["memory", "other", "other.mart", "rel", "rel.mart"])
def used(con: duckdb.DuckDBPyConnection, request: pytest.FixtureRequest) -> str:
    """Each database that names without one may be looked up in."""
    con.execute(f"USE {request.param}")
    return str(request.param)


def relations(con: duckdb.DuckDBPyConnection) -> list[str]:
    query = "SELECT table_schema || '.' || table_name FROM information_schema.tables WHERE table_catalog = 'rel' ORDER BY ALL"
    return [name for (name,) in con.execute(query).fetchall()]


def test_every_table_and_view_reads_its_own_file(con: duckdb.DuckDBPyConnection) -> None:
    counts = {}
    for place in ("memory", "other"):
        con.execute(f"USE {place}")
        counts[place] = [con.execute(f"SELECT count(*) FROM rel.{name}").fetchall() for name in relations(con)]
    assert counts["memory"] == counts["other"]
    assert len(counts["memory"]) > 120


@pytest.mark.parametrize("query", READING)
def test_a_macro_reads_its_own_release_or_refuses(con: duckdb.DuckDBPyConnection, used: str, query: str) -> None:
    if used.startswith("rel"):
        assert con.execute(query.format(of="rel")).fetchone() is not None
        return
    with pytest.raises(duckdb.CatalogException, match="does not exist"):
        con.execute(query.format(of="rel"))


def test_no_macro_names_a_table_but_by_its_release(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("USE rel")
    loose = con.execute(
        "SELECT DISTINCT schema_name || '.' || function_name FROM duckdb_functions() WHERE database_name = 'rel' AND NOT internal "
        r"AND regexp_matches(macro_definition, '(FROM|JOIN) \(*(rel\.)?(core|ref|mart|meta)\.\w+([^\w(]|$)')"
    ).fetchall()
    assert loose == []


@pytest.mark.parametrize("fact", AS_OF)
@pytest.mark.parametrize("day", ["2012-01-01", "2018-09-30", "2022-06-01", "2023-06-01", "2100-01-01"])
def test_versions_tell_of_a_day_what_the_macro_tells(con: duckdb.DuckDBPyConnection, fact: str, day: str) -> None:
    con.execute("USE rel")
    wanted = con.execute(f"SELECT edition, period, value FROM {fact}_figures_as_of('{day}') ORDER BY ALL").fetchall()
    con.execute("USE memory")
    after = dt.date.fromisoformat(day) + dt.timedelta(1)
    found = con.execute(
        f"SELECT edition, period, value FROM rel.core.{fact}_versions "
        f"WHERE current_from < DATE '{after}' AND (current_until IS NULL OR current_until >= DATE '{after}') ORDER BY ALL"
    ).fetchall()
    assert found == wanted
    assert day < "2018" or found


def test_formulas_work_whatever_is_in_use(con: duckdb.DuckDBPyConnection, used: str) -> None:
    assert con.execute("SELECT round(rel.mart.hhi(x), 4) FROM (VALUES (1), (2)) AS t (x)").fetchall() == [(0.5556,)]
