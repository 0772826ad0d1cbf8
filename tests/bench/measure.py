"""Running one piece of work in a fresh process, and how long it took and how much memory its whole tree had."""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    import psutil

from tests.support.paths import ROOT

_SAMPLE_SECONDS = 0.05


class WorkFailed(Exception):
    """A measured process ended with a fault. Its text is one line; ``output`` is all that the process printed."""

    def __init__(self, reason: str, output: str) -> None:
        super().__init__(reason)
        self.output = output


@dataclass(frozen=True)
class Run:
    """One run. ``seconds`` of the work alone; ``wall``, ``peak_bytes`` and processor seconds (``used``) of the process with all it started."""

    seconds: float
    wall: float
    peak_bytes: int
    result: dict[str, Any] = field(default_factory=dict)
    used: float = 0.0


def work(name: str, /, **arguments: object) -> Run:
    """Call ``tests.bench.<module>.<function>`` in a process of its own (see ``child``). Raises WorkFailed."""
    command = [sys.executable, "-m", "tests.bench.child", name, json.dumps(arguments, default=str)]
    wall, peak, used, output = _watched(command, {})
    result = json.loads(output.splitlines()[-1])
    return Run(result.pop("seconds"), wall, max(peak, result.pop("peak_bytes")), result, used)


def entrepot(home: Path, *arguments: object) -> Run:
    """Run our command line on a home folder; its whole time counts. Raises WorkFailed."""
    command = [sys.executable, "-m", "flows.cli.app", *map(str, arguments), "--home", str(home)]
    wall, peak, used, output = _watched(command, {"ENTREPOT_HOME": str(home)})
    return Run(wall, wall, peak, {"output": output}, used)


def begin(name: str, /, **arguments: object) -> subprocess.Popen[bytes]:
    """Start a piece of work and go on; the caller waits for it. What it says is lost, so it writes to a file."""
    command = [sys.executable, "-m", "tests.bench.child", name, json.dumps(arguments, default=str)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)


def _watched(command: list[str], environment: dict[str, str]) -> tuple[float, int, float, str]:
    """Seconds, peak bytes and processor seconds of the process tree, and what was printed."""
    import psutil  # only the bench group has it; what the tests call in their own process does without

    os.sync()  # what the run before left to be written must not be this one's burden
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        begun, used = time.perf_counter(), _processor_seconds()
        process = psutil.Popen(command, cwd=ROOT, stdout=out, stderr=err, env={**os.environ, **environment})
        peak = 0
        try:
            while process.poll() is None:
                peak = max(peak, _tree_bytes(process))
                time.sleep(_SAMPLE_SECONDS)
        except BaseException:
            _end(process)
            raise
        wall = time.perf_counter() - begun
        if process.returncode:
            raise WorkFailed(_reason(_all(err), _all(out)), _all(err) + _all(out))
        return wall, peak, _processor_seconds() - used, _all(out)


def _processor_seconds() -> float:
    """Of all processes that were started here and have ended, with what they started."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _tree_bytes(process: "psutil.Popen") -> int:
    """Resident memory of a process and all below it. Pages that two of them share count twice: too much, not too little."""
    import psutil

    total = 0
    for each in [process, *_below(process)]:
        try:
            total += each.memory_info().rss
        except psutil.Error:  # it ended since
            continue
    return total


def _below(process: "psutil.Popen") -> "list[psutil.Process]":
    import psutil

    try:
        return list(process.children(recursive=True))
    except psutil.Error:
        return []


def _end(process: "psutil.Popen") -> None:
    """Kill a process and all below it: the bench was stopped."""
    import psutil

    for each in [*_below(process), process]:
        try:
            each.kill()
        except psutil.Error:
            continue
    process.wait()


def _reason(errors: str, output: str) -> str:
    """The line that says why: ours if it is of our command line, else the last of a traceback."""
    lines = [line.strip() for line in (*errors.splitlines(), *output.splitlines()) if line.strip()]
    faults = [line for line in lines if line.startswith(("not loaded:", "entrepot:"))]
    last = [line.strip() for line in errors.splitlines() if line.strip()][-1:]
    return (faults or last or lines[-1:] or ["it said nothing"])[0]


def _all(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")
