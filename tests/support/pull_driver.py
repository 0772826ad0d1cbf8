"""The command line with small test sources as the only ones there are: ``python -m tests.support.pull_driver URL …``."""

import sys
from contextlib import nullcontext

from flows.cli import app
from tasks import sources
from tasks.contract.service import Key
from tasks.load import trial
from tests.support.small_source import Small


def main() -> None:
    """Run it."""
    url = sys.argv.pop(1)
    small = {name: Small(url, timeout_seconds=20, daily=1000) for name in ("test.first", "test.second")}
    small["test.keyed"] = Small(url, Key(header="X-Key", needed=True))
    small["test.adopted"] = Small(url)
    small["test.adopted"].service = None
    for name, source in small.items():
        source.id = name
    trial.trial = lambda _: nullcontext()  # type: ignore[assignment, return-value]  # these tables are only pulled
    sources.all_sources = lambda: dict(small)  # type: ignore[assignment]  # cached where it is defined
    app.main()


if __name__ == "__main__":
    main()
