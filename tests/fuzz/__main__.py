"""The long run: ``python -m tests.fuzz --mutations 50000`` over the files made by hand and all small files of ../shared."""

import argparse
import sys
import tempfile
from pathlib import Path

from tasks.load.trial import trial
from tests.fuzz import specimens
from tests.fuzz.judging import Judge, run
from tests.support.paths import SHARED
from warehouse.connection import make_folders
from warehouse.settings import Home, Settings

#: Larger files take too long to be read thousands of times, bytes.
_MOST = 64 * 1024


def _files() -> dict[str, bytes]:
    found = specimens.made()
    for path in sorted(SHARED.rglob("*")) if SHARED.is_dir() else []:
        is_data = path.is_file() and path.suffix not in (".md", ".py", ".svg", ".png")
        if is_data and 0 < path.stat().st_size <= _MOST:
            found[f"{len(found)}_{path.name}"] = path.read_bytes()
    return found


def main() -> int:
    """Run and print the counts; the status is 1 if something happened that must not."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--mutations", type=int, default=50_000, help="how many (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=14, help="the seed (default: %(default)s)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        make_folders(home)
        with trial(Settings.model_construct(home=home.root, memory_limit="1GB", threads=1)) as reading:
            report = run(Judge(reading, Path(folder)), _files(), arguments.mutations, arguments.seed)
    sys.stdout.write("\n".join([*report.faults, *report.lines(), ""]))
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main())
