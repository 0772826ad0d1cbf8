"""``publish``: check the whole warehouse and, if nothing is wrong, swap in a new release."""

from pathlib import Path

from prefect import flow, task

from flows import progress
from tasks.publish import check
from tasks.publish import identity as release_identity
from tasks.publish import release as steps
from tasks.publish.release import Published
from warehouse import connection, ddl
from warehouse.settings import Home, Settings


@task(name="check")
def check_warehouse(home: Path) -> str:
    """Make all checks and describe every table; return what a release would be made from. Raises ChecksFailed."""
    progress.tell("checking the warehouse")
    with connection.writer(Home(home), Settings(home=home)) as con:
        ddl.describe(con)
        check.record(con, check.run(con))
        return release_identity.of_release(con)


@task(name="release")
def release(home: Path, fingerprint: str) -> Published:
    """Make the release and swap it in."""
    progress.tell("publishing")
    return steps.publish(Home(home), Settings(home=home), fingerprint)


@flow(name="publish", validate_parameters=False)
def publish(home: Path) -> Published:
    """Check, then publish; nothing new is published where nothing has changed."""
    return release(home, check_warehouse(home))
