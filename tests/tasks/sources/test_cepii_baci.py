"""BACI in bulk: what is read, refused and kept, its versions, and that it means what the conforming SQL says."""

import datetime as dt
import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tasks.archive import store
from tasks.archive.store import Artifact
from tasks.ask import trace
from tasks.contract.dataset import BulkPartition, Dataset
from tasks.intake import adopt
from tasks.load import backlog, conform, ledger, validate
from tasks.load.load_source import load_source
from tasks.load.outcome import Outcome
from tasks.publish import check
from tasks.sources.cepii_baci import SOURCE, CepiiBaci
from warehouse.connection import make_folders, writer
from warehouse.errors import BadData, LayoutChanged, RowsLost
from warehouse.settings import Home, Settings

HEADER = "t,i,j,k,v,q\n"
#: Korea's exports of HS 852352 in 2023 as in BACI HS22 V202501: thousand USD and tons (CEPII's file).
KOREA = ["2023,410,156,852352,2907.707,54.363", "2023,410,392,852352,4085.400,           NA"]
NAME = "BACI_HS92_Y{year}_V{stamp}.csv"

Load = Callable[..., list[Outcome]]


@pytest.fixture
def load(warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path) -> Load:
    """Adopt files of these lines and load what is pending."""

    def loading(*files: tuple[str, list[str]]) -> list[Outcome]:
        for name, lines in files:
            path = tmp_path / name
            path.write_text(HEADER + "\n".join(lines) + "\n")
            taken = list(adopt.adopt(home, [path]))
            assert [a.source for a in taken] == ["cepii.baci"]
        return load_source(warehouse, home, settings, SOURCE, common="code").outcomes

    return loading


def name(year: int = 2023, stamp: str = "202501") -> str:
    return NAME.format(year=year, stamp=stamp)


