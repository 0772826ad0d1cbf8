"""What the copies of three national publishers' monthly trade with China have in common, which one collector made.

The columns were chosen and renamed, the figures left as published. The files do not say whose statistics they are;
their names do (``japan-china-trade-data.csv``), so a renamed file is refused.
"""

from tasks.archive.sniff import Sniffed
from warehouse.errors import LayoutChanged

ADDRESS = "https://github.com/mizydorczyk/relationship-between-trade-and-the-exchange-rate"
SEEN_VIA = "M. Izydorczyk, relationship-between-trade-and-the-exchange-rate, accessed 2025-05-23"


def is_copy(sniffed: Sniffed, header: str, reporter: str) -> bool:
    """Whether a file has this header and the name with its reporter. Raises LayoutChanged for the header without the name."""
    if not sniffed.lines or sniffed.lines[0].strip() != header:
        return False
    expected = f"{reporter}-china-trade-data.csv"
    if sniffed.filename != expected:
        raise LayoutChanged(
            f"monthly trade with China, but the name does not say whose: {sniffed.filename}. Name it as the collector did: {expected}"
        )
    return True
