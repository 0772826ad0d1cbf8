"""A copy of a home folder in another folder, made and brought up to date beside running pulls and readers, and a home folder made of it.

Copied are the archive, the warehouse file, the kept releases, what pulls and alerts remember, and what a user added (vocabulary, claims, checks, report pages).
Left out is what is made again: scratch, the report site, Prefect's own files.

Archived files and releases never change, so a later backup copies only what is new of them, and keeps archived files that the home folder has lost. What
may change is copied into a new folder of ``generations``. ``backup.json`` names the files with size and sha256; it is replaced in one step when all
is copied, and what only the former one named is removed after that: a backup that is interrupted leaves the former one whole.
"""

import json
import shutil
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from tasks.archive import store
from warehouse import connection, file_version
from warehouse.connection import make_folders
from warehouse.errors import ArchiveDamaged, HomeError
from warehouse.settings import Home, Settings
from warehouse.writer_lock import only_writer

#: What a backup is known by.
INDEX = "backup.json"
#: Folders whose files never change once they are there, and files and folders that a user may change.
_UNCHANGING = ("archive/manifests", "archive/objects", "published/releases")
#: Folders in which a user keeps files, of which nothing is left out without a word.
_OF_USERS = ("vocabulary", "claims", "checks", "reports")
_CHANGING = ("warehouse.duckdb", "home.id", "alerts.json", *_OF_USERS)
_PULLS = "pull.sqlite"
#: What a home folder is known by in its backups.
_ID = "home.id"


@dataclass(frozen=True)
class Entry:
    """A file of a backup: its path in it, size in bytes, and hash."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Index:
    """The home folder that a backup is of, and its files by their names there."""

    home: str
    files: dict[str, Entry]


@dataclass(frozen=True)
class Copied:
    """What a backup or its restoring did: files and bytes copied, files that were there already, and what a user should know of others."""

    files: int = 0
    size_bytes: int = 0
    unchanged: int = 0
    notes: tuple[str, ...] = ()

    def describe(self) -> str:
        """A sentence."""
        return f"{self.files:,} files copied ({self.size_bytes / 1024**2:,.1f} MB), {self.unchanged:,} were there"


def back_up(settings: Settings, target: Path, on_progress: Callable[[str], None]) -> Copied:
    """Copy a home folder to ``target``, or bring an earlier backup of it there up to date. No build runs meanwhile; readers and pulls do.

    Raises HomeError, Busy, and ArchiveDamaged for an archived file whose bytes have changed.
    """
    home, target = Home(settings.home_folder.root.resolve()), target.resolve()
    if home.root == target or home.root in target.parents or target in home.root.parents:
        raise HomeError(
            f"{target} and the home folder {home.root} lie one in the other: choose another folder for the backup"
        )
    if not home.warehouse.exists():
        raise HomeError(f"{home.root} has no warehouse to back up: run `entrepot build`")
    if target.exists() and not (target / INDEX).exists() and any(target.iterdir()):
        raise HomeError(f"{target} is no backup and not empty: choose an empty folder, or that of an earlier backup")
    try:
        with only_writer(home, settings.wait_seconds, on_progress):
            with connection.writer(home, settings) as con:
                con.execute("CHECKPOINT")  # what a killed build committed may be in a file beside
            return _copy_all(home, target)
    except OSError as fault:
        raise HomeError(
            f"{home.root} cannot be backed up to {target}: {fault.strerror or fault} ({fault.filename})"
        ) from fault


def _copy_all(home: Home, target: Path) -> Copied:
    known = _index(target) if (target / INDEX).exists() else _begin(target, _id_of(home))
    if known.home != _id_of(home):
        raise HomeError(f"{target} is the backup of another home folder than {home.root}: choose another folder")
    generation = f"generations/{datetime.now(UTC).strftime('%Y%m%dT%H%M%S%fZ')}"
    entries: dict[str, Entry] = {}
    copied = Copied()
    # Manifests first: a pull beside this archives bytes before their manifest, so that every manifest listed now has its bytes.
    for name in [*_names(home.root, _UNCHANGING), *_names(home.root, _CHANGING)]:
        is_unchanging = name.startswith(_UNCHANGING)
        if is_unchanging and name in known.files and (target / known.files[name].path).exists():
            entries[name], copied = known.files[name], replace(copied, unchanged=copied.unchanged + 1)
            continue
        entries[name] = _copied(home.root / name, target, name if is_unchanging else f"{generation}/{name}")
        _check_archived(home, name, entries[name])
        copied = replace(copied, files=copied.files + 1, size_bytes=copied.size_bytes + entries[name].size)
    if (home.root / _PULLS).exists():
        _copy_database(home.root / _PULLS, target / generation / _PULLS)
        entries[_PULLS] = _entry(target, f"{generation}/{_PULLS}")
    lost = {name: entry for name, entry in known.files.items() if name.startswith("archive/") and name not in entries}
    _write_index(target, Index(known.home, entries | lost))
    _remove(target, {e.path for e in known.files.values()} - {e.path for e in (entries | lost).values()})
    _remove_generations(target / generation)
    return replace(copied, notes=(*_of_lost(home, [*lost]), *_of_left_out(home)))


def _check_archived(home: Home, name: str, entry: Entry) -> None:
    """Raise ArchiveDamaged for archived bytes that are not those of their name: a backup of them would pass for whole."""
    if name.startswith("archive/objects/") and PurePosixPath(name).name != entry.sha256:
        raise ArchiveDamaged(
            f"{home.root / name} has changed since it was archived; `entrepot verify` lists all such files"
        )


def restore(backup: Path, home: Home, on_progress: Callable[[str], None]) -> Copied:
    """Make a home folder of a backup; it is there when it is complete, or not at all.

    Raises HomeError for one that is not empty or lies in the backup, ArchiveDamaged for a backup that is not whole.
    """
    backup, root = backup.resolve(), home.root.resolve()
    if root == backup or backup in root.parents:
        raise HomeError(
            f"{root} lies in the backup {backup}, where a later backup would remove it: choose another --home"
        )
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise HomeError(
            f"{root} is not an empty folder: choose a new --home, and remove the old one when the new one is verified"
        )
    index = _index(backup)
    if not index.files:
        raise HomeError(f"the backup {backup} was never finished: run `entrepot backup` once more, or take another")
    on_progress("checking the backup")
    for entry in index.files.values():
        path = backup / entry.path
        if not path.is_file() or store.hash_of(path) != entry.sha256:
            raise ArchiveDamaged(
                f"{path} is missing or has changed since the backup was made, so no home folder is made of it"
            )
    unfinished = Home(root.parent / f".{root.name}.restoring")
    shutil.rmtree(unfinished.root, ignore_errors=True)
    try:
        make_folders(unfinished)
        for name, entry in index.files.items():
            _copied(backup / entry.path, unfinished.root, name)
        _point_to_newest(unfinished)
        if root.exists():
            root.rmdir()
        unfinished.root.rename(root)
    except OSError as fault:
        raise HomeError(f"{root} cannot be written: {fault.strerror or fault}") from fault
    finally:
        shutil.rmtree(unfinished.root, ignore_errors=True)
    return Copied(len(index.files), sum(entry.size for entry in index.files.values()))


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


def _of_lost(home: Home, lost: list[str]) -> list[str]:
    if not lost:
        return []
    return [f"{len(lost)} archived files are no longer in {home.root}, such as {lost[0]}; the backup keeps them"]


def _of_left_out(home: Home) -> list[str]:
    """What a user keeps in the home folder and a backup does not copy."""
    paths = [path for name in _OF_USERS for path in sorted((home.root / name).glob("**/*"))]
    return [
        f"{path} is not in the backup: hidden files, links to folders, and links to nothing are not copied"
        for path in paths
        if (path.is_file() and any(part.startswith(".") for part in path.relative_to(home.root).parts))
        or (path.is_symlink() and not path.is_file())
    ]


def _copied(source: Path, target: Path, path: str) -> Entry:
    """Copy a file in one step, with its time, which is sealed in releases; return what a backup says of it."""
    copy = target / path
    copy.parent.mkdir(parents=True, exist_ok=True)
    beside = copy.with_name(f".{copy.name}.new")
    shutil.copy2(source, beside)
    beside.replace(copy)
    return _entry(target, path)


def _entry(target: Path, path: str) -> Entry:
    return Entry(path, (target / path).stat().st_size, store.hash_of(target / path))


def _copy_database(source: Path, copy: Path) -> None:
    """Copy the database of pulls, which may be in use, as it is at one moment."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.unlink(missing_ok=True)
    with closing(sqlite3.connect(source)) as con, closing(sqlite3.connect(copy)) as target:
        con.backup(target)


