"""GeoDist: measures of pairs and of places, old codes, missing distances, ties that are not there."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tasks.archive.sniff import sniff
from tasks.load.outcome import Outcome
from tasks.sources.cepii_geodist import SOURCE, tables
from tests.support.loading import adopt_and_load, tolerant
from tests.support.source_contract import BadRow, SourceContract, Specimen
from warehouse.errors import LayoutChanged
from warehouse.settings import Home, Settings

PAIRS = "iso_o,iso_d,contig,comlang_off,comlang_ethno,colony,comcol,curcol,col45,smctry,dist,distcap,distw,distwces\n"
#: As CEPII has them.
CHN_JPN = "CHN,JPN,0,0,0,0,0,0,0,0,2098.111,2098.111,1974.968,1816.706\n"
ROM_ZAR = "ROM,ZAR,0,1,0,0,0,0,0,0,5000.5,5000.5,.,.\n"

Load = Callable[..., Outcome]


@pytest.fixture
def loading(warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path) -> Load:
    """Write a file, adopt it and load it."""

    def load_text(text: str, name: str = "dist_cepii.csv") -> Outcome:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return adopt_and_load(warehouse, home, tolerant(settings), "cepii.geodist", path)[name]

    return load_text


def test_the_distance_of_two_economies_is_asked_in_sql(loading: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    outcome = loading(PAIRS + CHN_JPN)
    assert (outcome.rows_in, outcome.rows_accepted, outcome.fault) == (12, 4, None)
    assert outcome.set_aside == {"a tie of 0, which two economies do not have": 8}
    shown = warehouse.execute(
        "SELECT indicator, value, unit, period, year, source, publisher FROM pair WHERE place = 'CHN' AND counterpart = 'JPN' ORDER BY 1"
    ).fetchall()
    fixed = ("km", None, None, "cepii.geodist", SOURCE.publisher)
    assert shown == [
        ("distance_capitals", Decimal("2098.111"), *fixed),
        ("distance_main_cities", Decimal("2098.111"), *fixed),
        ("distance_weighted", Decimal("1974.968"), *fixed),
        ("distance_weighted_ces", Decimal("1816.706"), *fixed),
    ]


def test_old_codes_missing_distances_and_ties(loading: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    loading(PAIRS + ROM_ZAR)
    shown = warehouse.execute("SELECT place, counterpart, indicator, value, obs_status FROM pair ORDER BY 3").fetchall()
    assert shown == [
        ("ROU", "COD", "common_official_language", Decimal(1), "A"),
        ("ROU", "COD", "distance_capitals", Decimal("5000.5"), "A"),
        ("ROU", "COD", "distance_main_cities", Decimal("5000.5"), "A"),
        ("ROU", "COD", "distance_weighted", None, "O"),
        ("ROU", "COD", "distance_weighted_ces", None, "O"),
    ]


@pytest.mark.parametrize(
    ("bad", "rule"),
    [
        ("CHN,ATL,0,0,0,0,0,0,0,0,1,1,1,1\n", "iso_d: stands in ref.place_code.code among cepii_geodist"),
        ("CHN,KOR,2,0,0,0,0,0,0,0,1,1,1,1\n", "a tie is 1"),
        ("CHN,KOR,0,0,0,0,0,0,0,0,-1,1,1,1\n", "persons and kilometres are not less"),
        ("CHN,KOR,0,0,0,0,0,0,0,0,1e3,1,1,1\n", "measured: str_matches"),
    ],
)
def test_a_bad_row_is_refused_by_its_rule(
    loading: Load, warehouse: duckdb.DuckDBPyConnection, bad: str, rule: str
) -> None:
    outcome = loading(PAIRS + CHN_JPN + bad)
    assert outcome.rows_in == outcome.rows_accepted + outcome.rows_quarantined + outcome.rows_set_aside
    rules = {r for (r,) in warehouse.execute("SELECT rules FROM meta.quarantine").fetchall()}
    assert len(rules) == 1
    assert rule in rules.pop()


def cities(*lines: dict[str, str]) -> str:
    usual = dict.fromkeys(tables.HEADERS["geo"], ".") | {
        "iso3": "DEU",
        "area": "357021",
        "dis_int": "224.67",
        "landlocked": "0",
        "cap": "1",
    }
    return "\n".join([",".join(tables.HEADERS["geo"]), *(",".join((usual | line).values()) for line in lines)]) + "\n"


BERLIN = {"city_en": "Berlin", "lat": "52.5", "lon": "13.4", "maincity": "1"}
BONN = {"city_en": "Bonn", "lat": "50.7", "lon": "7.1", "maincity": "0"}


def test_an_economy_with_two_cities_is_one_place(loading: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    outcome = loading(cities(BONN, BERLIN), "geo_cepii.csv")
    assert (outcome.rows_in, outcome.rows_accepted, outcome.fault) == (10, 5, None)
    assert outcome.set_aside == {"a line of a further city of an economy, which repeats its area": 5}
    shown = warehouse.execute("SELECT place, indicator, value, unit FROM mart.indicator_figures ORDER BY 2").fetchall()
    assert shown == [
        ("DEU", "distance_within", Decimal("224.67"), "km"),
        ("DEU", "land_area", Decimal(357021), "km2"),
        ("DEU", "landlocked", Decimal(0), "flag"),
        ("DEU", "main_city_latitude", Decimal("52.5"), "degrees"),
        ("DEU", "main_city_longitude", Decimal("13.4"), "degrees"),
    ]


def test_lines_that_state_different_areas_stop(loading: Load) -> None:
    outcome = loading(cities(BERLIN, BONN | {"area": "1"}), "geo_cepii.csv")
    assert isinstance(outcome.fault, LayoutChanged)


def test_other_columns_are_an_error_and_other_files_are_not_ours(tmp_path: Path) -> None:
    path = tmp_path / "dist.csv"
    path.write_text(PAIRS.replace("\n", ",new\n") + "CHN,JPN,1\n")
    with pytest.raises(LayoutChanged, match="new"):
        SOURCE.recognises(sniff(path))
    path.write_text("iso_o,iso_d,tariff\nCHN,JPN,3\n")
    assert SOURCE.recognises(sniff(path)) is None


def test_a_line_that_was_cut_stops_the_file(
    warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "dist_cepii.csv"
    path.write_text(f"{PAIRS}{CHN_JPN}CHN,KOR,0,0\n")
    (outcome,) = adopt_and_load(warehouse, home, settings, SOURCE, path).values()
    assert "the line has 4 cells, the header 14: cepii.geodist, dist_cepii.csv, line 3" in str(outcome.fault)


class TestContract(SourceContract):
    source = SOURCE
    specimen = Specimen("dist_cepii.csv", PAIRS + CHN_JPN, rows=4)
    golden = {
        "SELECT place, counterpart, value FROM pair WHERE indicator = 'distance_weighted'": [
            ("CHN", "JPN", Decimal("1974.968"))
        ],
    }
    bad_row = BadRow(PAIRS + CHN_JPN + "CHN,KOR,2,0,0,0,0,0,0,0,1,1,1,1\n", rule="a tie is 1")
    changed_layouts = {"a new column": (PAIRS.replace("\n", ",new\n") + "CHN,JPN,1\n", "new")}
