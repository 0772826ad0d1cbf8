"""Home: the founding questions with their answers, what is in the warehouse, and how fresh it is."""

from collections.abc import Iterator
from dataclasses import replace

import duckdb

from tasks.report.contents import companies, corridors, fdi_by_origin, openings, questions, regions, tables, visits
from tasks.report.contents.changes import Changes
from tasks.report.contents.columns import DATASET
from tasks.report.model import Column, Exhibit, Page, PageMaker, Rows, Section
from warehouse.connection import one


def pages_of(changes: Changes) -> PageMaker:
    """What makes the home page, with what changed since the last release."""
    return lambda con: _pages(con, changes)


def _pages(con: duckdb.DuckDBPyConnection, changes: Changes) -> Iterator[Page]:
    """The home page."""
    yield Page(
        path="index.html",
        title="What is known of trade and investment between China and Japan",
        lead="Figures that governments, banks and newspapers printed, kept as they came, checked row by row, and put side by side. Every number here leads "
        "to the row it was printed in.",
        sections=[
            Section("", block="contents.html.jinja", values=_contents(con)),
            Section("Questions and answers", list(_answers())),
            Section("How fresh it is, and what changed", [_newest(), _changes(changes)]),
            *(
                [Section("All questions, and what their answers lack", [questions.overview()])]
                if tables.exists(con, "question")
                else []
            ),
        ],
    )


def _contents(con: duckdb.DuckDBPyConnection) -> dict[str, object]:
    """Counts of what is in the warehouse."""
    figures, datasets, first, last = one(
        con.execute("SELECT sum(figures), count(DISTINCT dataset), min(year), max(year) FROM mart.coverage")
    )
    (publishers,) = one(con.execute("SELECT count(DISTINCT publisher) FROM meta.citations"))
    (revised,) = one(con.execute("SELECT count(*) FROM mart.revisions WHERE change = 'revised'"))
    return {
        "cards": [
            (
                f"{figures:,}",
                "figures, each with its publisher, its date and the printed row",
                "data/index.html#coverage",
            ),
            (f"{datasets:,}", f"datasets; {publishers:,} publishers are cited", "data/index.html#freshness"),
            (f"{first} to {last}", "years that figures are about", "data/index.html#coverage"),
            (
                f"{revised:,}",
                "figures that a later release changed; every version is kept",
                "data/index.html#part-revisions",
            ),
        ]
    }


def _answers() -> Iterator[Exhibit]:
    """One small chart for each question; its page has the chart in full."""
    yield _small(
        fdi_by_origin.by_origin("small"),
        "How did Japan's investment in China move against that of others?",
        ("fdi/index.html", "FDI in China by origin"),
    )
    yield _small(
        corridors.both_sides("'JPN'", "'CHN'", "Japan and China", "japan-china", "small"),
        "What do Japan's and China's customs say of their trade?",
        ("corridors/JPN-CHN.html", "Japan and China from both sides, and why they differ"),
    )
    yield _small(
        companies.companies_by_province(),
        "Where in China are Japanese companies, and who counted them?",
        ("northeast/index.html#part-companies", "Companies in Liaoning, Jilin and Heilongjiang"),
    )
    yield _small(
        regions.regions_trade(),
        "How far is the Northeast behind the coastal regions?",
        ("northeast/index.html#part-against-the-coastal-regions", "Japan and the Northeast"),
    )
    yield _small(
        openings.infrastructure(),
        "What roads and railways were built in the Northeast?",
        ("northeast/index.html#part-lines-roads-and-zones", "Lines, roads and zones"),
    )
    yield _small(
        regions.population(),
        "Do over 100 million people live in the three provinces?",
        ("northeast/index.html#part-against-the-coastal-regions", "The three provinces"),
    )
    yield _small(visits.by_year("small"), "Who met whom, and when?", ("visits/index.html", "All visits and forums"))


def _small(exhibit: Exhibit, question: str, more: tuple[str, str]) -> Exhibit:
    return replace(exhibit, title=question, size="small", more=more, opened=False)


def _changes(changes: Changes) -> Exhibit:
    return replace(changes.by_dataset(), more=("data/index.html#part-changes", "What changed, in full"), opened=False)


def _newest() -> Exhibit:
    return Exhibit(
        slug="newest",
        title="The newest publications",
        sql="""
SELECT e.dataset, e.source, max(e.published_on) AS published_on, max(e.known_from)::DATE AS known_from, f.figures, f.newest_period, 'data/index.html#freshness' AS listed
FROM meta.editions AS e
JOIN mart.freshness AS f ON f.source = e.source AND f.dataset = e.dataset
WHERE e.retracted_at IS NULL AND e.published_on IS NOT NULL
GROUP BY e.dataset, e.source, f.figures, f.newest_period ORDER BY published_on DESC, e.dataset, e.source LIMIT 10
""",
        columns=(
            DATASET, Column("published_on", "Published"), Column("newest_period", "Newest period"), Column("figures", "Figures", "", 0, link="listed"), Column("known_from", "Known here since"),
        ),
        takeaway=_newest_takeaway,
        more=("data/index.html", "Freshness and coverage of every dataset"),
    )  # fmt: skip


def _newest_takeaway(rows: Rows) -> str:
    first = rows[0]
    return f"The newest publication on record is of {first['published_on']}, by {first['publisher']}; its figures reach to {first['newest_period']}."
