"""Requests for exchange rates: years of all economies at once, quarters and months of some."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tasks.contract.service import Request, Selection
from tasks.sources._shared.imf import service

if TYPE_CHECKING:
    from tasks.sources._shared.imf import ImfSource


def requests(source: "ImfSource", selection: Selection) -> Iterator[Request]:
    """Years of all economies in one request, as every currency may have to be converted; quarters and months of some.

    With reporters, only theirs, and the euro's, which the members of its area have. Raises Unknown.
    """
    reporters = (*selection.reporters, "EMU") if selection.reporters else ()
    some = service.codes(reporters, (*service.economies(), "EMU"))
    both = ["PA_RT", "EOP_RT"]
    yearly = some if selection.reporters else []
    yield service.request(source, (yearly, ["XDC_USD"], both, ["A"]), selection, "A")
    yield service.request(source, (some, ["XDC_USD"], both, ["Q", "M"]), selection, "Q-M")
