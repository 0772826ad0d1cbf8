"""The formulas of the field: reference values worked out elsewhere, laws that hold for any values, and NULL where there is no answer.

The small cases were computed with numpy from the definitions in the publications that the formulas' descriptions name.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.formulas import FORMULAS
from warehouse import sql


def script() -> str:
    """The SQL that creates all formulas."""
    return "".join(sql.render(name, formulas=FORMULAS) for name in sql.names("formulas"))


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database with nothing but the formulas."""
    database = duckdb.connect()
    database.execute("CREATE SCHEMA mart")
    database.execute(script())
    yield database
    database.close()


def one(con: duckdb.DuckDBPyConnection, expression: str, *values: Any) -> Any:
    """The value of an expression."""
    row = con.execute(f"SELECT {expression}", list(values)).fetchone()
    assert row is not None
    return row[0]


def over(con: duckdb.DuckDBPyConnection, call: str, *columns: Sequence[Any]) -> Any:
    """The value of a formula over rows, whose columns are a, b, c and d."""
    rows = ", ".join(f"unnest(${i}) AS {name}" for i, name in enumerate("abcd"[: len(columns)], 1))
    return one(con, f"{call} FROM (SELECT {rows})", *[list(c) for c in columns])


# -- reference values -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "wanted"),
    [
        ("share_of_total(10.183, 10.763)", 0.9461),
        # MOFCOM, investment from Japan: 4.33 billion in 2014, down 38.8 per cent, and down 25.8 per cent to 3.21 in 2015.
        ("percent_change(4.33, 3.21)", -25.866),
        ("growth_contribution(60, 50, 100)", -0.1),
        ("cagr(100, 121, 2)", 0.1),
        ("cagr(8, 1, 3)", -0.5),
        ("trade_intensity_of_world(30, 100, 200, 1000)", 1.5),
        ("trade_intensity_without_own(30, 100, 200, 1000, 150)", 1.275),
        ("grubel_lloyd(100, 60)", 0.75),
        ("grubel_lloyd(40, 40)", 1.0),
        ("grubel_lloyd(0, 50)", 0.0),
        ("location_quotient(20, 100, 100, 1000)", 2.0),
        ("real_value(110, 105, 100)", 104.7619),
        ("per_head(1000, 40)", 25.0),
        ("baci_exporter_weight(0.1, 0.1)", 0.5),
        ("baci_exporter_weight(0.1, 0.2)", 0.8071),
        ("baci_exporter_weight(0.2, 0.5)", 0.8957),
        ("baci_exporter_weight(0, 0)", 0.5),
        ("baci_expected_distance(0.2, 0.3)", 0.2876814),
        ("harvard_exporter_weight(5.1407, 1.0281)", 0.9838976),
    ],
)  # fmt: skip
@pytest.mark.parametrize("schema", ["main", "mart"])
def test_a_formula_gives_its_reference_value(
    con: duckdb.DuckDBPyConnection, schema: str, call: str, wanted: float
) -> None:
    assert one(con, f"{schema}.{call}") == pytest.approx(wanted, rel=1e-4)


def test_comparative_advantage_of_three_economies_and_products(con: duckdb.DuckDBPyConnection) -> None:
    exports = [[80, 20, 0], [30, 50, 20], [10, 30, 60]]
    wanted = [[2, 0.6, 0], [0.75, 1.5, 0.75], [0.25, 0.9, 2.25]]
    world = [sum(column) for column in zip(*exports, strict=True)]
    for row, row_wanted in zip(exports, wanted, strict=True):
        for x, of_world, rca in zip(row, world, row_wanted, strict=True):
            values = (x, sum(row), of_world, sum(world))
            assert one(con, "rca_balassa(?, ?, ?, ?)", *values) == pytest.approx(rca)
            assert one(con, "rsca_laursen(?, ?, ?, ?)", *values) == pytest.approx((rca - 1) / (rca + 1))


def test_intra_industry_trade_of_three_products(con: duckdb.DuckDBPyConnection) -> None:
    exports, imports = [100, 40, 0], [60, 40, 50]
    assert over(con, "grubel_lloyd_trade_weighted(a, b)", exports, imports) == pytest.approx(0.6896552)
    assert over(con, "grubel_lloyd_imbalance_corrected(a, b)", exports, imports) == pytest.approx(0.7142857)
    # Of totals it is another number, which is not the intra-industry share.
    assert over(con, "grubel_lloyd(sum(a), sum(b))", exports, imports) == pytest.approx(0.9655172)


