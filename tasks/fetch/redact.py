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
        forms = sorted(_forms(secret), key=len, reverse=True) if secret else []
        self._seen_by = tuple(form.encode() for form in forms) if len(secret) >= _SHORTEST else ()
        self._pattern = re.compile("|".join(re.escape(form) for form in forms), re.IGNORECASE) if forms else None

    def __call__(self, text: str) -> str:
        """The text without the key."""
        return self._pattern.sub("***", text) if self._pattern else text

    def watch(self) -> "Watch":
        """Something that looks for the key in bytes that go by."""
        return Watch(*self._seen_by)

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

    def __init__(self, *forms: bytes) -> None:
        self._forms, self._tail = forms, b""
        self._longest = max(map(len, forms), default=0)

    def sees(self, piece: bytes) -> bool:
        """Whether the key is in what has gone by with this piece."""
        if not self._forms:
            return False
        data = self._tail + piece
        self._tail = data[-self._longest :]
        return any(form in data for form in self._forms)


class _Cleaner(logging.Filter):
    def __init__(self, scrub: Scrub) -> None:
        super().__init__()
        self._scrub = scrub

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = self._scrub(record.getMessage()), None
        return True


def _forms(key: str) -> set[str]:
    """A key as it may be spelt in addresses, JSON, HTML, Python and Base64."""
    as_is = {key, html.escape(key), json.dumps(key)[1:-1], repr(key)[1:-1]}
    in_addresses = {spell(form) for form in as_is for spell in (quote, quote_plus, lambda text: quote(text, safe=""))}
    small = {re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), form) for form in in_addresses}
    return {*as_is, *in_addresses, *small, base64.b64encode(key.encode()).decode()}
