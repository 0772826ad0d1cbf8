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
    settings: Settings, filename: str, source: str | None, why: str, on_progress: Callable[[str], None]
) -> list[Artifact]:
    """Have builds leave out a file that cannot be loaded; return what is left out. Raises EntrepotError."""
    home = settings.home_folder
    with only_writer(home, settings.wait_seconds, on_progress), connection.writer(home, settings) as con:
        ddl.create_tables(con)
        return backlog.leave_out(con, home, filename, source, why)


def replay(
    settings: Settings, source: str | None, filename: str | None, on_progress: Callable[[str], None]
) -> BuildReport:
    """Forget that the files with refused rows were loaded, and build. Raises EntrepotError."""
    home = settings.home_folder
    with only_writer(home, settings.wait_seconds, on_progress), connection.writer(home, settings) as con:
        if connection.has_tables(con):
            backlog.forget_quarantined(con, source, filename)
    return build(settings, on_progress)


def build(settings: Settings, on_progress: Callable[[str], None]) -> BuildReport:
    """Build and publish. Raises EntrepotError."""
    home = settings.home_folder
    with only_writer(home, settings.wait_seconds, on_progress):
        _give_way()
        connection.clear_scratch(home)
        found = look(settings)
        if found.is_nothing:
            return BuildReport(unchanged_files=found.unchanged, published=str(home.published_file))
        disk_space.check(home, found.pending)
        runtime.prepare(home)
        on_progress("starting Prefect")
        from flows.build import build as flow  # two seconds to import, ten to start: only if there is work

        with progress.listening_to_build(on_progress):
            return flow(_of_flow(settings))


def _of_flow(settings: Settings) -> Settings:
    """The settings as a flow gets them: whoever looks at its parameters elsewhere sees which folder is meant."""
    return settings.model_copy(update={"home": settings.home_folder.root})


#: How far a build stands back for others, on the scale of `nice`.
_NICE = 10


def _give_way() -> None:
    """Let readers have the processor first: a build takes minutes whatever they do, and they wait for an answer."""
    if hasattr(os, "nice") and os.nice(0) < _NICE:
        os.nice(_NICE - os.nice(0))


@dataclass(frozen=True)
class ToDo:
    """What a build has to do: files to load; how many are loaded as they are. ``is_nothing``: and they are published."""

    pending: list[Artifact]
    unchanged: int
    is_nothing: bool


def look(settings: Settings) -> ToDo:
    """See what there is to do, without doing any of it."""
    home = settings.home_folder
    fingerprint.keep_in(home.fingerprints)
    artifacts = {source.id: backlog.artifacts_of(home, source) for source in sources.all_sources().values()}
    everything = [a for found in artifacts.values() for a in found]
    if not home.warehouse.exists():
        return ToDo(everything, 0, False)
    common, pending, are_withdrawn = load_identity.of_loading(), list[Artifact](), False
    with connection.writer(home, settings) as con:
        if not connection.has_tables(con):
            return ToDo(everything, 0, False)
        file_version.check(con)
        for source in sources.all_sources().values():
            pending += backlog.pending(con, source, artifacts[source.id], common)
            are_withdrawn |= bool(backlog.withdrawn(con, source, artifacts[source.id]))
        made_from = release_identity.of_release(con)
    is_nothing = not pending and not are_withdrawn and release.is_current(home, made_from)
    return ToDo(pending, len(everything) - len(pending), is_nothing)
