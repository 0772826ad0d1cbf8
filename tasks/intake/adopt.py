"""Adopting files downloaded by hand: each is recognised by its content and archived. The next build loads it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tasks import sources
from tasks.contract.source import Source
from tasks.intake import accept
from tasks.intake.accept import Examine, Origin
from warehouse import one_file
from warehouse.errors import EntrepotError, Unknown
from warehouse.settings import Home


@dataclass(frozen=True)
class AdoptionResult:
    """What happened to one file, or to one member (``archive.zip/member.csv``).

    ``source`` is the id of the source that recognises it, None if none does. ``message`` says what it is, or why it is
    not archived.
    """

    path: Path
    source: str | None
    message: str
    is_new: bool = False


def adopt(
    home: Home, paths: list[Path], source_id: str | None = None, examine: Examine | None = None
) -> Iterator[AdoptionResult]:
    """Archive each file that a source recognises, including files in folders and members of zip, gz and 7z files.

    ``source_id``: only this source is asked. ``examine``: as in accept. Raises Unknown for a path or a source that does not exist.
    """
    known = [sources.get(source_id)] if source_id else list(sources.all_sources().values())
    for path in _files(paths):
        yield from _adopt_file(home, path, known, examine)


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if not path.exists():
            raise Unknown(f"{path} does not exist")
        yield from sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]


def _adopt_file(home: Home, path: Path, known: list[Source], examine: Examine | None) -> Iterator[AdoptionResult]:
    origin = Origin("adopt", f"adopted:{path.name}", path.name)
    results = accept.accept(home, path, known, origin, home.scratch, examine)
    while True:
        try:
            with one_file.faults_of(path.name):
                result = next(results, None)
        except EntrepotError as fault:
            one_file.log(home, fault, str(path))
            yield AdoptionResult(path, None, str(fault))
            return
        if result is None:
            return
        source_id = result.artifact.source if result.artifact else None
        yield AdoptionResult(path / result.member if result.member else path, source_id, result.message, result.is_new)
