"""Whether a large CSV file is so plain that DuckDB can read it with types without an error.

DuckDB's typed reading of a CSV file is twice as fast as reading text and casting it exactly, but it rounds surplus
decimals and takes ``1e3``, ``0x10`` and ``1_0`` for numbers. A file that has nothing but digits, points and the
publisher's own marks, and never more decimals than its columns keep, leaves it nothing to get wrong. One pass over the
bytes, which takes a sixth of the time of the reading, finds that out. Every other file is read as text and cast exactly
(tasks.load.stage).
"""

from pathlib import Path

import duckdb
import numpy as np

from tasks.contract.dataset import CODES, TypedReading

#: Small enough for a processor's cache: larger chunks take twice the time.
_CHUNK = 1 << 16
#: How many samples of a file are looked at for codes, and how long each is.
_SAMPLES, _SAMPLE = 16, 1 << 18
_POINT, _ZERO = ord("."), ord("0")


def is_plain(path: Path, plain: TypedReading) -> bool:
    """Whether a file, below its first line, has only digits, points and marks, and no more decimals than are kept."""
    allowed = b"0123456789." + plain.marks
    with path.open("rb", buffering=0) as file:
        kept = b""
        file.seek(len(file.read(_CHUNK).split(b"\n", 1)[0]))
        while chunk := file.read(_CHUNK):
            if chunk.translate(None, allowed) or _has_surplus(kept + chunk, plain.decimals):
                return False
            kept = chunk[-plain.decimals - 1 :]
    return True


def _has_surplus(text: bytes, decimals: int) -> bool:
    """Whether a point is followed by more digits than ``decimals``."""
    if len(text) < decimals + 2:
        return False
    characters = np.frombuffer(text, np.uint8)
    is_digit = characters - _ZERO < 10  # unsigned: what comes before "0" is large
    surplus = characters[: -decimals - 1] == _POINT
    for place in range(decimals + 1, 0, -1):
        surplus &= is_digit[place : place + len(surplus)]
    return bool(surplus.any())


def define_codes(con: duckdb.DuckDBPyConnection, path: Path, plain: TypedReading) -> None:
    """Make the type ``CODES`` of the codes that are known and those seen in samples of the file, in their order.

    A file with a code beside these is not read the fast way.
    """
    seen = sorted(_sampled(path, plain.code))
    con.execute("CREATE OR REPLACE TEMP TABLE seen_code AS SELECT unnest(?::VARCHAR[]) AS code", [seen])
    con.execute(f"DROP TYPE IF EXISTS temp.{CODES}")
    con.execute(
        f"CREATE TEMP TYPE {CODES} AS ENUM (SELECT code FROM (FROM seen_code UNION {plain.known}) ORDER BY code)"
    )


def _sampled(path: Path, position: int) -> set[str]:
    """The codes in evenly spread samples of a file."""
    size, codes = path.stat().st_size, set()
    with path.open("rb") as file:
        for at in range(0, size, max(size // _SAMPLES, 1)):
            file.seek(at)
            for line in file.read(_SAMPLE).split(b"\n")[1:-1]:
                fields = line.split(b",")
                if len(fields) > position:
                    codes.add(fields[position])
    return {code.decode("ascii", errors="replace") for code in codes}
