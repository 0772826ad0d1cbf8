"""The report site of the bundled figures, written once for all tests."""

from pathlib import Path

import pytest
from filelock import FileLock

from tasks.report import site as sites
from tasks.report.contents import makers
from warehouse.settings import Home


@pytest.fixture(scope="session")
def site(bundled: Home) -> Path:
    """The folder of the site. Only read it."""
    with FileLock(f"{bundled.root}.site.lock"):
        sites.write(bundled, makers(bundled), print)
    return bundled.site
