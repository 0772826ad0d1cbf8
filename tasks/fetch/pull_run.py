"""One run through a plan: each request is sent, and each answer is checked, recognised and archived.

A failed request is recorded, and sent again after the others. Three failed requests in a row, a service that refuses or
cannot be reached, and a used quota end the run. What was archived before stays, and the next pull resumes the plan.
"""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from tasks.contract.service import Request, ValidAnswer
from tasks.contract.source import Source
from tasks.fetch import history, judged, rejected
from tasks.fetch.answer import Answer
from tasks.fetch.answer_cache import AnswerCache, CachedAnswer
from tasks.fetch.cancel import Cancelled
from tasks.fetch.endpoint import service_of
from tasks.fetch.plan import Plan, Step
from tasks.fetch.report import PullProgress, PullReport
from tasks.fetch.session import Session
from warehouse.errors import (
    ArchiveDamaged,
    CutAtLimit,
    EntrepotError,
    HomeError,
    LayoutChanged,
    NotData,
    PublisherFault,
    QuotaUsed,
    RequestRejected,
    ServiceRefused,
    Unreachable,
)
from warehouse.settings import Home

_MOST_FAILURES_IN_A_ROW = 3


class PullRun:
    """A pull of one source under way. It counts in a PullReport, and calls ``on_progress`` after each change."""

    def __init__(
        self, home: Home, source: Source, con: sqlite3.Connection, digest: str, session: Session,
        on_progress: Callable[[PullProgress], None], reading: judged.Reading | None = None,
    ) -> None:  # fmt: skip
        self._home, self._source, self._con, self._session = home, source, con, session
        self._plan, self._cache = Plan(con, source.id, digest), AnswerCache(con, home, source)
        self._on_progress, self._reading = on_progress, reading
        self._report = PullReport(source.id)

    def run(self, requests: Sequence[Request]) -> PullReport:
        """Resume the plan, or start it with these requests, and go through it."""
        is_resumed = self._plan.begin(requests)
        done, _ = self._plan.counts()
        self._update(resumed_at=done + 1 if is_resumed else None)
        try:
            self._send_all()
        except Cancelled:
            self._update(is_cancelled=True)
        except (PublisherFault, LayoutChanged) as fault:
            self._update(
                fault=str(fault),
                is_quota_used=isinstance(fault, QuotaUsed) and service_of(self._source).has_quota,
            )
        except BaseException:  # who called records it: here it would pass for a pull without a fault
            self._plan.close()
            raise
        self._end()
        return self._report

    def _send_all(self) -> None:
        failures_in_a_row = 0
        while step := self._plan.next():
            self._session.cancellation.check()
            fault = self._settle(step)
            failures_in_a_row = failures_in_a_row + 1 if fault else 0
            self._update()
            if fault and (isinstance(fault, Unreachable) or failures_in_a_row == _MOST_FAILURES_IN_A_ROW):
                raise fault

    def _settle(self, step: Step) -> EntrepotError | None:
        """Send one request. Return its fault if others may still be answered; raise a fault that concerns all requests."""
        try:
            self._process(step)
            return None
        except (Cancelled, HomeError, ArchiveDamaged):
            raise
        except EntrepotError as original:
            kind = type(original) if isinstance(original, PublisherFault | LayoutChanged) else NotData
            fault = kind(self._describe_fault(step.request, kind, str(original)))
        if _concerns_all_requests(fault):
            raise fault  # the request itself may be good, so it keeps its place in the plan
        self._plan.fail(step, str(fault), is_final=isinstance(fault, RequestRejected))
        return fault

    def _describe_fault(self, request: Request, kind: type[EntrepotError], message: str) -> str:
        """The message with the request, and without the key, which a publisher may have repeated."""
        path = rejected.keep(self._home, self._source.id, self._session.answer_path, kind, self._session.redactor)
        kept = f" (the answer is kept as {path})" if path else ""
        return self._session.redactor.redact(f"{self._source.id}: {self._session.describe(request)}: {message}{kept}")

    def _process(self, step: Step) -> None:
        """Send a request, check its answer, archive it, and record both. Raises the faults of a publisher."""
        request = step.request
        self._session.answer_path.unlink(missing_ok=True)
        cached = self._cache.get(request)
        if cached and request.stamp and cached.stamp == request.stamp:
            return self._record_unchanged(step, cached)
        answer = self._session.fetch(request, cached.conditions() if cached else {})
        self._update(sent=self._report.sent + 1)
        if answer.status == 304:
            if cached is None:
                raise NotData("the server sent 304 (not modified), but no earlier answer is stored")
            return self._record_unchanged(step, cached)
        try:
            valid = judged.check(self._source, self._session, request, answer)
            fewer = judged.check_not_fewer(valid.rows, cached.rows if cached else None, request.filename)
            self._update(remarks=(*self._report.remarks, *([fewer] if fewer else [])))
            artifact = self._archive(request, valid, answer) if valid.is_kept else None
        except CutAtLimit:
            parts = self._source.split(request)
            if not parts or not self._plan.split(step, parts):
                raise
            return None
        return self._record(step, answer, valid, artifact)

    def _archive(self, request: Request, valid: ValidAnswer, answer: Answer) -> str:
        """Archive an answer; return the id of an artifact. Raises LayoutChanged."""
        archived = judged.archive(self._home, self._source, self._session, request, answer, valid.stamp, self._reading)
        new = sum(result.is_new for result in archived.results)
        self._update(
            new_files=self._report.new_files + new, unchanged=self._report.unchanged + (not new),
            coverage=self._report.coverage + archived.coverage, remarks=self._report.remarks + archived.remarks,
        )  # fmt: skip
        return next(result.artifact.artifact for result in archived.results if result.artifact)

    def _record(self, step: Step, answer: Answer, valid: ValidAnswer, artifact: str | None) -> None:
        """Record a valid answer in the plan and in the cache. Headers that contain the key are not kept."""
        etag, last_modified = answer.headers.get("etag"), answer.headers.get("last-modified")
        if not self._session.redactor.is_clean(f"{etag}{last_modified}"):
            etag = last_modified = None
        rows = valid.rows if valid.is_kept else 0
        self._plan.complete(step, rows, valid.following)
        cached = CachedAnswer(etag, last_modified, step.request.stamp, artifact, rows, valid.following)
        self._cache.put(step.request, cached)
        self._update(rows=self._report.rows + rows)

    def _record_unchanged(self, step: Step, cached: CachedAnswer) -> None:
        self._plan.complete(step, cached.rows, cached.following)
        self._update(unchanged=self._report.unchanged + 1, rows=self._report.rows + cached.rows)

    def _update(self, **changes: Any) -> None:
        """Change counts of the report, and report the progress."""
        done, total = self._plan.counts()
        self._report = replace(self._report, **changes, done=done, total=total)
        quota_left = self._session.rate_limit.quota().left
        self._on_progress(PullProgress(self._source.id, done, total, self._report.rows, quota_left))

    def _end(self) -> None:
        self._plan.close()
        self._update(failures=tuple(self._plan.failures()), quota_left=self._session.rate_limit.quota().left)
        history.record(self._con, service_of(self._source), self._report)


def _concerns_all_requests(fault: EntrepotError) -> bool:
    """Whether a service would answer other requests in the same way."""
    is_refused = isinstance(fault, ServiceRefused) and not isinstance(fault, RequestRejected)
    return is_refused or isinstance(fault, QuotaUsed)
