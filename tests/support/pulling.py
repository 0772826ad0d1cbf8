"""A publisher on loopback, a small source that asks it, and a limits that fits tests."""

from collections.abc import Callable, Iterator

import pytest

from tasks.contract.service import Selection
from tasks.fetch.pull import pull
from tasks.fetch.report import PullReport
from tests.support.publisher_server import Publisher, publisher
from tests.support.small_source import Small
from warehouse.settings import Home, PullLimits

#: Waits of a millisecond: what is tested is what is done, not how long it takes.
QUICK = PullLimits.model_construct(
    attempts=3, first_wait=0.001, longest_wait=0.2, give_up_after=30.0, connect_seconds=0.5, answer_seconds=20.0,
    least_speed=500.0, most_bytes=1 << 24,
)  # fmt: skip


@pytest.fixture
def bureau() -> Iterator[Publisher]:
    """The publisher's service."""
    with publisher() as made:
        yield made


@pytest.fixture
def small(bureau: Publisher) -> Small:
    """The source that asks it."""
    return Small(bureau.url)


@pytest.fixture
def ask(home: Home, small: Small) -> Callable[..., PullReport]:
    """Pull the series that are named."""

    def pulled(*series: str, source: Small = small, limits: PullLimits = QUICK) -> PullReport:
        return pull(home, source, Selection(2015, 2018, products=series), limits=limits)

    return pulled
