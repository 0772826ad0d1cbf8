"""What changed between two releases: a revised figure, a new one, one that is gone, and another preference."""

import shutil
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest

from tasks.ask import release_diff
from tasks.ask.release_diff import Change, Difference
from tasks.publish import release
from tests.support import small_warehouse
from tests.support.curated_folder import CuratedFolder
from warehouse.connection import make_folders, writer
from warehouse.errors import Unknown
from warehouse.settings import Home, Settings


class Releases(NamedTuple):
    """A home folder with three releases: the second has other files, the third another preference."""

    home: Home
    first: str
    second: str
    third: str


@pytest.fixture(scope="module")
def releases(settings: Settings, warehouse_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Releases:
    """Three releases of a small folder."""
    root = tmp_path_factory.mktemp("diff")
    home = Home(root / "home")
    make_folders(home)
    shutil.copyfile(warehouse_template, home.warehouse)
    folder = CuratedFolder(root / "curated")
    folder.write("trade/yearbook.csv", [
        folder.row("trade", partner="JPN", printed_value="30"), folder.row("trade", partner="USA", printed_value="45"),
    ])  # fmt: skip
    press = folder.row("trade", partner="USA", printed_value="46", dataset="press.page", published_on="2016-01-31")
    folder.write("trade/press.csv", [press])
    folder.write("trade/withdrawn.csv", [folder.row("trade", reporter="KOR", printed_value="8", dataset="korea.page")])
    small_warehouse.load(home, settings, folder)
    first = _published(home, settings, "first")
    folder.remove("trade/withdrawn.csv")
    folder.write("trade/later.csv", [
        folder.row("trade", partner="JPN", printed_value="33", published_on="2018-09-30"),
        folder.row("trade", partner="DEU", printed_value="5", published_on="2018-09-30"),
    ])  # fmt: skip
    small_warehouse.load(home, settings, folder)
    second = _published(home, settings, "second")
    with writer(home, settings) as con:
        con.execute("INSERT INTO ref.preference VALUES ('trade', 'curated', 'press.', 1, 'for a test')")
    return Releases(home, first, second, _published(home, settings, "third"))


def _published(home: Home, settings: Settings, fingerprint: str) -> str:
    name = release.publish(home, settings, fingerprint).release
    assert name
    return name


def difference(home: Home, older: str, newer: str, largest: int = 10) -> Difference:
    """What changed between two releases."""
    with release_diff.compare(home, older, newer, largest) as (found, _):
        return found


def changes(found: Difference, mart: str) -> dict[tuple[str, str], Change]:
    """The listed changes of a mart, by reporter or partner and kind."""
    return {(change.cell, change.kind): change for change in found.largest if change.mart == mart}


def test_a_revised_figure_is_shown_with_size_and_file(releases: Releases) -> None:
    change = changes(difference(releases.home, releases.first, releases.second), "trade")[
        ("reporter=CHN, partner=JPN, year=2016", "changed")
    ]
    assert (change.column, change.before, change.after) == ("exports_usd", "30000000.000000000", "33000000.000000000")
    assert change.difference == 3_000_000
    assert change.relative_difference == pytest.approx(0.1)
    assert change.cause == "new file trade/later.csv of customs.annual"


def test_a_new_and_a_gone_figure_are_shown_with_their_files(releases: Releases) -> None:
    found = changes(difference(releases.home, releases.first, releases.second), "trade")
    new = found[("reporter=CHN, partner=DEU, year=2016", "new")]
    assert (new.before, new.after) == (None, "5000000.000000000")
    assert new.cause == "new file trade/later.csv of customs.annual"
    gone = found[("reporter=KOR, partner=JPN, year=2016", "gone")]
    assert (gone.before, gone.after) == ("8000000.000000000", None)
    assert gone.cause == "file trade/withdrawn.csv of korea.page no longer stands"


def test_figures_are_compared_by_their_keys(releases: Releases) -> None:
    found = changes(difference(releases.home, releases.first, releases.second), "trade_figures")
    assert sorted(kind for _, kind in found) == ["changed", "gone", "new"]
    assert all("dataset=" in cell and "freq=A, period=2016" in cell for cell, _ in found)


def test_the_files_that_went_in_and_out_are_listed(releases: Releases) -> None:
    found = difference(releases.home, releases.first, releases.second)
    assert [(file.kind, file.filename, file.dataset) for file in found.inputs] == [
        ("gone", "trade/withdrawn.csv", "korea.page"), ("new", "trade/later.csv", "customs.annual"),
    ]  # fmt: skip
    assert found.preferences == []


def test_values_are_counted_by_mart_and_dataset(releases: Releases) -> None:
    found = difference(releases.home, releases.first, releases.second)
    counts = {(c.mart, c.dataset): c for c in found.counts}
    count = counts["trade", "customs.annual"]
    assert (count.values, count.changed, count.new, count.gone, count.share) == (3, 1, 1, 0, 0.5)
    gone = counts["trade", "korea.page"]
    assert (gone.values, gone.changed, gone.new, gone.gone, gone.share) == (0, 0, 0, 1, None)
    press = counts["trade_figures", "press.page"]
    assert (press.values, press.changed, press.new, press.gone, press.share) == (1, 0, 0, 0, 0.0)
    assert found.left_out == []
    assert {c.mart for c in found.counts} == {"trade", "trade_figures"}, (
        "marts whose files are the same are not compared"
    )


def test_another_preference_changes_a_fact_and_no_figure(releases: Releases) -> None:
    found = difference(releases.home, releases.second, releases.third)
    assert found.inputs == []
    (preference,) = found.preferences
    assert (preference.fact, preference.dataset_prefix, preference.before, preference.after) == (
        "trade",
        "press.",
        None,
        1,
    )
    (change,) = found.largest
    assert (change.mart, change.before, change.after) == ("trade", "45000000.000000000", "46000000.000000000")
    assert change.cause == "another figure is preferred: of press.page, before of customs.annual"


def test_a_release_does_not_differ_from_itself(releases: Releases) -> None:
    found = difference(releases.home, releases.third, releases.third)
    assert (found.inputs, found.preferences, found.largest) == ([], [], [])
    assert not any(c.changed or c.new or c.gone for c in found.counts)


def test_only_as_many_changes_of_a_mart_are_listed_as_wanted(releases: Releases) -> None:
    found = difference(releases.home, releases.first, releases.second, largest=1)
    assert [(c.mart, c.kind) for c in found.largest] == [("trade", "changed"), ("trade_figures", "changed")]


def test_a_mart_that_a_release_does_not_have_is_named(releases: Releases, tmp_path: Path) -> None:
    """A release of an older version of the program has other marts and columns."""
    home = Home(tmp_path / "copy")
    shutil.copytree(releases.home.releases, home.releases)
    (home.releases / releases.first / "seal.json").unlink()  # or files that are the same would not be looked at
    package = home.releases / releases.first / "parquet" / "datapackage.json"
    text = package.read_text(encoding="utf-8").replace('"fdi_provinces.parquet"', '"other.parquet"')
    package.write_text(text.replace('"is_seam"', '"seam"'), encoding="utf-8")
    assert difference(home, releases.first, releases.second).left_out == [
        f"fdi_provinces: release {releases.first} does not have it",
        f"indicator: release {releases.first} does not have the columns is_seam",
        f"indicator_one_release: release {releases.first} does not have the columns is_seam",
    ]


def test_the_last_two_releases_are_compared_unless_others_are_named(releases: Releases) -> None:
    home, first, second, third = releases
    assert release_diff.two_releases(home, None, None) == (second, third)
    assert release_diff.two_releases(home, first, None) == (first, third)
    assert release_diff.two_releases(home, first, second) == (first, second)


def test_a_release_that_is_not_kept_is_an_error_that_lists_those_that_are(releases: Releases, tmp_path: Path) -> None:
    with pytest.raises(Unknown, match=f"release 'yesterday' is not kept; there are: {releases.first}, "):
        release_diff.two_releases(releases.home, "yesterday", None)
    with pytest.raises(Unknown, match=r"0 release is kept .* a comparison takes two: `entrepot build` makes one"):
        release_diff.two_releases(Home(tmp_path), None, None)


def test_a_release_of_a_program_without_preferences_is_compared_and_said_to_have_none(
    releases: Releases, tmp_path: Path
) -> None:
    shutil.copytree(releases.home.root, tmp_path / "home", symlinks=True)
    home = Home(tmp_path / "home")
    older = home.releases / releases.first / "entrepot.duckdb"
    with duckdb.connect(str(older)) as con:
        con.execute("DROP TABLE ref.preference CASCADE")
    found = difference(home, releases.first, releases.second)
    assert found.preferences == []
    assert f"ref.preference: release {releases.first} does not have it" in found.left_out
    assert changes(found, "trade")
