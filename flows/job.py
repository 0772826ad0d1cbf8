"""What all flows have in common, however they are started: the lock of the home folder, the state they end in, and alerts at the end."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Literal, TypeVar, cast

from prefect.runtime import deployment
from prefect.states import Completed

from flows import progress, secrets
from tasks.alerts import runs, telling
from tasks.alerts.receivers import SETTING, Receivers
from warehouse.errors import EntrepotError, HomeError
from warehouse.settings import Settings
from warehouse.writer_lock import background_writer

#: What becomes of a run in which files or sources failed and the rest went in: it fails, or is completed with the faults told.
OnFault = Literal["fail", "tell"]

#: The state of a run that has nothing to do, of one with faults that are told, and of one that the next run goes on with.
NOTHING_TO_DO = "Nothing to do"
WITH_FAULTS = "Completed with faults"
QUOTA_USED = "Quota used"

#: Faults that a message lists; the artifact of the run has all.
_LISTED = 3

Report = TypeVar("Report")

#: The flow that is watched: flows that it calls are part of it.
_WATCHED: ContextVar[str | None] = ContextVar("watched", default=None)


class SomeFailed(EntrepotError):
    """Files or sources of a run failed; the rest went in, and the artifact of the run says which."""


@contextmanager
def writing(settings: Settings) -> Iterator[None]:
    """Be the one writer of the home folder while the block runs, behind others that came first. Raises Busy, or HomeError."""
    with background_writer(settings.home_folder, settings.wait_seconds, progress.report_message):
        yield


@contextmanager
def watched(settings: Settings, run: str, *, faults_are_on_record: bool = False) -> Iterator[None]:
    """Tell what is wrong when the run of a flow has ended, well or not.

    ``faults_are_on_record``: files or sources that failed are told by what is on record of them, as where a source fails for the second time, and not as
    a failed run.
    """
    if _WATCHED.get() is not None:
        yield
        return
    check_home(settings)
    token = _WATCHED.set(run)
    begun_at, failed = datetime.now(UTC), None
    is_good, has_ended = False, True
    try:
        _tell_killed(settings)
        with _on_record(settings, run):
            yield
        is_good = True
    except Exception as fault:
        failed = None if faults_are_on_record and isinstance(fault, SomeFailed) else fault
        raise
    except BaseException:  # cancelled or interrupted: neither well nor failed
        has_ended = False
        raise
    finally:
        _WATCHED.reset(token)
        if has_ended:
            tell(settings, run, failed)
        if is_good and runs.forget(settings.home_folder, run, begun_at):
            tell(settings, run, failed)


def check_home(settings: Settings) -> None:
    """Raise HomeError for a deployment's home folder that depends on the folder in which its worker happens to run."""
    if deployment.id and not settings.home.is_absolute():
        raise HomeError(
            f'the home folder {str(settings.home)!r} of a deployment is no absolute path: give the parameter settings, such as {{"home": "/srv/entrepot"}}'
        )


@contextmanager
def _on_record(settings: Settings, run: str) -> Iterator[None]:
    """Keep the run on record while it goes on. Where nothing can be written the run itself says why, in its own words."""
    with ExitStack() as stack:
        with suppress(OSError):
            stack.enter_context(runs.recorded(settings.home_folder, run))
        yield


def _tell_killed(settings: Settings) -> None:
    """Tell of runs that were killed before this one does their work and they are no longer wrong."""
    if runs.killed(settings.home_folder):
        tell(settings)


def tell(settings: Settings, run: str | None = None, failed: Exception | None = None) -> bool:
    """Tell the receivers what is wrong, if there are any; return False where that fails, which the log says. It is no fault of a run."""
    home = settings.home_folder
    if not home.root.is_dir():
        return True
    try:
        receivers = _receivers()
        if not len(receivers):
            if run is not None:
                telling.remember(home, run, failed)
            return True
        told = telling.tell(home, settings.alert, receivers.send, run, failed)
    except EntrepotError as fault:
        progress.report_message(f"alerts are not told: {fault}")
        return False
    except Exception as fault:  # noqa: BLE001  whatever it is: the run ends as it would without alerts
        progress.report_message(f"alerts are not told: {type(fault).__name__}")
        return False
    for one in told.begun:
        progress.report_message(f"alert: {one.message}")
    if receivers.unreached:
        progress.report_message(
            f"alerts do not reach address {', '.join(map(str, sorted(receivers.unreached)))} of {SETTING}"
        )
    if not told.is_sent:
        progress.report_message("an alert reached nobody: `entrepot alert --test` shows which address fails")
    return told.is_sent


def _receivers() -> Receivers:
    """The receivers of the environment or ``.env``; else those in a secret block, if the server answers."""
    found = Receivers()
    if not len(found):
        secrets.load_addresses()
        found = Receivers()
    return found


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


def quota_used(report: Report, message: str) -> Report:
    """The state of a run that used up the requests that a service allows an hour or a day: no fault, and the next run goes on."""
    return cast(Report, Completed(name=QUOTA_USED, message=message, data=report))


def nothing_to_do(report: Report, message: str) -> Report:
    """The state of a run that found everything done."""
    return cast(Report, Completed(name=NOTHING_TO_DO, message=message, data=report))
