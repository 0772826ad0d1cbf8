"""Files: into the cache before they are measured, copied where they must not be shared, counted on disk."""

import os
import shutil
from pathlib import Path

_CHUNK = 1 << 24


def warm(path: str | Path) -> None:
    """Read a file, so that every run finds it in the cache of the operating system."""
    with Path(path).open("rb") as file:
        while file.read(_CHUNK):
            pass


def fresh(path: Path) -> Path:
    """A path with nothing there."""
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def clone_home(home: Path, target: Path) -> Path:
    """Copy a home folder. What is only ever replaced whole is linked: archived bytes, releases."""
    return Path(shutil.copytree(home, fresh(target), copy_function=_copy, ignore=_unwanted, symlinks=True))


def _copy(source: str, target: str) -> None:
    if Path(source).name == "warehouse.duckdb":
        shutil.copyfile(source, target)
    else:
        os.link(source, target)


def _unwanted(folder: str, names: list[str]) -> set[str]:
    """Prefect's own files, the spill, and what a database keeps beside it."""
    return {name for name in names if name in ("prefect", "scratch", "writer.lock")}