def shown(con: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    """Figures as mart.trade_figures shows them."""
    return con.execute(
        "SELECT reporter, partner, flow, valuation, classification, product, period, value_usd, net_weight_kg, obs_status, "
        "published_on::VARCHAR FROM mart.trade_figures WHERE source = 'cepii.baci' ORDER BY ALL"
    ).fetchall()


def test_figures_are_kept_to_the_last_digit(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    (outcome,) = load((name(), KOREA))
    assert (outcome.rows_in, outcome.rows_accepted, outcome.rows_quarantined, outcome.change.new) == (2, 2, 0, 2)
    fixed = ("export", "FOB", "HS1992", "852352", "2023")
    assert shown(warehouse) == [
        ("KOR", "CHN", *fixed, Decimal("2907707.000"), Decimal("54363.000"), "A", "2025-01-31"),
        ("KOR", "JPN", *fixed, Decimal("4085400.000"), None, "A", "2025-01-31"),
    ]


def test_loading_again_changes_nothing(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    load((name(), KOREA))
    before = warehouse.execute("FROM core.trade_bulk ORDER BY ALL").fetchall()
    assert load() == []
    assert warehouse.execute("FROM core.trade_bulk ORDER BY ALL").fetchall() == before


BAD = [
    ("2023,4,8,010121,-5.0,1.0", "v: greater_than_or_equal_to(0)"),
    ("2023,4,12,010121,inf,1.0", "v: not DECIMAL"),
    ("2023,4,16,010121,abc,1.0", "v: not DECIMAL"),
    ("2023,4,16,010121,7.1234,1.0", "v: not DECIMAL"),
    ("2023,4,20,10121,7.5,1.0", "k: str_matches"),
    ("2023,4,999999,010121,7.5,1.0", "j: stands in ref.place_code.code among baci"),
    ("2023,4,24,,7.5,1.0", "k: not_null"),
    ("2023,4,28,010121,7.5,-2.0", "q: greater_than_or_equal_to(0)"),
    ("2023,4,31,010121", "record: Expected Number of Columns: 6 Found: 4"),
    ("2023,4,31,010121,5.0,1.0,9", "record: Expected Number of Columns: 6 Found: 7"),
    ("2023,4,32,010121,NaN,1.0", "v: not DECIMAL"),
    ("x2023,4,36,010121,7.5,1.0", "t: not INT"),
    ("2022,4,36,010121,7.5,1.0", "t: is 2023, as the file's name says"),
    ("2023,410,156,852352,1.000,1.0", "repeated key"),
]


def test_every_bad_row_is_found_with_its_line_its_rule_and_its_text(
    load: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    good = [f"2023,410,{j},010121,{n}.5,1.0" for n, j in enumerate([4, 8, 12, 16, 20, 24, 28, 31, 32, 36] * 1)]
    good += [f"2023,392,{j},{k:06d},1.5,1.0" for j in (4, 8, 12, 16, 20) for k in range(10121, 10221)]
    lines = [*KOREA, *good]
    mixed = random.Random(5).sample(range(2, len(lines)), len(BAD))
    for at, (bad, _) in sorted(zip(mixed, BAD, strict=True), reverse=True):
        lines.insert(at, bad)
    (outcome,) = load((name(), lines))
    assert outcome.fault is None
    assert outcome.rows_in == len(lines) == outcome.rows_accepted + outcome.rows_quarantined
    quarantined = warehouse.execute("SELECT row_number, rules, raw FROM meta.quarantine ORDER BY row_number").fetchall()
    # Both rows of the repeated key are refused: their values differ.
    expected = {lines.index(bad) + 1: (rule, bad) for bad, rule in BAD} | {1: ("repeated key", KOREA[0])}
    assert [number for number, _, _ in quarantined] == sorted(expected)
    for number, rules, raw in quarantined:
        rule, text = expected[number]
        assert rule in rules
        assert all(cell in raw for cell in text.split(",")), raw


def test_too_many_bad_rows_stop_the_year_and_no_other(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    outcomes = load((name(2022), ["2022,4,8,010121,-1,1"] * 5 + ["2022,4,12,010121,1,1"]), (name(2023), KOREA))
    assert {o.artifact.filename: type(o.fault) for o in outcomes} == {name(2022): BadData, name(2023): type(None)}
    assert len(shown(warehouse)) == 2
    assert warehouse.execute("SELECT count(*) FROM meta.quarantine").fetchone() == (0,)


def test_a_new_release_adds_versions_only_where_values_changed(
    load: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    lines = [f"2023,410,{j},010121,7.5,1.0" for j in (4, 8, 12)]
    load((name(stamp="202501"), lines))
    revised = ["2023,410,4,010121,7.5,1.0", "2023,410,8,010121,8.5,1.0", "2023,410,16,010121,1.0,1.0"]
    (outcome,) = load((name(stamp="202601"), revised))
    assert (outcome.change.new, outcome.change.revised, outcome.change.gone, outcome.change.unchanged) == (1, 1, 1, 1)
    current = {partner: (value, status) for _, partner, *_, value, _, status, _ in shown(warehouse)}
    assert current == {
        "AFG": (7500, "A"),
        "ALB": (8500, "A"),
        "DZA": (None, "O"),  # no longer in the release: gone, not deleted
        "ASM": (1000, "A"),
    }
    known = (
        "SELECT value_usd FROM mart.trade_figures_as_of('2025-06-01') WHERE partner = 'ALB' AND source = 'cepii.baci'"
    )
    assert warehouse.execute(known).fetchall() == [(Decimal("7500.000"),)]


def history(con: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    return con.execute(
        "SELECT partner, value, obs_status, published_on, superseded_on FROM core.trade_versions "
        "WHERE source = 'cepii.baci' ORDER BY ALL"
    ).fetchall()


def test_releases_in_either_order_give_one_history(
    load: Load, warehouse: duckdb.DuckDBPyConnection, warehouse_template: Path, settings: Settings, tmp_path: Path
) -> None:
    older = (name(stamp="202501"), [f"2023,410,{j},010121,7.5,1.0" for j in (4, 8, 12)])
    newer = (name(stamp="202601"), ["2023,410,4,010121,7.5,1.0", "2023,410,8,010121,8.5,1.0"])
    load(older)
    load(newer)
    other = Home(tmp_path / "other")
    make_folders(other)
    shutil.copyfile(warehouse_template, other.warehouse)
    with writer(other, settings) as con:
        for file, _ in (newer, older):
            list(adopt.adopt(other, [tmp_path / file]))
            load_source(con, other, settings, SOURCE, common="code")
        assert history(con) == history(warehouse)


def test_the_keyed_rows_are_what_the_conforming_sql_says(
    load: Load, warehouse: duckdb.DuckDBPyConnection, home: Home
) -> None:
    load((name(), [*KOREA, "2023,490,842,010121,0.001,0.000"]))
    (artifact,) = store.manifests(home, SOURCE.id)
    conform.conform(warehouse, home, SOURCE, artifact, validate.Proof(warehouse), home.scratch)
    columns = "reporter, partner, flow, valuation, basis, classification, product, freq, period, value, currency, net_weight_kg, obs_status"
    conformed = warehouse.execute(f"SELECT {columns} FROM accepted_trade ORDER BY ALL").fetchall()
    kept = warehouse.execute(
        f"SELECT {columns} FROM mart.trade_figures WHERE source = 'cepii.baci' ORDER BY ALL"
    ).fetchall()
    assert conformed == kept
    assert ("TWN", "USA") in {row[:2] for row in kept}


def test_a_figure_is_traced_to_its_line(load: Load, warehouse: duckdb.DuckDBPyConnection, home: Home) -> None:
    load((name(), KOREA))
    (figure,) = trace.trace(warehouse, home, "trade", {"source": "cepii.baci", "partner": "JPN"})
    (version,) = figure.versions
    assert version.row_number == 2
    assert '"v": "4085.400"' in (version.raw or "")
    assert version.row["publisher"] == "CEPII"


@pytest.mark.parametrize(
    "wrong", ["trade.csv", "BACI_HS92_Y2023.csv", "BACI_HS92_Y2023_V202513.csv", "BACI_HS99_Y2023_V202501.csv"]
)
def test_bacis_columns_under_another_name_are_not_adopted(home: Home, tmp_path: Path, wrong: str) -> None:
    path = tmp_path / wrong
    path.write_text(HEADER + KOREA[0] + "\n")
    (adopted,) = adopt.adopt(home, [path])
    assert adopted.source is None
    assert "BACI_HS92_Y2023_V202501.csv" in adopted.message


def test_other_files_are_not_taken_for_baci(home: Home, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "other.csv").write_text("a,b\n1,2\n")
    (tmp_path / "empty").write_bytes(b"")
    messages = [a.message for a in adopt.adopt(home, [tmp_path])]
    assert sorted(messages) == [
        "no source recognises its content; it looks like a table with commas, whose columns are a, b", "the file is empty",
    ]  # fmt: skip
    assert store.manifests(home) == []


def test_codes_that_stand_for_one_place_are_refused_together(load: Load) -> None:
    """Italy is 380 in one release's code list and 381 in another's: one file never has both."""
    (outcome,) = load((name(), ["2023,380,4,010121,1,1", "2023,381,4,010121,2,1"]))
    assert isinstance(outcome.fault, BadData)
    assert "380, 381" in str(outcome.fault)


def test_the_same_bytes_read_by_other_code_are_stated_again(
    load: Load, warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings
) -> None:
    load((name(stamp="202501"), KOREA), (name(stamp="202601"), [KOREA[0].replace("2907.707", "2907.708"), KOREA[1]]))
    before = history(warehouse)
    again = backlog.pending(warehouse, SOURCE, store.manifests(home, SOURCE.id), "other code")
    assert len(again) == 2
    load_source(warehouse, home, settings, SOURCE, common="other code")
    assert history(warehouse) == before
    assert warehouse.execute("SELECT count(*) FROM meta.editions WHERE source = 'cepii.baci'").fetchone() == (2,)


@pytest.mark.parametrize("refused", ["202501", "202601"])
def test_a_release_that_other_code_cannot_read_leaves_the_history(
    refused: str, load: Load, warehouse: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch,
    home: Home, settings: Settings,
) -> None:  # fmt: skip
    """As in a new home: whichever is read first, what stays is the history of the other release."""
    revised = [KOREA[0].replace("2907.707", "2907.708"), KOREA[1]]
    load((name(stamp="202501"), KOREA), (name(stamp="202601"), revised))
    dataset = type(SOURCE).dataset

    def stricter(source: CepiiBaci, artifact: Artifact) -> Dataset:
        if refused in artifact.filename:
            raise LayoutChanged("another layout")
        return dataset(source, artifact)

    monkeypatch.setattr(type(SOURCE), "dataset", stricter)
    outcomes = {o.artifact.filename: o for o in load_source(warehouse, home, settings, SOURCE, common="other").outcomes}
    fault = outcomes[name(stamp=refused)].fault_message
    assert fault == "another layout. 2 figures that earlier code or schemas read from it are withdrawn"
    (other,) = {"202501", "202601"} - {refused}
    assert outcomes[name(stamp=other)].fault is None
    day = {"202501": dt.date(2025, 1, 1), "202601": dt.date(2026, 1, 1)}[other]
    assert [(row[1], row[3].replace(day=1), row[4]) for row in history(warehouse)] == [
        (Decimal(f"{'2907708' if other == '202601' else '2907707'}.000"), day, None),
        (Decimal("4085400.000"), day, None),
    ]
    assert [f for f in check.run(warehouse, with_schemas=False, thorough=True) if not f.passed] == []
    monkeypatch.undo()
    load_source(warehouse, home, settings, SOURCE, common="other")
    assert len(history(warehouse)) == 3


def test_a_fault_in_the_middle_leaves_the_partition_as_it_was(
    load: Load, warehouse: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    load((name(stamp="202501"), KOREA))
    before = history(warehouse)

    def dying(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(ledger, "record", dying)
        with pytest.raises(KeyboardInterrupt):
            load((name(stamp="202601"), [KOREA[0]]))
    assert history(warehouse) == before
    (outcome,) = load()
    assert (outcome.change.gone, outcome.change.unchanged) == (1, 1)


@pytest.mark.parametrize("releases", [["202501"], ["202501", "202601"], ["202601", "202501"]], ids="-".join)
def test_a_row_that_gets_no_key_is_noticed(
    load: Load, warehouse: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch, releases: list[str]
) -> None:
    """First, appended or replayed: a join that loses a row stops the load, and the partition stays as it was."""
    *earlier, last = releases
    for stamp in earlier:
        load((name(stamp=stamp), KOREA))
    before = history(warehouse)
    whole = CepiiBaci.bulk_partition

    def losing(source: CepiiBaci, artifact: Artifact) -> BulkPartition:
        keyed = whole(source, artifact)
        return replace(keyed, joins=f"{keyed.joins} AND s.j <> 392")

    with monkeypatch.context() as patch:
        patch.setattr(CepiiBaci, "bulk_partition", losing)
        (outcome,) = load((name(stamp=last), [KOREA[0].replace("2907", "2908"), KOREA[1]]))
    assert isinstance(outcome.fault, RowsLost)
    assert history(warehouse) == before


def test_accepted_rows_are_judged_again(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validate, "_mark", lambda con, *_, refused, **__: con.execute(
        f"CREATE OR REPLACE TEMP TABLE {refused} (row_number BIGINT, rules VARCHAR)"))  # fmt: skip
    (outcome,) = load((name(), [*KOREA, "2023,4,8,010121,-5.0,1.0"]))
    assert isinstance(outcome.fault, RowsLost)
