"""Columns that several pages have."""

from tasks.report.model import Column, Trace


def billion_usd(name: str, label: str, *traces: Trace, link: str | None = None) -> Column:
    """An amount of dollars, shown in billions."""
    return Column(name, label, "billion US$", 2, 10**9, other_traces=traces, link=link)


YEAR = Column("year", "Year")
PUBLISHER = Column("publisher", "Publisher")
DATASET = Column("dataset", "Dataset")
PUBLISHED = Column("published_on", "Published")
STATUS = Column("status", "Status")
NOTE = Column("note", "Note")
