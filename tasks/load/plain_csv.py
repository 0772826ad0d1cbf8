"""Which records of a large CSV file are so plain that DuckDB can read them with types without an error.

DuckDB's typed reading of a CSV file is twice as fast as reading text and casting it exactly, but it rounds surplus
decimals and takes ``1e3``, ``0x10`` and ``1_0`` for numbers. A record that has nothing but digits, points and the
publisher's own marks, a value for every column, and never more decimals than its columns keep, leaves it nothing to get wrong. One pass over the
bytes, which takes a sixth of the time of the reading, finds those that are not so; they are read as text and cast exactly
(tasks.load.mixed_reading). A file of which most are not is read so as a whole (tasks.load.stage).
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np

from tasks.contract.dataset import CODES, TypedReading

#: Small enough for a processor's cache: larger chunks take twice the time.
_CHUNK = 1 << 16
#: A file with more unusual records than this is read as text as a whole, and so is one with a longer line.
MOST_UNUSUAL, _LONGEST_LINE = 1000, 1 << 20
#: How many samples of a file are looked at for codes, and how long each is.
_SAMPLES, _SAMPLE = 16, 1 << 18
_POINT, _ZERO, _COMMA, _END = ord("."), ord("0"), ord(","), ord("\n")


@dataclass(frozen=True)
class Line:
    """A record of a file, a line: its number among them, from 1; where it begins in the file, and its bytes without the line's end."""

    number: int
    start: int
    text: bytes


def unusual_lines(path: Path, plain: TypedReading) -> list[Line] | None:
    """The records below a file's header that are not plain.

    None where a line is empty, so that lines and records would not be numbered alike, or where there are more than MOST_UNUSUAL.
    """
    unusual: list[Line] = []
    for block, number, _, start, columns in _blocks(path):
        if len(block) > _CHUNK + _LONGEST_LINE:
            return None
        if not _is_plain(block, columns, plain):
            unusual += [line for line in _lines(block, number, start) if not _is_plain(line.text, columns, plain)]
            if len(unusual) > MOST_UNUSUAL or not all(line.text for line in unusual):
                return None
    return unusual


def lines_at(path: Path, numbers: Collection[int]) -> list[Line]:
    """The records of a file with these numbers, in their order."""
    wanted = sorted(numbers)
    found: list[Line] = []
    for block, first, beyond, start, _ in _blocks(path) if wanted else ():
        if len(found) == len(wanted):
            break
        if wanted[len(found)] < beyond:
            of_block = set(wanted[len(found) :])
            found += [line for line in _lines(block, first, start) if line.number in of_block]
    return found


def _blocks(path: Path) -> Iterator[tuple[bytes, int, int, int, int]]:
    """Whole lines of a file below its first one, some at a time: the number of the first, that of the one after the last, where they begin; and how
    many columns the header names.
    """
    with path.open("rb", buffering=0) as file:
        header = file.readline()
        columns, number, start, rest = header.count(b",") + 1, 1, len(header), b""
        while chunk := file.read(_CHUNK):
            block = rest + chunk
            end = block.rfind(b"\n") + 1
            block, rest = block[:end], block[end:]
            if block:
                beyond = number + int(np.count_nonzero(np.frombuffer(block, np.uint8) == _END))
                yield block, number, beyond, start, columns
                number, start = beyond, start + end
        if rest:
            yield rest, number, number + 1, start, columns


def _lines(block: bytes, number: int, start: int) -> Iterator[Line]:
    for text in block.removesuffix(b"\n").split(b"\n"):
        yield Line(number, start, text)
        number, start = number + 1, start + len(text) + 1


def _is_plain(block: bytes, columns: int, plain: TypedReading) -> bool:
    """Whether lines have only digits, points and marks, a value for every column, and no more decimals than are kept."""
    if block.translate(None, b"0123456789." + plain.marks):
        return False
    characters = np.frombuffer(block.removesuffix(b"\n"), np.uint8)
    is_end = characters == _END
    separates = (characters == _COMMA) | is_end
    if not len(separates) or separates[0] or separates[-1] or (separates[1:] & separates[:-1]).any():
        return False
    lines = int(np.count_nonzero(is_end)) + 1
    return int(np.count_nonzero(separates)) == lines * columns - 1 and not _has_surplus(characters, plain.decimals)


def _has_surplus(characters: "np.ndarray[tuple[int], np.dtype[np.uint8]]", decimals: int) -> bool:
    """Whether a point is followed by more digits than ``decimals``."""
    if len(characters) < decimals + 2:
        return False
    is_digit = characters - _ZERO < 10  # unsigned: what comes before "0" is large
    surplus = characters[: -decimals - 1] == _POINT
    for place in range(decimals + 1, 0, -1):
        surplus &= is_digit[place : place + len(surplus)]
    return bool(surplus.any())


def define_codes(
    con: duckdb.DuckDBPyConnection, path: Path, plain: TypedReading, further: Collection[str] = ()
) -> None:
    """Make the type ``CODES`` of the codes that are known, those seen in samples of the file, and further ones, in their order."""
    seen = sorted({*_sampled(path, plain.code), *further})
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
