"""Measures of trade by product as tables (RCA, Grubel-Lloyd, constant market share), over small worlds whose measures are known.

The small worlds are those of ``tests/warehouse/test_formulas.py``, here as trade that is loaded.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.formulas import FORMULAS
from warehouse import sql

#: Exports of three economies (rows) of three chapters, and their comparative advantage.
EXPORTS = {"JPN": (80, 20, 0), "CHN": (30, 50, 20), "KOR": (10, 30, 60)}
ADVANTAGE = {"JPN": [2, 0.6, 0], "CHN": [0.75, 1.5, 0.75], "KOR": [0.25, 0.9, 2.25]}
CHAPTERS = ("01", "02", "03")


@contextmanager
def empty() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database with the formulas, the measures, and facts without rows."""
    database = duckdb.connect()
    database.execute("CREATE SCHEMA mart; CREATE SCHEMA ref; CREATE SCHEMA core;")
    database.execute("CREATE TABLE ref.place AS SELECT 'CHN' AS place, 'China' AS name")
    database.execute("CREATE TABLE core.reconciled_pair (exporter TEXT, importer TEXT, year INTEGER, value DOUBLE)")
    database.execute("CREATE TABLE ref.product (product TEXT, classification TEXT, name TEXT)")
    database.execute("""CREATE TABLE mart.trade_reconciled (exporter TEXT, importer TEXT, year INTEGER, classification TEXT, product TEXT, value_usd DECIMAL(18, 3),
        dataset TEXT, published_on DATE)""")
    for level in ("chapters", "subheadings"):
        database.execute(f"""CREATE TABLE mart.trade_{level} (reporter TEXT, partner TEXT, year INTEGER, classification TEXT, product TEXT,
            exports_usd DECIMAL(20, 3), imports_usd DECIMAL(20, 3))""")
    from_ = "STRUCT(total_method TEXT)"
    database.execute(f"""CREATE TABLE mart.trade (reporter TEXT, partner TEXT, year INTEGER, exports_usd DECIMAL(20, 3), imports_usd DECIMAL(20, 3),
        exports_from {from_}, imports_from {from_})""")
    database.execute("".join(sql.render(name, formulas=FORMULAS) for name in sql.names("formulas")))
    database.execute(sql.render("readings/54_measures.sql"))
    yield database
    database.close()


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty database of the test's own."""
    with empty() as database:
        yield database


def reconciled(con: duckdb.DuckDBPyConnection, rows: list[tuple[Any, ...]], edition: str = "HS1992") -> None:
    """Put reconciled trade into the database: exporter, importer, year, product, value."""
    con.executemany(
        f"INSERT INTO mart.trade_reconciled SELECT $1, $2, $3, '{edition}', $4, $5, 'cepii.baci.hs92', DATE '2025-01-22'",
        rows,
    )


def dicts(con: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    """The rows of a query by column name."""
    relation = con.execute(query)
    names = [column[0] for column in relation.description or []]
    return [dict(zip(names, row, strict=True)) for row in relation.fetchall()]


def of_three(con: duckdb.DuckDBPyConnection) -> None:
    """The world of three economies; each subheading of a chapter has half of it."""
    rows = [
        (exporter, "USA", 2019, f"{chapter}{subheading}", value / 2)
        for exporter, values in EXPORTS.items()
        for chapter, value in zip(CHAPTERS, values, strict=True) if value
        for subheading in ("0110", "0190")
    ]  # fmt: skip
    reconciled(con, rows)


@pytest.mark.parametrize("exporter", EXPORTS)
@pytest.mark.parametrize("digits", [2, 6])
def test_advantage_is_that_of_the_world(con: duckdb.DuckDBPyConnection, exporter: str, digits: int) -> None:
    of_three(con)
    rows = dicts(con, f"FROM mart.rca('{exporter}', 2019, digits := {digits})")
    wanted = [rca for rca in ADVANTAGE[exporter] for _ in range(1 if digits == 2 else 2)]
    assert [row["rca_balassa"] for row in rows] == [pytest.approx(rca) for rca in wanted]
    assert [row["rsca_laursen"] for row in rows] == [pytest.approx((rca - 1) / (rca + 1)) for rca in wanted]
    assert {row["dataset"] for row in rows} == {"cepii.baci.hs92"}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("rca('JPN', 2018)", "no exports of JPN of 2018 in trade reconciled by BACI: `entrepot pull cepii.baci` fetches it"),
        ("rca('PRK', 2019)", "no exports of PRK of 2019 in trade reconciled"), ("rca('JPN', 2019, digits := 3)", "2, 4 or 6 digits, not 3"),
        ("trade_intensity('JPN', 2019)", "no exports of JPN of 2019 in trade reconciled"),
        ("constant_market_share('JPN', 2018, 2019)", "no exports of JPN of both 2018 and 2019"),
        ("constant_market_share('JPN', 2019, 2018)", "the first year must be before the last: 2019, 2018"),
        ("rca_among_reporters('JPN', 2019)", "no exports of JPN of 2019 are loaded whose chapters reach 0.9 of a published total"),
    ],
)  # fmt: skip
def test_what_is_not_loaded_is_an_error_that_says_so(con: duckdb.DuckDBPyConnection, call: str, message: str) -> None:
    of_three(con)
    with pytest.raises(duckdb.InvalidInputException, match=re.escape(message)):
        con.execute(f"FROM mart.{call}").fetchall()


