"""``publish``: check the whole warehouse and, if nothing is wrong, swap in a new release."""

from prefect import flow, task

from flows import job, progress
from tasks.publish import check
from tasks.publish import identity as release_identity
from tasks.publish import release as steps
from tasks.publish.release import Published
from warehouse import connection
from warehouse.settings import Settings


@task(name="check")
def check_warehouse(settings: Settings) -> str:
    """Make all checks of what is stored; return what a release would be made from. Raises ChecksFailed."""
    progress.report_message("checking the warehouse")
    with connection.writer(settings.home_folder, settings) as con:
        check.record(con, check.run(con, with_marts=False))
        return release_identity.of_release(con, settings.home_folder.checks)


@task(name="release")
def release(settings: Settings, fingerprint: str) -> Published:
    """Make the release, check its marts and swap it in. Raises ChecksFailed."""
    progress.report_message("publishing")
    return steps.publish(settings.home_folder, settings, fingerprint)


@flow(name="publish")
def publish(settings: Settings = Settings()) -> Published:  # noqa: B008  frozen, and made of nothing but defaults
    """Check what is loaded, then publish it; nothing new is published where nothing has changed.

    Args:
        settings: Where the home folder is and how much of the machine publishing may use.
    """
    with job.watched(settings, "publish"), job.writing(settings):
        return release(settings, check_warehouse(settings))
