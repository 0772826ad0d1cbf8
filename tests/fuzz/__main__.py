"""The long run: ``python -m tests.fuzz`` over the files made by hand and those of ../shared."""

import argparse
import os
import sys
import time

from tests.fuzz import campaign, specimens

_SEED = 14
#: Larger files take too long to be read hundreds of times, bytes.
_MOST = 128 * 1024


def main() -> int:
    """Run and print the counts; the status is 1 if something happened that must not."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--mutations", type=int, default=50_000, help="how many (default: %(default)s)")
    parser.add_argument("--first", type=int, default=0, help="the number to begin with, to go on with a run that ended")
    parser.add_argument("--minutes", type=float, default=600, help="end after so long and say where to go on")
    parser.add_argument("--seed", type=int, default=_SEED, help="the seed (default: %(default)s)")
    parser.add_argument(
        "--processes", type=int, default=os.cpu_count() or 1, help="how many at once (default: %(default)s)"
    )
    arguments = parser.parse_args()
    files = specimens.made() | specimens.of_publishers(_MOST)
    numbers = range(arguments.first, arguments.first + arguments.mutations)
    report, done, end = campaign.Report(), set[int](), time.monotonic() + 60 * arguments.minutes
    for mutated in campaign.run(files, numbers, arguments.seed, arguments.processes):
        report.count(mutated)
        done.add(mutated.number)
        if mutated in report.faults[-1:]:
            _say(f"{mutated}")
        if time.monotonic() > end:
            break
    _say(
        "",
        *report.table(),
        f"{len(files)} files, seed {arguments.seed}: {len(done):,} mutations, {len(report.faults)} faults",
    )
    if left := [number for number in numbers if number not in done]:
        _say(f"ended early; go on with --first {left[0]} --mutations {numbers[-1] - left[0] + 1}")
    return 1 if report.faults else 0


def _say(*lines: str) -> None:
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
