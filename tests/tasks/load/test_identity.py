"""What a load and a release rest on: not on comments in SQL, but on everything else in it."""

from collections.abc import Callable

import pytest

from tasks.load import identity as load_identity
from warehouse import sql


@pytest.fixture
def with_sql(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str, str], None]:
    """Have one SQL file read otherwise."""

    def change(name: str, old: str, new: str) -> None:
        read = sql.read
        text = read(name)
        assert old in text
        monkeypatch.setattr(sql, "read", lambda wanted: text.replace(old, new) if wanted == name else read(wanted))

    return change


def test_a_comment_in_the_sql_all_loads_go_through_does_not_count(with_sql: Callable[[str, str, str], None]) -> None:
    before = load_identity.of_loading()
    with_sql("load/citations.sql", "-- Citations that", "-- All the citations that")
    assert load_identity.of_loading() == before


def test_anything_else_in_it_does(with_sql: Callable[[str, str, str], None]) -> None:
    before = load_identity.of_loading()
    with_sql("load/citations.sql", "SELECT DISTINCT", "SELECT")
    assert load_identity.of_loading() != before
