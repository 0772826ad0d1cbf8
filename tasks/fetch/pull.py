"""Pulling from one source: every request of its plan, each answer judged, recognised and archived as it comes.

A fault of one answer is told, and the request put last; three of them in a row, or a service that refuses, is used up or
cannot be reached, end the pull of this source. Whatever came before stays, and the next pull of the same goes on from there.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout

from tasks.archive import store
from tasks.archive.sniff import sniff
from tasks.contract.service import Request, Selection, ValidAnswer
from tasks.contract.source import Source
from tasks.fetch import database, history, identity, suspicion
from tasks.fetch.cancel import Stop, Stopped
from tasks.fetch.journal import Journal, Remembered, Step, digest_of
from tasks.fetch.rate_limit import Pace
from tasks.fetch.session import Reply, Session
from tasks.fetch.settings import connection, service_of, setting
from tasks.intake import accept
from tasks.intake.accept import IntakeResult, Origin
from warehouse import locked_temp
from warehouse.connection import make_folders
from warehouse.errors import (
    ArchiveDamaged,
    Busy,
    CutAtLimit,
    EntrepotError,
    HomeError,
    LayoutChanged,
    NotData,
    PublisherFault,
    QuotaUsed,
    RequestRejected,
    ServiceRefused,
    SettingError,
    Unknown,
    Unreachable,
)
from warehouse.settings import Home, Patience

_MOST_IN_A_ROW = 3
#: Answers that were refused are kept for whoever looks into it: so many, and none larger than this.
_KEPT_ANSWERS = 20
_LARGEST_KEPT = 16 * 1024**2
#: What a source raises when an answer is not built as it thought.
_SURPRISES = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError)


@dataclass(frozen=True)
class Progress:
    """How far a pull is: requests settled of those known, rows in the answers kept, requests the quota leaves."""

    source: str
    done: int
    total: int
    rows: int = 0
    left: int | None = None


@dataclass(frozen=True)
class Pulled:
    """How a pull of one source ended. ``fault`` says why it ended early, ``failed`` what became of single requests."""

    source: str
    done: int = 0
    total: int = 0
    asked: int = 0
    rows: int = 0
    new_files: int = 0
    unchanged: int = 0
    left: int | None = None
    went_on_at: int | None = None
    failed: tuple[str, ...] = ()
    fault: str | None = None
    is_stopped: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether every request was answered well."""
        return self.done == self.total and not (self.fault or self.failed or self.is_stopped)


Told = Callable[[Progress], None]


def pull(
    home: Home, source: Source, selection: Selection, told: Told = lambda _: None, *, stop: Stop | None = None,
    patience: Patience | None = None,
) -> Pulled:  # fmt: skip
    """Selection a source's service for all it is to bring, and archive it. What went wrong is in what is returned.

    Raises Unknown for a question the source cannot put, SettingError, HomeError, Busy for the same pull in another process.
    """
    make_folders(home)
    service, set_up = service_of(source), connection(source)
    if service.key and service.key.needed and set_up.key is None:
        help_ = f". {source.key_help}" if source.key_help else ""
        raise SettingError(f"{source.id} answers nobody without a key: set {setting(source.id, 'KEY')}{help_}")
    selection = replace(selection, has_key=set_up.key is not None)
    requests = tuple(source.requests(selection))
    digest = digest_of(source.id, set_up.url or "", selection, requests)
    patience, stop = patience or Patience(), stop or Stop()
    try:
        with (
            _alone(home, source.id, digest),
            database.opened(home) as con,
            locked_temp.folder(home.pull / "receiving", f"{source.id}-") as folder,
        ):
            locked_temp.remove_abandoned(home.pull / "receiving")
            pace = Pace(con, source.id, service, has_key=selection.has_key)
            session = Session(service, set_up, setting(source.id, "KEY"), patience, pace, stop, folder)
            with session.opened():
                run = _Run(home, source, con, Journal(con, source.id, digest), session, pace, folder, told)
                return run.run(requests, stop)
    except OSError as fault:
        raise HomeError(f"{home.root} cannot be written to: {fault.strerror or fault}") from fault


