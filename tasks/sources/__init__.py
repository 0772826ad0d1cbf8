"""One module a publisher's dataset. A module here that defines ``SOURCE`` is a source; there is no other list."""

import importlib
import pkgutil
from functools import cache

from tasks.sources.base import Source
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
    """The source with this id. Raises Unknown."""
    try:
        return all_sources()[source_id]
    except KeyError:
        raise Unknown(f"no source {source_id!r}; there are: {', '.join(all_sources())}") from None
