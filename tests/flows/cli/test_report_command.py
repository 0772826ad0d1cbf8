"""``entrepot report``, and the site that a build writes, on a small warehouse: what has no figure says so."""

import sys
import webbrowser
from pathlib import Path

import pytest

from flows.cli import app, run
from flows.report import BuildReport
from tests.support import small_warehouse
from warehouse.settings import Home, Settings


@pytest.fixture(scope="module")
def home(settings: Settings, warehouse_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home folder with one small release."""
    made = small_warehouse.make(tmp_path_factory.mktemp("report"), settings, warehouse_template)
    small_warehouse.release(made, settings)
    return made


def entrepot(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Run the command line in this process; returns its exit status."""
    monkeypatch.setattr(sys, "argv", ["entrepot", *arguments])
    with pytest.raises(SystemExit) as ended:
        app.main()
    return int(ended.value.code or 0)


def test_report_writes_checks_and_opens_the_site(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    assert entrepot(monkeypatch, "report", "--check", "--open", "--home", str(home.root)) == 0
    said = capsys.readouterr().out
    assert "the report site is written" in said
    assert "whole: links, queries and escapes are checked" in said
    assert opened == [(home.site / "index.html").as_uri()]
    assert "No count of Japanese companies" in (home.site / "provinces" / "CN-JL.html").read_text(encoding="utf-8")
    assert entrepot(monkeypatch, "report", "--home", str(home.root)) == 0
    assert "the report site is up to date" in capsys.readouterr().out


def test_a_fault_of_the_site_is_named(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    entrepot(monkeypatch, "report", "--home", str(home.root))
    (home.site / "fdi" / "index.html").rename(home.site / "fdi" / "gone.html")
    assert entrepot(monkeypatch, "report", "--check", "--home", str(home.root)) == 1
    assert "leads to no file" in capsys.readouterr().err
    (home.site / "fdi" / "gone.html").rename(home.site / "fdi" / "index.html")


def test_before_anything_is_published_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert entrepot(monkeypatch, "report", "--home", str(tmp_path)) == 1
    assert "nothing is published" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "setting", "is_written"),
    [([], "yes", True), ([], "no", False), (["--no-report"], "yes", False), (["--report"], "no", True)],
)
def test_a_build_writes_the_site_unless_told_not_to(
    arguments: list[str], setting: str, is_written: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    monkeypatch.setenv("ENTREPOT_REPORT", setting)
    monkeypatch.setattr(run, "build", lambda *_, **__: BuildReport(published="file"))
    monkeypatch.setattr(run, "write_report", lambda *_: "report site written")
    assert entrepot(monkeypatch, "build", *arguments, "--home", str(tmp_path)) == 0
    assert ("report site written" in capsys.readouterr().out) is is_written
