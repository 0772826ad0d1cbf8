"""What a user adds to the vocabulary of the home folder is checked like the project's own rows and counts like them."""

from pathlib import Path

import duckdb
import pytest

from tasks.load import identity, reference
from tests.support.loading import adopt_files, by_file, load_pending
from warehouse.errors import BadData, LayoutChanged
from warehouse.settings import Home, Settings

CODES, INDICATORS = (
    "scheme,code,indicator,printed_unit,note\n",
    "indicator,name,description,unit_kind,fx_base,fx_kind\n",
)
RETIRED = (
    '"Data Source","World Development Indicators",\n\n"Last Updated Date","2017-02-01",\n\n'
    '"Country Name","Country Code","Indicator Name","Indicator Code","2010","2011",\n'
    '"Japan","JPN","Health expenditure, total (% of GDP)","SH.XPD.TOTL.ZS","9.5","10.0",\n'
)
NBS = "数据库：年度数据\n指标,2022年,2021年\n年末总人口(万人),141175,141260\n男性人口(万人),72206,72311\n数据来源：国家统计局\n"


def write(home: Home, **files: str) -> None:
    home.vocabulary.mkdir(exist_ok=True)
    for name, text in files.items():
        (home.vocabulary / f"{name}.csv").write_text(text, encoding="utf-8")


