"""The data behind the site: freshness, coverage, quarantine, checks, revisions, sources with licences, and the dictionary."""

from collections.abc import Iterator

import duckdb

from tasks import sources
from tasks.report.contents.changes import Changes
from tasks.report.contents.columns import DATASET
from tasks.report.contents.sentences import count, percent
from tasks.report.model import Column, Exhibit, Heat, Page, PageMaker, Rows, Section, Trace
from warehouse.sql import quoted

_DICTIONARY_SQL = """
SELECT schema_name || '.' || table_name AS table_name, comment FROM duckdb_tables() WHERE schema_name = 'mart' AND comment IS NOT NULL
UNION ALL
SELECT schema_name || '.' || view_name, comment FROM duckdb_views() WHERE schema_name = 'mart' AND comment IS NOT NULL
ORDER BY ALL
"""
#: A cell is put into words: whose figure it is, about whom, and what it is of.
_LARGEST_REVISIONS_SQL = """
WITH revised AS (
    SELECT dataset, source, fact, cell, period, unit, previous_value, value, relative_difference, previous_published_on, published_on,
        cell ->> '$.reporter' AS reporter, cell ->> '$.partner' AS partner, cell ->> '$.counterpart' AS counterpart, cell ->> '$.origin' AS origin, cell ->> '$.indicator' AS indicator,
        left(period, 4) AS year, coalesce(cell ->> '$.reporter', cell ->> '$.place') AS place, coalesce(cell ->> '$.partner', cell ->> '$.counterpart', cell ->> '$.origin') AS other,
        replace(CASE fact WHEN 'trade' THEN concat_ws(' ', cell ->> '$.flow', 'of', if(cell ->> '$.product' = 'TOTAL', 'all goods', cell ->> '$.product'), cell ->> '$.valuation')
            WHEN 'fdi' THEN concat_ws(' ', coalesce(c.name, cell ->> '$.concept') || ',', cell ->> '$.direction', cell ->> '$.accounting')
            ELSE coalesce(cell ->> '$.indicator', cell ->> '$.counting_unit') END, '_', ' ') AS what
    FROM mart.revisions LEFT JOIN ref.fdi_concept AS c ON c.concept = (cell ->> '$.concept')
    WHERE change = 'revised' AND relative_difference IS NOT NULL AND sign(value) = sign(previous_value)
    ORDER BY abs(relative_difference) DESC, cell, period LIMIT 100
)
SELECT concat_ws(', ', coalesce(p.name, revised.place) || coalesce(' with ' || coalesce(o.name, revised.other), ''), what) AS figure, revised.* EXCLUDE (other, what)
FROM revised LEFT JOIN ref.place AS p ON p.place = revised.place LEFT JOIN ref.place AS o ON o.place = revised.other
ORDER BY abs(relative_difference) DESC, cell, period
"""


#: The page of a figure that was revised has all its versions: the one that has all columns in a row is of its kind.
_REVISED = (
    Trace("fdi", ("reporter", "counterpart")),
    Trace("trade", ("reporter", "partner")),
    Trace("indicator", ("place", "indicator")),
    Trace("presence", ("place", "origin")),
)


def pages_of(changes: Changes) -> PageMaker:
    """What makes the pages of the data, with what changed since the last release."""
    return lambda con: _pages(con, changes)


