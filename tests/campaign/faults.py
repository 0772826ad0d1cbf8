"""The faulty answers of every publisher, judged; and the table of what became of them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tests.campaign import kinds, publishers
from tests.campaign.judging import CRASHED, LOST, OUTCOMES, WRONG, Judge

#: Nothing of the publisher is on record, or its true answer to the same request.
NEW, AGAIN = "the first answer", "an answer before on record"
#: What must not happen.
FAULTS = (WRONG, LOST, CRASHED)


@dataclass(frozen=True)
class Case:
    """One faulty answer and what became of it."""

    source: str
    kind: str
    record: str
    outcome: str
    message: str


#: Why a fault of a kind cannot be known from the first answer of a publisher, by kind and source, and what finds it. Each is tested by the
#: campaign: one that is found after all is no reason (``unfounded``).
UNKNOWABLE: dict[tuple[str, str], str] = {
    (
        "all values × 10",
        "jpn.customs",
    ): "a file has some products, whose sum may be ten times as large without reaching the total; the next edition",
    **{
        (
            "one value × 10",
            source,
        ): "a product of one month or year, beside which nothing is on record; the next edition"
        for source in ("jpn.customs", "cepii.baci")
    },
    (
        "one value × 10",
        "jpn.jetro",
    ): "investment of one year may be ten times that of the years around, as China's of 2021 was; the next edition",
    (
        "reporter and partner swapped",
        "cepii.baci",
    ): "the file has all pairs, and the trade of two economies is of one size in both directions; the version before",
    **dict.fromkeys(
        (
            ("half of the rows left out", "jpn.jetro"),
            ("half of the rows left out", "unctad.fdi"),
            ("cut at the end of a line", "unctad.fdi"),
            ("half of the rows left out", "cepii.baci"),
            ("one row left out", "cepii.baci"),
            ("cut at the end of a line", "cepii.baci"),
        ),
        "a file that has all there is does not say how many rows it has; the rows of the last answer, the next edition",
    ),
}


def is_fault(case: Case) -> bool:
    """Whether what must not happen has happened, where it could be known: a crash always, and a change of figures that are on record."""
    cannot_be_known = case.record == NEW and case.outcome != CRASHED and (case.kind, case.source) in UNKNOWABLE
    return case.outcome in FAULTS and not cannot_be_known


def unfounded(judged: Sequence[Case]) -> Iterator[str]:
    """What is said to be impossible to know and was found, of the kinds and sources that were judged."""
    for case in judged:
        if case.record == NEW and (case.kind, case.source) in UNKNOWABLE and case.outcome not in (WRONG, LOST):
            yield f"{case.kind}, {case.source}: {case.outcome}"


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


def page(judged: Sequence[Case], seed: int) -> Iterator[str]:
    """What is written to docs/reliability.md: the counts by kind, then what was not found, by kind and source."""
    yield f"{len(judged):,} faulty answers of {len({case.source for case in judged})} sources, seed {seed}."
    yield ""
    yield from table(judged)
    missed = [case for case in judged if case.outcome in FAULTS]
    if missed:
        yield ""
        yield "| not found | source | figures on record | why, and what would find it |"
        yield "|---|---|---|---|"
        for case in missed:
            yield f"| {case.kind}: {case.outcome.lower()} | {case.source} | {case.record} | {UNKNOWABLE.get((case.kind, case.source), '')} |"
