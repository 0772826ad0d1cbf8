"""Plans: the requests of one pull and the state of each, kept so that an interrupted pull can be resumed."""

import json
import sqlite3
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tasks.contract.service import Request, Selection
from tasks.fetch import stored_requests
from tasks.fetch.database import statement, transaction
from warehouse.errors import PublisherFault

#: A plan that was untouched for longer is started again: its first answers are out of date.
_RESUMABLE_SECONDS = 30 * 86400
#: A plan in which only failed requests are left is resumed for this long.
_FAULTY_SECONDS = 86400
#: More requests than this in one plan mean that a publisher's pages have no end.
MOST_STEPS = 100_000


@dataclass(frozen=True)
class Step:
    """A request of a plan. ``root`` and ``number`` are its place in the order of the plan."""

    root: int
    number: int
    request: Request


def digest_of(source_id: str, url: str, selection: Selection, requests: Iterable[Request]) -> str:
    """The hash by which a plan is found again."""
    return stored_requests.digest([source_id, url, asdict(selection), [stored_requests.to_fields(r) for r in requests]])


class Plan:
    """The plan of one pull. The caller has made sure that no other process uses it."""

    def __init__(self, con: sqlite3.Connection, source_id: str, digest: str) -> None:
        self._con, self._source, self._digest = con, source_id, digest
        self._plan = 0

    def begin(self, requests: Sequence[Request]) -> bool:
        """Resume the plan, or start it with these requests; return whether it is resumed."""
        with transaction(self._con):
            resumable = self._resumable()
            if resumable is not None:
                self._plan = resumable
                self._con.execute(
                    "UPDATE step SET state = 'open', is_late = 1 WHERE plan = ? AND state = 'faulty'", [self._plan]
                )
                return True
            self._remove_expired()
            self._plan = self._insert()
            for root, request in enumerate(stored_requests.distinct(requests)):
                self._add(root, 0, request)
            return False

    def next(self) -> Step | None:
        """The next request to send; requests that failed before come last."""
        row = self._run("sql/step_next.sql").fetchone()
        return Step(row[0], row[1], stored_requests.from_fields(json.loads(row[2]))) if row else None

    def complete(self, step: Step, rows: int, following: Sequence[Request] = ()) -> None:
        """Record a valid answer, and add the requests that it leads to."""
        self._settle(step, "done", rows, None, following)

    def split(self, step: Step, parts: Sequence[Request]) -> int:
        """Replace a request by its parts; return how many of them are new to the plan."""
        return self._settle(step, "split", 0, None, parts)

    def fail(self, step: Step, message: str, *, is_final: bool) -> None:
        """Record a failed request. ``is_final``: this plan never sends it again; else the next pull does."""
        self._settle(step, "refused" if is_final else "faulty", 0, message, ())

    def counts(self) -> tuple[int, int]:
        """The number of settled requests, and of all requests."""
        settled, total = self._run("sql/step_counts.sql").fetchone()
        return settled, total

    def failures(self) -> list[str]:
        """The messages of the requests that failed."""
        return [message for (message,) in self._run("sql/step_failures.sql").fetchall()]

    def close(self) -> None:
        """Close the plan unless a later pull has requests to send."""
        (unsettled,) = self._run("sql/step_unsettled.sql").fetchone()
        if not unsettled:
            self._con.execute("UPDATE plan SET closed_at = ? WHERE plan = ?", [time.time(), self._plan])

    def _resumable(self) -> int | None:
        """The open plan of this digest, if it is recent enough."""
        row = self._run("sql/plan_open.sql").fetchone()
        if row is None:
            return None
        plan, touched_at, has_open = row
        longest = _RESUMABLE_SECONDS if has_open else _FAULTY_SECONDS
        return int(plan) if time.time() - touched_at < longest else None

    def _remove_expired(self) -> None:
        expired = self._run("sql/plan_expired.sql", oldest=time.time() - _RESUMABLE_SECONDS).fetchall()
        self._con.executemany("DELETE FROM step WHERE plan = ?", expired)
        self._con.executemany("DELETE FROM plan WHERE plan = ?", expired)

    def _insert(self) -> int:
        inserted = self._run("sql/plan_insert.sql", now=time.time())
        return inserted.lastrowid or 0

    def _settle(self, step: Step, state: str, rows: int, message: str | None, added: Sequence[Request]) -> int:
        with transaction(self._con):
            new = self._append(step.root, added)
            self._run(
                "sql/step_settle.sql", root=step.root, number=step.number, state=state, rows=rows, message=message
            )
            self._con.execute("UPDATE plan SET touched_at = ? WHERE plan = ?", [time.time(), self._plan])
            return new

    def _append(self, root: int, added: Sequence[Request]) -> int:
        """Add requests behind those of the same root; return how many of them are new to the plan."""
        if not added:
            return 0
        last, total = self._run("sql/step_last.sql", root=root).fetchone()
        if total + len(added) > MOST_STEPS:
            raise PublisherFault(f"the answers lead to more than {MOST_STEPS} requests, the limit of one pull")
        return sum(self._add(root, last + n, request) for n, request in enumerate(added, 1))

    def _add(self, root: int, number: int, request: Request) -> int:
        fields = json.dumps(stored_requests.to_fields(request), ensure_ascii=False)
        digest = stored_requests.digest_in_plan(request)
        return self._run("sql/step_insert.sql", root=root, number=number, request=fields, digest=digest).rowcount

    def _run(self, name: str, **values: Any) -> sqlite3.Cursor:
        known = {"plan": self._plan, "source": self._source, "digest": self._digest}
        return self._con.execute(statement(name), {**known, **values})
