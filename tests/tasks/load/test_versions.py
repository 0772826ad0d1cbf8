"""The history of a partition is a function of the set of its editions, whatever their order of arrival.

The oracle is :func:`expected`: the rules of the design in twenty lines of Python, over plain dictionaries.
"""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.base import columns, table_name
from tasks.contract import facts
from tasks.contract.facts import Fact
from tasks.load import editions, history
from tasks.load.editions import Edition
from tasks.load.history import Change
from tasks.load.versions import FactVersions
from warehouse.errors import BadData

SOURCE = "test"
#: What a publisher says of a cell: a value, or why there is none.
Statement = tuple[Decimal | None, str]
#: A version: cell, what is stated of it, the artifact that states it, the artifact that replaced it.
Version = tuple[str, Statement, str, str | None]
GONE: Statement = (None, "O")


@dataclass(frozen=True)
class Release:
    """One edition as a publisher sends it."""

    name: str
    cells: dict[str, Statement]
    published_on: date | None = None
    is_complete: bool = False
    known_from: datetime = datetime(2024, 1, 1, tzinfo=UTC)

    @property
    def artifact(self) -> str:
        return self.name.ljust(64, "0")

    @property
    def order(self) -> tuple[datetime, str]:
        day = self.published_on
        return (datetime(day.year, day.month, day.day, tzinfo=UTC) if day else self.known_from, self.artifact)


def expected(releases: Iterable[Release]) -> set[Version]:
    """The history that the design promises, independently of tasks.load.versions."""
    history: set[Version] = set()
    current: dict[str, tuple[Statement, str]] = {}

    def say(cell: str, statement: Statement, artifact: str) -> None:
        if cell in current:
            old, by = current[cell]
            history.remove((cell, old, by, None))
            history.add((cell, old, by, artifact))
        current[cell] = statement, artifact
        history.add((cell, statement, artifact, None))

    for release in sorted(releases, key=lambda r: r.order):
        vanished = set(current) - set(release.cells) if release.is_complete else set()
        for cell, statement in release.cells.items():
            if cell not in current or current[cell][0] != statement:
                say(cell, statement, release.artifact)
        for cell in vanished:
            if current[cell][0][1] != "O":
                say(cell, GONE, release.artifact)
    return history


