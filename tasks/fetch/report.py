"""The state of a pull while it runs, and its report at the end."""

from dataclasses import dataclass

from tasks.contract.service import NOTHING_COUNTED, Coverage

#: How many remarks about answers a sentence has.
_MOST_REMARKS = 3


@dataclass(frozen=True)
class PullProgress:
    """How far the pull of a source is.

    ``done`` of ``total`` known requests are settled; ``rows`` are in the archived answers; ``quota_left`` is the number
    of requests that may still be sent now, None without a quota.
    """

    source: str
    done: int
    total: int
    rows: int = 0
    quota_left: int | None = None


@dataclass(frozen=True)
class PullReport:
    """How the pull of a source ended.

    ``sent`` counts the requests that were answered in this pull, ``unchanged`` the answers that were archived before.
    ``resumed_at`` is the number of the request at which an earlier pull was resumed. ``failures`` has a message for
    each request that failed; ``fault`` says why the pull ended early; ``is_quota_used``: since the
    requests of the hour or day are used up. ``coverage`` counts the cells that new answers were asked for and have;
    ``remarks`` say which of their rows a build will not load, and which have fewer rows than the answer before.
    """

    source: str
    done: int = 0
    total: int = 0
    sent: int = 0
    rows: int = 0
    new_files: int = 0
    unchanged: int = 0
    quota_left: int | None = None
    resumed_at: int | None = None
    failures: tuple[str, ...] = ()
    fault: str | None = None
    is_cancelled: bool = False
    is_quota_used: bool = False
    coverage: Coverage = NOTHING_COUNTED
    remarks: tuple[str, ...] = ()

    @property
    def answered(self) -> int:
        """The number of requests that have a valid answer: settled, and not failed."""
        return self.done - len(self.failures)

    @property
    def is_complete(self) -> bool:
        """Whether every request has a valid answer."""
        return self.done == self.total and not (self.fault or self.failures or self.is_cancelled)

    @property
    def faults(self) -> list[str]:
        """The messages of all faults, each once."""
        return list(dict.fromkeys([*self.failures, *([self.fault] if self.fault else [])]))

    def describe(self) -> str:
        """The counts in a sentence, without the faults."""
        resumed = f", resumed at request {self.resumed_at}" if self.resumed_at else ""
        quota = f"; {self.quota_left:,} requests are left" if self.quota_left is not None else ""
        covered = f"; {self.coverage.describe()}" if self.coverage.asked else ""
        remarks = "".join(f"; {remark}" for remark in self.remarks[:_MOST_REMARKS])
        more = f" … ({len(self.remarks)} answers with such rows)" if len(self.remarks) > _MOST_REMARKS else ""
        return (
            f"{self.source}: {self.answered:,} of {self.total:,} requests done{resumed}; {self.rows:,} rows, "
            f"{self.new_files:,} new files, {self.unchanged:,} answers unchanged{quota}{covered}{remarks}{more}"
        )

    def describe_end(self) -> str:
        """Why the pull is not complete, in a few words; empty if it is."""
        if self.fault:
            return self.fault
        if self.is_cancelled:
            return "cancelled"
        return f"{len(self.failures)} requests failed" if self.failures else ""
