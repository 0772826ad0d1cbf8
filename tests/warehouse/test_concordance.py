"""Products and their concordances: codes as text, weights and families that keep totals, trade put into other codes."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.load import reference
from tests.support.curated_folder import CuratedFolder
from warehouse import ddl, reference_files

#: Rows of the UN's tables, both directions: HS 2022 goes back to these.
PAIRS = sorted(path.stem.split("_") for path in (reference_files.FOLDER / "concordances").glob("*.csv"))


@pytest.fixture(scope="module")
def ref() -> Iterator[duckdb.DuckDBPyConnection]:
    """The bundled reference tables, to be read only."""
    with duckdb.connect() as con:
        ddl.create_tables(con)
        ddl.create_views(con)
        reference.load(con)
        yield con


def rows(con: duckdb.DuckDBPyConnection, query: str, *values: Any) -> list[tuple[Any, ...]]:
    return con.execute(query, list(values)).fetchall()


def test_every_row_of_the_files_is_in_the_table(ref: duckdb.DuckDBPyConnection) -> None:
    counted = {
        tuple(path.stem.split("_")): len(path.read_text().splitlines()) - 1
        for path in (reference_files.FOLDER / "concordances").glob("*.csv")
    }
    actual = rows(ref, "SELECT from_classification, to_classification, count(*) FROM ref.correlation GROUP BY ALL")
    assert {(a, b): n for a, b, n in actual} == counted
    assert len(counted) == 16


def test_every_code_of_a_concordance_is_a_product(ref: duckdb.DuckDBPyConnection) -> None:
    unknown = """
        SELECT from_classification, from_product FROM ref.concordance
        WHERE (from_classification, from_product) NOT IN (SELECT (classification, product) FROM ref.product)"""
    assert rows(ref, unknown) == []


def test_every_parent_is_a_product_of_a_level_above(ref: duckdb.DuckDBPyConnection) -> None:
    orphans = """
        SELECT p.classification, p.product, p.parent FROM ref.product AS p
        LEFT JOIN ref.product AS o ON o.classification = p.classification AND o.product = p.parent AND o.level < p.level
        WHERE p.parent <> 'TOTAL' AND o.product IS NULL"""
    assert rows(ref, orphans) == []


def test_codes_are_text_of_their_level(ref: duckdb.DuckDBPyConnection) -> None:
    assert rows(ref, "SELECT product FROM ref.product WHERE level <> length(product) AND product <> 'TOTAL'") == []
    wrong = "SELECT product FROM ref.product WHERE starts_with(classification, 'HS') AND level NOT IN (2, 4, 6)"
    assert rows(ref, wrong) == []


def test_a_code_that_goes_to_one_has_the_weight_one_and_no_other_has_any(ref: duckdb.DuckDBPyConnection) -> None:
    wrong = """
        SELECT from_classification, from_product, to_classification, sum(weight), count(*) FILTER (is_correlation)
        FROM ref.concordance GROUP BY ALL
        HAVING sum(weight) > 1 OR (sum(weight) = 1 AND count(*) FILTER (is_correlation) > 1)"""
    assert rows(ref, wrong) == []


def test_a_code_is_in_one_family_and_is_converted_once(ref: duckdb.DuckDBPyConnection) -> None:
    torn = """
        SELECT from_classification, from_product, to_classification FROM ref.concordance WHERE family IS NOT NULL
        GROUP BY ALL, is_reversed HAVING count(DISTINCT family) > 1"""
    assert rows(ref, torn.replace("GROUP BY ALL, is_reversed", "GROUP BY ALL")) == []
    twice = """
        SELECT from_classification, from_product, to_classification FROM ref.concordance WHERE is_conversion
        GROUP BY ALL HAVING count(*) > 1"""
    assert rows(ref, twice) == []


@cache
def correlated(newer: str, older: str) -> tuple[list[tuple[str, str, str | None]], frozenset[str]]:
    """Pairs with their family, and the codes of the newer one that are converted."""
    path = reference_files.FOLDER / "concordances" / f"{newer}_{older}.csv"
    lines = [line.split(",") for line in path.read_text().splitlines()[1:]]
    return [(a, b, f or None) for a, b, _, _, f in lines], frozenset(a for a, _, _, t, _ in lines if t != "C")


@pytest.mark.parametrize(("newer", "older"), PAIRS, ids="-".join)
def test_families_are_the_connected_components(newer: str, older: str) -> None:
    """Closed: no pair leads out of a family. Least: whoever walks along the pairs comes to all of it."""
    pairs, _ = correlated(newer, older)
    ahead: dict[str, set[str]] = {}
    families: dict[str, str] = {}
    for a, b, family in pairs:
        if family is not None:
            for code in (f"new {a}", f"old {b}"):
                assert families.setdefault(code, family) == family
            ahead.setdefault(f"new {a}", set()).add(f"old {b}")
            ahead.setdefault(f"old {b}", set()).add(f"new {a}")
    left = set(families)
    seen: set[str] = set()
    while left:
        reached, waiting = set(), [min(left)]
        while waiting:
            code = waiting.pop()
            if code not in reached:
                reached.add(code)
                waiting += ahead[code] - reached
        (family,) = {families[c] for c in reached}
        assert family not in seen
        assert family == min(c[4:] for c in reached if c.startswith("old"))
        seen.add(family)
        left -= reached


#: What published tables say (domain notes D1, UN tables): codes that were split, merged, or kept.
KNOWN = [
    ("HS2022", "010121", "HS1992", "010111", "n:n", True),
    ("HS2017", "690721", "HS1992", "690890", "n:n", False),
    ("HS2022", "010121", "HS2017", "010121", "1:1", True),
    ("HS1996", "271000", "BEC4", "32", "1:n", True),
]


@pytest.mark.parametrize("known", KNOWN, ids=lambda k: f"{k[0]} {k[1]} {k[2]}")
def test_the_relations_are_those_printed(ref: duckdb.DuckDBPyConnection, known: tuple[Any, ...]) -> None:
    newer, code, older, other, relation, _ = known
    actual = rows(ref, "SELECT relation FROM ref.concordance WHERE from_classification = ? AND from_product = ? AND to_classification = ? AND to_product = ?", newer, code, older, other)  # fmt: skip
    assert actual == [(relation,)]
    back = {"1:n": "n:1", "n:1": "1:n"}.get(relation, relation)
    actual = rows(ref, "SELECT relation, is_reversed FROM ref.concordance WHERE from_classification = ? AND from_product = ? AND to_classification = ? AND to_product = ?", older, other, newer, code)  # fmt: skip
    assert actual == [(back, True)]


VALUES = st.dictionaries(st.integers(0, 5612), st.integers(-(10**12), 10**12), min_size=1, max_size=60)


@pytest.mark.parametrize("older", ["HS1992", "HS2017", "SITC4", "BEC4"])
@given(values=VALUES)
def test_totals_are_kept_by_conversion_and_by_family(older: str, values: dict[int, int]) -> None:
    """Whatever the values of whatever codes: nothing is lost, nothing is counted twice, nothing is shared out."""
    pairs, converted = correlated("HS2022", older)
    codes = sorted({a for a, _, _ in pairs})
    trade = {codes[i % len(codes)]: value for i, value in values.items()}
    family = {a: f for a, _, f in pairs if f is not None}
    targets = {a: b for a, b, f in pairs if a in converted}
    by_family: dict[str | None, int] = {}
    by_target: dict[str | None, int] = {}
    for code, value in trade.items():
        by_family[family[code]] = by_family.get(family[code], 0) + value
        by_target[targets.get(code)] = by_target.get(targets.get(code), 0) + value
    assert sum(by_family.values()) == sum(by_target.values()) == sum(trade.values())


@pytest.fixture
def traded(
    curated_folder: CuratedFolder, load_curated: Callable[..., Any], warehouse: duckdb.DuckDBPyConnection
) -> duckdb.DuckDBPyConnection:
    """A year in HS 2022 and another in HS 2017, of codes that are kept, merged, split, and in no table."""
    row = curated_folder.row
    lines = [
        row("trade", classification=edition, product=code, period=period, printed_value=value, printed_unit="USD million")
        for edition, code, period, value in (
            ("HS2022", "010121", "2022", "1.5"), ("HS2022", "850110", "2022", "2.25"), ("HS2022", "999999", "2022", "4"),
            ("HS2022", "854911", "2022", "8"), ("HS2022", "01", "2022", "1.5"), ("HS2022", "710820", "2022", "16"),
            ("HS2017", "010121", "2021", "3"), ("HS2017", "850110", "2021", "5"),
        )
    ]  # fmt: skip
    curated_folder.write("trade/a.csv", lines)
    outcomes = load_curated()
    assert [o.fault for o in outcomes.values()] == [None]
    return warehouse


@pytest.mark.parametrize("wanted", ["HS2017", "HS1992", "SITC4", "BEC4"])
def test_trade_in_another_classification_keeps_its_total(traded: duckdb.DuckDBPyConnection, wanted: str) -> None:
    actual = rows(traded, "SELECT sum(value_usd), sum(products) FROM trade_in_classification(?) WHERE from_classification = 'HS2022'", wanted)  # fmt: skip
    assert actual == [(Decimal("31750000.000"), 5)]
    lost = rows(traded, "SELECT sum(value_usd) FROM mart.trade_in_classification(?) WHERE product IS NULL", wanted)
    # Gold and its waste have no SITC or BEC.
    assert lost == [(Decimal("16000000.000") if wanted in ("SITC4", "BEC4") else None,)]


def test_two_editions_meet_in_families(traded: duckdb.DuckDBPyConnection) -> None:
    actual = rows(
        traded, "SELECT classification, sum(value_usd) FROM trade_by_family('HS2022', 'HS2017') GROUP BY ALL ORDER BY 1"
    )
    assert actual == [("HS2017", Decimal("8000000.000")), ("HS2022", Decimal("31750000.000"))]
    kept = rows(
        traded, "SELECT year, value_usd FROM trade_by_family('HS2022', 'HS2017') WHERE family = '010121' ORDER BY 1"
    )
    assert kept == [(2021, Decimal("3000000.000")), (2022, Decimal("1500000.000"))]


def test_files_of_the_concordances_are_a_few_megabytes() -> None:
    folder: Path = reference_files.FOLDER
    assert sum(p.stat().st_size for p in folder.rglob("*.csv")) < 12_000_000
