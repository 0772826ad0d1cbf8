"""The archive keeps what it was given, byte for byte, and notices when it no longer does."""

import hashlib
import io
import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.archive import store as archive
from tasks.archive.store import Artifact
from tasks.load.validate import Proof
from tasks.sources.curated import Curated
from tests.support.curated_folder import CuratedFolder
from tests.support.paths import ROOT
from warehouse.errors import ArchiveDamaged, HomeError
from warehouse.settings import Home, Settings

BYTES = b"country,gdp\nNA,12\n"
DIGEST = hashlib.sha256(BYTES).hexdigest()


def store(home: Home, content: bytes | BinaryIO = BYTES, **changes: Any) -> tuple[Artifact, bool]:
    """Archive bytes with a manifest in which only ``changes`` differ."""
    said = {
        "filename": "gdp.csv", "media_type": "text/csv", "origin_kind": "pull", "request": "GET https://example.org/gdp",
        **changes,
    }  # fmt: skip
    source = said.pop("source", "worldbank.wdi")
    return archive.store(home, source, io.BytesIO(content) if isinstance(content, bytes) else content, **said)


def files(home: Home) -> list[str]:
    """All files of the archive, relative to it."""
    return sorted(p.relative_to(home.archive).as_posix() for p in home.archive.rglob("*") if p.is_file())


def overwrite(path: Path, content: bytes) -> None:
    """Change an archived file, as a failing disk would: its mode does not protect it."""
    path.chmod(0o644)
    path.write_bytes(content)


def test_bytes_and_manifest_lie_under_their_hash(home: Home) -> None:
    artifact, is_new = store(home)
    assert is_new
    assert artifact.artifact == DIGEST
    assert files(home) == [f"manifests/worldbank.wdi/{DIGEST}.json", f"objects/{DIGEST[:2]}/{DIGEST}"]
    assert archive.verified_path(home, artifact).read_bytes() == BYTES


def test_the_manifest_says_where_the_bytes_came_from(home: Home) -> None:
    before = datetime.now(UTC)
    store(home, filename="国内.csv", publisher_stamp='ETag "33a6"', licence="CC BY 4.0")
    said = json.loads((home.archive / f"manifests/worldbank.wdi/{DIGEST}.json").read_text(encoding="utf-8"))
    received_at = datetime.fromisoformat(said.pop("received_at"))
    assert received_at.utcoffset() == timedelta(0)
    assert before <= received_at <= datetime.now(UTC)
    assert said == {
        "artifact": DIGEST, "source": "worldbank.wdi", "filename": "国内.csv", "media_type": "text/csv",
        "size_bytes": len(BYTES), "origin_kind": "pull", "request": "GET https://example.org/gdp",
        "publisher_stamp": 'ETag "33a6"', "licence": "CC BY 4.0", "layout": None, "container": None, "member": None,
        "encoding": None,
    }  # fmt: skip


def test_the_same_bytes_are_kept_once_with_their_first_manifest(home: Home) -> None:
    first, _ = store(home)
    again, is_new = store(home, filename="other.csv", request="GET https://example.org/other")
    assert not is_new
    assert again == first
    assert len(files(home)) == 2


def test_the_same_bytes_of_two_sources_are_kept_once_with_two_manifests(home: Home) -> None:
    store(home)
    _, is_new = store(home, source="jpn.jetro")
    assert is_new
    assert [p.name for p in archive.objects(home)] == [DIGEST]
    assert {a.source for a in archive.manifests(home)} == {"worldbank.wdi", "jpn.jetro"}
    assert [a.source for a in archive.manifests(home, "jpn.jetro")] == ["jpn.jetro"]


def test_manifests_come_oldest_first(home: Home) -> None:
    stored = [store(home, str(n).encode())[0] for n in range(5)]
    assert archive.manifests(home) == stored


def test_archived_bytes_are_read_only(home: Home) -> None:
    artifact, _ = store(home)
    assert stat.S_IMODE(archive.object_path(home, artifact.artifact).stat().st_mode) == 0o444


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.one_of(st.binary(max_size=300), st.binary(min_size=1, max_size=50).map(lambda b: b * 50_000)))
def test_any_bytes_come_back(home: Home, content: bytes) -> None:
    artifact, _ = store(home, content)
    assert archive.verified_path(home, artifact).read_bytes() == content
    assert (artifact.artifact, artifact.size_bytes) == (hashlib.sha256(content).hexdigest(), len(content))


