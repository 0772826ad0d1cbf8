"""Real files of National Data and panels copied from it: all loaded to the last digit, or left with the reason.

Golden figures are those the files' readme gives, and the publisher's own as printed in the files named beside them.
"""

import csv
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tasks.intake.adopt import AdoptionResult
from tasks.load.outcome import Outcome
from tasks.publish import check
from tasks.sources.chn_nbs import SOURCE
from tests.support.loading import adopt_each_and_load
from tests.support.paths import SHARED
from warehouse import marts
from warehouse.connection import make_folders, writer
from warehouse.settings import Home, Settings

FOLDERS = (
    "nbs_easyquery_responses", "nbs_province_exports", "china_province_panels", "china_transport_network",
    "china_province_transport_2005-2023", "china_province_trade_two_bases_2016-2024",
)  # fmt: skip
TREE = "indicators of the old service"
#: Files that are not loaded, and a part of the reason given.
LEFT = {
    "cli_list_regcode.json": "without a single published figure",
    "cli_reg_query.json": "without a single published figure",
    "get_reg_cities.json": "without a single published figure",
    "stats_as_df_01.json": "without a single published figure",
    "invalid_query.json": "answered 501",
    "cli_tree_query.json": TREE,
    **{f"get_tree_{n:02d}.json": TREE for n in range(39) if n != 2},
    "requests.csv": "no source recognises",  # the collector's list of requests, no figures
    "README.md": "no source recognises",
    "one_province_indicator_rows_2016-2024.csv": "do not say of which",  # the province is named nowhere in the file
    "shoukewei_gdp_china.csv": "no source recognises",  # teaching data, two columns with planted errors
    "shoukewei_gdp_china_clean.csv": "no source recognises",
    "shoukewei_gdp_china_renamed.csv": "no source recognises",
    "ChinaCities_Swerts.csv": "no source recognises",  # agglomerations drawn by the authors, with homonyms and wrong positions
    "stations.csv": "no source recognises",  # points of drawn maps, no figures
    "tracks.csv": "no source recognises",  # lengths in mixed units, years of maps and not of openings
}
#: Rows refused, and why.
QUARANTINED = {"province_panel_2005-2024_trade.csv": (31, "correction: province_panel_trade_2006")}

#: Columns of the panel of transport, and series of the nation's, with their indicators.
LENGTHS = {
    "高速等级公路里程(万公里)": "expressway_length", "公路里程(万公里)": "highway_length", "铁路营业里程(万公里)": "railway_length",
}  # fmt: skip
NATION = {name.replace("高速等级公路", "高速等级路公路"): indicator for name, indicator in LENGTHS.items()}


