"""The bench at 20,000 rows: that it measures rightly what it says. Never how long anything takes."""

import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import duckdb
import pytest

from tasks.intake import adopt
from tests.bench import bars, data, floor, measure, ours, peers, quarantine, questions, run, verdicts
from tests.bench.data import BadRow, YearFile
from tests.bench.measure import Run
from tests.bench.quarantine import QuarantinedRow
from tests.bench.rounds import OneYear
from tests.bench.scale import Scale, differing_answers
from tests.bench.spread import ratios, spread
from warehouse import marts
from warehouse.connection import make_folders
from warehouse.settings import Home

ROWS = 20_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the module's files."""
    return tmp_path_factory.mktemp("bench")


@pytest.fixture(scope="module")
def clean(folder: Path) -> YearFile:
    """A year of made-up flows."""
    return data.write_year(folder / "files", 2023, ROWS)


def _ask(csv: Path, question: str) -> tuple[Any, ...]:
    (row,) = duckdb.sql(question.format(table=floor.relation(csv))).fetchall()
    return tuple(row)


# --- the files ----------------------------------------------------------------------------------------------


def test_a_year_has_the_layout_of_baci(clean: YearFile) -> None:
    lines = clean.path.read_text().splitlines()
    assert lines[0] == "t,i,j,k,v,q"
    assert len(lines) == clean.rows + 1
    assert clean.rows == pytest.approx(ROWS, rel=0.05)
    keys = [(int(i), int(j), k) for _, i, j, k, *_ in (line.split(",") for line in lines[1:])]
    assert keys == sorted(set(keys))
    assert all(len(k) == 6 for _, _, k in keys)
    unknown = sum(line.endswith(",           NA") for line in lines)
    assert unknown / clean.rows == pytest.approx(0.02, abs=0.01)


def test_the_same_arguments_give_the_same_bytes(clean: YearFile, folder: Path) -> None:
    again = data.write_year(folder / "again", 2023, ROWS)
    assert again.path.read_bytes() == clean.path.read_bytes()


def test_every_code_is_an_economy_the_warehouse_knows_by_no_other_code(clean: YearFile) -> None:
    result = duckdb.sql(
        f"SELECT place FROM (SELECT DISTINCT i FROM {floor.relation(clean.path)}) AS f "
        f"JOIN read_csv('{data.PLACE_CODES}', all_varchar = true) AS c ON c.code = f.i::VARCHAR AND c.scheme = 'baci'"
    ).fetchall()
    assert len(result) == len(set(result)) > 200
    assert _ask(clean.path, "SELECT count(DISTINCT i) FROM {table}") == (len(result),)


def test_a_revised_release_differs_in_the_values_it_says(clean: YearFile, folder: Path) -> None:
    revised = data.write_year(folder / "revised", 2023, ROWS, "V202601", 0.01)
    old, new = clean.path.read_text().splitlines(), revised.path.read_text().splitlines()
    changed = [(a.split(","), b.split(",")) for a, b in zip(old, new, strict=True) if a != b]
    assert len(changed) == revised.revised == pytest.approx(ROWS / 100, rel=0.3)
    assert all(a[:4] + a[5:] == b[:4] + b[5:] for a, b in changed)


def test_a_release_is_zipped_as_its_publisher_does(clean: YearFile, folder: Path) -> None:
    path = data.zip_release([clean], folder / "zipped")
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == [clean.path.name]
        assert archive.read(clean.path.name) == clean.path.read_bytes()
    result = floor.load([str(clean.path)], str(folder / "zipped.duckdb"), str(path))
    assert result["rows"] == clean.rows


def test_the_bad_rows_stand_where_it_says(clean: YearFile, folder: Path) -> None:
    path, bad = data.spoil(clean, folder / "bad")
    lines = path.read_text().splitlines()
    assert len(bad) == len(data.BAD_ROWS) == 20
    assert all(lines[row.number] == row.line for row in bad)
    kept = [line for number, line in enumerate(lines) if number not in {row.number for row in bad}]
    assert kept == clean.path.read_text().splitlines()