def _pages(con: duckdb.DuckDBPyConnection, changes: Changes) -> Iterator[Page]:
    """The page of the data, and the dictionary."""
    yield Page(
        path="data/index.html",
        title="The data",
        names={"short": "Data"},
        lead="How fresh the figures are, what the last release changed, what they cover, what was kept out, which checks passed, what was revised, and on what terms they may be used.",
        sections=[
            Section("Freshness", [_freshness()]),
            Section("Changes", changes.exhibits()),
            Section("Coverage", [_coverage(), _missing()]),
            Section("Kept out", [_quarantine(), _set_aside()]),
            Section("Checks", [_checks()]),
            Section("Revisions", [_revisions(), _latest_revisions()]),
            Section("Licences", [_licences()]),
            Section("Traps", block="traps.html.jinja", values={"sources": list(sources.all_sources().values())}),
            Section("Dictionary", [_tables()], text=[
                "Every table with its columns, units and traps: the page Dictionary. How to write a query: SQL, in DuckDB's dialect, over "
                "published/entrepot.duckdb; every figure of this site shows the query that it is made with.",
            ]),
        ],
    )  # fmt: skip
    yield Page(
        path="data/dictionary.html",
        title="Dictionary",
        parent="data/index.html",
        lead="Every column of every table of figures: its type, its unit and what it means. The same text is in the file itself, in meta.columns.",
        sections=[Section("All columns", [_columns()]), Section("Table by table", list(_columns_by_table(con)))],
    )


def _freshness() -> Exhibit:
    return Exhibit(
        slug="freshness",
        title="How new each dataset is",
        sql="SELECT dataset, source, source_title, figures, oldest_period, newest_period, last_published, last_received::DATE AS last_received, expected_by, files "
        "FROM mart.freshness ORDER BY last_published DESC NULLS LAST, dataset, source",
        columns=(
            DATASET, Column("source_title", "Source"), Column("figures", "Figures", "", 0), Column("oldest_period", "From"), Column("newest_period", "To"),
            Column("last_published", "Last published"), Column("last_received", "Received"), Column("expected_by", "Next expected by"),
        ),
        takeaway=_freshness_takeaway,
    )  # fmt: skip


def _freshness_takeaway(rows: Rows) -> str:
    dated = [row["last_published"] for row in rows if row["last_published"]]
    newest = f", the newest published on {max(dated)}" if dated else ""
    return f"{count(len(rows), 'dataset')} with {sum(row['figures'] for row in rows):,} figures{newest}."


def _coverage() -> Exhibit:
    return Exhibit(
        slug="coverage",
        title="Which kinds of figures there are of which years",
        sql="""
SELECT CASE fact WHEN 'fdi' THEN 'investment' WHEN 'fdi_rate' THEN 'growth of investment' WHEN 'presence' THEN 'companies' ELSE fact END || ', ' || CASE WHEN place IN ('CHN', 'JPN', 'KOR', 'USA') THEN place_name WHEN place LIKE 'CN-%' THEN 'Chinese provinces'
    WHEN place LIKE 'JP-%' THEN 'prefectures' ELSE 'others' END AS what, year, sum(figures)::BIGINT AS figures,
    sum(figures_missing)::BIGINT AS without_value, sum(figures_undated)::BIGINT AS undated, string_agg(DISTINCT dataset, '; ' ORDER BY dataset) AS dataset
FROM mart.coverage WHERE year >= 1990 GROUP BY ALL ORDER BY what, year
""",
        columns=(
            Column("what", "Kind and place"), Column("year", "Year"), Column("figures", "Figures", "", 0), Column("without_value", "Without a value", "", 0),
            Column("undated", "Without a date", "", 0),
        ),
        takeaway=_coverage_takeaway,
        chart=Heat("year", "what", "figures"),
        concept="Five shades: fewer than 10 figures, fewer than 100, 1,000, 10,000, and more.",
    )  # fmt: skip


def _coverage_takeaway(rows: Rows) -> str:
    years: dict[int, int] = {}
    for row in rows:
        years[row["year"]] = years.get(row["year"], 0) + row["figures"]
    fullest = max(years, key=lambda year: years[year])
    return f"{sum(years.values()):,} figures of {min(years)} to {max(years)}; {fullest} has most, {years[fullest]:,}."


