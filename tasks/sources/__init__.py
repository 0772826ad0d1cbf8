"""One module a publisher's dataset, named as its id. A module here that defines ``SOURCE`` is a source; there is no other list."""

import importlib
import importlib.util
import pkgutil
from functools import cache
from typing import cast

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
    """The source with this id; no other module is imported. Raises Unknown."""
    name = f"{__name__}.{source_id.replace('.', '_')}"
    source = getattr(importlib.import_module(name), "SOURCE", None) if importlib.util.find_spec(name) else None
    if source is None or source.id != source_id:
        raise Unknown(f"no source {source_id!r}; there are: {', '.join(all_sources())}")
    return cast(Source, source)