def test_intensity_of_trade_has_two_variants(con: duckdb.DuckDBPyConnection) -> None:
    """Japan sends 30 of 100 to China, which takes 200 of the world's 1,000; Japan takes 150 of them."""
    pairs = [("JPN", "CHN", 30), ("JPN", "USA", 70), ("USA", "CHN", 170), ("USA", "JPN", 150), ("CHN", "USA", 580)]
    con.executemany("INSERT INTO core.reconciled_pair SELECT $1, $2, 2019, $3", pairs)
    with_china, with_usa = dicts(con, "FROM mart.trade_intensity('JPN', 2019)")
    assert (with_china["importer"], with_china["importer_name"], with_usa["importer"]) == ("CHN", "China", "USA")
    assert with_china["trade_intensity_of_world"] == pytest.approx(1.5)
    assert with_china["trade_intensity_without_own"] == pytest.approx(1.275)


def exports_of(con: duckdb.DuckDBPyConnection, reporter: str, values: list[float], total: float, **more: str) -> None:
    """Exports of a reporter of the year 2019 by chapter, and its published total."""
    edition = more.get("edition", "HS2017")
    rows = [(reporter, edition, f"{number:02}", value) for number, value in enumerate(values, 1)]
    con.executemany("INSERT INTO mart.trade_chapters SELECT $1, 'USA', 2019, $2, $3, $4, NULL", rows)
    con.execute(
        "INSERT INTO mart.trade SELECT $1, 'USA', 2019, $2, NULL, {'total_method': $3}, NULL",
        [reporter, total, more.get("total_method", "published")],
    )


def test_advantage_among_reporters_names_them_and_leaves_out_whose_chapters_are_a_part(
    con: duckdb.DuckDBPyConnection,
) -> None:
    exports_of(con, "JPN", [80, 20], 100)
    exports_of(con, "CHN", [30, 50, 20], 101)
    exports_of(con, "DEU", [1000], 5000)
    exports_of(con, "USA", [500], 500, total_method="none published")
    exports_of(con, "KOR", [5, 5], 10, edition="HS2012")
    rows = dicts(con, "FROM mart.rca_among_reporters('JPN', 2019)")
    assert {row["among"] for row in rows} == {"CHN JPN"}
    wanted = [0.8 / (110 / 200), 0.2 / (70 / 200), 0]
    assert [row["rca_balassa_among_reporters"] for row in rows] == [pytest.approx(rca) for rca in wanted]
    with pytest.raises(duckdb.InvalidInputException, match="no economy but KOR has exports of 2019 by chapter"):
        con.execute("FROM mart.rca_among_reporters('KOR', 2019)").fetchall()


def all_goods(con: duckdb.DuckDBPyConnection, partner: str, exports: float, imports: float, total: str) -> None:
    """All goods that Japan trades with a partner; ``total`` says how the total over partners was found."""
    con.execute(
        "INSERT INTO mart.trade SELECT 'JPN', $1, 2019, $2, $3, {'total_method': $4}, {'total_method': $4}",
        [partner, exports, imports, total],
    )


def by_chapter(con: duckdb.DuckDBPyConnection, rows: list[tuple[Any, ...]]) -> None:
    """Trade of Japan by chapter: partner, chapter, exports, imports."""
    con.executemany("INSERT INTO mart.trade_chapters SELECT 'JPN', $1, 2019, 'HS2017', $2, $3, $4", rows)


