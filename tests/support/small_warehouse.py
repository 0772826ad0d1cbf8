"""A small warehouse with a figure of every kind, loaded by the steps themselves, for tests of what comes after loading."""

import shutil
from pathlib import Path

from tasks.contract import facts
from tasks.load.load_source import load_source
from tasks.load.outcome import Outcome
from tasks.publish import check
from tasks.publish import identity as release_identity
from tasks.publish import release as releases
from tasks.publish.release import Published
from tasks.sources.curated import Curated
from tests.support.curated_folder import CuratedFolder
from warehouse.connection import make_folders, writer
from warehouse.settings import Home, Settings

#: Facts of which the small folder has two releases, the later one with another value.
REVISED = ("trade", "fdi", "indicator", "pair", "presence")


def write_folder(root: Path) -> CuratedFolder:
    """Bundled files with a figure of every kind, some revised a year later, and one row that will be refused."""
    folder = CuratedFolder(root)
    for fact in (f.name for f in facts.ALL):
        rows = [folder.row(fact)]
        if fact in REVISED:
            rows.append(folder.row(fact, printed_value="14", published_on="2018-09-30"))
        if fact == "indicator":
            rows.append(folder.row(fact, place="ATLANTIS"))
        folder.write(f"{fact}/first.csv", rows)
    return folder


def load(home: Home, settings: Settings, folder: CuratedFolder) -> list[Outcome]:
    """Load what is new in the folder, as a build does, into the home's warehouse."""
    with writer(home, settings) as con:
        return load_source(con, home, settings, Curated(folder.root)).outcomes


def release(home: Home, settings: Settings) -> Published:
    """Check and publish, as a build does."""
    with writer(home, settings) as con:
        check.record(con, check.run(con))
        fingerprint = release_identity.of_release(con)
    return releases.publish(home, settings, fingerprint)


def make(root: Path, settings: Settings, template: Path) -> Home:
    """A home folder with the small folder loaded. ``template`` is a warehouse with its reference tables."""
    home = Home(root / "home")
    make_folders(home)
    shutil.copyfile(template, home.warehouse)
    outcomes = load(home, settings, write_folder(root / "curated"))
    assert [o.fault for o in outcomes if o.fault] == []
    return home
