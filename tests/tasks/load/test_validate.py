"""Every row is accepted or refused, the counts add up, and what is accepted is proved clean."""

from typing import Any

import duckdb
import hypothesis.strategies as st
import pandera.ibis as pa
import pytest
from hypothesis import Phase, given, settings

from schemas import types, vocabulary
from schemas.base import Table, field
from tasks.load import validate
from tasks.load.validate import Proof
from warehouse import ddl, sql
from warehouse.errors import RowsLost


class Figure(Table):
    """A row of each kind of rule and a key of three columns, two of which may be null."""

    dataset: types.Text = field(str_matches=r"^[a-z]$")
    place: types.Text = field(nullable=True)
    published_on: types.Date = field(nullable=True)
    freq: types.Text = field(isin=vocabulary.FREQUENCIES)
    level: types.Integer = field(nullable=True, ge=0)
    value: types.Quantity = field(nullable=True)

    @pa.dataframe_check(error="of a quarter there is a value")
    def of_a_quarter_there_is_a_value(cls, data: Any) -> Any:
        t = data.table
        return (t.freq.fill_null("") != "Q") | t.value.notnull()

    class Config:
        name = "sample.figure"
        unique = ["dataset", "place", "published_on"]


class Keyless(Table):
    """A table whose rows may be the same."""

    code: types.Text = field()

    class Config:
        name = "sample.keyless"


@pytest.fixture(scope="module")
def con() -> Any:
    con = duckdb.connect()
    yield con
    con.close()


DAY = "2016-01-01"
GOOD = ("a", "JPN", DAY, "A", 1, "1.5")


def fill(con: duckdb.DuckDBPyConnection, rows: Any, schema: type[Table] = Figure, unread: Any = None) -> Any:
    """The temporary table ``figures``; ``unread`` gives the reader's own findings, one a row."""
    con.execute("DROP TABLE IF EXISTS figures")
    con.execute(ddl.create_table(schema, "figures", temporary=True).replace(" NOT NULL", ""))
    if unread is not None:
        con.execute("ALTER TABLE figures ADD COLUMN unread VARCHAR")
        rows = [(*row, note) for row, note in zip(rows, unread, strict=True)]
    if rows:
        con.executemany(f"INSERT INTO figures VALUES ({', '.join('?' * len(rows[0]))})", [list(r) for r in rows])


def split(
    con: duckdb.DuckDBPyConnection, rows: Any, schema: type[Table] = Figure, unread: Any = None
) -> tuple[list[int], dict[int, str]]:
    fill(con, rows, schema, unread)
    outcome = validate.split(con, "figures", schema, "t0.rowid + 1", "accepted")
    assert outcome.accepted == "accepted"
    accepted = [r[0] for r in con.execute("SELECT row_number FROM accepted ORDER BY 1").fetchall()]
    assert outcome.rows_in == len(rows)
    assert outcome.rows_accepted == len(accepted)
    assert len(outcome.refused) == len(dict(outcome.refused))
    return accepted, dict(outcome.refused)


def prove(con: duckdb.DuckDBPyConnection, *tables: Any, schema: type[Table] = Figure) -> Any:
    proof = Proof(con)
    for table in tables:
        proof.add(table, schema)
    proof.run()


# --- rows in are accepted plus refused ----------------------------------------------------------------------

ROWS = st.tuples(
    st.sampled_from(["a", "a", "b", "B", "", None]),
    st.sampled_from(["JPN", "JPN", "it's", None]),
    st.sampled_from([DAY, DAY, None]),
    st.sampled_from(["A", "A", "Q", "W", None]),
    st.sampled_from([0, 1, 1, -1, None]),
    st.sampled_from(["1.5", "1.5", "-2", None]),
)


def expected(rows: Any, unread: Any) -> tuple[set[int], set[int]]:
    """What the rules of Figure say, written down a second time: numbers of the rows accepted, and refused for their key."""

    def is_good(row: tuple[Any, ...], note: str | None) -> Any:
        dataset, _, _, freq, level, value = row
        return (
            note is None
            and dataset in ("a", "b")
            and freq in vocabulary.FREQUENCIES
            and (level is None or level >= 0)
            and (freq != "Q" or value is not None)
        )

    good = {n: row for n, (row, note) in enumerate(zip(rows, unread, strict=True), 1) if is_good(row, note)}
    by_key: dict[tuple[Any, ...], list[int]] = {}
    for number, row in good.items():
        by_key.setdefault(row[:3], []).append(number)
    accepted = {numbers[0] for numbers in by_key.values() if len({good[n] for n in numbers}) == 1}
    return accepted, set(good) - accepted


@settings(max_examples=120, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.lists(st.tuples(ROWS, st.sampled_from([None, None, None, "level: not INT"])), max_size=12))
def test_every_row_is_accepted_or_refused(con: duckdb.DuckDBPyConnection, marked: Any) -> None:
    rows, unread = [r for r, _ in marked], [u for _, u in marked]
    accepted, refused = split(con, rows, unread=unread)
    assert sorted([*accepted, *refused]) == list(range(1, len(rows) + 1))
    should, repeated = expected(rows, unread)
    assert set(accepted) == should
    assert {n for n, rules in refused.items() if rules.startswith("repeated key")} == repeated
    assert all(refused.values())


