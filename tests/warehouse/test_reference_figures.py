"""Real figures that the field's documents print, found in the marts of the bundled figures: each is asked for and compared with the print.

JETRO's table of the trade of China and Japan is in ``tests/warehouse/test_trade_by_method.py``, its earlier releases and the customs' derived
months are in ``tests/warehouse/test_marts.py``; cases worked out by hand are in ``tests/warehouse/test_formulas.py``.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from warehouse.connection import reader
from warehouse.settings import Home


@pytest.fixture(scope="module")
def con(bundled: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """A reader of the published file of the bundled figures."""
    with reader(bundled) as opened:
        yield opened


def found(con: duckdb.DuckDBPyConnection, query: str, *values: Any) -> set[Any]:
    """The values of the one column of a query."""
    return {value for (value,) in con.execute(query, list(values)).fetchall()}


#: The Ministry of Commerce, utilised investment in billions of USD, as copies of its releases print it. January 2014 is a table of ten origins.
UTILISED = [
    ("JPN", "A", "2014", "4.33"), ("JPN", "A", "2015", "3.21"), ("WLD", "A", "2013", "117.586"), ("WLD", "A", "2014", "119.56"),
    ("JPN", "YTD", "2013-06", "4.69"), ("JPN", "YTD", "2019-03", "1.09"), ("WLD", "A", "2021", "173.48"),
    ("WLD", "M", "2014-01", "10.763"), ("HKG", "M", "2014-01", "7.861"), ("SGP", "M", "2014-01", "0.521"), ("TWN", "M", "2014-01", "0.504"),
    ("USA", "M", "2014-01", "0.369"), ("JPN", "M", "2014-01", "0.321"), ("KOR", "M", "2014-01", "0.261"), ("NLD", "M", "2014-01", "0.102"),
    ("GBR", "M", "2014-01", "0.096"), ("DNK", "M", "2014-01", "0.085"), ("MAC", "M", "2014-01", "0.063"),
]  # fmt: skip


@pytest.mark.parametrize(("origin", "freq", "period", "billion"), UTILISED)
def test_the_ministrys_amount(
    con: duckdb.DuckDBPyConnection, origin: str, freq: str, period: str, billion: str
) -> None:
    query = "SELECT value FROM fdi_figures WHERE reporter = 'CHN' AND concept = 'mofcom_utilised' AND counterpart = ? AND freq = ? AND period = ? AND currency = 'USD'"
    assert Decimal(billion) * 10**9 in found(con, query, origin, freq, period)


#: The Ministry's growth on the year before, in per cent.
GROWTH = [
    ("JPN", "A", "2014", "-38.8"), ("JPN", "A", "2015", "-25.8"), ("WLD", "A", "2013", "5.3"), ("WLD", "A", "2014", "1.7"),
    ("JPN", "YTD", "2013-06", "14.37"), ("WLD", "M", "2014-01", "16.11"), ("JPN", "YTD", "2019-03", "1.6"), ("WLD", "A", "2021", "20.2"),
    ("WLD", "A", "2019", "5.8"),
]  # fmt: skip


@pytest.mark.parametrize(("origin", "freq", "period", "percent"), GROWTH)
def test_the_ministrys_growth(
    con: duckdb.DuckDBPyConnection, origin: str, freq: str, period: str, percent: str
) -> None:
    query = "SELECT rate_percent FROM fdi_rate WHERE reporter = 'CHN' AND concept = 'mofcom_utilised' AND measure = 'growth_on_year' AND counterpart = ? AND freq = ? AND period = ?"
    assert Decimal(percent) in found(con, query, origin, freq, period)


def test_growth_in_yuan_is_no_growth_in_dollars(con: duckdb.DuckDBPyConnection) -> None:
    """Ministry of Commerce, 2019: 941.5 billion yuan, up 5.8 per cent in yuan."""
    amount = "SELECT value FROM fdi_figures WHERE concept = 'mofcom_utilised' AND counterpart = 'WLD' AND freq = 'A' AND period = '2019' AND currency = 'CNY'"
    assert found(con, amount) == {Decimal("941.5") * 10**9}
    basis = "SELECT rate_basis FROM fdi_rate WHERE concept = 'mofcom_utilised' AND counterpart = 'WLD' AND freq = 'A' AND period = '2019'"
    assert found(con, basis) == {"CNY"}


def test_what_the_ministry_had_counted_from_japan_up_to_2015(con: duckdb.DuckDBPyConnection) -> None:
    query = "SELECT value_usd FROM fdi_figures WHERE concept = 'mofcom_cumulative_utilised' AND counterpart = 'JPN' AND period = '2015'"
    assert found(con, query) == {Decimal("101.8") * 10**9}


def test_growth_and_levels_of_investment_from_japan_agree(con: duckdb.DuckDBPyConnection) -> None:
    """4.33 billion in 2014 is 38.8 per cent less than 2013, so that 2013 was 7.08; a quarter less in 2015 is 3.21."""
    query = "SELECT year, mofcom_utilised_usd FROM fdi WHERE reporter = 'CHN' AND counterpart = 'JPN' AND year BETWEEN 2013 AND 2015"
    of_year = {year: float(usd) / 1e9 for year, usd in con.execute(query).fetchall()}
    assert of_year[2014] / (1 - 0.388) == pytest.approx(of_year[2013], abs=0.05)
    assert of_year[2014] * (1 - 0.258) == pytest.approx(of_year[2015], abs=0.005)


#: The foreign exchange administration, liabilities of direct investment in billions of USD, first releases.
BALANCE_OF_PAYMENTS = [("A", "2021", "334"), ("A", "2023", "33"), ("Q", "2023-Q3", "-11.8")]


@pytest.mark.parametrize(("freq", "period", "billion"), BALANCE_OF_PAYMENTS)
def test_the_balance_of_payments_as_first_released(
    con: duckdb.DuckDBPyConnection, freq: str, period: str, billion: str
) -> None:
    query = "SELECT value_usd FROM fdi_figures WHERE concept = 'bop' AND dataset LIKE 'safe.%' AND direction = 'liabilities' AND freq = ? AND period = ?"
    assert found(con, query, freq, period) == {Decimal(billion) * 10**9}


#: China Customs, exports and imports of 2019 in thousands of USD, as its bulletins print them.
CUSTOMS = [
    ("A", "2019", 2_499_028_927, 2_077_097_114), ("YTD", "2019-09", 1_825_105_773, 1_526_675_116), ("YTD", "2019-10", 2_037_923_161, 1_697_419_226),
    ("YTD", "2019-11", 2_260_094_505, 1_881_977_078), ("M", "2019-10", 212_916_095, 169_898_075), ("M", "2019-11", 221_337_434, 183_411_013),
    ("M", "2019-12", 238_267_589, 191_057_245),
]  # fmt: skip


@pytest.mark.parametrize(("freq", "period", "exports", "imports"), CUSTOMS)
def test_the_customs_bulletin(
    con: duckdb.DuckDBPyConnection, freq: str, period: str, exports: int, imports: int
) -> None:
    query = "SELECT value_usd / 1000 FROM trade_figures WHERE reporter = 'CHN' AND partner = 'WLD' AND dataset = 'china_customs.monthly_bulletin' AND flow = ? AND freq = ? AND period = ?"
    assert found(con, query, "export", freq, period) == {exports}
    assert found(con, query, "import", freq, period) == {imports}


#: ERINA (Arai, Zhu and Li): the Northeast in China's trade with Japan, in per cent.
NORTHEAST = [
    ("share_of_china_exports_to_japan", "2000", "12.4"), ("share_of_china_exports_to_japan", "2012", "7.3"),
    ("share_of_china_imports_from_japan", "2000", "7.6"), ("share_of_china_imports_from_japan", "2012", "4.4"),
    ("share_of_own_exports_going_to_japan", "2012", "14.3"),
]  # fmt: skip


@pytest.mark.parametrize(("indicator", "period", "percent"), NORTHEAST)
def test_the_northeast_in_the_trade_of_china_with_japan(
    con: duckdb.DuckDBPyConnection, indicator: str, period: str, percent: str
) -> None:
    query = "SELECT value FROM indicator_figures WHERE place = 'CN_NORTHEAST' AND indicator = ? AND period = ?"
    assert found(con, query, indicator, period) == {Decimal(percent)}


def test_exports_of_the_northeast_to_japan(con: duckdb.DuckDBPyConnection) -> None:
    query = "SELECT value_usd FROM trade_figures WHERE reporter = 'CN_NORTHEAST' AND partner = 'JPN' AND flow = 'export' AND period = '2012'"
    assert found(con, query) == {Decimal("11.23") * 10**9}


#: JETRO, both-import basis, releases of 2021-06-15 and 2022-03-25: cells that the release of 2023-03-29 has otherwise, in thousands of USD.
EARLIER = [
    ("2021-06-30", "CHN", "JPN", "2017", 164_865_658), ("2021-06-30", "JPN", "CHN", "2017", 164_542_081),
    ("2021-06-30", "CHN", "JPN", "2020", 176_088_877), ("2021-06-30", "JPN", "CHN", "2020", 164_105_906),
    ("2022-03-31", "CHN", "JPN", "2021", 206_153_124), ("2022-03-31", "JPN", "CHN", "2021", 185_287_363),
]  # fmt: skip


@pytest.mark.parametrize(("moment", "importer", "exporter", "period", "thousand"), EARLIER)
def test_imports_as_jetro_first_published_them(
    con: duckdb.DuckDBPyConnection, moment: str, importer: str, exporter: str, period: str, thousand: int
) -> None:
    query = f"SELECT value_usd / 1000 FROM trade_figures_as_of('{moment}') WHERE dataset = 'jetro.both_import' AND flow = 'import' AND reporter = ? AND partner = ? AND period = ?"
    assert found(con, query, importer, exporter, period) == {thousand}
