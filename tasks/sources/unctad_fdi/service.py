"""Requests to UNCTADstat, and checks of its answers: the metadata name a version and lead to the bulk file.

The file has all economies and years, whatever is asked; it is asked for again only when its version has changed.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from tasks.archive import containers
from tasks.archive.sniff import Sniffed
from tasks.contract.service import Request, Selection, ValidAnswer
from tasks.formats import csv_text
from tasks.sources.unctad_fdi import bulk
from warehouse.errors import ArchiveRefused, EmptyAnswer, LayoutChanged, NotData, ServiceRefused

_DATASET = "US.FdiFlowsStock"
_FILE = _DATASET.replace(".", "_")


def requests(selection: Selection) -> Iterator[Request]:  # noqa: ARG001
    """The metadata of the bulk file, which lead to the file."""
    yield Request(
        path=f"/api/reportMetadata/{_DATASET}/en", filename=f"{_DATASET}.metadata.json",
        accept="application/json", context=(("kind", "metadata"),),
    )  # fmt: skip


def judge(request: Request, received: Sniffed) -> ValidAnswer:
    """The metadata by their version; the bulk file by its magic bytes, its one CSV, its header and its lines.

    Raises NotData, LayoutChanged, EmptyAnswer.
    """
    if received.kind == "html":
        raise NotData(f"expected data, received HTML: {request.path}")
    if dict(request.context).get("kind") == "metadata":
        return _judge_metadata(request, received)
    if received.kind != "7z":
        raise NotData(f"expected a .7z archive, received {received.kind}: {request.path}")
    return ValidAnswer(rows=_rows_of_archive(received.path, request.path), stamp=request.stamp)


def judge_status(request: Request, status: int, words: str, documentation: str) -> ValidAnswer | None:
    """404 where the bulk file has moved, as it did once: ServiceRefused, with the address of the documentation."""
    if status == 404:
        raise ServiceRefused(
            f"UNCTADstat has no such file any more: {request.path}. See {documentation}. {words[:200]}"
        )
    return None


def _judge_metadata(request: Request, received: Sniffed) -> ValidAnswer:
    version = _version(received.json)
    if version is None:
        raise LayoutChanged(f"the metadata do not name a version: {request.path}")
    following = Request(path=f"/bulkdownload/{_DATASET}/{_FILE}", filename=f"{_FILE}.7z", stamp=version)
    return ValidAnswer(rows=0, stamp=version, following=(following,), is_kept=False)


def _version(metadata: object) -> str | None:
    """The first version named anywhere in the metadata."""
    if isinstance(metadata, dict):
        for name, value in metadata.items():
            if str(name).lower() == "version" and isinstance(value, str) and value.strip():
                return value.strip()
        values: list[object] = list(metadata.values())
    else:
        values = metadata if isinstance(metadata, list) else []
    return next((version for value in values if (version := _version(value))), None)


def _rows_of_archive(path: Path, where: str) -> int:
    """The number of records in the one CSV of a bulk archive. Raises NotData, LayoutChanged, EmptyAnswer."""
    try:
        names = [member.name for member in containers.members(path, where)]
        if len(names) != 1:
            raise LayoutChanged(f"the archive has {len(names)} files, not one ({', '.join(names)}): {where}")
        with tempfile.TemporaryDirectory(prefix="judge-", dir=path.parent) as folder:
            member = Path(folder) / "member"
            containers.unpack(path, names[0], member)
            rows = _rows_of_table(member, names[0], where)
    except ArchiveRefused as fault:
        raise NotData(f"the archive cannot be unpacked: {where}. {fault}") from fault
    if rows < 1:
        raise EmptyAnswer(f"the bulk file has no records: {where}")
    return rows


def _rows_of_table(path: Path, name: str, where: str) -> int:
    header = bulk.header_of(csv_text.first_line(path))
    if not bulk.is_table(header):
        raise LayoutChanged(f"{name} begins {', '.join(header[:5])} and is not the bulk file of FDI: {where}")
    bulk.check_header(header, where)
    with path.open("rb") as file:
        return sum(1 for line in file if line.strip()) - 1
