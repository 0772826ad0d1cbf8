"""Files from half a million to eleven million rows, each adopted, loaded and published by the commands: ``make bench-sizes``.

A cliff is a size that costs more than a larger one, or cannot be published at all. What counts is processor time and memory of
the whole command with all that it starts, under the settings that nobody changed; of several runs the least.
"""

import argparse
import itertools
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench import data, files, ours, report
from tests.bench.measure import WorkFailed
from tests.bench.plan import LAST_YEAR

MILLION = 1_000_000
SIZES = (0.5, 1, 2, 3, 4, 5, 6, 8, 11)
#: The name of these figures in bench.json.
KEY = "every size"
#: The page that shows them, between two lines.
PAGE, _BEGINS, _ENDS = "scale.md", "<!-- sizes: written by `make bench-sizes` -->\n", "<!-- end of sizes -->\n"
#: Two runs of one size differ by as much; a size is dearer than a larger one where it costs this much more.
NOISE = 1.05


@dataclass(frozen=True)
class Size:
    """What a size cost: processor seconds and peak bytes of ``entrepot adopt`` and of ``entrepot build``. ``fault`` is why it could not be published."""

    millions: float
    rows: int
    adopt_seconds: float = 0.0
    adopt_bytes: int = 0
    build_seconds: float = 0.0
    build_bytes: int = 0
    release_bytes: int = 0
    fault: str | None = None

    @property
    def seconds(self) -> float:
        """Processor seconds of both commands."""
        return self.adopt_seconds + self.build_seconds

    @property
    def peak_bytes(self) -> int:
        """Most memory at one time."""
        return max(self.adopt_bytes, self.build_bytes)


def main(argv: Sequence[str] | None = None) -> None:
    """Measure the sizes and write them to bench.json."""
    given = _parser().parse_args(argv)
    console = Console(width=140)
    with tempfile.TemporaryDirectory(prefix="entrepot-bench-", dir=given.work) as name:
        folder = Path(name)
        template = given.template or ours.make_template(folder / "template")
        sizes = [
            _least([size for _ in range(given.runs) for size in [_measure(folder, template, millions, console)]])
            for millions in given.sizes
        ]
    console.print(_table(sizes))
    report.keep(given.output, KEY, as_json(sizes, given.runs))
    write_page(given.output / PAGE, sizes)
    faults = [*(f"{s.millions:g} million rows: {s.fault}" for s in sizes if s.fault), *cliffs(sizes)]
    sys.exit("\n".join(faults) or None)


def _parser() -> argparse.ArgumentParser:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    arguments.add_argument("--sizes", type=float, nargs="+", default=list(SIZES), help="millions of rows")
    arguments.add_argument("--runs", type=int, default=1, help="runs of each size")
    arguments.add_argument("--work", type=Path, help="folder for the files it makes and removes")
    arguments.add_argument("--template", type=Path, help="a home folder that is built with what comes with the project")
    arguments.add_argument("--output", type=Path, default=Path("docs"), help="where bench.json is")
    return arguments


def _measure(folder: Path, template: Path, millions: float, console: Console) -> Size:
    year = data.write_year(folder / "files", LAST_YEAR, round(millions * MILLION))
    home = files.clone_home(template, folder / "home")
    try:
        adopted, built = ours.adopt(home, [year.path]), ours.build(home)
        size = Size(
            millions, year.rows, adopted.used, adopted.peak_bytes, built.used, built.peak_bytes, _release_bytes(home)
        )
    except WorkFailed as fault:
        size = Size(millions, year.rows, fault=str(fault))
    console.print(size, highlight=False)
    files.fresh(home)
    files.fresh(year.path)
    return size


def _release_bytes(home: Path) -> int:
    newest = max((home / "published" / "releases").iterdir())
    return sum(path.stat().st_size for path in newest.rglob("*") if path.is_file())


def _least(runs: list[Size]) -> Size:
    """The run that took the least time, with the least memory of all; a run that failed before any other."""
    failed = [run for run in runs if run.fault]
    best = min(runs, key=lambda run: run.seconds)
    return failed[0] if failed else Size(**{**asdict(best), "build_bytes": min(run.build_bytes for run in runs)})


def cliffs(sizes: Sequence[Size]) -> Iterator[str]:
    """The sizes that cost more than the next larger one, beyond what two runs of one size differ by."""
    for smaller, larger in itertools.pairwise(sizes):
        for what, of in (("processor seconds", "seconds"), ("bytes of memory", "peak_bytes")):
            if not (smaller.fault or larger.fault) and getattr(smaller, of) > NOISE * getattr(larger, of):
                yield (
                    f"{smaller.millions:g} million rows take {getattr(smaller, of):,.1f} {what}, "
                    f"{larger.millions:g} million {getattr(larger, of):,.1f}"
                )


def as_json(sizes: Sequence[Size], runs: int) -> dict[str, Any]:
    """As it goes into bench.json."""
    return {
        "asked": {"runs": runs, "noise": NOISE},
        "machine": report.machine(),
        "sizes": [asdict(size) for size in sizes],
        "cliffs": list(cliffs(sizes)),
    }


def page_table(sizes: Sequence[Size]) -> str:
    """The sizes as a table of a page, and the cliffs below it."""
    rows = [
        f"| {s.millions:g} | {s.seconds:.1f} | {s.peak_bytes / 1e9:.2f} | {s.release_bytes / 1e6:.0f} | {s.fault or 'published'} |"
        for s in sizes
    ]
    heads = ["| million rows | CPU seconds | peak memory, GB | release, MB | |", "|---:|---:|---:|---:|---|"]
    found = [f"\nDearer than the next larger size by more than {NOISE - 1:.0%}: {cliff}." for cliff in cliffs(sizes)]
    return "\n".join([*heads, *rows, *found]) + "\n"


def write_page(page: Path, sizes: Sequence[Size]) -> None:
    """Put the table into the page, where it is there."""
    if not page.exists():
        return
    before, _, rest = page.read_text(encoding="utf-8").partition(_BEGINS)
    _, _, after = rest.partition(_ENDS)
    page.write_text(f"{before}{_BEGINS}{page_table(sizes)}{_ENDS}{after}", encoding="utf-8")


def _table(sizes: Sequence[Size]) -> Table:
    table = Table(title="Adopted, loaded and published under the default settings")
    for heading in ("million rows", "adopt CPU s", "build CPU s", "peak GB", "release MB", ""):
        table.add_column(heading, justify="right")
    for size in sizes:
        table.add_row(
            f"{size.millions:g}", f"{size.adopt_seconds:.1f}", f"{size.build_seconds:.1f}", f"{size.peak_bytes / 1e9:.2f}",
            f"{size.release_bytes / 1e6:.0f}", size.fault or "published",
        )  # fmt: skip
    return table


if __name__ == "__main__":
    main()
