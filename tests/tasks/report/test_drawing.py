"""Charts are drawn in a process of its own, and one that cannot be drawn is named."""

import re
from typing import Any

import pytest

from tasks.report import drawing
from tasks.report.drawing import Drawer, DrawingFailed

_SPEC: dict[str, Any] = {
    "data": {"values": [{"x": 1, "y": 2, "href": "../trace/a.html#at-1"}, {"x": 2, "y": 3, "href": "../trace/b.html#at-2"}]},
    "mark": "point",
    "encoding": {"x": {"field": "x", "type": "quantitative"}, "y": {"field": "y", "type": "quantitative"}, "href": {"field": "href"}},
}  # fmt: skip


def test_a_chart_is_drawn_as_in_this_process() -> None:
    labels = [f"Chart {number}, 日本" for number in range(3)]
    with Drawer() as drawer:
        drawn = [
            one.result().read_text(encoding="utf-8")
            for one in [drawer.draw(_SPEC, "a-wide", label) for label in labels]
        ]
    here = [drawing.svg(_SPEC, "a-wide", label) for label in labels]
    assert [_without_counts(one) for one in drawn] == [_without_counts(one) for one in here]


def _without_counts(drawn: str) -> str:
    """A drawing without the numbers by which Vega tells its clippings apart, which count on."""
    return re.sub(r"clip\d+", "clip", drawn)


def test_a_chart_that_cannot_be_drawn_is_named_and_the_next_one_drawn() -> None:
    with Drawer() as drawer:
        broken = drawer.draw({**_SPEC, "mark": "nothing"}, "b-wide", "A chart")
        whole = drawer.draw(_SPEC, "a-wide", "A chart")
        with pytest.raises(DrawingFailed, match="the chart b-wide cannot be drawn: "):
            broken.result()
        assert whole.result().read_text(encoding="utf-8").startswith("<svg")


def test_it_is_said_when_the_process_that_draws_ends() -> None:
    with Drawer() as drawer:
        drawer._process.kill()
        drawer._process.wait()
        with pytest.raises(DrawingFailed, match="has ended with code -9: run the command again"):
            drawer.draw(_SPEC, "a-wide", "A chart").result()


def test_links_that_lead_nowhere_are_taken_out_and_their_marks_stay() -> None:
    drawn = drawing.svg(_SPEC, "a-wide", "A chart")
    linked = drawing.with_links(drawn, lambda address: address if address == "../trace/b.html#at-2" else None)
    assert 'href="../trace/b.html#at-2"' in linked
    assert 'href="../trace/a.html' not in linked
    assert linked.count("<path") == drawn.count("<path")
