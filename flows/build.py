"""``build``: the main job. Everything archived and bundled is loaded, checked and published."""

from dataclasses import replace

import duckdb
from prefect import flow
from prefect.artifacts import create_markdown_artifact

from flows import assets, job, progress
from flows.ingest import ingest
from flows.job import OnFault
from flows.publish import publish
from flows.report import BuildReport, FileReport
from tasks.ask.missing_rates import missing_rates
from tasks.load import disk_space, losses
from tasks.publish import check, gravity
from tasks.publish import work as works
from warehouse import connection
from warehouse.errors import EntrepotError
from warehouse.settings import Settings


@flow(name="build")
def build(
    settings: Settings = Settings(),  # noqa: B008  frozen, and made of nothing but defaults
    source_ids: list[str] | None = None,
    on_fault: OnFault = "fail",
) -> BuildReport:
    """Load, check and publish what is archived and bundled; leave an artifact that says what was done.

    Args:
        settings: Where the home folder is and how much of the machine a build may use, such as {"home": "/srv/entrepot", "keep_releases": 9}.
        source_ids: Ids of the sources to load, such as ["worldbank.wdi"]; all of them if none is named.
        on_fault: "fail" ends the run as failed where a file could not be loaded (the rest is loaded and published all the same); "tell" ends it
            as "Completed with faults".
    """
    with job.watched(settings, "build"):
        with job.writing(settings):
            work = works.find_work(settings)
            published_file = str(settings.home_folder.published_file)
            if work.is_nothing:
                report = BuildReport(unchanged_files=work.unchanged, published=published_file, damaged=work.damaged)
                if work.damaged:
                    return job.ended(report, report.sentences()[0], report.wrong, on_fault)
                return job.nothing_to_do(report, f"{work.unchanged} files are loaded and published")
            disk_space.check(settings.home_folder, work.pending)
            report = replace(_build(settings, source_ids), damaged=work.damaged)
        _leave_artifact(report)
        return job.ended(report, report.sentences()[0], report.wrong, on_fault)


def _build(settings: Settings, source_ids: list[str] | None) -> BuildReport:
    files, withdrawn, unchanged = ingest(settings, source_ids, on_fault="tell")
    _say_loaded(files)
    try:
        published = publish(settings)
    except EntrepotError as fault:
        _leave_artifact(
            BuildReport(files, withdrawn, unchanged, str(settings.home_folder.published_file), publish_fault=str(fault))
        )
        raise
    with connection.reader(settings.home_folder) as con:
        rates = [rate.describe() for rate in missing_rates(con)]
        lost = losses.recorded(con)
        left_out = gravity.left_out(con)
        violated = check.errors(con)
        if published.release:
            assets.published(published.release, _sources_of(con))
            progress.report_release(published.release, {"files": len(files), "violated_checks": len(violated)})
    return BuildReport(
        files, withdrawn, unchanged, str(published.path), published.release, rates, lost, left_out, violated
    )


def _say_loaded(files: list[FileReport]) -> None:
    """Show the sources of which files were loaded as assets."""
    good = [file for file in files if not file.fault]
    for source_id in sorted({file.source for file in good}):
        of_source = [file for file in good if file.source == source_id]
        assets.loaded(source_id, {"files": len(of_source), "rows": sum(file.accepted for file in of_source)})


def _sources_of(con: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """The sources whose figures each stored table has."""
    query = "SELECT table_name, list(DISTINCT source ORDER BY source) FROM meta.editions WHERE retracted_at IS NULL GROUP BY ALL"
    return dict(con.execute(query).fetchall())


def _leave_artifact(report: BuildReport) -> None:
    create_markdown_artifact(report.markdown(), key="build", description="What the last build did")
