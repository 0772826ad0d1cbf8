"""Builds as a person starts them: a process of its own, Prefect with its own server on loopback, a small folder of figures.

A build takes about ten seconds, so that there are few of them, and each test here looks at one from several sides.
"""

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest
from filelock import FileLock

from tasks.publish import release
from tasks.sources.curated import Curated
from tests.support import project_copy, small_warehouse
from tests.support.curated_folder import CuratedFolder
from warehouse.settings import Home, Settings

#: The command line with another folder of bundled files; says at its end whether Prefect was imported.
DRIVER = """
import atexit, importlib, os, signal, sys
from pathlib import Path

atexit.register(lambda: print("PREFECT", "prefect" in sys.modules, file=sys.stderr))
from tasks.sources import all_sources, curated

curated.SOURCE = curated.Curated(Path(os.environ["TEST_CURATED"]))
all_sources.cache_clear()
if "TEST_KILL_AT" in os.environ:
    module, _, name = os.environ["TEST_KILL_AT"].rpartition(".")
    setattr(importlib.import_module(module), name, lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))

from flows.cli.app import main

sys.argv[0] = "entrepot"
main()
"""


class Build:
    """A home folder, a folder of bundled files, and the command line on both."""

    def __init__(self, home: Home, folder: CuratedFolder) -> None:
        self.home, self.folder = home, folder

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start a command in a process group of its own."""
        words = [*(arguments or ("build",)), "--home", str(self.home.root)]
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "ENTREPOT_", "COV_"))}
        given = {
            "TEST_CURATED": str(self.folder.root), "ENTREPOT_THREADS": "1", "ENTREPOT_REPORT": "no", "ENTREPOT_MEMORY_LIMIT": "1GB", **environment,
        }  # fmt: skip
        return subprocess.Popen(
            [sys.executable, "-c", DRIVER, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**kept, **given}, start_new_session=True,
        )  # fmt: skip

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end, and see that it leaves no process behind."""
        child = self.start(*arguments, **environment)
        try:
            out, err = child.communicate(timeout=150)
        finally:
            _end(child)
        return subprocess.CompletedProcess(arguments, child.returncode, out, err)

    def value(self) -> int:
        """The current figure of trade, in millions, in the file that is published now.

        Read from a copy: DuckDB gives a process that has the file open already the one it has open.
        """
        copy = self.folder.root.parent / "copy.duckdb"
        shutil.copyfile(self.home.published_file, copy)
        with duckdb.connect(str(copy), read_only=True) as con:
            row = con.execute("SELECT value / 1000000 FROM trade_figures").fetchone()
        assert row
        return round(float(row[0]))


