"""``python -m tests.upgrade``: a home folder is made by the last commit of each earlier file version and built by this one.

What is published then has to be what a home folder publishes that this version makes of the same archive: every table of figures, facts and readings, row by
row, but for the time at which a figure became known, which only the older home knows. Needs the history of the repository. A commit that does not run
with the installed libraries gets an environment of its own, from its own lock.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from tests.fuzz import specimens
from tests.support.paths import ROOT
from warehouse import connection, file_version
from warehouse.errors import EntrepotError
from warehouse.settings import Home

#: Columns that depend on when and in which order a home was built.
_OF_THE_HOME = ("edition", "known_from", "superseded_by", "release")
#: Tables of what happened in a home, and not of figures.
_NOT_COMPARED = ("freshness", "editions", "provenance")
#: Commits that are tried for a file version: in the middle of a change one may not work.
_COMMITS = 4
#: The longest that a build may take, seconds.
_PATIENCE = 1800


def main() -> int:
    """Try each earlier file version; the status is 1 where one is not brought up to date."""
    parser = argparse.ArgumentParser(prog="python -m tests.upgrade", description=__doc__)
    parser.add_argument("--version", type=int, action="append", help="only this file version; may be repeated")
    versions = parser.parse_args().version or list(range(1, file_version.CURRENT))
    faults = []
    for version in versions:
        with tempfile.TemporaryDirectory(prefix="upgrade-") as folder:
            found = _tried(version, Path(folder))
        sys.stdout.write(f"file version {version}: {'; '.join(found) or 'ok'}\n")
        sys.stdout.flush()
        faults += found
    return bool(faults)


def _tried(version: int, folder: Path) -> list[str]:
    """What differs after a home of a file version was brought up to date."""
    old, new = Home(folder / "old"), Home(folder / "new")
    _make_home(version, old, folder)
    shutil.copytree(old.archive, new.archive)
    for home in (old, new):
        said = _entrepot(Path(sys.executable), ROOT, "build", home, allowed=(0, 1))
        if not _is_published_by_this_version(home):
            return [f"the {home.root.name} home is not published: {said}"]
    _entrepot(Path(sys.executable), ROOT, "verify", old)
    return list(_differences(old, new))


def _is_published_by_this_version(home: Home) -> bool:
    try:
        with connection.reader(home) as con:
            file_version.check_published(con)
    except EntrepotError:
        return False
    return True


def _make_home(version: int, home: Home, folder: Path) -> None:
    """Build a home with the last commit of a file version that publishes: its bundled figures, and files of many sources' forms."""
    files = folder / "files"
    files.mkdir()
    for name, content in specimens.made().items():
        (files / name.replace("/", "_")).write_bytes(content)
    said = ""
    for back in range(1, _COMMITS + 1):
        with _commit_of(version, back, folder / "code") as code:
            python = _python_of(code, folder)
            # A file that the earlier version does not take, or not whole, is no fault of the upgrade.
            _entrepot(python, code, "adopt", home, str(files), allowed=(0, 1))
            said = _entrepot(python, code, "build", home, allowed=(0, 1))
        if home.published_file.exists():
            return
        shutil.rmtree(home.root)
    raise SystemExit(f"no commit of file version {version} publishes: {said}")


def _python_of(code: Path, folder: Path) -> Path:
    """An interpreter with which the commit runs: this one, or one with the libraries of the commit's lock."""
    tried = _run(Path(sys.executable), code, ["--help"])
    if not tried.returncode:
        return Path(sys.executable)
    environment = folder / "environment"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True, timeout=120)
    python = environment / "bin" / "python"
    install = [
        str(python),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--require-hashes",
        "-r",
        "requirements.lock",
    ]
    subprocess.run(install, cwd=code, check=True, timeout=900)
    return python


def _entrepot(
    python: Path, code: Path, command: str, home: Home, *arguments: str, allowed: tuple[int, ...] = (0,)
) -> str:
    done = _run(python, code, [command, *arguments, "--home", str(home.root)])
    said = f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    if done.returncode not in allowed:
        raise SystemExit(f"`{command}` of {code} ended with {done.returncode}: {said}")
    return said


def _run(python: Path, code: Path, words: list[str]) -> "subprocess.CompletedProcess[str]":
    module = "flows.cli.app" if (code / "flows" / "cli" / "app.py").exists() else "flows.cli"
    program = f"import sys; from {module} import main; sys.argv[0] = 'entrepot'; main()"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "ENTREPOT_"))}
    given = kept | {"PYTHONPATH": str(code), "ENTREPOT_REPORT": "no"}
    return subprocess.run(
        [str(python), "-c", program, *words], cwd=code, env=given, capture_output=True, text=True, check=False, timeout=_PATIENCE
    )  # fmt: skip


@contextmanager
def _commit_of(version: int, back: int, place: Path) -> Iterator[Path]:
    """The files of a commit that wrote a file version: the last one, or ``back`` commits before the next version."""
    script = f"warehouse/sql/upgrade/{version + 1}.sql"
    added = _git("log", "--diff-filter=A", "--format=%H", "--", script).splitlines()
    if not added:
        raise SystemExit(f"the history of the repository does not have {script}: clone it whole")
    _git("worktree", "add", "--detach", str(place), f"{added[-1]}~{back}")
    try:
        yield place
    finally:
        _git("worktree", "remove", "--force", str(place))


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True, timeout=120).stdout


def _compared(column: str, kind: str) -> str:
    """A column to be compared: of floating-point numbers eight digits, since sums depend on the order of rows."""
    return f"printf('%.7e', \"{column}\")" if kind in ("DOUBLE", "FLOAT") else f'"{column}"'


def _differences(old: Home, new: Home) -> Iterator[str]:
    """The tables of two releases that differ, with the number of rows that only one has."""
    with duckdb.connect() as con:
        con.execute(
            f"ATTACH '{old.published_file}' AS old (READ_ONLY); ATTACH '{new.published_file}' AS new (READ_ONLY)"
        )
        for (name,) in con.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = 'new' AND schema_name = 'mart' ORDER BY ALL"
        ).fetchall():
            if name in _NOT_COMPARED:
                continue
            described = con.execute(f"DESCRIBE new.mart.{name}").fetchall()
            columns = ", ".join(_compared(name, kind) for name, kind, *_ in described if name not in _OF_THE_HOME)
            for one, other in (("old", "new"), ("new", "old")):
                query = f"SELECT count(*) FROM (SELECT {columns} FROM {one}.mart.{name} EXCEPT ALL SELECT {columns} FROM {other}.mart.{name})"
                (rows,) = con.execute(query).fetchall()[0]
                if rows:
                    yield f"mart.{name}: {rows} rows are only in the {'upgraded' if one == 'old' else 'new'} home"


if __name__ == "__main__":
    sys.exit(main())
