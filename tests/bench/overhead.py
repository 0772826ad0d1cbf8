"""What orchestration adds, and how long commands take: ``make overhead``.

Wall-clock and processor seconds, each the least of some runs on this machine, of a home folder with the bundled figures in a temporary folder. A step
is a task of Prefect. Quote ratios: machines differ.
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tasks import sources
from tests.support import published, wheel
from tests.support.deployed import served
from warehouse.settings import Home, Settings

_RUNS = 3
_COMMANDS = {
    "--help": ["--help"],
    "sql": ["sql", "SELECT year, exports_usd FROM trade WHERE reporter = 'JPN' AND partner = 'CHN'"],
    "places": ["places", "Dalian"],
    "trace": ["trace", "trade", "reporter=JPN", "partner=CHN", "year=2016"],
    "status": ["status"],
    "build, nothing to do": ["build", "--no-report"],
}


def main() -> None:
    """Measure, and print a line each."""
    with tempfile.TemporaryDirectory() as folder:
        home = published.bundled(Path(folder) / "home")
        for name, arguments in _COMMANDS.items():
            _print(f"entrepot {name}", *_least(lambda given=arguments: _command(home, given)))  # type: ignore[misc]
        _print_steps(home)
        _print_deployed(home, Path(folder))


def _command(home: Home, arguments: list[str]) -> None:
    command = [sys.executable, "-m", "entrepot", "--home", str(home.root), *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=300)


def _print_steps(home: Home) -> None:
    """The same loads as tasks of a flow and as plain functions; nothing is new, so that what is left is what Prefect adds."""
    from flows import runtime

    runtime.prepare(home)
    from flows.ingest import ingest, load_reference, load_source

    settings, ids = Settings(home=home.root), list(sources.all_sources())

    def plain() -> None:
        load_reference.fn(settings)
        for source_id in ids:
            load_source.fn(settings, source_id)

    ingest(settings)  # starts Prefect's own server
    direct, flow = _least(plain), _least(lambda: ingest(settings))
    _print("loading, as functions", *direct)
    _print("loading, as a flow", *flow)
    print(f"a step adds {(flow[0] - direct[0]) / (len(ids) + 1) * 1000:.0f} ms")  # noqa: T201


def _print_deployed(home: Home, folder: Path) -> None:
    """A run of the deployment ``build`` that finds nothing to do, from asking for it to its end."""
    working = folder / "served"
    working.mkdir()
    with served(wheel.installed(folder / "installed"), home, working) as up:
        _print("a deployed build, nothing to do", *_least(lambda: up.end_of(up.start("build/build"))))


def _least(run: Callable[[], object]) -> tuple[float, float]:
    """The least wall-clock seconds and processor seconds (with child processes) of some runs."""
    measured = []
    for _ in range(_RUNS):
        begun, used = time.perf_counter(), _processor_seconds()
        run()
        measured.append((time.perf_counter() - begun, _processor_seconds() - used))
    return min(wall for wall, _ in measured), min(used for _, used in measured)


def _processor_seconds() -> float:
    of = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in of)


def _print(name: str, wall: float, used: float) -> None:
    print(f"{name:<34}{wall:7.2f} s   {used:7.2f} s of processor time")  # noqa: T201


if __name__ == "__main__":
    main()
