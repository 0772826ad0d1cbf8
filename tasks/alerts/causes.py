"""What is wrong now, found from what is on record: one cause each, however many files or rows it is about."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tasks import sources
from tasks.alerts import runs
from tasks.fetch import history
from tasks.fetch.history import End
from warehouse import connection, file_version, sql
from warehouse.errors import EntrepotError, HomeError, NotPublished
from warehouse.settings import AlertLimits, Home

#: From this number of bad ends on a source is failing: one alone may be a publisher's bad hour. A source that is asked once a month or a year is
#: failing when the next days bring no good end.
_FAILING, _FAILING_AFTER = 2, timedelta(days=2)
_GB = 1024**3


@dataclass(frozen=True)
class Cause:
    """Something that is wrong: of a ``kind``, with a ``subject`` such as a source or a check; ``remedy`` says what to do."""

    kind: str
    subject: str
    message: str
    remedy: str

    @property
    def key(self) -> str:
        """By what a cause is known again."""
        return f"{self.kind} {self.subject}"


#: What to do, by the kind of a cause.
REMEDIES = {
    "source_failing": "see the message of the last run; `entrepot monitor {subject}` asks again, and the page of the source (docs/sources) says what it takes",
    "layout_changed": "look at the answer that is kept, and correct the source: `entrepot try {subject} FILE` shows what is read; nothing is loaded wrongly meanwhile",
    "source_late": "look at the publisher's page for a release; if there is one, `entrepot pull {subject}` and look at its faults",
    "check_failed": '`entrepot sql "FROM meta.checks WHERE NOT passed"`, then the figures it names: `entrepot trace`',
    "quarantine": "`entrepot quarantine list --source {subject}` shows the rows and the rules they broke; `entrepot quarantine replay` tries them again",
    "figures_lost": "compare with the release before: `entrepot diff`; if the file is at fault, `entrepot quarantine` leaves it out",
    "revisions": "`entrepot diff` shows the largest; a publisher that changes its unit or base looks like this",
    "disk": "make room, keep fewer releases (ENTREPOT_KEEP_RELEASES), or move the home folder",
    "release_unreadable": "`entrepot build` makes it again from the warehouse and the archive",
    "run_killed": "the next run of it finishes the work; where this repeats, look at the memory (ENTREPOT_MEMORY_LIMIT) and at the log of the system",
    "run_failed": "the run's page and artifact say more; a repeated run does not repeat what is done",
}


def cause(kind: str, subject: str, message: str) -> Cause:
    """A cause with the remedy of its kind."""
    return Cause(kind, subject, message, REMEDIES[kind].format(subject=subject))


#: What a release says; nothing is known of it where the release cannot be read.
OF_RELEASE = ("check_failed", "figures_lost", "quarantine", "revisions", "source_late")


#: The cause that is a release which cannot be read, whatever the reason.
UNREADABLE = cause("release_unreadable", "release", "")


def present(home: Home, limits: AlertLimits) -> list[Cause]:
    """All causes that are on record now, in the order of their kinds and subjects. Raises HomeError where there is no home folder."""
    if not home.root.is_dir():
        raise HomeError(
            f"there is no home folder {home.root}: look whether its disk is mounted, or run `entrepot build` to make one"
        )
    found = [*_of_services(home), *_of_killed_runs(home), *_of_disk(home, limits)]
    try:
        found += _of_release(home, limits)
    except HomeError as fault:
        found.append(cause("release_unreadable", "release", str(fault)))
    return sorted(found, key=lambda one: one.key)


def _of_services(home: Home) -> Iterator[Cause]:
    """Sources that fail or have another layout. One that this version does not have is asked by nobody any more."""
    for end in history.ends(home):
        if end.source not in sources.all_sources():
            continue
        if end.is_layout_changed:
            yield cause(
                "layout_changed", end.source, f"{end.source} answers in another layout than declared: {end.fault}"
            )
        elif _is_failing(end):
            yield cause(
                "source_failing",
                end.source,
                f"{end.source}: {_ended(end)} at {end.at:%Y-%m-%d %H:%M} UTC: {end.fault}",
            )


def _is_failing(end: End) -> bool:
    return end.in_a_row >= _FAILING or (end.in_a_row > 0 and datetime.now(UTC) - end.at > _FAILING_AFTER)


def _ended(end: End) -> str:
    if end.in_a_row == 1:
        return f"the last {end.kind} failed and was not repeated,"
    return f"the last {end.in_a_row} {end.kind}s failed, the last"


def _of_killed_runs(home: Home) -> Iterator[Cause]:
    """One cause a flow, by its last run."""
    last = {one.run: one for one in runs.killed(home)}
    for run, one in last.items():
        yield cause(
            "run_killed",
            run,
            f"the run of {run} that began at {one.begun_at:%Y-%m-%d %H:%M} UTC was killed before its end",
        )


def _of_disk(home: Home, limits: AlertLimits) -> Iterator[Cause]:
    if not home.root.exists():
        return
    free = shutil.disk_usage(home.root).free / _GB
    if free < limits.free_gb:
        yield cause("disk", str(home.root), f"{home.root} has {free:.1f} GB free, less than {limits.free_gb:g}")


def _of_release(home: Home, limits: AlertLimits) -> Iterator[Cause]:
    """What the release says: checks, losses, quarantine, revisions and lateness, the last of sources that are pulled."""
    # A pull that used up its quota has no end on record, and one for want of a key no report.
    pulled = sorted({*history.last_pulls(home), *(end.source for end in history.ends(home) if end.kind == "pull")})
    bounds = {
        "quarantine_share": limits.quarantine_share,
        "revised_share": limits.revised_share,
        "least_rows": limits.least_rows,
    }
    try:
        with connection.reader(home) as con:
            file_version.check_published(con)
            rows = con.execute(sql.read("alerts/causes.sql"), {**bounds, "pulled": pulled}).fetchall()
    except NotPublished:
        if home.warehouse.exists():
            yield cause(
                "release_unreadable", "release", f"{home.published_file} is not there, although {home.warehouse} is"
            )
        return
    yield from (cause(*row) for row in rows)


def of_run(run: str, fault: BaseException) -> Cause:
    """The cause that is a run which failed."""
    # Only faults of this project are known to have no key in their words.
    words = str(fault) if isinstance(fault, EntrepotError) else f"{type(fault).__name__}; the log of the run says more"
    return cause("run_failed", run, f"the run of {run} failed: {words}")
