"""Archiving a file that a source recognises by its content. The next build loads it.

The same for a file downloaded by hand and for a publisher's answer. The members of a zip, gz or 7z file are recognised one
by one, and the container is archived unchanged if a source recognises at least one of them.
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from tasks.archive import containers, store
from tasks.archive.sniff import HEAD, Sniffed, sniff
from tasks.archive.store import Artifact
from tasks.contract.source import Recognised, Source
from tasks.formats import plain_text
from tasks.formats.layout import layout_errors
from tasks.intake import looks
from warehouse import one_file
from warehouse.errors import EntrepotError, LayoutChanged, Unexpected, Unknown
from warehouse.settings import Home

#: Members of zip files up to this size in bytes are read completely before they are archived.
_READ_THROUGH = 256 * 1024**2

#: Media types by the kinds of ``Sniffed.kind``.
_MEDIA = {
    "xls": "application/vnd.ms-excel", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json", "xml": "application/xml", "html": "text/html", "pdf": "application/pdf",
    "text": "text/csv", "parquet": "application/vnd.apache.parquet",
}  # fmt: skip


#: Kinds of files whose members are recognised one by one.
_CONTAINERS = ("zip", "gz", "7z")
#: Kinds of documents that no source reads, and what they are.
_NOT_READ = {
    "pdf": "a PDF document", "docx": "a text document (docx)", "odt": "a text document (odt)", "pptx": "a presentation (pptx)",
    "odp": "a presentation (odp)", "ods": "an OpenDocument spreadsheet, which no source reads: save it as xlsx",
}  # fmt: skip


@dataclass(frozen=True)
class Origin:
    """Where a file came from. ``kind`` is adopt or pull; ``request`` is the request or address, without a key.

    ``stamp`` is the publisher's version of the data, where it is known from elsewhere than the file.
    """

    kind: str
    request: str
    filename: str
    stamp: str | None = None


@dataclass(frozen=True)
class IntakeResult:
    """What happened to a file, or to one ``member`` of a container.

    ``artifact`` is None if no source recognises it. ``message`` says what it is, or why it is not archived.
    """

    message: str
    artifact: Artifact | None = None
    member: str | None = None
    is_new: bool = False


#: Examines a file that a source recognises before it is archived: the source, the manifest, and the path of the file or of the
#: archive that it is a member of. It returns a remark for the message, and raises EntrepotError for a file that is not to be archived.
Examine = Callable[[Source, Artifact, Path], str | None]


def accept(
    home: Home, path: Path, known: list[Source], origin: Origin, scratch: Path, examine: Examine | None = None
) -> Iterator[IntakeResult]:
    """Archive a file, or the members of a container, that one of the ``known`` sources recognises.

    ``examine``: called for files that are new. ``scratch`` is a folder for members that have to be unpacked. A fault of one member is in its result; raises
    EntrepotError for a fault of the whole file.
    """
    sniffed = sniff(path, origin.filename)
    if sniffed.kind in _CONTAINERS:
        yield from _Container(home, path, known, origin, scratch, examine).accept()
        return
    with ExitStack() as cleanup:
        yield _accept_file(home, path, _readable(sniffed, scratch, cleanup), known, origin, examine)


def recognise(sniffed: Sniffed, known: list[Source]) -> tuple[Source, Recognised]:
    """The one source that recognises a file, and what it recognises it as.

    Raises LayoutChanged if the file is nearly that of a source, Unknown if no source or several sources recognise it.
    """
    matches, faults = [], []
    for source in known:
        try:
            if recognised := _recognised(source, sniffed):
                matches.append((source, recognised))
        except EntrepotError as fault:
            faults.append(fault)
    if len(matches) == 1:
        _check_declared(*matches[0])
        return matches[0]
    if matches:
        raise Unknown(f"several sources recognise it: {', '.join(s.id for s, _ in matches)}. Choose one with --source")
    if faults:
        raise min(faults, key=lambda fault: isinstance(fault, Unexpected))
    raise Unknown(_unreadable(sniffed) or _not_recognised(sniffed, known))


def _recognised(source: Source, sniffed: Sniffed) -> Recognised | None:
    """As the source says; JSON in which something is missing, or is of another type, has another layout. Raises EntrepotError."""
    where = f"{source.id}, {sniffed.filename}"
    with one_file.faults_of(where), layout_errors(where) if sniffed.kind == "json" else nullcontext():
        return source.recognises(sniffed)


def _check_declared(source: Source, recognised: Recognised) -> None:
    """Raise Unexpected for a form that the source's page does not list as taken."""
    if not any(form.has(recognised.layout) for form in source.forms):
        raise Unexpected(f"{source.id} does not declare the layout {recognised.layout!r} among its forms: report this")


