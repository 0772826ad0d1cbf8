"""The faulty answers of every publisher, judged; and the table of what became of them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tests.campaign import kinds, publishers
from tests.campaign.judging import CRASHED, LOST, OUTCOMES, WRONG, Judge

#: Nothing of the publisher is on record, or its true answer to the same request.
NEW, AGAIN = "the first answer", "an answer before on record"
#: What must not happen.
FAULTS = (WRONG, LOST, CRASHED)
#: What cannot be known from one answer. With the true answer on record, or a second publisher, the first are found.
#: Each is said in docs/reliability.md with what finds it.
ALLOWED: dict[tuple[str, str], str] = {}


@dataclass(frozen=True)
class Case:
    """One faulty answer and what became of it."""

    source: str
    kind: str
    record: str
    outcome: str
    message: str


def cases(
    judge: Judge, seed: int, source_ids: Iterable[str] | None = None, kind_names: Iterable[str] | None = None
) -> Iterator[Case]:
    """Every kind of every source, once with nothing on record and once with the true answer."""
    for source_id in source_ids or publishers.asked():
        asked = publishers.asked()[source_id]
        for kind in kind_names or kinds.KINDS:
            try:
                data = kinds.faulty(asked, kind, seed)
            except kinds.DoesNotApply:
                continue
            for record in (NEW, AGAIN):
                verdict = judge.verdict(asked, data, is_again=record == AGAIN)
                yield Case(source_id, kind, record, verdict.outcome, verdict.message)


def table(judged: Iterable[Case]) -> Iterator[str]:
    """Counts of outcomes by kind, as a table in Markdown; below, the sources of what must not happen."""
    counts = Counter((case.kind, case.outcome) for case in judged)
    shown = [outcome for outcome in OUTCOMES if any(o == outcome for _, o in counts)]
    yield "| fault | " + " | ".join(shown) + " | all |"
    yield "|---" + "|---:" * (len(shown) + 1) + "|"
    for kind in [kind for kind in kinds.KINDS if any(k == kind for k, _ in counts)]:
        yield _line(kind, [counts[kind, outcome] for outcome in shown])
    yield _line("all", [sum(n for (_, o), n in counts.items() if o == outcome) for outcome in shown])


def _line(name: str, counts: list[int]) -> str:
    return f"| {name} | " + " | ".join(f"{count:,}" for count in (*counts, sum(counts))) + " |"
