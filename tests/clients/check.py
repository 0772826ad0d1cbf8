"""Ask a published file through other programs, all at once and while it is published anew: ``make clients``.

Each script ``ask_…`` of this folder prints what its program finds: the marts, the columns of ``trade``, China's exports of 2019 and
whose figure it is. All have to say the same as DuckDB's Python does.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
ENTREPOT = Path(sys.executable).with_name("entrepot")
#: Exchange rates as FRED prints them: something new to be built while clients read.
NEW_FILE = "observation_date,AEXCHUS\n2000-01-01,8.2784\n2001-01-01,8.2770\n"
_LIMIT_SECONDS = 300


@dataclass(frozen=True)
class Client:
    """A program that reads the file, and the command that asks it."""

    name: str
    command: tuple[str, ...]


def clients(environment: Path) -> list[Client]:
    """All of them, as ``make clients`` installs them."""
    python, python_2 = str(environment / "bin" / "python"), str(environment / "duckdb2" / "bin" / "python")
    first = Client("DuckDB's Python", (python, str(FOLDER / "ask_duckdb.py")))
    others = [
        Client(script.stem.removeprefix("ask_"), (python, str(script)))
        for script in sorted(FOLDER.glob("ask_*.py"))
        if script.name != "ask_duckdb.py"
    ]
    second = Client("DuckDB's Python 2", (python_2, str(FOLDER / "ask_duckdb.py")))
    # Node finds packages beside the script.
    script = shutil.copy(FOLDER / "ask_node.mjs", environment / "node")
    return [first, second, *others, Client("node", ("node", str(script)))]


def answers(asked: Sequence[Client], file: Path) -> dict[str, Any]:
    """What each client finds, all asked at once. A client that fails has its message instead."""
    running = {
        client.name: subprocess.Popen(
            [*client.command, str(file)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for client in asked
    }
    found: dict[str, Any] = {}
    for name, process in running.items():
        out, err = process.communicate(timeout=_LIMIT_SECONDS)
        found[name] = json.loads(out) if process.returncode == 0 else f"fails: {err.strip()[-500:]}"
    return found


def faults(found: dict[str, Any]) -> list[str]:
    """Where clients differ from the first, whose answer has to be whole."""
    (first, expected), *others = found.items()
    if not isinstance(expected, dict) or len(set(expected["marts"])) != len(expected["marts"]) or not expected["total"]:
        return [f"{first} {expected}"]
    return [f"{name} {_difference(answer, expected)}" for name, answer in others if answer != expected]


def _difference(answer: Any, expected: dict[str, Any]) -> str:
    if isinstance(answer, str):
        return answer
    return "; ".join(
        f"finds {part} {answer[part]}, not {expected[part]}" for part in expected if answer[part] != expected[part]
    )


def check(environment: Path, home: Path) -> list[str]:
    """Ask all clients of a file that stays, and then again and again until a build has published another."""
    options = os.environ | {"ENTREPOT_HOME": str(home)}
    file = home / "published" / "entrepot.duckdb"
    asked = clients(environment)
    subprocess.run([ENTREPOT, "build", "--no-report"], env=options, check=True)
    found = faults(answers(asked, file))
    with tempfile.TemporaryDirectory() as folder:
        new = Path(folder) / "fredgraph.csv"
        new.write_text(NEW_FILE, encoding="utf-8")
        subprocess.run([ENTREPOT, "adopt", new], env=options, check=True)
    before, rounds = file.stat().st_ino, 0
    build = subprocess.Popen([ENTREPOT, "build", "--no-report"], env=options)
    while build.poll() is None or not rounds:
        found += faults(answers(asked, file))
        rounds += 1
    if build.returncode or file.stat().st_ino == before:
        found.append("the build has published nothing")
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
        found = check(options.environment.absolute(), options.home or Path(folder) / "home")
    sys.stdout.write("".join(f"{fault}\n" for fault in found))
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
