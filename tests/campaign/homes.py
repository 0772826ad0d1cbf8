"""Home folders in each state that a crash may find them in, and whether two that were built differ."""

import multiprocessing
import random
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

import duckdb

from tests.campaign import steps
from tests.fuzz import specimens
from warehouse.connection import make_folders
from warehouse.settings import Home

#: The longest that a step may take, seconds.
PATIENCE = 600.0
#: Columns that say when and in what order a home took a file, and tables of what happened in it.
_OF_THE_HOME = {"edition", "superseded_by", "known_from", "current_from", "current_until", "release"}
_NOT_COMPARED = {"freshness", "editions", "provenance"}

# Children are forked from a process that has imported everything, and has no threads.
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.campaign.steps"])


@dataclass(frozen=True)
class Bases:
    """A home before each step, as ``folder`` has them, and how long each step takes when nothing happens, seconds."""

    folder: Path
    seconds: dict[str, float]

    @property
    def downloads(self) -> Path:
        """The files that are adopted."""
        return self.folder / "downloads"

    @property
    def built(self) -> Path:
        """The home that none of it happened to."""
        return self.folder / "built"

    def copy(self, state: str, to: Path) -> Path:
        """A copy of the home in a state: empty, adopted, loaded or built."""
        shutil.copytree(self.folder / state, to, symlinks=True)
        return to


def make(folder: Path, warehouse_file: Path, names: Sequence[str] = ()) -> Bases:
    """Make a home step by step, and keep it as it was before each. ``warehouse_file`` has the reference tables; ``names`` are files, all if there are none."""
    write_downloads(folder / "downloads", names)
    home, seconds = folder / "home", dict[str, float]()
    make_folders(Home(home))
    shutil.copyfile(warehouse_file, Home(home).warehouse)
    after = {"adopt": "adopted", "load": "loaded", "publish": "built"}
    shutil.copytree(home, folder / "empty", symlinks=True)
    for step, state in after.items():
        begun = time.monotonic()
        run(step, home, *([str(folder / "downloads")] if step == "adopt" else []))
        seconds[step] = time.monotonic() - begun
        shutil.copytree(home, folder / state, symlinks=True)
    seconds["build"] = seconds["rebuild"] = seconds["load"] + seconds["publish"]
    seconds["back up"] = seconds["restore"] = 1.0
    shutil.rmtree(home)
    return Bases(folder, seconds)


def write_downloads(folder: Path, names: Sequence[str]) -> None:
    """Files of several publishers, one of them in two editions, so that there is a history."""
    folder.mkdir(parents=True)
    files = specimens.made()
    earlier = files["API_SP.POP.TOTL.csv"]
    files["API_SP.POP.TOTL_later.csv"] = earlier.replace(b"2026-07-14", b"2026-07-27").replace(b"10694", b"10695")
    for name, content in files.items() if not names else ((name, files[name]) for name in names):
        (folder / name).write_bytes(content)


def started(step: str, home: Path, *arguments: str, largest: int | None = None) -> BaseProcess:
    """A process that does a step; no file that it writes can become larger than ``largest`` bytes."""
    process = _CONTEXT.Process(target=steps.do, args=(step, largest, home, *arguments), daemon=True)
    process.start()
    return process


def run(step: str, home: Path, *arguments: str) -> None:
    """Do a step to its end. Raises RuntimeError if it fails."""
    process = started(step, home, *arguments)
    process.join(PATIENCE)
    if process.exitcode != 0:
        process.kill()
        raise RuntimeError(f"{step} ended with status {process.exitcode}")


def killed(rng: random.Random, longest: float, step: str, home: Path, *arguments: str) -> bool:
    """Begin a step and kill it at a random moment; False if it was done before."""
    process = started(step, home, *arguments)
    process.join(rng.uniform(0, longest))
    process.kill()
    process.join()
    return process.exitcode != 0


def starved(rng: random.Random, step: str, home: Path, *arguments: str) -> bool:
    """Do a step while no file can become larger than a random size, as where a disk fills; False if it was done all the same.

    Sizes are up to that of the largest file of a built home, the small ones more often: most files are small.
    """
    process = started(step, home, *arguments, largest=int(10 ** rng.uniform(2, 7.5)))
    process.join(PATIENCE)
    process.kill()
    process.join()
    return process.exitcode != 0


def tamper(home: Path) -> None:
    """Change a published figure, to see that it is found."""
    with duckdb.connect(str(Home(home).published_file)) as con:
        con.execute("UPDATE core.indicator SET value = value + 1 WHERE rowid = (SELECT min(rowid) FROM core.indicator)")


def differences(one: Path, other: Path) -> Iterator[str]:
    """The tables of figures and of their history in two published files that differ, and by how many rows."""
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{Home(one).published_file}' AS one (READ_ONLY)")
        con.execute(f"ATTACH '{Home(other).published_file}' AS other (READ_ONLY)")
        listed = "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = ? AND schema_name IN ('core', 'mart') ORDER BY ALL"
        tables = con.execute(listed, ["one"]).fetchall()
        if tables != con.execute(listed, ["other"]).fetchall():
            yield "not the same tables"
            return
        for schema, name in tables:
            if name not in _NOT_COMPARED:
                yield from _of_table(con, f"{schema}.{name}")


def _of_table(con: duckdb.DuckDBPyConnection, name: str) -> Iterator[str]:
    columns = [row[0] for row in con.execute(f"DESCRIBE one.{name}").fetchall() if row[0] not in _OF_THE_HOME]
    listed = ", ".join(f'"{column}"' for column in columns)
    for first, second in (("one", "other"), ("other", "one")):
        query = f"SELECT count(*) FROM (SELECT {listed} FROM {first}.{name} EXCEPT ALL SELECT {listed} FROM {second}.{name})"
        (rows,) = con.execute(query).fetchall()[0]
        if rows:
            yield f"{name}: {rows} rows are only in {'the first' if first == 'one' else 'the second'}"
