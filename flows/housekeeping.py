"""``housekeeping``: whether what is archived and published is whole, on a schedule, so that damage is known before it is needed."""

from prefect import flow
from prefect.artifacts import create_markdown_artifact

from flows import job, progress
from flows.job import OnFault
from tasks.alerts import runs
from tasks.ask import verification
from tasks.upkeep import retention
from warehouse.settings import Settings


@flow(name="housekeeping")
def housekeeping(
    settings: Settings = Settings(),  # noqa: B008  frozen, and made of nothing but defaults
    on_fault: OnFault = "fail",
) -> list[str]:
    """Remove what killed runs left and cut long logs; check archived files against their hashes, the release and its tables, and what is loaded
    against today's schemas.

    Args:
        settings: Where the home folder is.
        on_fault: "fail" ends the run as failed where something is wrong; "tell" ends it as "Completed with faults".
    """
    with job.watched(settings, "housekeeping"):
        progress.report_message("checking the hashes of archived files")
        with job.writing(settings):
            done = retention.tidy(settings.home_folder)
            runs.forget_old(settings.home_folder)
        found = verification.verify(settings, progress.report_message)
        passed = f"{sum(f.passed for f in found.findings)} checks pass, {found.again.files_read} files were read again"
        lines = [f"- {text}" for text in done]
        lines += [f"- wrong: {fault}" for fault in found.faults] + [f"- {message}" for message in found.left_out]
        create_markdown_artifact(
            "\n".join([f"- {passed}", *lines]), key="housekeeping", description="What the last check found"
        )
        return job.ended(found.faults, passed, found.faults, on_fault)
