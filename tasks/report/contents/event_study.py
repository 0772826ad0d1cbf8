"""Trade and investment before and after visits and openings."""

from tasks.report.contents import measures
from tasks.report.contents.columns import YEAR, billion_usd, event_name
from tasks.report.contents.measures import IN_WORDS
from tasks.report.contents.sentences import count
from tasks.report.model import Column, Exhibit, Rows


def event_study(condition: str, where: str) -> Exhibit:
    """Trade and investment before and after events, against other provinces and placebos."""
    return Exhibit(
        slug="event-study",
        title=f"Before and after, against other provinces and years, {where}",
        sql=f"""
SELECT {event_name("studied_event")} AS event, event_kind, place_name, year, {IN_WORDS.format("topic")} AS topic_name, value_before_usd, value_after_usd,
    exp(effect_log) - 1 AS effect, placebos, placebos_as_large, placebo_share, caution, place, studied_event, year - 1 AS year_before, year + 1 AS year_after, {measures.traced_columns("topic")}, array_to_string(string_split(datasets, ','), ';') AS dataset
FROM mart.event_study WHERE effect_log IS NOT NULL AND {condition}
ORDER BY placebo_share, studied_event, place, topic
""",
        columns=(
            Column("event", "Event"), Column("place_name", "Province"), YEAR, Column("topic_name", "Measure"), billion_usd("value_before_usd", "Two years before", *measures.traces("year_before")),
            billion_usd("value_after_usd", "Two years after", *measures.traces("year_after")), Column("effect", "Beyond the others", "share", 2, other_traces=measures.traces("year_after")), Column("placebos", "Placebos", "", 0),
            Column("placebo_share", "As large", "share", 2), Column("caution", "What it proves"),
        ),
        takeaway=_event_study_takeaway,
        concept="Beyond the others: the change of the two years after over the two before, less that of provinces without such an event on record. As large: the share of "
        "other provinces and years, without an event, that moved as far or farther.",
        missing=f"No event {where} has figures of the two years before and after it.",
    )  # fmt: skip


def _event_study_takeaway(rows: Rows) -> str:
    rare = sum(row["placebo_share"] < 0.05 for row in rows)
    farther = f"{rare or 'none'} moved farther than nineteen in twenty of the provinces and years without such an event on record"
    expected = len(rows) * 0.05
    return (
        f"Of {count(len(rows), 'case')}, {farther}; by chance alone it would be about {expected:.0f}. No effect is shown by that."
        if rare <= 2 * expected + 1
        else f"Of {count(len(rows), 'case')}, {farther}, against about {expected:.0f} by chance; the cases overlap, and they prove no cause."
    )
