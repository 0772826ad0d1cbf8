"""Checks of a user: made over the release, closed to files; one that cannot be made is told and keeps nothing else back."""

from pathlib import Path

import pytest

from tasks.publish import check, identity, own_checks
from tasks.publish.check import ERROR, STOP, Finding
from tests.support import small_warehouse
from warehouse import connection
from warehouse.errors import ChecksFailed
from warehouse.settings import Home, Settings

NOBODY = (
    "-- No place is called Nobody\n-- severity: {}\nSELECT place FROM ref.place_name WHERE name IN ('Nobody', 'Japan');"
)
IMPOSSIBLE = "-- No place\n-- severity: warning\nSELECT 1 FROM nowhere"


@pytest.fixture(scope="module")
def loaded(settings: Settings, warehouse_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A small warehouse."""
    return small_warehouse.make(tmp_path_factory.mktemp("own"), settings, warehouse_template)


def findings(loaded: Home, home: Home, settings: Settings, *texts: str) -> list[Finding]:
    """What comes of checks with these texts, made over a loaded warehouse."""
    home.checks.mkdir()
    for number, text in enumerate(texts):
        (home.checks / f"mine_{number}.sql").write_text(text, "utf-8")
    return own_checks.findings(home, settings, loaded.warehouse)


def test_a_user_adds_checks(loaded: Home, home: Home, settings: Settings) -> None:
    (found,) = findings(loaded, home, settings, NOBODY.format("stop"))
    assert (found.name, found.description, found.failed) == ("own.mine_0", "No place is called Nobody", True)


def test_a_check_of_a_user_changes_what_a_release_is(loaded: Home, home: Home, settings: Settings) -> None:
    with connection.writer(loaded, settings) as con:
        before = identity.of_release(con, home.checks)
        home.checks.mkdir()
        (home.checks / "mine.sql").write_text(NOBODY.format("error"), "utf-8")
        assert identity.of_release(con, home.checks) != before  # so that a build makes it


@pytest.mark.parametrize(
    ("text", "severity", "words"),
    [
        ("SELECT 1", ERROR, "does not begin with two lines"),
        ("-- No place\n-- severity: fatal\nSELECT 1", ERROR, "stop, error, warning"),
        (IMPOSSIBLE, "warning", "nowhere"),
        (IMPOSSIBLE.replace("warning", "stop"), STOP, "nowhere"),
        ("-- No file\n-- severity: error\nSELECT 1 FROM read_text('/etc/hostname')", ERROR, "file system operations"),
        (
            "-- Two\n-- severity: error\nSELECT 1 WHERE false; SELECT 2",
            ERROR,
            "not one SELECT statement but SELECT, SELECT",
        ),
        ("-- Out\n-- severity: error\nSELECT 1); SELECT * FROM (SELECT NULL", ERROR, "syntax error"),
        (
            "-- Made\n-- severity: error\nCREATE TEMP VIEW places AS SELECT 1",
            ERROR,
            "not one SELECT statement but CREATE",
        ),
        ("-- Large\n-- severity: warning\nSELECT to_days(2000000000)", "warning", "cannot be made"),
    ],
)
def test_a_check_that_cannot_be_made_is_told_beside_the_others(
    loaded: Home, home: Home, settings: Settings, text: str, severity: str, words: str
) -> None:
    broken, other = findings(loaded, home, settings, text, NOBODY.format("warning"))
    assert (broken.violations, broken.severity) == (1, severity)
    assert words in str(broken.example)
    assert "mine_0.sql" in str(broken.example)
    assert (other.violations, other.severity) == (1, "warning")


def test_what_cannot_be_read_or_does_not_end_is_told(
    loaded: Home, home: Home, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_checks, "_LONGEST", 0.3)
    home.checks.mkdir()
    (home.checks / "gone.sql").symlink_to(home.root / "nowhere")
    (home.checks / "folder.sql").mkdir()
    endless = "SELECT count(*) FROM range(10000000000) AS a (i), range(1000) AS b (j) HAVING sum(i * j % 7) < 0"
    (home.checks / "endless.sql").write_text(f"-- Never\n-- severity: warning\n{endless}", "utf-8")
    found = own_checks.findings(home, settings, loaded.warehouse)
    assert [(one.name, one.violations) for one in found] == [("own.endless", 1), ("own.folder", 1), ("own.gone", 1)]
    with connection.writer(loaded, settings) as con:
        assert identity.of_release(con, home.checks)


def test_a_release_goes_out_unless_a_check_stops_it(loaded: Home, settings: Settings) -> None:
    loaded.checks.mkdir()
    mine = loaded.checks / "mine.sql"
    mine.write_text(NOBODY.format("stop"), "utf-8")
    with pytest.raises(ChecksFailed, match=r"own\.mine \(No place is called Nobody\): 1"):
        small_warehouse.release(loaded, settings)
    assert not loaded.published_file.exists()
    mine.write_text(IMPOSSIBLE.replace("warning", "error"), "utf-8")
    small_warehouse.release(loaded, settings)
    with connection.reader(loaded) as con:
        (wrong,) = check.errors(con)
    assert "own.mine" in wrong
    assert "it cannot be made" in wrong
