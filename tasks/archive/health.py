"""Archived files that are missing or have changed, as far as it shows without reading all of them."""

from collections.abc import Iterable

from tasks.archive import store
from tasks.archive.store import Artifact
from warehouse.settings import Home


def damaged(home: Home, artifacts: Iterable[Artifact]) -> list[str]:
    """What is wrong with the files of artifacts and what to do: one message for each archived file."""
    faults: dict[str, str] = {}
    for artifact in artifacts:
        if artifact.stored_as not in faults and (fault := store.seen_damage(home, artifact)):
            path = store.object_path(home, artifact.stored_as)
            faults[artifact.stored_as] = (
                f"{artifact.source}, {artifact.filename}: archived file {path} {fault}. Figures that were loaded from it stay, but cannot be traced or "
                "made again; adopting the same file puts it back"
            )
    return list(faults.values())
