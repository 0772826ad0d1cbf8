"""For tests of pulling: a publisher on loopback, a small source that asks it, limits that fit tests."""

import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from tasks import sources
from tasks.contract.service import Key, Selection
from tasks.fetch.pull import pull
from tasks.fetch.report import PullReport
from tests.support import publisher_server as answers
from tests.support.paths import ROOT
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
    with publisher() as service:
        yield service


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


@pytest.fixture
def known_sources(monkeypatch: pytest.MonkeyPatch) -> dict[str, Small]:
    """Sources with a service, with one that needs a key, and without a service."""
    small_sources = {
        "test.small": Small("http://127.0.0.1:9"),
        "test.keyed": Small("http://127.0.0.1:9", Key(header="X", needed=True)),
    }
    small_sources["test.adopted"] = Small("http://127.0.0.1:9")
    small_sources["test.adopted"].service = None
    for name, source in small_sources.items():
        source.id = name
    monkeypatch.setattr(sources, "all_sources", lambda: small_sources)
    return small_sources


#: A pull in a process of its own, of the series named.
SCRIPT = """
import sys
from pathlib import Path
from tests.support.small_source import Small
from tasks.fetch.pull import pull
from warehouse.settings import PullLimits
from tasks.contract.service import Selection
from warehouse.settings import Home
url, home, interval, daily, *series = sys.argv[1:]
source = Small(url, interval_seconds=float(interval), daily=int(daily) or None, timeout_seconds=20)
pulled = pull(Home(Path(home)), source, Selection(2015, 2018, products=tuple(series)), limits=PullLimits(longest_wait=0.2))
print(pulled.done, pulled.total, pulled.fault or "")
"""


def start_pull(home: Home, url: str, *series: str, interval: float = 0, daily: int = 0) -> "subprocess.Popen[bytes]":
    """Start a pull in a process of its own."""
    command = [sys.executable, "-c", SCRIPT, url, str(home.root), str(interval), str(daily), *series]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def serve(bureau: Publisher, *names: str) -> tuple[str, ...]:
    """Put down a good answer for each name."""
    for name in names:
        bureau.on(f"/data/{name}", answers.csv(f"{name},2015,1"))
    return names
