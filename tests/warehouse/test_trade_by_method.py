"""Trade by named methods: what each makes of two reports, the laws that hold whatever is reported, and JETRO's own table."""

from collections.abc import Iterator
from contextlib import contextmanager
from math import exp, log, pi
from types import SimpleNamespace
from typing import Any, NamedTuple

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import reconciliation
from schemas.formulas import FORMULAS
from tests.support.jetro import JETRO
from warehouse import sql
from warehouse.connection import reader
from warehouse.settings import Home

METHODS = [m.name for m in reconciliation.METHODS]
#: The methods with three partners enough for an estimate, so that a case can be worked out by hand.
OF_FEW = SimpleNamespace(
    **{
        name: getattr(reconciliation, name)
        for name in (
            "METHODS",
            "ROUNDS",
            "LEAST_DEVIATION",
            "NOT_CIF",
            "CIF_BASES",
            "EQUAL_WEIGHT",
            "LEAST_PAIRS",
            "LEAST_TRADE",
            "MOST_FREIGHT",
        )
    },
    LEAST_PARTNERS=2,
)


class Pair(NamedTuple):
    """What both sides report of one direction of trade."""

    exporter: str
    importer: str
    x: float | None
    m: float | None
    valuation: str = "CIF"
    year: int = 2019


def by_method(
    con: duckdb.DuckDBPyConnection, pairs: list[Pair], methods: Any = reconciliation
) -> dict[tuple[str, str, str], dict[str, Any]]:
    """The rows of the mart over the reports of pairs, by exporter, importer and method."""
    con.execute("""CREATE OR REPLACE TABLE mart.mirror_trade (exporter TEXT, exporter_name TEXT, importer TEXT, importer_name TEXT, product TEXT,
        year INTEGER, mirror_status TEXT, export_usd DECIMAL(20, 3), import_usd DECIMAL(20, 3), export_from STRUCT(dataset TEXT), import_from STRUCT(valuation TEXT, dataset TEXT))""")
    rows = [
        (p.exporter, p.importer, p.year, "both" if p.x is not None and p.m is not None else "exporter_only" if p.m is None else "importer_only",
         p.x, p.m, p.valuation) for p in pairs
    ]  # fmt: skip
    con.executemany("INSERT INTO mart.mirror_trade SELECT $1, $1, $2, $2, 'TOTAL', $3, $4, $5, $6, {'dataset': 'exports'}, {'valuation': $7, 'dataset': 'imports'}", rows)  # fmt: skip
    for script in ("readings/44_mirrored_trade.sql", "readings/45_trade_by_method.sql"):
        con.execute(sql.render(script, reconciliation=methods, stored=lambda name: f"CREATE OR REPLACE TABLE {name}"))
    actual = con.execute("FROM mart.trade_by_method")
    names = [column[0] for column in actual.description]
    result = [dict(zip(names, row, strict=True)) for row in actual.fetchall()]
    return {(r["exporter"], r["importer"], r["reconciliation_method"]): r for r in result}


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database with the formulas, in which the tests put what is reported."""
    database = duckdb.connect()
    database.execute("CREATE SCHEMA mart; CREATE SCHEMA core;")
    database.execute(
        "CREATE TABLE core.pair (place TEXT, counterpart TEXT, indicator TEXT, freq TEXT, period TEXT, value DECIMAL(38, 15), superseded_by BIGINT)"
    )
    database.execute(
        "CREATE TABLE core.indicator (place TEXT, indicator TEXT, value DECIMAL(38, 15), superseded_by BIGINT)"
    )
    for name in sql.names("formulas"):
        database.execute(sql.render(name, formulas=FORMULAS))
    yield database
    database.close()


def values(rows: dict[tuple[str, str, str], dict[str, Any]], exporter: str, importer: str) -> dict[str, Any]:
    """The value of one direction by method, as a number."""
    return {
        method: None if (v := rows[exporter, importer, method]["value_usd"]) is None else float(v) for method in METHODS
    }


# -- what each method makes of two reports --------------------------------------------------------------------


def test_each_method_has_its_own_value(con: duckdb.DuckDBPyConnection) -> None:
    rows = by_method(con, [Pair("JPN", "CHN", 100, 132.5)])
    assert values(rows, "JPN", "CHN") == {
        "importer_first": 132.5, "exporter_first": 100, "dots_106": 100, "dots_110": 100, "both_import": 132.5,
        "oecd_itic": pytest.approx((100 + 0.94 * 132.5) / 2), "baci_like": pytest.approx((100 + 132.5 / 1.033) / 2, abs=1e-3), "harvard_like": pytest.approx((100 + 132.5 / 1.06) / 2, abs=1e-3),
    }  # fmt: skip


def test_what_cannot_be_estimated_says_that_a_default_stands_in(con: duckdb.DuckDBPyConnection) -> None:
    rows = by_method(con, [Pair("JPN", "CHN", 100, 132.5), Pair("CHN", "JPN", None, 100)])
    for method in ("baci_like", "harvard_like"):
        both, alone = rows["JPN", "CHN", method], rows["CHN", "JPN", method]
        assert (both["exporter_weight"], both["weight_basis"], both["freight_basis"]) == (0.5, "default", "default")
        assert (alone["exporter_weight"], alone["weight_basis"], alone["freight_basis"]) == (0, "one report alone", "default")  # fmt: skip
    others = [m for m in METHODS if not m.endswith("_like")]
    assert {rows["JPN", "CHN", m]["weight_basis"] for m in others} == {"fixed by the method"}
    assert {m for m in others if rows["CHN", "JPN", m]["weight_basis"] == "one report alone"} == {"oecd_itic"}


def test_a_step_from_one_sides_figure_to_the_others_is_a_seam(con: duckdb.DuckDBPyConnection) -> None:
    """China's exports to Japan: Japan's imports of 2016 and 2018 have freight in them, China's exports of 2017 have not."""
    reports = [(2015, None, 160.6), (2016, None, 156.6), (2017, 137.4, 164.5), (2018, None, 173.6)]
    by_method(con, [Pair("CHN", "JPN", x, m, year=year) for year, x, m in reports])
    query = "SELECT year FROM mart.trade_by_method WHERE reconciliation_method = ? AND value_is_seam ORDER BY year"
    seams = {m: [year for (year,) in con.execute(query, [m]).fetchall()] for m in METHODS}
    assert seams == {m: [] if m in ("importer_first", "both_import") else [2017, 2018] for m in METHODS}


