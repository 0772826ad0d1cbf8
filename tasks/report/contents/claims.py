"""What documents say, held against what figures say."""

from collections.abc import Iterator

import duckdb

from tasks.report.contents import tables
from tasks.report.contents.sentences import by, count, listed
from tasks.report.model import Column, Exhibit, Page, Rows, Section
from warehouse.sql import quoted

_VERDICTS = ("supported", "contradicted", "mixed", "no data")
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


def _claims(number: int, document: str) -> Exhibit:
    return Exhibit(
        slug=f"claims-{number}",
        title=f"{document}: statements and verdicts",
        sql=f"""
SELECT id, passage, statement, verdict, comparison, expected, tolerance, figure_unit, off_by, supported_by, contradicted_by, missing, sql
FROM mart.claims WHERE document = {quoted(document)} ORDER BY id
""",
        columns=(
            Column("id", "Claim"), Column("statement", "What the document says"), Column("verdict", "Verdict"), Column("off_by", "Off by", "", 2), Column("figure_unit", "Unit"),
            Column("supported_by", "Supported by"), Column("contradicted_by", "Contradicted by"), Column("missing", "What is missing"), Column("passage", "Where in the document"),
        ),
        takeaway=_claims_takeaway,
        notes=("The figures behind a verdict: entrepot claims --why with the name of the claim.",),
        search=True,
    )  # fmt: skip


def _claims_takeaway(rows: Rows) -> str:
    verdicts = by(rows, "verdict")
    said = [f"{len(verdicts[verdict])} {_SAID.get(verdict, verdict)}" for verdict in _VERDICTS if verdict in verdicts]
    return f"Of {count(len(rows), 'statement')}, {listed(said)}."