def test_an_indicator_that_a_user_has_added_is_loaded(
    warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path
) -> None:
    write(
        home,
        indicators=INDICATORS
        + "health_expenditure,Health expenditure,Total health expenditure,rate,,\nmen,Men,Men at the end of the year,count,,\n",
        indicator_codes=CODES + "world_bank,SH.XPD.TOTL.ZS,health_expenditure,percent,\nnbs,男性人口,men,万人,\n",
    )
    assert reference.load(warehouse, vocabulary=home.vocabulary)
    assert not reference.load(warehouse, vocabulary=home.vocabulary)
    for name, text in (("retired.csv", RETIRED), ("population_retrieved2024.csv", NBS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    adopt_files(home, tmp_path / "retired.csv", tmp_path / "population_retrieved2024.csv")
    for source in ("worldbank.wdi", "chn.nbs"):
        outcomes = by_file(load_pending(warehouse, home, settings, source))
        assert [(o.fault, o.rows_quarantined) for o in outcomes.values()] == [(None, 0)]
    query = "SELECT DISTINCT indicator FROM core.indicator WHERE indicator IN ('health_expenditure', 'men') ORDER BY 1"
    assert warehouse.execute(query).fetchall() == [("health_expenditure",), ("men",)]
    write(home, indicator_codes=CODES)
    assert reference.load(warehouse, vocabulary=home.vocabulary), "what a user takes out goes"
    assert warehouse.execute("SELECT count(*) FROM ref.indicator_code WHERE scheme = 'nbs'").fetchall() == [(0,)]


BOJ = (
    '{"STATUS": 200, "MESSAGEID": "M181000I", "PARAMETER": {"DB": "FM08"}, "NEXTPOSITION": null, "RESULTSET": [{"SERIES_CODE": "FXERD01",'
    ' "NAME_OF_TIME_SERIES": "US.Dollar/Yen at 9:00", "UNIT": "Yen per U.S. Dollar", "FREQUENCY": "MONTHLY", "LAST_UPDATE": 20260204,'
    ' "VALUES": {"SURVEY_DATES": [202404], "VALUES": [153.61]}}]}'
)
ESTAT = (
    '{"GET_STATS_DATA": {"RESULT": {"STATUS": 0}, "STATISTICAL_DATA": {"TABLE_INF": {"@id": "0000010102", "STATISTICS_NAME": "県", "TITLE": "門",'
    ' "UPDATED_DATE": "2024-02-09"}, "DATA_INF": {"VALUE": {"@tab": "1", "@area": "13000", "@time": "2015100000", "$": "1353"}}}}}'
)
CLIENT = (
    "requested_code,indicator_code,indicator_name,region_code,region_name,year,value,display_value,has_data\n"
    "A030101,A030101,年末常住人口,210000,辽宁省,2019,4277,4277,True\n"
)
SERIES = "Exports and imports with GERMANY (thousand yen)\nYears/Months,Exp-Total,Imp-Total\n2024/01,12,34\n"


@pytest.mark.parametrize(
    ("source", "filename", "text", "file", "line", "query", "figures"),
    [
        ("jpn.boj", "rates.json", BOJ, "indicator_codes", CODES + "boj,FM08'FXERD01,exchange_rate_avg,JPY per USD,\n",
         "SELECT place, indicator, period, value::DOUBLE, unit, obs_status FROM core.indicator",
         [("JPN", "exchange_rate_avg", "2024-04", 153.61, "JPY per USD", "A")]),
        ("jpn.estat", "answer.json", ESTAT, "indicator_codes", CODES + "estat,0000010102 tab=1,population,万人,\n",
         "SELECT place, indicator, period, value::DOUBLE, unit, obs_status FROM core.indicator",
         [("JP-13", "population", "2015", 13530000.0, "persons", "D")]),
        ("chn.nbs", "client.csv", CLIENT, "indicator_codes", CODES + "nbs,年末常住人口,population,万人,\n",
         "SELECT place, indicator, period, value::DOUBLE, unit, obs_status FROM core.indicator",
         [("CN-LN", "population", "2019", 42770000.0, "persons", "A")]),
        ("jpn.customs", "series.csv", SERIES, "place_codes",
         "scheme,code,place,valid_from,valid_to,note\njpn_customs_area,Exports and imports with GERMANY (thousand yen),DEU,,,\n",
         "SELECT partner, flow, period, value::DOUBLE, currency, obs_status FROM mart.trade_figures ORDER BY flow",
         [("DEU", "export", "2024-01", 12000.0, "JPY", "A"), ("DEU", "import", "2024-01", 34000.0, "JPY", "A")]),
    ],
    ids=lambda value: value if isinstance(value, str) and value[:4] in ("jpn.", "chn.") else "",
)  # fmt: skip
def test_what_a_publisher_lists_anew_is_named_by_a_user(
    warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path, source: str, filename: str, text: str,
    file: str, line: str, query: str, figures: list[tuple[object, ...]],
) -> None:  # fmt: skip
    (tmp_path / filename).write_text(text, encoding="utf-8")
    assert adopt_files(home, tmp_path / filename)[filename].source == source
    (refused,) = load_pending(warehouse, home, settings, source)
    assert f"Say what it is in vocabulary/{file}.csv of the home folder" in str(refused.fault)
    write(home, **{file: line})
    assert reference.load(warehouse, vocabulary=home.vocabulary)
    (outcome,) = load_pending(warehouse, home, settings, source)
    assert (outcome.fault, outcome.rows_quarantined) == (None, 0)
    assert warehouse.execute(query).fetchall() == figures


@pytest.mark.parametrize(
    ("files", "fault", "says"),
    [
        ({"colours": "a\n1\n"}, BadData, "colours.csv is not of a reference table"),
        ({"indicator_codes": "code,indicator\nX,gdp\n"}, LayoutChanged, "lacks scheme, printed_unit, note"),
        ({"indicator_codes": CODES + "world_bank,X,happiness,percent,\n"}, BadData, "vocabulary/indicator_codes.csv"),
        ({"indicator_codes": CODES + "world_bank,SP.POP.TOTL,gdp,USD,\n"}, BadData, "repeated key"),
    ],
    ids=["no table", "other columns", "an unknown indicator", "a code that has a meaning"],
)
def test_what_a_user_adds_is_checked(
    warehouse: duckdb.DuckDBPyConnection, home: Home, files: dict[str, str], fault: type[Exception], says: str
) -> None:
    write(home, **files)
    with pytest.raises(fault) as told:
        reference.load(warehouse, vocabulary=home.vocabulary)
    assert says in str(told.value)


def test_loads_depend_on_what_a_user_added_and_on_nothing_else(home: Home) -> None:
    without = identity.of_home(home)
    assert without == identity.of_loading()
    write(home, indicator_codes=CODES)
    added = identity.of_home(home)
    assert added != without
    write(home, indicator_codes=CODES + "world_bank,X,gdp,USD,\n")
    assert identity.of_home(home) not in (added, without)