@dataclass
class Partition:
    """A partition of core.indicator that releases arrive in, one after the other."""

    con: duckdb.DuckDBPyConnection
    name: str
    fact: Fact = facts.INDICATOR
    arrived: list[Release] = field(default_factory=list)

    @property
    def table(self) -> str:
        return table_name(self.fact.stored)

    def arrive(self, release: Release) -> Change:
        """Put a release on record and load it as tasks.load.loader does: appended in its turn, else replayed."""
        before = self.standing()
        number = self.record(release)
        standing = self.standing()
        if standing[-1].edition == number:
            return history.append(self.store, before, standing[-1])
        return self.replay()[number]

    def replay(self) -> dict[int, Change]:
        return history.replay(self.store, editions.Partition(SOURCE, self.fact, self.name))

    def standing(self) -> list[Edition]:
        return editions.standing(self.con, editions.Partition(SOURCE, self.fact, self.name))

    @property
    def store(self) -> FactVersions:
        by_artifact = {r.artifact: r for r in self.arrived}
        return FactVersions(self.con, self.fact, lambda e: self.rows_of(by_artifact[e.artifact]))

    def record(self, release: Release) -> int:
        self.arrived.append(release)
        precision = "day" if release.published_on else "unknown"
        found = self.con.execute(
            "INSERT INTO meta.editions SELECT coalesce(max(edition), 0) + 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL "
            "FROM meta.editions RETURNING edition",
            [
                SOURCE, self.name, self.table, self.name, release.published_on, precision, release.known_from,
                release.artifact, f"{release.name}.csv", release.is_complete, len(release.cells), release.name,
            ],
        ).fetchone()  # fmt: skip
        assert found
        return int(found[0])

    def retract(self, release: Release) -> None:
        self.con.execute(
            "UPDATE meta.editions SET retracted_at = now() WHERE partition = ? AND artifact = ?",
            [self.name, release.artifact],
        )

    def rows_of(self, release: Release) -> str:
        """The release's rows in a temporary table as tasks.load.conform leaves it."""
        rows = [
            f"('{self.name}', {_sql(release.published_on)}, 'CN-LN', 'gdp', 'CNY', 'A', '{cell}', "
            f"{_sql(value)}, '{status}', {_sql(value and str(value))}, 'CNY', 1)"
            for cell, (value, status) in release.cells.items()
        ]
        self.con.execute(
            "CREATE OR REPLACE TEMP TABLE landed_test AS SELECT dataset, published_on::DATE AS published_on, place, indicator, "
            "unit, freq, period, value::DECIMAL(38, 15) AS value, obs_status, printed_value::VARCHAR AS printed_value, "
            "printed_unit, citation, FALSE AS is_blank "
            f"FROM (VALUES {', '.join(rows)}) AS v(dataset, published_on, place, indicator, unit, freq, period, value, "
            "obs_status, printed_value, printed_unit, citation)"
        )
        return "landed_test"

    def history(self) -> set[Version]:
        found = self.con.execute(
            "SELECT t.period, t.value, t.obs_status, e.artifact, s.artifact FROM core.indicator AS t "
            "JOIN meta.editions AS e ON e.edition = t.edition LEFT JOIN meta.editions AS s ON s.edition = t.superseded_by "
            "WHERE e.partition = ?",
            [self.name],
        ).fetchall()
        made = [(cell, (value, status), by, until) for cell, value, status, by, until in found]
        assert len(set(made)) == len(made), "the same version twice"
        return set(made)

    def as_of(self, day: date) -> dict[str, Statement]:
        """What was current by publication at the end of a day."""
        found = self.con.execute(
            "SELECT t.period, t.value, t.obs_status FROM core.indicator AS t JOIN meta.editions AS e ON e.edition = t.edition "
            "LEFT JOIN meta.editions AS s ON s.edition = t.superseded_by "
            "WHERE e.partition = ? AND coalesce(e.published_on, e.known_from::DATE) <= ? "
            "AND (s.edition IS NULL OR coalesce(s.published_on, s.known_from::DATE) > ?)",
            [self.name, day, day],
        ).fetchall()
        assert len({cell for cell, _, _ in found}) == len(found), "two values of one cell at one time"
        return {cell: (value, status) for cell, value, status in found}

    def first_known(self) -> dict[tuple[str, str], datetime]:
        """When each version's value was first known here, by cell and artifact."""
        found = self.con.execute(
            "SELECT t.period, e.artifact, k.known_from FROM core.indicator AS t JOIN meta.editions AS e ON e.edition = t.edition "
            "JOIN meta.editions AS k ON k.edition = coalesce(t.first_known_by, t.edition) WHERE e.partition = ?",
            [self.name],
        ).fetchall()
        return {(cell, artifact): known_from for cell, artifact, known_from in found}

    def rows(self) -> list[Any]:
        return self.con.execute(
            "SELECT t.* FROM core.indicator AS t JOIN meta.editions AS e USING (edition) WHERE e.partition = ? ORDER BY ALL",
            [self.name],
        ).fetchall()


def _sql(value: object) -> str:
    return "NULL" if value is None else f"'{value}'"


_names = (f"partition.{n}" for n in itertools.count())


def partition(con: duckdb.DuckDBPyConnection) -> Partition:
    """A partition nothing has arrived in. Partitions of one warehouse do not know of each other."""
    return Partition(con, next(_names))


def arrived(con: duckdb.DuckDBPyConnection, releases: Iterable[Release]) -> Partition:
    """A partition in which releases arrived in this order."""
    made = partition(con)
    for release in releases:
        made.arrive(release)
    return made


def stated(value: str | None, status: str = "A") -> Statement:
    return (None if value is None else Decimal(value), status)


