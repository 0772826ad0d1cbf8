"""Loads the archived files of a source that are not loaded yet, partition by partition."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import duckdb

from schemas.base import table_name
from tasks.archive import store
from tasks.archive.store import Artifact
from tasks.contract import facts
from tasks.contract.source import Source
from tasks.load import backlog, conform, correlations, editions, history, ledger
from tasks.load.conform import ConformedFile, ConformedTable
from tasks.load.editions import Edition, Partition, StatedEdition
from tasks.load.history import Change
from tasks.load.outcome import Outcome
from tasks.load.validate import Proof
from tasks.load.versions import FactVersions
from warehouse import one_file
from warehouse.connection import transaction
from warehouse.errors import EntrepotError, RowsLost
from warehouse.settings import Home, Settings

_FACTS = {table_name(f.stored): f for f in facts.ALL}

#: Two files may have the same bytes, so a file is identified by its sha256 and its name.
_FileKey = tuple[str, str]


@dataclass(frozen=True)
class _Batch:
    """The files of one load, and outcomes keyed by (sha256, filename).

    ``withdrawn`` are names of bundled files that are no longer there, ``unreadable`` files that earlier code has read and
    today's cannot read.
    """

    files: list[ConformedFile]
    withdrawn: list[str]
    unreadable: list[Artifact]
    outcomes: dict[_FileKey, Outcome]

    @property
    def filenames(self) -> list[str]:
        return [f.artifact.filename for f in self.files] + self.withdrawn

    def tables_of(self, partition: Partition) -> list[ConformedTable]:
        """The tables that state editions of a partition."""
        tables = (t for f in self.files for t in f.tables if t.fact is partition.fact)
        return [t for t in tables if partition.name in {e.dataset for e in t.editions}]


class Loader:
    """Loads artifacts of one source. Temporary tables of conformed rows live as long as the loader."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        home: Home,
        settings: Settings,
        source: Source,
        common: str,
        on_progress: Callable[[str], None],
    ) -> None:
        self.con, self.home, self.settings, self.source = con, home, settings, source
        self.common, self.on_progress = common, on_progress
        self.is_bundled = backlog.is_bundled(source)
        self._proof = Proof(con)
        self._tables: dict[tuple[str, str], ConformedTable] = {}

    def load(self, artifacts: list[Artifact], withdrawn: list[str]) -> list[Outcome]:
        """Load artifacts, each partition whole or not at all; a fault of one file does not keep the others out.

        ``withdrawn`` are names of bundled files that are no longer there.
        """
        outcomes = {_key(a): Outcome(a) for a in artifacts}
        files = self._proven([file for outcome in outcomes.values() if (file := self._read(outcome))], outcomes)
        unreadable = [o.artifact for o in outcomes.values() if o.is_of_the_file]
        batch = _Batch(files, withdrawn, unreadable, outcomes)
        ledger.begin_again(self.con, self.source.id, batch.filenames, [f.artifact.artifact for f in files])
        for partition in self._partitions(batch):
            if not self._try_partition(partition, batch):
                self._load_files_alone(partition, batch)
        for file in files:
            self._record(file, outcomes[_key(file.artifact)])
        for outcome in outcomes.values():
            one_file.log(self.home, outcome.fault, f"{self.source.id}, {outcome.artifact.filename}")
        for name in withdrawn:
            ledger.record_withdrawn(self.con, self.source.id, name)
        for artifact in unreadable:
            if not editions.partitions_of(self.con, self.source.id, "artifact", [artifact.artifact]):
                ledger.record_withdrawn(self.con, self.source.id, artifact.filename, artifact.artifact)
                correlations.forget(self.con, artifact.artifact)
        return list(outcomes.values())

    def _read(self, outcome: Outcome) -> ConformedFile | None:
        """Read and conform a file; None if it has a fault, which is then in its outcome."""
        artifact = outcome.artifact
        self.on_progress(f"{self.source.id}: {artifact.filename}")
        try:
            with one_file.faults_of(f"{self.source.id}, {artifact.filename}"):
                file = self._conform(artifact)
        except EntrepotError as fault:
            outcome.fault = fault
            return None
        outcome.count(file.balance)
        outcome.quarantined = file.balance.quarantined
        return file

    def _proven(self, files: list[ConformedFile], outcomes: dict[_FileKey, Outcome]) -> list[ConformedFile]:
        """The files whose accepted rows Pandera finds to keep their schemas: all of them, unless this program has a fault.

        Where it finds a row that breaks one, each file is read again and judged alone, so that one keeps no other out.
        """
        try:
            self._proof.run()
        except RowsLost:
            proven = [self._proven_alone(outcomes[_key(file.artifact)]) for file in files]
            return [file for file in proven if file]
        return files

    def _proven_alone(self, outcome: Outcome) -> ConformedFile | None:
        self._proof = Proof(self.con)
        file = self._read(outcome)
        try:
            self._proof.run()
        except RowsLost as fault:
            outcome.fault = fault
            return None
        return file

    def _conform(self, artifact: Artifact) -> ConformedFile:
        bad_share = self.settings.max_bad_share
        file = conform.conform_file(self.con, self.home, self.source, artifact, bad_share, self._proof)
        self._tables |= {(artifact.artifact, t.fact.name): t for t in file.tables}
        return file

    def _partitions(self, batch: _Batch) -> list[Partition]:
        """The partitions that the files state, and those a file stated before and no longer does."""
        unreadable = [a.artifact for a in batch.unreadable]
        stated = {(table_name(t.fact.stored), e.dataset) for f in batch.files for t in f.tables for e in t.editions}
        column = "filename" if self.is_bundled else "artifact"
        known = batch.withdrawn + [getattr(f.artifact, column) for f in batch.files]
        stated |= set(editions.partitions_of(self.con, self.source.id, column, known))
        stated |= set(editions.partitions_of(self.con, self.source.id, "artifact", unreadable))
        return [Partition(self.source.id, _FACTS[table], name) for table, name in sorted(stated)]

    def _try_partition(self, partition: Partition, batch: _Batch) -> bool:
        """Bring one partition up to date; return whether it was, or has a fault that is recorded for the files that state it."""
        try:
            with one_file.faults_of(f"{partition.source}, {partition.name}"):
                self._load_partition(partition, batch)
        except EntrepotError as fault:
            self._forget_rolled_back(batch)
            if len(batch.tables_of(partition)) > 1 and not self.is_bundled:
                return False
            self._record_fault(partition, batch, fault)
        return True

    def _load_files_alone(self, partition: Partition, batch: _Batch) -> None:
        """Bring a partition up to date with one file after the other, so that the one with the fault keeps no other out."""
        stating = {_key(table.artifact) for table in batch.tables_of(partition)}
        for file in batch.files:
            if _key(file.artifact) in stating:
                self._try_partition(partition, replace(batch, files=[file], withdrawn=[], unreadable=[]))
        if batch.unreadable:
            self._try_partition(partition, replace(batch, files=[]))

    def _load_partition(self, partition: Partition, batch: _Batch) -> None:
        """Bring one partition up to date in one transaction."""
        with transaction(self.con):
            before = editions.standing(self.con, partition)
            is_retracted = self._retract(partition, batch)
            withdrawn = self._retract_unreadable(partition, batch)
            added = self._add_editions(partition, batch)
            changes = self._write_versions(partition, before, must_replay=is_retracted or bool(withdrawn))
            self._count_changes(partition, batch, added, changes)
        for edition in withdrawn:
            batch.outcomes[_key(edition)].withdrawn += edition.rows_stated

    def _retract(self, partition: Partition, batch: _Batch) -> bool:
        """Retract editions that their files no longer state; return whether there were any.

        A bundled file states what its newest bytes state: editions they still state are handed over to them. All other
        files state what they did before, unless the code that reads them has changed.
        """
        is_retracted = False
        for edition in editions.of_files(self.con, partition, batch.filenames):
            file = self._file_of(edition, batch)
            if not file and not self.is_bundled:
                continue  # another file of the same name
            stated = file and _stated(file, partition, edition)
            if file and stated:
                if self.is_bundled:
                    editions.hand_over(self.con, edition, stated, file.artifact)
            else:
                editions.retract(self.con, edition)
                is_retracted = True
        return is_retracted

    def _retract_unreadable(self, partition: Partition, batch: _Batch) -> list[Edition]:
        """Retract the editions that earlier code read from files that today's cannot read, and return them.

        What stands is what today's code and the archived bytes give, as in a new home.
        """
        unreadable = {_key(artifact) for artifact in batch.unreadable}
        retracted = [e for e in editions.standing(self.con, partition) if _key(e) in unreadable]
        for edition in retracted:
            editions.retract(self.con, edition)
        return retracted

    def _file_of(self, edition: Edition, batch: _Batch) -> ConformedFile | None:
        """The file of this batch that says whether an edition is still stated."""
        for file in batch.files:
            is_same = file.artifact.artifact == edition.artifact
            if file.artifact.filename == edition.filename and (self.is_bundled or is_same):
                return file
        return None

    def _add_editions(self, partition: Partition, batch: _Batch) -> set[int]:
        """Put editions on record that are not yet; return their numbers."""
        return {
            editions.add(self.con, partition, stated, table.artifact, is_complete=table.dataset.is_complete)
            for table in batch.tables_of(partition)
            for stated in table.editions
            if stated.dataset == partition.name
            and not editions.is_on_record(self.con, partition, stated, table.artifact)
        }

    def _write_versions(self, partition: Partition, before: list[Edition], must_replay: bool) -> dict[int, Change]:
        """Bring the history up to date with the editions that stand now; return what each edition that was read changed, by its number."""
        standing = editions.standing(self.con, partition)
        store = FactVersions(self.con, partition.fact, lambda edition: self._table_of(partition, edition))
        # An edition handed over to other bytes may stand elsewhere: editions of one day are in order of their hash.
        if must_replay or [e.edition for e in standing[: len(before)]] != [e.edition for e in before]:
            return history.replay(store, partition)
        further = range(len(before), len(standing))
        changes = {standing[n].edition: history.append(store, standing[:n], standing[n]) for n in further}
        for n in further:
            history.check_not_gone(changes[standing[n].edition], standing[n], self.settings.max_gone_share)
        return changes

    def _table_of(self, partition: Partition, edition: Edition) -> str:
        """The table with the rows of an edition's file, read again from the archive if this run has not read it."""
        key = edition.artifact, partition.fact.name
        if key not in self._tables:
            manifest = store.manifest(self.home, self.source.id, edition.artifact)
            self._conform(replace(manifest, filename=edition.filename))
            self._proof.run()
        return self._tables[key].table

    def _count_changes(self, partition: Partition, batch: _Batch, added: set[int], changes: dict[int, Change]) -> None:
        """Add the changes of editions to the outcomes of their files; rows of editions that were recorded before count as unchanged."""
        read = {_key(f.artifact) for f in batch.files}
        for edition in editions.standing(self.con, partition):
            if _key(edition) in read:
                is_new = edition.edition in added
                change = changes[edition.edition] if is_new else Change(unchanged=edition.rows_stated)
                batch.outcomes[_key(edition)].change += change

    def _record_fault(self, partition: Partition, batch: _Batch, fault: EntrepotError) -> None:
        """Record the fault of a partition, which stays as it was, for the files that state it. They stay pending."""
        stating = batch.tables_of(partition)
        if not stating and not batch.unreadable:
            raise fault  # else the files that cannot be read have a fault, and what was read of them stays
        for table in stating:
            batch.outcomes[_key(table.artifact)].fault = fault

    def _forget_rolled_back(self, batch: _Batch) -> None:
        """Forget the temporary tables that were made for a partition and that the rollback removed."""
        self._proof = Proof(self.con)
        self._tables = {(f.artifact.artifact, t.fact.name): t for f in batch.files for t in f.tables}

    def _record(self, file: ConformedFile, outcome: Outcome) -> None:
        """Write down the load of one file, unless a partition of it stayed as it was."""
        if outcome.fault:
            return
        tables = ", ".join(file.table_names)
        identity = backlog.identity(self.source, file.artifact, self.common)
        with transaction(self.con):
            ledger.record(
                self.con, file.artifact, tables, identity, file.balance, outcome.change, replaces_file=self.is_bundled
            )


def _key(of: Artifact | Edition) -> _FileKey:
    return of.artifact, of.filename


def _stated(file: ConformedFile, partition: Partition, edition: Edition) -> StatedEdition | None:
    """The edition as a file states it, if it still does."""
    stated = (e for t in file.tables if t.fact is partition.fact for e in t.editions if e.dataset == partition.name)
    return next((e for e in stated if e.is_same_as(edition)), None)
