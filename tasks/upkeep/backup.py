"""A copy of a home folder in another folder, made and brought up to date beside running pulls and readers, and a home folder made of it.

Copied are the archive, the warehouse file, the kept releases, what pulls remember, and what a user added (vocabulary, claims, checks, report pages).
Left out is what is made again: scratch, the report site, Prefect's own files. Archived files and releases never change, so a later backup copies
only what is new of them.

``backup.json`` has the size and sha256 of each file. It is written last: a backup that was interrupted has none, or the one of before.
"""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from tasks.archive import store
from warehouse import file_version
from warehouse.connection import make_folders
from warehouse.errors import ArchiveDamaged, HomeError
from warehouse.settings import Home
from warehouse.writer_lock import only_writer

#: What a backup is known by.
INDEX = "backup.json"
#: Folders whose files never change once they are there, and files and folders that a user may change.
_UNCHANGING = ("archive/manifests", "archive/objects", "published/releases")
_CHANGING = ("warehouse.duckdb", "vocabulary", "claims", "checks", "reports")
_PULLS = "pull.sqlite"


@dataclass(frozen=True)
class Copied:
    """What a backup or its restoring did: files and bytes copied, and files that were there already."""

    files: int = 0
    size_bytes: int = 0
    unchanged: int = 0

    def describe(self) -> str:
        """A sentence."""
        return f"{self.files:,} files copied ({self.size_bytes / 1024**2:,.1f} MB), {self.unchanged:,} were there"


def back_up(home: Home, target: Path, wait_seconds: float, on_progress: Callable[[str], None]) -> Copied:
    """Copy a home folder to ``target``, or bring an earlier backup there up to date. Raises HomeError, Busy.

    No build runs meanwhile; readers and pulls do.
    """
    target = target.absolute()
    if home.root == target or home.root in target.parents or target in home.root.parents:
        raise HomeError(
            f"{target} and the home folder {home.root} lie one in the other: choose another folder for the backup"
        )
    if not home.warehouse.exists():
        raise HomeError(f"{home.root} has no warehouse to back up: run `entrepot build`")
    if target.exists() and not (target / INDEX).exists() and any(target.iterdir()):
        raise HomeError(f"{target} is no backup and not empty: choose an empty folder, or that of an earlier backup")
    try:
        with only_writer(home, wait_seconds, on_progress):
            return _copy_all(home, target, on_progress)
    except OSError as fault:
        raise HomeError(
            f"{home.root} cannot be backed up to {target}: {fault.strerror or fault} ({fault.filename})"
        ) from fault


def _copy_all(home: Home, target: Path, on_progress: Callable[[str], None]) -> Copied:
    target.mkdir(parents=True, exist_ok=True)
    known = _entries(target) if (target / INDEX).exists() else {}
    # Manifests first: a pull beside this archives bytes before their manifest, so that every manifest listed now has its bytes.
    names = [*_names(home.root, _UNCHANGING), *_names(home.root, _CHANGING)]
    entries: dict[str, dict[str, object]] = {}
    files = size = unchanged = 0
    for name in names:
        source, copy = home.root / name, target / name
        is_unchanging = name.startswith(_UNCHANGING)
        if is_unchanging and name in known and copy.exists() and copy.stat().st_size == source.stat().st_size:
            entries[name], unchanged = known[name], unchanged + 1
            continue
        _copy(source, copy)
        entries[name] = {"size": copy.stat().st_size, "sha256": store.hash_of(copy)}
        files, size = files + 1, size + copy.stat().st_size
    if (home.root / _PULLS).exists():
        _copy_database(home.root / _PULLS, target / _PULLS)
        entries[_PULLS] = {"size": (target / _PULLS).stat().st_size, "sha256": store.hash_of(target / _PULLS)}
    on_progress("removing what the home folder no longer has")
    _remove_others(target, set(entries))
    _write_index(target, entries)
    return Copied(files, size, unchanged)


def restore(backup: Path, home: Home, on_progress: Callable[[str], None]) -> Copied:
    """Make a home folder of a backup. Raises HomeError for one that is not empty, ArchiveDamaged for a backup that is not whole."""
    if home.root.exists() and any(home.root.iterdir()):
        raise HomeError(
            f"{home.root} is not empty: choose a new --home, and remove the old folder when the new one is verified"
        )
    entries = _entries(backup)
    on_progress("checking the backup")
    for name, entry in entries.items():
        path = backup / name
        if not path.is_file() or store.hash_of(path) != entry["sha256"]:
            raise ArchiveDamaged(f"{path} is missing or has changed since the backup was made: take another backup")
    try:
        make_folders(home)
        for name in entries:
            _copy(backup / name, home.root / name)
        _point_to_newest(home)
    except OSError as fault:
        raise HomeError(f"{home.root} cannot be written: {fault.strerror or fault} ({fault.filename})") from fault
    return Copied(len(entries), sum(int(str(entry["size"])) for entry in entries.values()))


def _point_to_newest(home: Home) -> None:
    """Publish the newest release of the backup, by its file and its folder of Parquet files."""
    from tasks.publish import release

    kept = release.releases(home)
    if kept:
        release.swap_in(home, kept[-1])


def _names(root: Path, places: tuple[str, ...]) -> Iterator[str]:
    """Paths below the root of the files in some places; unfinished releases, whose names begin with a dot, are no files of it."""
    for place in places:
        path = root / place
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in found:
            name = file.relative_to(root).as_posix()
            if file.is_file() and not any(part.startswith(".") for part in PurePosixPath(name).parts):
                yield name


def _copy(source: Path, copy: Path) -> None:
    """Copy a file in one step, with its time, which is sealed in releases."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    beside = copy.with_name(f".{copy.name}.new")
    shutil.copy2(source, beside)
    beside.replace(copy)


def _copy_database(source: Path, copy: Path) -> None:
    """Copy the database of pulls, which may be in use, as it is at one moment."""
    copy.unlink(missing_ok=True)
    with closing(sqlite3.connect(source)) as con, closing(sqlite3.connect(copy)) as target:
        con.backup(target)


def _remove_others(target: Path, names: set[str]) -> None:
    for path in sorted(target.rglob("*"), reverse=True):
        name = path.relative_to(target).as_posix()
        if path.is_file() and name not in names and name != INDEX:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def _write_index(target: Path, entries: dict[str, dict[str, object]]) -> None:
    index = {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "file_version": file_version.CURRENT,
        "files": entries,
    }
    beside = target / f".{INDEX}.new"
    beside.write_text(json.dumps(index, indent=1), encoding="utf-8")
    beside.replace(target / INDEX)


def _entries(backup: Path) -> dict[str, dict[str, object]]:
    """The files of a backup by their names. Raises HomeError for a folder that is none, or one of a newer program."""
    try:
        index = json.loads((backup / INDEX).read_bytes())
        version, entries = int(index["file_version"]), dict(index["files"])
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise HomeError(f"{backup} is no backup: {backup / INDEX} cannot be read") from fault
    if version > file_version.CURRENT:
        raise HomeError(f"{backup} was made by a newer version of entrepot: upgrade entrepot")
    if any(PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts for name in entries):
        raise HomeError(f"{backup / INDEX} names files outside of the backup")
    return entries
