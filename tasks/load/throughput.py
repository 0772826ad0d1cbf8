"""How fast files are read, and how long the rest will take, for whoever watches."""

import time
from collections.abc import Callable, Sequence

from tasks.archive.store import Artifact


class Throughput:
    """Counts what is done of a list of files. The time left is estimated from bytes: rows are known only once they are read."""

    def __init__(self, artifacts: Sequence[Artifact], clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._begun = clock()
        self._files, self._bytes = len(artifacts), sum(a.size_bytes for a in artifacts)
        self._files_done = self._bytes_done = self._rows_done = 0

    def add(self, artifact: Artifact, rows: int) -> None:
        """A file was read, or given up."""
        self._files_done += 1
        self._bytes_done += artifact.size_bytes
        self._rows_done += rows

    def describe(self) -> str:
        """Files and rows so far, rows a second, and the time left; nothing before the first file is done."""
        seconds = self._clock() - self._begun
        if not self._files_done or seconds <= 0:
            return ""
        done = f"{self._files_done} of {self._files} files, {self._rows_done:,} rows, {self._rows_done / seconds:,.0f} rows/s"
        left = (self._bytes - self._bytes_done) / self._bytes_done * seconds if self._bytes_done else 0
        return f"{done}, about {_duration(left)} left" if self._files_done < self._files else done


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
