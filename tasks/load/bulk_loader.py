"""Loading datasets of many millions of rows: one file is one edition of one partition.

Schema, rules and versions are those of all datasets, with fewer copies: the file is read once into a typed
temporary table, marked in one scan, and written to the stored table through a view that resolves codes to
integer keys. What is the same for a whole partition is one row (core.trade_slice, core.trade_part, meta.editions).
"""

import re
import threading
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial

import duckdb

from schemas import core, meta
from schemas.base import columns
from schemas.rules import Rule, rules
from tasks.archive import store
from tasks.archive.store import Artifact, Opened
from tasks.contract import facts
from tasks.contract.dataset import BulkPartition, Dataset
from tasks.contract.source import Source
from tasks.load import backlog, editions, history, ledger, stage, validate
from tasks.load.bulk_versions import BulkVersions
from tasks.load.editions import Edition, Partition, StatedEdition
from tasks.load.history import Change
from tasks.load.mixed_reading import MixedReading, Staged, staged_as_text
from tasks.load.outcome import Outcome, QuarantinedRow, RowBalance
from tasks.load.plain_csv import Line, unusual_lines
from tasks.load.throughput import Throughput
from warehouse import one_file, sql
from warehouse.connection import first, transaction
from warehouse.errors import BadData, EntrepotError, RowsLost
from warehouse.rows import insert_numbered
from warehouse.settings import Home, Settings

#: The row that a rule about repeated keys names (stage/repeated.sql).
_NAMED_ROW = re.compile(r"(repeated key: (?:the same as )?row )(\d+)")


