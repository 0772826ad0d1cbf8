"""Measure the report site of a home folder: processor time, memory, size of first views, time to the first paint from a file.

``make site-figures ARGS="--home data"`` writes the site again, whatever is there, and says what it took. Processor time is that of this process and of
those that it starts, so that other work on the machine counts less.
"""

import argparse
import resource
import statistics
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tasks.report import site
from tasks.report.contents import makers
from tests.support import chromium
from warehouse.settings import Home

#: One page of each kind, where the site has it.
_KINDS = (
    "index.html", "fdi/index.html", "northeast/index.html", "provinces/index.html", "provinces/CN-LN.html", "corridors/index.html", "corridors/JPN-CHN.html",
    "visits/index.html", "questions/index.html", "claims/index.html", "claims/figures.html", "data/index.html", "data/dictionary.html", "ask/index.html",
    "trace/fdi/CHN-JPN.html",
)  # fmt: skip
_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


def main() -> None:
    """Write the site, look at its pages, print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="the home folder")
    parser.add_argument("--runs", type=int, default=5, help="how often each page is opened")
    given = parser.parse_args()
    home, console = Home(given.home), Console()
    console.print(_written(home), highlight=False)
    console.print(_first_views(home.site, given.runs))


def _written(home: Home) -> str:
    started, before = time.monotonic(), _processor_seconds()
    written = site.write(home, makers(home), lambda _: None, anyway=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"{written.pages:,} pages with {written.exhibits:,} charts and tables: {_processor_seconds() - before:.1f} s of processor time, "
        f"{time.monotonic() - started:.1f} s, at most {peak:,.0f} MB"
    )


def _processor_seconds() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _first_views(folder: Path, runs: int) -> Table:
    """Size and first paint of the pages of each kind, and of the largest page of all."""
    largest = max(folder.rglob("*.html"), key=lambda path: path.stat().st_size)
    beside = sum((folder / "assets" / name).stat().st_size for name in ("style.css", "script.js"))
    table = Table("page", "first view, KB", "first paint, ms (median)")
    with chromium.opened() as browser:
        for path in dict.fromkeys([*(folder / kind for kind in _KINDS if (folder / kind).exists()), largest]):
            paints = []
            for _ in range(runs):
                page = browser.new_page()
                page.goto(path.as_uri())
                page.wait_for_function(_PAINT)
                paints.append(float(page.evaluate(_PAINT)))
                page.close()
            size = (path.stat().st_size + beside) / 1000
            table.add_row(str(path.relative_to(folder)), f"{size:,.0f}", f"{statistics.median(paints):.0f}")
    return table


if __name__ == "__main__":
    main()
