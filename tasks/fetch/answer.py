"""Answers of services, as they are received."""

from dataclasses import dataclass
from pathlib import Path

import httpx


@dataclass(frozen=True)
class Answer:
    """An answer of a service. With status 200 its body of ``size`` bytes is in ``path``; else ``text`` is its beginning."""

    status: int
    headers: httpx.Headers
    path: Path
    size: int = 0
    text: str = ""
