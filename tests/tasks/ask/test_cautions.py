"""Cautions say what a sum adds that must not be added, and which place a text means; right queries get none."""

from collections.abc import Iterator

import duckdb
import pytest

from schemas.base import columns
from schemas.mart import VIEWS
from tasks.ask import cautions as steps
from tasks.ask import summing
from tasks.ask.asked_marts import Marts
from tasks.load import reference
from warehouse import ddl, marts

#: Rows of facts: China's exports have a published total, Japan's have none.
TRADE = """
SELECT reporter, partner, 2019 AS year, 100 AS exports_usd, 50 AS imports_usd,
    {'total_method': CASE reporter WHEN 'CHN' THEN 'published' ELSE 'none published' END} AS exports_from
FROM (VALUES ('CHN', 'JPN'), ('CHN', 'KOR'), ('JPN', 'CHN'), ('JPN', 'KOR')) AS t(reporter, partner)
"""
INDICATOR = """
SELECT * FROM (VALUES
    ('CHN', 'economy', 'gdp', 'CNY', 2016, 'places of one kind'), ('JPN', 'economy', 'gdp', 'JPY', 2016, 'places of one kind'),
    ('CN-LN', 'province', 'gdp', 'CNY', 2016, 'places of one kind'), ('CN-HL', 'province', 'gdp', 'CNY', 2016, 'places of one kind'),
    ('CN-LN', 'province', 'gdp_growth', 'percent', 2016, 'nothing'), ('CN-HL', 'province', 'gdp_growth', 'percent', 2016, 'nothing')
) AS t(place, place_kind, indicator, unit, year, additive_over)
"""


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """All marts, without figures; trade, trade_chapters, fdi, fdi_china_by_origin and indicator are tables with a few rows."""
    with duckdb.connect() as con:
        ddl.create_tables(con)
        reference.load(con)
        marts.store(con)
        ddl.describe(con)
        for mart in ("trade", "trade_chapters", "fdi", "fdi_china_by_origin", "indicator"):
            make_table(con, mart)
        for mart in ("trade", "trade_chapters"):
            con.execute(f"ALTER TABLE mart.{mart} DROP exports_from")
            con.execute(f"ALTER TABLE mart.{mart} ADD exports_from STRUCT(total_method VARCHAR)")
            con.execute(f"INSERT INTO mart.{mart} BY NAME {TRADE}")
        con.execute(f"INSERT INTO mart.indicator BY NAME SELECT *, 1 AS value, 1 AS value_usd FROM ({INDICATOR})")
        con.execute(
            "INSERT INTO mart.fdi_china_by_origin BY NAME SELECT 'JPN' AS origin, 2016 AS year, 1 AS value_usd, 'none published' AS total_method"
        )
        yield con


def make_table(con: duckdb.DuckDBPyConnection, mart: str) -> None:
    """Put an empty table of the same columns in the place of a mart."""
    con.execute(f"CREATE TABLE copied AS FROM mart.{mart} LIMIT 0")
    stored = con.execute(
        "SELECT 1 FROM duckdb_tables() WHERE schema_name = 'mart' AND table_name = ?", [mart]
    ).fetchall()
    con.execute(f"DROP {'TABLE' if stored else 'VIEW'} mart.{mart}")
    con.execute(f"CREATE TABLE mart.{mart} AS FROM copied; DROP TABLE copied")


def of(con: duckdb.DuckDBPyConnection, query: str) -> list[str]:
    """The cautions for a query that DuckDB runs; faults of the reading are not hidden."""
    con.sql(query)
    found = list(dict.fromkeys(steps._cautions(con, query)))
    assert steps.cautions(con, query) == found
    return found


PINNED_BUT_FLOW = (
    "is_preferred AND freq = 'A' AND product_level = 'total' AND partner_kind = 'economy' AND reporter = 'CHN'"
)
PINNED = f"{PINNED_BUT_FLOW} AND flow = 'export'"
FDI_PINNED = (
    "is_preferred AND freq = 'A' AND concept = 'mofcom_utilised' AND accounting = 'flow' AND direction = 'inward' "
    "AND counterpart = 'WLD' AND reporter = 'CHN'"
)

