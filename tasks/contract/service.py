"""What a publisher's service is asked for, and what a valid answer contains.

A source lists the requests that a selection needs (``Source.requests``) and checks each answer (``Source.judge``) before
it is archived. Sending, waiting, retrying, counting and resuming are the same for all sources (tasks.fetch).
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Key:
    """How a service receives its key: in a header, or as a parameter of the address.

    ``needed``: the service answers no request without a key.
    """

    header: str | None = None
    parameter: str | None = None
    needed: bool = False


@dataclass(frozen=True)
class Service:
    """A publisher's service. ENTREPOT_<ID>_URL replaces ``url``; ENTREPOT_<ID>_KEY gives the key.

    Two requests are at least ``interval_seconds`` apart, over all processes of a home folder. ``hourly`` and ``daily`` are
    the most requests in any hour and in any 24 hours; None: no limit. ``is_large``: the answers have gigabytes, so the
    service is asked only if the source is named.
    """

    url: str
    interval_seconds: float
    hourly: int | None = None
    daily: int | None = None
    key: Key | None = None
    timeout_seconds: float = 120
    headers: tuple[tuple[str, str], ...] = ()
    is_large: bool = False

    @property
    def has_quota(self) -> bool:
        """Whether a number of requests is allowed: one that allows any number and throttles all the same is at fault."""
        return self.hourly is not None or self.daily is not None


@dataclass(frozen=True)
class Selection:
    """The part of a source that a pull fetches: the years ``first`` to ``last``, places and products by the warehouse's codes.

    Empty ``reporters``, ``partners`` or ``products``: the source's default. ``has_key``: a key is set, for services that
    give more to requests with a key.
    """

    first: int
    last: int
    reporters: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    has_key: bool = False


@dataclass(frozen=True)
class Request:
    """One request. ``path`` is added to the service's address; ``filename`` names the answer in the archive.

    ``parameters`` never contain a key. ``body`` is sent as JSON by POST. ``context`` is not sent: it is returned to
    ``judge``. ``stamp`` is the publisher's version of the data this request would return, where an index or a first page
    states it: while the last valid answer has the same stamp, the request is not sent again.
    """

    path: str
    filename: str
    parameters: tuple[tuple[str, str], ...] = ()
    body: Any = None
    accept: str | None = None
    context: tuple[tuple[str, str], ...] = field(default=())
    stamp: str | None = None


@dataclass(frozen=True)
class ValidAnswer:
    """What a valid answer contains: its number of rows, the publisher's stamp, and the requests to send next.

    ``is_kept``: the answer is archived and loaded; False for answers that only lead to others (indexes, counts).
    ``following``: requests for further pages, or for what an index lists.
    """

    rows: int
    stamp: str | None = None
    following: tuple[Request, ...] = ()
    is_kept: bool = True


@dataclass(frozen=True)
class Scope:
    """The cells that a request asks for, by the warehouse's codes: what comes is held to it, dimension by dimension.

    The years ``first`` to ``last``; ``reporters`` and their ``partners``, for figures of one place its places; ``subjects`` are
    indicators; ``flows`` those of trade. None: any may come.
    """

    first: int | None = None
    last: int | None = None
    reporters: frozenset[str] | None = None
    partners: frozenset[str] | None = None
    subjects: frozenset[str] | None = None
    flows: frozenset[str] | None = None


@dataclass(frozen=True)
class Coverage:
    """How many of the cells that were asked for came with a value, came empty, and did not come, as far as it is known which there are."""

    asked: int = 0
    came: int = 0
    empty: int = 0

    @property
    def missing(self) -> int:
        """The number of those of which the answer has no row."""
        return self.asked - self.came - self.empty

    def describe(self) -> str:
        """The counts in words."""
        return (
            f"of {self.asked:,} cells {self.came:,} came, {self.empty:,} came empty and {self.missing:,} did not come"
        )

    def __add__(self, other: "Coverage") -> "Coverage":
        return Coverage(self.asked + other.asked, self.came + other.came, self.empty + other.empty)


#: Of an answer that was not read, or to a request without bounds.
NOTHING_COUNTED = Coverage()


@dataclass(frozen=True)
class AnswerRead:
    """An answer read as far as a load would: ``remark`` says which rows a build would not load, None if it would load all."""

    remark: str | None = None
    coverage: Coverage = NOTHING_COUNTED
