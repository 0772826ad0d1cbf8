"""``pull``: ask publishers for what is new and archive it, several publishers at once, each within its rate limit."""

from typing import TypeVar

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.task_runners import ThreadPoolTaskRunner

from flows import job, progress, secrets
from flows.job import OnFault
from flows.report import pull_faults, pull_markdown
from tasks import sources
from tasks.contract.service import Selection
from tasks.fetch import history
from tasks.fetch import pull as steps
from tasks.fetch import selection as selections
from tasks.fetch.report import PullReport
from tasks.load.trial import trial
from warehouse import connection
from warehouse.errors import EntrepotError
from warehouse.settings import Settings

Result = TypeVar("Result")

#: Publishers that are pulled from at once; a pull waits more than it works.
_AT_ONCE = 4


@task(name="pull source")
def pull_source(settings: Settings, source_id: str, selection: Selection, newest_first: bool = False) -> PullReport:
    """Pull from one source. A fault is in the report, so that the other sources go on."""
    try:
        with trial(settings) as reading:
            report = steps.pull(
                settings.home_folder,
                sources.get(source_id),
                selection,
                progress.report_pull,
                cancellation=progress.pull_cancellation(),
                limits=settings.pull,
                newest_first=newest_first,
                reading=reading,
            )
    except EntrepotError as fault:
        history.record_failure(settings.home_folder, source_id, "pull", str(fault))
        report = PullReport(source_id, fault=str(fault))
    progress.report_pull(report)
    return report


@flow(name="pull", task_runner=ThreadPoolTaskRunner(max_workers=_AT_ONCE))  # type: ignore[arg-type]
def pull(
    settings: Settings = Settings(),  # noqa: B008  frozen, and made of nothing but defaults
    source_ids: list[str] | None = None,
    years: str | None = None,
    reporters: list[str] | None = None,
    partners: list[str] | None = None,
    products: list[str] | None = None,
    on_fault: OnFault = "fail",
) -> list[PullReport]:
    """Ask publishers for what is new and archive it; a build loads the answers. An interrupted pull is resumed by the next one.

    Args:
        settings: Where the home folder is, and the limits of pulls.
        source_ids: Ids of the sources to ask, such as ["worldbank.wdi"]; by default all but those whose key is missing and those that send gigabytes.
        years: A range such as "2015:2024", a year, or "last 3"; all years if none is given.
        reporters: Codes of reporters such as ["CHN", "JPN"]; each source's default if none is given.
        partners: Codes of their partners; each source's default if none is given.
        products: Codes of products such as ["TOTAL", "87"]; each source's default if none is given.
        on_fault: "fail" ends the run as failed where a source could not be asked for all of it (what came is archived all the same); "tell" ends
            it as "Completed with faults".
    """
    with job.watched(settings, " ".join(["pull", *(source_ids or [])]), faults_are_on_record=True):
        selection = selections.parse(years, *(",".join(codes or []) for codes in (reporters, partners, products)))
        secrets.load(source_ids or list(sources.all_sources()))
        wanted, skipped = selections.sources_to_pull(source_ids or [])
        for message in skipped:
            progress.report_message(message)
        connection.make_folders(settings.home_folder)
        futures = [
            pull_source.with_options(task_run_name=f"pull {source_id}").submit(settings, source_id, selection)
            for source_id in wanted
        ]
        reports = [future.result() for future in futures]
        create_markdown_artifact(pull_markdown(reports), key="pull", description="The reports of the last pull")
        return ended(reports, reports, on_fault)


def ended(result: Result, reports: list[PullReport], on_fault: OnFault) -> Result:
    """The state of a flow that pulled and gives ``result``. A quota that is used up is a fault only beside others."""
    message = "; ".join(report.describe() for report in reports) or "no source to ask"
    faults = pull_faults(reports) + [f"{report.source}: cancelled" for report in reports if report.is_cancelled]
    waiting = [report.fault for report in reports if report.is_quota_used and not report.failures]
    if waiting and set(faults) == set(waiting):
        return job.quota_used(result, f"{'; '.join(map(str, waiting))}. {message}")
    return job.ended(result, message, faults, on_fault)
