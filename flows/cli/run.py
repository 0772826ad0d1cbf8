"""Running a build for a person: one writer at a time, Prefect only if there is something to do."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from filelock import FileLock, Timeout

from flows import progress, runtime
from flows.cli import interrupt
from flows.progress import PullListener
from flows.report import BuildReport
from tasks import sources
from tasks.archive.store import Artifact
from tasks.contract.service import Selection
from tasks.fetch.cancel import Cancellation
from tasks.fetch.report import PullProgress, PullReport
from tasks.identity import fingerprint
from tasks.load import backlog, disk_space
from tasks.load import identity as load_identity
from tasks.publish import identity as release_identity
from tasks.publish import release
from warehouse import connection, ddl, file_version
from warehouse.errors import Busy, HomeError
from warehouse.settings import Home, Settings


@contextmanager
def only_writer(home: Home, wait_seconds: float, on_progress: Callable[[str], None]) -> Iterator[None]:
    """Hold the home folder's writer lock; wait for another build that far. Raises Busy, or HomeError."""
    connection.make_folders(home)
    lock = FileLock(home.lock)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        on_progress(f"another build is writing to {home.root}; waiting up to {wait_seconds:g} seconds for it")
        try:
            lock.acquire(timeout=wait_seconds)
        except Timeout:
            raise Busy(f"another build is still writing to {home.root}; try again when it is done") from None
    except OSError as fault:  # Timeout is one, too
        raise HomeError(f"{home.lock} cannot be locked: {fault.strerror or fault}") from fault
    try:
        yield
    finally:
        lock.release()


def pull(
    settings: Settings, source_ids: list[str], selection: Selection, on_pull: PullListener,
    on_progress: Callable[[str], None], cancellation: Cancellation,
) -> list[PullReport]:  # fmt: skip
    """Pull from sources until they are done or ``cancellation`` is requested; return the reports of those that ended.

    Takes no writer lock: a pull only adds to the archive.
    """
    home, reports = settings.home_folder, dict[str, PullReport]()
    connection.make_folders(home)

    def listen(state: PullProgress | PullReport) -> None:
        if isinstance(state, PullReport):
            reports[state.source] = state
        on_pull(state)

    with interrupt.cancelled_by_interrupt(
        cancellation
    ):  # before Prefect starts its server, which must not get the signal
        runtime.prepare(home)
        on_progress("starting Prefect")
        from flows.pull import pull as flow

        with progress.listening_to_pulls(listen, cancellation):
            flow(_of_flow(settings), source_ids, selection)
    return [reports[source_id] for source_id in source_ids if source_id in reports]


def leave_out(
    settings: Settings, file: str, source: str | None, why: str, on_progress: Callable[[str], None]
) -> list[Artifact]:
    """Have builds leave out a file that cannot be loaded; return what is left out. Raises EntrepotError."""
    home = settings.home_folder
    with only_writer(home, settings.wait_seconds, on_progress), connection.writer(home, settings) as con:
        ddl.create_tables(con)
        return backlog.leave_out(con, home, file, source, why)


def replay(
    settings: Settings, source: str | None, files: list[str] | None, on_progress: Callable[[str], None]
) -> BuildReport:
    """Make the files with quarantined rows pending again, and build. Raises EntrepotError."""
    home = settings.home_folder
    with only_writer(home, settings.wait_seconds, on_progress), connection.writer(home, settings) as con:
        if connection.has_tables(con):
            backlog.forget_quarantined(con, source, files)
    return build(settings, on_progress)


def build(settings: Settings, on_progress: Callable[[str], None]) -> BuildReport:
    """Build and publish. Raises EntrepotError."""
    home = settings.home_folder
    with only_writer(home, settings.wait_seconds, on_progress):
        _lower_priority()
        connection.clear_scratch(home)
        work = find_work(settings)
        if work.is_nothing:
            return BuildReport(unchanged_files=work.unchanged, published=str(home.published_file))
        disk_space.check(home, work.pending)
        runtime.prepare(home)
        on_progress("starting Prefect")
        from flows.build import build as flow  # two seconds to import, ten to start: only if there is work

        with progress.listening_to_build(on_progress):
            return flow(_of_flow(settings))


def write_report(settings: Settings, on_progress: Callable[[str], None]) -> str:
    """Write the report site of what is published, and say where it is. Raises EntrepotError."""
    from tasks.report import site  # draws charts: a second to import
    from tasks.report.contents import makers

    written = site.write(settings.home_folder, makers(settings.home_folder), on_progress)
    return f"report site {'written' if written.is_new else 'up to date'}: {written.pages} pages, {written.index}"


def _of_flow(settings: Settings) -> Settings:
    """The settings with the home folder as an absolute path, so that the parameters of the flow say which one it is."""
    return settings.model_copy(update={"home": settings.home_folder.root})


#: The priority of a build, on the scale of `nice`.
_NICE = 10


def _lower_priority() -> None:
    """Let readers have the processor first: they wait for an answer, and a build takes minutes in any case."""
    if hasattr(os, "nice") and os.nice(0) < _NICE:
        os.nice(_NICE - os.nice(0))


@dataclass(frozen=True)
class Work:
    """What a build has to do: the files to load, and how many are unchanged. ``is_nothing``: these are published, too."""

    pending: list[Artifact]
    unchanged: int
    is_nothing: bool


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
        identity = release_identity.of_release(con)
    is_nothing = not pending and not are_withdrawn and release.is_current(home, identity)
    return Work(pending, len(everything) - len(pending), is_nothing)