# --- who loads them -----------------------------------------------------------------------------------------


def test_the_floor_loads_every_row(clean: YearFile, folder: Path) -> None:
    result = floor.load([str(clean.path)], str(folder / "floor.duckdb"))
    assert result["rows"] == clean.rows
    assert _ask(clean.path, "SELECT count(*) FROM {table} WHERE k IS NULL OR v <= 0") == (0,)


@pytest.mark.parametrize("peer", peers.ALL, ids=lambda peer: peer.name)
def test_a_peer_loads_every_row(peer: peers.Peer, clean: YearFile, folder: Path) -> None:
    _measure()
    pytest.importorskip(peer.package, reason=f"{peer.name} needs {peer.package}: `make bench` installs it")
    result = measure.work(peer.work, csv=clean.path, database=folder / "peer.duckdb")
    assert result.result["rows"] == clean.rows
    assert result.peak_bytes > 0


def test_a_bad_value_stops_what_checks(clean: YearFile, folder: Path) -> None:
    _measure()
    path, _ = data.spoil(clean, folder / "bad_for_peers")
    with pytest.raises(measure.WorkFailed):
        measure.work("peers.pandas_pandera.load", csv=path, database=folder / "bad.duckdb")


@pytest.fixture
def built(tmp_path: Path, warehouse_template: Path) -> Iterator[Home]:
    """A home folder as a first build leaves it, without the bundled figures."""
    home = Home(tmp_path / "home")
    make_folders(home)
    shutil.copyfile(warehouse_template, home.warehouse)
    with mock.patch.dict(os.environ):  # Prefect is told there where its files are
        yield home


def _load(home: Home, path: Path | None = None) -> Run:
    """What a measured process does, in this one."""
    if path:
        assert [a.source for a in adopt.adopt(home, [path])] == [ours.SOURCE]
    result = ours.load(str(home.root))
    return Run(float(result["seconds"]), 0.0, 0, result)


def test_ours_loads_every_row_then_nothing_then_what_was_revised(clean: YearFile, folder: Path, built: Home) -> None:
    release = data.write_year(folder / "release", 2023, ROWS, "V202601", 0.01)
    one_year = OneYear(floor=[Run(1.0, 1.0, 0)], floor_revised=[Run(1.0, 1.0, 0)], adopted_again=[Run(1.0, 1.0, 0)])
    one_year.first.append(_load(built, clean.path))
    one_year.again.append(_load(built))
    one_year.revised.append(_load(built, release.path))
    judged = [verdicts.first_load(one_year, clean), verdicts.again(one_year), verdicts.revised(one_year, release)]
    assert [v.faults for v in judged] == [(), (), ()]


def test_ours_finds_the_bad_rows_and_loads_the_good_ones(clean: YearFile, folder: Path, built: Home) -> None:
    path, bad = data.spoil(clean, folder / "bad_for_ours")
    loaded = _load(built, path)
    verdict = verdicts.bad_rows(quarantine.compare(bad, quarantine.quarantined_rows(built.root)), loaded, clean)
    assert verdict.faults == ()
    assert verdict.met


def test_ours_and_the_flat_table_give_the_same_answers(clean: YearFile, folder: Path, built: Home) -> None:
    _load(built, clean.path)
    shutil.copyfile(built.warehouse, built.published_file)
    with duckdb.connect(built.published_file) as con:
        marts.store(con)
    flat = str(folder / "flat_beside_ours.duckdb")
    questions.make_flat([str(clean.path)], flat)
    at_scale = Scale(
        flat=[Run(1.0, 1.0, 0, questions.ask_flat(flat, 2023))],
        mart=[Run(1.0, 1.0, 0, questions.ask_mart(str(built.root), 2023))],
    )
    assert differing_answers(at_scale) == []