def _missing() -> Exhibit:
    return Exhibit(
        slug="without-dollars",
        title="Amounts without dollars, and figures without a date",
        sql="""
SELECT dataset, source, fact, sum(figures)::BIGINT AS figures, sum(figures_missing)::BIGINT AS without_value, sum(figures_without_usd)::BIGINT AS without_usd,
    sum(figures_undated)::BIGINT AS undated
FROM mart.coverage GROUP BY ALL HAVING sum(figures_missing) + sum(figures_without_usd) + sum(figures_undated) > 0
ORDER BY undated + without_usd DESC, dataset, fact
""",
        columns=(
            DATASET, Column("fact", "Kind"), Column("figures", "Figures", "", 0), Column("without_value", "Without a value", "", 0),
            Column("without_usd", "Without dollars", "", 0), Column("undated", "Without a date", "", 0),
        ),
        takeaway=lambda rows: f"{sum(row['undated'] for row in rows):,} figures have no date of publication on record, "
        f"{sum(row['without_usd'] for row in rows):,} no amount in dollars for want of an exchange rate.",
        missing="Every figure has a value, a date and, where it is an amount, dollars.",
    )  # fmt: skip


def _quarantine() -> Exhibit:
    return Exhibit(
        slug="quarantine",
        title="Rows in quarantine",
        sql="SELECT source, rules, count(*) AS number, min(filename) AS filename FROM meta.quarantine GROUP BY source, rules ORDER BY number DESC, source, rules",
        columns=(Column("source", "Source"), Column("rules", "Broken rules"), Column("number", "Rows", "", 0), Column("filename", "For instance in")),
        takeaway=lambda rows: f"{count(sum(row['number'] for row in rows), 'row')} broke a rule and {'is' if sum(row['number'] for row in rows) == 1 else 'are'} kept apart with the rule's name and the raw text.",
        missing="No row is in quarantine: every row that was read met every rule, or was set aside with a reason.",
    )  # fmt: skip


def _set_aside() -> Exhibit:
    return Exhibit(
        slug="set-aside",
        title="Rows set aside on purpose",
        sql="SELECT source, reason, sum(rows_set_aside)::BIGINT AS number FROM meta.set_aside GROUP BY source, reason ORDER BY number DESC, source, reason",
        columns=(Column("source", "Source"), Column("reason", "Why"), Column("number", "Rows", "", 0)),
        takeaway=lambda rows: f"{count(sum(row['number'] for row in rows), 'row')} of publishers' files, for {count(len(rows), 'reason')}.",
        missing="No row was set aside.",
    )  # fmt: skip


def _checks() -> Exhibit:
    return Exhibit(
        slug="checks",
        title="Checks of this release",
        sql="SELECT check_name, severity, description, passed, violations FROM meta.checks ORDER BY passed, check_name",
        columns=(
            Column("check_name", "Check"),
            Column("severity", "If violated"),
            Column("description", "What must hold"),
            Column("passed", "Passed"),
            Column("violations", "Violations", "", 0),
        ),
        takeaway=lambda rows: (
            f"{sum(row['passed'] for row in rows)} of {count(len(rows), 'check')} pass"
            f"{'.' if all(row['passed'] for row in rows) else '; the others are warnings, which keep no release back.'}"
        ),
    )


def _revisions() -> Exhibit:
    return Exhibit(
        slug="revisions-by-source",
        title="How often and how much each dataset revises its figures",
        sql="SELECT *, 'data/index.html#largest-revisions' AS listed FROM mart.revisions_by_source ORDER BY revisions DESC, source, dataset, fact",
        columns=(
            DATASET, Column("fact", "Kind"), Column("revisions", "Revised", "", 0, link="listed"), Column("newly_stated", "Newly stated", "", 0), Column("withdrawn", "Withdrawn", "", 0),
            Column("median_relative_difference", "Median size", "share", 3), Column("largest_relative_difference", "Largest size", "share", 3),
            Column("share_up", "Upwards", "share", 2), Column("median_days_between", "Median days between", "", 0),
        ),
        takeaway=lambda rows: f"{sum(row['revisions'] for row in rows):,} figures of {count(len(rows), 'dataset')} were changed by a later release.",
        missing="No figure was changed by a later release that is here.",
    )  # fmt: skip


