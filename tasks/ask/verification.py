"""Whether what is archived and published is whole: hashes, versions, counts, and rows against today's schemas."""

from collections.abc import Callable
from dataclasses import dataclass

from tasks.ask import rereading, warehouse_status
from tasks.ask.rereading import Rereading
from tasks.publish import check, release_seal
from tasks.publish.check import Finding
from warehouse import connection, file_version
from warehouse.settings import Settings


@dataclass(frozen=True)
class Verification:
    """What was found. ``faults`` has a message for each thing that is wrong; ``left_out`` one for each that was not looked at."""

    faults: list[str]
    left_out: list[str]
    findings: list[Finding]
    again: Rereading


def verify(settings: Settings, on_progress: Callable[[str], None]) -> Verification:
    """Check archived bytes against their hashes, the release and its tables, and what is loaded against today's schemas.

    Raises NotPublished; HomeError for a damaged published file.
    """
    home = settings.home_folder
    with connection.reader(home) as con:
        file_version.check_published(con)
        faults = warehouse_status.archive_faults(home)
        faults += release_seal.changed_files(home, warehouse_status.published_release(con).release, thorough=True)
        faults += warehouse_status.lost_artifacts(con, home)
        on_progress("checking the published tables")
        findings = check.run(con, thorough=True)
        again = rereading.reread(con, home, settings, on_progress)
    faults += again.faults
    faults += [
        f"check {f.name} fails ({f.description}): {f.violations}, such as {f.example}" for f in findings if f.failed
    ]
    left_out = [f"not read again: {message}" for message in again.left_out]
    left_out += [f"not checked: {f.name} ({f.description}): {f.left_out}" for f in findings if f.left_out]
    return Verification(faults, left_out, findings, again)