# Few cells, values and days, so that examples meet in all ways: repeats, reversals, ties, gaps.
_SAID = st.sampled_from(
    [
        stated("1"),
        stated("2"),
        stated("2", "P"),
        stated("-0.000000000000001"),
        stated("0"),
        stated(None, "O"),
        stated(None, "Q"),
    ]
)
_DAYS = st.sampled_from([None, date(2020, 1, 1), date(2020, 1, 2), date(2021, 6, 30), date(2025, 1, 1)])


@st.composite
def release_sets(draw: st.DrawFn) -> list[Release]:
    """Editions of one partition. Each has its own moment of receipt, which stays its own in every order of loading."""
    number = draw(st.integers(1, 5))
    receipts = draw(st.permutations(range(number)))
    return [
        Release(
            f"{n:x}",
            draw(st.dictionaries(st.sampled_from(["2014", "2015", "2016"]), _SAID, min_size=1)),
            draw(_DAYS),
            draw(st.booleans()),
            datetime(2020, 1, 1, 12, tzinfo=UTC) + timedelta(days=300 * receipt),
        )
        for n, receipt in enumerate(receipts)
    ]


_with_warehouse = settings(max_examples=35, suppress_health_check=[HealthCheck.function_scoped_fixture])


@_with_warehouse
@given(data=st.data())
def test_any_order_of_arrival_gives_the_same_history(warehouse: duckdb.DuckDBPyConnection, data: st.DataObject) -> None:
    releases = data.draw(release_sets())
    other = data.draw(st.permutations(releases))
    wanted = expected(releases)
    assert arrived(warehouse, releases).history() == wanted
    assert arrived(warehouse, other).history() == wanted


@_with_warehouse
@given(releases=release_sets())
def test_the_current_value_is_the_latest_published(
    warehouse: duckdb.DuckDBPyConnection, releases: list[Release]
) -> None:
    current = {cell: value for cell, value, _, until in arrived(warehouse, releases).history() if until is None}
    for cell, value in current.items():
        stating = [
            r for r in releases if cell in r.cells or (r.is_complete and _is_after_a_statement(r, cell, releases))
        ]
        latest = max(stating, key=lambda r: r.order)
        # A later edition that leaves out what is marked as missing already adds nothing.
        assert value == latest.cells.get(cell, GONE)


def _is_after_a_statement(release: Release, cell: str, releases: list[Release]) -> bool:
    return any(cell in r.cells and r.order < release.order for r in releases)


@_with_warehouse
@given(releases=release_sets())
def test_versions_of_a_cell_follow_one_another_without_gap_or_overlap(
    warehouse: duckdb.DuckDBPyConnection, releases: list[Release]
) -> None:
    order = {r.artifact: n for n, r in enumerate(sorted(releases, key=lambda r: r.order))}
    history = sorted(arrived(warehouse, releases).history(), key=lambda v: (v[0], order[v[2]]))
    for _, group in itertools.groupby(history, key=lambda v: v[0]):
        chain = list(group)
        for (_, value, _, until), (_, following, by, _) in itertools.pairwise(chain):
            assert until == by
            assert value != following
        assert chain[-1][3] is None


@_with_warehouse
@given(releases=release_sets())
def test_as_of_a_day_shows_what_was_published_by_then(
    warehouse: duckdb.DuckDBPyConnection, releases: list[Release]
) -> None:
    made = arrived(warehouse, releases)
    for day in {r.order[0].date() + timedelta(days=n) for r in releases for n in (-1, 0, 1)}:
        by_then = expected(r for r in releases if r.order[0].date() <= day)
        assert made.as_of(day) == {cell: value for cell, value, _, until in by_then if until is None}


@_with_warehouse
@given(releases=release_sets())
def test_replay_equals_appending_in_order(warehouse: duckdb.DuckDBPyConnection, releases: list[Release]) -> None:
    made = arrived(warehouse, sorted(releases, key=lambda r: r.order))
    appended, first_known = made.rows(), made.first_known()
    if _says_otherwise_on_one_day(releases):
        first_known = {}  # the day's releases contradict one another: when a value was first known is a matter of taste
    made.replay()
    assert made.history() == expected(releases)
    if first_known:
        assert (made.rows(), made.first_known()) == (appended, first_known)


