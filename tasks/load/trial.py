"""Reading files as far as a load would before they are archived, so that nothing is adopted that builds refuse.

It is done in a temporary home folder with a warehouse of its own, made when the first file is read. Large files of bulk datasets
are not read: that takes as long as loading them.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import duckdb

from tasks.archive import store
from tasks.archive.store import Artifact
from tasks.contract.service import AnswerRead, Scope
from tasks.contract.source import Source
from tasks.load import asked, conform, dry_run, stage, vocabulary
from tasks.load.outcome import RowBalance
from warehouse import one_file
from warehouse.settings import Home, Settings

#: A larger file of a bulk dataset is not read, bytes.
MOST_BULK = 16 * 1024**2

#: How hints name a file that is not archived, so that its name alone finds nothing, or another one.
_NAMED = "FILE"


class Trial:
    """Reads files of any source; ``examine`` is what tasks.intake.accept calls before it archives one."""

    def __init__(self, settings: Settings, cleanup: ExitStack) -> None:
        self._settings, self._cleanup = settings, cleanup
        self._opened: tuple[duckdb.DuckDBPyConnection, Home] | None = None

    def examine(self, source: Source, artifact: Artifact, path: Path) -> str | None:
        """A remark on what a build would not load of a file; None if it would load all of it.

        ``path`` has the bytes of the artifact, or of the archive that it is a member of. Raises EntrepotError for a file that a
        build would refuse.
        """
        return self.examine_answer(source, artifact, path, Scope()).remark

    def examine_answer(self, source: Source, artifact: Artifact, path: Path, scope: Scope) -> AnswerRead:
        """As ``examine``, of an answer to a request that asks for the cells of ``scope``. Raises NotAsked for figures of others."""
        where = f"{source.id}, {artifact.filename}"
        with one_file.faults_of(where):
            if source.bulk_partition(artifact) and artifact.size_bytes > MOST_BULK:
                return AnswerRead("its rows are checked when it is loaded")
            con, home = self._warehouse()
            _forget_rows(con)
            with _in_archive(home, artifact, path):
                dataset = source.dataset(artifact)
                balance = conform.conform(con, home, source, artifact, None, home.scratch, is_loading=True)
                balance.check_not_empty(artifact, _NAMED)
                balance.check_share(dataset.max_bad_share or self._settings.max_bad_share, artifact, _NAMED)
                asked.check(con, dataset.conforms, scope, where)
                set_aside = stage.rejected(con) if source.bulk_partition(artifact) else {}
                remarks = _remark(balance), _record_remark(set_aside), _end_remark(artifact, path)
                remark = "; ".join(filter(None, remarks)) or None
                return AnswerRead(remark, asked.coverage(con, dataset.conforms, scope))

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The connection to the temporary warehouse, in whose views the file that was read last is."""
        return self._warehouse()[0]

    def _warehouse(self) -> tuple[duckdb.DuckDBPyConnection, Home]:
        if self._opened is None:
            self._opened = self._cleanup.enter_context(dry_run.temporary_warehouse(self._settings))
            # Each file is read once or twice: what a cache kept of it would be of no use, and grow with the number of files.
            self._opened[0].execute("SET enable_external_file_cache = false")
        return self._opened


@contextmanager
def trial(settings: Settings) -> Iterator[Trial]:
    """A trial whose temporary warehouse is removed at the end."""
    with ExitStack() as cleanup:
        yield Trial(settings, cleanup)


def _forget_rows(con: duckdb.DuckDBPyConnection) -> None:
    """Drop the tables with rows and rejected records of the file that was read before: each kind of figure has one, as large as the file."""
    names = con.execute("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall()
    for (name,) in names:
        con.execute(f'DROP TABLE "{name}"')


@contextmanager
def _in_archive(home: Home, artifact: Artifact, path: Path) -> Iterator[None]:
    """Let a file be read as if it were archived in ``home``, without a copy of its bytes."""
    place = store.object_path(home, artifact.stored_as)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    place.symlink_to(path.absolute())
    try:
        yield
    finally:
        place.unlink()


def _end_remark(artifact: Artifact, path: Path) -> str | None:
    """What is told of a table that ends within a line. A last record with too few fields stops a file; a last number that is cut does not."""
    if artifact.member or artifact.media_type != "text/csv" or artifact.encoding:
        return None
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        is_ended = file.read().isspace()
    return None if is_ended else "the text ends within its last line: if the download was cut, the last number is too"


def _record_remark(set_aside: Mapping[int, tuple[str, str]]) -> str | None:
    """What is told of records of a bulk file that are no records of its table."""
    if not set_aside:
        return None
    number = min(set_aside)
    return f"{len(set_aside)} records will be quarantined, the first of them record {number} ({set_aside[number][0]})"


def _remark(balance: RowBalance) -> str | None:
    if not balance.quarantined:
        return None
    first = balance.quarantined[0]
    told = (
        f"{len(balance.quarantined)} of {balance.rows_in} rows will be quarantined, the first of them row {first.row_number} "
        f"({first.rules})"
    )
    return f"{told}. {advice.strip()}" if (advice := vocabulary.advice_on(first.rules, first.raw)) else told
