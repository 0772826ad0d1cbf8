"""Exchange rates, distances, BACI's lists, product and country codes: all files of these folders, and figures in them.

Golden figures are those of the folders' own notes and of the publishers' pages, typed in.
"""

import csv
import gzip
import io
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tasks.intake import adopt
from tasks.load import reference
from tests.support.loading import load_pending, tolerant
from tests.support.paths import SHARED
from warehouse import ddl
from warehouse.connection import make_folders, writer
from warehouse.settings import Home, Settings

pytestmark = pytest.mark.usefixtures("shared")

SOURCES = SHARED / "sources"
FOLDERS = ("ecb-exr", "fx", "cepii-geodist", "baci", "country-codes", "hs-nomenclature", "un-correlation-tables")

_SLICE = "a slice of one product that a third party cut out of BACI; its name does not say edition, year and version"
_COUNTRY_CODES = "code lists: the warehouse has its own (ref.place_code), which a test below holds to them"
#: Files that are not loaded, and why.
NOT_LOADED = {
    "fx/imf-daily-representative-rates_CNY-JPY-KRW_2001-2019.csv.gz": "a third party's selection of IMF daily rates; the "
    "IMF's own averages are read from its service (imf.er)",
    "baci/baci_85_only.csv": _SLICE,
    "baci/baci_korea_85_only.csv": _SLICE,
    "baci/V202201/Readme.txt": "readme",
    "baci/V202501/Readme.txt": "readme",
    "baci/V202201/country_codes.csv": "list of countries: not loaded, the warehouse has these codes",
    "baci/V202301/country_codes_V202301.csv": "list of countries: not loaded, the warehouse has these codes",
    "baci/V202501/country_codes_V202501.csv": "list of countries: not loaded, the warehouse has these codes",
    "baci/V202201/product_codes.csv.gz": "list of products: not loaded, the warehouse has these codes",
    "baci/V202301/product_codes_HS17_V202301.csv.gz": "list of products, without leading zeros: not loaded",
    "baci/V202301/product_codes_HS92_V202301.csv.gz": "list of products, without leading zeros: not loaded",
    "baci/V202501/product_codes_HS22_V202501.csv.gz": "list of products: not loaded, the warehouse has these codes",
    "hs-nomenclature/datasets_harmonized-system_HS2022.csv.gz": "code list: the warehouse has these codes (ref.product)",
    "hs-nomenclature/datasets_sections.csv": "sections of the HS, which are not codes of trade statistics",
    "un-correlation-tables/BEC4_DESC.xlsx": "names of BEC 4: the warehouse has them (ref.product)",
    "un-correlation-tables/WITS_JobID-11_Concordance_H0_to_S3.CSV.gz": "WITS, H0 to SITC 3: comes with the project (ref.correlation)",
    **{
        f"country-codes/{name}": _COUNTRY_CODES
        for name in (
            "UNSD-M49_en.csv", "coco_country_data.tsv", "countrycode_data_ecb.csv", "countrycode_data_eurostat.csv",
            "countrycode_data_imf.csv", "countrycode_data_iso.csv", "countrycode_data_un.csv",
            "countrycode_data_world_bank_api.csv", "datasets_country-codes.csv", "pycountry_iso3166-1.json",
            "pycountry_iso3166-2_CN-JP-KR.json", "pycountry_iso3166-3.json", "pycountry_iso4217.json",
        )
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def adopted(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, list[adopt.AdoptionResult]]:
    """All files of the folders, adopted."""
    home = Home(tmp_path_factory.mktemp("real") / "home")
    make_folders(home)
    return home, list(adopt.adopt(home, [SOURCES / f for f in FOLDERS]))


@pytest.fixture(scope="module")
def con(adopted: tuple[Home, list[adopt.AdoptionResult]], settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """What was adopted, loaded."""
    home, found = adopted
    with writer(home, settings) as con:
        ddl.create_tables(con)
        ddl.create_views(con)
        reference.load(con)
        for source in sorted({a.source for a in found if a.source}):
            load_pending(con, home, tolerant(settings), source)
        yield con


def rows(con: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    return con.execute(query).fetchall()


def table(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig")), delimiter=delimiter))


def test_every_file_is_loaded_or_named(adopted: tuple[Home, list[adopt.AdoptionResult]]) -> None:
    refused = {_name(a.path) for a in adopted[1] if a.source is None and a.path.name != "README.md"}
    assert refused == set(NOT_LOADED)
    tables = {(_name(a.path), a.source) for a in adopted[1] if a.source == "unsd.correlation"}
    assert len(tables) == 15
    assert {(_name(a.path), a.source) for a in adopted[1] if a.source} - tables == {
        ("ecb-exr/ecb-exr-usd-eur-2026-05-raw.xml", "ecb.exr"),
        ("fx/eurofxref-hist.zip/eurofxref-hist.csv", "ecb.exr"),
        *((f"fx/fred-{n}", "fred.fx") for n in ("annual.csv", "yearly.csv", "monthly.csv.gz")),
        *((f"fx/fred-graph-csv_AEX{n}US.csv", "fred.fx") for n in ("CH", "JP", "KO")),
        ("cepii-geodist/dist_cepii.zip/dist_cepii.xls", "cepii.geodist"),
        ("cepii-geodist/geo_cepii.xls", "cepii.geodist"),
    }


def _name(path: Path) -> str:
    """A file's place in the folders; of a gz file its own, not its member's."""
    parts = path.relative_to(SOURCES).parts
    return "/".join(parts[:-1] if parts[-2].endswith(".gz") else parts)


def test_lists_that_come_with_a_release_are_named(adopted: tuple[Home, list[adopt.AdoptionResult]]) -> None:
    messages = {_name(a.path): a.message for a in adopted[1]}
    assert "list of countries" in messages["baci/V202501/country_codes_V202501.csv"]
    assert "list of products" in messages["baci/V202301/product_codes_HS92_V202301.csv.gz"]
    assert "version V202501" in messages["baci/V202501/Readme.txt"]
    assert "name that does not state HS edition" in messages["baci/baci_85_only.csv"]


def test_every_row_is_loaded_but_the_bolivars(con: duckdb.DuckDBPyConnection) -> None:
    """Venezuela's currency changed three times; the reshaped table does not say which of them a rate is in."""
    loads = {
        f: n
        for f, *n in rows(
            con,
            "SELECT filename, rows_in, rows_accepted, rows_quarantined FROM meta.loads WHERE source <> 'unsd.correlation'",
        )
    }
    assert loads == {
        "ecb-exr-usd-eur-2026-05-raw.xml": [1, 1, 0],
        "eurofxref-hist.csv": [292166, 292166, 0],
        "fred-annual.csv": [993, 962, 31],
        "fred-yearly.csv": [993, 962, 31],
        "fred-monthly.csv": [17237, 16859, 378],
        **{f"fred-graph-csv_AEX{n}US.csv": [25, 25, 0] for n in ("CH", "JP", "KO")},
        "dist_cepii.xls": [602112, 225703, 0],
        "geo_cepii.xls": [1190, 1125, 0],
    }
    assert rows(con, "SELECT DISTINCT raw LIKE '%Venezuela%', rules FROM meta.quarantine") == [
        (True, "fred_quoted: stands in ref.place_code.code among iso4217")
    ]


#: The Federal Reserve's averages of 2016 per US dollar (FRED); the ECB's dollar of May 2026.
RATES_2016 = {"CNY": "6.6400", "JPY": "108.6569", "KRW": "1159.3422", "EUR": "0.9032"}


@pytest.mark.parametrize(("currency", "rate"), RATES_2016.items())
def test_the_preferred_rates_of_2016(con: duckdb.DuckDBPyConnection, currency: str, rate: str) -> None:
    query = f"SELECT rate, quoted FROM ref.exchange_rate WHERE currency = '{currency}' AND freq = 'A' AND period = '2016' AND fx_kind = 'avg' AND preferred"
    assert rows(con, query) == [(Decimal(rate), "as_printed")]


def test_rates_of_the_ecb(con: duckdb.DuckDBPyConnection) -> None:
    may = "SELECT value, published_on::VARCHAR FROM mart.indicator_figures WHERE dataset = 'ecb.exr' AND place = 'USA' AND period = '2026-05'"
    assert rows(con, may) == [(Decimal("1.16732"), "2026-06-29")]
    day = "SELECT place, value FROM mart.indicator_figures WHERE dataset = 'ecb.eurofxref' AND period = '{}' AND place IN ('CHN', 'JPN', 'USA', 'KOR') ORDER BY 1"
    assert rows(con, day.format("2026-10-30")) == [
        ("CHN", Decimal("7.4326")), ("JPN", Decimal("175.68")), ("KOR", Decimal("1491.76")), ("USA", Decimal("1.1172")),
    ]  # fmt: skip
    assert rows(con, day.format("1999-01-04")) == [
        ("CHN", None), ("JPN", Decimal("133.73")), ("KOR", Decimal("1398.59")), ("USA", Decimal("1.1789")),
    ]  # fmt: skip
    first = "SELECT min(period) FROM mart.indicator_figures WHERE dataset = 'ecb.eurofxref' AND place = 'CHN' AND value IS NOT NULL"
    assert rows(con, first) == [("2005-04-01",)]


def test_the_feds_and_the_ecbs_dollars_agree_within_one_per_cent(con: duckdb.DuckDBPyConnection) -> None:
    """A year's average of the ECB's days, worked out here and nowhere else, against the Federal Reserve's year."""
    apart = """
        WITH day AS (SELECT year, place, avg(value::DOUBLE) AS mean, count(*) AS days FROM mart.indicator_figures
            WHERE dataset = 'ecb.eurofxref' AND value IS NOT NULL GROUP BY ALL HAVING count(*) > 240),
        ecb AS (SELECT d.year, d.place, d.mean / u.mean AS rate FROM day AS d JOIN day AS u ON u.year = d.year AND u.place = 'USA')
        SELECT e.place, e.year, e.rate, f.value FROM ecb AS e
        JOIN mart.indicator_figures AS f ON f.dataset = 'federal_reserve.h10.reshaped' AND f.freq = 'A' AND f.place = e.place AND f.year = e.year
        WHERE e.place IN ('CHN', 'JPN', 'KOR') AND abs(e.rate / f.value::DOUBLE - 1) > 0.01"""
    assert rows(con, apart) == []


def test_distances(con: duckdb.DuckDBPyConnection) -> None:
    wanted = "SELECT indicator, value FROM mart.pair WHERE place = 'CHN' AND counterpart = 'JPN' ORDER BY 1"
    assert rows(con, wanted) == [
        ("distance_capitals", Decimal("2098.111")), ("distance_main_cities", Decimal("2098.111")),
        ("distance_weighted", Decimal("1974.968")), ("distance_weighted_ces", Decimal("1816.706")),
    ]  # fmt: skip
    counted = "SELECT indicator, count(*), count(value) FROM mart.pair WHERE starts_with(indicator, 'distance') GROUP BY ALL ORDER BY 1"
    assert rows(con, counted) == [
        ("distance_capitals", 50176, 50176), ("distance_main_cities", 50176, 50176),
        ("distance_weighted", 50176, 47961), ("distance_weighted_ces", 50176, 47961),
    ]  # fmt: skip
    within = "SELECT count(*) FROM mart.indicator_figures AS i JOIN mart.pair AS p ON p.place = i.place AND p.counterpart = i.place AND p.indicator = 'distance_main_cities' WHERE i.indicator = 'distance_within' AND abs(p.value - i.value) > 0.01"
    assert rows(con, within) == [(0,)]
    assert rows(con, "SELECT count(DISTINCT place) FROM mart.indicator_figures WHERE indicator = 'land_area'") == [
        (225,)
    ]


# -- code lists ------------------------------------------------------------------------------------------------


def codes(con: duckdb.DuckDBPyConnection, scheme: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for code, place in rows(con, f"SELECT code, place FROM ref.place_code WHERE scheme = '{scheme}'"):
        found.setdefault(code, set()).add(place)
    return found


def test_every_iso_code_is_a_place(con: duckdb.DuckDBPyConnection) -> None:
    listed = json.loads((SOURCES / "country-codes/pycountry_iso3166-1.json").read_text())["3166-1"]
    alpha3, alpha2, m49 = (codes(con, s) for s in ("iso3166_1_alpha3", "iso3166_1_alpha2", "m49"))
    for entry in listed:
        assert entry["alpha_3"] in alpha3.get(entry["alpha_3"], ()), entry
        assert alpha3[entry["alpha_3"]] & alpha2.get(entry["alpha_2"], set()), entry
    names = table(SOURCES / "country-codes/UNSD-M49_en.csv")
    assert len(names) > 240
    for row in names:
        found = m49.get(row["M49 Code"], set()) | m49.get(row["M49 Code"].lstrip("0"), set())
        assert row["ISO-alpha3 Code"] in found, row["Country or Area"]


def test_every_province_code_is_a_place(con: duckdb.DuckDBPyConnection) -> None:
    listed = json.loads((SOURCES / "country-codes/pycountry_iso3166-2_CN-JP-KR.json").read_text())["3166-2"]
    known = codes(con, "iso3166_2")
    wanted = {e["code"] for e in listed if not e["code"].startswith("KR")}
    assert len(wanted) == 81
    # Hong Kong, Macao and Taiwan are economies here.
    assert wanted - known.keys() <= {"CN-HK", "CN-MO", "CN-TW"}


@pytest.mark.parametrize(
    ("filename", "column", "scheme"),
    [
        ("countrycode_data_iso.csv", "iso3c", "iso3166_1_alpha3"),
        ("countrycode_data_world_bank_api.csv", "wb_api3c", "world_bank"),
        ("countrycode_data_eurostat.csv", "eurostat", "eurostat"),
    ],
)
def test_other_schemes_codes_are_places(
    con: duckdb.DuckDBPyConnection, filename: str, column: str, scheme: str
) -> None:
    known = codes(con, scheme)
    listed = {r[column] for r in table(SOURCES / "country-codes" / filename) if r[column]}
    assert len(listed) > 190
    assert sorted(listed - known.keys()) == []


def test_bacis_countries_are_places(con: duckdb.DuckDBPyConnection) -> None:
    known = codes(con, "baci")
    for path in sorted((SOURCES / "baci").glob("*/country_codes*.csv")):
        assert {r["country_code"] for r in table(path)} <= known.keys(), path


EDITIONS = {
    "h0": "HS1992", "h1": "HS1996", "h2": "HS2002", "h3": "HS2007", "h4": "HS2012", "h5": "HS2017", "h6": "HS2022",
    "s1": "SITC1", "s2": "SITC2", "s3": "SITC3", "s4": "SITC4", "b4": "BEC4", "b5": "BEC5",
}  # fmt: skip


@pytest.mark.parametrize(("short", "classification"), EDITIONS.items())
def test_products_are_those_of_comtrades_reference(
    con: duckdb.DuckDBPyConnection, short: str, classification: str
) -> None:
    (path,) = (SOURCES / "uncomtrade-reference/comtradr-tables").glob(f"cmd_{short}.csv*")
    listed = {r["id"]: (int(r["aggrlevel"]), r["parent"], r["text"]) for r in table(path) if r["id"] != "TOTAL"}
    found = {p: (n, o, t) for p, n, o, t in rows(con, f"SELECT product, level, parent, name FROM ref.product WHERE classification = '{classification}'")}  # fmt: skip
    assert found.keys() == listed.keys()
    for code, (level, parent, text) in listed.items():
        assert found[code][:2] == (level, parent), code
        # Chapters of HS 2022 came with the project before, with names of the same list.
        assert " ".join(text.split()).removeprefix(f"{code} - ") == found[code][2] or level == 2, code


def test_products_are_those_of_bacis_lists(con: duckdb.DuckDBPyConnection) -> None:
    # BACI puts the oils of 2710 together again under the code they had before 2002.
    lists = {"V202301/product_codes_HS92_V202301": "HS1992", "V202301/product_codes_HS17_V202301": "HS2017", "V202501/product_codes_HS22_V202501": "HS2022"}  # fmt: skip
    for name, classification in lists.items():
        known = {p for (p,) in rows(con, f"SELECT product FROM ref.product WHERE classification = '{classification}'")}
        listed = {r["code"].zfill(6) for r in table(SOURCES / "baci" / f"{name}.csv.gz")}
        assert len(listed) > 5000
        assert listed - known <= {"9999AA", "271000"}, name


def test_an_adopted_table_has_the_pairs_that_come_with_the_project(con: duckdb.DuckDBPyConnection) -> None:
    """Two readers, one of them no longer kept, read the same of every table."""
    columns = "from_classification, to_classification, from_product, to_product, relation, is_correlation, is_conversion, family"
    adopted = f"SELECT {columns} FROM ref.stated_correlation WHERE artifact IS NOT NULL"
    bundled = (
        f"SELECT {columns} FROM ref.stated_correlation WHERE artifact IS NULL AND (from_classification, to_classification) "
        "IN (SELECT (from_classification, to_classification) FROM ref.stated_correlation WHERE artifact IS NOT NULL)"
    )
    assert rows(con, f"{adopted} EXCEPT {bundled}") == []
    assert rows(con, f"{bundled} EXCEPT {adopted}") == []
    assert rows(con, f"SELECT count(DISTINCT (from_classification, to_classification)) FROM ({adopted})") == [(15,)]


def test_correlations_are_those_of_the_un(con: duckdb.DuckDBPyConnection) -> None:
    """One workbook and one CSV read here by other means than the bundled files were made with."""
    import pandas as pd

    book = pd.read_excel(SOURCES / "un-correlation-tables/HS2022toHS1992ConversionAndCorrelationTables.xlsx", sheet_name=1, header=1, dtype=str, engine="calamine")  # fmt: skip
    printed = {(a, b, r) for a, b, r in book.itertuples(index=False)}
    stored = "SELECT from_product, to_product, relation FROM ref.correlation WHERE from_classification = 'HS2022' AND to_classification = '{}' AND is_correlation"
    assert set(rows(con, stored.format("HS1992"))) == printed
    assert len(printed) == 18900
    listed = table(SOURCES / "un-correlation-tables/HS2022_to_BEC_Conversion_and_Correlation_Tables.csv")
    assert set(rows(con, stored.format("BEC4"))) == {
        (r["HS 2022"], r["BEC 4"], r["Relationship"]) for r in listed if r["HS 2022"]
    }
