"""Versions of bulk datasets: one history whatever the order of arrival, and checks that find what breaks it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import date, timedelta
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.contract import facts
from tasks.load.bulk_versions import BulkVersions
from tasks.load.editions import Edition, Partition, standing
from tasks.load.history import Change, append, check_not_gone, replay
from tasks.publish import check
from warehouse import ddl, sql
from warehouse.errors import BadData

SOURCE, PARTITION, SLICE = "cepii.baci", "cepii.baci.hs92.2023", 1
FIRST_DAY = date(2021, 1, 31)

Key = tuple[int, int, int]
Figure = tuple[Decimal, Decimal | None]
Stated = dict[Key, Figure]
#: Key, value, weight, status, and the days of the edition that states it and of the one that replaced it.
Version = tuple[Key, Decimal | None, Decimal | None, str, int, int | None]

_KEYS = [(reporter, partner, product) for reporter in (1, 2) for partner in (1, 900) for product in (1, 6_000)]
_NUMBERS = st.integers(1, 3).map(Decimal)
_EDITION = st.dictionaries(st.sampled_from(_KEYS), st.tuples(_NUMBERS, st.none() | _NUMBERS), min_size=1)


@pytest.fixture(scope="module")
def laid_out() -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse in memory with its tables and views."""
    with duckdb.connect() as con:
        con.execute("SET TimeZone = 'UTC'")
        ddl.create_tables(con)
        ddl.create_views(con)
        yield con


@contextmanager
def empty(con: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse as it was, afterwards."""
    con.execute("BEGIN")
    try:
        con.execute(
            f"INSERT INTO core.trade_slice VALUES ({SLICE}, 'export', 'FOB', NULL, 'HS1992', 'A', '2023', 'USD', NULL)"
        )
        yield con
    finally:
        con.execute("ROLLBACK")


def state(con: duckdb.DuckDBPyConnection, stated: Stated) -> None:
    """Put an edition's rows where the loader puts them."""
    con.execute("DROP TABLE IF EXISTS bulk_rows")
    con.execute("CREATE TEMP TABLE bulk_rows AS SELECT * EXCLUDE (part) FROM core.trade_bulk LIMIT 0")
    con.executemany("INSERT INTO bulk_rows VALUES (?, ?, ?, ?, ?)", [[*key, *figure] for key, figure in stated.items()])


def arrive(
    con: duckdb.DuckDBPyConnection, editions: dict[int, Stated], number: int, day: date, artifact: str = "a"
) -> Change:
    """Load an edition as the loader does: in its turn it is appended, late it has the history made again."""
    con.execute(
        "INSERT INTO meta.editions (edition, source, dataset, table_name, partition, published_on, published_precision, known_from, "
        "artifact, filename, is_complete, rows_stated, content_hash) "
        "VALUES (?, ?, 'd', 'core.trade_bulk', ?, ?, 'month', make_timestamp(2026, 1, 1, ?, 0, 0.0), ?, 'f', TRUE, ?, 'c')",
        [number, SOURCE, PARTITION, day, number, artifact, len(editions[number])],
    )
    store = BulkVersions(con, SLICE, lambda e: state(con, editions[e.edition]))
    partition = Partition(SOURCE, facts.TRADE_BULK, PARTITION)
    *before, last = standing(con, partition)
    if last.edition == number:
        return append(store, before, last)
    return replay(store, partition)[number]


def stored(con: duckdb.DuckDBPyConnection) -> list[Version]:
    """All versions, each with the positions of its editions in the order of publication."""
    found = con.execute(
        "SELECT reporter_key, partner_key, product_number, value, net_weight_kg, p.obs_status::VARCHAR, e.published_on, x.published_on "
        "FROM core.trade_bulk JOIN core.trade_part AS p USING (part) JOIN meta.editions AS e ON e.edition = p.edition "
        "LEFT JOIN meta.editions AS x ON x.edition = p.superseded_by"
    ).fetchall()
    found = [
        ((r, p, k), v, w, status, (e - FIRST_DAY).days, x and (x - FIRST_DAY).days)
        for r, p, k, v, w, status, e, x in found
    ]
    return sorted(found, key=_place)


def history(editions: list[Stated]) -> list[Version]:
    """What the versions must be: a new one wherever an edition differs from the one before."""
    made: list[Version] = []
    for key in _KEYS:
        current: tuple[Figure | None, int] | None = None
        for day, stated in enumerate(editions):
            if (current is None and key not in stated) or (current and current[0] == stated.get(key)):
                continue
            if current:
                made.append(_version(key, *current, day))
            current = stated.get(key), day
        if current:
            made.append(_version(key, *current, None))
    return sorted(made, key=_place)


def _place(version: Version) -> tuple[Key, int]:
    """A cell has one version an edition."""
    return version[0], version[4]


def _version(key: Key, figure: Figure | None, day: int, replaced: int | None) -> Version:
    value, weight = figure or (None, None)
    return key, value, weight, "A" if figure else "O", day, replaced


@settings(max_examples=120, deadline=None)
@given(editions=st.lists(_EDITION, min_size=1, max_size=4), data=st.data())
def test_the_same_editions_give_one_history_in_whatever_order_they_come(
    laid_out: duckdb.DuckDBPyConnection, editions: list[Stated], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(len(editions))))
    with empty(laid_out) as con:
        for number in order:
            arrive(con, dict(enumerate(editions)), number, FIRST_DAY + timedelta(days=number))
        assert stored(con) == history(editions)
        findings = con.execute(sql.render("checks/bulk_parts_are_whole.sql")).fetchall()
        assert findings == []


