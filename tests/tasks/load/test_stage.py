"""A value is read exactly or not at all, a file's layout is as promised or the load stops, and rows keep their numbers."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from schemas import types
from schemas.base import Table, field
from tasks.archive.store import Artifact, Opened
from tasks.load import stage, validate
from tasks.sources.curated import Curated
from warehouse.errors import LayoutChanged


class Sample(Table):
    """One column of every type that is read from text. The names are of the registry, for their types' sake only."""

    code: types.Text = field()
    level: types.Integer = field(nullable=True)
    size_bytes: types.BigInteger = field(nullable=True)
    value: types.TradeAmount = field(nullable=True)
    quantity: types.Quantity = field(nullable=True)
    published_on: types.Date = field(nullable=True)
    approximate: types.Boolean = field(nullable=True)

    class Config:
        name = "sample.sample"


class Timed(Table):
    """A type for which there is no exact way to read it."""

    known_from: types.Timestamp = field()

    class Config:
        name = "sample.timed"


COLUMNS = ("code", "level", "size_bytes", "value", "quantity", "published_on", "approximate")
HEADER = ",".join(COLUMNS)

GOOD = "A,1,2,3.5,4.5,2016-09-01,true"


@pytest.fixture
def con() -> Any:
    con = duckdb.connect()
    yield con
    con.close()


def opened(path: Path) -> Opened:
    """A file at hand as the archive gives it."""
    artifact = Artifact(
        artifact="0" * 64, source="test", origin_kind="adopt", filename=path.name, media_type="text/csv", size_bytes=1,
        received_at="", request="test",
    )  # fmt: skip
    return Opened(artifact, path, path.parent)


