"""The founding questions (``questions.toml``): what the project was made to answer, with the query that answers each."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Question:
    """A question, the query over the published file that answers it, what the answer lacks, and where that could be had.

    ``sql`` is None where there is no figure at all.
    """

    id: str
    statements: str
    question: str
    sql: str | None = None
    missing: str | None = None
    obtainable: str | None = None

    @property
    def state(self) -> str:
        """answered, answered in part, or no figure."""
        if self.sql is None:
            return "no figure"
        return "answered in part" if self.missing else "answered"


@cache
def every() -> tuple[Question, ...]:
    """All founding questions, in the order of the file. Raises TypeError for a field that there is not."""
    text = (Path(__file__).parent / "questions.toml").read_text(encoding="utf-8")
    return tuple(
        Question(**{name: value.strip() for name, value in fields.items()})
        for fields in tomllib.loads(text)["question"]
    )
