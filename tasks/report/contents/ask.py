"""Asking the facts in SQL, in the page itself: with SQLite in the browser, without a network, from a double-clicked file."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

import duckdb

from tasks.report import browser_sql
from tasks.report.contents.sentences import count, listed
from tasks.report.model import Page, PageMaker, Section
from warehouse.connection import one
from warehouse.settings import Home

PATH = "ask/index.html"


@dataclass(frozen=True)
class Example:
    """A query that can be chosen, and what it asks."""

    question: str
    sql: str

    @property
    def address(self) -> str:
        """The address of the page with this query."""
        return f"{PATH}#sql={quote(self.sql, safe='')}"


#: They run in SQLite and, as they are, in DuckDB.
EXAMPLES = (
    Example(
        "How much did Japan invest in China in each year, as MOFCOM counts it?",
        """SELECT year, mofcom_utilised_usd / 1e9 AS billion_usd, mofcom_utilised_publisher, mofcom_utilised_dataset
FROM fdi
WHERE reporter = 'CHN' AND counterpart = 'JPN' AND mofcom_utilised_usd IS NOT NULL
ORDER BY year""",
    ),
    Example(
        "What do both customs say of China's and Japan's imports from each other?",
        """SELECT year, reporter_name, partner_name, imports_usd / 1e9 AS imports_billion_usd, imports_valuation, imports_publisher
FROM trade
WHERE reporter IN ('CHN', 'JPN') AND partner IN ('CHN', 'JPN') AND imports_usd IS NOT NULL
ORDER BY year, reporter""",
    ),
    Example(
        "How large are the economies of the three provinces of the Northeast?",
        """SELECT year,
    max(CASE WHEN place = 'CN-LN' THEN value END) / 1e9 AS liaoning_billion_cny,
    max(CASE WHEN place = 'CN-JL' THEN value END) / 1e9 AS jilin_billion_cny,
    max(CASE WHEN place = 'CN-HL' THEN value END) / 1e9 AS heilongjiang_billion_cny
FROM indicator
WHERE indicator = 'gdp' AND unit = 'CNY' AND place IN ('CN-LN', 'CN-JL', 'CN-HL')
GROUP BY year
ORDER BY year""",
    ),
    Example(
        "How many Japanese companies are known in Jilin, and who counted them?",
        """SELECT place_name, year, companies_stated, companies_stated_publisher, companies_stated_dataset
FROM presence
WHERE place = 'CN-JL' AND origin = 'JPN' AND companies_stated IS NOT NULL
ORDER BY year""",
    ),
)


def pages_of(home: Home) -> PageMaker:
    """What makes the page, from a published file and the Parquet files of its release."""
    return lambda con: _pages(con, home)


def _pages(con: duckdb.DuckDBPyConnection, home: Home) -> Iterator[Page]:
    """The page with a field for a query."""
    (release,) = one(con.execute("SELECT max(release) FROM meta.releases"))
    fitting, left_out = browser_sql.tables(con)
    described = con.execute("SELECT table_name, column_name, unit, description FROM meta.columns").fetchall()
    comments = dict(
        con.execute("SELECT table_name, comment FROM duckdb_tables() WHERE schema_name = 'mart'").fetchall()
    )
    meanings = {(str(table).removeprefix("mart."), column): (unit, meaning) for table, column, unit, meaning in described}  # fmt: skip
    yield Page(
        path=PATH,
        title="Ask",
        names={"short": "Ask"},
        lead="Put a question to the figures in SQL. Everything runs in this page: nothing is sent anywhere, and it works from a file without a network.",
        sections=[
            Section("A query", block="ask.html.jinja", values={"examples": EXAMPLES, "described": browser_sql.described(fitting, "")}),
            Section("The tables", block="ask_tables.html.jinja", text=[_said(fitting, left_out)], values={"tables": [{**_described(table, meanings), "comment": comments[table.name]} for table in fitting]}),
        ],
        beside=partial(browser_sql.write, parquet=home.releases / str(release) / "parquet", fitting=fitting),
    )  # fmt: skip


def _said(fitting: list[browser_sql.Table], left_out: list[browser_sql.Table]) -> str:
    rows = sum(table.rows for table in fitting)
    said = (
        f"{count(len(fitting), 'table')} with {count(rows, 'row')}: the facts. All but indicator are made for adding; of indicator choose the indicator, the unit and the kind of place first. Numbers have 15 digits here, dates texts such as "
        "2014-12-31, and of each value's provenance there are the dataset and the publisher."
    )
    if left_out:
        names = listed([f"{table.name} ({table.rows:,} rows)" for table in left_out])
        said += f" Too large for a page: {names}; entrepot sql has all tables, all columns and exact numbers."
    return said


def _described(table: browser_sql.Table, meanings: dict[tuple[str, str], tuple[str | None, str]]) -> dict[str, object]:
    """A table with its columns, each with its unit and meaning."""
    columns = []
    for column in table.columns:
        unit, meaning = meanings.get((table.name, column.name)) or (None, "")
        value, _, of = column.name.rpartition("_")
        if not meaning and of in browser_sql.PROVENANCE:
            meaning = f"The {of} of {value}"
        columns.append({"name": column.name, "kind": column.kind, "unit": unit, "meaning": meaning})
    return {"name": table.name, "rows": table.rows, "columns": columns}
