"""A day, as the moment of an as-of question, is the whole of that day."""

from collections.abc import Iterator

import duckdb
import pytest

from warehouse.as_of import reader_as_of
from warehouse.connection import one, reader
from warehouse.settings import Home

FIGURES = ["trade_figures", "fdi_figures", "indicator_figures", "presence_figures"]


@pytest.fixture(scope="module")
def con(bundled: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """A reader of the published file of the bundled figures, most of which have no date of publication."""
    with reader(bundled) as opened:
        yield opened


def day_of_receipt(con: duckdb.DuckDBPyConnection) -> str:
    """The day on which the last of the bundled figures was received."""
    (day,) = one(con.execute("SELECT max(known_from)::DATE::VARCHAR FROM meta.editions"))
    return str(day)


@pytest.mark.parametrize("mart", FIGURES)
def test_what_was_received_on_a_day_is_known_as_of_that_day(con: duckdb.DuckDBPyConnection, mart: str) -> None:
    received = day_of_receipt(con)
    as_of_day = f"SELECT count(*) FROM {mart}_as_of(CAST(? AS DATE)) UNION ALL SELECT count(*) FROM {mart}_as_of(?)"
    (count,) = one(con.execute(f"SELECT count(*) FROM {mart}"))
    assert con.execute(as_of_day, [received, received]).fetchall() == [(count,), (count,)]


def test_a_moment_within_a_day_is_not_the_whole_of_it(con: duckdb.DuckDBPyConnection) -> None:
    midnight = f"{day_of_receipt(con)} 00:00:00"
    (known,) = one(con.execute("SELECT count(*) FROM indicator_figures_as_of(?)", [midnight]))
    (count,) = one(con.execute("SELECT count(*) FROM indicator_figures"))
    assert known < count


def test_all_marts_of_the_day_of_receipt_are_those_of_now(con: duckdb.DuckDBPyConnection, bundled: Home) -> None:
    count = "SELECT count(*) FROM indicator_figures"
    with reader_as_of(bundled, day_of_receipt(con)) as known:
        assert known.execute(count).fetchall() == con.execute(count).fetchall()


def test_a_question_gets_the_marts_it_names_and_no_others(con: duckdb.DuckDBPyConnection, bundled: Home) -> None:
    question = "SELECT count(*), sum(exports_usd) FROM trade"
    with reader_as_of(bundled, day_of_receipt(con), question) as known:
        assert known.execute(question).fetchall() == con.execute(question).fetchall()
        marts = {
            name
            for (name,) in known.execute(
                "SELECT view_name FROM duckdb_views() WHERE schema_name = 'main' AND database_name = current_database()"
            ).fetchall()
        }
    assert "trade" in marts
    assert "province_profile" not in marts


def test_a_question_that_names_no_mart_gets_all(con: duckdb.DuckDBPyConnection, bundled: Home) -> None:
    shown = "SELECT count(*) FROM duckdb_views() WHERE schema_name = 'main' AND database_name = current_database() AND NOT internal"
    with reader_as_of(bundled, day_of_receipt(con), shown) as known:
        assert known.execute(shown).fetchall() == con.execute(shown).fetchall()