@dataclass(frozen=True)
class Loaded:
    """All files, what became of them, and the warehouse they were loaded into."""

    con: duckdb.DuckDBPyConnection
    files: list[Path]
    taken: dict[str, AdoptionResult]
    outcomes: dict[str, Outcome]

    def values(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of a query."""
        return self.con.execute(query).fetchall()


@pytest.fixture(scope="module")
def loaded(
    shared: Path, tmp_path_factory: pytest.TempPathFactory, settings: Settings, warehouse_template: Path
) -> Iterator[Loaded]:
    """Every file of the folders, adopted one by one and loaded together."""
    files = sorted(p for f in FOLDERS for p in (SHARED / "regional" / f).rglob("*") if p.is_file())
    home = Home(tmp_path_factory.mktemp("nbs"))
    make_folders(home)
    shutil.copyfile(warehouse_template, home.warehouse)
    with writer(home, settings) as con:
        taken, outcomes = adopt_each_and_load(con, home, settings, SOURCE, files)
        marts.store(con)
        yield Loaded(con, files, taken, outcomes)


@pytest.mark.usefixtures("shared")
class TestNationalData:
    """What the files hold."""

    def test_every_file_is_loaded_or_left_with_its_reason(self, loaded: Loaded) -> None:
        names = {p.name for p in loaded.files}
        assert names == set(loaded.outcomes) | set(LEFT)
        for name, reason in LEFT.items():
            assert loaded.taken[name].source is None, name
            assert reason in loaded.taken[name].message, name
        assert {n: str(o.fault) for n, o in loaded.outcomes.items() if o.fault} == {}

    def test_nothing_is_quarantined_but_what_is_declared_wrong(self, loaded: Loaded) -> None:
        refused = {n: o.rows_quarantined for n, o in loaded.outcomes.items() if o.rows_quarantined}
        assert refused == {name: rows for name, (rows, _) in QUARANTINED.items()}
        for filename, rules, rows in loaded.values(
            "SELECT filename, rules, count(*) FROM meta.quarantine GROUP BY ALL"
        ):
            assert rules.startswith(QUARANTINED[filename][1])
            assert rows == QUARANTINED[filename][0]

    def test_files_have_the_rows_their_readme_says(self, loaded: Loaded) -> None:
        rows = {name: o.rows_accepted for name, o in loaded.outcomes.items()}
        # 31 provinces by the years that are not empty: the newest, and the years of censuses.
        assert rows["gdp_2006-2024_retrieved2026.gb18030.csv"] == 31 * 19
        assert rows["gdp_2011-2025_retrieved2026.csv"] == 31 * 14
        assert rows["gdp_2005-2023_retrieved2025.xls"] == 31 * 19
        assert rows["gdp_2019-2023_retrieved2024_header_stripped.gb18030.csv"] == 31 * 4
        assert rows["gdp.xlsx"] == 31 * 31
        assert rows["population.xlsx"] == 31 * 23
        assert rows["population_sample_survey_2006-2025.gb18030.csv"] == 31 * 17
        assert rows["stats_as_df_00.json"] == 10  # twelve months, two of them not published

    def test_liaonings_product_of_2016_as_it_was_known_from_year_to_year(self, loaded: Loaded) -> None:
        of = "dataset = 'nbs.province_annual' AND place = 'CN-LN' AND indicator = 'gdp' AND period = '2016'"
        versions = loaded.values(
            f"SELECT printed_value, value FROM core.indicator_versions WHERE {of} ORDER BY published_on"
        )
        assert versions == [("20392.5", Decimal(2039250000000)), ("20832.0", Decimal(2083200000000))]
        known = {
            d: loaded.values(f"SELECT printed_value FROM mart.indicator_figures_as_of('{d}') WHERE {of}")
            for d in ("2023-01-01", "2026-01-01")
        }
        assert known == {"2023-01-01": [], "2026-01-01": [("20392.5",)]}
        # The edition of 2020 is held only by a panel that does not say when it was taken.
        panel = "SELECT printed_value FROM mart.indicator_figures WHERE dataset = 'nbs.panel_province_2005_2024' AND place = 'CN-LN' AND indicator = 'gdp' AND period = '2016'"
        assert loaded.values(panel) == [("22246.9",)]

    def test_tianjins_product_of_2017_fell_by_a_third(self, loaded: Loaded) -> None:
        found = "SELECT DISTINCT dataset, printed_value FROM core.indicator_versions WHERE place = 'CN-TJ' AND indicator = 'gdp' AND period = '2017' AND dataset LIKE 'nbs.%annual' ORDER BY ALL"
        assert loaded.values(found) == [
            ("nbs.city_annual", "18549.19"), ("nbs.province_annual", "12450.6"), ("nbs.province_annual", "12468.2"),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("place", "indicator", "period", "printed", "value"),
        [
            # gdp_2006-2024_retrieved2026 and gdp_2011-2025_retrieved2026 (亿元)
            ("CN-LN", "gdp", "2024", "32540.8", 3_254_080_000_000),
            ("CN-LN", "gdp", "2020", "25839.0", 2_583_900_000_000),
            ("CN-JL", "gdp", "2024", "14305.0", 1_430_500_000_000),
            ("CN-JL", "gdp", "2018", "11437.4", 1_143_740_000_000),
            ("CN-HL", "gdp", "2024", "16478.1", 1_647_810_000_000),
            ("CN-HL", "gdp", "2015", "12023.2", 1_202_320_000_000),
            # population.xlsx and population_resident_2015-2024 (万人)
            ("CN-BJ", "population", "2024", "2183", 21_830_000),
            ("CN-BJ", "population", "2012", "2078", 20_780_000),
            ("CN-XJ", "population", "2015", "2385", 23_850_000),
            # fiscal_expenditure_2011-2025_retrieved2026 (亿元)
            ("CN-LN", "local_fiscal_expenditure", "2024", "6860.03", 686_003_000_000),
            ("CN-JL", "local_fiscal_expenditure", "2014", "2913.25", 291_325_000_000),
            # the sample of 2015 is one in a hundred, of 2016 one in a thousand
            ("CN-BJ", "population_sample_count", "2015", "335775", 335_775),
            ("CN-BJ", "population_sample_count", "2016", "18132", 18_132),
            ("CN-XZ", "fixed_investment_funds_growth", "2024", "35.2", Decimal("35.2")),
            ("CN-GD", "public_technical_staff", "2010", None, None),
        ],
    )  # fmt: skip
    def test_figures_to_the_publishers_last_digit(
        self, loaded: Loaded, place: str, indicator: str, period: str, printed: str | None, value: Decimal | None
    ) -> None:
        found = loaded.values(
            f"SELECT printed_value, value FROM mart.indicator_figures WHERE dataset = 'nbs.province_annual' AND place = '{place}' "
            f"AND indicator = '{indicator}' AND period = '{period}'"
        )
        if printed is None:
            assert len(found) == 1
        else:
            assert found == [(printed, value)]

    def test_months_of_the_recorded_answers(self, loaded: Loaded) -> None:
        found = "SELECT period, indicator, printed_value FROM mart.indicator_figures WHERE dataset = 'nbs.national_monthly' AND place = 'CHN' AND period IN ('2021-12', '2022-01', '2024-02', '2024-12') ORDER BY ALL"
        assert [r for r in loaded.values(found) if r[1] in ("money_supply_m2", "industrial_value_added_growth")] == [
            ("2021-12", "money_supply_m2", "2382899.56"),
            ("2022-01", "money_supply_m2", "2431022.72"),
            ("2024-12", "industrial_value_added_growth", "6.2"),
        ]

    @pytest.mark.parametrize(
        ("table", "condition", "total"),
        [
            # China's exports of 2012 less Tibet's, in 10,000 dollars (the panel's readme); the nation had 2,048.7 billion.
            ("trade", "flow = 'export' AND period = '2012'", 204_669_074 * 10_000),
            ("indicator", "indicator = 'railway_length' AND period = '2012'", None),
            ("indicator", "indicator = 'highway_length' AND period = '2012'", 4_172_309),
        ],
    )
    def test_sums_of_provinces_in_the_panel(
        self, loaded: Loaded, table: str, condition: str, total: int | None
    ) -> None:
        found = loaded.values(
            f"SELECT sum(value), count(*) FROM mart.{table}_figures WHERE dataset = 'nbs.panel_carbonemission' AND {condition}"
        )
        ((value, provinces),) = found
        assert provinces == 30
        if total is None:  # kilometres with decimals; the readme gives 97,094
            assert round(value) == 97_094
        else:
            assert value == total

    def test_trade_of_the_northeast_to_the_last_digit(self, loaded: Loaded) -> None:
        found = loaded.values(
            "SELECT place, period, printed_value, printed_unit FROM mart.indicator_figures WHERE dataset = 'nbs.panel_province_2005_2024' "
            "AND indicator = 'goods_trade_total' AND place IN ('CN-LN', 'CN-JL', 'CN-HL') AND period IN ('2012', '2024') ORDER BY ALL"
        )
        assert found == [
            ("CN-HL", "2012", "3759029.1", "万美元"), ("CN-HL", "2024", "3122.05", "亿元"),
            ("CN-JL", "2012", "2456300.9", "万美元"), ("CN-JL", "2024", "1764.21", "亿元"),
            ("CN-LN", "2012", "10408999.7", "万美元"), ("CN-LN", "2024", "7640.38", "亿元"),
        ]  # fmt: skip
        exports = loaded.values(
            "SELECT reporter, value_usd, valuation, basis FROM mart.trade_figures WHERE dataset = 'nbs.panel_carbonemission' "
            "AND period = '2012' AND reporter IN ('CN-LN', 'CN-JL', 'CN-HL') ORDER BY ALL"
        )
        assert exports == [
            ("CN-HL", 9_907_610_000, "FOB", "goods_place"), ("CN-JL", 6_027_710_000, "FOB", "goods_place"),
            ("CN-LN", 52_517_150_000, "FOB", "goods_place"),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("place", "year", "measure", "value", "dataset"),
        [
            # gdp_2006-2024_retrieved2026 (亿元)
            ("CN-LN", 2006, "gdp_cny", 848_930_000_000, "nbs.province_annual"),
            ("CN-LN", 2016, "gdp_cny", 2_083_200_000_000, "nbs.province_annual"),
            ("CN-LN", 2024, "gdp_cny", 3_254_080_000_000, "nbs.province_annual"),
            ("CN-JL", 2006, "gdp_cny", 327_150_000_000, "nbs.province_annual"),
            ("CN-JL", 2016, "gdp_cny", 1_060_350_000_000, "nbs.province_annual"),
            ("CN-JL", 2023, "gdp_cny", 1_394_270_000_000, "nbs.province_annual"),
            ("CN-HL", 2006, "gdp_cny", 538_610_000_000, "nbs.province_annual"),
            ("CN-HL", 2016, "gdp_cny", 1_228_090_000_000, "nbs.province_annual"),
            ("CN-HL", 2024, "gdp_cny", 1_647_810_000_000, "nbs.province_annual"),
            # population_resident_2015-2024 (万人); before 2000 the panel alone
            ("CN-LN", 2015, "population", 43_380_000, "nbs.province_annual"),
            ("CN-LN", 2024, "population", 41_550_000, "nbs.province_annual"),
            ("CN-JL", 2020, "population", 23_990_000, "nbs.province_annual"),
            ("CN-HL", 2024, "population", 30_290_000, "nbs.province_annual"),
            ("CN-HL", 1998, "population", 37_730_000, "nbs.panel_carbonemission"),
            # carbonemission-china.csv: Export in 10,000 USD, Highway and Railway in km, Foreign_Investment in 100 million USD
            ("CN-LN", 1998, "exports_by_goods_place_usd", 7_625_050_000, "nbs.panel_carbonemission"),
            ("CN-LN", 2019, "exports_by_goods_place_usd", 55_803_740_000, "nbs.panel_carbonemission"),
            ("CN-JL", 1998, "exports_by_goods_place_usd", 1_107_150_000, "nbs.panel_carbonemission"),
            ("CN-JL", 2019, "exports_by_goods_place_usd", 5_279_730_000, "nbs.panel_carbonemission"),
            ("CN-HL", 2012, "exports_by_goods_place_usd", 9_907_610_000, "nbs.panel_carbonemission"),
            ("CN-LN", 2019, "railway_km", 6512, "nbs.panel_carbonemission"),
            ("CN-JL", 2012, "railway_km", Decimal("4398.4"), "nbs.panel_carbonemission"),
            ("CN-HL", 2019, "highway_km", 168_710, "nbs.panel_carbonemission"),
            ("CN-JL", 2019, "foreign_investment_registered_usd", 64_297_000_000, "nbs.panel_carbonemission"),
            # province_panel_2005-2024_trade.csv (万美元)
            ("CN-LN", 2012, "goods_trade_total_usd", 104_089_997_000, "nbs.panel_province_2005_2024"),
            ("CN-JL", 2012, "goods_trade_total_usd", 24_563_009_000, "nbs.panel_province_2005_2024"),
            ("CN-HL", 2012, "goods_trade_total_usd", 37_590_291_000, "nbs.panel_province_2005_2024"),
        ],
    )
    def test_the_profile_of_the_northeast(
        self, loaded: Loaded, place: str, year: int, measure: str, value: Decimal, dataset: str
    ) -> None:
        found = loaded.values(
            f"SELECT {measure}, provenance->'{measure}'->>'source', provenance->'{measure}'->>'dataset' "
            f"FROM mart.province_profile WHERE place = '{place}' AND year = {year}"
        )
        assert found == [(value, "chn.nbs", dataset)]

    def test_every_length_is_as_printed(self, loaded: Loaded, shared: Path) -> None:
        """All cells of the two files, null for none; expressways of Tibet have no figure in 2005 and 2007-2013, and 0.0 is one."""
        folder = shared / "regional" / "china_province_transport_2005-2023"
        names = dict(
            loaded.values("SELECT name, place FROM ref.place_name WHERE language = 'zh' AND place LIKE 'CN-__'")
        )
        provinces = json.loads((folder / "merged_provincial_data.json").read_text(encoding="utf-8"), parse_float=str)
        nation = json.loads((folder / "yeardatas_converted.json").read_text(encoding="utf-8"), parse_float=str)
        printed = {
            (names[province], indicator, row["年份"]): row[name]
            for province, rows in provinces.items()
            for row in rows
            for name, indicator in LENGTHS.items()
            if row[name] is not None
        } | {
            ("CHN", indicator, row["年份"]): row["数值"]
            for name, indicator in NATION.items()
            for row in nation[name]
        }  # fmt: skip
        found = loaded.values(
            "SELECT place, indicator, period, printed_value, value FROM mart.indicator_figures WHERE dataset LIKE 'nbs.panel_transport_%'"
        )
        assert {row[:3]: row[3] for row in found} == printed
        assert all(row[4] == Decimal(row[3]) * 10_000 for row in found)
        assert sorted(year for place, name, year in printed if (place, name) == ("CN-XZ", "expressway_length")) == [
            "2006", *map(str, range(2014, 2024))
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("indicator", "year", "provinces", "nation"),
        [
            ("expressway_length", 2005, "4.10", "4.10"), ("expressway_length", 2010, "7.45", "7.41"), ("expressway_length", 2012, "9.61", "9.62"),
            ("expressway_length", 2015, "12.31", "12.35"), ("expressway_length", 2020, "16.09", "16.10"), ("expressway_length", 2023, "18.35", "18.36"),
            ("railway_length", 2005, "7.56", "7.54"), ("railway_length", 2012, "9.78", "9.76"), ("railway_length", 2023, "15.88", "15.87"),
            ("highway_length", 2012, "423.76", "423.75"), ("highway_length", 2019, "501.25", "501.25"),
            # without village roads, and with them
            ("highway_length", 2005, "193.03", "334.52"),
        ],
    )  # fmt: skip
    def test_lengths_of_the_provinces_and_of_the_nation(
        self, loaded: Loaded, indicator: str, year: int, provinces: str, nation: str
    ) -> None:
        """As the readme adds them up, in 10,000 km."""
        found = loaded.values(
            "SELECT sum(value) FILTER (place <> 'CHN') / 10000, sum(value) FILTER (place = 'CHN') / 10000 FROM mart.indicator_figures "
            f"WHERE dataset LIKE 'nbs.panel_transport_%' AND indicator = '{indicator}' AND year = {year}"
        )
        assert found == [(float(provinces), float(nation))]

    def test_expressways_of_the_profile_are_there_for_31_provinces(self, loaded: Loaded) -> None:
        found = loaded.values(
            "SELECT year, count(expressway_km), count(railway_km), count(highway_km) FROM mart.province_profile WHERE year BETWEEN 2005 AND 2023 GROUP BY year"
        )
        # Tibet has no figure of expressways in 2005 and 2007 to 2013, and none of railways before its railway of 2006.
        assert {year: counts for year, *counts in found} == {
            year: [30 if year in (2005, *range(2007, 2014)) else 31, 30 if year == 2005 else 31, 31]
            for year in range(2005, 2024)
        }

    def test_trade_of_the_provinces_on_both_bases(self, loaded: Loaded, shared: Path) -> None:
        """Every cell, and the sums of the readme: the same national total on both bases, billion dollars."""
        totals = {
            2016: "3685.6", 2017: "4107.2", 2018: "4622.4", 2019: "4577.9", 2020: "4655.9", 2021: "5995.8", 2022: "6250.9", 2023: "5935.9", 2024: "6159.0",
        }  # fmt: skip
        for code, indicator in (("A060101", "goods_trade_total"), ("A060201", "goods_trade_total_by_goods_place")):
            path = shared / "regional" / "china_province_trade_two_bases_2016-2024" / f"{code}.csv"
            with path.open(encoding="utf-8-sig", newline="") as file:
                printed = {(row["region_code"], int(row["year"])): row["display_value"] for row in csv.DictReader(file)}
            found = loaded.values(
                "SELECT c.code, f.year, f.printed_value, f.value FROM mart.indicator_figures AS f JOIN ref.place_code AS c ON c.scheme = 'nbs' "
                f"AND c.place = f.place WHERE f.dataset = 'nbs.province_annual' AND f.indicator = '{indicator}' AND f.unit = 'USD'"
            )
            assert {(region, year): text for region, year, text, _ in found} == printed
            sums = {year: sum(value for _, y, _, value in found if y == year) for year in totals}
            # 2022 adds up to 6,250.95, and 2023 to 5,935.94 by operator and 5,936.02 by place of the goods.
            assert [
                year for year, total in sums.items() if abs(total / 10**9 - Decimal(totals[year])) > Decimal("0.13")
            ] == []

    @pytest.mark.parametrize(
        ("place", "year", "operator", "goods_place"),
        [
            ("CN-LN", 2016, "86.56", "96.13"), ("CN-LN", 2018, "114.60", "134.08"), ("CN-LN", 2021, "119.22", "151.89"), ("CN-LN", 2024, "107.38", "140.33"),
            ("CN-JL", 2016, "18.45", "19.24"), ("CN-JL", 2018, "20.68", "21.54"), ("CN-JL", 2021, "23.24", "24.37"), ("CN-JL", 2024, "24.79", "24.04"),
            ("CN-HL", 2016, "16.54", "13.94"), ("CN-HL", 2018, "26.44", "23.74"), ("CN-HL", 2021, "30.85", "28.71"), ("CN-HL", 2024, "43.88", "39.88"),
        ],
    )  # fmt: skip
    def test_trade_of_the_northeast_on_both_bases(
        self, loaded: Loaded, place: str, year: int, operator: str, goods_place: str
    ) -> None:
        """The readme's table, billion dollars."""
        ((by_operator, by_goods_place),) = loaded.values(
            f"SELECT goods_trade_total_usd, goods_trade_total_by_goods_place_usd FROM mart.province_profile WHERE place = '{place}' AND year = {year}"
        )
        assert (round(by_operator / 10**9, 2), round(by_goods_place / 10**9, 2)) == (
            Decimal(operator),
            Decimal(goods_place),
        )

    def test_the_northeast_as_a_region(self, loaded: Loaded) -> None:
        found = "SELECT gdp_cny, population, exports_by_goods_place_usd, member_places FROM mart.region_profile WHERE place = 'CN_NORTHEAST' AND year = 2019"
        # 25665.9 + 11949.4 + 13962.5; 4277 + 2448 + 3255; 5580374 + 527973 + 562729
        assert loaded.values(found) == [(5_157_780_000_000, 99_800_000, 66_710_760_000, "CN-HL;CN-JL;CN-LN")]

    def test_sums_of_provinces_against_the_nation(self, loaded: Loaded) -> None:
        total = "SELECT round(sum(value) / 1e9) FROM mart.indicator_figures WHERE dataset = 'nbs.panel_province_2005_2024' AND indicator = 'goods_trade_total' AND period = '{}'"
        # As published: 1,421.9 billion dollars in 2005, 3,867.1 in 2012, 24.34 trillion yuan in 2016.
        assert [loaded.values(total.format(y)) for y in ("2005", "2012", "2016")] == [[(1422,)], [(3867,)], [(24339,)]]
        assert loaded.values(total.format("2006")) == [(None,)]

    def test_the_checks_of_the_warehouse_pass(self, loaded: Loaded) -> None:
        assert [f for f in check.run(loaded.con, with_schemas=False) if not f.passed] == []

    def test_without_the_correction_the_wrong_year_would_be_found(
        self, loaded: Loaded, settings: Settings, warehouse_template: Path, tmp_path: Path
    ) -> None:
        other = Home(tmp_path / "other")
        make_folders(other)
        shutil.copyfile(warehouse_template, other.warehouse)
        path = next(p for p in loaded.files if p.name == "province_panel_2005-2024_trade.csv")
        with writer(other, settings) as con:
            con.execute("DELETE FROM ref.correction")
            adopt_each_and_load(con, other, settings, SOURCE, [path])
            con.execute(
                "INSERT INTO core.indicator SELECT * REPLACE ('CHN' AS place, 1760439000000 AS value) FROM core.indicator "
                "WHERE indicator = 'goods_trade_total' AND period = '2006' AND place = 'CN-LN'"
            )
            found = {f.name: f for f in check.run(con, with_schemas=False)}["provinces_fit_the_nation"]
        assert (found.passed, found.violations) == (False, 1)
        assert "2006" in str(found.example)