class BulkLoader:
    """Loads a source's bulk artifacts one after the other, each in one transaction."""

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

    def load(self, artifacts: list[Artifact]) -> list[Outcome]:
        """Load artifacts; one that cannot be read does not keep the others out."""
        outcomes, throughput = [Outcome(artifact) for artifact in artifacts], Throughput(artifacts)
        unreadable = []
        for outcome in outcomes:
            name, progress = outcome.artifact.filename, throughput.describe()
            self.on_progress(": ".join(filter(None, (self.source.id, name, progress))))
            if not self._load(outcome):
                unreadable.append(outcome)
            throughput.add(outcome.artifact, outcome.rows_in)
        if outcomes:
            self.on_progress(f"{self.source.id}: {throughput.describe()}")
        if self._withdraw(unreadable):
            for outcome in outcomes:
                if outcome.fault and outcome not in unreadable:
                    self._load(outcome)  # the history it belongs to may have had an edition that cannot be read
        return outcomes

    def _load(self, outcome: Outcome) -> bool:
        """Load an artifact and keep any fault in its outcome; return whether its file could be read."""
        artifact, outcome.fault = outcome.artifact, None
        where = f"{self.source.id}, {artifact.filename}"
        try:
            with one_file.faults_of(where):
                stated = self._stated(artifact)
                balance = self._read(artifact, stated)
        except EntrepotError as fault:
            outcome.fault = fault
            one_file.log(self.home, fault, where)
            return False
        outcome.count(balance)
        identity = backlog.identity(self.source, artifact, self.common)
        partition = Partition(self.source.id, facts.TRADE_BULK, stated.partition)
        try:
            with one_file.faults_of(where), transaction(self.con):
                outcome.change = self._write(artifact, stated, partition, balance)
                ledger.record(
                    self.con, artifact, partition.table, identity, balance, outcome.change, replaces_file=False
                )
        except EntrepotError as fault:
            outcome.fault = fault
            one_file.log(self.home, fault, where)
        return True

    def _withdraw(self, unreadable: list[Outcome]) -> bool:
        """Retract what earlier code read from files that today's code cannot read; return whether there was anything to retract."""
        gone = {o.artifact.artifact: o for o in unreadable if o.is_of_the_file}
        for _, name in editions.partitions_of(self.con, self.source.id, "artifact", list(gone)):
            with suppress(EntrepotError):  # another file cannot be read for now: the partition stays as it is
                for edition in self._retract(Partition(self.source.id, facts.TRADE_BULK, name), gone):
                    gone[edition.artifact].withdrawn += edition.rows_stated
        return any(outcome.withdrawn for outcome in unreadable)

    def _retract(self, partition: Partition, artifacts: Collection[str]) -> list[Edition]:
        """Retract the editions of some artifacts, and make the history again without them; return them."""
        with transaction(self.con):
            retracted = [e for e in editions.standing(self.con, partition) if e.artifact in artifacts]
            for edition in retracted:
                editions.retract(self.con, edition)
                ledger.record_withdrawn(self.con, self.source.id, edition.filename, edition.artifact)
            self._replay(partition)
        return retracted

    def _stated(self, artifact: Artifact) -> BulkPartition:
        stated = self.source.bulk_partition(artifact)
        if stated is None:
            raise TypeError(f"{self.source.id} does not declare {artifact.filename} to be of a bulk dataset")
        return stated

    # -- reading: the accepted rows of a file into the view "bulk_rows" -----------------------------------------

    def _read(self, artifact: Artifact, stated: BulkPartition) -> RowBalance:
        """Stage, check and split a file, and define the view ``bulk_rows`` over what was accepted.

        Raises BadData if too many rows are bad, or codes map to the same place; LayoutChanged, ArchiveDamaged.
        """
        where = f"{self.source.id}, {artifact.filename}"
        balance = self._split(artifact, stated, where)
        balance.check_not_empty(artifact)
        balance.check_share(self.settings.max_bad_share, artifact)
        for statement in stated.prepare:
            self.con.execute(statement)
        conflict = first(self.con.execute(stated.conflicts))
        if conflict:
            raise BadData(
                f"codes {conflict[0]} map to the same place, so their rows would collide: {where}. Where vocabulary/place_codes.csv "
                "of the home folder has one of them, give it a place of its own; else leave the file out"
            )
        types = {c.name: c.type for c in columns(facts.TRADE_BULK.stored)}
        self.con.execute(sql.render("load/bulk_rows.sql", columns=stated.columns, types=types, joins=stated.joins))
        return balance

    def _split(self, artifact: Artifact, stated: BulkPartition, where: str) -> RowBalance:
        """Read a file into ``staged`` and split it into the view ``accepted`` and quarantined rows."""
        dataset = self.source.dataset(artifact)
        with store.opened(self.home, artifact, self.home.scratch, is_checked=False) as opened:
            staged, raw_rows = self._stage(opened, dataset, where)
            constant = _constant_rules(stated.constants)
            split = validate.split(
                self.con, "staged", dataset.staged, staged.row_number, "accepted", constant, dataset.coded,
                removes=not staged.are_positions,
            )  # fmt: skip
            raw = raw_rows([number for number, _ in split.refused])
        if split.refused or split.rows_accepted <= validate.PROOF_BY_PANDERA_LIMIT:
            proof = validate.Proof(self.con)
            proof.add("accepted", dataset.staged, dataset.coded)
            proof.run()
        quarantined = _quarantined(split, raw, staged)
        return RowBalance(staged.rows + len(staged.set_aside), split.rows_accepted, quarantined)

    def _stage(
        self, opened: Opened, dataset: Dataset, where: str
    ) -> tuple[Staged, Callable[[Sequence[int]], dict[int, str]]]:
        """Read a file into ``staged``, the fast way as far as its records are plain; and what gives records as printed."""
        stage.forget_rejected(self.con)
        unusual = self._unusual_lines(opened)
        if unusual is not None:
            reading = MixedReading(self.con, opened, dataset, where, self.source.records, self.source.typed_reading)
            # Compiling rules takes a fifth of a second, most of it importing, in which DuckDB can read already.
            threading.Thread(target=rules, args=(dataset.staged,), daemon=True).start()
            staged = reading.stage(unusual)
            if staged is not None:
                return staged, reading.raw_rows
        relation = self.source.records(opened)
        return staged_as_text(self.con, relation, dataset, where), partial(stage.raw_rows, self.con, relation)

    def _unusual_lines(self, opened: Opened) -> list[Line] | None:
        """The records that cannot be read the fast way, None if none can; the file's hash is checked at the same time. Raises ArchiveDamaged."""
        with ThreadPoolExecutor(1) as beside:
            checked = beside.submit(store.verified_path, self.home, opened.artifact)
            typed = self.source.typed_reading(opened) if opened.path.exists() else None
            unusual = unusual_lines(opened.path, typed) if typed else None
            checked.result()
        return unusual

    # -- writing: the rows of "bulk_rows" into the partition's history ------------------------------------------

    def _write(self, artifact: Artifact, stated: BulkPartition, partition: Partition, balance: RowBalance) -> Change:
        """Bring the partition up to date. The caller holds the transaction."""
        before = editions.standing(self.con, partition)
        same = next((e for e in before if e.artifact == artifact.artifact), None)
        if same:  # the same bytes, read by other code: the history is made again
            editions.restate(self.con, same, balance.rows_accepted)
            return self._replay(partition)[same.edition]
        number = self._add_edition(artifact, stated, partition, balance)
        standing = editions.standing(self.con, partition)
        if standing[-1].edition != number:
            return self._replay(partition)[number]
        if before:
            self._check_none_lost(artifact, balance)
        change = history.append(BulkVersions(self.con, self._slice(stated)), before, standing[-1])
        history.check_not_gone(change, standing[-1], self.settings.max_gone_share)
        if not before and change.new != balance.rows_accepted:
            raise _rows_lost(artifact, balance, change.new)
        return change

    def _replay(self, partition: Partition) -> dict[int, Change]:
        """Make the partition's history again, reading the files of the standing editions from the archive one after the other."""
        archived = {a.artifact: a for a in store.manifests(self.home, self.source.id)}
        standing = editions.standing(self.con, partition)
        # Without an edition there is nothing to write, and no slice is needed.
        slice_number = self._slice(self._stated(archived[standing[0].artifact])) if standing else 0

        def read_rows(edition: Edition) -> None:
            artifact = archived[edition.artifact]
            self._check_none_lost(artifact, self._read(artifact, self._stated(artifact)))

        return history.replay(BulkVersions(self.con, slice_number, read_rows), partition)

    def _add_edition(self, artifact: Artifact, stated: BulkPartition, partition: Partition, balance: RowBalance) -> int:
        publisher, title, address = stated.citation
        citation = {"publisher": publisher, "title": title, "address": address}
        edition = StatedEdition(
            stated.dataset, stated.published_on, stated.published_precision, balance.rows_accepted, artifact.artifact
        )
        return editions.add(
            self.con, partition, edition, artifact, is_complete=True,
            citation=insert_numbered(self.con, meta.Citation, citation),
        )  # fmt: skip

    def _slice(self, stated: BulkPartition) -> int:
        """The number of the partition's slice, made if it is not there."""
        condition = " AND ".join(f'"{name}" IS NOT DISTINCT FROM ?' for name in stated.slice)
        query = f"SELECT slice FROM core.trade_slice WHERE {condition}"
        known = first(self.con.execute(query, list(stated.slice.values())))
        return int(known[0]) if known else insert_numbered(self.con, core.TradeSlice, stated.slice)

    def _check_none_lost(self, artifact: Artifact, balance: RowBalance) -> None:
        """Resolving codes to keys must lose and repeat no row. Raises RowsLost. A first edition is counted as it is written."""
        rows = validate.count(self.con, "bulk_rows")
        if rows != balance.rows_accepted:
            raise _rows_lost(artifact, balance, rows)


def _rows_lost(artifact: Artifact, balance: RowBalance, rows: int) -> RowsLost:
    return RowsLost(f"{balance.rows_accepted} rows are accepted, but {rows} have integer keys: {artifact.filename}")


def _constant_rules(constants: dict[str, int]) -> list[Rule]:
    return [
        Rule(f"{name}: is {value}, as the file's name says", f't0."{name}" = {value}', name)
        for name, value in constants.items()
    ]


def _quarantined(split: validate.Split, raw: dict[int, str], staged: Staged) -> tuple[QuarantinedRow, ...]:
    """Rows that broke a rule, and records that were set aside, in order of their numbers among all records."""

    def number_of(row: int) -> int:
        return stage.record_number(row, staged.set_aside) if staged.are_positions else row

    rows = [
        QuarantinedRow(
            number_of(n), "staged", _NAMED_ROW.sub(lambda row: f"{row[1]}{number_of(int(row[2]))}", broken), raw[n]
        )
        for n, broken in split.refused
    ]
    rows += [QuarantinedRow(n, "staged", fault, text) for n, (fault, text) in staged.set_aside.items()]
    return tuple(sorted(rows, key=lambda row: row.row_number))
