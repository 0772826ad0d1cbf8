"""Text of others as it is shown: nothing in it steers a terminal or turns the direction of writing."""

import io

import pytest

from flows.cli import terminal
from warehouse import printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b]0;title\x07", "\\x1b[31mred\\x1b]0;title\\x07"), ("gnp\u202exslx", "gnp\\u202exslx"), ("a\rb\x9b1m", "a\\x0db\\x9b1m"),
        ("辽宁省, Côte d'Ivoire\tx\n", "辽宁省, Côte d'Ivoire\tx\n"), ("\udc80", "\\udc80"),
    ],
)  # fmt: skip
def test_control_characters_and_marks_of_direction_are_escaped(text: str, shown: str) -> None:
    assert printable.escaped(text) == shown
    assert printable.has_controls("a\nb")
    assert not printable.has_controls("辽宁省 (1).csv")


def test_a_terminal_gets_no_sequence_of_others_and_keeps_its_own_colours() -> None:
    out = io.StringIO()
    console = terminal._Console(file=out, force_terminal=True, color_system="standard", width=80)
    console.print("the file \x1b[2J\u202egnp is [bold]refused[/bold]", highlight=False)
    assert "\\x1b[2J\\u202egnp" in out.getvalue()
    assert "\x1b[2J" not in out.getvalue()
    assert "\x1b[1mrefused" in out.getvalue()
