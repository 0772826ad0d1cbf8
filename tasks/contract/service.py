"""What a publisher's service is asked, and what is made of its answer.

A source says which requests a question needs (``Source.requests``), and judges each answer (``Source.judge``) before it
is kept; sending, waiting, retrying, counting and resuming are the same for all (tasks.fetch).
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Key:
    """How a service takes its key: in a header, or as a parameter of the address. ``needed``: it answers nobody without."""

    header: str | None = None
    parameter: str | None = None
    needed: bool = False


@dataclass(frozen=True)
class Service:
    """A publisher's service. ``url`` is replaced by ENTREPOT_<ID>_URL, the key comes from ENTREPOT_<ID>_KEY.

    At least ``interval_seconds`` pass between two requests, over all processes of a home folder; of ``hourly`` and
    ``daily`` requests none more is sent. ``is_large``: what it sends is so large (gigabytes) that it is asked only by
    those who name the source.
    """

    url: str
    interval_seconds: float
    hourly: int | None = None
    daily: int | None = None
    key: Key | None = None
    timeout_seconds: float = 120
    headers: tuple[tuple[str, str], ...] = ()
    is_large: bool = False


@dataclass(frozen=True)
class Ask:
    """What a pull is to bring: years from ``first`` to ``last``, and places and products by the warehouse's codes.

    Empty ``reporters``, ``partners`` or ``products``: the source's sensible default. ``has_key`` says whether a key is
    set, where a service gives more to those who have one.
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

    ``parameters`` never hold a key. ``body`` is sent as JSON by POST. ``context`` is the source's own, handed back to
    ``judge``, and not sent. ``stamp`` is the publisher's own mark of what this would bring, where an index or a first
    page told it: while it is that of the last good answer, the request is not sent again.
    """

    path: str
    filename: str
    parameters: tuple[tuple[str, str], ...] = ()
    body: Any = None
    accept: str | None = None
    context: tuple[tuple[str, str], ...] = field(default=())
    stamp: str | None = None


@dataclass(frozen=True)
class Judged:
    """A good answer: how many rows it has, the publisher's own stamp of it, and what is to be asked next.

    ``is_kept``: it is archived and loaded; False for answers that only lead to others (indexes, counts).
    ``following``: further pages, or what an index led to.
    """

    rows: int
    stamp: str | None = None
    following: tuple[Request, ...] = ()
    is_kept: bool = True
