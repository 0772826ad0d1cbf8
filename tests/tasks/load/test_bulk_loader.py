"""Bulk loading under fire: processes killed at any moment, ten at once, archives, damaged years among good ones."""

import json
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from tasks.archive import store
from tasks.intake import adopt
from tasks.load.load_source import load_source
from tasks.load.outcome import Outcome
from tasks.sources.cepii_baci import SOURCE
from tests.support.paths import ROOT
from warehouse.connection import clear_scratch, writer
from warehouse.errors import ArchiveDamaged
from warehouse.settings import Home, Settings

#: What one process does: queue for the writer, load what is pending of its own year, say what it changed.
_CHILD = """
import json, sys
from warehouse.writer_lock import only_writer
from tasks.archive import store as archive
from tasks.load import backlog
from tasks.load.bulk_loader import BulkLoader
from tasks.sources.cepii_baci import SOURCE
from warehouse.connection import clear_scratch, writer
from warehouse.settings import Home, Settings
home, year = Home(__import__('pathlib').Path(sys.argv[1])), sys.argv[2]
settings = Settings.model_construct(memory_limit='1GB', threads=1)
print('ready', flush=True)
with only_writer(home, 240, lambda _: None):
    clear_scratch(home)
    with writer(home, settings) as con:
        mine = [a for a in archive.manifests(home, SOURCE.id) if f'_Y{year}_' in a.filename]
        pending = backlog.pending(con, SOURCE, mine, 'code')
        outcomes = BulkLoader(con, home, settings, SOURCE, 'code', lambda _: None).load(pending)
print(json.dumps([[o.change.new, o.change.revised, str(o.fault)] for o in outcomes]), flush=True)
"""


