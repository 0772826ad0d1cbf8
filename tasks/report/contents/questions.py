"""The founding questions: what the project was made to answer, each with its answer, and what that lacks."""

from collections.abc import Iterator
from typing import Any

import duckdb

from tasks.report.contents import tables
from tasks.report.contents.sentences import count
from tasks.report.model import Column, Exhibit, Page, Row, Rows, Section

PATH = "questions/index.html"


def pages(con: duckdb.DuckDBPyConnection) -> Iterator[Page]:
    """The page of the founding questions, where the published file has them."""
    if not tables.exists(con, "question"):
        return
    result = con.execute("SELECT id, question, state, sql, missing, obtainable FROM mart.question ORDER BY number")
    names = [str(column[0]) for column in result.description or []]
    questions = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    yield Page(
        path=PATH,
        title="The founding questions",
        names={"short": "Questions"},
        lead="What an article and a study made people ask, each with the query that answers it from the figures that are here, what the answer lacks, "
        "and where that could be had.",
        sections=[
            Section("All questions", [overview()]),
            Section("The answers", [_answer(con, question) for question in questions if question["sql"]]),
        ],
    )


def overview() -> Exhibit:
    """All questions with what is missing."""
    return Exhibit(
        slug="all-questions",
        title="The questions, and what their answers lack",
        sql=f"""
SELECT number, question, state, missing, obtainable, statements, id, CASE WHEN sql IS NOT NULL THEN '{PATH}#' || id END AS page
FROM mart.question ORDER BY number
""",
        columns=(
            Column("question", "Question", link="page"), Column("state", "State"), Column("missing", "What is missing"), Column("obtainable", "Where it could be had"),
        ),
        takeaway=_overview_takeaway,
        opened=True,
    )  # fmt: skip


def _overview_takeaway(rows: Rows) -> str:
    states: dict[str, int] = {}
    for row in rows:
        states[row["state"]] = states.get(row["state"], 0) + 1
    said = ", ".join(f"{number} {state}" for state, number in sorted(states.items(), key=lambda item: -item[1]))
    return f"{count(len(rows), 'question')}: {said}."


def _answer(con: duckdb.DuckDBPyConnection, question: Row) -> Exhibit:
    missing: Any = question["missing"]
    return tables.exhibit(
        con, question["id"], question["question"], question["sql"],
        lambda rows: f"{count(len(rows), 'row')}." + (f" Missing: {missing}" if missing else ""),
        missing=f"No figure answers it. {missing or ''}".strip(),
    )  # fmt: skip
