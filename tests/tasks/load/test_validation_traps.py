"""Where Pandera alone would lose good rows or let bad ones through, and that tasks.load.validate does not.

Each trap is first shown to bite: when a test of a trap fails, the library has changed, and what was built to
get round it may go. Versions in mind: Pandera 0.35, Ibis 12, pandas 3, polars 2.
"""

from typing import Any

import duckdb
import ibis
import ibis.expr.datatypes as dt
import pandas as pd
import pandera.ibis as pi
import pandera.pandas as pp
import pandera.polars as ppl
import polars as pl
import pytest
from pandera.errors import SchemaError, SchemaErrors

from schemas import types
from schemas.base import Table, field
from tasks.load import stage, validate
from tasks.load.validate import Proof
from warehouse.errors import RowsLost


class Count(Table):
    """A row of each is enough to fall into every trap."""

    code: types.Text = field()
    level: types.Integer = field(nullable=True, ge=0)
    value: types.Quantity = field(nullable=True, ge=0)
    size_bytes: types.BigInteger = field()

    @pi.dataframe_check(error="level is at most the size")
    def level_is_at_most_the_size(cls, data: Any) -> Any:
        return data.table.level.fill_null(0) <= data.table.size_bytes

    class Config:
        name = "sample.count"
        unique = ["code"]


@pytest.fixture
def con() -> Any:
    con = duckdb.connect()
    yield con
    con.close()


def our_way(con: duckdb.DuckDBPyConnection, *rows: Any) -> tuple[list[int], dict[int, str]]:
    """Stage and split rows given as text; prove the accepted part. Numbers of the accepted rows, rules of the refused."""
    con.execute("CREATE OR REPLACE TABLE printed (code VARCHAR, level VARCHAR, value VARCHAR, size_bytes VARCHAR)")
    con.executemany("INSERT INTO printed VALUES (?, ?, ?, ?)", rows)
    stage.stage(con, "printed", Count, (), "the sample")
    split = validate.split(con, "staged", Count, stage.ROW_NUMBER, "accepted")
    proof = Proof(con)
    proof.add("accepted", Count)
    proof.run()
    return [r[0] for r in con.execute("SELECT row_number FROM accepted ORDER BY 1").fetchall()], dict(split.refused)


def failures(schema: Any, data: Any) -> pd.DataFrame:
    """Pandera's own failure cases."""
    with pytest.raises(SchemaErrors) as fault:
        schema.validate(data, lazy=True)
    return fault.value.failure_cases


def in_duckdb(con: duckdb.DuckDBPyConnection, values: str, columns: str) -> Any:
    con.execute(f"CREATE OR REPLACE TABLE figures AS SELECT * FROM (VALUES {values}) t({columns})")
    return ibis.duckdb.from_connection(con).table("figures")


def test_pandas_drops_good_rows_with_a_repeated_index(con: duckdb.DuckDBPyConnection) -> None:
    schema = pp.DataFrameSchema({"level": pp.Column(int, pp.Check.ge(0))}, drop_invalid_rows=True)
    joined = pd.concat([pd.DataFrame({"level": [1, 2]}), pd.DataFrame({"level": [-1, 3]})])
    assert schema.validate(joined, lazy=True).level.tolist() == [2, 3], "the good 1 went with the bad -1"

    accepted, refused = our_way(
        con, *((code, n, None, "9") for code, n in zip("abcd", ["1", "2", "-1", "3"], strict=True))
    )
    assert (accepted, list(refused)) == ([1, 2, 4], [3])


def test_pandas_hides_a_failed_check_behind_a_failed_coercion(con: duckdb.DuckDBPyConnection) -> None:
    schema = pp.DataFrameSchema({"level": pp.Column(int, pp.Check.ge(0), coerce=True)})
    printed = pd.DataFrame({"level": ["1", "-1", "x"]})
    found = failures(schema, printed)
    assert set(found["index"].dropna()) == {2}
    assert found[found["check"] == "greater_than_or_equal_to(0)"]["index"].tolist() == [None]
    kept = printed.drop(index=[int(i) for i in found["index"].dropna()])
    assert "-1" in kept.level.tolist(), "a split by failure_cases lets the bad -1 through"

    accepted, refused = our_way(con, ("a", "1", None, "9"), ("b", "-1", None, "9"), ("c", "x", None, "9"))
    assert accepted == [1]
    assert refused == {2: "level: greater_than_or_equal_to(0)", 3: "level: not INT"}


def test_infinity_is_not_negative(con: duckdb.DuckDBPyConnection) -> None:
    """ge(0) accepts it everywhere; no fact is kept as a float, so that it cannot be read at all."""
    infinite = pd.DataFrame({"value": [float("inf")]})
    assert len(pp.DataFrameSchema({"value": pp.Column(float, pp.Check.ge(0))}).validate(infinite)) == 1
    pi.DataFrameSchema({"value": pi.Column(dt.Float64, pi.Check.ge(0))}).validate(
        in_duckdb(con, "('inf'::DOUBLE)", "value"), lazy=True
    )

    accepted, refused = our_way(con, ("a", None, "inf", "9"), ("b", None, "Infinity", "9"), ("c", None, "NaN", "9"))
    assert accepted == []
    assert refused == dict.fromkeys((1, 2, 3), "value: not DECIMAL(38, 15)")


