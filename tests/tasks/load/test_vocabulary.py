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
