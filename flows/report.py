"""What a build or a pull did, in numbers, and how it is told: on the terminal and as a Prefect artifact."""

from dataclasses import dataclass, field

from tasks.fetch.pull import Pulled


@dataclass(frozen=True)
class FileReport:
    """What became of one archived file. ``fault`` says why it was not loaded; counts are rows or cells."""

    source: str
    filename: str
    artifact: str
    rows_in: int = 0
    accepted: int = 0
    quarantined: int = 0
    new: int = 0
    revised: int = 0
    gone: int = 0
    unchanged: int = 0
    fault: str | None = None

    @property
    def told_fault(self) -> str:
        """Why it was not loaded, with its own name: a fault found while reading may know but that of the bytes."""
        fault = (self.fault or "").removeprefix(f"{self.artifact}: ")
        return fault if self.filename in fault else f"{self.source}, {self.filename}: {fault}"


@dataclass(frozen=True)
class BuildReport:
    """What a build did. ``release`` is None where nothing new was published."""

    files: list[FileReport] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    unchanged_files: int = 0
    release: str | None = None
    published: str = ""

    @property
    def faults(self) -> list[FileReport]:
        """The files that were not loaded."""
        return [f for f in self.files if f.fault]

    @property
    def quarantined(self) -> int:
        """Rows quarantined in this build."""
        return sum(f.quarantined for f in self.files)

    def total(self, name: str) -> int:
        """Sum of a count over all files."""
        return sum(int(getattr(f, name)) for f in self.files)

    def sentences(self) -> list[str]:
        """The report in sentences a person reads."""
        if self.files:
            loaded = (
                f"loaded {len(self.files) - len(self.faults)} files: {self.total('rows_in'):,} rows in, "
                f"{self.total('accepted'):,} accepted, {self.quarantined:,} quarantined; "
                f"{self.total('new'):,} new figures, {self.total('revised'):,} revised, {self.total('gone'):,} gone, "
                f"{self.total('unchanged'):,} unchanged"
            )
        else:
            loaded = "loaded nothing"
        told = [f"{loaded}; {self.unchanged_files} files were loaded before and are unchanged"]
        told += [f"withdrawn: {name} is no longer bundled" for name in self.withdrawn]
        told += [f"not loaded: {f.told_fault}" for f in self.faults]
        told.append(
            f"published release {self.release}: {self.published}"
            if self.release
            else f"published nothing new: {self.published} is up to date"
        )
        return told

    def markdown(self) -> str:
        """The report as Markdown, with a table of files."""
        head = "| source | file | rows in | accepted | quarantined | new | revised | gone | unchanged |\n|---|---|--:|--:|--:|--:|--:|--:|--:|\n"
        rows = "".join(
            f"| {f.source} | {f.filename} | {f.rows_in} | {f.accepted} | {f.quarantined} | {f.new} | {f.revised} | {f.gone} | {f.unchanged} |\n"
            for f in self.files
        )
        return "\n".join(f"- {s}" for s in self.sentences()) + "\n\n" + (head + rows if self.files else "")


def pulled_sentence(pulled: Pulled) -> str:
    """What a pull of one source brought, in a sentence; its faults are told apart."""
    went_on = f", from request {pulled.went_on_at} on" if pulled.went_on_at else ""
    left = f"; {pulled.left:,} requests are left" if pulled.left is not None else ""
    return (
        f"{pulled.source}: {pulled.done:,} of {pulled.total:,} requests done{went_on}; {pulled.rows:,} rows, "
        f"{pulled.new_files:,} new files, {pulled.unchanged:,} answers unchanged{left}"
    )


def pulled_faults(reports: list[Pulled]) -> list[str]:
    """What went wrong in a pull, each fault once."""
    return list(dict.fromkeys(told for r in reports for told in (*r.failed, r.fault) if told))


def pulled_markdown(reports: list[Pulled]) -> str:
    """What a pull brought, as Markdown."""
    lines, faults = [f"- {pulled_sentence(pulled)}" for pulled in reports], pulled_faults(reports)
    return "\n".join([*lines, *(["", "Faults:", "", *(f"- {told}" for told in faults)] if faults else [])])
