"""The faults a caller may want to treat differently. Each message says what is wrong and what to do."""


class EntrepotError(Exception):
    """Base of all faults that are not a bug: the command line prints them in one line and exits with 1."""


class HomeError(EntrepotError):
    """The home folder cannot be used: read-only, full, or made by a newer version."""


class Busy(EntrepotError):
    """Another process is writing to the warehouse."""


class NotPublished(EntrepotError):
    """Nothing has been published yet."""


class ArchiveDamaged(EntrepotError):
    """Archived bytes are missing, or are not those that were archived."""


class LayoutChanged(EntrepotError):
    """A file does not have the columns its source promises."""


class BadData(EntrepotError):
    """Too large a share of a partition's rows was refused; the warehouse is left as it was."""


class RowsLost(EntrepotError):
    """Rows in are not accepted plus quarantined: a fault of ours; nothing was loaded."""


class ChecksFailed(EntrepotError):
    """A check of the whole warehouse failed; nothing was published."""


class Unknown(EntrepotError):
    """What was asked for (a table, a column, a row, a source) is not there."""
