"""Reports of a build and of a pull for people: sentences for the terminal, and Markdown for a Prefect artifact."""

from dataclasses import dataclass, field

from tasks.archive import naming
from tasks.ask.warehouse_status import Freshness
from tasks.fetch.probe import Probed
from tasks.fetch.report import PullReport


@dataclass(frozen=True)
class FileReport:
    """How one archived file was loaded. ``fault`` says why it was not; ``rows_in`` to ``set_aside`` count rows, the others cells."""

    source: str
    filename: str
    artifact: str
    rows_in: int = 0
    accepted: int = 0
    quarantined: int = 0
    set_aside: int = 0
    new: int = 0
    revised: int = 0
    gone: int = 0
    unchanged: int = 0
    fault: str | None = None

    @property
    def fault_with_name(self) -> str:
        """Why the file was not loaded, with its name and, as others may have the same, the beginning of its hash. A fault from reading may name only the hash of the bytes."""
        fault = (self.fault or "").removeprefix(f"{self.artifact}: ")
        named = fault if self.filename in fault else f"{self.source}, {self.filename}: {fault}"
        return f"{named} [file {naming.short(self.artifact)}]"


@dataclass(frozen=True)
class BuildReport:
    """What a build did. ``release`` is None where nothing new was published.

    ``missing_rates`` says which published figures have no dollar amount for want of which rate; ``lost`` which
    figures are gone; ``left_out`` which years have no gravity model; ``check_errors`` which checks are violated that keep no release back.
    ``publish_fault`` says why no release could be made; what was loaded stays loaded.
    ``damaged`` says which archived files that were loaded are missing or have changed.
    """

    files: list[FileReport] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    unchanged_files: int = 0
    published: str = ""
    release: str | None = None
    missing_rates: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    check_errors: list[str] = field(default_factory=list)
    publish_fault: str | None = None
    damaged: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[FileReport]:
        """The files that were not loaded."""
        return [f for f in self.files if f.fault]

    @property
    def quarantined(self) -> int:
        """Rows quarantined in this build."""
        return sum(f.quarantined for f in self.files)

    @property
    def wrong(self) -> list[str]:
        """What keeps a build from ending well: files that were not loaded, archived files that are damaged, and checks that are violated."""
        return [f"not loaded: {f.fault_with_name}" for f in self.faults] + self.damaged + self.check_errors

    def total(self, name: str) -> int:
        """Sum of a count over all files."""
        return sum(int(getattr(f, name)) for f in self.files)

    def sentences(self) -> list[str]:
        """The report in sentences a person reads."""
        if self.files:
            loaded = (
                f"loaded {len(self.files) - len(self.faults)} files: {self.total('rows_in'):,} rows in, "
                f"{self.total('accepted'):,} accepted, {self.quarantined:,} quarantined, "
                f"{self.total('set_aside'):,} set aside; "
                f"{self.total('new'):,} new figures, {self.total('revised'):,} revised, {self.total('gone'):,} gone, "
                f"{self.total('unchanged'):,} unchanged"
            )
        else:
            loaded = "loaded nothing"
        sentences = [f"{loaded}; {self.unchanged_files} files were loaded before and are unchanged"]
        sentences += [f"withdrawn: {name} is no longer bundled" for name in self.withdrawn]
        sentences += [f"not loaded: {f.fault_with_name}" for f in self.faults]
        sentences.append(self._published_sentence())
        return (
            sentences
            + self.damaged
            + self.check_errors
            + self.missing_rates
            + [f"figures are gone: {text}" for text in self.lost]
            + self.left_out
        )

    def _published_sentence(self) -> str:
        if self.publish_fault:
            return f"published nothing new, and {self.published} is as it was: {self.publish_fault}"
        if self.release:
            return f"published release {self.release}: {self.published}"
        return f"published nothing new: {self.published} is up to date"

    def markdown(self) -> str:
        """The report as Markdown, with a table of files."""
        head = "| source | file | rows in | accepted | quarantined | set aside | new | revised | gone | unchanged |\n|---|---|--:|--:|--:|--:|--:|--:|--:|--:|\n"
        rows = "".join(
            f"| {f.source} | {f.filename} | {f.rows_in} | {f.accepted} | {f.quarantined} | {f.set_aside} | {f.new} | {f.revised} | {f.gone} | {f.unchanged} |\n"
            for f in self.files
        )
        return "\n".join(f"- {s}" for s in self.sentences()) + "\n\n" + (head + rows if self.files else "")


def pull_faults(reports: list[PullReport]) -> list[str]:
    """The messages of all faults of a pull, each once."""
    return list(dict.fromkeys(fault for report in reports for fault in report.faults))


def pull_markdown(reports: list[PullReport]) -> str:
    """The reports of a pull as Markdown: a list of sources, and a list of faults if there are any."""
    lines = [f"- {report.describe()}" for report in reports]
    faults = [f"- {fault}" for fault in pull_faults(reports)]
    return "\n".join([*lines, *(["", "Faults:", "", *faults] if faults else [])])


def probes_markdown(probed: list[Probed], fresh: list[Freshness]) -> str:
    """What services answered as Markdown, a line for each, those at fault first; then which sources are late or due."""
    ordered = sorted(probed, key=lambda one: (one.fault is None, one.source))
    lines = [f"- {'wrong: ' if one.fault else ''}{one.describe()}" for one in ordered] or ["- no service to ask"]
    if fresh:
        lines += ["", "| source | freshness | expected by |", "|---|---|---|"]
        lines += [f"| {one.source} | {one.state} | {one.expected_by} |" for one in fresh]
    return "\n".join(lines)