def test_one_report_alone_is_taken_without_freight_or_not_at_all(con: duckdb.DuckDBPyConnection) -> None:
    rows = by_method(con, [Pair("JPN", "CHN", None, 110), Pair("CHN", "JPN", 50, None)])
    assert values(rows, "JPN", "CHN") == {
        "importer_first": 110, "exporter_first": 110, "dots_106": pytest.approx(103.774, abs=1e-3), "dots_110": 100, "both_import": 110,
        "oecd_itic": pytest.approx(0.94 * 110), "baci_like": pytest.approx(110 / 1.033, abs=1e-3),
        "harvard_like": pytest.approx(110 / 1.06, abs=1e-3),
    }  # fmt: skip
    assert values(rows, "CHN", "JPN") == {**dict.fromkeys(METHODS, 50), "both_import": None}
    assert rows["CHN", "JPN", "both_import"]["why_not"] == "the importer has no figure"


@pytest.mark.parametrize(
    ("importer", "valuation", "rate", "basis"),
    [
        ("CHN", "CIF", 0.06, "published as CIF"), ("CHN", "FOB", 0, "published without freight"),
        ("CHN", "unknown", 0.06, "valuation not on record, taken as CIF"), ("ZAF", "unknown", 0, "this importer does not report CIF"),
    ],
)  # fmt: skip
def test_freight_is_taken_off_only_where_it_is_in(
    con: duckdb.DuckDBPyConnection, importer: str, valuation: str, rate: float, basis: str
) -> None:
    row = by_method(con, [Pair("JPN", importer, None, 106, valuation)])["JPN", importer, "dots_106"]
    assert (row["cif_rate"], row["import_basis"]) == (rate, basis)
    assert float(row["value_usd"]) == pytest.approx(106 / (1 + rate))


