"""Keeping a key out of everything that is written or said."""

import base64
import html
import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, quote_plus

from pydantic import SecretStr

#: The loggers of the HTTP client; some write addresses and headers. A filter is not passed on to loggers below.
_LOGGERS = ("httpx", *(f"httpcore.{part}" for part in ("connection", "http11", "http2", "proxy", "socks")))
#: A key shorter than this is found by chance in any text.
_SHORTEST = 6


class Scrub:
    """Takes a key out of texts, in every form it may have taken on its way."""

    def __init__(self, key: SecretStr | None) -> None:
        secret = key.get_secret_value() if key else ""
        self._key = secret.encode()
        forms = sorted(_forms(secret), key=len, reverse=True) if secret else []
        self._pattern = re.compile("|".join(re.escape(form) for form in forms), re.IGNORECASE) if forms else None

    def __call__(self, text: str) -> str:
        """The text without the key."""
        return self._pattern.sub("***", text) if self._pattern else text

    def watch(self) -> "Watch":
        """Something that looks for the key in bytes that go by."""
        return Watch(self._key if len(self._key) >= _SHORTEST else b"")

    @contextmanager
    def logging(self) -> Iterator[None]:
        """Keep the key out of the HTTP client's log records while the block runs."""
        cleaner = _Cleaner(self)
        for name in _LOGGERS:
            logging.getLogger(name).addFilter(cleaner)
        try:
            yield
        finally:
            for name in _LOGGERS:
                logging.getLogger(name).removeFilter(cleaner)


class Watch:
    """Says whether a key goes by in pieces of bytes, also if it is cut in two."""

    def __init__(self, key: bytes) -> None:
        self._key, self._tail = key, b""

    def sees(self, piece: bytes) -> bool:
        """Whether the key is in what has gone by with this piece."""
        if not self._key:
            return False
        seen = self._key in self._tail + piece
        self._tail = (self._tail + piece)[-len(self._key) :]
        return seen


class _Cleaner(logging.Filter):
    def __init__(self, scrub: Scrub) -> None:
        super().__init__()
        self._scrub = scrub

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = self._scrub(record.getMessage()), None
        return True


def _forms(key: str) -> set[str]:
    spelt = {
        key,
        quote(key),
        quote(key, safe=""),
        quote_plus(key),
        html.escape(key),
        json.dumps(key)[1:-1],
        repr(key)[1:-1],
    }
    return {*spelt, *(quote(form, safe="") for form in spelt), base64.b64encode(key.encode()).decode()}
