"""Monthly trade with China as three national publishers state it, copied by one collector: what the copies have in common.

The columns were chosen and renamed, the figures left as published. The files do not say whose statistics they are;
their names do (``japan-china-trade-data.csv``), so a renamed file is refused.
"""

from tasks.archive.sniff import Sniffed
from warehouse.errors import LayoutChanged

ADDRESS = "https://github.com/mizydorczyk/relationship-between-trade-and-the-exchange-rate"
SEEN_VIA = "M. Izydorczyk, relationship-between-trade-and-the-exchange-rate, accessed 2025-05-23"


def is_copy(sniffed: Sniffed, header: str, reporter: str) -> bool:
    """Whether a file has this header and its reporter's name. Raises LayoutChanged for the header without the name."""
    if not sniffed.lines or sniffed.lines[0].strip() != header:
        return False
    wanted = f"{reporter}-china-trade-data.csv"
    if sniffed.filename != wanted:
        raise LayoutChanged(f"{sniffed.filename}: monthly trade, but the name does not say whose, as in {wanted}")
    return True
