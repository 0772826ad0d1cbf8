"""What is removed with time: long logs are cut, and what killed runs left is removed; nothing else."""

from pathlib import Path

import pytest

from tasks.upkeep import retention
from warehouse import locked_temp
from warehouse.settings import Home


def test_nothing_is_removed_from_a_tidy_home(home: Home) -> None:
    home.fault_log.write_text("one fault\n", "utf-8")
    assert retention.tidy(home) == []
    assert home.fault_log.read_text("utf-8") == "one fault\n"


def test_a_long_log_keeps_its_newest_lines(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "_LONGEST_LOG", 1000)
    monkeypatch.setattr(retention, "_KEPT_OF_LOG", 100)
    home.fault_log.write_text("".join(f"line {n}\n" for n in range(500)), "utf-8")
    (told,) = retention.tidy(home)
    assert "faults.log" in told
    lines = home.fault_log.read_text("utf-8").splitlines()
    assert lines[-1] == "line 499"
    assert all(line.startswith("line ") for line in lines)
    assert len(lines) < 100


def test_what_killed_runs_left_is_removed_and_what_is_in_use_stays(home: Home) -> None:
    home.incoming.mkdir(parents=True)
    left = home.incoming / "abandoned"
    left.write_bytes(b"half a file")
    unfinished = home.releases / ".20260101T000000Z"
    unfinished.mkdir(parents=True)
    with locked_temp.file(home.incoming) as in_use:
        told = retention.tidy(home)
        assert in_use.exists()
    assert not left.exists()
    assert not unfinished.exists()
    assert [Path(text.split()[1].rstrip(",")).name if "release" in text else text for text in told] == [
        ".20260101T000000Z", "removed 1 files that killed runs left",
    ]  # fmt: skip
