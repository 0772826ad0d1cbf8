"""Installs each lock into an empty environment and checks that the environment is exactly the lock.

Run by `make locks-check`, with nothing but the standard library, since it must run before anything is installed:

    python3 -m tests.install.check_locks [--all] requirements.lock …

Each lock is installed by the Makefile's own line, with the oldest pip that a supported Python brought and with the newest,
while a newer release of every package is on offer (see `lock_files.with_decoys`). By default all locks are installed on
the oldest Python, and the last of them on the others with their oldest pip; `--all` takes every combination.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.install.lock_files import pins, requirements, with_decoys
from tests.install.pythons import NEEDED, OLDEST_PIP, Python, find

ROOT = Path(__file__).resolve().parents[2]
NEWEST = "newest"
_SECONDS = 1800

# Markers are evaluated by the interpreter that they are meant for; pip brings what is needed for it.
_APPLICABLE = """
import sys
from pip._vendor.packaging.requirements import Requirement
for line in sys.stdin.read().splitlines():
    marker = Requirement(line).marker
    if marker is None or marker.evaluate():
        print(line.split(";")[0].strip())
"""


class CheckError(Exception):
    """An environment is not what the lock says; the message says how."""


@dataclass(frozen=True)
class Case:
    """One environment to be made: which lock, on which Python, by which pip (a version or NEWEST)."""

    lock: Path
    python: Python
    pip: str

    def __str__(self) -> str:
        return f"{self.lock.name}, Python {self.python.release}, pip {self.pip}"


def plan(locks: Sequence[Path], found: Sequence[Python], every: bool) -> list[Case]:
    """What is to be installed where. The slowest cases are spread so that two can run side by side."""
    return [
        Case(lock, python, pip)
        for python in found
        for lock in (locks if every or python.minor == NEEDED else locks[-1:])
        for pip in ((OLDEST_PIP[python.minor], NEWEST) if every or python.minor == NEEDED else (OLDEST_PIP[python.minor],))
    ]  # fmt: skip


def environment() -> dict[str, str]:
    """This process's environment without what would let anything outside the new environment be seen or written."""
    kept = {
        name: value for name, value in os.environ.items()
        if not name.startswith("PYTHON")
        and name not in {"MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PIP_NO_DEPS"}
    }  # fmt: skip
    # Compiling takes half the time and does not change what is installed. To pip, "no-compile = 0" means not to compile.
    return kept | {"PYTHONNOUSERSITE": "1", "PIP_NO_COMPILE": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def run(*command: str | Path, given: str = "") -> str:
    """What a command prints. Raises CheckError with its last words where it fails."""
    done = subprocess.run(
        [str(part) for part in command], input=given, capture_output=True, text=True,
        timeout=_SECONDS, cwd=ROOT, env=environment(),
    )  # fmt: skip
    if done.returncode:
        said = [line for line in (done.stdout + done.stderr).splitlines() if not line.startswith("WARNING")]
        raise CheckError("\n    ".join(said[-12:]))
    return done.stdout


def make_empty(case: Case, folder: Path) -> Path:
    """Makes an environment with nothing but the case's pip in it and returns its interpreter."""
    run(case.python.executable, "-m", "venv", folder)
    python = folder / "bin" / "python"
    wanted = ["--upgrade", "pip"] if case.pip == NEWEST else [f"pip=={case.pip}"]
    run(python, "-m", "pip", "install", "--quiet", *wanted)
    # Python 3.11 puts setuptools beside pip.
    run(python, "-m", "pip", "uninstall", "--quiet", "--yes", "setuptools", "wheel")
    return python


def differences(expected: set[tuple[str, str]], installed: set[tuple[str, str]]) -> list[str]:
    """What is installed and not expected, and the other way round, one line each."""
    return [f"in the lock, not installed: {name} {version}" for name, version in sorted(expected - installed)] + [
        f"installed, not in the lock: {name} {version}" for name, version in sorted(installed - expected)
    ]


def check(case: Case) -> str:
    """Installs the case's lock and then the project. Returns what was seen; raises CheckError where it is not the lock."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="locks-") as made:
        folder = Path(made)
        python = make_empty(case, folder / "env")
        release = run(python, "-m", "pip", "--version").split()[1]
        lock = with_decoys(case.lock, folder)
        run("make", "--no-print-directory", "install-lock", f"VENV={folder / 'env'}", f"LOCK={lock}")
        pinned = "\n".join(requirements(case.lock.read_text("utf-8")))
        expected = pins(run(python, "-c", _APPLICABLE, given=pinned).splitlines())
        frozen = run(python, "-m", "pip", "freeze", "--all").splitlines()
        different = differences(expected, pins(frozen) - {("pip", release)})
        if different:
            raise CheckError("\n    ".join(different))
        # The second time with the project's own requirements, which the lock must meet.
        run(python, "-m", "pip", "check")
        run("make", "--no-print-directory", "install-project", f"VENV={folder / 'env'}")
        run(python, "-m", "pip", "check")
    return f"{len(expected)} packages by pip {release}, exactly the lock ({time.monotonic() - began:.0f} s)"


def outcome(case: Case) -> tuple[Case, str, bool]:
    """The case, what is to be said of it, and whether it is as it should be."""
    try:
        return case, check(case), True
    except CheckError as failed:
        return case, f"FAILED\n    {failed}", False
    except subprocess.TimeoutExpired as late:
        return case, f"FAILED\n    not done after {late.timeout:.0f} s: {late.cmd}", False


def disagreements(locks: Sequence[Path]) -> list[str]:
    """Pins of the first lock that another lock does not repeat: the others are installed over it."""
    first, *others = [(lock.name, pins(requirements(lock.read_text("utf-8")))) for lock in locks]
    return [
        f"{name} {version} is in {first[0]} and not in {other}"
        for other, pinned in others
        for name, version in sorted(first[1] - pinned)
    ]  # fmt: skip


def say(line: str) -> None:
    """Prints at once, so that a long run is seen to go on."""
    sys.stdout.write(f"locks: {line}\n")
    sys.stdout.flush()


def pythons() -> list[Python]:
    """The supported Pythons that are on this machine; says which are not. Raises CheckError without the needed one."""
    found = {minor: find(minor) for minor in OLDEST_PIP}
    for minor, python in found.items():
        if python is None:
            say(f"Python {minor} is not on this machine; `make lock` checks that the locks resolve for it")
    if found[NEEDED] is None:
        raise CheckError(f"Python {NEEDED} with venv and ensurepip is needed, on PATH or from pyenv")
    return [python for python in found.values() if python]


def main(arguments: Sequence[str] | None = None) -> int:
    """Checks the locks that are named. Returns 0 where all are as they should be, else 1."""
    parser = argparse.ArgumentParser(
        description="Check that each lock installs exactly itself into an empty environment."
    )
    parser.add_argument(
        "locks", nargs="+", type=Path, metavar="LOCK", help="the smallest first: the others repeat its pins"
    )
    parser.add_argument("--all", dest="every", action="store_true", help="every lock on every Python with both pips")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="environments at one time")
    asked = parser.parse_args(arguments)
    locks = [lock.resolve() for lock in asked.locks]
    began = time.monotonic()
    failed = disagreements(locks)
    for line in failed:
        say(f"FAILED\n    {line}")
    try:
        cases = plan(locks, pythons(), asked.every)
    except CheckError as missing:
        say(f"FAILED\n    {missing}")
        return 1
    with ThreadPoolExecutor(asked.jobs) as pool:
        for case, said, whole in pool.map(outcome, cases):
            say(f"{case}: {said}")
            failed += [] if whole else [str(case)]
    say(f"{len(cases)} environments in {time.monotonic() - began:.0f} s, {len(failed) or 'none'} wrong")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
