"""Homes that are built and published by the steps themselves, without Prefect, for tests of what an analyst reads."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from tasks import sources
from tasks.contract.source import Source
from tasks.intake import adopt
from tasks.load import reference
from tasks.load.load_source import load_source
from tasks.publish import check, release
from tasks.publish import identity as release_identity
from tests.support.paths import SHARED
from warehouse import ddl
from warehouse.connection import make_folders, writer
from warehouse.settings import Home, Settings


def bundled(root: Path) -> Home:
    """The bundled figures, built and published in ``root``, which is there only once it is whole."""
    return _built(root, [sources.get("curated")], [])


#: Files of ../shared of which no row can be loaded: the World Bank's code ZZ, whose name says World, is no place.
NOT_LOADED = frozenset({"trase_population_for_other_countries.json"})


def everything(root: Path) -> Home:
    """The bundled figures and all publishers' files of ../shared that a source recognises, built and published in ``root``."""
    return _built(root, sources.all_sources().values(), [SHARED / "sources", SHARED / "regional"])


def _built(root: Path, of_sources: Iterable[Source], files: Iterable[Path]) -> Home:
    home = Home(root.with_name(f"{root.name} in progress"))
    settings = Settings.model_construct(home=home.root, memory_limit="2GB", threads=2)
    make_folders(home)
    list(adopt.adopt(home, list(files)))  # adopted one by one as they are asked for
    with writer(home, settings) as con:
        ddl.create_tables(con)
        reference.load(con)
        ddl.create_views(con)
        for source in of_sources:
            outcomes = load_source(con, home, settings, source).outcomes
            assert [str(o.fault) for o in outcomes if o.fault and o.artifact.filename not in NOT_LOADED] == []
        check.record(con, check.run(con))
        fingerprint = release_identity.of_release(con)
    release.publish(home, settings, fingerprint)
    shutil.rmtree(root, ignore_errors=True)
    return Home(home.root.rename(root))
