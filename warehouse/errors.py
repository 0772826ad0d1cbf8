"""Faults that a caller may treat differently. Each message says what is wrong, where, and what to do."""


class EntrepotError(Exception):
    """Base of all faults that are not bugs. The command line prints the message and exits with status 1."""


class HomeError(EntrepotError):
    """The home folder cannot be used: it is read-only, full, damaged, or was written by a newer version."""


class Busy(EntrepotError):
    """Another process is writing to the warehouse."""


class NotPublished(EntrepotError):
    """Nothing has been published in the home folder yet."""


class ArchiveDamaged(EntrepotError):
    """Archived bytes are missing, or their hash differs from the one in their manifest."""


class LayoutChanged(EntrepotError):
    """A file or an answer has another layout than its source reads: a column, sheet or field is missing or unknown."""


class BadData(EntrepotError):
    """Too large a share of a partition's rows broke a rule. Nothing was loaded."""


class ClaimsFault(EntrepotError):
    """A file of claims breaks its schema, or the query of a claim fails."""


class CorrectionOutdated(EntrepotError):
    """The condition of a correction no longer holds, so it may keep right figures out. The file was not loaded."""


class RowsLost(EntrepotError):
    """Rows read are not rows accepted plus rows quarantined: a bug. Nothing was loaded."""


class ChecksFailed(EntrepotError):
    """A check of the whole warehouse failed. Nothing was published."""


class Unknown(EntrepotError):
    """A table, column, row, place or source that was asked for does not exist."""


class Ambiguous(EntrepotError):
    """A name or code means several things; the message lists them."""


class SettingError(EntrepotError):
    """A setting is missing or invalid. The message never shows a key."""


class ArchiveRefused(EntrepotError):
    """A zip, gz or 7z file is damaged or encrypted, or would unpack to far more than its size."""


class Unexpected(EntrepotError):
    """An exception that nothing foresaw, met with one file: a fault of this program. Its traceback goes to the log."""


class PublisherFault(EntrepotError):
    """Base of what can go wrong with a publisher's service. The message names the request and never shows a key."""


class Unreachable(PublisherFault):
    """The service did not answer, broke the connection, or failed in every attempt."""


class ServiceRefused(PublisherFault):
    """The service refuses all requests of this kind: a wrong or missing key, a block, an address that is gone."""


class RequestRejected(ServiceRefused):
    """The service has no answer to this one request, or does not understand it; others may be answered."""


class QuotaUsed(PublisherFault):
    """The requests of the hour or the day are used up, by the count of requests sent or by the service's answer."""


class NotData(PublisherFault):
    """An answer with status 200 is not data: HTML, a wrong content type, damaged or truncated bytes."""


class NotAsked(PublisherFault):
    """The answer has figures of other years, places or indicators than the request asks for."""


class ErrorInBody(PublisherFault):
    """The body of an answer with status 200 is an error message."""


class EmptyAnswer(PublisherFault):
    """The answer has no rows where rows were expected."""


class CutAtLimit(PublisherFault):
    """The answer has as many rows as the service gives at most, so it may be truncated."""


class RepeatedKeys(PublisherFault):
    """The answer states a figure twice."""
