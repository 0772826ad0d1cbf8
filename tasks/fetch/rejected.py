"""Answers that were rejected, kept under ``pull/refused`` so that somebody can examine them."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from tasks.fetch.redact import Redactor
from warehouse.errors import CutAtLimit, EntrepotError, QuotaUsed, ServiceRefused, Unreachable
from warehouse.settings import Home

#: Answers that are kept of a source, the largest that is kept, and the bytes of all together.
_MOST_FILES = 20
_MOST_BYTES = 16 * 1024**2
_MOST_BYTES_OF_ALL = 256 * 1024**2
#: These faults say nothing about the content of an answer.
_WITHOUT_CONTENT = (ServiceRefused, QuotaUsed, Unreachable, CutAtLimit)


def keep(home: Home, source_id: str, answer: Path, kind: type[EntrepotError], redactor: Redactor) -> Path | None:
    """Copy a rejected answer to ``pull/refused``; return its path, or None if it is not worth keeping.

    Empty and large answers, and answers that contain the key, are not kept. The oldest files are removed.
    """
    if issubclass(kind, _WITHOUT_CONTENT) or not answer.exists():
        return None
    if not 0 < answer.stat().st_size <= _MOST_BYTES:
        return None
    data = answer.read_bytes()
    if redactor.detector().is_key_in(data):
        return None
    folder = home.pull / "refused"
    folder.mkdir(exist_ok=True)
    path = folder / f"{source_id}-{hashlib.sha256(data).hexdigest()[:16]}"
    path.write_bytes(data)
    for old in _newest_first(folder.glob(f"{source_id}-*"))[_MOST_FILES:]:
        old.unlink(missing_ok=True)
    _remove_above(folder, _MOST_BYTES_OF_ALL)
    return path


def _remove_above(folder: Path, most_bytes: int) -> None:
    """Remove the oldest files until the others have no more bytes than this."""
    kept = 0
    for path in _newest_first(folder.iterdir()):
        kept += path.stat().st_size
        if kept > most_bytes:
            path.unlink(missing_ok=True)


def _newest_first(paths: Iterable[Path]) -> list[Path]:
    return sorted(paths, key=lambda path: (path.stat().st_mtime, path.name), reverse=True)
