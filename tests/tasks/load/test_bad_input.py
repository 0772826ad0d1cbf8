"""Bad rows are quarantined with a rule and as they were printed, good rows load, bad files stop alone."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tasks.load.load_source import load_source
from tasks.load.outcome import Outcome
from tasks.sources.curated import Curated
from tests.support.curated_folder import CuratedFolder
from warehouse.connection import make_folders, writer
from warehouse.errors import BadData, LayoutChanged, Unknown
from warehouse.settings import Home, Settings

Load = Callable[..., dict[str, Outcome]]


@dataclass(frozen=True)
class Bad:
    """A row with bad cells, and what the rule that refuses it must say."""

    table: str
    says: tuple[str, ...]
    cells: dict[str, str] = field(hash=False)

    def __str__(self) -> str:
        return f"{self.table}: " + ", ".join(f"{c}={v[:20]!r}" for c, v in self.cells.items())


def bad(table: str, *says: str, **cells: str) -> Bad:
    return Bad(table, says, cells)


PERIOD = "period is written as freq asks, of a year from 1800 to ten years ahead: A 2016, Q 2016-Q1, M and YTD 2016-09"
REASON = "a value is missing exactly where obs_status says so"
POSSIBLE = "an exchange rate is more than zero; persons and kilometres are not less"
PRECISION = (
    "published_on is empty where published_precision is unknown, or year for a year that is not over, and only there"
)

CASES = [
    # units
    bad("indicator", "printed_unit", "ref.unit", printed_unit="furlongs"),
    bad("indicator", "printed_unit: not_null", printed_unit=""),
    bad("trade", "printed_unit: stands in ref.unit.printed_unit among money", printed_unit="persons"),
    bad("fdi", "printed_unit", "among money", printed_unit="km"),
    bad("fdi_rate", "printed_unit", "percent", printed_unit="USD million"),
    bad("presence", "printed_unit", "among count", printed_unit="km"),
    bad("indicator", "printed_unit is of the kind the indicator is measured in", printed_unit="km"),
    # values that cannot be
    bad("indicator", POSSIBLE, indicator="population", printed_unit="persons", printed_value="-5"),
    bad("indicator", POSSIBLE, indicator="railway_length", printed_unit="km", printed_value="-5"),
    bad("indicator", POSSIBLE, indicator="exchange_rate_avg", printed_unit="CNY per USD", printed_value="0"),
    bad("indicator", POSSIBLE, indicator="exchange_rate_avg", printed_unit="CNY per USD", printed_value="-6.1"),
    bad("fdi", "published_on is not after today", published_on="2999-01-01"),
    # vocabularies
    bad("indicator", "place", "ref.place", place="XX"),
    bad("indicator", "place: not_null", place=""),
    bad("indicator", "place", "ref.place", place="CN-LN "),
    bad("trade", "partner", "ref.place", partner="Japan"),
    bad("fdi", "counterpart", "ref.place", counterpart="840"),
    bad("indicator", "indicator", "ref.indicator", indicator="happiness"),
    bad("fdi", "concept", "ref.fdi_concept", concept="all_fdi"),
    bad("fdi", "direction", "inward", "outward", direction="upwards"),
    bad("trade", "flow", "export", "import", flow="exports"),
    bad("trade", "product", "ref.product", product="999"),
    bad("trade", "product", classification="SITC4"),
    bad("indicator", "obs_status", obs_status="Z"),
    bad("indicator", "dataset", dataset="Bureau GDP"),
    # citations
    bad("indicator", "publisher: not_null", publisher=""),
    bad("indicator", "title: not_null", title=""),
    bad("indicator", "address: not_null", address=""),
    bad("indicator", "address", "https?://", address="see page 3"),
    bad("milestones", "address", "https?://", address="www.example.org"),
    bad("visits", "publisher: not_null", publisher=""),
    # periods and days
    bad("indicator", PERIOD, period="2016-Q1"),
    bad("indicator", PERIOD, freq="M", period="2016-13"),
    bad("indicator", PERIOD, freq="Q", period="2016-Q5"),
    bad("indicator", PERIOD, freq="YTD", period="2016"),
    bad("indicator", "period: not_null", period=""),
    bad("indicator", "published_on: not DATE", published_on="2017-02-30"),
    bad("indicator", "published_on: not DATE", published_on="30.9.2017"),
    bad("indicator", PRECISION, published_on=""),
    bad("indicator", PRECISION, published_precision="unknown"),
    bad("presence", "as_of", as_of="2016"),
    bad("presence", "as_of", as_of="2016-02-31"),
    bad("visits", "an event does not end before it starts", ended_on="2016-05-10"),
    # values
    bad("indicator", REASON, printed_value=""),
    bad("indicator", REASON, obs_status="O"),
    bad("indicator", "printed_value", printed_value="12,5"),
    bad("indicator", "printed_value", printed_value="n.a."),
    bad("indicator", "printed_value", printed_value="1e5"),
    bad("indicator", "printed_value", printed_value="NaN"),
    bad("indicator", "value", printed_value="9" * 40),
    bad("trade", "value", printed_value="0.0000000001"),
    bad("trade", "value: greater_than_or_equal_to(0)", printed_value="-3"),
    bad("presence", "printed_value", printed_value="-3"),
    bad("milestones", "length_km: greater_than(0)", length_km="0"),
    bad("milestones", "length_km: not DECIMAL", length_km="921 km"),
    bad("milestones", "design_speed_kmh: not INT", design_speed_kmh="12.7"),
    bad("visits", "visited: not BOOLEAN", visited="yes"),
    # figures that contradict themselves
    bad("fdi", "direction fits principle", direction="assets"),
    bad("fdi", "direction fits principle", direction="inward", principle="asset_liability"),
]


def _case(given: Any) -> Bad:
    return given if isinstance(given, Bad) else given.values[0]


@dataclass(frozen=True)
class Refusal:
    filename: str
    row_number: int
    rules: str
    raw: dict[str, str | None]


@dataclass(frozen=True)
class Loaded:
    """One load of all bad rows, those of one table in one file, each after a good row."""

    refusals: dict[tuple[str, int], Refusal]
    rows: dict[str, list[tuple[dict[str, str], Bad | None]]]
    outcomes: dict[str, Outcome]
    stored: dict[str, int]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, warehouse_template: Path, settings: Settings) -> Loaded:
    root = tmp_path_factory.mktemp("bad")
    home, folder = Home(root / "home"), CuratedFolder(root / "curated")
    make_folders(home)
    shutil.copyfile(warehouse_template, home.warehouse)
    rows: dict[str, list[tuple[dict[str, str], Bad | None]]] = {}
    for number, case in enumerate(map(_case, CASES)):
        tells_apart = {"visits": "event", "milestones": "name"}.get(case.table, "dataset")
        good = folder.row(case.table, **{tells_apart: f"good_{number}"})
        wrong = folder.row(case.table, **{tells_apart: f"bad_{number}", **case.cells})
        rows.setdefault(f"{case.table}/a.csv", []).extend([(good, None), (wrong, case)])
    for name, written in rows.items():
        folder.write(name, [row for row, _ in written])
    with writer(home, settings) as con:
        source = Curated(folder.root)
        outcomes = load_source(con, home, settings, source, common="code").outcomes
        found = con.execute("SELECT filename, row_number, rules, raw FROM meta.quarantine").fetchall()
        stored = {n: con.execute(f"SELECT count(*) FROM core.{n.split('/')[0]}").fetchall()[0][0] for n in rows}
    refusals = [Refusal(name, number, rules, json.loads(raw)) for name, number, rules, raw in found]
    return Loaded(
        {(r.filename, r.row_number): r for r in refusals}, rows, {o.artifact.filename: o for o in outcomes}, stored
    )


@pytest.mark.parametrize("case", CASES, ids=lambda c: str(_case(c)))
def test_a_bad_row_is_quarantined_with_its_rule_its_number_and_its_text(loaded: Loaded, case: Bad) -> None:
    name = f"{case.table}/a.csv"
    number = next(n for n, (_, broken) in enumerate(loaded.rows[name], start=1) if broken == case)
    refusal = loaded.refusals[name, number]
    assert all(word in refusal.rules for word in case.says), refusal.rules
    written = loaded.rows[name][number - 1][0]
    assert {c: v or "" for c, v in refusal.raw.items()} == written


def test_good_rows_beside_bad_ones_load_and_the_rows_add_up(loaded: Loaded) -> None:
    for name, rows in loaded.rows.items():
        outcome = loaded.outcomes[name]
        assert outcome.fault is None
        assert outcome.rows_in == len(rows) == outcome.rows_accepted + outcome.rows_quarantined
        assert loaded.stored[name] == outcome.rows_accepted == len(rows) // 2


def test_a_row_that_breaks_several_rules_is_refused_once_with_all_of_them(
    curated_folder: CuratedFolder, load_curated: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    curated_folder.write("indicator/a.csv", [curated_folder.row("indicator", place="XX", publisher="", period="16")])
    load_curated()
    [(rules,)] = warehouse.execute("SELECT rules FROM meta.quarantine").fetchall()
    assert len(rules.split("; ")) == 3
    assert all(word in rules for word in ("place", "publisher", PERIOD))


def quarantine(con: duckdb.DuckDBPyConnection) -> dict[int, str]:
    return dict(con.execute("SELECT row_number, rules FROM meta.quarantine ORDER BY ALL").fetchall())


# Repeated keys


def test_a_row_stated_twice_counts_once(
    curated_folder: CuratedFolder, load_curated: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    row = curated_folder.row("indicator")
    curated_folder.write("indicator/a.csv", [row, curated_folder.row("indicator", place="CN-JL"), row, row])
    load_curated()
    assert quarantine(warehouse) == dict.fromkeys((3, 4), "repeated key: the same as row 1")
    assert warehouse.execute("SELECT count(*) FROM core.indicator").fetchall() == [(2,)]


def test_of_rows_that_contradict_each_other_none_is_taken(
    curated_folder: CuratedFolder, load_curated: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    row = curated_folder.row
    rows = [row("indicator", place="CN-JL"), row("indicator", printed_value="1"), row("indicator", printed_value="2")]
    curated_folder.write("indicator/a.csv", rows)
    load_curated()
    assert list(quarantine(warehouse)) == [2, 3]
    assert all("row 2 has the same" in r and "other values" in r for r in quarantine(warehouse).values())
    assert warehouse.execute("SELECT place FROM core.indicator").fetchall() == [("CN-JL",)]


def test_a_bad_row_does_not_take_a_good_one_of_its_key_with_it(
    curated_folder: CuratedFolder, load_curated: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    row = curated_folder.row
    curated_folder.write("indicator/a.csv", [row("indicator"), row("indicator", printed_value="n.a.")])
    load_curated()
    assert list(quarantine(warehouse)) == [2]
    assert warehouse.execute("SELECT count(*) FROM core.indicator").fetchall() == [(1,)]


# Row numbers and text


def test_rows_are_counted_as_records_not_as_lines(
    curated_folder: CuratedFolder, load_curated: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    row = curated_folder.row
    note = 'two\nlines, "quoted", 辽宁'
    curated_folder.write("indicator/a.csv", [row("indicator", note=note), row("indicator", place="XX", note=note)])
    load_curated()
    [(number, raw)] = warehouse.execute("SELECT row_number, raw FROM meta.quarantine").fetchall()
    assert (number, json.loads(raw)["note"]) == (2, note)


@pytest.mark.parametrize(
    "saved", [lambda b: b"\xef\xbb\xbf" + b, lambda b: b.replace(b"\n", b"\r\n"), lambda b: b.rstrip(b"\n")],
    ids=["with a byte order mark", "with CRLF", "without a last line end"],
)  # fmt: skip
def test_a_file_saved_by_another_program_loads_the_same(
    curated_folder: CuratedFolder, load_curated: Load, saved: Callable[[bytes], bytes]
) -> None:
    row = curated_folder.row
    first, last = row("indicator", dataset="a.b"), row("indicator", seen_via="#1", note="# a remark")
    path = curated_folder.write("indicator/a.csv", [first, last])
    path.write_bytes(saved(path.read_bytes()))
    outcome = load_curated()["indicator/a.csv"]
    assert (outcome.fault, outcome.rows_accepted, outcome.rows_quarantined) == (None, 2, 0)


@pytest.mark.parametrize("instead", ["1,212.5", ""], ids=["an unquoted comma", "a missing cell"])
def test_a_row_with_too_many_or_too_few_cells_is_never_loaded(
    curated_folder: CuratedFolder, load_curated: Load, warehouse: duckdb.DuckDBPyConnection, instead: str
) -> None:
    """Every cell after it has moved to another column: such a row is refused, or stops its file."""
    row = curated_folder.row
    path = curated_folder.write("indicator/a.csv", [row("indicator"), row("indicator", place="CN-JL")])
    header, first, moved = path.read_text(encoding="utf-8").splitlines()
    moved = moved.replace("12.5", instead) if instead else moved.replace("12.5,", "")
    path.write_text(f"{header}\n{first}\n{moved}\n", encoding="utf-8")
    curated_folder.write("indicator/b.csv", [row("indicator", place="CN-HL")])
    outcomes = load_curated()
    assert isinstance(outcomes["indicator/a.csv"].fault, LayoutChanged) or outcomes["indicator/a.csv"].rows_quarantined
    assert outcomes["indicator/b.csv"].fault is None
    assert warehouse.execute("SELECT count(*) FROM core.indicator WHERE place = 'CN-JL'").fetchall() == [(0,)]


# Files that stop


def _with_bad_rows(folder: CuratedFolder, good: int, wrong: int) -> None:
    rows = [
        folder.row("indicator", period=str(1990 + n), printed_value="n.a." if n < wrong else "1")
        for n in range(good + wrong)
    ]
    folder.write("indicator/a.csv", rows)


@pytest.mark.parametrize(("good", "wrong"), [(0, 3), (1, 3), (4, 4), (5, 4)])
def test_few_bad_rows_do_not_stop_a_file(
    curated_folder: CuratedFolder, load_curated: Load, good: int, wrong: int
) -> None:
    _with_bad_rows(curated_folder, good, wrong)
    outcome = load_curated()["indicator/a.csv"]
    assert (outcome.fault, outcome.rows_accepted, outcome.rows_quarantined) == (None, good, wrong)


@pytest.mark.parametrize(("good", "wrong"), [(0, 4), (3, 4)])
def test_a_file_of_mostly_bad_rows_stops_and_leaves_the_warehouse_as_it_was(
    curated_folder: CuratedFolder, load_curated: Load, warehouse: duckdb.DuckDBPyConnection, good: int, wrong: int
) -> None:
    curated_folder.write(
        "indicator/a.csv", [curated_folder.row("indicator"), curated_folder.row("indicator", place="XX")]
    )
    load_curated()
    before = [_rows_of(warehouse, t) for t in _TABLES]
    _with_bad_rows(curated_folder, good, wrong)
    curated_folder.write("presence/a.csv", [curated_folder.row("presence")])
    outcomes = load_curated()
    assert isinstance(outcomes["indicator/a.csv"].fault, BadData)
    message = str(outcomes["indicator/a.csv"].fault)
    assert message.startswith(
        f"{wrong} of {good + wrong} rows are bad, more than 50%: curated, indicator/a.csv. The first, row "
    )
    assert "The first, row 1, breaks: printed_value" in message
    assert [_rows_of(warehouse, t) for t in _TABLES] == before
    assert outcomes["presence/a.csv"].fault is None
    assert _rows_of(warehouse, "core.presence")


_TABLES = ("core.indicator", "meta.quarantine")


def _rows_of(con: duckdb.DuckDBPyConnection, table: str) -> list[Any]:
    return con.execute(f"FROM {table} ORDER BY ALL").fetchall()


def test_a_corrected_file_leaves_the_quarantine(
    curated_folder: CuratedFolder, load_curated: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    curated_folder.write("indicator/a.csv", [curated_folder.row("indicator", place="XX")])
    load_curated()
    assert quarantine(warehouse)
    curated_folder.write("indicator/a.csv", [curated_folder.row("indicator")])
    load_curated()
    assert quarantine(warehouse) == {}


def _without(row: dict[str, str], column: str) -> dict[str, str]:
    return {c: v for c, v in row.items() if c != column}


def _layout_fault(folder: CuratedFolder, load: Load) -> str:
    fault = load()["indicator/a.csv"].fault
    assert isinstance(fault, LayoutChanged)
    return str(fault)


def test_a_missing_column_is_named(curated_folder: CuratedFolder, load_curated: Load) -> None:
    curated_folder.write("indicator/a.csv", [_without(curated_folder.row("indicator"), "printed_unit")])
    assert "the header lacks printed_unit: curated, indicator/a.csv. " in _layout_fault(curated_folder, load_curated)


def test_an_unknown_column_is_named(curated_folder: CuratedFolder, load_curated: Load) -> None:
    curated_folder.write("indicator/a.csv", [curated_folder.row("indicator", remark="x")])
    assert "the header has the unknown remark: curated, indicator/a.csv. Expected columns: " in _layout_fault(
        curated_folder, load_curated
    )


def test_a_renamed_column_is_named_on_both_sides(curated_folder: CuratedFolder, load_curated: Load) -> None:
    row = curated_folder.row("indicator")
    curated_folder.write("indicator/a.csv", [{("region" if c == "place" else c): v for c, v in row.items()}])
    message = _layout_fault(curated_folder, load_curated)
    assert "lacks place" in message
    assert "has the unknown region" in message


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe not text \x80\n\x00\x00\n", b"PK\x03\x04\x14\x00 a workbook"],
    ids=["empty", "bytes", "zip"],
)
def test_a_file_that_is_no_table_stops_alone(curated_folder: CuratedFolder, load_curated: Load, content: bytes) -> None:
    curated_folder.write("indicator/a.csv", [curated_folder.row("indicator")]).write_bytes(content)
    curated_folder.write("indicator/b.csv", [curated_folder.row("indicator")])
    outcomes = load_curated()
    assert isinstance(outcomes["indicator/a.csv"].fault, LayoutChanged)
    assert outcomes["indicator/b.csv"].fault is None


def test_text_in_another_encoding_is_read_as_what_it_says(
    curated_folder: CuratedFolder, load_curated: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    path = curated_folder.write("indicator/a.csv", [curated_folder.row("indicator", note="辽宁")])
    path.write_bytes(path.read_bytes().decode().encode("gb18030"))
    assert load_curated()["indicator/a.csv"].fault is None
    assert warehouse.execute("SELECT note FROM meta.citations").fetchall() == [("辽宁",)]


def test_a_header_without_rows_is_no_fault(curated_folder: CuratedFolder, load_curated: Load) -> None:
    path = curated_folder.write("indicator/a.csv", [curated_folder.row("indicator")])
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    outcome = load_curated()["indicator/a.csv"]
    assert (outcome.fault, outcome.rows_in) == (None, 0)


def test_a_folder_that_is_no_table_is_named(curated_folder: CuratedFolder, load_curated: Load) -> None:
    curated_folder.write("indicators/a.csv", [curated_folder.row("indicator")])
    curated_folder.write("indicator/b.csv", [curated_folder.row("indicator")])
    outcomes = load_curated()
    fault = outcomes["indicators/a.csv"].fault
    assert isinstance(fault, Unknown)
    assert "no bundled table 'indicators': curated, indicators/a.csv. Tables: trade, fdi" in str(fault)
    assert outcomes["indicator/b.csv"].fault is None
