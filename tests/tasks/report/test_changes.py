"""What the newest release changed is on the page Data, in full, and on Home in a sentence."""

import re
import shutil
from pathlib import Path

import pytest

from tasks.ask import release_diff
from tasks.report import checking
from tasks.report import site as sites
from tasks.report.contents import data, front
from tasks.report.contents.changes import Changes
from tests.support import small_warehouse
from tests.tasks.report.test_takeaways import takeaway
from warehouse.connection import make_folders
from warehouse.settings import Home, Settings


def _site(home: Home) -> Path:
    changes = Changes(home)
    sites.write(home, [front.pages_of(changes), data.pages_of(changes)], print)
    return home.site


@pytest.fixture(scope="module")
def home(settings: Settings, warehouse_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home folder with two releases; the second has one revised figure and one new one."""
    root = tmp_path_factory.mktemp("changes")
    home = Home(root / "home")
    make_folders(home)
    shutil.copyfile(warehouse_template, home.warehouse)
    folder = small_warehouse.write_folder(root / "curated")
    small_warehouse.load(home, settings, folder)
    small_warehouse.release(home, settings)
    folder.write("trade/later.csv", [
        folder.row("trade", printed_value="21", published_on="2019-09-30"), folder.row("trade", partner="DEU", printed_value="5", published_on="2019-09-30"),
    ])  # fmt: skip
    assert [o.fault for o in small_warehouse.load(home, settings, folder) if o.fault] == []
    small_warehouse.release(home, settings)
    return home


@pytest.fixture(scope="module")
def site(home: Home) -> Path:
    return _site(home)


def rows(site: Path, slug: str) -> list[dict[str, str]]:
    heading, *records = checking.read_csv((site / "data" / f"{slug}.csv").read_text(encoding="utf-8-sig"))
    return [dict(zip(heading, record, strict=True)) for record in records]


def test_the_sentence_counts_the_values_of_facts(home: Home, site: Path) -> None:
    older, newer = release_diff.two_releases(home, None, None)
    day = f"{older[:4]}-{older[4:6]}-{older[6:8]}"
    said = takeaway(site, "data/index.html", "changed-values")
    plain = re.sub(r"<[^>]+>", "", said)  # dates do not break across lines
    assert plain.startswith(f"Since release {older} of {day} 1 value changed (")
    assert "1 is new and 0 are gone" in said
    assert takeaway(site, "index.html", "changed-values") == said
    assert f"entrepot diff {older} {newer}" in (site / "data" / "index.html").read_text(encoding="utf-8")


def test_the_table_has_what_the_comparison_found(home: Home, site: Path) -> None:
    with release_diff.compare(home, *release_diff.two_releases(home, None, None)) as (found, _):
        counted = {(c.mart, c.dataset): (c.values, c.changed, c.new, c.gone) for c in found.counts if c.changed or c.new or c.gone}  # fmt: skip
    shown = {
        (row["mart"], row["dataset"]): tuple(int(row[name]) for name in ("figures", "changed", "new", "gone"))
        for row in rows(site, "changed-values")
    }
    assert shown == counted
    assert {mart for mart, _ in shown} >= {"trade", "trade_figures"}


def test_the_largest_change_has_both_values_and_the_file_that_caused_it(site: Path) -> None:
    change = next(row for row in rows(site, "largest-changes") if row["mart"] == "trade" and row["kind"] == "changed")
    assert (float(change["before"]), float(change["after"])) == (14e6, 21e6)
    assert float(change["relative"]) == pytest.approx(50)
    assert "trade/later.csv" in change["cause"]
    assert takeaway(site, "data/index.html", "largest-changes").startswith("The largest is 50.0 %")


def test_files_that_came_are_listed(site: Path) -> None:
    assert [(row["kind"], row["filename"]) for row in rows(site, "changed-files")] == [("new", "trade/later.csv")]


def test_what_is_printed_is_what_the_query_returns(home: Home, site: Path) -> None:
    assert [fault for fault in checking.faults(home, print) if ".sql" in fault] == []


def test_a_first_release_has_nothing_to_be_compared_with(
    settings: Settings, warehouse_template: Path, tmp_path: Path
) -> None:
    home = small_warehouse.make(tmp_path, settings, warehouse_template)
    small_warehouse.release(home, settings)
    for path in ("index.html", "data/index.html"):
        assert takeaway(_site(home), path, "changed-values").startswith("This is the only release")
