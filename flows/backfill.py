"""``backfill``: the past years of one source, newest first, within the quota of its service."""

from prefect import flow
from prefect.artifacts import create_markdown_artifact

from flows import job, secrets
from flows.job import OnFault
from flows.pull import ended, pull_source
from flows.report import pull_markdown
from tasks.fetch import selection as selections
from tasks.fetch.report import PullReport
from warehouse import connection
from warehouse.settings import Settings


@flow(name="backfill")
def backfill(
    source_id: str,
    first_year: int,
    last_year: int,
    settings: Settings = Settings(),  # noqa: B008  frozen, and made of nothing but defaults
    reporters: list[str] | None = None,
    partners: list[str] | None = None,
    products: list[str] | None = None,
    on_fault: OnFault = "fail",
) -> PullReport:
    """Ask one publisher for past years, the newest first, and archive the answers.

    Where it stops, as when the quota of the day is used up, the next run of the same years goes on.

    Args:
        source_id: Id of the source to ask, such as "uncomtrade".
        first_year: The earliest year to ask for.
        last_year: The latest year to ask for, which is asked for first.
        settings: Where the home folder is, and the limits of pulls.
        reporters: Codes of reporters such as ["CHN", "JPN"]; the source's default if none is given.
        partners: Codes of their partners; the source's default if none is given.
        products: Codes of products such as ["TOTAL", "87"]; the source's default if none is given.
        on_fault: "fail" ends the run as failed where a year is not complete; "tell" ends it as "Completed with faults".
    """
    with job.watched(settings, f"backfill {source_id}", faults_are_on_record=True):
        codes = (",".join(given or []) for given in (reporters, partners, products))
        selection = selections.parse(f"{first_year}:{last_year}", *codes)
        secrets.load([source_id])
        selections.sources_to_pull([source_id])  # raises for one that cannot be asked
        connection.make_folders(settings.home_folder)
        report = pull_source(settings, source_id, selection, newest_first=True)
        create_markdown_artifact(pull_markdown([report]), key="backfill", description="How far the last backfill came")
        return ended(report, [report], on_fault)
