"""Loading datasets of many millions of rows: one file is one edition of one partition.

The same schema, rules and versions as everywhere, with fewer copies: the file is read once into a typed
temporary table, marked in one scan, and written to the stored table through a view that resolves codes to
integer keys. What is the same for a whole partition is one row (core.trade_slice, core.trade_part, meta.editions).
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import duckdb

from schemas import core, meta
from schemas.base import columns, table_name
from schemas.rules import Rule, rules
from tasks.archive import store
from tasks.archive.store import Artifact, Opened
from tasks.contract import facts
from tasks.contract.dataset import Dataset, Keyed, Plain
from tasks.contract.source import Source
from tasks.load import backlog, bulk_versions, ledger, stage, validate, versions
from tasks.load.conform import Refused, check_share
from tasks.load.loader import Outcome
from tasks.load.plain_csv import define_codes, is_plain
from tasks.load.throughput import Pace
from tasks.load.versions import Change, Edition
from warehouse import sql
from warehouse.connection import first, transaction
from warehouse.errors import BadData, EntrepotError, RowsLost
from warehouse.rows import insert_numbered
from warehouse.settings import Home, Settings

_STORED = facts.TRADE_BULK.stored


@dataclass(frozen=True)
class _Read:
    """The balance of a file that was read; its accepted rows are in the view ``keyed``."""

    rows_in: int
    rows_accepted: int
    refused: tuple[Refused, ...]


class BulkLoader:
    """Loads a source's bulk artifacts one after the other, each in one transaction."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        home: Home,
        settings: Settings,
        source: Source,
        common: str,
        progress: Callable[[str], None],
    ) -> None:
        self.con, self.home, self.settings, self.source = con, home, settings, source
        self.common, self.progress = common, progress

    def load(self, artifacts: list[Artifact]) -> list[Outcome]:
        """Load artifacts; a damaged one does not keep the others out."""
        outcomes, pace = [], Pace(artifacts)
        for artifact in artifacts:
            outcome = Outcome(artifact)
            self.progress(": ".join(filter(None, (self.source.id, artifact.filename, pace.told()))))
            try:
                self._load(artifact, outcome)
            except EntrepotError as fault:
                outcome.fault = fault
            outcomes.append(outcome)
            pace.done(artifact, outcome.rows_in)
        if outcomes:
            self.progress(f"{self.source.id}: {pace.told()}")
        return outcomes

    def _load(self, artifact: Artifact, outcome: Outcome) -> None:
        dataset, keyed = self.source.dataset(artifact), _keyed(self.source, artifact)
        read = self._read(artifact, dataset, keyed)
        outcome.rows_in, outcome.rows_accepted = read.rows_in, read.rows_accepted
        outcome.rows_quarantined = len(read.refused)
        with transaction(self.con):
            outcome.change = self._write(artifact, keyed, read)
            balance = ledger.Balance(read.rows_in, read.rows_accepted, read.refused, outcome.change)
            known_as = backlog.identity(self.source, artifact, self.common)
            ledger.record(self.con, artifact, table_name(_STORED), known_as, balance, replaces_file=False)

    def _read(self, artifact: Artifact, dataset: Dataset, keyed: Keyed) -> _Read:
        """Stage, check and split a file, and prepare the view ``keyed`` over what was accepted."""
        where = f"{self.source.id}, {artifact.filename}"
        with store.opened(self.home, artifact, self.home.scratch, is_checked=False) as opened:
            relation = self.source.text(opened)
            rows_read, set_aside = self._stage(opened, relation, dataset, where)
            split = validate.split(
                self.con,
                "staged",
                dataset.staged,
                stage.ROW_NUMBER,
                "accepted",
                _constant_rules(keyed.constants),
                dataset.coded,
            )
            raw = stage.raw_rows(self.con, relation, (n for n, _ in split.refused))
        if split.refused or split.rows_accepted <= validate.PROOF_BY_PANDERA_LIMIT:
            proof = validate.Proof(self.con)
            proof.add("accepted", dataset.staged, dataset.coded)
            proof.run()
        refused = [Refused(stage.numbered(n, set_aside), "staged", rules, raw[n]) for n, rules in split.refused]
        refused += [Refused(n, "staged", fault, text) for n, (fault, text) in set_aside.items()]
        refused.sort(key=lambda r: r.row_number)
        rows_in = rows_read + len(set_aside)
        check_share(rows_in, tuple(refused), self.settings.max_bad_share, where)
        for statement in keyed.prepare:
            self.con.execute(statement)
        if found := first(self.con.execute(keyed.conflicts)):
            raise BadData(f"{where}: the codes {found[0]} stand for one place, and their rows would be one figure")
        self._define_keyed(keyed)
        return _Read(rows_in, split.rows_accepted, tuple(refused))

    def _stage(
        self, opened: Opened, relation: str, dataset: Dataset, where: str
    ) -> tuple[int, dict[int, tuple[str, str]]]:
        """Read a file into ``staged``, the fast way if its text is plain; the number of rows, and the records set aside."""
        stage.forget_rejected(self.con)
        plain = self._plain(opened)
        if plain:
            define_codes(self.con, opened.path, plain)
            # Compiling rules takes a fifth of a second, most of it importing, in which DuckDB can read already.
            threading.Thread(target=rules, args=(dataset.staged,), daemon=True).start()
            rows = stage.stage_plain(self.con, plain.relation, dataset.staged)
            if rows is not None:
                return rows, {}
        return stage.stage(self.con, relation, dataset.staged, dataset.ignored, where), stage.rejected(self.con)

    def _plain(self, opened: Opened) -> Plain | None:
        """How to read a file the fast way, if it is plain; its hash is checked at the same time. Raises ArchiveDamaged."""
        with ThreadPoolExecutor(1) as beside:
            checked = beside.submit(store.verified_path, self.home, opened.artifact)
            plain = self.source.plain(opened) if opened.path.exists() else None
            found = plain if plain and is_plain(opened.path, plain) else None
            checked.result()
        return found

    def _define_keyed(self, keyed: Keyed) -> None:
        types = {c.name: c.type for c in columns(_STORED)}
        self.con.execute(sql.render("load/keyed.sql", columns=keyed.columns, types=types, joins=keyed.joins))

    def _slice(self, keyed: Keyed) -> int:
        """The number of the partition's slice, made if it is not there."""
        names, values = list(keyed.slice), list(keyed.slice.values())
        condition = " AND ".join(f'"{n}" IS NOT DISTINCT FROM ?' for n in names)
        known = first(self.con.execute(f"SELECT slice FROM core.trade_slice WHERE {condition}", values))
        return known[0] if known else insert_numbered(self.con, core.TradeSlice, keyed.slice)

    def _write(self, artifact: Artifact, keyed: Keyed, read: _Read) -> Change:
        """Bring the partition up to date. The caller holds the transaction."""
        before = self._editions(keyed)
        same = [e for e in before if e.artifact == artifact.artifact]
        if same:  # the same bytes, read by other code: the history is made again
            self._restate(same[0], read)
            return self._replay(keyed, same[0].edition)
        number = self._add_edition(artifact, keyed, read)
        standing = self._editions(keyed)
        if standing[-1].edition != number:
            return self._replay(keyed, number)
        if len(standing) > 1:
            _check_none_lost(artifact, read, validate.count(self.con, "keyed"))
        change = bulk_versions.append(self.con, standing[:-1], standing[-1], self._slice(keyed))
        if len(standing) == 1:
            _check_none_lost(artifact, read, change.new)
        return change

    def _editions(self, keyed: Keyed) -> list[Edition]:
        return versions.editions(self.con, self.source.id, facts.TRADE_BULK, keyed.partition)

    def _restate(self, edition: Edition, read: _Read) -> None:
        self.con.execute(
            "UPDATE meta.editions SET rows_stated = ? WHERE edition = ?", [read.rows_accepted, edition.edition]
        )

    def _replay(self, keyed: Keyed, number: int) -> Change:
        """Make the partition's history again, reading each edition's file from the archive in its turn."""
        known = {a.artifact: a for a in store.manifests(self.home, self.source.id)}

        def landed(edition: Edition) -> None:
            other = known[edition.artifact]
            read = self._read(other, self.source.dataset(other), _keyed(self.source, other))
            _check_none_lost(other, read, validate.count(self.con, "keyed"))

        return bulk_versions.replay(self.con, self.source.id, keyed.partition, self._slice(keyed), landed)[number]

    def _add_edition(self, artifact: Artifact, keyed: Keyed, read: _Read) -> int:
        publisher, title, address = keyed.citation
        citation = {"publisher": publisher, "title": title, "address": address}
        return insert_numbered(
            self.con,
            meta.Edition,
            {
                "source": self.source.id,
                "dataset": keyed.dataset,
                "table_name": table_name(_STORED),
                "partition": keyed.partition,
                "published_on": keyed.published_on,
                "published_precision": keyed.published_precision,
                "known_from": artifact.received_at,
                "artifact": artifact.artifact,
                "filename": artifact.filename,
                "is_complete": True,
                "rows_stated": read.rows_accepted,
                "content_hash": artifact.artifact,
                "citation": insert_numbered(self.con, meta.Citation, citation),
            },
        )


def _check_none_lost(artifact: Artifact, read: _Read, keyed: int) -> None:
    """Resolving codes to keys must lose and repeat no row. Raises RowsLost."""
    if keyed != read.rows_accepted:
        raise RowsLost(f"{artifact.filename}: {read.rows_accepted} rows accepted, but {keyed} have their keys")


def _constant_rules(constants: dict[str, int]) -> list[Rule]:
    return [
        Rule(f"{name}: is {value}, as the file's name says", f't0."{name}" = {value}', name)
        for name, value in constants.items()
    ]


def _keyed(source: Source, artifact: Artifact) -> Keyed:
    keyed = source.keyed(artifact)
    assert keyed is not None  # the caller asks only for bulk artifacts
    return keyed
