"""From a value of a fact or reading to its figures, what was done with each, and the row as it was printed."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from schemas import lineage
from tasks.ask import trace_facts
from tasks.ask.trace_facts import Input, ReadingValue, Value
from tests.support import fact_warehouse
from warehouse.connection import reader
from warehouse.errors import Unknown
from warehouse.settings import Home, Settings


@pytest.fixture(scope="module")
def home(settings: Settings, warehouse_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A release with facts found by every method."""
    return fact_warehouse.make(tmp_path_factory.mktemp("trace_facts"), settings, warehouse_template)


@pytest.fixture(scope="module")
def con(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """A reader of the release."""
    with reader(home) as opened:
        yield opened


def the_value(
    con: duckdb.DuckDBPyConnection, home: Home, table: str, column: str | None = None, **wanted: str
) -> Value:
    """The one value of a fact that has the wanted values."""
    (value,) = trace_facts.trace(con, home, table, wanted, column)
    assert isinstance(value, Value)
    return value


def said(made_of: Input, name: str) -> list[str]:
    """What was done with a figure, of one kind."""
    return [step.text for step in made_of.steps if step.name == name]


def test_a_value_is_followed_to_the_figure_and_its_printed_row(con: duckdb.DuckDBPyConnection, home: Home) -> None:
    value = the_value(con, home, "trade", reporter="CHN", partner="JPN", year="2016")
    assert (value.column, value.value) == ("exports_usd", 30_000_000)
    assert value.key == {"reporter": "CHN", "partner": "JPN", "year": 2016}
    assert value.provenance["dataset"] == "customs.annual"
    assert (value.provenance["method"], value.provenance["total_method"]) == ("published", "published")
    assert value.provenance["published_precision"] == "day"
    (made_of,) = value.inputs
    assert (made_of.part, made_of.sign, value.members) == ("value", 1, None)
    assert json.loads(made_of.version.raw or "")["printed_value"] == "30"
    assert made_of.version.fault is None


def test_preference_says_why_and_what_it_steps_before_and_how_far_apart(
    con: duckdb.DuckDBPyConnection, home: Home
) -> None:
    (made_of,) = the_value(con, home, "trade", reporter="CHN", partner="JPN", year="2016").inputs
    assert said(made_of, "preference") == ["chosen: bundled from a press page or a report: behind official tables"]
    (before,) = said(made_of, "steps before")
    assert before.startswith("31,000,000, +3.33%, of press.page (A newspaper), published 2016-05-31 (to the day)")


def test_conversion_gives_unit_multiplier_and_rate_with_its_own_figure(
    con: duckdb.DuckDBPyConnection, home: Home
) -> None:
    (made_of,) = the_value(con, home, "trade", reporter="JPN", partner="CHN", year="2016").inputs
    assert said(made_of, "conversion") == ["JPY million: JPY times 1,000,000 (ref.unit)"]
    assert said(made_of, "exchange rate") == ["108.8 JPY per USD, of federal_reserve.h10"]
    (rate,) = said(made_of, "rate made of")
    assert rate.startswith("108.8 JPY per USD in 2016 (as_printed), of federal_reserve.h10 (Bureau of Statistics)")


def test_an_amount_in_dollars_has_no_rate(con: duckdb.DuckDBPyConnection, home: Home) -> None:
    (made_of,) = the_value(con, home, "trade", reporter="CHN", partner="JPN", year="2016").inputs
    assert said(made_of, "exchange rate") == []


def test_codes_say_how_a_place_was_printed_and_by_which_scheme(con: duckdb.DuckDBPyConnection, home: Home) -> None:
    (made_of,) = the_value(con, home, "trade", reporter="CHN", partner="JPN", year="2016").inputs
    places = [text for text in said(made_of, "code") if text.startswith("partner JPN: printed 'JPN' (")]
    assert len(places) == 1
    assert "iso3166_1_alpha3" in places[0]


def test_a_sum_shows_all_its_figures(con: duckdb.DuckDBPyConnection, home: Home) -> None:
    months = the_value(con, home, "trade", reporter="USA", partner="JPN", year="2016")
    assert months.provenance["method"] == "sum of twelve months"
    assert sum(m.version.row["value_usd"] for m in months.inputs) == months.value == 78_000_000
    quarters = the_value(con, home, "fdi", "bop_assets_usd", reporter="JPN", year="2016")
    assert [json.loads(q.version.raw or "")["printed_value"] for q in quarters.inputs] == ["1", "2", "3", "4"]


def test_a_residual_shows_the_total_and_counts_the_members(con: duckdb.DuckDBPyConnection, home: Home) -> None:
    value = the_value(con, home, "trade", reporter="CHN", partner="_X", year="2016")
    assert (value.value, value.provenance["method"]) == (25_000_000, "rest of a total")
    (total,) = value.inputs
    assert (total.part, total.version.row["partner"]) == ("total", "WLD")
    assert value.members == trace_facts.Members(2, Decimal(75_000_000))


def test_a_month_from_cumulative_figures_adds_one_and_subtracts_the_other(
    con: duckdb.DuckDBPyConnection, home: Home
) -> None:
    value = the_value(con, home, "trade_months", reporter="KOR", month="2016-02")
    assert value.provenance["method"] == "difference of cumulative figures"
    assert {m.version.row["period"]: m.sign for m in value.inputs} == {"2016-02": 1, "2016-01": -1}


def test_a_correction_of_the_dataset_and_period_is_told(
    con: duckdb.DuckDBPyConnection, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    correction = "SELECT 'too_high' AS correction, 'place = ''CN-LN''' AS concerns, 'true' AS expectation, 'printed twice' AS reason WHERE ?||?||?||? <> ''"
    from warehouse import sql

    read = sql.read
    monkeypatch.setattr(
        "tasks.ask.figure_steps.sql.read", lambda name: correction if name == "ask/corrections_of.sql" else read(name)
    )
    made_of = the_value(con, home, "indicator", "value", place="CN-LN").inputs[0]
    assert said(made_of, "correction") == [
        "too_high keeps out figures of this dataset and period where place = 'CN-LN': printed twice"
    ]


#: BACI is not bundled: its figures are traced in tests/tasks/sources/test_cepii_baci.py.
TRACED = [*lineage.FACTS.keys() - {"trade_reconciled"}, *(reading.mart for reading in lineage.READINGS)]


@pytest.mark.parametrize("name", sorted(TRACED))
def test_every_mart_can_be_traced(con: duckdb.DuckDBPyConnection, home: Home, name: str) -> None:
    key, columns = trace_facts._key(name), trace_facts._value_columns(name)
    has_value = " OR ".join(f"{column} IS NOT NULL" for column in columns)
    fact = con.execute(f"SELECT {', '.join(key)} FROM mart.{name} WHERE {has_value} ORDER BY ALL LIMIT 1").fetchone()
    assert fact, f"the small release has a value of {name}"
    wanted = {
        column: str(value).lower() if isinstance(value, bool) else str(value)
        for column, value in zip(key, fact, strict=True)
    }
    assert _faults(trace_facts.trace(con, home, name, wanted)) == []


def _faults(values: list[Value | ReadingValue]) -> list[str]:
    """What is wrong below some values: a value without figures, or a figure without its printed row."""
    faults: list[str] = []
    for value in values:
        if isinstance(value, ReadingValue):
            faults += _faults(value.facts)
        else:
            faults += [] if value.inputs else [f"{value.mart}.{value.column} has no figure"]
            faults += [m.version.fault for m in value.inputs if m.version.fault]
    return faults


def test_a_reading_is_followed_through_its_facts(con: duckdb.DuckDBPyConnection, home: Home) -> None:
    (value,) = trace_facts.trace(con, home, "province_profile", {"place": "CN-LN", "year": "2016"}, "gdp_cny")
    assert isinstance(value, ReadingValue)
    (gdp,) = value.facts
    assert isinstance(gdp, Value)
    assert (gdp.mart, gdp.value) == ("indicator", value.value)


def test_a_region_is_followed_to_the_figures_of_its_members(con: duckdb.DuckDBPyConnection, home: Home) -> None:
    wanted = {"place": "CN_NORTHEAST", "year": "2016"}
    (value,) = trace_facts.trace(con, home, "region_profile", wanted, "exports_by_operator_usd_partial")
    assert isinstance(value, ReadingValue)
    provinces = [fact for fact in value.facts if isinstance(fact, ReadingValue)]
    assert sorted(p.key["place"] for p in provinces) == ["CN-JL", "CN-LN"]
    amounts = [made.value for p in provinces for made in p.facts]
    assert sum(amounts) == value.value == 69_000_000


def test_a_wide_question_is_an_error_that_lists_what_to_add(
    con: duckdb.DuckDBPyConnection, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trace_facts, "MOST_ROWS", 2)
    with pytest.raises(
        Unknown,
        match=r"3 rows of trade have reporter=CHN, year=2016: add partner= \(JPN, USA, _X\)",
    ):
        trace_facts.trace(con, home, "trade", {"reporter": "CHN", "year": "2016"})


def test_unknown_columns_and_rows_are_errors_that_say_what_there_is(con: duckdb.DuckDBPyConnection, home: Home) -> None:
    with pytest.raises(Unknown, match="trade has no column 'period'; it has: reporter, reporter_name"):
        trace_facts.trace(con, home, "trade", {"period": "2016"})
    with pytest.raises(Unknown, match="trade has no value column 'exports'; it has: exports_usd, imports_usd"):
        trace_facts.trace(con, home, "trade", {"reporter": "CHN"}, "exports")
    with pytest.raises(Unknown, match=r"trade has no row with year=1900\. Their values: `entrepot sql"):
        trace_facts.trace(con, home, "trade", {"year": "1900"})
    with pytest.raises(Unknown, match="but no value of imports_usd in it"):
        trace_facts.trace(con, home, "trade", {"reporter": "CHN", "partner": "JPN"}, "imports_usd")