#: Questions in the form in which they are right, over the facts.
RIGHT = [
    "SELECT sum(mofcom_utilised_usd) FROM fdi WHERE reporter = 'CHN' AND counterpart = 'JPN' AND year = 2012",
    "SELECT sum(exports_usd) FROM trade WHERE reporter = 'CHN' AND year = 2019",
    "SELECT sum(imports_usd) FROM trade WHERE reporter = 'JPN' AND partner = 'CHN' AND year = 2016",
    "SELECT sum(exports_by_goods_place_usd) FROM trade_provinces WHERE province = 'CN-LN' AND year = 2012",
    "SELECT sum(position_inward_usd) FROM fdi WHERE reporter = 'CHN' AND year = 2016",
    "SELECT sum(unctad_inflow_usd) FROM fdi WHERE year = 2022",
    "SELECT sum(utilised_usd) FROM fdi_provinces WHERE year = 1998",
    "SELECT sum(total_usd) FROM both_import WHERE exporter IN ('CHN', 'JPN') AND importer IN ('CHN', 'JPN') AND year = 2021",
    "SELECT sum(value) FROM indicator WHERE indicator = 'gdp' AND place_kind = 'province' AND year = 2016",
    "SELECT sum(bases) FROM presence WHERE origin = 'JPN' AND year = 2017",
    "SELECT sum(length_km) FROM milestones WHERE kind = 'high_speed_rail'",
    "SELECT sum(value) FROM indicator WHERE unit = 'LCU'",
    "SELECT sum(value) FROM indicator WHERE indicator = 'gdp' AND unit = 'CNY' AND year = 2016 AND place IN ('CN-LN', 'CN-HL')",
    "SELECT sum(value_usd) / 1e9 FROM indicator WHERE indicator = 'gdp' AND unit = 'CNY' AND place_kind = 'province' AND year = 2016",
    "SELECT sum(exports_usd * 0.9434) FROM trade WHERE reporter = 'CHN' AND year = 2019",
    "SELECT sum(t.exports_usd * r.average) FROM trade AS t JOIN exchange_rates AS r ON r.year = t.year AND r.currency = 'CNY' "
    "AND r.freq = 'A' WHERE t.reporter = 'CHN' AND t.year = 2019",
    "SELECT sum(exports_usd) FROM trade WHERE reporter = 'CHN' AND year = 2019 AND partner <> 'WLD'",
    "SELECT count(*) FROM trade WHERE partner = 'WLD' OR reporter = 'WLD'",
    "SELECT sum(exports_usd) FROM trade WHERE reporter = 'CHN' AND exports_from.total_method = 'published'",
    "SELECT sum(exports_usd) FROM trade WHERE year = 2019 AND exports_from.total_method <> 'none published'",
    "SELECT sum(value_usd) FROM fdi_china_by_origin WHERE origin = place('EU') AND year = 2016",
    "SELECT (SELECT count(*) FROM fdi JOIN ref.place AS p ON p.place IN (reporter, counterpart) WHERE p.is_aggregate) "
    "+ (SELECT count(*) FROM trade JOIN ref.place AS p ON p.place IN (reporter, partner) WHERE p.is_aggregate)",
    "SELECT mofcom_utilised_from.spread FROM fdi WHERE reporter = 'CHN' AND counterpart = 'JPN' AND year = 2012",
    "SELECT count(*) FROM (SELECT 1 FROM indicator GROUP BY place, indicator, unit, year HAVING count(*) > 1)",
    "SELECT max(year) FILTER (is_seam AND year <= 2006) FROM indicator WHERE place = 'CN-LN' AND indicator = 'gdp'",
    "SELECT CAST(count(value_usd * 0.9434) > 0 AS INTEGER) FROM trade_figures",
    "SELECT sum(exports_usd + imports_usd) FROM trade WHERE reporter = 'CHN'",
    "SELECT sum(exports_usd) + sum(imports_usd) FROM trade WHERE reporter = 'CHN'",
    "SELECT sum(exports_usd) - sum(re_exports_usd) FROM trade WHERE reporter = 'CHN'",
    "SELECT sum(exports_usd - coalesce(re_exports_usd, 0)) FROM trade WHERE reporter = 'CHN'",
    "SELECT mofcom_utilised_usd - bop_inward_usd AS difference FROM fdi",
    "SELECT exports_by_operator_usd / imports_by_goods_place_usd FROM trade_provinces",
    # by columns of GROUP BY, in each of its forms
    "SELECT indicator, unit, place_kind, sum(value) FROM indicator WHERE indicator <> 'gdp_growth' GROUP BY indicator, unit, place_kind",
    "SELECT indicator AS i, unit, place_kind, sum(value) FROM indicator WHERE i <> 'gdp_growth' GROUP BY ALL",
    "SELECT indicator AS i, unit, place_kind, sum(value) FROM indicator WHERE i <> 'gdp_growth' GROUP BY 1, 2, place_kind",
    "SELECT place, indicator, unit, sum(value) FROM indicator GROUP BY ALL",
    # over figures, with what must be fixed
    f"SELECT year, sum(value_usd) FROM trade_figures WHERE {PINNED} GROUP BY year",
    f"SELECT sum(value_usd) FROM mart.trade_figures AS f WHERE f.{PINNED.replace(' AND ', ' AND f.')}",
    f"WITH chosen AS (SELECT * FROM trade_figures WHERE {PINNED}) SELECT sum(value_usd) FROM chosen",
    f"SELECT sum(v) FROM (SELECT value_usd AS v, flow AS f FROM trade_figures WHERE {PINNED_BUT_FLOW}) WHERE f = 'export'",
    f"SELECT sum(value_usd) FILTER (flow = 'export') FROM trade_figures WHERE {PINNED_BUT_FLOW}",
    f"SELECT sum(CASE WHEN flow = 'export' THEN value_usd ELSE 0 END) FROM trade_figures WHERE {PINNED_BUT_FLOW}",
    f"SELECT sum(value_usd) FROM trade_figures_as_of('2022-06-01') WHERE {PINNED}",
    f"SELECT sum(value_usd) FROM trade_figures JOIN (SELECT 'export' AS flow) USING (flow) WHERE flow = 'export' AND {PINNED_BUT_FLOW}",
    f"SELECT sum(value_usd) FROM fdi_figures WHERE {FDI_PINNED}",
    "SELECT count(*) FROM trade_figures",
    "SELECT value_usd FROM trade_figures WHERE reporter = 'CHN'",
    "SELECT max(value_usd) FROM trade_figures",
]  # fmt: skip