def _end(child: subprocess.Popen[str]) -> None:
    """End the process and those that it started: a killed build cannot end its own Prefect server."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Build]:
    """A home folder whose name has spaces and is not ASCII, and a small folder of figures. Nothing is built yet."""
    root = tmp_path_factory.mktemp("build")
    yield Build(Home(root / "Häuser und 倉庫" / "it's data"), small_warehouse.write_folder(root / "curated"))
    shutil.rmtree(root, ignore_errors=True)


def artifacts(home: Home) -> list[str]:
    """The artifacts that builds left in Prefect, the oldest first."""
    with sqlite3.connect(home.root / "prefect" / "prefect.db") as con:
        return [row[0] for row in con.execute("SELECT data FROM artifact WHERE key = 'build' ORDER BY created")]


def releases(home: Home) -> list[str]:
    """The releases that are there, the oldest first."""
    return release.releases(home)


# The tests of one home folder follow one another, as builds do.


def test_the_first_build_loads_publishes_and_says_so(build: Build) -> None:
    done = build.run()
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert (
        "loaded 8 files: 14 rows in, 13 accepted, 1 quarantined, 0 set aside; 8 new figures, 5 revised" in done.stdout
    )
    (release,) = releases(build.home)
    assert f"published release {release}: {build.home.published_file}" in done.stdout
    assert re.search(r"entrepot --home .* quarantine list", done.stdout)
    assert build.value() == 14
    (artifact,) = artifacts(build.home)
    assert f"published release {release}" in artifact
    assert re.search(r"curated \| indicator/first\.csv \| 3 \| 2 \| 1 \|", artifact)
    assert "PREFECT True" in done.stderr


def test_the_second_build_does_nothing_says_so_and_starts_no_prefect(build: Build) -> None:
    before = build.home.published_file.stat()
    done = build.run()
    assert done.returncode == 0, done.stderr
    assert "loaded nothing; 8 files were loaded before and are unchanged" in done.stdout
    assert "published nothing new" in done.stdout
    assert "PREFECT False" in done.stderr
    after = build.home.published_file.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert len(artifacts(build.home)) == 1


def test_a_second_build_at_once_says_that_the_first_still_writes(build: Build) -> None:
    with FileLock(build.home.lock):
        done = build.run(ENTREPOT_WAIT_SECONDS="0.2")
    assert done.returncode == 1
    assert f"another build is writing to {build.home.root}; waiting up to 0.2 seconds for it" in done.stderr
    assert f"entrepot: another build is still writing to {build.home.root}; try again when it is done" in done.stderr
    assert "Traceback" not in done.stderr
    assert build.value() == 14


def test_a_second_build_at_once_waits_for_the_first(build: Build) -> None:
    lock = FileLock(build.home.lock)
    lock.acquire()
    child = build.start(ENTREPOT_WAIT_SECONDS="60")
    try:
        assert child.stderr
        output = ""
        while "waiting up to 60 seconds" not in output:
            line = child.stderr.readline()
            assert line, f"the build ended without waiting: {output}"
            output += line
        assert child.poll() is None
        lock.release()
        out, _ = child.communicate(timeout=100)
        assert child.returncode == 0
        assert "published nothing new" in out
    finally:
        lock.release()
        _end(child)


@pytest.mark.parametrize("command", [["build"], ["quarantine", "replay"]], ids=" ".join)
def test_a_program_that_has_the_warehouse_open_is_named(build: Build, command: list[str]) -> None:
    hold = f"import duckdb, sys; con = duckdb.connect({str(build.home.warehouse)!r}); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "open\n"
        done = build.run(*command)
        holder.communicate("")
    assert done.returncode == 1
    assert re.search(r"entrepot: another program has .*warehouse\.duckdb open; close it, or query", done.stderr)
    assert "PREFECT False" in done.stderr


def test_a_build_that_is_killed_leaves_a_good_file_and_is_made_up_for(build: Build) -> None:
    """Killed where the figures are loaded and not published; the next build publishes them.

    A killed build cannot end its Prefect server, which is still there while the next one runs.
    """
    build.folder.write("trade/first.csv", [build.folder.row("trade", printed_value="21")])
    with duckdb.connect(str(build.home.published_file), read_only=True) as reader:
        child = build.start(TEST_KILL_AT="tasks.publish.export.write")
        try:
            assert child.wait(timeout=100) == -signal.SIGKILL
            assert build.value() == 14
            assert len(releases(build.home)) == 1
            done = build.run()
        finally:
            _end(child)
        assert done.returncode == 0, done.stderr
        assert "loaded nothing" in done.stdout
        assert build.value() == 21
        assert len(releases(build.home)) == 2
        assert [*build.home.releases.glob(".*"), *build.home.published.glob(".*")] == []
        assert (
            reader.execute("SELECT value / 1000000 FROM trade_figures").fetchall()[0][0] == 14
        )  # it keeps what it opened


def test_replay_reads_the_refused_rows_again_and_publishes_what_passes(build: Build) -> None:
    """The rules are the same here, so that the same rows are refused again: nothing new is published."""
    done = build.run("quarantine", "replay", "--file", "indicator/first.csv")
    assert done.returncode == 0, done.stderr
    assert (
        "loaded 1 files: 3 rows in, 2 accepted, 1 quarantined, 0 set aside; 0 new figures, 0 revised, 0 gone, 2 unchanged"
        in done.stdout
    )
    assert "published nothing new" in done.stdout
    assert len(releases(build.home)) == 2


def test_a_home_of_a_newer_version_is_refused_and_left_alone(build: Build) -> None:
    with duckdb.connect(str(build.home.warehouse)) as con:
        con.execute("UPDATE meta.settings SET setting_value = '99' WHERE setting = 'layout'")
    build.folder.write("trade/first.csv", [build.folder.row("trade", printed_value="22")])
    try:
        done = build.run()
        assert done.returncode == 1
        assert "written by a newer version of entrepot (file version 99, this one writes" in done.stderr
        assert "upgrade entrepot, or choose another --home" in done.stderr
        assert build.value() == 21
        assert len(releases(build.home)) == 2
    finally:
        with duckdb.connect(str(build.home.warehouse)) as con:
            con.execute("UPDATE meta.settings SET setting_value = '1' WHERE setting = 'layout'")


# -- homes that cannot be used: no Prefect is started for them ------------------------------------------------


@pytest.mark.parametrize("command", [["build"], ["quarantine", "replay"]], ids=" ".join)
def test_a_home_that_cannot_be_written_is_reported_in_one_line(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "file").write_text("not a folder")
    folder = small_warehouse.write_folder(tmp_path / "curated")
    done = Build(Home(tmp_path / "file"), folder).run(*command)
    assert done.returncode == 1
    lines = [line for line in done.stderr.splitlines() if not line.startswith("PREFECT")]
    assert lines == [f"entrepot: the home folder {tmp_path / 'file'} cannot be written to: File exists"]
    assert "PREFECT False" in done.stderr


def history(build: Build) -> list[tuple[object, ...]]:
    """Every version of the figures of trade and of indicators with when it was known, and the releases on record."""
    copy = build.folder.root.parent / "history.duckdb"
    shutil.copyfile(build.home.published_file, copy)
    with duckdb.connect(str(copy), read_only=True) as con:
        rows: list[tuple[object, ...]] = []
        for query in (
            "SELECT * EXCLUDE (edition, superseded_by) FROM core.trade_versions ORDER BY ALL",
            "SELECT * EXCLUDE (edition, superseded_by) FROM core.indicator_versions ORDER BY ALL",
        ):
            rows += con.execute(query).fetchall()
    return rows


def on_record(build: Build) -> set[str]:
    """The releases that the published file has on record."""
    copy = build.folder.root.parent / "releases.duckdb"
    shutil.copyfile(build.home.published_file, copy)
    with duckdb.connect(str(copy), read_only=True) as con:
        return {name for (name,) in con.execute("SELECT release FROM meta.releases").fetchall()}


def test_a_truncated_warehouse_is_made_again_with_its_history_and_the_names_of_releases(build: Build) -> None:
    assert build.run().returncode == 0
    before, names = history(build), set(releases(build.home))
    with build.home.warehouse.open("r+b") as file:
        file.truncate(build.home.warehouse.stat().st_size // 2)
    done = build.run()
    assert done.returncode == 1
    assert "`entrepot --home" in done.stderr
    assert "build --rebuild` makes it again from the archive" in done.stderr
    assert "Traceback" not in done.stderr
    assert set(releases(build.home)) == names
    done = build.run("build", "--rebuild")
    assert done.returncode == 0, done.stderr
    assert "warehouse.duckdb.aside-1" in done.stderr
    assert history(build) == before
    assert names & set(releases(build.home)) <= on_record(build)


def test_an_archived_file_that_is_gone_is_told_by_builds_and_status_until_it_is_adopted_again(build: Build) -> None:
    file = build.folder.root.parent / "fredgraph.csv"
    file.write_text("observation_date,AEXCHUS\n2016-01-01,6.64\n", encoding="utf-8")
    assert build.run("adopt", str(file)).returncode == 0
    assert build.run().returncode == 0
    (path,) = (p for p in (build.home.archive / "objects").glob("??/*") if b"AEXCHUS" in p.read_bytes())
    path.unlink()
    told = f"fred.fx, fredgraph.csv: archived file {path} is missing"
    done = build.run()
    assert (done.returncode, told in done.stdout, "PREFECT False" in done.stderr) == (1, True, True), done.stderr
    assert told in build.run("status").stderr.replace("\n", " ")
    assert build.run("adopt", str(file)).returncode == 0
    assert build.run().returncode == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write to everything")
def test_a_read_only_home_is_reported_in_one_line(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.root.mkdir(mode=0o555)
    done = Build(home, small_warehouse.write_folder(tmp_path / "curated")).run()
    assert done.returncode == 1
    assert f"entrepot: the home folder {home.root} cannot be written to: Permission denied" in done.stderr


def test_a_comment_in_a_module_makes_nothing_to_be_loaded_again(
    settings: Settings, warehouse_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What ``build`` asks before it starts anything, after every module of the project got a comment and a docstring."""
    from tasks import sources
    from tasks.identity import closure
    from tasks.publish import work

    home = small_warehouse.make(tmp_path, settings, warehouse_template)
    assert small_warehouse.release(home, settings).release
    known = {**sources.all_sources(), "curated": Curated(tmp_path / "curated")}
    monkeypatch.setattr(sources, "all_sources", lambda: known)
    settings = settings.model_copy(update={"home": home.root})
    copy = project_copy.make(tmp_path / "project")

    def is_nothing_with(text: str) -> bool:
        for path in copy.rglob("*.py"):
            path.write_text(f"{path.read_text(encoding='utf-8')}{text}", encoding="utf-8")
        tree = closure.Tree(copy)
        monkeypatch.setattr(closure, "of_process", lambda: tree)
        return work.find_work(settings).is_nothing

    assert is_nothing_with("\n# a comment\n\n\n")
    assert not is_nothing_with("\nANOTHER = 1\n")


def test_a_build_gives_way_to_readers_once() -> None:
    asked = "import os; from warehouse.writer_lock import lower_priority; lower_priority(); lower_priority(); print(os.nice(0))"
    output = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, timeout=60)
    assert int(output.stdout) == max(10, os.nice(0))
