"""Copies of Korea's and the United States' monthly trade with China: months as text, thousands separators, a balance."""

from decimal import Decimal
from pathlib import Path

import duckdb

from tasks import sources
from tests.support.loading import adopt_files, load_pending
from tests.support.source_contract import BadRow, SourceContract, Specimen
from warehouse.settings import Home, Settings

KOREA = '"Country","Date",Exports,Imports\n' + "".join(
    f'"China, peoples\' republic of","2001.{m:02d}",{m}083,999763\n' for m in range(1, 13)
)
USA = "Month;Exports;Imports;Balance\r\nJanuary 2001;1,187.5;8,427.5;-7,240.0\r\nOctober 2001;900.0;6,375.6;-5,475.6"


def test_october_is_not_january(
    warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "korea-china-trade-data.csv"
    path.write_text(KOREA)
    adopt_files(home, path)
    (outcome,) = load_pending(warehouse, home, settings, "kor.kosis")
    assert (outcome.fault, outcome.rows_in, outcome.rows_quarantined) == (None, 24, 0)
    found = "SELECT value::BIGINT, value_usd::BIGINT FROM mart.trade_figures WHERE reporter = 'KOR' AND period = '2001-{}' AND flow = 'export'"
    assert warehouse.execute(found.format("01")).fetchall() == [(1083000, 1083000)]
    assert warehouse.execute(found.format("10")).fetchall() == [(10083000, 10083000)]


def test_a_number_for_a_month_is_refused(
    warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "korea-china-trade-data.csv"
    path.write_text(KOREA.replace('"2001.10"', "2001.1"))
    adopt_files(home, path)
    (outcome,) = load_pending(warehouse, home, settings, "kor.kosis")
    assert ["printed_month: str_matches" in r.rules for r in outcome.quarantined] == [True, True]


def test_the_balance_must_be_the_difference(
    warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path
) -> None:
    months = "".join(f"\r\nMay {y};100.0;300.0;-200.1" for y in range(2002, 2019))
    path = tmp_path / "usa-china-trade-data.csv"
    path.write_text(USA + months + "\r\nApril 2001;100.0;300.0;-100.0", newline="")
    adopt_files(home, path)
    (outcome,) = load_pending(warehouse, home, settings, "usa.census")
    assert outcome.fault is None
    assert [r.rules for r in outcome.quarantined] == ["the balance is exports less imports, but for rounding"] * 2
    rows = warehouse.execute(
        "SELECT period, flow, valuation, value::BIGINT FROM mart.trade_figures WHERE reporter = 'USA' AND year = 2001 ORDER BY ALL"
    ).fetchall()
    assert rows == [
        ("2001-01", "export", "FAS", 1187500000), ("2001-01", "import", "unknown", 8427500000),
        ("2001-10", "export", "FAS", 900000000), ("2001-10", "import", "unknown", 6375600000),
    ]  # fmt: skip


def test_names_say_whose_they_are(home: Home, tmp_path: Path) -> None:
    for name, text in [("x.csv", KOREA), ("y.csv", USA)]:
        (tmp_path / name).write_text(text)
    found = adopt_files(home, tmp_path / "x.csv", tmp_path / "y.csv")
    assert [
        "korea-china-trade-data.csv" in found["x.csv"].message,
        "usa-china-trade-data.csv" in found["y.csv"].message,
    ] == [True] * 2


class TestKorea(SourceContract):
    source = sources.get("kor.kosis")
    specimen = Specimen("korea-china-trade-data.csv", KOREA, rows=24)
    golden = {
        "SELECT flow, value FROM mart.trade_figures WHERE period = '2001-10' ORDER BY flow": [
            ("export", Decimal(10083000)), ("import", Decimal(999763000)),
        ],
    }  # fmt: skip
    bad_row = BadRow(KOREA.replace('"2001.10"', "2001.1"), rule="printed_month: str_matches", rows=2)
    changed_layouts = {"another column": (KOREA.replace("Imports", "Imported"), "no source")}


class TestUnitedStates(SourceContract):
    source = sources.get("usa.census")
    specimen = Specimen("usa-china-trade-data.csv", USA, rows=4)
    golden = {
        "SELECT flow, value FROM mart.trade_figures WHERE period = '2001-10' ORDER BY flow": [
            ("export", Decimal(900000000)), ("import", Decimal(6375600000)),
        ],
    }  # fmt: skip
    bad_row = BadRow(f"{USA}\r\nApril 2001;100.0;300.0;-100.0", rule="the balance is exports less imports", rows=2)
    changed_layouts = {"another column": (USA.replace("Balance", "Deficit"), "no source")}
