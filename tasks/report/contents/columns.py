"""Columns that several pages have."""

from tasks.report.model import Column, Trace


def billion_usd(name: str, label: str, *traces: Trace, link: str | None = None) -> Column:
    """An amount of dollars, shown in billions."""
    return Column(name, label, "billion US$", 2, 10**9, other_traces=traces, link=link)


YEAR = Column("year", "Year")
PUBLISHER = Column("publisher", "Publisher")
DATASET = Column("dataset", "Document and dataset")
PUBLISHED = Column("published_on", "Published")
STATUS = Column("status", "Status")
NOTE = Column("note", "Note")

#: SQL for the kind of a milestone in words; {0} is the SQL expression of its code.
MILESTONE_KIND = "replace(replace({0}, 'high_speed_rail', 'high-speed line'), '_', ' ')"
#: Names of organisations in the names of events, which are written in capitals.
_CAPITALS = ("Clair", "Jetro", "Meti", "Fy")


def event_name(column: str) -> str:
    """SQL for the name of an event in words: Toyama Liaoning, 2024-05 of toyama_liaoning_2024_05."""
    words = f"array_to_string(list_transform(string_split({column}, '_'), lambda w: upper(w[1]) || w[2:]), ' ')"
    dated = rf"regexp_replace({words}, ' (\d{{4}}) (\d{{2}})$', ', \1-\2')"
    for name in _CAPITALS:
        dated = rf"regexp_replace({dated}, '\b{name}', '{name.upper()}')"
    return dated
