"""Adopting files somebody downloaded by hand: each is recognised by its content, archived, and loaded by the next build."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tasks import archive, sources
from tasks.sources.base import Sniffed, Source
from warehouse.errors import EntrepotError, Unknown
from warehouse.settings import Home

#: How much of a file is looked at to recognise it.
HEAD = 64 * 1024


@dataclass(frozen=True)
class Adopted:
    """What became of one file. ``source`` is None where it was not recognised; ``told`` says as what, or why not."""

    path: Path
    source: str | None
    told: str
    is_new: bool = False


def adopt(home: Home, paths: list[Path], source_id: str | None = None) -> Iterator[Adopted]:
    """Archive every file that a source recognises; folders are walked. Raises Unknown for a path or source that is not there."""
    known = [sources.get(source_id)] if source_id else list(sources.all_sources().values())
    for path in _files(paths):
        yield _adopt_file(home, path, known)


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if not path.exists():
            raise Unknown(f"{path} does not exist")
        yield from sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]


def _adopt_file(home: Home, path: Path, known: list[Source]) -> Adopted:
    try:
        with path.open("rb") as file:
            sniffed = Sniffed(path.name, file.read(HEAD), path.stat().st_size)
    except OSError as fault:
        return Adopted(path, None, f"cannot be read: {fault.strerror or fault}")
    found = []
    for source in known:
        try:
            if what := source.recognises(sniffed):
                found.append((source, what))
        except EntrepotError as fault:
            return Adopted(path, None, str(fault))
    if len(found) != 1:
        claims = ", ".join(s.id for s, _ in found)
        return Adopted(
            path, None, f"claimed by {claims}: say which with --source" if found else "no source knows its content"
        )
    source, what = found[0]
    with path.open("rb") as content:
        _, is_new = archive.store(
            home, source.id, content, filename=path.name, media_type="text/csv", origin_kind="adopt",
            request=f"adopted:{path.name}", publisher_stamp=source.stamp(sniffed), licence=source.licence,
        )  # fmt: skip
    return Adopted(path, source.id, what, is_new)
