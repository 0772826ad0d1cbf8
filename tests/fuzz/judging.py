"""What becomes of a mutated file: it is not recognised, refused, or read; and whether what is read is what the clean file says."""

import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from tasks import sources
from tasks.archive.store import Artifact
from tasks.contract.dataset import Conform
from tasks.contract.source import Source
from tasks.intake import accept
from tasks.intake.accept import Origin
from tasks.load import conform
from tasks.load.trial import Trial
from tests.fuzz import mutations
from warehouse import one_file
from warehouse.errors import EntrepotError, Unexpected
from warehouse.settings import Home

#: No file of the sizes mutated here may take longer, seconds.
LONGEST = 30.0

Figure = tuple[object, ...]


@dataclass(frozen=True)
class Verdict:
    """What became of a file: ``outcome`` in a word, the figures read from it, and how many rows were kept out of them."""

    outcome: str
    message: str = ""
    figures: frozenset[Figure] = frozenset()
    is_whole: bool = True


@dataclass
class Report:
    """Counts of outcomes by mutation, and what must not happen: ``faults`` names file, mutation and its number."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """The counts, a line for each mutation."""
        names = sorted({name for name, _ in self.counts})
        for name in names:
            told = ", ".join(f"{outcome} {count}" for (n, outcome), count in sorted(self.counts.items()) if n == name)
            yield f"{name}: {told}"
        yield f"{sum(self.counts.values())} mutations, {len(self.faults)} faults"


class Judge:
    """Reads files as adopt does, without archiving them. ``trial`` has the temporary warehouse."""

    def __init__(self, trial: Trial, folder: Path) -> None:
        self._trial, self._folder = trial, folder
        self._known = list(sources.all_sources().values())

    def verdict(self, name: str, data: bytes) -> Verdict:
        """What becomes of a file with these bytes."""
        path = self._folder / name
        path.write_bytes(data)
        home = Home(self._folder / "home")
        seen: list[Verdict] = []

        def examine(source: Source, artifact: Artifact, of: Path) -> str:
            remark = self._trial.examine(source, artifact, of)
            figures = (
                frozenset(self._figures(source.dataset(artifact).conforms))
                if not source.bulk_partition(artifact)
                else frozenset()
            )
            seen.append(Verdict("read", remark or "", figures, remark is None))
            raise EntrepotError("read and not archived")

        try:
            with one_file.faults_of(name):
                results = list(
                    accept.accept(home, path, self._known, Origin("adopt", name, name), home.scratch, examine)
                )
        except Unexpected as fault:
            return Verdict("CRASH", str(fault))
        except EntrepotError as fault:
            return seen[0] if seen else Verdict("refused", str(fault))
        if crash := next((r.message for r in results if "a fault of this program" in r.message), None):
            return Verdict("CRASH", crash)
        return seen[0] if seen else Verdict("refused", results[0].message if results else "empty")

    def _figures(self, conforms: Iterable[Conform]) -> Iterator[Figure]:
        con: duckdb.DuckDBPyConnection = self._trial.connection
        for one in conforms:
            columns = ", ".join(f'"{c}"' for c in (*one.fact.key, *one.fact.values))
            view = conform.accepted_view(one.fact)
            names = {str(row[0]) for row in con.execute(f"DESCRIBE FROM {view}").fetchall()}
            chosen = ", ".join(f'"{c}"' for c in (*one.fact.key, *one.fact.values) if c in names) or columns
            yield from ((one.fact.name, *row) for row in con.execute(f"SELECT {chosen} FROM {view}").fetchall())


def run(judge: Judge, files: dict[str, bytes], count: int, seed: int) -> Report:
    """Mutate files ``count`` times in all, with a fixed seed, and judge each."""
    report = Report()
    clean: dict[str, Verdict] = {}
    names = sorted(files)
    for number in range(count):
        name = names[number % len(names)]
        if name not in clean:
            clean[name] = judge.verdict(name, files[name])
            if clean[name].outcome == "CRASH":
                report.faults.append(f"{name}, clean: {clean[name].message}")
        rng = random.Random(f"{seed} {number}")
        possible = mutations.of(files[name])
        kind = rng.choice(sorted(possible))
        try:
            mutated = possible[kind](files[name], rng)
        except (UnicodeEncodeError, ValueError, IndexError):
            report.counts[kind, "does not apply"] += 1
            continue
        began = time.monotonic()
        verdict = judge.verdict(name, mutated)
        took = time.monotonic() - began
        outcome = _outcome(kind, verdict, clean[name], is_same=mutated == files[name])
        report.counts[kind, outcome] += 1
        if outcome in ("CRASH", "OTHER FIGURES") or took > LONGEST:
            report.faults.append(f"{name}, mutation {number} ({kind}): {outcome} after {took:.1f} s: {verdict.message}")
    return report


def _outcome(kind: str, verdict: Verdict, clean: Verdict, *, is_same: bool) -> str:
    """A word for what became of a mutated file. A changed figure is of another file, with another hash; but a change of form alone
    must not change figures without a word.
    """
    if verdict.outcome != "read":
        return verdict.outcome
    if verdict.figures == clean.figures:
        return "read the same"
    if verdict.figures < clean.figures or not verdict.is_whole:
        return "read in part, told" if not verdict.is_whole else "read in part"
    return "OTHER FIGURES" if kind in mutations.KEEPING or is_same else "read, another file"
