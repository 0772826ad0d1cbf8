"""``housekeeping``: whether what is archived and published is whole, on a schedule, so that damage is known before it is needed."""

from prefect import flow
from prefect.artifacts import create_markdown_artifact

from flows import job, progress
from flows.job import OnFault
from tasks.ask import verification
from warehouse.settings import Settings


@flow(name="housekeeping")
def housekeeping(
    settings: Settings = Settings(),  # noqa: B008  frozen, and made of nothing but defaults
    on_fault: OnFault = "fail",
) -> list[str]:
    """Check archived files against their hashes, the release and its tables, and what is loaded against today's schemas; nothing is changed.

    Args:
        settings: Where the home folder is.
        on_fault: "fail" ends the run as failed where something is wrong; "tell" ends it as "Completed with faults".
    """
    progress.report_message("checking the hashes of archived files")
    found = verification.verify(settings, progress.report_message)
    passed = f"{sum(f.passed for f in found.findings)} checks pass, {found.again.files_read} files were read again"
    lines = [f"- wrong: {fault}" for fault in found.faults] + [f"- {message}" for message in found.left_out]
    create_markdown_artifact(
        "\n".join([f"- {passed}", *lines]), key="housekeeping", description="What the last check found"
    )
    return job.ended(found.faults, passed, found.faults, on_fault)
