"""``entrepot sql``: cautions on standard error, and how results are written."""

import csv
import datetime as dt
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from flows.cli import workbook
from tests.support import small_warehouse
from tests.support.curated_folder import CuratedFolder
from warehouse.settings import Home, Settings


@pytest.fixture(scope="module")
def home(settings: Settings, warehouse_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home folder with one release, and exports to two partners. Tests only read it."""
    root = tmp_path_factory.mktemp("sql")
    made = small_warehouse.make(root, settings, warehouse_template)
    folder = small_warehouse.write_folder(root / "more")
    folder.write("trade/second.csv", [folder.row("trade", partner="KOR", printed_value="5")])
    small_warehouse.load(made, settings, folder)
    assert small_warehouse.release(made, settings).release
    return made


def run(home: Home, *arguments: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, with the text on its standard input."""
    command = [sys.executable, "-m", "flows.cli.app", "sql", "--home", str(home.root), *arguments]
    return subprocess.run(
        command, input=given, capture_output=True, text=True, encoding="utf-8", check=False, timeout=120
    )


# -- cautions -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("as_of", [[], ["--as-of", "2018-12-31"]], ids=["now", "then"])
def test_a_sum_over_figures_is_answered_with_a_caution_on_standard_error(home: Home, as_of: list[str]) -> None:
    done = run(home, "SELECT sum(value_usd) AS n FROM trade_figures WHERE flow = 'export'", "--format", "csv", *as_of)
    assert done.returncode == 0
    assert done.stdout == "n\n19000000.000\n"
    (caution,) = done.stderr.splitlines()
    assert caution.startswith("sum(value_usd) over trade_figures adds figures of several publishers and editions; ")
    assert "ask trade" in caution
    assert "partner_kind = 'economy'" in caution  # no figure here is of the world


def test_one_figure_needs_no_caution(home: Home) -> None:
    done = run(home, "SELECT sum(value_usd) AS n FROM trade_figures WHERE partner = 'KOR'", "--format", "csv")
    assert (done.stdout, done.stderr) == ("n\n5000000.000\n", "")


def test_a_place_that_is_not_a_code_is_explained(home: Home) -> None:
    done = run(home, "SELECT count(*) AS n FROM trade WHERE reporter = 'China' AND partner = 'WLD'", "--format", "csv")
    assert (done.returncode, done.stdout) == (0, "n\n0\n")
    first, second = done.stderr.splitlines()
    assert first == "reporter = 'China' finds nothing: 'China' is not a place code; place('China') is CHN (China)"
    assert second.endswith("a sum over partners is that of the world")


def test_a_hint_names_the_home_folder(home: Home) -> None:
    done = run(home, "FROM trade WHERE reporter = 'New Atlantis'")
    assert f" --home {home.root} places 'New Atlantis'` lists what there is" in done.stderr


def test_a_query_that_fails_gets_no_caution(home: Home) -> None:
    done = run(home, "SELECT sum(value_usd), nothing FROM trade_figures")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1


IMPORTED = """
import sys
from flows.cli import app
try:
    app.main()
except SystemExit:
    print("IMPORTED", *sorted(sys.modules))
"""


@pytest.mark.parametrize(
    ("query", "is_read"),
    [("SELECT reporter, year FROM trade", False), ("SHOW TABLES", False), ("SELECT sum(exports_usd) FROM trade", True)],
)
def test_only_a_query_that_may_need_a_caution_is_read(home: Home, query: str, is_read: bool) -> None:
    command = [sys.executable, "-c", IMPORTED, "sql", query, "--home", str(home.root)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    imported = done.stdout.split("IMPORTED")[1].split()
    assert ("sqlglot" in imported) == is_read
    assert {"pandera", "ibis", "pandas", "prefect"} & set(imported) == set()


# -- tables ---------------------------------------------------------------------------------------------------


def test_a_table_has_no_zeros_that_only_the_type_adds(home: Home) -> None:
    query = """SELECT * FROM (VALUES (2499028927000::DECIMAL(20, 3), 1.250::DECIMAL(20, 3), NULL::DECIMAL(5, 2), 0.000::DECIMAL(3, 3), 7),
        (100, 3, NULL, 0, 8)) AS t(whole, parts, none, zero, n)"""
    lines = run(home, query).stdout.splitlines()
    rows = [[cell.strip() for cell in line.strip("│").split("│")] for line in lines if line.startswith("│")]
    assert rows[2:] == [["2499028927000", "1.25", "NULL", "0", "7"], ["100", "3.00", "NULL", "0", "8"]]


def test_a_table_of_many_rows_says_that_there_are_more(home: Home) -> None:
    done = run(home, "SELECT i::DECIMAL(9, 2) AS n FROM range(20000) AS t(i)")
    assert "(>9999 rows, 1000 shown)" in done.stdout
    assert "│ 0 │" in " ".join(done.stdout.split())


def test_a_provenance_is_shown_in_words(home: Home) -> None:
    query = "SELECT exports_from, imports_from, {'a': 1, 'b': NULL, 'c': 'x'} AS other FROM trade"
    done = run(home, query)
    assert done.returncode == 0, done.stderr
    assert "{" not in done.stdout
    assert ", 2018-09-30, published" in done.stdout
    assert "a: 1, c: x" in done.stdout
    assert "NULL" in done.stdout


def test_columns_of_one_name_are_all_shown(home: Home) -> None:
    done = run(home, "SELECT 1.50 AS a, 2.50 AS a")
    assert (done.returncode, "1.5 " in done.stdout, "2.5 " in done.stdout) == (0, True, True)


def test_a_struct_in_csv_is_json(home: Home) -> None:
    done = run(
        home, "SELECT exports_from, [1, 2] AS list, exports_usd FROM trade WHERE partner <> 'KOR'", "--format", "csv"
    )
    (row,) = csv.DictReader(io.StringIO(done.stdout))
    assert json.loads(row["exports_from"])["published_on"] == "2018-09-30"
    assert json.loads(row["list"]) == [1, 2]
    assert row["exports_usd"] == "14000000.000"


# -- workbooks ------------------------------------------------------------------------------------------------


def cells(path: Path) -> list[list[Any]]:
    """The cells of the one sheet of a workbook."""
    (sheet,) = openpyxl.load_workbook(path).worksheets
    return [list(row) for row in sheet.iter_rows()]


def test_a_workbook_keeps_codes_as_text_dates_as_dates_and_numbers_as_numbers(home: Home, tmp_path: Path) -> None:
    target = tmp_path / "it's here.xlsx"
    query = """SELECT '010121' AS product, '=1+1' AS text, 'https://example.org' AS address, DATE '2018-09-30' AS day, DATE '1850-01-31' AS early,
        TIMESTAMPTZ '2018-09-30 12:30:00+00' AS moment, 2499028927000.125::DECIMAL(20, 3) AS amount, 6.9081::DECIMAL(38, 15) AS rate,
        2019 AS year, true AS yes, NULL::INTEGER AS nothing, 'nan'::DOUBLE AS nan, [1, 2] AS list, {'a': '01', 'b': DATE '2020-01-01', 'c': [3]} AS s"""
    done = run(home, query, "--format", "xlsx", "--output", str(target))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    names, row = cells(target)
    found = {name.value: cell for name, cell in zip(names, row, strict=True)}
    assert {name: cell.value for name, cell in found.items()} == {
        "product": "010121", "text": "=1+1", "address": "https://example.org", "day": dt.datetime.fromisoformat("2018-09-30"), "early": "1850-01-31",
        "moment": dt.datetime.fromisoformat("2018-09-30 12:30"), "amount": 2499028927000.125, "rate": 6.9081, "year": 2019, "yes": True, "nothing": None,
        "nan": "nan", "list": "[1,2]", "s.a": "01", "s.b": dt.datetime.fromisoformat("2020-01-01"), "s.c": "[3]",
    }  # fmt: skip
    assert {name: found[name].data_type for name in ("product", "text", "address", "day", "amount")} == {
        "product": "s", "text": "s", "address": "s", "day": "d", "amount": "n",
    }  # fmt: skip
    assert found["day"].number_format == "yyyy-mm-dd"
    assert found["address"].hyperlink is None


def test_a_provenance_has_a_column_for_each_part(home: Home, tmp_path: Path) -> None:
    target = tmp_path / "trade.xlsx"
    assert (
        run(
            home, "FROM trade WHERE partner <> 'KOR'", "--format", "xlsx", "-o", str(target), "--as-of", "2018-12-31"
        ).returncode
        == 0
    )
    names, row = cells(target)
    found = {name.value: cell.value for name, cell in zip(names, row, strict=True)}
    assert found["exports_usd"] == 14_000_000
    assert found["exports_from.published_on"] == dt.datetime.fromisoformat("2018-09-30")
    assert found["exports_from.method"] == "published"


def test_a_workbook_goes_to_a_file_only(home: Home) -> None:
    done = run(home, "FROM trade", "--format", "xlsx")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.endswith("A workbook is not written to the terminal: name a file with --output\n")


def test_a_workbook_that_cannot_be_written_is_reported_in_one_line(home: Home, tmp_path: Path) -> None:
    target = tmp_path / "missing" / "out.xlsx"
    done = run(home, "FROM trade", "--format", "xlsx", "-o", str(target))
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert str(target) in done.stderr


def test_a_result_that_a_sheet_cannot_hold_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    monkeypatch.setattr(workbook, "MOST_COLUMNS", 2)
    target = tmp_path / "out.xlsx"
    target.write_text("of before")
    with duckdb.connect() as con:
        with pytest.raises(workbook.DoesNotFit, match=r"more than 2 rows, .* csv or parquet"):
            workbook.write(con, con.sql("FROM range(3)"), target)
        with pytest.raises(workbook.DoesNotFit, match="has 3 columns, and a sheet has 2"):
            workbook.write(con, con.sql("SELECT 1, 2, 3"), target)
        with pytest.raises(workbook.DoesNotFit, match="column a, row 1, has 32,768 characters"):
            workbook.write(con, con.sql("SELECT repeat('x', 32768) AS a"), target)
        assert target.read_text() == "of before"
        workbook.write(con, con.sql("FROM range(2)"), target)
        assert [[cell.value for cell in row] for row in cells(target)] == [["range"], [0], [1]]
    assert list(tmp_path.iterdir()) == [target]


def test_only_a_workbook_needs_its_library(home: Home) -> None:
    command = [sys.executable, "-c", IMPORTED, "sql", "FROM trade", "--home", str(home.root)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert "xlsxwriter" not in done.stdout.split("IMPORTED")[1].split()


def test_undated_figures_that_an_as_of_question_leaves_out_are_told(
    settings: Settings, warehouse_template: Path, tmp_path: Path
) -> None:
    home = small_warehouse.make(tmp_path, settings, warehouse_template)
    folder = CuratedFolder.__new__(CuratedFolder)
    folder.root = tmp_path / "curated"
    undated = folder.row("trade", partner="USA", published_on="", published_precision="unknown")
    folder.write("trade/undated.csv", [undated])
    small_warehouse.load(home, settings, folder)
    assert small_warehouse.release(home, settings).release
    said = run(home, "SELECT count(*) AS figures FROM trade_figures", "--format", "csv", "--as-of", "2018-01-01")
    assert (said.returncode, said.stdout) == (0, "figures\n1\n")
    assert said.stderr.startswith(
        "1 figures behind trade_figures have no date of publication and were received after 2018-01-01"
    )


# -- where a statement comes from, and what it may reach ---------------------------------------------------------


def test_a_statement_comes_from_standard_input_or_a_file(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "question.sql"
    file.write_text("\ufeffSELECT 'é' AS a -- of a file\n", encoding="utf-8")
    assert run(home, "-", "--format", "csv", given="SELECT 1 AS a").stdout == "a\n1\n"
    assert run(home, "--file", str(file), "--format", "csv").stdout == "a\né\n"
    for arguments in ([], ["SELECT 1", "--file", str(file)]):
        done = run(home, *arguments)
        assert done.returncode == 2
        assert "give one statement" in done.stderr
    file.write_bytes(b"SELECT '\xe9'")
    done = run(home, "--file", str(file))
    assert done.returncode == 2
    unboxed = " ".join(done.stderr.replace("│", " ").split())  # where a line ends depends on the length of the path
    assert "is not UTF-8 text (byte 8)" in unboxed


def test_csv_has_a_byte_order_mark_where_it_is_asked_for(home: Home, tmp_path: Path) -> None:
    target = tmp_path / "a.csv"
    assert run(home, "SELECT 'é' AS a", "--format", "csv", "--bom", "-o", str(target)).returncode == 0
    assert target.read_bytes() == "\ufeffa\né\n".encode()
    assert run(home, "SELECT 1 AS a", "--format", "json", "--bom").stdout[0] == "["


@pytest.mark.parametrize("as_of", [[], ["--as-of", "2018-12-31"]], ids=["now", "then"])
@pytest.mark.parametrize(
    "query",
    [
        "FROM read_csv('{file}')", "FROM read_blob('{file}')", "FROM sniff_csv('{file}')", "FROM glob('{folder}/*')", "FROM '{file}'",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO '{folder}/written.csv'",
    ],
)  # fmt: skip
def test_a_statement_reads_the_release_alone(home: Home, tmp_path: Path, query: str, as_of: list[str]) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a,b\nhidden,2\n", encoding="utf-8")
    done = run(home, query.format(file=secret, folder=tmp_path), "--format", "csv", *as_of)
    assert (done.returncode, done.stdout) == (1, "")
    assert "a statement reads the release alone unless --allow-files is given" in done.stderr
    assert "hidden" not in done.stderr
    assert list(tmp_path.iterdir()) == [secret]


def test_a_product_of_exact_figures_that_overflows_says_what_fits(home: Home) -> None:
    query = "SELECT 123456789012345678.5::DECIMAL(38, 15) * 123456.123456789::DECIMAL(38, 15) AS n"
    done = run(home, query, "--format", "csv")
    assert done.returncode == 1
    assert "the facts (trade, fdi, indicator) have values that fit" in done.stderr


def test_a_statement_reads_files_where_it_may(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text("reporter,gdp\nCHN,2\n", encoding="utf-8")
    query = f"SELECT gdp, exports_usd FROM '{file}' JOIN trade USING (reporter) WHERE partner = '_X' OR true LIMIT 1"
    done = run(home, query, "--format", "csv", "--allow-files")
    assert done.returncode == 0
    assert done.stdout.startswith("gdp,exports_usd\n2,")
