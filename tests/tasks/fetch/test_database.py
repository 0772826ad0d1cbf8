"""The database of pulls may be damaged or lost."""

from collections.abc import Callable

import pytest

from tasks.fetch.report import PullReport
from tests.support.publisher_server import Publisher
from warehouse.errors import HomeError
from warehouse.settings import Home

Pull = Callable[..., PullReport]


def test_a_damaged_database_is_an_error_that_says_what_to_do(home: Home, bureau: Publisher, ask: Pull) -> None:
    home.pull_state.write_bytes(b"no database" * 1000)
    with pytest.raises(HomeError, match=r"pull.sqlite cannot be used: .*move it away"):
        ask("a")
