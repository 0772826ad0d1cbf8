"""Running an exhibit's query on the published file, and naming the sources of what it returns."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import duckdb

from tasks.report.model import Exhibit, Page, Rows
from warehouse.errors import EntrepotError


class ExhibitFailed(EntrepotError):
    """An exhibit's query cannot be run, or does not return the columns that are declared."""


@dataclass(frozen=True)
class Source:
    """A dataset that an exhibit's rows come from. ``published`` is the day of its last edition as far as it is on record."""

    dataset: str
    source: str
    publisher: str
    licence: str
    redistribution: str
    published: str


@dataclass(frozen=True)
class Result:
    """What an exhibit's query returned: rows in their order, the names of all columns, and the sources of the rows."""

    exhibit: Exhibit
    rows: Rows
    columns: tuple[str, ...]
    sources: tuple[Source, ...]


#: The temporary table with the rows of the exhibit that was run last, so that its files are written without asking again.
TABLE = "exhibit_rows"


def run(con: duckdb.DuckDBPyConnection, page: Page, exhibit: Exhibit, sources: "Sources") -> Result:
    """Run an exhibit's query. Raises ExhibitFailed."""
    where = f"{page.path}, exhibit {exhibit.slug}"
    try:
        con.execute(f"CREATE OR REPLACE TEMP TABLE {TABLE} AS {exhibit.sql}")
        found = con.execute(f"FROM {TABLE}")
    except duckdb.Error as fault:
        raise ExhibitFailed(f"{where}: its query cannot be run: {str(fault).splitlines()[0]}") from fault
    names = tuple(str(column[0]) for column in found.description or [])
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    if missing := [column.name for column in exhibit.columns if column.name not in names]:
        raise ExhibitFailed(f"{where}: its query does not return {', '.join(missing)}; it returns {', '.join(names)}")
    return Result(exhibit, rows, names, sources.of(rows))


class Sources:
    """The datasets of a published file, with publishers and licences."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._known: dict[str, Source] = {}
        for row in con.execute(_SOURCES).fetchall():
            source = Source(*row)
            self._known.setdefault(source.dataset, source)

    def of(self, rows: Iterable[dict[str, Any]]) -> tuple[Source, ...]:
        """The sources that rows name in their columns ``dataset`` and ``…_dataset``, with the publishers in ``…publisher``."""
        publishers: dict[str, str | None] = {}
        for row in rows:
            for name, value in row.items():
                if name.endswith("dataset") and value is not None:
                    publisher = row.get(f"{name.removesuffix('dataset')}publisher")
                    for dataset in str(value).split(";"):
                        publishers[dataset.strip()] = publisher or publishers.get(dataset.strip())
        known = [
            (self._known[dataset], publisher)
            for dataset, publisher in sorted(publishers.items())
            if dataset in self._known
        ]
        return tuple(replace(source, publisher=publisher or source.publisher) for source, publisher in known)


_SOURCES = """
SELECT e.dataset, e.source,
    coalesce(arg_max(c.publisher, e.edition), CASE e.source WHEN 'curated' THEN e.dataset ELSE any_value(s.publisher) END) AS publisher,
    any_value(s.licence) AS licence, any_value(s.redistribution) AS redistribution,
    coalesce(strftime(max(e.published_on) FILTER (e.published_precision = 'day'), '%Y-%m-%d'),
        strftime(max(e.published_on), '%Y'), 'date not on record') AS published
FROM meta.editions AS e
JOIN ref.source AS s USING (source)
LEFT JOIN meta.citations AS c USING (citation)
WHERE e.retracted_at IS NULL
GROUP BY e.dataset, e.source
ORDER BY ALL
"""
