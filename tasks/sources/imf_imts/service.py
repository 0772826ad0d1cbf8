"""Requests for totals of goods trade: one for each reporter, with all its partners."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tasks.contract.service import Request, Selection
from tasks.sources._shared.imf import service

if TYPE_CHECKING:
    from tasks.sources._shared.imf import ImfSource

_INDICATORS = ("XG_FOB_USD", "MG_CIF_USD", "MG_FOB_USD")


def requests(source: "ImfSource", selection: Selection) -> Iterator[Request]:
    """A request for each reporter and lot of partners: every reporter with every partner would be a hundred times as much.

    Only totals exist: none for other products. Raises Unknown.
    """
    if selection.products and "TOTAL" not in selection.products:
        return
    for reporter in service.codes(selection.reporters, service.economies()):
        for number, partners in enumerate(service.counterparts(selection, reporter), 1):
            key = ([reporter], _INDICATORS, partners, ["A"])
            yield service.request(source, key, selection, f"{reporter}.{number}")
