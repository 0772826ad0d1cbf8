"""``alerts``: what is wrong, told on a schedule of its own, since a run that was killed and a service that nobody asks tell nothing."""

from prefect import flow
from prefect.artifacts import create_markdown_artifact

from flows import job
from tasks.alerts import telling
from tasks.alerts.causes import Cause
from warehouse.settings import Settings


@flow(name="alerts")
def alerts(settings: Settings = Settings()) -> list[Cause]:  # noqa: B008  frozen, and made of nothing but defaults
    """Find what is wrong and tell it to the addresses of ENTREPOT_ALERT_URLS, once a cause; the artifact lists it.

    Args:
        settings: Where the home folder is, and from where on something is told as wrong.
    """
    job.check_home(settings)
    home = settings.home_folder
    found = telling.present(home, settings.alert)
    is_told = job.tell(settings)
    lines = telling.listed(found, telling.accepted(home)) or ["nothing is wrong"]
    create_markdown_artifact("\n".join(f"- {line}" for line in lines), key="alerts", description="What is wrong")
    if not is_told:
        raise job.SomeFailed(
            "an alert reached nobody: the log of this run says why, `entrepot alert --test` which address fails"
        )
    return job.ended(found, f"{len(found)} things are wrong" if found else "nothing is wrong", [], "tell")