def test_polars_does_not_check_the_values_of_a_lazy_frame(con: duckdb.DuckDBPyConnection) -> None:
    schema = ppl.DataFrameSchema({"level": ppl.Column(pl.Int64, ppl.Check.ge(0))})
    lazy = pl.LazyFrame({"level": [-1]})
    assert schema.validate(lazy).collect()["level"].to_list() == [-1]
    with pytest.raises((SchemaError, SchemaErrors)):
        schema.validate(lazy.collect())

    assert our_way(con, ("a", "-1", None, "9"))[0] == []


def test_a_dataframe_level_check_names_no_column_and_not_always_a_row(con: duckdb.DuckDBPyConnection) -> None:
    whole = pp.DataFrameSchema(checks=pp.Check(lambda d: bool((d.level <= d.most).all()), error="level fits"))
    found = failures(whole, pd.DataFrame({"level": [1, 2], "most": [2, 1]}))
    assert found[["column", "index"]].to_numpy().tolist() == [[None, None]]

    by_row = pi.DataFrameSchema(checks=[pi.Check(lambda d: d.table.level <= d.table.most, error="level fits")])
    found = failures(by_row, in_duckdb(con, "(1, 2), (2, 1)", "level, most"))
    assert found["column"].tolist() == ["failure_case"], "that is not a column of the table"

    accepted, refused = our_way(con, ("a", "1", None, "2"), ("b", "2", None, "1"))
    assert (accepted, refused) == ([1], {2: "level is at most the size"})


def test_ibis_cannot_drop_a_repeated_key(con: duckdb.DuckDBPyConnection) -> None:
    schema = pi.DataFrameSchema({"code": pi.Column(dt.String)}, unique=["code"], drop_invalid_rows=True)
    with pytest.raises(AttributeError, match="'NoneType' object has no attribute 'rename'"):
        schema.validate(in_duckdb(con, "('a'), ('a'), ('b')", "code"), lazy=True)

    accepted, refused = our_way(con, ("a", None, None, "1"), ("a", None, None, "1"), ("b", None, None, "1"))
    assert (accepted, refused) == ([1, 3], {2: "repeated key: the same as row 1"})


@pytest.mark.parametrize(
    ("schema", "values"),
    [
        (pi.DataFrameSchema({"code": pi.Column(dt.String)}), "('a'), (NULL), ('b')"),
        (pi.DataFrameSchema({"code": pi.Column(dt.String)}, unique=["code"]), "('a'), ('a'), ('b')"),
    ],
    ids=["null", "repeated"],
)
def test_ibis_names_no_row_of_a_null_or_a_repeated_key(
    con: duckdb.DuckDBPyConnection, schema: Any, values: Any
) -> None:
    found = failures(schema, in_duckdb(con, values, "code"))
    assert found["index"].tolist() == [None]
    assert isinstance(found["failure_case"].iloc[0], ibis.Table), "an expression that was not evaluated"

    accepted, refused = our_way(con, ("a", None, None, "1"), (None, None, None, "1"), ("b", None, None, None))
    assert accepted == [1]
    assert refused == {2: "code: not_null", 3: "size_bytes: not_null"}


def test_ibis_refuses_a_table_of_no_rows(con: duckdb.DuckDBPyConnection) -> None:
    """all() over no rows is NULL, and that is not true."""
    schema = pi.DataFrameSchema({"level": pi.Column(dt.Int32, pi.Check.ge(0), nullable=True)})
    empty = in_duckdb(con, "(1)", "level").filter(ibis._.level > 1)
    with pytest.raises(SchemaErrors) as fault:
        schema.validate(empty, lazy=True)
    assert fault.value.failure_cases.empty

    assert our_way(con, ("a", "-1", None, "9")) == ([], {1: "level: greater_than_or_equal_to(0)"})


def test_ibis_refuses_a_table_with_no_verdict_about_any_row(con: duckdb.DuckDBPyConnection) -> None:
    """For the same reason a dataframe-level check must not be NULL for all rows (tests/schemas/test_rules.py)."""
    schema = pi.DataFrameSchema(checks=[pi.Check(lambda d: d.table.level <= d.table.most, error="level fits")])
    values = "(1, NULL), (NULL, 1)"
    assert failures(schema, in_duckdb(con, values, "level, most")).empty
    schema.validate(in_duckdb(con, values + ", (1, 2)", "level, most"), lazy=True)

    assert our_way(con, ("a", None, None, "1"), ("b", None, None, "0")) == ([1, 2], {})


def test_the_proof_is_panderas_own(con: duckdb.DuckDBPyConnection) -> None:
    """What Pandera refuses is not loaded, whatever the compiled rules said."""
    con.execute(
        "CREATE TABLE bad AS SELECT 1 AS row_number, 'a' AS code, -1::INT AS level, "
        "1::DECIMAL(38, 15) AS value, 1::BIGINT AS size_bytes"
    )
    proof = Proof(con)
    proof.add("bad", Count)
    with pytest.raises(RowsLost, match="greater_than_or_equal_to"):
        proof.run()
