"""``ingest``: load what is archived of the sources and not loaded yet, or not by this code."""

from concurrent.futures import ThreadPoolExecutor

from prefect import flow, task

from flows import job, progress
from flows.job import OnFault
from flows.report import FileReport
from tasks import sources
from tasks.archive.store import Artifact
from tasks.contract.source import Source
from tasks.identity import fingerprint
from tasks.load import backlog, reference
from tasks.load import identity as load_identity
from tasks.load import load_source as steps
from tasks.load.outcome import Outcome
from warehouse import connection, ddl
from warehouse.settings import Home, Settings


@task(name="reference tables")
def load_reference(settings: Settings) -> bool:
    """Bring tables, views and reference tables up to date; return whether the reference tables changed."""
    with connection.writer(settings.home_folder, settings) as con:
        ddl.create_tables(con)
        changed = reference.load(con, vocabulary=settings.home_folder.vocabulary)
        ddl.create_views(con)
        return changed


@task(name="load")
def load_source(settings: Settings, source_id: str) -> tuple[list[FileReport], list[str], int]:
    """Load a source; return a report a file, names of withdrawn files, and how many files were unchanged."""
    home = settings.home_folder
    # Importing the source and listing its files takes as long as DuckDB takes to open the warehouse.
    with ThreadPoolExecutor(1) as beside:
        available = beside.submit(_available, home, source_id)
        with connection.writer(home, settings) as con:
            source, artifacts, common = available.result()
            loaded = steps.load_source(
                con, home, settings, source, artifacts=artifacts, common=common, on_progress=progress.report_message
            )
    files = [_file_report(o) for o in loaded.outcomes]
    for file in files:
        progress.report_file(file)
    return files, loaded.withdrawn, loaded.unchanged_files


def _available(home: Home, source_id: str) -> tuple[Source, list[Artifact], str]:
    """A source, what is archived of it, and what all loads have in common."""
    fingerprint.keep_in(home.fingerprints)
    source = sources.get(source_id)
    return source, backlog.artifacts_of(home, source), load_identity.of_home(home)


@flow(name="ingest")
def ingest(
    settings: Settings = Settings(),  # noqa: B008  frozen, and made of nothing but defaults
    source_ids: list[str] | None = None,
    on_fault: OnFault = "fail",
) -> tuple[list[FileReport], list[str], int]:
    """Load what is archived of the sources, one source after the other: the warehouse has one writer. Nothing is published.

    Args:
        settings: Where the home folder is and how much of the machine a load may use.
        source_ids: Ids of the sources to load; all of them if none is named.
        on_fault: "fail" ends the run as failed where a file could not be loaded (the rest is loaded all the same); "tell" ends it as
            "Completed with faults".
    """
    with job.watched(settings, "ingest"):
        files: list[FileReport] = []
        withdrawn: list[str] = []
        unchanged = 0
        with job.writing(settings):
            load_reference(settings)
            wanted = source_ids or list(sources.all_sources())
        for source_id in progress.counted(wanted, "sources loaded"):
            loaded, gone, same = load_source.with_options(name=f"load {source_id}")(settings, source_id)
            files, withdrawn, unchanged = files + loaded, withdrawn + gone, unchanged + same
        message = f"{len(files)} files read, {unchanged} unchanged"
        faults = [f"not loaded: {file.fault_with_name}" for file in files if file.fault]
        return job.ended((files, withdrawn, unchanged), message, faults, on_fault)


def _file_report(outcome: Outcome) -> FileReport:
    change = outcome.change
    return FileReport(
        source=outcome.artifact.source, filename=outcome.artifact.filename, artifact=outcome.artifact.artifact,
        rows_in=outcome.rows_in, accepted=outcome.rows_accepted, quarantined=outcome.rows_quarantined,
        set_aside=outcome.rows_set_aside,
        new=change.new, revised=change.revised, gone=change.gone, unchanged=change.unchanged,
        fault=outcome.fault_message,
    )  # fmt: skip
