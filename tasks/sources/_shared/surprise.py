"""What a source says of a file that is not built as it thought: that the layout changed, and no bare exception."""

from collections.abc import Iterator
from contextlib import contextmanager

from warehouse.errors import LayoutChanged


@contextmanager
def told(filename: str) -> Iterator[None]:
    """Raise LayoutChanged for what reading a file stumbles over: a key or cell that is not there, text that is no text."""
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError) as fault:
        raise LayoutChanged(
            f"{filename}: it is not built as its layout says: {type(fault).__name__}: {str(fault)[:200]}"
        ) from fault
