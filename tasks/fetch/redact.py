"""Keeping a service's key out of everything that is written, logged or shown."""

import base64
import html
import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, quote_plus

from pydantic import SecretStr

#: The HTTP client's loggers; some write addresses and headers. Loggers below them do not inherit a filter.
_LOGGERS = ("httpx", *(f"httpcore.{part}" for part in ("connection", "http11", "http2", "proxy", "socks")))
#: A shorter key occurs by chance in any answer, so answers are not searched for it.
_SHORTEST = 6


class Redactor:
    """Replaces a key in texts by ``***``, in every spelling in which a service may repeat it."""

    def __init__(self, key: SecretStr | None) -> None:
        secret = key.get_secret_value() if key else ""
        spellings = sorted(_spellings(secret), key=len, reverse=True) if secret else []
        self._searched = tuple(text.encode() for text in spellings) if len(secret) >= _SHORTEST else ()
        self._pattern = re.compile("|".join(map(re.escape, spellings)), re.IGNORECASE) if spellings else None

    def redact(self, text: str) -> str:
        """The text without the key."""
        return self._pattern.sub("***", text) if self._pattern else text

    def is_clean(self, text: str) -> bool:
        """Whether the text does not contain the key."""
        return self.redact(text) == text

    def detector(self) -> "KeyDetector":
        """A detector of the key in a stream of bytes."""
        return KeyDetector(*self._searched)

    @contextmanager
    def redacting_logs(self) -> Iterator[None]:
        """Keep the key out of the HTTP client's log records while the block runs."""
        redacting = _RedactingFilter(self)
        for name in _LOGGERS:
            logging.getLogger(name).addFilter(redacting)
        try:
            yield
        finally:
            for name in _LOGGERS:
                logging.getLogger(name).removeFilter(redacting)


class KeyDetector:
    """Detects a key in bytes that arrive in pieces, also where the key is split between two pieces."""

    def __init__(self, *spellings: bytes) -> None:
        self._spellings, self._tail = spellings, b""
        self._longest = max(map(len, spellings), default=0)

    def is_key_in(self, piece: bytes) -> bool:
        """Whether the key is in the bytes up to the end of this piece."""
        if not self._spellings:
            return False
        data = self._tail + piece
        self._tail = data[-self._longest :]
        return any(spelling in data for spelling in self._spellings)


class _RedactingFilter(logging.Filter):
    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self._redactor = redactor

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = self._redactor.redact(record.getMessage()), None
        return True


def _spellings(key: str) -> set[str]:
    """A key as it may be written in addresses, JSON, HTML, Python and Base64."""
    as_is = {key, html.escape(key), json.dumps(key)[1:-1], repr(key)[1:-1]}
    in_addresses = {encode(text) for text in as_is for encode in (quote, quote_plus, lambda text: quote(text, safe=""))}
    lower_case = {re.sub("%[0-9A-F]{2}", lambda escape: escape[0].lower(), text) for text in in_addresses}
    return {*as_is, *in_addresses, *lower_case, base64.b64encode(key.encode()).decode()}
