"""What a build has to do: which archived files are to be loaded, and whether what is published is up to date."""

from dataclasses import dataclass, field

from tasks import sources
from tasks.archive import health
from tasks.archive.store import Artifact
from tasks.identity import fingerprint
from tasks.load import backlog
from tasks.load import identity as load_identity
from tasks.publish import identity as release_identity
from tasks.publish import release
from warehouse import connection, file_version
from warehouse.settings import Settings


@dataclass(frozen=True)
class Work:
    """What a build has to do: the files to load, and how many are unchanged. ``is_nothing``: these are published, too.

    ``damaged`` says which archived files that were loaded are missing or have changed since.
    """

    pending: list[Artifact]
    unchanged: int
    is_nothing: bool
    damaged: list[str] = field(default_factory=list)


def find_work(settings: Settings) -> Work:
    """What there is to do for a build. It adds the bundled files to the archive and changes nothing else."""
    home = settings.home_folder
    fingerprint.keep_in(home.fingerprints)
    artifacts = {source.id: backlog.artifacts_of(home, source) for source in sources.all_sources().values()}
    everything = [a for of_source in artifacts.values() for a in of_source]
    if not home.warehouse.exists():
        return Work(everything, 0, False)
    common, pending, are_withdrawn = load_identity.of_home(home), list[Artifact](), False
    with connection.writer(home, settings) as con:
        if not connection.has_tables(con):
            return Work(everything, 0, False)
        file_version.check(con)
        for source in sources.all_sources().values():
            pending += backlog.pending(con, source, artifacts[source.id], common)
            are_withdrawn |= bool(backlog.withdrawn(con, source, artifacts[source.id]))
        identity = release_identity.of_release(con, home.checks)
    is_nothing = not pending and not are_withdrawn and release.is_current(home, identity)
    loaded = [artifact for artifact in everything if artifact not in pending]
    return Work(pending, len(everything) - len(pending), is_nothing, health.damaged(home, loaded))
