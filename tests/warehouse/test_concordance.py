"""Products and their concordances: codes as text, weights and families that keep totals, trade put into other codes."""

import shutil
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.load import reference
from tasks.load.load_source import load_source
from tasks.sources.curated import Curated
from tests.support.curated_folder import CuratedFolder
from warehouse import ddl, marts, reference_files
from warehouse.connection import make_folders, writer
from warehouse.settings import Home, Settings

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


@pytest.fixture(scope="module")
def traded(
    settings: Settings, warehouse_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A year in HS 2022 and another in HS 2017, of codes that are kept, merged, split, and in no table."""
    folder = CuratedFolder(tmp_path_factory.mktemp("traded") / "curated")
    home = Home(folder.root.with_name("home"))
    make_folders(home)
    shutil.copyfile(warehouse_template, home.warehouse)
    row = folder.row
    lines = [
        row("trade", classification=edition, product=code, period=period, printed_value=value, printed_unit="USD million")
        for edition, code, period, value in (
            ("HS2022", "010121", "2022", "1.5"), ("HS2022", "850110", "2022", "2.25"), ("HS2022", "999999", "2022", "4"),
            ("HS2022", "854911", "2022", "8"), ("HS2022", "01", "2022", "1.5"), ("HS2022", "710820", "2022", "16"),
            ("HS2017", "010121", "2021", "3"), ("HS2017", "850110", "2021", "5"),
        )
    ]  # fmt: skip
    folder.write("trade/a.csv", lines)
    with writer(home, settings) as con:
        assert [o.fault for o in load_source(con, home, settings, Curated(folder.root)).outcomes] == [None]
        marts.store(con)
        yield con


@pytest.mark.parametrize("wanted", ["HS2022", "HS2017", "HS1992", "SITC4", "BEC4"])
@pytest.mark.parametrize("schema", ["main", "mart"])
def test_trade_in_another_classification_keeps_its_total(
    traded: duckdb.DuckDBPyConnection, wanted: str, schema: str
) -> None:
    of_year = (
        "SELECT year, sum(exports_usd), sum(products) FROM {}.trade_in_classification(?) GROUP BY ALL ORDER BY ALL"
    )
    assert rows(traded, of_year.format(schema), wanted) == [
        (2021, Decimal("8000000.000"), 2),
        (2022, Decimal("31750000.000"), 5),
    ]
    assert rows(traded, "SELECT DISTINCT classification FROM trade_in_classification(?)", wanted) == [(wanted,)]


def in_classification(con: duckdb.DuckDBPyConnection, wanted: str) -> dict[tuple[int, str, str], Decimal]:
    """The amounts by year, product and how it was found."""
    found = rows(con, "SELECT year, product, how, exports_usd FROM trade_in_classification(?)", wanted)
    assert len({row[:3] for row in found}) == len(found)
    return {row[:3]: row[3] for row in found}


def test_what_is_in_the_wanted_edition_stays(traded: duckdb.DuckDBPyConnection) -> None:
    actual = in_classification(traded, "HS2017")
    assert actual[2021, "010121", "as published"] == 3_000_000
    assert actual[2021, "850110", "as published"] == 5_000_000
    assert actual[2022, "010121", "converted from HS2022"] == 1_500_000


def test_what_cannot_be_put_elsewhere_is_marked_with_the_reason(traded: duckdb.DuckDBPyConnection) -> None:
    # Gold and its waste have no SITC; there is no table from HS 2017 to SITC 4.
    assert in_classification(traded, "SITC4")[2022, "_X", "code without a target, HS2022"] == 16_000_000
    assert in_classification(traded, "SITC4")[2021, "_X", "no table from HS2017"] == 8_000_000
    assert in_classification(traded, "HS2022")[2021, "_X", "no table from HS2017"] == 8_000_000


@pytest.mark.parametrize("macro", ["trade_in_classification", "reconciled_in_classification"])
@pytest.mark.parametrize(("wanted", "named"), [("'HS2011'", '"HS2011"'), ("NULL", "NULL"), ("'hs2017'", '"hs2017"')])
def test_an_edition_that_is_not_known_is_an_error_that_lists_the_known(
    traded: duckdb.DuckDBPyConnection, macro: str, wanted: str, named: str
) -> None:
    with pytest.raises(duckdb.Error, match=f"no classification {named} to convert to; choose one of: .*HS1992.*HS2022"):
        traded.execute(f"FROM {macro}({wanted})").fetchall()


@pytest.mark.parametrize(("newer", "older"), [("HS2022", "HS2017"), ("HS2017", "HS2022")])
def test_two_editions_meet_in_families(traded: duckdb.DuckDBPyConnection, newer: str, older: str) -> None:
    by_edition = "SELECT classification, sum(exports_usd) FROM trade_by_family(?, ?) GROUP BY ALL ORDER BY 1"
    assert rows(traded, by_edition, newer, older) == [
        ("HS2017", Decimal("8000000.000")),
        ("HS2022", Decimal("31750000.000")),
    ]
    kept = "SELECT year, exports_usd FROM trade_by_family(?, ?) WHERE family = '010121' ORDER BY 1"
    assert rows(traded, kept, newer, older) == [(2021, Decimal("3000000.000")), (2022, Decimal("1500000.000"))]


@pytest.mark.parametrize(("newer", "older"), [("'HS2017'", "'HS2012'"), ("'HS2022'", "NULL"), ("NULL", "NULL")])
def test_two_editions_without_a_table_are_an_error_that_lists_the_tables(
    traded: duckdb.DuckDBPyConnection, newer: str, older: str
) -> None:
    named = f"{newer} and {older}".replace("'", "")
    with pytest.raises(duckdb.Error, match=f"no table between {named}; there are: .*HS2022 and HS2017"):
        traded.execute(f"FROM trade_by_family({newer}, {older})").fetchall()


def test_files_of_the_concordances_are_a_few_megabytes() -> None:
    folder: Path = reference_files.FOLDER
    assert sum(p.stat().st_size for p in folder.rglob("*.csv")) < 12_000_000
