"""One module a publisher's dataset, named as its id. A module here that defines ``SOURCE`` is a source; there is no other list."""

import importlib
import importlib.util
import pkgutil
from functools import cache

from tasks.contract.source import Source
from warehouse.errors import Unknown


@cache
def all_sources() -> dict[str, Source]:
    """Every source by its id, in order of the ids."""
    found: dict[str, Source] = {}
    for module in pkgutil.iter_modules(__path__):
        source = getattr(importlib.import_module(f"{__name__}.{module.name}"), "SOURCE", None)
        if source is not None:
            found[source.id] = source
    return dict(sorted(found.items()))


def get(source_id: str) -> Source:
    """The source with this id; no other is imported where its module bears its name. Raises Unknown."""
    source = _of_module(source_id.replace(".", "_")) or all_sources().get(source_id)
    if source is None or source.id != source_id:
        raise Unknown(f"no source {source_id!r}; there are: {', '.join(all_sources())}")
    return source


def _of_module(name: str) -> Source | None:
    full = f"{__name__}.{name}"
    module = importlib.import_module(full) if importlib.util.find_spec(full) else None
    return getattr(module, "SOURCE", None)
