"""The UN's correlation and conversion tables: every form read alike, and the pairs in ref.correlation."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tasks.archive.sniff import sniff
from tasks.archive.store import SetAside
from tasks.load import backlog, correlations, reference
from tasks.load.outcome import Outcome
from tasks.sources.unsd_correlation import SOURCE, tables
from tests.support.loading import adopt_files, load_pending, tolerant
from tests.support.source_contract import BadRow, SourceContract, Specimen
from tests.support.workbooks import workbook
from warehouse.errors import LayoutChanged, Unknown
from warehouse.settings import Home, Settings

Load = Callable[..., dict[str, Outcome]]
Pair = tuple[Any, ...]

#: Asses and mules of HS 2022 and the wider codes of HS 2012, for which no table comes with the project.
CSV = "HS 2022,HS 2012,Relationship\n010130,010130,1:1\n010190,010190,1:1\n010221,010221,1:1\n"


@pytest.fixture
def load(warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path) -> Load:
    """Adopt files, given by name and content, and load them; what became of each."""

    def loading(**contents: str | bytes) -> dict[str, Outcome]:
        for name, content in contents.items():
            path = tmp_path / name
            path.write_bytes(content.encode() if isinstance(content, str) else content)
            told = adopt_files(home, path)[name]
            assert told.source == "unsd.correlation", told.message
        return {o.artifact.filename: o for o in load_pending(warehouse, home, tolerant(settings), SOURCE)}

    return loading


def pairs(con: duckdb.DuckDBPyConnection, newer: str = "HS2022", older: str = "HS2012") -> list[Pair]:
    """The pairs of two classifications in ref.correlation."""
    return con.execute(
        "SELECT from_product, to_product, relation, is_correlation, is_conversion, family FROM ref.correlation "
        "WHERE from_classification = ? AND to_classification = ? ORDER BY ALL",
        [newer, older],
    ).fetchall()


CORRELATIONS = [
    ["Between", "", ""], ["HS 2022", "HS 2012", "Relationship"], ["010121", "010121", "n:n"], ["010121", "010129", "n:n"],
    ["010129", "010129", "n:n"], ["010130", "010130", "1:1"],
]  # fmt: skip
CONVERSIONS = [
    ["From HS 2022", "To HS 2012"],
    ["010121", "010121"],
    ["010129", "010129"],
    ["010130", "010130"],
    ["010190", "0101"],
]
READ = [
    ("010121", "010121", "n:n", True, True, "010121"),
    ("010121", "010129", "n:n", True, False, "010121"),
    ("010129", "010129", "n:n", True, True, "010121"),
    ("010130", "010130", "1:1", True, True, "010130"),
    ("010190", "0101", None, False, True, "0101"),
]


def test_the_two_tables_are_read_from_two_sheets_or_from_six_columns_alike(
    load: Load, warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    two_sheets = workbook(tmp_path / "w.xlsx", {"Conversions": CONVERSIONS, "Correlations": CORRELATIONS}).read_bytes()
    assert load(**{"two.xlsx": two_sheets})["two.xlsx"].rows_accepted == 5
    assert pairs(warehouse) == READ
    headed = [["From HS 2022", "To HS 2012"], *CONVERSIONS[1:]]
    left = CORRELATIONS[1:]
    beside = [[*(left[n] if n < len(left) else ["", "", ""]), "", *headed[n]] for n in range(len(headed))]
    six_columns = workbook(tmp_path / "w.xlsx", {"Tables": [["HS 2022 - HS 2012"], *beside]}).read_bytes()
    warehouse.execute("DELETE FROM ref.stated_correlation WHERE artifact IS NOT NULL")
    assert load(**{"six.xlsx": six_columns})["six.xlsx"].rows_accepted == 5
    assert pairs(warehouse) == READ


def test_in_a_table_of_correlations_alone_an_only_target_is_the_conversion(
    load: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    outcome = load(
        **{
            "bec.csv": "HS2012,BEC,Relationship\n0101.21,41,n to 1\n0101.30,41,n to n\n0101.30,111,N To n\n710820,n/a,n to 1\n"
        }
    )
    assert (outcome["bec.csv"].rows_in, outcome["bec.csv"].rows_accepted, outcome["bec.csv"].rows_quarantined) == (
        4,
        3,
        0,
    )
    assert outcome["bec.csv"].set_aside == {"a code that corresponds to nothing in the other classification": 1}
    assert pairs(warehouse, older="BEC4", newer="HS2012") == [
        ("010121", "41", "n:1", True, True, "111"),
        ("010130", "111", "n:n", True, False, "111"),
        ("010130", "41", "n:n", True, False, "111"),
    ]


def test_codes_that_a_spreadsheet_kept_as_numbers_have_their_zero_again() -> None:
    sheet: list[list[Any]] = [
        ["HS 2022", "HS 2012", "Relationship"],
        [10121.0, 10121.0, "1:1"],
        ["", "", ""],
        ["Note: see the annex", "", ""],
    ]
    assert [r[:4] for r in tables.records([sheet], "f") if not isinstance(r, SetAside)] == [
        ("HS2022", "010121", "HS2012", "010121")
    ]


def test_an_adopted_table_takes_the_place_of_the_one_that_comes_with_the_project(
    load: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    bundled, others = pairs(warehouse, older="HS2017"), pairs(warehouse, older="HS2007")
    assert len(bundled) > 15_000
    load(**{"a.csv": "HS2022,HS2017,Relationship\n010121,010121,1:1\n"})
    assert [p[:2] for p in pairs(warehouse, older="HS2017")] == [("010121", "010121")]
    assert pairs(warehouse, older="HS2007") == others
    warehouse.execute("DELETE FROM meta.settings WHERE setting = 'reference'")
    assert reference.load(warehouse)
    assert [p[:2] for p in pairs(warehouse, older="HS2017")] == [("010121", "010121")]
    (artifact,) = warehouse.execute(
        "SELECT DISTINCT artifact FROM ref.stated_correlation WHERE artifact IS NOT NULL"
    ).fetchall()[0]
    correlations.forget(warehouse, artifact)
    assert pairs(warehouse, older="HS2017") == bundled


def test_of_two_files_of_the_same_classifications_the_one_received_last_counts(
    load: Load, warehouse: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day, name, code in (("02", "a.csv", "010121"), ("01", "b.csv", "010129")):
        monkeypatch.setattr("tasks.archive.store.now", lambda day=day: f"2026-01-{day}T00:00:00.000000+00:00")
        load(**{name: f"HS 2022,HS 2012,Relationship\n{code},{code},1:1\n"})
    assert [p[0] for p in pairs(warehouse)] == ["010121"]


def test_a_chain_of_editions_is_in_the_concordance_both_ways(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    load(**{"a.csv": CSV})
    both = "SELECT from_classification, to_product FROM ref.concordance WHERE from_product = '010130' AND (from_classification, to_classification) IN (('HS2022', 'HS2012'), ('HS2012', 'HS2022')) ORDER BY 1"
    assert warehouse.execute(both).fetchall() == [("HS2012", "010130"), ("HS2022", "010130")]


def test_a_file_that_pairs_come_from_cannot_be_left_out(
    load: Load, warehouse: duckdb.DuckDBPyConnection, home: Home
) -> None:
    load(**{"a.csv": CSV})
    with pytest.raises(Unknown, match="come from this file"):
        backlog.leave_out(warehouse, home, "a.csv", None, "not wanted")


def test_a_bad_file_changes_nothing(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    bad = CSV.splitlines()[0] + "\n" + "".join(f"99999{n},99999{n},1:1\n" for n in range(5))
    assert "not one of 5 rows can be loaded" in str(load(**{"bad.csv": bad})["bad.csv"].fault)
    assert pairs(warehouse) == []
    assert warehouse.execute("SELECT count(*) FROM ref.stated_correlation WHERE artifact IS NOT NULL").fetchall() == [
        (0,)
    ]


@pytest.mark.parametrize(
    ("heading", "pair"),
    [
        ("HS2022,HS2012,Relationship", ("HS2022", "HS2012")), ("HS96,BEC,Relationship", ("HS1996", "BEC4")),
        ("From HS 2022,To SITC Rev. 4", ("HS2022", "SITC4")), ("HS 2017, HS 1992,Relationship", ("HS2017", "HS1992")),
        ("HS 2022,BEC Rev.5,Relationship", ("HS2022", "BEC5")), ("HS,Year,Value", None), ("height,HS 2012", None),
    ],
)  # fmt: skip
def test_headings_name_classifications(tmp_path: Path, heading: str, pair: tuple[str, str] | None) -> None:
    path = tmp_path / "f.csv"
    path.write_text(heading + "\n010121,010121,1:1\n", encoding="utf-8")
    assert tables.classifications_of(sniff(path)) == pair


def test_tables_of_several_classifications_are_refused(tmp_path: Path) -> None:
    other = [["HS 2022", "HS 2007", "Relationship"], ["010121", "010110", "n:1"]]
    path = workbook(tmp_path / "w.xlsx", {"a": CORRELATIONS, "b": other})
    with pytest.raises(LayoutChanged, match="HS2022 to HS2007; HS2022 to HS2012"):
        SOURCE.recognises(sniff(path))


class TestContract(SourceContract):
    source = SOURCE
    specimen = Specimen("HS2022toHS2012.csv", CSV, rows=3)
    golden = {
        "SELECT from_product, to_product FROM ref.correlation WHERE from_classification = 'HS2022' AND to_classification = 'HS2012'": [
            ("010130", "010130"), ("010190", "010190"), ("010221", "010221"),
        ],
    }  # fmt: skip
    bad_row = BadRow(CSV + "990000,010190,1:1\n", rule="from_product")
    changed_layouts = {
        "classifications without an edition": ("HS,HS,Relationship\n010121,010121,1:1\n", "no source recognises"),
    }
