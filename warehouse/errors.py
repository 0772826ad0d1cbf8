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
    """A file or an answer does not have the form its source promises."""


class BadData(EntrepotError):
    """Too large a share of a partition's rows was refused; the warehouse is left as it was."""


class CorrectionOutdated(EntrepotError):
    """Figures declared wrong are no longer wrong as declared: the correction must go; the file is not loaded."""


class RowsLost(EntrepotError):
    """Rows in are not accepted plus quarantined: a fault of ours; nothing was loaded."""


class ChecksFailed(EntrepotError):
    """A check of the whole warehouse failed; nothing was published."""


class Unknown(EntrepotError):
    """What was asked for (a table, a column, a row, a source) is not there."""


class Ambiguous(EntrepotError):
    """What was asked for stands for several things; the message names them."""


class SettingError(EntrepotError):
    """A setting cannot be used, or one that is needed is missing. Never shows a key."""


class ArchiveRefused(EntrepotError):
    """A zip, gz or 7z file is damaged, locked, or would unpack to far more than it is."""


class PublisherFault(EntrepotError):
    """Base of what a publisher's service can do wrong. Names the request, never a key."""


class Unreachable(PublisherFault):
    """The service did not answer, broke off, or failed again and again."""


class Refused(PublisherFault):
    """The service refuses: a wrong or missing key, a block, an address that is not there any more."""


class NotThere(Refused):
    """The service does not have, or does not understand, this one request; others may be answered."""


class QuotaUsed(PublisherFault):
    """The hour's or the day's requests are used up: ours by count, or theirs by their answer."""


class NotData(PublisherFault):
    """Something else than data came with status 200: HTML, a wrong content type, damaged or cut bytes."""


class ErrorInBody(PublisherFault):
    """The body of an answer with status 200 is an error message."""


class EmptyAnswer(PublisherFault):
    """The answer has no rows where rows were expected."""


class CutAtLimit(PublisherFault):
    """The answer has exactly as many rows as the service gives at most: it may have been cut."""


class RepeatedKeys(PublisherFault):
    """The answer states a figure twice."""
