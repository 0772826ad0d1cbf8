"""The bundled figures, built and published, against what the publishers printed.

The figures here were typed from the publishers' documents, not read from the project's files: JETRO's releases
of 2021-06-15, 2022-03-25 and 2023-03-29, the bulletins of China Customs for 2019, the releases of MOFCOM as the
press of the day gives them, Nikkei Asian Review of May 2018, China Statistical Yearbook 1999 (table 17-16).
"""

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Iterator
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

import duckdb
import pytest

from schemas import base, profile
from schemas.mart import FIGURES_OF
from tasks import sources
from tasks.contract import facts
from warehouse import sql
from warehouse.connection import reader
from warehouse.settings import Home

BILLION = 10**9
THOUSAND = 1000
#: The mart of figures of each fact, by the fact's name.
FIGURES = {f.name: base.table_name(FIGURES_OF[f.name]) for f in facts.ALL}


@pytest.fixture(scope="module")
def con(bundled: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """A reader of the published file of the bundled figures."""
    with reader(bundled) as opened:
        yield opened


def rows(con: duckdb.DuckDBPyConnection, query: str, *values: Any) -> list[tuple[Any, ...]]:
    """All rows of a query."""
    return con.execute(query, list(values)).fetchall()


def one(con: duckdb.DuckDBPyConnection, query: str, *values: Any) -> Any:
    """The one value of the one row of a query."""
    actual = rows(con, query, *values)
    assert len(actual) == 1, actual
    return actual[0][0]


# -- everything bundled is there ------------------------------------------------------------------------------


def test_every_bundled_row_is_accepted(con: duckdb.DuckDBPyConnection) -> None:
    folder = Path(sources.get("curated").folder)  # type: ignore[attr-defined]
    printed = {p.relative_to(folder).as_posix(): sum(1 for _ in csv.reader(p.open(encoding="utf-8"))) - 1 for p in folder.glob("*/*.csv")}  # fmt: skip
    loaded = dict(rows(con, "SELECT filename, rows_accepted FROM meta.loads"))
    assert loaded == printed
    assert one(con, "SELECT count(*) FROM meta.quarantine") == 0


def test_every_check_passed_and_is_on_record(con: duckdb.DuckDBPyConnection) -> None:
    assert rows(con, "SELECT check_name FROM meta.checks WHERE NOT passed AND severity <> 'warning'") == []
    # UNCTAD printed Japan's position in Ireland of 2010 as a fiftieth of those of the years beside it.
    (doubt,) = rows(con, "SELECT check_name, violations, example FROM meta.checks WHERE NOT passed")
    assert doubt[:2] == ("figures_keep_their_size", 1)
    assert "'IRL', 'inward from or to JPN', '2010'" in doubt[2]
    assert one(con, "SELECT count(*) FROM meta.checks") > 30


@pytest.mark.parametrize("fact", FIGURES)
def test_a_mart_shows_the_current_rows_and_only_those(con: duckdb.DuckDBPyConnection, fact: str) -> None:
    stored = one(con, f"SELECT count(*) FROM core.{fact} WHERE superseded_by IS NULL")
    assert stored > 0
    assert one(con, f"SELECT count(*) FROM {FIGURES[fact]}") == stored
    assert one(con, f"SELECT count(*) FROM core.{fact}_versions") == one(con, f"SELECT count(*) FROM core.{fact}")


@pytest.mark.parametrize("fact", FIGURES)
def test_every_row_has_its_provenance(con: duckdb.DuckDBPyConnection, fact: str) -> None:
    uncited = f"""
        SELECT count(*) FROM {FIGURES[fact]}
        WHERE publisher IS NULL OR title IS NULL OR address NOT LIKE 'http%' OR length(artifact) <> 64
           OR published_on > current_date
           OR CASE WHEN published_on IS NULL THEN published_precision NOT IN ('unknown', 'year') ELSE published_precision = 'unknown' END"""
    assert one(con, uncited) == 0


@pytest.mark.parametrize("fact", ["trade", "fdi", "fdi_rate", "indicator", "presence"])
def test_a_missing_value_has_a_reason(con: duckdb.DuckDBPyConnection, fact: str) -> None:
    value = "rate_percent" if fact == "fdi_rate" else "value"
    assert (
        one(con, f"SELECT count(*) FROM {FIGURES[fact]} WHERE {value} IS NULL AND obs_status IN ('A', 'B', 'E', 'P')")
        == 0
    )


@pytest.mark.parametrize("fact", ["trade", "fdi", "indicator", "presence"])
def test_sums_are_exact_and_the_same_in_any_order(con: duckdb.DuckDBPyConnection, fact: str) -> None:
    values = [row[0] for row in rows(con, f"SELECT value FROM {FIGURES[fact]} WHERE value IS NOT NULL")]
    assert {type(v) for v in values} <= {Decimal, int}
    sums = {one(con, f"SELECT sum(value ORDER BY {order}) FROM {FIGURES[fact]}") for order in ("value", "value DESC", "hash(period)")}  # fmt: skip
    with localcontext() as context:
        context.prec = 60
        assert sums == {sum(values)}


# -- direct investment in China by origin ---------------------------------------------------------------------

#: MOFCOM's figures for whole years, in billion USD, by where they were printed.
BY_ORIGIN = [
    ("JPN", 2012, "7.38", "AFP"), ("JPN", 2012, "7.3", "Nikkei"), ("JPN", 2014, "4.33", "Mainichi"),
    ("JPN", 2015, "3.21", "China Press"), ("JPN", 2016, "3.1", "Nikkei"), ("JPN", 2017, "3.2", "Nikkei"),
    ("EU_AT_THE_TIME", 2012, "6.1", "Nikkei"), ("EU_AT_THE_TIME", 2016, "9.6", "Nikkei"),
    ("EU_AT_THE_TIME", 2012, "6.11", "AFP"), ("EU_AT_THE_TIME", 2011, "6.35", "Xinhua"),
    ("USA", 2012, "3.1", "Nikkei"), ("USA", 2016, "3.8", "Nikkei"), ("USA", 2012, "3.12", "AFP"),
    ("USA", 2012, "3.13", "Xinhua"), ("KOR", 2012, "3.0", "Nikkei"), ("KOR", 2016, "4.7", "Nikkei"),
]  # fmt: skip


@pytest.mark.parametrize(("origin", "year", "billion", "seen_via"), BY_ORIGIN)
def test_investment_in_china_by_origin_is_as_printed(
    con: duckdb.DuckDBPyConnection, origin: str, year: int, billion: str, seen_via: str
) -> None:
    query = "SELECT value_usd FROM fdi_figures WHERE reporter = 'CHN' AND concept = 'mofcom_utilised' AND freq = 'A' AND counterpart = ? AND year = ? AND starts_with(seen_via, ?) AND publisher LIKE 'Ministry of Commerce%'"
    assert one(con, query, origin, year, seen_via) == Decimal(billion) * BILLION


def test_the_figure_of_the_national_bureau_for_2020_is_kept_apart(con: duckdb.DuckDBPyConnection) -> None:
    actual = rows(con, "SELECT value_usd, publisher FROM fdi_china_by_origin WHERE origin = 'JPN' AND year = 2020")
    assert [value for value, _ in actual] == [Decimal("3374480000.00")]
    assert actual[0][1].startswith("National Bureau of Statistics")


def test_japan_fell_and_the_others_rose(con: duckdb.DuckDBPyConnection) -> None:
    """N1, N2 and N3 of the article."""
    series = {
        (origin, year): value
        for origin, year, value in rows(
            con,
            "SELECT counterpart, year, value_usd FROM fdi_figures WHERE reporter = 'CHN' AND concept = 'mofcom_utilised' AND freq = 'A' AND is_preferred",
        )
    }
    japan = [series["JPN", year] for year in (2012, 2013, 2014, 2015, 2016)]
    assert japan == sorted(japan, reverse=True)
    assert series["JPN", 2017] > series["JPN", 2016]
    for origin in ("EU_AT_THE_TIME", "USA", "KOR"):
        assert series[origin, 2016] > series[origin, 2012]


def test_by_origin_has_whole_years_only(con: duckdb.DuckDBPyConnection) -> None:
    """China's cumulative and monthly releases are in mart.fdi_figures, and not here."""
    in_parts = (
        "SELECT count(*) FROM fdi_figures WHERE counterpart = 'JPN' AND concept = 'mofcom_utilised' AND freq <> 'A'"
    )
    assert one(con, in_parts) > 5
    whole = "SELECT counterpart, year FROM fdi_figures WHERE reporter = 'CHN' AND concept = 'mofcom_utilised' AND freq = 'A' AND counterpart_kind = 'economy' AND value IS NOT NULL"
    origins = rows(con, "SELECT origin, year FROM fdi_china_by_origin WHERE kind_of_origin = 'economy'")
    within_the_union = {("DEU", 2011), ("FRA", 2011), ("GBR", 2011), ("NLD", 2011), ("DEU", 2012)}
    assert sorted(origins) == sorted(set(rows(con, whole)) - within_the_union)
    assert one(con, "SELECT value_usd FROM fdi_china_by_origin WHERE origin = 'JPN' AND year = 2016") == 3_110_000_000


@pytest.mark.parametrize("year", [2011, 2012, 2013, 2016])
def test_origins_add_up_to_the_total_of_the_year(con: duckdb.DuckDBPyConnection, year: int) -> None:
    total = "SELECT value_usd FROM fdi_figures WHERE reporter = 'CHN' AND concept = 'mofcom_utilised' AND freq = 'A' AND counterpart = 'WLD' AND is_preferred AND year = ?"
    assert one(con, "SELECT sum(value_usd) FROM fdi_china_by_origin WHERE year = ?", year) == one(con, total, year)


#: China's inflow from Japan as China counts it, and Japan's outflow to China as Japan does, in million dollars: UNCTAD, Bilateral FDI
#: Statistics 2014.
MIRRORS = {
    2001: ("4348.42", "2160.8"), 2005: ("6529.77", "6589.0"), 2006: ("4759.41", "6167.3"), 2008: ("3652.35", "6482.0"),
    2010: ("4083.72", "7158.3"), 2011: ("6329.63", "12587.7"), 2012: ("7351.56", "13484.1"),
}  # fmt: skip


def test_investment_of_japan_in_china_by_both_sides(con: duckdb.DuckDBPyConnection) -> None:
    found = {
        year: (chinas, japans)
        for year, chinas, japans in rows(
            con,
            "SELECT year, sum(unctad_inflow_usd) FILTER (reporter = 'CHN' AND counterpart = 'JPN') / 1e6, "
            "sum(unctad_outflow_usd) FILTER (reporter = 'JPN' AND counterpart = 'CHN') / 1e6 FROM fdi WHERE year BETWEEN 2001 AND 2012 GROUP BY year",
        )
    }
    assert sorted(found) == list(range(2001, 2013))
    assert all(None not in pair for pair in found.values())
    assert {year: (f"{found[year][0]:.2f}", f"{found[year][1]:.1f}") for year in MIRRORS} == MIRRORS


@pytest.mark.parametrize(
    ("origin", "printed"), [("JPN", 652_977), ("HKG", 1_794_879), ("SGP", 220_432), ("KOR", 516_834), ("MAC", 60_046)]
)
def test_investment_in_china_2005_is_that_of_the_yearbook(
    con: duckdb.DuckDBPyConnection, origin: str, printed: int
) -> None:
    """China Statistical Yearbook 2007, table 18-15, in 10,000 dollars: without banks, and so it says."""
    found = rows(con, "SELECT value_usd, sector_scope FROM fdi_figures WHERE concept = 'unctad' AND direction = 'inward' AND reporter = 'CHN' AND counterpart = ? AND year = 2005", origin)  # fmt: skip
    assert found == [(printed * 10_000, "non_financial")]


def test_of_investment_in_china_both_bases_are_told(con: duckdb.DuckDBPyConnection) -> None:
    """Totals of 2005 to 2011 and origins of 2006 are with banks, the total of 2012 and origins of 2005 without."""
    found = rows(
        con,
        "SELECT year, counterpart = 'WLD' AS is_total, any_value(sector_scope) FROM fdi_figures WHERE dataset = 'unctad.bilateral.inflows' "
        "AND reporter = 'CHN' AND counterpart_kind IN ('world', 'economy') AND sector_scope <> 'unknown' GROUP BY ALL HAVING count(DISTINCT sector_scope) = 1",
    )
    assert {(year, is_total): scope for year, is_total, scope in found} == {
        **{(year, True): "all" for year in range(2005, 2012)},
        (2012, True): "non_financial", (2005, False): "non_financial", (2006, False): "all",
    }  # fmt: skip


def test_an_incomplete_sum_over_the_european_union_is_not_here(con: duckdb.DuckDBPyConnection) -> None:
    """Of 2012 UNCTAD has Germany and the Netherlands alone; MOFCOM's 6.11 billion is here."""
    unions = "SELECT value_usd FROM fdi_figures WHERE reporter = 'CHN' AND counterpart = 'EU28' AND direction = 'inward' AND accounting = 'flow' AND year = ?"
    assert rows(con, unions, 2011) == [(Decimal("5266.95") * 10**6,)]
    assert rows(con, unions, 2012) == []


def test_chinas_stock_by_origin_is_a_sum_of_inflows(con: duckdb.DuckDBPyConnection) -> None:
    """Japan's grows from 32,150 million at the end of 2001 by 4,190 to 36,340 a year later."""
    found = rows(con, "SELECT mofcom_cumulative_usd, unctad_instock_usd FROM fdi WHERE reporter = 'CHN' AND counterpart = 'JPN' AND year IN (2001, 2002) ORDER BY year")  # fmt: skip
    assert found == [(32_150 * 10**6, None), (36_340 * 10**6, None)]


def test_what_unctad_put_in_for_singapore_is_no_report_of_its(con: duckdb.DuckDBPyConnection) -> None:
    derived = rows(con, "SELECT DISTINCT measurement FROM fdi_figures WHERE reporter = 'SGP' AND counterpart = 'CHN'")
    assert derived == [("derived from counterpart",)]
    assert rows(con, "SELECT unctad_outflow_usd FROM fdi WHERE reporter = 'SGP' AND counterpart = 'CHN' AND unctad_outflow_usd IS NOT NULL") == []  # fmt: skip


#: What identifies a thing of which there may be several figures, by mart: of these exactly one is preferred.
CELLS = {
    "trade_figures": "reporter, partner, flow, basis, classification, product, freq, period",
    "fdi_figures": "concept, accounting, direction, principle, instrument, derivation, reporter, counterpart, industry, freq, period",
    "indicator_figures": "place, indicator, unit, freq, period",
    "presence_figures": "place, origin, counting_unit, freq, period",
}


@pytest.mark.parametrize(("mart", "cell"), CELLS.items())
def test_exactly_one_figure_of_a_cell_is_preferred(con: duckdb.DuckDBPyConnection, mart: str, cell: str) -> None:
    contested = f"SELECT count(*) FROM (SELECT 1 FROM {mart} GROUP BY {cell} HAVING count(*) > 1)"
    assert one(con, contested) > 0 or mart == "trade_figures"  # of trade, no two bundled figures are of one thing
    not_one = f"SELECT {cell} FROM {mart} GROUP BY {cell} HAVING count(*) FILTER (is_preferred) <> 1"
    assert rows(con, not_one) == []


def test_the_preferred_figure_follows_the_stated_rule(con: duckdb.DuckDBPyConnection) -> None:
    """By ref.preference, then without banks, in dollars, with more digits and the latest published; worked out here once more."""
    prefixes = rows(con, "SELECT coalesce(dataset_prefix, ''), rank FROM ref.preference WHERE fact = 'fdi' AND source IN ('curated', '*')")  # fmt: skip
    ranks = dict(sorted(prefixes, key=lambda p: len(p[0])))
    actual = rows(
        con,
        "SELECT counterpart, year, value_usd, currency, printed_value, published_on, dataset, sector_scope, is_preferred FROM fdi_figures "
        "WHERE reporter = 'CHN' AND concept = 'mofcom_utilised' AND freq = 'A'",
    )
    cells: dict[tuple[str, int], list[Any]] = {}
    for origin, year, *figure in actual:
        cells.setdefault((origin, year), []).append(figure)
    assert max(len(figures) for figures in cells.values()) >= 3
    for cell, figures in cells.items():

        def order(figure: Any) -> tuple[Any, ...]:
            value, currency, printed, published_on, dataset, scope, _ = figure
            (*_, rank) = (rank for prefix, rank in ranks.items() if dataset.startswith(prefix))
            digits = len((printed or "").replace(".", "").lstrip("-0"))
            return (
                value is None,
                rank,
                scope == "all",
                currency != "USD",
                -digits,
                -(published_on or dt.date.min).toordinal(),
                dataset,
            )

        assert min(figures, key=order)[-1] is True, cell


def test_kinds_of_investment_and_makes_of_the_union_are_never_mixed(con: duckdb.DuckDBPyConnection) -> None:
    assert rows(con, "SELECT DISTINCT f.concept FROM mart.fdi_figures AS f JOIN fdi_china_by_origin AS o USING (artifact, dataset, year, value_usd) WHERE o.origin = f.counterpart AND f.reporter = 'CHN' AND f.freq = 'A'") == [("mofcom_utilised",)]  # fmt: skip
    unions = dict(rows(con, "SELECT counterpart, string_agg(DISTINCT period, ',' ORDER BY period) FROM fdi_figures WHERE concept = 'mofcom_utilised' AND counterpart LIKE 'EU%' GROUP BY ALL"))  # fmt: skip
    assert unions["EU27_2007"] == "2012-06"  # Beijing Review says EU-27
    assert unions["EU28"] == "2013-09,2013-10,2014-06"  # the government portal and others say EU-28
    by_origin = "SELECT DISTINCT origin FROM fdi_china_by_origin WHERE origin LIKE 'EU%'"
    assert rows(con, by_origin) == [("EU_AT_THE_TIME",)]
    assert one(con, "SELECT count(DISTINCT concept) FROM fdi_figures") >= 4
    assert one(con, "SELECT value_usd FROM fdi_figures WHERE concept = 'bop' AND dataset LIKE 'safe%' AND period = '2023' ORDER BY published_on LIMIT 1") == 33 * BILLION  # fmt: skip


def test_of_two_figures_of_one_rank_that_of_the_series_is_preferred(con: duckdb.DuckDBPyConnection) -> None:
    """MOFCOM printed 2007 with and without banks (82.0 and 74.8 billion); the years around it are without."""
    query = "SELECT value_usd, sector_scope, preference_reason FROM fdi_figures WHERE reporter = 'CHN' AND counterpart = 'WLD' AND concept = 'mofcom_utilised' AND period = '2007' ORDER BY value_usd"
    without, with_banks = rows(con, query)
    assert without[:2] == (Decimal("74.8") * BILLION, "non_financial")
    assert with_banks[:2] == (Decimal("82.0") * BILLION, "all")
    assert with_banks[2].endswith("the other leaves out banks, securities and insurance, as the Ministry's series does")
    assert one(con, "SELECT sum(mofcom_utilised_usd) FROM fdi WHERE reporter = 'CHN' AND year = 2007") == without[0]


def test_the_series_of_the_union_has_no_hole_where_a_member_is_printed_too(con: duckdb.DuckDBPyConnection) -> None:
    """MOFCOM's figures of 2011 to 2013 and 2016: 6.348, 6.11, 7.21 and 9.6 billion; Germany's of 2012, 1.47, is within the Union's."""
    series = rows(con, "SELECT year, value_usd, members_within FROM fdi_china_by_origin WHERE origin = place('EU') ORDER BY year")  # fmt: skip
    assert series == [
        (2011, 6_348_000_000, "DEU;FRA;GBR;NLD"), (2012, 6_110_000_000, "DEU"), (2013, 7_210_000_000, None), (2016, 9_600_000_000, None),
    ]  # fmt: skip
    assert rows(con, "FROM fdi_china_by_origin WHERE origin = 'DEU' AND year = 2012") == []
    assert one(con, "SELECT mofcom_utilised_usd FROM fdi WHERE reporter = 'CHN' AND counterpart = 'DEU' AND year = 2012") == 1_470_000_000  # fmt: skip


@pytest.mark.parametrize(
    ("mart", "series", "columns"),
    [
        ("fdi", ["reporter", "counterpart"], ["mofcom_utilised", "unctad_inflow", "bop_inward"]),
        ("fdi_provinces", ["province", "origin"], ["utilised", "stated_cumulative"]),
        ("trade", ["reporter", "partner"], ["exports", "imports"]),
        ("trade_provinces", ["province", "partner"], ["exports_by_unknown_basis", "imports_by_unknown_basis"]),
    ],
)
def test_a_seam_is_where_publisher_or_scope_is_another_than_before(
    con: duckdb.DuckDBPyConnection, mart: str, series: list[str], columns: list[str]
) -> None:
    found = wanted = 0
    for column in columns:
        before: dict[tuple[str, ...], tuple[str, str, str, str]] = {}
        query = (
            f"SELECT {', '.join(series)}, {column}_from.publisher, {column}_from.dataset, {column}_from.valuation, {column}_from.currency, seams "
            f"FROM {mart} WHERE {column}_usd IS NOT NULL ORDER BY {', '.join(series)}, year"
        )
        for *key, publisher, dataset, valuation, currency, seams in rows(con, query):
            stem = dataset.split(".via_")[0]
            now = (publisher, stem, valuation, currency)
            last = before.get(tuple(key), now)
            before[tuple(key)] = now
            is_seam = (last[0] != publisher and last[1] != stem) or any(
                None not in (then, today) and then != today for then, today in zip(last[2:], now[2:], strict=True)
            )
            said = [text for text in (seams or "").split("; ") if text.startswith(f"{column}_usd: ")]
            assert bool(said) is is_seam, (column, key, last, seams)
            wanted += is_seam
            found += len(said)
    assert found == wanted
    assert found or mart == "trade"


def test_a_currency_and_period_is_one_row_with_both_rates(con: duckdb.DuckDBPyConnection) -> None:
    assert rows(con, "SELECT currency, period FROM exchange_rates GROUP BY ALL HAVING count(*) > 1") == []
    query = "SELECT average, average_exact, average_from.dataset FROM exchange_rates WHERE currency = 'CNY' AND freq = 'A' AND year = 2019"
    assert rows(con, query) == [(Decimal("6.9081"), Decimal("6.9081"), "federal_reserve.h10")]  # H.10, average of 2019
    both = "SELECT count(*) FROM exchange_rates WHERE average IS NOT NULL AND end_of_period IS NOT NULL"
    assert one(con, both) > 0
    preferred = one(con, "SELECT count(*) FROM ref.exchange_rate WHERE preferred AND freq <> 'YTD'")
    assert one(con, "SELECT count(average_exact) + count(end_of_period_exact) FROM exchange_rates") == preferred


def test_a_city_is_found_by_its_province(con: duckdb.DuckDBPyConnection) -> None:
    places = rows(con, "SELECT DISTINCT place FROM presence WHERE province = 'CN-LN' AND origin = 'JPN'")
    assert {"CN-LN", "CN-210200"} <= {place for (place,) in places}
    assert one(con, "SELECT count(*) FROM presence WHERE (place = '_X') <> (coalesce(province, '') = '_X')") == 0


def test_the_balance_of_payments_may_be_negative(con: duckdb.DuckDBPyConnection) -> None:
    query = (
        "SELECT value FROM fdi_figures WHERE concept = 'bop' AND freq = 'Q' AND period = '2023-Q3' AND reporter = 'CHN'"
    )
    assert one(con, query) == Decimal("-11.8") * BILLION


def test_the_top_ten_of_january_2014_add_up(con: duckdb.DuckDBPyConnection) -> None:
    parts = "SELECT sum(value_usd), count(*) FROM fdi_figures WHERE period = '2014-01' AND freq = 'M' AND counterpart <> 'WLD'"
    total, count = rows(con, parts)[0]
    whole = one(
        con, "SELECT value_usd FROM fdi_figures WHERE period = '2014-01' AND freq = 'M' AND counterpart = 'WLD'"
    )
    assert (total, count) == (10_183_000_000, 10)
    assert whole == 10_763_000_000
    share = "SELECT rate_percent FROM fdi_rate WHERE period = '2014-01' AND counterpart = 'MOFCOM_TOP_TEN'"
    assert one(con, share) == Decimal("94.61") == (total / whole * 100).quantize(Decimal("0.01"))


# -- conversion -----------------------------------------------------------------------------------------------


def test_yen_of_half_a_year_are_not_converted_with_the_rate_of_the_year(con: duckdb.DuckDBPyConnection) -> None:
    """The reference has yearly rates only; the balance of payments here is of January to June 2015."""
    actual = rows(
        con,
        "SELECT value, value_usd, fx_rate, fx_source FROM fdi_figures WHERE currency = 'JPY' AND value = 570300000000",
    )
    assert actual == [(Decimal(570_300_000_000), None, None, None)]


@pytest.mark.parametrize("mart", ["trade", "fdi"])
def test_an_amount_is_converted_with_a_rate_of_exactly_its_period_or_not_at_all(
    con: duckdb.DuckDBPyConnection, mart: str
) -> None:
    kind = "CASE accounting WHEN 'position' THEN 'eop' ELSE 'avg' END" if mart == "fdi" else "'avg'"
    actual = rows(con, f"SELECT {kind}, currency, freq, period, value, value_usd, fx_rate, fx_source FROM {FIGURES[mart]} WHERE currency <> 'USD' AND value IS NOT NULL")  # fmt: skip
    assert any(usd is not None for *_, usd, _, _ in actual)
    for fx_kind, currency, freq, period, value, usd, rate, source in actual:
        rates = rows(con, "SELECT rate, dataset FROM ref.exchange_rate WHERE currency = ? AND freq = ? AND period = ? AND fx_kind = ? AND preferred", currency, freq, period, fx_kind)  # fmt: skip
        assert [(rate, source)] == (rates or [(None, None)]), period
        wanted = (value / rate).quantize(Decimal("0.01"), "ROUND_HALF_UP") if rates else None
        assert usd == wanted


def test_dollars_are_the_printed_dollars(con: duckdb.DuckDBPyConnection) -> None:
    for mart in ("trade", "fdi"):
        in_dollars = f"SELECT count(*) FROM {FIGURES[mart]} WHERE currency = 'USD'"
        # FDI's dollars are to the cent, whatever the publisher's arithmetic has left behind it.
        printed = "value" if mart == "trade" else "value::DECIMAL(20, 2)"
        assert one(con, f"{in_dollars} AND {printed} IS DISTINCT FROM value_usd") == 0
        assert one(con, f"{in_dollars} AND fx_rate IS NOT NULL AND value IS NULL") == 0


def test_one_rate_of_a_currency_and_period_is_preferred(con: duckdb.DuckDBPyConnection) -> None:
    counted = "SELECT currency, fx_kind, freq, period FROM ref.exchange_rate GROUP BY ALL HAVING count(*) FILTER (preferred) <> 1"
    assert rows(con, counted) == []
    chinese = "SELECT rate FROM ref.exchange_rate WHERE currency = 'CNY' AND period = '2019' AND fx_kind = 'avg' AND preferred"
    assert one(con, chinese) == Decimal("6.9081")  # Federal Reserve, H.10, average of 2019


@pytest.mark.parametrize(
    ("currency", "rate"), [("CNY", "6.5726"), ("JPY", "118.2258"), ("KRW", "1203.3179"), ("EUR", "0.9212")]
)
def test_months_of_the_currencies_of_the_region_have_a_rate(
    con: duckdb.DuckDBPyConnection, currency: str, rate: str
) -> None:
    """Federal Reserve, H.10, averages of January 2016."""
    query = f"SELECT rate FROM ref.exchange_rate WHERE currency = '{currency}' AND freq = 'M' AND period = '2016-01' AND fx_kind = 'avg' AND preferred"
    assert one(con, query) == Decimal(rate)


# -- JETRO's both-import table in three releases --------------------------------------------------------------

#: Release, period, total and balance (Japan's exports less imports) as JETRO printed them, USD thousand.
JETRO = """\
2021-06-15,2011,378424904,10167625
2021-06-15,2012,366100025,-10800340
2021-06-15,2013,342954857,-18726386
2021-06-15,2014,343550884,-18526847
2021-06-15,2015,303314248,-17934964
2021-06-15,2016,301628264,-11635368
2021-06-15,2017,329407739,323577
2021-06-15,2018,353832868,6635632
2021-06-15,2019,340817160,2212142
2021-06-15,2020,340194783,11982971
2022-03-25,2012,366100024,-10800340
2022-03-25,2013,342954858,-18726386
2022-03-25,2014,343550884,-18526846
2022-03-25,2015,303314248,-17934964
2022-03-25,2016,301628264,-11635368
2022-03-25,2017,329407739,323577
2022-03-25,2018,353832868,6635632
2022-03-25,2019,340817160,2212142
2022-03-25,2020,340194783,11982971
2022-03-25,2021,391440487,20865761
2022-03-25,2021-01,31933525,-1217085
2022-03-25,2021-02,26736745,-716045
2023-03-29,2013,342954857,-18726386
2023-03-29,2014,343550884,-18526847
2023-03-29,2015,303314248,-17934964
2023-03-29,2016,301628264,-11635368
2023-03-29,2017,329541777,457615
2023-03-29,2018,353832868,6635632
2023-03-29,2019,340817160,2212143
2023-03-29,2020,340069021,11857209
2023-03-29,2021,391664152,20642096
2023-03-29,2022,373537427,-3876023
2023-03-29,2022-01,35011104,-2075410
2023-03-29,2022-02,27174239,551319
2023-03-29,2022-03,33249074,1479353
"""


@pytest.mark.parametrize("printed", list(csv.reader(io.StringIO(JETRO))), ids=lambda p: f"{p[1]} in {p[0]}")
def test_totals_and_balances_are_those_of_the_release(con: duckdb.DuckDBPyConnection, printed: list[str]) -> None:
    """JETRO rounds each figure to the thousand, so that a sum may differ by one."""
    release, period, total, balance = printed
    actual = dict(rows(con, "SELECT reporter, value FROM trade_figures_as_of(CAST(? AS DATE)) WHERE dataset = 'jetro.both_import' AND period = ?", release, period))  # fmt: skip
    exports, imports = actual["CHN"] / THOUSAND, actual["JPN"] / THOUSAND
    assert abs(exports + imports - int(total)) <= 1
    assert abs(exports - imports - int(balance)) <= 1


def japans_imports(con: duckdb.DuckDBPyConnection, moment: str) -> Decimal:
    """Japan's imports from China in 2021 as known then, in thousand USD."""
    imports = one(con, "SELECT value_usd FROM trade_figures_as_of(?) WHERE dataset = 'jetro.both_import' AND reporter = 'JPN' AND partner = 'CHN' AND flow = 'import' AND period = '2021'", moment)  # fmt: skip
    return Decimal(imports) / THOUSAND


def test_japans_imports_of_2021_as_first_published_and_a_year_later(con: duckdb.DuckDBPyConnection) -> None:
    assert japans_imports(con, "2022-06-01") == 185_287_363
    assert japans_imports(con, "2023-06-01") == 185_511_028


def test_a_release_counts_from_its_own_day_on(con: duckdb.DuckDBPyConnection) -> None:
    assert japans_imports(con, "2023-03-28") == 185_287_363
    assert japans_imports(con, "2023-03-29") == 185_511_028
    nothing_yet = (
        "SELECT count(*) FROM trade_figures_as_of('2022-03-24') WHERE dataset = 'jetro.both_import' AND period = '2021'"
    )
    assert one(con, nothing_yet) == 0


def test_the_exports_of_2017_were_revised(con: duckdb.DuckDBPyConnection) -> None:
    actual = rows(con, "SELECT previous_value, value, previous_published_on, published_on, change FROM revisions WHERE dataset = 'jetro.both_import' AND period = '2017'")  # fmt: skip
    assert actual == [
        (164_865_658 * THOUSAND, 164_999_696 * THOUSAND, dt.date(2021, 6, 15), dt.date(2023, 3, 29), "revised")
    ]


def test_a_release_that_repeats_a_figure_is_no_revision(con: duckdb.DuckDBPyConnection) -> None:
    """The last digits of 2012 to 2014 and 2019 moved in the printed totals only; the parts stayed."""
    periods = {row[0] for row in rows(con, "SELECT period FROM revisions WHERE dataset = 'jetro.both_import'")}
    assert periods == {"2017", "2020", "2021"}


def test_both_sides_stand_in_one_row(con: duckdb.DuckDBPyConnection) -> None:
    query = "SELECT value_usd, opposite_value_usd, balance_usd FROM both_import WHERE exporter = 'JPN' AND importer = 'CHN' AND year = 2022"
    assert rows(con, query) == [tuple(n * THOUSAND for n in (184_830_702, 188_706_725, -3_876_023))]


def test_the_total_of_both_sides_stands_once_so_that_it_can_be_added(con: duckdb.DuckDBPyConnection) -> None:
    of_pair = "FROM both_import WHERE exporter IN ('CHN', 'JPN') AND importer IN ('CHN', 'JPN') AND year = 2022"
    assert rows(con, f"SELECT exporter, total_usd {of_pair} ORDER BY ALL") == [
        ("CHN", 373_537_427 * THOUSAND),
        ("JPN", None),
    ]
    assert one(con, f"SELECT sum(total_usd) {of_pair}") == one(con, f"SELECT sum(value_usd) {of_pair}")


def test_what_the_two_sides_report_is_not_added(con: duckdb.DuckDBPyConnection) -> None:
    assert rows(con, "SELECT exporter, importer, year FROM both_import GROUP BY ALL HAVING count(*) > 1") == []
    assert one(con, "SELECT count(*) FROM both_import WHERE exporter = importer") == 0


# -- China Customs 2019 ---------------------------------------------------------------------------------------

#: The difference of two cumulatives less the month as it was published, USD thousand.
UNSAID_REVISIONS = [
    ("export", 10, -98_707), ("export", 11, 833_910), ("export", 12, 666_833),
    ("import", 10, 846_035), ("import", 11, 1_146_839), ("import", 12, 4_062_791),
]  # fmt: skip


@pytest.mark.parametrize(("flow", "month", "difference"), UNSAID_REVISIONS)
def test_a_later_cumulative_revises_earlier_months_without_notice(
    con: duckdb.DuckDBPyConnection, flow: str, month: int, difference: int
) -> None:
    actual = {
        (freq, period): value / THOUSAND
        for freq, period, value in rows(con, "SELECT freq, period, value FROM trade_figures WHERE dataset = 'china_customs.monthly_bulletin' AND flow = ?", flow)
    }  # fmt: skip
    up_to = actual["A", "2019"] if month == 12 else actual["YTD", f"2019-{month}"]
    assert up_to - actual["YTD", f"2019-{month - 1:02}"] - actual["M", f"2019-{month}"] == difference


def test_china_customs_whole_year(con: duckdb.DuckDBPyConnection) -> None:
    query = "SELECT flow, value_usd, valuation FROM trade_figures WHERE reporter = 'CHN' AND partner = 'WLD' AND freq = 'A' AND year = 2019 AND product = 'TOTAL' AND dataset LIKE 'china_customs%' ORDER BY flow"
    assert rows(con, query) == [
        ("export", 2_499_028_927 * THOUSAND, "FOB"),
        ("import", 2_077_097_114 * THOUSAND, "CIF"),
    ]


# -- provinces ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("concept", "year", "regions", "ministries", "nation"),
    [
        ("province_utilised", 1997, 4_490_109, 35_595, 4_525_704),
        ("province_utilised", 1998, 4_528_389, 17_886, 4_546_275),
        ("province_other_investment", 1997, 147_330, 565_700, 713_030),
        ("province_other_investment", 1998, 190_760, 18_714, 209_474),
    ],
)
def test_the_yearbook_of_1999_adds_up(
    con: duckdb.DuckDBPyConnection, concept: str, year: int, regions: int, ministries: int, nation: int
) -> None:
    of_table = "FROM fdi_figures WHERE dataset = 'nbs.yearbook_1999_t17_16' AND concept = ? AND year = ?"
    provinces = f"SELECT sum(value) / 10000 {of_table} AND reporter LIKE 'CN-%'"
    assert one(con, provinces, concept, year) == regions
    printed = dict(rows(con, f"SELECT reporter, value / 10000 {of_table} AND reporter NOT LIKE 'CN-%'", concept, year))
    assert printed == {"CN_31_PROVINCES": regions, "CN_MINISTRIES": ministries, "CHN": nation}
    count, tibet = rows(con, f"SELECT count(*), count(value) FILTER (reporter = 'CN-XZ') {of_table} AND reporter LIKE 'CN-%'", concept, year)[0]  # fmt: skip
    assert (count, tibet) == (31, 0)


