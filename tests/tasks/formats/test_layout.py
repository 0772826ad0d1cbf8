"""A reader that meets another layout ends in LayoutChanged, which names the file."""

from collections.abc import Callable
from typing import Any

import pytest

from tasks.formats.layout import errors_naming, layout_errors
from warehouse.errors import LayoutChanged, Unknown

NOTHING: Any = None


@pytest.mark.parametrize(
    "stumble", [lambda: {"a": 1}["rows"], lambda: [][0], lambda: int("x"), lambda: NOTHING.get("rows")]
)
def test_what_a_reader_stumbles_over_is_a_changed_layout(stumble: Callable[[], object]) -> None:
    with (
        pytest.raises(LayoutChanged, match=r"^not in the expected layout: answer\.json \(\w+Error: "),
        layout_errors("answer.json"),
    ):
        stumble()


def test_other_faults_pass_unchanged() -> None:
    with pytest.raises(Unknown, match=r"^no such table$"), layout_errors("answer.json"):
        raise Unknown("no such table")


def test_an_error_is_given_its_place_once() -> None:
    with pytest.raises(Unknown, match=r"^no such table: gdp\.csv$"), errors_naming("gdp.csv"):
        raise Unknown("no such table")
    with pytest.raises(Unknown, match=r"^gdp\.csv is none$"), errors_naming("gdp.csv"):
        raise Unknown("gdp.csv is none")
