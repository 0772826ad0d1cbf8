"""What analysts ask first, of the bundled figures together with all publishers' files. Needs ../shared."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.support import published, questions
from tests.support.questions import Question
from warehouse.connection import reader

# All files are loaded and published once, before the first question.
pytestmark = [pytest.mark.shared, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def con(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A reader of the published file."""
    with reader(published.everything(tmp_path_factory.mktemp("everything") / "home")) as opened:
        yield opened


@pytest.mark.parametrize("asked", questions.every(), ids=lambda asked: str(asked.question))
def test_the_obvious_question_gets_the_right_answer(con: duckdb.DuckDBPyConnection, asked: Question) -> None:
    questions.check(con, asked)
