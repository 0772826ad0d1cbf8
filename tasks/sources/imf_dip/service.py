"""Requests for direct investment positions: one for each reporter, with all its counterparts, reported and derived."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tasks.contract.service import Request, Selection
from tasks.sources._shared.imf import service

if TYPE_CHECKING:
    from tasks.sources._shared.imf import ImfSource

#: The survey's first year.
_FIRST = 2009
#: All financial instruments, equity, debt; net, all entities.
_INDICATORS = tuple(f"{way}_{part}_ALL" for way in ("INWD_D_NETLA", "OTWD_D_NETAL") for part in ("FALL", "F51", "FL"))


def requests(source: "ImfSource", selection: Selection) -> Iterator[Request]:
    """A request for each reporter and lot of counterparts. Raises Unknown."""
    first = max(selection.first, _FIRST)
    if selection.last < first:
        return
    for reporter in service.codes(selection.reporters, service.economies()):
        for number, partners in enumerate(service.counterparts(selection, reporter), 1):
            key = ([reporter], ["O", "SCC"], _INDICATORS, partners, ["A"])
            yield service.request(source, key, selection, f"{reporter}.{number}", first)
