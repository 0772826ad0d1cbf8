"""Questions of analysts with their right answers (tests/questions/questions.toml), and whether a published file gives them."""

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

import duckdb

from tests.support.paths import ROOT

_FILE = ROOT / "tests" / "questions" / "questions.toml"


@dataclass(frozen=True)
class Question:
    """One question. ``answer`` is None where there is none to be found, ``error`` what a refused query says."""

    question: str
    sql: str
    source: str
    answer: Decimal | None
    tolerance: float
    error: str | None
    needs_files: bool


@cache
def every() -> tuple[Question, ...]:
    """All of them, in the order of the file."""
    read: list[dict[str, Any]] = tomllib.loads(_FILE.read_text(encoding="utf-8"))["question"]
    return tuple(_question(**entry) for entry in read)


def _question(
    question: str,
    sql: str,
    source: str,
    answer: str = "none",
    tolerance: float = 0,
    error: str | None = None,
    needs: str | None = None,
) -> Question:
    known = None if answer == "none" else Decimal(answer)
    return Question(question, sql, source, known, tolerance, error, needs == "files")


def check(con: duckdb.DuckDBPyConnection, asked: Question) -> None:
    """Fail unless the file answers rightly."""
    if asked.error:
        assert asked.error in _refusal(con, asked.sql)
        return
    ((found,),) = con.execute(asked.sql).fetchall()
    if asked.answer is None or found is None:
        assert found is asked.answer, asked.source
        return
    difference = abs(Decimal(str(found)) - asked.answer)
    assert difference <= abs(asked.answer) * Decimal(str(asked.tolerance)), f"{found}: {asked.source}"


def _refusal(con: duckdb.DuckDBPyConnection, query: str) -> str:
    """What the query is refused with, nothing if it is answered."""
    try:
        con.execute(query).fetchall()
    except duckdb.Error as e:
        return str(e)
    return ""
