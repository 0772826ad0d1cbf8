"""What goes wrong with one file stays with that file: every exception becomes a fault, and unforeseen ones are logged."""

import csv
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import duckdb

from warehouse.errors import EntrepotError, HomeError, LayoutChanged, Unexpected
from warehouse.settings import Home

#: Exceptions of the machine: another file, or the same one later, may be read without them.
_OF_THE_MACHINE = (MemoryError, OSError, duckdb.OutOfMemoryException, duckdb.IOException)
#: What a library written in Rust raises for a fault of its own; it is no Exception.
_PANIC = "PanicException"


@contextmanager
def faults_of(where: str) -> Iterator[None]:
    """Raise whatever exception ends the block as a fault whose message says ``where``: source and file.

    Faults pass unchanged, and so do an interrupt and the end of the program.
    """
    try:
        yield
    except EntrepotError:
        raise
    except Exception as exception:
        raise _fault(exception, where) from exception
    except BaseException as exception:
        if type(exception).__name__ != _PANIC:
            raise
        raise _fault(exception, where) from exception


def log(home: Home, fault: EntrepotError | None, where: str) -> None:
    """Write the traceback of an unforeseen exception to the log of the home folder; other faults say all in their message."""
    if not isinstance(fault, Unexpected):
        return
    lines = "".join(traceback.format_exception(fault.__cause__ or fault))
    with home.fault_log.open("a", encoding="utf-8") as file:
        file.write(f"{datetime.now(UTC).isoformat(timespec='seconds')} {where}\n{lines}\n")


def _fault(exception: BaseException, where: str) -> EntrepotError:
    first_line = next(iter(str(exception).splitlines()), "")
    if isinstance(exception, UnicodeDecodeError):
        return LayoutChanged(
            f"the text is not in {exception.encoding.upper()}: {where}, byte 0x{exception.object[exception.start]:02x} at position "
            f"{exception.start:,}. Download the file again, or save it as UTF-8"
        )
    if isinstance(exception, csv.Error):
        return LayoutChanged(f"the text cannot be read as a table: {where}. {first_line}")
    if isinstance(exception, _OF_THE_MACHINE):
        return HomeError(f"this machine could not read it: {where}. {first_line or type(exception).__name__}")
    return Unexpected(
        f"a fault of this program: {where}. {type(exception).__name__}: {first_line}. The traceback is in faults.log in the home "
        "folder; report it with the file"
    )