@pytest.mark.parametrize(
    ("province", "value"), [("CN-LN", 219_045), ("CN-JL", 40_917), ("CN-HL", 52_639), ("CN-GD", 1_201_994)]
)
def test_foreign_investment_of_provinces_in_1998(con: duckdb.DuckDBPyConnection, province: str, value: int) -> None:
    query = "SELECT value_usd FROM fdi_figures WHERE reporter = ? AND concept = 'province_utilised' AND period = '1998'"
    assert one(con, query, province) == value * 10_000


def test_liaonings_gdp_of_2016_has_several_published_values(con: duckdb.DuckDBPyConnection) -> None:
    """The bureau printed 22,246.90 first, 20,392.5 after the census, 20,832.0 on its new site (CNY 100 million)."""
    actual = {
        (dataset, value / 10**8, day)
        for dataset, value, day in rows(con, "SELECT dataset, value, published_on FROM core.indicator_versions WHERE place = 'CN-LN' AND indicator = 'gdp' AND period = '2016'")
    }  # fmt: skip
    assert len({value for _, value, _ in actual}) >= 3
    for dataset, value, day in actual:
        as_of = "SELECT value / 10**8 FROM indicator_figures_as_of(?) WHERE place = 'CN-LN' AND indicator = 'gdp' AND period = '2016' AND dataset = ?"
        if day is not None:
            assert one(con, as_of, str(day), dataset) == pytest.approx(float(value))
    current = {row[0] / 10**8 for row in rows(con, "SELECT value FROM indicator_figures WHERE place = 'CN-LN' AND indicator = 'gdp' AND period = '2016'")}  # fmt: skip
    # The first is current where a panel carries it, whose copy of the yearbooks is older than the revisions.
    assert current == {Decimal("22246.9"), Decimal("20392.5"), Decimal("20832")}


