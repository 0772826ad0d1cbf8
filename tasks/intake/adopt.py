"""Adopting files downloaded by hand: each is recognised by its content and archived. The next build loads it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tasks import sources
from tasks.contract.source import Source
from tasks.intake import accept
from tasks.intake.accept import Examine, Origin
from warehouse import one_file, printable
from warehouse.errors import EntrepotError, HomeError, Unknown
from warehouse.settings import Home


@dataclass(frozen=True)
class AdoptionResult:
    """What happened to one file, or to one member (``archive.zip/member.csv``).

    ``source`` is the id of the source that recognises it, None if none does. ``message`` says what it is, or why it is
    not archived. ``is_unreadable``: the machine gives no bytes of it. ``artifact`` is its id in the archive.
    """

    path: Path
    source: str | None
    message: str
    is_new: bool = False
    is_unreadable: bool = False
    artifact: str | None = None

    @property
    def state(self) -> str:
        """adopted, known already, not adopted or cannot be read."""
        if self.source:
            return "adopted" if self.is_new else "known already"
        return "cannot be read" if self.is_unreadable else "not adopted"


def adopt(
    home: Home, paths: list[Path], source_id: str | None = None, examine: Examine | None = None
) -> Iterator[AdoptionResult]:
    """Archive each file that a source recognises, including files in folders and members of zip, gz and 7z files.

    ``source_id``: only this source is asked. ``examine``: as in accept. Raises Unknown for a path or a source that does not exist.
    """
    known = [sources.get(source_id)] if source_id else list(sources.all_sources().values())
    for path in paths:
        if not path.exists():
            raise Unknown(f"{path} does not exist")
        for found in _files(path, home.root.resolve()):
            yield from [found] if isinstance(found, AdoptionResult) else _adopt_file(home, found, known, examine)


def _files(path: Path, left_out: Path) -> Iterator[Path | AdoptionResult]:
    """A file, or the files below a folder in the order of their names; a result for what cannot be walked or opened.

    ``left_out``: the home folder, whose files were adopted before.
    """
    if not path.is_dir():
        yield path if path.is_file() else _no_file(path)
        return
    root = path.resolve()
    faults: list[OSError] = []
    for folder, folders, names in os.walk(path, onerror=faults.append):
        folders[:] = sorted(name for name in folders if (Path(folder) / name).resolve() != left_out)
        yield from (_unreadable(Path(fault.filename), fault.strerror or "") for fault in faults)
        faults.clear()
        for name in folders:
            if (Path(folder) / name).is_symlink():
                yield AdoptionResult(
                    Path(folder) / name, None, "a link to a folder, which is not followed: name the folder itself"
                )
        for name in sorted(names):
            found = Path(folder) / name
            if printable.has_controls(name):
                shown = Path(folder) / printable.in_one_line(name)
                yield AdoptionResult(shown, None, "a name with control characters: rename the file")
            elif found.is_symlink() and found.exists() and not found.resolve().is_relative_to(root):
                yield AdoptionResult(
                    found, None, "a link out of the folder, which is not followed: name the file itself"
                )
            elif found.is_file():
                yield found
            elif found.is_symlink() and not found.exists():
                yield _unreadable(found, "a link to a file that is not there")
            else:
                yield _no_file(found)
    yield from (_unreadable(Path(fault.filename), fault.strerror or "") for fault in faults)


def _no_file(path: Path) -> AdoptionResult:
    return AdoptionResult(path, None, "a pipe, socket or device, which is not read: only files are")


def _unreadable(path: Path, reason: str) -> AdoptionResult:
    return AdoptionResult(
        path, None, f"{'the folder' if path.is_dir() else 'the file'} cannot be read: {reason}", is_unreadable=True
    )


def _adopt_file(home: Home, path: Path, known: list[Source], examine: Examine | None) -> Iterator[AdoptionResult]:
    origin = Origin("adopt", f"adopted:{path.name}", path.name)
    results = accept.accept(home, path, known, origin, home.scratch, examine)
    while True:
        try:
            with one_file.faults_of(path.name):
                result = next(results, None)
        except EntrepotError as fault:
            one_file.log(home, fault, str(path))
            yield AdoptionResult(path, None, str(fault), is_unreadable=isinstance(fault, HomeError))
            return
        if result is None:
            return
        place, artifact = path / result.member if result.member else path, result.artifact
        yield AdoptionResult(
            place, artifact.source if artifact else None, result.message, result.is_new,
            artifact=artifact.artifact if artifact else None,
        )  # fmt: skip
