"""Writing the body of an answer to a file: limited in size and time, decoded, and searched for the key."""

import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import httpx

from tasks.fetch.redact import KeyDetector
from warehouse.errors import NotData, PublisherFault, Unreachable
from warehouse.settings import PullLimits

#: Most unpacked bytes for each packed byte, and the size in bytes up to which any ratio is allowed.
_MOST_RATIO = 250
_ALWAYS_ALLOWED = 64 * 1024**2
#: Bytes that are unpacked at a time.
_CHUNK = 1 << 20


class TooSlow(Exception):
    """A body arrives so slowly that the connection is regarded as broken."""


def write(response: httpx.Response, path: Path, limits: PullLimits, timeout: float, detector: KeyDetector) -> int:
    """Write the decoded body to a file; return its size in bytes. ``timeout`` seconds pass before its speed is checked.

    Raises NotData for a body that is damaged, too large, or contains the key, Unreachable for one that takes too long,
    TooSlow, httpx.HTTPError.
    """
    size = 0
    with path.open("wb") as file:
        for piece in _decoded(_timed(response, limits, timeout), response):
            size += len(piece)
            if size > limits.most_bytes:
                raise NotData(f"the answer is larger than {limits.most_bytes} bytes (ENTREPOT_PULL_MOST_BYTES)")
            if detector.is_key_in(piece):
                raise NotData("the answer contains the key, so it is not archived")
            file.write(piece)
    return size


def read_beginning(response: httpx.Response, size: int, timeout: float) -> str:
    """The first ``size`` bytes of the body as text, as far as they arrive within ``timeout`` seconds.

    Raises httpx.HTTPError.
    """
    began, head = time.monotonic(), b""
    for piece in response.iter_raw():
        head += piece
        if len(head) >= size or time.monotonic() - began > timeout:
            break
    if response.headers.get("content-encoding", "").lower() in ("gzip", "x-gzip"):
        try:
            head = zlib.decompressobj(wbits=31).decompress(head, size)
        except zlib.error:
            head = b""
    return head[:size].decode("utf-8", errors="replace")


def _timed(response: httpx.Response, limits: PullLimits, timeout: float) -> Iterator[bytes]:
    """The raw pieces. The client's timeout is for each read, so that a slow answer could take for ever without this."""
    began, size = time.monotonic(), 0
    for piece in response.iter_raw():
        size += len(piece)
        yield piece
        elapsed = time.monotonic() - began
        if elapsed > limits.answer_seconds:
            raise Unreachable(f"the answer was not complete after {limits.answer_seconds:g} seconds")
        if elapsed > timeout and size < limits.least_speed * elapsed:
            raise TooSlow


def _decoded(pieces: Iterator[bytes], response: httpx.Response) -> Iterator[bytes]:
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding in ("", "identity"):
        return pieces
    if encoding in ("gzip", "x-gzip"):
        return _unzipped(pieces)
    raise NotData(f"the answer is encoded as {encoding[:40]}, which the request does not accept")


def _unzipped(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The unpacked pieces. Unlike the HTTP client's own decoder, this one raises NotData for a truncated stream."""
    packed = unpacked = 0
    decoder = zlib.decompressobj(wbits=31)
    for piece in pieces:
        packed += len(piece)
        while piece:
            if decoder.eof:  # another stream follows the first
                decoder = zlib.decompressobj(wbits=31)
            part = _inflate(decoder, piece)
            unpacked += len(part)
            if unpacked > max(_ALWAYS_ALLOWED, _MOST_RATIO * packed):
                raise NotData(f"the answer unpacks from {packed} to more than {unpacked} bytes")
            yield part
            piece = decoder.unconsumed_tail or decoder.unused_data
    yield decoder.flush()
    if packed and not decoder.eof:
        raise NotData("the packed answer is truncated")


def _inflate(decoder: "zlib._Decompress", piece: bytes) -> bytes:
    try:
        return decoder.decompress(piece, _CHUNK)
    except zlib.error as fault:
        problem: PublisherFault = NotData(f"the packed answer is damaged: {fault}")
    raise problem
