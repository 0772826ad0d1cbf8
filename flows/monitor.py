"""``monitor``: whether publishers' services still answer as declared, and whose figures are late, before anybody needs them."""

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.task_runners import ThreadPoolTaskRunner

from flows import job, progress, secrets
from flows.job import OnFault
from flows.report import probes_markdown
from tasks import sources
from tasks.ask import warehouse_status
from tasks.ask.warehouse_status import Freshness
from tasks.fetch import history
from tasks.fetch import probe as probes
from tasks.fetch import selection as selections
from tasks.fetch.probe import Probed
from tasks.load.trial import trial
from warehouse.errors import EntrepotError
from warehouse.settings import Settings

_AT_ONCE = 4


@task(name="probe source")
def probe_source(settings: Settings, source_id: str) -> Probed:
    """Ask one source. A fault is in the result, so that the other sources are asked."""
    try:
        with trial(settings) as reading:
            probed = probes.probe(settings.home_folder, sources.get(source_id), reading, settings.pull)
    except (EntrepotError, OSError) as fault:
        history.record_failure(settings.home_folder, source_id, "probe", str(fault))
        probed = Probed(source_id, str(fault))
    progress.report_message(probed.describe())
    return probed


@flow(name="monitor", task_runner=ThreadPoolTaskRunner(max_workers=_AT_ONCE))  # type: ignore[arg-type]
def monitor(
    settings: Settings = Settings(),  # noqa: B008  frozen, and made of nothing but defaults
    source_ids: list[str] | None = None,
    on_fault: OnFault = "fail",
) -> list[Probed]:
    """Ask every service for its smallest answer and hold it to the declared layout; nothing is archived or loaded.

    Args:
        settings: Where the home folder is, and the limits of requests.
        source_ids: Ids of the sources to ask, such as ["worldbank.wdi"]; by default all but those whose key is missing.
        on_fault: "fail" ends the run as failed where a service does not answer as declared; "tell" ends it as "Completed with faults".
    """
    with job.watched(settings, " ".join(["monitor", *(source_ids or [])]), faults_are_on_record=True):
        secrets.load(source_ids or list(sources.all_sources()))
        wanted, skipped = selections.sources_to_pull(source_ids or [], with_large=True)
        for message in skipped:
            progress.report_message(message)
        futures = [
            probe_source.with_options(task_run_name=f"probe {source_id}").submit(settings, source_id)
            for source_id in wanted
        ]
        probed = [future.result() for future in futures]
        shown = probes_markdown(probed, _freshness(settings))
        create_markdown_artifact(
            shown, key="monitor", description="What services answered last, and which sources are late"
        )
        faults = [p.describe() for p in probed if p.fault]
        return job.ended(
            probed, f"{len(probed) - len(faults)} of {len(probed)} services answer as declared", faults, on_fault
        )


def _freshness(settings: Settings) -> list[Freshness]:
    """The freshness of published sources. A release that cannot be read keeps no service from being asked."""
    try:
        return warehouse_status.freshness(settings.home_folder)
    except EntrepotError as fault:
        progress.report_message(f"freshness is not known: {fault}")
        return []
