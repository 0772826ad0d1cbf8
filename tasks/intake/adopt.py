"""Adopting files somebody downloaded by hand: each is recognised by its content, archived, and loaded by the next build."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tasks import sources
from tasks.contract.source import Source
from tasks.intake import accept
from tasks.intake.accept import Origin
from warehouse.errors import EntrepotError, Unknown
from warehouse.settings import Home


@dataclass(frozen=True)
class Adopted:
    """What became of one file or member (``archive.zip/member.csv``).

    ``source`` is None where it was not recognised; ``told`` says as what, or why not.
    """

    path: Path
    source: str | None
    told: str
    is_new: bool = False


def adopt(home: Home, paths: list[Path], source_id: str | None = None) -> Iterator[Adopted]:
    """Archive every file that a source recognises; folders are walked, archives looked into.

    Raises Unknown for a path or source that is not there.
    """
    known = [sources.get(source_id)] if source_id else list(sources.all_sources().values())
    for path in _files(paths):
        yield from _adopt_file(home, path, known)


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if not path.exists():
            raise Unknown(f"{path} does not exist")
        yield from sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]


def _adopt_file(home: Home, path: Path, known: list[Source]) -> Iterator[Adopted]:
    origin = Origin("adopt", f"adopted:{path.name}", path.name)
    try:
        for taken in accept.accept(home, path, known, origin, home.scratch):
            shown = path / taken.member if taken.member else path
            yield Adopted(shown, taken.artifact.source if taken.artifact else None, taken.told, taken.is_new)
    except EntrepotError as fault:
        yield Adopted(path, None, str(fault))
    except OSError as fault:
        yield Adopted(path, None, f"cannot be read: {fault.strerror or fault}")
