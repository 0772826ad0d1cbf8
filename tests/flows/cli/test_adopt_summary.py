"""Of many files that are alike a few are named, and all are counted in groups at the end; --json has an object for each."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli.adoption_report import AdoptionReport, kind_of
from flows.cli.app import app
from tasks.intake.adopt import AdoptionResult

NOBODY = "no source recognises its content; it looks like {}"
ALIKE = [AdoptionResult(Path(f"{n}.md"), None, NOBODY.format(f"text of {n} lines")) for n in range(7)]
OTHERS = [
    AdoptionResult(Path("a.csv"), None, "the line has 1 fields, the header 2: fred.fx, a.csv, line 25"),
    AdoptionResult(Path("b.csv"), None, "the line has 3 fields, the header 2: fred.fx, b.csv, line 7"),
    AdoptionResult(Path("c.csv"), None, "the file cannot be read: Permission denied", is_unreadable=True),
    AdoptionResult(Path("d.csv"), "fred.fx", "FRED graph of AEXCHUS", is_new=True),
    AdoptionResult(Path("e.csv"), "fred.fx", "FRED graph of AEXCHUS"),
]


def test_files_that_are_alike_are_counted_in_groups() -> None:
    report = AdoptionReport()
    shown = [report.add(result) for result in [*ALIKE, *OTHERS]]
    assert [line is not None for line in shown] == [True] * 3 + [False] * 4 + [True] * 5
    assert list(report.summary()) == [
        "12 files and members of archives:",
        "  1 adopted: fred.fx 1",
        "  1 known already: fred.fx 1",
        "  7 not adopted: no source recognises its content (text of … lines) (0.md, 1.md, 2.md, …)",
        "  2 not adopted: the line has … fields, the header …: fred.fx, …, line … (a.csv, b.csv)",
        "  1 cannot be read: Permission denied (c.csv)",
        "`adopt --verbose` has a line for each, `adopt --json` an object",
    ]


def test_few_files_have_their_lines_alone() -> None:
    report = AdoptionReport()
    assert all(report.add(result) for result in OTHERS)
    assert list(report.summary()) == []


def test_every_file_has_a_line_with_verbose() -> None:
    report = AdoptionReport(verbose=True)
    assert all(report.add(result) for result in ALIKE)
    assert list(report.summary())[1:] == [
        "  7 not adopted: no source recognises its content (text of … lines) (0.md, 1.md, 2.md, …)"
    ]


@pytest.mark.parametrize(
    "message",
    [
        "no source recognises its content; it looks like a table with commas, whose columns are {}; nearest is fred.fx, by DATE: docs"
    ],
)
def test_what_differs_from_file_to_file_makes_no_group(message: str) -> None:
    first, second = (AdoptionResult(Path("a"), None, message.format(columns)) for columns in ("a, b", "c, d"))
    assert (
        kind_of(first) == kind_of(second) == "no source recognises its content (a table with commas, nearest fred.fx)"
    )


def test_adopt_json_has_an_object_for_each(tmp_path: Path) -> None:
    folder = tmp_path / "downloads"
    folder.mkdir()
    (folder / "a.csv").write_text("observation_date,AEXCHUS\n2000-01-01,8.2784\n")
    (folder / "b.txt").symlink_to(folder / "gone")
    (folder / "c.txt").write_text("hello")
    said = CliRunner().invoke(app, ["adopt", str(folder), "--json", "--home", str(tmp_path / "home")])
    objects = [json.loads(line) for line in said.output.splitlines()]
    assert [(Path(o["path"]).name, o["state"], o["source"]) for o in objects] == [
        ("a.csv", "adopted", "fred.fx"), ("b.txt", "cannot be read", None), ("c.txt", "not adopted", None),
    ]  # fmt: skip
    assert objects[0]["artifact"]


def test_files_that_break_one_rule_are_one_group_whatever_their_rows_print() -> None:
    said = "not one of {} rows can be loaded: uncomtrade, {}. The first, row 1, breaks: rt_code: stands in ref.place_code.code. It is printed as {}"
    first, second = (
        AdoptionResult(Path(name), None, said.format(rows, name, printed))
        for name, rows, printed in (
            ("a.csv", 4, "rt_code=987, rt_title=Atlantis"),
            ("b.csv", 7, "rt_code=986, rt_title=Mu"),
        )
    )
    assert kind_of(first) == kind_of(second)
