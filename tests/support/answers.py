"""Answers of a service as a source is shown them, to be recognised or judged."""

from pathlib import Path

from tasks.archive.sniff import Sniffed, sniff
from tasks.contract.service import Request


def answer(folder: Path, body: str | bytes, filename: str = "answer") -> Sniffed:
    """An answer with this body, written to ``folder`` under this name."""
    path = folder / filename
    path.write_bytes(body.encode() if isinstance(body, str) else body)
    return sniff(path)


def answer_to(folder: Path, request: Request, body: str | bytes) -> Sniffed:
    """An answer to a request, under the name that the request gives it."""
    return answer(folder, body, request.filename)