def _remove(target: Path, paths: set[str]) -> None:
    """Remove files of the former backup, and folders that are empty then; nothing that a backup did not write."""
    for path in paths:
        (target / path).unlink(missing_ok=True)
        for folder in (target / path).parents:
            if folder == target or any(folder.iterdir()):
                break
            folder.rmdir()


def _remove_generations(kept: Path) -> None:
    """Remove the generations of former backups, also of those that were interrupted."""
    for folder in kept.parent.iterdir():
        if folder != kept:
            shutil.rmtree(folder)


def _id_of(home: Home) -> str:
    """What a home folder is known by in its backups: made with the first, and restored with them."""
    path = home.root / _ID
    if not path.exists():
        path.write_text(uuid.uuid4().hex, encoding="ascii")
    return path.read_text(encoding="ascii").strip()


def _begin(target: Path, home: str) -> Index:
    """Mark a folder as a backup that has nothing yet, so that one that is interrupted can be gone on with."""
    target.mkdir(parents=True, exist_ok=True)
    index = Index(home, {})
    _write_index(target, index)
    return index


def _write_index(target: Path, index: Index) -> None:
    content = {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "file_version": file_version.CURRENT,
        "home": index.home,
        "files": {name: asdict(entry) for name, entry in index.files.items()},
    }
    beside = target / f".{INDEX}.new"
    beside.write_text(json.dumps(content, indent=1), encoding="utf-8")
    beside.replace(target / INDEX)


def _index(backup: Path) -> Index:
    """What a backup has: nothing where it was never finished. Raises HomeError for a folder that is none, and one of a newer program."""
    try:
        content = json.loads((backup / INDEX).read_bytes())
        version, home = int(content["file_version"]), str(content["home"])
        files = {str(name): Entry(**entry) for name, entry in content["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        raise HomeError(f"{backup} is no backup: {backup / INDEX} cannot be read") from fault
    if version > file_version.CURRENT:
        raise HomeError(f"{backup} was made by a newer version of entrepot: upgrade entrepot")
    parts = (PurePosixPath(text) for name, entry in files.items() for text in (name, entry.path))
    if any(path.is_absolute() or ".." in path.parts for path in parts):
        raise HomeError(f"{backup / INDEX} names files outside of the backup")
    return Index(home, files)