@settings(max_examples=6, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.lists(ROWS, min_size=1, max_size=30))
def test_pandera_finds_nothing_more_in_what_is_accepted(con: duckdb.DuckDBPyConnection, rows: Any) -> None:
    split(con, rows)
    prove(con, "accepted")


def test_many_rows(con: duckdb.DuckDBPyConnection) -> None:
    """A share of each kind of fault, in more rows than one vector of DuckDB holds."""
    con.execute("DROP TABLE IF EXISTS figures")
    con.execute("""CREATE TEMP TABLE figures AS SELECT
        CASE WHEN i % 1000 = 1 THEN 'B' ELSE 'a' END AS dataset, (i // 2)::VARCHAR AS place,
        CASE WHEN i % 2 = 0 OR i % 1000 = 501 THEN DATE '2016-01-01' END AS published_on, 'A' AS freq,
        (CASE WHEN i % 1000 = 2 THEN -1 END)::INT AS level, i::DECIMAL(38, 15) AS value FROM range(200000) t(i)""")
    outcome = validate.split(con, "figures", Figure, "t0.rowid + 1", "accepted")
    assert outcome.rows_in == 200_000 == outcome.rows_accepted + len(outcome.refused)
    assert len(outcome.refused) == 200 + 200 + 2 * 200  # pattern, level, and two rows with one key and two values


def test_no_rows(con: duckdb.DuckDBPyConnection) -> None:
    assert split(con, []) == ([], {})
    prove(con, "accepted")


def test_all_rules_a_row_breaks_are_named(con: duckdb.DuckDBPyConnection) -> None:
    _, refused = split(con, [(None, None, None, "W", -1, None), ("B", None, None, "Q", None, None)])
    assert refused[1].split("; ") == [
        "dataset: not_null",
        "freq: isin(['A', 'Q', 'M', 'YTD', 'D'])",
        "level: greater_than_or_equal_to(0)",
    ]
    assert refused[2].split("; ") == ["dataset: str_matches('^[a-z]$')", "of a quarter there is a value"]


def test_the_readers_findings_come_first_and_are_not_repeated(con: duckdb.DuckDBPyConnection) -> None:
    rows = [(*GOOD[:3], None, None, None), (None, "x", DAY, None, None, None)]
    _, refused = split(con, rows, unread=["freq: not TEXT; level: not INT", "other_freq: not INT"])
    assert refused[1] == "freq: not TEXT; level: not INT"
    assert refused[2] == "other_freq: not INT; dataset: not_null; freq: not_null"


def test_the_accepted_rows_have_their_number_and_nothing_of_ours(con: duckdb.DuckDBPyConnection) -> None:
    split(con, [GOOD], unread=[None])
    names = [c[0] for c in con.execute("DESCRIBE FROM accepted").fetchall()]
    assert names == ["row_number", *Figure.to_schema().columns]


# --- keys ---------------------------------------------------------------------------------------------------


def test_of_identical_rows_the_first_stands(con: duckdb.DuckDBPyConnection) -> None:
    other = ("b", *GOOD[1:])
    accepted, refused = split(con, [GOOD, other, GOOD, GOOD])
    assert accepted == [1, 2]
    assert refused == dict.fromkeys((3, 4), "repeated key: the same as row 1")


def test_of_conflicting_rows_none_stands(con: duckdb.DuckDBPyConnection) -> None:
    accepted, refused = split(con, [GOOD, (*GOOD[:4], 2, "1.5"), GOOD, ("b", *GOOD[1:])])
    assert accepted == [4]
    rule = "repeated key: row 1 has the same dataset, place, published_on, but other values"
    assert refused == dict.fromkeys((1, 2, 3), rule)


def test_a_value_that_is_null_in_one_row_conflicts(con: duckdb.DuckDBPyConnection) -> None:
    assert split(con, [GOOD, (*GOOD[:5], None)])[0] == []


@pytest.mark.parametrize("bad", [(*GOOD[:3], "W", 1, "1.5"), (*GOOD[:4], -1, "1.5"), (*GOOD[:3], None, None, None)])
def test_a_bad_row_does_not_take_along_a_good_one_with_its_key(con: duckdb.DuckDBPyConnection, bad: Any) -> None:
    for rows, good in (([bad, GOOD], 2), ([GOOD, bad], 1)):
        accepted, refused = split(con, rows)
        assert accepted == [good]
        assert "repeated" not in "".join(refused.values())