def lines(year: int, rows: int, seed: int = 0) -> str:
    """A year of BACI as text, sorted, keys once; the same seed gives the same figures."""
    dice = random.Random(seed)
    keys = (
        (i, j, k) for i in (4, 8, 12, 16, 20) for j in (24, 28, 31, 32, 36) for k in range(10000, 10000 + rows // 25)
    )
    return "t,i,j,k,v,q\n" + "".join(
        f"{year},{i},{j},{k:06d},{dice.randrange(1, 10**6) / 1000:.3f},{dice.randrange(10**4) / 1000:.3f}\n"
        for i, j, k in keys
    )


@pytest.fixture
def made(home: Home, warehouse: duckdb.DuckDBPyConnection, tmp_path: Path) -> Callable[..., None]:
    """Archive years of BACI; the warehouse is laid out and closed, for other processes to open."""
    warehouse.close()

    def make(*years: int, rows: int = 500, stamp: str = "202501", seed: int = 0) -> None:
        for year in years:
            path = tmp_path / f"BACI_HS92_Y{year}_V{stamp}.csv"
            path.write_text(lines(year, rows, seed))
            list(adopt.adopt(home, [path]))

    return make


@pytest.fixture
def start(home: Home) -> Iterator[Callable[[int], "subprocess.Popen[str]"]]:
    """Start a process that loads a year; those that still run at the end are ended."""
    begun: list[subprocess.Popen[str]] = []

    def begin(year: int) -> "subprocess.Popen[str]":
        command = [sys.executable, "-c", _CHILD, str(home.root), str(year)]
        child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        begun.append(child)
        return child

    yield begin
    for child in begun:
        if child.poll() is None:
            child.kill()
        child.communicate(timeout=30)


def versions(home: Home, settings: Settings) -> dict[str, tuple[int, int]]:
    """Rows and rows stated, a partition."""
    with writer(home, settings) as con:
        found = con.execute(
            "SELECT e.partition, count(t.part), any_value(e.rows_stated) FROM meta.editions AS e "
            "LEFT JOIN core.trade_part AS p USING (edition) LEFT JOIN core.trade_bulk AS t USING (part) GROUP BY ALL"
        ).fetchall()
    return {partition: (rows, stated) for partition, rows, stated in found}


def test_ten_processes_queue_for_the_one_writer_and_all_land(
    made: Callable[..., None], start: Callable[[int], "subprocess.Popen[str]"], home: Home, settings: Settings
) -> None:
    years = range(2014, 2024)
    made(*years)
    children = [start(year) for year in years]
    for child in children:
        out, err = child.communicate(timeout=280)
        assert child.returncode == 0, err
        assert json.loads(out.splitlines()[-1]) == [[500, 0, "None"]]
    assert versions(home, settings) == {f"cepii.baci.hs92.{year}": (500, 500) for year in years}


@pytest.mark.parametrize("moment", [0.0, 0.05, 0.15, 0.3, 0.5])
def test_a_killed_process_leaves_the_partition_or_nothing_of_it(
    made: Callable[..., None],
    start: Callable[[int], "subprocess.Popen[str]"],
    home: Home,
    settings: Settings,
    moment: float,
) -> None:
    """At whatever moment: the next process finds all of the year or nothing, and finishes it. Scratch files go."""
    made(2023, rows=50_000)
    child = start(2023)
    assert child.stdout
    assert child.stdout.readline() == "ready\n"
    time.sleep(moment)
    child.send_signal(signal.SIGKILL)
    child.communicate(timeout=60)
    found = versions(home, settings)
    assert found in ({}, {"cepii.baci.hs92.2023": (50_000, 50_000)})
    out, err = start(2023).communicate(timeout=120)
    assert json.loads(out.splitlines()[-1]) == ([[50_000, 0, "None"]] if not found else []), err
    assert versions(home, settings) == {"cepii.baci.hs92.2023": (50_000, 50_000)}
    clear_scratch(home)
    assert not os.listdir(home.scratch)  # noqa: PTH208


@pytest.mark.parametrize("moment", [0.05, 0.25])
def test_a_stopped_process_leaves_the_partition_or_nothing_of_it(
    made: Callable[..., None],
    start: Callable[[int], "subprocess.Popen[str]"],
    home: Home,
    settings: Settings,
    moment: float,
) -> None:
    """Ctrl-C while a revised release is being compared: the older release stays whole."""
    made(2023, rows=50_000)
    assert start(2023).wait(120) == 0
    made(2023, rows=50_000, stamp="202601", seed=1)
    child = start(2023)
    assert child.stdout
    assert child.stdout.readline() == "ready\n"
    time.sleep(moment)
    child.send_signal(signal.SIGINT)
    child.communicate(timeout=60)
    with writer(home, settings) as con:
        current = con.execute(
            "SELECT count(*), count(DISTINCT edition) FROM core.trade_versions WHERE superseded_by IS NULL"
        ).fetchone()
    assert current is not None
    assert current[0] == 50_000
    assert start(2023).wait(120) == 0
    with writer(home, settings) as con:
        again = con.execute("SELECT count(*) FROM core.trade_versions WHERE superseded_by IS NULL").fetchone()
    assert again == (50_000,)


def load(con: duckdb.DuckDBPyConnection, home: Home, settings: Settings) -> list[Outcome]:
    return load_source(con, home, settings, SOURCE, common="code").outcomes


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """CEPII's zip: years and code lists in one archive."""
    path = tmp_path / "BACI_HS92_V202501.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for year in (2021, 2022, 2023):
            file.writestr(f"BACI_HS92_Y{year}_V202501.csv", lines(year, 250))
        file.writestr("Readme.txt", "BACI HS92 version 202501\n")
    return path


def test_years_are_read_from_inside_the_zip(
    release: Path, warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings
) -> None:
    adopted = list(adopt.adopt(home, [release]))
    assert [(a.path.name, a.source) for a in adopted] == [
        *((f"BACI_HS92_Y{year}_V202501.csv", "cepii.baci") for year in (2021, 2022, 2023)),
        ("Readme.txt", None),
    ]
    assert len(list(store.objects(home))) == 1, "the archive is kept as it came, once"
    assert [o.change.new for o in load(warehouse, home, settings)] == [250] * 3
    assert not any(home.scratch.rglob("*.csv")), "no unpacked copy is left"
    assert not [p for p in home.scratch.iterdir() if p.name.startswith("read-")]
    assert [a.is_new for a in adopt.adopt(home, [release])] == [False] * 4
    assert load(warehouse, home, settings) == []


@pytest.fixture
def damaged(release: Path) -> Path:
    """The zip with one year's packed bytes overwritten."""
    with zipfile.ZipFile(release) as file:
        at = file.getinfo("BACI_HS92_Y2022_V202501.csv").header_offset + 1500
    data = bytearray(release.read_bytes())
    data[at : at + 40] = bytes(40)
    release.write_bytes(data)
    return release


GOOD_YEARS = ["BACI_HS92_Y2021_V202501.csv", "BACI_HS92_Y2023_V202501.csv"]


def test_a_damaged_year_is_not_archived_the_good_ones_land(
    damaged: Path, warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings
) -> None:
    results = {a.path.name: a for a in adopt.adopt(home, [damaged])}
    assert results["BACI_HS92_Y2022_V202501.csv"].source is None
    assert "damaged" in results["BACI_HS92_Y2022_V202501.csv"].message
    assert [(o.artifact.filename, o.change.new) for o in load(warehouse, home, settings)] == [
        (y, 250) for y in GOOD_YEARS
    ]


def test_a_year_found_damaged_only_when_it_is_loaded_does_not_keep_the_good_ones_out(
    damaged: Path, warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with members too large to be read to their ends before they are archived."""
    monkeypatch.setattr("tasks.intake.accept._READ_THROUGH", 0)
    monkeypatch.setattr("tasks.intake.accept.HEAD", 100)
    list(adopt.adopt(home, [damaged]))
    outcomes = {o.artifact.filename: o for o in load(warehouse, home, settings)}
    fault = outcomes.pop("BACI_HS92_Y2022_V202501.csv").fault
    assert isinstance(fault, ArchiveDamaged)
    assert [(name, o.change.new, o.fault) for name, o in sorted(outcomes.items())] == [
        (y, 250, None) for y in GOOD_YEARS
    ]
    assert not any(home.scratch.rglob("member")), "no unpacked copy is left"
