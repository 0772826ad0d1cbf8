"""The World Bank's files: every one is adopted and loaded, or named here with the reason why not; totals to the last digit.

Figures are those the files' description and the World Bank's pages give, typed in. Needs ../shared/sources.
"""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tasks.intake import adopt
from tasks.intake.adopt import AdoptionResult
from tasks.load import reference
from tasks.load.load_source import load_source
from tasks.load.outcome import Outcome
from tasks.sources.worldbank_wdi import SOURCE
from warehouse import ddl
from warehouse.connection import make_folders, writer
from warehouse.settings import Home, Settings

FOLDERS = (
    "worldbank-api-v2", "worldbank-bulk-csv", "worldbank-bulk-xls", "worldbank-databank-extract", "worldbank-reshaped", "wto-stats",
)  # fmt: skip

_CUT = "it has been cut"  # the test fixtures of another project: four rows, some of them made up, of 264
_NOTES = "for they have no figures"
_NOBODY = "no source recognises its content"
#: Files and members that are not loaded, with what is said of them.
NOT_LOADED = {
    "trase_gdp.json": _CUT,
    "trase_land_area.json": _CUT,
    "trase_population.json": _CUT,
    # Lists of the World Bank's without the header of an answer: places, regions, series, databases.
    "country.json": _NOBODY,
    "income-level.json": _NOBODY,
    "indicator.json": _NOBODY,
    "lending-type.json": _NOBODY,
    "region.json": _NOBODY,
    "source.json": _NOBODY,
    "Metadata_Country_API_3_DS2_en_csv_v2_3060949.csv": _NOTES,
    "Metadata_Country_API_21_DS2_en_csv_v2_3056542.csv": _NOTES,
    "Metadata_Country_API_CHN_DS2_en_csv_v2_124769.csv": _NOTES,
    "Metadata_Country_API_KOR_DS2_en_csv_v2_15934.csv": _NOTES,
    "Metadata_Country_API_USA_DS2_en_csv_v2_3173.csv": _NOTES,
    "Metadata_Country_API_NY.GDP.MKTP.CD_DS2_en_csv_v2_9865.csv": _NOTES,
    "Metadata_Country_API_SP.POP.TOTL_DS2_en_csv_v2_9944650.csv": _NOTES,
    "Metadata_Indicator_API_3_DS2_en_csv_v2_3060949.csv": _NOTES,
    "Metadata_Indicator_API_21_DS2_en_csv_v2_3056542.csv": _NOTES,
    "Metadata_Indicator_API_CHN_DS2_en_csv_v2_124769.csv": _NOTES,
    "Metadata_Indicator_API_NY.GDP.MKTP.CD_DS2_en_csv_v2_9865.csv": _NOTES,
    "Metadata_Indicator_API_SP.POP.TOTL_DS2_en_csv_v2_9944650.csv": _NOTES,
    "ec613e8c-d227-4843-a14e-8dfa83231e3f_Definition and Source.csv": _NOTES,
    # The figures of the member beside it again, and below them notes on the series in another encoding.
    "f5c3d11b-2c45-4fd9-8fef-110a7964ba3d_Series - Metadata.csv": "can't decode",
    # Country, year and value, without the series: only the name of the file says which it is.
    "NY.GDP.MKTP.CD_long.csv": "says which series",
    "SP.POP.TOTL_long.csv": "says which series",
    # World Trade Organization: there is no source of that name; no figure of it is loaded.
    "merchandise_values_annual_dataset.csv": _NOBODY,
}
#: Files of which no row can be loaded. Its one row is made up: a place ZZ called World with the population of Argentina's group.
REFUSED = {"trase_population_for_other_countries.json": "not one of 1 rows can be loaded"}


class Loaded:
    """What became of the files, and the warehouse they were loaded into."""

    def __init__(self, con: duckdb.DuckDBPyConnection, adopted: list[AdoptionResult], outcomes: list[Outcome]) -> None:
        self.con, self.adopted, self.outcomes = con, adopted, outcomes

    def one(self, query: str) -> Decimal:
        """The one value a query gives."""
        ((value,),) = self.con.execute(query).fetchall()
        return Decimal(value)

    def indicator(self, place: str, indicator: str, year: int) -> Decimal:
        return self.one(
            f"SELECT value FROM mart.indicator_figures WHERE source = 'worldbank.wdi' AND dataset = 'worldbank.wdi' "
            f"AND place = '{place}' AND indicator = '{indicator}' AND year = {year} AND freq = 'A'"
        )