def _says_otherwise_on_one_day(releases: list[Release]) -> bool:
    days = [r.published_on for r in releases if r.published_on]
    return len(days) != len(set(days))


@_with_warehouse
@given(releases=release_sets(), data=st.data())
def test_a_retracted_edition_leaves_the_history_of_the_others(
    warehouse: duckdb.DuckDBPyConnection, releases: list[Release], data: st.DataObject
) -> None:
    made = arrived(warehouse, releases)
    withdrawn = data.draw(st.sampled_from(releases))
    made.retract(withdrawn)
    made.replay()
    assert made.history() == expected(r for r in releases if r is not withdrawn)


JANUARY, MAY = date(2020, 1, 31), date(2020, 5, 31)
TWO = {"2015": stated("1"), "2016": stated("2")}


def test_an_unchanged_value_adds_no_version(warehouse: duckdb.DuckDBPyConnection) -> None:
    made = arrived(warehouse, [Release("a", TWO, JANUARY)])
    assert made.arrive(Release("b", TWO, MAY)) == Change(unchanged=2)
    assert len(made.history()) == 2


def test_what_changed_is_counted(warehouse: duckdb.DuckDBPyConnection) -> None:
    made = partition(warehouse)
    assert made.arrive(Release("a", TWO, JANUARY)) == Change(new=2)
    later = Release("b", {"2016": stated("3"), "2017": stated("4")}, MAY, is_complete=True)
    assert made.arrive(later) == Change(new=1, revised=1, gone=1)


def test_a_changed_status_alone_is_a_new_version(warehouse: duckdb.DuckDBPyConnection) -> None:
    made = arrived(
        warehouse, [Release("a", {"2016": stated("2", "P")}, JANUARY), Release("b", {"2016": stated("2")}, MAY)]
    )
    assert len(made.history()) == 2


def test_a_partial_edition_closes_nothing(warehouse: duckdb.DuckDBPyConnection) -> None:
    made = arrived(warehouse, [Release("a", TWO, JANUARY), Release("b", {"2017": stated("9")}, MAY)])
    assert {cell for cell, _, _, until in made.history() if until is None} == {"2015", "2016", "2017"}


def test_a_value_gone_from_a_complete_edition_is_marked_not_deleted(warehouse: duckdb.DuckDBPyConnection) -> None:
    first, second = Release("a", TWO, JANUARY), Release("b", {"2016": stated("2")}, MAY, is_complete=True)
    made = arrived(warehouse, [first, second])
    assert made.history() == {
        ("2015", stated("1"), first.artifact, second.artifact),
        ("2015", GONE, second.artifact, None),
        ("2016", stated("2"), first.artifact, None),
    }


def test_a_value_that_comes_back_is_current_again(warehouse: duckdb.DuckDBPyConnection) -> None:
    third = Release("c", TWO, date(2020, 9, 30), is_complete=True)
    releases = [Release("a", TWO, JANUARY), Release("b", {"2016": stated("2")}, MAY, is_complete=True), third]
    assert ("2015", stated("1"), third.artifact, None) in arrived(warehouse, releases).history()


def test_an_old_edition_that_comes_late_takes_its_place(warehouse: duckdb.DuckDBPyConnection) -> None:
    new, old = Release("a", {"2016": stated("2")}, MAY), Release("b", {"2016": stated("1")}, JANUARY)
    assert arrived(warehouse, [new, old]).history() == {
        ("2016", stated("1"), old.artifact, new.artifact),
        ("2016", stated("2"), new.artifact, None),
    }


def test_editions_without_a_date_follow_one_another_by_receipt(warehouse: duckdb.DuckDBPyConnection) -> None:
    late = Release("a", {"2016": stated("2")}, known_from=datetime(2024, 6, 1, tzinfo=UTC))
    early = Release("b", {"2016": stated("1")}, known_from=datetime(2024, 5, 1, tzinfo=UTC))
    assert ("2016", stated("2"), late.artifact, None) in arrived(warehouse, [late, early]).history()