def test_nulls_in_a_key_are_the_same(con: duckdb.DuckDBPyConnection) -> None:
    unknown = ("a", None, None, "A", 1, "1.5")
    assert split(con, [unknown, unknown])[0] == [1]
    assert split(con, [unknown, (*unknown[:4], 2, "1.5")])[0] == []
    assert split(con, [unknown, GOOD, ("a", "JPN", None, "A", 1, "1.5"), ("a", None, DAY, "A", 1, "1.5")])[0] == [
        1,
        2,
        3,
        4,
    ]


def test_a_null_is_not_an_empty_text(con: duckdb.DuckDBPyConnection) -> None:
    assert split(con, [("a", None, DAY, "A", 1, "1.5"), ("a", "", DAY, "A", 1, "1.5")])[0] == [1, 2]


def test_without_a_key_rows_may_repeat(con: duckdb.DuckDBPyConnection) -> None:
    assert split(con, [("x",), ("x",), (None,)], Keyless) == ([1, 2], {3: "code: not_null"})
    prove(con, "accepted", schema=Keyless)


# --- the balance and the proof ------------------------------------------------------------------------------


def test_a_lost_row_is_noticed(con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(con, [GOOD, (*GOOD[:4], -1, None), ("b", *GOOD[1:])])
    count = validate.count
    monkeypatch.setattr(validate, "count", lambda con, table: count(con, table) - (table == "accepted"))
    with pytest.raises(RowsLost, match="figures: 3 rows in, but 1 accepted and 1 refused"):
        validate.split(con, "figures", Figure, "t0.rowid + 1", "accepted")


def test_a_refusal_of_rows_that_are_not_there_is_noticed(
    con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    render = sql.render

    def with_one_too_many(template: Any, **values: Any) -> Any:
        text = render(template, **values)
        if template == "stage/refused.sql":
            text += f"; INSERT INTO {values['refused']} VALUES (77, 'no such row')"
        return text

    monkeypatch.setattr(sql, "render", with_one_too_many)
    fill(con, [GOOD])
    with pytest.raises(RowsLost):
        validate.split(con, "figures", Figure, "t0.rowid + 1", "accepted")


def test_rows_with_one_number_are_noticed(con: duckdb.DuckDBPyConnection) -> None:
    """A conform query that makes two rows of one."""
    fill(con, [("b", *GOOD[1:]), (*GOOD[:3], "W", 1, "1.5"), GOOD])
    with pytest.raises(RowsLost):
        validate.split(con, "figures", Figure, "least(t0.rowid + 1, 2)", "accepted")


BAD = {
    "a null": (None, "JPN", DAY, "A", 1, "1"),
    "a value": ("a", "JPN", DAY, "W", 1, "1"),
    "a number": ("a", "JPN", DAY, "A", -1, "1"),
    "the table's check": ("a", "JPN", DAY, "Q", 1, None),
}


@pytest.mark.parametrize("fault", BAD)
def test_the_proof_notices_a_bad_row(con: duckdb.DuckDBPyConnection, fault: Any) -> None:
    fill(con, [GOOD, BAD[fault], ("b", *GOOD[1:])])
    with pytest.raises(RowsLost, match="proof_Figure: accepted rows break their schema"):
        prove(con, "figures")


def test_the_proof_notices_a_repeated_key_and_a_null_in_it(con: duckdb.DuckDBPyConnection) -> None:
    for rows in ([GOOD, GOOD], [("a", None, None, "A", 1, "1")] * 2):
        fill(con, rows)
        with pytest.raises(RowsLost):
            prove(con, "figures")


def test_the_proof_takes_tables_together_but_their_keys_apart(con: duckdb.DuckDBPyConnection) -> None:
    """Two artifacts may state the same figure."""
    fill(con, [GOOD])
    con.execute("CREATE OR REPLACE TEMP TABLE more AS FROM figures")
    prove(con, "figures", "more")
    con.execute("UPDATE more SET freq = 'W'")
    with pytest.raises(RowsLost):
        prove(con, "figures", "more")
    with pytest.raises(RowsLost):
        prove(con, "more", "figures")


def test_the_proof_is_empty_after_a_run(con: duckdb.DuckDBPyConnection) -> None:
    fill(con, [GOOD])
    proof = Proof(con)
    proof.add("figures", Figure)
    proof.run()
    con.execute("UPDATE figures SET freq = 'W'")
    proof.run()
    proof.add("figures", Figure)
    with pytest.raises(RowsLost):
        proof.run()


def test_the_proof_of_a_large_table_is_the_compiled_scan(
    con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(validate, "PROOF_BY_PANDERA_LIMIT", 1)
    for rows, is_clean in (
        ([GOOD, ("b", *GOOD[1:])], True),
        ([GOOD, BAD["a number"]], False),
        ([GOOD, GOOD], False),
    ):
        fill(con, rows)
        con.execute("CREATE OR REPLACE TEMP VIEW numbered AS SELECT rowid + 1 AS row_number, * FROM figures")
        proof = Proof(con)
        if is_clean:
            proof.add("numbered", Figure)
            continue
        with pytest.raises(RowsLost, match="numbered: accepted rows break their schema"):
            proof.add("numbered", Figure)