# --- the questions ------------------------------------------------------------------------------------------


def test_ten_questions_are_answered_by_the_flat_table(clean: YearFile, folder: Path) -> None:
    before = data.write_year(folder / "files", 2022, ROWS)
    flat = str(folder / "flat.duckdb")
    questions.make_flat([str(before.path), str(clean.path)], flat)
    result = questions.ask_flat(flat, 2023)
    assert len(questions.all_questions()) == 10
    assert all(rows > 0 for rows in result["rows"].values()), result["rows"]
    with duckdb.connect(flat, read_only=True) as con:
        assert con.execute("SELECT count(*) FROM trade").fetchone() == (before.rows + clean.rows,)


def test_an_answer_is_the_same_whatever_the_scale_of_its_decimals() -> None:
    assert questions._plain([(1, "1.500", None)]) == questions._plain([(1, "1.5", None)])
    assert questions._plain([("100",)]) != questions._plain([("1",)])


# --- the verdicts -------------------------------------------------------------------------------------------


def test_a_bad_row_counts_as_found_with_its_line_rule_and_text() -> None:
    expected = [BadRow(3, "2023,4,8,010121,abc,1.0"), BadRow(5, "2023,4,8,010121"), BadRow(7, "x"), BadRow(9, "y")]
    quarantined = [
        QuarantinedRow(
            3, "v: not a number", json.dumps({"t": "2023", "i": "4", "j": "8", "k": "010121", "v": "abc", "q": "1.0"})
        ),
        QuarantinedRow(5, "v: not_null", "2023,4,8,010121\n"),
        QuarantinedRow(7, " ", "x"),
        QuarantinedRow(11, "v: not_null", "z"),
    ]
    comparison = quarantine.compare(expected, quarantined)
    assert (comparison.matched, comparison.extra) == (2, 1)
    assert [w.split(" (")[0] for w in comparison.wrong] == ["row 7", "row 9"]


def test_a_verdict_says_by_how_much() -> None:
    assert bars.judge(bars.FIRST_LOAD, 1.2).sentence == "met, 25% to spare, aim met"
    assert bars.judge(bars.FIRST_LOAD, 1.44).sentence == "met, 10% to spare"
    assert bars.judge(bars.FIRST_LOAD, 2.0).sentence == "MISSED by 25%"
    assert bars.judge(bars.FIRST_LOAD, 1.2, faults=["a row is lost"]).sentence == "MISSED: a row is lost"
    assert bars.judge(bars.BAD_ROWS, 19).sentence == "MISSED by 1"
    assert bars.judge(bars.BAD_ROWS, 20).met
    assert bars.unmeasured(bars.SIZE, "no").sentence == "not measured"


def test_ratios_are_of_pairs() -> None:
    assert ratios([2.0, 20.0, 3.0], [1.0, 10.0, 1.0]) == spread([2.0, 2.0, 3.0])


# --- all of it ----------------------------------------------------------------------------------------------


def test_the_bench_runs_from_end_to_end(tmp_path: Path) -> None:
    _measure()
    for package in ("altair", "vl_convert"):
        pytest.importorskip(package, reason=f"the chart needs {package}: `make bench` installs it")
    asked = ["--rows", str(ROWS), "--runs", "1", "--work", str(tmp_path), "--output", str(tmp_path)]
    run.main([*asked, "--no-peers", "--no-ours"])
    result = json.loads((tmp_path / "bench.json").read_text())["one year"]
    assert [load["name"] for load in result["loads"]] == ["DuckDB alone (floor)"]
    assert {bar["verdict"] for bar in result["bars"]} == {"not measured"}
    assert (tmp_path / "bench.svg").read_text().startswith("<svg")
    assert not list(tmp_path.glob("entrepot-bench-*"))


def _measure() -> None:
    """Skip where processes cannot be measured."""
    pytest.importorskip("psutil", reason="measuring processes needs psutil: `make bench` installs it")
