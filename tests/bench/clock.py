"""The clock of the measured work."""

import time
from types import TracebackType
from typing import Self


class Stopwatch:
    """Times a block; imports and preparations stay outside it."""

    seconds = 0.0

    def __enter__(self) -> Self:
        self._begun = time.perf_counter()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.seconds = time.perf_counter() - self._begun