@pytest.mark.parametrize("query", RIGHT)
def test_a_right_query_gets_no_caution(con: duckdb.DuckDBPyConnection, query: str) -> None:
    assert of(con, query) == []


FIGURES = "figures of several publishers and editions"
PERIODS = "years, quarters, months and cumulative periods"
#: What is added, by the condition that is left out.
LEFT_OUT = {
    "is_preferred": FIGURES, "freq = 'A'": PERIODS, "flow = 'export'": "exports, imports and parts of them",
    "product_level = 'total'": "all goods and their parts", "partner_kind = 'economy'": "partners of several kinds",
    "reporter = 'CHN'": "reporters of several kinds",
}  # fmt: skip
FDI_LEFT_OUT = {
    "is_preferred": FIGURES, "freq = 'A'": PERIODS, "concept = 'mofcom_utilised'": "different concepts of investment",
    "accounting = 'flow'": "flows, positions and income", "direction = 'inward'": "inward and outward investment",
    "counterpart = 'WLD'": "counterparts of several kinds", "reporter = 'CHN'": "reporters of several kinds",
}  # fmt: skip


@pytest.mark.parametrize(
    ("mart", "pinned", "left_out", "mixed"),
    [
        *(("trade_figures", PINNED, condition, mixed) for condition, mixed in LEFT_OUT.items()),
        *(("fdi_figures", FDI_PINNED, condition, mixed) for condition, mixed in FDI_LEFT_OUT.items()),
    ],
)
@pytest.mark.parametrize("function", ["sum", "avg", "count"])
def test_a_sum_over_figures_names_what_is_not_fixed(
    con: duckdb.DuckDBPyConnection, mart: str, pinned: str, left_out: str, mixed: str, function: str
) -> None:
    (caution,) = of(con, f"SELECT {function}(value_usd) FROM {mart} WHERE {pinned.replace(left_out, 'true')}")
    assert caution.startswith(f"{function}(value_usd) over {mart} ")
    assert mixed in caution
    assert ";" not in caution  # one thing, and no other
    assert f"ask {mart.removesuffix('_figures')}, " in caution
    assert " or add the condition " in caution


ALL_OF_TRADE = [*LEFT_OUT.values()]


