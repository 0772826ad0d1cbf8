"""What a run of the bench was asked for, and where its files lie."""

import argparse
import shutil
from dataclasses import dataclass
from pathlib import Path

LAST_YEAR = 2023
#: Files, home folders and databases that are there at one time, in bytes a row; measured.
_BYTES_A_ROW = 400
_BYTES_BESIDE = 500_000_000


@dataclass(frozen=True)
class Plan:
    """The arguments, as they are used everywhere."""

    rows: int
    years: int
    runs: int
    revised: float
    folder: Path
    output: Path
    peers: bool
    ours: bool
    zipped: bool = False

    @property
    def all_years(self) -> range:
        """The years, the newest last."""
        return range(LAST_YEAR - self.years + 1, LAST_YEAR + 1)


def parser() -> argparse.ArgumentParser:
    """The arguments of ``python -m tests.bench``."""
    arguments = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description="Measure loading against a bare DuckDB load, peers, and the bars.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    arguments.add_argument("--rows", type=int, default=11_000_000, help="rows a year, about")
    arguments.add_argument("--years", type=int, default=1, help="years for memory, growth, size, readers and questions")
    arguments.add_argument("--runs", type=int, default=5, help="runs of everything that is timed")
    arguments.add_argument("--revised", type=float, default=0.01, help="share of values that the new release revises")
    arguments.add_argument(
        "--work", type=Path, help="folder for the files it makes and removes; the system's temporary one"
    )
    arguments.add_argument("--output", type=Path, default=Path("docs"), help="where bench.json and bench.svg go")
    arguments.add_argument("--no-peers", dest="peers", action="store_false", help="leave the peers out")
    arguments.add_argument("--no-ours", dest="ours", action="store_false", help="only the floor and the peers")
    arguments.add_argument(
        "--zip", dest="zipped", action="store_true", help="archive the years in a zip, as CEPII publishes them"
    )
    return arguments


def read_plan(arguments: argparse.Namespace, folder: Path) -> Plan:
    """The plan for the arguments. Raises SystemExit where the disk has no room for it."""
    plan = Plan(
        rows=arguments.rows, years=arguments.years, runs=arguments.runs, revised=arguments.revised,
        folder=folder, output=arguments.output, peers=arguments.peers, ours=arguments.ours,
        zipped=arguments.zipped,
    )  # fmt: skip
    needed = plan.rows * (plan.years + 2) * _BYTES_A_ROW + _BYTES_BESIDE
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise SystemExit(
            f"about {needed / 1e9:.0f} GB are needed in {folder}, {free / 1e9:.0f} GB are free: say --work FOLDER on a larger disk"
        )
    return plan
