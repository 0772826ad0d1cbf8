"""What is made of one answer: its check by status, bytes and the rules of its source, and its archiving."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from tasks.archive.sniff import sniff
from tasks.contract.service import Request, ValidAnswer
from tasks.contract.source import Source
from tasks.fetch import answer_check
from tasks.fetch.answer import Answer
from tasks.fetch.session import Session
from tasks.intake import accept
from tasks.intake.accept import Examine, IntakeResult, Origin
from warehouse.errors import LayoutChanged, Unknown
from warehouse.settings import Home

#: What a source's code raises for an answer with another structure than it expects.
_STRUCTURE_FAULTS = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError)


def check(source: Source, session: Session, request: Request, answer: Answer) -> ValidAnswer:
    """What a valid answer has. Raises the faults of a publisher (warehouse.errors)."""
    with _as_layout_changed("the source cannot check the answer"):
        if answer.status != 200:
            valid = source.judge_status(request, answer.status, answer.text)
            if valid is None:
                raise session.fault_of(answer)
            return replace(valid, is_kept=False)
        sniffed = sniff(answer.path, request.filename)
        answer_check.check(request, answer, sniffed)
        return source.judge(request, sniffed)


def archive(
    home: Home, source: Source, session: Session, request: Request, answer: Answer, stamp: str | None,
    examine: Examine | None = None,
) -> list[IntakeResult]:  # fmt: skip
    """Archive an answer, or its recognised members; at least one is. ``examine``: as in tasks.intake.accept. Raises LayoutChanged."""
    origin = Origin("pull", session.describe(request), request.filename, stamp)
    with _as_layout_changed("the source cannot recognise the answer"):
        try:
            results = list(accept.accept(home, answer.path, [source], origin, session.folder, examine))
        except Unknown as fault:
            results = [IntakeResult(str(fault))]
    if not any(result.artifact for result in results):
        raise LayoutChanged(f"the source recognises nothing in the answer: {_describe(results)}")
    return [result for result in results if result.artifact]


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
