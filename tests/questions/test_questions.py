"""What analysts ask first, of the published bundled figures. The same and more of all files: tests/real/test_questions.py."""

from collections.abc import Iterator
from decimal import Decimal

import duckdb
import pytest

from tasks.ask.cautions import cautions
from tests.support import questions
from tests.support.questions import Question
from warehouse.connection import reader
from warehouse.settings import Home


@pytest.fixture(scope="module")
def con(bundled: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """A reader of the published file."""
    with reader(bundled) as opened:
        yield opened


@pytest.mark.parametrize(
    "asked", [q for q in questions.every() if not q.needs_files], ids=lambda asked: str(asked.question)
)
def test_the_obvious_question_gets_the_right_answer(con: duckdb.DuckDBPyConnection, asked: Question) -> None:
    questions.check(con, asked)


@pytest.mark.parametrize("asked", questions.every(), ids=lambda asked: str(asked.question))
def test_the_obvious_question_gets_no_caution_but_that_no_total_is_published(
    con: duckdb.DuckDBPyConnection, asked: Question
) -> None:
    assert [caution for caution in cautions(con, asked.sql) if "no total is published" not in caution] == []


def test_a_series_of_totals_has_the_seams_of_the_totals(con: duckdb.DuckDBPyConnection) -> None:
    """UNCTAD's totals of China are of one report; those by partner, of which they are made, have seams in 2005 and 2006."""
    of_totals = "SELECT year, sum(unctad_inflow_usd) FROM fdi WHERE reporter = 'CHN' AND year BETWEEN 2003 AND 2007 GROUP BY year"
    assert cautions(con, of_totals) == []
    of_one = of_totals.replace("WHERE", "WHERE counterpart = 'JPN' AND")
    assert ["in 2005" in caution for caution in cautions(con, of_one)] == [True]
    by_ministry = (
        "SELECT year, sum(mofcom_utilised_usd) FROM fdi WHERE reporter = 'CHN' AND year IN (2018, 2019) GROUP BY year"
    )
    assert ["in 2019 figures differ" in caution for caution in cautions(con, by_ministry)] == [True]
    assert cautions(con, by_ministry.replace("IN (2018, 2019)", "= 2019")) == []


def test_every_question_is_asked_once_and_says_where_its_answer_is_printed() -> None:
    every = questions.every()
    assert len({q.question for q in every}) == len({q.sql for q in every}) == len(every) >= 44
    assert all(q.source for q in every)


@pytest.mark.parametrize(
    ("answer", "error"), [(Decimal(1), None), (None, None), (None, "refused")], ids=["another", "none", "an error"]
)
def test_a_wrong_answer_fails(answer: Decimal | None, error: str | None) -> None:
    wrong = Question("?", "SELECT 2", "", answer, tolerance=0.4, error=error, needs_files=False)
    with duckdb.connect() as con, pytest.raises(AssertionError):
        questions.check(con, wrong)
