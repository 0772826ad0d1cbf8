"""Errors of a reader that meets a file with another layout than the one it was written for, and where they happen."""

from collections.abc import Iterator
from contextlib import contextmanager

from warehouse.errors import EntrepotError, LayoutChanged


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


@contextmanager
def errors_naming(where: str) -> Iterator[None]:
    """Add ``where`` (a file, a request) to the message of an error that does not have it, for readers that do not know it.

    >>> with errors_naming("gdp.csv"):
    ...     raise LayoutChanged("the table has been cut")
    Traceback (most recent call last):
        ...
    warehouse.errors.LayoutChanged: the table has been cut: gdp.csv
    """
    try:
        yield
    except EntrepotError as fault:
        if where in str(fault):
            raise
        raise type(fault)(f"{fault}: {where}") from fault