def test_a_province_has_one_row_a_year(con: duckdb.DuckDBPyConnection) -> None:
    assert rows(con, "SELECT place, year FROM province_profile GROUP BY ALL HAVING count(*) > 1") == []
    assert one(con, "SELECT count(DISTINCT place) FROM province_profile") == 31
    assert one(con, "SELECT count(*) FROM province_profile JOIN ref.place USING (place) WHERE kind <> 'province'") == 0


#: Those that are 0 where there is nothing to count.
COUNTED = {"sister_ties", "sister_ties_undated", "japan_visits", "visits_by_chinese", "visits_by_japanese"}
MEASURES = (*(m.name for m in profile.MEASURES), "free_trade_zone_since", *sorted(COUNTED))


def test_a_profile_gives_the_provenance_of_each_number(con: duckdb.DuckDBPyConnection) -> None:
    artifacts = {row[0] for row in rows(con, "SELECT artifact FROM meta.artifacts")}
    actual = rows(con, f"SELECT place, year, provenance, {', '.join(MEASURES)} FROM province_profile")
    for place, year, provenance, *values in actual:
        described = json.loads(provenance or "{}")
        there = {
            m
            for m, value in zip(MEASURES, values, strict=True)
            if value is not None and not (m in COUNTED and value == 0)
        }
        assert set(described) == there, (place, year)
        assert {a for s in described.values() for a in s["artifact"].split(";")} <= artifacts
        named = {"source", "dataset", "published_on", "published_precision", "artifact"}
        assert all(set(s) == named for s in described.values())
    empty = {measure for n, measure in enumerate(MEASURES) if all(row[3 + n] is None for row in actual)}
    # What none of the bundled panels has.
    assert empty == {
        "exports_by_operator_usd", "imports_by_operator_usd", "imports_by_goods_place_usd", "foreign_companies",
    }  # fmt: skip