def test_what_changed_is_counted(laid_out: duckdb.DuckDBPyConnection) -> None:
    one = {_KEYS[0]: (Decimal(1), None), _KEYS[1]: (Decimal(2), None), _KEYS[2]: (Decimal(3), Decimal(1))}
    two = {_KEYS[0]: (Decimal(1), None), _KEYS[1]: (Decimal(2), Decimal(5)), _KEYS[3]: (Decimal(4), None)}
    with empty(laid_out) as con:
        assert arrive(con, {0: one, 1: two, 2: one}, 0, FIRST_DAY) == Change(new=3)
        assert arrive(con, {0: one, 1: two, 2: one}, 1, FIRST_DAY + timedelta(1)) == Change(1, 1, 1, 1)
        assert arrive(con, {0: one, 1: two, 2: one}, 2, FIRST_DAY + timedelta(2)) == Change(0, 2, 1, 1)


def test_a_value_stays_known_since_it_first_came(laid_out: duckdb.DuckDBPyConnection) -> None:
    """Two files of one release: the one that counts as the first came later, and says the same."""
    same: dict[tuple[int, int, int], tuple[Decimal, Decimal | None]] = {_KEYS[0]: (Decimal(1), None)}
    with empty(laid_out) as con:
        arrive(con, {1: same, 2: same}, 1, FIRST_DAY, artifact="b")
        arrive(con, {1: same, 2: same}, 2, FIRST_DAY, artifact="a")
        assert con.execute(
            "SELECT edition, first_known_by FROM core.trade_bulk JOIN core.trade_part USING (part)"
        ).fetchall() == [(2, 1)]


def test_a_release_in_another_unit_is_refused(laid_out: duckdb.DuckDBPyConnection) -> None:
    one: Stated = {key: (Decimal(7), None) for key in _KEYS}
    two: Stated = {key: (Decimal(7000), None) for key in _KEYS}
    with empty(laid_out) as con:
        arrive(con, {0: one, 1: two}, 0, FIRST_DAY)
        with pytest.raises(BadData, match="exactly 10, 100, 1,000"):
            arrive(con, {0: one, 1: two}, 1, FIRST_DAY + timedelta(1))


def test_a_figure_that_is_ten_times_what_it_was_is_doubtful(laid_out: duckdb.DuckDBPyConnection) -> None:
    one: Stated = {_KEYS[0]: (Decimal(70), None), _KEYS[1]: (Decimal(20), None), _KEYS[2]: (Decimal(3), None)}
    two: Stated = {_KEYS[0]: (Decimal(7), None), _KEYS[1]: (Decimal(199), None), _KEYS[2]: (Decimal(300), None)}
    with empty(laid_out) as con:
        arrive(con, {0: one, 1: two}, 0, FIRST_DAY)
        assert arrive(con, {0: one, 1: two}, 1, FIRST_DAY + timedelta(1)) == Change(revised=3)
        current = {key: status for key, _, _, status, _, replaced in stored(con) if replaced is None}
        assert current == {_KEYS[0]: "U", _KEYS[1]: "A", _KEYS[2]: "U"}
        ((doubt,),) = con.execute("SELECT doubt FROM core.trade_part_doubt").fetchall()
        assert "what the edition before said" in doubt


@pytest.mark.parametrize(("value", "is_marked"), [(60, False), (600, True)])
def test_products_that_add_up_to_another_trade_than_others_state_are_doubtful(
    laid_out: duckdb.DuckDBPyConnection, value: int, is_marked: bool
) -> None:
    stated: Stated = {key: (Decimal(value) * 10**7, None) for key in _KEYS if key[1] == 900}
    with empty(laid_out) as con:
        con.execute(
            "INSERT INTO ref.place (place_key, place, kind, name, is_aggregate) VALUES (1, 'A', 'economy', 'A', FALSE), "
            "(2, 'B', 'economy', 'B', FALSE), (900, 'C', 'economy', 'C', FALSE)"
        )
        con.execute("INSERT INTO core.trade_slice VALUES (2, 'import', 'CIF', NULL, 'TOTAL', 'A', '2023', 'USD', NULL)")
        con.execute(
            "INSERT INTO meta.editions (edition, source, dataset, table_name, partition, published_precision, known_from, artifact, filename, "
            "is_complete, rows_stated, content_hash) VALUES (9, 's', 'd', 'core.trade', 'p', 'day', make_timestamp(2026, 1, 1, 0, 0, 0.0), 'a', 'f', FALSE, 2, 'c')"
        )
        con.execute(
            "INSERT INTO core.trade (slice, reporter_key, partner_key, product_key, value, obs_status, edition) "
            "VALUES (2, 900, 1, 0, 1000000000, 'A', 9), (2, 900, 2, 0, 1100000000, 'A', 9)"
        )
        arrive(con, {0: stated}, 0, FIRST_DAY)
        doubts = [doubt for (doubt,) in con.execute("SELECT doubt FROM core.trade_part_doubt").fetchall()]
        assert doubts == (
            ["2 of 2 figures of its edition that can be held against others are about 10 times them"]
            if is_marked
            else []
        )


