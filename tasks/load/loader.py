"""Loading what is archived of a source and not loaded yet, partition by partition."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import duckdb

from schemas import meta
from schemas.base import table_name
from tasks.archive import store
from tasks.archive.store import Artifact
from tasks.contract import facts
from tasks.contract.facts import Fact
from tasks.contract.source import Source
from tasks.load import backlog, conform, ledger, versions
from tasks.load.conform import Landed, Landing, Refused, Stated
from tasks.load.validate import Proof
from tasks.load.versions import Change, Edition
from warehouse.connection import first, transaction
from warehouse.errors import EntrepotError
from warehouse.rows import insert_numbered
from warehouse.settings import Home, Settings

Progress = Callable[[str], None]

_FACTS = {table_name(f.stored): f for f in facts.ALL}


@dataclass
class Outcome:
    """What became of one artifact. ``fault`` is set where it was not loaded."""

    artifact: Artifact
    rows_in: int = 0
    rows_accepted: int = 0
    rows_quarantined: int = 0
    refused: tuple[Refused, ...] = ()
    change: Change = field(default_factory=Change)
    fault: EntrepotError | None = None


#: Outcomes by what a file is told by.
_Outcomes = dict[tuple[str, str], Outcome]


@dataclass
class _Partition:
    source: str
    fact: Fact
    name: str


class Loader:
    """Loads artifacts of one source. Temporary tables of landed rows live as long as the loader."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        home: Home,
        settings: Settings,
        source: Source,
        common: str,
        progress: Progress,
    ) -> None:
        self.con, self.home, self.settings, self.source = con, home, settings, source
        self.common, self.progress = common, progress
        self.is_bundled = backlog.is_bundled(source)
        self._proof = Proof(con)
        self._landings: dict[tuple[str, str], Landing] = {}

    def load(self, artifacts: list[Artifact], gone_files: list[str]) -> list[Outcome]:
        """Load artifacts, each partition whole or not at all; a fault of one file does not keep the others out."""
        outcomes = {_file(a): Outcome(a) for a in artifacts}
        files = [found for a in artifacts if (found := self._land(outcomes[_file(a)]))]
        landed = [landing for file in files for landing in file.landings]
        self._proof.run()
        filenames = [x.artifact.filename for x in files] + gone_files
        ledger.begin_again(self.con, self.source.id, filenames, [x.artifact.artifact for x in files])
        for partition in self._partitions(landed, gone_files):
            try:
                self._load_partition(partition, landed, gone_files, outcomes)
            except EntrepotError as fault:
                self._blame(partition, landed, outcomes, fault)
        for file in files:
            outcome = outcomes[_file(file.artifact)]
            if not outcome.fault:
                self._record(file, outcome)
        for name in gone_files:
            ledger.record_withdrawn(self.con, self.source.id, name)
        return list(outcomes.values())

    def _land(self, outcome: Outcome) -> Landed | None:
        artifact = outcome.artifact
        self.progress(f"{self.source.id}: {artifact.filename}")
        try:
            landed = conform.land(self.con, self.home, self.source, artifact, self.settings.max_bad_share, self._proof)
        except EntrepotError as fault:
            outcome.fault = fault
            return None
        self._landings |= {_table_key(x): x for x in landed.landings}
        outcome.rows_in, outcome.rows_accepted = landed.rows_in, landed.rows_accepted
        outcome.rows_quarantined, outcome.refused = len(landed.refused), landed.refused
        return landed

    def _partitions(self, landed: list[Landing], gone_files: list[str]) -> list[_Partition]:
        """The partitions that the artifacts state, and those a file stated before and no longer does."""
        stated = {(table_name(x.fact.stored), e.dataset): x.fact for x in landed for e in x.editions}
        for table, partition in self._standing(landed, gone_files):
            stated.setdefault((table, partition), _FACTS[table])
        return [
            _Partition(self.source.id, fact, name) for (_, name), fact in sorted(stated.items(), key=lambda i: i[0])
        ]

    def _standing(self, landed: list[Landing], gone_files: list[str]) -> list[tuple[str, str]]:
        known_by = "filename" if self.is_bundled else "artifact"
        known = [getattr(x.artifact, known_by) for x in landed] + gone_files
        return self.con.execute(
            "SELECT DISTINCT table_name, partition FROM meta.editions "
            f"WHERE source = ? AND retracted_at IS NULL AND list_contains(?, {known_by})",
            [self.source.id, known],
        ).fetchall()

    def _load_partition(
        self,
        partition: _Partition,
        landed: list[Landing],
        gone_files: list[str],
        outcomes: _Outcomes,
    ) -> None:
        """Bring one partition up to date in one transaction."""
        con = self.con
        with transaction(con):
            before = versions.editions(con, partition.source, partition.fact, partition.name)
            retracted = (
                self._retract(partition, landed, gone_files)
                if self.is_bundled
                else self._retract_reread(partition, landed)
            )
            added = self._add_editions(partition, landed)
            self._write_versions(partition, before, retracted, added, outcomes)
            self._count_unchanged(partition, landed, added, outcomes)

    def _blame(
        self,
        partition: _Partition,
        landed: list[Landing],
        outcomes: _Outcomes,
        fault: EntrepotError,
    ) -> None:
        """Lay the fault of a partition that stays as it was to the files that state it, which stay pending."""
        stating = [x for x in landed if x.fact is partition.fact and partition.name in {e.dataset for e in x.editions}]
        if not stating:
            raise fault
        for landing in stating:
            outcomes[_file(landing.artifact)].fault = fault
        # What was read again for this partition went with its transaction.
        self._proof = Proof(self.con)
        self._landings = {_table_key(x): x for x in landed}

    def _write_versions(
        self,
        partition: _Partition,
        before: list[Edition],
        retracted: int,
        added: set[int],
        outcomes: _Outcomes,
    ) -> None:
        """Bring the history up to date with the editions that stand now; where they are as before, it is."""
        standing = versions.editions(self.con, partition.source, partition.fact, partition.name)
        # An edition handed over to other bytes may stand elsewhere: editions of one day are in order of their hash.
        appendable = not retracted and [e.edition for e in standing[: len(before)]] == [e.edition for e in before]
        if appendable:
            changes = {}
            for n in range(len(before), len(standing)):
                landed = self._landed_table(partition, standing[n])
                changes[standing[n].edition] = versions.append(
                    self.con, partition.fact, standing[:n], standing[n], landed
                )
        else:
            changes = versions.replay(
                self.con, partition.source, partition.fact, partition.name, lambda e: self._landed_table(partition, e)
            )
        for edition in standing:
            if edition.edition in added and _file(edition) in outcomes:
                outcomes[_file(edition)].change += changes[edition.edition]

    def _landed_table(self, partition: _Partition, edition: Edition) -> str:
        """The landed rows of an edition's artifact, read again from the archive if this run has not read them."""
        key = edition.artifact, partition.fact.name
        if key not in self._landings:
            manifest = store.manifest(self.home, self.source.id, edition.artifact)
            artifact = replace(manifest, filename=edition.filename)
            landed = conform.land(self.con, self.home, self.source, artifact, self.settings.max_bad_share, self._proof)
            self._landings |= {_table_key(x): x for x in landed.landings}
            self._proof.run()
        return self._landings[key].table

    def _retract(self, partition: _Partition, landed: list[Landing], gone_files: list[str]) -> int:
        """Withdraw editions that the bundled files no longer state; hand over those they still state unchanged."""
        retracted = 0
        for edition, filename, published_on, content_hash in self._editions_of_files(
            partition, [x.artifact.filename for x in landed] + gone_files
        ):
            landing = next((x for x in landed if x.artifact.filename == filename), None)
            stated = landing and _stated(landing, partition.name, published_on, content_hash)
            if landing and stated:
                self.con.execute(
                    "UPDATE meta.editions SET artifact = ?, published_precision = ? WHERE edition = ?",
                    [landing.artifact.artifact, stated.published_precision, edition],
                )
            else:
                self.con.execute("UPDATE meta.editions SET retracted_at = now() WHERE edition = ?", [edition])
                retracted += 1
        return retracted

    def _retract_reread(self, partition: _Partition, landed: list[Landing]) -> int:
        """Withdraw editions of an artifact that is read otherwise than before, because its code changed."""
        retracted = 0
        for landing in landed:
            for edition, _, published_on, content_hash in self._editions_of_files(
                partition, [landing.artifact.filename]
            ):
                row = first(self.con.execute("SELECT artifact FROM meta.editions WHERE edition = ?", [edition]))
                same_bytes = row is not None and row[0] == landing.artifact.artifact
                if same_bytes and not _stated(landing, partition.name, published_on, content_hash):
                    self.con.execute("UPDATE meta.editions SET retracted_at = now() WHERE edition = ?", [edition])
                    retracted += 1
        return retracted

    def _editions_of_files(self, partition: _Partition, filenames: list[str]) -> list[tuple[int, str, object, str]]:
        return self.con.execute(
            "SELECT edition, filename, published_on, content_hash FROM meta.editions WHERE source = ? AND table_name = ? "
            "AND partition = ? AND retracted_at IS NULL AND list_contains(?, filename) ORDER BY edition",
            [partition.source, table_name(partition.fact.stored), partition.name, filenames],
        ).fetchall()

    def _add_editions(self, partition: _Partition, landed: list[Landing]) -> set[int]:
        """Put editions on record that are not yet; return their numbers."""
        added = set()
        for landing in landed:
            if landing.fact is not partition.fact:
                continue
            for stated in landing.editions:
                if stated.dataset == partition.name and not self._is_on_record(partition, landing, stated):
                    added.add(self._add_edition(partition, landing, stated))
        return added

    def _is_on_record(self, partition: _Partition, landing: Landing, stated: Stated) -> bool:
        found = first(self.con.execute(
            "SELECT 1 FROM meta.editions WHERE source = ? AND table_name = ? AND partition = ? AND retracted_at IS NULL "
            "AND artifact = ? AND filename = ? AND published_on IS NOT DISTINCT FROM ? AND content_hash = ?",
            [
                partition.source, table_name(partition.fact.stored), partition.name,
                landing.artifact.artifact, landing.artifact.filename, stated.published_on, stated.content_hash,
            ],
        ))  # fmt: skip
        return found is not None

    def _add_edition(self, partition: _Partition, landing: Landing, stated: Stated) -> int:
        artifact = landing.artifact
        return insert_numbered(
            self.con,
            meta.Edition,
            {
                "source": partition.source,
                "dataset": stated.dataset,
                "table_name": table_name(partition.fact.stored),
                "partition": partition.name,
                "published_on": stated.published_on,
                "published_precision": stated.published_precision,
                "known_from": artifact.received_at,
                "artifact": artifact.artifact,
                "filename": artifact.filename,
                "is_complete": landing.dataset.is_complete,
                "rows_stated": stated.rows_stated,
                "content_hash": stated.content_hash,
            },
        )

    def _count_unchanged(
        self, partition: _Partition, landed: list[Landing], added: set[int], outcomes: _Outcomes
    ) -> None:
        """Rows of editions that were on record already count as unchanged."""
        for edition in versions.editions(self.con, partition.source, partition.fact, partition.name):
            outcome = outcomes.get(_file(edition))
            if outcome and edition.edition not in added and any(x.artifact is outcome.artifact for x in landed):
                outcome.change += Change(unchanged=edition.rows_stated)

    def _record(self, file: Landed, outcome: Outcome) -> None:
        """Write down the load of one file, in one transaction."""
        artifact, table = file.artifact, ", ".join(table_name(x.fact.stored) for x in file.landings)
        balance = ledger.Balance(outcome.rows_in, outcome.rows_accepted, file.refused, outcome.change)
        known_as = backlog.identity(self.source, artifact, self.common)
        with transaction(self.con):
            ledger.record(self.con, artifact, table, known_as, balance, replaces_file=self.is_bundled)


def _file(of: Artifact | Edition) -> tuple[str, str]:
    """What a file is told by: two files may hold the same bytes."""
    return of.artifact, of.filename


def _table_key(landing: Landing) -> tuple[str, str]:
    return landing.artifact.artifact, landing.fact.name


def _stated(landing: Landing, dataset: str, published_on: object, content_hash: str) -> Stated | None:
    """The edition with this content, if the artifact states it."""
    wanted = dataset, published_on, content_hash
    return next((e for e in landing.editions if (e.dataset, e.published_on, e.content_hash) == wanted), None)
