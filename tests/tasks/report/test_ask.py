"""The page Ask: SQL in the browser over the facts, from a file, without a network."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Browser, Page

from tasks.report import browser_sql
from tasks.report.contents import ask
from tests.support import chromium
from warehouse.connection import one, reader
from warehouse.settings import Home


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.opened() as opened:
        yield opened


@pytest.fixture
def page(browser: Browser, site: Path) -> Iterator[Page]:
    opened = browser.new_page()
    opened.goto((site / ask.PATH).as_uri())
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def con(bundled: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    with reader(bundled) as opened:
        yield opened


def said(page: Page) -> str:
    """What the page says of a query, when it is answered or refused."""
    page.wait_for_function("/row|cannot|Stopped/.test(document.getElementById('ask-says').textContent)")
    return page.locator("#ask-says").inner_text()


def put(page: Page, query: str) -> None:
    page.fill("#ask-sql", query)
    page.click("#ask button[type=submit]")


def downloaded(page: Page) -> list[list[str]]:
    with page.expect_download() as download:
        page.click("#ask-csv")
    text = Path(download.value.path()).read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(text.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("example", ask.EXAMPLES, ids=lambda example: example.question)
def test_an_example_answers_as_duckdb_does(page: Page, con: duckdb.DuckDBPyConnection, example: ask.Example) -> None:
    page.get_by_role("link", name=example.question).click()
    said(page)
    heading, *rows = downloaded(page)
    assert heading[0] == page.locator("#ask-table th").first.inner_text()
    assert len(rows) == page.locator("#ask-table tbody tr").count() > 1
    text = ", ".join(_plain(table) for table in browser_sql.tables(con)[0])
    expected = con.execute(f"WITH {text} {example.sql}").fetchall()
    assert [[_comparable(cell) for cell in row] for row in rows] == [
        [_comparable("" if cell is None else str(cell)) for cell in row] for row in expected
    ]


def _plain(table: browser_sql.Table) -> str:
    """A fact with the columns that it has in the browser, as a named query."""
    columns = ", ".join(f'{column.sql} AS "{column.name}"' for column in table.columns)
    return f"{table.name} AS (SELECT {columns} FROM mart.{table.name})"


def _comparable(text: str) -> object:
    try:
        return pytest.approx(float(text))
    except ValueError:
        return text


def test_tables_in_the_browser_are_the_releases_parquet_files(page: Page, con: duckdb.DuckDBPyConnection) -> None:
    """Each cell of each table is what DuckDB makes of the mart."""
    for table in browser_sql.tables(con)[0]:
        put(page, f"SELECT * FROM {table.name}")
        page.wait_for_function(f"document.getElementById('ask-says').textContent.startsWith('{table.rows:,} row')")
        heading, *rows = downloaded(page)
        assert heading == [column.name for column in table.columns]
        columns = ", ".join(column.sql for column in table.columns)
        expected = con.execute(f"SELECT {columns} FROM mart.{table.name}").fetchall()
        assert sorted(_typed(row, table) for row in rows) == sorted(
            _typed(["" if value is None else str(value) for value in row], table) for row in expected
        )


def _typed(row: list[str], table: browser_sql.Table) -> list[tuple[float, str]]:
    """Cells that sort and compare: numbers by their value, exact ones of 15 digits, and texts as they are."""
    return [
        (float(f"{float(cell):.15g}") if column.is_decimal else float(cell), "") if cell and column.kind != "TEXT" else (0, cell)
        for column, cell in zip(table.columns, row, strict=True)
    ]  # fmt: skip


def test_a_table_is_read_when_a_query_first_names_it(browser: Browser, site: Path) -> None:
    page = browser.new_page()
    loaded = list[str]()
    page.on("request", lambda request: loaded.append(request.url.rpartition("/")[2]))
    page.goto((site / ask.PATH).as_uri())
    assert not {"engine.js", "fdi.js"} & set(loaded)
    put(page, "SELECT count(*) AS n FROM trade")
    said(page)
    assert {"engine.js", "trade.js"} <= set(loaded)
    assert "fdi.js" not in loaded
    page.close()


def test_a_parquet_file_of_the_users_becomes_a_table(page: Page, bundled: Home, con: duckdb.DuckDBPyConnection) -> None:
    page.set_input_files("#ask-files", bundled.parquet / "mirror_trade.parquet")
    (rows,) = one(con.execute("SELECT count(*) FROM mart.mirror_trade"))
    assert said(page) == f"Tables: mirror_trade with {rows} rows."
    put(page, "SELECT sum(export_usd) AS usd, min(export_from_published_on) AS published FROM mirror_trade")
    page.wait_for_function("document.getElementById('ask-says').textContent === '1 row.'")
    usd, published = one(con.execute("SELECT sum(export_usd), min(export_from.published_on) FROM mart.mirror_trade"))
    said_usd, said_published = downloaded(page)[1]
    assert float(said_usd) == pytest.approx(float(usd))
    assert said_published == str(published)


def test_japans_investment_of_2014_is_as_printed(page: Page) -> None:
    put(page, "SELECT mofcom_utilised_usd FROM fdi WHERE reporter = 'CHN' AND counterpart = 'JPN' AND year = 2014")
    assert said(page) == "1 row."
    assert page.locator("#ask-table td").inner_text() == "4330000000"


def test_a_link_carries_the_query(browser: Browser, site: Path) -> None:
    page = browser.new_page()
    requests = list[str]()
    page.on("request", lambda request: requests.append(request.url))
    page.goto((site / ask.PATH).as_uri())
    put(page, 'SELECT \'a+b & 日本\' AS "text", 50 % 7 AS "number"')
    assert said(page) == "1 row."
    address = page.url
    assert page.evaluate("document.getElementById('ask-link').href") == address
    page.close()
    again = browser.new_page()
    again.on("request", lambda request: requests.append(request.url))
    again.goto(address)
    assert said(again) == "1 row."
    assert again.locator("#ask-table td").all_inner_texts() == ["a+b & 日本", "1"]
    assert [url for url in requests if not url.startswith(("file://", "blob:"))] == []
    again.close()


def test_answers_are_text(page: Page) -> None:
    put(page, "SELECT '<img src=x onerror=document.title=1>' AS \"<b>\", 'say \"yes\", twice' AS quoted")
    said(page)
    assert page.locator("#ask-table img, #ask-table b").count() == 0
    assert downloaded(page) == [["<b>", "quoted"], ["<img src=x onerror=document.title=1>", 'say "yes", twice']]


def test_a_query_that_cannot_be_answered_says_why(page: Page) -> None:
    put(page, "SELEC 1")
    assert said(page) == 'This query cannot be answered: near "SELEC": syntax error'
    assert not page.locator("#ask-result").is_visible()


def test_a_long_query_is_stopped_and_the_next_one_answered(page: Page) -> None:
    put(page, "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n")
    page.click("#ask-stop")
    assert said(page) == "Stopped."
    put(page, "SELECT 1 AS one")
    page.wait_for_function("document.getElementById('ask-says').textContent === '1 row.'")


def test_without_javascript_the_page_says_how_to_ask(browser: Browser, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / ask.PATH).as_uri())
    assert page.locator("#ask-without pre").is_visible()
    assert page.locator("textarea:visible, button:visible").count() == 0
    context.close()


def test_tables_too_large_for_a_browser_are_left_out_and_named(
    bundled: Home, con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser_sql, "MOST_ROWS", 1000)
    fitting, left_out = browser_sql.tables(con)
    assert all(table.rows <= 1000 for table in fitting)
    assert {"trade", "presence"} <= {table.name for table in fitting}
    assert "indicator" in {table.name for table in left_out}
    section = next(iter(ask.pages_of(bundled)(con))).sections[1]
    assert all(f"{table.name} ({table.rows:,} rows)" in section.text[0] for table in left_out)