def test_freight_of_the_oecd_is_that_of_the_pair_and_year(con: duckdb.DuckDBPyConnection) -> None:
    """OECD ITIC, China's imports from Japan in 2016: freight and insurance are 4.6765049794874 per cent of the value with them."""
    con.execute("INSERT INTO core.pair VALUES ('CHN', 'JPN', 'cif_fob_margin', 'A', '2016', 4.6765049794874, NULL)")
    rows = by_method(con, [Pair("JPN", "CHN", None, 1000, year=2016), Pair("CHN", "JPN", None, 1000, year=2016)])
    con.execute("DELETE FROM core.pair")
    assert values(rows, "JPN", "CHN")["oecd_itic"] == pytest.approx(1000 * (1 - 0.046765049794874), abs=1e-3)
    assert values(rows, "CHN", "JPN")["oecd_itic"] == pytest.approx(940)


def test_reliabilities_are_those_of_the_iteration(con: duckdb.DuckDBPyConnection) -> None:
    """Discrepancies of .1 between two places and .5 to a third: worked out with numpy, 25 rounds from ones."""
    discrepancies = {("A", "B"): 0.1, ("A", "C"): 0.5, ("B", "C"): 0.5}
    pairs = [
        Pair(i, j, 1000, 1000 * (1 - d) / (1 + d))
        for (one, other), d in discrepancies.items()
        for i, j in ((one, other), (other, one))
    ]
    rows = by_method(con, pairs, OF_FEW)
    reliabilities = con.execute("SELECT side, place, reliability FROM core.harvard_reliability ORDER BY ALL").fetchall()
    wanted = [("A", 5.1407), ("B", 5.1407), ("C", 1.0281)]
    assert reliabilities == [
        (side, place, pytest.approx(value, abs=1e-4)) for side in ("exporter", "importer") for place, value in wanted
    ]
    row = rows["A", "C", "harvard_like"]
    assert row["weight_basis"] == "estimated"
    assert row["exporter_weight"] == pytest.approx(0.9838976, abs=1e-6)
    assert float(row["value_usd"]) == pytest.approx(0.9838976 * 1000 + 0.0161024 * float(row["import_usd"]), abs=1e-2)


def test_deviations_are_those_of_a_regression_on_both_sides(con: duckdb.DuckDBPyConnection) -> None:
    """Distances that are exactly the sum of an effect of each side: nothing is left unexplained."""
    of_exporter = {"A": 0.05, "B": 0.20, "C": 0.40}
    of_importer = {"D": 0.01, "E": 0.10, "F": 0.30}
    pairs = [Pair(i, j, 1e9, 1e9 * exp(a + b), "FOB") for i, a in of_exporter.items() for j, b in of_importer.items()]
    rows = by_method(con, pairs, OF_FEW)
    deviation = dict(con.execute("SELECT place, deviation FROM core.baci_deviation").fetchall())
    for effects in (of_exporter, of_importer):
        least = min(effects.values())
        for place, effect in effects.items():
            wanted = max(reconciliation.LEAST_DEVIATION, pi / 2 * (effect - least))
            assert deviation[place] == pytest.approx(wanted, abs=1e-6)

    def variance(s: float) -> float:
        return exp(s**2) * (exp(s**2) - 1)

    weight = variance(deviation["F"]) / (variance(deviation["B"]) + variance(deviation["F"]))
    assert rows["B", "F", "baci_like"]["exporter_weight"] == pytest.approx(weight)


# -- freight by distance --------------------------------------------------------------------------------------

#: Twelve economies on a plane, of which the first and the fifth have no coast, and neighbours share a border.
ECONOMIES = "ABCDEFGHIJKL"
NO_COAST = {"A", "E"}


def kilometres(one: str, other: str) -> float:
    """The distance of two economies, which is no function of their neighbourhood."""
    a, b = (ECONOMIES.index(place) for place in sorted((one, other)))
    return 400 + 700 * (b - a) + 90 * (a * b % 7)