def _latest_revisions() -> Exhibit:
    return Exhibit(
        slug="largest-revisions",
        title="The hundred largest revisions for their size",
        sql=_LARGEST_REVISIONS_SQL,
        columns=(
            Column("figure", "Figure"), Column("period", "Period"), Column("previous_value", "Before", "", 2, other_traces=_REVISED),
            Column("value", "After", "", 2, other_traces=_REVISED), Column("relative_difference", "Change", "share", 3, other_traces=_REVISED), Column("unit", "Unit"),
            Column("previous_published_on", "Before published"), Column("published_on", "After published"), DATASET,
        ),
        takeaway=lambda rows: f"The largest is {_times_or_percent(float(rows[0]['relative_difference']))}: {rows[0]['figure']}, {rows[0]['period']} ({rows[0]['publisher']}).",
        concept="Of figures that kept their sign: a change from a small loss to a large gain has no size in percent.",
        missing="No figure was revised.",
    )  # fmt: skip


def _times_or_percent(change: float) -> str:
    """A change relative to what was before, as a multiple where percent would have many digits: 94 %, to 12 times as much."""
    return f"to {1 + change:,.0f} times as much" if change >= 10 else percent(change)


def _licences() -> Exhibit:
    return Exhibit(
        slug="licences",
        title="Sources and their terms",
        sql="SELECT source, title, publisher, licence, redistribution FROM ref.source ORDER BY source",
        columns=(
            Column("source", "Source"), Column("title", "What"), Column("publisher", "Publisher"), Column("licence", "Terms"), Column("redistribution", "Passing on"),
        ),
        takeaway=lambda rows: f"{count(len(rows), 'source')}; {count(sum(row['redistribution'] == 'ask' for row in rows), 'source')} may be passed on only with the publisher's permission.",
        opened=True,
    )  # fmt: skip


def _tables() -> Exhibit:
    return Exhibit(
        slug="tables",
        title="Tables of figures",
        sql=f"SELECT table_name, replace(comment, '``', '') AS comment, 'data/dictionary.html#' || replace(table_name, '.', '-') AS page FROM ({_DICTIONARY_SQL})",
        columns=(Column("table_name", "Table", link="page"), Column("comment", "What it is, and its traps")),
        takeaway=lambda rows: f"{count(len(rows), 'table')}. Facts are made for adding, but for indicator, of which the indicator, the unit and the kind of place are chosen first; figures are what was published, one row each; readings answer a question.",
        search=True,
    )  # fmt: skip


def _columns() -> Exhibit:
    return Exhibit(
        slug="columns",
        title="Columns",
        sql="SELECT table_name, column_name, data_type, unit, description FROM meta.columns WHERE table_name LIKE 'mart.%' ORDER BY table_name, column_name",
        columns=(Column("table_name", "Table"), Column("column_name", "Column"), Column("data_type", "Type"), Column("unit", "Unit"), Column("description", "Meaning")),
        takeaway=lambda rows: f"{count(len(rows), 'column')} of {count(len({row['table_name'] for row in rows}), 'table')}.",
        opened=False,  # a thousand rows: laying them out would keep the page waiting
        search=True,
    )  # fmt: skip


def _columns_by_table(con: duckdb.DuckDBPyConnection) -> Iterator[Exhibit]:
    """The columns of each table, with what the table is."""
    for table, comment in con.execute(_DICTIONARY_SQL).fetchall():
        yield Exhibit(
            slug=str(table).replace(".", "-"),
            title=str(table),
            sql=f"SELECT column_name, data_type, unit, description FROM meta.columns WHERE table_name = {quoted(str(table))} ORDER BY column_name",
            columns=(Column("column_name", "Column"), Column("data_type", "Type"), Column("unit", "Unit"), Column("description", "Meaning")),
            takeaway=_columns_takeaway,
            concept=str(comment).replace("``", ""),
            opened=False,
        )  # fmt: skip


def _columns_takeaway(rows: Rows) -> str:
    units = len({row["unit"] for row in rows if row["unit"]})
    return (
        f"{count(len(rows), 'column')}, in {count(units, 'unit')}."
        if units
        else f"{count(len(rows), 'column')}, without units."
    )
