"""Running flows for a person at a terminal: Prefect is started only if there is something to do, and faults are told."""

from collections.abc import Callable

from flows import progress, runtime
from flows.cli import interrupt
from flows.progress import PullListener
from flows.report import BuildReport
from tasks.archive.store import Artifact
from tasks.contract.service import Selection
from tasks.fetch.cancel import Cancellation
from tasks.fetch.probe import Probed
from tasks.fetch.report import PullProgress, PullReport
from tasks.load import backlog
from tasks.publish.work import find_work
from warehouse import connection, ddl
from warehouse.settings import Settings
from warehouse.writer_lock import background_writer, only_writer


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
            flow(
                _of_flow(settings), source_ids, f"{selection.first}:{selection.last}", list(selection.reporters),
                list(selection.partners), list(selection.products), on_fault="tell",
            )  # fmt: skip
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


def build(settings: Settings, on_progress: Callable[[str], None], *, anew: bool = False) -> BuildReport:
    """Build and publish; Prefect is started only if there is something to do. ``anew``: the warehouse is made again from the archive.

    Raises EntrepotError.
    """
    home = settings.home_folder
    with background_writer(home, settings.wait_seconds, on_progress):
        if anew and (aside := connection.set_aside(home)):
            on_progress(
                f"the warehouse is made again from the archive; the old file is {aside} and can be removed when the build has ended well"
            )
        work = find_work(settings)
        if work.is_nothing:
            published = str(home.published_file)
            return BuildReport(unchanged_files=work.unchanged, published=published, damaged=work.damaged)
        runtime.prepare(home)
        on_progress("starting Prefect")
        from flows.build import build as flow  # two seconds to import, ten to start: only if there is work

        with progress.listening_to_build(on_progress):
            built: BuildReport = flow(_of_flow(settings), on_fault="tell")
            return built


def monitor(settings: Settings, source_ids: list[str], on_progress: Callable[[str], None]) -> list[Probed]:
    """Ask services for their smallest answers; return what came of each. Raises EntrepotError."""
    connection.make_folders(settings.home_folder)
    runtime.prepare(settings.home_folder)
    on_progress("starting Prefect")
    from flows.monitor import monitor as flow

    with progress.listening_to_build(on_progress):
        probed: list[Probed] = flow(_of_flow(settings), source_ids, on_fault="tell")
        return probed


def write_report(settings: Settings, on_progress: Callable[[str], None]) -> str:
    """Write the report site of what is published, and say where it is. Raises EntrepotError."""
    from tasks.report import site  # draws charts: a second to import
    from tasks.report.contents import makers

    written = site.write(settings.home_folder, makers(settings.home_folder), on_progress)
    return f"report site {'written' if written.is_new else 'up to date'}: {written.pages} pages, {written.index}"


def _of_flow(settings: Settings) -> Settings:
    """The settings with the home folder as an absolute path, so that the parameters of the flow say which one it is."""
    return settings.model_copy(update={"home": settings.home_folder.root})
