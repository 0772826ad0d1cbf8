"""Homes that are built and published by the steps themselves, without Prefect, for tests of what an analyst reads."""

import pickle
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tasks import sources
from tasks.contract.source import Source
from tasks.intake import adopt
from tasks.intake.adopt import AdoptionResult
from tasks.load import reference
from tasks.load.load_source import load_source
from tasks.load.outcome import Outcome
from tasks.publish import check, release
from tasks.publish import identity as release_identity
from tests.support.paths import SHARED
from warehouse import ddl
from warehouse.connection import make_folders, writer
from warehouse.settings import Home, Settings


@dataclass(frozen=True)
class Built:
    """A home that is built and published, what became of each file that was adopted, and of each that was loaded."""

    home: Home
    adopted: list[AdoptionResult]
    outcomes: list[Outcome]


def bundled(root: Path) -> Home:
    """The bundled figures, built and published in ``root``, which is there only once it is whole."""
    return _built(root, [sources.get("curated")], []).home


#: Files of ../shared of which no row can be loaded: the World Bank's code ZZ, whose name says World, is no place, and nobody has named
#: the Bank of Japan's series of deposits.
NOT_LOADED = frozenset(
    {"trase_population_for_other_countries.json", "get_data_layer_page1.json", "get_data_layer_page2.json"}
)
#: What is told of the files of a home, beside it.
_TOLD = "told.pickle"


def everything(root: Path) -> Built:
    """The bundled figures and all publishers' files of ../shared that a source recognises, built and published in ``root``.

    A home that is there already is not built again.
    """
    if root.exists():
        return Built(Home(root), *pickle.loads((root / _TOLD).read_bytes()))  # noqa: S301  written below
    built = _built(root, sources.all_sources().values(), [SHARED / "sources", SHARED / "regional"])
    (built.home.root / _TOLD).write_bytes(pickle.dumps((built.adopted, built.outcomes)))
    return built


def _built(root: Path, of_sources: Iterable[Source], files: Iterable[Path]) -> Built:
    home = Home(root.with_name(f"{root.name} in progress"))
    settings = Settings.model_construct(home=home.root, memory_limit="2GB", threads=2)
    make_folders(home)
    adopted = list(adopt.adopt(home, list(files)))
    outcomes: list[Outcome] = []
    with writer(home, settings) as con:
        ddl.create_tables(con)
        reference.load(con)
        ddl.create_views(con)
        for source in of_sources:
            outcomes += load_source(con, home, settings, source).outcomes
        assert [str(o.fault) for o in outcomes if o.fault and o.artifact.filename not in NOT_LOADED] == []
        check.record(con, check.run(con))
        fingerprint = release_identity.of_release(con)
    release.publish(home, settings, fingerprint)
    shutil.rmtree(root, ignore_errors=True)
    return Built(Home(home.root.rename(root)), adopted, outcomes)
