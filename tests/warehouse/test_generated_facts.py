"""The rows of a fact and their residuals, of generated members and totals: sums are the published totals, whatever is published.

The laws are worked out here from the cells and not from the SQL. Each of several mutations of the SQL breaks at least one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from warehouse import sql

#: A cell: year, measure, place on both axes. "_T" is the published total along an axis; "_X" a publisher's own "areas nes".
Cell = tuple[int, str, str, str]
A, B = ("A1", "A2", "A3", "_T"), ("B1", "B2", "_X", "_T")

cells = st.dictionaries(
    st.tuples(st.sampled_from([2019, 2020]), st.sampled_from(["exports", "imports"]), st.sampled_from(A), st.sampled_from(B)),
    st.decimals(-1000, 1000, places=3) | st.sampled_from([Decimal(0), Decimal(10), Decimal("10.005")]),
    max_size=24,
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A row of the fact, of one measure."""

    year: int
    measure: str
    a: str
    b: str
    value: Decimal
    method: str
    total_method: str
    residual: Decimal | None

    @property
    def published(self) -> Decimal | None:
        """The part of the value that a publisher printed for the two places."""
        if self.residual is None:
            return self.value
        return self.value - self.residual if self.method.startswith("published") else None


def query(whole: str = "all", old: str = "", new: str = "") -> str:
    """The SQL that makes a fact of the cells, with some of its text replaced."""
    text = sql.render_text(
        '{% import "shared/facts.sql" as f %}FROM {{ f.with_residuals("cells", ["year"], whole) }}', whole=whole
    )
    assert old in text
    return text.replace(old, new) if old else text


