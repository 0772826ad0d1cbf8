"""``entrepot try``: what would become of a file, and nothing else."""

import os
import re
import shlex
import tempfile
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from flows.cli.app import app
from tests.support.paths import ROOT
from warehouse.connection import make_folders
from warehouse.settings import Home

GOOD = "observation_date,AEXCHUS\n2000-01-01,8.2784\n2001-01-01,8.2770\n2002-01-01,.\n"


@pytest.fixture(autouse=True)
def _home_that_must_stay_untouched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ENTREPOT_HOME", str(tmp_path / "home"))


def try_file(source: str, path: Path, *options: str) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(app, ["try", source, str(path), *options], env={"COLUMNS": "300"})


def written(tmp_path: Path, text: str, name: str = "fredgraph.csv") -> Path:
    """A file of FRED's graph."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_shown_row_by_row_and_nothing_is_written(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    result = try_file("fred.fx", written(tmp_path, GOOD), "--rows", "1")
    shown = capfd.readouterr().out + result.output
    assert result.exit_code == 0
    assert "fredgraph.csv: recognised: FRED graph of AEXCHUS" in shown
    assert "3 rows in, 3 accepted (3 indicator), 0 refused" in shown
    assert "row 1: accepted, a figure of indicator" in shown
    assert "fred_value=8.2784" in shown
    assert "place=CHN, indicator=exchange_rate_avg, value=8.278400000000000" in shown
    assert "row 2" not in shown
    assert [p.name for p in tmp_path.iterdir()] == ["fredgraph.csv"]


def test_the_example_of_adding_a_source_shows_what_the_command_does(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    text = (ROOT / "docs" / "adding-a-source.md").read_text(encoding="utf-8")
    indented = [re.sub(r"(?m)^    ", "", block) for block in re.findall(r"(?m)(?:^(?: {4}.*)?\n)+", text)]
    (lines,) = (block.strip() + "\n" for block in indented if block.strip().startswith("observation_date,"))
    (example,) = (block.strip().splitlines() for block in indented if block.strip().startswith("$ entrepot try"))
    assert example[0] == "$ entrepot try fred.fx fredgraph.csv --rows 1"
    result = try_file("fred.fx", written(tmp_path, lines), "--rows", "1")
    shown = (capfd.readouterr().out + result.output).strip().splitlines()
    assert len(shown) == len(example) - 1
    for line, documented in zip(shown, example[1:], strict=True):
        beginning, cut, _ = documented.partition("…")
        assert line.startswith(beginning) if cut else line == documented


def test_a_refused_row_is_shown_with_the_rule_it_breaks(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    result = try_file("fred.fx", written(tmp_path, GOOD.replace("8.2770", "-8.2770")), "--rows", "5")
    shown = capfd.readouterr().out + result.output
    assert result.exit_code == 0
    assert "3 rows in, 2 accepted (2 indicator), 1 refused" in shown
    assert "row 2: refused: " in shown
    assert "fred_value=-8.2770" in shown


def test_a_file_of_another_source_is_reported_as_such(tmp_path: Path) -> None:
    result = try_file("usa.census", written(tmp_path, GOOD))
    assert result.exit_code == 1
    assert "usa.census does not recognise fredgraph.csv" in str(result.exception)
    assert "it is a file of fred.fx: `entrepot try fred.fx" in str(result.exception)


def test_the_hint_names_a_file_as_a_shell_takes_it(tmp_path: Path) -> None:
    result = try_file("usa.census", written(tmp_path, GOOD, "it's here.csv"))
    (hint,) = re.findall("`entrepot (.*)`", str(result.exception))
    assert shlex.split(hint) == ["try", "fred.fx", str(tmp_path / "it's here.csv")]


def test_a_file_of_mostly_bad_rows_says_how_to_see_more_of_them(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    bad = GOOD + "".join(f"{year}-01-01,-{year}\n" for year in range(2003, 2013))
    result = try_file("fred.fx", written(tmp_path, bad, "bad rows.csv"))
    shown = capfd.readouterr().out + result.output
    assert result.exit_code == 1
    assert "10 of 13 rows are bad" in shown
    assert "`entrepot try fred.fx 'bad rows.csv' --rows 20` shows rows of it one by one" in shown


@pytest.mark.parametrize("is_there", [True, False], ids=["home", "no home yet"])
def test_files_are_unpacked_on_the_disk_of_the_home_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], is_there: bool
) -> None:
    home = Home(tmp_path / "home")
    if is_there:
        make_folders(home)
    path = tmp_path / "one.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", GOOD)
    before = sorted(tmp_path.rglob("*"))
    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
        result = try_file("fred.fx", path)
    assert "one.zip/a.csv: recognised" in capfd.readouterr().out + result.output
    assert result.exit_code == 0
    assert sorted(tmp_path.rglob("*")) == before


def test_a_home_folder_that_cannot_be_written_to_can_be_asked_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, "access", lambda path, mode: mode != os.W_OK or not Path(path).is_relative_to(tmp_path))
        assert try_file("fred.fx", written(tmp_path, GOOD)).exit_code == 0


def test_each_member_of_an_archive_is_shown(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "two.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", GOOD)
        archive.writestr("notes.txt", "nothing of interest")
    result = try_file("fred.fx", path)
    shown = capfd.readouterr().out + result.output
    assert result.exit_code == 0
    assert "two.zip/a.csv: recognised" in shown
    assert "two.zip/notes.txt: not recognised" in shown


def test_a_folder_is_wrong_usage(tmp_path: Path) -> None:
    result = try_file("fred.fx", tmp_path)
    assert result.exit_code == 2
    assert "is not a file. Name one file" in result.output + (result.stderr or "")


@pytest.mark.parametrize(("source", "message"), [("no.source", "no source 'no.source'"), ("fred.fx", "does not exist")])
def test_a_source_or_file_that_is_not_there_is_wrong_usage(tmp_path: Path, source: str, message: str) -> None:
    result = try_file(source, tmp_path / "missing.csv")
    assert result.exit_code == 2
    assert message in result.output + (result.stderr or "")
