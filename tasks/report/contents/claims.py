"""What documents say, held against what figures say."""

from collections.abc import Iterator
from functools import partial

import duckdb

from tasks.report.contents import claim_traces, tables
from tasks.report.contents.columns import DATASET
from tasks.report.contents.sentences import by, count, listed
from tasks.report.model import Column, Exhibit, Page, Rows, Section
from warehouse.sql import quoted

_VERDICTS = ("supported", "contradicted", "mixed", "no data")
#: By the number of the statement: N2 before N10.
_IN_ORDER = "regexp_extract(id, '^[A-Z]*'), try_cast(regexp_extract(id, '[0-9]+') AS INTEGER), id"
_FIGURES = "claims/figures.html"
_SAID = {"no data": "without data"}


def pages(con: duckdb.DuckDBPyConnection) -> Iterator[Page]:
    """The page of claims, where the published file has them."""
    if not tables.exists(con, "claims"):
        return
    documents = [
        row[0] for row in con.execute("SELECT DISTINCT document FROM mart.claims ORDER BY document").fetchall()
    ]
    yield Page(
        path="claims/index.html",
        title="Claims: what documents say, and what figures say",
        names={"short": "Claims"},
        lead="Statements of documents, in this project's own words, each tested by a query: supported where every source bears it out, contradicted where "
        "none does, mixed where sources disagree, and no data where there is no figure.",
        sections=[Section(document, [_claims(number, document)]) for number, document in enumerate(documents, 1)],
    )
    yield Page(
        path=_FIGURES,
        title="The figures behind the verdicts",
        parent="claims/index.html",
        lead="Each statement with the figures that it was held against: what they are about, their datasets with terms and dates, and the query.",
        sections=[Section(document, list(_figures(con, document))) for document in documents],
    )


def _figures(con: duckdb.DuckDBPyConnection, document: str) -> Iterator[Exhibit]:
    """The figures of each claim of a document."""
    query = f"SELECT id, statement, verdict, sql, missing FROM mart.claims WHERE document = ? ORDER BY {_IN_ORDER}"
    for name, statement, verdict, sql, missing in con.execute(query, [document]).fetchall():
        given = {str(row[0]) for row in con.execute(f"DESCRIBE {sql}").fetchall()}
        printed = claim_traces.printed(str(name))
        optional = {"about": "VARCHAR", "published_on": "DATE"}
        selected = [column if column in given else f"NULL::{kind} AS {column}" for column, kind in optional.items()]
        yield Exhibit(
            slug=str(name).lower().replace("_", "-"),
            title=statement,
            sql=f"SELECT *, {claim_traces.PLACE} AS place, {claim_traces.YEAR} AS year FROM (\n"
            f"SELECT figure, source AS dataset, {', '.join(selected)} FROM (\n{sql}\n)\n) ORDER BY ALL",
            columns=(
                Column("figure", "Figure", "", 2, other_traces=printed.traces), Column("about", "About"), DATASET, Column("published_on", "Published"),
            ),
            behind=printed.behind,
            takeaway=partial(_held_against, verdict),
            missing=f"No data. {missing or ''}".strip(),
            opened=True,
        )  # fmt: skip


def _held_against(verdict: str, rows: Rows) -> str:
    figures = sum(row["figure"] is not None for row in rows)
    if not figures:
        return f"{verdict.capitalize()}: {count(len(rows), 'comparison')} {'has' if len(rows) == 1 else 'have'} no figure on one side."
    return f"{verdict.capitalize()}: held against {count(figures, 'figure')}."


def _claims(number: int, document: str) -> Exhibit:
    return Exhibit(
        slug=f"claims-{number}",
        title=f"{document}: statements and verdicts",
        sql=f"""
SELECT id, passage, statement, verdict, comparison, expected, tolerance, figure_unit, off_by, supported_by, contradicted_by, missing, sql,
    '{_FIGURES}#' || lower(replace(id, '_', '-')) AS page
FROM mart.claims WHERE document = {quoted(document)} ORDER BY {_IN_ORDER}
""",
        columns=(
            Column("statement", "What the document says", link="page"), Column("verdict", "Verdict"), Column("off_by", "Off by", "", 2, link="page"), Column("figure_unit", "Unit"),
            Column("missing", "What is missing"), Column("passage", "Where in the document"), Column("id", "Claim"),
        ),
        takeaway=_claims_takeaway,
        notes=("A statement leads to the figures behind its verdict; so does entrepot claims --why with the name of the claim.",),
        search=True,
    )  # fmt: skip


def _claims_takeaway(rows: Rows) -> str:
    verdicts = by(rows, "verdict")
    said = [f"{len(verdicts[verdict])} {_SAID.get(verdict, verdict)}" for verdict in _VERDICTS if verdict in verdicts]
    return f"Of {count(len(rows), 'statement')}, {listed(said)}."
