"""What becomes of a mutated file: it is not recognised, refused, or read; and whether what is read is what the clean file says."""

import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

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
from warehouse.errors import EntrepotError, HomeError, Unexpected
from warehouse.settings import Home

#: No file of the sizes mutated here may take longer, seconds. It is a bound on a hang, for a machine with other work.
LONGEST = 120.0
#: What must not happen: see ``_outcome``.
FAULTS = {"CRASH", "HANG", "OTHER FIGURES", "FEWER FIGURES, NOT TOLD"}
#: Beginnings of messages about exceptions that nothing foresaw (warehouse.one_file).
_CRASHES = ("a fault of this program", "this machine could not read it")

#: A figure with all that is stored of it, as a hash.
Figure = int
#: Is told before each mutation: its number, file and kind.
Before = Callable[[int, str, str], None]
#: Files are mutated in so many groups by turns, so that of processes that share the groups each reads the clean files of its own alone.
GROUPS = 4
#: Of files that are refused as they are, so many of a hundred choices are mutated: there is little to break in them.
_PERCENT_OF_REFUSED = 10


@dataclass(frozen=True)
class Verdict:
    """What became of a file: whether it was ``read``, the figures read from it, and whether all rows were taken."""

    outcome: str
    message: str = ""
    figures: frozenset[Figure] = frozenset()
    is_whole: bool = True


@dataclass(frozen=True)
class Mutated:
    """What became of one mutation: ``outcome`` in words."""

    number: int
    name: str
    kind: str
    outcome: str
    message: str = ""
    seconds: float = 0.0

    def __str__(self) -> str:
        return f"{self.name}, mutation {self.number} ({self.kind}): {self.outcome} after {self.seconds:.1f} s: {self.message}"


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
            seen.append(Verdict("read", remark or "", frozenset(self._figures(source, artifact)), remark is None))
            raise EntrepotError("read and not archived")

        try:
            with one_file.faults_of(name):
                origin = Origin("adopt", name, name)
                told = [r.message for r in accept.accept(home, path, self._known, origin, home.scratch, examine)]
        except (Unexpected, HomeError) as fault:
            return Verdict("CRASH", str(fault))
        except EntrepotError as fault:
            told = [str(fault)]
        if crash := next((message for message in told if message.startswith(_CRASHES)), None):
            return Verdict("CRASH", crash)
        return _of_all(seen) if seen else Verdict("refused", told[0] if told else "empty")

    def _figures(self, source: Source, artifact: Artifact) -> Iterator[Figure]:
        """The figures of a file that was read, with all that is stored of them."""
        conforms: Iterable[Conform] = source.dataset(artifact).conforms
        for one in conforms:
            rows = self._trial.connection.execute(
                f"SELECT * EXCLUDE (row_number) FROM {conform.accepted_view(one.fact)}"
            )
            yield from (hash((source.id, artifact.member, one.fact.name, *map(str, row))) for row in rows.fetchall())


def _of_all(members: list[Verdict]) -> Verdict:
    """What became of the members of an archive that were read."""
    figures = frozenset[Figure]().union(*(member.figures for member in members))
    told = "; ".join(filter(None, (member.message for member in members)))
    return Verdict("read", told, figures, all(member.is_whole for member in members))


class Mutations:
    """Mutations of files: the same seed and number give the same one."""

    def __init__(self, judge: Judge, files: Mapping[str, bytes], seed: int) -> None:
        self._judge, self._files, self._seed = judge, files, seed
        self._names = sorted(files)
        self._clean: dict[str, Verdict] = {}

    def each(self, numbers: Iterable[int], before: Before) -> Iterator[Mutated]:
        """What becomes of the mutations with these numbers; ``before`` is told of each file that is read before it is."""
        for number in numbers:
            rng = random.Random(f"{self._seed} {number}")
            name, clean = self._chosen(self._names[number % GROUPS :: GROUPS] or self._names, rng, number, before)
            if clean.outcome in FAULTS:
                yield Mutated(number, name, "clean", clean.outcome, clean.message)
                continue
            yield self._mutated(name, clean, number, rng, before)

    def _chosen(self, names: list[str], rng: random.Random, number: int, before: Before) -> tuple[str, Verdict]:
        """One of some files, and what is read from it as it is."""
        while True:
            name = rng.choice(names)
            if name not in self._clean:
                before(number, name, "clean")
                self._clean[name] = self._judge.verdict(name, self._files[name])
            is_refused = self._clean[name].outcome == "refused"
            if not is_refused or rng.randrange(100) < _PERCENT_OF_REFUSED:
                return name, self._clean[name]

    def _mutated(self, name: str, clean: Verdict, number: int, rng: random.Random, before: Before) -> Mutated:
        data = self._files[name]
        possible = mutations.of(data)
        kind = rng.choice(sorted(possible))
        before(number, name, kind)
        try:
            changed = possible[kind](data, rng)
        except (mutations.DoesNotApply, ValueError, IndexError):
            return Mutated(number, name, kind, "does not apply")
        if changed == data:
            return Mutated(number, name, kind, "changes nothing")
        began = time.monotonic()
        verdict = self._judge.verdict(name, changed)
        outcome = _outcome(kind, verdict, clean)
        return Mutated(number, name, kind, outcome, verdict.message, time.monotonic() - began)


def _outcome(kind: str, verdict: Verdict, clean: Verdict) -> str:
    """Words for what became of a mutated file.

    Bytes that change make another file, with another hash, which may say something else. But a change of form alone must not
    change a figure, nor lose one without a word, and a header that is renamed must not change what is left.
    """
    if verdict.outcome != "read":
        return verdict.outcome
    if verdict.figures == clean.figures:
        return "read the same"
    keeps = kind in mutations.KEEPING
    if verdict.figures < clean.figures:
        return "FEWER FIGURES, NOT TOLD" if keeps and verdict.is_whole else "read in part"
    if keeps or kind in mutations.RENAMING:
        return "OTHER FIGURES"
    return "read as another file"
