"""Asking a publisher's service for its smallest answer, and reading it as far as a load would: nothing is archived.

So that a service that is gone, or a layout that is not the declared one, is known before figures are needed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from tasks.contract.service import Request, Selection, ValidAnswer
from tasks.contract.source import Source
from tasks.fetch import database, history, judged, rejected
from tasks.fetch.cancel import Cancellation
from tasks.fetch.endpoint import Endpoint, usable_endpoint
from tasks.fetch.judged import Reading
from tasks.fetch.rate_limit import RateLimit
from tasks.fetch.session import Session
from warehouse import locked_temp
from warehouse.connection import make_folders
from warehouse.errors import BadData, CutAtLimit, EntrepotError, LayoutChanged, QuotaUsed, Unknown
from warehouse.settings import Home, PullLimits

#: A year for which all publishers have released figures: so many before this one.
_YEARS_BACK = 2
#: What is asked for, the smallest first; a source refuses reporters or products that it does not have.
_NARROWEST: tuple[dict[str, tuple[str, ...]], ...] = (
    {"reporters": ("JPN",), "partners": ("CHN",), "products": ("TOTAL",)},
    {"reporters": ("JPN",), "partners": ("CHN",)},
    {"reporters": ("CHN",)},
    {},
)
#: Answers that lead to others (indexes, first pages) before one that has figures.
_MOST_ANSWERS = 6


@dataclass(frozen=True)
class Probed:
    """What came of asking a source: ``fault`` says what is wrong, None where its answer is as declared.

    ``rows`` are in the answer. ``is_read`` is False where the service leads on to files that are too large to ask for. ``not_asked`` says why
    a service was not asked that allows no more requests now, which is no fault of it.
    """

    source: str
    fault: str | None = None
    rows: int = 0
    is_read: bool = True
    not_asked: str | None = None

    def describe(self) -> str:
        """A sentence."""
        if self.fault:
            return f"{self.source}: {self.fault}"
        if self.not_asked:
            return f"{self.source}: not asked: {self.not_asked}"
        return f"{self.source}: " + (f"{self.rows:,} rows as declared" if self.is_read else "answers as declared")


def probe(home: Home, source: Source, reading: Reading, limits: PullLimits | None = None) -> Probed:
    """Ask a service for its smallest answer, within its quota, and have ``reading`` read it.

    What came of it is recorded for ``status``. Raises SettingError, also for a key that is needed and not set; HomeError.
    """
    make_folders(home)
    endpoint = usable_endpoint(source)
    receiving = home.pull / "receiving"
    with database.opened(home) as con, locked_temp.folder(receiving, f"{source.id}-") as folder:
        rate_limit = RateLimit(con, source.id, endpoint.service, has_key=endpoint.has_key)
        session = Session(endpoint, limits or PullLimits(), rate_limit, Cancellation(), folder)
        try:
            with session.opened():
                probed = _ask(source, endpoint, session, reading, Home(folder / "home"))
            history.record_end(con, source.id, "probe", None)
        except QuotaUsed as fault:
            why = _told(home, source, session, fault)
            # Without a quota it blocks us, which is a fault.
            probed = Probed(source.id, not_asked=why) if endpoint.service.has_quota else Probed(source.id, why)
            if probed.fault:
                history.record_end(con, source.id, "probe", probed.fault)
        except EntrepotError as fault:
            probed = Probed(source.id, _told(home, source, session, fault))
            # Rows that break the schema are a change of layout too: what is read was received whole.
            is_layout = isinstance(fault, LayoutChanged | BadData)
            history.record_end(con, source.id, "probe", probed.fault, is_layout_changed=is_layout)
        return probed


def _ask(source: Source, endpoint: Endpoint, session: Session, reading: Reading, beside: Home) -> Probed:
    """Follow a service to its first answer with figures, which is archived in a folder beside the home folder's archive, and read."""
    request = _smallest(source, endpoint)
    for _ in range(_MOST_ANSWERS):
        answer = session.fetch(request, {})
        try:
            valid = judged.check(source, session, request, answer)
        except CutAtLimit:
            (request, *_) = source.split(request) or (request,)
            continue
        if valid.is_kept:
            make_folders(beside)
            judged.archive(beside, source, session, request, answer, valid.stamp, reading)
            return Probed(source.id, rows=valid.rows)
        following = _next(valid)
        if following is None or endpoint.service.is_large:
            return Probed(source.id, is_read=False)
        request = following
    raise LayoutChanged(f"{_MOST_ANSWERS} answers lead to others, and none has figures: {session.describe(request)}")


def _told(home: Home, source: Source, session: Session, fault: EntrepotError) -> str:
    """The message of a fault, with where the answer is kept; without the key, which a publisher may have repeated."""
    path = rejected.keep(home, source.id, session.answer_path, type(fault), session.redactor)
    return session.redactor.redact(f"{fault}{f' (the answer is kept as {path})' if path else ''}")


def _next(valid: ValidAnswer) -> Request | None:
    return valid.following[0] if valid.following else None


def _smallest(source: Source, endpoint: Endpoint) -> Request:
    """The first request of the narrowest selection for which a source has any. Raises Unknown."""
    for selection in _selections(endpoint):
        try:
            request = next(iter(source.requests(selection)), None)
        except Unknown:
            continue
        if request is not None:
            return request
    raise Unknown(f"{source.id} has no request for a single year")


def _selections(endpoint: Endpoint) -> Iterator[Selection]:
    year = datetime.now(UTC).year - _YEARS_BACK
    for narrowed in _NARROWEST:
        yield Selection(year, year, **narrowed, has_key=endpoint.has_key)
