"""What a pull is to selection, and how far it is: kept, so that one that was stopped goes on where it stood."""

import hashlib
import json
import sqlite3
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from tasks.contract.service import Request, Selection
from tasks.fetch.database import transaction
from warehouse.errors import PublisherFault

#: A plan that was left alone for longer is begun anew: its first answers have aged.
_OPEN_FOR = 30 * 86400
#: One of which only faults are left is tried again for so long; after that everything is asked anew.
_FAULTY_FOR = 86400
#: More requests than this in one plan come of a publisher whose pages have no end.
MOST_STEPS = 100_000


@dataclass(frozen=True)
class Step:
    """One request of a plan. ``root`` and ``number`` are its place."""

    root: int
    number: int
    request: Request


@dataclass(frozen=True)
class Remembered:
    """The last good answer to a request. ``code`` is what the source's judgement rested on."""

    etag: str | None
    last_modified: str | None
    stamp: str | None
    artifact: str | None
    rows: int
    following: tuple[Request, ...]
    code: str


def digest_of(source_id: str, url: str, selection: Selection, requests: Iterable[Request]) -> str:
    """What a plan is known by."""
    return _hash([source_id, url, asdict(selection), [_stated(r) for r in requests]])


class Journal:
    """The plan of one pull. Whoever uses it has made sure that nobody else does."""

    def __init__(self, con: sqlite3.Connection, source_id: str, digest: str) -> None:
        self._con, self._source, self._digest = con, source_id, digest
        self._plan = 0

    def begin(self, requests: Sequence[Request]) -> bool:
        """Go on with the plan, or begin it anew; say whether it goes on."""
        with transaction(self._con):
            found = self._standing()
            if found is not None:
                self._plan = found
                self._execute("UPDATE step SET state = 'open', is_late = 1 WHERE plan = ? AND state = 'faulty'", found)
                return True
            self._forget()
            now = time.time()
            made = self._execute(
                "INSERT INTO plan (digest, source, begun_at, touched_at) VALUES (?, ?, ?, ?)",
                self._digest, self._source, now, now,
            )  # fmt: skip
            self._plan = made.lastrowid or 0
            for root, request in enumerate(dict.fromkeys(map(_Known, requests))):
                self._add(root, 0, request.request)
            return False

    def next(self) -> Step | None:
        """The next request to send; those whose answer was at fault come last."""
        row = self._execute(
            "SELECT root, number, request FROM step WHERE plan = ? AND state = 'open' ORDER BY is_late, root, number LIMIT 1",
            self._plan,
        ).fetchone()
        return Step(row[0], row[1], _request(json.loads(row[2]))) if row else None

    def done(self, step: Step, rows: int, following: Sequence[Request] = ()) -> None:
        """A request was answered well, and led to others."""
        self._settle(step, "done", rows, None, following)

    def split(self, step: Step, parts: Sequence[Request]) -> int:
        """A request was too large; its parts are asked instead. Return how many of them are new to the plan."""
        return self._settle(step, "split", 0, None, parts)

    def failed(self, step: Step, told: str, *, for_good: bool) -> None:
        """A request was answered badly: ``for_good``, or to be asked again in the next pull."""
        self._settle(step, "refused" if for_good else "faulty", 0, told, ())

    def counts(self) -> tuple[int, int]:
        """How many requests are settled, and how many there are."""
        row = self._execute(
            "SELECT count(*) FILTER (WHERE state <> 'open'), count(*) FROM step WHERE plan = ?", self._plan
        ).fetchone()
        return row[0], row[1]

    def failures(self) -> list[str]:
        """What was said of the requests that failed."""
        found = self._execute(
            "SELECT told FROM step WHERE plan = ? AND state IN ('refused', 'faulty') ORDER BY root, number", self._plan
        )
        return [row[0] for row in found.fetchall()]

    def close(self) -> bool:
        """Close the plan if nothing is to be asked again; say whether it is closed."""
        (left,) = self._execute(
            "SELECT count(*) FROM step WHERE plan = ? AND state IN ('open', 'faulty')", self._plan
        ).fetchone()
        if not left:
            self._execute("UPDATE plan SET closed_at = ? WHERE plan = ?", time.time(), self._plan)
        return not left

    def remembered(self, request: Request) -> Remembered | None:
        """The last good answer to a request."""
        row = self._execute(
            "SELECT etag, last_modified, stamp, artifact, rows, following, code FROM answer WHERE source = ? AND digest = ?",
            self._source, _sent(request),
        ).fetchone()  # fmt: skip
        if row is None:
            return None
        etag, last_modified, stamp, artifact, rows, following, code = row
        led_to = tuple(_request(r) for r in json.loads(following))
        return Remembered(etag, last_modified, stamp, artifact, rows, led_to, code)

    def remember(self, request: Request, known: Remembered) -> None:
        """Keep what is known of a good answer."""
        self._execute(
            "INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            self._source, _sent(request), known.etag, known.last_modified, known.stamp, known.artifact, known.rows,
            json.dumps([_stated(r) for r in known.following]), known.code, time.time(),
        )  # fmt: skip

    def _standing(self) -> int | None:
        """The open plan of this digest, if it is young enough."""
        row = self._execute(
            "SELECT p.plan, p.touched_at, EXISTS (SELECT 1 FROM step AS s WHERE s.plan = p.plan AND s.state = 'open') "
            "FROM plan AS p WHERE p.digest = ? AND p.closed_at IS NULL ORDER BY p.plan DESC LIMIT 1",
            self._digest,
        ).fetchone()
        if row is None:
            return None
        plan, touched_at, has_open = row
        return int(plan) if time.time() - touched_at < (_OPEN_FOR if has_open else _FAULTY_FOR) else None

    def _forget(self) -> None:
        """Remove what is over: earlier plans of this digest, and all closed or left alone for long."""
        over = "SELECT plan FROM plan WHERE digest = ? OR touched_at < ? OR closed_at IS NOT NULL"
        values = (self._digest, time.time() - _OPEN_FOR)
        self._execute(f"DELETE FROM step WHERE plan IN ({over})", *values)
        self._execute(f"DELETE FROM plan WHERE plan IN ({over})", *values)

    def _settle(self, step: Step, state: str, rows: int, told: str | None, more: Sequence[Request]) -> int:
        with transaction(self._con):
            added = self._append(step.root, more)
            self._execute(
                "UPDATE step SET state = ?, rows = ?, told = ? WHERE plan = ? AND root = ? AND number = ?",
                state, rows, told, self._plan, step.root, step.number,
            )  # fmt: skip
            self._execute("UPDATE plan SET touched_at = ? WHERE plan = ?", time.time(), self._plan)
            return added

    def _append(self, root: int, more: Sequence[Request]) -> int:
        """Add requests behind those of the same root, but for those the plan has already."""
        if not more:
            return 0
        last, steps = self._execute(
            "SELECT max(number) FILTER (WHERE root = ?), count(*) FROM step WHERE plan = ?", root, self._plan
        ).fetchone()
        if steps + len(more) > MOST_STEPS:
            raise PublisherFault(f"its answers lead to more than {MOST_STEPS} requests: not followed further")
        return sum(self._add(root, last + n, request) for n, request in enumerate(more, 1))

    def _add(self, root: int, number: int, request: Request) -> int:
        stated = json.dumps(_stated(request), ensure_ascii=False)
        return self._execute(
            "INSERT OR IGNORE INTO step (plan, root, number, request, digest) VALUES (?, ?, ?, ?, ?)",
            self._plan, root, number, stated, _Known(request).digest,
        ).rowcount  # fmt: skip

    def _execute(self, text: str, *values: Any) -> sqlite3.Cursor:
        return self._con.execute(text, values)


class _Known:
    """A request by what it is within a plan: all of it but its stamp and its name."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.digest = _hash(_stated(replace(request, stamp=None, filename="")))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Known) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)


def _sent(request: Request) -> str:
    """A request by what is sent of it."""
    return _hash(_stated(replace(request, stamp=None, filename="", context=())))


def _stated(request: Request) -> dict[str, Any]:
    return asdict(request)


def _request(stated: dict[str, Any]) -> Request:
    pairs = {name: tuple((k, v) for k, v in stated[name]) for name in ("parameters", "context")}
    return Request(**{**stated, **pairs})


def _hash(stated: Any) -> str:
    return hashlib.sha256(json.dumps(stated, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
