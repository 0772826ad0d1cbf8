"""Break off the steps of a home folder and write down what comes of it: ``python -m tests.campaign.crash``."""

import argparse
import json
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from tests.campaign import crashes, homes
from tests.campaign.crashes import Trial
from tests.support import template
from tests.support.paths import CACHE, ROOT
from warehouse.settings import Settings

_SEED = 17
_PAGE = ROOT / "docs" / "reliability.md"
_BEGIN, _END = "<!-- table of crashes -->", "<!-- end of the table of crashes -->"


def main() -> int:
    """Do the trials that are not done yet and print the table; the status is 1 if a home was not as it should be."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaign.crash", description=__doc__)
    parser.add_argument("--seed", type=int, default=_SEED, help="the seed (default: %(default)s)")
    parser.add_argument("--trials", type=int, default=72, help="how many in all (default: %(default)s)")
    parser.add_argument("--minutes", type=float, default=600, help="end after so long; the next run goes on")
    parser.add_argument("--write", action="store_true", help="write the table to docs/reliability.md")
    arguments = parser.parse_args()
    kept = ROOT / "build" / f"crashes-{arguments.seed}.jsonl"
    kept.parent.mkdir(exist_ok=True)
    _try_further(kept, arguments.seed, arguments.trials, arguments.minutes)
    found = _found(kept)
    lines = list(crashes.page(found, arguments.seed))
    sys.stdout.write("\n".join(lines) + "\n")
    if arguments.write:
        text = _PAGE.read_text(encoding="utf-8")
        before, rest = text.split(_BEGIN)
        after = rest.split(_END)[1]
        _PAGE.write_text(f"{before}{_BEGIN}\n" + "\n".join(lines) + f"\n{_END}{after}", encoding="utf-8")
    return 1 if any(trial.wrong for trial in found) else 0


def _try_further(kept: Path, seed: int, trials: int, minutes: float) -> None:
    end, done = time.monotonic() + 60 * minutes, {trial.number for trial in _found(kept)}
    left = [number for number in range(trials) if number not in done]
    if not left:
        return
    settings = Settings.model_construct(memory_limit="1GB", threads=1)
    with kept.open("a", encoding="utf-8") as file, tempfile.TemporaryDirectory() as folder:
        bases = homes.make(Path(folder), template.warehouse_file(CACHE, settings))
        for trial in crashes.trials(bases, seed, left):
            file.write(json.dumps(asdict(trial)) + "\n")
            file.flush()
            if time.monotonic() > end:
                return


def _found(kept: Path) -> list[Trial]:
    lines = kept.read_text(encoding="utf-8").splitlines() if kept.exists() else []
    read = [json.loads(line) for line in lines]
    return sorted((Trial(**{**row, "wrong": tuple(row["wrong"])}) for row in read), key=lambda trial: trial.number)


if __name__ == "__main__":
    sys.exit(main())
