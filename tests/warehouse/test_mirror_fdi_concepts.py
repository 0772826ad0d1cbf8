"""Investment by the investor's and the host's statistics, side by side: antisymmetric, never averaged, concepts kept apart."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse import sql

CONCEPTS = (
    "bop_outward", "bop_inward", "bop_assets", "bop_liabilities", "unctad_outflow", "unctad_inflow", "unctad_outstock", "unctad_instock",
    "position_outward", "position_inward", "mofcom_utilised",
)  # fmt: skip
#: Reported values by reporter, counterpart and concept.
Reports = dict[tuple[str, str, str], int]


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in which the tests put what is reported."""
    database = duckdb.connect()
    database.execute("CREATE SCHEMA mart")
    yield database
    database.close()


def mirrored(con: duckdb.DuckDBPyConnection, reports: Reports) -> dict[tuple[str, str, str, str], dict[str, Any]]:
    """The rows of the mart by investor, host and concepts."""
    values = ", ".join(f"{c}_usd DECIMAL(20, 2), {c}_from STRUCT(dataset TEXT)" for c in CONCEPTS)
    con.execute(f"CREATE OR REPLACE TABLE mart.fdi (reporter TEXT, reporter_name TEXT, counterpart TEXT, counterpart_name TEXT, year INTEGER, {values})")  # fmt: skip
    for reporter, counterpart in dict.fromkeys((i, j) for i, j, _ in reports):
        of_pair = {c: v for (i, j, c), v in reports.items() if (i, j) == (reporter, counterpart)}
        names = ", ".join(f"{c}_usd" for c in of_pair)
        con.execute(
            f"INSERT INTO mart.fdi (reporter, reporter_name, counterpart, counterpart_name, year, {names}) "
            f"VALUES ($1, $1, $2, $2, 2019, {', '.join(map(str, of_pair.values()))})",
            [reporter, counterpart],
        )
    con.execute(sql.render("readings/48_mirror_fdi_concepts.sql", stored=lambda name: f"CREATE OR REPLACE VIEW {name}"))
    result = con.execute("FROM mart.mirror_fdi_concepts")
    names_ = [column[0] for column in result.description]
    rows = [dict(zip(names_, row, strict=True)) for row in result.fetchall()]
    return {(r["investor"], r["host"], r["outward_concept"], r["inward_concept"]): r for r in rows}


def test_both_sides_stand_beside_each_other(con: duckdb.DuckDBPyConnection) -> None:
    rows = mirrored(con, {("JPN", "CHN", "unctad_outflow"): 13, ("CHN", "JPN", "unctad_inflow"): 7})
    ((key, row),) = rows.items()
    assert key == ("JPN", "CHN", "unctad_outflow", "unctad_inflow")
    assert (row["outward_usd"], row["inward_usd"], row["gap_usd"], row["is_same_concept"]) == (13, 7, -6, True)
    assert row["relative_gap"] == Decimal("-0.6")


def test_the_ministrys_count_is_beside_the_investors_and_is_another_thing(con: duckdb.DuckDBPyConnection) -> None:
    rows = mirrored(con, {("JPN", "CHN", "bop_assets"): 13, ("CHN", "JPN", "mofcom_utilised"): 7})
    assert not rows["JPN", "CHN", "bop_assets", "mofcom_utilised"]["is_same_concept"]
    assert {key for key, row in rows.items() if row["is_same_concept"]} == {
        ("JPN", "CHN", "bop_assets", "bop_liabilities")
    }
    # Alone it is in fdi, and has no mirror.
    assert mirrored(con, {("CHN", "JPN", "mofcom_utilised"): 7}) == {}


def test_opposite_signs_are_marked(con: duckdb.DuckDBPyConnection) -> None:
    rows = mirrored(con, {("JPN", "CHN", "bop_outward"): -3, ("CHN", "JPN", "bop_inward"): 7})
    assert rows["JPN", "CHN", "bop_outward", "bop_inward"]["signs_differ"]


REPORTS = st.dictionaries(
    st.tuples(st.sampled_from("AB"), st.sampled_from("CD"), st.sampled_from(CONCEPTS)) | st.tuples(st.sampled_from("CD"), st.sampled_from("AB"), st.sampled_from(CONCEPTS)),
    st.integers(-(10**9), 10**9), min_size=1, max_size=20,
)  # fmt: skip
#: The concept of the same investment from the other side.
OTHER_SIDE = {
    "bop_outward": "bop_inward", "bop_assets": "bop_liabilities", "unctad_outflow": "unctad_inflow", "unctad_outstock": "unctad_instock",
    "position_outward": "position_inward",
}  # fmt: skip


@settings(max_examples=25)
@given(REPORTS)
def test_a_gap_has_the_other_sign_from_the_other_side(con: duckdb.DuckDBPyConnection, reports: Reports) -> None:
    """What one reports as received becomes what the other reports as sent, and the other way round."""
    turned = {**OTHER_SIDE, **{inward: outward for outward, inward in OTHER_SIDE.items()}}
    same = {key: value for key, value in reports.items() if key[2] in turned}
    if not same:
        return
    rows = mirrored(con, same)
    others = mirrored(con, {(j, i, turned[c]): v for (i, j, c), v in same.items()})
    for key, row in rows.items():
        other = others[key]
        assert (other["outward_usd"], other["inward_usd"]) == (row["inward_usd"], row["outward_usd"])
        if row["gap_usd"] is not None:
            assert other["gap_usd"] == -row["gap_usd"]
            assert other["relative_gap"] == (None if row["relative_gap"] is None else -row["relative_gap"])


@settings(max_examples=25)
@given(REPORTS)
def test_every_value_is_one_that_was_reported(con: duckdb.DuckDBPyConnection, reports: Reports) -> None:
    for (investor, host, outward, inward), row in mirrored(con, reports).items():
        assert row["outward_usd"] == reports.get((investor, host, outward))
        assert row["inward_usd"] == reports.get((host, investor, inward))
