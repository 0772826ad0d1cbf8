"""Euro exchange rates: what is read of the three forms, what is refused, and that rates per dollar come out right."""

import shutil
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import duckdb
import pytest

from tasks.archive.sniff import sniff
from tasks.contract.service import Request, Selection
from tasks.load.outcome import Outcome
from tasks.sources.ecb_exr import SOURCE, tables
from tests.support.answers import answer
from tests.support.loading import adopt_and_load, create_reading, tolerant
from tests.support.source_contract import BadRow, Refused, ServiceContract, Specimen, Valid
from warehouse.connection import make_folders, writer
from warehouse.errors import EmptyAnswer, LayoutChanged, NotData, RepeatedKeys, Unknown
from warehouse.settings import Home, Settings

HEADER = (
    "KEY,FREQ,CURRENCY,CURRENCY_DENOM,EXR_TYPE,EXR_SUFFIX,TIME_PERIOD,OBS_VALUE,OBS_STATUS,OBS_CONF,OBS_PRE_BREAK,OBS_COM,"
    "TIME_FORMAT,BREAKS,COLLECTION,COMPILING_ORG,DISS_ORG,DOM_SER_IDS,PUBL_ECB,PUBL_MU,PUBL_PUBLIC,UNIT_INDEX_BASE,"
    "COMPILATION,COVERAGE,DECIMALS,NAT_TITLE,SOURCE_AGENCY,SOURCE_PUB,TITLE,TITLE_COMPL,UNIT,UNIT_MULT"
)


def line(currency: str, value: str, freq: str = "A", period: str = "2016", **other: str) -> str:
    """A row of the service's CSV; the title has a comma within quotes, as the ECB's has."""
    cells = {
        "kind": "SP00", "suffix": "A", "denominator": "EUR", "status": "A", "multiplier": "0",
    } | other  # fmt: skip
    start = (
        f"EXR.{freq}.{currency}.EUR.SP00.A,{freq},{currency},{cells['denominator']},{cells['kind']},{cells['suffix']}"
    )
    rest = f'4,,4F0,,"{currency}/Euro","ECB reference exchange rate, {currency}/Euro, 2.15 pm (C.E.T.)",{currency},{cells["multiplier"]}'
    return f"{start},{period},{value},{cells['status']},F,,,P1Y,,A,,,,,,,99Q1=100,,,{rest}"


#: Yearly averages of 2016 as the ECB has them.
RATES_2016 = {"USD": "1.1069", "JPY": "120.1967", "CNY": "7.3522"}

Load = Callable[..., Outcome]


@pytest.fixture
def loading(warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path) -> Load:
    """Write a file, adopt it and load it."""

    def load_text(text: str, name: str = "exr.csv") -> Outcome:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return adopt_and_load(warehouse, home, tolerant(settings), "ecb.exr", path)[name]

    return load_text


def csv_of(*lines: str) -> str:
    return "\n".join([HEADER, *lines]) + "\n"


def test_the_header_of_the_service_has_32_columns() -> None:
    assert HEADER.count(",") == 31
    assert line("USD", "1").replace("Euro, 2", "Euro 2").replace("rate, U", "rate U").count(",") == 31


