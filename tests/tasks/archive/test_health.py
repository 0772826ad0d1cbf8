"""Archived files that are missing or have changed are seen without reading all of them, and the message says what to do."""

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.report import BuildReport
from tasks.archive import health, store
from tasks.archive.store import Artifact
from warehouse.settings import Home


@pytest.fixture
def archived(home: Home) -> tuple[Artifact, Path]:
    artifact, _ = store.store(
        home, "test.small", io.BytesIO(b"series,period,value\na,2016,1\n"), filename="a.csv", media_type="text/csv", origin_kind="adopt",
        request="adopted:a.csv",
    )  # fmt: skip
    return artifact, store.object_path(home, artifact.artifact)


def _written_to(path: Path, data: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(data)
    os.utime(path, (path.stat().st_mtime + 3600,) * 2)


def test_a_whole_archive_has_no_damage_and_is_not_read(
    home: Home, archived: tuple[Artifact, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "hash_of", lambda _: pytest.fail("it was read"))
    assert health.damaged(home, [archived[0]]) == []


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (Path.unlink, "is missing"),
        (lambda path: _written_to(path, path.read_bytes()[:-9]), "has changed"),
        (lambda path: _written_to(path, path.read_bytes().replace(b"1\n", b"7\n")), "has changed"),
    ],
)
def test_a_file_that_is_missing_cut_or_written_to_is_told_with_the_way_out(
    home: Home, archived: tuple[Artifact, Path], damage: Callable[[Path], None], words: str
) -> None:
    artifact, path = archived
    damage(path)
    (message,) = health.damaged(home, [artifact, artifact])
    assert words in message
    assert "test.small, a.csv" in message
    assert "adopting the same file puts it back" in message
    assert BuildReport(damaged=[message]).wrong == [message]
    assert message in BuildReport(damaged=[message]).sentences()


def test_the_same_bytes_written_again_are_no_damage_and_put_a_damaged_file_back(
    home: Home, archived: tuple[Artifact, Path]
) -> None:
    artifact, path = archived
    whole = path.read_bytes()
    _written_to(path, whole)
    assert health.damaged(home, [artifact]) == []
    _written_to(path, whole[:-1])
    store.store_bytes(home, io.BytesIO(whole))
    assert health.damaged(home, [artifact]) == []
