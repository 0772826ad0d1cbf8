"""CSV files read with nothing guessed, and headers compared with what is known."""

import csv
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.formats import csv_text
from warehouse.errors import LayoutChanged

Rows = list[tuple[object, ...]]


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def write(folder: Path, text: str, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode("utf-8"))
    return path


def rows(con: duckdb.DuckDBPyConnection, relation: str) -> Rows:
    return con.execute(f"FROM {relation}").fetchall()


def names(con: duckdb.DuckDBPyConnection, relation: str) -> list[str]:
    return [str(column[0]) for column in con.execute(f"DESCRIBE FROM {relation}").fetchall()]


# No line ends: a carriage return within quotes is a matter of DuckDB's reader, not of the options stated here.
CELL = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), min_size=1, max_size=6)


@given(table=st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=5), delimiter=st.sampled_from(",;\t"))
def test_a_written_table_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, table: Rows, delimiter: str
) -> None:
    path = tmp_path_factory.mktemp("csv") / "table.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerows([("a", "b", "c"), *table])
    with duckdb.connect() as con:
        assert rows(con, csv_text.relation(path, ["a", "b", "c"], delimiter=delimiter)) == table


def test_nothing_is_taken_for_a_comment_a_number_a_date_or_a_title(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    path = write(tmp_path, "code,value\n# note,1e3\n007,2020-01-01\nNA,true\n")
    assert rows(con, csv_text.relation(path)) == [("# note", "1e3"), ("007", "2020-01-01"), ("NA", "true")]


def test_names_come_from_the_header_or_by_position(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    path = write(tmp_path, "code,value\nx,1\n")
    assert names(con, csv_text.relation(path)) == ["code", "value"]
    assert names(con, csv_text.relation(path, ["a", "b"])) == ["a", "b"]
    assert rows(con, csv_text.relation(path, {"a": "VARCHAR", "b": "DECIMAL(4,1)"}))[0][1] == pytest.approx(1)


def test_a_path_and_a_column_may_have_an_apostrophe(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    path = write(tmp_path, "code\nx\n", "Côte d'Ivoire.csv")
    assert names(con, csv_text.relation(path, ["d'Ivoire"])) == ["d'Ivoire"]


def test_an_empty_cell_is_null_and_other_marks_are_only_where_named(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    path = write(tmp_path, "a,b\n,NA\n")
    assert rows(con, csv_text.relation(path)) == [(None, "NA")]
    assert rows(con, csv_text.relation(path, missing=["", "NA"])) == [(None, None)]


def test_without_a_quote_quotes_are_text(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    path = write(tmp_path, 'a;b\n"x;y"\n')
    assert rows(con, csv_text.relation(path, delimiter=";", quote="")) == [('"x', 'y"')]
    assert rows(con, csv_text.relation(write(tmp_path, 'a;b\n"x;y";z\n'), delimiter=";")) == [("x;y", "z")]


def test_a_record_of_another_length_stops_the_reading_or_is_set_aside(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    path = write(tmp_path, "a,b\n1,2\n3,4,5\n6,7\n")
    with pytest.raises(duckdb.InvalidInputException):
        rows(con, csv_text.relation(path))
    assert rows(con, csv_text.relation(path, sets_aside=True)) == [("1", "2"), ("6", "7")]
    assert con.execute(f"SELECT line, csv_line FROM {csv_text.REJECTED_RECORDS}").fetchall() == [(3, "3,4,5")]


def test_several_files_are_read_with_their_names(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    for name in ("one.csv", "two.csv"):
        write(tmp_path, f"a\n{name}\n", name)
    read = rows(con, csv_text.relation(tmp_path / "*.csv", with_filename=True))
    assert sorted((cell, Path(str(file)).name) for cell, file in read) == [("one.csv",) * 2, ("two.csv",) * 2]


def test_columns_are_selected_by_position(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    path = write(tmp_path, "A,B,C\n 1 , ,3\n")
    relation = csv_text.select(path, 3, {"third": 2, "first": 0, "none": None, "second": 1})
    assert names(con, relation) == ["third", "first", "none", "second"]
    assert rows(con, relation) == [("3", "1", None, None)]
    assert rows(con, csv_text.select(path, 3, {"first": 0, "second": 1}, trims=False)) == [(" 1 ", " ")]


def test_the_cells_of_a_line() -> None:
    assert csv_text.cells('\ufeff"a,b",c\r\n') == ["a,b", "c"]
    assert csv_text.cells("a;b", ";") == ["a", "b"]
    assert csv_text.cells("\n") == []


def test_the_first_line_of_a_file_that_is_not_utf8_is_read(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b"\xef\xbb\xbfa,\xff\nb\n")
    assert csv_text.first_line(path) == "a,\ufffd\n"


NAMES = st.lists(st.sampled_from("abcdef"), max_size=6)


@given(columns=NAMES, required=st.lists(st.sampled_from("abc"), unique=True))
def test_columns_pass_if_and_only_if_each_is_known_and_there_once(columns: list[str], required: list[str]) -> None:
    is_right = (
        set(required) <= set(columns) and set(columns) <= {*required, "d", "e"} and len(columns) == len(set(columns))
    )
    try:
        csv_text.check_columns(columns, required, ["d"], ["e"], where="a source, a file")
    except LayoutChanged:
        assert not is_right
    else:
        assert is_right


def test_the_message_says_what_is_wrong_where_and_what_to_do() -> None:
    with pytest.raises(LayoutChanged) as fault:
        csv_text.check_columns(
            ["b", "x", "b"], ["a", "b"], ["c"], ["e"], where="fred.fx, rates.csv", remedy="Export it again"
        )
    assert str(fault.value) == (
        "the header lacks a and has the unknown x and repeats b: fred.fx, rates.csv. Expected columns: a, b, c. "
        "Export it again"
    )