@pytest.mark.parametrize(
    ("query", "mixed"),
    [
        ("SELECT sum(value_usd) FROM trade_figures", ALL_OF_TRADE),
        ("SELECT reporter, sum(value_usd) FROM mart.trade_figures GROUP BY reporter", ALL_OF_TRADE[:-1]),
        ("FROM trade_figures SELECT sum(value_usd)", ALL_OF_TRADE),
        ("SELECT 1 + (SELECT sum(f.value_usd) FROM trade_figures AS f) AS n", ALL_OF_TRADE),
        ("SELECT sum(value_usd) FROM trade_figures WHERE NOT is_preferred", ALL_OF_TRADE),
        ("SELECT sum(value_usd) FROM trade_figures WHERE freq IN ('A', 'M')", ALL_OF_TRADE),
        ("SELECT sum(value_usd) FROM trade_figures WHERE partner <> 'WLD' OR flow = 'export'", ALL_OF_TRADE),
        ("SELECT sum(value_usd) FROM trade_figures_as_of('2022-06-01')", ALL_OF_TRADE),
        ("SELECT sum(value_usd) OVER (PARTITION BY reporter) FROM trade_figures", ALL_OF_TRADE[:-1]),
        (f"SELECT sum(v) FROM (SELECT flow, sum(value_usd) AS v FROM trade_figures WHERE {PINNED_BUT_FLOW} GROUP BY flow)", ["exports, imports and parts of them"]),
        (f"WITH a AS (FROM trade_figures WHERE {PINNED_BUT_FLOW}), b AS (SELECT value_usd * 2 AS twice FROM a) SELECT sum(twice) FROM b", ["exports, imports and parts of them"]),
        (f"SELECT sum(v) FROM (SELECT value_usd AS v FROM trade_figures WHERE {PINNED} UNION ALL SELECT value_usd FROM trade_figures WHERE {PINNED_BUT_FLOW})", ["exports, imports and parts of them"]),
        ("SELECT sum(value) FROM presence_figures WHERE is_preferred AND freq = 'A' AND place = 'CHN' AND origin = 'JPN'", ["different counting units"]),
        ("SELECT sum(value) FROM indicator_figures WHERE is_preferred AND freq = 'A' AND place_kind = 'economy' AND unit = 'USD'", ["different indicators"]),
        ("SELECT sum(value) FROM indicator_figures WHERE is_preferred AND freq = 'A' AND place_kind = 'economy' AND unit = 'LCU' AND indicator = 'a'",
         ["currencies of several places"]),
        ("SELECT sum(value) FROM indicator WHERE year = 2016", ["different indicators", "different units", "places of several kinds"]),
        ("SELECT year, avg(value) FROM indicator WHERE indicator = 'gdp' GROUP BY year", ["different units", "places of several kinds"]),
        ("SELECT sum(value) FROM indicator WHERE indicator = 'gdp' AND unit = 'CNY'", ["places of several kinds"]),
        ("SELECT sum(value) FROM indicator WHERE indicator = 'gdp' AND place_kind = 'economy'", ["different units"]),
        ("SELECT sum(value_usd) FROM indicator WHERE indicator = 'gdp'", ["places of several kinds"]),
        ("SELECT year, sum(value) FROM indicator WHERE indicator = 'gdp_growth' GROUP BY year", ["not additive (additive_over = 'nothing'): gdp_growth"]),
    ],
)  # fmt: skip
def test_everything_that_is_not_fixed_is_named(con: duckdb.DuckDBPyConnection, query: str, mixed: list[str]) -> None:
    (caution,) = of(con, query)
    for text in mixed:
        assert text in caution
    assert caution.count(";") == max(len(mixed) - 1, caution.count("; ask indicator") + caution.count("; growth rates"))


def test_several_sums_are_each_warned_of(con: duckdb.DuckDBPyConnection) -> None:
    query = "SELECT (SELECT sum(value) FROM fdi_figures), (SELECT avg(value_usd) FROM trade_figures)"
    assert [caution.split(" over ")[0] for caution in of(con, query)] == ["sum(value)", "avg(value_usd)"]


@pytest.mark.parametrize(
    ("query", "first", "second"),
    [
        ("SELECT mofcom_utilised_usd + unctad_inflow_usd FROM fdi", "mofcom_utilised_usd", "unctad_inflow_usd"),
        ("SELECT sum(mofcom_utilised_usd) + sum(unctad_inflow_usd) FROM fdi WHERE reporter = 'CHN'", "mofcom_utilised_usd", "unctad_inflow_usd"),
        ("SELECT sum(coalesce(f.bop_inward_usd, 0) + (f.unctad_inflow_usd)) FROM fdi AS f", "bop_inward_usd", "unctad_inflow_usd"),
        ("WITH a AS (SELECT bases AS b, residents AS r FROM presence) SELECT b + r FROM a", "bases", "residents"),
        ("SELECT exports_by_operator_usd + exports_by_goods_place_usd FROM trade_provinces", "exports_by_operator_usd", "exports_by_goods_place_usd"),
        ("SELECT exports_usd + re_exports_usd FROM trade", "exports_usd", "re_exports_usd"),
    ],
)  # fmt: skip
def test_columns_of_two_concepts_are_not_added(
    con: duckdb.DuckDBPyConnection, query: str, first: str, second: str
) -> None:
    (caution,) = of(con, query)
    assert f" adds {first} and {second}, which count different things" in caution


@pytest.mark.parametrize(
    ("query", "counts", "sums"),
    [
        ("SELECT sum(exports_usd) FROM trade", "1 of 2 reporters and years", "partners"),
        ("SELECT reporter, sum(t.exports_usd) FROM trade AS t WHERE year > 2018 GROUP BY 1", "1 of 2 reporters and years", "partners"),
        ("SELECT sum(exports_usd) FROM trade WHERE reporter = 'JPN'", "1 of 1 reporters and years", "partners"),
        ("SELECT sum(exports_usd) FILTER (reporter = 'JPN') FROM trade", "1 of 1 reporters and years", "partners"),
        ("SELECT sum(x) FROM (SELECT exports_usd AS x, reporter AS r FROM trade) WHERE r = 'JPN'", "1 of 1 reporters and years", "partners"),
        ("WITH japan AS (SELECT 'JPN' AS p), t AS (FROM trade WHERE reporter IN (SELECT p FROM japan)) SELECT sum(exports_usd) FROM t",
         "1 of 1 reporters and years", "partners"),
        ("SELECT sum(exports_usd) FROM trade_chapters WHERE partner = 'CHN'", "1 of 1 reporters and years", "products"),
    ],
)  # fmt: skip
def test_a_sum_that_is_not_known_to_be_whole_says_so(
    con: duckdb.DuckDBPyConnection, query: str, counts: str, sums: str
) -> None:
    (caution,) = of(con, query)
    assert f"for {counts} no total is published" in caution
    assert f"their sums are of the {sums} that are here" in caution