@pytest.mark.parametrize(("name", "wanted"), [("hhi", 0.38), ("hhi_normalised", 0.07), ("hhi_unctad", 0.0924906)])
def test_three_concentration_indices_are_three_numbers(
    con: duckdb.DuckDBPyConnection, name: str, wanted: float
) -> None:
    assert over(con, f"{name}(a)", [0.5, 0.3, 0.2]) == pytest.approx(wanted)
    assert over(con, f"{name}(a)", [50, 30, 20, 0]) == pytest.approx(wanted)  # one without an amount is no member


INEQUAL = ([1, 2, 3, 4], ["north", "north", "north", "south"], [100, 60, 40, 300], [1, 1, 1, 1])


@pytest.mark.parametrize(
    ("call", "wanted"),
    [
        ("theil_t(c, d)", 0.3014215), ("theil_t_unweighted(c)", 0.3014215),
        ("theil_t_between(a, b, c, d)", 0.2738378), ("theil_t_within(a, b, c, d)", 0.0275837),
        ("theil_l(c, d)", 0.3052696), ("theil_l_unweighted(c)", 0.3052696),
    ],
)  # fmt: skip
def test_inequality_of_three_places_and_one(con: duckdb.DuckDBPyConnection, call: str, wanted: float) -> None:
    assert over(con, call, *INEQUAL) == pytest.approx(wanted, rel=1e-6)


def test_constant_market_share_of_two_products(con: duckdb.DuckDBPyConnection) -> None:
    columns = ([40, 60], [70, 50], [400, 600], [600, 660])
    effects = [
        over(con, f"market_share_{effect}_effect(a, b, c, d)", *columns)
        for effect in ("growth", "composition", "competitiveness")
    ]
    assert effects == pytest.approx([26, 0, -6], abs=1e-9)


def test_fdi_performance_is_of_three_years_in_a_row(con: duckdb.DuckDBPyConnection) -> None:
    def performance(years: Sequence[int], inflow: Sequence[float | None]) -> Any:
        return over(con, "unctad_inward_fdi_performance(a, b, 100, c, 1000)", years, inflow, [40.0, 50.0, 60.0])

    # (60 / 300) / (150 / 3000)
    assert performance([2006, 2007, 2008], [10.0, 20.0, 30.0]) == pytest.approx(4)
    assert performance([2006, 2007, 2008], [-10.0, -20.0, -30.0]) == pytest.approx(-4)
    assert performance([2006, 2007, 2009], [10.0, 20.0, 30.0]) is None
    assert performance([2006, 2007, 2008], [10.0, None, 30.0]) is None


# -- no answer ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "call",
    [
        "share_of_total(-1, 10)", "share_of_total(1, 0)", "share_of_total(1, -10)", "share_of_total(NULL, 10)",
        # The balance of payments' liabilities of China were -11.8 billion dollars in the third quarter of 2023.
        "percent_change(-11.8, 17.5)", "percent_change(0, 5)", "percent_change(0.001, 5)", "percent_change(NULL, 5)",
        "percent_change(5, NULL)", "growth_contribution(1, 2, 0)", "growth_contribution(1, 2, -3)",
        "cagr(0, 5, 2)", "cagr(-1, 5, 2)", "cagr(5, -1, 2)", "cagr(5, 6, 0)",
        "rca_balassa(1, 0, 1, 1)", "rca_balassa(-5, 100, 120, 300)", "location_quotient(-1, 1, 1, 1)", "rca_balassa(0, 1, 0, 1)", "rsca_laursen(1, 1, 1, 0)",
        "trade_intensity_of_world(1, 1, 0, 1)", "trade_intensity_without_own(1, 1, 1, 10, 10)",
        "grubel_lloyd(0, 0)", "grubel_lloyd(-1, 2)", "grubel_lloyd(NULL, 2)",
        "real_value(1, 0, 100)", "per_head(1, 0)", "baci_exporter_weight(-0.1, 0.1)",
    ],
)  # fmt: skip
def test_what_has_no_answer_is_null(con: duckdb.DuckDBPyConnection, call: str) -> None:
    assert one(con, call) is None


def test_the_least_base_of_a_change_can_be_told(con: duckdb.DuckDBPyConnection) -> None:
    assert one(con, "percent_change(1, 100)") == pytest.approx(9900)
    assert one(con, "percent_change(1, 100, least_base := 0.1)") is None


