"""What changes a home folder: the flows, which can be called, deployed and used in other flows, and taking files in."""

from collections.abc import Iterable
from pathlib import Path

from flows.alerts import alerts
from flows.backfill import backfill
from flows.build import build
from flows.housekeeping import housekeeping
from flows.monitor import monitor
from flows.pull import pull
from tasks.intake import adopt as intake
from tasks.intake.adopt import AdoptionResult
from warehouse import connection
from warehouse.errors import EntrepotError
from warehouse.settings import Home, Settings

__all__ = ["EntrepotError", "Settings", "adopt", "alerts", "backfill", "build", "housekeeping", "monitor", "pull"]


def adopt(paths: Iterable[Path | str], home: Path | str = "data", source: str | None = None) -> list[AdoptionResult]:
    """Archive files that were downloaded by hand; folders are walked. A build loads them.

    ``source`` is the id of the source that they are of; by default each is recognised by its content. Returns one result a file, which says what it
    was taken for, or why it was not.
    """
    place = Home(Path(home))
    connection.make_folders(place)
    return list(intake.adopt(place, [Path(path) for path in paths], source))
