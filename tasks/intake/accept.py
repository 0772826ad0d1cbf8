"""Taking a file into the archive: it is recognised by its content, kept as it came, and loaded by the next build.

The same for a file somebody downloaded and for a publisher's answer. Archives are looked into: every member is recognised
by itself, and the archive is kept as it came if any of them is.
"""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tasks.archive import containers, store
from tasks.archive.sniff import HEAD, Sniffed, sniff
from tasks.archive.store import Artifact
from tasks.contract.source import Recognised, Source
from warehouse.errors import EntrepotError, Unknown
from warehouse.settings import Home

#: Members of zip files up to this size are read to their ends before they are archived.
_READ_THROUGH = 256 * 1024**2

#: Media types of what is recognised by its first bytes.
_MEDIA = {
    "xls": "application/vnd.ms-excel", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json", "xml": "application/xml", "html": "text/html", "pdf": "application/pdf",
    "text": "text/csv", "parquet": "application/vnd.apache.parquet",
}  # fmt: skip


@dataclass(frozen=True)
class Origin:
    """How a file came: ``kind`` is adopt or pull; ``request`` names it, or the address without a key.

    ``stamp`` is the publisher's own mark of the release where it is known from elsewhere than the file.
    """

    kind: str
    request: str
    filename: str
    stamp: str | None = None


@dataclass(frozen=True)
class Taken:
    """What became of a file, or of one ``member`` of an archive.

    ``artifact`` is None where it was not recognised; ``told`` says as what, or why not.
    """

    told: str
    artifact: Artifact | None = None
    member: str | None = None
    is_new: bool = False


def accept(home: Home, path: Path, known: list[Source], origin: Origin, scratch: Path) -> Iterator[Taken]:
    """Archive a file, or the members of an archive, that one of the ``known`` sources recognises.

    ``scratch`` is a folder for what has to be unpacked to be recognised. Raises EntrepotError for a file as a whole.
    """
    sniffed = sniff(path, origin.filename)
    if containers.kind_of(sniffed.head):
        yield from _accept_members(home, path, known, origin, scratch)
    else:
        yield _accept_whole(home, path, sniffed, known, origin)


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
    raise Unknown(_what_is_wrong(sniffed) or "no source knows its content")


def _what_is_wrong(sniffed: Sniffed) -> str | None:
    """Why nobody can know a file, where it says so itself."""
    if sniffed.size == 0:
        return "it is empty"
    if sniffed.kind == "html":
        return "an HTML page, not data: was the download answered by an error or a login?"
    if sniffed.kind in ("xls", "xlsx") and not sniffed.sheets:
        return "a workbook that cannot be read: cut, damaged or locked"
    return None


def _accept_whole(home: Home, path: Path, sniffed: Sniffed, known: list[Source], origin: Origin) -> Taken:
    source, what = recognise(sniffed, known)
    with path.open("rb") as content:
        artifact, is_new = store.store(
            home, source.id, content, filename=origin.filename, media_type=_media(sniffed), origin_kind=origin.kind,
            request=origin.request, publisher_stamp=origin.stamp or what.stamp, licence=source.licence, layout=what.layout,
        )  # fmt: skip
    return Taken(what.description, artifact, None, is_new)


def _accept_members(home: Home, path: Path, known: list[Source], origin: Origin, scratch: Path) -> Iterator[Taken]:
    """Recognise an archive's members one by one; keep the archive if any of them is."""
    container: str | None = None
    for member in containers.members(path, origin.filename):
        try:
            with ExitStack() as cleaning:
                sniffed = _sniff_member(path, member, scratch, cleaning)
                if containers.kind_of(sniffed.head):
                    told = "an archive within an archive is not looked into: unpack it first"
                    yield Taken(told, member=member.name)
                    continue
                source, what = recognise(sniffed, known)
            size = _whole_size(path, member)
            if container is None:
                with path.open("rb") as content:
                    container, _ = store.store_bytes(home, content)
            artifact, is_new = store.keep_manifest(home, Artifact(
                artifact=store.member_id(container, member.name), source=source.id, filename=Path(member.name).name,
                media_type=_media(sniffed), size_bytes=size, received_at=store.now(), origin_kind=origin.kind,
                request=f"{origin.request}/{member.name}" if origin.kind == "adopt" else origin.request,
                publisher_stamp=origin.stamp or what.stamp, licence=source.licence, layout=what.layout,
                container=container, member=member.name,
            ))  # fmt: skip
            yield Taken(what.description, artifact, member.name, is_new)
        except EntrepotError as fault:
            yield Taken(str(fault), member=member.name)


def _whole_size(path: Path, member: containers.Member) -> int:
    """The size of a member that is whole. Raises ArchiveRefused.

    What is archived stays, and would be told as damaged by every build to come. Only reading says where a gz file ends;
    a large member of an archive that says its sizes is not unpacked once more for this: a build finds what is wrong with it.
    """
    kind = containers.kind_of_file(path)
    if member.size is None or (kind == "zip" and member.size <= _READ_THROUGH):
        return containers.read_through(path, member.name)
    return member.size


def _media(sniffed: Sniffed) -> str:
    return _MEDIA.get(sniffed.kind, "application/octet-stream")


def _sniff_member(path: Path, member: containers.Member, scratch: Path, cleaning: ExitStack) -> Sniffed:
    def fetch() -> Path:
        scratch.mkdir(parents=True, exist_ok=True)
        folder = cleaning.enter_context(tempfile.TemporaryDirectory(prefix="member-", dir=scratch))
        target = Path(folder) / "member"
        containers.unpack(path, member.name, target)
        return target

    head = containers.head(path, member.name, HEAD)
    # A gz file does not say its size: one that ends within the head is that long, others are as long as they are.
    size = member.size if member.size is not None else len(head) + (len(head) == HEAD)
    return Sniffed(Path(member.name).name, head, size, fetch)
