"""Pulling from the service of one source: its plan, its lock, and what is opened for it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from filelock import FileLock, Timeout

from tasks.contract.service import Selection
from tasks.contract.source import Source
from tasks.fetch import database, plan
from tasks.fetch.cancel import Cancellation
from tasks.fetch.endpoint import Endpoint, usable_endpoint
from tasks.fetch.judged import Reading
from tasks.fetch.pull_run import PullRun
from tasks.fetch.rate_limit import RateLimit
from tasks.fetch.report import PullProgress, PullReport
from tasks.fetch.session import Session
from warehouse import locked_temp
from warehouse.connection import make_folders
from warehouse.errors import Busy, HomeError
from warehouse.settings import Home, PullLimits


def pull(
    home: Home, source: Source, selection: Selection, on_progress: Callable[[PullProgress], None] = lambda _: None, *,
    cancellation: Cancellation | None = None, limits: PullLimits | None = None, newest_first: bool = False,
    reading: Reading | None = None,
) -> PullReport:  # fmt: skip
    """Pull a selection from a source's service and archive it, or resume the interrupted pull of the same selection.

    ``reading``: each new answer is read as far as a load would, held to what was asked for, and archived only if a build would
    load it. ``newest_first``: year by year from the last one back, so that a quota is used for the newest years first.
    Faults of the service are in the report. Raises Unknown for a selection that the source does not offer,
    SettingError, HomeError, and Busy while another process does the same pull.

    Example: ``pull(home, sources.get("worldbank.wdi"), Selection(2015, 2024, reporters=("JPN",)))``.
    """
    make_folders(home)
    endpoint = usable_endpoint(source)
    selection = replace(selection, has_key=endpoint.has_key)
    years = range(selection.last, selection.first - 1, -1)
    parts = [replace(selection, first=year, last=year) for year in years] if newest_first else [selection]
    requests = tuple(request for part in parts for request in source.requests(part))
    digest = plan.digest_of(source.id, endpoint.url, selection, requests)
    try:
        with (
            _locked(home, source.id, digest),
            _opened_run(
                home,
                source,
                endpoint,
                digest,
                on_progress,
                cancellation or Cancellation(),
                limits or PullLimits(),
                reading,
            ) as run,
        ):
            return run.run(requests)
    except OSError as fault:
        raise HomeError(f"{home.root} cannot be written to: {fault.strerror or fault}") from fault


@contextmanager
def _locked(home: Home, source_id: str, digest: str) -> Iterator[None]:
    """Lock a plan: two processes with the same plan would send each request twice. Raises Busy."""
    locks = home.pull / "plans"
    locks.mkdir(parents=True, exist_ok=True)
    lock = FileLock(locks / f"{source_id}-{digest[:24]}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise Busy(f"{source_id}: another process is doing the same pull. Wait until it has ended") from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _opened_run(
    home: Home, source: Source, endpoint: Endpoint, digest: str, on_progress: Callable[[PullProgress], None],
    cancellation: Cancellation, limits: PullLimits, reading: Reading | None,
) -> Iterator[PullRun]:  # fmt: skip
    """The run with everything it uses: database, folder for answers, session."""
    receiving = home.pull / "receiving"
    with database.opened(home) as con, locked_temp.folder(receiving, f"{source.id}-") as folder:
        locked_temp.remove_abandoned(receiving)
        rate_limit = RateLimit(con, source.id, endpoint.service, has_key=endpoint.has_key)
        session = Session(endpoint, limits, rate_limit, cancellation, folder)
        with session.opened():
            yield PullRun(home, source, con, digest, session, on_progress, reading)
