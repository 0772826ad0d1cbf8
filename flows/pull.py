"""``pull``: ask publishers for what is new and archive it, several publishers at once, each within its rate limit."""

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.task_runners import ThreadPoolTaskRunner

from flows import progress
from flows.report import pull_markdown
from tasks import sources
from tasks.contract.service import Selection
from tasks.fetch import pull as steps
from tasks.fetch.report import PullReport
from warehouse.errors import EntrepotError
from warehouse.settings import Settings

#: Publishers that are pulled from at once; a pull waits more than it works.
_AT_ONCE = 4


@task(name="pull source")
def pull_source(settings: Settings, source_id: str, selection: Selection) -> PullReport:
    """Pull from one source. A fault is in the report, so that the other sources go on."""
    try:
        report = steps.pull(
            settings.home_folder,
            sources.get(source_id),
            selection,
            progress.report_pull,
            cancellation=progress.pull_cancellation(),
            limits=settings.pull,
        )
    except EntrepotError as fault:
        report = PullReport(source_id, fault=str(fault))
    progress.report_pull(report)
    return report


@flow(name="pull", task_runner=ThreadPoolTaskRunner(max_workers=_AT_ONCE))  # type: ignore[arg-type]
def pull(settings: Settings, source_ids: list[str], selection: Selection) -> list[PullReport]:
    """Pull a selection from each source, and write the reports to a Prefect artifact."""
    futures = [
        pull_source.with_options(task_run_name=f"pull {source_id}").submit(settings, source_id, selection)
        for source_id in source_ids
    ]
    reports = [future.result() for future in futures]
    create_markdown_artifact(pull_markdown(reports), key="pull", description="The reports of the last pull")
    return reports
