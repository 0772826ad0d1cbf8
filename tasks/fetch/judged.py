"""What is made of one answer: its check by status, bytes and the rules of its source, and its archiving."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from tasks.archive.sniff import sniff
from tasks.archive.store import Artifact
from tasks.contract.service import NOTHING_COUNTED, AnswerRead, Coverage, Request, Scope, ValidAnswer
from tasks.contract.source import Source
from tasks.fetch import answer_check
from tasks.fetch.answer import Answer
from tasks.fetch.session import Session
from tasks.intake import accept
from tasks.intake.accept import IntakeResult, Origin
from warehouse.errors import EntrepotError, LayoutChanged, NotData, Unknown
from warehouse.settings import Home

#: What a source's code raises for an answer with another structure than it expects.
_STRUCTURE_FAULTS = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError)


class Reading(Protocol):
    """Reads an answer as far as a load would, before it is archived (tasks.load.trial)."""

    def examine_answer(self, source: Source, artifact: Artifact, path: Path, scope: Scope) -> AnswerRead:
        """What a build would make of an answer to a request for ``scope``. Raises EntrepotError for one it would refuse."""


@dataclass(frozen=True)
class Archived:
    """The archived answer, or its recognised members; ``coverage`` and ``remarks`` where it was new and has been read."""

    results: list[IntakeResult]
    coverage: Coverage = NOTHING_COUNTED
    remarks: tuple[str, ...] = ()


def check(source: Source, session: Session, request: Request, answer: Answer) -> ValidAnswer:
    """What a valid answer has. Raises the faults of a publisher (warehouse.errors)."""
    with _as_layout_changed("the source cannot check the answer"):
        if answer.status != 200:
            valid = source.judge_status(request, answer.status, answer.text)
            if valid is None:
                raise session.fault_of(answer)
            return replace(valid, is_kept=False)
        return judge(source, request, answer)


def judge(source: Source, request: Request, answer: Answer) -> ValidAnswer:
    """What a valid answer with status 200 has: by its bytes, then by the rules of its source. Raises the faults of a publisher."""
    sniffed = sniff(answer.path, request.filename)
    answer_check.check(request, answer, sniffed)
    valid = source.judge(request, sniffed)
    if valid.is_kept:
        answer_check.check_end(sniffed)
    return valid


def archive(
    home: Home, source: Source, session: Session, request: Request, answer: Answer, stamp: str | None,
    reading: Reading | None = None,
) -> Archived:  # fmt: skip
    """Archive an answer, or its recognised members; at least one is, and none that ``reading`` refuses. Raises EntrepotError."""
    examined = _Examined(source.scope(request), reading) if reading else None
    origin = Origin("pull", session.describe(request), request.filename, stamp)
    with _as_layout_changed("the source cannot recognise the answer"):
        try:
            results = list(accept.accept(home, answer.path, [source], origin, session.folder, examined))
        except Unknown as fault:
            results = [IntakeResult(str(fault))]
    if examined and examined.fault:
        raise examined.fault
    if not any(result.artifact for result in results):
        raise LayoutChanged(f"the source recognises nothing in the answer: {_describe(results)}")
    taken = [result for result in results if result.artifact]
    return Archived(taken, examined.coverage, tuple(examined.remarks)) if examined else Archived(taken)


class _Examined:
    """What reading an answer's file, or its members one by one, finds. One that is refused is a fault of the whole answer."""

    def __init__(self, scope: Scope, reading: Reading) -> None:
        self._scope, self._reading = scope, reading
        self.coverage, self.remarks = NOTHING_COUNTED, list[str]()
        self.fault: EntrepotError | None = None

    def __call__(self, source: Source, artifact: Artifact, path: Path) -> str | None:
        """As tasks.intake.accept.Examine."""
        try:
            read = self._reading.examine_answer(source, artifact, path, self._scope)
        except EntrepotError as fault:
            self.fault = self.fault or fault
            raise
        self.coverage += read.coverage
        self.remarks += [f"{artifact.filename}: {read.remark}"] if read.remark else []
        return read.remark


#: An answer with fewer rows than this share of those of the last answer to the same request is not taken.
LEAST_SHARE = 0.8
#: A last answer of fewer rows says nothing.
_TELLING_ROWS = 5


def check_not_fewer(rows: int, before: int | None, where: str) -> str | None:
    """What is told of an answer with fewer rows than the last valid answer to the same request had; NotData is raised for far fewer."""
    if before is None or rows >= before:
        return None
    if before >= _TELLING_ROWS and rows < LEAST_SHARE * before:
        raise NotData(
            f"the answer has {rows:,} rows, where the last answer to the same request had {before:,}: {where}. If the publisher has taken "
            "figures back, adopt the answer: `entrepot adopt`"
        )
    return f"{where}: {rows:,} rows came, and {before:,} in the last answer to the same request"


@contextmanager
def _as_layout_changed(message: str) -> Iterator[None]:
    """Raise exceptions of a source's code as LayoutChanged: the answer has another structure than the source expects."""
    try:
        yield
    except _STRUCTURE_FAULTS as fault:
        raise LayoutChanged(f"{message}: {type(fault).__name__}: {fault}") from fault


def _describe(results: list[IntakeResult]) -> str:
    shown = [f"{result.member}: {result.message}" if result.member else result.message for result in results[:3]]
    rest = f" … ({len(results)} members)" if len(results) > len(shown) else ""
    return "; ".join(shown) + rest
