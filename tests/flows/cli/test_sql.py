"""``entrepot sql``: cautions on standard error, and how results are written."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import small_warehouse
from warehouse.settings import Home, Settings


@pytest.fixture(scope="module")
def home(settings: Settings, warehouse_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home folder with one release. Tests only read it."""
    made = small_warehouse.make(tmp_path_factory.mktemp("sql"), settings, warehouse_template)
    assert small_warehouse.release(made, settings).release
    return made


def run(home: Home, query: str, *options: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    command = [sys.executable, "-m", "flows.cli.app", "sql", "--home", str(home.root), query, *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


# -- cautions -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("as_of", [[], ["--as-of", "2018-12-31"]], ids=["now", "then"])
def test_a_sum_over_figures_is_answered_with_a_caution_on_standard_error(home: Home, as_of: list[str]) -> None:
    done = run(home, "SELECT sum(value_usd) AS n FROM trade_figures WHERE flow = 'export'", "--format", "csv", *as_of)
    assert done.returncode == 0
    assert done.stdout == "n\n14000000.000\n"
    (caution,) = done.stderr.splitlines()
    assert caution.startswith("sum(value_usd) over trade_figures adds figures of several publishers and editions; ")
    assert "ask trade" in caution
    assert "partner_kind = 'economy'" in caution


def test_a_place_that_is_not_a_code_is_explained(home: Home) -> None:
    done = run(home, "SELECT count(*) AS n FROM trade WHERE reporter = 'China' AND partner = 'WLD'", "--format", "csv")
    assert (done.returncode, done.stdout) == (0, "n\n0\n")
    first, second = done.stderr.splitlines()
    assert first == "reporter = 'China' finds nothing: 'China' is not a place code; place('China') is CHN (China)"
    assert second.endswith("a sum over partners is that of the world")


def test_a_hint_names_the_home_folder(home: Home) -> None:
    done = run(home, "FROM trade WHERE reporter = 'New Atlantis'")
    assert f" --home {home.root} places 'New Atlantis'` lists what there is" in done.stderr


def test_a_query_that_fails_gets_no_caution(home: Home) -> None:
    done = run(home, "SELECT sum(value_usd), nothing FROM trade_figures")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1


IMPORTED = """
import sys
from flows.cli import app
try:
    app.main()
except SystemExit:
    print("IMPORTED", *sorted(sys.modules))
"""


@pytest.mark.parametrize(
    ("query", "is_read"),
    [("SELECT reporter, year FROM trade", False), ("SHOW TABLES", False), ("SELECT sum(exports_usd) FROM trade", True)],
)
def test_only_a_query_that_may_need_a_caution_is_read(home: Home, query: str, is_read: bool) -> None:
    command = [sys.executable, "-c", IMPORTED, "sql", query, "--home", str(home.root)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    imported = done.stdout.split("IMPORTED")[1].split()
    assert ("sqlglot" in imported) == is_read
    assert {"pandera", "ibis", "pandas", "prefect"} & set(imported) == set()
