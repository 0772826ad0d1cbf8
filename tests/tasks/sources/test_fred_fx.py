"""The Federal Reserve's rates from FRED: which way round a series is, what is missing, what is refused."""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import duckdb
import pytest

from tasks.archive.sniff import sniff
from tasks.contract.service import Request, Selection
from tasks.load.outcome import Outcome
from tasks.sources.fred_fx import SOURCE
from tests.support.answers import answer
from tests.support.loading import adopt_and_load, tolerant
from tests.support.source_contract import BadRow, Refused, ServiceContract, Specimen, Valid
from warehouse.errors import EmptyAnswer, LayoutChanged, NotData, RepeatedKeys
from warehouse.settings import Home, Settings

Load = Callable[..., Outcome]


@pytest.fixture
def loading(warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path) -> Load:
    """Write a file, adopt it and load it."""

    def load_text(text: str, name: str = "fredgraph.csv") -> Outcome:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return adopt_and_load(warehouse, home, tolerant(settings), "fred.fx", path)[name]

    return load_text


def test_every_series_is_read_in_its_own_direction(loading: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    """AEXUSEU, like the pound's, is dollars per unit: taken as the others are, a euro would be worth 0.9 dollars."""
    outcome = loading(
        "observation_date,AEXCHUS,AEXJPUS,AEXUSEU,AEXUSUK\n2015-01-01,6.2827,121.0498,1.1096,1.5284\n2016-01-01,6.6400,108.6569,1.1072,1.3555\n"
    )
    assert (outcome.rows_in, outcome.rows_accepted) == (8, 8)
    shown = warehouse.execute(
        "SELECT place, indicator, unit, value FROM mart.indicator_figures WHERE period = '2016' ORDER BY ALL"
    ).fetchall()
    assert shown == [
        ("CHN", "exchange_rate_avg", "CNY per USD", Decimal("6.64")),
        ("JPN", "exchange_rate_avg", "JPY per USD", Decimal("108.6569")),
        ("USA", "exchange_rate_avg_eur", "USD per EUR", Decimal("1.1072")),
        ("USA", "exchange_rate_avg_gbp", "USD per GBP", Decimal("1.3555")),
    ]
    rates = warehouse.execute(
        "SELECT currency, rate, quoted FROM ref.exchange_rate WHERE period = '2016' AND preferred ORDER BY 1"
    ).fetchall()
    assert rates == [
        ("CNY", Decimal("6.64"), "as_printed"),
        ("EUR", (1 / Decimal("1.1072")).quantize(Decimal("1e-15"), ROUND_HALF_UP), "turned_round"),
        ("GBP", (1 / Decimal("1.3555")).quantize(Decimal("1e-15"), ROUND_HALF_UP), "turned_round"),
        ("JPY", Decimal("108.6569"), "as_printed"),
    ]


def test_months_and_days_and_the_older_name_of_the_first_column(
    loading: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    loading("DATE,EXCHUS\n2016-01-01,6.5726\n2016-02-01,6.5501\n", "EXCHUS.csv")
    loading("DATE,DEXCHUS\n2016-01-04,6.5219\n2016-01-05,.\n2016-01-06,\n", "DEXCHUS.csv")
    shown = warehouse.execute(
        "SELECT indicator, freq, period, value, obs_status FROM mart.indicator_figures ORDER BY freq, period"
    ).fetchall()
    assert shown == [
        ("exchange_rate_day", "D", "2016-01-04", Decimal("6.5219"), "A"),
        ("exchange_rate_day", "D", "2016-01-05", None, "O"),  # and nothing of the 6th, where nothing is printed
        ("exchange_rate_avg", "M", "2016-01", Decimal("6.5726"), "A"),
        ("exchange_rate_avg", "M", "2016-02", Decimal("6.5501"), "A"),
    ]


@pytest.mark.parametrize("missing", [".", "NA", "#N/A"])
def test_a_missing_rate_is_one_however_a_program_wrote_it(
    warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path, missing: str
) -> None:
    (tmp_path / "fredgraph.csv").write_text(f"observation_date,AEXCHUS\n2015-01-01,{missing}\n2016-01-01,6.64\n")
    (outcome,) = adopt_and_load(warehouse, home, settings, SOURCE, tmp_path / "fredgraph.csv").values()
    assert (outcome.fault, outcome.rows_accepted, outcome.rows_quarantined) == (None, 2, 0)
    rows = warehouse.execute("SELECT period, value::DOUBLE, obs_status FROM core.indicator ORDER BY 1").fetchall()
    assert rows == [("2015", None, "O"), ("2016", 6.64, "A")]


@pytest.mark.parametrize(
    "text",
    [
        "observation_date,GDP\n2016-01-01,18000\n",
        "observation_date,AEXVZUS\n2016-01-01,9.28\n",
        "observation_date,AEXCHUS,UNRATE\n2016-01-01,6.64,5\n",
        "observation_date,AEXCHJP\n2016-01-01,6.64\n",
    ],
)
def test_a_graph_of_other_series_is_an_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "graph.csv"
    path.write_text(text)
    with pytest.raises(LayoutChanged, match=r"not an exchange rate of H\.10"):
        SOURCE.recognises(sniff(path))


@pytest.mark.parametrize(
    "text",
    [
        "observation_date,AEXCHUS\n2016-02-01,6.64\n",
        "observation_date,EXCHUS\n2016-02-03,6.64\n",
        "DATE,EXCHUS\n2016-02-01,6,64\n",
    ],
)
def test_a_day_that_begins_no_period_stops(loading: Load, text: str) -> None:
    assert isinstance(loading(text).fault, LayoutChanged)


def test_a_bad_number_is_refused(loading: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    outcome = loading("DATE,AEXCHUS\n2015-01-01,6.28\n2016-01-01,n/a\n2017-01-01,0\n")
    assert (outcome.rows_in, outcome.rows_accepted) == (3, 1)
    rules = [r for (r,) in warehouse.execute("SELECT rules FROM meta.quarantine ORDER BY row_number").fetchall()]
    assert "fred_value" in rules[0]
    assert "an exchange rate is more than zero" in rules[1]


def test_the_reshaped_copy_is_per_dollar_and_notes_what_was_inverted(
    loading: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    outcome = loading(
        "Date,Country,Exchange rate\n2016-01-01,China,6.6400\n2016-01-01,Euro,0.9032\n2016-01-01,Venezuela,9.2839\n"
    )
    assert (outcome.rows_accepted, outcome.rows_quarantined) == (2, 1)
    shown = warehouse.execute(
        "SELECT place, unit, value, note IS NOT NULL FROM mart.indicator_figures ORDER BY 1"
    ).fetchall()
    assert shown == [("CHN", "CNY per USD", Decimal("6.64"), False), ("EMU", "EUR per USD", Decimal("0.9032"), True)]
    loading("Date,Country,Value\n2016-01-01,Japan,118.2258\n2016-02-01,Japan,115.0255\n", "monthly.csv")
    months = warehouse.execute(
        "SELECT period, value FROM mart.indicator_figures WHERE freq = 'M' ORDER BY 1"
    ).fetchall()
    assert months == [("2016-01", Decimal("118.2258")), ("2016-02", Decimal("115.0255"))]


def test_other_tables_by_country_are_not_ours(tmp_path: Path) -> None:
    path = tmp_path / "gdp.csv"
    path.write_text("Date,Country,Value\n2016-01-01,Atlantis,1\n2016-01-01,Utopia,2\n")
    assert SOURCE.recognises(sniff(path)) is None


def test_the_publishers_file_is_preferred_to_a_copy_of_it(
    loading: Load, warehouse: duckdb.DuckDBPyConnection, curated_folder: object, load_curated: Callable[[], object]
) -> None:
    row = curated_folder.row("indicator", dataset="federal_reserve.h10", place="CHN", indicator="exchange_rate_avg",  # type: ignore[attr-defined]
        printed_value="6.6401", printed_unit="CNY per USD", published_on="", published_precision="unknown")  # fmt: skip
    curated_folder.write("indicator/a.csv", [row])  # type: ignore[attr-defined]
    load_curated()
    loading("observation_date,AEXCHUS\n2016-01-01,6.6400\n")
    rates = warehouse.execute(
        "SELECT source, rate, preferred FROM ref.exchange_rate WHERE freq = 'A' ORDER BY 1"
    ).fetchall()
    assert rates == [("curated", Decimal("6.6401"), False), ("fred.fx", Decimal("6.64"), True)]


def test_a_request_a_series() -> None:
    parameters = [dict(r.parameters) for r in SOURCE.requests(Selection(2015, 2024, reporters=("CHN", "GBR", "VNM")))]
    assert [a["id"] for a in parameters] == ["AEXCHUS", "AEXUSUK", "EXCHUS", "EXUSUK"]
    assert parameters[0] == {"id": "AEXCHUS", "cosd": "2015-01-01", "coed": "2024-12-31"}
    assert len(list(SOURCE.requests(Selection(2015, 2024)))) == 8


def test_a_good_answer_is_counted_and_is_one_of_ours(tmp_path: Path) -> None:
    request = Request("/graph/fredgraph.csv", "a.csv", context=(("series", "AEXCHUS"),))
    good = answer(tmp_path, "observation_date,AEXCHUS\n2015-01-01,6.2827\n2016-01-01,6.6400\n", "a")
    judged = SOURCE.judge(request, good)
    assert (judged.rows, judged.stamp) == (2, "2016-01-01")
    assert SOURCE.recognises(good)


REQUEST = Request("/graph/fredgraph.csv", "a.csv", context=(("series", "AEXCHUS"),))
GRAPH = "observation_date,AEXCHUS\n2015-01-01,6.2827\n2016-01-01,6.6400\n"


class TestContract(ServiceContract):
    source = SOURCE
    specimen = Specimen("fredgraph.csv", GRAPH, rows=2)
    golden = {
        "SELECT place, unit, period, value FROM mart.indicator_figures ORDER BY period": [
            ("CHN", "CNY per USD", "2015", Decimal("6.2827")), ("CHN", "CNY per USD", "2016", Decimal("6.6400")),
        ],
    }  # fmt: skip
    bad_row = BadRow(f"{GRAPH}2017-01-01,n/a\n", rule="fred_value")
    changed_layouts = {
        "another series": (GRAPH.replace("AEXCHUS", "GDP"), "not an exchange rate of H.10"),
        "another series beside one of ours": (
            "observation_date,AEXCHUS,UNRATE\n2016-01-01,6.64,5\n",
            "not an exchange rate of H.10",
        ),
    }
    refused_answers = {
        "empty": Refused(REQUEST, "", EmptyAnswer, "AEXCHUS"),
        "header alone": Refused(REQUEST, "observation_date,AEXCHUS\n", EmptyAnswer, "AEXCHUS"),
        "HTML": Refused(REQUEST, "<!DOCTYPE html><html>denied</html>", NotData, "AEXCHUS"),
        "another series": Refused(REQUEST, GRAPH.replace("AEXCHUS", "AEXJPUS"), LayoutChanged, "AEXCHUS"),
        "a date twice": Refused(REQUEST, GRAPH + "2016-01-01,6.64\n", RepeatedKeys, "AEXCHUS"),
    }
    valid_answers = {"a graph": Valid(REQUEST, GRAPH, rows=2)}
