"""The founding questions: each query answers from the bundled figures, and what has no figure says where it could be had."""

from collections.abc import Iterator

import duckdb
import pytest

from tasks.ask.cautions import cautions
from warehouse import questions
from warehouse.connection import reader
from warehouse.questions import Question
from warehouse.settings import Home

EVERY = questions.every()


@pytest.fixture(scope="module")
def con(bundled: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """A reader of the published file."""
    with reader(bundled) as opened:
        yield opened


@pytest.mark.parametrize("asked", [q for q in EVERY if q.sql], ids=lambda asked: asked.id)
def test_a_query_answers_with_figures(con: duckdb.DuckDBPyConnection, asked: Question) -> None:
    found = con.execute(asked.sql or "").fetchall()
    assert found
    assert any(value is not None for row in found for value in row[1:])


def test_the_published_list_is_that_of_the_file_and_runs_as_it_stands(con: duckdb.DuckDBPyConnection) -> None:
    listed = con.execute(
        "SELECT id, statements, question, sql, missing, obtainable, state FROM question ORDER BY number"
    )
    assert listed.fetchall() == [
        (q.id, q.statements, q.question, q.sql, q.missing, q.obtainable, q.state) for q in EVERY
    ]
    assert cautions(con, "SELECT id, sql FROM question") == []


def test_what_is_missing_says_where_it_could_be_had() -> None:
    assert all(q.obtainable for q in EVERY if q.missing)
    assert all(q.missing for q in EVERY if q.sql is None)
    assert {q.id for q in EVERY if q.state == "no figure"} == {"foreign_enterprises_by_province"}
    known_gaps = (
        "Heilongjiang's trade with Japan",
        "2013 to 2024",
        "after 2003",
        "Foreign-funded enterprises by province",
    )
    assert all(any(gap in (q.missing or "") for q in EVERY) for gap in known_gaps)


def test_every_statement_about_figures_is_behind_a_question() -> None:
    behind = {statement for q in EVERY for statement in q.statements.split()}
    # N12 and N13 are opinions and background, of which there is nothing to count.
    assert behind == {f"N{n}" for n in (*range(1, 12), 14)} | {f"E{n}" for n in range(1, 10)}


#: Figures as their documents print them, found by running the published query.
PRINTED = {
    "trade_with_japan_by_province": {("CN-LN", 2009): 12_140_000_000, ("CN-JL", 2011): 3_130_000_000, ("CN_NORTHEAST", 2012): 11_230_000_000},
    "trade_with_japan_by_city": {("CN-210200", 2018): 13_240_000_000},
    "japans_investment_by_province": {("CN-LN", 2009): 10_830_000_000, ("CN-JL", 2011): 750_000_000, ("CN-GD", 2009): 630_000_000},
    "japanese_companies_by_province": {("CN-LN", 2017): 7_160, ("CN-JL", 2011): 243, ("CN-210200", 2014): 1_700, ("CN_NORTHEAST", 2012): 1_500, ("CN_NORTHEAST", 2015): 2_100},
    "fdi_by_province": {("CN-JL", 2013): 1_819_000_000, ("CN-LN", 2003): 2_824_100_000},
}  # fmt: skip


@pytest.mark.parametrize("id", PRINTED)
def test_a_query_finds_the_printed_figures(con: duckdb.DuckDBPyConnection, id: str) -> None:
    (sql,) = [q.sql for q in EVERY if q.id == id]
    relation = con.execute(sql or "")
    year = [column[0] for column in relation.description or []].index("year")
    found = {(row[0], row[year]): set(row) for row in relation.fetchall()}
    for key, value in PRINTED[id].items():
        assert value in found[key], key


def test_origins_are_no_total_of_a_province(con: duckdb.DuckDBPyConnection) -> None:
    """Shandong printed Japan's investment of 2019, 150 million dollars, and the total of 2018, 12.39 billion."""
    (sql,) = [q.sql for q in EVERY if q.id == "fdi_by_province"]
    shandong = {row[2]: row[3] for row in con.execute(sql or "").fetchall() if row[0] == "CN-SD"}
    assert shandong[2018] == 12_386_000_000
    assert 2019 not in shandong