@pytest.mark.parametrize(
    ("call", "columns"),
    [
        ("hhi(a)", ([1.0, -1.0],)), ("hhi(a)", ([0.0, 0.0],)), ("hhi(a)", ([3.0, None],)), ("hhi_normalised(a)", ([3.0, 2.0, None],)), ("hhi_normalised(a)", ([3.0, 0.0],)), ("hhi_unctad(a)", ([3.0],)),
        ("theil_t(a, b)", ([1.0, -2.0, 3.0], [1, 1, 1])), ("theil_t(a, b)", ([1.0, None], [1, 1])), ("theil_t(a, b)", ([1.0, 2.0], [1, 0])),
        ("theil_l(a, b)", ([1.0, 0.0], [1, 1])), ("theil_l_unweighted(a)", ([1.0, 0.0],)), ("theil_t_unweighted(a)", ([1.0, None],)),
        ("grubel_lloyd_trade_weighted(a, b)", ([1.0, -1.0], [1.0, 1.0])), ("grubel_lloyd_trade_weighted(a, b)", ([0.0], [0.0])),
        ("grubel_lloyd_imbalance_corrected(a, b)", ([1.0, 2.0], [0.0, 0.0])),
        ("market_share_growth_effect(a, b, c, d)", ([1.0, 2.0], [1.0, 2.0], [0.0, 5.0], [1.0, 5.0])),
        ("market_share_competitiveness_effect(a, b, c, d)", ([1.0, 2.0], [1.0, None], [1.0, 5.0], [1.0, 5.0])),
    ],
)  # fmt: skip
def test_rows_that_have_no_answer_are_null(
    con: duckdb.DuckDBPyConnection, call: str, columns: tuple[list[float], ...]
) -> None:
    assert over(con, call, *columns) is None


@pytest.mark.parametrize("name", ["theil_t_between", "theil_t_within", "theil_l_between", "theil_l_within"])
@pytest.mark.parametrize(
    ("members", "groups", "message"),
    [
        # Liaoning is in the Northeast and in the Bohai Rim.
        (["CN-LN", "CN-JL", "CN-LN"], ["northeast", "northeast", "bohai_rim"], r"stands twice \(CN-LN\)"),
        (["CN-LN", "CN-JL", "CN-GD"], ["northeast", "northeast", None], "has no group"),
    ],
)
def test_a_decomposition_over_groups_that_are_no_partition_is_refused(
    con: duckdb.DuckDBPyConnection, name: str, members: list[str], groups: list[str | None], message: str
) -> None:
    with pytest.raises(duckdb.InvalidInputException, match=message):
        over(con, f"{name}(a, b, c, d)", members, groups, [1.0, 2.0, 3.0], [1.0, 1.0, 1.0])


# -- laws -----------------------------------------------------------------------------------------------------

AMOUNT = st.floats(0.01, 1e9)
AMOUNTS = st.lists(AMOUNT, min_size=2, max_size=12)
#: Amount, weight and group of each member.
GROUPED = st.lists(st.tuples(AMOUNT, AMOUNT, st.sampled_from("xyz")), min_size=1, max_size=12)


@given(AMOUNTS)
def test_shares_add_up_to_one(con: duckdb.DuckDBPyConnection, amounts: list[float]) -> None:
    shares = one(con, "list(share_of_total(a, total)) FROM (SELECT unnest($1) AS a, list_sum($1) AS total)", amounts)
    assert sum(shares) == pytest.approx(1)


@given(st.lists(st.tuples(AMOUNT, AMOUNT), min_size=1, max_size=12))
def test_contributions_add_up_to_growth(con: duckdb.DuckDBPyConnection, pairs: list[tuple[float, float]]) -> None:
    before, now = zip(*pairs, strict=True)
    total = over(con, "sum(growth_contribution(a, b, c))", before, now, [sum(before)] * len(pairs))
    assert total == pytest.approx(sum(now) / sum(before) - 1, abs=1e-9 * (1 + sum(now) / sum(before)))


@given(AMOUNTS)
def test_concentration_is_within_its_bounds(con: duckdb.DuckDBPyConnection, amounts: list[float]) -> None:
    hhi, normalised, unctad = (over(con, f"{name}(a)", amounts) for name in ("hhi", "hhi_normalised", "hhi_unctad"))
    assert 1 / len(amounts) - 1e-9 <= hhi <= 1 + 1e-9
    assert -1e-9 <= normalised <= 1 + 1e-9
    assert -1e-9 <= unctad <= 1 + 1e-9


@given(AMOUNTS, st.floats(0.001, 1000))
def test_concentration_has_no_unit(con: duckdb.DuckDBPyConnection, amounts: list[float], factor: float) -> None:
    scaled = [a * factor for a in amounts]
    for name in ("hhi", "theil_t_unweighted", "theil_l_unweighted"):
        assert over(con, f"{name}(a)", scaled) == pytest.approx(over(con, f"{name}(a)", amounts), abs=1e-9)


