"""The gravity model: a world that follows it exactly, one corridor that does not, and what is said where nothing can be fitted."""

from collections.abc import Iterator
from itertools import permutations
from math import exp, log
from pathlib import Path

import duckdb
import pytest

from schemas import base
from tasks.publish import gravity, identity
from warehouse import ddl, sql

#: Economies A01 to A25, of which only neighbours share a border, and every fifth pair an official language.
PLACES = [f"A{number:02}" for number in range(1, 26)]
ELASTICITY, OF_BORDER, OF_LANGUAGE = -0.9, 0.5, 0.3


def kilometres(exporter: str, importer: str) -> float:
    """The distance of two economies."""
    one, other = sorted((PLACES.index(exporter), PLACES.index(importer)))
    return 300 + 450 * (other - one) + 70 * (one * other % 9)


def ties(exporter: str, importer: str) -> tuple[bool, bool]:
    """Whether two economies share a border, and an official language."""
    one, other = PLACES.index(exporter), PLACES.index(importer)
    return abs(one - other) == 1, (one + other) % 5 == 0


def expected(exporter: str, importer: str) -> float:
    """The trade of two economies in a world that the model describes."""
    size = 20 + PLACES.index(exporter) / 10 - (PLACES.index(importer) * 7 % 11) / 10
    border, language = ties(exporter, importer)
    return exp(size + ELASTICITY * log(kilometres(exporter, importer)) + OF_BORDER * border + OF_LANGUAGE * language)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database with the geography of the world, and no trade."""
    with duckdb.connect() as database:
        database.execute("CREATE SCHEMA core; CREATE SCHEMA mart; CREATE SCHEMA ref;")
        database.execute("CREATE TABLE core.reconciled_pair (exporter TEXT, importer TEXT, year INTEGER, value DOUBLE)")
        database.execute("CREATE TABLE core.pair (place TEXT, counterpart TEXT, indicator TEXT, value DOUBLE, superseded_by BIGINT)")  # fmt: skip
        database.execute("CREATE TABLE ref.place AS SELECT unnest($1) AS place, 'Economy ' || place AS name", [PLACES])
        for one, other in permutations(PLACES, 2):
            border, language = ties(one, other)
            rows = [("distance_weighted", kilometres(one, other))]
            rows += [("contiguous", 1)] * border + [("common_official_language", 1)] * language
            database.executemany(f"INSERT INTO core.pair VALUES ('{one}', '{other}', $1, $2, NULL)", rows)
        database.execute(sql.render("readings/55_gravity.sql", stored=lambda name: f"CREATE OR REPLACE TABLE {name}"))
        yield database


def trade(con: duckdb.DuckDBPyConnection, year: int = 2019, among: list[str] = PLACES, **changed: float) -> None:
    """Put trade of a year into the database; of pairs such as ``A01_A02`` it is so many times what the model gives."""
    rows = [
        (i, j, year, expected(i, j) * changed.get(f"{i}_{j}", 1))
        for i, j in permutations(among, 2)
        if changed.get(f"{i}_{j}", 1) > 0
    ]
    con.executemany("INSERT INTO core.reconciled_pair VALUES ($1, $2, $3, $4)", rows)


def test_the_model_of_a_world_that_follows_it_is_found(con: duckdb.DuckDBPyConnection) -> None:
    trade(con)
    gravity.fill(con)
    query = "SELECT year, pairs, exporters, importers, distance_effect, contiguous_effect, common_language_effect, colonial_tie_effect, fitted_with, why_not FROM mart.gravity_model"
    ((*counts, distance, border, language, colonial, fitted_with, why_not),) = con.execute(query).fetchall()
    assert counts == [2019, 600, 25, 25]
    assert (distance, border, language) == (pytest.approx(ELASTICITY, abs=1e-5), pytest.approx(OF_BORDER, abs=1e-5), pytest.approx(OF_LANGUAGE, abs=1e-5))  # fmt: skip
    assert colonial is None  # no two economies have such a tie
    assert (fitted_with, why_not) == (gravity.library(), None)
    gaps = con.execute("SELECT exporter, importer, trade_over_expected, weighted_distance_km FROM mart.gravity_gap").fetchall()  # fmt: skip
    assert len(gaps) == 600
    for exporter, importer, ratio, km in gaps:
        assert ratio == pytest.approx(1, abs=1e-4)
        assert float(km) == pytest.approx(kilometres(exporter, importer), abs=1e-3)


def test_a_corridor_that_trades_less_than_expected_is_found(con: duckdb.DuckDBPyConnection) -> None:
    trade(con, A03_A09=0.2, A20_A05=0)
    gravity.fill(con)
    query = "SELECT exporter, importer, trade_usd, trade_over_expected, expected_gap_usd < 0 FROM mart.gravity_gap ORDER BY trade_over_expected LIMIT 2"
    without, little = con.execute(query).fetchall()
    assert without == ("A20", "A05", 0, 0, True)
    assert little[:2] == ("A03", "A09")
    assert little[3] < 0.3
    assert little[4]


@pytest.mark.parametrize("side", ["exporter", "importer"])
def test_fitted_totals_are_the_actual_ones(con: duckdb.DuckDBPyConnection, side: str) -> None:
    trade(con, A03_A09=0.2, A20_A05=0, A07_A01=6)
    gravity.fill(con)
    totals = con.execute(f"SELECT sum(trade_usd), sum(expected_usd) FROM mart.gravity_gap GROUP BY {side}").fetchall()
    assert len(totals) == len(PLACES)
    assert all(float(fitted) == pytest.approx(float(actual), rel=1e-4) for actual, fitted in totals)


def test_each_year_is_fitted_by_itself_and_few_economies_are_no_world(con: duckdb.DuckDBPyConnection) -> None:
    trade(con, 2018, among=PLACES[:19])
    trade(con, 2019)
    gravity.fill(con)
    assert con.execute("SELECT DISTINCT year FROM mart.gravity_gap").fetchall() == [(2019,)]
    assert gravity.left_out(con) == [
        "gravity_gap lacks 1 years (2018 to 2018): fewer than 20 exporters or importers have a distance (source cepii.geodist)"
    ]


def test_without_the_library_the_marts_say_what_to_install(
    con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gravity, "LIBRARY", "a-library-that-nobody-has")
    trade(con)
    gravity.fill(con)
    assert con.execute("SELECT count(*) FROM mart.gravity_gap").fetchall() == [(0,)]
    (sentence,) = gravity.left_out(con)
    assert sentence == (
        'gravity_gap lacks 1 years (2019 to 2019): pyfixest is not installed, which fits the model: pip install "pyfixest>=0.60", then build again'
    )


def test_a_fit_that_does_not_return_the_totals_is_not_taken(
    con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    trade(con)
    monkeypatch.setattr(gravity, "_fitted", lambda pairs: (pairs["amount"] * 1.02, {}))
    gravity.fill(con)
    (sentence,) = gravity.left_out(con)
    assert "has not converged: fitted totals differ from the actual ones by up to 2.00%" in sentence
    assert con.execute("SELECT count(*) FROM mart.gravity_gap").fetchall() == [(0,)]


def test_where_no_trade_is_reconciled_nothing_is_fitted_or_said(con: duckdb.DuckDBPyConnection) -> None:
    gravity.fill(con)
    assert gravity.left_out(con) == []


def test_the_tables_have_the_columns_of_their_schemas(con: duckdb.DuckDBPyConnection) -> None:
    for name in ("gravity_model", "gravity_gap"):
        (table,) = [view for view in ddl.VIEWS if base.table_name(view) == f"mart.{name}"]
        columns = [row[0] for row in con.execute(f"DESCRIBE mart.{name}").fetchall()]
        assert columns == [column.name for column in base.columns(table)]


def test_installing_the_library_makes_another_release(
    warehouse_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with duckdb.connect(str(warehouse_template), read_only=True) as con:
        monkeypatch.setattr(gravity, "library", lambda: None)
        without = identity.of_release(con)
        assert identity.of_release(con) == without
        monkeypatch.setattr(gravity, "library", lambda: "pyfixest 0.60.0")
        assert identity.of_release(con) != without