@pytest.fixture(scope="module")
def loaded(shared: Path, tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[Loaded]:
    home = Home(tmp_path_factory.mktemp("worldbank"))
    make_folders(home)
    adopted = list(adopt.adopt(home, [shared / "sources" / folder for folder in FOLDERS], SOURCE.id))
    with writer(home, settings) as con:
        ddl.create_tables(con)
        ddl.create_views(con)
        reference.load(con)
        yield Loaded(con, adopted, load_source(con, home, settings, SOURCE, common="code").outcomes)


pytestmark = pytest.mark.shared


def test_every_file_is_loaded_or_named(loaded: Loaded) -> None:
    left = {a.path.name: a.message for a in loaded.adopted if a.source is None and a.path.name != "README.md"}
    assert set(left) == set(NOT_LOADED)
    assert {name: told for name, told in left.items() if NOT_LOADED[name] not in told} == {}
    faults = {o.artifact.filename: str(o.fault) for o in loaded.outcomes if o.fault}
    assert set(faults) == set(REFUSED)
    assert all(REFUSED[name] in told for name, told in faults.items())
    assert len(loaded.outcomes) == sum(a.source is not None for a in loaded.adopted) == 20


def test_no_row_of_a_loaded_file_but_one_is_refused(loaded: Loaded) -> None:
    """But a share of Benin's in 1988 that is printed as -1.1e-16, smaller than the decimals that are kept."""
    refused = {o.artifact.filename: o.rows_quarantined for o in loaded.outcomes if o.rows_quarantined}
    assert refused == {"WB_wide_18-indicators_1960-2019.csv": 1}
    assert all(o.rows_in == o.rows_accepted + o.rows_quarantined for o in loaded.outcomes)


def test_direct_investment(loaded: Loaded) -> None:
    """China's inflow of 2012 was 241.214 billion dollars; Japan's of 2016 is 40.95 billion in the edition of 2025."""
    fdi = (
        "SELECT value_usd FROM mart.fdi_figures WHERE source = 'worldbank.wdi' AND dataset = 'worldbank.wdi' AND concept = 'bop' "
        "AND direction = 'liabilities' AND accounting = 'flow' AND counterpart = 'WLD' AND reporter = '{}' AND year = {}"
    )
    assert loaded.one(fdi.format("CHN", 2012)) == Decimal("241213868161.42")
    assert round(loaded.one(fdi.format("JPN", 2016)) / 10**9, 2) == Decimal("40.95")


@pytest.mark.parametrize(
    ("place", "indicator", "year", "value"),
    [
        ("JPN", "gdp", 2016, "5003677627544.24"),  # 5.0037 tn, edition of 2024-10-24, which the later one has too
        ("DNK", "gdp", 2021, "406110162088.054"),  # the service's answer of 2026-04-08
        ("CHN", "population", 2012, "1354190000"),
        ("USA", "population", 2020, "331577720"),
        ("JPN", "population", 2023, "124516650"),
        ("CHN", "wdi.tm_tax_manf_sm_fn_zs", 2017, "11.1"),
        ("CHN", "wdi.tm_tax_manf_sm_fn_zs", 2022, "6.8"),
        ("WLD", "wdi.si_pov_dday", 1990, "35.5"),  # at 1.90 dollars of 2011, edition of 2018-05-21
    ],
)
def test_figures_to_the_last_digit(loaded: Loaded, place: str, indicator: str, year: int, value: str) -> None:
    assert loaded.indicator(place, indicator, year) == Decimal(value)


def test_exchange_rates(loaded: Loaded) -> None:
    assert round(loaded.indicator("CHN", "exchange_rate_avg", 2024), 4) == Decimal("7.1975")
    rate = (
        "SELECT rate FROM ref.exchange_rate WHERE preferred AND fx_kind = 'avg' AND period = '{}' AND currency = '{}'"
    )
    assert round(loaded.one(rate.format(2024, "CNY")), 4) == Decimal("7.1975")
    assert loaded.con.execute(rate.format(2016, "USD")).fetchall() == [], "the dollar needs no conversion"
    assert loaded.one(rate.format(1998, "DEM")) == Decimal("1.7596676")
    assert loaded.one(rate.format(2024, "EUR")) == loaded.indicator("EMU", "exchange_rate_avg", 2024)


def test_later_editions_revise_earlier_ones(loaded: Loaded) -> None:
    shown = loaded.con.execute(
        "SELECT value, published_on::VARCHAR FROM core.indicator_versions WHERE source = 'worldbank.wdi' "
        "AND dataset = 'worldbank.wdi' AND place = 'JPN' AND indicator = 'population' AND year = 2016 ORDER BY published_on"
    ).fetchall()
    assert len(shown) > 1
    assert shown[0][1] == "2018-05-21"
    as_then = loaded.con.execute(
        "SELECT value FROM indicator_figures_as_of('2020-01-01') WHERE source = 'worldbank.wdi' AND dataset = 'worldbank.wdi' "
        "AND place = 'JPN' AND indicator = 'population' AND year = 2016"
    ).fetchall()
    assert as_then == [(shown[0][0],)]


def test_aggregates_are_kept_apart(loaded: Loaded) -> None:
    counted = loaded.con.execute(
        "SELECT count(*) FILTER (p.is_aggregate), count(*) FILTER (NOT p.is_aggregate), count(*) FILTER (i.place = 'WLD') "
        "FROM mart.indicator_figures AS i JOIN ref.place AS p USING (place) "
        "WHERE source = 'worldbank.wdi' AND dataset = 'worldbank.wdi' AND indicator = 'population' AND year = 2010 AND place <> 'EU28'"
    )
    assert counted.fetchone() == (48, 217, 1), "266 less Not classified, which has no figures"
