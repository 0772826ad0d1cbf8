"""Were the bad rows found, each with its line, a rule and its raw text, and the good ones loaded?"""

import json
from dataclasses import dataclass
from pathlib import Path

import duckdb

from tests.bench.data import BadRow
from tests.bench.ours import SOURCE
from warehouse.settings import Home


@dataclass(frozen=True)
class QuarantinedRow:
    """A row as it stands in meta.quarantine."""

    number: int
    rules: str
    raw: str


@dataclass(frozen=True)
class Comparison:
    """What became of the bad rows. ``wrong`` says of each that was not found, or not rightly, what is wrong."""

    expected: int
    matched: int
    wrong: list[str]
    extra: int


def quarantined_rows(home: Path) -> list[QuarantinedRow]:
    """What the writer's warehouse has in quarantine of BACI."""
    with duckdb.connect(str(Home(home).warehouse), read_only=True) as con:
        rows = con.execute(
            "SELECT row_number, rules, raw FROM meta.quarantine WHERE source = ? ORDER BY row_number", [SOURCE]
        ).fetchall()
    return [QuarantinedRow(*row) for row in rows]


def compare(expected: list[BadRow], quarantined: list[QuarantinedRow]) -> Comparison:
    """The bad rows of a file against the quarantine."""
    by_number = {h.number: h for h in quarantined}
    wrong = [fault for bad in expected if (fault := _fault(bad, by_number.get(bad.number)))]
    extra = len(by_number.keys() - {bad.number for bad in expected})
    return Comparison(len(expected), len(expected) - len(wrong), wrong, extra)


def _fault(bad: BadRow, quarantined: QuarantinedRow | None) -> str | None:
    if quarantined is None:
        return f"row {bad.number} ({bad.line}) is not in quarantine"
    if not quarantined.rules.strip():
        return f"row {bad.number} ({bad.line}) has no rule"
    if _fields(quarantined.raw) != _fields(bad.line):
        return f"row {bad.number} ({bad.line}) is kept as {quarantined.raw}"
    return None


def _fields(raw: str) -> list[str]:
    """The fields of a record kept as its line, or as a JSON object of its columns or line; missing and empty are the same."""
    try:
        kept = json.loads(raw)
    except ValueError:
        kept = None
    text = ",".join("" if v is None else str(v) for v in kept.values()) if isinstance(kept, dict) else raw
    fields = [field.strip() for field in text.rstrip("\r\n").split(",")]
    while fields and not fields[-1]:
        fields.pop()
    return fields