def test_intra_industry_trade_states_its_level_and_leaves_out_what_is_not_allotted(
    con: duckdb.DuckDBPyConnection,
) -> None:
    by_chapter(con, [("USA", "01", 100, 60), ("KOR", "02", 40, 40), ("USA", "03", None, 50), ("USA", "_X", 7, 9)])
    con.executemany("INSERT INTO mart.trade_subheadings SELECT 'JPN', 'USA', 2019, 'HS2017', $1, $2, $3", [("010110", 145, 0), ("010190", 0, 158)])  # fmt: skip
    all_goods(con, "USA", 107, 119, "published")
    all_goods(con, "KOR", 40, 40, "published")
    of_chapters, of_subheadings = dicts(con, "FROM mart.intra_industry('JPN')")
    assert (of_chapters["level"], of_chapters["partner"], of_chapters["products"]) == ("chapter", "WLD", 3)
    assert of_chapters["grubel_lloyd_trade_weighted"] == pytest.approx(0.6896552)
    assert of_chapters["grubel_lloyd_imbalance_corrected"] == pytest.approx(0.7142857)
    assert of_chapters["exports_covered_share"] == pytest.approx(140 / 147)
    assert (of_subheadings["level"], of_subheadings["grubel_lloyd_trade_weighted"]) == ("subheading", 0)
    (of_korea,) = dicts(con, "FROM mart.intra_industry('JPN', of_partner := 'KOR')")
    assert of_korea["grubel_lloyd_trade_weighted"] == pytest.approx(1)


@pytest.mark.parametrize(
    ("chapters", "total", "why_not"),
    [
        ([("01", 100, 10)], "published", "products reach less than 0.9 of all goods in one direction"),
        ([("01", 100, 130)], "published", "products are more than 1.1 of all goods in one direction"),
        ([("01", 100, None)], "published", "no total of imports, or no imports by product"),
        ([("01", 100, 100)], "none published", "no total of exports, or no exports by product"),
    ],
)
def test_trade_both_ways_is_not_judged_by_a_part_of_it(
    con: duckdb.DuckDBPyConnection, chapters: list[tuple[Any, ...]], total: str, why_not: str
) -> None:
    by_chapter(con, [("USA", *row) for row in chapters])
    all_goods(con, "USA", 100, 100, total)
    (row,) = dicts(con, "FROM mart.intra_industry('JPN')")
    assert (row["grubel_lloyd_trade_weighted"], row["why_not"]) == (None, why_not)


def of_two_years(con: duckdb.DuckDBPyConnection, edition: str = "HS1992") -> None:
    """Exports of (40, 60) and then (70, 50) to two markets, of the world's (400, 600) and (600, 660)."""
    for year, own, world in ((2018, (40, 60), (400, 600)), (2019, (70, 50), (600, 660))):
        rows = [
            (exporter, market, year, f"{chapter}0110", value)
            for n, (chapter, market) in enumerate((("01", "USA"), ("02", "KOR")))
            for exporter, value in (("JPN", own[n]), ("CHN", world[n] - own[n]))
        ]
        reconciled(con, rows, edition if year == 2019 else "HS1992")


def test_constant_market_share_over_products_and_markets(con: duckdb.DuckDBPyConnection) -> None:
    of_two_years(con)
    rows = dicts(con, "FROM mart.constant_market_share('JPN', 2018, 2019)")
    assert [(row["dimension"], row["members"], row["is_seam"]) for row in rows] == [("market", 2, False), ("product", 2, False)]  # fmt: skip
    for row in rows:
        assert (row["exporter"], row["first_year"], row["last_year"]) == ("JPN", 2018, 2019)
        effects = [row[f"{name}_effect_usd"] for name in ("growth", "composition", "competitiveness")]
        assert row["change_usd"] == 20
        assert effects == pytest.approx([26, 0, -6], abs=1e-9)


def test_products_of_two_editions_are_not_compared(con: duckdb.DuckDBPyConnection) -> None:
    of_two_years(con, edition="HS2017")
    of_market, of_product = dicts(con, "FROM mart.constant_market_share('JPN', 2018, 2019)")
    assert of_market["is_seam"]
    assert of_product["is_seam"]
    assert of_market["growth_effect_usd"] == pytest.approx(26)
    assert of_product["growth_effect_usd"] is None


VALUE = st.integers(1, 10**6)


@settings(max_examples=15)
@given(st.lists(st.tuples(VALUE, VALUE, VALUE), min_size=2, max_size=5))
def test_the_world_has_no_advantage_over_itself(world: list[tuple[int, int, int]]) -> None:
    """Weighted with the economies' exports the advantages of a product are one: the world's share over itself."""
    with empty() as database:
        codes = [f"A{n:02}" for n in range(len(world))]
        reconciled(database, [(e, "USA", 2019, f"{c}0110", v) for e, of in zip(codes, world, strict=True) for c, v in zip(CHAPTERS, of, strict=True)])  # fmt: skip
        weighted = dict.fromkeys(CHAPTERS, 0.0)
        for exporter, of in zip(codes, world, strict=True):
            for row in dicts(database, f"FROM mart.rca('{exporter}', 2019)"):
                weighted[row["product"]] += row["rca_balassa"] * sum(of) / sum(map(sum, world))
        assert list(weighted.values()) == pytest.approx([1, 1, 1])