class Breaks(io.BytesIO):
    """A connection that breaks after the first piece."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell():
            raise ConnectionResetError("the publisher hung up")
        return super().read(4 if size is None or size < 0 else min(4, size))


def fails(*_: Any) -> None:
    """Stands for a crash at this point."""
    raise KeyboardInterrupt


def test_a_connection_that_breaks_leaves_nothing(home: Home) -> None:
    with pytest.raises((ConnectionResetError, HomeError)):
        store(home, Breaks(BYTES))
    assert files(home) == []


@pytest.mark.parametrize("step", ["_flush", "_rename"])
def test_a_fault_before_the_rename_leaves_no_half_object(
    home: Home, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(archive, step, fails)
        with pytest.raises(KeyboardInterrupt):
            store(home)
    assert files(home) == []
    assert store(home)[1]


def test_a_fault_between_object_and_manifest_is_mended_by_storing_again(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(archive, "_write_whole", fails)
        with pytest.raises(KeyboardInterrupt):
            store(home)
    assert archive.manifests(home) == []
    artifact, is_new = store(home)
    assert is_new
    assert archive.manifests(home) == [artifact]


def test_a_killed_process_leaves_only_temporary_files_that_are_ignored(home: Home) -> None:
    # The kernel takes the process away after the bytes were written and before they were renamed.
    script = (
        "import io, os, sys; from pathlib import Path; from tasks.archive import store as archive; from warehouse.settings import Home\n"
        "archive._rename = lambda *_: os.kill(os.getpid(), 9)\n"
        "archive.store(Home(Path(sys.argv[1])), 'worldbank.wdi', io.BytesIO(b'x' * 3_000_000), filename='x', "
        "media_type='text/csv', origin_kind='pull', request='GET x')"
    )
    run = subprocess.run([sys.executable, "-c", script, str(home.root)], cwd=ROOT, check=False)
    assert run.returncode == -9
    assert {Path(f).parent.as_posix() for f in files(home)} == {"incoming"}
    assert archive.manifests(home) == []
    assert list(archive.objects(home)) == []
    artifact, is_new = store(home, b"x" * 3_000_000)
    assert is_new
    assert archive.verified_path(home, artifact)


def test_a_half_written_manifest_under_its_temporary_name_is_ignored(home: Home) -> None:
    artifact, _ = store(home)
    (home.archive / f"manifests/worldbank.wdi/{'0' * 64}.4711.tmp").write_bytes(b'{"artifact": ')
    assert archive.manifests(home) == [artifact]


def change_a_byte(path: Path) -> None:
    overwrite(path, BYTES.replace(b"12", b"13"))


def cut_short(path: Path) -> None:
    overwrite(path, BYTES[:-1])


def empty(path: Path) -> None:
    overwrite(path, b"")


@pytest.mark.parametrize("harm", [change_a_byte, cut_short, empty])
def test_changed_bytes_are_noticed(home: Home, harm: Callable[[Path], None]) -> None:
    artifact, _ = store(home)
    path = archive.object_path(home, DIGEST)
    assert archive.damage(path, DIGEST) is None
    harm(path)
    assert "has changed" in (archive.damage(path, DIGEST) or "")
    with pytest.raises(ArchiveDamaged, match=r"worldbank.wdi, gdp.csv: .* has changed: .*restore it from a backup"):
        archive.verified_path(home, artifact)


def test_missing_bytes_are_noticed(home: Home) -> None:
    artifact, _ = store(home)
    archive.object_path(home, DIGEST).unlink()
    with pytest.raises(ArchiveDamaged, match=r"gdp.csv: .* is missing; restore it from a backup or fetch it again"):
        archive.verified_path(home, artifact)


def test_bytes_that_cannot_be_read_are_noticed(home: Home) -> None:
    artifact, _ = store(home)
    path = archive.object_path(home, DIGEST)
    path.unlink()
    path.mkdir()
    with pytest.raises(ArchiveDamaged, match="cannot be read: Is a directory"):
        archive.verified_path(home, artifact)


def test_damaged_bytes_are_not_loaded(
    home: Home,
    warehouse: duckdb.DuckDBPyConnection,
    settings: Settings,
    curated_folder: CuratedFolder,
    load_curated: Callable[..., Any],
) -> None:
    """Whoever reads an artifact goes through its hash: damage stops that file and nothing else."""
    curated_folder.write("indicator/a.csv", [curated_folder.row("indicator")])
    curated_folder.write("indicator/b.csv", [curated_folder.row("indicator", place="CN-JL")])
    load_curated()
    artifact = next(a for a in archive.manifests(home) if a.filename == "indicator/a.csv")
    change_a_byte(archive.object_path(home, artifact.artifact))
    from tasks.load import conform

    with pytest.raises(ArchiveDamaged):
        conform.conform_file(warehouse, home, Curated(curated_folder.root), artifact, 0.5, Proof(warehouse))


@pytest.mark.parametrize("harm", [change_a_byte, cut_short, Path.unlink])
def test_damage_is_healed_when_the_same_bytes_come_again(home: Home, harm: Callable[[Path], None]) -> None:
    artifact, _ = store(home)
    path = archive.object_path(home, DIGEST)
    harm(path)
    again, is_new = store(home)
    assert (again, is_new) == (artifact, False)
    assert archive.verified_path(home, artifact).read_bytes() == BYTES
    assert stat.S_IMODE(path.stat().st_mode) == 0o444


@pytest.mark.parametrize("content", ["", '{"artifact": "ab', "[]", "null", '{"artifact": "ab"}', '{"unheard_of": 1}'])
def test_a_manifest_that_cannot_be_read_is_named(home: Home, content: str) -> None:
    store(home)
    path = home.archive / f"manifests/worldbank.wdi/{DIGEST}.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ArchiveDamaged, match=f"{DIGEST}.json cannot be read"):
        archive.manifests(home)
    with pytest.raises(ArchiveDamaged, match=f"{DIGEST}.json cannot be read"):
        store(home)


@pytest.mark.parametrize("blocked", ["archive", "archive/incoming", "archive/objects", "archive/manifests"])
def test_an_archive_that_cannot_be_written_to_is_the_homes_fault(tmp_path: Path, blocked: str) -> None:
    # A file where a folder should be: tests may run as root, whom no mode keeps out.
    home = Home(tmp_path)
    (tmp_path / blocked).parent.mkdir(exist_ok=True)
    (tmp_path / blocked).write_bytes(b"in the way")
    with pytest.raises(HomeError, match=r"archive in .*archive cannot be written to: "):
        store(home)


def test_a_full_disk_is_the_homes_fault(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(HomeError, match="No space left on device"):
        store(home)
    assert files(home) == []