@pytest.fixture
def read(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> Any:
    """Write a file, stage and split it; return how many rows were read, the rows accepted and those refused."""

    def read(content: str | bytes, schema: type[Table] = Sample, ignored: Any = ()) -> Any:
        path = tmp_path / "sample.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        relation = Curated(tmp_path).text(opened(path))
        rows = stage.stage(con, relation, schema, ignored, "the sample")
        split = validate.split(con, "staged", schema, stage.ROW_NUMBER, "accepted")
        raw = stage.raw_rows(con, relation, [n for n, _ in split.refused])
        accepted = con.execute("SELECT * FROM accepted ORDER BY row_number").fetchall()
        return rows, accepted, {n: (rules, json.loads(raw[n])) for n, rules in split.refused}

    return read


def lines(*rows: str) -> str:
    return "\n".join([HEADER, *rows, ""])


def with_value(column: str, printed: str) -> str:
    fields = [printed if c == column else "A" if c == "code" else "" for c in COLUMNS]
    return lines(",".join(fields))


EXACT = [
    ("level", "12", 12),
    ("level", "-12", -12),
    ("level", "+12", 12),
    ("level", "0012", 12),
    ("level", "2147483647", 2**31 - 1),
    ("size_bytes", "-9223372036854775808", -(2**63)),
    ("value", "7.555", Decimal("7.555")),
    ("value", "7.5550", Decimal("7.555")),
    ("value", "-.5", Decimal("-0.5")),
    ("value", "5.", Decimal(5)),
    ("value", "999999999999999.999000000000000000000000000", Decimal("999999999999999.999")),
    ("quantity", "1.123456789012345", Decimal("1.123456789012345")),
    ("quantity", "99999999999999999999999.999999999999999", Decimal("99999999999999999999999.999999999999999")),
    ("published_on", "2016-02-29", date(2016, 2, 29)),
    ("published_on", "0001-01-01", date(1, 1, 1)),
    ("published_on", "9999-12-31", date(9999, 12, 31)),
    ("approximate", "true", True),
    ("approximate", "false", False),
    ("code", "NA", "NA"),
    ("code", "NULL", "NULL"),
    ("code", "007", "007"),
    ("code", " x ", " x "),
    ("code", '"it\'s ""遼寧"", 大連"', 'it\'s "遼寧", 大連'),
    ("level", "", None),
    ("level", '""', None),
]


@pytest.mark.parametrize(("column", "printed", "value"), EXACT)
def test_what_fits_is_read(read: Callable[..., Any], column: str, printed: str, value: Any) -> None:
    rows, accepted, refused = read(with_value(column, printed))
    assert (rows, refused) == (1, {})
    assert accepted[0][1 + COLUMNS.index(column)] == value
    assert type(accepted[0][1 + COLUMNS.index(column)]) is type(value)


NOT_EXACT = [
    *(("level", p) for p in ("12.7", "12.0", "1e3", "2147483648", "1_000", '"1,000"', " 12", "12 ", "0x10", "١٢", "１２")),
    *(("level", p) for p in ("inf", "NaN", "-", "x", "true")),
    # As long as their values have digits.
    *((column, p) for column in ("level", "size_bytes") for p in ("437E+3", "437028e+3")),
    *(("size_bytes", p) for p in ("12.7", "9223372036854775808", "1e3")),
    *(("value", p) for p in ("7.5555", "7.5550001", "1000000000000000", "1e3", "1_000", '"1,000"', "１", "1.2.3", ".")),
    *(("value", p) for p in ("inf", "-Infinity", "NaN", "+", "--1", "$1", "1 000", "1-")),
    *(("value", p) for p in (" 1.5", "1.5 ", "\u00a01.5", "0x10", "1E3", "+1.5e0")),
    *(("quantity", p) for p in ("1.1234567890123456", "100000000000000000000000", "inf", "1E5")),
    *(("published_on", p) for p in ("2016-1-1", "2016-02-30", "2015-02-29", "2016/01/01", "01-02-2016", "20160101")),
    *(("published_on", p) for p in ("2016-01-01 00:00:00", "2016-01-01 (BC)", "epoch", "infinity", "0000-01-01", "2016")),
    *(("approximate", p) for p in ("True", "TRUE", "1", "0", "t", "yes", "False")),
]  # fmt: skip


@pytest.mark.parametrize(("column", "printed"), NOT_EXACT)
def test_what_does_not_fit_is_refused_with_its_text(read: Callable[..., Any], column: str, printed: str) -> None:
    rows, accepted, refused = read(with_value(column, printed))
    assert (rows, accepted) == (1, [])
    rules, raw = refused[1]
    assert rules.startswith(f"{column}: not ")
    assert ";" not in rules
    assert raw[column] == printed.strip('"')


@pytest.mark.parametrize("printed", ["1.5\t", '"1.5\n"', "\t1.5"])
def test_white_space_of_any_kind_is_no_part_of_a_number(read: Callable[..., Any], printed: str) -> None:
    assert list(read(with_value("value", printed))[2]) == [1]


def test_duckdb_would_have_rounded(con: duckdb.DuckDBPyConnection) -> None:
    """The casts that make all this necessary."""
    query = "SELECT '12.7'::INTEGER, '7.5555'::DECIMAL(18, 3), '2016-1-1'::DATE, 'yes'::BOOLEAN, '1_000'::INTEGER"
    assert con.execute(query).fetchone() == (13, Decimal("7.556"), date(2016, 1, 1), True, 1000)


def test_a_value_that_was_not_read_is_not_reported_as_missing_too(read: Callable[..., Any]) -> None:
    class Strict(Sample):
        """Two columns that must be there."""

        level: types.Integer = field(ge=0)
        value: types.TradeAmount = field()

        class Config:
            name = "sample.strict"

    header, row = ",".join(Strict.to_schema().columns), dict.fromkeys(Strict.to_schema().columns, "")
    row.update(code="A", level="x")
    _, _, refused = read(f"{header}\n{','.join(row.values())}\n", Strict)
    assert refused[1][0] == "level: not INT; value: not_null"


def test_all_that_was_not_read_is_named(read: Callable[..., Any]) -> None:
    _, _, refused = read(lines(",x,y,z,1e3,2016,maybe"))
    broken = refused[1][0].split("; ")
    assert [b.split(":")[0] for b in broken] == [*COLUMNS[1:], "code"]
    assert broken[-1] == "code: not_null"


def test_a_type_that_cannot_be_read_exactly_is_a_mistake_in_the_schema(read: Callable[..., Any]) -> None:
    with pytest.raises(TypeError, match="no exact way to read TIMESTAMP"):
        read("known_from\n2016-01-01\n", Timed)


# --- the layout ---------------------------------------------------------------------------------------------

OTHER_LAYOUTS = {
    "a column is missing": (lines(GOOD).replace(",approximate", "").replace(",true", ""), "lacks approximate"),
    "a column is new": (lines(GOOD + ",x").replace(HEADER, HEADER + ",extra"), "has the unknown extra"),
    "a column is renamed": (lines(GOOD).replace("level", "depth"), "lacks level and has the unknown depth"),
    "a column in capitals": (lines(GOOD).replace("code", "Code"), "lacks code and has the unknown Code"),
    "a column twice": (lines(GOOD + ",2").replace(HEADER, HEADER + ",level"), "unknown level_1"),
    "an unnamed column": (lines(GOOD + ",2").replace(HEADER, HEADER + ","), "unknown column7"),
    "no header": (f"{GOOD}\n{GOOD}\n", "lacks code"),
    "an empty file": ("", "lacks code"),
    "a file of one empty line": ("\n", "lacks code"),
    "a web page": ("<!DOCTYPE html>\n<html><body>Service unavailable</body></html>\n", "lacks code"),
    "a title above the header": ("Figures of trade\n" + lines(GOOD), "lacks|cannot be read"),
    "another separator": (lines(GOOD).replace(",", ";"), "lacks code"),
    "a record that is too long": (lines(GOOD, GOOD + ",x", GOOD), "unknown column7|cannot be read"),
    "all records too long": (lines(GOOD + ",x", GOOD + ",x"), "unknown column7|cannot be read"),
    "an unfinished quotation": (lines(GOOD, '"A,1,2', GOOD), "cannot be read"),
    "text after a quotation": (lines(GOOD, '"A"x,1,2,3,4,,', GOOD), "cannot be read"),
    "two kinds of line ends": (lines(GOOD) + GOOD + "\r\n" + GOOD + "\n", "cannot be read"),
    "Latin-1": (lines(GOOD).encode() + "Côte,,,,,,\n".encode("latin-1"), "cannot be read"),
    "GB 18030": (lines(GOOD).encode() + "辽宁,,,,,,\n".encode("gb18030"), "cannot be read"),
    "UTF-16": (lines(GOOD).encode("utf-16"), "lacks|cannot be read"),
}


@pytest.mark.parametrize("layout", OTHER_LAYOUTS)
def test_another_layout_stops_the_load(read: Callable[..., Any], layout: Any) -> None:
    content, message = OTHER_LAYOUTS[layout]
    with pytest.raises(LayoutChanged, match=message) as fault:
        read(content)
    assert ": the sample. " in str(fault.value)
    assert "\n" not in str(fault.value)


def test_an_error_says_what_was_expected(read: Callable[..., Any]) -> None:
    with pytest.raises(LayoutChanged, match=f"Expected columns: {', '.join(COLUMNS)}"):
        read("x\n1\n")


def test_a_column_named_as_ignored_is_left_out(read: Callable[..., Any]) -> None:
    rows, accepted, refused = read(lines(GOOD + ",x").replace(HEADER, HEADER + ",extra"), ignored=("extra", "absent"))
    assert (rows, len(accepted), refused) == (1, 1, {})
    assert len(accepted[0]) == 1 + len(COLUMNS)


def test_columns_may_come_in_another_order(read: Callable[..., Any]) -> None:
    content = "\n".join(",".join(reversed(line.split(","))) for line in lines(GOOD).splitlines())
    assert read(content)[1] == read(lines(GOOD))[1]


def test_late_in_a_long_file_a_fault_is_found_as_well(read: Callable[..., Any]) -> None:
    """What lies behind the part of a file that DuckDB looks at to guess its layout."""
    many = [GOOD] * 25_000
    for odd in (GOOD + ",x", '"A"x,1,2,3,4,,'):
        with pytest.raises(LayoutChanged, match="cannot be read"):
            read(lines(*many, odd, GOOD))
    with pytest.raises(LayoutChanged, match="cannot be read"):
        read(lines(*many).encode() + "Côte,,,,,,\n".encode("latin-1"))


def test_late_in_a_long_file_an_unfinished_quotation_loses_no_rows(read: Callable[..., Any]) -> None:
    """With parallel = false DuckDB 1.5.5 leaves out all from there to the end of the file, and says nothing."""
    with pytest.raises(LayoutChanged, match="cannot be read"):
        read(lines(*[GOOD] * 25_000, '"A,1,2,3,4,,', GOOD, GOOD))


# --- records and their numbers ------------------------------------------------------------------------------


def test_a_header_alone_is_no_rows(read: Callable[..., Any], con: duckdb.DuckDBPyConnection) -> None:
    for content in (HEADER, HEADER + "\n"):
        rows, accepted, refused = read(content)
        assert (rows, accepted, refused) == (0, [], {})
        proof = validate.Proof(con)
        proof.add("accepted", Sample)
        proof.run()


def test_a_short_record_is_not_taken_for_a_whole_one(read: Callable[..., Any]) -> None:
    """Either the record is refused or the file is: what it lacks is not taken for left empty."""
    try:
        _, accepted, refused = read(lines(GOOD, "B,2,3", GOOD))
    except LayoutChanged:
        return
    assert [a[0] for a in accepted] == [1, 3]
    assert list(refused) == [2]


@pytest.mark.parametrize("odd", ["#1", "# x", "//", "--"])
def test_a_record_that_looks_like_a_comment_is_a_record(read: Callable[..., Any], odd: str) -> None:
    row = odd + GOOD.removeprefix("A")
    assert [a[1] for a in read(lines(row, GOOD))[1]] == [odd, "A"]
    assert [a[1] for a in read(lines(GOOD, row, row))[1]] == ["A", odd, odd]


def test_records_are_not_left_out_as_comments(read: Callable[..., Any]) -> None:
    """DuckDB guesses at a comment sign: one record that is only a remark hides all that begin with the same sign."""
    try:
        rows, _, _ = read(lines("#1" + GOOD.removeprefix("A"), "# a remark", GOOD))
    except LayoutChanged:
        return
    assert rows == 3


def test_a_byte_order_mark_is_no_part_of_the_first_column(read: Callable[..., Any]) -> None:
    assert read(lines(GOOD).encode("utf-8-sig")) == read(lines(GOOD))


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_other_line_ends(read: Callable[..., Any], end: str) -> None:
    content = lines(GOOD, "B,x,,,,,", GOOD)
    assert read(content.replace("\n", end).encode()) == read(content)


def test_a_missing_last_line_end(read: Callable[..., Any]) -> None:
    assert read(lines(GOOD, GOOD).rstrip("\n")) == read(lines(GOOD, GOOD))


def test_records_keep_their_numbers_where_one_spans_two_lines(read: Callable[..., Any]) -> None:
    rows, accepted, refused = read(lines('"Liao\nning",1,,,,,', GOOD, "Dalian,12.7,,,,,", '"a\r\n""b""",x,,,,,', GOOD))
    assert rows == 5
    assert [a[0] for a in accepted] == [1, 2, 5]
    assert accepted[0][1] == "Liao\nning"
    assert refused[3] == ("level: not INT", dict.fromkeys(COLUMNS) | {"code": "Dalian", "level": "12.7"})
    assert refused[4] == ("level: not INT", dict.fromkeys(COLUMNS) | {"code": 'a\r\n"b"', "level": "x"})


def test_records_keep_their_numbers_in_a_long_file(read: Callable[..., Any], con: duckdb.DuckDBPyConnection) -> None:
    bad = {1, 2_048, 2_049, 20_481, 60_000}
    rows = [f"N{n},{'x' if n in bad else n},,,,," for n in range(1, 60_001)]
    count, accepted, refused = read(lines(*rows))
    assert count == 60_000
    assert {n: raw["code"] for n, (_, raw) in refused.items()} == {n: f"N{n}" for n in bad}
    assert all(a[1] == f"N{a[0]}" for a in accepted)
    assert len(accepted) == 60_000 - len(bad)


def test_records_keep_their_numbers_inside_a_transaction(
    read: Callable[..., Any], con: duckdb.DuckDBPyConnection
) -> None:
    """DuckDB's row ids of rows not yet committed begin far up."""
    con.execute("BEGIN")
    rows, accepted, refused = read(lines(GOOD, "B,x,,,,,", GOOD))
    assert (rows, [a[0] for a in accepted], list(refused)) == (3, [1, 3], [2])
    assert refused[2][1]["code"] == "B"
    con.execute("COMMIT")
    assert con.execute("SELECT row_number FROM accepted ORDER BY 1").fetchall() == [(1,), (3,)]


def test_raw_rows_of_none(con: duckdb.DuckDBPyConnection) -> None:
    assert stage.raw_rows(con, "nowhere", []) == {}
