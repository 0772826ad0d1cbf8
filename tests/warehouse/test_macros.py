"""The macros of the warehouse do exact arithmetic: nothing is rounded unseen, nothing passes through a float."""

import datetime as dt
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

import duckdb
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from warehouse import sql


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database with nothing but the macros."""
    database = duckdb.connect()
    database.execute("CREATE SCHEMA core")
    database.execute(sql.render("core/00_macros.sql"))
    yield database
    database.close()


def one(con: duckdb.DuckDBPyConnection, expression: str) -> Any:
    """The value of an expression."""
    row = con.execute(f"SELECT {expression}").fetchone()
    assert row is not None
    return row[0]


def decimal(number: Decimal | str, kind: str) -> str:
    """A literal of a decimal type, which DuckDB reads as text, not as a float."""
    return f"CAST('{number:f}' AS {kind})" if isinstance(number, Decimal) else f"CAST('{number}' AS {kind})"


def cents(amount: Decimal, rate: Decimal) -> Decimal:
    """What a careful person works out: amount over rate to the cent, half away from zero."""
    with localcontext() as context:
        context.prec = 120
        return (amount / rate).quantize(Decimal("0.01"), ROUND_HALF_UP)


# -- scaled ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "multiplier", "quotation", "wanted"),
    [
        ("12.5", 100_000_000, 1, "1250000000"),
        ("-11.8", 1_000_000_000, 1, "-11800000000"),
        ("0.1", 10_000, 1, "1000"),
        ("0.000001", 1_000_000, 1, "1"),
        ("32.349", 1, 1, "32.349"),
        ("1085.54", 1, 100, "10.8554"),
        ("9.144733", 1, 100, "0.09144733"),
        ("0", 1_000_000_000, 1, "0"),
        ("2499028927", 1_000, 1, "2499028927000"),
    ],
)
def test_a_printed_number_is_brought_to_base_units_exactly(
    con: duckdb.DuckDBPyConnection, printed: str, multiplier: int, quotation: int, wanted: str
) -> None:
    assert one(con, f"core.scaled('{printed}', {multiplier}::BIGINT, {quotation})") == Decimal(wanted)


@given(
    digits=st.integers(-(10**14), 10**14),
    places=st.integers(0, 6),
    multiplier=st.sampled_from([1, 1_000, 10_000, 1_000_000, 100_000_000]),
)
def test_scaling_is_exact(con: duckdb.DuckDBPyConnection, digits: int, places: int, multiplier: int) -> None:
    printed = Decimal(digits).scaleb(-places)
    assert one(con, f"core.scaled('{printed:f}', {multiplier}::BIGINT, 1)") == printed * multiplier


@pytest.mark.parametrize("printed", ["9" * 30, "n/a", "", "1e400", "12,5"])
def test_what_does_not_fit_is_null_and_no_error(con: duckdb.DuckDBPyConnection, printed: str) -> None:
    assert one(con, f"core.scaled('{printed}', 1000000::BIGINT, 1)") is None


def test_an_unknown_quotation_is_null(con: duckdb.DuckDBPyConnection) -> None:
    assert one(con, "core.scaled('12', 1::BIGINT, 10)") is None


def test_text_of_a_column_that_is_no_number_is_null(con: duckdb.DuckDBPyConnection) -> None:
    """The engine takes a cast that stands twice in a macro out of its TRY, where it fails for a column and not for a literal."""
    query = "SELECT core.scaled(printed, 1::BIGINT, 1) FROM (SELECT unnest(['..', '12', '1e-400']) AS printed)"
    assert con.execute(query).fetchall() == [(None,), (Decimal(12),), (None,)]


# -- money, trade_amount, percent, whole ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("macro", "kept", "lost"),
    [
        ("money", ["0", "-1.5", "0.000001", "99999999999999999999999.000001"], ["0.0000001", "1.0000015", "0.1234567"]),
        ("trade_amount", ["0", "-0.001", "999999999999999.999", "185287363000"], ["0.0001", "1000000000000000", "7.0005"]),
        ("percent", ["-38.8", "94.61", "0.000001"], ["0.0000001", "1000000000000", "33.33333333"]),
        ("whole", ["0", "-3", "32349", "9223372036854775807"], ["0.5", "32.349", "9223372036854775808", "-0.1"]),
    ],
)  # fmt: skip
def test_a_value_that_would_lose_a_digit_is_null(
    con: duckdb.DuckDBPyConnection, macro: str, kept: list[str], lost: list[str]
) -> None:
    for number in kept:
        assert one(con, f"core.{macro}({decimal(number, 'DECIMAL(38, 15)')})") == Decimal(number), number
    for number in lost:
        assert one(con, f"core.{macro}({decimal(number, 'DECIMAL(38, 15)')})") is None, number
    assert one(con, f"core.{macro}(NULL::DECIMAL(38, 15))") is None


@pytest.mark.parametrize(
    ("macro", "kind"),
    [("money", "DECIMAL(38,6)"), ("trade_amount", "DECIMAL(18,3)"), ("percent", "DECIMAL(18,6)"), ("whole", "BIGINT")],
)
def test_the_macros_give_the_type_that_is_stored(con: duckdb.DuckDBPyConnection, macro: str, kind: str) -> None:
    assert one(con, f"typeof(core.{macro}(1::DECIMAL(38, 15)))") == kind


# -- to_usd ---------------------------------------------------------------------------------------------------

amounts = st.integers(-(10**24), 10**24).map(lambda n: Decimal(n).scaleb(-6))
small_amounts = st.integers(-(10**9), 10**9).map(lambda n: Decimal(n).scaleb(-6))
rates = st.integers(1, 10**21).map(lambda n: Decimal(n).scaleb(-15))


@given(amount=amounts | small_amounts, rate=rates)
@example(Decimal("1"), Decimal("8"))  # 0.125
@example(Decimal("-1"), Decimal("8"))  # -0.125: away from zero, not to even and not up
@example(Decimal("1"), Decimal("200"))  # 0.005
@example(Decimal("-1"), Decimal("200"))
@example(Decimal("1.004999"), Decimal("1"))
@example(Decimal("1.004950"), Decimal("1"))  # rounded twice this would be 1.01
@example(Decimal("-1.004996"), Decimal("1"))
@example(Decimal("10000000000000"), Decimal("6.770290266666665"))  # a rate as the World Bank prints it
@example(Decimal("941500000000"), Decimal("6.9081"))
@example(Decimal("570300000000"), Decimal("121.05"))
@example(Decimal("0"), Decimal("6.9081"))
@example(Decimal("0.01"), Decimal("0.000000000000001"))
@example(Decimal("0.000001"), Decimal("1000000"))
@example(Decimal("1000000000000"), Decimal("248000000000.5"))  # a rate after a hyperinflation
def test_dollars_are_exact_to_the_cent_half_away_from_zero(
    con: duckdb.DuckDBPyConnection, amount: Decimal, rate: Decimal
) -> None:
    found = one(con, f"core.to_usd({decimal(amount, 'DECIMAL(38, 6)')}, {decimal(rate, 'DECIMAL(38, 15)')})")
    wanted = cents(amount, rate)
    assert found == wanted


@given(value=st.integers(-(10**18) + 1, 10**18 - 1).map(lambda n: Decimal(n).scaleb(-3)))
def test_a_trade_amount_converts_as_exactly(con: duckdb.DuckDBPyConnection, value: Decimal) -> None:
    rate = Decimal("7.0809")
    found = one(con, f"core.to_usd({decimal(value, 'DECIMAL(18, 3)')}, {decimal(rate, 'DECIMAL(38, 15)')})")
    assert found == cents(value, rate)


@pytest.mark.parametrize("call", ["NULL, 7.1", "12.5, NULL", "NULL, NULL", "12.5, 0"])
def test_no_amount_or_no_rate_is_no_dollars(con: duckdb.DuckDBPyConnection, call: str) -> None:
    amount, rate = call.split(", ")
    assert one(con, f"core.to_usd({amount}::DECIMAL(38, 6), {rate}::DECIMAL(38, 15))") is None


@pytest.mark.parametrize("amount", ["99999999999999999999999999999999", "-99999999999999999999999999999999.999999"])
def test_an_amount_that_does_not_fit_is_null_and_no_error(con: duckdb.DuckDBPyConnection, amount: str) -> None:
    assert one(con, f"core.to_usd({decimal(amount, 'DECIMAL(38, 6)')}, 7.1::DECIMAL(38, 15))") is None


def test_a_sum_of_conversions_is_the_same_in_any_order(con: duckdb.DuckDBPyConnection) -> None:
    sums = {
        one(con, f"sum(core.to_usd((i * 0.37)::DECIMAL(38, 6), 6.4515::DECIMAL(38, 15)) ORDER BY {order}) FROM range(20000) AS t(i)")
        for order in ("i", "-i", "hash(i)")
    }  # fmt: skip
    assert len(sums) == 1
    assert isinstance(sums.pop(), Decimal)


# -- periods --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("freq", "period", "start", "end"),
    [
        ("A", "2016", "2016-01-01", "2016-12-31"),
        ("Q", "2016-Q1", "2016-01-01", "2016-03-31"),
        ("Q", "2016-Q2", "2016-04-01", "2016-06-30"),
        ("Q", "2023-Q3", "2023-07-01", "2023-09-30"),
        ("Q", "2016-Q4", "2016-10-01", "2016-12-31"),
        ("M", "2016-02", "2016-02-01", "2016-02-29"),
        ("M", "2015-02", "2015-02-01", "2015-02-28"),
        ("M", "2000-02", "2000-02-01", "2000-02-29"),
        ("M", "2014-01", "2014-01-01", "2014-01-31"),
        ("M", "2019-12", "2019-12-01", "2019-12-31"),
        ("YTD", "2019-10", "2019-01-01", "2019-10-31"),
        ("YTD", "2016-02", "2016-01-01", "2016-02-29"),
        ("YTD", "2016-12", "2016-01-01", "2016-12-31"),
    ],
)
def test_a_period_has_its_first_and_last_day(
    con: duckdb.DuckDBPyConnection, freq: str, period: str, start: str, end: str
) -> None:
    assert one(con, f"core.period_start('{freq}', '{period}')") == dt.date.fromisoformat(start)
    assert one(con, f"core.period_end('{freq}', '{period}')") == dt.date.fromisoformat(end)


@given(year=st.integers(1900, 2100), month=st.integers(1, 12))
def test_months_follow_one_another_without_a_gap(con: duckdb.DuckDBPyConnection, year: int, month: int) -> None:
    end = one(con, f"core.period_end('M', '{year}-{month:02}')")
    following = f"{year + month // 12}-{month % 12 + 1:02}"
    assert one(con, f"core.period_start('M', '{following}')") - end == dt.timedelta(days=1)


# -- ratios and days ------------------------------------------------------------------------------------------

RATES = st.decimals(min_value="0.000001", max_value="1000000", places=6)


@given(over=RATES, under=RATES)
@example(over=Decimal("7.3522"), under=Decimal("1.1069"))
@example(over=Decimal("1000000"), under=Decimal("0.000001"))
def test_a_ratio_is_exact_to_fifteen_decimals(con: duckdb.DuckDBPyConnection, over: Decimal, under: Decimal) -> None:
    with localcontext() as context:
        context.prec = 60
        wanted = (over / under).quantize(Decimal("1e-15"), ROUND_HALF_UP)
    got = one(con, f"core.ratio({decimal(over, 'DECIMAL(38, 15)')}, {decimal(under, 'DECIMAL(38, 15)')})")
    assert got == wanted


def test_a_ratio_that_does_not_fit_is_no_number(con: duckdb.DuckDBPyConnection) -> None:
    big = decimal("99999999999999999999999", "DECIMAL(38, 15)")
    assert one(con, f"core.ratio({big}, {decimal('0.000000000000001', 'DECIMAL(38, 15)')})") is None


def test_a_day_begins_and_ends_on_itself(con: duckdb.DuckDBPyConnection) -> None:
    assert one(con, "core.period_start('D', '2016-02-29')") == dt.date(2016, 2, 29)
    assert one(con, "core.period_end('D', '2016-02-29')") == dt.date(2016, 2, 29)
