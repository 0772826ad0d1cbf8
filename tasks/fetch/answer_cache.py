"""The last valid answer to each request, so that a pull requests only what has changed."""

import json
import sqlite3
import time
from contextlib import suppress
from dataclasses import dataclass

from tasks.archive import store
from tasks.contract.service import Request
from tasks.contract.source import Source
from tasks.fetch import identity, stored_requests
from tasks.fetch.database import statement
from warehouse.errors import ArchiveDamaged
from warehouse.settings import Home


@dataclass(frozen=True)
class CachedAnswer:
    """What is kept of a valid answer. ``artifact`` is None for an answer that was not archived (an index, a count).

    ``rows`` and ``following`` are those of its ValidAnswer; ``stamp`` is that of the request.
    """

    etag: str | None
    last_modified: str | None
    stamp: str | None
    artifact: str | None
    rows: int
    following: tuple[Request, ...]

    def conditions(self) -> dict[str, str]:
        """The headers that request an answer only if it has changed."""
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in headers.items() if value}


class AnswerCache:
    """The last valid answers of a source's service."""

    def __init__(self, con: sqlite3.Connection, home: Home, source: Source) -> None:
        self._con, self._home, self._source = con, home, source
        self._code = identity.of_answers(source)

    def get(self, request: Request) -> CachedAnswer | None:
        """The last valid answer; None if its archived bytes are missing, or if the code that checks answers has changed since."""
        values = {"source": self._source.id, "digest": stored_requests.digest_as_sent(request)}
        row = self._con.execute(statement("sql/answer_select.sql"), values).fetchone()
        if row is None:
            return None
        etag, last_modified, stamp, artifact, rows, following, code = row
        if code != self._code or not (artifact is None or self._is_archived(artifact)):
            return None
        led_to = tuple(stored_requests.from_fields(fields) for fields in json.loads(following))
        return CachedAnswer(etag, last_modified, stamp, artifact, rows, led_to)

    def put(self, request: Request, answer: CachedAnswer) -> None:
        """Replace what is kept of the last valid answer to a request."""
        self._con.execute(
            statement("sql/answer_upsert.sql"),
            {
                "source": self._source.id, "digest": stored_requests.digest_as_sent(request), "etag": answer.etag,
                "last_modified": answer.last_modified, "stamp": answer.stamp, "artifact": answer.artifact,
                "rows": answer.rows, "following": json.dumps([stored_requests.to_fields(r) for r in answer.following]),
                "code": self._code, "received_at": time.time(),
            },
        )  # fmt: skip

    def _is_archived(self, artifact: str) -> bool:
        with suppress(ArchiveDamaged):
            stored_as = store.manifest(self._home, self._source.id, artifact).stored_as
            return store.object_path(self._home, stored_as).exists()
        return False
