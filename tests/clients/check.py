"""Ask a published file through other programs, all at once and while it is published anew: ``make clients``.

What is run are the examples of ``docs/clients.md``, as they stand there. Each answers the same question. Versions of DuckDB are
also asked for rows of every table.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support import documents
from tests.support.documents import ExampleFailed
from tests.support.paths import ROOT

FOLDER = Path(__file__).parent
PAGE = ROOT / "docs" / "clients.md"
ENTREPOT = Path(sys.executable).with_name("entrepot")
#: What each example has to print: China's exports of 2019 as the General Administration of Customs published them, and its name.
ANSWER = ("2499028927000", "General Administration of Customs")
#: Sections of the page without a program.
NO_CLIENTS = frozenset({"", "From another machine"})
#: Exchange rates as FRED prints them: something new to be built while clients read.
NEW_FILE = "observation_date,AEXCHUS\n2000-01-01,8.2784\n2001-01-01,8.2770\n"


@dataclass(frozen=True)
class Client:
    """A program that reads a release: a section of the page, and the Python that runs it, beside which its programs are."""

    section: str
    python: Path

    @property
    def name(self) -> str:
        """The section, and the folder of the environment."""
        return f"{self.section} ({self.python.parents[1].name})"


def sections() -> list[str]:
    """The sections of the page that have a client."""
    return [section for section in documents.sections(PAGE) if section not in NO_CLIENTS]


def clients(environment: Path) -> list[Client]:
    """All of them, as ``make clients`` installs them."""
    own = Path(sys.executable)
    installed = environment / "bin" / "python"
    of_page = [Client(section, own if section == "Excel" else installed) for section in sections()]
    return [*of_page, *(Client("Python", python) for python in pythons(environment))]


def pythons(environment: Path) -> list[Path]:
    """Pythons with other versions of DuckDB, beside the environment of the other clients."""
    return sorted(environment.glob("duckdb-*/bin/python"))


def answer(client: Client, home: Path) -> str:
    """What an example prints, or why it does not."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "data").symlink_to(home)
        node = client.python.parents[1] / "node" / "node_modules"
        if node.is_dir():  # Node finds packages beside the script
            (Path(folder) / "node_modules").symlink_to(node)
        variables = {"ENTREPOT_HOME": "data", "DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "JUPYTER_PLATFORM_DIRS": "1"}
        try:
            return documents.run(documents.sections(PAGE)[client.section], Path(folder), client.python, variables)
        except ExampleFailed as fault:
            return f"fails: {fault}"


def answers(asked: Sequence[Client], home: Path) -> dict[str, str]:
    """What each client prints, all asked at once."""
    with ThreadPoolExecutor(len(asked)) as pool:
        return dict(zip([c.name for c in asked], pool.map(lambda client: answer(client, home), asked), strict=True))


def faults(found: dict[str, str]) -> list[str]:
    """The clients that do not print the answer."""
    return [f"{name} prints {said!r}" for name, said in found.items() if not all(part in said for part in ANSWER)]


def every_mart(python: Path, file: Path) -> dict[str, Any]:
    """The rows of every table as this Python's DuckDB reads them."""
    done = subprocess.run(
        [python, FOLDER / "every_mart.py", file], capture_output=True, text=True, check=False, timeout=300
    )
    if done.returncode:
        return {"fails": done.stderr.strip()[-500:]}
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def differing(environment: Path, file: Path) -> list[str]:
    """The other versions of DuckDB that read other rows than that of the project, or none."""
    expected = every_mart(Path(sys.executable), file)
    return [f"{p} reads other rows" for p in pythons(environment) if every_mart(p, file) != expected]


def check(environment: Path, home: Path) -> list[str]:
    """Ask all clients of a file that stays, and then again and again until a build has published another."""
    options = os.environ | {"ENTREPOT_HOME": str(home)}
    file = home / "published" / "entrepot.duckdb"
    asked = clients(environment)
    subprocess.run([ENTREPOT, "build", "--no-report"], env=options, check=True)
    found = faults(answers(asked, home))
    found += differing(environment, file)
    with tempfile.TemporaryDirectory() as folder:
        new = Path(folder) / "fredgraph.csv"
        new.write_text(NEW_FILE, encoding="utf-8")
        subprocess.run([ENTREPOT, "adopt", new], env=options, check=True)
    before, rounds = file.stat().st_ino, 0
    build = subprocess.Popen([ENTREPOT, "build", "--no-report"], env=options)
    while build.poll() is None or not rounds:
        found += faults(answers(asked, home))
        rounds += 1
    if build.returncode or file.stat().st_ino == before:
        found.append("the build has published nothing")
    found += differing(environment, file)  # of a file that was changed before, which older versions might not read
    sys.stdout.write(
        f"asked {len(asked)} clients at once, and {rounds} times more during a build: {', '.join(c.name for c in asked)}\n"
    )
    return found


def main() -> int:
    """Status 1 if a client cannot read the file or finds something else."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("environment", type=Path, help="where the clients are installed")
    parser.add_argument(
        "--home", type=Path, help="a home folder to be built and asked; default: one with the bundled figures"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = check(options.environment.absolute(), (options.home or Path(folder) / "home").absolute())
    sys.stdout.write("".join(f"{fault}\n" for fault in found))
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