#: The beginning of the message about a file that no source recognises.
NOT_RECOGNISED = "no source recognises its content"


def _not_recognised(sniffed: Sniffed, known: list[Source]) -> str:
    message = f"{NOT_RECOGNISED}; it looks like {looks.describe(sniffed)}"
    if near := looks.nearest(sniffed, known):
        source, marks = near
        message += (
            f"; nearest is {source.id}, by {', '.join(marks[:4])}: docs/sources/{source.id}.md lists the forms it takes"
        )
    if looks.TABLE_WITH_SEMICOLONS in message:
        message += ". A table of commas that a spreadsheet saved with semicolons and decimal commas has to be saved with commas and points"
    return message


def _unreadable(sniffed: Sniffed) -> str | None:
    """Why no source can recognise a file, where the file itself shows it."""
    if sniffed.size == 0:
        return "the file is empty"
    if sniffed.kind == "html":
        return "an HTML page, not data. Check whether the download shows an error or a login"
    if sniffed.kind in _NOT_READ:
        return f"{_NOT_READ[sniffed.kind]}, not data" if sniffed.kind != "ods" else _NOT_READ["ods"]
    return f"the workbook cannot be read: {sniffed.workbook_fault}" if sniffed.workbook_fault else None


def _accept_file(
    home: Home, path: Path, sniffed: Sniffed, known: list[Source], origin: Origin, examine: Examine | None
) -> IntakeResult:
    source, recognised = recognise(sniffed, known)
    encoding = _encoding(sniffed, source)
    artifact = Artifact(
        artifact=store.hash_of(path), source=source.id, filename=origin.filename, media_type=_media_type(sniffed),
        size_bytes=path.stat().st_size, received_at=store.now(), origin_kind=origin.kind, request=origin.request,
        publisher_stamp=origin.stamp or recognised.stamp, licence=source.licence, layout=recognised.layout, encoding=encoding,
    )  # fmt: skip
    remark = _examined(home, source, artifact, path, examine)
    with path.open("rb") as content:
        store.store_bytes(home, content)
    artifact, is_new = store.save_manifest(home, artifact)
    return IntakeResult(_described(recognised, encoding, remark), artifact, None, is_new)


def _examined(home: Home, source: Source, artifact: Artifact, path: Path, examine: Examine | None) -> str | None:
    """What examining a file gives, unless it is archived already. Raises EntrepotError."""
    if examine is None or store.has_manifest(home, source.id, artifact.artifact):
        return None
    return examine(source, artifact, path)


def _readable(sniffed: Sniffed, scratch: Path, cleanup: ExitStack) -> Sniffed:
    """A file that is to be recognised, its lines ended with line feeds."""
    return plain_text.with_line_feeds(sniffed, lambda: _temporary(scratch, cleanup))


def _temporary(scratch: Path, cleanup: ExitStack) -> Path:
    scratch.mkdir(parents=True, exist_ok=True)
    return Path(cleanup.enter_context(tempfile.TemporaryDirectory(prefix="member-", dir=scratch)))


def _encoding(sniffed: Sniffed, source: Source) -> str | None:
    """The encoding of a text that is not in UTF-8, where the source does not decode its files itself. Raises LayoutChanged."""
    if sniffed.kind != "text" or source.encodings is None:
        return None
    encoding = plain_text.encoding_of(sniffed.path, source.encodings)
    if encoding is None:
        raise LayoutChanged(
            f"its text is not in UTF-8, and no other encoding gives names that are known: {source.id}, {sniffed.filename}. "
            "Download it again, or save it as UTF-8"
        )
    return None if encoding in ("utf-8", "utf-8-sig") else encoding


