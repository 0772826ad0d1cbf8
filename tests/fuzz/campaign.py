"""Mutations in processes of their own: one that ends its process or hangs is named, and the others go on."""

import multiprocessing
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from tasks.load.trial import trial
from tests.fuzz.judging import FAULTS, LONGEST, Judge, Mutated, Mutations
from warehouse.connection import make_folders
from warehouse.settings import Home, Settings

#: The memory that a process may ask for, bytes: a file that takes more would end a smaller machine.
_MEMORY = 4 * 1024**3
#: Until a process has its warehouse and the clean file is read, seconds.
_TO_BEGIN = 300.0

_CONTEXT = multiprocessing.get_context("spawn")


@dataclass
class Report:
    """Counts of outcomes by mutation, and what must not happen."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    faults: list[Mutated] = field(default_factory=list)

    def count(self, mutated: Mutated) -> None:
        """Count one mutation."""
        self.counts[mutated.kind, mutated.outcome] += 1
        if mutated.outcome in FAULTS:
            self.faults.append(mutated)

    def table(self) -> Iterator[str]:
        """The counts as a table in Markdown, a line for each mutation and one for all."""
        outcomes = sorted({outcome for _, outcome in self.counts})
        yield "| mutation | " + " | ".join(outcomes) + " | all |"
        yield "|---" + "|---:" * (len(outcomes) + 1) + "|"
        for kind in sorted({kind for kind, _ in self.counts}):
            yield _line(kind, [self.counts[kind, outcome] for outcome in outcomes])
        yield _line("all", [sum(n for (_, o), n in self.counts.items() if o == outcome) for outcome in outcomes])


def _line(kind: str, counts: list[int]) -> str:
    return f"| {kind} | " + " | ".join(f"{count:,}" for count in (*counts, sum(counts))) + " |"


@dataclass
class _Worker:
    """A process that judges some numbers in turn; ``at`` is what it is at (number, file, kind), None before the first."""

    numbers: list[int]
    process: BaseProcess
    connection: Connection
    at: tuple[int, str, str] | None = None
    since: float = field(default_factory=time.monotonic)

    @property
    def is_late(self) -> bool:
        return time.monotonic() - self.since > (_TO_BEGIN if self.at is None else LONGEST)


def run(files: Mapping[str, bytes], numbers: range, seed: int, processes: int) -> Iterator[Mutated]:
    """What becomes of each of the mutations, in the order in which they are judged."""
    shares = [list(numbers[at::processes]) for at in range(processes)]
    workers = {worker.connection: worker for share in shares if share for worker in [_started(files, share, seed)]}
    try:
        while workers:
            for connection in wait(list(workers), timeout=1.0):
                assert isinstance(connection, Connection)
                yield from _heard(workers, connection, files, seed)
            for connection in [c for c, worker in workers.items() if worker.is_late]:
                yield from _lost(workers, connection, files, seed, "HANG")
    finally:
        for worker in workers.values():
            worker.process.kill()


def _started(files: Mapping[str, bytes], numbers: list[int], seed: int) -> _Worker:
    ours, theirs = _CONTEXT.Pipe(duplex=False)
    process = _CONTEXT.Process(target=_work, args=(theirs, dict(files), numbers, seed), daemon=True)
    process.start()
    theirs.close()
    return _Worker(numbers, process, ours)


def _heard(
    workers: dict[Connection, _Worker], connection: Connection, files: Mapping[str, bytes], seed: int
) -> Iterator[Mutated]:
    worker = workers[connection]
    try:
        told = connection.recv()
    except EOFError:
        worker.process.join()
        if worker.process.exitcode == 0:
            del workers[connection]
            return
        yield from _lost(workers, connection, files, seed, "CRASH")
        return
    worker.since = time.monotonic()
    if isinstance(told, Mutated):
        yield told
    else:
        worker.at = told


def _lost(
    workers: dict[Connection, _Worker], connection: Connection, files: Mapping[str, bytes], seed: int, outcome: str
) -> Iterator[Mutated]:
    """A process that ended or hangs: the mutation it was at is told, and another process goes on with the next one."""
    worker = workers.pop(connection)
    worker.process.kill()
    if worker.at is None:
        raise RuntimeError(f"a process did not begin: exit status {worker.process.exitcode}")
    number, name, kind = worker.at
    if left := worker.numbers[worker.numbers.index(number) + 1 :]:
        another = _started(files, left, seed)
        workers[another.connection] = another
    yield Mutated(number, name, kind, outcome, "the process that read it ended or was ended")


def _work(connection: Connection, files: dict[str, bytes], numbers: list[int], seed: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        make_folders(home)
        with trial(Settings.model_construct(home=home.root, memory_limit="1GB", threads=1)) as reading:
            made = Mutations(Judge(reading, Path(folder)), files, seed)
            for mutated in made.each(numbers, lambda *at: connection.send(at)):
                connection.send(mutated)
    connection.close()