def test_rates_are_kept_as_printed_and_turned_into_rates_per_dollar(
    loading: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    outcome = loading(csv_of(*(line(c, v) for c, v in RATES_2016.items())))
    assert (outcome.rows_in, outcome.rows_accepted, outcome.fault) == (3, 3, None)
    shown = warehouse.execute(
        "SELECT place, indicator, unit, value, printed_value FROM mart.indicator_figures ORDER BY 1"
    ).fetchall()
    assert shown == [
        ("CHN", "exchange_rate_avg_eur", "CNY per EUR", Decimal("7.3522"), "7.3522"),
        ("JPN", "exchange_rate_avg_eur", "JPY per EUR", Decimal("120.1967"), "120.1967"),
        ("USA", "exchange_rate_avg_eur", "USD per EUR", Decimal("1.1069"), "1.1069"),
    ]
    rates = warehouse.execute(
        "SELECT currency, rate, quoted, preferred FROM ref.exchange_rate WHERE freq = 'A' ORDER BY 1"
    ).fetchall()
    assert rates == [
        ("CNY", exactly("7.3522", "1.1069"), "through_euro", True),
        ("EUR", exactly("1", "1.1069"), "turned_round", True),
        ("JPY", exactly("120.1967", "1.1069"), "through_euro", True),
    ]


def exactly(over: str, under: str) -> Decimal:
    """A ratio to fifteen decimals, as a careful person works it out."""
    return (Decimal(over) / Decimal(under)).quantize(Decimal("1e-15"), ROUND_HALF_UP)


def test_averages_ends_and_days_have_indicators_of_their_own(
    loading: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    loading(
        csv_of(
            line("USD", "1.0541", suffix="E"), line("USD", "1.0543", "M", "2016-12"), line("USD", "1.0789", "Q", "2016-Q4"),
            line("USD", "1.0541", "D", "2016-12-30"),
        )
    )  # fmt: skip
    shown = warehouse.execute(
        "SELECT indicator, freq, period, period_start::VARCHAR, period_end::VARCHAR, year FROM mart.indicator_figures ORDER BY 2"
    ).fetchall()
    assert shown == [
        ("exchange_rate_eop_eur", "A", "2016", "2016-01-01", "2016-12-31", 2016),
        ("exchange_rate_day_eur", "D", "2016-12-30", "2016-12-30", "2016-12-30", 2016),
        ("exchange_rate_avg_eur", "M", "2016-12", "2016-12-01", "2016-12-31", 2016),
        ("exchange_rate_avg_eur", "Q", "2016-Q4", "2016-10-01", "2016-12-31", 2016),
    ]
    kinds = warehouse.execute("SELECT fx_kind, freq FROM ref.exchange_rate ORDER BY ALL").fetchall()
    assert kinds == [("avg", "M"), ("avg", "Q"), ("eop", "A")], "a rate of a day converts nothing"


def test_a_missing_rate_says_so(loading: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    loading(csv_of(line("USD", "NaN"), line("JPY", "", status="M"), line("CNY", "7.3522", status="P")))
    shown = warehouse.execute("SELECT place, value, obs_status FROM mart.indicator_figures ORDER BY 1").fetchall()
    assert shown == [("CHN", Decimal("7.3522"), "P"), ("JPN", None, "M"), ("USA", None, "O")]
    assert warehouse.execute("SELECT * FROM ref.exchange_rate").fetchall() == []


@pytest.mark.parametrize(
    ("bad", "rule"),
    [
        (line("USD", "1.1", multiplier="3"), "exr_multiplier"),
        (line("USD", "97.1", kind="EN00"), "exr_type"),
        (line("USD", "1.1", denominator="GBP"), "exr_denominator"),
        (line("XXX", "1.1"), "exr_currency: stands in ref.place_code.code among iso4217"),
        (line("USD", "1,1".replace(",", ";")), "exr_value"),
        (line("USD", "1.1", "H", "2016-S1"), "exr_freq"),
        (line("USD", "1.1", "M", "2016"), "period is written as freq asks"),
        (line("USD", "1.1", "D", "2016-02-30"), "period is written as freq asks"),
        (line("USD", "0"), "an exchange rate is more than zero"),
        (line("USD", "1.1", status="X"), "exr_status"),
    ],
)
def test_a_bad_row_is_refused_by_its_rule(
    loading: Load, warehouse: duckdb.DuckDBPyConnection, bad: str, rule: str
) -> None:
    outcome = loading(csv_of(line("JPY", "120.1967"), bad))
    assert (outcome.rows_in, outcome.rows_accepted, outcome.rows_quarantined) == (2, 1, 1)
    ((number, rules),) = warehouse.execute("SELECT row_number, rules FROM meta.quarantine").fetchall()
    assert number == 2
    assert rule in rules


def test_a_changed_header_is_an_error(tmp_path: Path) -> None:
    for header in (HEADER.replace(",UNIT_MULT", ""), f"{HEADER},NEW"):
        path = tmp_path / "exr.csv"
        path.write_text(f"{header}\n")
        with pytest.raises(LayoutChanged, match=r"UNIT_MULT|NEW"):
            SOURCE.recognises(sniff(path))


XML = """<?xml version="1.0" encoding="UTF-8"?><message:GenericData
 xmlns:message="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message"
 xmlns:generic="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data/generic">
<message:Header><message:Prepared>2026-06-29T13:09:43.526+02:00</message:Prepared>
<message:Structure structureID="ECB_EXR1" dimensionAtObservation="TIME_PERIOD"></message:Structure></message:Header>
<message:DataSet action="Replace" structureRef="ECB_EXR1"><generic:Series><generic:SeriesKey>
<generic:Value id="FREQ" value="M"/><generic:Value id="CURRENCY" value="USD"/><generic:Value id="CURRENCY_DENOM" value="EUR"/>
<generic:Value id="EXR_TYPE" value="SP00"/><generic:Value id="EXR_SUFFIX" value="A"/></generic:SeriesKey>
<generic:Attributes><generic:Value id="UNIT_MULT" value="0"/></generic:Attributes>
<generic:Obs><generic:ObsDimension value="2026-04"/><generic:ObsValue value="1.1"/><generic:Attributes>
<generic:Value id="OBS_STATUS" value="A"/><generic:Value id="OBS_CONF" value="F"/></generic:Attributes></generic:Obs>
<generic:Obs><generic:ObsDimension value="2026-05"/><generic:ObsValue value="1.16732"/><generic:Attributes>
<generic:Value id="OBS_STATUS" value="P"/></generic:Attributes></generic:Obs>
</generic:Series></message:DataSet></message:GenericData>"""


def test_sdmx_ml_states_when_it_was_made(loading: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    loading(XML, "exr.xml")
    shown = warehouse.execute(
        "SELECT period, value, obs_status, published_on::VARCHAR FROM mart.indicator_figures ORDER BY 1"
    ).fetchall()
    assert shown == [
        ("2026-04", Decimal("1.1"), "A", "2026-06-29"),
        ("2026-05", Decimal("1.16732"), "P", "2026-06-29"),
    ]


def test_a_cut_message_stops(loading: Load) -> None:
    assert isinstance(loading(XML[:-60], "exr.xml").fault, LayoutChanged)


WIDE = "Date,USD,JPY,CYP,\n2016-12-30,1.0541,123.4,N/A,\n2016-12-29,1.0453,122.23,0.58,\n"


def test_the_table_of_days_is_read_as_it_is(loading: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    outcome = loading(WIDE, "eurofxref-hist.csv")
    assert (outcome.rows_in, outcome.rows_accepted) == (6, 6)
    assert outcome.artifact.publisher_stamp == "2016-12-30"
    shown = warehouse.execute(
        "SELECT place, freq, period, value, obs_status, published_on::VARCHAR FROM mart.indicator_figures ORDER BY period, place"
    ).fetchall()
    assert shown == [
        ("CYP", "D", "2016-12-29", Decimal("0.58"), "A", "2016-12-30"),
        ("JPN", "D", "2016-12-29", Decimal("122.23"), "A", "2016-12-30"),
        ("USA", "D", "2016-12-29", Decimal("1.0453"), "A", "2016-12-30"),
        ("CYP", "D", "2016-12-30", None, "O", "2016-12-30"),
        ("JPN", "D", "2016-12-30", Decimal("123.4"), "A", "2016-12-30"),
        ("USA", "D", "2016-12-30", Decimal("1.0541"), "A", "2016-12-30"),
    ]
    assert warehouse.execute("SELECT * FROM ref.exchange_rate").fetchall() == [], "days are not averaged"


@pytest.mark.parametrize(
    "wrong",
    [
        WIDE.replace("122.23,0.58,", "122.23,"),
        WIDE.replace("2016-12-29", "2016-12-31"),
        WIDE.replace("2016-12-29", "2016-12-30"),
        WIDE.replace("0.58,", "0.58,7"),
    ],
)
def test_days_out_of_order_or_short_lines_stop(loading: Load, wrong: str) -> None:
    assert isinstance(loading(wrong, "eurofxref-hist.csv").fault, LayoutChanged)


DAY = "Date, USD, JPY, CNY, \n03 June 2021, 1.2187, 133.81, 7.7910, \n"
CUBES = """<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
<gesmes:subject>Reference rates</gesmes:subject><gesmes:Sender><gesmes:name>European Central Bank</gesmes:name></gesmes:Sender>
<Cube><Cube time='2021-06-03'><Cube currency='USD' rate='1.2187'/><Cube currency='JPY' rate='133.81'/><Cube currency='CNY' rate='7.7910'/>
</Cube></Cube></gesmes:Envelope>
"""


@pytest.mark.parametrize(("name", "content"), [("eurofxref.csv", DAY), ("eurofxref-daily.xml", CUBES)])
def test_the_rates_of_one_day_are_read_and_take_no_other_day_back(
    loading: Load, warehouse: duckdb.DuckDBPyConnection, name: str, content: str
) -> None:
    loading("Date,USD,JPY,CNY,\n2021-06-02,1.2,133.0,7.7,\n2021-06-01,1.1,132.0,7.6,\n", "hist.csv")
    loading(content, name)
    query = "SELECT period, place, printed_value FROM mart.indicator_figures WHERE dataset = 'ecb.eurofxref' AND period >= '2021-06-02' ORDER BY ALL"
    assert warehouse.execute(query).fetchall() == [
        ("2021-06-02", "CHN", "7.7"), ("2021-06-02", "JPN", "133.0"), ("2021-06-02", "USA", "1.2"),
        ("2021-06-03", "CHN", "7.7910"), ("2021-06-03", "JPN", "133.81"), ("2021-06-03", "USA", "1.2187"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (DAY.replace("03 June", "June 03,"), "as many fields as the header"), (DAY.replace("June", "Juno"), "03 June 2021 but '03 Juno 2021'"),
        (DAY + DAY.split("\n")[1], "not one line"), (CUBES.replace("time=", "day="), "of no day"), (CUBES[:-30], "the XML is damaged"),
    ],
)  # fmt: skip
def test_rates_of_the_day_in_another_form_are_refused(tmp_path: Path, content: str, says: str) -> None:
    with pytest.raises(LayoutChanged, match=says):
        SOURCE.recognises(answer(tmp_path, content))


def test_releases_in_either_order_give_one_history(
    warehouse: duckdb.DuckDBPyConnection, home: Home, warehouse_template: Path, settings: Settings, tmp_path: Path
) -> None:
    older, newer = tmp_path / "older.csv", tmp_path / "newer.csv"
    older.write_text(WIDE)
    newer.write_text(
        "Date,USD,JPY,CYP,\n2017-01-02,1.0465,122.92,N/A,\n" + WIDE.split("\n", 1)[1].replace("122.23", "122.24")
    )
    history = (
        "SELECT place, period, value, obs_status, published_on, superseded_on FROM core.indicator_versions ORDER BY ALL"
    )
    for path in (older, newer):
        adopt_and_load(warehouse, home, tolerant(settings), "ecb.exr", path)
    other = Home(tmp_path / "other")
    make_folders(other)
    shutil.copyfile(warehouse_template, other.warehouse)
    with writer(other, settings) as con:
        for path in (newer, older):
            adopt_and_load(con, other, tolerant(settings), "ecb.exr", path)
        assert con.execute(history).fetchall() == warehouse.execute(history).fetchall()
        create_reading(con, "22_revisions")
        revised = con.execute("SELECT change, previous_value, value FROM mart.revisions").fetchall()
    assert revised == [("revised", Decimal("122.23"), Decimal("122.24"))]


def test_one_request_asks_for_averages_and_ends() -> None:
    (request,) = SOURCE.requests(Selection(1992, 2024, reporters=("CHN", "JPN", "DEU", "USA")))
    assert request.path == "/data/EXR/A+Q+M.CNY+JPY+USD.EUR.SP00.A+E"
    assert dict(request.parameters) == {"format": "csvdata", "startPeriod": "1999", "endPeriod": "2024"}
    (usual,) = SOURCE.requests(Selection(2015, 2024))
    assert usual.path.startswith("/data/EXR/A+Q+M.USD+JPY+CNY+KRW+")
    assert list(SOURCE.requests(Selection(1990, 1998))) == []
    with pytest.raises(Unknown, match="ATLANTIS"):
        list(SOURCE.requests(Selection(2015, 2024, reporters=("ATLANTIS",))))


def test_a_good_answer_is_counted_and_is_one_of_ours(tmp_path: Path) -> None:
    good = answer(tmp_path, csv_of(line("USD", "1"), line("JPY", "2")), "a")
    assert SOURCE.judge(Request("/data/EXR/A.USD+JPY", "a.csv"), good).rows == 2
    recognised = SOURCE.recognises(good)
    assert recognised
    assert recognised.layout == "csv"


REQUEST = Request("/data/EXR/A.USD+JPY", "a.csv")
RATES = csv_of(line("USD", "1.1069"), line("JPY", "120.1967"))


class TestContract(ServiceContract):
    source = SOURCE
    specimen = Specimen("exr.csv", RATES, rows=2)
    golden = {
        "SELECT place, unit, value FROM mart.indicator_figures ORDER BY place": [
            ("JPN", "JPY per EUR", Decimal("120.1967")), ("USA", "USD per EUR", Decimal("1.1069")),
        ],
    }  # fmt: skip
    bad_row = BadRow(RATES + line("CNY", "x") + "\n", rule="exr_value: str_matches")
    refused_forms = {tables.OTHER_MARKUP.form: XML.replace("GenericData", "StructureSpecificData")}
    changed_layouts = {"the value under another name": (RATES.replace("OBS_VALUE", "VALUE"), "")}
    refused_answers = {
        "empty": Refused(REQUEST, "", EmptyAnswer, r"ecb\.exr"),
        "header alone": Refused(REQUEST, csv_of(), EmptyAnswer, r"ecb\.exr"),
        "HTML": Refused(REQUEST, "<!DOCTYPE html><html>Sorry</html>", NotData, r"ecb\.exr"),
        "other columns": Refused(REQUEST, "FREQ,CURRENCY\nA,USD\n", LayoutChanged, r"ecb\.exr"),
        "a rate twice": Refused(REQUEST, csv_of(line("USD", "1"), line("USD", "2")), RepeatedKeys, r"ecb\.exr"),
        "a short record": Refused(REQUEST, csv_of(line("USD", "1"), "A,B"), LayoutChanged, r"ecb\.exr"),
    }
    valid_answers = {"two series": Valid(REQUEST, RATES, rows=2)}
