"""The last pull of each source."""

from pathlib import Path

from tasks.fetch import history
from warehouse.settings import Home


def test_a_source_that_was_never_pulled_has_no_last_pull(tmp_path: Path) -> None:
    assert history.last_pulls(Home(tmp_path)) == {}
    assert list(tmp_path.iterdir()) == []