@pytest.mark.parametrize(
    ("change", "is_complete", "is_refused"),
    [
        (Change(gone=5, unchanged=5, revised=3, new=20), True, False),  # too few to say anything
        (Change(gone=8, unchanged=12), True, False),
        (Change(gone=9, unchanged=6, revised=5, new=20), True, True),
        (Change(gone=9, unchanged=6, revised=5, new=20), False, False),
    ],
)
def test_an_edition_of_all_there_is_that_leaves_out_much_is_refused(
    change: Change, is_complete: bool, is_refused: bool
) -> None:
    edition = Edition(1, "d", None, is_complete, "a", "trade.csv", 40, "c")
    with pytest.raises(BadData, match="9 of 20 figures of d are not stated any more") if is_refused else nullcontext():
        check_not_gone(change, edition, 0.4)


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("bulk_parts_are_whole", "DELETE FROM core.trade_bulk WHERE product_number = 1 AND partner_key = 1"),
        ("bulk_parts_are_whole", "INSERT INTO core.trade_bulk FROM core.trade_bulk LIMIT 1"),
        ("bulk_parts_are_whole", "UPDATE core.trade_part SET superseded_by = 1"),
        ("bulk_parts_are_whole", "INSERT INTO core.trade_product VALUES (1, 'HS1992', '010121', 'Another name')"),
        ("versions_follow.trade_bulk", "UPDATE core.trade_part SET superseded_by = 99"),
        ("versions_follow.trade_bulk", "UPDATE core.trade_part SET edition = 99"),
        ("mart_is_whole.trade", "DELETE FROM core.trade_product"),
        (
            "one_current_version.trade_bulk",
            "DELETE FROM core.trade_bulk WHERE rowid = 0; INSERT INTO core.trade_bulk FROM core.trade_bulk LIMIT 1",
        ),
    ],
)
def test_damage_to_bulk_figures_is_found(laid_out: duckdb.DuckDBPyConnection, name: str, damage: str) -> None:
    with empty(laid_out) as con:
        con.execute(
            "INSERT INTO ref.place (place_key, place, kind, name, is_aggregate) VALUES (1, 'A', 'economy', 'A', FALSE), "
            "(2, 'B', 'economy', 'B', FALSE), (900, 'C', 'economy', 'C', FALSE)"
        )
        con.execute("INSERT INTO core.trade_product VALUES (1, 'HS1992', '1', 'One'), (6000, 'HS1992', '2', 'Two')")
        con.execute(
            "INSERT INTO ref.product (classification, product, product_key, level, name) "
            "VALUES ('HS1992', '1', 1, 6, 'One'), ('HS1992', '2', 2, 6, 'Two')"
        )
        arrive(con, {0: {key: (Decimal(7), None) for key in _KEYS}}, 0, FIRST_DAY)
        assert _failed(con) & {name} == set()
        con.execute(damage)
        assert name in _failed(con)


def _failed(con: duckdb.DuckDBPyConnection) -> set[str]:
    return {f.name for f in check.run(con, with_schemas=False, thorough=True) if not f.passed}


@pytest.mark.parametrize(("name", "with_gone"), [("bulk_delta", False), ("bulk_delta", True), ("bulk_gone", None)])
def test_rows_are_found_by_their_keys(laid_out: duckdb.DuckDBPyConnection, name: str, with_gone: bool | None) -> None:
    """Eleven million rows cannot be compared each with each."""
    with empty(laid_out) as con:
        arrive(con, {0: {key: (Decimal(7), None) for key in _KEYS}}, 0, FIRST_DAY)
        con.execute(
            "CREATE OR REPLACE TEMP TABLE delta AS SELECT *, 1 AS position, 1 AS previous, 'new' AS change FROM core.trade_bulk LIMIT 0"
        )
        statement = sql.render(f"load/{name}.sql", current=[1], editions="0", gone=[], with_gone=with_gone)
        text = statement[statement.index("SELECT") :]  # EXPLAIN takes no comments and makes no tables
        (plan,) = con.execute(f"EXPLAIN (FORMAT json) {text}").fetchall()
        operators = set(re.findall(r'"name": *"([A-Z_ ]+?) *"', plan[1]))
        assert "HASH_JOIN" in operators
        slow = {"CROSS_PRODUCT", "NESTED_LOOP_JOIN", "BLOCKWISE_NL_JOIN", "DELIM_SCAN", "DELIM_JOIN"}
        assert not {name for name in operators if name.endswith(tuple(slow))}