#: Expressways in 10,000 km: NBS, National Data, as the panel of transport has them.
EXPRESSWAYS = {
    "CN-LN": {
        2005: "0.18",
        2008: "0.27",
        2010: "0.31",
        2011: "0.33",
        2012: "0.39",
        2015: "0.42",
        2020: "0.43",
        2023: "0.44",
    },
    "CN-JL": {
        2005: "0.05",
        2008: "0.09",
        2010: "0.19",
        2011: "0.23",
        2012: "0.23",
        2015: "0.26",
        2020: "0.43",
        2023: "0.46",
    },
    "CN-HL": {
        2005: "0.10",
        2008: "0.10",
        2010: "0.14",
        2011: "0.37",
        2012: "0.41",
        2015: "0.43",
        2020: "0.45",
        2023: "0.50",
    },
}


@pytest.mark.parametrize("place", EXPRESSWAYS)
def test_a_profile_has_expressways(con: duckdb.DuckDBPyConnection, place: str) -> None:
    found = dict(
        rows(
            con,
            "SELECT year, expressway_km FROM province_profile WHERE place = ? AND year BETWEEN 2005 AND 2023",
            place,
        )
    )
    assert {year: found[year] for year in EXPRESSWAYS[place]} == {
        y: Decimal(v) * 10_000 for y, v in EXPRESSWAYS[place].items()
    }
    assert None not in found.values()