def regressors(exporter: str, importer: str) -> list[float]:
    """What freight depends on, in the order of CEPII's table: distance, its square, border, and having no coast."""
    distance = log(kilometres(exporter, importer))
    border = abs(ECONOMIES.index(exporter) - ECONOMIES.index(importer)) == 1
    return [distance, distance**2, float(border), float(importer in NO_COAST), float(exporter in NO_COAST)]


@contextmanager
def geography(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Put distances, borders and coasts into the database for a while."""
    for one in ECONOMIES:
        con.execute("INSERT INTO core.indicator VALUES ($1, 'landlocked', $2, NULL)", [one, int(one in NO_COAST)])
        for other in ECONOMIES.replace(one, ""):
            row = [one, other, kilometres(one, other)]
            con.execute("INSERT INTO core.pair VALUES ($1, $2, 'distance_weighted', NULL, NULL, $3, NULL)", row)
            if regressors(one, other)[2]:
                con.execute("INSERT INTO core.pair VALUES ($1, $2, 'contiguous', NULL, NULL, 1, NULL)", row[:2])
    yield
    con.execute("DELETE FROM core.pair; DELETE FROM core.indicator;")


#: CEPII working paper 2010-23, table 1, column IV (ratio of values, weighted), but for the unit value of the product.
COLUMN_IV = (-0.086, 0.007, -0.024, 0.020, 0.010)
ALL_PAIRS = [(i, j) for i in ECONOMIES for j in ECONOMIES if i != j]


def log_freight(exporter: str, importer: str, intercept: float = 0.30) -> float:
    """What the working paper's table gives for two economies."""
    return intercept + sum(b * z for b, z in zip(COLUMN_IV, regressors(exporter, importer), strict=True))


def freight(con: duckdb.DuckDBPyConnection, method: str = "baci") -> dict[tuple[str, str], float]:
    """The rates that a method estimated for 2019, by exporter and importer."""
    query = f"SELECT exporter, importer, rate FROM core.{method}_freight WHERE year = 2019"
    return {(exporter, importer): rate for exporter, importer, rate in con.execute(query).fetchall()}


def test_freight_is_what_the_working_papers_table_gives(con: duckdb.DuckDBPyConnection) -> None:
    """Reports that differ by exactly the freight of the table; one pair has the importer's report alone, and another is far off."""
    pairs = [Pair(i, j, 1000, 1000 * exp(log_freight(i, j))) for i, j in ALL_PAIRS]
    pairs[5] = pairs[5]._replace(x=None)
    pairs[17] = pairs[17]._replace(m=9000)
    with geography(con):
        rows = by_method(con, pairs)
        rates = freight(con)
    for pair in pairs:
        wanted = max(exp(log_freight(pair.exporter, pair.importer)) - 1, 0)
        assert rates[pair.exporter, pair.importer] == pytest.approx(wanted, abs=1e-6)
        assert rows[pair.exporter, pair.importer, "baci_like"]["cif_rate"] == rates[pair.exporter, pair.importer]
    assert float(rows[pairs[5].exporter, pairs[5].importer, "baci_like"]["value_usd"]) == pytest.approx(1000, abs=1e-2)


@settings(max_examples=5)
@given(st.lists(st.floats(0.7, 1.6), min_size=2 * len(ALL_PAIRS), max_size=2 * len(ALL_PAIRS)))
def test_freight_is_that_of_weighted_least_squares(con: duckdb.DuckDBPyConnection, ratios: list[float]) -> None:
    """Worked out with numpy: two years, each with its effect, and once more without the pairs that are far off."""
    years = (2018, 2019)
    pairs = [Pair(i, j, 1000, 1000 * next(r), year=year) for r in [iter(ratios)] for year in years for i, j in ALL_PAIRS]  # fmt: skip
    y = np.log([(p.m or 0) / 1000 for p in pairs])
    design = np.array([[float(p.year == year) for year in years] + regressors(p.exporter, p.importer) for p in pairs])
    weight = np.array([min(p.m or 0, 1000) / max(p.m or 0, 1000) for p in pairs])

    def fitted(weight: Any) -> Any:
        root = np.sqrt(weight)
        return design @ np.linalg.lstsq(design * root[:, None], y * root, rcond=None)[0]

    rest = np.sqrt(weight) * (y - fitted(weight))
    deviation = np.sqrt((rest**2).sum() / (len(pairs) - design.shape[1]))
    wanted = np.maximum(np.exp(fitted(np.where(np.abs(rest) > 2 * deviation, 0, weight))) - 1, 0)
    with geography(con):
        by_method(con, pairs)
        rates = freight(con)
    for pair, rate in zip(pairs, wanted, strict=True):
        if pair.year == 2019:
            assert rates[pair.exporter, pair.importer] == pytest.approx(rate, abs=1e-6)


def test_freight_is_not_estimated_from_the_ratios_of_few_economies(con: duckdb.DuckDBPyConnection) -> None:
    """Nine exporters do not suffice: their ratios are of other things than freight. The mean of the working paper stands in."""
    pairs = [Pair(i, j, 1000, 1200) for i, j in ALL_PAIRS if i in ECONOMIES[:9]]
    with geography(con):
        rows = by_method(con, pairs)
        assert freight(con) == {}
    assert {row["cif_rate"] for (_, _, method), row in rows.items() if method == "baci_like"} == {0.033}


@settings(max_examples=5)
@given(st.lists(st.floats(0.7, 1.6), min_size=2 * len(ALL_PAIRS), max_size=2 * len(ALL_PAIRS)))
def test_harvards_freight_is_that_of_effects_of_both_sides(con: duckdb.DuckDBPyConnection, ratios: list[float]) -> None:
    """Worked out with numpy: distance, border, and a dummy of each exporter and importer of each of two years; tenths at both ends drawn in."""
    years = (2018, 2019)
    pairs = [Pair(i, j, 1e7, 1e7 * next(r), year=year) for r in [iter(ratios)] for year in years for i, j in ALL_PAIRS]  # fmt: skip
    y = np.log([(p.m or 0) / 1e7 for p in pairs])
    y = np.clip(y, *np.quantile(y, [0.1, 0.9]))
    sides = [(side, year, place) for side in (0, 1) for year in years for place in ECONOMIES]
    design = np.array([
        [*(float(p.year == year and p[side] == place) for side, year, place in sides), regressors(*p[:2])[0], regressors(*p[:2])[2]] for p in pairs
    ])  # fmt: skip
    wanted = np.clip(np.exp(design @ np.linalg.lstsq(design, y, rcond=None)[0]) - 1, 0, 0.2)
    with geography(con):
        rows = by_method(con, pairs)
        rates = freight(con, "harvard")
    for pair, rate in zip(pairs, wanted, strict=True):
        if pair.year == 2019:
            assert rates[pair.exporter, pair.importer] == pytest.approx(rate, abs=1e-6)
            taken_off = rows[pair.exporter, pair.importer, "harvard_like"]["cif_rate"]
            assert taken_off == (0 if (pair.m or 0) < 1e7 or abs(log((pair.m or 0) / 1e7)) < 0.05 else pytest.approx(rate, abs=1e-6))  # fmt: skip


def test_harvards_freight_of_other_pairs_is_the_mean_of_those_that_are_estimated(
    con: duckdb.DuckDBPyConnection,
) -> None:
    pairs = [Pair(i, j, 1e7, 1e7 * exp(log_freight(i, j))) for i, j in ALL_PAIRS]
    pairs[5] = pairs[5]._replace(x=None)
    pairs[17] = pairs[17]._replace(x=900, m=1000)  # too little trade to say anything of freight
    with geography(con):
        rows = by_method(con, pairs)
        rates = freight(con, "harvard")
    assert len(rates) == len(pairs) - 2
    mean = sum(rates.values()) / len(rates)
    for pair in (pairs[5], pairs[17]):
        assert rows[pair.exporter, pair.importer, "harvard_like"]["cif_rate"] == pytest.approx(mean)


# -- laws -----------------------------------------------------------------------------------------------------

AMOUNT = st.integers(1, 10**9).map(float)
PLACES = "ABCDE"
REPORTS = st.dictionaries(
    st.tuples(st.sampled_from(PLACES), st.sampled_from(PLACES)).filter(lambda p: p[0] != p[1]),
    st.tuples(AMOUNT | st.none(), AMOUNT | st.none(), st.sampled_from(["CIF", "FOB", "unknown"])).filter(
        lambda r: r[0] is not None or r[1] is not None
    ),
    min_size=1,
    max_size=20,
)


def pairs_of(reports: Any) -> list[Pair]:
    """The reports as pairs."""
    return [Pair(i, j, x, m, valuation) for (i, j), (x, m, valuation) in reports.items()]


@settings(max_examples=25)
@given(REPORTS)
def test_a_value_is_between_what_is_compared(con: duckdb.DuckDBPyConnection, reports: Any) -> None:
    for row in by_method(con, pairs_of(reports), OF_FEW).values():
        assert (row["value_usd"] is None) == (row["why_not"] is not None)
        if row["exporter_weight"] is not None:
            assert 0 <= row["exporter_weight"] <= 1
        if row["cif_rate"] is not None:
            assert 0 <= row["import_compared_usd"] <= row["import_usd"]  # FOB is not above CIF
        if row["value_usd"] is not None:
            inputs = [v for v in (row["export_usd"], row["import_compared_usd"]) if v is not None]
            assert float(min(inputs)) - 0.002 <= float(row["value_usd"]) <= float(max(inputs)) + 0.002
            if len(set(inputs)) == 1:  # both agree
                assert row["value_usd"] == inputs[0]


@settings(max_examples=15)
@given(REPORTS)
def test_values_do_not_depend_on_the_names_of_places(con: duckdb.DuckDBPyConnection, reports: Any) -> None:
    pairs = pairs_of(reports)
    renamed = dict(zip(PLACES, reversed(PLACES), strict=True))
    rows = by_method(con, pairs, OF_FEW)
    others = by_method(con, [p._replace(exporter=renamed[p.exporter], importer=renamed[p.importer]) for p in pairs], OF_FEW)  # fmt: skip
    for (exporter, importer, method), row in rows.items():
        other = others[renamed[exporter], renamed[importer], method]
        assert other["exporter_weight"] == pytest.approx(row["exporter_weight"], abs=1e-6)
        assert (other["value_usd"] is None) == (row["value_usd"] is None)
        if row["value_usd"] is not None:
            assert float(other["value_usd"]) == pytest.approx(float(row["value_usd"]), rel=1e-5, abs=0.01)


@settings(max_examples=20)
@given(REPORTS, st.sampled_from(METHODS))
def test_reconciling_what_is_reconciled_changes_nothing(
    con: duckdb.DuckDBPyConnection, reports: Any, method: str
) -> None:
    rows = by_method(con, pairs_of(reports), OF_FEW)
    once = {(i, j): r["value_usd"] for (i, j, m), r in rows.items() if m == method and r["value_usd"] is not None}
    again = by_method(con, [Pair(i, j, v, v, "FOB") for (i, j), v in once.items()], OF_FEW) if once else {}
    weighted = {
        (i, j): r["value_usd"] for (i, j, m), r in again.items() if m == method and r["exporter_weight"] is not None
    }
    assert weighted == {pair: once[pair] for pair in weighted}


# -- real figures ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", JETRO)
def test_both_import_is_jetros_own_table(bundled: Home, year: int) -> None:
    with reader(bundled) as con:
        query = "SELECT value_usd / 1000 FROM trade_by_method WHERE reconciliation_method = 'both_import' AND exporter = ? AND importer = ? AND year = ?"
        to_china, to_japan = (
            con.execute(query, [*pair, year]).fetchall()[0][0] for pair in (("JPN", "CHN"), ("CHN", "JPN"))
        )
    actual = (to_china, to_japan, to_china + to_japan, to_china - to_japan)
    assert all(abs(float(a) - w) <= 1 for a, w in zip(actual, JETRO[year], strict=True)), (actual, JETRO[year])
