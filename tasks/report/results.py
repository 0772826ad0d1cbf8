"""Running an exhibit's query on the published file, and naming the sources of what it returns."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import duckdb

from schemas import base, mart
from tasks.report.model import Exhibit, Page, Rows
from warehouse.errors import EntrepotError


class ExhibitFailed(EntrepotError):
    """An exhibit's query cannot be run, or does not return the columns that are declared."""


@dataclass(frozen=True)
class Source:
    """A dataset that an exhibit's rows come from: who published it, and the titles of the documents it was printed in.

    ``published`` is the day of its last edition as far as it is on record.
    """

    dataset: str
    source: str
    publisher: str
    documents: tuple[str, ...]
    licence: str
    redistribution: str
    published: str

    @property
    def document(self) -> str:
        """The document in a few words: its title, or how many there are."""
        return self.documents[0] if len(self.documents) == 1 else f"{len(self.documents)} documents"


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
    where = f"{page.written_in or page.path}, exhibit {exhibit.slug}"
    try:
        con.execute(f"CREATE OR REPLACE TEMP TABLE {TABLE} AS {exhibit.sql}")
        found = con.execute(f"FROM {TABLE}")
    except duckdb.Error as fault:
        raise ExhibitFailed(f"{where}: its query cannot be run: {str(fault).splitlines()[0]}") from fault
    names = tuple(str(column[0]) for column in found.description or [])
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    if missing := [column.name for column in exhibit.columns if column.name not in names]:
        raise ExhibitFailed(f"{where}: its query does not return {', '.join(missing)}; it returns {', '.join(names)}")
    sources.name_publishers(rows)
    return Result(exhibit, rows, names, sources.of(rows))


class Sources:
    """The datasets of a published file, with publishers and licences."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._known: dict[str, Source] = {}
        for dataset, source, publisher, documents, *terms in con.execute(_sources()).fetchall():
            self._known.setdefault(dataset, Source(dataset, source, publisher, tuple(documents), *terms))

    def named(self, dataset: str) -> Source | None:
        """The source of a dataset, if the published file has it."""
        return self._known.get(dataset)

    def name_publishers(self, rows: Iterable[dict[str, Any]]) -> None:
        """Put into rows with a dataset, but no publisher of it, who published it: import_publisher beside import_dataset."""
        for row in rows:
            for name, value in list(row.items()):
                beside = f"{name.removesuffix('dataset')}publisher"
                if name.endswith("dataset") and value is not None and beside not in row:
                    named = [self._known[part].publisher for part in str(value).split("; ") if part in self._known]
                    row[beside] = "; ".join(dict.fromkeys(named)) or None

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


def _sources() -> str:
    """SQL for the datasets. Of bundled figures each row has its own citation; of files the edition has it, or else the source."""
    cited = " UNION ".join(
        f"SELECT dataset, publisher, title FROM {base.table_name(figures)} WHERE source = 'curated'"
        for figures in mart.FIGURES_OF.values()
    )
    return f"""
WITH cited AS (
    SELECT dataset, string_agg(DISTINCT publisher, '; ' ORDER BY publisher) AS publisher, list(DISTINCT title ORDER BY title) AS documents
    FROM ({cited}) GROUP BY dataset
)
SELECT e.dataset, e.source,
    coalesce(any_value(f.publisher), arg_max(c.publisher, e.edition), CASE e.source WHEN 'curated' THEN e.dataset ELSE any_value(s.publisher) END) AS publisher,
    coalesce(any_value(f.documents), [coalesce(arg_max(c.title, e.edition), CASE e.source WHEN 'curated' THEN e.dataset ELSE any_value(s.title) END)]) AS documents,
    any_value(s.licence) AS licence, any_value(s.redistribution) AS redistribution,
    coalesce(strftime(max(e.published_on) FILTER (e.published_precision = 'day'), '%Y-%m-%d'),
        strftime(max(e.published_on), '%Y'), 'date not on record') AS published
FROM meta.editions AS e
JOIN ref.source AS s USING (source)
LEFT JOIN meta.citations AS c USING (citation)
LEFT JOIN cited AS f ON e.source = 'curated' AND f.dataset = e.dataset
WHERE e.retracted_at IS NULL
GROUP BY e.dataset, e.source
ORDER BY ALL
"""
