"""Errors of a reader that meets a file with another layout than the one it was written for."""

from collections.abc import Iterator
from contextlib import contextmanager

from warehouse.errors import LayoutChanged


@contextmanager
def layout_errors(filename: str) -> Iterator[None]:
    """Raise LayoutChanged, naming the file, for a missing key or cell or a value of another type.

    >>> with layout_errors("answer.json"):
    ...     {}["rows"]
    Traceback (most recent call last):
        ...
    warehouse.errors.LayoutChanged: not in the expected layout: answer.json (KeyError: 'rows')
    """
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError) as fault:
        raise LayoutChanged(
            f"not in the expected layout: {filename} ({type(fault).__name__}: {str(fault)[:200]})"
        ) from fault
