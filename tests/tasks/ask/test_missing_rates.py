"""Figures without a dollar amount are counted with the rate they lack."""

from collections.abc import Callable

import duckdb
import pytest

from tasks.ask.missing_rates import missing_rates
from tasks.load.outcome import Outcome
from tests.support.curated_folder import CuratedFolder

Load = Callable[[], dict[str, Outcome]]


@pytest.fixture
def con(
    curated_folder: CuratedFolder, load_curated: Load, warehouse: duckdb.DuckDBPyConnection
) -> duckdb.DuckDBPyConnection:
    """Trade in yen and dollars, a position in yen, and yen rates of January 2016, 2016 and the end of 2015."""

    def trade(**changes: str) -> dict[str, str]:
        return curated_folder.row("trade", **{"printed_unit": "JPY million", **changes})

    def rate(period: str, freq: str, indicator: str = "exchange_rate_avg") -> dict[str, str]:
        return curated_folder.row(
            "indicator",
            place="JPN",
            indicator=indicator,
            freq=freq,
            period=period,
            printed_value="100",
            printed_unit="JPY per USD",
        )

    curated_folder.write(
        "indicator/a.csv", [rate("2016-01", "M"), rate("2016", "A"), rate("2015", "A", "exchange_rate_eop")]
    )
    curated_folder.write(
        "trade/a.csv",
        [
            *(trade(freq="M", period=f"2016-{month}") for month in ("01", "02", "03")),
            *(trade(freq="YTD", period=f"2016-{month}") for month in ("01", "02", "12")),
            trade(freq="A", period="2017", printed_unit="USD million"),
            trade(freq="A", period="2018", printed_value="", obs_status="O"),
        ],
    )
    position = {"accounting": "position", "printed_unit": "JPY million", "freq": "A"}
    curated_folder.write("fdi/a.csv", [curated_folder.row("fdi", period=year, **position) for year in ("2015", "2016")])
    faults = {name: o.fault or o.quarantined for name, o in load_curated().items() if o.fault or o.quarantined}
    assert faults == {}
    return warehouse


def test_each_missing_rate_is_named_with_its_figures(con: duckdb.DuckDBPyConnection) -> None:
    assert [rate.describe() for rate in missing_rates(con)] == [
        "2 figures of trade in JPY (2016-02 to 2016-03) have no dollar amount for want of an average rate of the month",
        "1 figures of fdi in JPY (2016) have no dollar amount for want of a rate of the end of the year",
        "1 figures of trade in JPY (2016-02) have no dollar amount: no publisher averages the rate from January to a month within the year",
    ]


def test_what_is_counted_is_what_the_marts_leave_empty(con: duckdb.DuckDBPyConnection) -> None:
    without = con.execute(
        "SELECT (SELECT count(*) FROM core.trade_versions WHERE superseded_by IS NULL AND value IS NOT NULL AND value_usd IS NULL) "
        "+ (SELECT count(*) FROM core.fdi_versions WHERE superseded_by IS NULL AND value IS NOT NULL AND value_usd IS NULL)"
    ).fetchone()
    assert without == (sum(rate.figures for rate in missing_rates(con)),)


def test_a_cumulated_amount_is_converted_only_where_its_period_has_a_rate_of_its_own(
    con: duckdb.DuckDBPyConnection,
) -> None:
    query = "SELECT period, value_usd IS NOT NULL FROM core.trade_versions WHERE freq = 'YTD' ORDER BY period"
    assert con.execute(query).fetchall() == [("2016-01", True), ("2016-02", False), ("2016-12", True)]


def test_a_yearly_rate_never_stands_in_for_a_monthly_one(con: duckdb.DuckDBPyConnection) -> None:
    query = "SELECT period FROM core.trade_versions WHERE freq = 'M' AND value_usd IS NOT NULL"
    assert con.execute(query).fetchall() == [("2016-01",)]
