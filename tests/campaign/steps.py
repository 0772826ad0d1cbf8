"""One step of a home folder in a process of its own, which may be killed or find the disk full.

They are the steps of the commands without Prefect, whose start would take most of the time; of all sources but the bundled figures.
"""

import resource
from collections.abc import Callable
from pathlib import Path

from tasks import sources
from tasks.archive import store
from tasks.ask import verification
from tasks.intake import adopt as intake
from tasks.load import identity as load_identity
from tasks.load import reference
from tasks.load.load_source import load_source
from tasks.load.trial import trial
from tasks.publish import check, release
from tasks.publish import identity as release_identity
from tasks.upkeep import backup
from warehouse import connection, ddl
from warehouse.settings import Home, Settings
from warehouse.writer_lock import only_writer


def _silent(_: str) -> None:
    return


def _settings(home: Path) -> Settings:
    return Settings(home=home, memory_limit="1GB", threads=1, wait_seconds=0)


def adopt(home: Path, downloads: str) -> None:
    """Archive the files of a folder."""
    connection.make_folders(Home(home))
    with trial(_settings(home)) as reading:
        for result in intake.adopt(Home(home), [Path(downloads)], None, reading.examine):
            assert result.source, f"{result.path}: {result.message}"


def load(home: Path) -> None:
    """Load everything that is archived."""
    of, settings = Home(home), _settings(home)
    with only_writer(of, 0, _silent):
        connection.clear_scratch(of)
        with connection.writer(of, settings) as con:
            ddl.create_tables(con)
            reference.load(con, vocabulary=of.vocabulary)
            ddl.create_views(con)
        common = load_identity.of_home(of)
        for source_id in sorted({artifact.source for artifact in store.manifests(of)}):
            source = sources.get(source_id)
            with connection.writer(of, settings) as con:
                done = load_source(con, of, settings, source, common=common)
            assert [o.fault for o in done.outcomes if o.fault] == []


def publish(home: Path) -> None:
    """Check and publish what is loaded."""
    of, settings = Home(home), _settings(home)
    with only_writer(of, 0, _silent):
        with connection.writer(of, settings) as con:
            check.record(con, check.run(con, with_marts=False))
            fingerprint = release_identity.of_release(con, of.checks)
        release.publish(of, settings, fingerprint)


def build(home: Path) -> None:
    """Load and publish."""
    load(home)
    publish(home)


def rebuild(home: Path) -> None:
    """Make the warehouse again from the archive, and publish."""
    connection.set_aside(Home(home))
    build(home)


def back_up(home: Path, target: str) -> None:
    """Back up."""
    backup.back_up(_settings(home), Path(target), _silent)


def restore(home: Path, kept: str) -> None:
    """Make a home folder of a backup."""
    backup.restore(Path(kept), Home(home), _silent)


def verify(home: Path) -> None:
    """Hold everything against its hashes, counts and schemas."""
    found = verification.verify(_settings(home), _silent)
    assert not found.faults, found.faults


def finish(home: Path, downloads: str) -> None:
    """What a user does after a crash: the same again, and a look at whether all is well."""
    adopt(home, downloads)
    build(home)
    verify(home)


STEPS: dict[str, Callable[..., None]] = {
    "adopt": adopt, "load": load, "publish": publish, "build": build, "rebuild": rebuild, "back up": back_up, "restore": restore,
    "verify": verify, "finish": finish,
}  # fmt: skip


def do(step: str, largest: int | None, home: Path, *arguments: str) -> None:
    """Do a step; no file can become larger than ``largest`` bytes, as where a disk is full."""
    if largest is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))
    STEPS[step](home, *arguments)