def test_a_mart_with_one_value_column_is_looked_at_too(con: duckdb.DuckDBPyConnection) -> None:
    (caution,) = of(con, "SELECT sum(value_usd) FROM fdi_china_by_origin")
    assert "for 1 of 1 years no total is published (total_method = 'none published')" in caution


@pytest.mark.parametrize(
    "query",
    [
        "SELECT sum(exports_usd) FROM trade WHERE reporter = 'JPN' AND partner = 'CHN'",
        "SELECT partner, sum(exports_usd) FROM trade WHERE reporter = 'JPN' GROUP BY partner",
        "SELECT sum(exports_usd) FROM trade WHERE reporter = 'JPN' AND year = 1900",
        "SELECT sum(imports_usd) FROM trade WHERE reporter = 'CHN'",
        "SELECT sum(exports_usd) FROM trade_chapters WHERE reporter = 'JPN' AND product IN ('84', '87')",
    ],
)
def test_a_total_that_is_not_asked_is_not_missed(con: duckdb.DuckDBPyConnection, query: str) -> None:
    assert of(con, query) == []


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("FROM fdi WHERE counterpart = 'EU'", "counterpart = 'EU' finds nothing: 'EU' is not a place code; place('EU') is EU_AT_THE_TIME (European Union (as composed at the time))"),
        ("FROM trade WHERE reporter = 'China'", "place('China') is CHN (China)"),
        ("SELECT * FROM trade AS t WHERE t.partner IN ('JPN', 'JP')", "partner = 'JP' finds nothing: 'JP' is not a place code; place('JP') is JPN (Japan)"),
        ("FROM (SELECT partner AS p FROM trade) WHERE p = 'Hong Kong'", "place('Hong Kong') is HKG"),
        ("SELECT sum(mofcom_utilised_usd) FILTER (counterpart = 'UK') FROM fdi", "place('UK') is GBR"),
        ("FROM fdi_china_by_origin WHERE 'Korea' = origin", "place('Korea') is KOR"),
        ("FROM indicator WHERE place = 'Atlantis'", "no place or more than one is called that: `entrepot places Atlantis` lists what there is"),
        ("FROM trade WHERE partner = 'WLD'", "World is not a partner in trade, which has members only: a sum over partners is that of the world"),
        ("FROM trade WHERE reporter = 'EU28'", "European Union, 28 countries is not a reporter in trade, which has members only: add those of the group"),
    ],
)  # fmt: skip
def test_a_place_that_nothing_has_is_explained(con: duckdb.DuckDBPyConnection, query: str, said: str) -> None:
    (caution,) = of(con, query)
    assert said in caution


@pytest.mark.parametrize(
    "query",
    [
        "FROM trade WHERE partner <> 'WLD'", "FROM trade WHERE partner = '_X'", "FROM trade WHERE reporter = 'FRA'", "FROM trade_figures WHERE partner = 'WLD'",
        "FROM trade WHERE partner = 'JPN' OR partner = 'EU'",
        "FROM trade WHERE reporter_name = 'China'", "FROM trade WHERE reporter = place('China')", "FROM ref.place WHERE name = 'China'",
    ],
)  # fmt: skip
def test_other_comparisons_are_let_be(con: duckdb.DuckDBPyConnection, query: str) -> None:
    assert of(con, query) == []


@pytest.mark.parametrize(
    "query",
    [
        "SHOW TABLES", "DESCRIBE trade", "SUMMARIZE ref.place", "EXPLAIN SELECT sum(value_usd) FROM trade_figures",
        "PIVOT indicator ON year USING sum(value)", "SELECT COLUMNS('ex.*_usd') + 1 FROM trade", "VALUES (1 + 1)",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT sum(i) FROM n",
        "SELECT list_sum([x + 1 FOR x IN [1, 2]]), 'text'", "SELECT sum(a) FROM (VALUES (1), (2)) AS t(a)",
        "SELECT sum(a.i) FROM range(3) AS a(i) ASOF JOIN range(4) AS b(i) ON a.i >= b.i",
        "SELECT t.exports_usd + u.i FROM trade AS t, LATERAL (SELECT t.year AS i) AS u", "SELECT sum(1 + 1), count('a')",
        "SELECT 1 WHERE 'a' = 'b'", "FROM partition_of(['CN_EAST', 'CN_CENTRAL', 'CN_WEST', 'CN_NORTHEAST'], 'CN_31_PROVINCES', '2016-12-31')",
    ],
)  # fmt: skip
def test_what_is_not_understood_gets_no_caution(con: duckdb.DuckDBPyConnection, query: str) -> None:
    assert of(con, query) == []