def test_partitions_do_not_touch_each_other(warehouse: duckdb.DuckDBPyConnection) -> None:
    one = arrived(warehouse, [Release("a", TWO, JANUARY)])
    untouched = one.history()
    arrived(warehouse, [Release("b", {"2015": stated("7")}, MAY, is_complete=True)]).replay()
    assert one.history() == untouched


# First known


def test_a_value_keeps_its_first_receipt_when_its_edition_is_replaced(warehouse: duckdb.DuckDBPyConnection) -> None:
    """A corrected file restates most of its values: they have been known as long as before."""
    copied_wrongly = Release(
        "a", {"2015": stated("1"), "2016": stated("22")}, JANUARY, known_from=datetime(2024, 1, 1, tzinfo=UTC)
    )
    corrected = Release(
        "b", {"2015": stated("1"), "2016": stated("2")}, JANUARY, known_from=datetime(2024, 3, 1, tzinfo=UTC)
    )
    made = arrived(warehouse, [copied_wrongly])
    made.retract(copied_wrongly)
    made.record(corrected)
    made.replay()
    assert made.first_known() == {
        ("2015", corrected.artifact): copied_wrongly.known_from,
        ("2016", corrected.artifact): corrected.known_from,
    }
    made.replay()
    assert made.first_known()["2015", corrected.artifact] == copied_wrongly.known_from


def test_the_first_receipt_is_handed_on_through_several_corrections(warehouse: duckdb.DuckDBPyConnection) -> None:
    made = partition(warehouse)
    chain = [
        Release(str(n), {"2015": stated("1")}, None, known_from=datetime(2024, n, 1, tzinfo=UTC)) for n in range(1, 5)
    ]
    made.arrive(chain[0])
    for old, new in itertools.pairwise(chain):
        made.retract(old)
        made.record(new)
        made.replay()
    assert made.first_known() == {("2015", chain[-1].artifact): chain[0].known_from}


def test_another_publication_of_the_same_value_is_not_known_from_before(warehouse: duckdb.DuckDBPyConnection) -> None:
    early = Release("a", {"2015": stated("1")}, MAY, known_from=datetime(2024, 1, 1, tzinfo=UTC))
    late = Release("b", {"2015": stated("1")}, JANUARY, known_from=datetime(2024, 3, 1, tzinfo=UTC))
    assert arrived(warehouse, [early, late]).first_known() == {("2015", late.artifact): late.known_from}


def test_a_value_that_returns_in_an_undated_release_is_known_from_its_return(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """Without dates two releases are not one publication: a replay must not give the last the first one's receipt."""
    values = ["5", "6", "5"]
    releases = [
        Release(str(n), {"2016": stated(v)}, None, known_from=datetime(2024, n + 1, 1, tzinfo=UTC))
        for n, v in enumerate(values)
    ]
    made = arrived(warehouse, releases)
    made.replay()
    assert made.first_known() == {("2016", r.artifact): r.known_from for r in releases}


# Every kind of figure


def _rows_like(con: duckdb.DuckDBPyConnection, fact: Fact, key: dict[str, str], values: dict[str, str]) -> str:
    """A table of one row of any fact: ``key`` and ``values`` as SQL, what is not given NULL."""
    types = {c.name: c.type for c in columns(fact.stored)}
    given_values = {**key, **values}
    cells = ", ".join(f'CAST({given_values.get(c, "NULL")} AS {types[c]}) AS "{c}"' for c in (*fact.key, *fact.values))
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE rows_any AS SELECT 'p' AS dataset, DATE '2020-01-01' AS published_on, {cells}, 1 AS citation, FALSE AS is_blank"
    )
    return "rows_any"


_PRESENT = {
    "value": "5", "obs_status": "'A'", "printed_value": "'5'", "printed_unit": "'persons'", "approximate": "TRUE",
}  # fmt: skip


def _text(fact: Fact, changes: dict[str, str]) -> dict[str, str]:
    numbers = {c.name for c in columns(fact.stored) if c.type in ("INT", "INTEGER")}
    return {**{c: "7" if c in numbers else "'x'" for c in fact.key if c != "as_of"}, **changes}