@contextmanager
def _alone(home: Home, source_id: str, digest: str) -> Iterator[None]:
    """Hold a plan: two processes that went through the same one would send everything twice."""
    locks = home.pull / "plans"
    locks.mkdir(parents=True, exist_ok=True)
    lock = FileLock(locks / f"{source_id}-{digest[:24]}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise Busy(f"{source_id}: the same pull is under way in another process") from None
    try:
        yield
    finally:
        lock.release()


class _Run:
    """One pull of one source."""

    def __init__(
        self, home: Home, source: Source, con: sqlite3.Connection, journal: Journal, session: Session, pace: Pace, folder: Path,
        told: Told,
    ) -> None:  # fmt: skip
        self._home, self._source, self._con, self._journal = home, source, con, journal
        self._session, self._pace, self._folder, self._told = session, pace, folder, told
        self._code = identity.of_answers(source)
        service = service_of(source)
        self._limits = service.hourly, service.daily
        self._result = Pulled(source.id)

    def run(self, requests: Sequence[Request], stop: Stop) -> Pulled:
        """Go through the plan."""
        goes_on = self._journal.begin(requests)
        done, _ = self._journal.counts()
        self._count(went_on_at=done + 1 if goes_on else None)
        try:
            self._go_through(stop)
        except Stopped:
            self._count(is_stopped=True)
        except (PublisherFault, LayoutChanged) as fault:
            self._count(fault=str(fault))
        finally:
            self._end()
        return self._result

    def _go_through(self, stop: Stop) -> None:
        in_a_row = 0
        while step := self._journal.next():
            stop.check()
            fault = self._settle(step)
            in_a_row = in_a_row + 1 if fault else 0
            self._count()
            if fault and (isinstance(fault, Unreachable) or in_a_row == _MOST_IN_A_ROW):
                raise fault

    def _settle(self, step: Step) -> EntrepotError | None:
        """Selection, and keep what comes. Return the fault of this one request; raise one that concerns them all.

        The fault is made anew with the request in it and without the key, which a publisher may have repeated.
        """
        try:
            self._ask(step)
            return None
        except (Stopped, HomeError, ArchiveDamaged):
            raise
        except EntrepotError as fault:
            kind = type(fault) if isinstance(fault, PublisherFault | LayoutChanged) else NotData
            text = str(fault)
        told = self._session.scrub(
            f"{self._source.id}: {self._session.told(step.request)}: {text}{self._keep_answer(kind)}"
        )
        found = kind(told)
        if isinstance(found, QuotaUsed) or (
            isinstance(found, ServiceRefused) and not isinstance(found, RequestRejected)
        ):
            raise found  # the request is as good as any other: it stays where it is
        self._journal.failed(step, told, for_good=isinstance(found, RequestRejected))
        return found

    def _ask(self, step: Step) -> None:
        request = step.request
        with suppress(FileNotFoundError):
            (self._folder / "answer").unlink()
        known = self._known(request)
        if known and request.stamp and known.stamp == request.stamp:
            return self._unchanged(step, known)
        reply = self._session.ask(request, _conditions(known))
        self._count(asked=self._result.asked + 1)
        if reply.status == 304:
            if known is None:
                raise NotData("answered 304, not changed, to one who has nothing")
            return self._unchanged(step, known)
        try:
            judged = self._judge(request, reply)
            artifact = self._keep(request, judged, reply) if judged.is_kept else None
        except CutAtLimit:
            parts = self._source.split(request)
            if not parts or not self._journal.split(step, parts):
                raise
            return None
        self._journal.done(step, judged.rows if judged.is_kept else 0, judged.following)
        self._journal.remember(request, self._remembered(request, reply, judged, artifact))
        self._count(rows=self._result.rows + (judged.rows if judged.is_kept else 0))
        return None

    def _judge(self, request: Request, reply: Reply) -> ValidAnswer:
        """Whether it is what was asked for: by its status, by its bytes, and by what the source says of it."""
        with self._surprised("cannot be judged"):
            if reply.status != 200:
                judged = self._source.judge_status(request, reply.status, reply.words)
                if judged is None:
                    raise self._session.fault_of(reply)
                return replace(judged, is_kept=False)
            sniffed = sniff(reply.path, request.filename)
            suspicion.check(request, reply, sniffed)
            return self._source.judge(request, sniffed)

    def _keep(self, request: Request, judged: ValidAnswer, reply: Reply) -> str:
        """Archive a good answer, or what is recognised in it; return an artifact. Raises LayoutChanged, NotData."""
        origin = Origin("pull", self._session.told(request), request.filename, judged.stamp)
        with self._surprised("cannot be recognised"):
            try:
                taken = list(accept.accept(self._home, reply.path, [self._source], origin, self._folder))
            except Unknown as fault:
                taken = [IntakeResult(str(fault))]
        kept = [t for t in taken if t.artifact]
        if not kept:
            raise LayoutChanged(f"nothing in the answer is recognised: {_why(taken)}")
        new = sum(t.is_new for t in kept)
        self._count(new_files=self._result.new_files + new, unchanged=self._result.unchanged + (not new))
        assert kept[0].artifact  # by the filter above
        return kept[0].artifact.artifact

    @contextmanager
    def _surprised(self, told: str) -> Iterator[None]:
        """Say of an answer that is not built as the source thought that its layout changed."""
        try:
            yield
        except _SURPRISES as fault:
            raise LayoutChanged(f"{told}: {type(fault).__name__}: {fault}") from fault

    def _unchanged(self, step: Step, known: Remembered) -> None:
        self._journal.done(step, known.rows, known.following)
        self._count(unchanged=self._result.unchanged + 1, rows=self._result.rows + known.rows)

    def _known(self, request: Request) -> Remembered | None:
        """The last good answer, if the source would judge it alike today and what it brought is still archived."""
        known = self._journal.remembered(request)
        if known is None or known.code != self._code:
            return None
        if known.artifact is None:
            return known
        with suppress(ArchiveDamaged):
            stored = store.manifest(self._home, self._source.id, known.artifact).stored_as
            return known if store.object_path(self._home, stored).exists() else None
        return None

    def _remembered(self, request: Request, reply: Reply, judged: ValidAnswer, artifact: str | None) -> Remembered:
        etag, changed = reply.headers.get("etag"), reply.headers.get("last-modified")
        if self._session.scrub(f"{etag}{changed}") != f"{etag}{changed}":
            etag = changed = None
        rows = judged.rows if judged.is_kept else 0
        return Remembered(etag, changed, request.stamp, artifact, rows, judged.following, self._code)

    def _keep_answer(self, kind: type[EntrepotError]) -> str:
        """Put an answer that was refused aside for whoever looks into it; say where."""
        answer = self._folder / "answer"
        if issubclass(kind, ServiceRefused | QuotaUsed | Unreachable | CutAtLimit) or not answer.exists():
            return ""
        data = answer.read_bytes() if 0 < answer.stat().st_size <= _LARGEST_KEPT else b""
        if not data or self._session.scrub.watch().sees(data):
            return ""
        folder = self._home.pull / "refused"
        folder.mkdir(exist_ok=True)
        kept = folder / f"{self._source.id}-{hashlib.sha256(data).hexdigest()[:16]}"
        kept.write_bytes(data)
        for old in sorted(folder.iterdir(), key=lambda p: (p.stat().st_mtime, p.name))[:-_KEPT_ANSWERS]:
            old.unlink(missing_ok=True)
        return f" (the answer is kept as {kept})"

    def _count(self, **changes: object) -> None:
        """Bring the result up to date, and tell it."""
        done, total = self._journal.counts()
        self._result = replace(self._result, **changes, done=done, total=total)  # type: ignore[arg-type]
        left = self._pace.left().least
        self._told(Progress(self._source.id, done, total, self._result.rows, left))

    def _end(self) -> None:
        self._journal.close()
        self._count(failed=tuple(self._journal.failures()), left=self._pace.left().least)
        history.note(self._con, self._source.id, self._limits, whole=self._result.is_whole, told=_ending(self._result))


def _ending(result: Pulled) -> str:
    """How a pull ended, in a few words; none if it is whole."""
    if result.fault or result.is_stopped:
        return result.fault or "stopped"
    return f"{len(result.failed)} requests failed" if result.failed else ""


def _conditions(known: Remembered | None) -> dict[str, str]:
    """The headers that ask for an answer only if it is another than the last."""
    if known is None:
        return {}
    said = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in said.items() if value}


def _why(taken: list[IntakeResult]) -> str:
    told = [f"{t.member}: {t.message}" if t.member else t.message for t in taken[:3]]
    return "; ".join(told) + (f" … ({len(taken)} members)" if len(taken) > len(told) else "")