@pytest.mark.parametrize(
    "query", ["SELECT sum(", "'", "sum(1) + ((", "(" * 5000 + "sum(1)", "SELECT sum(value_usd) FROM nothing + 1"]
)
def test_what_cannot_be_read_gets_no_caution(con: duckdb.DuckDBPyConnection, query: str) -> None:
    assert steps.cautions(con, query) == []


def test_a_fault_of_the_reading_is_no_fault_of_the_answer(
    con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Marts, "columns", lambda *_: 1 / 0)
    assert steps.cautions(con, "SELECT sum(value_usd) FROM trade_figures") == []


def test_every_value_column_of_a_fact_has_a_concept() -> None:
    """A fact's columns of values are known by their provenance: none is added to another unnoticed."""

    for mart in VIEWS:
        names = [column.name for column in columns(mart)]
        provenances = {name for name in names if name.endswith("_from") and name not in ("known_from", "opened_from")}
        found = {summing.provenance_of(name, names) for name in names} - {None}
        if mart.__name__.startswith(("MartTrade", "MartFdi", "MartPresence")):
            assert found == provenances


def test_the_conditions_that_are_advised_have_rows(con: duckdb.DuckDBPyConnection) -> None:
    """The yuan is the unit of provinces here: with the economies that are usually meant there would be no row."""
    query = "SELECT sum(value) FROM indicator WHERE indicator = 'gdp' AND place <> 'CHN'"
    (caution,) = of(con, query)
    assert caution.endswith("add the conditions unit = 'CNY' AND place_kind = 'province'")
    conditions = caution.split("add the conditions ")[1]
    assert of(con, f"{query} AND {conditions}") == []
    assert con.execute(f"{query} AND {conditions}").fetchall() == [(2,)]


# -- what a sum over facts and readings adds several times -------------------------------------------------------

