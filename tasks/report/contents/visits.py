"""Visits and forums between China and Japan: who met whom, when and where."""

from collections.abc import Iterator

import duckdb

from tasks.report.contents.columns import DATASET, PUBLISHER, event_name
from tasks.report.contents.event_study import event_study
from tasks.report.contents.sentences import by, count
from tasks.report.model import Bars, Column, Exhibit, Page, Rows, Section, Trace

_TRACE = Trace("visits", ("event",), "event")


def pages(con: duckdb.DuckDBPyConnection) -> Iterator[Page]:  # noqa: ARG001
    """The page of visits and forums."""
    yield Page(
        path="visits/index.html",
        title="Visits and forums",
        names={"short": "Visits"},
        lead="Governors, ministers and companies of China and Japan: who met whom, when, where and what for, as far as it was printed.",
        sections=[
            Section("By year", [by_year()]),
            Section("Everybody on record", [_everybody()]),
            Section(
                "What followed",
                [event_study("event_kind IN ('visit', 'forum', 'seminar', 'meeting', 'expo')", "in all provinces")],
            ),
        ],
    )


def by_year(size: str = "full") -> Exhibit:
    """How many events each year has."""
    return Exhibit(
        slug="visits-by-year",
        title="Visits, forums, seminars and meetings on record, by year",
        sql="""
SELECT year(started_on)::VARCHAR AS year, count(DISTINCT event) AS events, count(*) AS participants, count(person) AS persons, bool_or(year(started_on) = 2018) AS is_2018, 'visits/index.html#find=' || year(started_on) AS made_of,
    string_agg(DISTINCT dataset, '; ' ORDER BY dataset) AS dataset, string_agg(DISTINCT publisher, '; ' ORDER BY publisher) AS publisher
FROM mart.visits GROUP BY ALL ORDER BY year
""",
        columns=(
            Column("year", "Year"),
            Column("events", "Events", "", 0, link="made_of"),
            Column("participants", "Participants on record", "", 0, link="made_of"),
            Column("persons", "With a person's name", "", 0, link="made_of"),
            PUBLISHER,
        ),
        takeaway=_by_year_takeaway,
        chart=Bars("year", "events", emphasis="is_2018"),
        concept="What is on record here, which is not all there was: sources report some years more closely than others.",
        size="small" if size == "small" else "full",
    )


def _by_year_takeaway(rows: Rows) -> str:
    busiest = max(rows, key=lambda row: row["events"])
    return (
        f"{count(sum(row['events'] for row in rows), 'event')} with {count(sum(row['participants'] for row in rows), 'participant')} on record, "
        f"{sum(row['persons'] for row in rows):,} with a person's name; most events in {busiest['year']}: {busiest['events']}."
    )


def _everybody() -> Exhibit:
    return Exhibit(
        slug="participants",
        title="Participants",
        sql=f"""
SELECT event, {event_name("event")} AS event_name, kind, started_on, ended_on, date_precision, side, place_name || coalesce(' (' || CASE side WHEN 'China' THEN p.name_zh ELSE p.name_ja END || ')', '') AS place_names, place_name, person, office, organisation,
    CASE WHEN visited THEN 'host' ELSE 'guest or participant' END AS role, purpose, place, publisher, dataset, published_on, address
FROM mart.visits LEFT JOIN (SELECT place, name_zh, name_ja FROM ref.place) AS p USING (place) ORDER BY started_on DESC, event, side, person NULLS LAST, organisation
""",
        columns=(
            Column("started_on", "From"), Column("event_name", "Event", trace=_TRACE), Column("kind", "Kind"), Column("person", "Person"), Column("office", "Office"),
            Column("organisation", "Organisation"), Column("place_names", "Place"), Column("role", "Role"), Column("purpose", "Purpose"), PUBLISHER, DATASET,
        ),
        takeaway=lambda rows: f"{count(len(rows), 'participation')} in {count(len(by(rows, 'event')), 'event')}, from {min(row['started_on'] for row in rows).year} to "
        f"{max(row['started_on'] for row in rows).year}. Search by name, office, company or place.",
        opened=True,
        search=True,
    )  # fmt: skip