def test_no_figure_of_expressways_is_no_zero(con: duckdb.DuckDBPyConnection) -> None:
    found = dict(
        rows(
            con, "SELECT year, expressway_km FROM province_profile WHERE place = 'CN-XZ' AND year BETWEEN 2005 AND 2020"
        )
    )
    assert [year for year, km in found.items() if km is None] == [2005, *range(2007, 2014)]
    assert {found[year] for year in (2006, *range(2014, 2020))} == {0}
    assert found[2020] > 0


#: Imports and exports of 2018 in billion dollars by trading firm and by place of the goods: NBS, National Data.
BOTH_BASES = [("CN-LN", "114.60", "134.08"), ("CN-JL", "20.68", "21.54"), ("CN-HL", "26.44", "23.74")]


@pytest.mark.parametrize(("place", "operator", "goods_place"), BOTH_BASES)
def test_a_profile_has_trade_on_both_bases(
    con: duckdb.DuckDBPyConnection, place: str, operator: str, goods_place: str
) -> None:
    columns = "goods_trade_total_usd / 1e9, goods_trade_total_by_goods_place_usd / 1e9"
    ((by_operator, by_goods_place),) = rows(
        con, f"SELECT {columns} FROM province_profile WHERE place = ? AND year = 2018", place
    )
    assert (f"{by_operator:.2f}", f"{by_goods_place:.2f}") == (operator, goods_place)


