"""Publishers only: one package per dataset of a publisher, named as its id with underscores. There is no other list.

A package that defines ``SOURCE`` is a source. Its ``__init__`` has the class with its declarations; its readers are in
modules of their own, its SQL and small tables are beside them. ``service`` has what asks the publisher's service and judges
its answers, and may use readers; readers never import it, because what is loaded does not depend on it. ``_shared`` has what
several sources have in common.
"""

import importlib
import importlib.util
import pkgutil
from functools import cache

from tasks.contract.source import Source
from warehouse.errors import Unknown


@cache
def all_sources() -> dict[str, Source]:
    """Every source by its id, in order of the ids."""
    sources = [source for module in pkgutil.iter_modules(__path__) if (source := _source_of(module.name))]
    return {source.id: source for source in sorted(sources, key=lambda source: source.id)}


def get(source_id: str) -> Source:
    """The source with this id. Only its own package is imported, where that has the id's name. Raises Unknown."""
    source = _source_of(source_id.replace(".", "_")) or all_sources().get(source_id)
    if source is None or source.id != source_id:
        raise Unknown(f"no source {source_id!r}. Sources: {', '.join(all_sources())}")
    return source


def _source_of(name: str) -> Source | None:
    """The source of a package; None if there is no such package, or it is not a source."""
    full = f"{__name__}.{name}"
    module = importlib.import_module(full) if importlib.util.find_spec(full) else None
    return getattr(module, "SOURCE", None)
