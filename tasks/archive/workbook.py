"""Reading workbooks (xls, xlsx) of whatever state, in a process of its own that may end.

The library that reads them (calamine) ends its process where damage has made a ring of the sectors of an xls file, or a cell
stands so far away that the rectangle around all of them does not fit into memory; for other damage it writes to standard error.
"""

import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

from tasks.archive import workbook_reader

#: Reading a workbook may not take longer, seconds; one of a million rows takes half a minute.
_LONGEST = 600
_TOO_LARGE = "memory allocation"
#: So much of what the process says is looked at, characters.
_LAST = 4000


class Unreadable(ValueError):
    """A workbook that cannot be read; the message says why."""


def sheets(path: Path, most_rows: int | None = None, *, skips_empty_area: bool = True) -> dict[str, list[list[Any]]]:
    """The rows of each sheet, by its name; ``most_rows`` of each where given. Empty cells are "". Raises Unreadable.

    ``skips_empty_area``: empty rows and columns before the first cell with a value are left out.
    """
    command = [sys.executable, "-P", workbook_reader.__file__, str(path), str(most_rows or 0), str(skips_empty_area)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_LONGEST, env=_environment(), check=False)
    except subprocess.TimeoutExpired:
        raise Unreadable(f"it is damaged: reading it does not end within {_LONGEST} seconds") from None
    if done.returncode == 0:
        rows: dict[str, list[list[Any]]] = pickle.loads(done.stdout)  # noqa: S301 (written by our own process)
        return rows
    words = done.stderr.decode(errors="replace")[-_LAST:]
    if _TOO_LARGE in words or "MemoryError" in words:
        raise Unreadable(
            "it is damaged, or a cell far from the table makes a sheet larger than memory: delete empty rows and columns, and save it again"
        )
    raise Unreadable(f"it is truncated, damaged or encrypted{_said(words)}")


def _environment() -> dict[str, str]:
    """What a process needs of ours; a library's own traceback is of no use to anybody here."""
    return {**os.environ, "RUST_BACKTRACE": "0"}


def _said(words: str) -> str:
    """What the library said of it, where that is one line."""
    lines = words.strip().splitlines()
    return f" ({lines[0]})" if len(lines) == 1 else ""
