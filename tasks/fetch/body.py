"""Receiving a body into a file: bounded in size and time, decoded, looked through for the key."""

import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import httpx

from tasks.fetch.redact import Watch
from warehouse.errors import NotData, PublisherFault, Unreachable
from warehouse.settings import Patience

#: A packed body that grows by more than this is refused, but for small ones.
_MOST_RATIO = 250
_HARMLESS = 64 * 1024**2


class TooSlow(Exception):
    """A body comes so slowly that it is taken for broken off."""


def receive(response: httpx.Response, path: Path, patience: Patience, timeout: float, watch: Watch) -> int:
    """Write the body to a file; return its size.

    Raises NotData for bytes that are damaged, too many, or hold the key, Unreachable for an answer that takes too long,
    TooSlow, httpx.HTTPError.
    """
    size = 0
    with path.open("wb") as file:
        for piece in _decoded(_timed(response, patience, timeout), response):
            size += len(piece)
            if size > patience.most_bytes:
                raise NotData(f"the answer is larger than {patience.most_bytes} bytes (ENTREPOT_PULL_MOST_BYTES)")
            if watch.sees(piece):
                raise NotData("the answer repeats the key: it is not kept")
            file.write(piece)
    return size


def beginning(response: httpx.Response, size: int, timeout: float) -> str:
    """The first bytes of the body of an answer that is no data, as text; what comes later than ``timeout`` is left.

    Raises httpx.HTTPError.
    """
    began, text = time.monotonic(), b""
    for piece in response.iter_raw():
        text += piece
        if len(text) >= size or time.monotonic() - began > timeout:
            break
    if response.headers.get("content-encoding", "").lower() in ("gzip", "x-gzip"):
        try:
            text = zlib.decompressobj(wbits=31).decompress(text, size)
        except zlib.error:
            text = b""
    return text[:size].decode("utf-8", errors="replace")


def _timed(response: httpx.Response, patience: Patience, timeout: float) -> Iterator[bytes]:
    """The raw pieces as they come. An answer that drips is broken off: each single read may be in time."""
    began, size = time.monotonic(), 0
    for piece in response.iter_raw():
        size += len(piece)
        yield piece
        taken = time.monotonic() - began
        if taken > patience.answer_seconds:
            raise Unreachable(f"the answer was not there after {patience.answer_seconds:g} seconds")
        if taken > timeout and size < patience.least_speed * taken:
            raise TooSlow


def _decoded(pieces: Iterator[bytes], response: httpx.Response) -> Iterator[bytes]:
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding in ("", "identity"):
        return pieces
    if encoding in ("gzip", "x-gzip"):
        return _unzipped(pieces)
    raise NotData(f"the answer is encoded as {encoding[:40]}, which was not asked for")


def _unzipped(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The unpacked pieces. The HTTP client's own decoder says nothing of a stream that is cut; this one does."""
    packed = unpacked = 0
    decoder = zlib.decompressobj(wbits=31)
    for piece in pieces:
        packed += len(piece)
        while piece:
            if decoder.eof:  # another stream follows the first
                decoder = zlib.decompressobj(wbits=31)
            part = _inflate(decoder, piece)
            unpacked += len(part)
            if unpacked > max(_HARMLESS, _MOST_RATIO * packed):
                raise NotData(f"the answer unpacks from {packed} to more than {unpacked} bytes")
            yield part
            piece = decoder.unconsumed_tail or decoder.unused_data
    yield decoder.flush()
    if packed and not decoder.eof:
        raise NotData("the packed answer is cut")


def _inflate(decoder: "zlib._Decompress", piece: bytes) -> bytes:
    try:
        return decoder.decompress(piece, 1 << 20)
    except zlib.error as fault:
        problem: PublisherFault = NotData(f"the packed answer is damaged: {fault}")
    raise problem