OVERLAPPING = [
    ("SELECT sum(gdp_cny) FROM region_profile WHERE year = 2016", "adds regions that share provinces"),
    ("SELECT year, sum(gdp_cny) FROM region_profile GROUP BY year", "adds regions that share provinces"),
    ("SELECT sum(population) FROM region_profile WHERE place = 'CN_NORTHEAST'", "in several years: population is what there is at a moment"),
    ("SELECT sum(export_usd) FROM mirror_trade WHERE exporter = 'CHN' AND year = 2016", "adds all goods and their parts: add the condition product = 'TOTAL'"),
    ("SELECT sum(members_total) FROM concentration WHERE year = 2016", "adds different subjects"),
    ("SELECT sum(position_inward_usd) FROM fdi WHERE reporter = 'CHN'", "in several years: position_inward_usd is what there is at a moment"),
    ("SELECT counterpart, sum(position_inward_usd) FROM fdi GROUP BY counterpart", "adds the same thing in several years"),
    ("SELECT sum(parent_companies) FROM presence WHERE year = 2016", "one may be counted at several places"),
    ("SELECT sum(value) FROM indicator WHERE indicator = 'population'", "adds several years of population"),
    ("SELECT sum(exports_usd) FROM trade_months WHERE month LIKE '2019%'", "leaves out 33% of the total, which is not allotted to a month (month = '_X'): for a year choose it by the column year"),
    ("SELECT sum(exports_usd) FROM trade_months WHERE month LIKE '2019%' AND partner = 'JPN'", "leaves out 33% of the total"),
    ("SELECT sum(exports_usd) FROM trade_months WHERE month = '2019-01'", "leaves out 33% of the total, which is not allotted to a month (month = '_X')"),
    ("SELECT sum(mofcom_utilised_usd - position_inward_usd - bop_inward_usd) FROM fdi", "leaves out the rows in which one of"),
    ("SELECT sum(gdp_cny) FROM province_profile WHERE year = 2016", "1 of 2 places have no value in a year of the sum"),
    ("WITH a AS (FROM fdi WHERE year = 2016), b AS (FROM mirror_trade) SELECT sum(a.mofcom_utilised_usd) FROM a JOIN b USING (year)", "adds rows of a several times"),
    ("SELECT sum(f.position_inward_usd) FROM fdi AS f JOIN mirror_trade AS m ON m.importer = f.counterpart AND m.year = f.year WHERE f.year = 2016", "adds rows of f several times"),
    ("SELECT f.year, sum(f.mofcom_utilised_usd) FROM fdi AS f, mirror_trade AS m WHERE m.year = f.year GROUP BY f.year", "adds rows of f several times"),
    ("SELECT year AS y, sum(mofcom_utilised_usd) FROM fdi WHERE counterpart = 'JPN' GROUP BY y", "in 2016 figures differ from those of the year before"),
    ("SELECT sum(value_usd) FROM trade_by_method WHERE exporter = 'CHN'", "adds the same trade by several methods: choose one reconciliation_method"),
    ("SELECT sum(outward_usd) FROM mirror_fdi_concepts WHERE year = 2016", "adds the same investment by several concepts"),
    ("SELECT sum(topic_value) FROM disparity WHERE year = 2016 AND topic = 'gdp_cny'", "places of which some lie in others"),
    ("SELECT place, sum(topic_value) FROM disparity WHERE year = 2016 GROUP BY place", "different topics"),
]  # fmt: skip
NOT_OVERLAPPING = [
    "SELECT sum(gdp_cny) FROM region_profile WHERE place = 'CN_EAST' AND year = 2016",
    "SELECT sum(gdp_cny) FROM region_profile WHERE place IN ('CN_EAST', 'CN_NORTHEAST') AND year = 2016",
    "SELECT place, sum(gdp_cny) FROM region_profile GROUP BY place",
    "SELECT year, sum(population) FROM region_profile WHERE place = 'CN_NORTHEAST' GROUP BY year",
    "SELECT sum(export_usd) FROM mirror_trade WHERE product = 'TOTAL' AND year = 2016",
    "SELECT sum(members_total) FROM concentration WHERE year = 2016 AND subject = 'exports by partner'",
    "SELECT year, sum(position_inward_usd) FROM fdi WHERE reporter = 'CHN' GROUP BY year",
    "SELECT year, sum(value) FROM indicator WHERE indicator = 'population' GROUP BY year",
    "SELECT sum(value) FROM indicator WHERE indicator = 'gdp'",
    "SELECT month, sum(exports_usd) FROM trade_months WHERE month LIKE '2019%' GROUP BY month",
    "SELECT sum(exports_usd) FROM trade_months WHERE month = '2020-01'",
    "SELECT sum(gdp_cny) FROM province_profile WHERE year = 2016 AND place = 'CN-LN'",
    "SELECT sum(exports_usd) FROM trade_months WHERE year = 2019",
    "SELECT m.product, sum(f.mofcom_utilised_usd) FROM fdi AS f JOIN mirror_trade AS m ON m.importer = f.counterpart AND m.year = f.year GROUP BY m.product",
    "SELECT sum(f.mofcom_utilised_usd / p.gdp_cny) FROM fdi AS f JOIN province_profile AS p USING (year) WHERE p.place = 'CN-LN'",
    "SELECT sum(f.mofcom_utilised_usd * p.gdp_cny) FROM fdi AS f JOIN province_profile AS p USING (year) WHERE p.place = 'CN-LN'",
    "SELECT year, sum(position_inward_usd) FROM fdi GROUP BY year",
    "SELECT sum(mofcom_utilised_usd) FROM fdi WHERE reporter = 'CHN'",
    "SELECT sum(value_usd) FROM trade_by_method WHERE reconciliation_method = 'both_import'",
    "SELECT sum(outward_usd) FROM mirror_fdi_concepts WHERE outward_concept = 'bop_assets' AND inward_concept = 'bop_liabilities'",
    "SELECT sum(topic_value) FROM disparity WHERE topic = 'gdp_cny' AND place = 'CN-LN'",
    "SELECT topic, place, sum(topic_value) FROM disparity GROUP BY ALL",
]
READINGS = {
    "region_profile": "SELECT * FROM (VALUES ('CN_EAST', 2015, 'CN-BJ;CN-TJ'), ('CN_EAST', 2016, 'CN-BJ;CN-TJ'), ('CN_BOHAI', 2016, 'CN-TJ;CN-LN'), "
    "('CN_NORTHEAST', 2015, 'CN-LN;CN-JL'), ('CN_NORTHEAST', 2016, 'CN-LN;CN-JL')) AS t(place, year, member_places)",
    "mirror_trade": "SELECT 'CHN' AS exporter, 'JPN' AS importer, 2016 AS year, unnest(['TOTAL', '85', '850110']) AS product",
    "concentration": "SELECT 'CHN' AS place, 2016 AS year, unnest(['exports by partner', 'exports by chapter']) AS subject",
    "fdi": "SELECT 'CHN' AS reporter, 'JPN' AS counterpart, unnest([2015, 2016]) AS year, unnest([NULL, 'mofcom_utilised_usd: all to non_financial']) AS seams",
    "presence": "SELECT 'CHN' AS economy, unnest(['CN-LN', 'CN-JL']) AS place, 'JPN' AS origin, 2016 AS year",
    "indicator": "SELECT * FROM (VALUES ('population', 'persons', 2015), ('population', 'persons', 2016), ('gdp', 'CNY', 2015), ('gdp', 'CNY', 2016)) "
    "AS t(indicator, unit, year), (SELECT 'CN-LN' AS place, 'province' AS place_kind, 'places of one kind' AS additive_over)",
    "trade_months": "SELECT 'CHN' AS reporter, 'JPN' AS partner, 2019 AS year, unnest(['2019-01', '2019-02', '_X']) AS month "
    "UNION ALL SELECT 'CHN', unnest(['JPN', '_X']), 2020, '2020-01' UNION ALL SELECT 'CHN', 'JPN', 2020, '_X'",
    "province_profile": "SELECT unnest(['CN-LN', 'CN-JL']) AS place, 2016 AS year, unnest([1, NULL]) AS gdp_cny",
    "trade_by_method": "SELECT 'CHN' AS exporter, 'JPN' AS importer, 2016 AS year, unnest(['both_import', 'dots_106']) AS reconciliation_method",
    "mirror_fdi_concepts": "SELECT 'JPN' AS investor, 'CHN' AS host, 2016 AS year, 'bop_assets' AS outward_concept, "
    "unnest(['bop_liabilities', 'mofcom_utilised']) AS inward_concept",
    "disparity": "SELECT unnest(['gdp_cny', 'population', 'gdp_cny']) AS topic, unnest(['CN-LN', 'CN-LN', 'CN_NORTHEAST']) AS place, 2016 AS year",
}
AMOUNTS = {
    "region_profile": ("gdp_cny", "population"), "mirror_trade": ("export_usd",), "concentration": ("members_total",),
    "fdi": ("position_inward_usd", "mofcom_utilised_usd"), "trade_by_method": ("value_usd",), "mirror_fdi_concepts": ("outward_usd",),
    "disparity": ("topic_value",), "presence": ("parent_companies",), "indicator": ("value",), "trade_months": ("exports_usd",), "province_profile": (),
}  # fmt: skip


