"""Of many files that are not adopted for the same reason a few are named, and all are counted at the end."""

from pathlib import Path

from flows.cli import load_commands
from tasks.intake.adopt import AdoptionResult

ALIKE = [AdoptionResult(Path(f"{n}.md"), None, "no source recognises its content") for n in range(7)]


def test_files_that_are_alike_are_counted() -> None:
    other = AdoptionResult(Path("a.csv"), None, "the file is empty")
    assert load_commands._groups([*ALIKE, other], told_alone=False) == [
        "7 files not adopted: no source recognises its content (`adopt --verbose` names each)"
    ]
    assert load_commands._groups(ALIKE, told_alone=True) == []
    assert load_commands._groups([*ALIKE[:3], other], told_alone=False) == []


def test_the_first_of_them_are_named() -> None:
    told = [load_commands._is_told_alone(result, ALIKE[: n + 1]) for n, result in enumerate(ALIKE)]
    assert told == [True, True, True, False, False, False, False]
