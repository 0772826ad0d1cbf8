"""Rejected answers that are kept: some of each source, and no more than a bound of all."""

import os
from pathlib import Path

import pytest

from tasks.fetch import rejected
from tasks.fetch.redact import Redactor
from warehouse.errors import BadData
from warehouse.settings import Home


def keep(home: Home, source: str, content: bytes, age: int) -> Path:
    answer = home.root / "answer"
    answer.write_bytes(content)
    path = rejected.keep(home, source, answer, BadData, Redactor(None))
    assert path is not None
    os.utime(path, (1_000_000 - age, 1_000_000 - age))
    return path


def test_a_source_that_fails_often_keeps_the_answers_of_others(home: Home) -> None:
    home.pull.mkdir(exist_ok=True)
    other = keep(home, "fred.fx", b"of another source", 99)
    for n in range(30):
        keep(home, "fred.fxs", str(n).encode(), 30 - n)
    assert other.exists()
    assert len(list(other.parent.glob("fred.fxs-*"))) == 20


def test_the_oldest_go_where_all_have_too_many_bytes(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.pull.mkdir(exist_ok=True)
    monkeypatch.setattr(rejected, "_MOST_BYTES_OF_ALL", 100)
    kept = [keep(home, f"source.{n}", f"{n}".encode() * 40, 9 - n) for n in range(4)]
    assert [path.exists() for path in kept] == [False, False, True, True]