@given(GROUPED)
def test_inequality_between_and_within_adds_up(
    con: duckdb.DuckDBPyConnection, members: list[tuple[float, float, str]]
) -> None:
    amounts, weights, groups = (list(column) for column in zip(*members, strict=True))
    columns = (list(range(len(members))), groups, amounts, weights)
    for index in ("t", "l"):
        whole, between, within = (
            over(con, f"theil_{index}{part}", *columns)
            for part in ("(c, d)", "_between(a, b, c, d)", "_within(a, b, c, d)")
        )
        assert between + within == pytest.approx(whole, abs=1e-9)
        assert min(whole, between, within) >= -1e-9


@given(st.lists(st.tuples(AMOUNT, AMOUNT, AMOUNT, AMOUNT), min_size=1, max_size=8))
def test_market_share_effects_add_up_to_the_change(
    con: duckdb.DuckDBPyConnection, products: list[tuple[float, float, float, float]]
) -> None:
    columns = [list(column) for column in zip(*products, strict=True)]
    effects = [
        over(con, f"market_share_{effect}_effect(a, b, c, d)", *columns)
        for effect in ("growth", "composition", "competitiveness")
    ]
    change = sum(columns[1]) - sum(columns[0])
    assert sum(effects) == pytest.approx(change, abs=1e-9 * (sum(map(abs, effects)) + sum(columns[0])))


@given(st.lists(st.tuples(AMOUNT, AMOUNT), min_size=1, max_size=8))
def test_intra_industry_trade_is_the_same_from_both_sides(
    con: duckdb.DuckDBPyConnection, products: list[tuple[float, float]]
) -> None:
    exports, imports = zip(*products, strict=True)
    weighted = over(con, "grubel_lloyd_trade_weighted(a, b)", exports, imports)
    assert -1e-9 <= weighted <= 1 + 1e-9
    assert over(con, "grubel_lloyd_trade_weighted(a, b)", imports, exports) == pytest.approx(weighted)
    # The trade-weighted mean of the products' indices.
    mean = over(con, "sum(grubel_lloyd(a, b) * (a + b)) / sum(a + b)", exports, imports)
    assert mean == pytest.approx(weighted, abs=1e-9)


@given(st.tuples(*[st.floats(0.01, 1e6)] * 4))
def test_symmetric_advantage_is_between_its_bounds(
    con: duckdb.DuckDBPyConnection, values: tuple[float, float, float, float]
) -> None:
    rca, rsca = (one(con, f"{name}(?, ?, ?, ?)", *values) for name in ("rca_balassa", "rsca_laursen"))
    assert -1 <= rsca <= 1
    assert (rsca > 0) == (rca > 1)


DEVIATION = st.floats(0, 3)


@given(DEVIATION, DEVIATION)
def test_weights_of_both_sides_add_up_to_one(con: duckdb.DuckDBPyConnection, exporter: float, importer: float) -> None:
    for name in ("baci_exporter_weight", "harvard_exporter_weight"):
        weight = one(con, f"{name}(?, ?)", exporter, importer)
        assert 0 <= weight <= 1
        assert weight + one(con, f"{name}(?, ?)", importer, exporter) == pytest.approx(1)


# -- as macros ------------------------------------------------------------------------------------------------


def test_every_formula_is_declared_and_described(con: duckdb.DuckDBPyConnection) -> None:
    actual = con.execute(
        "SELECT schema_name, function_name, parameters, comment FROM duckdb_functions() "
        "WHERE function_type = 'macro' AND NOT internal AND schema_name IN ('mart', 'main')"
    ).fetchall()
    wanted = [(schema, f.name, list(f.parameters), f.described) for schema in ("main", "mart") for f in FORMULAS]
    assert sorted(actual) == sorted(wanted)


def test_formulas_work_where_their_file_is_attached_under_another_name(tmp_path: Path) -> None:
    path = tmp_path / "formulas.duckdb"
    with duckdb.connect(str(path)) as made:
        made.execute("CREATE SCHEMA mart")
        made.execute(script())
    with duckdb.connect() as con:
        con.execute(f"ATTACH {sql.quoted(str(path))} AS figures (READ_ONLY)")
        assert over(con, "figures.mart.hhi(a)", [0.5, 0.3, 0.2]) == pytest.approx(0.38)
        assert over(con, "figures.mart.theil_t_between(a, b, c, d)", *INEQUAL) == pytest.approx(0.2738378)
        assert one(con, "figures.main.percent_change(1, 2)") == pytest.approx(100)


def test_a_formula_over_rows_answers_for_each_group(con: duckdb.DuckDBPyConnection) -> None:
    query = "FROM (VALUES (1, 5), (1, 3), (1, 2), (2, 7)) AS t (year, amount) SELECT year, hhi(amount) GROUP BY year ORDER BY year"
    assert con.execute(query).fetchall() == [(1, pytest.approx(0.38)), (2, pytest.approx(1))]