def test_a_profile_takes_the_latest_published_figure(con: duckdb.DuckDBPyConnection) -> None:
    profile = rows(con, "SELECT gdp_cny, provenance FROM province_profile WHERE place = 'CN-LN' AND year = 2016")[0]
    assert profile[0] == Decimal(2_083_200_000_000)
    latest = (
        "SELECT dataset FROM indicator_figures WHERE place = 'CN-LN' AND indicator = 'gdp' AND year = 2016 "
        "ORDER BY coalesce(published_on, known_from::DATE) DESC LIMIT 1"
    )
    described = json.loads(profile[1])["gdp_cny"]
    assert described["dataset"] == one(con, latest)
    # Retrieved in 2026: a year is not a day.
    assert (described["published_on"], described["published_precision"]) == (None, "year")


def test_a_profile_counts_visits_and_knows_the_free_trade_zone(con: duckdb.DuckDBPyConnection) -> None:
    actual = rows(
        con, "SELECT japan_visits, free_trade_zone_since FROM province_profile WHERE place = 'CN-LN' AND year = 2018"
    )
    events = one(con, "SELECT count(DISTINCT event) FROM visits WHERE place = 'CN-LN' AND year(started_on) = 2018 AND side = 'China'")  # fmt: skip
    assert actual == [(events, 2017)]
    assert events >= 2  # the delegation of May 2018 and the governors' forum


#: Ties concluded by the end of the year, of the province and its cities, counted in the pages they are cited from.
TIES = [
    ("CN-LN", 1980, 2),  # Dalian-Kitakyushu 1979, Shenyang-Sapporo 1980
    ("CN-LN", 1984, 6),  # and Shenyang-Kawasaki, Dalian-Maizuru, Kanagawa, Toyama
    ("CN-LN", 2019, 7),  # and Dalian-Imari 2007
    ("CN-JL", 2019, 2),  # Changchun-Sendai 1980, Miyagi 1987
    ("CN-HL", 1984, 3),  # Harbin-Niigata 1979, Niigata 1983, Jiamusi-Nirasaki 1984
    ("CN-HL", 2019, 5),  # and Hokkaido 1986, Harbin-Asahikawa 1995
]


@pytest.mark.parametrize(("province", "year", "ties"), TIES)
def test_a_profile_counts_the_ties_of_a_province_and_its_cities(
    con: duckdb.DuckDBPyConnection, province: str, year: int, ties: int
) -> None:
    assert one(con, "SELECT sister_ties FROM province_profile WHERE place = ? AND year = ?", province, year) == ties


