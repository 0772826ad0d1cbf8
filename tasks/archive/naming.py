"""Naming an archived file: by its path, its name, or the beginning of its hash. Several files may have one name."""

import re
from collections.abc import Iterable
from pathlib import Path

from tasks.archive import store
from tasks.archive.store import Artifact
from warehouse.errors import Ambiguous

#: So many digits of a hash are shown, and as many at least are taken for one.
SHOWN = 8
_PREFIX = re.compile(r"[0-9a-f]{6,64}")


def short(sha256: str) -> str:
    """The beginning of a hash, by which a file is told from others of its name."""
    return sha256[:SHOWN]


def matching(archived: Iterable[Artifact], text: str) -> list[Artifact]:
    """The artifacts that a text names, oldest first: by the path of the same bytes, by name, or by the beginning of the hash.

    A member of an archive is named like a file, or by the path of the archive, which names all its members.

    >>> matching(store.manifests(home), "comtrade.csv"), matching(store.manifests(home), "3f2a91c4")
    """
    path = Path(text)
    digest = store.hash_of(path) if path.is_file() else None
    return [a for a in archived if _is_named(a, text, digest)]


def _is_named(artifact: Artifact, text: str, digest: str | None) -> bool:
    if text in (artifact.filename, artifact.member) or digest in (artifact.artifact, artifact.stored_as):
        return True
    return bool(_PREFIX.fullmatch(text)) and artifact.artifact.startswith(text)


def check_one(found: list[Artifact], text: str) -> None:
    """Raise Ambiguous where a text names several files, and say how each is named alone."""
    if len({(a.source, a.artifact) for a in found}) < 2:
        return
    listed = "; ".join(
        f"{short(a.artifact)} ({a.source}, {a.filename}, {a.size_bytes:,} bytes, received {a.received_at[:16]})"
        for a in found
    )
    raise Ambiguous(
        f"{text!r} names {len(found)} archived files: {listed}. Name one by the beginning of its hash, or by its path"
    )
