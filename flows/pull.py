"""``pull``: ask publishers for what is new and archive it, several publishers at once, each at its own pace."""

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.task_runners import ThreadPoolTaskRunner

from flows import progress
from flows.report import pulled_markdown
from tasks import sources
from tasks.contract.service import Selection
from tasks.fetch import pull as steps
from tasks.fetch.pull import Pulled
from warehouse.errors import EntrepotError
from warehouse.settings import Settings

#: Publishers asked at once: pulls wait more than they work.
_AT_ONCE = 4


@task(name="pull source")
def pull_source(settings: Settings, source_id: str, selection: Selection) -> Pulled:
    """Pull from one source; its fault is in the report, so that others go on."""
    try:
        pulled = steps.pull(
            settings.home_folder,
            sources.get(source_id),
            selection,
            progress.show,
            stop=progress.stop(),
            patience=settings.pull,
        )
    except EntrepotError as fault:
        pulled = Pulled(source_id, fault=str(fault))
    progress.show(pulled)
    return pulled


@flow(name="pull", task_runner=ThreadPoolTaskRunner(max_workers=_AT_ONCE))  # type: ignore[arg-type]
def pull(settings: Settings, source_ids: list[str], selection: Selection) -> list[Pulled]:
    """Pull from every source named; leave an artifact that says what came."""
    waiting = [
        pull_source.with_options(task_run_name=f"pull {source_id}").submit(settings, source_id, selection)
        for source_id in source_ids
    ]
    reports = [future.result() for future in waiting]
    create_markdown_artifact(pulled_markdown(reports), key="pull", description="What the last pull brought")
    return reports