def test_a_tie_that_two_publishers_print_is_counted_once(con: duckdb.DuckDBPyConnection) -> None:
    """Wikidata has Harbin-Asahikawa and Harbin-Niigata, too, without a day, and Qiqihar-Utsunomiya, which no other has."""
    harbin = "SELECT count(DISTINCT counterpart), count(*) FROM milestone_figures WHERE kind = 'sister_tie' AND place = 'CN-230100'"
    assert rows(con, harbin) == [(2, 4)]
    query = "SELECT sister_ties, sister_ties_undated FROM province_profile WHERE place = 'CN-HL' AND year = 2019"
    assert rows(con, query) == [(5, 1)]


def test_every_tie_stands_on_both_sides_and_between_china_and_japan(con: duckdb.DuckDBPyConnection) -> None:
    sides = rows(con, "SELECT place, counterpart, dataset FROM milestone_figures WHERE kind = 'sister_tie'")
    assert {(b, a, d) for a, b, d in sides} == set(sides)
    assert {a[:2] + b[:2] for a, b, _ in sides} == {"CNJP", "JPCN"}
    assert len(sides) == len(set(sides)) == 206
    undated = "SELECT DISTINCT dataset FROM milestone_figures WHERE opened_on IS NULL AND kind = 'sister_tie'"
    assert rows(con, undated) == [("sister_tie.wikidata",)]
    assert (
        one(con, "SELECT count(*) FROM milestone_figures WHERE (opened_on IS NULL) <> (opened_precision = 'unknown')")
        == 0
    )


# -- regions --------------------------------------------------------------------------------------------------

FOUR = "['CN_EAST', 'CN_CENTRAL', 'CN_WEST', 'CN_NORTHEAST']"


def test_the_four_regions_add_up_to_the_31_provinces(con: duckdb.DuckDBPyConnection) -> None:
    """GDP of 2019 by the bureau's panel: every province has one, so every region has a sum, and they are the whole."""
    figures = {
        place: (gdp, count, named)
        for place, gdp, count, named in rows(con, "SELECT place, gdp_cny, member_count, len(string_split(member_places, ';')) FROM region_profile WHERE year = 2019")
    }  # fmt: skip
    whole = one(con, "SELECT sum(gdp_cny) FROM province_profile WHERE year = 2019")
    assert [figures[g][1] for g in ("CN_EAST", "CN_CENTRAL", "CN_WEST", "CN_NORTHEAST")] == [10, 6, 12, 3]
    assert sum(figures[g][0] for g in ("CN_EAST", "CN_CENTRAL", "CN_WEST", "CN_NORTHEAST")) == whole
    assert figures["CN_31_PROVINCES"][0] == whole
    assert all(count == named for _, count, named in figures.values())


def test_a_region_has_a_number_only_where_all_its_members_have_one(con: duckdb.DuckDBPyConnection) -> None:
    """Of 1998 the yearbook has Tibet's and Qinghai's rows without a figure: the West has a partial sum of ten."""
    query = "SELECT fdi_utilised_usd, fdi_utilised_usd_partial, fdi_utilised_usd_members, member_count FROM region_profile WHERE year = 1998 AND place = ?"
    whole, partial, having, members = rows(con, query, "CN_WEST")[0]
    assert (whole, having, members) == (None, 10, 12)
    assert partial > 0
    northeast = rows(con, query, "CN_NORTHEAST")[0]
    assert northeast[:2] == (312_601 * 10_000, 312_601 * 10_000)  # 219,045 + 40,917 + 52,639


def test_a_region_names_its_members_and_where_their_numbers_are_from(con: duckdb.DuckDBPyConnection) -> None:
    query = "SELECT member_places, member_names, provenance FROM region_profile WHERE year = 2016 AND place = 'CN_NORTHEAST'"
    places, names, provenance = rows(con, query)[0]
    assert (places, names) == ("CN-HL;CN-JL;CN-LN", "Heilongjiang;Jilin;Liaoning")
    assert set(json.loads(provenance)) == {"CN-HL", "CN-JL", "CN-LN"}
    assert json.loads(provenance)["CN-LN"]["gdp_cny"]["source"] == "curated"


def test_an_event_with_two_members_is_one_event_of_the_region(con: duckdb.DuckDBPyConnection) -> None:
    parents = dict(rows(con, "SELECT place, parent FROM ref.place"))
    northeast = {"CN-LN", "CN-JL", "CN-HL"}
    events: dict[int, set[str]] = {}
    for year, event, place, held_in in rows(con, "SELECT year(started_on), event, place, held_in FROM visits"):
        places = {place, *(held_in or "").split(";")} - {""}
        if northeast & (places | {parents[p] for p in places}):
            events.setdefault(year, set()).add(event)
    assert max(len(of_year) for of_year in events.values()) > 3
    actual = dict(rows(con, "SELECT year, japan_visits FROM region_profile WHERE place = 'CN_NORTHEAST'"))
    assert {y: n for y, n in actual.items() if n} == {y: len(of_year) for y, of_year in events.items()}


def test_a_decomposition_over_a_partition_keeps_the_total(con: duckdb.DuckDBPyConnection) -> None:
    query = f"SELECT sum(gdp_cny) FROM province_profile p JOIN partition_of({FOUR}, 'CN_31_PROVINCES', '2019-12-31') g ON g.member = p.place WHERE year = 2019"
    assert one(con, query) == one(con, "SELECT sum(gdp_cny) FROM province_profile WHERE year = 2019")
    parts = f"SELECT sum(value), sum(members), count(*) FROM indicator_by_group('gdp', {FOUR}, 'CN_31_PROVINCES', '2019-12-31') WHERE year = 2019 AND unit = 'CNY'"
    whole = "SELECT sum(value) FROM indicator_figures WHERE place_kind = 'province' AND indicator = 'gdp' AND year = 2019 AND unit = 'CNY' AND is_preferred"
    assert rows(con, parts) == [(one(con, whole), 31, 4)]


@pytest.mark.parametrize(
    ("groups", "whole", "message"),
    [
        ("['CN_NORTHEAST', 'CN_BOHAI_RIM']", "CN_31_PROVINCES", "CN-LN is in CN_BOHAI_RIM and CN_NORTHEAST"),
        ("['CN_EAST', 'CN_CENTRAL', 'CN_WEST']", "CN_31_PROVINCES", "CN-LN is in none of the groups"),
        (FOUR, "CN_EAST", "CN-LN is not in CN_EAST"),
        ("['CN_EAST', 'ATLANTIS']", "CN_EAST", "no group ATLANTIS"),
        ("['ATLANTIS']", "MU", "no group MU"),
    ],
)
@pytest.mark.parametrize("columns", ["*", "count(*)", "1"])
def test_a_decomposition_over_anything_else_is_refused(
    con: duckdb.DuckDBPyConnection, groups: str, whole: str, message: str, columns: str
) -> None:
    with pytest.raises(duckdb.Error, match=f"not a partition of {whole}.*{message}"):
        con.execute(f"SELECT {columns} FROM partition_of({groups}, '{whole}', '2016-12-31')").fetchall()
    with pytest.raises(duckdb.Error, match=message):
        con.execute(
            f"SELECT {columns} FROM indicator_by_group('gdp', {groups}, '{whole}', DATE '2016-12-31')"
        ).fetchall()


# -- lines and visits -----------------------------------------------------------------------------------------


def test_the_harbin_dalian_line(con: duckdb.DuckDBPyConnection) -> None:
    actual = rows(con, "SELECT place, opened_on, length_km, kind, design_speed_kmh FROM milestone_figures WHERE name LIKE 'Harbin-Dalian%' ORDER BY place")  # fmt: skip
    opened = dt.date(2012, 12, 1)
    assert actual == [(p, opened, Decimal(921), "high_speed_rail", 350) for p in ("CN-HL", "CN-JL", "CN-LN")]


