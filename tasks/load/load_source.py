"""Loading a source: which of its files are to be loaded, the loader for each of them, and what became of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import duckdb

from tasks.archive.store import Artifact
from tasks.contract.source import Source
from tasks.load import backlog, losses
from tasks.load import identity as load_identity
from tasks.load.bulk_loader import BulkLoader
from tasks.load.loader import Loader
from tasks.load.outcome import Outcome
from warehouse import one_file
from warehouse.errors import EntrepotError
from warehouse.settings import Home, Settings


@dataclass(frozen=True)
class SourceLoaded:
    """What loading a source did: an outcome for each file that was pending, and the rest.

    ``withdrawn`` are names of files that no longer come with the project; ``unchanged_files`` counts files that were loaded
    before, with the same bytes and code. ``lost`` says which figures are gone (tasks.load.losses).
    """

    outcomes: list[Outcome] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    unchanged_files: int = 0
    lost: list[str] = field(default_factory=list)


def load_source(
    con: duckdb.DuckDBPyConnection,
    home: Home,
    settings: Settings,
    source: Source,
    *,
    artifacts: Sequence[Artifact] | None = None,
    common: str | None = None,
    on_progress: Callable[[str], None] = lambda _: None,
) -> SourceLoaded:
    """Load what is archived of a source and not loaded yet, or not by this code.

    ``con`` is the writer's connection to a warehouse with its tables and reference tables. Files of a bulk dataset
    (``Source.bulk_partition``) are loaded one by one, all others together. A file that cannot be loaded has its fault in its
    outcome and keeps no other out. Each partition is loaded whole or not at all.

    ``artifacts`` are all files that there are of the source (backlog.artifacts_of): a loaded file that is not among them
    was withdrawn. ``common`` is the hash of what all loads depend on (tasks.load.identity.of_home). Either is worked out
    here if it is not given.

    Example: ``load_source(con, home, settings, sources.get("ecb.exr")).outcomes``
    """
    files = list(backlog.artifacts_of(home, source) if artifacts is None else artifacts)
    common = common or load_identity.of_home(home)
    pending = backlog.pending(con, source, files, common)
    withdrawn = backlog.withdrawn(con, source, files)
    if not pending and not withdrawn:
        return SourceLoaded(unchanged_files=len(files))
    bulk = [a for a in pending if _is_bulk(source, a)]
    others = [a for a in pending if a not in bulk]
    before = losses.current_figures(con, source.id)
    outcomes = Loader(con, home, settings, source, common, on_progress).load(others, withdrawn)
    outcomes += BulkLoader(con, home, settings, source, common, on_progress).load(bulk)
    lost = [
        *losses.describe(before, losses.current_figures(con, source.id) if before else {}),
        *losses.describe_contradictions(outcomes),
    ]
    losses.record(con, source.id, lost)
    return SourceLoaded(outcomes, withdrawn, len(files) - len(pending), lost)


def _is_bulk(source: Source, artifact: Artifact) -> bool:
    """Whether a file is of a bulk dataset; also if the source cannot say of which partition, which its loader reports."""
    try:
        with one_file.faults_of(f"{source.id}, {artifact.filename}"):
            return source.bulk_partition(artifact) is not None
    except EntrepotError:
        return True
