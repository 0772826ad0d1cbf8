"""Entrepôt itself: home folders, and the steps of it that are measured.

What the bars speak of is the load, from the archived file to ``core.trade`` committed and the file closed. It is
timed by calling the step that ``entrepot build`` runs for the source. The whole command, which starts Prefect, checks
every table and publishes, is timed beside it.
"""

from pathlib import Path
from typing import Any

from tests.bench import files
from tests.bench.clock import Stopwatch
from tests.bench.measure import Run, entrepot

SOURCE = "cepii.baci"


def make_template(home: Path) -> Path:
    """A home folder with what comes with the project, built and published."""
    entrepot(files.fresh(home), "build", "--no-report")
    return home


def adopt(home: Path, paths: list[Path]) -> Run:
    """Archive files."""
    return entrepot(home, "adopt", *paths)


def build(home: Path) -> Run:
    """The whole command."""
    return entrepot(home, "build", "--no-report")


def load(home: str) -> dict[str, Any]:
    """Load what is archived of BACI into a home folder that was built before, so that tables and codes are there."""
    from flows import runtime
    from warehouse.settings import Home, from_environment

    place = Home(Path(home))
    runtime.prepare(place)
    from flows.ingest import load_source

    for path in (place.archive / "objects").glob("??/*"):
        files.warm(path)
    with Stopwatch() as watch:
        reports, _, unchanged = load_source.fn(from_environment(place.root), SOURCE)
    counts = ("rows_in", "accepted", "quarantined", "new", "revised", "gone", "unchanged")
    faults = [r.fault for r in reports if r.fault]
    return {
        "seconds": watch.seconds,
        "faults": faults,
        "unchanged_files": unchanged,
        **{name: sum(getattr(r, name) for r in reports) for name in counts},
        "bytes": place.warehouse.stat().st_size,
    }
