"""What analysts ask first, and sums of random parts, of the bundled figures together with all publishers' files. Needs ../shared."""

from collections.abc import Iterator

import duckdb
import pytest

from tests.support import questions
from tests.support.fact_totals import PRINTED, at_random, compare
from tests.support.published import Built
from tests.support.questions import Question
from warehouse.connection import reader

# All files are loaded and published once, before the first question.
pytestmark = [pytest.mark.shared, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def con(everything: Built) -> Iterator[duckdb.DuckDBPyConnection]:
    """A reader of the published file."""
    with reader(everything.home) as opened:
        yield opened


@pytest.mark.parametrize("asked", questions.every(), ids=lambda asked: str(asked.question))
def test_the_obvious_question_gets_the_right_answer(con: duckdb.DuckDBPyConnection, asked: Question) -> None:
    questions.check(con, asked)


@pytest.mark.parametrize(("fact", "by", "printed"), PRINTED, ids=[f"{fact} by {by} {n}" for n, (fact, by, _) in enumerate(PRINTED)])  # fmt: skip
@pytest.mark.parametrize("seed", [1, 2])
def test_parts_of_the_rows_add_up_to_the_printed_total(
    con: duckdb.DuckDBPyConnection, fact: str, by: str, printed: str, seed: int
) -> None:
    totals, wrong = compare(con, fact, by, printed, at_random(fact, seed, parts=7))
    assert totals > 0
    assert wrong == []
