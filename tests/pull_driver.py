"""The command line with small test sources as the only ones there are: ``python pull_driver.py URL ARGUMENT…``."""

import sys
from pathlib import Path


def main() -> None:
    """Run it."""
    sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]
    from small_source import Small

    from flows.cli import app
    from tasks import sources
    from tasks.contract.service import Key

    url = sys.argv.pop(1)
    made = {name: Small(url, timeout_seconds=20, daily=1000) for name in ("test.first", "test.second")}
    made["test.keyed"] = Small(url, Key(header="X-Key", needed=True))
    made["test.adopted"] = Small(url)
    made["test.adopted"].service = None
    for name, source in made.items():
        source.id = name
    sources.all_sources = lambda: dict(made)
    app.main()


if __name__ == "__main__":
    main()