def _described(recognised: Recognised, encoding: str | None, remark: str | None) -> str:
    text = f"its text is in {encoding}" if encoding else None
    return "; ".join(filter(None, (recognised.description, text, remark)))


class _Container:
    """A zip, gz or 7z file whose members are recognised one by one. It is archived with its first recognised member."""

    def __init__(
        self, home: Home, path: Path, known: list[Source], origin: Origin, scratch: Path, examine: Examine | None
    ) -> None:
        self._examine = examine
        self._home, self._path, self._known, self._origin, self._scratch = home, path, known, origin, scratch
        self._is_archived = False

    def accept(self) -> Iterator[IntakeResult]:
        """Archive each member that a source recognises. Raises ArchiveRefused."""
        for member in containers.members(self._path, self._origin.filename):
            where = f"{self._origin.filename}/{member.name}"
            try:
                with one_file.faults_of(where):
                    result = self._accept_member(member)
                yield result
            except EntrepotError as fault:
                one_file.log(self._home, fault, where)
                yield IntakeResult(str(fault), member=member.name)

    def _accept_member(self, member: containers.Member) -> IntakeResult:
        with ExitStack() as cleanup:
            sniffed = _readable(_sniff_member(self._path, member, self._scratch, cleanup), self._scratch, cleanup)
            if sniffed.kind in _CONTAINERS:
                raise Unknown("an archive inside an archive is not read. Unpack it and adopt its files")
            source, recognised = recognise(sniffed, self._known)
            encoding = _encoding(sniffed, source)
            manifest = replace(self._manifest(member, sniffed, source, recognised), encoding=encoding)
        remark = _examined(self._home, source, manifest, self._path, self._examine)
        self._archive()
        artifact, is_new = store.save_manifest(self._home, manifest)
        return IntakeResult(_described(recognised, encoding, remark), artifact, member.name, is_new)

    def _manifest(
        self, member: containers.Member, sniffed: Sniffed, source: Source, recognised: Recognised
    ) -> Artifact:
        """The manifest of a member. Raises ArchiveRefused for a damaged member."""
        size = _verified_size(self._path, member)
        digest, origin = self._sha256, self._origin
        return Artifact(
            artifact=store.member_id(digest, member.name), source=source.id, filename=Path(member.name).name,
            media_type=_media_type(sniffed), size_bytes=size, received_at=store.now(), origin_kind=origin.kind,
            request=f"{origin.request}/{member.name}" if origin.kind == "adopt" else origin.request,
            publisher_stamp=origin.stamp or recognised.stamp, licence=source.licence, layout=recognised.layout,
            container=digest, member=member.name,
        )  # fmt: skip

    @cached_property
    def _sha256(self) -> str:
        return store.hash_of(self._path)

    def _archive(self) -> None:
        """Archive the container, at the first call."""
        if not self._is_archived:
            with self._path.open("rb") as content:
                store.store_bytes(self._home, content)
            self._is_archived = True


def _verified_size(path: Path, member: containers.Member) -> int:
    """The size of a member in bytes, after it was read completely where that is affordable. Raises ArchiveRefused.

    Archived bytes stay, so a damaged member would fail every later build. The size of a gz member is known only from
    reading it. A large member of an archive that states its sizes is not read here; a build finds out whether it is damaged.
    """
    kind = containers.kind_of_file(path)
    if member.size is None or (kind == "zip" and member.size <= _READ_THROUGH):
        return containers.read_through(path, member.name)
    return member.size


def _media_type(sniffed: Sniffed) -> str:
    return _MEDIA.get(sniffed.kind, "application/octet-stream")


def _sniff_member(path: Path, member: containers.Member, scratch: Path, cleanup: ExitStack) -> Sniffed:
    def fetch() -> Path:
        target = _temporary(scratch, cleanup) / "member"
        containers.unpack(path, member.name, target)
        return target

    head = containers.head(path, member.name, HEAD)
    # A gz file does not state the size of its member: HEAD + 1 means any size above HEAD.
    size = member.size if member.size is not None else len(head) + (len(head) == HEAD)
    return Sniffed(Path(member.name).name, head, size, fetch)
