"""Adopting files somebody downloaded by hand: each is recognised by its content, archived, and loaded by the next build.

Archives are looked into: every member is recognised by itself, and the archive is kept as it came.
"""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tasks import archive, containers, sources
from tasks.archive import Artifact
from tasks.sniff import HEAD, Sniffed
from tasks.sources.base import Recognised, Source
from warehouse.errors import EntrepotError, Unknown
from warehouse.settings import Home

#: Media types of what is recognised by its first bytes.
_MEDIA = {
    "xls": "application/vnd.ms-excel", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json", "xml": "application/xml", "html": "text/html", "pdf": "application/pdf",
    "text": "text/csv", "parquet": "application/vnd.apache.parquet",
}  # fmt: skip


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


def recognise(sniffed: Sniffed, known: list[Source]) -> tuple[Source, Recognised]:
    """The one source a file is of, and what it was taken for.

    Raises LayoutChanged where it is almost one's, Unknown where it is no one's or several could have it.
    """
    found, faults = [], []
    for source in known:
        try:
            if what := source.recognises(sniffed):
                found.append((source, what))
        except EntrepotError as fault:
            faults.append(fault)
    if len(found) == 1:
        return found[0]
    if found:
        raise Unknown(f"claimed by {', '.join(s.id for s, _ in found)}: say which with --source")
    if faults:
        raise faults[0]
    raise Unknown("no source knows its content")


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if not path.exists():
            raise Unknown(f"{path} does not exist")
        yield from sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]


def _adopt_file(home: Home, path: Path, known: list[Source]) -> Iterator[Adopted]:
    try:
        with path.open("rb") as file:
            head, size = file.read(HEAD), path.stat().st_size
    except OSError as fault:
        yield Adopted(path, None, f"cannot be read: {fault.strerror or fault}")
        return
    try:
        if containers.kind_of(head):
            yield from _adopt_members(home, path, known)
        else:
            yield _adopt_whole(home, path, Sniffed(path.name, head, size, lambda: path), known)
    except EntrepotError as fault:
        yield Adopted(path, None, str(fault))


def _adopt_whole(home: Home, path: Path, sniffed: Sniffed, known: list[Source]) -> Adopted:
    source, what = recognise(sniffed, known)
    with path.open("rb") as content:
        _, is_new = archive.store(
            home, source.id, content, filename=path.name, media_type=_MEDIA.get(sniffed.kind, "application/octet-stream"),
            origin_kind="adopt", request=f"adopted:{path.name}", publisher_stamp=what.stamp, licence=source.licence,
            layout=what.layout,
        )  # fmt: skip
    return Adopted(path, source.id, what.told, is_new)


def _adopt_members(home: Home, path: Path, known: list[Source]) -> Iterator[Adopted]:
    """Recognise an archive's members one by one; keep the archive if any of them is."""
    container: str | None = None
    for member in containers.members(path, path.name):
        shown = path / member.name
        try:
            with ExitStack() as cleaning:
                sniffed = _sniff_member(home, path, member, cleaning)
                if containers.kind_of(sniffed.head):
                    yield Adopted(shown, None, "an archive within an archive is not looked into: unpack it first")
                    continue
                source, what = recognise(sniffed, known)
            if container is None:
                with path.open("rb") as content:
                    container, _ = archive.store_bytes(home, content)
            _, is_new = archive.keep_manifest(home, Artifact(
                artifact=archive.member_id(container, member.name), source=source.id, filename=Path(member.name).name,
                media_type=_MEDIA.get(sniffed.kind, "application/octet-stream"), size_bytes=sniffed.size,
                received_at=archive.now(), origin_kind="adopt", request=f"adopted:{path.name}/{member.name}",
                publisher_stamp=what.stamp, licence=source.licence, layout=what.layout,
                container=container, member=member.name,
            ))  # fmt: skip
            yield Adopted(shown, source.id, what.told, is_new)
        except EntrepotError as fault:
            yield Adopted(shown, None, str(fault))


def _sniff_member(home: Home, path: Path, member: containers.Member, cleaning: ExitStack) -> Sniffed:
    def fetch() -> Path:
        home.scratch.mkdir(parents=True, exist_ok=True)
        folder = cleaning.enter_context(tempfile.TemporaryDirectory(prefix="adopt-", dir=home.scratch))
        target = Path(folder) / "member"
        containers.unpack(path, member.name, target)
        return target

    head = containers.head(path, member.name, HEAD)
    # A gz file does not say its size: one that ends within the head is that long, others are as long as they are.
    size = member.size if member.size is not None else len(head) + (len(head) == HEAD)
    return Sniffed(Path(member.name).name, head, size, fetch)
