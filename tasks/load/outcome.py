"""What became of the rows of a file: rows in are rows accepted, rows quarantined and rows set aside."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field

from tasks.archive.store import Artifact
from tasks.load import corrections, vocabulary
from tasks.load.history import Change
from warehouse.errors import ArchiveDamaged, BadData, Busy, EntrepotError, HomeError

#: So few bad rows never stop a load, whatever their share.
TOLERATED_ROWS = 3

#: How the rule begins for a row that says the same as one before it (warehouse/sql/stage/repeated.sql).
REPETITION = "repeated key: the same as row"

#: Characters of a row that a message shows.
_MOST_PRINTED = 300

#: Faults of the archive and the machine, which say nothing of how a file is read.
_OF_THIS_HOME = (ArchiveDamaged, Busy, HomeError)


@dataclass(frozen=True)
class QuarantinedRow:
    """A row that broke a rule, as meta.quarantine keeps it.

    ``row_number`` counts the records of the file from 1; ``stage`` is ``staged`` or ``conformed``; ``rules`` names the
    rules it broke, separated by ``; ``; ``raw`` is the record as printed, as a JSON object of its columns.
    """

    row_number: int
    stage: str
    rules: str
    raw: str


@dataclass(frozen=True)
class RowBalance:
    """The balance of the rows of one file. ``set_aside`` counts rows that are not loaded on purpose, by the reason."""

    rows_in: int
    rows_accepted: int
    quarantined: tuple[QuarantinedRow, ...]
    set_aside: Mapping[str, int] = field(default_factory=dict)

    @property
    def rows_set_aside(self) -> int:
        """Number of rows set aside for any reason."""
        return sum(self.set_aside.values())

    def check_not_empty(self, artifact: Artifact, named: str | None = None) -> None:
        """Raise BadData if no row of the file can be loaded, though it was recognised. A bundled file may be empty.

        ``named``: how the hint names a file that is not archived.
        """
        if artifact.origin_kind == "bundled" or self.rows_accepted:
            return
        where = f"{artifact.source}, {artifact.filename}"
        if not self.rows_in:
            raise BadData(
                f"not one row was read: {where}. Its layout differs from the one it was recognised by, or it has no figures. "
                f"{_remedy(artifact, named)}"
            )
        bad = [row for row in self.quarantined if not corrections.is_only_corrected(row.rules)]
        if bad:
            raise BadData(
                f"not one of {self.rows_in} rows can be loaded: {where}. The first, row {bad[0].row_number}, breaks: {bad[0].rules}. "
                f"It is printed as {_shortened(bad[0].raw)}. {_remedy(artifact, named, bad[0])}"
            )

    def check_share(self, most: float, artifact: Artifact, named: str | None = None) -> None:
        """Raise BadData if more rows are bad than the tolerated number, and the share ``most`` of those to load, allow.

        Rows that a declared correction keeps out are known to be wrong, a row that says the same as one before it does no harm, and
        an indicator or area that nobody has named yet is no damage: they do not count.
        """
        bad = [row for row in self.quarantined if _is_bad(row)]
        to_load = self.rows_in - self.rows_set_aside
        if len(bad) > TOLERATED_ROWS and len(bad) > most * to_load:
            raise BadData(
                f"{len(bad)} of {to_load} rows are bad, more than {most:.0%}: {artifact.source}, {artifact.filename}. "
                f"The first, row {bad[0].row_number}, breaks: {bad[0].rules}. {_remedy(artifact, named, bad[0])}"
            )


def _shortened(raw: str) -> str:
    """What a row has printed in its cells, without empty ones."""
    cells = ", ".join(f"{name}={value}" for name, value in json.loads(raw).items() if value not in (None, ""))
    return cells if len(cells) <= _MOST_PRINTED else f"{cells[:_MOST_PRINTED]} …"


def _is_bad(row: QuarantinedRow) -> bool:
    """Whether a quarantined row says that the file is damaged or read wrongly."""
    return not (
        vocabulary.is_unnamed(row.rules) or row.rules.startswith(REPETITION) or corrections.is_only_corrected(row.rules)
    )


def _remedy(artifact: Artifact, named: str | None, bad: QuarantinedRow | None = None) -> str:
    """What to do about a file with bad rows. Where it is only read, as by ``entrepot try``, this holds as well."""
    if artifact.origin_kind == "bundled":
        return "Correct the bundled file"
    file = named or shlex.quote(artifact.filename)
    return f"{vocabulary.advice_on(bad.rules, bad.raw) if bad else ''}`entrepot try {artifact.source} {file} --rows 20` shows rows of it one by one"


@dataclass
class Outcome:
    """What became of one artifact: counts of rows, and of the cells that changed.

    ``fault`` is set where it was not loaded, ``withdrawn`` counts figures that earlier code read from it and that no longer
    stand then. ``quarantined`` is empty for bulk datasets, whose rows are too many to be kept
    in memory: they are in meta.quarantine.
    """

    artifact: Artifact
    rows_in: int = 0
    rows_accepted: int = 0
    rows_quarantined: int = 0
    set_aside: Mapping[str, int] = field(default_factory=dict)
    quarantined: tuple[QuarantinedRow, ...] = ()
    change: Change = field(default_factory=Change)
    fault: EntrepotError | None = None
    withdrawn: int = 0

    @property
    def rows_set_aside(self) -> int:
        """Number of rows set aside for any reason."""
        return sum(self.set_aside.values())

    @property
    def fault_message(self) -> str | None:
        """What kept the file out, and what became of what had been read from it."""
        if not self.withdrawn:
            return str(self.fault) if self.fault else None
        return f"{self.fault}. {self.withdrawn:,} figures that earlier code or schemas read from it are withdrawn"

    @property
    def is_of_the_file(self) -> bool:
        """Whether there is a fault, and one of the file as today's code reads it: a new home would have it too."""
        return self.fault is not None and not isinstance(self.fault, _OF_THIS_HOME)

    def count(self, balance: RowBalance) -> None:
        """Take over the counts of a balance."""
        self.rows_in, self.rows_accepted = balance.rows_in, balance.rows_accepted
        self.rows_quarantined, self.set_aside = len(balance.quarantined), balance.set_aside
