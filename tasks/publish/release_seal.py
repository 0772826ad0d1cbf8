"""The seal of a release: what its files are, so that a change is noticed, and what two releases have in common."""

import json
from pathlib import Path
from typing import Any

from tasks.archive import store
from warehouse.settings import Home

#: What the files of a release are, to notice a change.
_SEAL = "seal.json"


def of(folder: Path) -> dict[str, dict[str, Any]]:
    """Size, time of the last change and sha256 of each file of a release by its name; nothing where that is missing or damaged."""
    try:
        seal = json.loads((folder / _SEAL).read_bytes())
    except (OSError, ValueError):
        return {}
    return seal if isinstance(seal, dict) else {}


def write(folder: Path, older: Path | None = None) -> None:
    """Write down what a release's files are. The hash of one that is linked from the folder of an older release stands in that one's seal."""
    known = of(older) if older else {}
    sealed = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name, stat = path.relative_to(folder).as_posix(), path.stat()
        is_linked = older is not None and name in known and (older / name).exists() and path.samefile(older / name)
        digest = known[name]["sha256"] if is_linked else store.hash_of(path)
        sealed[name] = {"size": stat.st_size, "mtime_ns": stat.st_mtime_ns, "sha256": digest}
    (folder / _SEAL).write_text(json.dumps(sealed, indent=1), encoding="utf-8")


def changed_files(home: Home, release: str, thorough: bool = False) -> list[str]:
    """What is wrong with a release's files: missing or changed since they were written.

    By size and time of the last change; ``thorough``: by their hashes. The published file is the first of them.
    """
    folder = home.releases / release
    seal = of(folder)
    if not seal:
        return [f"{folder / _SEAL} is missing or damaged"]
    paths = [folder / name for name in seal]
    if "entrepot.duckdb" in seal:
        paths.insert(0, home.published_file)
    return [f"{p} {fault}" for p in paths if (fault := _change(p, seal[_sealed_name(folder, p)], thorough))]


def same_files(older: Path, newer: Path, prefix: str) -> bool:
    """Whether two releases' folders have the same bytes under the names that begin with a prefix, as far as they say what their files are."""
    hashes = [
        {name: sealed["sha256"] for name, sealed in of(folder).items() if name.startswith(prefix)}
        for folder in (older, newer)
    ]
    return bool(hashes[0]) and hashes[0] == hashes[1]


def is_undamaged(folder: Path, name: str) -> bool:
    """Whether a file of a release still has the bytes that were sealed. Reads all of it."""
    sealed = of(folder).get(name)
    return sealed is not None and store.damage(folder / name, sealed["sha256"]) is None


def _sealed_name(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else "entrepot.duckdb"


def _change(path: Path, sealed: dict[str, Any], thorough: bool) -> str | None:
    if not path.exists():
        return "is missing"
    stat = path.stat()
    same = stat.st_size == sealed["size"] and stat.st_mtime_ns == sealed["mtime_ns"]
    if thorough:
        return store.damage(path, sealed["sha256"])
    return None if same else "has changed"
