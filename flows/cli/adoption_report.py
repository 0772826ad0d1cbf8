"""What `entrepot adopt` says: a line for each file, but few of many that are alike, and a summary of all in groups."""

import json
import re
from collections import Counter
from collections.abc import Iterator

from tasks.intake.accept import NOT_RECOGNISED
from tasks.intake.adopt import AdoptionResult

#: So many files with the same state and words have a line each; the others are counted at the end.
_MOST_ALIKE = 3
#: So many reasons are listed in the summary; `--verbose` and `--json` have all.
_MOST_REASONS = 20
_MOST_NAMES = 3
_LOOKS = re.compile(r"; it looks like (?P<what>[^,;:]*)[^;]*(?:; nearest is (?P<near>[^,]*))?")
#: What a message says of one row of one file, after the rule that it breaks.
_OF_ONE_FILE = re.compile(
    r"\. It is printed as .*|\. \w+ is [^.]*, printed beside it: .*|\. `entrepot try .*", re.DOTALL
)
_VARYING = re.compile(r"'[^']*'|\"[^\"]*\"|(?<![\w.])\d[\d,.:-]*\b")


class AdoptionReport:
    """Counts results as they come, and keeps of each group no more than the names of its first files."""

    def __init__(self, *, verbose: bool = False) -> None:
        self._verbose = verbose
        self._sources: Counter[tuple[str, str]] = Counter()
        self._reasons: Counter[str] = Counter()
        self._names: dict[str, list[str]] = {}
        self._alike: Counter[tuple[str, str]] = Counter()
        self._states: Counter[str] = Counter()

    def add(self, result: AdoptionResult) -> str | None:
        """Count a result; the line that is shown of it, None for one of many that are alike."""
        self._states[result.state] += 1
        reason = kind_of(result)
        if result.source:
            self._sources[result.state, result.source] += 1
        else:
            self._reasons[reason] += 1
            names = self._names.setdefault(reason, [])
            if len(names) < _MOST_NAMES:
                names.append(result.path.name)
        self._alike[result.state, reason] += 1
        is_shown = self._verbose or self._alike[result.state, reason] <= _MOST_ALIKE
        return f"{result.path}: {result.state}: {result.message}" if is_shown else None

    @property
    def files(self) -> int:
        """How many files and members there were."""
        return self._states.total()

    @property
    def adopted(self) -> int:
        """How many are in the archive for the first time."""
        return self._states["adopted"]

    @property
    def recognised(self) -> int:
        """How many are in the archive, of now or of before."""
        return self._states["adopted"] + self._states["known already"]

    def summary(self) -> Iterator[str]:
        """The groups, a line each, where not every file has a line of its own."""
        if not self._verbose and max(self._alike.values(), default=0) <= _MOST_ALIKE:
            return
        yield f"{self.files:,} files and members of archives:"
        for state in ("adopted", "known already"):
            if self._states[state]:
                by_source = ((source, count) for (s, source), count in self._sources.items() if s == state)
                listed = ", ".join(f"{source} {count:,}" for source, count in sorted(by_source))
                yield f"  {self._states[state]:,} {state}: {listed}"
        for reason, count in self._reasons.most_common(_MOST_REASONS):
            names = self._names[reason]
            more = ", …" if count > len(names) else ""
            yield f"  {count:,} {'' if reason.startswith('cannot be read') else 'not adopted: '}{reason} ({', '.join(names)}{more})"
        if (others := len(self._reasons) - _MOST_REASONS) > 0:
            count = sum(n for _, n in self._reasons.most_common()[_MOST_REASONS:])
            yield f"  {count:,} not adopted for {others:,} other reasons"
        if not self._verbose:
            yield "`adopt --verbose` has a line for each, `adopt --json` an object"


def kind_of(result: AdoptionResult) -> str:
    """The words that files of the same state share: without names, numbers and what is quoted from the file.

    >>> kind_of(AdoptionResult(Path("a.csv"), None, "the line has 1 fields, the header 2: fred.fx, a.csv, line 25"))
    'the line has … fields, the header …: fred.fx, …, line …'
    """
    message = result.message
    if message.startswith(NOT_RECOGNISED) and (match := _LOOKS.search(message)):
        near = f", nearest {match['near']}" if match["near"] else ""
        return f"{NOT_RECOGNISED} ({_VARYING.sub('…', match['what'].strip())}{near})"
    if result.is_unreadable:
        return (
            "cannot be read" + message.partition("cannot be read")[2]
            if "cannot be read" in message
            else f"cannot be read: {message.replace(result.path.name, '…')}"
        )
    return _VARYING.sub("…", _OF_ONE_FILE.sub("", message.replace(result.path.name, "…")))


def as_json(result: AdoptionResult) -> str:
    """A result as a line of JSON."""
    return json.dumps(
        {
            "path": str(result.path), "state": result.state, "source": result.source, "artifact": result.artifact,
            "message": result.message,
        },
        ensure_ascii=False,
    )  # fmt: skip