@pytest.mark.parametrize(
    ("name", "provinces", "opened", "km"),
    [
        ("Harbin-Mudanjiang", 1, "2018-12-25", 293),
        ("Chengde-Shenyang", 2, "2018-12-29", 506),
        ("Jinan-Qingdao", 1, "2018-12-26", 308),
        ("Hangzhou-Huangshan", 2, "2018-12-25", 265),
    ],
)
def test_other_lines(con: duckdb.DuckDBPyConnection, name: str, provinces: int, opened: str, km: int) -> None:
    actual = rows(con, "SELECT opened_on, length_km FROM milestone_figures WHERE starts_with(name, ?) AND publisher = 'International Railway Journal'", name)  # fmt: skip
    assert actual == [(dt.date.fromisoformat(opened), Decimal(km))] * provinces


def test_whom_the_liaoning_delegation_visited_in_may_2018(con: duckdb.DuckDBPyConnection) -> None:
    query = "SELECT organisation FROM visits WHERE event = 'liaoning_delegation_2018_05' AND visited ORDER BY ALL"
    assert rows(con, query) == [("Canon",), ("Panasonic",)]
    day = "SELECT DISTINCT year(started_on), month(started_on) FROM visits WHERE event = 'liaoning_delegation_2018_05'"
    assert rows(con, day) == [(2018, 5)]


@pytest.mark.parametrize(
    ("day", "chinese", "japanese"),
    [
        ("2012-04-18", {"CN-NX", "CN-XJ", "CN-AH", "CN-JL", "CN-GX"}, 10),
        ("2014-10-28", {"CN-HE", "CN-LN", "CN-SN", "CN-SC", "CN-TJ", "CN-SD", "CN-HB"}, 7),
        ("2018-05-11", {"CN-SC", "CN-HE", "CN-LN", "CN-HL", "CN-JX"}, 7),
    ],
)
def test_who_came_to_the_governors_forums(
    con: duckdb.DuckDBPyConnection, day: str, chinese: set[str], japanese: int
) -> None:
    actual = rows(
        con, "SELECT DISTINCT side, place FROM visits WHERE kind = 'forum' AND started_on = CAST(? AS DATE)", day
    )
    assert {place for side, place in actual if side == "China" and place != "CHN"} == chinese
    assert len({place for side, place in actual if side == "Japan" and place not in ("JPN", "JP-13")}) == japanese


@pytest.mark.parametrize(
    ("person", "place"),
    [
        ("Tang Yijun", "CN-LN"),
        ("Xu Qin", "CN-HE"),
        ("Yin Li", "CN-SC"),
        ("Wang Wentao", "CN-HL"),
        ("Wu Zhongqiong", "CN-JX"),
    ],
)
def test_the_officials_of_the_article(con: duckdb.DuckDBPyConnection, person: str, place: str) -> None:
    query = "SELECT DISTINCT place FROM visits WHERE person = ? AND year(started_on) = 2018 AND month(started_on) = 5"
    assert rows(con, query, person) == [(place,)]


# -- the world's figures --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "indicator", "year", "value", "precision"),
    [
        ("JPN", "gdp", 2016, "5.0037e12", 8),  # World Bank, WDI: 5.0037 tn
    ],
)
def test_the_world_banks_figures(
    con: duckdb.DuckDBPyConnection, place: str, indicator: str, year: int, value: str, precision: int
) -> None:
    query = "SELECT value FROM indicator_figures WHERE place = ? AND indicator = ? AND year = ? AND unit = 'USD'"
    actual = one(con, query, place, indicator, year)
    assert round(actual, -precision) == Decimal(value)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("bop_liabilities_usd", "241.21e9"),  # World Bank, WDI: 241.21 bn
        ("unctad_inflow_usd", "121.07e9"),
    ],
)
def test_investment_in_china_2012_by_other_concepts(con: duckdb.DuckDBPyConnection, column: str, value: str) -> None:
    actual = one(con, f"SELECT sum({column}) FROM fdi WHERE reporter = 'CHN' AND year = 2012")
    assert round(actual, -7) == Decimal(value)


def test_the_three_counts_of_japanese_presence_stay_apart(con: duckdb.DuckDBPyConnection) -> None:
    actual = dict(
        rows(
            con,
            "SELECT counting_unit, max(value) FROM presence_figures WHERE place = 'CHN' AND origin = 'JPN' GROUP BY ALL",
        )
    )
    assert actual["bases"] == 33_390  # of 2015, the most
    assert {"bases", "residents"} <= set(actual)
    shanghai = "SELECT value FROM presence_figures WHERE place = 'CN-SH' AND counting_unit = 'registered_companies' AND year = 2023"
    assert one(con, shanghai) == 8_107


# -- what is here ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fact", ["trade", "fdi", "fdi_rate", "indicator", "pair", "presence"])
def test_coverage_counts_every_figure_once(con: duckdb.DuckDBPyConnection, fact: str) -> None:
    covered = one(con, f"SELECT sum(figures)::BIGINT FROM coverage WHERE fact = '{fact}'")
    assert covered == one(con, f"SELECT count(*) FROM {FIGURES[fact]}")
    missing = "obs_status IN ('H', 'L', 'M', 'O', 'Q')"
    assert one(con, f"SELECT sum(figures_missing)::BIGINT FROM coverage WHERE fact = '{fact}'") == one(
        con, f"SELECT count(*) FROM {FIGURES[fact]} WHERE {missing}"
    )
    repeated = "SELECT count(*) FROM coverage GROUP BY fact, source, dataset, place, freq, period HAVING count(*) > 1"
    assert rows(con, repeated) == []


def test_distances_are_covered_without_a_period(con: duckdb.DuckDBPyConnection) -> None:
    actual = rows(con, "SELECT DISTINCT place, freq, period, year FROM coverage WHERE fact = 'pair' AND place = 'CHN'")
    assert actual == [("CHN", None, None, None)]


def test_freshness_has_every_dataset_and_its_newest_period(con: duckdb.DuckDBPyConnection) -> None:
    every = "SELECT DISTINCT dataset FROM coverage ORDER BY ALL"
    assert rows(con, "SELECT dataset FROM freshness ORDER BY ALL") == rows(con, every)
    line = "SELECT oldest_period, newest_period, last_published::VARCHAR FROM freshness WHERE dataset = '{}'"
    assert rows(con, line.format("unctad.wir_annex")) == [("1990", "2023", "2024-06-30")]
    assert rows(con, line.format("mofcom.via_jetro")) == [("2015-06", "2021", "2023-05-26")]
    covered = one(con, "SELECT sum(figures)::BIGINT FROM freshness")
    assert covered == one(con, "SELECT sum(figures)::BIGINT FROM coverage")


def test_a_source_is_due_and_late_by_the_calendar_of_its_publisher(con: duckdb.DuckDBPyConnection) -> None:
    every = "SELECT DISTINCT source, usual_days, late_days, source_state FROM freshness"
    of_source = {source: values for source, *values in rows(con, every)}
    calendar = re.findall(r"\('([a-z.]+)', \d+, \d+\)", sql.read("readings/44_freshness.sql"))
    assert calendar == [source.id for source in sources.all_sources().values() if source.service is not None]
    assert of_source["curated"] == [None, None, None]
    for source, (usual, late, _) in of_source.items():
        assert (usual is not None) == (sources.get(source).service is not None)
        assert usual is None or usual < late
    wrong = """
        SELECT source FROM freshness GROUP BY ALL HAVING any_value(source_state) IS DISTINCT FROM CASE
            WHEN min(age_days) > any_value(late_days) THEN 'late' WHEN min(age_days) > any_value(usual_days) THEN 'due'
            WHEN any_value(usual_days) IS NOT NULL THEN 'current' END
    """
    assert rows(con, wrong) == []
