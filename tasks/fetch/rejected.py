"""Answers that were rejected, kept under ``pull/refused`` so that somebody can examine them."""

import hashlib
from pathlib import Path

from tasks.fetch.redact import Redactor
from warehouse.errors import CutAtLimit, EntrepotError, QuotaUsed, ServiceRefused, Unreachable
from warehouse.settings import Home

_MOST_FILES = 20
_MOST_BYTES = 16 * 1024**2
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
    _remove_oldest(folder)
    return path


def _remove_oldest(folder: Path) -> None:
    by_age = sorted(folder.iterdir(), key=lambda path: (path.stat().st_mtime, path.name))
    for path in by_age[:-_MOST_FILES]:
        path.unlink(missing_ok=True)