@pytest.mark.parametrize("fact", [f for f in facts.ALL if "obs_status" in f.values], ids=lambda f: f.name)
def test_every_kind_of_figure_can_be_marked_gone(warehouse: duckdb.DuckDBPyConnection, fact: Fact) -> None:
    releases = [
        Release("a", {"x": GONE}, date(2020, 1, 1)),
        Release("b", {"x": GONE}, date(2020, 1, 1), is_complete=True),
    ]
    made = Partition(warehouse, "p", fact)
    values = {c: v for c, v in _PRESENT.items() if c in fact.values}
    for number, release in enumerate(releases):
        made.record(release)
        *before, edition = made.standing()
        rows = _rows_like(warehouse, fact, _text(fact, {fact.key[0]: "8" if number else "7"}), values)
        change = history.append(FactVersions(warehouse, fact, partial(_always, rows)), before, edition)
    assert change == Change(new=1, gone=1)
    found = warehouse.execute(
        f"SELECT value, obs_status FROM {made.table} WHERE superseded_by IS NULL ORDER BY ALL"
    ).fetchall()
    assert found == [(Decimal(5), "A"), (None, "O")]


def test_trade_with_an_empty_basis_and_quantity_has_versions(warehouse: duckdb.DuckDBPyConnection) -> None:
    """The key of trade is integers; quantities that are not given are not a change."""
    made = Partition(warehouse, "p", facts.TRADE)
    key = {"slice": "1", "reporter_key": "2", "partner_key": "3", "product_key": "4"}
    counts = []
    for name, values in {
        "a": {"value": "10.5"},
        "b": {"value": "10.5"},
        "c": {"value": "10.501"},
        "d": {"value": "10.501", "quantity": "0"},
    }.items():
        made.record(Release(name, {"x": GONE}, date(2020, 1, 1)))
        *before, edition = made.standing()
        rows = _rows_like(warehouse, facts.TRADE, key, {"obs_status": "'A'", **values})
        store = FactVersions(warehouse, facts.TRADE, partial(_always, rows))
        counts.append(history.append(store, before, edition))
    assert counts == [Change(new=1), Change(unchanged=1), Change(revised=1), Change(revised=1)]
    current = warehouse.execute("SELECT value, quantity FROM core.trade WHERE superseded_by IS NULL").fetchall()
    assert current == [(Decimal("10.501"), Decimal(0))]


def _always(rows: str, _: object) -> str:
    return rows


def _release(name: str, day: int, *values: str) -> Release:
    """A release of the years from 2001 on, published on a day of 2020."""
    cells: dict[str, tuple[Decimal | None, str]] = {
        str(2001 + n): (Decimal(value), "A") for n, value in enumerate(values)
    }
    known = datetime(2020, 1, day, 12, tzinfo=UTC)
    return Release(name=name, cells=cells, published_on=date(2020, 1, day), is_complete=False, known_from=known)


@pytest.mark.parametrize("factor", ["1000", "1000000", "0.001", "0.000001"])
def test_a_release_in_another_unit_is_refused(warehouse: duckdb.DuckDBPyConnection, factor: str) -> None:
    """Figures that are all a thousand times what they were are not revised: they are read in the wrong unit."""
    partition = Partition(warehouse, "bureau.gdp")
    values = ["123.456789", "-17", "99.9", "1", "2345.6", "7"]
    partition.arrive(_release("1", 1, *values))
    with pytest.raises(BadData, match="exactly 10, 100, 1,000"):
        partition.arrive(_release("2", 2, *(str(Decimal(v) * Decimal(factor)) for v in values)))


def test_a_few_figures_a_thousand_times_what_they_were_are_revised(warehouse: duckdb.DuckDBPyConnection) -> None:
    partition = Partition(warehouse, "bureau.gdp")
    partition.arrive(_release("1", 1, "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"))
    assert partition.arrive(_release("2", 2, "1000", "2000", "3000", "4000")).revised == 4
    later = _release("3", 3, *(["1000000", "2000000", "3000000", "4000000", "5000"] + ["1.3"] * 6))
    assert partition.arrive(later).revised == 11
