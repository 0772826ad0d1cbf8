"""What all flows have in common, however they are started: the lock of the home folder, and the state they end in."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, TypeVar, cast

from prefect.states import Completed

from flows import progress
from warehouse.errors import EntrepotError
from warehouse.settings import Settings
from warehouse.writer_lock import background_writer

#: What becomes of a run in which files or sources failed and the rest went in: it fails, or is completed with the faults told.
OnFault = Literal["fail", "tell"]

#: The state of a run that has nothing to do, and of one with faults that are told.
NOTHING_TO_DO = "Nothing to do"
WITH_FAULTS = "Completed with faults"

#: Faults that a message lists; the artifact of the run has all.
_LISTED = 3

Report = TypeVar("Report")


class SomeFailed(EntrepotError):
    """Files or sources of a run failed; the rest went in, and the artifact of the run says which."""


@contextmanager
def writing(settings: Settings) -> Iterator[None]:
    """Be the one writer of the home folder while the block runs, behind others that came first. Raises Busy, or HomeError."""
    with background_writer(settings.home_folder, settings.wait_seconds, progress.report_message):
        yield


def ended(report: Report, message: str, faults: list[str], on_fault: OnFault) -> Report:
    """The state that a flow returns: completed, or completed with faults where these are to be told. Who calls the flow gets its report.

    Raises SomeFailed where there are faults and a run with faults fails, so that automations on failed runs fire.
    """
    if not faults:
        return cast(Report, Completed(message=message, data=report))
    listed = "; ".join(faults[:_LISTED]) + (f"; and {len(faults) - _LISTED} more" if len(faults) > _LISTED else "")
    if on_fault == "fail":
        raise SomeFailed(f"{listed}. The rest went in: {message}")
    return cast(Report, Completed(name=WITH_FAULTS, message=f"{listed}. {message}", data=report))


def nothing_to_do(report: Report, message: str) -> Report:
    """The state of a run that found everything done."""
    return cast(Report, Completed(name=NOTHING_TO_DO, message=message, data=report))