#: How the totals of value columns are known.
TOTALS = {"fdi": {"mofcom_utilised_from": "published"}, "presence": {"parent_companies_from": "none published"}}


@pytest.fixture(scope="module")
def readings() -> Iterator[duckdb.DuckDBPyConnection]:
    """Readings and fdi with a few rows of several regions, products, subjects and years."""
    with duckdb.connect() as con:
        ddl.create_tables(con)
        reference.load(con)
        marts.store(con)
        ddl.describe(con)
        for mart, rows in READINGS.items():
            make_table(con, mart)
            made = [f"1 AS {amount}" for amount in AMOUNTS[mart]]
            for column, total in TOTALS.get(mart, {}).items():
                con.execute(f"ALTER TABLE mart.{mart} DROP {column}")
                con.execute(f"ALTER TABLE mart.{mart} ADD {column} STRUCT(total_method VARCHAR)")
                made.append(f"{{'total_method': '{total}'}} AS {column}")
            con.execute(f"INSERT INTO mart.{mart} BY NAME SELECT {', '.join(['*', *made])} FROM ({rows})")
        yield con


@pytest.mark.parametrize(("query", "said"), OVERLAPPING)
def test_a_sum_that_adds_the_same_several_times_is_told(
    readings: duckdb.DuckDBPyConnection, query: str, said: str
) -> None:
    assert any(said in caution for caution in of(readings, query)), of(readings, query)


def test_a_sum_of_no_figure_is_told(readings: duckdb.DuckDBPyConnection) -> None:
    query = "SELECT sum(position_inward_usd) FROM fdi WHERE reporter = 'JPN'"
    (said,) = steps.sums_of_nothing(readings, query)
    assert "no figure meets its conditions" in said
    assert steps.sums_of_nothing(readings, query.replace("JPN", "CHN")) == []
    assert steps.sums_of_nothing(readings, "SELECT max(year) FROM fdi WHERE reporter = 'JPN'") == []


def test_one_figure_is_no_mixture(readings: duckdb.DuckDBPyConnection) -> None:
    """Of conditions that leave a single row, none is missed."""
    query = "SELECT sum(value) FROM indicator WHERE place = 'CN-LN'"
    assert "different indicators" in of(readings, query)[0]
    assert of(readings, f"{query} AND year = 2016 AND unit = 'CNY'") == []


@pytest.mark.parametrize("query", NOT_OVERLAPPING)
def test_a_sum_that_adds_nothing_twice_gets_no_caution(readings: duckdb.DuckDBPyConnection, query: str) -> None:
    assert of(readings, query) == []