_ORIGIN = """struct_pack(source := 's', dataset := 'd', publisher := 'p', published_on := NULL::DATE, published_precision := 'unknown',
    artifact := 'a', status := 'A', valuation := NULL::VARCHAR, currency := 'USD', method := 'published', total_method := NULL::VARCHAR,
    other_figures := 0::INTEGER, spread := NULL::DOUBLE)"""


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database with a table of cells."""
    with duckdb.connect() as opened:
        opened.execute(
            "CREATE TABLE printed (year INTEGER, measure VARCHAR, a VARCHAR, b VARCHAR, value DECIMAL(20, 3))"
        )
        opened.execute(f"CREATE VIEW cells AS SELECT *, {_ORIGIN} AS origin FROM printed")
        yield opened


def rows_of(con: duckdb.DuckDBPyConnection, printed: Mapping[Cell, Decimal], text: str) -> list[Row]:
    """The rows that the SQL makes."""
    con.execute("DELETE FROM printed")
    if printed:
        con.executemany("INSERT INTO printed VALUES (?, ?, ?, ?, ?)", [[*key, value] for key, value in printed.items()])
    made = con.execute(
        f"SELECT year, measure, a, b, value, origin.method, origin.total_method, residual FROM ({text})"
    ).fetchall()
    return [Row(*row) for row in made]


def faults(printed: Mapping[Cell, Decimal], rows: list[Row], whole: str = "all") -> list[str]:
    """Which laws the rows break."""
    found = [f"{key} of no cell" for key in {(r.year, r.measure) for r in rows} - {key[:2] for key in printed}]
    for year, measure in sorted({key[:2] for key in printed}):
        there = {key[2:]: value for key, value in printed.items() if key[:2] == (year, measure)}
        made = [r for r in rows if (r.year, r.measure) == (year, measure)]
        found += [f"{year} {measure}: {fault}" for fault in _faults_of_one(there, made, whole)]
    return found


def _faults_of_one(printed: dict[tuple[str, str], Decimal], rows: list[Row], whole: str) -> Iterator[str]:
    members = {key: value for key, value in printed.items() if "_T" not in key}
    totals_of_a = {a: value for (a, b), value in printed.items() if a != "_T" and b == "_T"}
    totals_of_b = {b: value for (a, b), value in printed.items() if a == "_T" and b != "_T"}
    grand = printed.get(("_T", "_T"))
    published = [((r.a, r.b), r.published) for r in rows if r.published is not None and (r.a, r.b) in members]
    if sorted(published) != sorted(members.items()):
        yield "a member is lost, changed or repeated"
    if any(_sum(rows, a=a) != total for a, total in totals_of_a.items()):
        yield "rows of a do not add up to its total"
    if grand is not None and _sum(rows) != grand:
        yield "all rows do not add up to the grand total"
    if (
        grand is None
        and (totals_of_a or not totals_of_b)
        and _sum(rows) != _expected_without_grand(members, totals_of_a)
    ):
        yield "there is more or less than what was published"
    used = {b: t for b, t in totals_of_b.items() if b != "_X" and _is_used(b, members, totals_of_a, grand)}
    if any(_sum(rows, b=b) != total for b, total in used.items()):
        yield "rows of b do not add up to its total"
    if len({(r.a, r.b) for r in rows}) < len(rows):
        yield "a key has several rows"
    if any("_T" in (r.a, r.b) for r in rows):
        yield "a total is a row"
    for r in rows:
        of_b = r.b in totals_of_b and _is_used(r.b, members, totals_of_a, grand)
        has_total = r.a in totals_of_a or (whole == "all" and (grand is not None or of_b))
        if (r.a, r.b) in members and (r.total_method == "none published") is has_total:
            yield "whether a total was published is not said, or wrongly"
    yield from _faults_of_residuals(members, totals_of_a, grand, rows)


def _faults_of_residuals(
    members: dict[tuple[str, str], Decimal], totals_of_a: dict[str, Decimal], grand: Decimal | None, rows: list[Row]
) -> Iterator[str]:
    for a, total in totals_of_a.items():
        of_a = [value for (place, _), value in members.items() if place == a]
        residual = [r for r in rows if r.a == a and r.b == "_X" and r.residual is not None]
        difference = total - sum(of_a, Decimal(0))
        if of_a and [r.residual for r in residual] != [difference][: difference != 0]:
            yield "a residual is hidden"
        rounding = abs(difference) <= Decimal("0.01") * len(of_a)
        if of_a and any(r.method.endswith("rounding") is not rounding for r in residual):
            yield "a residual is rounding, or is not, and does not say so"
        if not of_a and [(r.residual, r.value) for r in rows if r.a == a] != [(None, total)]:
            yield "a total without members is not the published figure"
    if grand is None and any(r.residual is not None and r.total_method == "none published" for r in rows):
        yield "a residual of no total"


def _sum(rows: list[Row], **wanted: str) -> Decimal:
    return sum((r.value for r in rows if all(getattr(r, k) == v for k, v in wanted.items())), Decimal(0))


def _is_used(
    b: str, members: dict[tuple[str, str], Decimal], totals_of_a: dict[str, Any], grand: Decimal | None
) -> bool:
    """A total of b is used where b has members and totals of a cannot count the same twice, or where nothing else is there."""
    if any(place == b for _, place in members):
        return grand is not None or not totals_of_a
    return not members and not totals_of_a


def _expected_without_grand(members: dict[tuple[str, str], Decimal], totals_of_a: dict[str, Decimal]) -> Decimal:
    alone = sum((value for (a, _), value in members.items() if a not in totals_of_a), Decimal(0))
    return alone + sum(totals_of_a.values(), Decimal(0))


@settings(max_examples=100)
@given(printed=cells, whole=st.sampled_from(["a", "all"]))
def test_sums_are_the_published_totals(
    con: duckdb.DuckDBPyConnection, printed: dict[Cell, Decimal], whole: str
) -> None:
    assert faults(printed, rows_of(con, printed, query(whole)), whole) == []


@settings(max_examples=40)
@given(printed=cells, data=st.data())
def test_the_order_of_figures_does_not_matter(
    con: duckdb.DuckDBPyConnection, printed: dict[Cell, Decimal], data: st.DataObject
) -> None:
    shuffled = dict(data.draw(st.permutations(list(printed.items()))))
    once, again = (rows_of(con, figures, query()) for figures in (printed, shuffled))
    assert sorted(once, key=repr) == sorted(again, key=repr)


MUTATIONS = [
    ("WHERE a <> '_T' AND b <> '_T'", "WHERE a <> '_T'", "a total among members"),
    ("t.value - coalesce(m.value, 0)", "t.value", "a residual that is the whole total"),
    ("WHERE m.value IS NULL OR t.value <> m.value", "WHERE m.value IS NULL OR t.value > m.value", "negative residuals hidden"),
    ("g.value - coalesce(p.value, 0)", "g.value", "a grand residual that is the grand total"),
    ("WHERE p.value IS NULL OR g.value <> p.value", "WHERE p.value IS NULL", "no grand residual"),
    ("(has_grand_total OR NOT has_total_of_a)", "true", "totals along both axes"),
    ("value - coalesce(members_value, 0)", "value", "a residual of b that is its whole total"),
    ("<= 0.01 *", "<= 1 *", "large residuals called rounding"),
    ("CASE WHEN m.value IS NOT NULL THEN t.value - m.value END", "t.value - coalesce(m.value, 0)", "a published figure called a residual"),
    ("GROUP BY year, measure, a, b\n", "GROUP BY year, measure, a, b, axis\n", "a row for each part of what is not allotted"),
    ("coalesce(total_method, 'none published')", "coalesce(total_method, 'published')", "totals that nobody published"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), [m[:2] for m in MUTATIONS], ids=[m[2] for m in MUTATIONS])
def test_a_mutation_breaks_a_law(con: duckdb.DuckDBPyConnection, old: str, new: str) -> None:
    mutated = query(old=old, new=new)

    def is_noticed(printed: dict[Cell, Decimal]) -> bool:
        return faults(printed, rows_of(con, printed, mutated)) != []

    assert find(cells, is_noticed, settings=settings(max_examples=1000, phases=[Phase.generate])) is not None
